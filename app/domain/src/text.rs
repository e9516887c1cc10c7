//! Constrained text: what people write, checked by one rule in the form, on the wire and
//! in the row. Every Unicode character is kept as written, except control characters.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::difference::from_first_change;
use crate::ids::serde_as_text;

/// Why a text cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// More than the given number of graphemes or bytes.
    #[error("too long")]
    TooLong,
    /// A control character other than tab and line feed (and in a single line, any).
    #[error("control character")]
    Control,
}

/// Checks one text. `lines` allows tab and line feed. Bidirectional *overrides* and
/// isolates stay allowed: they are contained on display by `dir="auto"`.
fn check(text: &str, graphemes: usize, bytes: usize, lines: bool) -> Result<(), InvalidText> {
    if text.trim().is_empty() {
        return Err(InvalidText::Empty);
    }
    if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\t'))) {
        return Err(InvalidText::Control);
    }
    // Counting is slow, and there are at least as many bytes.
    let long = || text.len() > graphemes && text.graphemes(true).count() > graphemes;
    if text.len() > bytes || long() {
        return Err(InvalidText::TooLong);
    }
    Ok(())
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $graphemes:literal, $bytes:literal, $lines:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name(String);

        impl $name {
            /// The most graphemes (what a reader counts as characters) it may have.
            pub const GRAPHEMES: usize = $graphemes;

            /// The text as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, InvalidText> {
                check(text, $graphemes, $bytes, $lines).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        serde_as_text!($name);
    };
}

text!(
    /// One line that says what is proposed: at most 120 graphemes and 1,000 bytes.
    Title, 120, 1_000, false
);
text!(
    /// A body of text: at most 5,000 graphemes and 20,000 bytes.
    Text, 5_000, 20_000, true
);
text!(
    /// A short line: a person's name, a label, the description of a photo.
    Label, 200, 800, false
);

impl Text {
    /// Its beginning, as one line.
    pub fn in_one_line(&self) -> Title {
        Title(shorten(&self.0, 80))
    }

    /// The same from the first word on that differs from an earlier text, with an ellipsis before it.
    pub fn in_one_line_after(&self, before: &Self) -> Title {
        let rest = from_first_change(&before.0, &self.0);
        let left_out = if rest.len() < self.0.trim_end().len() { "… " } else { "" };
        Title(format!("{left_out}{}", shorten(rest, 80)))
    }
}

/// How many graphemes a text has, as the counter under a field shows it.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The start of a text, at most `max` graphemes, cut between words where it can be, and
/// with an ellipsis when something was left out.
pub fn shorten(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((cut, _)) = line.grapheme_indices(true).nth(max) else {
        return line;
    };
    let kept = line.grapheme_indices(true).nth(max.saturating_sub(1)).map_or(cut, |(at, _)| at);
    let head = &line[..kept];
    let head = head.rfind(' ').filter(|space| *space > kept / 2).map_or(head, |space| &head[..space]);
    format!("{}…", head.trim_end())
}

/// A language tag in use (BCP 47 primary language). A community may bring its own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Lang(String);

impl Lang {
    /// The tag itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Lang {
    type Err = crate::ids::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase());
        if fits { Ok(Self(text.to_owned())) } else { Err(crate::ids::InvalidId("Lang")) }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_as_text!(Lang);

/// The most languages that one thing is said in.
pub const LANGUAGES_MAX: usize = 16;

/// The same thing said in one or more languages; never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Localized<T>(Vec<(Lang, T)>);

impl<T> Localized<T> {
    /// Refuses an empty set of languages.
    pub fn new(texts: impl IntoIterator<Item = (Lang, T)>) -> Result<Self, InvalidText> {
        let mut set = Self(Vec::new());
        texts.into_iter().for_each(|(lang, text)| set.put(lang, text));
        if set.0.is_empty() { Err(InvalidText::Empty) } else { Ok(set) }
    }

    /// In the order of the tags: the same set is always written as the same bytes.
    fn put(&mut self, lang: Lang, text: T) {
        match self.0.binary_search_by(|(known, _)| known.cmp(&lang)) {
            Ok(at) => self.0[at].1 = text,
            Err(at) => self.0.insert(at, (lang, text)),
        }
    }

    /// The text in the first of `order` that it has, else in any language it has.
    pub fn best(&self, order: &[Lang]) -> Option<(&Lang, &T)> {
        order
            .iter()
            .find_map(|lang| self.iter().find(|(known, _)| *known == lang))
            .or_else(|| self.iter().next())
    }

    /// Every language with its text.
    pub fn iter(&self) -> impl Iterator<Item = (&Lang, &T)> {
        self.0.iter().map(|(lang, text)| (lang, text))
    }
}

impl Localized<Text> {
    /// Its beginning in each language, as one line.
    pub fn in_one_line(&self) -> Localized<Title> {
        Localized(self.0.iter().map(|(lang, text)| (lang.clone(), text.in_one_line())).collect())
    }
}

impl<T: Serialize> Serialize for Localized<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Localized<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Languages(PhantomData))
    }
}

struct Languages<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Languages<T> {
    type Value = Localized<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text by language")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut set = Localized(Vec::new());
        while let Some((lang, text)) = map.next_entry()? {
            if set.0.len() == LANGUAGES_MAX {
                return Err(serde::de::Error::custom("too many languages"));
            }
            set.put(lang, text);
        }
        if set.0.is_empty() { Err(serde::de::Error::custom(InvalidText::Empty)) } else { Ok(set) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_kept_as_written() {
        for text in ["ᐊᓂᔑᓈᐯᒧᐎᓐ", "Gichi-manidoo ogii’gwaabamaan", "👩🏽‍🌾🛶", "مرحبا", "n\u{0303}ə"]
        {
            assert_eq!(text.parse::<Title>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_title_has_at_most_120_graphemes_and_1000_bytes() {
        assert!("é".repeat(120).parse::<Title>().is_ok());
        assert_eq!("é".repeat(121).parse::<Title>(), Err(InvalidText::TooLong));
        assert_eq!("👩🏽‍🌾".repeat(70).parse::<Title>(), Err(InvalidText::TooLong));
    }

    #[test]
    fn a_body_has_at_most_5000_graphemes_and_20000_bytes() {
        assert!("a".repeat(5_000).parse::<Text>().is_ok());
        assert_eq!("a".repeat(5_001).parse::<Text>(), Err(InvalidText::TooLong));
        assert_eq!("🛶🛶".repeat(2_501).parse::<Text>(), Err(InvalidText::TooLong));
    }

    #[test]
    fn control_characters_are_refused_and_lines_only_allowed_in_bodies() {
        assert_eq!("a\u{0}b".parse::<Text>(), Err(InvalidText::Control));
        assert_eq!("a\u{85}b".parse::<Text>(), Err(InvalidText::Control));
        assert_eq!("a\nb".parse::<Title>(), Err(InvalidText::Control));
        assert!("a\n\tb".parse::<Text>().is_ok());
    }

    #[test]
    fn nothing_but_space_is_empty() {
        assert_eq!(" \u{a0}\u{2003} ".parse::<Title>(), Err(InvalidText::Empty));
    }

    #[test]
    fn a_thing_is_said_in_16_languages_at_most() {
        let said = |count: u8| {
            let texts = (0..count).map(|n| format!("\"a{}\":\"x\"", char::from(b'a' + n)));
            format!("{{{}}}", texts.collect::<Vec<_>>().join(","))
        };
        assert!(serde_json::from_str::<Localized<Title>>(&said(16)).is_ok());
        let error = serde_json::from_str::<Localized<Title>>(&said(17)).unwrap_err().to_string();
        assert!(error.contains("too many languages"), "{error}");
    }

    #[test]
    fn shortening_cuts_between_words_and_says_so() {
        assert_eq!(shorten("un banc", 10), "un banc");
        assert_eq!(shorten("un banc face au lac", 12), "un banc…");
        assert!(graphemes(&shorten(&"é".repeat(300), 120)) <= 120);
    }
}
