//! Search over what a device holds: accents and case ignored, by the start of words.
//!
//! Decomposing letters from their accents takes large tables, which browsers and the
//! server have already: the caller brings its own NFD, the rest is the same everywhere.

/// Canonical decomposition (Unicode NFD) of a text.
pub type Decompose = fn(&str) -> String;

/// Marks that are ignored: combining diacritics of the Latin, Greek and Cyrillic scripts.
/// Those of other scripts (syllabic finals, vowel signs) carry meaning and stay.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The words of a text, folded.
pub fn words(text: &str, decompose: Decompose) -> Vec<String> {
    let folded: String = decompose(text)
        .chars()
        .filter(|c| !is_ignored(*c))
        .flat_map(|c| match c {
            'œ' | 'Œ' => ['o', 'e'].into_iter().collect::<Vec<_>>(),
            'æ' | 'Æ' => vec!['a', 'e'],
            c => c.to_lowercase().collect(),
        })
        .collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// An index over numbered texts: every word with the number of its text, in order.
#[derive(Default, Debug)]
pub struct Index {
    words: Vec<(String, u32)>,
}

impl Index {
    /// Indexes texts in their order.
    pub fn build<'a>(texts: impl IntoIterator<Item = &'a str>, decompose: Decompose) -> Self {
        let numbered = texts
            .into_iter()
            .zip(0..)
            .flat_map(|(text, number)| words(text, decompose).into_iter().map(move |word| (word, number)));
        let mut words: Vec<_> = numbered.collect();
        words.sort_unstable();
        words.dedup();
        Self { words }
    }

    /// The numbers of the texts in which every word of the query begins some word, in
    /// order. A query without any letter finds nothing.
    pub fn find(&self, query: &str, decompose: Decompose) -> Vec<u32> {
        let mut found: Option<Vec<u32>> = None;
        for prefix in words(query, decompose) {
            let from = self.words.partition_point(|(word, _)| word.as_str() < prefix.as_str());
            let hits = self.words[from..].iter().take_while(|(word, _)| word.starts_with(&prefix));
            let mut numbers: Vec<u32> = hits.map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            found = Some(match found {
                None => numbers,
                Some(before) => before.into_iter().filter(|n| numbers.binary_search(n).is_ok()).collect(),
            });
        }
        found.unwrap_or_default()
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
        assert_eq!(index.find("cole", decompose), [0u32; 0]);
        assert_eq!(index.find(" … ", decompose), [0u32; 0]);
    }

    #[test]
    fn syllabics_are_found_as_written() {
        let index = Index::build(["ᐊᓂᔑᓈᐯᒧᐎᓐ", "ᑎᒥᔅᑲᒥᖕ"], decompose);
        assert_eq!(index.find("ᑎᒥ", decompose), [1]);
    }
}
