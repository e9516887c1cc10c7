//! Opening a consultation, and closing it.

use serde::Serialize;

use super::{BlobRef, Data, SHARED_MAX, no_files};
use crate::ids::{CommunityId, RecordId};
use crate::phases::{DEFAULT_GRACE, Form, Phases};
use crate::text::{Label, Localized, Text, Title};
use crate::time::{HOUR, Millis};

/// The longest grace that a clerk may give: a week.
pub const GRACE_MAX: i64 = 168 * HOUR;

/// Opening a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpenConsultation {
    /// What is asked, in a few words.
    pub title: Localized<Title>,
    /// What is asked, and why now: two minutes to read.
    pub summary: Localized<Text>,
    /// Its course.
    pub phases: Phases,
    /// For how long, in milliseconds from closing, what was written offline is still taken; at
    /// most [`GRACE_MAX`].
    pub grace: i64,
    /// What people are asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Form>,
    /// Who decides in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Localized<Text>>,
    /// What is done with the contributions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_for: Option<Localized<Text>>,
    /// When an answer is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Millis>,
    /// For imported conversations: whose it is and under which licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The consultation of another community whose words it began from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapted_from: Option<Model>,
    /// The communities that are invited to hold it as equals; at most [`super::SHARED_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<CommunityId>,
    /// Invented to show the product; the screen says so.
    pub fictitious: bool,
}
crate::fields!(strict OpenConsultation { title, summary, phases, grace ; takes, decided_by, used_for, answer_by, source, adapted_from, shared_with, fictitious });

/// A consultation that another one began from: whose it is deserves the credit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Model {
    /// Whose.
    pub community: CommunityId,
    /// Which.
    pub consultation: RecordId,
}
crate::fields!(strict Model { community, consultation });

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

/// The most contributions that one answer names.
pub const USES_MAX: usize = 40;

/// Answering a consultation as a whole: what was decided, and what of the contributions it uses.
/// A later answer replaces an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Conclude {
    /// Which one.
    pub consultation: RecordId,
    /// In the languages that the office wrote.
    pub text: Localized<Text>,
    /// The contributions that it uses; at most [`USES_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<RecordId>,
}
crate::fields!(strict Conclude { consultation, text ; uses });

impl Data for Conclude {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        let twice = |at: usize| self.uses[..at].contains(&self.uses[at]);
        if self.uses.len() > USES_MAX || (0..self.uses.len()).any(twice) {
            return Err("too many contributions, or one twice");
        }
        no_files(blobs)
    }
}

impl OpenConsultation {
    /// One that asks for what is usual and says nothing more.
    pub fn new(title: Localized<Title>, summary: Localized<Text>, phases: Phases) -> Self {
        Self {
            title,
            summary,
            phases,
            grace: DEFAULT_GRACE,
            takes: Form::USUAL.to_vec(),
            decided_by: None,
            used_for: None,
            answer_by: None,
            source: None,
            adapted_from: None,
            shared_with: Vec::new(),
            fictitious: false,
        }
    }
}

impl Data for OpenConsultation {
    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if !(0..=GRACE_MAX).contains(&self.grace) {
            return Err("grace too long");
        }
        let twice = |at: usize| self.takes[..at].contains(&self.takes[at]);
        if (0..self.takes.len()).any(twice) {
            return Err("takes a form twice");
        }
        let twice = |at: usize| self.shared_with[..at].contains(&self.shared_with[at]);
        if self.shared_with.len() > SHARED_MAX || (0..self.shared_with.len()).any(twice) {
            return Err("shared with too many communities, or with one twice");
        }
        let (_, closes) = self.phases.open_for(Form::Proposals);
        if self.answer_by.is_some_and(|by| by < closes) {
            return Err("answer_by before the end of contributions");
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
