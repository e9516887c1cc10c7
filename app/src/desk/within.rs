//! What the office does inside one consultation: its page is drawn once the consultation is there.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::Action;
use domain::records::Consultation;
use leptos::prelude::*;

use super::inbox::{Desk, office};
use crate::ui::field::{Errors, Field, field};
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, page, parts, shell, typed, words};
use crate::{proposals, w};

/// The page, by its title and what draws it.
pub fn page(
    app: App,
    id: RecordId,
    title: fn() -> String,
    draw: impl Fn(App, Desk, &Consultation) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    page::title(title);
    let draw = Arc::new(draw);
    office(app, move |desk| {
        let draw = draw.clone();
        let network = app.device().network();
        // Drawn once: what changes in its consultation must not take away what is typed.
        let there = memo(move || {
            let known = desk.consultations.with(|all| all.iter().any(|it| it.id == id));
            (known, desk.lists.with(Option::is_some))
        });
        live(move || match there.get() {
            (true, true) => {
                let it = desk.consultations.with_untracked(|all| all.iter().find(|it| it.id == id).cloned());
                it.map(|it| draw(app, desk, &it)).unwrap_or_else(parts::loading)
            }
            (false, true) => parts::empty(String::new(), w!(consultation_unknown), None),
            _ if network.get().online => parts::loading(),
            _ => shell::not_here(app, w!(desk_not_here)),
        })
    })
}

/// The head of such a page: the way back, what is done here, and in which consultation.
pub fn head(app: App, title: String, it: &Consultation, more: Option<AnyView>) -> AnyView {
    let back = parts::link("", app.link(&Route::DeskConsultations), w!(desk_consultations));
    head_under(back, title, it, more)
}

/// The head of a form that opens a poll or a survey.
pub fn opening(app: App, title: String, it: &Consultation) -> AnyView {
    head_under(parts::link("", app.link(&Route::DeskAsked(it.id)), w!(desk_asked_title)), title, it, None)
}

fn head_under(back: AnyView, title: String, it: &Consultation, more: Option<AnyView>) -> AnyView {
    let below = view! {
        <p><strong dir="auto">{words::say(&it.title)}</strong></p>
        {more.map(|more| view! { <p class="meta">{more}</p> })}
    };
    parts::head(Some(back), title, Some(below.into_any()))
}

/// The date on which a poll or a survey closes.
pub fn closes(value: RwSignal<String>, errors: Errors) -> AnyView {
    let asked = Field {
        id: "closes",
        label: w!(desk_open_closes_label),
        hint: w!(desk_open_local),
        kind: "datetime-local",
        ..Field::default()
    };
    field(asked, value, errors, Signal::derive(|| false), None)
}

/// Seals what opens a poll or a survey; what is wrong is told at that field, since the dialog is closed
/// again.
pub fn publish(
    app: App,
    desk: Desk,
    action: Option<Action>,
    kept_as: String,
    errors: Errors,
    at: &'static str,
) {
    let community = desk.community();
    app.spawn(async move {
        let Some(action) = action else { return };
        match app.device().act(&community, action).await {
            Ok(_) => {
                typed::forget(app, &kept_as).await;
                app.say(w!(desk_act_kept));
                app.go(&Route::DeskConsultations);
            }
            Err(error) => {
                let _ = errors.try_set(vec![(at, proposals::say(error))]);
            }
        }
    });
}
