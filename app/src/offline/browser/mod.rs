//! What a browser gives: its database, its network, locks between tabs, the event stream,
//! pictures, signatures, time and chance.

pub mod database;
pub mod line;
pub mod live;
pub mod locks;
pub mod pictures;
pub mod signatures;
pub mod tabs;
pub mod wake;
pub mod worker;

use domain::time::Millis;
use js_sys::{Array, Uint8Array};
use web_sys::{Blob, BlobPropertyBag, Url};

use super::surroundings::Surroundings;

/// The browser's clock and random source.
pub struct Browser;

impl Surroundings for Browser {
    fn now(&self) -> Millis {
        super::time::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the browser")]
    fn fill(&self, bytes: &mut [u8]) -> bool {
        getrandom::fill(bytes).is_ok()
    }
}

/// An address under which the page can show or hand out these bytes, while it is open.
pub fn address(bytes: &[u8], media_type: &str) -> Option<String> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Whether the page is in front.
pub fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}
