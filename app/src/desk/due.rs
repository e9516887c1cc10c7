//! What heads the inbox: answers to consultations that are late, or due within a week.

use leptos::prelude::*;

use super::inbox::Desk;
use super::state::due::{Due, due};
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::w;

/// The notice, while something is due.
pub fn notice(app: App, desk: Desk) -> AnyView {
    let due = memo(move || {
        app.clock.track();
        desk.consultations.with(|all| due(all, app.device().server_now()))
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
    let to = app.link(&Route::DeskConclude(it.id));
    let when = if it.late {
        w!(desk_due_late, date = dates::day(it.by))
    } else {
        w!(desk_due_by, date = dates::day(it.by))
    };
    view! { <li><a href=to>{parts::said(&it.title)}</a><br/><span class="small">{when}</span></li> }
        .into_any()
}
