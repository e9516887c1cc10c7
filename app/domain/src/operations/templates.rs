//! Templates of answers: what an office writes again and again, kept once for all its colleagues.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::ids::RecordId;
use crate::text::{Label, Localized, Text};

/// Keeping a template, or changing one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KeepTemplate {
    /// The one that is changed; none: a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<RecordId>,
    /// By what colleagues find it.
    pub title: Localized<Label>,
    /// What an answer begins with, in the languages of the title.
    pub text: Localized<Text>,
}
crate::fields!(strict KeepTemplate { title, text ; template });

/// Taking a template out of the list. Answers that began with it stay as they are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DropTemplate {
    /// Which one.
    pub template: RecordId,
}
crate::fields!(strict DropTemplate { template });

impl Data for KeepTemplate {
    fn about(&self) -> Option<RecordId> {
        self.template
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if !self.title.iter().map(|(lang, _)| lang).eq(self.text.iter().map(|(lang, _)| lang)) {
            return Err("a template lacks a language");
        }
        no_files(blobs)
    }
}

impl Data for DropTemplate {
    fn about(&self) -> Option<RecordId> {
        Some(self.template)
    }
}
