//! The frame around every screen: tabs, tide line, banners, and the screen of the address.

use leptos::prelude::*;

use super::routes::Route;
use super::{App, header, install, page, parts, styleguide, tabs, tide, update};
use crate::offline::{Audience, StoreError};
use crate::{communities, consultations, desk, people, proposals, trail, w};

/// Draws everything for the present language.
pub fn draw(app: App) -> AnyView {
    page::focus_on_change(app);
    let desk = app.audience == Audience::Desk;
    let skip = |event: web_sys::MouseEvent| {
        event.prevent_default();
        page::focus("main");
    };
    view! {
        <div class=if desk { "app desk" } else { "app" }>
            <a class="skip" href="#main" on:click=skip>{w!(app_skip)}</a>
            {tabs::bar(app)}
            {(!desk).then(|| shore(app))}
            {tide::line(app)}
            {update::banner(app)}
            {(!desk).then(|| install::banner(app))}
            {if desk { desk_screen(app) } else { citizen_screen(app) }}
            <div class="visually-hidden" role="status" aria-live="polite">{move || app.said.get()}</div>
        </div>
    }
    .into_any()
}

/// The shore stands above the tide, on a community's own page only.
fn shore(app: App) -> AnyView {
    let places = app.places();
    let place = Memo::new(move |_| {
        let chosen = app.chosen.get();
        app.route.with(|route| match route {
            Route::Here => chosen.and_then(|id| places.with(|all| communities::state::by_id(all, &id))),
            Route::Community(slug) => places.with(|all| communities::state::by_slug(all, slug)),
            _ => None,
        })
    });
    (move || place.get().map(|place| header::of_place(&place))).into_any()
}

fn main(body: AnyView) -> AnyView {
    view! { <main class="page stack-l" id="main" tabindex="-1">{body}</main> }.into_any()
}

fn citizen_screen(app: App) -> AnyView {
    (move || {
        main(match app.route.get() {
            Route::Here => communities::here(app),
            Route::Choose => communities::choose(app),
            Route::Community(slug) => communities::home(app, slug),
            Route::Consultation(slug, id) => consultations::page(app, slug, id),
            Route::Propose(slug, id) => proposals::form(app, slug, id),
            Route::Check(slug, id) => proposals::check(app, slug, id),
            Route::ProposeWhere => consultations::propose_where(app),
            Route::Trail => trail::page(app),
            Route::TrailItem(op) => trail::one(app, op),
            Route::SignIn => people::sign_in(app),
            Route::Me => people::me(app),
            Route::Styleguide => styleguide::page(app),
            _ => unknown(app),
        })
    })
    .into_any()
}

fn desk_screen(app: App) -> AnyView {
    let signed_in = Memo::new(move |_| app.me().get().is_some());
    // The inbox and its items are one screen: choosing another item must not draw the list anew.
    let inbox = Memo::new(move |_| app.route.with(|route| matches!(route, Route::Inbox(_))));
    (move || {
        if inbox.get() && signed_in.get() {
            return desk::inbox(app);
        }
        let route = match app.route.get() {
            Route::Desk(shared) => *shared,
            other => other,
        };
        main(match route {
            Route::Me => people::me(app),
            Route::Styleguide => styleguide::page(app),
            Route::SignIn => people::sign_in(app),
            _ if !signed_in.get() => people::sign_in(app),
            Route::DeskConsultations => desk::consultations(app),
            Route::DeskOpen => desk::open(app),
            Route::DeskOutbox => desk::outbox(app),
            _ => unknown(app),
        })
    })
    .into_any()
}

fn unknown(app: App) -> AnyView {
    page::title(|| w!(error_not_found_title));
    let home = parts::link("btn", app.link(&Route::Here), w!(error_home));
    view! {
        {parts::head(None, w!(error_not_found_title), Some(view! { <p>{w!(error_not_found)}</p> }.into_any()))}
        <p class="actions">{home}</p>
    }
    .into_any()
}

/// What a page shows that needs something which was never pulled: words and a way on.
pub fn not_here(app: App, text: String) -> AnyView {
    let again = parts::button("btn btn-quiet", w!(app_retry), move || app.device().refresh());
    parts::empty(String::new(), text, Some(again))
}

/// Takes the first painting away.
pub fn clear() {
    if let Some(first) = document().get_element_by_id("first") {
        first.remove();
    }
}

/// Nothing can be kept here: says so, instead of an app that would lose what is written.
pub fn cannot_open(error: &StoreError) {
    clear();
    let text = match error {
        StoreError::Full => w!(error_storage_full),
        StoreError::Conflict => w!(error_storage_upgrade),
        _ => w!(error_storage_blocked),
    };
    leptos::mount::mount_to_body(move || {
        let again = parts::button("btn", w!(error_reload), || {
            let _ = window().location().reload();
        });
        view! {
            <main class="page stack" id="main">
                {parts::head(None, w!(error_title), None)}
                <p>{text}</p>
                <p class="actions">{again}</p>
            </main>
        }
    });
}
