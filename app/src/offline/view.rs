//! What screens are given: plain values, built from what the device holds.

use std::sync::Arc;

use domain::ids::Hash;
use domain::order::Sorted;
use domain::records::Record;
use domain::scopes::Scope;
use domain::time::Millis;

/// The place in the feed of what was not pulled yet: before everything.
pub const UNPLACED: u64 = u64::MAX;

/// A record as the device shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Held {
    /// Its name in its scope.
    pub name: String,
    /// Its place in the feed, or [`UNPLACED`].
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

/// A file on its way to the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Uploading {
    /// Which.
    pub hash: Hash,
    /// The bytes that are there.
    pub sent: u64,
    /// Of so many.
    pub size: u64,
}

/// How far the files of an item are, in hundredths; none while none of them moves. They go in
/// their order, and a small one counts as much as a large one.
pub fn progress(files: &[Hash], moving: Option<Uploading>) -> Option<u64> {
    let moving = moving?;
    let before = files.iter().position(|hash| *hash == moving.hash)? as u64;
    let part = moving.sent.saturating_mul(100) / moving.size.max(1);
    Some((before * 100 + part.min(100)) / files.len() as u64)
}

/// How a document stands on this device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentCopy {
    /// It is kept, and has so many bytes.
    Kept(u64),
    /// It is on its way; so many bytes of it are here.
    Coming(u64),
    /// It did not come: no line, or the server no longer has it.
    NotFetched,
    /// It came, and could not be kept.
    NotKept(super::StoreError),
}

/// Documents by their files; of those that are not in it, nothing is here.
pub type Copies = Sorted<Hash, DocumentCopy>;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_one_after_the_other() {
        let [one, two, other] = [1, 2, 3].map(|byte| Hash([byte; 32]));
        let moving = |hash, sent| Some(Uploading { hash, sent, size: 200 });
        assert_eq!(progress(&[one, two], moving(one, 50)), Some(12));
        assert_eq!(progress(&[one, two], moving(two, 200)), Some(100));
        assert_eq!(progress(&[one, two], moving(other, 50)), None);
        assert_eq!(progress(&[one, two], None), None);
        assert_eq!(progress(&[one], Some(Uploading { hash: one, sent: 0, size: 0 })), Some(0));
    }
}
