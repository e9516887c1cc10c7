//! Polls: opened by the office, answered by ballots, counted once when they are over.

use serde::Serialize;

use super::{BlobRef, Data, no_files};
use crate::ids::RecordId;
use crate::records::{Open, Poll};
use crate::tallies::{self, Ballot, Method};
use crate::text::{Label, Localized, Text, Title};
use crate::time::Millis;

/// Opening a poll in a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OpenPoll {
    /// Its consultation.
    pub consultation: RecordId,
    /// What is asked.
    pub question: Localized<Title>,
    /// What one should know before choosing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Localized<Text>>,
    /// What there is to choose from; their numbers are their places here.
    pub choices: Vec<Localized<Label>>,
    /// How it is counted.
    pub method: Method,
    /// For majority judgment: the grades, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Localized<Label>>,
    /// From when on ballots are taken.
    pub opens_at: Millis,
    /// Until when.
    pub closes_at: Millis,
}
crate::fields!(strict OpenPoll { consultation, question, choices, method, opens_at, closes_at ; text, grades });

/// Casting a ballot; a later one replaces an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cast {
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll.
    pub poll: RecordId,
    /// What one says.
    pub ballot: Ballot,
}
crate::fields!(strict Cast { consultation, poll, ballot });

/// Counting a poll that is over: done by the passing of time, once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// Its consultation.
    pub consultation: RecordId,
    /// The poll.
    pub poll: RecordId,
}
crate::fields!(strict Count { consultation, poll });

/// How many there are, as the counting takes it: what is beyond is too many in any case.
pub(crate) fn number<T>(all: &[T]) -> u8 {
    u8::try_from(all.len()).unwrap_or(u8::MAX)
}

impl OpenPoll {
    /// The poll that it opens.
    pub fn poll(&self, id: RecordId, open: Open) -> Poll {
        Poll {
            id,
            consultation: self.consultation,
            question: self.question.clone(),
            text: self.text.clone(),
            choices: self.choices.clone(),
            method: self.method,
            grades: self.grades.clone(),
            open,
            result: None,
        }
    }
}

impl Data for OpenPoll {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.closes_at <= self.opens_at {
            return Err("a poll closes before it opens");
        }
        if self.method != Method::MajorityJudgment && !self.grades.is_empty() {
            return Err("grades without majority judgment");
        }
        tallies::check_poll(self.method, number(&self.choices), number(&self.grades))
            .map_err(|_| "too few or too many choices or grades")?;
        no_files(blobs)
    }
}

about! { poll: Cast Count }
