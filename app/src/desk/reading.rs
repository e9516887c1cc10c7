//! What is opened is read: said once somebody has had it before their eyes for a moment. And what
//! cannot be said so is let go: it holds no words, and nothing may wait behind it.

use domain::ids::RecordId;
use domain::operations::{Action, Mark, Progress};
use domain::outbox::{Item, State};
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::list::is_unread;
use crate::offline::sleep;
use crate::ui::App;
use crate::ui::live::effect;
use crate::ui::routes::Route;

/// So long it is before somebody's eyes, in steps.
const STEP: u32 = 250;
const STEPS: u32 = 8;

/// Says that an item is read once it was on screen long enough.
pub fn watch(app: App, desk: Desk, id: RecordId) {
    let item = desk.inbox.with_untracked(|inbox| inbox.get(id).cloned());
    let Some(item) = item else { return };
    if !is_unread(&item) {
        return;
    }
    let (consultation, community) = (item.contribution.consultation, desk.community());
    app.spawn(async move {
        let mut seen = 0;
        while seen < STEPS {
            sleep(STEP).await;
            if app.route.try_get_untracked() != Some(Route::Inbox(Some(id))) {
                return;
            }
            seen += u32::from(document().visibility_state() == web_sys::VisibilityState::Visible);
        }
        // It may have been answered meanwhile.
        let still = desk.inbox.try_with_untracked(|inbox| inbox.get(id).is_some_and(is_unread));
        if still == Some(true) {
            let mark = Mark { consultation, record: id, progress: Progress::Read };
            // Where it cannot be kept it is read once more, another time.
            let _ = app.device().act(&community, Action::Mark(mark)).await;
        }
    });
}

/// Whether an item of the outbox only says that something was read.
pub fn is_reading(item: &Item) -> bool {
    let action = item.operation().ok().map(|operation| operation.action);
    matches!(action, Some(Action::Mark(Mark { progress: Progress::Read, .. })))
}

/// Lets go what says so and was not taken.
pub fn tidy(app: App) {
    let items = app.device().outbox();
    effect(move |_| {
        let failed = |item: &&Item| matches!(item.state, State::Refused | State::Unsendable(_));
        let ops: Vec<_> = items.with(|items| {
            items.iter().filter(failed).filter(|item| is_reading(item)).map(|item| item.op).collect()
        });
        for op in ops {
            app.spawn(async move {
                let _ = app.device().discard(op).await;
            });
        }
    });
}
