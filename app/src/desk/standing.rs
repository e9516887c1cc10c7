//! Where a contribution stands, and about what it is: said by the office, changed at any time.

use domain::operations::{Action, File, Mark};
use domain::records::DeskItem;
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::acts::{STEPS, StepProblem, name, progress};
use super::two::{Boxes, Two, languages};
use super::{acts, item, picking};
use crate::consultations::subject_name;
use crate::ui::field::{Errors, Field, error_of, field};
use crate::ui::live::{live, memo, on, shared};
use crate::ui::{App, dates, page, parts, typed};
use crate::w;

const REASON: [&str; 2] = ["reason-first", "reason-second"];

fn reason_label(english: bool) -> String {
    if english { w!(desk_step_reason_en) } else { w!(desk_step_reason_fr) }
}

fn said(step: &str) -> String {
    match step {
        "read" => w!(desk_step_read),
        "in_discussion" => w!(desk_step_in_discussion),
        "on_agenda" => w!(desk_step_on_agenda),
        "decided" => w!(desk_step_decided),
        "done" => w!(desk_step_done),
        _ => w!(desk_step_declined),
    }
}

/// The line, with the form behind it.
pub fn fold(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let now = first.step.as_ref().map_or("", |step| name(&step.progress));
    let step = RwSignal::new(if now == "read" { "" } else { now }.to_owned());
    let day = RwSignal::new(String::new());
    let reason = Two::empty(&desk.lists.with_untracked(|lists| languages(lists.as_ref())));
    let kept_as = format!("mark {record}");
    let mut fields = reason.named("reason ");
    fields.extend([("step".to_owned(), step), ("day".to_owned(), day)]);
    typed::keep(app, &kept_as, fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let boxes = Boxes::texts(REASON, reason_label);
    let save = {
        let reason = reason.clone();
        move || {
            let Some(first) = reason.langs.first() else { return };
            let on_day = dates::from_input(&format!("{}T12:00", day.get_untracked()));
            match progress(&step.get_untracked(), on_day, first, &reason.written()) {
                Ok(progress) => {
                    errors.set(Vec::new());
                    let mark = Mark { consultation, record, progress };
                    acts::keep(app, desk.community(), Action::Mark(mark), kept_as.clone(), || ());
                }
                Err(wrong) => {
                    let wrong = match wrong {
                        StepProblem::None => vec![("step", w!(desk_step_error))],
                        StepProblem::Day => vec![("step-day", w!(desk_step_error_day))],
                        StepProblem::Reason(wrong) => {
                            wrong.iter().map(|wrong| reason.at_box(wrong, &boxes)).collect()
                        }
                    };
                    let at = wrong.first().map(|(field, _)| *field);
                    errors.set(wrong);
                    at.into_iter().for_each(page::focus_soon);
                }
            }
        }
    };
    let options: Vec<AnyView> = STEPS
        .into_iter()
        .filter(|name| *name != "read")
        .map(|name| {
            let selected = move || step.with(|step| step == name);
            view! { <option value=name selected=selected>{said(name)}</option> }.into_any()
        })
        .collect();
    let more = live(move || match step.get().as_str() {
        "on_agenda" => {
            let asked = Field {
                id: "step-day",
                label: w!(desk_step_day),
                kind: "date",
                class: "field-short",
                ..Field::default()
            };
            Some(field(asked, day, errors, Signal::derive(|| false), None))
        }
        "declined" => Some(reason.draw(boxes, errors)),
        _ => None,
    });
    let summary = shared(move || {
        let step = item.with(|item| item.as_ref().and_then(|item| item.step.clone()));
        w!(desk_step_now, step = step.map_or_else(|| w!(desk_step_unread), |step| item::say(&step.progress)))
    });
    let note = shared(move || match step.get().as_str() {
        "decided" => w!(desk_step_decided_note),
        _ => w!(desk_step_note),
    });
    let wrong = move || error_of(errors, "step");
    view! {
        <details class="fold" id="standing">
            <summary>{summary}</summary>
            <div class="fold-body stack">
                <div class="field">
                    <label class="field-label" for="step">{w!(desk_step_label)}</label>
                    <p class="field-hint" id="step-hint">{note}</p>
                    {move || wrong().map(|text| view! { <p class="field-error">{text}</p> })}
                    <select class="field-input" id="step" aria-describedby="step-hint"
                        on:change=on(move |event| step.set(event_target_value(&event)))>
                        <option value="">{w!(desk_step_choose)}</option>
                        {options}
                    </select>
                </div>
                {more}
                <p class="actions">{parts::button("btn btn-quiet", w!(desk_save), save)}</p>
            </div>
        </details>
    }
    .into_any()
}

/// About what it is.
pub fn subject(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let now = memo(move || item.with(|item| item.as_ref()?.contribution.subject().cloned()));
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let chosen = RwSignal::new(now.get_untracked().map(|subject| subject.to_string()).unwrap_or_default());
    let summary = shared(move || {
        let name = now.get().map(|now| desk.lists.with(|lists| subject_name(lists, &now)));
        w!(desk_subject_now, subject = name.unwrap_or_default())
    });
    let save = move || {
        let Ok(subject) = chosen.get_untracked().parse() else { return };
        if now.get_untracked().as_ref() != Some(&subject) {
            let file = File { consultation, record, subject };
            acts::act(app, &desk.community(), Action::File(file));
        }
    };
    view! {
        <details class="fold">
            <summary>{summary}</summary>
            <div class="fold-body stack">
                {picking::subjects("subject", desk, chosen)}
                <p class="actions">{parts::button("btn btn-quiet", w!(desk_save), save)}</p>
            </div>
        </details>
    }
    .into_any()
}
