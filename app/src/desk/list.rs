//! The list of the inbox: searched and filtered on the device, drawn as far as somebody has come,
//! moved through by keys.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::records::{Consultation, DeskItem, DeskState, Record};
use domain::scopes::Scope;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::inbox::Desk;
use super::picking::{self, Picking};
use super::state::list::{awaits_verdict, has_reply, is_unread, stands};
use super::state::wanted::{Shown, Sort, Wanted};
use super::{due, item, safekeeping};
use crate::communities::search_box;
use crate::consultations::subject_name;
use crate::offline::Held;
use crate::ui::live::{effect, live, memo, on, shared};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, shell, window, words};
use crate::{n, w};

/// So many rows fill a tablet's column; more come when somebody has come to their end.
const AT_FIRST: usize = 30;

/// A row's item, with the exact number of its supporters and of those who pointed at it.
#[derive(Clone)]
struct Row {
    held: Arc<Held>,
    supports: u64,
    flags: usize,
}

/// The list with its tools.
pub fn list(app: App, desk: Desk, picking: Picking) -> AnyView {
    let community = desk.community();
    let safekeeping = safekeeping::warning(app, &community);
    let held = app.device().held(&Scope::Desk(community));
    let network = app.device().network();
    let wanted = RwSignal::new(Wanted::default());
    let query = RwSignal::new(String::new());
    effect(move |_| query.with(|text| wanted.update(|wanted| wanted.query.clone_from(text))));
    let found =
        memo(move || desk.inbox.with(|inbox| wanted.with(|wanted| inbox.find(wanted, dates::normalize))));
    let shown = RwSignal::new(AT_FIRST);
    effect(move |_| {
        wanted.track();
        shown.set(AT_FIRST);
    });
    let total = Signal::derive(move || found.with(Vec::len));
    let rows = move || -> Vec<Row> {
        desk.inbox.with(|inbox| {
            let row = |at: &usize| {
                let held = inbox.at(*at)?.clone();
                let Record::DeskItem(item) = &held.record else { return None };
                let (supports, flags) =
                    (inbox.supports(item.contribution.id), inbox.flags(item.contribution.id).len());
                Some(Row { supports, flags, held: held.clone() })
            };
            found.with(|found| found.iter().take(shown.get()).filter_map(row).collect())
        })
    };
    let ids = Signal::derive(move || -> Vec<RecordId> {
        let id = |held: &Arc<Held>| match &held.record {
            Record::DeskItem(item) => Some(item.contribution.id),
            _ => None,
        };
        desk.inbox.with(|inbox| {
            found.with(|found| found.iter().filter_map(|at| inbox.at(*at).and_then(id)).collect())
        })
    });
    let counts = shared(move || {
        let (unread, waiting) = desk.inbox.with(|inbox| (inbox.unread, inbox.to_answer));
        let (flagged, appealed) = desk.inbox.with(|inbox| (inbox.flagged, inbox.appealed));
        let awaiting = desk.inbox.with(|inbox| inbox.awaiting);
        let awaiting =
            (awaiting > 0).then(|| parts::tag("warn", n!(awaiting, desk_awaiting_a, desk_awaiting_s)));
        let flagged = (flagged > 0).then(|| parts::tag("warn", n!(flagged, desk_flagged_a, desk_flagged_s)));
        let appealed =
            (appealed > 0).then(|| parts::tag("warn", n!(appealed, desk_appealed_a, desk_appealed_s)));
        let unread = (unread > 0).then(|| parts::tag("act", n!(unread, desk_unread_a, desk_unread_s)));
        let waiting = (waiting > 0).then(|| parts::tag("", n!(waiting, desk_to_answer_a, desk_to_answer_s)));
        view! { {awaiting} {flagged} {appealed} {unread} {waiting} }
    });
    let nothing = shared(move || match (desk.inbox.with(|inbox| inbox.is_empty()), held.get()) {
        (true, None) if network.get().online => Some(parts::loading()),
        (true, None) => Some(shell::not_here(app, w!(desk_not_here))),
        (true, Some(_)) => Some(parts::empty(String::new(), w!(desk_empty), None)),
        (false, _) => (total.get() == 0)
            .then(|| view! { <p class="empty" role="status">{w!(desk_filter_empty)}</p> }.into_any()),
    });
    let keys_open = RwSignal::new(false);
    let pressed = move |event: web_sys::KeyboardEvent| key_pressed(&event, picking, keys_open, shown);
    let bar = live(move || picking.on.get().then(|| picking::bar(app, desk, picking, ids)));
    view! {
        <div class="panes-bar"><h1>{w!(desk_title)}</h1><span class="row">{counts}</span></div>
        <div class="stack-s page">
            {safekeeping}
            {due::notice(app, desk)}
            {search_box("q", w!(desk_search_label), query)}
            {filters(wanted)}
            {tools(desk, wanted, picking, keys_open)}
        </div>
        {nothing}
        <ul class="list" data-picking=move || picking.on.get().then_some("") on:keydown=on(pressed)>
            <For each=rows key=key children=move |it| row(app, &it, desk, picking) />
        </ul>
        {window::more(shown, total)}
        {bar}
    }
    .into_any()
}

/// More filters, choosing several, and the keys.
fn tools(desk: Desk, wanted: RwSignal<Wanted>, picking: Picking, keys_open: RwSignal<bool>) -> AnyView {
    let label = shared(move || if picking.on.get() { w!(desk_pick_stop) } else { w!(desk_pick) });
    let keys: Vec<AnyView> = [
        ("↓ J", w!(desk_keys_next)),
        ("↑ K", w!(desk_keys_before)),
        ("⏎", w!(desk_keys_open)),
        ("X", w!(desk_keys_pick)),
        ("?", w!(desk_keys_show)),
    ]
    .into_iter()
    .map(|(key, text)| view! { <li><kbd>{key}</kbd>" "{text}</li> }.into_any())
    .collect();
    let toggled = move |event: web_sys::Event| {
        let open = dates::target::<web_sys::Element>(&event).is_some_and(|it| it.has_attribute("open"));
        keys_open.set(open);
    };
    view! {
        <div class="tools">
            {more(desk, wanted)}
            <button type="button" class="btn btn-plain"
                on:click=on(move |_| picking.switch())>{label}</button>
            <details class="keys" open=move || keys_open.get() on:toggle=on(toggled)>
                <summary>{w!(desk_keys)}</summary>
                <ul class="stack-s small">{keys}</ul>
            </details>
        </div>
    }
    .into_any()
}

/// Keys count while the focus is in the list only, where nothing is typed.
fn key_pressed(
    event: &web_sys::KeyboardEvent,
    picking: Picking,
    keys_open: RwSignal<bool>,
    shown: RwSignal<usize>,
) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let row = dates::target::<web_sys::Element>(event).and_then(|it| it.closest("li").ok().flatten());
    let Some(row) = row else { return };
    match event.key().as_str() {
        "ArrowDown" | "j" | "J" => match row.next_element_sibling() {
            Some(next) => focus_link(&next),
            None => shown.update(|shown| *shown += AT_FIRST),
        },
        "ArrowUp" | "k" | "K" => {
            if let Some(before) = row.previous_element_sibling() {
                focus_link(&before);
            }
        }
        "x" | "X" => {
            if let Some(id) = row.get_attribute("data-id").and_then(|id| id.parse().ok()) {
                picking.toggle(id);
            }
        }
        "?" => keys_open.update(|open| *open = !*open),
        _ => return,
    }
    event.prevent_default();
}

fn focus_link(row: &web_sys::Element) {
    let link = row.query_selector(".list-link").ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

/// A row is drawn anew when something that it says changes.
fn key(row: &Row) -> String {
    let Row { held, supports, flags } = row;
    format!("{} {} {supports} {flags} {}", held.name, held.seq, shape(held))
}

/// What an unsent act changes in a row, where the record has no new place in the feed.
fn shape(held: &Held) -> String {
    let Record::DeskItem(item) = &held.record else { return String::new() };
    let state = match item.state {
        DeskState::Awaiting => "awaiting",
        DeskState::New => "new",
        DeskState::Answered => "answered",
        DeskState::Hidden(_) => "hidden",
        DeskState::Withdrawn => "withdrawn",
    };
    let step = item.step.as_ref().map_or("", |step| super::state::acts::name(&step.progress));
    let subject = item.contribution.subject().map(ToString::to_string).unwrap_or_default();
    let (reply, appeal) = (has_reply(item), awaits_verdict(item));
    format!("{state}{step}{subject}{reply}{appeal}{}", item.contribution.merged_into.is_some())
}

fn option(value: String, text: String) -> AnyView {
    view! { <option value=value>{text}</option> }.into_any()
}

/// Takes what a choice says into what is wanted.
fn by(wanted: RwSignal<Wanted>, change: fn(&mut Wanted, String)) -> Box<dyn FnMut(web_sys::Event)> {
    on(move |event: web_sys::Event| wanted.update(|wanted| change(wanted, event_target_value(&event))))
}

fn filters(wanted: RwSignal<Wanted>) -> AnyView {
    let states: Vec<AnyView> =
        Shown::ALL.into_iter().map(|shown| option(shown.name().to_owned(), say(shown))).collect();
    let sorts: Vec<AnyView> =
        Sort::ALL.into_iter().map(|sort| option(sort.name().to_owned(), say_sort(sort))).collect();
    view! {
        <div class="filters">
            <label class="visually-hidden" for="by-state">{w!(desk_filter_label)}</label>
            <select class="field-input" id="by-state" on:change=by(wanted, |wanted, value| wanted.shown = Shown::named(&value))>{states}</select>
            <label class="visually-hidden" for="by-kind">{w!(desk_filter_kind)}</label>
            <select class="field-input" id="by-kind" on:change=by(wanted, |wanted, value| wanted.sort = Sort::named(&value))>{sorts}</select>
        </div>
    }
    .into_any()
}

/// By subject and by consultation.
fn more(desk: Desk, wanted: RwSignal<Wanted>) -> AnyView {
    let subjects = shared(move || -> Vec<AnyView> {
        let all = desk.lists.get().map(|lists| lists.subjects).unwrap_or_default();
        all.into_iter().map(|it| option(it.id.to_string(), words::say(&it.short))).collect()
    });
    let consultations = shared(move || -> Vec<AnyView> {
        let all = |it: &Consultation| option(it.id.to_string(), words::say(&it.title));
        desk.consultations.with(|them| them.iter().map(all).collect())
    });
    view! {
        <details>
        <summary>{w!(desk_filter_more)}</summary>
        <div class="stack-s">
        <label class="visually-hidden" for="by-subject">{w!(consultation_filter_subject)}</label>
        <select class="field-input" id="by-subject" on:change=by(wanted, |wanted, value| wanted.subject = value.parse().ok())>
            <option value="">{w!(consultation_filter_all)}</option>{subjects}
        </select>
        <label class="visually-hidden" for="by-consultation">{w!(desk_filter_consultation)}</label>
        <select class="field-input" id="by-consultation" on:change=by(wanted, |wanted, value| wanted.consultation = value.parse().ok())>
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
        Shown::Awaiting => w!(desk_filter_awaiting),
        Shown::Unread => w!(desk_filter_unread),
        Shown::Waiting => w!(desk_filter_waiting),
        Shown::Replied => w!(desk_filter_replied),
        Shown::Flagged => w!(desk_filter_flagged),
        Shown::Appealed => w!(desk_filter_appealed),
        Shown::InDiscussion => w!(desk_step_in_discussion),
        Shown::OnAgenda => w!(desk_step_on_agenda),
        Shown::Settled => w!(desk_filter_settled),
        Shown::Answered => w!(desk_filter_answered),
        Shown::Hidden => w!(desk_filter_hidden),
        Shown::Withdrawn => w!(desk_filter_withdrawn),
    }
}

fn say_sort(sort: Sort) -> String {
    match sort {
        Sort::All => w!(desk_kind_all),
        Sort::Proposals => w!(desk_kind_proposals),
        Sort::Comments => w!(desk_kind_comments),
        Sort::Amendments => w!(desk_kind_amendments),
    }
}

fn row(app: App, row: &Row, desk: Desk, picking: Picking) -> AnyView {
    let Record::DeskItem(item) = &row.held.record else { return ().into_any() };
    draw(app, item, row, desk, picking)
}

fn draw(app: App, item: &DeskItem, row: &Row, desk: Desk, picking: Picking) -> AnyView {
    let supports = row.supports;
    let id = item.contribution.id;
    let title = item.contribution.title().to_string();
    let href = app.link(&Route::Inbox(Some(id)));
    let current = shared(move || app.route.with(|route| *route == Route::Inbox(Some(id))).then_some("true"));
    let unread = is_unread(item);
    let about = item.contribution.subject().cloned();
    let dot = about.is_some().then(|| shared(move || desk.lists.with(Option::is_some).then_some(" · ")));
    let subject =
        shared(move || desk.lists.with(|lists| about.as_ref().map(|about| subject_name(lists, about))));
    let name = title.clone();
    let pick = live(move || {
        picking.on.get().then(|| {
            let picked = move || picking.ids.with(|ids| ids.contains(&id));
            view! {
                <label class="list-pick">
                    <input type="checkbox" aria-label=w!(desk_pick_one, title = name.clone()) prop:checked=picked
                        on:change=on(move |_| picking.toggle(id)) />
                </label>
            }
        })
    });
    let comment = item.contribution.comment().is_some();
    let amends = item.contribution.amendment().is_some();
    let supports =
        (supports > 0).then(|| view! { <span>{n!(supports, support_count_a, support_count_s)}</span> });
    view! {
        <li class="list-row" data-unread=unread.then_some("") data-id=id.to_string()>
            {pick}
            <a class="list-link" href=href aria-current=current>
                <span class="list-title" dir="auto">
                    {unread.then(|| view! { <span class="visually-hidden">{w!(desk_item_new)} " : "</span> })}
                    {title}
                </span>
                <span class="list-text">{item::by(item)} {dot} {subject}</span>
                <span class="meta">
                    {comment.then(|| parts::tag("", w!(comment_on)))}
                    {amends.then(|| parts::tag("", w!(amend_tag)))}
                    {(stands(item) && row.flags > 0).then(|| parts::tag("warn", n!(row.flags, desk_flag_tag_a, desk_flag_tag_s)))}
                    {awaits_verdict(item).then(|| parts::tag("warn", w!(desk_item_appealed)))}
                    {has_reply(item).then(|| parts::tag("warn", w!(desk_item_replied)))}
                    {item::tags(item)}
                    <span>{dates::day(item.received_at)}</span>
                    {supports}
                </span>
            </a>
        </li>
    }
    .into_any()
}
