//! The screens of polls and surveys: a part of the app of their own, for which only devices pay that
//! meet one. The worker keeps it from when the device holds something that can be answered; a
//! screen fetches it from there, or else from the server.

use std::cell::Cell;

use leptos::prelude::*;

use super::app::Screen;
use super::live::effect;
use super::rest::of_part;
use super::routes::Route;
use super::{App, shell, update};
use crate::offline::{Rest, keep_asked};
use crate::{polls, surveys};

/// Whatever only this reaches is that part.
pub fn page(app: App, route: Route) -> AnyView {
    match route {
        Route::Poll(slug, id, record) => polls::page(app, slug, id, record),
        Route::Survey(slug, id, record) => surveys::page(app, slug, id, record),
        _ => shell::unknown(app),
    }
}

thread_local! {
    static HERE: Cell<Option<Screen>> = const { Cell::new(None) };
}

/// The screen of a poll or a survey, as the rest knows it.
pub fn screen(app: App, route: Route) -> AnyView {
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
        // There is a line, after it could not be fetched.
        if network.get().online && arrival.get_untracked() == Rest::Failed {
            fetch();
        }
    });
    let here = move || {
        arrival.track();
        HERE.get()
    };
    of_part(app, route, here, move || arrival.get(), fetch)
}
