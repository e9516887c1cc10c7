//! What a consultation asks: the screens of polls, surveys and texts, and the map. A part of the app of its own.

use domain::ids::RecordId;
use domain::records::{Open, Place, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::live::{live, memo};
use super::pieces::Piece;
use super::routes::Route;
use super::{App, dates, page, parts, shell};
use crate::polls::state::{When, took_part};
use crate::{communities, maps, polls, surveys, texts, w};

/// Draws its pieces: whatever only this reaches is that part.
pub fn draw(app: App, piece: Piece) -> AnyView {
    match piece {
        Piece::Screen(route) => screen(app, route),
        Piece::Map(chart) => maps::draw(app, chart),
        Piece::Texts(place, consultation) => texts::section(app, &place, consultation),
        Piece::Amendment(records, amendment, to) => texts::amendment(app, records, &amendment, to),
        _ => shell::unknown(app),
    }
}

fn screen(app: App, route: Route) -> AnyView {
    match route {
        Route::Poll(slug, id, record) => polls::page(app, slug, id, record),
        Route::Survey(slug, id, record) => surveys::page(app, slug, id, record),
        Route::SurveyPaper(slug, id, record) => surveys::paper_page(app, slug, id, record),
        Route::Text(slug, id, record) => texts::page(app, slug, id, record),
        Route::Amend(slug, id, record, paragraph) => texts::amend_page(app, slug, id, record, paragraph),
        _ => shell::unknown(app),
    }
}

/// The page of something that a consultation asks: found among its records, or why it is not there.
pub fn of<T: PartialEq + Clone + Send + Sync + 'static>(
    app: App,
    address: (String, RecordId, RecordId),
    find: fn(&Record, RecordId) -> Option<&T>,
    title: fn(&T) -> String,
    draw: impl Fn(App, &Place, T) -> AnyView + Copy + Send + 'static,
) -> AnyView {
    let (slug, consultation, id) = address;
    communities::at(app, slug, move |place| {
        let scope = Scope::Consultation(place.id.clone(), consultation);
        app.device().follow(vec![Scope::Territory, Scope::Community(place.id.clone()), scope.clone()]);
        let records = app.records(&scope);
        let it =
            memo(move || records.with(|all| all.iter().find_map(|held| find(&held.record, id)).cloned()));
        page::title(move || it.with(|it| it.as_ref().map(title).unwrap_or_default()));
        live(move || match it.get() {
            Some(it) => draw(app, &place, it),
            None => shell::absent(app, &scope, || w!(asked_unknown), || w!(asked_not_here)),
        })
    })
}

/// The way back to its consultation.
pub fn back(app: App, place: &Place, consultation: RecordId) -> AnyView {
    parts::link("", app.link(&Route::Consultation(place.slug.clone(), consultation)), w!(asked_back))
}

/// When it is, in words.
pub fn date_of(open: Open, when: When) -> String {
    match when {
        When::Soon => w!(consultation_opens_on, date = dates::moment(open.from)),
        When::Now => w!(home_closes_on, date = dates::moment(open.until)),
        When::Over => w!(home_closed_on, date = dates::moment(open.until)),
    }
}

/// That what this person said is on its way, or there.
pub fn mine(app: App, id: RecordId, kept: fn() -> String, received: fn() -> String) -> AnyView {
    let me = app.me();
    live(move || {
        let person = me.get()?;
        let items = app.device().outbox().get();
        let leaves = app.records(&Scope::Person(person.id)).with(|own| took_part(own, &items, id))?;
        let text = if leaves { kept() } else { received() };
        Some(parts::notice("good", String::new(), text, None))
    })
}
