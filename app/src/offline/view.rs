//! What screens are given: plain values, built from what the device holds.

use std::sync::Arc;

use domain::records::Record;
use domain::scopes::Scope;
use domain::time::Millis;

/// A record as the device shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// Its name in its scope.
    pub name: String,
    /// Its place in the feed; the largest number for what is not yet sent.
    pub seq: u64,
    /// What it says.
    pub record: Record,
    /// Whether this is the effect of something that has not left the device.
    pub pending: bool,
}

/// A scope as screens see it, the newest first. A record is in memory once, however many
/// screens show it.
pub type Shown = Arc<Vec<Arc<Held>>>;

/// How much of a scope the device holds.
#[derive(Clone, PartialEq, Debug)]
pub struct HeldScope {
    /// When a pull last reached its end, by the device's clock.
    pub pulled_at: Millis,
    /// Whether it is all there; otherwise its newest part.
    pub complete: bool,
    /// The room that it takes.
    pub bytes: u64,
}

/// What is known of the line to the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Network {
    /// Whether the last attempt to reach the server succeeded.
    pub online: bool,
    /// When it last did, by the device's clock.
    pub last_contact: Option<Millis>,
    /// Whether the server no longer knows this device's session.
    pub sign_in_needed: bool,
    /// Whether a new version of the app waits to be started.
    pub update: bool,
}

/// What one scope uses of the device.
#[derive(Clone, PartialEq, Debug)]
pub struct ScopeUse {
    /// Which.
    pub scope: Scope,
    /// Records and small pictures.
    pub bytes: u64,
    /// When a pull last reached its end.
    pub pulled_at: Option<Millis>,
    /// When somebody last looked at it.
    pub read_at: Millis,
}

/// Why a picture cannot be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PictureError {
    /// There are as many as a proposal may have.
    #[error("too many")]
    TooMany,
    /// This browser cannot read it as a picture.
    #[error("not a picture")]
    NotAPicture,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] super::StoreError),
}
