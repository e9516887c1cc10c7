//! Merging a proposal into another that says the same, and parting them again.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::ids::RecordId;

/// Merging a proposal into another one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Merge {
    /// Their consultation.
    pub consultation: RecordId,
    /// The proposal that is shown under the other.
    pub record: RecordId,
    /// The proposal that stands for both.
    pub into: RecordId,
}
crate::fields!(strict Merge { consultation, record, into });

/// Parting a proposal from the one that it was merged into.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Unmerge {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
}
crate::fields!(strict Unmerge { consultation, record });

impl Data for Merge {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.record)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.record == self.into {
            return Err("merged into itself");
        }
        no_files(blobs)
    }
}

about! { record: Unmerge }
