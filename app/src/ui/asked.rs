//! The screens of polls, surveys and texts, and the map: a part of the app of their own, for which only
//! devices pay that meet one. The worker keeps it from when the device holds something that can be answered or
//! amended, or somebody opened a map; a screen fetches it from there, or else from the server.

use std::cell::Cell;

use domain::ids::RecordId;
use domain::records::{Open, Place, Record};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::app::Screen;
use super::live::{effect, live, memo};
use super::rest::of_part;
use super::routes::Route;
use super::{App, dates, page, parts, shell, update};
use crate::maps::Chart;
use crate::offline::{Rest, keep_asked};
use crate::polls::state::{When, took_part};
use crate::{communities, maps, polls, surveys, texts, w};

/// What the part brings.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Draws the screen of a poll, a survey or a text.
    pub screen: Screen,
    /// Draws a map.
    pub map: fn(App, Chart) -> AnyView,
}

/// Whatever only this reaches is that part.
pub fn offers() -> Asked {
    Asked { screen: screens, map: maps::draw }
}

fn screens(app: App, route: Route) -> AnyView {
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

thread_local! {
    static HERE: Cell<Option<Asked>> = const { Cell::new(None) };
}

/// The part, once it is here.
pub fn here(arrival: RwSignal<Rest>) -> Option<Asked> {
    arrival.track();
    HERE.get()
}

/// What fetches it, and how far that is. It is fetched again when there is a line, after it could not be.
pub fn coming(app: App) -> (RwSignal<Rest>, impl Fn() + Copy + Send) {
    let arrival = RwSignal::new(Rest::Away);
    let fetch = move || {
        let known = arrival.get_untracked() == Rest::Coming || HERE.get().is_some();
        let Some(behind) = app.behind.get_untracked().filter(|_| !known) else { return };
        arrival.set(Rest::Coming);
        app.spawn(async move {
            HERE.set((behind.asked)().await);
            if HERE.get().is_none() {
                // The server may have a newer version, and this one's no longer.
                update::look_again(app);
            }
            keep_asked();
            let _ = arrival.try_set(if HERE.get().is_some() { Rest::Here } else { Rest::Failed });
        });
    };
    let network = app.device().network();
    effect(move |_| {
        if network.get().online && arrival.get_untracked() == Rest::Failed {
            fetch();
        }
    });
    (arrival, fetch)
}

/// The screen of a poll or a survey, as the rest knows it.
pub fn screen(app: App, route: Route) -> AnyView {
    let (arrival, fetch) = coming(app);
    of_part(app, route, move || here(arrival).map(|part| part.screen), move || arrival.get(), fetch)
}
