//! What the office is told of the server's backups, and of what a restore lost.

use domain::ids::CommunityId;
use domain::records::Safekeeping;
use domain::scopes::Scope;
use domain::time::DAY;
use leptos::prelude::*;

use super::inbox::community;
use super::state::list::Inbox;
use crate::offline::derived;
use crate::ui::live::{live, memo};
use crate::ui::{App, dates, parts};
use crate::{n, w};

/// Older than this, somebody has to be told.
const OLD: i64 = 3 * DAY;

fn held(app: App, id: &CommunityId) -> Memo<Option<Safekeeping>> {
    let records = app.records(&Scope::Desk(id.clone()));
    memo(move || records.with(|all| derived(all, Inbox::read).safekeeping.clone()))
}

/// The section beside the device's own things.
pub fn section(app: App) -> AnyView {
    live(move || {
        let told = held(app, &community(app)?);
        Some(live(move || {
            told.get().map(|it| {
                let text = match it.last_backup {
                    Some(at) => w!(desk_backup_last, moment = dates::moment(at)),
                    None => w!(desk_backup_none),
                };
                let waiting = waiting(&it, w!(desk_waiting_why));
                view! { <section class="stack"><h2>{w!(desk_backup_title)}</h2><p>{text}</p>{waiting}</section> }
                    .into_any()
            })
        }))
    })
}

/// Above the inbox: a warning when the last one is old, and what waits.
pub fn warning(app: App, id: &CommunityId) -> AnyView {
    let told = held(app, id);
    live(move || {
        app.clock.track();
        let told = told.get()?;
        let now = app.device().server_now();
        let old = told.last_backup.filter(|at| now.since(*at) > OLD).map(|at| {
            parts::notice("warn", String::new(), w!(desk_backup_old, moment = dates::moment(at)), None)
        });
        Some(view! { {old} {waiting(&told, w!(desk_waiting_calm))} }.into_any())
    })
}

/// After a restore: what waits for a device that has not come back yet.
fn waiting(told: &Safekeeping, text: String) -> Option<AnyView> {
    (told.waiting > 0).then(|| {
        let title = n!(told.waiting, desk_waiting_a, desk_waiting_s);
        parts::notice("", title, text, None)
    })
}
