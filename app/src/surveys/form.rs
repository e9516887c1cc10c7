//! The form of a survey: a page at a time, kept on the device while it is filled in.

use crate::ui::live::{effect, live, memo, on};
use domain::ids::CommunityId;
use domain::operations::{Action, Photo, Respond};
use domain::records::Questionnaire;
use domain::surveys::{
    AnswerProblem, Answers, Reason, Survey, check, next_page, page_problems, previous_page, prune, relevant,
};
use domain::wire::Later;
use leptos::prelude::*;

use super::question::{Photos, Sheet, question};
use super::state::{Wrong, kept, text, wrong};
use crate::ui::field::{Errors, summary_of};
use crate::ui::{App, page as focus, parts, typed, words};
use crate::{proposals, w};

/// The names of the fields, by the place of their question in the survey.
pub const IDS: [&str; 60] = [
    "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11", "q12", "q13", "q14", "q15", "q16",
    "q17", "q18", "q19", "q20", "q21", "q22", "q23", "q24", "q25", "q26", "q27", "q28", "q29", "q30", "q31",
    "q32", "q33", "q34", "q35", "q36", "q37", "q38", "q39", "q40", "q41", "q42", "q43", "q44", "q45", "q46",
    "q47", "q48", "q49", "q50", "q51", "q52", "q53", "q54", "q55", "q56", "q57", "q58", "q59", "q60",
];

/// The form of somebody who answers for themselves.
pub fn form(app: App, community: CommunityId, asked: Questionnaire, survey: Survey) -> AnyView {
    let errors: Errors = RwSignal::new(Vec::new());
    let kept_as = typed::answers_to(asked.id);
    let (id, consultation) = (asked.id, asked.consultation);
    let done = RwSignal::new(false);
    let send = {
        let kept_as = kept_as.clone();
        move |answers: Later<Answers>| {
            let (community, kept_as) = (community.clone(), kept_as.clone());
            app.spawn(async move {
                let photos: Vec<Photo> =
                    answers.read().map(|all| all.photos().cloned().collect()).unwrap_or_default();
                let files = match app.device().form_files(&photos).await {
                    Ok(Some(files)) => files,
                    Ok(None) => {
                        let _ = errors.try_set(vec![(IDS[0], w!(survey_photos_gone))]);
                        return;
                    }
                    Err(error) => {
                        let _ = errors.try_set(vec![(IDS[0], words::unkept(error))]);
                        return;
                    }
                };
                let act = Action::Respond(Respond { consultation, survey: id, answers });
                match app.device().act_with(&community, act, files).await {
                    Ok(_) => {
                        typed::forget(app, &kept_as).await;
                        app.device().forget_form_photos(&photos).await;
                        app.say(w!(survey_kept));
                        let _ = done.try_set(true);
                    }
                    Err(error) => {
                        let _ = errors.try_set(vec![(IDS[0], proposals::say(error))]);
                    }
                }
            });
        }
    };
    let labels: Vec<_> = survey.questions().map(|question| question.label.clone()).collect();
    let named = move || {
        let of = |(field, text): (&'static str, String)| {
            let label = IDS.iter().position(|id| *id == field).and_then(|at| labels.get(at));
            (field, label.map_or_else(|| text.clone(), |label| words::named(&words::say(label), &text)))
        };
        errors.get().into_iter().map(of).collect()
    };
    view! {
        {live(move || done.get().then(|| parts::notice("good", String::new(), w!(survey_kept), None)))}
        {summary_of(named)}
        <div hidden=move || done.get()>{fields(app, survey, Kept { name: &kept_as, photos: Photos::Kept(app) }, errors, w!(survey_send), Box::new(send))}</div>
    }
    .into_any()
}

/// How answers are kept while they are written.
#[derive(Clone, Copy)]
pub struct Kept<'n> {
    /// Under which name.
    pub name: &'n str,
    /// What becomes of photos.
    pub photos: Photos,
}

/// The questions page by page, kept under a name while they are answered; `send` takes the answers once they fit,
/// by a button that says `label`.
pub fn fields(
    app: App,
    survey: Survey,
    kept_as: Kept<'_>,
    errors: Errors,
    label: String,
    send: Box<dyn Fn(Later<Answers>)>,
) -> AnyView {
    let sheet = Sheet::new(kept_as.photos, errors);
    // Kept as one text, in both directions: what was typed before comes back, what changes is kept.
    let (written, ready) = (RwSignal::new(String::new()), RwSignal::new(false));
    typed::keep(app, kept_as.name, vec![("answers".to_owned(), written)]);
    effect(move |_| {
        let read = kept(&written.get());
        if sheet.answers.with_untracked(|now| *now != read) {
            sheet.answers.set(read);
            ready.update(|ready| *ready = !*ready);
        }
    });
    effect(move |first| {
        let now = sheet.answers.with(text);
        if !first && written.with_untracked(|before| *before != now) {
            written.set(now);
        }
    });
    pages(survey, sheet, ready.into(), label, send)
}

/// The questions page by page, kept nowhere: to be tried.
pub fn tried(survey: Survey, errors: Errors, label: String, send: Box<dyn Fn(Later<Answers>)>) -> AnyView {
    pages(survey, Sheet::new(Photos::None, errors), Signal::derive(|| false), label, send)
}

/// The form, drawn anew when other answers were `read`.
fn pages(
    survey: Survey,
    sheet: Sheet,
    read: Signal<bool>,
    label: String,
    send: Box<dyn Fn(Later<Answers>)>,
) -> AnyView {
    let it = StoredValue::new(survey);
    let first = it.with_value(|it| next_page(it, &sheet.answers.get_untracked(), None)).unwrap_or(0);
    let page = RwSignal::new(first);
    let shown = memo(move || {
        it.with_value(|it| {
            sheet.answers.with(|answers| {
                relevant(it, answers).into_iter().map(|question| question.id.clone()).collect::<Vec<_>>()
            })
        })
    });
    let finish = move || {
        let mut answers = sheet.answers.get_untracked();
        it.with_value(|it| prune(it, &mut answers));
        let wrong = it.with_value(|it| told(it, &check(it, &answers)));
        if !wrong.is_empty() {
            return sheet.errors.set(wrong);
        }
        if let Ok(answers) = Later::of(&answers) {
            send(answers);
        }
    };
    let go_on = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let wrong = it.with_value(|it| problems(it, sheet, page.get_untracked()));
        let fine = wrong.is_empty();
        sheet.errors.set(wrong);
        if !fine {
            return;
        }
        let next = it.with_value(|it| {
            sheet.answers.with_untracked(|answers| next_page(it, answers, Some(page.get_untracked())))
        });
        match next {
            Some(next) => turn(page, next),
            None => finish(),
        }
    };
    let back = move || {
        let before = it.with_value(|it| {
            sheet.answers.with_untracked(|answers| previous_page(it, answers, page.get_untracked()))
        });
        if let Some(before) = before {
            sheet.errors.set(Vec::new());
            turn(page, before);
        }
    };
    let fields = live(move || {
        read.track();
        let (at, shown) = (page.get(), shown.get());
        it.with_value(|it| draw(it, sheet, at, &shown))
    });
    let is_last = memo(move || {
        it.with_value(|it| sheet.answers.with(|answers| next_page(it, answers, Some(page.get())).is_none()))
    });
    let is_first = memo(move || {
        it.with_value(|it| sheet.answers.with(|answers| previous_page(it, answers, page.get()).is_none()))
    });
    let buttons = live(move || {
        let label = if is_last.get() { label.clone() } else { w!(app_continue) };
        let back = (!is_first.get()).then(|| parts::button("btn btn-quiet", w!(survey_back), back));
        view! { <p class="actions"><button class="btn" type="submit">{label}</button>{back}</p> }
    });
    view! {
        <form class="stack-l" novalidate on:submit=on(go_on)>
            {fields}
            {buttons}
        </form>
    }
    .into_any()
}

fn turn(page: RwSignal<usize>, to: usize) {
    page.set(to);
    focus::focus_soon("survey-page");
}

/// The questions of a page that are shown, under its title.
fn draw(survey: &Survey, sheet: Sheet, at: usize, shown: &[domain::ids::QuestionId]) -> AnyView {
    let before: usize = survey.pages.iter().take(at).map(|page| page.questions.len()).sum();
    let Some(page) = survey.pages.get(at) else { return ().into_any() };
    let questions: Vec<AnyView> = page
        .questions
        .iter()
        .enumerate()
        .filter(|(_, it)| shown.contains(&it.id))
        .filter_map(|(place, it)| Some(question(sheet, IDS.get(before + place)?, it)))
        .collect();
    let pages = survey.pages.len();
    let count = (pages > 1)
        .then(|| view! { <p class="soft small">{w!(survey_page, page = (at + 1).to_string(), of = pages.to_string())}</p> });
    let title = page.title.as_ref().map(words::say).unwrap_or_else(|| w!(survey_title));
    view! {
        <div class="stack-s"><h2 id="survey-page" tabindex="-1">{title}</h2>{count}</div>
        {questions}
    }
    .into_any()
}

/// What keeps somebody from leaving a page.
fn problems(survey: &Survey, sheet: Sheet, page: usize) -> Vec<(&'static str, String)> {
    let found = sheet.answers.with_untracked(|answers| page_problems(survey, answers, page));
    let mut all = told(survey, &found);
    for id in sheet.unread.get_untracked() {
        all.retain(|(field, _)| *field != id);
        all.push((id, w!(survey_error_unread)));
    }
    all
}

/// Problems in words, at their fields.
fn told(survey: &Survey, found: &[AnswerProblem]) -> Vec<(&'static str, String)> {
    let place = |problem: &AnswerProblem| {
        let at = survey.questions().position(|question| question.id == problem.question)?;
        Some((*IDS.get(at)?, say(&problem.reason)))
    };
    found.iter().filter_map(place).collect()
}

fn say(reason: &Reason) -> String {
    match wrong(reason) {
        Wrong::Missing => w!(survey_error_missing),
        Wrong::Long => w!(survey_error_long),
        Wrong::Bounds => w!(survey_error_bounds),
        Wrong::Number => w!(survey_error_number),
        Wrong::Other => w!(survey_error_unread),
    }
}
