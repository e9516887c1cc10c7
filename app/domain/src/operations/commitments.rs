//! Commitments: what an office says it will do, by whom and until when; and how far it has come.

use serde::Serialize;

use super::{BlobRef, Data, USES_MAX, no_files};
use crate::ids::RecordId;
use crate::text::{Label, Localized, Text};
use crate::time::Millis;

/// Committing to something, in a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Commit {
    /// Its consultation.
    pub consultation: RecordId,
    /// What will be done, in the languages that the office wrote.
    pub text: Localized<Text>,
    /// Who sees to it: an office or a function, never an account.
    pub owner: Localized<Label>,
    /// Until when; still to come when it is taken.
    pub due: Millis,
    /// The contributions that it follows from, each once; at most [`USES_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub follows: Vec<RecordId>,
}
crate::fields!(strict Commit { consultation, text, owner, due ; follows });

impl Data for Commit {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        let twice = |at: usize| self.follows[..at].contains(&self.follows[at]);
        if self.follows.len() > USES_MAX || (0..self.follows.len()).any(twice) {
            return Err("too many contributions, or one twice");
        }
        no_files(blobs)
    }
}

/// The most entries of a commitment's log.
pub const LOG_MAX: usize = 60;

/// Adding to a commitment's log. Nothing in it is ever changed; a commitment that is over takes no more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReportProgress {
    /// Its consultation.
    pub consultation: RecordId,
    /// The commitment.
    pub record: RecordId,
    /// What was done; of one that is given up or moved: why.
    pub text: Localized<Text>,
    /// Where it stands by that.
    pub state: Delivery,
}
crate::fields!(strict ReportProgress { consultation, record, text, state });

/// Where a commitment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It is being done.
    UnderWay,
    /// It was done. Nothing follows.
    Done,
    /// It will not be done. Nothing follows.
    GivenUp,
    /// It is due on another day, still to come when it is taken.
    Moved(Millis),
}
crate::variants!(Delivery { UnderWay "under_way", Done "done", GivenUp "given_up" ; Moved "moved" });

about! { record: ReportProgress }
