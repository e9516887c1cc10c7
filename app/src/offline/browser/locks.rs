//! Web Locks: one sender per device and audience, one tab per draft. A browser without them
//! is taken to have one tab.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A lock that is held until this is dropped, or the tab dies.
pub struct Lock {
    release: Option<Function>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Waits for a lock.
pub async fn hold(name: &str) -> Lock {
    request(name, false).await.unwrap_or(Lock { release: None })
}

/// Takes a lock when it is free.
pub async fn try_hold(name: &str) -> Option<Lock> {
    request(name, true).await
}

/// A promise and the function that fulfils it.
fn pair() -> (Promise, Option<Function>) {
    let fulfil = Rc::new(Cell::new(None));
    let slot = fulfil.clone();
    let promise = Promise::new(&mut |resolve, _| slot.set(Some(resolve)));
    (promise, fulfil.take())
}

async fn request(name: &str, only_if_free: bool) -> Option<Lock> {
    let everything = Some(Lock { release: None });
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return everything };
    let locks = Reflect::get(&navigator, &"locks".into()).unwrap_or(JsValue::UNDEFINED);
    let Some(ask) =
        Reflect::get(&locks, &"request".into()).ok().and_then(|ask| ask.dyn_into::<Function>().ok())
    else {
        return everything;
    };
    let (until, release) = pair();
    let (answered, answer) = pair();
    // The lock is held until the promise that this returns is fulfilled.
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let _ = answer.map(|answer| answer.call1(&JsValue::NULL, &JsValue::from_bool(!lock.is_null())));
        if lock.is_null() { JsValue::UNDEFINED } else { until.into() }
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &only_if_free.into());
    let arguments = Array::of3(&name.into(), &options, &granted);
    if ask.apply(&locks, &arguments).is_err() {
        return everything;
    }
    let free = JsFuture::from(answered).await.is_ok_and(|free| free.as_bool() == Some(true));
    free.then_some(Lock { release })
}
