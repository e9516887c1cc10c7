//! The page of a poll: what is asked, the ballot while it is open, the totals once they are told.

use domain::ids::RecordId;
use domain::records::{Place, Poll, Record};
use domain::tallies::Method;
use leptos::prelude::*;

use super::state::{When, when};
use super::{ballot, result};
use crate::ui::{App, asked, parts, shell, words};
use crate::w;

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    asked::of(app, (slug, consultation, id), find, |it| words::say(&it.question), draw)
}

/// How it is counted, in one sentence.
pub fn method(method: Method) -> String {
    match method {
        Method::Plurality => w!(poll_method_plurality),
        Method::Approval => w!(poll_method_approval),
        Method::MajorityJudgment => w!(poll_method_judgment),
        Method::Schulze => w!(poll_method_schulze),
    }
}

fn find(record: &Record, id: RecordId) -> Option<&Poll> {
    match record {
        Record::Poll(it) if it.id == id => Some(it),
        _ => None,
    }
}

fn draw(app: App, place: &Place, it: Poll) -> AnyView {
    let when = when(it.open, app.device().server_now());
    let (tone, label) = match when {
        When::Soon => ("", w!(consultation_soon_tag)),
        When::Now => ("act", w!(poll_tag)),
        When::Over => ("", w!(consultation_closed_tag)),
    };
    let date = asked::date_of(it.open, when);
    let below = view! { <p class="meta">{parts::tag(tone, label)}<span>{date}</span></p> };
    let text = it.text.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let body = match (when, &it.result) {
        (_, Some(told)) => told.read().map_or_else(|_| shell::unread(app), |told| result::result(app, &it, &told)),
        (When::Over, None) => view! { <p class="soft">{w!(poll_not_counted)}</p> }.into_any(),
        (When::Soon, None) => ().into_any(),
        (When::Now, None) => view! { {asked::mine(app, it.id, || w!(poll_kept), || w!(poll_received))} {ballot::ballot(app, place, it.clone())} }.into_any(),
    };
    view! {
        {parts::head(Some(asked::back(app, place, it.consultation)), words::say(&it.question), Some(below.into_any()))}
        <section class="stack">
            {text}
            <p>{method(it.method)}</p>
        </section>
        {body}
        <section class="stack-s small soft">
            <p>{w!(poll_advice)}</p>
            <p>{w!(poll_secret)}</p>
            <p>{w!(poll_once)}</p>
        </section>
    }
    .into_any()
}
