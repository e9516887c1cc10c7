//! Several items chosen in the list, and what is done with all of them: one operation each.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::Progress;
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::acts::{Bulk, plan};
use crate::ui::live::{live, memo, on, shared};
use crate::ui::{App, dates, parts, words};
use crate::{n, proposals, w};

/// So many at once: each is kept on the device and sent by itself.
pub const MOST: usize = 100;

/// What is chosen, and how far the office is with it.
#[derive(Clone, Copy)]
pub struct Picking {
    /// Whether rows can be chosen.
    pub on: RwSignal<bool>,
    /// Which are.
    pub ids: RwSignal<Vec<RecordId>>,
    /// The answer to all of them is being written.
    pub answering: RwSignal<bool>,
    /// So many of so many are done.
    pub done: RwSignal<Option<(usize, usize)>>,
    /// What was done last, in words.
    pub said: RwSignal<String>,
}

impl Picking {
    /// Nothing is chosen.
    pub fn new() -> Self {
        Self {
            on: RwSignal::new(false),
            ids: RwSignal::new(Vec::new()),
            answering: RwSignal::new(false),
            done: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        }
    }

    /// Chooses one, or no longer.
    pub fn toggle(&self, id: RecordId) {
        self.on.set(true);
        self.said.set(String::new());
        self.ids.update(|ids| match ids.iter().position(|known| *known == id) {
            Some(at) => drop(ids.remove(at)),
            None => ids.push(id),
        });
    }

    /// Begins to choose, or stops.
    pub fn switch(&self) {
        self.on.update(|on| *on = !*on);
        self.ids.set(Vec::new());
        self.said.set(String::new());
        self.answering.set(false);
    }

    /// Does it with each of them, one after the other.
    pub fn perform(self, app: App, desk: Desk, bulk: &Bulk) {
        let ids = self.ids.get_untracked();
        let acts = desk.inbox.with_untracked(|inbox| {
            plan(ids.iter().filter_map(|id| inbox.get(*id)).collect::<Vec<_>>(), bulk)
        });
        let (all, community) = (acts.len(), desk.community());
        self.done.set(Some((0, all)));
        app.spawn(async move {
            let mut done = 0;
            for act in acts {
                if let Err(error) = app.device().act(&community, act).await {
                    app.fail(proposals::say(error));
                    break;
                }
                done += 1;
                let _ = self.done.try_set(Some((done, all)));
            }
            let said = match (done, all) {
                (_, 0) => w!(desk_bulk_nothing),
                (done, all) if done < all => {
                    w!(desk_bulk_part, done = done.to_string(), all = all.to_string())
                }
                _ => n!(done, desk_bulk_done_a, desk_bulk_done_s),
            };
            app.say(said.clone());
            let _ = (self.said.try_set(said), self.done.try_set(None), self.ids.try_set(Vec::new()));
        });
    }
}

/// The bar under the list.
pub fn bar(app: App, desk: Desk, picking: Picking, found: Signal<Arc<[RecordId]>>) -> AnyView {
    let act = RwSignal::new(String::new());
    let (day, subject) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(String::new());
    let count = memo(move || picking.ids.with(Vec::len));
    let status = shared(move || match (picking.done.get(), count.get()) {
        (Some((done, all)), _) => w!(desk_bulk_progress, done = done.to_string(), all = all.to_string()),
        (None, 0) if picking.said.with(|said| !said.is_empty()) => picking.said.get(),
        (None, 0) => w!(desk_bulk_none),
        (None, count) => n!(count, desk_bulk_picked_a, desk_bulk_picked_s),
    });
    let progress = live(move || {
        let (done, all) = picking.done.get().filter(|(_, all)| *all > 5)?;
        Some(view! {
            <progress class="progress-bar" max=all.to_string() value=done.to_string() aria-label=w!(desk_bulk_label)></progress>
        })
    });
    let perform = move || {
        wrong.set(String::new());
        if count.get_untracked() == 0 {
            return wrong.set(w!(desk_bulk_none));
        }
        let bulk = match act.get_untracked().as_str() {
            "approve" => Bulk::Approve,
            "read" => Bulk::Mark(Progress::Read),
            "in_discussion" => Bulk::Mark(Progress::InDiscussion),
            "on_agenda" => match dates::from_input(&format!("{}T12:00", day.get_untracked())) {
                Some(day) => Bulk::Mark(Progress::OnAgenda(day)),
                None => return wrong.set(w!(desk_step_error_day)),
            },
            "file" => match subject.get_untracked().parse() {
                Ok(subject) => Bulk::File(subject),
                Err(_) => return wrong.set(w!(desk_subject_error)),
            },
            "answer" => return picking.answering.set(true),
            _ => return wrong.set(w!(desk_bulk_error_act)),
        };
        picking.perform(app, desk, &bulk);
    };
    let more = live(move || match act.get().as_str() {
        "on_agenda" => Some(
            view! {
                <div class="field grow">
                    <label class="field-label" for="bulk-day">{w!(desk_step_day)}</label>
                    <input class="field-input" id="bulk-day" type="date" prop:value=day
                        on:input=on(move |event| day.set(event_target_value(&event))) />
                </div>
            }
            .into_any(),
        ),
        "file" => Some(subjects("bulk-subject", desk, subject)),
        _ => None,
    });
    let choose = move |event: web_sys::Event| {
        wrong.set(String::new());
        act.set(event_target_value(&event));
    };
    let all =
        move || picking.ids.set(found.with_untracked(|found| found.iter().copied().take(MOST).collect()));
    let options: Vec<AnyView> = [
        ("", w!(desk_bulk_choose)),
        ("approve", w!(desk_approve)),
        ("read", w!(desk_bulk_read)),
        ("in_discussion", w!(desk_bulk_in_discussion)),
        ("on_agenda", w!(desk_bulk_on_agenda)),
        ("file", w!(desk_bulk_file)),
        ("answer", w!(desk_bulk_answer)),
    ]
    .into_iter()
    .map(|(value, text)| view! { <option value=value>{text}</option> }.into_any())
    .collect();
    view! {
        <div class="bulk" role="group" aria-label=w!(desk_bulk_label)>
            <div class="row row-spread">
                <p role="status"><strong>{status}</strong></p>
                {parts::button("btn btn-plain", w!(desk_pick_all), all)}
            </div>
            {progress}
            <p class="field-error" role="alert" hidden=move || wrong.with(String::is_empty)>{move || wrong.get()}</p>
            <div class="row">
                <label class="visually-hidden" for="bulk-act">{w!(desk_bulk_label)}</label>
                <select class="field-input grow" id="bulk-act"
                    on:change=on(choose)>{options}</select>
                {more}
                {parts::button("btn", w!(desk_bulk_do), perform)}
            </div>
        </div>
    }
    .into_any()
}

/// The choice of a subject from the community's own list.
pub fn subjects(id: &'static str, desk: Desk, chosen: RwSignal<String>) -> AnyView {
    let now = chosen.get_untracked();
    let all = desk.lists.get_untracked().map(|lists| lists.subjects).unwrap_or_default();
    let option = |subject: domain::records::Subject| {
        let value = subject.id.to_string();
        let selected = value == now;
        view! { <option value=value selected=selected>{words::say(&subject.full)}</option> }.into_any()
    };
    let options: Vec<AnyView> = all.into_iter().map(option).collect();
    view! {
        <div class="field grow">
            <label class="field-label" for=id>{w!(desk_subject_label)}</label>
            <select class="field-input" id=id on:change=on(move |event| chosen.set(event_target_value(&event)))>
                {now.is_empty().then(|| view! { <option value="">{w!(desk_subject_choose)}</option> })}
                {options}
            </select>
        </div>
    }
    .into_any()
}
