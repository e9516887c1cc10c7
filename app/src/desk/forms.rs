//! What can be written on paper: a sheet for each thing that a consultation takes, now or later, and for each poll
//! and survey that is not over.

use std::sync::Arc;

use domain::phases::{Form, Intake};
use domain::records::{Community, Consultation, Open, PublishedText, Record};
use domain::time::Millis;
use leptos::prelude::*;

use super::print::head;
use crate::offline::Held;
use crate::ui::{dates, words};
use crate::{polls, surveys, texts, w};

fn lines(count: usize) -> Vec<AnyView> {
    (0..count).map(|_| view! { <div class="paper-line"></div> }.into_any()).collect()
}

fn asked(question: String, inside: AnyView) -> AnyView {
    view! { <div class="paper-question"><h3>{question}</h3>{inside}</div> }.into_any()
}

fn written(question: String, count: usize) -> AnyView {
    asked(question, lines(count).into_any())
}

fn boxes(of: impl IntoIterator<Item = String>) -> Vec<AnyView> {
    of.into_iter().map(|text| view! { <li class="paper-box" dir="auto">{text}</li> }.into_any()).collect()
}

/// Every sheet, each on a page of its own.
pub fn draw(lists: &Community, it: &Consultation, all: &[Arc<Held>], now: Millis) -> AnyView {
    let takes = |form: Form| matches!(it.intake_of(form, now), Intake::Open | Intake::NotYet(_));
    let mut sheets: Vec<AnyView> = Vec::new();
    if takes(Form::Proposals) {
        sheets.push(entered(
            lists,
            it,
            w!(desk_enter_propose),
            it.closes_for(Form::Proposals),
            proposal(lists),
        ));
    }
    if takes(Form::Comments) {
        let until = it.closes_for(Form::Comments);
        sheets.push(entered(lists, it, w!(comment_form), until, comment()));
    }
    if takes(Form::Support) {
        let until = it.closes_for(Form::Support);
        let which = written(w!(desk_print_form_supported), 4);
        sheets.push(entered(lists, it, w!(desk_print_form_support), until, which));
    }
    let texts = texts::state::texts(all);
    if takes(Form::Amendments) && !texts.is_empty() {
        let until = it.closes_for(Form::Amendments);
        sheets.push(entered(lists, it, w!(desk_enter_amend), until, amendment(&texts)));
    }
    sheets.extend(all.iter().filter_map(|held| of_record(lists, &held.record, now)));
    if sheets.is_empty() {
        let none = view! { {head(lists, words::say(&it.title))} <p>{w!(desk_print_form_none)}</p> };
        return none.into_any();
    }
    let pages = sheets.into_iter().enumerate().map(|(at, sheet)| {
        let class = if at == 0 { "stack" } else { "stack sheets-next" };
        view! { <div class=class>{sheet}</div> }.into_any()
    });
    pages.collect::<Vec<AnyView>>().into_any()
}

/// What the office enters for somebody: until when, whose it is, and that they agree.
fn entered(lists: &Community, it: &Consultation, what: String, until: Millis, inside: AnyView) -> AnyView {
    let place = lists.place.name.to_string();
    view! {
        {head(lists, words::say(&it.title))}
        <p><strong>{what}</strong>". "{w!(desk_print_form_until, date = dates::day(until))}</p>
        {inside}
        <div class="paper-question">
            <h3>{w!(desk_print_form_name)}</h3>
            <p class="small">{w!(desk_print_form_consent, community = place)}</p>
            {lines(1)}
        </div>
    }
    .into_any()
}

fn proposal(lists: &Community) -> AnyView {
    let subjects = boxes(lists.subjects.iter().map(|it| words::say(&it.short)));
    view! {
        {written(w!(propose_sentence_label), 2)}
        {written(w!(propose_explain_label), 8)}
        {asked(w!(propose_subject_label), view! { <ul class="paper paper-two">{subjects}</ul> }.into_any())}
    }
    .into_any()
}

fn comment() -> AnyView {
    let sides = boxes([w!(comment_for), w!(comment_against), w!(comment_neutral)]);
    view! {
        {written(w!(desk_print_form_which), 2)}
        {asked(w!(comment_stance), view! { <ul class="paper paper-across">{sides}</ul> }.into_any())}
        {written(w!(comment_text), 10)}
    }
    .into_any()
}

fn amendment(texts: &[PublishedText]) -> AnyView {
    let titles = boxes(texts.iter().map(|it| words::say(&it.title)));
    let goes = boxes([w!(amend_goes_tag)]);
    view! {
        {asked(w!(text_section), view! { <ul class="paper">{titles}</ul> }.into_any())}
        {written(w!(desk_print_form_paragraph), 1)}
        {asked(w!(amend_wording), view! { {lines(8)} <ul class="paper">{goes}</ul> }.into_any())}
        {written(w!(amend_reason), 3)}
    }
    .into_any()
}

/// A poll or a survey, as long as it is not over.
fn of_record(lists: &Community, record: &Record, now: Millis) -> Option<AnyView> {
    let sheet = |title: String, open: Open, inside: AnyView| {
        let until = w!(survey_paper_until, date = dates::moment(open.until));
        view! { {head(lists, title)} <p>{until}</p> {inside} }.into_any()
    };
    match record {
        Record::Questionnaire(it) if now < it.open.until => {
            let questions = surveys::sheet(&it.survey.read().ok()?);
            let inside = view! { {questions} <p class="small">{w!(survey_paper_privacy)}</p> };
            Some(sheet(words::say(&it.title), it.open, inside.into_any()))
        }
        Record::Poll(it) if now < it.open.until => {
            Some(sheet(words::say(&it.question), it.open, polls::sheet(it)))
        }
        _ => None,
    }
}
