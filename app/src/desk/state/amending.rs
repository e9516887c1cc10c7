//! Which words of which text an amendment is about that is entered for somebody. Decided from records alone.

use domain::ids::RecordId;
use domain::operations::Amend;
use domain::records::PublishedText;
use domain::text::{Lang, Text, shorten};

/// How much of a paragraph is shown where it is chosen.
const FIRST: usize = 60;

/// A paragraph of a text, by its number for ever, in one language.
#[derive(Clone, PartialEq, Debug)]
pub struct At {
    /// The text.
    pub text: RecordId,
    /// The language of both wordings.
    pub lang: Lang,
    /// The paragraph.
    pub paragraph: u32,
}

impl At {
    /// Where an amendment is.
    pub fn of(amend: &Amend) -> Self {
        Self { text: amend.text, lang: amend.lang.clone(), paragraph: amend.paragraph }
    }

    /// What is chosen by these names; none while something is missing, or goes with another text.
    pub fn chosen(text: &str, paragraph: &str) -> Option<Self> {
        let (text, lang) = text.split_once(' ')?;
        let (of, number) = paragraph.split_once(' ')?;
        let (text, lang, paragraph) = (text.parse().ok()?, lang.parse().ok()?, number.parse().ok()?);
        (of.parse().ok() == Some(text)).then_some(Self { text, lang, paragraph })
    }

    /// The names of both choices.
    pub fn names(&self) -> [String; 2] {
        [text_name(self.text, &self.lang), paragraph_name(self.text, self.paragraph)]
    }

    /// The name of the form in which its words are kept.
    pub fn form(&self) -> String {
        format!("amend {} {} {}", self.text, self.lang, self.paragraph)
    }

    /// What stands there; none: the paragraph is there no more.
    pub fn stands(&self, texts: &[PublishedText]) -> Option<Stands> {
        let text = texts.iter().find(|text| text.id == self.text)?;
        let (number, paragraph) = text.paragraph(self.paragraph)?;
        let (_, quote) = paragraph.words.iter().find(|(lang, _)| **lang == self.lang)?;
        let title = text.title.iter().find(|(lang, _)| **lang == self.lang);
        let title = title.map(|(_, title)| title.to_string()).unwrap_or_default();
        Some(Stands { title, number, quote: quote.clone() })
    }
}

/// The words of a paragraph.
#[derive(Clone, PartialEq, Debug)]
pub struct Stands {
    /// What its text is called.
    pub title: String,
    /// Its place in the text, from 1.
    pub number: usize,
    /// What it says.
    pub quote: Text,
}

fn text_name(text: RecordId, lang: &Lang) -> String {
    format!("{text} {lang}")
}

fn paragraph_name(text: RecordId, paragraph: u32) -> String {
    format!("{text} {paragraph}")
}

/// Each text in each of its languages, those of the reader first: the name of the choice, and what it is called.
pub fn versions(texts: &[PublishedText], order: &[Lang]) -> Vec<(String, String)> {
    let of = |text: &PublishedText| {
        let mut all: Vec<_> = text.title.iter().collect();
        domain::order::by(&mut all, |(lang, _)| {
            let at = order.iter().position(|own| own == *lang).unwrap_or(order.len());
            (at as u64, lang.to_string())
        });
        all.into_iter().map(|(lang, title)| (text_name(text.id, lang), title.to_string())).collect::<Vec<_>>()
    };
    texts.iter().flat_map(of).collect()
}

/// The paragraphs of a text that was chosen by this name: the name of the choice, their place, and how they begin.
pub fn paragraphs(texts: &[PublishedText], name: &str) -> Vec<(String, usize, String)> {
    let chosen = || {
        let (text, lang) = name.split_once(' ')?;
        let (text, lang): (RecordId, Lang) = (text.parse().ok()?, lang.parse().ok()?);
        Some((texts.iter().find(|it| it.id == text)?, lang))
    };
    let Some((text, lang)) = chosen() else { return Vec::new() };
    let one = |(number, it): (usize, &domain::records::Paragraph)| {
        let (_, words) = it.words.iter().find(|(known, _)| **known == lang)?;
        Some((paragraph_name(text.id, it.id), number, shorten(words.as_str(), FIRST)))
    };
    (1..).zip(&text.paragraphs).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: u8, paragraphs: &str) -> PublishedText {
        let id = RecordId([id; 16]);
        let json = format!(
            r#"{{"kind":"published_text","id":"{id}","consultation":"{id}","title":{{"en":"Zoning","fr":"Zonage"}},
               "paragraphs":[{paragraphs}],"version":2,"published_at":1,"numbered":3}}"#
        );
        match domain::records::Record::read(&json).unwrap() {
            domain::records::Record::PublishedText(it) => it,
            _ => unreachable!(),
        }
    }

    const TWO: &str = r#"{"id":3,"words":{"en":"New.","fr":"Neuf."}},
        {"id":1,"words":{"en":"Six metres.","fr":"Six mètres."}}"#;

    fn lang(tag: &str) -> Lang {
        tag.parse().unwrap()
    }

    #[test]
    fn each_language_of_a_text_is_a_choice_the_readers_own_first() {
        let texts = [text(1, TWO)];
        let titles = |order: &[Lang]| -> Vec<String> {
            versions(&texts, order).into_iter().map(|(_, title)| title).collect()
        };
        assert_eq!(titles(&[lang("fr"), lang("en")]), ["Zonage", "Zoning"]);
        assert_eq!(titles(&[lang("en")]), ["Zoning", "Zonage"]);
        assert!(versions(&[], &[]).is_empty());
    }

    #[test]
    fn a_paragraph_is_chosen_by_its_number_for_ever_and_shown_by_its_place_and_first_words() {
        let long = format!(r#"{{"id":2,"words":{{"fr":"{}"}}}}"#, "mot ".repeat(40).trim());
        let texts = [text(1, TWO), text(2, &long)];
        let [(name, _), ..] = &versions(&texts, &[lang("fr")])[..] else { panic!() };
        let all = paragraphs(&texts, name);
        let shown: Vec<(usize, &str)> =
            all.iter().map(|(_, number, words)| (*number, words.as_str())).collect();
        assert_eq!(shown, [(1, "Neuf."), (2, "Six mètres.")]);
        let at = At::chosen(name, &all[1].0).unwrap();
        assert_eq!((at.paragraph, at.lang.as_str()), (1, "fr"));
        assert_eq!(at.names(), [name.clone(), all[1].0.clone()]);
        let stands = at.stands(&texts).unwrap();
        assert_eq!((stands.title.as_str(), stands.number), ("Zonage", 2));
        assert_eq!(stands.quote.as_str(), "Six mètres.");
        let other = paragraphs(&texts, &text_name(RecordId([2; 16]), &lang("fr")));
        assert!(other[0].2.ends_with('…') && other[0].2.chars().count() <= FIRST);
        assert_eq!(At::chosen(name, &other[0].0), None, "of another text");
        assert_eq!(At::chosen(name, ""), None);
        assert!(paragraphs(&texts, "").is_empty());
    }

    #[test]
    fn what_is_no_longer_in_the_text_stands_nowhere() {
        let at = |paragraph, tag| At { text: RecordId([1; 16]), lang: lang(tag), paragraph };
        let texts = [text(1, TWO)];
        assert!(at(3, "fr").stands(&texts).is_some());
        assert_eq!(at(2, "fr").stands(&texts), None);
        assert_eq!(at(3, "oj").stands(&texts), None);
        assert_eq!(at(3, "fr").stands(&[]), None);
    }
}
