//! Surveys: what is asked, what is answered, and what of it may be published. The words are
//! those of XLSForm (xlsform.org) where it has them: question, choice, required, relevant.
//!
//! A [`Survey`] is sealed by the office, [`Answers`] by a participant, both strict: a survey
//! that a device understands in part only must not be answered on it. [`Results`] are a
//! record, made once.

mod answers;
mod asks;
mod conditions;
mod days;
mod decimals;
mod definition;
mod languages;
mod pages;
mod problems;
mod relevance;
mod results;
mod soundness;
#[cfg(test)]
mod tests;

pub use answers::{Answer, Answers, Rows};
pub use asks::{
    Asks, DateRange, MatrixOf, NumberRange, OneChoice, PhotosUpTo, RankingOf, ScaleBetween, Several,
};
pub use conditions::{CLAUSES_MAX, Clause, Condition, Test};
pub use days::{Day, InvalidDay};
pub use decimals::{DECIMALS_MAX, Decimal, InvalidDecimal};
pub use definition::{Choice, PAGES_MAX, Page, QUESTIONS_MAX, Question, Survey};
pub use languages::{Lacking, Place};
pub use pages::{Progress, next_page, page_problems, previous_page, progress};
pub use problems::{AnswerProblem, LONG_TEXT_BYTES, LONG_TEXT_MAX, Reason, check};
pub use relevance::{prune, relevant};
pub use results::{
    Band, Cell, Count, FEW_BELOW, LEAST, Month, Part, Response, Results, Table, What, few, publish,
    publish_shared,
};
pub use soundness::{
    At, CHOICES_MAX, COLUMNS_MAX, Fault, LONG_TEXTS_MAX, PHOTOS_ALL_MAX, ROWS_MAX, SCALE_END,
    SCALE_POINTS_MAX, SurveyProblem,
};
