//! What a survey asks: pages of questions.

use serde::Serialize;

use super::asks::Asks;
use super::conditions::Condition;
use crate::ids::{ChoiceId, QuestionId};
use crate::text::{Label, Localized, Text, Title};

/// The most pages of a survey.
pub const PAGES_MAX: usize = 20;
/// The most questions on all pages together. (An object on the wire has 64 fields at most.)
pub const QUESTIONS_MAX: usize = 60;

/// A survey. What its parts must fulfil beyond their types says [`Survey::check`].
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Survey {
    /// What it is for, who reads the answers, how long it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<Localized<Text>>,
    /// At most [`PAGES_MAX`].
    pub pages: Vec<Page>,
}
crate::fields!(strict Survey { pages ; intro });

/// What is shown together.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Page {
    /// What its questions have in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Localized<Title>>,
    /// In their order.
    pub questions: Vec<Question>,
}
crate::fields!(strict Page { questions ; title });

/// One question.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Question {
    /// Names it among the survey's questions; stays when the words change.
    pub id: QuestionId,
    /// The question itself.
    pub label: Localized<Label>,
    /// What helps to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Localized<Text>>,
    /// Whether it must be answered where it is shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// When it is shown; always, when there is no condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevant: Option<Condition>,
    /// What kind of answer it takes.
    pub asks: Asks,
}
crate::fields!(strict Question { id, label, asks ; hint, required, relevant });

/// Something that can be chosen; also a row or a column of a matrix.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Choice {
    /// Names it in its question.
    pub id: ChoiceId,
    /// In words.
    pub label: Localized<Label>,
}
crate::fields!(strict Choice { id, label });

impl Survey {
    /// All questions, in their order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.pages.iter().flat_map(|page| &page.questions)
    }

    /// The question of that name.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions().find(|question| question.id == *id)
    }
}

/// Whether a list has such a choice.
pub(super) fn has(choices: &[Choice], id: &ChoiceId) -> bool {
    choices.iter().any(|choice| choice.id == *id)
}
