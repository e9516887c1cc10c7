//! Opening a poll in a consultation: the question, the choices, how they are counted, until when.

use domain::ids::RecordId;
use domain::operations::{Action, OpenPoll};
use domain::records::{Consultation, Open};
use domain::tallies::{CHOICES_MAX, CHOICES_MIN, GRADES_MAX, GRADES_MIN, Method, order_for};
use domain::text::{Lang, Text, Title};
use domain::time::{DAY, Millis};
use leptos::prelude::*;

use super::inbox::Desk;
use super::preview::{self, On};
use super::state::polling::{GRADES, METHODS, PollForm, PollProblem, open};
use super::two::{self, Boxes, Two, languages};
use super::within;
use crate::polls::state::Filled;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, Errors, choices, summary};
use crate::ui::live::{live, on};
use crate::ui::{App, dates, typed, words};
use crate::{polls, w};

const fn boxes(ids: [&'static str; 2], label: fn(bool) -> String, max: usize, lines: bool) -> Boxes {
    Boxes { ids, label, hint: String::new, max, lines, second_optional: false }
}

const QUESTION: Boxes = boxes(
    ["question", "question-2"],
    |english| if english { w!(desk_poll_question_en) } else { w!(desk_poll_question_fr) },
    Title::GRAPHEMES,
    false,
);
const ABOUT: Boxes = boxes(
    ["about", "about-2"],
    |english| {
        let label = if english { w!(desk_poll_text_en) } else { w!(desk_poll_text_fr) };
        format!("{label} ({})", w!(app_optional))
    },
    Text::GRAPHEMES,
    true,
);
const CHOICES: Boxes = boxes(
    ["choices", "choices-2"],
    |english| if english { w!(desk_poll_choices_en) } else { w!(desk_poll_choices_fr) },
    0,
    true,
);
const MARKS: Boxes = boxes(
    ["grades", "grades-2"],
    |english| if english { w!(desk_poll_grades_en) } else { w!(desk_poll_grades_fr) },
    0,
    true,
);

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_poll_title), form)
}

/// Everything that is typed into the form.
#[derive(Clone)]
struct Typed {
    questions: Two,
    texts: Two,
    choices: Two,
    method: RwSignal<String>,
    grades: Two,
    closes: RwSignal<String>,
}

impl Typed {
    fn new(langs: &[Lang]) -> Self {
        let grades = Two::empty(langs);
        for (lang, text) in langs.iter().zip(&grades.texts) {
            text.set(GRADES[usize::from(lang.as_str() == "en")].to_owned());
        }
        Self {
            questions: Two::empty(langs),
            texts: Two::empty(langs),
            choices: Two::empty(langs),
            method: RwSignal::new(METHODS[0].1.to_owned()),
            grades,
            closes: RwSignal::new(String::new()),
        }
    }

    fn named(&self) -> Vec<(String, RwSignal<String>)> {
        let mut all = self.questions.named("question ");
        all.extend(self.texts.named("about "));
        all.extend(self.choices.named("choices "));
        all.extend(self.grades.named("grades "));
        all.push(("method".to_owned(), self.method));
        all.push(("closes".to_owned(), self.closes));
        all
    }

    fn read(&self) -> PollForm {
        PollForm {
            questions: self.questions.written(),
            texts: self.texts.written(),
            choices: self.choices.written(),
            method: self.method.get_untracked(),
            grades: self.grades.written(),
            closes_at: dates::from_input(&self.closes.get_untracked()),
        }
    }
}

fn form(app: App, desk: Desk, it: &Consultation) -> AnyView {
    let id = it.id;
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let typed = Typed::new(&langs);
    typed::keep(app, &typed::poll_in(id), typed.named());
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<OpenPoll>));
    let first = langs.first().cloned();
    let check = {
        let typed = typed.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let read = open(&typed.read(), id, app.device().server_now());
            asking.set(read.is_ok());
            errors.set(
                read.as_ref()
                    .err()
                    .map(|wrong| wrong.iter().map(|wrong| at_field(wrong, first.as_ref())).collect())
                    .unwrap_or_default(),
            );
            ready.set(read.ok());
        }
    };
    let publish = move || {
        let action = ready.get_untracked().map(Action::OpenPoll);
        within::publish(app, desk, action, typed::poll_in(id), errors, QUESTION.ids[0]);
        true
    };
    let asked = Asked {
        title: w!(desk_poll_ask),
        text: w!(desk_poll_ask_help),
        yes: w!(desk_poll_publish),
        class: "btn",
    };
    let ways = METHODS.map(|(method, name)| Choice {
        value: name.to_owned(),
        text: name_of(method),
        hint: polls::method(method),
    });
    let method = typed.method;
    let marks = typed.grades.clone();
    let marks = live(move || {
        let judged = method.with(|method| {
            METHODS.iter().any(|(of, name)| *of == Method::MajorityJudgment && name == method)
        });
        judged.then(|| view! { <p class="soft">{w!(desk_poll_grades_hint)}</p> {marks.draw(MARKS, errors)} })
    });
    let shown = {
        let (typed, first) = (typed.clone(), langs.first().cloned());
        preview::fold(&langs, move |on_what, _| shown(app, id, &typed, on_what, first.as_ref()))
    };
    view! {
        {summary(errors)}
        {within::opening(app, w!(desk_poll_title), it)}
        <form class="stack-l" id="opening" novalidate on:submit=on(check)>
            <div class="stack-s">
                <p class="soft">{w!(desk_poll_help)}</p>
                {typed.questions.draw(QUESTION, errors)}
            </div>
            {typed.texts.draw(ABOUT, errors)}
            <div class="stack-s">
                <p class="soft">{w!(desk_poll_choices_hint)}</p>
                {typed.choices.draw(CHOICES, errors)}
            </div>
            {choices("method", w!(desk_poll_method), String::new(), true, ways.into(), typed.method, errors)}
            <div class="stack-s">{marks}</div>
            {within::closes(typed.closes, errors)}
        </form>
        {shown}
        <p class="actions"><button class="btn" type="submit" form="opening">{w!(desk_open_check)}</button></p>
        {dialog(asking, asked, Some(again(ready)), publish)}
    }
    .into_any()
}

/// As people will see it; its fields can be tried.
fn shown(app: App, id: RecordId, typed: &Typed, on_what: On, first: Option<&Lang>) -> AnyView {
    typed.named().iter().for_each(|(_, field)| field.track());
    let now = app.device().server_now();
    let form = typed.read();
    // Without a date yet, it is shown all the same.
    let closes = form.closes_at.filter(|at| *at > now);
    let form = PollForm { closes_at: Some(closes.unwrap_or(Millis(now.0 + DAY))), ..form };
    let it = match open(&form, id, now) {
        Ok(it) => it.poll(id, Open { from: now, until: it.closes_at, grace: 0 }),
        Err(wrong) => return preview::missing(wrong.iter().map(|wrong| at_field(wrong, first)).collect()),
    };
    let until = closes.map(|at| view! { <p class="meta">{w!(home_closes_on, date = dates::moment(at))}</p> });
    let head = view! { <h3 dir="auto">{words::say(&it.question)}</h3> {until} };
    if on_what == On::Paper {
        return view! { {head} {polls::sheet(&it)} }.into_any();
    }
    let text = it.text.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let method = polls::method(it.method);
    let count = it.choices.len();
    let order = order_for(id.to_string().as_bytes(), u8::try_from(count).unwrap_or(u8::MAX));
    let (poll, filled) = (StoredValue::new(it), RwSignal::new(Filled::empty(count)));
    let (errors, done): (Errors, _) = (RwSignal::new(Vec::new()), RwSignal::new(false));
    let tried = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let ballot = poll.with_value(|poll| filled.with_untracked(|filled| filled.ballot(poll)));
        done.set(ballot.is_ok());
        errors.set(ballot.err().map(|problem| ("ballot", polls::say(problem, poll))).into_iter().collect());
    };
    view! {
        {head}
        {text}
        <p>{method}</p>
        {preview::sent(done)}
        <form class="stack" novalidate on:submit=on(tried)>
            {polls::fields(poll, filled, errors, order, w!(poll_order))}
            <p class="actions"><button class="btn" type="submit">{w!(poll_cast)}</button></p>
        </form>
    }
    .into_any()
}

/// What is about to open.
fn again(ready: RwSignal<Option<OpenPoll>>) -> AnyView {
    let drawn = live(move || {
        let it = ready.get()?;
        let choices: Vec<AnyView> = it
            .choices
            .iter()
            .map(|choice| view! { <li dir="auto">{words::say(choice)}</li> }.into_any())
            .collect();
        let closes =
            w!(consultation_closes_at, date = dates::day(it.closes_at), time = dates::time(it.closes_at));
        Some(view! {
            <p dir="auto"><strong>{words::say(&it.question)}</strong></p>
            <ul class="bullets">{choices}</ul>
            <p>{polls::method(it.method)}</p>
            <p>{closes}</p>
        })
    });
    view! { {drawn} }.into_any()
}

fn name_of(method: Method) -> String {
    match method {
        Method::Plurality => w!(desk_poll_plurality),
        Method::Approval => w!(desk_poll_approval),
        Method::MajorityJudgment => w!(desk_poll_judgment),
        Method::Schulze => w!(desk_poll_schulze),
    }
}

fn at_field(wrong: &PollProblem, first: Option<&Lang>) -> (&'static str, String) {
    match wrong {
        PollProblem::Question => (QUESTION.ids[0], w!(desk_poll_error_question)),
        PollProblem::Text => (ABOUT.ids[0], w!(desk_open_error_words)),
        PollProblem::Choices(wrong) => two::list_problem(wrong, CHOICES.ids, first),
        PollProblem::ChoicesCount => {
            (CHOICES.ids[0], two::lines_between(CHOICES_MIN.into(), CHOICES_MAX.into()))
        }
        PollProblem::Method => ("method", w!(desk_poll_error_method)),
        PollProblem::Grades(wrong) => two::list_problem(wrong, MARKS.ids, first),
        PollProblem::GradesCount => (MARKS.ids[0], two::lines_between(GRADES_MIN.into(), GRADES_MAX.into())),
        PollProblem::Closes => ("closes", w!(desk_open_error_date)),
    }
}
