//! What the office asks about a thing, and the form to reply: between the office and its author.

use domain::operations::{Action, Reply};
use domain::records::Question;
use leptos::prelude::*;

use super::saying::{self, Saying};
use super::state::Thing;
use crate::ui::{App, dates, parts, typed};
use crate::w;

/// The questions with their replies, and the form while one is open.
pub fn questions(app: App, thing: &Thing) -> Option<AnyView> {
    if thing.questions.is_empty() {
        return None;
    }
    let asked: Vec<AnyView> = thing.questions.iter().map(question).collect();
    let form = thing.is_asked().then(|| form(app, thing));
    let waits = thing.replying.then(|| parts::notice("good", String::new(), w!(trail_reply_kept), None));
    Some(
        view! {
            <section class="stack" aria-labelledby="questions">
                <h2 id="questions">{w!(trail_questions)}</h2>
                {asked}{waits}{form}
            </section>
        }
        .into_any(),
    )
}

fn question(it: &Question) -> AnyView {
    let reply = it.reply.as_ref().map(|reply| {
        let by = it.replied_at.map(|at| w!(trail_reply_by, date = dates::day(at)));
        parts::words_of("person", reply.to_string(), by)
    });
    let by = w!(trail_question_by, date = dates::day(it.at));
    view! { {parts::words_of("council", it.text.to_string(), Some(by))} {reply} }.into_any()
}

fn form(app: App, thing: &Thing) -> AnyView {
    let Some(record) = thing.record else { return ().into_any() };
    let saying = Saying {
        id: "reply",
        kept_as: typed::reply_to(record),
        label: w!(trail_reply_label),
        hint: String::new(),
        send: w!(trail_reply_send),
        kept: || w!(trail_reply_kept),
        act: |consultation, record, text| Action::Reply(Reply { consultation, record, text }),
    };
    saying::form(app, thing, saying)
}
