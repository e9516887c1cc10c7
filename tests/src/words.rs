//! Whether a text on a screen is accounted for: by the catalogue of the language in use, by data
//! that people wrote, by the language's own dates, or by a composition of these. A word that a
//! view brings along itself, or one of another language, is none of them.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::pseudo;
use crate::walk::Tongue;

const FRENCH: &str = include_str!("../../app/locales/fr.json");
const ENGLISH: &str = include_str!("../../app/locales/en.json");
/// What a consultation can start from.
const TEMPLATES: &str = include_str!("../../public/templates/consultations.json");

/// The names on the drawn map.
const SKETCH: &str = include_str!("../../public/maps/sketch.json");

/// Between the parts of a composed text.
const SEAMS: [&str; 6] = [" · ", " : ", ": ", ". ", ", ", " – "];
/// A catalogue text in a placeholder of another one, and no deeper.
const DEPTH: u32 = 3;

const MONTHS: [&str; 2] = [
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre 1er h à",
    "january february march april may june july august september october november december at a.m. p.m.",
];

/// The words of one language, and the data seen so far.
pub struct Words {
    tongue: Tongue,
    /// Each entry as the fixed texts around its placeholders.
    entries: Vec<Vec<String>>,
    dates: HashSet<&'static str>,
    data: HashSet<String>,
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The fixed texts of `Reçue le {{ date }}`: one more than there are placeholders. Blanks at
/// their ends count: they keep the words apart.
fn fixed(entry: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for piece in entry.split("{{") {
        pieces.push(piece.split_once("}}").map_or(piece, |(_, after)| after).replace('\u{a0}', " "));
    }
    pieces
}

impl Words {
    /// The catalogue of this language.
    pub fn of(tongue: Tongue) -> Self {
        let (catalogue, dates) = match tongue {
            Tongue::French | Tongue::Pseudo => (FRENCH, MONTHS[0]),
            Tongue::English => (ENGLISH, MONTHS[1]),
        };
        let mut catalogue: BTreeMap<String, String> = serde_json::from_str(catalogue).expect("the catalogue");
        if tongue == Tongue::Pseudo {
            catalogue.values_mut().for_each(|entry| *entry = pseudo::entry(entry));
        }
        let entries = catalogue.values().map(|entry| fixed(entry)).collect();
        let mut words = Self { tongue, entries, dates: dates.split(' ').collect(), data: HashSet::new() };
        // The name; and each language's own name, which is the same in all of them.
        words.wrote("Rabaska");
        let templates: Vec<Value> = serde_json::from_str(TEMPLATES).expect("the templates");
        for part in templates.iter().filter_map(Value::as_object).flat_map(|template| template.values()) {
            words.take(part);
        }
        let sketch: Value = serde_json::from_str(SKETCH).expect("the drawn map");
        ["lakes", "villages"].iter().for_each(|names| words.take(&sketch[names]));
        words
    }

    /// Somebody wrote this: it is not ours to translate.
    pub fn wrote(&mut self, text: &str) {
        for line in text.lines() {
            self.data.insert(flat(line));
        }
        self.data.insert(flat(text));
    }

    /// Takes every text of a record; of one in several languages that which is to be shown.
    pub fn take(&mut self, record: &Value) {
        match record {
            Value::String(text) => self.wrote(text),
            Value::Array(all) => all.iter().for_each(|each| self.take(each)),
            Value::Object(fields) if fields.keys().any(|key| key == "fr" || key == "en") => {
                let order: [&str; 2] =
                    if self.tongue == Tongue::English { ["en", "fr"] } else { ["fr", "en"] };
                let best = order.iter().find_map(|tag| fields.get(*tag));
                best.or(fields.values().next()).into_iter().for_each(|best| self.take(best));
            }
            Value::Object(fields) => fields.values().for_each(|each| self.take(each)),
            _ => {}
        }
    }

    /// Whether all of a text is accounted for.
    pub fn account_for(&self, text: &str) -> bool {
        self.explains(&flat(text), DEPTH)
    }

    fn explains(&self, text: &str, depth: u32) -> bool {
        let text = text.trim();
        let wordless = !text.chars().any(char::is_alphabetic);
        if wordless || self.is_data(text) || self.is_date(text) || is_number_plate(text) {
            return true;
        }
        let inner = |hole: &str| depth > 0 && self.explains(hole, depth - 1);
        if self.entries.iter().any(|entry| fits(entry, text, &inner)) {
            return true;
        }
        let both = |(before, after): (&str, &str)| inner(before) && inner(after);
        let note = text.strip_suffix(')').and_then(|open| open.rsplit_once(" ("));
        note.is_some_and(both) || seams(text).any(both)
    }

    /// As it was written; with a capital at the head of a line; only its beginning; or from somewhere on.
    fn is_data(&self, text: &str) -> bool {
        let mut letters = text.chars();
        let small = letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>());
        let begins = |whole: &String| {
            text.strip_suffix('…').is_some_and(|start| start.len() > 40 && whole.starts_with(start))
        };
        let ends = |rest: &str| {
            let (rest, cut) = rest.strip_suffix('…').map_or((rest, false), |rest| (rest, true));
            let holds = |whole: &String| if cut { whole.contains(rest) } else { whole.ends_with(rest) };
            rest.len() > 20 && self.data.iter().any(holds)
        };
        self.data.contains(text)
            || text.strip_prefix("… ").is_some_and(ends)
            || small.is_some_and(|small| self.data.contains(&small))
            || self.data.iter().any(begins)
    }

    /// "12 décembre 2026 à 18 h 04"
    fn is_date(&self, text: &str) -> bool {
        let known = |word: &str| {
            let word = word.trim_matches(',').to_lowercase();
            self.dates.contains(word.as_str()) || !word.contains(char::is_alphabetic)
        };
        text.contains(|each: char| each.is_ascii_digit()) && text.split(' ').all(known)
    }
}

/// A code or the number of a receipt: "04B-0X2-W", which may have no digit.
fn is_number_plate(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let plain = |group: &&str| {
        !group.is_empty() && group.chars().all(|each| each.is_ascii_uppercase() || each.is_ascii_digit())
    };
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let shaped = lengths == [3, 3, 1] || text.contains(|each: char| each.is_ascii_digit());
    groups.len() > 1 && groups.iter().all(plain) && shaped
}

/// Every way to take a text apart at a seam. The full stop stays with the sentence it ends.
fn seams(text: &str) -> impl Iterator<Item = (&str, &str)> {
    SEAMS.into_iter().flat_map(move |seam| {
        let stop = usize::from(seam == ". ");
        text.match_indices(seam).flat_map(move |(at, _)| {
            let after = &text[at + seam.len()..];
            [(&text[..at], after), (&text[..at + stop], after)]
        })
    })
}

/// Whether a text is an entry whose placeholders hold what `inner` accepts.
fn fits(entry: &[String], text: &str, inner: &dyn Fn(&str) -> bool) -> bool {
    match entry {
        [] => false,
        [whole] => text == flat(whole),
        [first, rest @ ..] => {
            text.strip_prefix(first.trim_start()).is_some_and(|text| filled(rest, text, inner))
        }
    }
}

fn filled(rest: &[String], text: &str, inner: &dyn Fn(&str) -> bool) -> bool {
    match rest {
        [last] => {
            // "…until 9:14 p.m." ends with one full stop for both.
            let joined = last.trim_end() == "." && text.ends_with('.') && inner(text);
            joined || text.strip_suffix(last.trim_end()).is_some_and(inner)
        }
        [next, more @ ..] => {
            let mut places = text.match_indices(next.as_str());
            places.any(|(at, _)| inner(&text[..at]) && filled(more, &text[at + next.len()..], inner))
        }
        [] => text.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn french() -> Words {
        let mut words = Words::of(Tongue::French);
        words.take(
            &serde_json::json!({ "name": "Laforce", "title": { "fr": "Le chemin", "en": "The road" } }),
        );
        words
    }

    #[test]
    fn catalogue_data_dates_and_what_is_made_of_them_are_accounted_for() {
        let mut french = french();
        french.wrote("Le bac reste dehors et se ferme avec un loquet");
        for text in [
            "Réessayer",
            "Le chemin",
            "… et se ferme avec un loquet",
            "… reste dehors et se ferme…",
            "Réponse de Laforce",
            "Reçue le 1er décembre",
            "Laforce, 25 novembre 2026 à 13 h 28",
            "Résumé en anglais (facultatif)",
            "REÇU 04B-0X2-W",
            "REÇU PFG-ZSQ-P",
            "Une nouvelle version est prête. Vos brouillons et vos envois sont gardés.",
            "Écrivez « Réponse en français » : la première langue de la communauté est nécessaire",
            "3 / 120",
        ] {
            assert!(french.account_for(text), "{text}");
        }
        assert!(!french.account_for("… et se ferme avec une corde"));
    }

    #[test]
    fn a_word_of_a_view_a_strangers_name_and_another_language_are_not() {
        for text in [
            "Bonjour",
            "Réponse de Bonjour",
            "Retry",
            "The road",
            "Réessayer maintenant",
            "Reçue le 1 December",
        ] {
            assert!(!french().account_for(text), "{text}");
        }
    }

    #[test]
    fn in_the_pseudo_locale_a_plain_word_of_the_catalogue_is_not() {
        let words = Words::of(Tongue::Pseudo);
        for text in
            [pseudo::entry("Réessayer"), pseudo::entry("Reçue le {{ date }}").replace("{{ date }}", "2 mai")]
        {
            assert!(words.account_for(&text), "{text}");
        }
        assert!(!words.account_for("Réessayer") && !words.account_for("Reçue le 2 mai"));
    }
}
