//! The browser's clock, and waiting.

use domain::time::Millis;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Now, by the device's clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the browser")]
pub fn now() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

/// Waits so many milliseconds. Dropping it forgets it.
pub async fn sleep(millis: u32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let millis = i32::try_from(millis).unwrap_or(i32::MAX);
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, millis);
        }
    });
    let _: Result<JsValue, JsValue> = JsFuture::from(promise).await;
}
