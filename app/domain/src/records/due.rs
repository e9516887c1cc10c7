//! What is over some day, and what was over before a restore.

use serde::Serialize;

use crate::ids::RecordId;
use crate::operations::Kind;
use crate::records::{PollResult, Record};
use crate::surveys::Results;
use crate::time::Millis;
use crate::wire::Later;

/// What is over some day and is then counted or published by the passing of time: in a scope that
/// nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Due {
    /// Each once.
    pub all: Vec<DueAt>,
}
crate::fields!(open Due { ; all });

/// One such thing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DueAt {
    /// What is done then.
    pub act: Kind,
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll or survey, or what is forwarded.
    pub record: RecordId,
    /// When, by the server's clock.
    pub at: Millis,
}
crate::fields!(open DueAt { act, consultation, record, at });

/// What polls and surveys came to that a restored database does not hold, until they come back: in a scope that
/// nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Remembered {
    /// Each once.
    pub all: Vec<Reached>,
}
crate::fields!(open Remembered { ; all });

/// What one of them came to.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reached {
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll or survey.
    pub record: RecordId,
    /// As it was told.
    pub result: Told,
}
crate::fields!(open Reached { consultation, record, result });

/// A result as it was told.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// A poll's.
    Poll(Later<PollResult>),
    /// A survey's.
    Survey(Later<Results>),
}
crate::variants!(Told { ; Poll "poll", Survey "survey" });

impl Told {
    /// A poll's.
    pub fn poll(&self) -> Option<&Later<PollResult>> {
        match self {
            Self::Poll(result) => Some(result),
            Self::Survey(_) => None,
        }
    }

    /// A survey's.
    pub fn survey(&self) -> Option<&Later<Results>> {
        match self {
            Self::Survey(results) => Some(results),
            Self::Poll(_) => None,
        }
    }
}

impl Record {
    /// What it came to, where it is a poll or a survey and was counted.
    pub fn told(&self) -> Option<Told> {
        match self {
            Self::Poll(it) => it.result.clone().map(Told::Poll),
            Self::Questionnaire(it) => it.results.clone().map(Told::Survey),
            _ => None,
        }
    }

    /// The poll or survey with what it came to.
    pub(crate) fn with(mut self, told: &Told) -> Self {
        match &mut self {
            Self::Poll(it) => it.result = told.poll().cloned(),
            Self::Questionnaire(it) => it.results = told.survey().cloned(),
            _ => {}
        }
        self
    }
}
