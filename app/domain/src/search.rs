//! Search over what a device holds: accents and case ignored, by the start of words.
//!
//! Small letters and letters without their accents take large tables, which browsers have
//! already: the caller brings both, the rest is the same everywhere.

/// A text in lower case, then canonically decomposed (Unicode NFD).
pub type Normalize = fn(&str) -> String;

/// Marks that are ignored: combining diacritics of the Latin, Greek and Cyrillic scripts.
/// Those of other scripts (syllabic finals, vowel signs) carry meaning and stay.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// A text with its letters folded, and a space in place of whatever is no letter or digit.
/// Lines stay lines.
fn fold(text: &str, normalize: Normalize) -> String {
    let normal;
    let text = if text.is_ascii() {
        text
    } else {
        normal = normalize(text);
        &normal
    };
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_ignored(*c)) {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '\n' => folded.push(c),
            c if c.is_ascii_alphanumeric() => folded.push(c.to_ascii_lowercase()),
            c if c.is_alphanumeric() => folded.push(c),
            _ => folded.push(' '),
        }
    }
    folded
}

/// Numbered texts, folded, one a line: a few hundred kilobytes are looked through faster than
/// a table of their words is built, and all of them are normalized in one call.
#[derive(Default, Debug)]
pub struct Index {
    folded: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Index {
    /// Indexes texts in their order.
    pub fn build<'a>(texts: impl IntoIterator<Item = &'a str>, normalize: Normalize) -> Self {
        let mut all = String::new();
        for text in texts {
            // A word is found by the space before it.
            all.push(' ');
            all.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
            all.push('\n');
        }
        let folded = fold(&all, normalize);
        let ends = folded.match_indices('\n').map(|(at, _)| at).collect();
        Self { folded, ends }
    }

    /// The numbers of the texts in which every word of the query begins some word, in
    /// order. A query without any letter finds nothing.
    pub fn find(&self, query: &str, normalize: Normalize) -> Vec<usize> {
        let query = fold(query, normalize);
        let mut words = 0;
        // How many of the query's words each text has, as long as it has them all.
        let mut has = vec![0; self.ends.len()];
        for word in query.split_whitespace() {
            let begins = [" ", word].concat();
            for (at, _) in self.folded.match_indices(&begins) {
                let number = self.ends.partition_point(|end| *end < at);
                if has.get(number) == Some(&words) {
                    has[number] = words + 1;
                }
            }
            words += 1;
        }
        let found = (0..has.len()).filter(|number| has[*number] == words);
        if words == 0 { Vec::new() } else { found.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Enough decomposition for the words of these tests.
    fn normalize(text: &str) -> String {
        let small = text.to_lowercase();
        small.replace('é', "e\u{301}").replace('ô', "o\u{302}").replace('ç', "c\u{327}")
    }

    #[test]
    fn accents_case_and_ends_of_words_do_not_matter() {
        let index = Index::build(["L’École du Nord", "Un sentier côtier", "Cœur de village"], normalize);
        assert_eq!(index.find("CŒUR", normalize), [2]);
        assert_eq!(index.find("ecol", normalize), [0]);
        assert_eq!(index.find("CÔTI sent", normalize), [1]);
        assert_eq!(index.find("coeur", normalize), [2]);
        assert_eq!(index.find("cole", normalize), [0usize; 0]);
        assert_eq!(index.find(" … ", normalize), [0usize; 0]);
        assert_eq!(index.find("sentier village", normalize), [0usize; 0]);
    }

    #[test]
    fn lines_and_marks_part_words_and_texts_stay_apart() {
        let index = Index::build(["Un quai\nsolide", "", "l’eau,propre"], normalize);
        assert_eq!(index.find("solide QUAI", normalize), [0]);
        assert_eq!(index.find("propre", normalize), [2]);
        assert_eq!(index.find("quai\neau", normalize), [0usize; 0]);
        assert!(Index::default().find("quai", normalize).is_empty());
    }

    #[test]
    fn syllabics_are_found_as_written() {
        let index = Index::build(["ᐊᓂᔑᓈᐯᒧᐎᓐ", "ᑎᒥᔅᑲᒥᖕ"], normalize);
        assert_eq!(index.find("ᑎᒥ", normalize), [1]);
    }
}
