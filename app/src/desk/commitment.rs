//! One commitment: its log, and the form that adds to it.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::operations::{Action, ReportProgress};
use domain::records::Commitment;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::acts;
use super::committing::{end_of, links};
use super::inbox::{Desk, office};
use super::state::commitments::{ReportProblem, STATES, delivery};
use super::two::{Boxes, Two, languages};
use crate::commitments::{card, follows, state};
use crate::offline::Held;
use crate::ui::field::{Errors, Field, error_of, field, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::routes::Route;
use crate::ui::{App, page, parts, shell, typed};
use crate::w;

const TEXT: [&str; 2] = ["report-first", "report-second"];

/// The commitment, as far as it is here.
type One = Memo<Option<Arc<Held>>>;

/// Under which name the form keeps what is typed.
pub fn kept_as(record: RecordId) -> String {
    format!("report {record}")
}

fn label(english: bool) -> String {
    if english { w!(desk_report_text_en) } else { w!(desk_report_text_fr) }
}

fn said(state: &str) -> String {
    match state {
        "under_way" => w!(commitment_under_way),
        "moved" => w!(desk_report_moved),
        "done" => w!(commitment_done),
        _ => w!(commitment_given_up),
    }
}

/// The page.
pub fn page(app: App, record: RecordId) -> AnyView {
    page::title(|| w!(desk_kind_commit));
    office(app, move |desk| {
        let held = memo(move || {
            let same = |it: &Commitment| it.id == record;
            desk.commitments.with(|all| all.iter().find(|held| state::of(held).is_some_and(same)).cloned())
        });
        // The form is drawn once: what is added to the log must not take away what is typed.
        let there = memo(move || {
            let over = held.with(|held| Some(state::of(held.as_ref()?)?.is_over()));
            (over, desk.lists.with(Option::is_some))
        });
        live(move || match there.get() {
            (Some(over), true) => {
                let of = held.with_untracked(|held| Some(state::of(held.as_ref()?)?.consultation));
                let back =
                    of.map(|of| parts::link("", app.link(&Route::DeskCommitments(of)), w!(commitment_title)));
                let form = match over {
                    true => view! { <p class="soft">{w!(desk_report_over)}</p> }.into_any(),
                    false => form(app, desk, held),
                };
                view! { {parts::head(back, w!(desk_kind_commit), None)} {shown(app, desk, held)} {form} }
                    .into_any()
            }
            _ => shell::absent(
                app,
                &Scope::Desk(desk.community()),
                || w!(desk_report_missing),
                || w!(desk_not_here),
            ),
        })
    })
}

/// What everyone sees of it.
fn shown(app: App, desk: Desk, held: One) -> AnyView {
    live(move || {
        app.clock.track();
        let held = held.get()?;
        let from = follows(links(app, desk, state::of(&held)?));
        Some(card(&held, app.device().server_now(), from, None))
    })
}

fn form(app: App, desk: Desk, held: One) -> AnyView {
    let Some(first) = held.with_untracked(|held| state::of(held.as_ref()?).cloned()) else {
        return ().into_any();
    };
    let (consultation, record) = (first.consultation, first.id);
    let (chosen, day) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let text = Two::empty(&desk.lists.with_untracked(|lists| languages(lists.as_ref())));
    let mut fields = text.named("");
    fields.extend([("state".to_owned(), chosen), ("day".to_owned(), day)]);
    typed::keep(app, &kept_as(record), fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let boxes = Boxes::texts(TEXT, label);
    let send = {
        let text = text.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let mut wrong = Vec::new();
            let due = held.with_untracked(|held| state::of(held.as_ref()?).map(Commitment::due));
            let due = due.unwrap_or(first.promised);
            let found = delivery(&chosen.get_untracked(), end_of(day), due, app.device().server_now());
            let found = found.map_err(|problem| {
                wrong.push(match problem {
                    ReportProblem::State => ("report-state", w!(desk_report_error_state)),
                    ReportProblem::Day => ("report-day", w!(desk_report_error_day)),
                });
            });
            let said = text.read(&boxes).map_err(|found| wrong.extend(found));
            errors.set(wrong);
            let (Ok(state), Ok(said)) = (found, said) else { return };
            let report = ReportProgress { consultation, record, text: said, state };
            let text = text.clone();
            let empty = move || {
                text.fill(&[]);
                chosen.set(String::new());
                day.set(String::new());
            };
            acts::keep(app, desk.community(), Action::ReportProgress(report), kept_as(record), empty);
        }
    };
    let options: Vec<AnyView> = STATES
        .into_iter()
        .map(|name| {
            let selected = move || chosen.with(|chosen| chosen == name);
            view! { <option value=name selected=selected>{said(name)}</option> }.into_any()
        })
        .collect();
    let more = live(move || {
        let asked = Field {
            id: "report-day",
            label: w!(desk_report_day),
            kind: "date",
            class: "field-short",
            ..Field::default()
        };
        (chosen.get() == "moved").then(|| field(asked, day, errors, Signal::derive(|| false), None))
    });
    let none = move || chosen.with(String::is_empty);
    let wrong = move || error_of(errors, "report-state");
    view! {
        <section class="stack" aria-labelledby="to-report">
            <h2 id="to-report">{w!(desk_commit_add)}</h2>
            {summary(errors)}
            <form class="stack" novalidate on:submit=on(send)>
                <div class="field">
                    <label class="field-label" for="report-state">{w!(desk_report_label)}</label>
                    <p class="field-hint" id="report-state-hint">{w!(desk_report_note)}</p>
                    {move || wrong().map(|text| view! { <p class="field-error" id="report-state-error">{text}</p> })}
                    <select class="field-input" id="report-state" aria-describedby="report-state-hint"
                        on:change=on(move |event| chosen.set(event_target_value(&event)))>
                        <option value="" selected=none>{w!(desk_report_choose)}</option>
                        {options}
                    </select>
                </div>
                {more}
                {text.draw(boxes, errors)}
                <p class="actions"><button class="btn" type="submit">{w!(desk_report_save)}</button></p>
            </form>
        </section>
    }
    .into_any()
}
