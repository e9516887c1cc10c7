//! Counting polls, by four published methods, one file each: plurality, approval, majority
//! judgment and Schulze.
//!
//! Choices are numbered by their place in the poll's list. Everything is exact integers. What is
//! tied is shown as tied: nothing is decided by the order of the list, or by chance.

mod approval;
mod ballots;
mod disclosure;
mod majority_judgment;
mod plurality;
#[cfg(test)]
mod properties;
mod schulze;
mod shuffle;
#[cfg(test)]
mod vectors;

use serde::Serialize;

use crate::channels::Channels;

pub use ballots::{Ballot, BallotProblem, check};
pub use disclosure::{BALLOTS_MIN, CHANNEL_MIN, is_unanimous, may_publish, unanimous_on};
pub use shuffle::order_for;

/// The fewest choices of a poll.
pub const CHOICES_MIN: u8 = 2;
/// The most choices of a poll: more cannot be compared on a phone.
pub const CHOICES_MAX: u8 = 20;
/// The fewest grades of a majority judgment: with two it would be approval.
pub const GRADES_MIN: u8 = 3;
/// The most grades: Balinski and Laraki's own polls use six or seven.
pub const GRADES_MAX: u8 = 7;

/// How a poll is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Each person names one choice; the most named is first.
    Plurality,
    /// Each person names every choice they approve of (Brams & Fishburn 1978).
    Approval,
    /// Each person grades every choice; medians are compared (Balinski & Laraki 2007).
    MajorityJudgment,
    /// Each person ranks the choices; strongest paths are compared (Schulze 2011).
    Schulze,
}
crate::variants!(Method { Plurality "plurality", Approval "approval", MajorityJudgment "majority_judgment", Schulze "schulze" });

/// A poll's exact result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Tally {
    /// How many ballots were counted, blank ones included.
    pub ballots: u32,
    /// What was counted.
    pub totals: Totals,
    /// The first group of the order: more than one when they are tied, all without a ballot.
    pub winners: Vec<u8>,
    /// Every choice once, in groups of equals, best first, each group in the order of the list.
    pub order: Vec<Vec<u8>>,
    /// How many ballots came in which way, where that singles nobody out: the counting of a poll says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Channels>,
}
crate::fields!(open Tally { ballots, totals, winners, order ; channels });

/// What was counted, by method.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Totals {
    /// Plurality: the votes of each choice.
    Votes(Vec<u32>),
    /// Approval: the approvals of each choice.
    Approvals(Vec<u32>),
    /// Majority judgment: the merits of each choice.
    Merits(Vec<Merit>),
    /// Schulze: `[i][j]` is how many ballots rank `i` strictly before `j`.
    Pairwise(Vec<Vec<u32>>),
}
crate::variants!(Totals { ; Votes "votes", Approvals "approvals", Merits "merits", Pairwise "pairwise" });

/// How one choice was graded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Merit {
    /// How many ballots gave each grade, the lowest grade first.
    pub grades: Vec<u32>,
    /// The median; the lower one when there are two, none without a ballot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub majority_grade: Option<u8>,
}
crate::fields!(open Merit { grades ; majority_grade });

/// Why a poll cannot be held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PollProblem {
    /// Fewer choices than [`CHOICES_MIN`].
    TooFewChoices,
    /// More choices than [`CHOICES_MAX`].
    TooManyChoices,
    /// Majority judgment with fewer grades than [`GRADES_MIN`].
    TooFewGrades,
    /// Majority judgment with more grades than [`GRADES_MAX`].
    TooManyGrades,
}

/// Why nothing was counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Uncounted {
    /// The poll itself.
    Poll(PollProblem),
    /// The first ballot that does not pass [`check`], by its index.
    Ballot(usize, BallotProblem),
}

/// Whether a poll may be held. Only majority judgment looks at `grades`.
pub fn check_poll(method: Method, choices: u8, grades: u8) -> Result<(), PollProblem> {
    let graded = method == Method::MajorityJudgment;
    match () {
        () if choices < CHOICES_MIN => Err(PollProblem::TooFewChoices),
        () if choices > CHOICES_MAX => Err(PollProblem::TooManyChoices),
        () if graded && grades < GRADES_MIN => Err(PollProblem::TooFewGrades),
        () if graded && grades > GRADES_MAX => Err(PollProblem::TooManyGrades),
        () => Ok(()),
    }
}

/// Counts all ballots, or none: one that cannot be counted is an error, never left out.
pub fn tally(method: Method, choices: u8, grades: u8, ballots: &[Ballot]) -> Result<Tally, Uncounted> {
    check_poll(method, choices, grades).map_err(Uncounted::Poll)?;
    let mut counted = 0;
    for (at, ballot) in ballots.iter().enumerate() {
        check(method, choices, grades, ballot).map_err(|problem| Uncounted::Ballot(at, problem))?;
        counted += 1;
    }
    let (totals, order) = match method {
        Method::Plurality => plurality::count(choices, ballots),
        Method::Approval => approval::count(choices, ballots),
        Method::MajorityJudgment => majority_judgment::count(choices, grades, ballots),
        Method::Schulze => schulze::count(choices, ballots),
    };
    let winners = order.first().cloned().unwrap_or_default();
    Ok(Tally { ballots: counted, totals, winners, order, channels: None })
}

/// The choices by "is beaten by none that is not yet placed". The relation is transitive, so who
/// beats another always stands in an earlier group.
fn groups(choices: u8, beats: &dyn Fn(usize, usize) -> bool) -> Vec<Vec<u8>> {
    let mut left: Vec<u8> = (0..choices).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let beaten = |choice: u8| left.iter().any(|by| beats((*by).into(), choice.into()));
        let (rest, mut group): (Vec<u8>, Vec<u8>) = left.iter().partition(|choice| beaten(**choice));
        left = rest;
        if group.is_empty() {
            // Everybody beaten: a relation that is not transitive. All that is left is equal.
            group.append(&mut left);
        }
        order.push(group);
    }
    order
}

/// The choices by their totals, the highest first.
fn by_total(choices: u8, totals: &[u32]) -> Vec<Vec<u8>> {
    groups(choices, &|one, other| totals.get(one) > totals.get(other))
}
