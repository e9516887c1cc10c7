//! The frame around every screen: tabs, tide line, banners, and the screen of the address.

use super::live::{live, on};
use domain::scopes::Scope;
use leptos::prelude::*;

use super::routes::Route;
use super::{App, Parts, page, parts, tabs, tide, update};
use crate::offline::{Audience, StoreError};
use crate::w;

/// Draws everything for the present language.
pub fn draw(app: App) -> AnyView {
    page::focus_on_change(app);
    let Parts { audience, tabs: items, above, below, screen, .. } = app.parts;
    let desk = audience == Audience::Desk;
    let skip = |event: web_sys::MouseEvent| {
        event.prevent_default();
        page::focus("main");
    };
    view! {
        <div class=if desk { "app desk" } else { "app" }>
            <a class="skip" href="#main" on:click=on(skip)>{w!(app_skip)}</a>
            {tabs::bar(app, items(app))}
            {above(app)}
            {tide::line(app)}
            {update::banner(app)}
            {failure(app)}
            {below(app)}
            {screen(app)}
            <div class="visually-hidden" role="status" aria-live="polite">{app.said()}</div>
        </div>
    }
    .into_any()
}

/// What did not work.
fn failure(app: App) -> AnyView {
    live(move || {
        app.failure.get().map(|text| {
            let close = parts::button("btn btn-plain", w!(app_understood), move || app.failure.set(None));
            tide::banner(text, close)
        })
    })
}

/// The middle of the page.
pub fn main(body: AnyView) -> AnyView {
    view! { <main class="page stack-l" id="main" tabindex="-1">{body}</main> }.into_any()
}

/// No such screen.
pub fn unknown(app: App) -> AnyView {
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

/// Why something of a scope is not shown: it is gone, on its way, or not on this device.
pub fn absent(app: App, scope: &Scope, gone: fn() -> String, not_here: fn() -> String) -> AnyView {
    let (held, network) = (app.device().held(scope), app.device().network());
    live(move || match (held.get(), network.get().online) {
        (Some(_), _) => parts::empty(String::new(), gone(), None),
        (None, true) => parts::loading(),
        (None, false) => self::not_here(app, not_here()),
    })
}

/// Something that a newer version of the app would understand.
pub fn unread(app: App) -> AnyView {
    let again = parts::button("btn btn-quiet", w!(app_retry), move || app.device().refresh());
    parts::empty(String::new(), w!(app_unread), Some(again))
}

/// Takes the first painting away.
pub fn clear() {
    if let Some(first) = document().get_element_by_id("first") {
        first.remove();
    }
}

/// Nothing can be kept here: says so, instead of an app that would lose what is written.
pub fn cannot_open(error: &StoreError) -> AnyView {
    let text = match error {
        StoreError::Full => w!(error_storage_full),
        StoreError::Conflict => w!(error_storage_upgrade),
        _ => w!(error_storage_blocked),
    };
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
    .into_any()
}
