//! What a device is like: its screen, its person's preferences, its speed and its network.

use serde_json::{Value, json};

/// The screen, in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
    /// A phone or tablet: touch, and the page's own viewport rule applies.
    pub mobile: bool,
    pub scale: f32,
}

impl Viewport {
    pub const SMALL_PHONE: Self = Self { width: 320, height: 568, mobile: true, scale: 2.0 };
    pub const PHONE: Self = Self { width: 390, height: 844, mobile: true, scale: 2.0 };
    pub const TABLET: Self = Self { width: 820, height: 1180, mobile: true, scale: 1.0 };
    pub const DESKTOP: Self = Self { width: 1280, height: 800, mobile: false, scale: 1.0 };

    pub(crate) fn metrics(self) -> Value {
        json!({
            "width": self.width,
            "height": self.height,
            "deviceScaleFactor": self.scale,
            "mobile": self.mobile,
        })
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    #[default]
    Light,
    Dark,
}

/// A person's preferences, as the browser tells them to the page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Emulation {
    pub scheme: Scheme,
    pub reduced_motion: bool,
    pub forced_colors: bool,
    /// A language tag such as `en-CA`, for `Intl`, `navigator.language` and `Accept-Language`.
    pub locale: Option<&'static str>,
}

impl Emulation {
    pub(crate) fn features(&self) -> Value {
        let feature = |name: &str, value: &str| json!({ "name": name, "value": value });
        let scheme = if self.scheme == Scheme::Dark { "dark" } else { "light" };
        let motion = if self.reduced_motion { "reduce" } else { "no-preference" };
        let forced = if self.forced_colors { "active" } else { "none" };
        json!({ "features": [
            feature("prefers-color-scheme", scheme),
            feature("prefers-reduced-motion", motion),
            feature("forced-colors", forced),
        ] })
    }
}

/// A slow network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) kbit_per_second: f64,
    pub(crate) latency_ms: f64,
}

impl Network {
    pub(crate) fn command(self) -> (&'static str, Value) {
        let bytes = self.kbit_per_second * 1000.0 / 8.0;
        let params = json!({
            "offline": false,
            "latency": self.latency_ms,
            "downloadThroughput": bytes,
            "uploadThroughput": bytes,
        });
        ("Network.emulateNetworkConditions", params)
    }
}
