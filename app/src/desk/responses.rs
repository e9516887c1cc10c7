//! What people answered to a survey, as the office reads it: question by question, without a name.

use domain::ids::RecordId;
use domain::records::{Consultation, Questionnaire, Record};
use domain::scopes::Scope;
use domain::surveys::{Answers, Choice};
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::responses::{Said, said};
use super::within;
use crate::ui::live::live;
use crate::ui::{App, parts, photo, words};
use crate::{n, w};

/// The page.
pub fn page(app: App, id: RecordId, survey: RecordId) -> AnyView {
    let of = move |app, desk, it: &Consultation| draw(app, desk, it, survey);
    within::page(app, id, || w!(desk_responses_title), of)
}

fn draw(app: App, desk: Desk, it: &Consultation, survey: RecordId) -> AnyView {
    desk.follow_also(app, it.id);
    let asked = app.records(&Scope::Consultation(desk.community(), it.id));
    let answered = app.records(&Scope::Desk(desk.community()));
    let body = live(move || {
        let asked = asked.with(|all| {
            all.iter().find_map(|held| match &held.record {
                Record::Questionnaire(it) if it.id == survey => Some(it.clone()),
                _ => None,
            })
        });
        let responses: Vec<Answers> = answered.with(|all| {
            let one = |record: &Record| match record {
                Record::SurveyResponse(it) if it.survey == survey => it.answers.read().ok(),
                _ => None,
            };
            all.iter().filter_map(|held| one(&held.record)).collect()
        });
        Some(told(app, &asked?, &responses))
    });
    let head = within::opening(app, w!(desk_responses_title), it);
    view! { {head} {body} }.into_any()
}

fn told(app: App, asked: &Questionnaire, responses: &[Answers]) -> AnyView {
    let Ok(survey) = asked.survey.read() else { return ().into_any() };
    let count = n!(responses.len(), desk_responses_a, desk_responses_s);
    let questions: Vec<AnyView> = said(&survey, responses).iter().map(|said| question(app, said)).collect();
    view! {
        <section class="stack">
            <h2>{parts::said(&asked.title)}</h2>
            <p><strong>{count}</strong></p>
            <p class="soft">{w!(desk_responses_help)}</p>
        </section>
        {(!responses.is_empty()).then_some(questions)}
    }
    .into_any()
}

fn question(app: App, said: &Said<'_>) -> AnyView {
    let table = |class: &'static str, caption: String, rows: &[(&Choice, usize)]| {
        let rows: Vec<AnyView> = rows
            .iter()
            .map(|(choice, count)| {
                view! {
                    <tr><th scope="row" dir="auto">{words::say(&choice.label)}</th><td class="number">{count.to_string()}</td></tr>
                }
                .into_any()
            })
            .collect();
        view! { <div class="table-wide"><table class="table"><caption class=class>{caption}</caption><tbody>{rows}</tbody></table></div> }
            .into_any()
    };
    let label = words::say(&said.question.label);
    let chosen = (!said.chosen.is_empty()).then(|| table("visually-hidden", label.clone(), &said.chosen));
    let rows: Vec<AnyView> =
        said.rows.iter().map(|(row, columns)| table("", words::say(&row.label), columns)).collect();
    let quotes: Vec<AnyView> =
        said.words.iter().map(|text| parts::words_of("person", text.clone(), None)).collect();
    view! {
        <section class="stack-s">
            <h3 dir="auto">{label}</h3>
            <p class="small soft">{n!(said.answered, desk_responses_a, desk_responses_s)}</p>
            {chosen}
            {rows}
            {quotes}
            {photo::list(app, said.photos.clone())}
        </section>
    }
    .into_any()
}
