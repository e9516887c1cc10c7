//! Words in the community's languages as they were typed: whole texts, and lists with one thing a line.

use std::str::FromStr;

use domain::text::{Label, Lang, Localized};

use super::answers::open_place;

/// A text in each language.
pub type Texts = Vec<(Lang, String)>;

/// The text in every language, unless one is missing or too long.
pub fn localized<T: FromStr>(texts: &[(Lang, String)]) -> Option<Localized<T>> {
    let read = texts.iter().map(|(lang, text)| Some((lang.clone(), text.trim().parse().ok()?)));
    Localized::new(read.collect::<Option<Vec<_>>>()?).ok()
}

/// A text of more than it may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

/// One that may be left out, in any language.
pub fn optional<T: FromStr>(texts: &[(Lang, String)]) -> Result<Option<Localized<T>>, TooLong> {
    let written: Texts = texts.iter().filter(|(_, text)| !text.trim().is_empty()).cloned().collect();
    if written.is_empty() { Ok(None) } else { localized(&written).map(Some).ok_or(TooLong) }
}

/// Whether a place of a template is still to be filled in.
pub fn is_open(texts: &[(Lang, String)]) -> bool {
    texts.iter().any(|(_, text)| open_place(text).is_some())
}

/// What was said, by language.
pub fn texts<T: ToString>(text: &Localized<T>) -> Texts {
    text.iter().map(|(lang, text)| (lang.clone(), text.to_string())).collect()
}

/// What keeps a list from being read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ListProblem {
    /// A language has another number of lines than the first one.
    Uneven {
        /// Which.
        lang: Lang,
        /// Its number of lines.
        lines: usize,
        /// The first language's.
        first: usize,
    },
    /// This line is too long, in this language.
    Long(Lang, String),
    /// This line is there twice, in this language.
    Twice(Lang, String),
}

/// A list: what stands in the same line of each language is the same thing. Empty lines are none.
pub fn list(texts: &[(Lang, String)]) -> Result<Vec<Localized<Label>>, ListProblem> {
    let mut rows: Vec<Vec<(Lang, Label)>> = Vec::new();
    for (at, (lang, text)) in texts.iter().enumerate() {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if at == 0 {
            rows.resize_with(lines.len(), Vec::new);
        } else if lines.len() != rows.len() {
            return Err(ListProblem::Uneven { lang: lang.clone(), lines: lines.len(), first: rows.len() });
        }
        for (at, line) in lines.iter().enumerate() {
            if lines[..at].contains(line) {
                return Err(ListProblem::Twice(lang.clone(), (*line).to_owned()));
            }
            let label = line.parse().map_err(|_| ListProblem::Long(lang.clone(), (*line).to_owned()))?;
            rows[at].push((lang.clone(), label));
        }
    }
    // None is empty: every language has as many lines as the first.
    Ok(rows.into_iter().filter_map(|row| Localized::new(row).ok()).collect())
}

/// The way back: a list as it is typed.
pub fn lines<'a>(list: impl Iterator<Item = &'a Localized<Label>>) -> Texts {
    let mut texts: Texts = Vec::new();
    for (lang, label) in list.flat_map(|label| label.iter()) {
        match texts.iter_mut().find(|(known, _)| known == lang) {
            Some((_, text)) => *text = [text.as_str(), "\n", label.as_str()].concat(),
            None => texts.push((lang.clone(), label.to_string())),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::super::testing::lang;
    use super::*;

    fn both(fr: &str, en: &str) -> Texts {
        vec![(lang("fr"), fr.to_owned()), (lang("en"), en.to_owned())]
    }

    #[test]
    fn a_list_has_the_same_thing_in_the_same_line_of_each_language() {
        let read = list(&both("Oui\n\n Non ", "Yes\nNo")).unwrap();
        assert_eq!(read.len(), 2);
        let said: Vec<_> = read[1].iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(said.len(), 2);
        assert!(said.contains(&"Non") && said.contains(&"No"));
        assert_eq!(list(&both("", "\n")), Ok(Vec::new()));
    }

    #[test]
    fn a_list_that_cannot_be_read_says_where() {
        let uneven = ListProblem::Uneven { lang: lang("en"), lines: 1, first: 2 };
        assert_eq!(list(&both("Oui\nNon", "Yes")), Err(uneven));
        assert_eq!(list(&both("Oui\nOui", "Yes\nNo")), Err(ListProblem::Twice(lang("fr"), "Oui".into())));
        let long = "a".repeat(500);
        assert_eq!(list(&both("Oui", &long)), Err(ListProblem::Long(lang("en"), long)));
    }

    #[test]
    fn what_was_read_is_typed_again_as_it_was() {
        let typed = both("Oui\nNon", "Yes\nNo");
        let again = lines(list(&typed).unwrap().iter());
        assert!(typed.iter().all(|text| again.contains(text)) && again.len() == 2);
    }
}
