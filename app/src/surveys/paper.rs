//! The same survey on paper: every question, with boxes to tick and lines to write on.

use domain::ids::ChoiceId;
use domain::records::{Place, Questionnaire};
use domain::surveys::{Asks, Choice, Clause, Condition, Page, Question, Survey, Test};
use leptos::prelude::*;

use super::question::ends;
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, shell, words};
use crate::w;

/// The sheet.
pub fn paper(app: App, place: &Place, it: Questionnaire) -> AnyView {
    let Ok(survey) = it.survey.read() else { return shell::unread(app) };
    let intro = survey.intro.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let back = app.link(&Route::Survey(place.slug.clone(), it.consultation, it.id));
    view! {
        {parts::head(Some(parts::link("", back, place.name.to_string())), words::say(&it.title), None)}
        <section class="stack">
            {intro}
            <p>{w!(survey_paper_until, date = dates::moment(it.open.until))}</p>
            <p class="actions">{parts::print("btn")}</p>
        </section>
        {sheet(&survey)}
        <p class="small">{w!(survey_paper_privacy)}</p>
    }
    .into_any()
}

fn boxes(choices: &[Choice]) -> Vec<AnyView> {
    choices
        .iter()
        .map(|choice| view! { <li class="paper-box">{words::say(&choice.label)}</li> }.into_any())
        .collect()
}

/// Its questions, page by page.
pub fn sheet(survey: &Survey) -> Vec<AnyView> {
    let page = |page: &Page| {
        let title = page.title.as_ref().map(|title| view! { <h2 dir="auto">{words::say(title)}</h2> });
        let questions: Vec<AnyView> = page.questions.iter().map(|it| question(survey, it)).collect();
        view! { <section class="stack">{title}{questions}</section> }.into_any()
    };
    survey.pages.iter().map(page).collect()
}

fn question(survey: &Survey, it: &Question) -> AnyView {
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
            view! { <p class="small">{ends(asked)}</p><ul class="paper paper-across">{points}</ul> }.into_any()
        }
        Asks::Matrix(asked) => matrix(&asked.rows, &asked.columns),
        Asks::LongText => view! { <div class="paper-lines"></div> }.into_any(),
        Asks::Photos(_) => view! { <p>{w!(survey_photos_paper)}</p> }.into_any(),
        Asks::ShortText | Asks::Number(_) | Asks::Date(_) => {
            view! { <div class="paper-line"></div> }.into_any()
        }
    };
    let hint = it.hint.as_ref().map(|hint| view! { <p class="small soft">{words::say(hint)}</p> });
    let only_if = it.relevant.as_ref().map(|it| view! { <p class="small">{only_if(survey, it)}</p> });
    view! { <div class="paper-question"><h3 dir="auto">{words::say(&it.label)}</h3>{only_if}{hint}{inside}</div> }.into_any()
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

/// Whom a question concerns, as the screen would find out by itself.
pub fn only_if(survey: &Survey, condition: &Condition) -> String {
    let clauses: Vec<String> = condition.clauses().iter().filter_map(|it| clause(survey, it)).collect();
    let joined = match condition {
        Condition::All(_) => clauses.join(&w!(survey_paper_and)),
        Condition::Any(_) => clauses.join(&w!(survey_paper_or)),
    };
    w!(survey_paper_only_if, condition = joined)
}

fn clause(survey: &Survey, it: &Clause) -> Option<String> {
    let asked = survey.question(&it.question)?;
    let choices: &[Choice] = match &asked.asks {
        Asks::OneChoice(it) => &it.choices,
        Asks::Several(it) => &it.choices,
        _ => &[],
    };
    let named = |id: &ChoiceId| choices.iter().find(|it| it.id == *id).map(|it| words::say(&it.label));
    let question = words::say(&asked.label);
    Some(match &it.test {
        Test::Answered => w!(survey_paper_answered, question = question),
        Test::Is(id) => w!(survey_paper_is, question = question, answer = named(id)?),
        Test::IsNot(id) => w!(survey_paper_is_not, question = question, answer = named(id)?),
        Test::AtLeast(least) => {
            w!(survey_paper_at_least, question = question, answer = least.to_string())
        }
    })
}
