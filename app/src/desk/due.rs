//! What heads the inbox: answers to consultations and commitments that are late, or due within a week.

use leptos::prelude::*;

use super::inbox::Desk;
use super::state::due::{Due, Promise, due};
use crate::commitments::state::of;
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::w;

/// The notice, while something is due.
pub fn notice(app: App, desk: Desk) -> AnyView {
    let due = memo(move || {
        app.clock.track();
        desk.commitments.with(|commitments| {
            let commitments = commitments.iter().filter_map(|held| of(held));
            desk.consultations.with(|all| due(all, commitments, app.device().server_now()))
        })
    });
    live(move || {
        let due = due.get();
        let late = due.iter().any(|it| it.late);
        let rows: Vec<AnyView> = due.iter().map(|it| row(app, it)).collect();
        (!rows.is_empty()).then(|| {
            let list = view! { <ul class="stack-s">{rows}</ul> }.into_any();
            parts::notice(if late { "bad" } else { "warn" }, w!(desk_due_title), String::new(), Some(list))
        })
    })
}

fn row(app: App, it: &Due) -> AnyView {
    let date = dates::day(it.by);
    let (to, when) = match (it.promise, it.late) {
        (Promise::Answer(id), true) => (Route::DeskConclude(id), w!(desk_due_late, date = date)),
        (Promise::Answer(id), false) => (Route::DeskConclude(id), w!(desk_due_by, date = date)),
        (Promise::Commitment(of, id), true) => {
            (Route::DeskCommitment(of, id), w!(desk_due_commitment_late, date = date))
        }
        (Promise::Commitment(of, id), false) => {
            (Route::DeskCommitment(of, id), w!(desk_due_commitment_by, date = date))
        }
    };
    let to = app.link(&to);
    view! { <li><a href=to>{parts::said(&it.title)}</a><br/><span class="small">{when}</span></li> }
        .into_any()
}
