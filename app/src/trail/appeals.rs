//! A hidden text of one's own: the rule in full, the appeal, and what a second person decided.

use domain::operations::{Action, Appeal};
use domain::records::{AppealMade, Verdict};
use leptos::prelude::*;

use super::item;
use super::saying::{self, Saying};
use super::state::{Standing, Thing};
use crate::ui::live::live;
use crate::ui::{App, dates, parts, typed, words};
use crate::w;

/// What there is to say of it, and the form while it can be appealed.
pub fn appeal(app: App, thing: &Thing) -> Option<AnyView> {
    let hidden = match &thing.standing {
        Standing::Hidden(rule) => Some(rule),
        _ => None,
    };
    if hidden.is_none() && thing.appeal.is_none() {
        return None;
    }
    let rule = hidden.map(|id| {
        let rule = item::rule(app, thing, id);
        live(move || {
            rule.get().map(|rule| {
                view! { <p><strong>{parts::said(&rule.label)}</strong></p> <p>{parts::said(&rule.explanation)}</p> }
            })
        })
    });
    let made = thing.appeal.as_ref().map(made);
    let waits = thing.appealing.then(|| parts::notice("good", String::new(), w!(appeal_kept), None));
    let form = (hidden.is_some() && thing.can_be_appealed()).then(|| form(app, thing));
    Some(
        view! {
            <section class="stack" aria-labelledby="review">
                <h2 id="review">{w!(appeal_title)}</h2>
                {rule}{made}{waits}{form}
            </section>
        }
        .into_any(),
    )
}

fn made(it: &AppealMade) -> AnyView {
    let by = w!(appeal_asked_on, date = dates::day(it.at));
    let verdict = match &it.verdict {
        Some(verdict) => decided(verdict),
        None => view! { <p class="soft">{w!(appeal_waits)}</p> }.into_any(),
    };
    view! { {parts::words_of("person", it.text.to_string(), Some(by))} {verdict} }.into_any()
}

/// What a second person decided, with the reason.
pub fn decided(it: &Verdict) -> AnyView {
    let (tone, title) = if it.restored { ("good", w!(appeal_restored)) } else { ("warn", w!(appeal_upheld)) };
    let by = w!(appeal_decided_on, date = dates::day(it.at));
    let why = match &it.text {
        Some(text) => parts::words_of("council", words::say(text), Some(by)),
        None => view! { <p class="soft">{by}</p> }.into_any(),
    };
    parts::notice(tone, title, String::new(), Some(why))
}

fn form(app: App, thing: &Thing) -> AnyView {
    let Some(record) = thing.record else { return ().into_any() };
    let saying = Saying {
        id: "appeal",
        kept_as: typed::appeal_for(record),
        label: w!(appeal_label),
        hint: w!(appeal_hint),
        send: w!(appeal_send),
        kept: || w!(appeal_kept),
        act: |consultation, record, text| Action::Appeal(Appeal { consultation, record, text }),
    };
    saying::form(app, thing, saying)
}
