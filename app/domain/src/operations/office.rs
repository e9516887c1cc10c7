//! What the office does with a contribution: it says where it stands, answers, files, notes, blots
//! out private information, and hides by a rule.

use serde::Serialize;

use super::contributions::are_files_of;
use super::{BlobRef, Data, PHOTOS_MAX, Photo};
use crate::ids::{Hash, RecordId, RuleId, SubjectId};
use crate::text::{Label, Localized, Text};
use crate::time::Millis;

/// An official answer; a later one replaces an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Answer {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
}
crate::fields!(strict Answer { consultation, record, text });

/// Hiding by a public rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hide {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// From the community's own list.
    pub rule: RuleId,
}
crate::fields!(strict Hide { consultation, record, rule });

/// Saying where a contribution stands; a later word replaces an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Mark {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// Where it stands.
    pub progress: Progress,
}
crate::fields!(strict Mark { consultation, record, progress });

/// How far the office is with a contribution.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Somebody read it. The author and the office see it; the public does not.
    Read,
    /// It is looked into.
    InDiscussion,
    /// It comes before those who decide, on that day.
    OnAgenda(Millis),
    /// It was decided, as the answer says.
    Decided,
    /// It was done.
    Done,
    /// It will not be done, for this reason.
    Declined(Localized<Text>),
}
crate::variants!(Progress { Read "read", InDiscussion "in_discussion", Decided "decided", Done "done" ; OnAgenda "on_agenda", Declined "declined" });

/// Filing a proposal under another subject.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct File {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// From the community's own list.
    pub subject: SubjectId,
}
crate::fields!(strict File { consultation, record, subject });

/// A note for colleagues: it never leaves the office.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Note {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// What colleagues should know.
    pub text: Text,
}
crate::fields!(strict Note { consultation, record, text });

/// The most words that one act blots out.
pub const BLOTS_MAX: usize = 20;

/// Blotting out private information: these words and photos are no longer shown to the public, or parts of photos.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Blot {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
    /// Words as they stand in it, each blotted out wherever it stands; at most [`BLOTS_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Label>,
    /// Its photos that go, each by its whole picture; at most [`PHOTOS_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Hash>,
    /// Its photos of which a part goes; at most [`PHOTOS_MAX`]. The body's blobs are the new ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Cover>,
}
crate::fields!(strict Blot { consultation, record ; words, photos, covers });

/// A photo in whose place another one is shown to the public, with parts of it painted over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cover {
    /// The one that goes, by its whole picture.
    pub photo: Hash,
    /// The one in its place, which keeps the description that stands there.
    pub full: Hash,
    /// The same, small.
    pub thumb: Hash,
}
crate::fields!(strict Cover { photo, full, thumb });

about! { record: Answer Hide Mark File Note }

impl Data for Blot {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.record)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        let (words, photos, covers) = (self.words.len(), self.photos.len(), self.covers.len());
        if words + photos + covers == 0 || words > BLOTS_MAX || photos.max(covers) > PHOTOS_MAX {
            return Err("no words and no photos, or too many");
        }
        let photo = |cover: &Cover| Photo { full: cover.full, thumb: cover.thumb, alt: None };
        let photos: Vec<Photo> = self.covers.iter().map(photo).collect();
        are_files_of(photos.iter(), blobs)
    }
}
