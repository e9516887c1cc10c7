//! What the form that opens a consultation asks, step by step.

use domain::phases::Form;
use leptos::prelude::*;

use super::acts::graces;
use super::inbox::Desk;
use super::open::{SUMMARY, TITLE, Typed, USE, WHO, promise};
use super::state::opening;
use super::two::Two;
use super::{inputs, phases, sharing};
use crate::ui::field::{Errors, choices};
use crate::ui::live::{live, shared};
use crate::ui::{App, parts};
use crate::{n, w};

/// What is asked.
pub fn asks(typed: &Typed, errors: Errors) -> AnyView {
    view! {
        {typed.titles.draw(TITLE, errors)}
        <div class="stack-s">
            <p class="soft">{w!(desk_open_summary_hint)}</p>
            {typed.summaries.draw(SUMMARY, errors)}
            {reading(&typed.summaries)}
        </div>
    }
    .into_any()
}

/// Who decides, what people may do, and with whom it is held.
pub fn people(app: App, desk: Desk, typed: &Typed, errors: Errors) -> AnyView {
    view! {
        {typed.decided_by.draw(WHO, errors)}
        {typed.used_for.draw(USE, errors)}
        {takes(typed, errors)}
        {sharing::invite(app, desk, typed.shared_with)}
    }
    .into_any()
}

/// From when until when, and the day of the answer.
pub fn dates_of(typed: &Typed, errors: Errors) -> AnyView {
    view! {
        {phases::section(typed, errors)}
        {choices("grace", w!(desk_open_grace_label), String::new(), true, graces(), typed.grace, errors)}
        {promise(typed.promise, errors)}
    }
    .into_any()
}

/// How long each summary takes to read.
fn reading(two: &Two) -> AnyView {
    let lines: Vec<AnyView> = two
        .langs
        .iter()
        .zip(&two.texts)
        .map(|(lang, text)| {
            let (english, text) = (lang.as_str() == "en", *text);
            live(move || {
                let (minutes, long) = text.with(|text| opening::reading(text))?;
                let time = n!(minutes, desk_open_reading_a, desk_open_reading_s);
                let label = if english { w!(desk_english) } else { w!(desk_french) };
                let long = long.then(|| parts::tag("warn", w!(desk_open_long)));
                Some(view! { <p class="small soft">{label}{crate::ui::words::colon()}{time} " " {long}</p> })
            })
        })
        .collect();
    view! { <div role="status">{lines}</div> }.into_any()
}

/// For the id of a box and the name of what is kept.
pub fn take_id(form: Form) -> &'static str {
    match form {
        Form::Proposals => "takes",
        Form::Comments => "takes-comments",
        Form::Support => "takes-support",
        Form::Amendments => "takes-amendments",
    }
}

/// What people may do.
fn takes(typed: &Typed, errors: Errors) -> AnyView {
    let boxes: Vec<AnyView> = typed
        .takes
        .iter()
        .map(|(form, text)| {
            let (form, text) = (*form, *text);
            let (label, hint) = match form {
                Form::Proposals => (w!(desk_open_takes_proposals), w!(desk_open_takes_proposals_hint)),
                Form::Comments => (w!(desk_open_takes_comments), w!(desk_open_takes_comments_hint)),
                Form::Support => (w!(desk_open_takes_support), w!(desk_open_takes_support_hint)),
                Form::Amendments => (w!(desk_open_takes_amendments), w!(desk_open_takes_amendments_hint)),
            };
            inputs::tick(take_id(form), label, hint, text)
        })
        .collect();
    let wrong = move || crate::ui::field::error_of(errors, "takes");
    let bad = shared(move || if wrong().is_some() { "field field-bad" } else { "field" });
    view! {
        <fieldset class=bad>
            <legend class="field-label">{w!(desk_open_takes)}</legend>
            {move || wrong().map(|text| view! { <p class="field-error">{text}</p> })}
            <div class="choices choices-rows">{boxes}</div>
        </fieldset>
    }
    .into_any()
}
