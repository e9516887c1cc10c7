//! The home of a community: what is being decided now, and what was.

use crate::ui::live::{effect, live, memo, shared};
use domain::ids::CommunityId;
use domain::records::{Consultation, Place};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::{choose, state};
use crate::consultations;
use crate::ui::routes::Route;
use crate::ui::{App, page, parts, rest, shell};
use crate::w;

/// What a community is called; its id while the list is not here.
pub fn name(app: App, id: &CommunityId) -> String {
    let place = app.places().with(|places| state::by_id(places, id));
    place.map_or_else(|| id.to_string(), |place| place.name.to_string())
}

/// The chosen community, or the choice of one.
pub fn here(app: App) -> AnyView {
    live(move || match app.chosen.get() {
        None => choose(app),
        Some(id) => {
            let places = app.places();
            found(app, memo(move || places.with(|places| state::by_id(places, &id))))
        }
    })
}

/// A community by its address.
pub fn home(app: App, slug: String) -> AnyView {
    let place = place(app, slug);
    found(app, place)
}

/// The community under a slug.
pub fn place(app: App, slug: String) -> Memo<Option<Place>> {
    let places = app.places();
    memo(move || places.with(|places| state::by_slug(places, &slug)))
}

fn found(app: App, place: Memo<Option<Place>>) -> AnyView {
    app.device().follow(vec![Scope::Territory]);
    page::title(move || place.with(|place| place.as_ref().map_or_else(String::new, |p| p.name.to_string())));
    live(move || match place.get() {
        Some(place) => decisions(app, place),
        None => missing_place(app),
    })
}

/// A screen of a community, by the slug in its address.
pub fn at(app: App, slug: String, draw: impl Fn(Place) -> AnyView + Send + 'static) -> AnyView {
    let place = place(app, slug);
    app.device().follow(vec![Scope::Territory]);
    live(move || match place.get() {
        Some(place) => draw(place),
        None => missing_place(app),
    })
}

/// The list of communities is not here, or names no such one.
pub fn missing_place(app: App) -> AnyView {
    let (held, network) = (app.device().held(&Scope::Territory), app.device().network());
    live(move || match (held.get(), network.get().online) {
        (None, false) => shell::not_here(app, w!(choose_offline)),
        (None, true) => parts::loading(),
        (Some(_), _) => {
            let choose = parts::link("btn", app.link(&Route::Choose), w!(choose_change));
            parts::empty(w!(error_not_found_title), w!(error_not_found), Some(choose))
        }
    })
}

/// How many of the consultations shown are read before somebody opens one.
const AHEAD: usize = 4;

fn decisions(app: App, place: Place) -> AnyView {
    let scope = Scope::Community(place.id.clone());
    app.device().follow(vec![Scope::Territory, scope.clone()]);
    let (records, held) = (app.records(&scope), app.device().held(&scope));
    let network = app.device().network();
    let name = place.name.to_string();
    let slug = place.slug.clone();
    let id = place.id.clone();
    effect(move |_| {
        let now = app.device().server_now();
        let (open, closed) =
            records.with(|all| consultations::state::by_phase(all.iter().map(|held| &held.record), now));
        let next = open.iter().chain(&closed).take(AHEAD);
        app.device().read_ahead(next.map(|it| Scope::Consultation(id.clone(), it.id)).collect());
    });
    let list = shared(move || {
        app.clock.track();
        let now = app.device().server_now();
        let records = records.get();
        if records.is_empty() && held.get().is_none() {
            return if network.get().online {
                parts::loading()
            } else {
                shell::not_here(app, w!(home_not_yet, community = name.clone()))
            };
        }
        rest::fetch_soon(app);
        let (open, closed) = consultations::state::by_phase(records.iter().map(|held| &held.record), now);
        let (passed_on, open): (Vec<_>, Vec<_>) = open.into_iter().partition(Consultation::is_letterbox);
        let cards = |all: Vec<_>| -> Vec<AnyView> {
            all.into_iter().map(|it| consultations::card(app, &slug, &it, now)).collect()
        };
        let fictitious = open.iter().chain(&closed).any(|it| it.fictitious);
        let none_open = open.is_empty();
        let none_closed = closed.is_empty();
        view! {
            {fictitious.then(|| parts::notice("warn", w!(app_demonstration), w!(app_demo_banner), None))}
            <section class="stack">
                <h2>{w!(home_open_title)}</h2>
                {none_open.then(|| view! { <p class="soft">{w!(home_open_empty, community = name.clone())}</p> })}
                {cards(open)}
            </section>
            {(!passed_on.is_empty()).then(|| view! {
                <section class="stack"><h2>{w!(letterbox_title)}</h2>{cards(passed_on)}</section>
            })}
            {(!none_closed).then(|| view! {
                <section class="stack"><h2>{w!(home_closed_title)}</h2>{cards(closed)}</section>
            })}
        }
        .into_any()
    });
    let change = parts::link("btn btn-plain", app.link(&Route::Choose), w!(choose_change));
    let moderation = app.link(&Route::Moderation(place.slug.clone()));
    let moderation = parts::link("btn btn-plain", moderation, w!(moderation_title));
    let other = (app.chosen.get_untracked().as_ref() != Some(&place.id)).then(|| keep(app, place.clone()));
    let of = place.clone();
    let news = live(move || app.behind.get().map(|behind| (behind.news)(app, of.clone())));
    view! {
        {list}
        // Under what was there before it: nothing moves under a finger.
        {news}
        <p class="actions">{other}{change}{moderation}</p>
    }
    .into_any()
}

/// Seen by its address only: can be made one's own.
fn keep(app: App, place: Place) -> AnyView {
    let text = w!(choose_keep, community = place.name.to_string());
    parts::button("btn btn-quiet", text, move || {
        let id = place.id.clone();
        app.chosen.set(Some(id.clone()));
        app.spawn(async move {
            let _ = app.device().set_preference("community", id.as_str()).await;
        });
        app.go(&Route::Here);
    })
}
