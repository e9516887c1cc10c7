//! A consultation as a notice: for the form that writes one, and for the church door.

use domain::phases::{Form, Phase};
use domain::records::Consultation;
use domain::time::Millis;
use leptos::prelude::*;

use crate::ui::{dates, parts, words};
use crate::{consultations, w};

/// What a notice says, in one language.
pub struct Notice {
    /// What is asked.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Its dates.
    pub course: Vec<AnyView>,
    /// Who decides.
    pub decided_by: Option<String>,
    /// What is done with the contributions.
    pub used_for: Option<String>,
    /// What people may do.
    pub takes: Vec<Form>,
}

impl Notice {
    /// Of a consultation that is there, in the language that is drawn.
    pub fn of(it: &Consultation) -> Self {
        let mut course: Vec<AnyView> = if it.phases.iter().count() > 1 {
            it.phases.iter().map(|one| period(one.phase, one.from, one.until)).collect()
        } else {
            vec![closes(it.closes_at())]
        };
        course.extend(it.answer_by.map(promise));
        Self {
            title: words::say(&it.title),
            summary: words::say(&it.summary),
            course,
            decided_by: it.decided_by.as_ref().map(words::say),
            used_for: it.used_for.as_ref().map(words::say),
            takes: it.takes.clone(),
        }
    }

    /// The notice.
    pub fn draw(self) -> AnyView {
        let parts_of = self.summary.split("\n\n").filter(|part| !part.trim().is_empty());
        let paragraphs: Vec<AnyView> =
            parts_of.map(|part| view! { <p dir="auto">{part.to_owned()}</p> }.into_any()).collect();
        let said = |label: String, text: Option<String>| {
            text.map(|text| view! { <li><strong>{label}</strong>{crate::ui::words::colon()}<span dir="auto">{text}</span></li> })
        };
        let act = |form: &Form| {
            let text = match form {
                Form::Proposals => w!(consultation_propose),
                Form::Comments => w!(consultation_comment),
                Form::Support => w!(support_give),
                Form::Amendments => w!(amend_do),
            };
            parts::tag("act", text)
        };
        let acts: Vec<AnyView> = self.takes.iter().map(act).collect();
        view! {
            <p class="meta">{parts::tag("act", w!(home_contribute))}</p>
            <h3 dir="auto">{self.title}</h3>
            {paragraphs}
            <ul class="bullets">
                {self.course}
                {said(w!(consultation_who), self.decided_by)}
                {said(w!(consultation_used_for), self.used_for)}
                <li>{w!(consultation_advice)}</li>
            </ul>
            <p class="meta">{acts}</p>
        }
        .into_any()
    }
}

/// A phase with its dates.
pub fn period(phase: Phase, from: Millis, until: Millis) -> AnyView {
    let dates = w!(phase_dates, from = dates::day(from), until = dates::day(until.plus(-1)));
    view! { <li><strong>{consultations::phase(phase)}</strong>{crate::ui::words::colon()}{dates}</li> }
        .into_any()
}

/// When it closes.
pub fn closes(at: Millis) -> AnyView {
    view! { <li>{w!(consultation_closes_at, date = dates::day(at), time = dates::time(at))}</li> }.into_any()
}

/// Until when an answer is promised.
pub fn promise(by: Millis) -> AnyView {
    view! { <li>{w!(consultation_promise, date = dates::day(by))}</li> }.into_any()
}
