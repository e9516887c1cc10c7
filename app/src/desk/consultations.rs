//! The community's consultations with their phase; opening, closing and answering them.

use crate::ui::live::memo;
use domain::phases::{Form, Intake};
use domain::records::Consultation;
use leptos::prelude::*;

use super::inbox::office;
use super::{acts, sharing};
use crate::consultations::{when, when_answered};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts};
use crate::w;

/// The page.
pub fn consultations(app: App) -> AnyView {
    page::title(|| w!(desk_consultations));
    let list = office(app, move |desk| {
        // One is drawn anew when it changes or comes into another phase, not with the clock nor with the
        // others: that would close the dialog that somebody has opened.
        let phases = memo(move || -> Vec<(Consultation, Intake)> {
            app.clock.track();
            let now = app.device().server_now();
            desk.consultations.with(|all| all.iter().map(|it| (it.clone(), it.intake(now))).collect())
        });
        let key = |(it, intake): &(Consultation, Intake)| {
            let said = serde_json::to_string(it).unwrap_or_default();
            let phase = match intake {
                Intake::NotYet(_) => "soon",
                Intake::Open => "open",
                Intake::Grace => "grace",
                Intake::Closed | Intake::Never => "closed",
            };
            format!("{phase} {said}")
        };
        let cards =
            view! { <For each=move || phases.get() key=key children=move |(it, _)| card(app, &it) /> };
        view! { <div class="stack">{sharing::invitations(app, desk)}{cards}</div> }.into_any()
    });
    let open = parts::link("btn", app.link(&Route::DeskOpen), w!(desk_open_title));
    let bulletin = parts::link("btn btn-quiet", app.link(&Route::DeskBulletin), w!(desk_bulletin_title));
    let rules = parts::link("btn btn-plain", app.link(&Route::DeskRules), w!(desk_rules_title));
    let templates = parts::link("btn btn-plain", app.link(&Route::DeskTemplates), w!(desk_templates_title));
    let take_back = parts::link("btn btn-plain", app.link(&Route::DeskTakeBack), w!(desk_take_back_title));
    view! { {parts::head(None, w!(desk_consultations), None)} <p class="actions">{open}{bulletin}{rules}{templates}{take_back}</p> {list} }
        .into_any()
}

/// What others passed on is answered in the inbox, piece by piece.
fn letterbox(app: App, it: &Consultation) -> AnyView {
    let (tone, label, _) = when(it, app.device().server_now());
    let inbox = parts::link("btn btn-quiet", app.link(&Route::Inbox(None)), w!(desk_inbox));
    view! {
        <article class="card">
            <p class="meta">{parts::tag(tone, label)}</p>
            <h2 class="card-title">{parts::said(&it.title)}</h2>
            <p class="actions">{inbox}</p>
        </article>
    }
    .into_any()
}

fn card(app: App, it: &Consultation) -> AnyView {
    let now = app.device().server_now();
    let (tone, label, date) = when(it, now);
    let intake = it.intake(now);
    let grace = (intake == Intake::Grace)
        .then(|| view! { <p>{w!(desk_close_in_grace, date = dates::moment(it.accepts_until(Form::Proposals)))}</p> });
    let print = parts::link("btn btn-plain", app.link(&Route::DeskPrint(it.id)), w!(app_print));
    let close = (intake == Intake::Open).then(|| acts::close(app, it));
    let answered = it.conclusion.as_ref();
    if it.is_letterbox() {
        return letterbox(app, it);
    }
    let asked = parts::link("btn btn-plain", app.link(&Route::DeskAsked(it.id)), w!(desk_asked_title));
    let enter = answered
        .is_none()
        .then(|| parts::link("btn btn-quiet", app.link(&Route::DeskEnter(it.id)), w!(desk_enter_title)));
    let verb = if answered.is_some() { w!(desk_answer_replace) } else { w!(consultation_answer_write) };
    let weight = if it.is_late(now) { "btn" } else { "btn btn-quiet" };
    let documents = parts::link("btn btn-plain", app.link(&Route::DeskDocuments(it.id)), w!(document_title));
    let texts = parts::link("btn btn-plain", app.link(&Route::DeskTexts(it.id)), w!(text_section));
    let answer = parts::link(weight, app.link(&Route::DeskConclude(it.id)), verb);
    let commitments =
        parts::link("btn btn-plain", app.link(&Route::DeskCommitments(it.id)), w!(commitment_title));
    view! {
        <article class="card">
            <p class="meta">{parts::tag(tone, label)}<span>{date}</span>{when_answered(it, now)}</p>
            <h2 class="card-title">{parts::said(&it.title)}</h2>
            {grace}
            <div class="actions">{answer}{enter}</div>
            <div class="actions">{documents}{texts}{asked}{commitments}{print}{close}</div>
        </article>
    }
    .into_any()
}
