//! The list of the inbox: searched and filtered on the device, drawn as far as somebody has come,
//! moved through by keys.

use domain::ids::RecordId;
use domain::records::{Consultation, DeskItem};
use domain::scopes::Scope;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::inbox::Desk;
use super::picking::{self, Picking};
use super::state::list::{Inbox, awaits_verdict, has_reply, is_unread, stands};
use super::state::listed::{Asked, Listed};
use super::state::wanted::{Shown, Sort, Wanted};
use super::{due, item, safekeeping};
use crate::communities::search_box;
use crate::consultations::subject_name;
use crate::ui::live::{effect, live, memo, on, shared};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, shell, window, words};
use crate::{n, w};

/// So many rows fill a tablet’s column.
const AT_FIRST: usize = 12;
/// So many are drawn right after them, in a column that scrolls by itself; more when somebody has come to their end.
const SOON: usize = 30;

/// A row's item, with the exact number of its supporters and of those who pointed at it.
#[derive(Clone, PartialEq)]
struct Row {
    item: DeskItem,
    supports: u64,
    flags: usize,
}

impl Row {
    fn of(inbox: &Inbox, id: RecordId) -> Option<Self> {
        let item = inbox.get(id)?.clone();
        Some(Self { item, supports: inbox.supports(id), flags: inbox.flags(id).len() })
    }
}

/// The list with its tools.
pub fn list(app: App, desk: Desk, picking: Picking) -> AnyView {
    let community = desk.community();
    let safekeeping = safekeeping::warning(app, &community);
    let held = app.device().held(&Scope::Desk(community));
    let network = app.device().network();
    effect(move |_| {
        let inbox = desk.inbox.get();
        window::prepare(app, move || inbox.prepare(dates::normalize));
    });
    let wanted = RwSignal::new(Wanted::default());
    let query = RwSignal::new(String::new());
    effect(move |first| {
        let text = query.get();
        if !first {
            wanted.update(|wanted| wanted.query = text);
        }
    });
    let times = RwSignal::new(0);
    // What comes with the first pull is not looked at yet.
    let whole = memo(move || held.with(Option::is_some));
    let shown = window::opened(app, AT_FIRST, SOON, move || {
        wanted.track();
        times.track();
    });
    let listed = Memo::new(move |before: Option<&Listed>| {
        let asked = Asked { wanted: wanted.get(), times: times.get() };
        let before = whole.get().then_some(before).flatten();
        desk.inbox.with(|inbox| match before {
            Some(before) => Listed::after(before, shown.get_untracked(), inbox, asked, dates::normalize),
            None => Listed::all(inbox, asked, dates::normalize),
        })
    });
    let ids = Signal::derive(move || listed.with(|listed| listed.rows.clone()));
    let total = Signal::derive(move || listed.with(|listed| listed.rows.len()));
    let rows =
        move || listed.with(|listed| listed.rows.iter().take(shown.get()).copied().collect::<Vec<_>>());
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
        (true, None) if network.get().online => {
            Some(view! { <div class="page">{parts::loading()}</div> }.into_any())
        }
        (true, None) => Some(shell::not_here(app, w!(desk_not_here))),
        (true, Some(_)) => Some(parts::empty(String::new(), w!(desk_empty), None)),
        (false, _) => (total.get() == 0)
            .then(|| view! { <p class="empty" role="status">{w!(desk_filter_empty)}</p> }.into_any()),
    });
    let keys_open = RwSignal::new(false);
    let pressed = move |event: web_sys::KeyboardEvent| key_pressed(&event, picking, keys_open, shown);
    let bar = live(move || picking.on.get().then(|| picking::bar(app, desk, picking, ids)));
    view! {
        <div class="panes-bar"><h1>{w!(desk_title)}</h1><span class="row counts">{counts}</span></div>
        <div class="stack-s page">
            {safekeeping}
            {due::notice(app, desk)}
            {search_box("q", w!(desk_search_label), query)}
            {filters(wanted)}
            {tools(desk, wanted, picking, keys_open)}
        </div>
        {arrivals(listed, times)}
        {nothing}
        <ul class="list" data-inbox="" data-picking=move || picking.on.get().then_some("") on:keydown=on(pressed)>
            <For each=rows key=|id| *id children=move |id| row(app, id, desk, picking) />
        </ul>
        {window::more(shown, total)}
        {bar}
    }
    .into_any()
}

/// How many there are, or how many more by now. The line is always there: it would move the rows itself.
fn arrivals(listed: Memo<Listed>, times: RwSignal<u32>) -> AnyView {
    let waiting = memo(move || listed.with(|listed| listed.waiting));
    let total = memo(move || listed.with(|listed| listed.rows.len()));
    let show = move |_| {
        times.update(|times| *times += 1);
        request_animation_frame(|| {
            if let Ok(Some(first)) = document().query_selector(".list[data-inbox] > .list-row") {
                focus_link(&first);
            }
        });
    };
    view! {
        <div class="list-count" role="status">
            <span class="small soft" hidden=move || { waiting.get() > 0 || total.get() == 0 }>
                {move || n!(total.get(), home_contributions_a, home_contributions_s)}
            </span>
            <button type="button" class="btn btn-quiet btn-wide" hidden=move || waiting.get() == 0 on:click=on(show)>
                {move || n!(waiting.get(), desk_arrived_a, desk_arrived_s)}
            </button>
        </div>
    }
    .into_any()
}

/// More filters, choosing several, and the keys.
fn tools(desk: Desk, wanted: RwSignal<Wanted>, picking: Picking, keys_open: RwSignal<bool>) -> AnyView {
    let label = shared(move || if picking.on.get() { w!(desk_pick_stop) } else { w!(desk_pick) });
    let toggled = move |event| keys_open.set(dates::is_open(&event));
    view! {
        <div class="tools">
            {more(desk, wanted)}
            <button type="button" class="btn btn-plain"
                on:click=on(move |_| picking.switch())>{label}</button>
            <details class="keys" open=move || keys_open.get() on:toggle=on(toggled)>
                <summary>{w!(desk_keys)}</summary>
                {live(move || keys_open.get().then(keys))}
            </details>
        </div>
    }
    .into_any()
}

/// The keys, once somebody asks for them.
fn keys() -> AnyView {
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
    view! { <ul class="stack-s small">{keys}</ul> }.into_any()
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
            None => shown.update(|shown| *shown += SOON),
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

/// By subject and by consultation: drawn once they are unfolded, and there from then on.
fn more(desk: Desk, wanted: RwSignal<Wanted>) -> AnyView {
    let unfolded = RwSignal::new(false);
    let drawn = memo(move || unfolded.get());
    let toggled = move |event| unfolded.update(|unfolded| *unfolded |= dates::is_open(&event));
    view! {
        <details on:toggle=on(toggled)>
            <summary>{w!(desk_filter_more)}</summary>
            {live(move || drawn.get().then(|| rarer(desk, wanted)))}
        </details>
    }
    .into_any()
}

fn rarer(desk: Desk, wanted: RwSignal<Wanted>) -> AnyView {
    let subjects = shared(move || -> Vec<AnyView> {
        let all = desk.lists.get().map(|lists| lists.subjects).unwrap_or_default();
        all.into_iter().map(|it| option(it.id.to_string(), words::say(&it.short))).collect()
    });
    let consultations = shared(move || -> Vec<AnyView> {
        let all = |it: &Consultation| option(it.id.to_string(), words::say(&it.title));
        desk.consultations.with(|them| them.iter().map(all).collect())
    });
    view! {
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

/// A row stands as long as its item: what changes in it is drawn within, under a finger or the focus.
fn row(app: App, id: RecordId, desk: Desk, picking: Picking) -> AnyView {
    let row = memo(move || desk.inbox.with(|inbox| Row::of(inbox, id)));
    let href = app.link(&Route::Inbox(Some(id)));
    let current = shared(move || app.route.with(|route| *route == Route::Inbox(Some(id))).then_some("true"));
    let unread = move || row.with(|row| row.as_ref().is_some_and(|row| is_unread(&row.item))).then_some("");
    let pick = live(move || {
        picking.on.get().then(|| {
            let picked = move || picking.ids.with(|ids| ids.contains(&id));
            let title = row.with_untracked(|row| row.as_ref().map(|row| row.item.contribution.title().to_string()));
            view! {
                <label class="list-pick">
                    <input type="checkbox" aria-label=w!(desk_pick_one, title = title.unwrap_or_default()) prop:checked=picked
                        on:change=on(move |_| picking.toggle(id)) />
                </label>
            }
        })
    });
    let said = live(move || row.with(|row| row.as_ref().map(|row| said(desk, row))));
    view! {
        <li class="list-row" data-unread=unread data-id=id.to_string()>
            {pick}
            <a class="list-link" href=href aria-current=current>{said}</a>
        </li>
    }
    .into_any()
}

/// What a row says.
fn said(desk: Desk, row: &Row) -> AnyView {
    let Row { item, supports, flags } = row;
    let title = item.contribution.title().to_string();
    let about = item.contribution.subject().cloned();
    let dot = about.is_some().then(|| shared(move || desk.lists.with(Option::is_some).then_some(" · ")));
    let subject =
        shared(move || desk.lists.with(|lists| about.as_ref().map(|about| subject_name(lists, about))));
    let comment = item.contribution.comment().is_some();
    let amends = item.contribution.amendment().is_some();
    let supports =
        (*supports > 0).then(|| view! { <span>{n!(*supports, support_count_a, support_count_s)}</span> });
    view! {
        <span class="list-title" dir="auto">
            {is_unread(item).then(|| view! { <span class="visually-hidden">{w!(desk_item_new)} {crate::ui::words::colon()}</span> })}
            {title}
        </span>
        <span class="list-text">{item::by(item)} {dot} {subject}</span>
        <span class="meta">
            {comment.then(|| parts::tag("", w!(comment_on)))}
            {amends.then(|| parts::tag("", w!(amend_tag)))}
            {(stands(item) && *flags > 0).then(|| parts::tag("warn", n!(*flags, desk_flag_tag_a, desk_flag_tag_s)))}
            {awaits_verdict(item).then(|| parts::tag("warn", w!(desk_item_appealed)))}
            {has_reply(item).then(|| parts::tag("warn", w!(desk_item_replied)))}
            {item::tags(item)}
            <span>{dates::day(item.received_at)}</span>
            {supports}
        </span>
    }
    .into_any()
}
