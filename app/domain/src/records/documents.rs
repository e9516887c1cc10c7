//! Documents of a consultation.

use serde::Serialize;

use crate::ids::{Hash, RecordId};
use crate::text::{Localized, Title};
use crate::time::Millis;

/// A document, as everyone sees it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Document {
    /// Its id.
    pub id: RecordId,
    /// To which consultation it was attached.
    pub consultation: RecordId,
    /// What it is.
    pub title: Localized<Title>,
    /// A PDF. It is served while the document is there.
    pub file: Hash,
    /// Of the file, in bytes.
    pub size: u64,
    /// When it was attached.
    pub added_at: Millis,
    /// When it was taken away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Millis>,
}
crate::fields!(open Document { id, consultation, title, file, size, added_at ; removed_at });

/// The documents, or the texts, that a consultation has, so that there are not too many: in a scope that nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Attached {
    /// Their ids, in the order in which they came.
    pub all: Vec<RecordId>,
}
crate::fields!(open Attached { ; all });
