//! The questions of a survey that is written: the list, and below it the one that is being written.

use domain::surveys::{Fault, Question};
use leptos::prelude::*;

use super::inputs::tick;
use super::question::kind;
use super::state::questions;
use super::state::surveying::{self, Row, earlier, rows, trouble};
use super::survey::{NEW, Typed, say};
use crate::ui::live::{live, memo, on};
use crate::ui::{App, page as pages, parts, words};
use crate::{surveys, w};

/// The questions, and below them the one that is being written.
pub fn list(app: App, typed: &Typed) -> AnyView {
    let (list, editing) = (typed.list, typed.editing);
    let all = memo(move || list.with(|list| rows(list)));
    let drawn = {
        let typed = typed.clone();
        live(move || {
            let all = all.get();
            if all.is_empty() {
                return view! { <p class="soft">{w!(desk_survey_none)}</p> }.into_any();
            }
            let wrong = trouble(&all);
            let items: Vec<AnyView> =
                all.iter().enumerate().map(|(at, row)| item(&typed, at, row, &all, wrong)).collect();
            view! { <ol class="questions">{items}</ol> }.into_any()
        })
    };
    let add = {
        let typed = typed.clone();
        move || typed.edit(None)
    };
    let edited = {
        let typed = typed.clone();
        let is = memo(move || editing.with(|editing| !editing.is_empty()));
        live(move || match is.get() {
            true => editor(app, &typed, all),
            false => {
                let add = add.clone();
                view! { <p class="actions">
                    <button class="btn btn-quiet" id="add-question" type="button" on:click=on(move |_: web_sys::MouseEvent| add())>
                        {w!(desk_survey_add)}
                    </button>
                </p> }
                .into_any()
            }
        })
    };
    view! {
        <section class="stack" id="questions" tabindex="-1" aria-labelledby="questions-title">
            <h2 id="questions-title">{w!(desk_survey_questions)}</h2>
            {drawn}
            <div role="status">{removed(typed)}</div>
            {edited}
        </section>
    }
    .into_any()
}

/// Nothing that was written is lost at once.
fn removed(typed: &Typed) -> AnyView {
    let (list, before) = (typed.list, typed.before);
    let drawn = live(move || {
        let back = move || {
            if let Some(text) = before.get_untracked() {
                list.set(text);
                before.set(None);
            }
        };
        before.with(Option::is_some).then(|| {
            view! { <p class="actions"><span>{w!(desk_survey_removed)}</span>{parts::button("btn btn-plain", w!(desk_survey_back), back)}</p> }
        })
    });
    view! { {drawn} }.into_any()
}

fn editor(app: App, typed: &Typed, all: Memo<Vec<Row>>) -> AnyView {
    let editing = typed.editing;
    let earlier = memo(move || -> Vec<Question> {
        let editing = editing.get();
        let before = |row: &&Row| row.question.id.as_str() != editing;
        all.with(|all| all.iter().take_while(before).map(|row| row.question.clone()).collect())
    });
    let title = move || {
        if editing.with(|editing| editing == NEW) { w!(desk_survey_new) } else { w!(desk_survey_edit) }
    };
    let keep = {
        let typed = typed.clone();
        move || typed.keep(app)
    };
    let leave = move || {
        editing.set(String::new());
        pages::focus_soon("add-question");
    };
    let not_first = memo(move || earlier.with(|earlier| !earlier.is_empty()));
    let begins = typed.begins;
    let page = live(move || {
        not_first.get().then(|| {
            let box_ = tick("q-begins", w!(desk_question_begins), w!(desk_question_begins_hint), begins);
            view! { <div class="choices choices-rows">{box_}</div> }
        })
    });
    view! {
        <div class="card stack">
            <h3>{title}</h3>
            {typed.editor.draw(earlier, typed.wrong)}
            {page}
            <p class="actions">
                {parts::button("btn btn-quiet", w!(desk_survey_keep), keep)}
                {parts::button("btn btn-plain", w!(desk_survey_leave), leave)}
            </p>
        </div>
    }
    .into_any()
}

fn item(typed: &Typed, at: usize, row: &Row, all: &[Row], wrong: Option<(Option<usize>, Fault)>) -> AnyView {
    let it = &row.question;
    let wrong = wrong.filter(|(place, _)| *place == Some(at)).map(|(_, fault)| {
        view! { <p class="field-error">{say(fault)}</p> }
    });
    let page = (row.begins && at > 0).then(|| parts::tag("", w!(desk_question_page)));
    let required = it.required.then(|| parts::tag("", w!(desk_question_required_tag)));
    let condition = it.relevant.as_ref().map(|condition| {
        let survey = surveying::survey(None, all);
        view! { <p class="small soft">{surveys::only_if(&survey, condition)}</p> }
    });
    let edit = act(typed, row, "btn btn-plain", w!(desk_survey_edit_act), |typed, row| typed.edit(Some(row)));
    let up = (at > 0).then(|| {
        let up = move |typed: &Typed, _: &Row| typed.change(|rows| earlier(rows, at));
        act(typed, row, "btn btn-plain", w!(desk_survey_up), up)
    });
    let out = move |typed: &Typed, _: &Row| typed.remove(at);
    let out = act(typed, row, "btn btn-plain", w!(desk_survey_remove), out);
    view! {
        <li class="questions-row">
            <p class="questions-label" dir="auto">{words::say(&it.label)}</p>
            <p class="meta"><span>{kind(questions::kind(&it.asks))}</span>{required}{page}</p>
            {condition}
            {wrong}
            <p class="actions">{edit}{up}{out}</p>
        </li>
    }
    .into_any()
}

fn act(
    typed: &Typed,
    row: &Row,
    class: &'static str,
    text: String,
    act: impl Fn(&Typed, &Row) + 'static,
) -> AnyView {
    let (typed, row) = (typed.clone(), row.clone());
    parts::button(class, text, move || act(&typed, &row))
}
