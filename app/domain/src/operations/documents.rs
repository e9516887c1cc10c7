//! Documents of a consultation: attached by the office, and taken away.

use serde::Serialize;

use super::{BlobRef, Data};
use crate::documents::SIZE_MAX;
use crate::ids::{Hash, RecordId};
use crate::text::{Localized, Title};

/// Attaching a document to a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AttachDocument {
    /// Its consultation.
    pub consultation: RecordId,
    /// What it is, in a few words.
    pub title: Localized<Title>,
    /// A PDF of at most [`SIZE_MAX`] bytes: the body's one blob.
    pub file: Hash,
}
crate::fields!(strict AttachDocument { consultation, title, file });

/// Taking a document away: its file is served no longer. That it was there, and until when, stays.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DetachDocument {
    /// Its consultation.
    pub consultation: RecordId,
    /// The document.
    pub document: RecordId,
}
crate::fields!(strict DetachDocument { consultation, document });

impl Data for AttachDocument {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn title(&self) -> Option<Title> {
        self.title.iter().next().map(|(_, title)| title.clone())
    }

    /// The one file is the document's.
    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        match blobs {
            [blob] if blob.sha256 != self.file => Err("blobs do not match the document"),
            [blob] if blob.size > SIZE_MAX => Err("document too large"),
            [_] => Ok(()),
            _ => Err("blobs do not match the document"),
        }
    }
}

about! { document: DetachDocument }
