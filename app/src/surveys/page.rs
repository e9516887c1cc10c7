//! The page of a survey: what it is about, its form while it is open, its results once they are told.

use crate::ui::live::{live, memo};
use domain::ids::RecordId;
use domain::records::{Place, Questionnaire, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::{form, results};
use crate::communities;
use crate::polls::state::{When, took_part, when};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page as pages, parts, shell, words};
use crate::w;

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId) -> AnyView {
    let place = communities::place(app, slug);
    app.device().follow(vec![Scope::Territory]);
    live(move || match place.get() {
        Some(place) => of_place(app, place, consultation, id),
        None => communities::missing_place(app),
    })
}

fn of_place(app: App, place: Place, consultation: RecordId, id: RecordId) -> AnyView {
    let scope = Scope::Consultation(place.id.clone(), consultation);
    app.device().follow(vec![Scope::Territory, Scope::Community(place.id.clone()), scope.clone()]);
    let (records, held) = (app.records(&scope), app.device().held(&scope));
    let network = app.device().network();
    let it = memo(move || {
        records.with(|all| {
            all.iter().find_map(|held| match &held.record {
                Record::Questionnaire(it) if it.id == id => Some(it.clone()),
                _ => None,
            })
        })
    });
    pages::title(move || it.with(|it| it.as_ref().map_or_else(String::new, |it| words::say(&it.title))));
    live(move || match it.get() {
        Some(it) => draw(app, &place, it),
        None => match (held.get(), network.get().online) {
            (Some(_), _) => parts::empty(String::new(), w!(asked_unknown), None),
            (None, true) => parts::loading(),
            (None, false) => shell::not_here(app, w!(asked_not_here)),
        },
    })
}

fn draw(app: App, place: &Place, it: Questionnaire) -> AnyView {
    let to = app.link(&Route::Consultation(place.slug.clone(), it.consultation));
    let back = parts::link("", to, w!(asked_back));
    let now = app.device().server_now();
    let closes = dates::moment(it.open.until);
    let (tone, date) = match when(it.open, now) {
        When::Soon => ("", w!(consultation_opens_on, date = dates::moment(it.open.from))),
        When::Now => ("act", w!(home_closes_on, date = closes)),
        When::Over => ("", w!(home_closed_on, date = closes)),
    };
    let below = view! { <p class="meta">{parts::tag(tone, w!(asked_survey))}<span>{date}</span></p> };
    // Questions of a newer version than this app.
    let Ok(survey) = it.survey.read() else { return shell::unread(app) };
    let intro = survey.intro.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let body = match (when(it.open, now), &it.results) {
        (_, Some(told)) => {
            told.read().map_or_else(|_| shell::unread(app), |told| results::results(&survey, &told))
        }
        (When::Over, None) => view! { <p class="soft">{w!(survey_not_published)}</p> }.into_any(),
        (When::Soon, None) => ().into_any(),
        (When::Now, None) => {
            let privacy = view! { <p class="small soft">{w!(survey_privacy)}</p> };
            view! { {mine(app, it.id)} {privacy} {form::form(app, place.id.clone(), it.clone(), survey)} }
                .into_any()
        }
    };
    view! {
        {parts::head(Some(back), words::say(&it.title), Some(below.into_any()))}
        <section class="stack">{intro}{body}</section>
    }
    .into_any()
}

/// That this person's answers are on their way or there.
fn mine(app: App, id: RecordId) -> AnyView {
    let me = app.me();
    live(move || {
        let person = me.get()?;
        let items = app.device().outbox().get();
        let own = app.records(&Scope::Person(person.id)).with(|own| took_part(own, &items, id))?;
        let text = if own { w!(survey_kept) } else { w!(survey_received) };
        Some(parts::notice("good", String::new(), text, None))
    })
}
