//! The hint to install: where the browser offers it, its own question; on iOS in words, and
//! only while nothing was written yet, because the icon there has a storage of its own.

use super::live::live;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::routes::Route;
use super::{App, parts, tide};
use crate::w;

thread_local! {
    static PROMPT: std::cell::RefCell<Option<JsValue>> = const { std::cell::RefCell::new(None) };
}

fn is_ios() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    // An iPad says it is a Mac, which has no touch screen.
    let tablet = || agent.contains("Macintosh") && window().navigator().max_touch_points() > 1;
    agent.contains("iPhone") || agent.contains("iPad") || tablet()
}

fn is_installed() -> bool {
    window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches())
}

/// Asks with the browser's own question.
fn ask() {
    PROMPT.with_borrow_mut(|prompt| {
        let Some(prompt) = prompt.take() else { return };
        let ask = js_sys::Reflect::get(&prompt, &"prompt".into());
        if let Ok(ask) = ask.and_then(|ask| ask.dyn_into::<js_sys::Function>()) {
            let _ = ask.call0(&prompt);
        }
    });
}

/// The strip, when it is the moment for it.
pub fn banner(app: App) -> AnyView {
    let dismissed = RwSignal::new(true);
    let asked = RwSignal::new(0_u32);
    app.spawn(async move {
        dismissed.set(app.device().preference("install").await.as_deref() == Some("no"));
    });
    let heard = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        event.prevent_default();
        // It shows with the next screen: what stands must not move under a finger.
        PROMPT.set(Some(event.into()));
    });
    let _ = window().add_event_listener_with_callback("beforeinstallprompt", heard.as_ref().unchecked_ref());
    heard.forget();
    let (drafts, outbox) = (app.device().drafts(), app.device().outbox());
    let nothing_written = move || drafts.with(|all| all.is_empty()) && outbox.with(|all| all.is_empty());
    let no = move || {
        dismissed.set(true);
        app.spawn(async move {
            let _ = app.device().set_preference("install", "no").await;
        });
    };
    live(move || {
        let home = app.route.with(|route| matches!(route, Route::Here | Route::Community(_)));
        asked.track();
        if !home || dismissed.get() || is_installed() {
            return None;
        }
        let no = parts::button("btn btn-plain", w!(install_dismiss), no);
        if PROMPT.with_borrow(Option::is_some) {
            let yes = parts::button("btn btn-quiet", w!(install_action), move || {
                ask();
                asked.update(|times| *times += 1);
            });
            return Some(tide::banner(w!(install_android), view! { {yes}{no} }.into_any()));
        }
        (is_ios() && nothing_written()).then(|| tide::banner(w!(install_ios), no))
    })
}
