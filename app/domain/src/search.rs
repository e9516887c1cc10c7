//! Search over what a device holds: accents and case ignored, by the start of words.
//!
//! Small letters and letters without their accents take large tables, which browsers have
//! already: the caller brings both, the rest is the same everywhere.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::order::Sorted;

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
    /// Which texts have the words that were asked for last: who types adds one at a time.
    having: Sorted<String, Arc<[usize]>>,
}

impl Index {
    /// Indexes texts in their order.
    pub fn build<'a>(texts: impl IntoIterator<Item = &'a str>, normalize: Normalize) -> Self {
        let mut index = Self::default();
        index.extend(texts, normalize);
        index
    }

    /// Indexes more texts, after those that are there.
    pub fn extend<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>, normalize: Normalize) {
        let mut all = String::new();
        for text in texts {
            // A word is found by the space before it.
            all.push(' ');
            all.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
            all.push('\n');
        }
        let (begin, folded) = (self.folded.len(), fold(&all, normalize));
        self.ends.extend(folded.match_indices('\n').map(|(at, _)| begin + at));
        self.folded.push_str(&folded);
        self.having = Sorted::default();
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
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

/// So many texts are indexed in one go: between two, a tap is heard.
const PIECE: usize = 500;

/// An index that is made piece by piece while nobody waits, and whole when somebody searches: a list is drawn more
/// often than searched.
#[derive(Default, Debug)]
pub struct Gradual(Mutex<Index>);

impl Gradual {
    /// Indexes the next of so many texts; answers whether these were the last.
    pub fn prepare(&self, count: usize, text: impl Fn(usize) -> String, normalize: Normalize) -> bool {
        let mut index = self.lock();
        let next = index.len()..count.min(index.len() + PIECE);
        let texts: Vec<String> = next.map(text).collect();
        index.extend(texts.iter().map(String::as_str), normalize);
        index.len() >= count
    }

    /// The index of all of them: what is not made yet is made now.
    pub fn whole(
        &self,
        count: usize,
        text: impl Fn(usize) -> String,
        normalize: Normalize,
    ) -> MutexGuard<'_, Index> {
        while !self.prepare(count, &text, normalize) {}
        self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Index> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The shortest word that tells what a text is about.
const TELLING: usize = 4;
/// The most words of a text that are looked for: a title has fewer.
const WORDS_MAX: usize = 24;

impl Index {
    /// The numbers of the texts most like this one, the likest first, at most so many. A word counts
    /// the more the fewer texts have it (Spärck Jones 1972), by its beginning, so that its endings do
    /// not matter; a text is alike when it has half of what counts in the words that any text has,
    /// and two words of them at least.
    pub fn alike(&mut self, text: &str, normalize: Normalize, most: usize) -> Vec<usize> {
        let folded = fold(text, normalize);
        let mut words: Vec<&str> = folded.split_whitespace().filter(|word| word.len() >= TELLING).collect();
        words.sort_unstable();
        words.dedup();
        words.truncate(WORDS_MAX);
        let known = std::mem::take(&mut self.having);
        let mut has = vec![(0_u32, 0_u32); self.ends.len()];
        let mut all = 0;
        for word in words {
            let begins = [" ", stem(word)].concat();
            let texts = known.get(&begins).cloned().unwrap_or_else(|| self.having(&begins));
            self.having.insert(begins, texts.clone());
            // As many bits as it takes to tell such a text among all.
            let weight = (self.ends.len().max(1) / texts.len().max(1)).checked_ilog2().unwrap_or(0);
            if texts.is_empty() || weight == 0 {
                continue;
            }
            all += weight;
            for &number in texts.iter() {
                has[number] = (has[number].0 + weight, has[number].1 + 1);
            }
        }
        let alike = |(weight, words): (u32, u32)| words >= 2 && weight * 2 >= all;
        let mut found: Vec<(u32, usize)> = (0..has.len())
            .filter(|number| alike(has[*number]))
            .map(|number| (u32::MAX - has[number].0, number))
            .collect();
        found.sort_unstable();
        found.into_iter().take(most).map(|(_, number)| number).collect()
    }

    /// The numbers of the texts that have this, each once.
    fn having(&self, begins: &str) -> Arc<[usize]> {
        let mut texts = Vec::new();
        for (at, _) in self.folded.match_indices(begins) {
            let number = self.ends.partition_point(|end| *end < at);
            if texts.last() != Some(&number) {
                texts.push(number);
            }
        }
        texts.into()
    }
}

/// A word without its last letters: in French and English what changes with number, gender and tense.
fn stem(word: &str) -> &str {
    let letters = word.chars().count();
    let kept = if letters <= TELLING + 1 { letters.min(TELLING) } else { letters - 2 };
    word.char_indices().nth(kept).map_or(word, |(at, _)| &word[..at])
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
    fn what_is_indexed_in_pieces_is_found_as_in_one_go() {
        let texts = ["L’École du Nord", "Un sentier\ncôtier", "", "Cœur de village", "Le nord du sentier"];
        let whole = Index::build(texts, normalize);
        for at in 0..=texts.len() {
            let mut pieces = Index::build(texts[..at].iter().copied(), normalize);
            pieces.extend(texts[at..].iter().copied(), normalize);
            assert_eq!((pieces.len(), &pieces.folded, &pieces.ends), (5, &whole.folded, &whole.ends));
        }
        assert_eq!(whole.find("nord sent", normalize), [4]);
    }

    #[test]
    fn words_asked_for_again_are_looked_for_in_what_was_added_since() {
        let mut index = Index::build(["Un banc face au lac", "Une patinoire", "Une lampe"], normalize);
        for _ in 0..2 {
            assert_eq!(index.alike("Des bancs face au quai", normalize, 3), [0]);
        }
        assert_eq!(index.having.keys().count(), 3, "those of the last text, not of every one");
        index.extend(["Le banc et sa face", "Un quai"], normalize);
        assert_eq!(index.alike("Des bancs face au quai", normalize, 3), [0, 3]);
        assert_eq!(index.alike("Une patinoire", normalize, 3), [0usize; 0]);
        assert_eq!(index.having.keys().count(), 1);
    }

    #[test]
    fn an_index_is_made_piece_by_piece_and_whole_when_it_is_asked_for() {
        let text = |at: usize| format!("texte {at} du {}", if at == PIECE { "lac" } else { "quai" });
        let (index, count) = (Gradual::default(), 2 * PIECE + 1);
        assert!(!index.prepare(count, text, normalize), "the first piece is not the last");
        assert_eq!(index.lock().len(), PIECE);
        assert_eq!(index.whole(count, text, normalize).find("lac", normalize), [PIECE]);
        assert!(index.prepare(count, text, normalize));
        assert_eq!(index.lock().len(), count, "each text once");
        assert!(Gradual::default().whole(0, text, normalize).is_empty());
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

    #[test]
    fn texts_that_say_the_same_are_alike_whatever_their_endings() {
        let texts = [
            "Un banc face au lac",
            "Poser des bancs en face du lac",
            "Une lampe au coin de l’école",
            "Réparer le quai",
            "Un banc",
            "Fermer la rue devant l’école",
            "Une patinoire",
            "Le sentier du lac",
        ];
        let mut index = Index::build(texts, normalize);
        assert_eq!(index.alike("Des bancs faces au lac", normalize, 3), [0, 1]);
        assert_eq!(
            index.alike("Réparons le quai du village", normalize, 3),
            [0usize; 0],
            "one word is not enough"
        );
        assert_eq!(index.alike("Une lampe devant l’école", normalize, 3), [2, 5]);
        assert_eq!(index.alike("Un banc en face du lac", normalize, 1), [0]);
        assert_eq!(index.alike("", normalize, 3), [0usize; 0]);
        assert_eq!(Index::default().alike("Un banc face au lac", normalize, 3), [0usize; 0]);
    }
}
