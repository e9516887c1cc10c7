//! What the office asks about a thing, and the form to reply: between the office and its author.

use crate::ui::live::on;
use domain::operations::{Action, Reply};
use domain::records::Question;
use domain::text::Text;
use leptos::prelude::*;

use super::state::Thing;
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::{App, dates, parts, typed};
use crate::{contributions, proposals, w};

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
    let (Some(consultation), Some(record)) = (thing.consultation, thing.record) else { return ().into_any() };
    let community = thing.community.clone();
    let text = RwSignal::new(String::new());
    let kept_as = typed::reply_to(record);
    typed::keep(app, &kept_as, vec![("text".to_owned(), text)]);
    let errors: Errors = RwSignal::new(Vec::new());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let words = match text.get_untracked().trim().parse::<Text>() {
            Ok(words) => words,
            Err(error) => return errors.set(vec![("reply", contributions::wrong_text(error))]),
        };
        errors.set(Vec::new());
        let (kept_as, community) = (kept_as.clone(), community.clone());
        app.spawn(async move {
            let act = Action::Reply(Reply { consultation, record, text: words });
            match app.device().act(&community, act).await {
                Ok(_) => {
                    typed::forget(app, &kept_as).await;
                    app.say(w!(trail_reply_kept));
                }
                Err(error) => {
                    let _ = errors.try_set(vec![("reply", proposals::say(error))]);
                }
            }
        });
    };
    let asked = Field {
        id: "reply",
        label: w!(trail_reply_label),
        lines: true,
        max: Text::GRAPHEMES,
        ..Field::default()
    };
    view! {
        {summary(errors)}
        <form class="stack" novalidate on:submit=on(send)>
            {field(asked, text, errors, Signal::derive(|| false), None)}
            <p class="actions"><button class="btn" type="submit">{w!(trail_reply_send)}</button></p>
        </form>
    }
    .into_any()
}
