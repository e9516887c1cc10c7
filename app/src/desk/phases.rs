//! The course of a consultation that is being written: one date, or the five phases with theirs.

use domain::phases::Phase;
use domain::time::Millis;
use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::inputs::YES;
use super::open::Typed;
use super::state::opening::Dates;
use crate::ui::field::{Errors, Field, field};
use crate::ui::live::live;
use crate::ui::{dates, parts};
use crate::{consultations, w};

/// Each phase with the names of its two fields.
pub const IDS: [(Phase, &str, &str); 5] = [
    (Phase::Inform, "inform-from", "inform-until"),
    (Phase::Contribute, "contribute-from", "contribute-until"),
    (Phase::Discuss, "discuss-from", "discuss-until"),
    (Phase::Decide, "decide-from", "decide-until"),
    (Phase::FollowUp, "follow-up-from", "follow-up-until"),
];

/// A phase as typed.
#[derive(Clone, Copy)]
pub struct Days {
    /// Which, and the names of its fields.
    pub ids: (Phase, &'static str, &'static str),
    /// Its first day.
    pub from: RwSignal<String>,
    /// Its last day.
    pub until: RwSignal<String>,
}

impl Days {
    /// From the first instant of the first day until the end of the last.
    pub fn read(&self) -> Dates {
        let at = |day: RwSignal<String>, time: &str| {
            day.with_untracked(|day| dates::from_input(&[day.as_str(), time].concat()))
        };
        Dates { phase: self.ids.0, from: at(self.from, "T00:00"), until: at(self.until, "T24:00") }
    }
}

fn ids(phase: Phase) -> (Phase, &'static str, &'static str) {
    IDS.into_iter().find(|(known, ..)| *known == phase).unwrap_or(IDS[1])
}

/// The field of a phase's first day.
pub fn from_id(phase: Phase) -> &'static str {
    ids(phase).1
}

/// The field of a phase's last day.
pub fn until_id(phase: Phase) -> &'static str {
    ids(phase).2
}

fn hint(phase: Phase) -> String {
    match phase {
        Phase::Inform => w!(desk_phase_inform),
        Phase::Contribute => w!(desk_phase_contribute),
        Phase::Discuss => w!(desk_phase_discuss),
        Phase::Decide => w!(desk_phase_decide),
        Phase::FollowUp => w!(desk_phase_follow_up),
    }
}

/// A day, so many after that instant, as a native input writes it. Counted by the calendar: where the
/// clock changes, a day has not always as many hours.
pub fn day(from: Millis, days: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "dates stay below 2^53")]
    let start = Date::new(&JsValue::from_f64(from.0 as f64));
    let day = i64::from(start.get_date()).saturating_add(days);
    let (year, month) = (start.get_full_year(), i32::try_from(start.get_month()).unwrap_or(0));
    let at = Date::new_with_year_month_day(year, month, i32::try_from(day).unwrap_or(1));
    format!("{:04}-{:02}-{:02}", at.get_full_year(), at.get_month() + 1, at.get_date())
}

/// The dates.
pub fn section(typed: &Typed, errors: Errors) -> AnyView {
    let typed = typed.clone();
    let several = typed.several;
    let one = Field {
        id: "closes",
        label: w!(desk_open_closes_label),
        hint: w!(desk_open_local),
        kind: "datetime-local",
        ..Field::default()
    };
    live(move || {
        if typed.is_several() {
            let less =
                parts::button("btn btn-plain", w!(desk_phases_less), move || several.set(String::new()));
            let rows: Vec<AnyView> = typed.phases.iter().map(|days| row(days, errors)).collect();
            return view! {
                <section class="stack" aria-labelledby="phases">
                    <h2 id="phases">{w!(desk_phases)}</h2>
                    <p class="soft">{w!(desk_phases_help)}</p>
                    <div class="phases">{rows}</div>
                    <p class="actions">{less}</p>
                </section>
            }
            .into_any();
        }
        let more = parts::button("btn btn-plain", w!(desk_phases_more), move || several.set(YES.to_owned()));
        view! {
            <div class="stack-s">
                {field(one.clone(), typed.closes, errors, Signal::derive(|| false), None)}
                <p class="actions">{more}</p>
            </div>
        }
        .into_any()
    })
}

fn row(days: &Days, errors: Errors) -> AnyView {
    let (phase, from, until) = days.ids;
    let date = |id: &'static str, label: String, value: RwSignal<String>| {
        let asked = Field { id, label, kind: "date", ..Field::default() };
        field(asked, value, errors, Signal::derive(|| false), None)
    };
    view! {
        <fieldset class="phases-row">
            <legend class="field-label">{consultations::phase(phase)}</legend>
            <p class="field-hint">{hint(phase)}</p>
            <div class="phases-dates">
                {date(from, w!(desk_phase_from), days.from)}
                {date(until, w!(desk_phase_until), days.until)}
            </div>
        </fieldset>
    }
    .into_any()
}
