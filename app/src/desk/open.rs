//! Opening a consultation: in both languages, with its dates, read once more in a dialog.

use crate::ui::live::{live, memo, on};
use domain::operations::{Action, OpenConsultation};
use domain::phases::Form;
use domain::text::{Lang, Text, Title};
use leptos::prelude::*;

use super::acts::graces;
use super::answer::languages;
use super::inbox::{Desk, community};
use super::state::{self, OpenForm, OpenProblem};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, Field, choices, field, summary};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, typed, words};
use crate::{proposals, w};

/// The page.
pub fn open(app: App) -> AnyView {
    page::title(|| w!(desk_open_title));
    let id = memo(move || community(app));
    live(move || {
        let Some(id) = id.get() else { return view! { <p>{w!(desk_not_staff)}</p> }.into_any() };
        let desk = Desk::of(app, &id);
        let langs = memo(move || desk.lists.with(|lists| languages(lists.as_ref())));
        let id = id.clone();
        live(move || form(app, id.clone(), &langs.get()))
    })
}

fn form(app: App, id: domain::ids::CommunityId, langs: &[Lang]) -> AnyView {
    let empty = || langs.iter().map(|lang| (lang.clone(), RwSignal::new(String::new()))).collect::<Vec<_>>();
    let (titles, summaries) = (empty(), empty());
    let (closes, promise) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let grace = RwSignal::new("48".to_owned());
    let named = |what: &'static str, all: &[(Lang, RwSignal<String>)]| -> Vec<_> {
        all.iter().map(|(lang, text)| ([what, lang.as_str()].concat(), *text)).collect()
    };
    let mut fields = [named("title ", &titles), named("summary ", &summaries)].concat();
    fields
        .extend([("closes", closes), ("promise", promise), ("grace", grace)].map(|(n, f)| (n.to_owned(), f)));
    typed::keep(app, typed::OPENING, fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<OpenConsultation>));
    let read = {
        let (titles, summaries) = (titles.clone(), summaries.clone());
        move || {
            let texts = |all: &[(Lang, RwSignal<String>)]| {
                all.iter().map(|(lang, text)| (lang.clone(), text.get_untracked())).collect()
            };
            OpenForm {
                titles: texts(&titles),
                summaries: texts(&summaries),
                closes_at: dates::from_input(&closes.get_untracked()),
                grace_hours: grace.get_untracked().parse().unwrap_or(48),
                answer_by: dates::from_input(&format!("{}T23:59", promise.get_untracked())),
            }
        }
    };
    let check = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match state::open(&read(), app.device().server_now()) {
            Ok(open) => {
                errors.set(Vec::new());
                ready.set(Some(open));
                asking.set(true);
            }
            Err(wrong) => errors.set(wrong.into_iter().map(at_field).collect()),
        }
    };
    let publish = move || {
        let (id, open) = (id.clone(), ready.get_untracked());
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
                    let _ = errors.try_set(vec![("title", proposals::say(error))]);
                }
            }
        });
        true
    };
    let pair = |all: Vec<(Lang, RwSignal<String>)>, ids: [&'static str; 2], lines: bool| -> Vec<AnyView> {
        let one = |((lang, text), id): ((Lang, RwSignal<String>), &'static str)| {
            let asked = Field {
                id,
                label: label(&lang, lines),
                hint: if lines { w!(desk_open_summary_hint) } else { String::new() },
                lines,
                max: if lines { Text::GRAPHEMES } else { Title::GRAPHEMES },
                lang: Some(lang.to_string()),
                ..Field::default()
            };
            field(asked, text, errors, Signal::derive(|| false), None)
        };
        all.into_iter().zip(ids).map(one).collect()
    };
    let date =
        |id: &'static str, kind: &'static str, label: String, hint: String, value: RwSignal<String>| {
            // A date alone is short; with its time it needs the room.
            let class = if kind == "date" { "field-short" } else { "" };
            let asked = Field { id, label, hint, kind, class, ..Field::default() };
            field(asked, value, errors, Signal::derive(|| false), None)
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
        <form class="stack-l" novalidate on:submit=on(check)>
            <div class="grid">{pair(titles, ["title", "title-2"], false)}</div>
            <div class="grid">{pair(summaries, ["summary", "summary-2"], true)}</div>
            {date("closes", "datetime-local", w!(desk_open_closes_label), w!(desk_open_local), closes)}
            {choices("grace", w!(desk_open_grace_label), String::new(), true, graces(), grace, errors)}
            {date("promise", "date", format!("{} ({})", w!(desk_open_promise_label), w!(app_optional)), String::new(), promise)}
            <p class="actions"><button class="btn" type="submit">{w!(desk_open_check)}</button></p>
        </form>
        {dialog(asking, asked, Some(view! { {again} }.into_any()), publish)}
    }
    .into_any()
}

fn label(lang: &Lang, lines: bool) -> String {
    match (lang.as_str(), lines) {
        ("en", true) => w!(desk_open_summary_en_label),
        ("en", false) => w!(desk_open_title_en_label),
        (_, true) => w!(desk_open_summary_fr_label),
        (_, false) => w!(desk_open_title_fr_label),
    }
}

fn at_field(wrong: OpenProblem) -> (&'static str, String) {
    match wrong {
        OpenProblem::Title => ("title", w!(desk_open_error_title)),
        OpenProblem::Summary => ("summary", w!(desk_open_error_summary)),
        OpenProblem::Closes => ("closes", w!(desk_open_error_date)),
        OpenProblem::Promise => ("promise", w!(desk_open_error_promise)),
    }
}
