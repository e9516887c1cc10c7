//! Polls and their ballots.

use serde::Serialize;

use crate::channels::Channel;
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::tallies::{Ballot, Method, Tally};
use crate::text::{Label, Localized, Text, Title};
use crate::time::Millis;
use crate::wire::Later;

/// A poll.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Poll {
    /// Its id.
    pub id: RecordId,
    /// Where it was opened.
    pub consultation: RecordId,
    /// What is asked.
    pub question: Localized<Title>,
    /// What one should know before choosing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Localized<Text>>,
    /// What there is to choose from.
    pub choices: Vec<Localized<Label>>,
    /// How it is counted.
    pub method: Method,
    /// For majority judgment: the grades, the worst first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Localized<Label>>,
    /// When it is.
    pub open: Open,
    /// What was counted, once it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Later<PollResult>>,
}
crate::fields!(open Poll { id, consultation, question, choices, method, open ; text, grades, result });

/// When something takes what people say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Open {
    /// From when on.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// For how long after that what was done offline is still taken.
    pub grace: i64,
}
crate::fields!(open Open { from, until, grace });

impl Open {
    /// When nothing more is taken, also of what was done offline.
    pub fn ends(self) -> Millis {
        self.until.plus(self.grace)
    }
}

/// What a poll came to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PollResult {
    /// Fewer than [`crate::tallies::BALLOTS_MIN`] ballots: nothing is told.
    TooFew,
    /// The exact totals.
    Counted(Tally),
    /// The exact totals of several communities, which held it together.
    Shared(SharedTally),
}
crate::variants!(PollResult { TooFew "too_few" ; Counted "counted", Shared "shared" });

/// What a poll came to that several communities held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SharedTally {
    /// All ballots.
    pub together: Tally,
    /// Those of each community, where each has enough to be told; else none, for the last could be subtracted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<SharedPart>,
}
crate::fields!(open SharedTally { together ; parts });

/// One community's part of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SharedPart {
    /// Whose.
    pub community: CommunityId,
    /// Its ballots.
    pub tally: Tally,
}
crate::fields!(open SharedPart { community, tally });

/// The ballots of a poll: in a scope that nobody pulls.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct BallotBox {
    /// The poll.
    pub poll: RecordId,
    /// One of each person, in the order of their ids.
    pub ballots: Vec<CastBallot>,
}
crate::fields!(open BallotBox { poll, ballots });

/// A person's ballot.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CastBallot {
    /// Whose.
    pub person: PersonId,
    /// What it says.
    pub ballot: Ballot,
    /// How it came.
    #[serde(skip_serializing_if = "Channel::is_own_device")]
    pub channel: Channel,
}
crate::fields!(open CastBallot { person, ballot ; channel });
