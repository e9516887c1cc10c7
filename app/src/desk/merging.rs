//! Proposals that say the same: suggested, searched, merged after a question, and parted again.

use domain::ids::RecordId;
use domain::operations::{Action, Merge, Unmerge};
use domain::records::DeskItem;
use leptos::prelude::*;

use super::acts;
use super::inbox::Desk;
use super::state::alike::{self, may_meet, ways};
use crate::communities::search_box;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, choices};
use crate::ui::live::{effect, live, memo, on, shared};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts};
use crate::{n, w};

/// So many are found at once.
const FOUND: usize = 8;

fn title(desk: Desk, id: RecordId) -> String {
    desk.inbox
        .with_untracked(|inbox| inbox.get(id).map(|item| item.contribution.title().to_string()))
        .unwrap_or_default()
}

/// The line, with everything behind it.
pub fn fold(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (consultation, id) = (first.contribution.consultation, first.contribution.id);
    let parts_of = memo(move || {
        item.with(|item| {
            item.as_ref().map(|it| (it.contribution.merged.clone(), it.contribution.merged_into))
        })
    });
    let summary = shared(move || match parts_of.get().unwrap_or_default() {
        (_, Some(_)) => w!(desk_merge_under),
        (merged, None) if !merged.is_empty() => n!(merged.len(), desk_merge_count_a, desk_merge_count_s),
        _ => w!(desk_merge_label),
    });
    let opened =
        RwSignal::new(first.contribution.merged_into.is_some() || !first.contribution.merged.is_empty());
    let toggled = move |event: web_sys::Event| {
        if dates::is_open(&event) {
            opened.set(true);
        }
    };
    let part = move |record: RecordId| {
        let act = Action::Unmerge(Unmerge { consultation, record });
        acts::act(app, &desk.community(), act);
    };
    let row = move |record: RecordId, parted: RecordId| {
        let to = app.link(&Route::Inbox(Some(record)));
        let split = parts::button("btn btn-quiet", w!(desk_merge_part), move || part(parted));
        view! { <li class="row row-spread"><a href=to dir="auto">{title(desk, record)}</a>{split}</li> }
            .into_any()
    };
    let there = live(move || {
        let (merged, into) = parts_of.get()?;
        let mut rows: Vec<AnyView> = into.into_iter().map(|into| row(into, id)).collect();
        rows.extend(merged.into_iter().map(|record| row(record, record)));
        (!rows.is_empty()).then(|| view! { <ul class="stack-s">{rows}</ul> })
    });
    // What is alike is looked for once somebody wants to know.
    let free = memo(move || opened.get() && parts_of.get().is_some_and(|(_, into)| into.is_none()));
    let find = live(move || free.get().then(|| search(app, desk, id)));
    let open = opened.get_untracked();
    view! {
        <details class="fold" id="merging" open=open on:toggle=on(toggled)>
            <summary>{summary}</summary>
            <div class="fold-body stack">{there}{find}</div>
        </details>
    }
    .into_any()
}

fn search(app: App, desk: Desk, id: RecordId) -> AnyView {
    let query = RwSignal::new(String::new());
    let other = RwSignal::new(None::<RecordId>);
    let found = memo(move || -> Vec<RecordId> {
        let text = query.get();
        desk.inbox.with(|inbox| {
            let Some(item) = inbox.get(id) else { return Vec::new() };
            if text.trim().is_empty() {
                return alike::suggest(inbox, item, dates::normalize);
            }
            let places = inbox.words(dates::normalize).find(&text, dates::normalize);
            let items = places.into_iter().filter_map(|at| inbox.item_at(at));
            items.filter(|other| may_meet(item, other)).take(FOUND).map(|it| it.contribution.id).collect()
        })
    });
    let rows = live(move || {
        let found = found.get();
        if found.is_empty() {
            let none = if query.with(|text| text.trim().is_empty()) {
                w!(desk_merge_none)
            } else {
                w!(desk_filter_empty)
            };
            return view! { <p class="soft">{none}</p> }.into_any();
        }
        let rows: Vec<AnyView> =
            found.into_iter().map(|record| candidate(app, desk, record, other)).collect();
        view! { <ul class="stack-s">{rows}</ul> }.into_any()
    });
    let ask = live(move || other.get().map(|record| question(app, desk, id, record, other)));
    view! {
        <p class="soft">{w!(desk_merge_help)}</p>
        {search_box("merge-q", w!(desk_merge_search), query)}
        {rows}
        {ask}
    }
    .into_any()
}

fn candidate(app: App, desk: Desk, record: RecordId, other: RwSignal<Option<RecordId>>) -> AnyView {
    let to = app.link(&Route::Inbox(Some(record)));
    let supports = desk.inbox.with_untracked(|inbox| inbox.supports(record));
    let supports = (supports > 0)
        .then(|| view! { <span class="small soft">{n!(supports, support_count_a, support_count_s)}</span> });
    let choose = parts::button("btn btn-quiet", w!(desk_merge_do), move || other.set(Some(record)));
    view! {
        <li class="row row-spread">
            <span class="grow"><a href=to dir="auto">{title(desk, record)}</a>" "{supports}</span>{choose}
        </li>
    }
    .into_any()
}

/// Says what happens, and asks which of the two stays.
fn question(
    app: App,
    desk: Desk,
    id: RecordId,
    record: RecordId,
    other: RwSignal<Option<RecordId>>,
) -> AnyView {
    let ways = desk.inbox.with_untracked(|inbox| match (inbox.get(id), inbox.get(record)) {
        (Some(one), Some(two)) => ways(&one.contribution, &two.contribution),
        _ => Vec::new(),
    });
    let consultation =
        desk.inbox.with_untracked(|inbox| inbox.get(id).map(|it| it.contribution.consultation));
    let Some(consultation) = consultation else { return ().into_any() };
    // The one that is open stays, unless more people support the other; or somebody says otherwise.
    let supports = |id: RecordId| desk.inbox.with_untracked(|inbox| inbox.supports(id));
    let mut kept: Vec<RecordId> = ways.iter().map(|(_, into)| *into).collect();
    if let [other, own] = kept[..]
        && supports(other) <= supports(own)
    {
        kept.reverse();
    }
    let into = RwSignal::new(kept.first().map(ToString::to_string).unwrap_or_default());
    let options = kept.iter().map(|id| Choice {
        value: id.to_string(),
        text: title(desk, *id),
        hint: n!(supports(*id), support_count_a, support_count_s),
    });
    let radios = choices(
        "merge-into",
        w!(desk_merge_which),
        String::new(),
        true,
        options.collect(),
        into,
        RwSignal::new(Vec::new()),
    );
    let open = RwSignal::new(true);
    effect(move |_| {
        if !open.get() {
            other.set(None);
        }
    });
    let asked =
        Asked { title: w!(desk_merge_ask), text: w!(desk_merge_what), yes: w!(desk_merge_do), class: "btn" };
    let yes = move || {
        let chosen = into.get_untracked();
        if let Some((part, into)) = ways.iter().find(|(_, into)| into.to_string() == chosen) {
            let act = Action::Merge(Merge { consultation, record: *part, into: *into });
            acts::act(app, &desk.community(), act);
        }
        true
    };
    dialog(open, asked, Some(radios), yes)
}
