//! A consultation as a card, and the choice of one to answer.

use crate::ui::live::{memo, shared};
use domain::phases::{Form, Intake};
use domain::records::Consultation;
use domain::scopes::Scope;
use domain::time::Millis;
use leptos::prelude::*;

use super::state::{self, Left};
use crate::communities;
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, shell, words};
use crate::{n, w};

/// The card.
pub fn card(app: App, slug: &str, it: &Consultation, now: Millis) -> AnyView {
    let href = app.link(&Route::Consultation(slug.to_owned(), it.id));
    draw(it, now, href)
}

fn draw(it: &Consultation, now: Millis, href: String) -> AnyView {
    let (tone, label, when) = when(it, now);
    let summary = domain::text::shorten(&words::say(&it.summary), 140);
    view! {
        <article class="card">
            <p class="meta">
                {parts::tag(tone, label)}<span>{when}</span>
                {it.fictitious.then(|| parts::tag("", w!(app_fictitious)))}
            </p>
            <h3 class="card-title"><a class="card-link" href=href>{parts::said(&it.title)}</a></h3>
            <p class="card-text" dir="auto">{summary}</p>
            <p class="meta">{when_answered(it, now)}</p>
        </article>
    }
    .into_any()
}

/// Its tag and its date, in words.
pub fn when(it: &Consultation, now: Millis) -> (&'static str, String, String) {
    let until = w!(home_closes_on, date = dates::day(it.closes_at()));
    match state::left(it, now) {
        Left::LastDay => ("warn", w!(home_last_day), w!(home_closes_at, time = dates::time(it.closes_at()))),
        Left::Days(days) => (
            "act",
            w!(home_contribute),
            format!("{until} ({})", n!(days, home_days_left_a, home_days_left_s)),
        ),
        Left::Always => ("", w!(letterbox_tag), String::new()),
        Left::Long => ("act", w!(home_contribute), until),
        Left::Discussed => {
            ("act", w!(consultation_discuss_tag), w!(home_closes_on, date = dates::day(it.ends_at())))
        }
        Left::Soon(from) => {
            ("", w!(consultation_soon_tag), w!(consultation_opens_on, date = dates::day(from)))
        }
        Left::Closed if it.intake(now) == Intake::Grace => {
            ("warn", w!(consultation_grace_tag), w!(home_closed_on, date = dates::day(it.closes_at())))
        }
        Left::Closed => {
            ("", w!(consultation_closed_tag), w!(home_closed_on, date = dates::day(it.closes_at())))
        }
    }
}

/// When its answer was given or is promised, and whether that day has passed.
pub fn when_answered(it: &Consultation, now: Millis) -> Option<AnyView> {
    if let Some(conclusion) = &it.conclusion {
        return Some(parts::tag("good", w!(consultation_answered, date = dates::day(conclusion.at))));
    }
    let date = dates::day(it.answer_by?);
    Some(match it.is_late(now) {
        true => parts::tag("bad", w!(consultation_late, date = date)),
        false => view! { <span>{w!(consultation_promise, date = date)}</span> }.into_any(),
    })
}

/// "Propose": to which open consultation?
pub fn propose_where(app: App) -> AnyView {
    page::title(|| w!(nav_propose));
    let places = app.places();
    let place = memo(move || {
        let id = app.chosen.get()?;
        places.with(|places| communities::state::by_id(places, &id))
    });
    let body = shared(move || {
        let Some(place) = place.get() else { return communities::choose(app) };
        let scope = Scope::Community(place.id.clone());
        app.device().follow(vec![Scope::Territory, scope.clone()]);
        let (records, held) = (app.records(&scope), app.device().held(&scope));
        let slug = place.slug.clone();
        let name = place.name.to_string();
        let list = shared(move || {
            let now = app.device().server_now();
            let records = records.get();
            if records.is_empty() && held.get().is_none() {
                return shell::not_here(app, w!(home_not_yet, community = name.clone()));
            }
            let (mut open, _) = state::by_phase(records.iter().map(|held| &held.record), now);
            open.retain(|it| it.intake_of(Form::Proposals, now) == Intake::Open);
            if open.is_empty() {
                return parts::empty(String::new(), w!(home_open_empty, community = name.clone()), None);
            }
            let cards: Vec<AnyView> =
                open.iter().map(|it| draw(it, now, app.link(&Route::Propose(slug.clone(), it.id)))).collect();
            view! { <div class="stack">{cards}</div> }.into_any()
        });
        view! { {parts::head(Some(place.name.to_string().into_any()), w!(propose_which), None)} {list} }
            .into_any()
    });
    body.into_any()
}
