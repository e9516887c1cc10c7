//! What somebody answers. On the wire an object: the question's id, then the answer with its
//! kind, so that an answer says what it is without its survey.

use serde::{Deserialize, Serialize};

use super::days::Day;
use super::decimals::Decimal;
use crate::ids::{ChoiceId, QuestionId};
use crate::operations::Photo;
use crate::order::Sorted;
use crate::text::{Label, Text};
use crate::wire::Fields;

/// An answer to one question.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To a question for a short or a long text.
    Text(Text),
    /// The one choice.
    Choice(ChoiceId),
    /// Something else than the choices, in one's own words.
    Other(Label),
    /// What was chosen among several.
    Choices(Vec<ChoiceId>),
    /// A point of a scale.
    Scale(i8),
    /// The best first.
    Ranking(Vec<ChoiceId>),
    /// A column for each row.
    Matrix(Rows),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Day),
    /// Photos; their files are among the body's blobs.
    Photos(Vec<Photo>),
}
crate::variants!(Answer {
    ;
    Text "text", Choice "choice", Other "other", Choices "choices", Scale "scale", Ranking "ranking",
    Matrix "matrix", Number "number", Date "date", Photos "photos"
});

impl Answer {
    /// Whether nothing is said: an empty list counts as no answer, and is not sealed.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Choices(list) | Self::Ranking(list) => list.is_empty(),
            Self::Matrix(rows) => rows.0.is_empty(),
            Self::Photos(photos) => photos.is_empty(),
            _ => false,
        }
    }
}

/// All answers of one person, in the order of the questions' ids: the same answers are
/// always written as the same bytes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answers(pub(super) Sorted<QuestionId, Answer>);

impl Answers {
    /// The answer to a question, unless it says nothing.
    pub fn get(&self, id: &QuestionId) -> Option<&Answer> {
        self.0.get(id).filter(|answer| !answer.is_blank())
    }

    /// Answers a question, in place of an answer before.
    pub fn put(&mut self, id: QuestionId, answer: Answer) {
        self.0.insert(id, answer);
    }

    /// Takes an answer back.
    pub fn remove(&mut self, id: &QuestionId) -> Option<Answer> {
        self.0.remove(id)
    }

    /// Every answer with its question.
    pub fn iter(&self) -> impl Iterator<Item = (&QuestionId, &Answer)> {
        self.0.iter()
    }

    /// Every photo: what must have been uploaded.
    pub fn photos(&self) -> impl Iterator<Item = &Photo> {
        self.0.values().flat_map(|answer| match answer {
            Answer::Photos(photos) => photos.as_slice(),
            _ => &[],
        })
    }
}

impl Serialize for Answers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for Answers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let mut answers = Self::default();
        for (id, answer) in fields.pairs() {
            let id = id.parse().map_err(serde::de::Error::custom)?;
            answers.put(id, serde_json::from_str(answer).map_err(serde::de::Error::custom)?);
        }
        Ok(answers)
    }
}

/// A column for each row of a matrix, in the order of the rows' ids.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rows(pub(super) Sorted<ChoiceId, ChoiceId>);

impl Rows {
    /// The column of a row.
    pub fn get(&self, row: &ChoiceId) -> Option<&ChoiceId> {
        self.0.get(row)
    }

    /// Judges a row.
    pub fn put(&mut self, row: ChoiceId, column: ChoiceId) {
        self.0.insert(row, column);
    }

    /// Judges a row no longer.
    pub fn remove(&mut self, row: &ChoiceId) {
        self.0.remove(row);
    }

    /// Every row with its column.
    pub fn iter(&self) -> impl Iterator<Item = (&ChoiceId, &ChoiceId)> {
        self.0.iter()
    }
}

impl Serialize for Rows {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields::deserialize(deserializer)?;
        let mut rows = Self::default();
        for (row, column) in fields.pairs() {
            let row = row.parse().map_err(serde::de::Error::custom)?;
            rows.put(row, serde_json::from_str(column).map_err(serde::de::Error::custom)?);
        }
        Ok(rows)
    }
}
