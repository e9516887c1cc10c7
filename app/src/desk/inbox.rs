//! The inbox beside the item: a list that is searched and filtered on the device, drawn as
//! far as somebody has come.

use std::sync::Arc;

use crate::ui::live::{effect, live, memo, on, shared};
use domain::ids::CommunityId;
use domain::records::{Community, Consultation, DeskItem, DeskState, Record};
use domain::scopes::Scope;
use domain::text::{Localized, Text};
use leptos::prelude::*;

use super::state::{Inbox, Shown, Wanted};
use super::{item, safekeeping};
use crate::communities::search_box;
use crate::consultations::{self, subject_name};
use crate::offline::Held;
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, shell, window, words};
use crate::{n, w};

/// Everything that a desk's screens read of their community.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The community, once its lists are here.
    pub lists: Memo<Option<Community>>,
    /// Its consultations.
    pub consultations: Memo<Vec<Consultation>>,
    /// Its proposals, with the index over them.
    pub inbox: Memo<Arc<Inbox>>,
}

/// The community whose office this person is of. One for now: the first.
pub fn community(app: App) -> Option<CommunityId> {
    let person = app.me().get()?;
    person.memberships.iter().find(|m| person.is_clerk_of(&m.community)).map(|m| m.community.clone())
}

impl Desk {
    /// Reads the desk of a community and keeps it current.
    pub fn of(app: App, id: &CommunityId) -> Self {
        let (public, desk) = (Scope::Community(id.clone()), Scope::Desk(id.clone()));
        app.device().follow(vec![Scope::Territory, public.clone(), desk.clone()]);
        let (public, desk) = (app.records(&public), app.records(&desk));
        Self {
            lists: memo(move || public.with(|all| consultations::state::community(records(all)))),
            consultations: memo(move || {
                public.with(|all| {
                    let (mut open, closed) =
                        consultations::state::by_phase(records(all), app.device().server_now());
                    open.extend(closed);
                    open
                })
            }),
            inbox: Memo::new_with_compare(
                move |_| desk.with(|all| Arc::new(Inbox::read(records(all), dates::normalize))),
                |_, _| true,
            ),
        }
    }
}

fn records(held: &[Arc<Held>]) -> impl Iterator<Item = &Record> {
    held.iter().map(|held| &held.record)
}

/// The two panes.
pub fn inbox(app: App) -> AnyView {
    let id = memo(move || community(app));
    live(move || match id.get() {
        Some(id) => panes(app, id),
        None => {
            page::title(|| w!(desk_title));
            view! {
                <main class="page" id="main">{parts::head(None, w!(desk_title), Some(view! { <p>{w!(desk_not_staff)}</p> }.into_any()))}</main>
            }
            .into_any()
        }
    })
}

fn panes(app: App, id: CommunityId) -> AnyView {
    let desk = Desk::of(app, &id);
    let chosen = memo(move || {
        app.route.with(|route| match route {
            Route::Inbox(id) => *id,
            _ => None,
        })
    });
    let show = shared(move || if chosen.get().is_some() { "detail" } else { "list" });
    let item = memo(move || {
        let id = chosen.get()?;
        desk.inbox.with(|inbox| inbox.items.iter().find(|item| item.contribution.id == id).cloned())
    });
    page::title(move || {
        item.with(|item| {
            item.as_ref().map_or_else(|| w!(desk_title), |item| item.contribution.title().to_string())
        })
    });
    // The pane is drawn anew when another item is chosen or its state changes, and not
    // while an answer is being written.
    let drawn = Memo::new_with_compare(
        move |_| (chosen.get(), item.get(), desk.lists.with(Option::is_some)),
        |before, after| match (before, after) {
            (Some((id, Some(old), named)), Some((other, Some(new), named_now))) => {
                id != other || named != named_now || old.state != new.state || said(old) != said(new)
            }
            (before, after) => before != after,
        },
    );
    let community = id.clone();
    let network = app.device().network();
    let mut waited = false;
    let detail = shared(move || match drawn.get() {
        // Drawn once the names are here: later, it would close the dialog that somebody has opened.
        (_, Some(_), false) if network.get_untracked().online => {
            waited = true;
            parts::loading()
        }
        (_, Some(found), _) => {
            if std::mem::take(&mut waited) {
                page::focus_heading(0);
            }
            item::pane(app, community.clone(), found, desk)
        }
        (Some(_), None, _) => shell::not_here(app, w!(desk_item_missing)),
        (None, None, _) => parts::empty(String::new(), w!(desk_item_choose), None),
    });
    view! {
        <div class="panes" data-show=show>
            <section class="panes-list" aria-label=w!(desk_inbox)>{list(app, id.clone(), desk)}</section>
            <section class="panes-detail" aria-label=w!(desk_item)>
                <div class="panes-bar panes-back">
                    <a class="btn btn-plain" href=app.link(&Route::Inbox(None))>{w!(desk_inbox)}</a>
                </div>
                <main class="page stack-l" id="main" tabindex="-1">{detail}</main>
            </section>
        </div>
    }
    .into_any()
}

/// So many rows fill a tablet's column; more come when somebody has come to their end.
const AT_FIRST: usize = 30;

fn list(app: App, id: CommunityId, desk: Desk) -> AnyView {
    let safekeeping = safekeeping::warning(app, &id);
    let held = app.device().held(&Scope::Desk(id));
    let network = app.device().network();
    let wanted = RwSignal::new(Wanted::default());
    let query = RwSignal::new(String::new());
    effect(move |_| query.with(|text| wanted.update(|wanted| wanted.query.clone_from(text))));
    let found =
        memo(move || desk.inbox.with(|inbox| wanted.with(|wanted| inbox.find(wanted, dates::normalize))));
    let shown = RwSignal::new(AT_FIRST);
    let total = Signal::derive(move || found.with(Vec::len));
    let rows = move || found.with(|found| found.iter().take(shown.get()).cloned().collect::<Vec<DeskItem>>());
    let to_answer = shared(move || {
        let count = desk.inbox.with(|inbox| inbox.to_answer());
        (count > 0).then(|| parts::tag("act", n!(count, desk_to_answer_a, desk_to_answer_s)))
    });
    let nothing = shared(move || match (desk.inbox.with(|inbox| inbox.items.is_empty()), held.get()) {
        (true, None) if network.get().online => Some(parts::loading()),
        (true, None) => Some(shell::not_here(app, w!(desk_not_here))),
        (true, Some(_)) => Some(parts::empty(String::new(), w!(desk_empty), None)),
        (false, _) => (total.get() == 0)
            .then(|| view! { <p class="empty" role="status">{w!(desk_filter_empty)}</p> }.into_any()),
    });
    view! {
        <div class="panes-bar"><h1>{w!(desk_title)}</h1><span class="row">{to_answer}</span></div>
        <div class="stack-s page">
            {safekeeping}
            {search_box("q", w!(desk_search_label), query)}
            {filters(desk, wanted)}
        </div>
        {nothing}
        <ul class="list">
            <For each=rows key=key children=move |item| row(app, &item, desk) />
        </ul>
        {window::more(shown, total)}
    }
    .into_any()
}

/// A row is drawn anew when its state changes.
fn key(item: &DeskItem) -> String {
    let state = match item.state {
        DeskState::New => "new",
        DeskState::Answered => "answered",
        DeskState::Hidden(_) => "hidden",
        DeskState::Withdrawn => "withdrawn",
    };
    [state, &item.contribution.id.to_string()].concat()
}

/// What is answered. When moves as long as the server has not said it.
fn said(item: &DeskItem) -> Option<&Localized<Text>> {
    item.contribution.answer.as_ref().map(|answer| &answer.text)
}

fn filters(desk: Desk, wanted: RwSignal<Wanted>) -> AnyView {
    let states: Vec<AnyView> = Shown::ALL
        .into_iter()
        .map(|shown| view! { <option value=shown.name()>{say(shown)}</option> }.into_any())
        .collect();
    let subjects = shared(move || -> Vec<AnyView> {
        let all = desk.lists.get().map(|lists| lists.subjects).unwrap_or_default();
        let option = |subject: domain::records::Subject| {
            view! { <option value=subject.id.to_string()>{words::say(&subject.short)}</option> }.into_any()
        };
        all.into_iter().map(option).collect()
    });
    let consultations = shared(move || -> Vec<AnyView> {
        let option = |it: &Consultation| {
            view! { <option value=it.id.to_string()>{words::say(&it.title)}</option> }.into_any()
        };
        desk.consultations.with(|all| all.iter().map(option).collect())
    });
    let by = move |change: fn(&mut Wanted, String)| {
        move |event: web_sys::Event| wanted.update(|wanted| change(wanted, event_target_value(&event)))
    };
    view! {
        <label class="field-label" for="by-state">{w!(desk_filter_label)}</label>
        <select class="field-input" id="by-state" on:change=on(by(|wanted, value| wanted.shown = Shown::named(&value)))>{states}</select>
        <details>
        <summary>{w!(desk_filter_more)}</summary>
        <div class="stack-s">
        <label class="visually-hidden" for="by-subject">{w!(consultation_filter_subject)}</label>
        <select class="field-input" id="by-subject" on:change=on(by(|wanted, value| wanted.subject = value.parse().ok()))>
            <option value="">{w!(consultation_filter_all)}</option>{subjects}
        </select>
        <label class="visually-hidden" for="by-consultation">{w!(desk_filter_consultation)}</label>
        <select class="field-input" id="by-consultation" on:change=on(by(|wanted, value| wanted.consultation = value.parse().ok()))>
            <option value="">{w!(desk_filter_consultations)}</option>{consultations}
        </select>
        </div>
        </details>
    }
    .into_any()
}

fn say(shown: Shown) -> String {
    match shown {
        Shown::All => w!(desk_filter_all),
        Shown::New => w!(desk_filter_new),
        Shown::Answered => w!(desk_filter_answered),
        Shown::Hidden => w!(desk_filter_hidden),
        Shown::Withdrawn => w!(desk_filter_withdrawn),
    }
}

fn row(app: App, item: &DeskItem, desk: Desk) -> AnyView {
    let id = item.contribution.id;
    let href = app.link(&Route::Inbox(Some(id)));
    let current = shared(move || app.route.with(|route| *route == Route::Inbox(Some(id))).then_some("true"));
    let new = item.state == DeskState::New;
    let about = item.contribution.subject().cloned();
    let dot = shared(move || desk.lists.with(Option::is_some).then_some(" · "));
    let subject =
        shared(move || desk.lists.with(|lists| about.as_ref().map(|about| subject_name(lists, about))));
    view! {
        <li class="list-row" data-unread=new.then_some("")>
            <a class="list-link" href=href aria-current=current>
                <span class="list-title" dir="auto">
                    {new.then(|| view! { <span class="visually-hidden">{w!(desk_item_new)} " : "</span> })}
                    {item.contribution.title().to_string()}
                </span>
                <span class="list-text">{item.name.to_string()} {dot} {subject}</span>
                <span class="meta"><span>{dates::day(item.received_at)}</span>{item::state_tag(&item.state)}</span>
            </a>
        </li>
    }
    .into_any()
}
