//! Contributions of a consultation, chosen in a form: what an answer uses, what a commitment follows from.

use domain::ids::RecordId;
use domain::records::DeskItem;
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::list::stands;
use crate::ui::dates;
use crate::ui::live::{live, memo, on, shared};
use crate::{n, w};

/// So many are listed at first, and found.
const LISTED: usize = 20;

/// What is chosen.
#[derive(Clone, Copy)]
pub struct Choosing {
    /// As one text, kept like what is typed.
    pub ticked: RwSignal<String>,
    /// Which those are.
    pub ids: Memo<Vec<RecordId>>,
}

/// What is asked.
pub struct Asked {
    /// Names the field.
    pub id: &'static str,
    /// Names its search.
    pub find: &'static str,
    /// The question.
    pub label: String,
    /// Help, always shown.
    pub hint: String,
    /// How many are chosen, in words.
    pub count: fn(usize) -> String,
}

impl Choosing {
    /// These, to begin with.
    pub fn new(given: &[RecordId]) -> Self {
        let ticked = RwSignal::new(joined(given));
        Self { ticked, ids: memo(move || ticked.with(|ticked| parted(ticked))) }
    }

    /// Those that still stand: without what was taken back or hidden since it was ticked.
    pub fn standing(self, desk: Desk) -> Vec<RecordId> {
        desk.inbox.with_untracked(|inbox| {
            let mut ids = self.ids.get_untracked();
            ids.retain(|id| inbox.get(*id).is_none_or(stands));
            ids
        })
    }

    fn toggle(self, id: RecordId) {
        let mut all = self.ids.get_untracked();
        match all.iter().position(|known| *known == id) {
            Some(at) => drop(all.remove(at)),
            None => all.push(id),
        }
        self.ticked.set(joined(&all));
    }

    /// The proposals, those with most supporters first; those that are ticked stay in view.
    pub fn draw(self, desk: Desk, consultation: RecordId, asked: Asked) -> AnyView {
        let chosen = self.ids;
        let query = RwSignal::new(String::new());
        let ranked = memo(move || ranked(desk, consultation));
        let shown = memo(move || -> Vec<RecordId> {
            let text = query.get();
            let found = (!text.trim().is_empty()).then(|| found(desk, &text));
            ranked.with(|ranked| {
                let wanted = ranked.iter().filter(|id| found.as_ref().is_none_or(|found| found.contains(id)));
                wanted.copied().take(LISTED).collect()
            })
        });
        let rows = move || {
            let mut rows = chosen.get();
            rows.extend(shown.get().into_iter().filter(|id| chosen.with(|chosen| !chosen.contains(id))));
            rows
        };
        let nothing = live(move || {
            (ranked.with(Vec::is_empty)).then(|| view! { <p class="soft">{w!(consultation_none)}</p> })
        });
        let count = shared(move || (asked.count)(chosen.with(Vec::len)));
        view! {
            <fieldset class="field" id=asked.id tabindex="-1">
                <legend class="field-label">{asked.label}</legend>
                <p class="field-hint">{asked.hint}</p>
                {find_box(asked.find, w!(consultation_search_label), query)}
                <p class="small soft" role="status">{count}</p>
                {nothing}
                <div class="choices choices-rows"><For each=rows key=|id| *id children=move |id| self.row(desk, id) /></div>
            </fieldset>
        }
        .into_any()
    }

    fn row(self, desk: Desk, id: RecordId) -> AnyView {
        let item = desk.inbox.with_untracked(|inbox| inbox.get(id).cloned());
        let title = item.map(|item| item.contribution.title().to_string()).unwrap_or_default();
        let supports = desk.inbox.with_untracked(|inbox| inbox.supports(id));
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || self.ids.with(|ids| ids.contains(&id))
                    on:change=on(move |_| self.toggle(id)) />
                <span class="choice-text" dir="auto">{title}<span class="choice-hint">{n!(supports, support_count_a, support_count_s)}</span></span>
            </label>
        }
        .into_any()
    }
}

fn ranked(desk: Desk, consultation: RecordId) -> Vec<RecordId> {
    desk.inbox.with(|inbox| {
        let ours = |item: &&DeskItem| {
            item.contribution.consultation == consultation && item.contribution.is_discussed() && stands(item)
        };
        let mut ids: Vec<RecordId> = inbox.items().filter(ours).map(|item| item.contribution.id).collect();
        domain::order::by(&mut ids, |id| (u64::MAX - inbox.supports(*id), String::new()));
        ids
    })
}

fn found(desk: Desk, text: &str) -> Vec<RecordId> {
    desk.inbox.with(|inbox| {
        let places = inbox.words(dates::normalize).find(text, dates::normalize);
        places.into_iter().filter_map(|at| Some(inbox.item_at(at)?.contribution.id)).collect()
    })
}

/// A search that stands in a form, and is none itself.
fn find_box(id: &'static str, label: String, query: RwSignal<String>) -> AnyView {
    view! {
        <label class="visually-hidden" for=id>{label.clone()}</label>
        <input class="field-input" id=id type="search" autocomplete="off" placeholder=label prop:value=query
            on:input=on(move |event| query.set(event_target_value(&event))) />
    }
    .into_any()
}

fn joined(ids: &[RecordId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// What was put there besides may stand on lines of its own, and twice.
fn parted(text: &str) -> Vec<RecordId> {
    let mut ids: Vec<RecordId> = Vec::new();
    for id in text.split_whitespace().filter_map(|id| id.parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}
