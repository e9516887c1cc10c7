//! What in a text is worth a second look: ways to reach somebody, places where somebody lives, hard words.
//! Suggested to a person at the desk, who decides; nothing is done with it.

use domain::contacts::{self, Contact};

/// What something looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A civic or postal address.
    Address,
    /// Something about a person's life.
    Private,
    /// A hard word.
    Insult,
}

/// Something to look at, as it stands in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// What it looks like.
    pub look: Look,
    /// The words.
    pub words: String,
}

/// The most that is suggested for one text.
const MOST: usize = 8;
/// French and English, insults first.
const LIST: &str = include_str!("words.txt");
/// Between the number and these stands nothing, in French; up to three words, in English.
const STREETS_FR: [&str; 17] = [
    "rue",
    "chemin",
    "ch",
    "rang",
    "route",
    "rte",
    "avenue",
    "av",
    "boulevard",
    "boul",
    "montée",
    "côte",
    "impasse",
    "ruelle",
    "place",
    "allée",
    "croissant",
];
const STREETS_EN: [&str; 15] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "drive",
    "dr",
    "lane",
    "boulevard",
    "blvd",
    "court",
    "crescent",
    "concession",
    "highway",
];
/// So many words may stand between the number of a house and its street.
const BETWEEN: usize = 3;

/// What is to be looked at: what could tell who somebody is before hard words.
pub fn hints(text: &str) -> Vec<Hint> {
    let hint = |look, words: &str| Hint { look, words: words.to_owned() };
    let mut all: Vec<Hint> = contacts::find(text)
        .into_iter()
        .map(|(contact, words)| match contact {
            Contact::Phone => hint(Look::Phone, words),
            Contact::Email => hint(Look::Email, words),
        })
        .collect();
    all.extend(addresses(text).into_iter().map(|words| hint(Look::Address, words)));
    for (section, look) in [("[private]", Look::Private), ("[insult]", Look::Insult)] {
        all.extend(listed(section, text).into_iter().map(|words| hint(look, words)));
    }
    let mut known: Vec<Hint> = Vec::new();
    for hint in all {
        if known.len() < MOST && !known.contains(&hint) {
            known.push(hint);
        }
    }
    known
}

/// A word with its place.
struct Word<'t> {
    at: usize,
    text: &'t str,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }

    fn is(&self, word: &str) -> bool {
        self.text.to_lowercase() == word
    }

    fn is_number(&self) -> bool {
        (1..=5).contains(&self.text.len()) && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Letters and digits that hang together; apostrophes and hyphens stand between words.
fn words(text: &str) -> Vec<Word<'_>> {
    let start = text.as_ptr() as usize;
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| Word { at: part.as_ptr() as usize - start, text: part }).collect()
}

/// Numbers of houses with their streets, and postal codes.
fn addresses(text: &str) -> Vec<&str> {
    let words = words(text);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let after = &words[at + 1..];
        if word.is_number() {
            let french = after.first().filter(|next| STREETS_FR.iter().any(|street| next.is(street)));
            // The name of the street is said behind it.
            let french = french.map(|street| after.get(1).unwrap_or(street).end());
            let is_street = |next: &&Word<'_>| STREETS_EN.iter().any(|street| next.is(street));
            let english = after.iter().skip(1).take(BETWEEN).find(is_street).map(Word::end);
            let end =
                french.or(english).filter(|end| !text[word.at..*end].contains(['.', '\n', ';', '!', '?']));
            found.extend(end.map(|end| &text[word.at..end]));
        }
        if let Some(second) = after.first().filter(|second| is_postal(word.text, second.text)) {
            found.push(&text[word.at..second.end()]);
        }
        if is_postal(word.text.get(..3).unwrap_or_default(), word.text.get(3..).unwrap_or_default()) {
            found.push(word.text);
        }
    }
    found
}

/// The two halves of a Canadian postal code.
fn is_postal(first: &str, second: &str) -> bool {
    let shape = |half: &str| -> Vec<u8> {
        half.bytes()
            .map(|b| {
                if b.is_ascii_digit() {
                    b'9'
                } else if b.is_ascii_alphabetic() {
                    b'A'
                } else {
                    b'?'
                }
            })
            .collect()
    };
    shape(first) == b"A9A" && shape(second) == b"9A9"
}

/// Which words of a section stand in the text, as whole words.
fn listed<'t>(section: &str, text: &'t str) -> Vec<&'t str> {
    let spoken = words(text);
    let entries = LIST.split_once(section).map_or("", |(_, after)| after).lines().skip(1);
    let entries = entries.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty());
    let mut found: Vec<(usize, &str)> = entries
        .flat_map(|entry| {
            let parts: Vec<&str> = self::words(entry).iter().map(|word| word.text).collect();
            let windows = spoken.windows(parts.len().max(1));
            let same = windows.filter(move |some| some.iter().zip(&parts).all(|(word, part)| word.is(part)));
            same.filter_map(|some| Some((some.first()?.at, &text[some.first()?.at..some.last()?.end()])))
                .collect::<Vec<_>>()
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, words)| words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(text: &str) -> Vec<(Look, String)> {
        hints(text).into_iter().map(|hint| (hint.look, hint.words)).collect()
    }

    fn one(text: &str, look: Look, words: &str) {
        assert_eq!(looks(text), [(look, words.to_owned())], "{text}");
    }

    #[test]
    fn what_tells_where_somebody_lives_is_pointed_out() {
        one("C’est au 125, chemin Sables, derrière.", Look::Address, "125, chemin Sables");
        one("Au 12 rang Sept", Look::Address, "12 rang Sept");
        one("She lives at 45 Old Mill Road now", Look::Address, "45 Old Mill Road");
        one("J9X 1A1", Look::Address, "J9X 1A1");
        one("Code : j9x1a1.", Look::Address, "j9x1a1");
        one("Écrivez-moi : a@b.ca", Look::Email, "a@b.ca");
        one("Au 819 555-0199", Look::Phone, "819 555-0199");
    }

    #[test]
    fn hard_words_are_whole_words_in_both_languages_however_they_are_written() {
        one("Quel IMBÉCILE, ce maire", Look::Insult, "IMBÉCILE");
        one("You are a moron.", Look::Insult, "moron");
        one("Ta gueule!", Look::Insult, "Ta gueule");
        one("Mon voisin a raison", Look::Private, "Mon voisin");
        assert_eq!(looks("La confiance, le conseil et les idiotismes"), []);
    }

    #[test]
    fn what_people_write_of_their_village_is_left_alone() {
        for text in [
            "Ouvrir le chemin une fin de semaine sur deux, pour 4 000 $.",
            "Le rang 7 et la route 101 seront grattés 3 fois. Rue fermée.",
            "We need 2 benches. The road is icy.",
            "Une rampe à l’église, 12 places de stationnement",
            "",
        ] {
            assert_eq!(looks(text), [], "{text}");
        }
    }

    #[test]
    fn each_is_said_once_and_not_more_than_a_few() {
        one("Idiot Idiot Idiot", Look::Insult, "Idiot");
        let all: String =
            LIST.lines().filter(|line| !line.starts_with(['#', '['])).collect::<Vec<_>>().join(". ");
        assert_eq!(hints(&all).len(), MOST);
    }

    #[test]
    fn the_list_is_in_small_letters_and_says_nothing_twice() {
        let entries: Vec<&str> =
            LIST.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '['])).collect();
        assert!(entries.len() > 80);
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!(*entry, entry.to_lowercase().trim());
            assert!(!entries[..at].contains(entry), "{entry} twice");
        }
    }
}
