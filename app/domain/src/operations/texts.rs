//! Texts that people are asked about, paragraph by paragraph: published by the office, and amendments to
//! them.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::difference::is_same;
use crate::ids::RecordId;
use crate::text::{Lang, Localized, Text, Title};

/// The most paragraphs of one text.
pub const PARAGRAPHS_MAX: usize = 100;
/// The most texts of one consultation.
pub const TEXTS_MAX: usize = 3;

/// Publishing a text, or a new version of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PublishText {
    /// Its consultation.
    pub consultation: RecordId,
    /// The version that it takes the place of; none: it is a new text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaces>,
    /// What it is, in a few words.
    pub title: Localized<Title>,
    /// In their order: at least one, at most [`PARAGRAPHS_MAX`], each in the languages of the title.
    pub paragraphs: Vec<NewParagraph>,
}
crate::fields!(strict PublishText { consultation, title, paragraphs ; replaces });

/// A version of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Replaces {
    /// The text.
    pub text: RecordId,
    /// Which version stood when this was written: somebody else may publish meanwhile.
    pub version: u32,
}
crate::fields!(strict Replaces { text, version });

/// A paragraph of the version that is published.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NewParagraph {
    /// Which paragraph of the version before it is, changed or not; none when it is a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<u32>,
    /// What it says.
    pub words: Localized<Text>,
}
crate::fields!(strict NewParagraph { words ; was });

/// An amendment: another wording for one paragraph in one language. It quotes the words it changes, so
/// that it is understood also when the text has changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Amend {
    /// Its consultation.
    pub consultation: RecordId,
    /// The text.
    pub text: RecordId,
    /// The paragraph, by its number for ever.
    pub paragraph: u32,
    /// The language of both wordings.
    pub lang: Lang,
    /// The paragraph as its author read it.
    pub quote: Text,
    /// What it should say; none: it should go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<Text>,
    /// Why. May be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}
crate::fields!(strict Amend { consultation, text, paragraph, lang, quote ; wording, reason });

impl Data for PublishText {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn about(&self) -> Option<RecordId> {
        self.replaces.map(|it| it.text)
    }

    fn title(&self) -> Option<Title> {
        self.title.iter().next().map(|(_, title)| title.clone())
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.paragraphs.is_empty() || self.paragraphs.len() > PARAGRAPHS_MAX {
            return Err("too few or too many paragraphs");
        }
        let known: Vec<u32> = self.paragraphs.iter().filter_map(|paragraph| paragraph.was).collect();
        if (0..known.len()).any(|at| known[..at].contains(&known[at])) {
            return Err("a paragraph twice");
        }
        if self.replaces.is_none() && !known.is_empty() {
            return Err("a new text has no earlier paragraphs");
        }
        let languages = |it: &NewParagraph| it.words.iter().map(|(lang, _)| lang.clone()).collect::<Vec<_>>();
        let titled: Vec<Lang> = self.title.iter().map(|(lang, _)| lang.clone()).collect();
        if self.paragraphs.iter().any(|paragraph| languages(paragraph) != titled) {
            return Err("a paragraph in other languages than the title");
        }
        no_files(blobs)
    }
}

impl Data for Amend {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn title(&self) -> Option<Title> {
        Some(one_line(&self.quote, self.wording.as_ref()))
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.wording.as_ref().is_some_and(|wording| is_same(self.quote.as_str(), wording.as_str())) {
            return Err("nothing is changed");
        }
        no_files(blobs)
    }
}

/// An amendment in one line: what it says from the first change on, or the paragraph that should go.
pub(crate) fn one_line(quote: &Text, wording: Option<&Text>) -> Title {
    match wording {
        Some(wording) => wording.in_one_line_after(quote),
        None => quote.in_one_line(),
    }
}
