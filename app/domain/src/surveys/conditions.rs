//! When a question is relevant: tests on answers to earlier questions, joined by *all* or
//! *any*. No nesting and no arithmetic, so that an office can read back what it asked for.

use serde::Serialize;

use super::answers::Answer;
use super::asks::Asks;
use super::decimals::Decimal;
use super::definition::has;
use super::soundness::Fault;
use crate::ids::{ChoiceId, QuestionId};

/// The most tests in one condition.
pub const CLAUSES_MAX: usize = 5;

/// When a question is shown (XLSForm's `relevant`).
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// When every test holds.
    All(Vec<Clause>),
    /// When one test holds.
    Any(Vec<Clause>),
}
crate::variants!(Condition { ; All "all", Any "any" });

/// A test on one earlier question.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Clause {
    /// Which.
    pub question: QuestionId,
    /// What about its answer.
    pub test: Test,
}
crate::fields!(strict Clause { question, test });

/// A test. None holds for a question that is not answered or not shown, `is_not` included
/// (in XLSForm's expressions an empty answer *is* unequal: there the same reads
/// `${q} != '' and ${q} != 'x'`). So what follows from a hidden question is hidden too.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Anything was answered.
    Answered,
    /// The choice was chosen, alone or among several.
    Is(ChoiceId),
    /// Something was chosen, but not this.
    IsNot(ChoiceId),
    /// The number or point of a scale is this or more.
    AtLeast(Decimal),
}
crate::variants!(Test { Answered "answered" ; Is "is", IsNot "is_not", AtLeast "at_least" });

impl Condition {
    /// Its tests.
    pub fn clauses(&self) -> &[Clause] {
        match self {
            Self::All(clauses) | Self::Any(clauses) => clauses,
        }
    }

    /// Whether it holds, given the answers to the questions shown so far.
    pub(super) fn holds<'a>(&self, answer: impl Fn(&QuestionId) -> Option<&'a Answer>) -> bool {
        let all = matches!(self, Self::All(_));
        for clause in self.clauses() {
            let holds = answer(&clause.question).is_some_and(|answer| clause.test.holds(answer));
            if holds != all {
                return holds;
            }
        }
        all
    }
}

impl Test {
    fn holds(&self, answer: &Answer) -> bool {
        let chosen = |id: &ChoiceId| match answer {
            Answer::Choice(chosen) => chosen == id,
            Answer::Choices(chosen) => chosen.contains(id),
            _ => false,
        };
        match (self, answer) {
            (Self::Answered, _) => true,
            (Self::Is(id), _) => chosen(id),
            (Self::IsNot(id), _) => !chosen(id),
            (Self::AtLeast(least), Answer::Number(number)) => number >= least,
            (Self::AtLeast(least), Answer::Scale(point)) => Decimal::whole((*point).into()) >= *least,
            (Self::AtLeast(_), _) => false,
        }
    }

    /// Whether it can be asked of such a question.
    pub(super) fn check(&self, asks: &Asks) -> Result<(), Fault> {
        match (self, asks) {
            (Self::Answered, _) | (Self::AtLeast(_), Asks::Scale(_) | Asks::Number(_)) => Ok(()),
            (
                Self::Is(id) | Self::IsNot(id),
                Asks::OneChoice(super::OneChoice { choices, .. })
                | Asks::Several(super::Several { choices, .. }),
            ) => {
                if has(choices, id) {
                    Ok(())
                } else {
                    Err(Fault::NoSuchChoice)
                }
            }
            _ => Err(Fault::TestDoesNotApply),
        }
    }
}
