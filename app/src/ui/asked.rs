//! The screens of polls and surveys: a part of the app of their own, for which only devices pay that
//! meet one. The worker keeps it from when the device holds something that can be answered; a
//! screen fetches it from there, or else from the server.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::live::effect;
use super::rest::{Screen, of_part};
use super::routes::Route;
use super::{App, shell, update};
use crate::offline::{Rest, keep_asked};
use crate::{polls, surveys};

/// The split: what only this reaches is compiled into a part of its own. What it shares with the rest
/// of the app lies there.
#[wasm_split(asked, wasm_split_path = leptos::wasm_split, fallible)]
fn pages() -> Result<Screen, SplitLoaderError> {
    Ok(page)
}

fn page(app: App, route: Route) -> AnyView {
    match route {
        Route::Poll(slug, id, record) => polls::page(app, slug, id, record),
        Route::Survey(slug, id, record) => surveys::page(app, slug, id, record),
        _ => shell::unknown(app),
    }
}

thread_local! {
    static HERE: Cell<Option<Screen>> = const { Cell::new(None) };
}

/// The screen of a poll or a survey.
pub fn screen(app: App, route: Route) -> AnyView {
    let here = RwSignal::new(HERE.get());
    let arrival = RwSignal::new(Rest::Away);
    let fetch = move || {
        if here.get_untracked().is_some() || arrival.get_untracked() == Rest::Coming {
            return;
        }
        arrival.set(Rest::Coming);
        app.spawn(async move {
            let came = pages().await.ok();
            if came.is_none() {
                // The server may have a newer version, and no longer this one's.
                update::look_again(app);
            }
            HERE.set(came);
            keep_asked();
            let _ = arrival.try_set(if came.is_some() { Rest::Here } else { Rest::Failed });
            let _ = here.try_set(came);
        });
    };
    let network = app.device().network();
    effect(move |_| {
        // A line, after it could not be fetched.
        if network.get().online && arrival.get_untracked() == Rest::Failed {
            fetch();
        }
    });
    of_part(app, route, here.into(), arrival.into(), fetch)
}
