//! Whether a survey can be asked: its limits, its names, its bounds and its conditions.

use super::asks::Asks;
use super::decimals::{DECIMALS_MAX, Decimal};
use super::definition::{Choice, PAGES_MAX, QUESTIONS_MAX, Question, Survey};
use super::{CLAUSES_MAX, NumberRange};
use crate::ids::QuestionId;
use crate::operations::PHOTOS_MAX;

/// The most choices of one question.
pub const CHOICES_MAX: usize = 30;
/// The most rows of a matrix.
pub const ROWS_MAX: usize = 15;
/// The most columns of a matrix: more do not fit a phone.
pub const COLUMNS_MAX: usize = 7;
/// The most points of a scale: 0 to 10.
pub const SCALE_POINTS_MAX: i16 = 11;
/// The ends of a scale lie between minus and plus this.
pub const SCALE_END: i8 = 10;
/// The most questions for a long text: all answers together fit an envelope's body.
pub const LONG_TEXTS_MAX: usize = 8;
/// The most photos that all questions together take: three proposals' worth of uploads.
pub const PHOTOS_ALL_MAX: usize = 9;

/// What is wrong with a survey, and where it can be mended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SurveyProblem {
    /// Where.
    pub at: At,
    /// What.
    pub fault: Fault,
}

/// A part of a survey.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum At {
    /// All of it.
    Survey,
    /// A page, counted from 0.
    Page(usize),
    /// A question.
    Question(QuestionId),
}

macro_rules! faults {
    ($($(#[$about:meta])+ $fault:ident $reason:literal,)+) => {
        /// What can be wrong with a survey.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Fault { $($(#[$about])+ $fault,)+ }

        impl Fault {
            /// The same for a log or a refused operation.
            pub fn reason(self) -> &'static str {
                match self { $(Self::$fault => $reason,)+ }
            }
        }
    };
}

faults! {
    /// More than [`PAGES_MAX`].
    TooManyPages "too many pages",
    /// A survey without a page or a page without a question.
    NoQuestions "no questions",
    /// More than [`QUESTIONS_MAX`].
    TooManyQuestions "too many questions",
    /// An earlier question has the same id.
    SameQuestion "a question's id twice",
    /// Fewer choices, rows or columns than the kind needs.
    TooFewChoices "too few choices",
    /// More choices, rows or columns than [`CHOICES_MAX`], [`ROWS_MAX`] or [`COLUMNS_MAX`].
    TooManyChoices "too many choices",
    /// An earlier choice of the question has the same id.
    SameChoice "a choice's id twice",
    /// The least is more than the greatest, or more than there are choices.
    Bounds "bounds that nothing meets",
    /// An end beyond [`SCALE_END`], fewer than 2 points or more than [`SCALE_POINTS_MAX`].
    Scale "not a scale",
    /// More than [`DECIMALS_MAX`], or a bound with more than the answers have.
    Decimals "too many decimals",
    /// None, or more than [`PHOTOS_MAX`] in one question or [`PHOTOS_ALL_MAX`] in all.
    Photos "number of photos",
    /// More than [`LONG_TEXTS_MAX`].
    TooManyLongTexts "too many long texts",
    /// A condition without a test, or with more than [`CLAUSES_MAX`].
    Clauses "number of tests",
    /// A condition names a question that does not stand before.
    NotEarlier "a condition on no earlier question",
    /// A condition tests what such a question has not.
    TestDoesNotApply "a test that does not apply",
    /// A condition names a choice that the question has not.
    NoSuchChoice "a condition on no choice",
}

fn hold(holds: bool, fault: Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(fault) }
}

fn choices(list: &[Choice], least: usize, most: usize) -> Result<(), Fault> {
    hold(list.len() >= least, Fault::TooFewChoices)?;
    hold(list.len() <= most, Fault::TooManyChoices)?;
    let twice = (0..list.len()).any(|at| list[..at].iter().any(|choice| choice.id == list[at].id));
    hold(!twice, Fault::SameChoice)
}

fn number(range: &NumberRange) -> Result<(), Fault> {
    hold(range.decimals <= DECIMALS_MAX, Fault::Decimals)?;
    let fits = |bound: Option<Decimal>| bound.is_none_or(|bound| bound.decimals() <= range.decimals);
    hold(fits(range.min) && fits(range.max), Fault::Decimals)?;
    hold(in_order(range.min, range.max), Fault::Bounds)
}

fn in_order<T: PartialOrd>(min: Option<T>, max: Option<T>) -> bool {
    !matches!((min, max), (Some(min), Some(max)) if min > max)
}

impl Asks {
    fn check(&self) -> Result<(), Fault> {
        match self {
            Self::ShortText | Self::LongText => Ok(()),
            Self::OneChoice(one) => choices(&one.choices, 2, CHOICES_MAX),
            Self::Several(several) => {
                choices(&several.choices, 1, CHOICES_MAX)?;
                let meets = |bound: Option<u8>| bound.is_none_or(|n| usize::from(n) <= several.choices.len());
                let some = several.max != Some(0);
                hold(
                    some && in_order(several.min, several.max) && meets(several.min) && meets(several.max),
                    Fault::Bounds,
                )
            }
            Self::Scale(scale) => {
                let ends = -SCALE_END <= scale.from && scale.to <= SCALE_END;
                let points = i16::from(scale.to) - i16::from(scale.from) + 1;
                hold(ends && (2..=SCALE_POINTS_MAX).contains(&points), Fault::Scale)
            }
            Self::Ranking(ranking) => {
                choices(&ranking.choices, 2, CHOICES_MAX)?;
                let top = ranking.top.map_or(1, usize::from);
                hold((1..=ranking.choices.len()).contains(&top), Fault::Bounds)
            }
            Self::Matrix(matrix) => {
                choices(&matrix.rows, 1, ROWS_MAX)?;
                choices(&matrix.columns, 2, COLUMNS_MAX)
            }
            Self::Number(range) => number(range),
            Self::Date(range) => hold(in_order(range.earliest, range.latest), Fault::Bounds),
            Self::Photos(photos) => hold((1..=PHOTOS_MAX).contains(&photos.max.into()), Fault::Photos),
        }
    }
}

/// A question with those that stand before it.
fn question(question: &Question, earlier: &[&Question]) -> Result<(), Fault> {
    let find = |id: &QuestionId| earlier.iter().find(|earlier| earlier.id == *id);
    hold(find(&question.id).is_none(), Fault::SameQuestion)?;
    question.asks.check()?;
    let Some(condition) = &question.relevant else { return Ok(()) };
    hold((1..=CLAUSES_MAX).contains(&condition.clauses().len()), Fault::Clauses)?;
    for clause in condition.clauses() {
        clause.test.check(&find(&clause.question).ok_or(Fault::NotEarlier)?.asks)?;
    }
    Ok(())
}

impl Survey {
    /// Whether it can be asked; otherwise the first thing that is wrong.
    pub fn check(&self) -> Result<(), SurveyProblem> {
        let say = |at, holds, fault| hold(holds, fault).map_err(|fault| SurveyProblem { at, fault });
        say(At::Survey, !self.pages.is_empty(), Fault::NoQuestions)?;
        say(At::Survey, self.pages.len() <= PAGES_MAX, Fault::TooManyPages)?;
        let mut earlier: Vec<&Question> = Vec::new();
        let (mut long_texts, mut photos) = (0, 0);
        for (number, page) in self.pages.iter().enumerate() {
            say(At::Page(number), !page.questions.is_empty(), Fault::NoQuestions)?;
            for asked in &page.questions {
                say(At::Survey, earlier.len() < QUESTIONS_MAX, Fault::TooManyQuestions)?;
                let at = || At::Question(asked.id.clone());
                question(asked, &earlier).map_err(|fault| SurveyProblem { at: at(), fault })?;
                match &asked.asks {
                    Asks::LongText => long_texts += 1,
                    Asks::Photos(most) => photos += usize::from(most.max),
                    _ => {}
                }
                say(at(), long_texts <= LONG_TEXTS_MAX, Fault::TooManyLongTexts)?;
                say(at(), photos <= PHOTOS_ALL_MAX, Fault::Photos)?;
                earlier.push(asked);
            }
        }
        Ok(())
    }
}
