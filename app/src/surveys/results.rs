//! The results of a survey, as far as they single nobody out.

use domain::ids::ChoiceId;
use domain::surveys::{Asks, Choice, Count, Question, Results, Survey, Table, What, few};
use leptos::prelude::*;

use crate::ui::{dates, parts, words};
use crate::{polls, w};

/// The section.
pub fn results(survey: &Survey, told: &Results) -> AnyView {
    let respondents = match told.respondents {
        Count::Exactly(count) => w!(survey_respondents, count = number(count)),
        _ => w!(survey_respondents_few),
    };
    let tables: Vec<AnyView> = told
        .tables
        .iter()
        .filter_map(|table| {
            let question = survey.question(&table.question)?;
            Some(draw(question, table))
        })
        .collect();
    // Of few respondents nothing is broken down, by their ways neither.
    let ways = (!tables.is_empty() || told.channels.is_some()).then(|| polls::channels(told.channels));
    let nothing = tables.is_empty().then(|| view! { <p>{w!(survey_no_tables)}</p> });
    view! {
        <section class="stack" aria-labelledby="results">
            <h2 id="results">{w!(poll_result)}</h2>
            <p>{respondents}</p>
            {ways.map(|ways| view! { <p class="small soft">{ways}</p> })}
            {nothing}
            {tables}
            <p class="small soft">{w!(survey_disclosure)}</p>
        </section>
    }
    .into_any()
}

fn number(count: u32) -> String {
    dates::number(f64::from(count))
}

fn draw(question: &Question, table: &Table) -> AnyView {
    let row = table.row.as_ref().map(|row| [words::colon(), &choice(question, row)].concat());
    let rows: Vec<AnyView> = table
        .cells
        .iter()
        .map(|cell| {
            let count = match cell.count {
                Count::Exactly(count) => number(count),
                Count::Few => w!(survey_few, count = number(few(table.asked) + 1)),
                Count::Most => match table.most_between(&question.asks) {
                    Some((low, high)) if low != high => {
                        w!(survey_between, low = number(low), high = number(high))
                    }
                    Some((low, _)) => number(low),
                    None => w!(survey_most),
                },
            };
            view! {
                <tr><th scope="row" dir="auto">{name(question, &cell.what)}</th><td class="number">{count}</td></tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="table-wide"><table class="table">
            <caption>{parts::said(&question.label)}{row}</caption>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}

/// Every choice that a question knows.
fn choices(asks: &Asks) -> Vec<&Choice> {
    match asks {
        Asks::OneChoice(asked) => asked.choices.iter().collect(),
        Asks::Several(asked) => asked.choices.iter().collect(),
        Asks::Ranking(asked) => asked.choices.iter().collect(),
        Asks::Matrix(asked) => asked.rows.iter().chain(&asked.columns).collect(),
        _ => Vec::new(),
    }
}

fn choice(question: &Question, id: &ChoiceId) -> String {
    let known = choices(&question.asks).into_iter().find(|choice| choice.id == *id);
    known.map_or_else(|| id.to_string(), |choice| words::say(&choice.label))
}

fn name(question: &Question, what: &What) -> String {
    match what {
        What::NoAnswer => w!(survey_no_answer),
        What::Other => w!(survey_own),
        What::Choice(id) => choice(question, id),
        What::Point(point) => point.to_string(),
        What::Band(band) => format!("{} – {}", band.from, band.to),
        What::Month(month) => month.to_string(),
    }
}
