//! Opening a consultation, and closing it.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::ids::RecordId;
use crate::text::{Label, Localized, Text, Title};
use crate::time::{HOUR, Millis};

/// The longest grace that a clerk may give: a week.
pub const GRACE_MAX: i64 = 168 * HOUR;

/// Opening a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpenConsultation {
    /// What is asked, in a few words.
    pub title: Localized<Title>,
    /// What is asked, why now, who decides, what becomes of it.
    pub summary: Localized<Text>,
    /// Said to everyone.
    pub closes_at: Millis,
    /// Until when what was written offline is still taken.
    pub accepts_until: Millis,
    /// When an answer is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
    /// For imported conversations: whose it is and under which licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Invented to show the product; the screen says so.
    pub fictitious: bool,
}
crate::fields!(strict OpenConsultation { title, summary, closes_at, accepts_until ; answer_by, source, fictitious });

/// Where imported text comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Source {
    /// The attribution, shown wherever the text is.
    pub attribution: Localized<Label>,
    /// The licence's short name (SPDX).
    pub licence: Label,
    /// Where the original lies.
    pub url: Label,
}
crate::fields!(strict Source { attribution, licence, url });

/// Closing a consultation now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CloseConsultation {
    /// Which one.
    pub consultation: RecordId,
    /// For how long, in milliseconds from the server's decision, what was written offline
    /// is still taken; at most [`GRACE_MAX`].
    pub grace: i64,
}
crate::fields!(strict CloseConsultation { consultation, grace });

impl Data for OpenConsultation {
    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.accepts_until < self.closes_at {
            return Err("accepts_until before closes_at");
        }
        if self.accepts_until.since(self.closes_at) > GRACE_MAX {
            return Err("grace too long");
        }
        no_files(blobs)
    }
}

impl Data for CloseConsultation {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if !(0..=GRACE_MAX).contains(&self.grace) {
            return Err("grace too long");
        }
        no_files(blobs)
    }
}
