//! The rest of the app, as screens meet it: fetched once the first list stands, and waited for
//! by the screens that are in it.

use std::time::Duration;

use leptos::prelude::*;

use super::live::{effect, live};
use super::routes::Route;
use super::{App, page, parts};
use crate::offline::Rest;
use crate::w;

/// After this long it is fetched whatever is on screen: the next step will need it.
const SOON: Duration = Duration::from_secs(15);

/// Does what comes after it: its screens are taken up, and the whole is kept for offline.
pub fn follow(app: App) {
    let rest = app.device().rest();
    effect(move |_| {
        if rest.get() == Rest::Here {
            app.spawn(async move {
                if let Some(behind) = (app.parts.rest)().await {
                    app.behind.set(Some(behind));
                    (behind.keep)(app);
                }
            });
        }
    });
    set_timeout(move || app.device().fetch_rest(), SOON);
}

/// The first list stands: once it is painted, the rest may come.
pub fn fetch_soon(app: App) {
    if app.device().rest().get_untracked() != Rest::Away {
        return;
    }
    request_animation_frame(move || {
        set_timeout(move || app.device().fetch_rest(), Duration::ZERO);
    });
}

/// A screen of the rest.
pub fn screen(app: App, route: Route) -> AnyView {
    let rest = app.device().rest();
    let draw = move || app.behind.get().map(|behind| (behind.screen)(app, route.clone()));
    of_part(Whole::Screen, draw, move || rest.get() == Rest::Failed, move || app.device().fetch_rest())
}

/// How much of a screen a part draws.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// All of it.
    Screen,
    /// A map that somebody opened in it, and waits for.
    Map,
    /// A section of it.
    Section,
    /// What nobody misses.
    Aside,
}

/// What a part of the app draws, which is waited for; where it could not be fetched, that is said.
pub fn of_part(
    whole: Whole,
    draw: impl Fn() -> Option<AnyView> + Send + 'static,
    failed: impl Fn() -> bool + Send + 'static,
    fetch: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    fetch();
    let mut waited = false;
    live(move || {
        if let Some(drawn) = draw() {
            if std::mem::take(&mut waited) {
                page::focus_heading(0);
            }
            return drawn;
        }
        let failed = failed();
        waited = !failed && whole == Whole::Screen;
        match (failed, whole) {
            (true, Whole::Screen) => {
                page::title(|| w!(rest_title));
                let again = parts::button("btn", w!(app_retry), fetch);
                parts::empty(w!(rest_title), w!(rest_missing), Some(again))
            }
            (_, Whole::Aside) | (false, Whole::Section) => ().into_any(),
            (true, _) => {
                let again = parts::button("btn btn-quiet", w!(app_retry), fetch);
                let text = if whole == Whole::Map { w!(map_missing) } else { w!(rest_missing) };
                parts::notice("warn", String::new(), text, Some(again))
            }
            (false, _) => parts::loading(),
        }
    })
}
