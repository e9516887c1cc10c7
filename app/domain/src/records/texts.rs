//! Texts that people are asked about, and amendments to them.

use serde::Serialize;

use crate::ids::RecordId;
use crate::text::{Lang, Localized, Text, Title};
use crate::time::Millis;

/// A text, as everyone sees it: its version of now. Amendments quote what they change, so earlier
/// versions are not kept.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PublishedText {
    /// Its id.
    pub id: RecordId,
    /// In which consultation it is.
    pub consultation: RecordId,
    /// What it is.
    pub title: Localized<Title>,
    /// In their order.
    pub paragraphs: Vec<Paragraph>,
    /// Which version this is, from 1.
    pub version: u32,
    /// When this version was published.
    pub published_at: Millis,
    /// How many numbers its paragraphs ever had: none has that of another.
    pub numbered: u32,
}
crate::fields!(open PublishedText { id, consultation, title, paragraphs, version, published_at, numbered });

/// A paragraph.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Paragraph {
    /// Its number for ever, from 1: not its place.
    pub id: u32,
    /// What it says.
    pub words: Localized<Text>,
}
crate::fields!(open Paragraph { id, words });

impl PublishedText {
    /// A paragraph with its place, from 1, while the text has it.
    pub fn paragraph(&self, id: u32) -> Option<(usize, &Paragraph)> {
        let at = self.paragraphs.iter().position(|paragraph| paragraph.id == id)?;
        Some((at + 1, &self.paragraphs[at]))
    }

    /// Whether a paragraph still says what was quoted from it.
    pub fn says(&self, id: u32, lang: &Lang, quote: &Text) -> bool {
        let words = self.paragraph(id).and_then(|(_, it)| it.words.iter().find(|(known, _)| *known == lang));
        words.is_some_and(|(_, words)| words == quote)
    }
}

/// Another wording for one paragraph of a text, in one language.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Amendment {
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
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}
crate::fields!(open Amendment { text, paragraph, lang, quote ; wording, reason });

impl Amendment {
    /// Whether it is about the same words as another.
    pub fn meets(&self, other: &Self) -> bool {
        (self.text, self.paragraph, &self.lang) == (other.text, other.paragraph, &other.lang)
    }

    /// What it should say; nothing when it should go.
    pub fn proposed(&self) -> &str {
        self.wording.as_ref().map_or("", Text::as_str)
    }
}
