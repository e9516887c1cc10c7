//! The citizens' screens, by address.

use super::live::{live, memo};
use leptos::prelude::*;

use super::app::{Behind, Bring, Coming};
use super::pieces::{self, Piece};
use super::routes::Route;
use super::tabs::tab;
use super::{App, Parts, header, icons, install, rest, shell, update};
use crate::offline::Audience;
use crate::{communities, consultations, contributions, news, proposals, trail as trails, w};

/// What the citizens' module is made of.
pub fn parts(rest: Coming<Behind>) -> Parts {
    Parts {
        audience: Audience::Citizen,
        rules: None,
        address: Route::of_citizens,
        link: |route| route.citizens_address().unwrap_or_else(|| "/".to_owned()),
        tabs,
        above,
        below: install::banner,
        screen,
        rest,
    }
}

fn tabs(app: App) -> Vec<AnyView> {
    let count = Signal::derive(move || app.behind.get().map_or(0, |behind| (behind.unsettled)(app)));
    vec![
        tab(app, Route::Here, icons::HOME, w!(nav_here), None),
        tab(app, Route::ProposeWhere, icons::PLUS, w!(nav_propose), None),
        tab(app, Route::Trail, icons::TRAIL, w!(nav_trail), Some(count)),
        tab(app, Route::Me, icons::PERSON, w!(nav_me), None),
    ]
}

/// The shore stands above the tide, on a community's own page only.
fn above(app: App) -> AnyView {
    let places = app.places();
    let place = memo(move || {
        let chosen = app.chosen.get();
        app.route.with(|route| match route {
            Route::Here => chosen.and_then(|id| places.with(|all| communities::state::by_id(all, &id))),
            Route::Community(slug) => places.with(|all| communities::state::by_slug(all, slug)),
            _ => None,
        })
    });
    live(move || place.get().map(|place| header::of_place(&place)))
}

fn screen(app: App) -> AnyView {
    live(move || {
        shell::main(match app.route.get() {
            Route::Here => communities::here(app),
            Route::Choose => communities::choose(app),
            Route::Community(slug) => communities::home(app, slug),
            Route::Styleguide => styleguide(),
            route => rest::screen(app, route),
        })
    })
}

/// What the rest of the app brings; the screens that only this reaches are compiled into it.
pub fn behind(part: Bring) -> Behind {
    Behind { screen: second, unsettled: trails::unsettled, news: news::since, keep, part }
}

fn keep(app: App) {
    update::register(app);
    pieces::follow(app);
}

fn second(app: App, route: Route) -> AnyView {
    match route {
        Route::Consultation(slug, id) => consultations::page(app, slug, id),
        Route::Contribution(slug, id, record) => contributions::page(app, slug, id, record),
        Route::Propose(slug, id) => proposals::form(app, slug, id),
        Route::Check(slug, id) => proposals::check(app, slug, id),
        Route::ProposeWhere => consultations::propose_where(app),
        Route::Trail => trails::page(app),
        Route::TrailItem(op) => trails::one(app, op),
        Route::Moderation(_)
        | Route::Subject(..)
        | Route::Poll(..)
        | Route::Survey(..)
        | Route::SurveyPaper(..)
        | Route::Text(..)
        | Route::Amend(..)
        | Route::SignIn
        | Route::Me => pieces::shown(app, Piece::Screen(route)),
        _ => shell::unknown(app),
    }
}

/// The parts are shown in the desk's app: a phone need not download them.
fn styleguide() -> AnyView {
    let _ = window().location().replace("/desk/styleguide");
    super::parts::loading()
}
