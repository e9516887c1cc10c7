//! The service worker, as the device speaks to it.

use js_sys::{Object, Reflect};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

use crate::offline::Part;

/// Where workers are; none on an insecure address.
pub fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let known = Reflect::get(&navigator, &"serviceWorker".into()).is_ok_and(|it| !it.is_undefined());
    known.then(|| navigator.service_worker())
}

/// Has a part of the app kept: by the worker in charge, once there is one, and by a newer one that waits,
/// each that of its own version. What is kept already is not fetched again, so this can be said whenever
/// it is needed.
pub fn keep_part(part: Part) {
    let Some(ready) = container().and_then(|container| container.ready().ok()) else { return };
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(ready).await else { return };
        let registration = ServiceWorkerRegistration::from(registration);
        let message = Object::new();
        let _ = Reflect::set(&message, &"type".into(), &"keep".into());
        let _ = Reflect::set(&message, &"part".into(), &part.name().into());
        let workers = [registration.active(), registration.waiting(), registration.installing()];
        for worker in workers.into_iter().flatten() {
            let _ = worker.post_message(&message);
        }
    });
}
