//! Where the device is: asked of the browser by a tap, and never kept finer than a sector.

use domain::sectors::{DEGREE, Sector};
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Position, PositionError, PositionOptions};

/// Why it is not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unknown {
    /// The person or the device does not allow it.
    Denied,
    /// The device cannot find it.
    Unavailable,
    /// It takes too long.
    TimedOut,
    /// It is known to so many kilometres only, which says nothing of a sector.
    Rough(u32),
}

/// How long the device may look for it.
const PATIENCE_MS: u32 = 20_000;
/// With a greater error, in metres, the sector would be a guess.
const ROUGH: f64 = 400.0;

/// The sector in which the device is.
pub async fn position() -> Result<Sector, Unknown> {
    let geolocation = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
    let geolocation = geolocation.ok_or(Unknown::Unavailable)?;
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(PATIENCE_MS);
    // Asked for again, it is looked for again: the last one may be what was too rough.
    options.set_maximum_age(0);
    let told = Promise::new(&mut |found, lost| {
        let lost = Some(&lost);
        let _ = geolocation.get_current_position_with_error_callback_and_options(&found, lost, &options);
    });
    match JsFuture::from(told).await {
        Ok(position) => read(position.unchecked_ref()),
        Err(error) => Err(match error.unchecked_ref::<PositionError>().code() {
            PositionError::PERMISSION_DENIED => Unknown::Denied,
            PositionError::TIMEOUT => Unknown::TimedOut,
            _ => Unknown::Unavailable,
        }),
    }
}

fn read(position: &Position) -> Result<Sector, Unknown> {
    let at = position.coords();
    if at.accuracy() > ROUGH {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some kilometres")]
        return Err(Unknown::Rough((at.accuracy() / 1000.0).ceil() as u32));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees")]
    let parts = |degrees: f64| (degrees * f64::from(DEGREE)).round() as i32;
    Sector::around(parts(at.latitude()), parts(at.longitude())).ok_or(Unknown::Unavailable)
}
