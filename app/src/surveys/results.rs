//! The results of a survey, as far as they single nobody out.

use domain::ids::ChoiceId;
use domain::surveys::{Asks, Cell, Choice, Count, Part, Question, Results, Survey, Table, What, few};
use leptos::prelude::*;

use crate::ui::{App, dates, parts, words};
use crate::{communities, polls, w};

/// The section.
pub fn results(app: App, survey: &Survey, told: &Results) -> AnyView {
    let respondents = match told.respondents {
        Count::Exactly(count) => w!(survey_respondents, count = number(count)),
        _ => w!(survey_respondents_few),
    };
    let tables = if told.parts.is_empty() { alone(survey, told) } else { shared(app, survey, told) };
    // Of few respondents nothing is broken down, by their ways neither; those of each community are told with it.
    let told_alone = told.parts.is_empty() && (!tables.is_empty() || told.channels.is_some());
    let ways = told_alone.then(|| polls::channels(told.channels));
    let each = (!told.parts.is_empty()).then(|| view! { {w!(survey_parts_help)} " " });
    let nothing = tables.is_empty().then(|| view! { <p>{w!(survey_no_tables)}</p> });
    view! {
        <section class="stack" aria-labelledby="results">
            <h2 id="results">{w!(poll_result)}</h2>
            <p>{respondents}</p>
            {ways.map(|ways| view! { <p class="small soft">{ways}</p> })}
            {nothing}
            {tables}
            <p class="small soft">{each} {w!(survey_disclosure)}</p>
        </section>
    }
    .into_any()
}

fn number(count: u32) -> String {
    dates::number(f64::from(count))
}

/// The tables of one community, or of all together.
fn alone(survey: &Survey, told: &Results) -> Vec<AnyView> {
    let draw = |table: &Table| {
        let question = survey.question(&table.question)?;
        let row = |cell: &Cell| (name(question, &cell.what), said(question, table, cell), None);
        Some(draw(question, table.row.as_ref(), table.cells.iter().map(row)))
    };
    told.tables.iter().filter_map(draw).collect()
}

/// The tables of several communities: what can be added up, with each one's under it; first, how many answered in each.
fn shared(app: App, survey: &Survey, told: &Results) -> Vec<AnyView> {
    let names: Vec<String> = told.parts.iter().map(|part| communities::name(app, &part.community)).collect();
    let each = |(part, community): (&Part, &String)| {
        let count = match part.results.respondents {
            Count::Exactly(count) => number(count),
            Count::Few | Count::Most => w!(survey_respondents_few),
        };
        let ways = polls::channels(part.results.channels);
        view! { <p class="small"><strong>{words::named(community, &count)}</strong>" · "{ways}</p> }
            .into_any()
    };
    let mut all: Vec<AnyView> = told.parts.iter().zip(&names).map(each).collect();
    for question in survey.questions() {
        for row in tables_of(told, question) {
            let of = |part: &Part| {
                let same = |table: &&Table| table.question == question.id && table.row == row;
                part.results.tables.iter().find(same).cloned()
            };
            let tables: Vec<Option<Table>> = told.parts.iter().map(of).collect();
            let mut whats: Vec<What> = Vec::new();
            for cell in tables.iter().flatten().flat_map(|table| &table.cells) {
                if !whats.contains(&cell.what) {
                    whats.push(cell.what.clone());
                }
            }
            if matches!(question.asks, Asks::Date(_)) {
                whats.sort();
            }
            let line = |what: &What| {
                let count = |table: &Option<Table>| {
                    let table = table.as_ref()?;
                    Some(said(question, table, table.cells.iter().find(|cell| cell.what == *what)?))
                };
                let untold = || w!(survey_not_told);
                let each = tables
                    .iter()
                    .zip(&names)
                    .map(|(table, community)| words::named(community, &count(table).unwrap_or_else(untold)));
                let each: Vec<String> = each.collect();
                let together = told.together(&question.id, row.as_ref(), what);
                (name(question, what), together.map_or_else(untold, number), Some(each.join(" · ")))
            };
            all.push(draw(question, row.as_ref(), whats.iter().map(line)));
        }
    }
    all
}

/// The tables that a question has in any part: one, or one of each row of a matrix.
fn tables_of(told: &Results, question: &Question) -> Vec<Option<ChoiceId>> {
    let mut rows = Vec::new();
    let tables = told.parts.iter().flat_map(|part| &part.results.tables);
    for table in tables.filter(|table| table.question == question.id) {
        if !rows.contains(&table.row) {
            rows.push(table.row.clone());
        }
    }
    rows
}

/// A count in words.
fn said(question: &Question, table: &Table, cell: &Cell) -> String {
    match cell.count {
        Count::Exactly(count) => number(count),
        Count::Few => w!(survey_few, count = number(few(table.asked) + 1)),
        Count::Most => match table.most_between(&question.asks) {
            Some((low, high)) if low != high => w!(survey_between, low = number(low), high = number(high)),
            Some((low, _)) => number(low),
            None => w!(survey_most),
        },
    }
}

/// A table: for each thing that is counted its name, how many, and of whom.
fn draw(
    question: &Question,
    row: Option<&ChoiceId>,
    lines: impl Iterator<Item = (String, String, Option<String>)>,
) -> AnyView {
    let row = row.map(|row| [words::colon(), &choice(question, row)].concat());
    let line = |(name, count, note): (String, String, Option<String>)| {
        let note = note.map(|note| view! { <span class="table-note">{note}</span> });
        view! { <tr><th scope="row" dir="auto">{name}</th><td class="number">{count}{note}</td></tr> }
            .into_any()
    };
    let rows: Vec<AnyView> = lines.map(line).collect();
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
