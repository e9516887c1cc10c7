//! The kinds of questions. XLSForm's names stand beside ours where it has the kind.

use serde::Serialize;

use super::days::Day;
use super::decimals::Decimal;
use super::definition::Choice;
use crate::text::{Label, Localized};

/// What kind of answer a question takes.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// One line, at most [`Label::GRAPHEMES`] (`text`).
    ShortText,
    /// Lines, at most [`super::LONG_TEXT_MAX`] graphemes (`text` of appearance `multiline`).
    LongText,
    /// Exactly one choice (`select_one`).
    OneChoice(OneChoice),
    /// Any number of choices within bounds (`select_multiple`).
    Several(Several),
    /// A whole number between two ends (`range`).
    Scale(ScaleBetween),
    /// Choices in one's own order, the best first (`rank`).
    Ranking(RankingOf),
    /// The same choices for each of several rows (`table-list`).
    Matrix(MatrixOf),
    /// A number (`integer`, `decimal`).
    Number(NumberRange),
    /// A day (`date`).
    Date(DateRange),
    /// Photos (`image`).
    Photos(PhotosUpTo),
}
crate::variants!(Asks {
    ShortText "short_text", LongText "long_text" ;
    OneChoice "one_choice", Several "several", Scale "scale", Ranking "ranking", Matrix "matrix",
    Number "number", Date "date", Photos "photos"
});

/// One of several choices.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OneChoice {
    /// Two at least.
    pub choices: Vec<Choice>,
    /// Whether something else may be written in one line (XLSForm's `or_other`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
}
crate::fields!(strict OneChoice { choices ; other });

/// Several choices. Leaving the question out is not bound by `min`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Several {
    /// One at least.
    pub choices: Vec<Choice>,
    /// How many at least, by whoever chooses any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u8>,
    /// How many at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u8>,
}
crate::fields!(strict Several { choices ; min, max });

/// A scale of whole numbers, with words at both ends: a bare number means something else to
/// everyone.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ScaleBetween {
    /// Its lowest point.
    pub from: i8,
    /// Its highest point.
    pub to: i8,
    /// What the lowest point means.
    pub low: Localized<Label>,
    /// What the highest point means.
    pub high: Localized<Label>,
}
crate::fields!(strict ScaleBetween { from, to, low, high });

/// A ranking. Whoever answers puts at least one first; those left out stand together behind.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RankingOf {
    /// Two at least.
    pub choices: Vec<Choice>,
    /// How many places there are; as many as choices, when nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<u8>,
}
crate::fields!(strict RankingOf { choices ; top });

/// A matrix: one column for each row. When the question is required, for every row.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MatrixOf {
    /// What is judged.
    pub rows: Vec<Choice>,
    /// How it can be judged.
    pub columns: Vec<Choice>,
}
crate::fields!(strict MatrixOf { rows, columns });

/// A number within bounds.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NumberRange {
    /// The least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    /// The greatest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
    /// What is counted: "km", "people".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Localized<Label>>,
    /// How many decimals it may have, 0 to 3.
    pub decimals: u8,
}
crate::fields!(strict NumberRange { ; min, max, unit, decimals });

/// A day within bounds.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DateRange {
    /// The first possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest: Option<Day>,
    /// The last possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Day>,
}
crate::fields!(strict DateRange { ; earliest, latest });

/// Photos, as with a proposal.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PhotosUpTo {
    /// How many at most, 1 to [`crate::operations::PHOTOS_MAX`].
    pub max: u8,
}
crate::fields!(strict PhotosUpTo { max });
