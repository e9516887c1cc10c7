//! What differs between two wordings of a paragraph, word by word: the longest common subsequence of
//! their words (Hunt & McIlroy 1976), so that as much as possible is seen to stay.

/// Beyond so many pairs of words to compare, what lies between the common beginning and the common end is
/// shown as replaced: about a thousand changed words, and a few milliseconds on a phone.
const PAIRS_MAX: usize = 4_000_000;

/// Whether a piece is in both wordings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// In both.
    Kept,
    /// In the earlier one alone.
    Taken,
    /// In the later one alone.
    Added,
}

/// The pieces in their order. Those kept and taken are the earlier wording, those kept and added the later
/// one; no two neighbours are of the same part, none is empty, and what is taken stands before what is
/// added in its place.
pub fn difference(before: &str, after: &str) -> Vec<(Part, String)> {
    let (old, new) = (words(before), words(after));
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_mid, new_mid) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    let mut all = Changes::default();
    old[..start].iter().for_each(|word| all.keep(word));
    walk(old_mid, new_mid, &mut all);
    old[old.len() - end..].iter().for_each(|word| all.keep(word));
    all.pieces()
}

/// Whether two wordings say the same but for white space.
pub fn is_same(before: &str, after: &str) -> bool {
    before.split_whitespace().eq(after.split_whitespace())
}

/// The later wording from its first word on that the earlier one does not have there; all of it where it
/// only leaves words out at its end.
pub fn from_first_change<'t>(before: &str, after: &'t str) -> &'t str {
    let (old, new) = (words(before), words(after));
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).map(|(_, word)| word.len());
    match after[same.sum()..].trim() {
        "" => after.trim(),
        rest => rest,
    }
}

/// A text as words, the white space between them, and marks, each by itself.
fn words(text: &str) -> Vec<&str> {
    #[derive(PartialEq)]
    enum Sort {
        Space,
        Word,
        Mark,
    }
    let sort = |c: char| match c {
        _ if c.is_whitespace() => Sort::Space,
        _ if c.is_ascii_punctuation() || ('\u{2010}'..='\u{205e}').contains(&c) || "«»".contains(c) => {
            Sort::Mark
        }
        _ => Sort::Word,
    };
    let (mut all, mut from, mut last) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        let now = sort(c);
        if last.as_ref().is_some_and(|last| *last != now || now == Sort::Mark) {
            all.push(&text[from..at]);
            from = at;
        }
        last = Some(now);
    }
    if from < text.len() {
        all.push(&text[from..]);
    }
    all
}

/// How long the longest common subsequence is from each pair of places on, then along it.
fn walk(old: &[&str], new: &[&str], all: &mut Changes) {
    let width = new.len() + 1;
    let compared = old.len() * new.len() <= PAIRS_MAX;
    let mut longest = vec![0_u16; if compared { (old.len() + 1) * width } else { 0 }];
    if compared {
        for (at, word) in old.iter().enumerate().rev() {
            for (to, other) in new.iter().enumerate().rev() {
                longest[at * width + to] = match word == other {
                    true => longest[(at + 1) * width + to + 1].saturating_add(1),
                    false => longest[(at + 1) * width + to].max(longest[at * width + to + 1]),
                };
            }
        }
    }
    let (mut at, mut to) = (0, 0);
    while compared && at < old.len() && to < new.len() {
        if old[at] == new[to] {
            all.keep(old[at]);
            (at, to) = (at + 1, to + 1);
        } else if longest[(at + 1) * width + to] >= longest[at * width + to + 1] {
            all.now.taken.push_str(old[at]);
            at += 1;
        } else {
            all.now.added.push_str(new[to]);
            to += 1;
        }
    }
    old[at..].iter().for_each(|word| all.now.taken.push_str(word));
    new[to..].iter().for_each(|word| all.now.added.push_str(word));
}

/// What is kept, and what changes behind it.
#[derive(Default)]
struct Change {
    kept: String,
    taken: String,
    added: String,
}

impl Change {
    fn changes(&self) -> bool {
        !self.taken.is_empty() || !self.added.is_empty()
    }
}

/// The changes so far, and the one that is being collected.
#[derive(Default)]
struct Changes {
    done: Vec<Change>,
    now: Change,
}

impl Changes {
    fn keep(&mut self, word: &str) {
        if self.now.changes() {
            self.close();
        }
        self.now.kept.push_str(word);
    }

    fn close(&mut self) {
        let now = std::mem::take(&mut self.now);
        match self.done.last_mut() {
            // White space alone between two changes belongs to them: they read as one.
            Some(last) if now.changes() && now.kept.trim().is_empty() => {
                last.taken.extend([now.kept.as_str(), &now.taken]);
                last.added.extend([now.kept.as_str(), &now.added]);
            }
            _ => self.done.push(now),
        }
    }

    fn pieces(mut self) -> Vec<(Part, String)> {
        self.close();
        let pieces = self.done.into_iter().flat_map(|Change { kept, taken, added }| {
            [(Part::Kept, kept), (Part::Taken, taken), (Part::Added, added)]
        });
        pieces.filter(|(_, text)| !text.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(before: &str, after: &str) -> String {
        let mark = |(part, text): (Part, String)| match part {
            Part::Kept => text,
            Part::Taken => format!("[-{text}-]"),
            Part::Added => format!("[+{text}+]"),
        };
        difference(before, after).into_iter().map(mark).collect()
    }

    fn read(pieces: &[(Part, String)], without: Part) -> String {
        pieces.iter().filter(|(part, _)| *part != without).map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn words_that_stay_are_seen_to_stay() {
        assert_eq!(
            said("La marge avant est de 6 mètres.", "La marge avant est de 4,5 mètres."),
            "La marge avant est de [-6-][+4,5+] mètres."
        );
        assert_eq!(said("Un banc.", "Un banc, à l’ombre."), "Un banc[+, à l’ombre+].");
        assert_eq!(said("Un vieux banc.", "Un banc."), "Un [-vieux -]banc.");
        assert_eq!(said("Tout va.", ""), "[-Tout va.-]");
        assert_eq!(said("", "Tout va."), "[+Tout va.+]");
        assert_eq!(said("pareil", "pareil"), "pareil");
    }

    #[test]
    fn neighbouring_words_that_change_read_as_one_change() {
        assert_eq!(said("le grand chalet", "un petit chalet"), "[-le grand-][+un petit+] chalet");
    }

    #[test]
    fn what_is_too_long_to_compare_is_replaced_between_its_ends() {
        let long = |word: &str| format!("début {}fin", format!("{word} ").repeat(3_000));
        let pieces = difference(&long("a"), &long("b"));
        assert_eq!(pieces.first(), Some(&(Part::Kept, "début ".to_owned())));
        assert_eq!(read(&pieces, Part::Added), long("a"));
        assert_eq!(read(&pieces, Part::Taken), long("b"));
    }

    #[test]
    fn white_space_alone_is_no_change_and_the_first_change_is_found() {
        assert!(is_same("un  banc\n", "un banc") && !is_same("un banc", "unbanc"));
        assert_eq!(from_first_change("La marge est de 6 m.", "La marge est de 4 m."), "4 m.");
        assert_eq!(from_first_change("Un banc vert", "Un banc"), "Un banc");
        assert_eq!(from_first_change("Un banc", "Des bancs"), "Des bancs");
    }

    proptest! {
        /// Whatever is written: leaving out what is added gives the earlier wording, leaving out what is
        /// taken the later one, and the pieces alternate as promised.
        #[test]
        fn both_wordings_are_read_back(before in "(a|b|é| |,|\\n|n\u{303}){0,24}", after in "(a|b|é| |,|\\n|n\u{303}){0,24}") {
            let pieces = difference(&before, &after);
            prop_assert_eq!(read(&pieces, Part::Added), before.as_str());
            prop_assert_eq!(read(&pieces, Part::Taken), after.as_str());
            for pair in pieces.windows(2) {
                prop_assert!(pair[0].0 != pair[1].0);
                prop_assert!((pair[0].0, pair[1].0) != (Part::Added, Part::Taken));
            }
            prop_assert!(pieces.iter().all(|(_, text)| !text.is_empty()));
            prop_assert!(after.ends_with(from_first_change(&before, &after).trim_end()) || after.trim_end().ends_with(from_first_change(&before, &after)));
        }

        #[test]
        fn any_text_is_read_back(before in "\\PC{0,40}", after in "\\PC{0,40}") {
            let pieces = difference(&before, &after);
            prop_assert_eq!(read(&pieces, Part::Added), before);
            prop_assert_eq!(read(&pieces, Part::Taken), after);
        }
    }
}
