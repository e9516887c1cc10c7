//! The page of a survey: what it is about, its form while it is open, its results once they are told.

use domain::ids::RecordId;
use domain::records::{Place, Questionnaire, Record};
use leptos::prelude::*;

use super::paper::paper;
use super::{form, results};
use crate::polls::state::{When, when};
use crate::ui::routes::Route;
use crate::ui::{App, asked, parts, shell, words};
use crate::w;

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    asked::of(app, (slug, consultation, id), find, |it| words::say(&it.title), draw)
}

/// The same survey on paper.
pub fn paper_page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    asked::of(app, (slug, consultation, id), find, |it| words::say(&it.title), paper)
}

fn find(record: &Record, id: RecordId) -> Option<&Questionnaire> {
    match record {
        Record::Questionnaire(it) if it.id == id => Some(it),
        _ => None,
    }
}

fn draw(app: App, place: &Place, it: Questionnaire) -> AnyView {
    let when = when(it.open, app.device().server_now());
    let tone = if when == When::Now { "act" } else { "" };
    let date = asked::date_of(it.open, when);
    let below = view! { <p class="meta">{parts::tag(tone, w!(asked_survey))}<span>{date}</span></p> };
    // Questions of a newer version than this app.
    let Ok(survey) = it.survey.read() else { return shell::unread(app) };
    let intro = survey.intro.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let body = match (when, &it.results) {
        (_, Some(told)) => {
            told.read().map_or_else(|_| shell::unread(app), |told| results::results(app, &survey, &told))
        }
        (When::Over, None) => view! { <p class="soft">{w!(survey_not_published)}</p> }.into_any(),
        (When::Soon, None) => ().into_any(),
        (When::Now, None) => {
            let sheet = Route::SurveyPaper(place.slug.clone(), it.consultation, it.id);
            let sheet = parts::link("btn btn-plain", app.link(&sheet), w!(survey_paper));
            let privacy = view! { <p class="small soft">{w!(survey_privacy)}</p> };
            view! { {asked::mine(app, it.id, || w!(survey_kept), || w!(survey_received))} {privacy} {form::form(app, place.id.clone(), it.clone(), survey)} <p class="actions">{sheet}</p> }
                .into_any()
        }
    };
    view! {
        {parts::head(Some(asked::back(app, place, it.consultation)), words::say(&it.title), Some(below.into_any()))}
        <section class="stack">{intro}{body}</section>
    }
    .into_any()
}
