//! The inbox beside the item: what a desk's screens read, and the two panes.

use std::sync::Arc;

use domain::ids::{CommunityId, RecordId};
use domain::records::{Community, Consultation, DeskItem, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::picking::Picking;
use super::state::list::Inbox;
use super::{answer, item, list};
use crate::consultations;
use crate::offline::{Held, derived};
use crate::ui::live::{live, memo, on, shared};
use crate::ui::routes::Route;
use crate::ui::{App, page, parts, shell};
use crate::w;

/// Everything that a desk's screens read of their community.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Whose desk it is.
    pub id: StoredValue<CommunityId>,
    /// The community, once its lists are here.
    pub lists: Memo<Option<Community>>,
    /// Its consultations.
    pub consultations: Memo<Vec<Consultation>>,
    /// What people contributed, in order.
    pub inbox: Memo<Arc<Inbox>>,
    /// What the office committed to, in any of its consultations.
    pub commitments: Memo<Vec<Arc<Held>>>,
}

/// The community whose office this person is of. One for now: the first.
pub fn community(app: App) -> Option<CommunityId> {
    let person = app.me().get()?;
    person.memberships.iter().find(|m| person.is_clerk_of(&m.community)).map(|m| m.community.clone())
}

/// What somebody of an office sees of its desk; others read that they are of none.
pub fn office(app: App, draw: impl FnMut(Desk) -> AnyView + Send + 'static) -> AnyView {
    let id = memo(move || community(app));
    let mut draw = draw;
    live(move || match id.get() {
        Some(id) => draw(Desk::of(app, &id)),
        None => view! { <p>{w!(desk_not_staff)}</p> }.into_any(),
    })
}

impl Desk {
    /// Reads the desk of a community and keeps it current.
    pub fn of(app: App, id: &CommunityId) -> Self {
        let scopes = Self::scopes(id);
        app.device().follow(scopes.to_vec());
        let [_, public, desk] = scopes;
        let (public, desk) = (app.records(&public), app.records(&desk));
        let inbox = Memo::new_with_compare(
            move |_| desk.with(|all| derived(all, Inbox::read)),
            // It is read when records change: then it is another one.
            |_, _| true,
        );
        Self {
            id: StoredValue::new(id.clone()),
            lists: memo(move || public.with(|all| consultations::state::community(records(all)))),
            consultations: memo(move || {
                public.with(|all| {
                    let (mut open, closed) =
                        consultations::state::by_phase(records(all), app.device().server_now());
                    open.extend(closed);
                    open
                })
            }),
            inbox,
            commitments: memo(move || inbox.with(|inbox| inbox.commitments.clone())),
        }
    }

    /// What the screens of a desk follow.
    pub fn scopes(id: &CommunityId) -> [Scope; 3] {
        [Scope::Territory, Scope::Community(id.clone()), Scope::Desk(id.clone())]
    }

    /// The community.
    pub fn community(&self) -> CommunityId {
        self.id.get_value()
    }

    /// Its name, as far as it is here.
    pub fn name(&self) -> String {
        let named = self.lists.with_untracked(|lists| lists.as_ref().map(|it| it.place.name.to_string()));
        named.unwrap_or_else(|| self.community().to_string())
    }

    /// The item of that id.
    pub fn item(&self, id: RecordId) -> Option<DeskItem> {
        self.inbox.with(|inbox| inbox.get(id).cloned())
    }

    /// Keeps what is public of a consultation current too.
    pub fn follow_also(&self, app: App, consultation: RecordId) {
        self.follow_with(app, [Scope::Consultation(self.community(), consultation)]);
    }

    /// Keeps other scopes current too.
    pub fn follow_with(&self, app: App, more: impl IntoIterator<Item = Scope>) {
        app.device().follow(Self::scopes(&self.community()).into_iter().chain(more).collect());
    }
}

fn records(held: &[Arc<Held>]) -> impl Iterator<Item = &Record> {
    held.iter().map(|held| &held.record)
}

/// The two panes.
pub fn inbox(app: App) -> AnyView {
    let id = memo(move || community(app));
    live(move || match id.get() {
        Some(id) => panes(app, Desk::of(app, &id)),
        None => {
            page::title(|| w!(desk_title));
            view! {
                <main class="page" id="main">{parts::head(None, w!(desk_title), Some(view! { <p>{w!(desk_not_staff)}</p> }.into_any()))}</main>
            }
            .into_any()
        }
    })
}

fn panes(app: App, desk: Desk) -> AnyView {
    let picking = Picking::new();
    let chosen = memo(move || {
        app.route.with(|route| match route {
            Route::Inbox(id) => *id,
            _ => None,
        })
    });
    let show =
        shared(move || if chosen.get().is_some() || picking.answering.get() { "detail" } else { "list" });
    let title = memo(move || {
        let id = chosen.get()?;
        desk.inbox.with(|inbox| inbox.get(id).map(|item| item.contribution.title().to_string()))
    });
    page::title(move || title.get().unwrap_or_else(|| w!(desk_title)));
    // Drawn anew when another item is chosen; what changes in it is drawn by its parts, so that
    // nothing that is being written goes.
    let drawn = memo(move || {
        let there = chosen.get().map(|id| (id, desk.inbox.with(|inbox| inbox.get(id).is_some())));
        let ready = match there {
            Some(_) => desk.lists.with(Option::is_some),
            None => desk.inbox.with(|inbox| !inbox.is_empty()),
        };
        (there, ready, picking.answering.get())
    });
    let network = app.device().network();
    let mut waited = false;
    let detail = shared(move || match drawn.get() {
        (_, _, true) => answer::many(app, desk, picking),
        // Drawn once the names are here: later, it would close the dialog that somebody has opened.
        (Some((_, true)), false, _) if network.get_untracked().online => {
            waited = true;
            parts::loading()
        }
        (Some((id, true)), _, _) => {
            if std::mem::take(&mut waited) {
                page::focus_heading(0);
            }
            item::pane(app, desk, id)
        }
        (Some((_, false)), _, _) => shell::not_here(app, w!(desk_item_missing)),
        (None, true, _) => parts::empty(String::new(), w!(desk_item_choose), None),
        // The list says why there is none.
        (None, false, _) => ().into_any(),
    });
    let back = move |_| picking.answering.set(false);
    view! {
        <div class="panes" data-show=show>
            <section class="panes-list" aria-label=w!(desk_inbox)>{list::list(app, desk, picking)}</section>
            <section class="panes-detail" aria-label=w!(desk_item)>
                <div class="panes-bar panes-back">
                    <a class="btn btn-plain" href=app.link(&Route::Inbox(None)) on:click=on(back)>{w!(desk_inbox)}</a>
                </div>
                <main class="page stack-l" id="main" tabindex="-1">{detail}</main>
            </section>
        </div>
    }
    .into_any()
}
