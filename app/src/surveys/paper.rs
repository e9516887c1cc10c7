//! The same survey on paper: every question, with boxes to tick and lines to write on.

use domain::records::Questionnaire;
use domain::surveys::{Asks, Choice, Question, Survey};
use leptos::prelude::*;

use crate::ui::{dates, parts, words};
use crate::w;

/// The sheet.
pub fn paper(it: &Questionnaire, survey: &Survey, name: &str) -> AnyView {
    let pages: Vec<AnyView> = survey
        .pages
        .iter()
        .map(|page| {
            let title = page.title.as_ref().map(|title| view! { <h2>{words::say(title)}</h2> });
            let questions: Vec<AnyView> = page.questions.iter().map(question).collect();
            view! { <section class="stack">{title}{questions}</section> }.into_any()
        })
        .collect();
    view! {
        {parts::head(Some(name.to_owned().into_any()), words::say(&it.title), None)}
        <p>{w!(survey_paper_until, date = dates::moment(it.open.until))}</p>
        {pages}
    }
    .into_any()
}

fn boxes(choices: &[Choice]) -> Vec<AnyView> {
    choices
        .iter()
        .map(|choice| view! { <li class="paper-box">{words::say(&choice.label)}</li> }.into_any())
        .collect()
}

fn question(it: &Question) -> AnyView {
    let inside = match &it.asks {
        Asks::OneChoice(asked) => view! { <ul class="paper">{boxes(&asked.choices)}</ul> }.into_any(),
        Asks::Several(asked) => view! { <ul class="paper">{boxes(&asked.choices)}</ul> }.into_any(),
        Asks::Ranking(asked) => {
            view! { <p class="small">{w!(survey_paper_rank)}</p><ul class="paper">{boxes(&asked.choices)}</ul> }.into_any()
        }
        Asks::Scale(asked) => {
            let points: Vec<AnyView> = (asked.from..=asked.to)
                .map(|point| view! { <li class="paper-box">{point.to_string()}</li> }.into_any())
                .collect();
            let ends = format!("{} : {} · {} : {}", asked.from, words::say(&asked.low), asked.to, words::say(&asked.high));
            view! { <p class="small">{ends}</p><ul class="paper paper-across">{points}</ul> }.into_any()
        }
        Asks::Matrix(asked) => matrix(&asked.rows, &asked.columns),
        Asks::LongText => view! { <div class="paper-lines"></div> }.into_any(),
        Asks::ShortText | Asks::Number(_) | Asks::Date(_) | Asks::Photos(_) => {
            view! { <div class="paper-line"></div> }.into_any()
        }
    };
    let hint = it.hint.as_ref().map(|hint| view! { <p class="small soft">{words::say(hint)}</p> });
    view! { <div class="paper-question"><h3>{words::say(&it.label)}</h3>{hint}{inside}</div> }.into_any()
}

fn matrix(rows: &[Choice], columns: &[Choice]) -> AnyView {
    let heads: Vec<AnyView> = columns
        .iter()
        .map(|column| view! { <th scope="col">{words::say(&column.label)}</th> }.into_any())
        .collect();
    let rows: Vec<AnyView> = rows
        .iter()
        .map(|row| {
            let cells: Vec<AnyView> =
                columns.iter().map(|_| view! { <td class="paper-box"></td> }.into_any()).collect();
            view! { <tr><th scope="row">{words::say(&row.label)}</th>{cells}</tr> }.into_any()
        })
        .collect();
    view! { <table class="table"><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table> }
        .into_any()
}
