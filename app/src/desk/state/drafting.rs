//! A text as it is pasted: its paragraphs in each language, and which of them those of the published
//! version are.

use domain::difference::{Part, difference};
use domain::ids::RecordId;
use domain::operations::{NewParagraph, PARAGRAPHS_MAX, PublishText, Replaces};
use domain::records::PublishedText;
use domain::text::{InvalidText, Lang, Localized, Text, Title};

use super::texts::{Texts, localized};

/// What keeps a text from being published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DraftProblem {
    /// No title in a language of the text, or a long one.
    Title,
    /// No text in a language of the title.
    Body(Lang),
    /// So many paragraphs.
    Many(Lang, usize),
    /// This paragraph is too long, by its place from 1.
    Long(Lang, usize),
    /// It holds characters that are no text.
    Control(Lang),
    /// Another number of paragraphs than in the first language.
    Uneven {
        /// Which language.
        lang: Lang,
        /// Its number.
        count: usize,
        /// The first language's.
        first: usize,
    },
    /// It is the published version, word for word.
    Same,
}

/// A text that can be published.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// What it is.
    pub title: Localized<Title>,
    /// In their order, each in the languages of the title.
    pub paragraphs: Vec<Localized<Text>>,
}

/// The paragraphs of a pasted text: one or several empty lines part them.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut begins = true;
    for line in text.lines().map(str::trim_end) {
        match all.last_mut() {
            _ if line.trim().is_empty() => begins = true,
            Some(last) if !begins => *last = [last.as_str(), "\n", line].concat(),
            _ => {
                begins = false;
                all.push(line.trim_start().to_owned());
            }
        }
    }
    all
}

/// The way back: the text of each language as it is pasted.
pub fn pasted<'p>(paragraphs: impl Iterator<Item = &'p Localized<Text>>) -> Texts {
    let mut texts: Texts = Vec::new();
    for (lang, words) in paragraphs.flat_map(Localized::iter) {
        match texts.iter_mut().find(|(known, _)| known == lang) {
            Some((_, text)) => *text = [text.as_str(), "\n\n", words.as_str()].concat(),
            None => texts.push((lang.clone(), words.to_string())),
        }
    }
    texts
}

/// The text, or every problem. The first language is needed; another one is there as a whole or not at all.
pub fn read(titles: &Texts, bodies: &Texts) -> Result<Draft, Vec<DraftProblem>> {
    let is_written = |texts: &Texts, lang: &Lang| {
        texts.iter().any(|(known, text)| known == lang && !text.trim().is_empty())
    };
    let used = |at: usize, lang: &Lang| at == 0 || is_written(titles, lang) || is_written(bodies, lang);
    let titles: Texts = titles
        .iter()
        .enumerate()
        .filter(|(at, (lang, _))| used(*at, lang))
        .map(|(_, it)| it.clone())
        .collect();
    let title = localized::<Title>(&titles);
    let mut problems: Vec<DraftProblem> =
        title.is_none().then_some(DraftProblem::Title).into_iter().collect();
    let mut rows: Vec<Vec<(Lang, Text)>> = Vec::new();
    for (at, (lang, text)) in bodies.iter().enumerate().filter(|(at, (lang, _))| used(*at, lang)) {
        match body(lang, text) {
            Ok(words) if at == 0 => rows = words.into_iter().map(|it| vec![(lang.clone(), it)]).collect(),
            Ok(words) if words.len() != rows.len() => {
                let (count, first) = (words.len(), rows.len());
                problems.push(DraftProblem::Uneven { lang: lang.clone(), count, first });
            }
            Ok(words) => {
                rows.iter_mut().zip(words).for_each(|(row, words)| row.push((lang.clone(), words)));
            }
            Err(problem) => problems.push(problem),
        }
    }
    match title {
        Some(title) if problems.is_empty() => {
            let paragraphs = rows.into_iter().filter_map(|row| Localized::new(row).ok()).collect();
            Ok(Draft { title, paragraphs })
        }
        _ => Err(problems),
    }
}

/// The paragraphs in one language.
fn body(lang: &Lang, text: &str) -> Result<Vec<Text>, DraftProblem> {
    let all = paragraphs(text);
    match all.len() {
        0 => return Err(DraftProblem::Body(lang.clone())),
        count if count > PARAGRAPHS_MAX => return Err(DraftProblem::Many(lang.clone(), count)),
        _ => {}
    }
    let words = all.iter().enumerate().map(|(at, words)| {
        words.parse().map_err(|error| match error {
            InvalidText::Control => DraftProblem::Control(lang.clone()),
            _ => DraftProblem::Long(lang.clone(), at + 1),
        })
    });
    words.collect()
}

/// Which published paragraph each one is: first those that say the same, wherever they stand by now, then
/// those that keep at least half of their words.
pub fn matched(before: &PublishedText, now: &[Localized<Text>]) -> Vec<Option<u32>> {
    let mut was: Vec<Option<u32>> = vec![None; now.len()];
    let mut free: Vec<_> = before.paragraphs.iter().collect();
    for (was, words) in was.iter_mut().zip(now) {
        if let Some(at) = free.iter().position(|old| says_the_same(&old.words, words)) {
            *was = Some(free.remove(at).id);
        }
    }
    for (was, words) in was.iter_mut().zip(now).filter(|(was, _)| was.is_none()) {
        let alike = free.iter().map(|old| alike(&old.words, words));
        let best = alike.enumerate().max_by_key(|(at, hundredths)| (*hundredths, usize::MAX - at));
        if let Some((at, 50..)) = best {
            *was = Some(free.remove(at).id);
        }
    }
    was
}

/// Whether two paragraphs say the same in a language that both have: a translation may have come since.
fn says_the_same(one: &Localized<Text>, other: &Localized<Text>) -> bool {
    one.iter().any(|(lang, words)| other.iter().any(|(known, theirs)| known == lang && theirs == words))
}

/// How much of two paragraphs is the same, in hundredths of the longer one: in the language that changed
/// least, so that a translation that is made anew does not make it another one.
fn alike(one: &Localized<Text>, other: &Localized<Text>) -> usize {
    let both = one.iter().filter_map(|(lang, words)| {
        let theirs = other.iter().find(|(known, _)| *known == lang)?;
        Some((words.as_str(), theirs.1.as_str()))
    });
    let part = |(one, other): (&str, &str)| {
        let kept: usize = difference(one, other)
            .iter()
            .filter(|(part, _)| *part == Part::Kept)
            .map(|(_, text)| text.trim().len())
            .sum();
        kept * 100 / one.len().max(other.len()).max(1)
    };
    both.map(part).max().unwrap_or(0)
}

/// What is published: a new text, or the next version of one.
pub fn publish(
    draft: Draft,
    consultation: RecordId,
    before: Option<&PublishedText>,
) -> Result<PublishText, DraftProblem> {
    let was = before.map_or_else(|| vec![None; draft.paragraphs.len()], |it| matched(it, &draft.paragraphs));
    if before.is_some_and(|it| {
        it.title == draft.title && it.paragraphs.iter().map(|one| &one.words).eq(draft.paragraphs.iter())
    }) {
        return Err(DraftProblem::Same);
    }
    let paragraphs = was.into_iter().zip(draft.paragraphs).map(|(was, words)| NewParagraph { was, words });
    Ok(PublishText {
        consultation,
        replaces: before.map(|it| Replaces { text: it.id, version: it.version }),
        title: draft.title,
        paragraphs: paragraphs.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{id, lang};
    use super::*;
    use domain::records::Paragraph;
    use domain::time::Millis;

    fn both(fr: &str, en: &str) -> Texts {
        vec![(lang("fr"), fr.to_owned()), (lang("en"), en.to_owned())]
    }

    fn published(words: &[(u32, &str)]) -> PublishedText {
        let paragraph = |(id, words): &(u32, &str)| Paragraph { id: *id, words: said(words) };
        PublishedText {
            id: id(7),
            consultation: id(9),
            title: Localized::new([(lang("fr"), "Zonage".parse().unwrap())]).unwrap(),
            paragraphs: words.iter().map(paragraph).collect(),
            version: 2,
            published_at: Millis(0),
            numbered: 9,
        }
    }

    fn said(words: &str) -> Localized<Text> {
        Localized::new([(lang("fr"), words.parse().unwrap())]).unwrap()
    }

    #[test]
    fn empty_lines_part_paragraphs_and_lines_stay() {
        assert_eq!(
            paragraphs("\n\n1. Objet \n   suite\n \n\t\n2. Marge\n"),
            ["1. Objet\n   suite", "2. Marge"]
        );
        assert!(paragraphs(" \n").is_empty());
        let draft = read(&both("Zonage", ""), &both("Un\n\nDeux", "")).unwrap();
        assert_eq!(pasted(draft.paragraphs.iter()), [(lang("fr"), "Un\n\nDeux".to_owned())]);
    }

    #[test]
    fn another_language_is_there_as_a_whole_or_not_at_all() {
        use DraftProblem::{Body, Title, Uneven};
        let draft = read(&both("Zonage", "Zoning"), &both("Un\n\nDeux", "One\n\nTwo")).unwrap();
        assert_eq!((draft.paragraphs.len(), draft.paragraphs[1].iter().count()), (2, 2));
        assert_eq!(read(&both("Zonage", "Zoning"), &both("Un", "")), Err(vec![Body(lang("en"))]));
        assert_eq!(read(&both("Zonage", ""), &both("Un", "One")), Err(vec![Title]));
        assert_eq!(read(&both("", ""), &both("", "")), Err(vec![Title, Body(lang("fr"))]));
        let uneven = Uneven { lang: lang("en"), count: 1, first: 2 };
        assert_eq!(read(&both("Zonage", "Zoning"), &both("Un\n\nDeux", "One")), Err(vec![uneven]));
    }

    #[test]
    fn a_paragraph_that_is_too_long_or_no_text_is_named() {
        let long = format!("Un\n\n{}", "a".repeat(5_001));
        assert_eq!(read(&both("Z", ""), &both(&long, "")), Err(vec![DraftProblem::Long(lang("fr"), 2)]));
        let many = "a\n\n".repeat(101);
        assert_eq!(read(&both("Z", ""), &both(&many, "")), Err(vec![DraftProblem::Many(lang("fr"), 101)]));
        let control = read(&both("Z", ""), &both("a\u{0}", ""));
        assert_eq!(control, Err(vec![DraftProblem::Control(lang("fr"))]));
    }

    #[test]
    fn paragraphs_are_known_again_where_they_moved_and_where_they_changed_a_little() {
        let before = published(&[(1, "La marge est de 6 mètres."), (4, "La hauteur est de 2 étages.")]);
        let now = [said("Objet."), said("La hauteur est de 2 étages."), said("La marge est de 4,5 mètres.")];
        assert_eq!(matched(&before, &now), [None, Some(4), Some(1)]);
        // One that says something else in its place is another one.
        assert_eq!(matched(&before, &[said("Les clôtures sont en bois.")]), [None]);
    }

    #[test]
    fn a_version_that_changes_nothing_is_not_published() {
        let before = published(&[(1, "Un")]);
        let draft = |text: &str| read(&both("Zonage", ""), &both(text, "")).unwrap();
        assert_eq!(publish(draft("Un"), id(9), Some(&before)), Err(DraftProblem::Same));
        let next = publish(draft("Un\n\nDeux"), id(9), Some(&before)).unwrap();
        assert_eq!(next.replaces, Some(Replaces { text: id(7), version: 2 }));
        assert_eq!(next.paragraphs.iter().map(|it| it.was).collect::<Vec<_>>(), [Some(1), None]);
        let first = publish(draft("Un"), id(9), None).unwrap();
        assert_eq!((first.replaces, first.paragraphs[0].was), (None, None));
    }
}
