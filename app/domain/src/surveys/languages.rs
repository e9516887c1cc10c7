//! Which words a survey lacks in a language: said at the place where they can be written.

use super::asks::Asks;
use super::definition::{Choice, Survey};
use crate::ids::{ChoiceId, QuestionId};
use crate::text::{Lang, Localized};

/// A text of a survey.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// The words before the first question.
    Intro,
    /// The title of a page, counted from 0.
    Title(usize),
    /// A question.
    Label(QuestionId),
    /// What helps to answer it.
    Hint(QuestionId),
    /// A choice of a question.
    Choice(QuestionId, ChoiceId),
    /// A row of a matrix.
    Row(QuestionId, ChoiceId),
    /// A column of a matrix.
    Column(QuestionId, ChoiceId),
    /// The lower end of a scale.
    Low(QuestionId),
    /// The upper end of a scale.
    High(QuestionId),
    /// What a number counts.
    Unit(QuestionId),
}

/// A text that is not said in a language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lacking {
    /// Which text.
    pub place: Place,
    /// In which language.
    pub lang: Lang,
}

impl Survey {
    /// Every text that lacks one of the languages, in the order in which they are read.
    pub fn lacking(&self, languages: &[Lang]) -> Vec<Lacking> {
        let mut found = Found { languages, lacking: Vec::new() };
        found.text(self.intro.as_ref(), || Place::Intro);
        for (number, page) in self.pages.iter().enumerate() {
            found.text(page.title.as_ref(), || Place::Title(number));
            for question in &page.questions {
                let id = || question.id.clone();
                found.text(Some(&question.label), || Place::Label(id()));
                found.text(question.hint.as_ref(), || Place::Hint(id()));
                let mut list = |choices: &[Choice], place: fn(QuestionId, ChoiceId) -> Place| {
                    for choice in choices {
                        found.text(Some(&choice.label), || place(id(), choice.id.clone()));
                    }
                };
                match &question.asks {
                    Asks::OneChoice(one) => list(&one.choices, Place::Choice),
                    Asks::Several(several) => list(&several.choices, Place::Choice),
                    Asks::Ranking(ranking) => list(&ranking.choices, Place::Choice),
                    Asks::Matrix(matrix) => {
                        list(&matrix.rows, Place::Row);
                        list(&matrix.columns, Place::Column);
                    }
                    Asks::Scale(scale) => {
                        found.text(Some(&scale.low), || Place::Low(id()));
                        found.text(Some(&scale.high), || Place::High(id()));
                    }
                    Asks::Number(range) => found.text(range.unit.as_ref(), || Place::Unit(id())),
                    Asks::ShortText | Asks::LongText | Asks::Date(_) | Asks::Photos(_) => {}
                }
            }
        }
        found.lacking
    }
}

struct Found<'a> {
    languages: &'a [Lang],
    lacking: Vec<Lacking>,
}

impl Found<'_> {
    fn text<T>(&mut self, text: Option<&Localized<T>>, place: impl Fn() -> Place) {
        let Some(text) = text else { return };
        for lang in self.languages {
            if !text.iter().any(|(known, _)| known == lang) {
                self.lacking.push(Lacking { place: place(), lang: lang.clone() });
            }
        }
    }
}
