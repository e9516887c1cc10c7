//! The service worker: registered once the app stands; when a newer one waits, the person
//! says when it may take over. Never while something typed is not yet on disk.

use super::live::live;
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, EventTarget, RegistrationOptions, ServiceWorkerRegistration, ServiceWorkerState};

use super::{App, parts, tide};
use crate::offline::{Audience, container};
use crate::w;

/// How far a newer version of the app is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Newer {
    None,
    /// It waits for the person.
    Ready,
    /// The person agreed. The browser lets the old one finish first: half a minute at worst,
    /// when something was asked of it at that moment.
    Asked,
    /// It is in charge: this page is the last of the old one.
    InCharge,
}

/// Registers the worker of this audience and watches for a newer one.
pub fn register(app: App) {
    app.spawn(async move {
        // On an insecure address there is none, and the app works without.
        let Some(container) = container() else { return };
        let (script, scope) = match app.audience {
            Audience::Citizen => ("/sw.js", "/"),
            Audience::Desk => ("/desk/sw.js", "/desk/"),
        };
        let options = RegistrationOptions::new();
        options.set_scope(scope);
        let Ok(registered) = JsFuture::from(container.register_with_options(script, &options)).await else {
            return;
        };
        if let Ok(registration) = registered.dyn_into::<ServiceWorkerRegistration>() {
            watch(app, registration);
        }
    });
}

fn watch(app: App, registration: ServiceWorkerRegistration) {
    // A first install has no page to replace: only a waiting one beside an active one counts.
    let look = move |registration: &ServiceWorkerRegistration| {
        if registration.waiting().is_some() && registration.active().is_some() {
            offer(app);
            app.device().announce_update();
        }
    };
    look(&registration);
    let found = registration.clone();
    listen(&registration, "updatefound", move |_| {
        if let Some(worker) = found.installing() {
            let registration = found.clone();
            let state = worker.clone();
            listen(&worker, "statechange", move |_| {
                if state.state() == ServiceWorkerState::Installed {
                    look(&registration);
                }
            });
        }
    });
    WAITING.set(Some(registration));
}

/// Not again to who agreed already.
fn offer(app: App) {
    if app.update.get_untracked() == Newer::None {
        app.update.set(Newer::Ready);
    }
}

thread_local! {
    static WAITING: std::cell::RefCell<Option<ServiceWorkerRegistration>> = const { std::cell::RefCell::new(None) };
}

/// Looks for a newer version, and offers again the one that waits.
pub fn look_again(app: App) {
    WAITING.with_borrow(|registration| {
        if let Some(registration) = registration {
            if registration.waiting().is_some() {
                offer(app);
            }
            // What it finds is heard of like any other.
            let _ = registration.update();
        }
    });
}

/// Listens for as long as the page lives.
fn listen(target: &EventTarget, name: &str, heard: impl FnMut(Event) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(heard);
    let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}

/// Lets the waiting one take over.
fn activate(app: App) {
    let waiting = WAITING.with_borrow(|registration| registration.as_ref()?.waiting());
    // Another tab was faster: the new one is in charge already.
    let Some(worker) = waiting else { return app.update.set(Newer::InCharge) };
    app.update.set(Newer::Asked);
    let container = window().navigator().service_worker();
    listen(&container, "controllerchange", move |_| app.update.set(Newer::InCharge));
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"type".into(), &"activate".into());
    let _ = worker.post_message(&JsValue::from(message));
}

/// The strip that offers it. The page is loaded anew once all that was typed meanwhile is on disk.
pub fn banner(app: App) -> AnyView {
    live(move || match (app.update.get(), app.unsaved.get()) {
        (Newer::None, _) | (Newer::Ready, true) => ().into_any(),
        (Newer::Ready, false) => {
            let act = view! {
                {parts::button("btn btn-quiet", w!(update_now), move || activate(app))}
                {parts::button("btn btn-plain", w!(update_later), move || app.update.set(Newer::None))}
            };
            tide::banner(format!("{}. {}", w!(update_title), w!(update_help)), act.into_any())
        }
        (newer, unsaved) => {
            if newer == Newer::InCharge && !unsaved {
                let _ = window().location().reload();
            }
            tide::banner(format!("{} {}", w!(app_loading), w!(update_help)), ().into_any())
        }
    })
}
