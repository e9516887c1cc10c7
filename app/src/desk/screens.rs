//! The desk's screens, by address.

use crate::ui::live::{live, memo};
use domain::outbox::Item;
use domain::rules::Rules;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state::list::Inbox;
use super::{
    asked, bulletin, commitment, committing, conclude, consultations, documents, entering, inbox, open,
    outbox, poll, print, reading, responses, rules, safekeeping, slip, survey, taking_back, templates,
    text_paper, texts,
};
use crate::maps;
use crate::offline::Audience;
use crate::people;
use crate::ui::app::Behind;
use crate::ui::pieces::{Draw, Piece};
use crate::ui::routes::Route;
use crate::ui::tabs::tab;
use crate::ui::{App, Parts, icons, rest, shell, styleguide, update};

use crate::w;

/// What the desk's module is made of.
pub const PARTS: Parts = Parts {
    audience: Audience::Desk,
    rules: Some(Rules::OFFICE),
    address: Route::parse,
    link,
    tabs,
    above: nothing,
    below: nothing,
    screen,
    rest: || {
        let behind = Behind {
            screen: second,
            unsettled: |_| 0,
            news: |app, _| nothing(app),
            keep: update::register,
            part: |_| Box::pin(async { Some(piece as Draw) }),
        };
        Box::pin(async move { Some(behind) })
    },
};

/// What both audiences have lies below the desk.
fn link(route: &Route) -> String {
    match route {
        Route::Me | Route::SignIn | Route::Styleguide => format!("/desk{route}"),
        Route::Here => "/desk/".to_owned(),
        _ => route.to_string(),
    }
}

/// A tablet in an office has all of its screens from the start.
fn second(app: App, _: Route) -> AnyView {
    shell::unknown(app)
}

fn piece(app: App, piece: Piece) -> AnyView {
    match piece {
        Piece::Map(chart) => maps::draw(app, chart),
        _ => shell::unknown(app),
    }
}

fn nothing(_: App) -> AnyView {
    ().into_any()
}

/// How many proposals wait for an answer, over every desk of this person.
fn to_answer(app: App) -> usize {
    let Some(person) = app.me().get() else { return 0 };
    let communities = person.memberships.iter().filter(|m| person.is_clerk_of(&m.community));
    let count = |community| {
        app.records(&Scope::Desk(community)).with(|held| Inbox::count(held.iter().map(|held| &held.record)))
    };
    communities.map(|membership| count(membership.community.clone())).sum()
}

fn tabs(app: App) -> Vec<AnyView> {
    let waiting = memo(move || to_answer(app));
    let items = app.device().outbox();
    let unsent = Signal::derive(move || {
        let waits =
            |item: &&Item| (!item.is_stored() || item.needs_attention()) && !reading::is_reading(item);
        items.with(|items| items.iter().filter(waits).count())
    });
    vec![
        tab(app, Route::Inbox(None), icons::INBOX, w!(desk_inbox), Some(waiting.into())),
        tab(app, Route::DeskConsultations, icons::PEOPLE, w!(desk_consultations), None),
        tab(app, Route::DeskOutbox, icons::SEND, w!(desk_outbox), Some(unsent)),
        tab(app, Route::Me, icons::PERSON, w!(nav_me), None),
    ]
}

fn screen(app: App) -> AnyView {
    rest::fetch_soon(app);
    reading::tidy(app);
    let signed_in = memo(move || app.me().get().is_some());
    // The inbox and its items are one screen: choosing another item must not draw the list anew.
    let at_inbox = memo(move || app.route.with(|route| matches!(route, Route::Inbox(_))));
    live(move || {
        if at_inbox.get() && signed_in.get() {
            return inbox::inbox(app);
        }
        let route = match app.route.get() {
            Route::Desk(shared) => *shared,
            other => other,
        };
        shell::main(match route {
            Route::Me => view! { {people::me(app, None)} {safekeeping::section(app)} }.into_any(),
            Route::Styleguide => styleguide::page(app),
            Route::SignIn => people::sign_in(app),
            _ if !signed_in.get() => people::sign_in(app),
            Route::DeskConsultations => consultations::consultations(app),
            Route::DeskOpen => open::open(app),
            Route::DeskRules => rules::page(app),
            Route::DeskTemplates => templates::page(app),
            Route::DeskConclude(id) => conclude::page(app, id),
            Route::DeskAsked(id) => asked::page(app, id),
            Route::DeskPoll(id) => poll::page(app, id),
            Route::DeskSurvey(id) => survey::page(app, id),
            Route::DeskResponses(id, record) => responses::page(app, id, record),
            Route::DeskPrint(id) => print::page(app, id),
            Route::DeskBulletin => bulletin::page(app),
            Route::DeskCommitments(id) => committing::page(app, id),
            Route::DeskCommitment(_, record) => commitment::page(app, record),
            Route::DeskDocuments(id) => documents::page(app, id),
            Route::DeskTexts(id) => texts::page(app, id),
            Route::DeskText(id, record) => texts::version_page(app, id, record),
            Route::DeskTextPaper(id, record) => text_paper::page(app, id, record),
            Route::DeskEnter(id) => entering::page(app, id),
            Route::DeskSlip(id) => slip::page(app, id),
            Route::DeskTakeBack => taking_back::page(app),
            Route::DeskOutbox => outbox::outbox(app),
            _ => shell::unknown(app),
        })
    })
}
