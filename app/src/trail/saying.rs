//! The form in which the author of something says one thing more to the office about it.

use crate::ui::live::on;
use domain::ids::RecordId;
use domain::operations::Action;
use domain::text::Text;
use leptos::prelude::*;

use super::state::Thing;
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::{App, typed};
use crate::{contributions, proposals};

/// What the form asks.
pub struct Saying {
    /// Names the box.
    pub id: &'static str,
    /// Under which name what is typed is kept.
    pub kept_as: String,
    /// The question.
    pub label: String,
    /// Help, always shown.
    pub hint: String,
    /// The button.
    pub send: String,
    /// What is said once it is kept.
    pub kept: fn() -> String,
    /// What it does: its consultation, the record, the words.
    pub act: fn(RecordId, RecordId, Text) -> Action,
}

/// The form.
pub fn form(app: App, thing: &Thing, saying: Saying) -> AnyView {
    let (Some(consultation), Some(record)) = (thing.consultation, thing.record) else { return ().into_any() };
    let community = thing.community.clone();
    let text = RwSignal::new(String::new());
    let Saying { id, kept_as, label, hint, send: verb, kept, act } = saying;
    typed::keep(app, &kept_as, vec![("text".to_owned(), text)]);
    let errors: Errors = RwSignal::new(Vec::new());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let words = match text.get_untracked().trim().parse::<Text>() {
            Ok(words) => words,
            Err(error) => return errors.set(vec![(id, contributions::wrong_text(error))]),
        };
        errors.set(Vec::new());
        let (kept_as, community) = (kept_as.clone(), community.clone());
        app.spawn(async move {
            match app.device().act(&community, act(consultation, record, words)).await {
                Ok(_) => {
                    typed::forget(app, &kept_as).await;
                    app.say(kept());
                }
                Err(error) => {
                    let _ = errors.try_set(vec![(id, proposals::say(error))]);
                }
            }
        });
    };
    let asked = Field { id, label, hint, lines: true, max: Text::GRAPHEMES, ..Field::default() };
    view! {
        {summary(errors)}
        <form class="stack" novalidate on:submit=on(send)>
            {field(asked, text, errors, Signal::derive(|| false), None)}
            <p class="actions"><button class="btn" type="submit">{verb}</button></p>
        </form>
    }
    .into_any()
}
