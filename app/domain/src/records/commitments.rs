//! Commitments, and how far the office has come with them.

use serde::Serialize;

use crate::ids::RecordId;
use crate::operations::Delivery;
use crate::text::{Label, Localized, Text};
use crate::time::Millis;

/// What an office has said it will do: in public beside what is said in its consultation, and the same
/// at the desk, which holds those of every consultation.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Commitment {
    /// Its id.
    pub id: RecordId,
    /// Where it was made.
    pub consultation: RecordId,
    /// What will be done.
    pub text: Localized<Text>,
    /// Who sees to it: an office or a function.
    pub owner: Localized<Label>,
    /// When it was made, by the server's clock.
    pub made_at: Millis,
    /// Until when it was promised at first. See [`Commitment::due`].
    pub promised: Millis,
    /// The contributions that it follows from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub follows: Vec<RecordId>,
    /// What was reported of it, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<Report>,
}
crate::fields!(open Commitment { id, consultation, text, owner, made_at, promised ; follows, log });

/// One entry of the log.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// What was done, or why not.
    pub text: Localized<Text>,
    /// Where it stood by that.
    pub state: Delivery,
    /// By the server's clock; an office signs with the day.
    pub at: Millis,
}
crate::fields!(open Report { text, state, at });

impl Commitment {
    /// Until when it is promised by now: the date that it was moved to last, or the first one.
    pub fn due(&self) -> Millis {
        let moved = self.log.iter().rev().find_map(|report| match report.state {
            Delivery::Moved(to) => Some(to),
            _ => None,
        });
        moved.unwrap_or(self.promised)
    }

    /// Where it stands by the last report; none before the first one.
    pub fn state(&self) -> Option<Delivery> {
        self.log.last().map(|report| report.state)
    }

    /// Whether it was done or given up.
    pub fn is_over(&self) -> bool {
        matches!(self.state(), Some(Delivery::Done | Delivery::GivenUp))
    }

    /// Whether its date has passed without it being over.
    pub fn is_late(&self, now: Millis) -> bool {
        !self.is_over() && self.due() < now
    }

    /// When it last changed.
    pub fn changed_at(&self) -> Millis {
        self.log.last().map_or(self.made_at, |report| report.at)
    }
}
