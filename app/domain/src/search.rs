//! Search over what a device holds: accents and case ignored, by the start of words.
//!
//! Decomposing letters from their accents takes large tables, which browsers and the
//! server have already: the caller brings its own NFD, the rest is the same everywhere.

use crate::order::{self, Rank};

/// Canonical decomposition (Unicode NFD) of a text.
pub type Decompose = fn(&str) -> String;

/// Marks that are ignored: combining diacritics of the Latin, Greek and Cyrillic scripts.
/// Those of other scripts (syllabic finals, vowel signs) carry meaning and stay.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The words of a text, folded.
pub fn words(text: &str, decompose: Decompose) -> Vec<String> {
    let decomposed;
    let text = if text.is_ascii() {
        text
    } else {
        decomposed = decompose(text);
        &decomposed
    };
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_ignored(*c)) {
        match c {
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// An index over numbered texts: every word with the number of its text, in order.
#[derive(Default, Debug)]
pub struct Index {
    words: Vec<(Rank, usize)>,
    texts: usize,
}

impl Index {
    /// Indexes texts in their order.
    pub fn build<'a>(texts: impl IntoIterator<Item = &'a str>, decompose: Decompose) -> Self {
        let mut index = Self::default();
        for text in texts {
            let number = index.texts;
            index.words.extend(words(text, decompose).into_iter().map(|word| ((0, word), number)));
            index.texts += 1;
        }
        order::sort(&mut index.words);
        index
    }

    /// The numbers of the texts in which every word of the query begins some word, in
    /// order. A query without any letter finds nothing.
    pub fn find(&self, query: &str, decompose: Decompose) -> Vec<usize> {
        let prefixes = words(query, decompose);
        // How many of the query's words each text has, as long as it has them all.
        let mut has = vec![0; self.texts];
        for (before, prefix) in prefixes.iter().enumerate() {
            let from = self.words.partition_point(|((_, word), _)| word < prefix);
            for (_, number) in self.words[from..].iter().take_while(|((_, word), _)| word.starts_with(prefix))
            {
                if has[*number] == before {
                    has[*number] = before + 1;
                }
            }
        }
        let found = (0..self.texts).filter(|number| has[*number] == prefixes.len());
        if prefixes.is_empty() { Vec::new() } else { found.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Enough decomposition for the words of these tests.
    fn decompose(text: &str) -> String {
        text.replace('é', "e\u{301}")
            .replace('É', "E\u{301}")
            .replace('ô', "o\u{302}")
            .replace('Ô', "O\u{302}")
            .replace('ç', "c\u{327}")
    }

    #[test]
    fn accents_case_and_ends_of_words_do_not_matter() {
        let index = Index::build(["L’École du Nord", "Un sentier côtier", "Cœur de village"], decompose);
        assert_eq!(index.find("ecol", decompose), [0]);
        assert_eq!(index.find("CÔTI sent", decompose), [1]);
        assert_eq!(index.find("coeur", decompose), [2]);
        assert_eq!(index.find("cole", decompose), [0usize; 0]);
        assert_eq!(index.find(" … ", decompose), [0usize; 0]);
    }

    #[test]
    fn syllabics_are_found_as_written() {
        let index = Index::build(["ᐊᓂᔑᓈᐯᒧᐎᓐ", "ᑎᒥᔅᑲᒥᖕ"], decompose);
        assert_eq!(index.find("ᑎᒥ", decompose), [1]);
    }
}
