//! What the office writes in the community's languages side by side.

use std::str::FromStr;
use std::sync::Arc;

use domain::order;
use domain::records::{AnswerTemplate, Record};
use domain::text::{Lang, Localized};

use crate::offline::Held;

/// What keeps a text in two languages from leaving.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AnswerProblem {
    /// The community's own language is missing.
    Missing(Lang),
    /// Too long in this language.
    Long(Lang),
    /// A place of a template is still to be filled in.
    Open(Lang, String),
}

/// A text from its boxes. The community's first language must be there.
pub fn answer<T: FromStr>(
    first: &Lang,
    written: &[(Lang, String)],
) -> Result<Localized<T>, Vec<AnswerProblem>> {
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for (lang, text) in written {
        if text.trim().is_empty() {
            if lang == first {
                problems.push(AnswerProblem::Missing(lang.clone()));
            }
            continue;
        }
        if let Some(place) = open_place(text) {
            problems.push(AnswerProblem::Open(lang.clone(), place.to_owned()));
            continue;
        }
        match text.trim().parse::<T>() {
            Ok(text) => texts.push((lang.clone(), text)),
            Err(_) => problems.push(AnswerProblem::Long(lang.clone())),
        }
    }
    if problems.is_empty() { Localized::new(texts).map_err(|_| problems) } else { Err(problems) }
}

/// What answers begin with, from its boxes: said in every language, so that nobody answers in one alone by
/// oversight. Places may stay open.
pub fn template<T: FromStr>(written: &[(Lang, String)]) -> Result<Localized<T>, Vec<AnswerProblem>> {
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for (lang, text) in written {
        match text.trim().parse::<T>() {
            Ok(text) => texts.push((lang.clone(), text)),
            Err(_) if text.trim().is_empty() => problems.push(AnswerProblem::Missing(lang.clone())),
            Err(_) => problems.push(AnswerProblem::Long(lang.clone())),
        }
    }
    if problems.is_empty() { Localized::new(texts).map_err(|_| problems) } else { Err(problems) }
}

/// The office's own templates, by name.
pub fn own(records: &[Arc<Held>]) -> Vec<AnswerTemplate> {
    let template = |held: &Arc<Held>| match &held.record {
        Record::AnswerTemplate(it) => Some(it.clone()),
        _ => None,
    };
    let mut all: Vec<AnswerTemplate> = records.iter().filter_map(template).collect();
    order::by(&mut all, |it| {
        (0, it.title.iter().map(|(_, title)| title.to_string()).next().unwrap_or_default())
    });
    all
}

/// The first place that a template leaves open: words in square brackets, on one line.
pub fn open_place(text: &str) -> Option<&str> {
    text.match_indices('[').find_map(|(at, _)| {
        let place = &text[at..];
        let end = place.find(']')?;
        let inside = &place[1..end];
        let words = inside.chars().any(char::is_alphabetic) && !inside.contains(['\n', '[']);
        words.then_some(&place[..=end])
    })
}

/// A box after a template was chosen: what was written there stays, unless it is a template itself.
pub fn filled(before: &str, template: &str, templates: &[String]) -> String {
    let before = before.trim();
    let plain = before.is_empty() || templates.iter().any(|known| known.trim() == before);
    if plain { template.to_owned() } else { format!("{before}\n\n{template}") }
}

#[cfg(test)]
mod tests {
    use super::super::testing::lang;
    use super::*;
    use domain::text::Text;

    fn write(fr: &str, en: &str) -> Result<Localized<Text>, Vec<AnswerProblem>> {
        answer(&lang("fr"), &[(lang("fr"), fr.into()), (lang("en"), en.into())])
    }

    #[test]
    fn an_answer_needs_the_first_language_only() {
        assert_eq!(write("Oui.", "").unwrap().iter().count(), 1);
        assert_eq!(write("Oui.", "Yes.").unwrap().iter().count(), 2);
        assert_eq!(write(" ", "Yes."), Err(vec![AnswerProblem::Missing(lang("fr"))]));
        assert_eq!(write(&"a".repeat(5_001), ""), Err(vec![AnswerProblem::Long(lang("fr"))]));
    }

    #[test]
    fn a_template_needs_every_language_and_may_have_open_places() {
        let template = |fr: &str, en: &str| {
            template::<Text>(&[(lang("fr"), fr.to_owned()), (lang("en"), en.to_owned())])
        };
        assert_eq!(template("Le [date].", "On [date].").unwrap().iter().count(), 2);
        assert_eq!(template("Merci.", " "), Err(vec![AnswerProblem::Missing(lang("en"))]));
        let long = "a".repeat(5_001);
        let wrong = vec![AnswerProblem::Missing(lang("fr")), AnswerProblem::Long(lang("en"))];
        assert_eq!(template("", &long), Err(wrong));
    }

    #[test]
    fn a_place_that_a_template_leaves_open_is_named() {
        let open = |lang_: &str, place: &str| AnswerProblem::Open(lang(lang_), place.to_owned());
        assert_eq!(
            write("Le [date], le conseil…", "On [date] [1]"),
            Err(vec![open("fr", "[date]"), open("en", "[date]")])
        );
        assert_eq!(open_place("Voir la résolution [2026-11] et x[0]"), None);
        assert_eq!(open_place("[ligne\ncoupée] puis [raison]"), Some("[raison]"));
        assert_eq!(open_place("[pas fermé"), None);
    }

    #[test]
    fn a_template_goes_below_what_was_written_and_in_place_of_another_one() {
        let templates = ["Merci.".to_owned(), "Accepté.".to_owned()];
        assert_eq!(filled("", "Merci.", &templates), "Merci.");
        assert_eq!(filled("Merci.\n", "Accepté.", &templates), "Accepté.");
        assert_eq!(filled("Bonjour", "Merci.", &templates), "Bonjour\n\nMerci.");
    }
}
