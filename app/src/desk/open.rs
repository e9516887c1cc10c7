//! Opening a consultation: begun from a template or an earlier one, in both languages, with its
//! course, seen as people will see it, read once more in a dialog.

use domain::operations::{Action, Model, OpenConsultation};
use domain::phases::{Form, Phase, PhaseProblem};
use domain::text::{Lang, Text, Title};
use leptos::prelude::*;

use super::composing::{self, take_id};
use super::inbox::{Desk, office};
use super::inputs::YES;
use super::state::answers::open_place;
use super::state::opening::{self, Dates, OpenForm, OpenProblem};
use super::state::templates::Start;
use super::steps::Steps;
use super::two::{Boxes, Two, languages};
use super::{phases, preview, sharing, starting};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, Field, field, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, typed, words};
use crate::{proposals, w};

/// Everything that is typed into the form.
#[derive(Clone)]
pub struct Typed {
    /// What is asked.
    pub titles: Two,
    /// What it is about.
    pub summaries: Two,
    /// Who decides.
    pub decided_by: Two,
    /// What is done with the contributions.
    pub used_for: Two,
    /// What people may do, each [`YES`] or nothing.
    pub takes: [(Form, RwSignal<String>); 4],
    /// When the one phase closes.
    pub closes: RwSignal<String>,
    /// [`YES`] when there are several phases.
    pub several: RwSignal<String>,
    /// The first and the last day of each.
    pub phases: Vec<phases::Days>,
    /// For those who were offline, in hours.
    pub grace: RwSignal<String>,
    /// The day of the answer.
    pub promise: RwSignal<String>,
    /// The community and the consultation whose words it began from, where it is another's.
    pub adapted_from: RwSignal<String>,
    /// The communities that are invited, by their ids.
    pub shared_with: RwSignal<String>,
}

impl Typed {
    fn new(langs: &[Lang]) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            titles: Two::empty(langs),
            summaries: Two::empty(langs),
            decided_by: Two::empty(langs),
            used_for: Two::empty(langs),
            takes: Form::ALL.map(|form| {
                (form, RwSignal::new(if Form::USUAL.contains(&form) { YES } else { "" }.to_owned()))
            }),
            closes: empty(),
            several: empty(),
            phases: phases::IDS.map(|ids| phases::Days { ids, from: empty(), until: empty() }).to_vec(),
            grace: RwSignal::new("48".to_owned()),
            promise: empty(),
            adapted_from: empty(),
            shared_with: empty(),
        }
    }

    fn named(&self) -> Vec<(String, RwSignal<String>)> {
        let mut all = self.titles.named("title ");
        all.extend(self.summaries.named("summary "));
        all.extend(self.decided_by.named("decided_by "));
        all.extend(self.used_for.named("used_for "));
        all.extend(self.takes.iter().map(|(form, text)| (["takes ", take_id(*form)].concat(), *text)));
        for days in &self.phases {
            all.extend([(days.ids.1.to_owned(), days.from), (days.ids.2.to_owned(), days.until)]);
        }
        let rest = [
            ("closes", self.closes),
            ("several", self.several),
            ("grace", self.grace),
            ("promise", self.promise),
            ("adapted_from", self.adapted_from),
            ("shared_with", self.shared_with),
        ];
        all.extend(rest.map(|(name, text)| (name.to_owned(), text)));
        all
    }

    /// Whether somebody has written into it.
    pub fn has_words(&self) -> bool {
        let all = [&self.titles, &self.summaries, &self.decided_by, &self.used_for];
        all.iter().any(|two| !two.is_empty())
    }

    /// Whether there are several phases.
    pub fn is_several(&self) -> bool {
        self.several.with(|several| several == YES)
    }

    /// Fills everything in.
    pub fn fill(&self, app: App, start: &Start) {
        self.titles.fill(&start.title);
        self.summaries.fill(&start.summary);
        self.decided_by.fill(&start.decided_by);
        self.used_for.fill(&start.used_for);
        for (form, text) in &self.takes {
            text.set(if start.takes.contains(form) { YES } else { "" }.to_owned());
        }
        let today = app.device().server_now();
        for days in &self.phases {
            let known = start.phases.iter().find(|(phase, ..)| *phase == days.ids.0);
            let day = |at: Option<i64>| at.map(|at| phases::day(today, at)).unwrap_or_default();
            days.from.set(day(known.map(|(_, from, _)| *from)));
            days.until.set(day(known.map(|(.., until)| *until)));
        }
        let several = start.phases.len() > 1;
        self.several.set(if several { YES } else { "" }.to_owned());
        let closes = start.phases.iter().find(|(phase, ..)| *phase == Phase::Contribute);
        let closes = closes.map(|(.., until)| format!("{}T23:59", phases::day(today, *until)));
        self.closes.set(closes.unwrap_or_default());
        let model = start.adapted_from.as_ref().map(|it| format!("{} {}", it.community, it.consultation));
        self.adapted_from.set(model.unwrap_or_default());
        self.promise.set(start.answer_day.map(|at| phases::day(today, at)).unwrap_or_default());
    }

    /// The consultation of another community that it began from.
    pub fn model(&self) -> Option<Model> {
        let (community, consultation) =
            self.adapted_from.with(|text| text.split_once(' ').map(|(a, b)| (a.parse(), b.parse())))?;
        Some(Model { community: community.ok()?, consultation: consultation.ok()? })
    }

    fn read(&self) -> OpenForm {
        let takes = self.takes.iter().filter(|(_, text)| text.with_untracked(|text| text == YES));
        let course = || -> Vec<Dates> { self.phases.iter().map(phases::Days::read).collect() };
        let several = self.several.with_untracked(|several| several == YES);
        OpenForm {
            titles: self.titles.written(),
            summaries: self.summaries.written(),
            decided_by: self.decided_by.written(),
            used_for: self.used_for.written(),
            takes: takes.map(|(form, _)| *form).collect(),
            closes_at: dates::from_input(&self.closes.get_untracked()),
            phases: several.then(course),
            grace_hours: self.grace.get_untracked().parse().unwrap_or(48),
            answer_by: dates::from_input(&format!("{}T23:59", self.promise.get_untracked())),
            adapted_from: self.model(),
            shared_with: self.shared_with.with_untracked(|text| sharing::chosen(text)),
        }
    }
}

/// What a title is called.
pub fn title_label(english: bool) -> String {
    if english { w!(desk_open_title_en_label) } else { w!(desk_open_title_fr_label) }
}

fn summary_label(english: bool) -> String {
    if english { w!(desk_open_summary_en_label) } else { w!(desk_open_summary_fr_label) }
}

fn who_label(english: bool) -> String {
    let label = if english { w!(desk_open_who_en) } else { w!(desk_open_who_fr) };
    format!("{label} ({})", w!(app_optional))
}

fn use_label(english: bool) -> String {
    let label = if english { w!(desk_open_use_en) } else { w!(desk_open_use_fr) };
    format!("{label} ({})", w!(app_optional))
}

const fn boxes(ids: [&'static str; 2], label: fn(bool) -> String, max: usize, lines: bool) -> Boxes {
    Boxes { ids, label, hint: String::new, max, lines, second_optional: false }
}

pub const TITLE: Boxes = boxes(["title", "title-2"], title_label, Title::GRAPHEMES, false);
pub const SUMMARY: Boxes = boxes(["summary", "summary-2"], summary_label, Text::GRAPHEMES, true);
pub const WHO: Boxes = boxes(["who", "who-2"], who_label, Text::GRAPHEMES, true);
pub const USE: Boxes = boxes(["use", "use-2"], use_label, Text::GRAPHEMES, true);

/// What each step is about, as [`OpenProblem::step`] numbers them.
const STEPS: [fn() -> String; 4] = [
    || w!(desk_open_step_asks),
    || w!(desk_open_step_people),
    || w!(desk_open_step_dates),
    || w!(desk_open_step_look),
];

/// The page.
pub fn open(app: App) -> AnyView {
    page::title(|| w!(desk_open_title));
    office(app, move |desk| {
        let langs = memo(move || desk.lists.with(|lists| languages(lists.as_ref())));
        live(move || form(app, desk, &langs.get()))
    })
}

fn form(app: App, desk: Desk, langs: &[Lang]) -> AnyView {
    let typed = Typed::new(langs);
    typed::keep(app, typed::OPENING, typed.named());
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<OpenConsultation>));
    let steps = Steps::new(&STEPS);
    let check = {
        let typed = typed.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let read = opening::open(&typed.read(), app.device().server_now());
            // What is wrong further on is told there; before opening, in the first step that has something.
            let wrong = read.as_ref().err().cloned().unwrap_or_default();
            let step = match steps.is_last() {
                true => wrong.first().map_or(steps.at(), |wrong| wrong.step()),
                false => steps.at(),
            };
            let here = wrong.into_iter().filter(|wrong| wrong.step() == step);
            let here: Vec<_> = here.map(|wrong| at_field(wrong, &typed)).collect();
            let fine = here.is_empty();
            if step != steps.at() {
                steps.go(step);
            }
            errors.set(here);
            match read {
                Ok(open) if steps.is_last() => {
                    ready.set(Some(open));
                    asking.set(true);
                }
                _ if fine => steps.go(steps.at() + 1),
                _ => {}
            }
        }
    };
    let publish = move || {
        let (id, open) = (desk.community(), ready.get_untracked());
        app.spawn(async move {
            let Some(open) = open else { return };
            match app.device().act(&id, Action::OpenConsultation(open)).await {
                Ok(_) => {
                    typed::forget(app, typed::OPENING).await;
                    app.say(w!(desk_act_kept));
                    app.go(&Route::DeskConsultations);
                }
                // At the form, and not only aloud: the dialog is closed again.
                Err(error) => {
                    let _ = errors.try_set(vec![("step", proposals::say(error))]);
                }
            }
        });
        true
    };
    let asked =
        Asked { title: w!(desk_open_ask), text: String::new(), yes: w!(desk_open_publish), class: "btn" };
    let again = move || {
        ready.get().map(|open| {
            let (_, closes_at) = open.phases.open_for(Form::Proposals);
            let closes =
                w!(consultation_closes_at, date = dates::day(closes_at), time = dates::time(closes_at));
            view! { <p dir="auto"><strong>{words::say(&open.title)}</strong></p><p>{closes}</p> }
        })
    };
    let back = parts::link("", app.link(&Route::DeskConsultations), w!(desk_consultations));
    view! {
        {summary(errors)}
        {parts::head(Some(back), w!(desk_open_title), None)}
        {steps.head()}
        {steps.section(0, starting::section(app, desk, &typed))}
        <form class="stack-l" novalidate on:submit=on(check)>
            {steps.section(0, composing::asks(&typed, errors))}
            {steps.section(1, composing::people(app, desk, &typed, errors))}
            {steps.section(2, composing::dates_of(&typed, errors))}
            {steps.section(3, view! { {preview::section(app, &typed, move || steps.shows(3))} <p class="soft">{w!(desk_open_documents)}</p> }.into_any())}
            {steps.actions(errors, || w!(desk_open_check))}
        </form>
        {dialog(asking, asked, Some(view! { {again} }.into_any()), publish)}
    }
    .into_any()
}

/// The day on which an answer is promised.
pub fn promise(day: RwSignal<String>, errors: Errors) -> AnyView {
    let asked = Field {
        id: "promise",
        label: format!("{} ({})", w!(desk_open_promise_label), w!(app_optional)),
        hint: w!(desk_open_promise_hint),
        kind: "date",
        class: "field-short",
        ..Field::default()
    };
    field(asked, day, errors, Signal::derive(|| false), None)
}

/// The first box that a template leaves open, with the place.
fn at_place(two: &Two, boxes: &Boxes) -> (&'static str, String) {
    let written = two.written();
    let found = written.iter().zip(boxes.ids).find_map(|((_, text), id)| Some((id, open_place(text)?)));
    let (id, place) = found.unwrap_or((boxes.ids[0], ""));
    (id, w!(desk_answer_error_open, place = place.to_owned()))
}

fn at_field(wrong: OpenProblem, typed: &Typed) -> (&'static str, String) {
    let name = crate::consultations::phase;
    match wrong {
        OpenProblem::Title => ("title", w!(desk_open_error_title)),
        OpenProblem::Summary => ("summary", w!(desk_open_error_summary)),
        OpenProblem::Place(opening::Field::Title) => at_place(&typed.titles, &TITLE),
        OpenProblem::Place(opening::Field::Summary) => at_place(&typed.summaries, &SUMMARY),
        OpenProblem::Place(opening::Field::DecidedBy) => at_place(&typed.decided_by, &WHO),
        OpenProblem::Place(opening::Field::UsedFor) => at_place(&typed.used_for, &USE),
        OpenProblem::DecidedBy => ("who", w!(desk_open_error_words)),
        OpenProblem::UsedFor => ("use", w!(desk_open_error_words)),
        OpenProblem::Takes => ("takes", w!(desk_open_error_takes)),
        OpenProblem::Closes if typed.several.with_untracked(|several| several == YES) => {
            (phases::until_id(Phase::Contribute), w!(desk_open_error_date))
        }
        OpenProblem::Closes => ("closes", w!(desk_open_error_date)),
        OpenProblem::Half(phase) => (phases::from_id(phase), w!(desk_open_error_half, phase = name(phase))),
        OpenProblem::Course(PhaseProblem::NoContribute) => {
            (phases::from_id(Phase::Contribute), w!(desk_open_error_contribute))
        }
        OpenProblem::Course(PhaseProblem::Ends(phase)) => {
            (phases::until_id(phase), w!(desk_open_error_ends, phase = name(phase)))
        }
        OpenProblem::Course(PhaseProblem::Order(phase) | PhaseProblem::Overlap(phase)) => {
            (phases::from_id(phase), w!(desk_open_error_overlap, phase = name(phase)))
        }
        OpenProblem::Promise => ("promise", w!(desk_open_error_promise)),
    }
}
