//! Opening a survey in a consultation: its questions one after the other, seen as people will see them.

use domain::ids::RecordId;
use domain::operations::{Action, OpenSurvey};
use domain::records::Consultation;
use domain::surveys::{Fault, Survey};
use domain::text::{Lang, Text, Title};
use leptos::prelude::*;

use super::inbox::Desk;
use super::inputs::YES;
use super::preview::{self, On};
use super::question::{Editor, at_fields};
use super::state::questions::{self, fresh};
use super::state::surveying::{
    self, Row, SurveyForm, SurveyTrouble, fresh_id, kept, open, put, rows, without,
};
use super::state::texts::optional;
use super::two::{Boxes, Two, languages};
use super::within;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, on};
use crate::ui::{App, dates, page as pages, typed, words};
use crate::{n, surveys, w};

/// What is edited, when it is a question that is not in the list yet.
pub const NEW: &str = "new";

const TITLE: Boxes = Boxes {
    ids: ["title", "title-2"],
    label: |english| if english { w!(desk_open_title_en_label) } else { w!(desk_open_title_fr_label) },
    hint: String::new,
    max: Title::GRAPHEMES,
    lines: false,
    second_optional: false,
};
const INTRO: Boxes = Boxes {
    ids: ["intro", "intro-2"],
    label: |english| {
        let label = if english { w!(desk_survey_intro_en) } else { w!(desk_survey_intro_fr) };
        format!("{label} ({})", w!(app_optional))
    },
    hint: String::new,
    max: Text::GRAPHEMES,
    lines: true,
    second_optional: false,
};

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_survey_title), form)
}

/// Everything that is typed into the form.
#[derive(Clone)]
pub struct Typed {
    titles: Two,
    intros: Two,
    closes: RwSignal<String>,
    /// The questions, as one text.
    pub list: RwSignal<String>,
    /// Which question is being written: its name, [`NEW`] or nothing.
    pub editing: RwSignal<String>,
    /// [`YES`] when a page begins with it.
    pub begins: RwSignal<String>,
    /// The list before a question was taken out.
    pub before: RwSignal<Option<String>>,
    /// Its fields.
    pub editor: Editor,
    errors: Errors,
    /// The errors of the question that is being written.
    pub wrong: Errors,
    langs: Vec<Lang>,
}

impl Typed {
    fn new(langs: Vec<Lang>) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            titles: Two::empty(&langs),
            intros: Two::empty(&langs),
            closes: empty(),
            list: empty(),
            editing: empty(),
            begins: empty(),
            before: RwSignal::new(None),
            editor: Editor::new(&langs),
            errors: RwSignal::new(Vec::new()),
            wrong: RwSignal::new(Vec::new()),
            langs,
        }
    }

    fn named(&self) -> Vec<(String, RwSignal<String>)> {
        let mut all = self.titles.named("title ");
        all.extend(self.intros.named("intro "));
        let rest = [
            ("closes", self.closes),
            ("list", self.list),
            ("editing", self.editing),
            ("begins", self.begins),
        ];
        all.extend(rest.map(|(name, text)| (name.to_owned(), text)));
        all.extend(self.editor.named());
        all
    }

    fn read(&self) -> SurveyForm {
        SurveyForm {
            titles: self.titles.written(),
            intros: self.intros.written(),
            rows: self.rows(),
            closes_at: dates::from_input(&self.closes.get_untracked()),
        }
    }

    fn rows(&self) -> Vec<Row> {
        self.list.with_untracked(|list| rows(list))
    }

    /// Takes a question out; it can be put back until the list changes again.
    pub fn remove(&self, at: usize) {
        let before = self.list.get_untracked();
        self.change(|rows| without(rows, at));
        self.before.set(Some(before));
    }

    /// Changes the list.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Row>)) {
        let mut rows = self.rows();
        change(&mut rows);
        self.before.set(None);
        self.list.set(kept(&rows));
    }

    /// Begins to write a question: a new one, or one of the list.
    pub fn edit(&self, row: Option<&Row>) {
        self.wrong.set(Vec::new());
        let fields = row.map_or_else(fresh, |row| questions::typed(&row.question));
        self.editor.fill(&fields);
        self.begins.set(if row.is_some_and(|row| row.begins) { YES } else { "" }.to_owned());
        self.editing.set(row.map_or_else(|| NEW.to_owned(), |row| row.question.id.to_string()));
        pages::focus_soon("q-label");
    }

    /// Puts what is written into the list, when it is a question.
    pub fn keep(&self, app: App) {
        let rows = self.rows();
        let edited = self.editing.get_untracked();
        let id = rows.iter().map(|row| &row.question.id).find(|id| id.as_str() == edited).cloned();
        let Some(id) = id.or_else(|| fresh_id(&rows)) else { return };
        match questions::read(&self.editor.read(), id) {
            Ok(question) => {
                let begins = self.begins.with_untracked(|begins| begins == YES);
                self.change(|rows| put(rows, Row { begins, question }));
                self.wrong.set(Vec::new());
                self.editing.set(String::new());
                app.say(w!(desk_survey_question_kept));
                pages::focus_soon("add-question");
            }
            Err(wrong) => {
                let wrong = at_fields(&wrong, self.langs.first());
                let first = wrong.first().map(|(field, _)| *field);
                self.wrong.set(wrong);
                if let Some(first) = first {
                    pages::focus_soon(first);
                }
            }
        }
    }
}

fn form(app: App, desk: Desk, it: &Consultation) -> AnyView {
    let id = it.id;
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let typed = Typed::new(langs);
    typed::keep(app, &typed::survey_in(id), typed.named());
    let errors = typed.errors;
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<OpenSurvey>));
    let check = {
        let typed = typed.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            // What is still being written would be left out without a word.
            if typed.editing.with_untracked(|editing| !editing.is_empty()) {
                return errors.set(vec![("q-label", w!(desk_survey_error_editing))]);
            }
            let read = open(&typed.read(), id, app.device().server_now());
            asking.set(read.is_ok());
            let say = |wrong: &Vec<SurveyTrouble>| wrong.iter().map(at_field).collect();
            errors.set(read.as_ref().err().map(say).unwrap_or_default());
            ready.set(read.ok());
        }
    };
    let publish = move || {
        let action = ready.get_untracked().map(Action::OpenSurvey);
        within::publish(app, desk, action, typed::survey_in(id), errors, TITLE.ids[0]);
        true
    };
    let asked = Asked {
        title: w!(desk_survey_ask),
        text: w!(desk_survey_ask_help),
        yes: w!(desk_survey_publish),
        class: "btn",
    };
    let shown = {
        let typed = typed.clone();
        let langs = typed.langs.clone();
        preview::fold(&langs, move |on_what, lang| shown(&typed, on_what, lang))
    };
    view! {
        {summary(errors)}
        {within::opening(app, w!(desk_survey_title), it)}
        <form class="stack-l" id="opening" novalidate on:submit=on(check)>
            <div class="stack-s">
                <p class="soft">{w!(desk_survey_help)}</p>
                {typed.titles.draw(TITLE, errors)}
            </div>
            {typed.intros.draw(INTRO, errors)}
            {super::questions::list(app, &typed)}
            {within::closes(typed.closes, errors)}
        </form>
        {shown}
        <p class="actions"><button class="btn" type="submit" form="opening">{w!(desk_open_check)}</button></p>
        {dialog(asking, asked, Some(again(ready)), publish)}
    }
    .into_any()
}

/// As people will see it; its pages can be tried, with what depends on an answer.
fn shown(typed: &Typed, on_what: On, lang: &Lang) -> AnyView {
    typed.closes.track();
    typed.intros.texts.iter().for_each(|text| text.track());
    let intro = optional::<Text>(&typed.intros.written()).ok().flatten();
    let survey: Survey = typed.list.with(|list| surveying::survey(intro, &rows(list)));
    let until = typed.closes.with(|text| dates::from_input(text));
    let until = until.map(|at| view! { <p class="meta">{w!(home_closes_on, date = dates::moment(at))}</p> });
    let intro = survey.intro.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let head = view! { <h3 dir="auto">{preview::title(&typed.titles, lang)}</h3> {until} {intro} };
    if survey.pages.is_empty() {
        return view! { {head} <p class="soft">{w!(desk_preview_questions)}</p> }.into_any();
    }
    if on_what == On::Paper {
        let privacy = view! { <p class="small">{w!(survey_paper_privacy)}</p> };
        return view! { {head} {surveys::sheet(&survey)} {privacy} }.into_any();
    }
    let (errors, done): (Errors, _) = (RwSignal::new(Vec::new()), RwSignal::new(false));
    let fields = surveys::tried(survey, errors, w!(survey_send), Box::new(move |_| done.set(true)));
    view! { {head} {preview::sent(done)} {fields} }.into_any()
}

/// What is about to open.
fn again(ready: RwSignal<Option<OpenSurvey>>) -> AnyView {
    let drawn = live(move || {
        let it = ready.get()?;
        let count = it.survey.read().map(|survey| survey.questions().count()).unwrap_or(0);
        let closes =
            w!(consultation_closes_at, date = dates::day(it.closes_at), time = dates::time(it.closes_at));
        Some(view! {
            <p dir="auto"><strong>{words::say(&it.title)}</strong></p>
            <p>{n!(count, desk_survey_count_a, desk_survey_count_s)}</p>
            <p>{closes}</p>
        })
    });
    view! { {drawn} }.into_any()
}

fn at_field(wrong: &SurveyTrouble) -> (&'static str, String) {
    match wrong {
        SurveyTrouble::Title => (TITLE.ids[0], w!(desk_survey_error_title)),
        SurveyTrouble::Intro => (INTRO.ids[0], w!(desk_open_error_words)),
        SurveyTrouble::Questions(Some(at), fault) => {
            ("questions", w!(desk_survey_error_question, number = (at + 1).to_string(), what = say(*fault)))
        }
        SurveyTrouble::Questions(None, fault) => ("questions", say(*fault)),
        SurveyTrouble::Closes => ("closes", w!(desk_open_error_date)),
    }
}

/// What can be wrong with a list of questions that are each right by themselves.
pub fn say(fault: Fault) -> String {
    match fault {
        Fault::NoQuestions => w!(desk_survey_none),
        Fault::TooManyPages | Fault::TooManyQuestions | Fault::TooManyLongTexts => w!(desk_survey_error_many),
        _ => w!(desk_survey_error_depends),
    }
}
