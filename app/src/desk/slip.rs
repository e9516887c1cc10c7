//! The slip that a person takes along: what was entered for them, its number, where to see what becomes of it, and
//! the code that takes it back. The code is on this device until the slip was handed over, and nowhere after that.

use domain::codes::SlipCode;
use domain::ids::RecordId;
use domain::operations::{Act, Way};
use domain::outbox::Item;
use domain::receipts::Receipt;
use domain::records::{Community, Consultation};
use domain::text::{Localized, Title};
use domain::time::Millis;
use leptos::prelude::*;

use super::entering::Written;
use super::inbox::Desk;
use super::state::entering::{name_of, way};
use super::two::languages;
use super::{print, within};
use crate::ui::live::live;
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, typed, words};
use crate::w;

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_slip_title), draw)
}

/// Under which name the slip is kept until it is handed over.
pub fn kept_as(consultation: RecordId) -> String {
    format!("slip {consultation}")
}

/// What was entered, by name.
fn kind(act: &Act) -> &'static str {
    match act {
        Act::Propose(_) => "propose",
        Act::Comment(_) => "comment",
        Act::Support(_) => "support",
        Act::Amend(_) => "amend",
        Act::Cast(_) => "cast",
        Act::Respond(_) => "respond",
    }
}

/// What stands on the slip of what was sealed, as it is kept. What a ballot or answers say is not there.
pub fn values(written: &Written, way: Way, code: SlipCode, now: Millis, item: &Item) -> typed::Values {
    let at = written.at.as_ref().map(ToString::to_string);
    let record = item.entry().map(|entry| entry.record().to_string());
    let number = item.operation().ok().map(|operation| Receipt::number(&operation.hash));
    [
        ("kind", kind(&written.act).to_owned()),
        ("title", written.title.clone()),
        ("text", written.text.clone()),
        ("way", name_of(way).to_owned()),
        ("code", code.to_string()),
        ("when", now.0.to_string()),
        ("at", at.unwrap_or_default()),
        ("record", record.unwrap_or_default()),
        ("number", number.unwrap_or_default()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// The slip as it is kept.
#[derive(Clone, Copy)]
struct Slip {
    kind: RwSignal<String>,
    title: RwSignal<String>,
    text: RwSignal<String>,
    way: RwSignal<String>,
    code: RwSignal<String>,
    when: RwSignal<String>,
    at: RwSignal<String>,
    record: RwSignal<String>,
    number: RwSignal<String>,
}

impl Slip {
    fn read(app: App, consultation: RecordId) -> Self {
        let empty = || RwSignal::new(String::new());
        let it = Self {
            kind: empty(),
            title: empty(),
            text: empty(),
            way: empty(),
            code: empty(),
            when: empty(),
            at: empty(),
            record: empty(),
            number: empty(),
        };
        let fields = [
            ("kind", it.kind),
            ("title", it.title),
            ("text", it.text),
            ("way", it.way),
            ("code", it.code),
            ("when", it.when),
            ("at", it.at),
            ("record", it.record),
            ("number", it.number),
        ];
        typed::keep(app, &kept_as(consultation), fields.map(|(name, field)| (name.to_owned(), field)).into());
        it
    }
}

/// A slip that was not handed over yet, with the way to it.
pub fn waits(app: App, consultation: RecordId) -> AnyView {
    let slip = Slip::read(app, consultation);
    live(move || {
        // Only what is sealed has a number.
        slip.number.with(|number| !number.is_empty()).then(|| {
            let to =
                parts::link("btn btn-quiet", app.link(&Route::DeskSlip(consultation)), w!(desk_slip_title));
            parts::notice("warn", String::new(), w!(desk_slip_waits), Some(to))
        })
    })
}

fn draw(app: App, desk: Desk, it: &Consultation) -> AnyView {
    let slip = Slip::read(app, it.id);
    let (consultation, asked) = (it.id, it.title.clone());
    let sheet = live(move || {
        let lists = desk.lists.get()?;
        if slip.number.with(String::is_empty) {
            return Some(view! { <p class="soft">{w!(desk_slip_none)}</p> }.into_any());
        }
        let tongue = languages(Some(&lists));
        let here =
            tongue.iter().find(|lang| lang.as_str() == words::code()).or_else(|| tongue.first())?.clone();
        let one = words::within(&here, || inside(&lists, slip, consultation, &asked));
        Some(print::sheets(vec![print::sheet(&here, one)]))
    });
    let leave = move |to: Route| {
        move || {
            let to = to.clone();
            app.spawn(async move {
                typed::forget(app, &kept_as(consultation)).await;
                app.go(&to);
            });
        }
    };
    view! {
        {within::head(app, w!(desk_slip_title), it, None)}
        <p class="soft">{w!(desk_slip_intro)}</p>
        {sheet}
        <p class="actions">
            {parts::button("btn btn-quiet", w!(desk_slip_next), leave(Route::DeskEnter(consultation)))}
            {parts::button("btn btn-plain", w!(desk_slip_done), leave(Route::DeskConsultations))}
        </p>
    }
    .into_any()
}

/// What it was, in words.
fn what(kind: &str) -> String {
    match kind {
        "propose" => w!(desk_enter_propose),
        "comment" => w!(desk_enter_comment),
        "support" => w!(desk_enter_support),
        "amend" => w!(desk_enter_amend),
        "cast" => w!(kind_cast),
        _ => w!(kind_respond),
    }
}

fn inside(lists: &Community, slip: Slip, consultation: RecordId, asked: &Localized<Title>) -> AnyView {
    let place = lists.place.name.to_string();
    let when = Millis(slip.when.with(|when| when.parse().unwrap_or_default()));
    let noted = match slip.way.with(|name| way(name)) {
        Some(Way::Paper) => w!(desk_slip_paper, community = place, date = dates::moment(when)),
        _ => w!(desk_slip_noted, community = place, date = dates::moment(when)),
    };
    let kind = slip.kind.get();
    let secret = matches!(kind.as_str(), "cast" | "respond");
    let ends = match kind.as_str() {
        "cast" | "respond" => Some(w!(desk_slip_until_counted)),
        "support" => Some(w!(desk_slip_until_closed)),
        _ => None,
    };
    let own = slip.record.with(|record| record.parse::<RecordId>().ok());
    let own = own.map(|id| Route::Contribution(lists.place.slug.clone(), consultation, id).to_string());
    let path = Some(slip.at.get()).filter(|at| !at.is_empty()).or(own).unwrap_or_default();
    let address = [print::origin().as_str(), &path].concat();
    let text = Some(slip.text.get()).filter(|text| !text.is_empty());
    view! {
        {print::head(lists, w!(desk_slip_head))}
        <p dir="auto">{words::say(asked)}</p>
        <p><strong>{what(&kind)}</strong>{crate::ui::words::colon()}<span dir="auto">{slip.title.get()}</span></p>
        {text.map(|text| parts::words_of("person", text, None))}
        {secret.then(|| view! { <p class="small">{w!(desk_slip_secret)}</p> })}
        <p>{noted}" "<span class="receipt">{w!(sent_receipt_number, number = slip.number.get())}</span></p>
        <div class="slip-code">
            <p class="small">{w!(desk_slip_code)}</p>
            <p class="slip-code-text">{slip.code.get()}</p>
        </div>
        <p>{w!(desk_slip_take_back)}" "{ends}</p>
        <div class="sheets-ways">
            {print::photographed(&address)}
            <p>
                {w!(desk_slip_follow)}" "<strong class="nobr">{print::short(lists)}</strong><br />
                <span class="small" dir="auto">{words::say(asked)}</span>
            </p>
        </div>
    }
    .into_any()
}
