//! What of a survey is published, in a place where everyone knows everyone.
//!
//! A result is made once, after closing, by [`publish`], and never again: not from a part of
//! the answers, not after a late one. (Two results could be subtracted.) Each choice made
//! here, against the rules for small places:
//!
//! - Under 5 respondents only "fewer than 5" is said, under [`LEAST`] (40) only how many.
//! - A question is counted when at least [`LEAST`] were asked it. Nothing is crossed with
//!   anything. How many were asked a question with a condition must follow from counts that
//!   are published exactly; otherwise the question is not counted (`disclosure::asked`).
//! - A count below [`FEW_BELOW`] (5), or of 5 % and less, is only [`Count::Few`], zero
//!   included. Then the greatest count of that table is only [`Count::Most`]: it takes up
//!   whatever the few are not. That is the secondary suppression, and the top-coding of
//!   95–100 % with it: whether anybody was against is not told.
//! - Leaving a question out is a cell like any other, never a difference to be calculated.
//! - Counts from 5 up are exact, as a poll's are. Rounding them would protect tables that
//!   overlap; here none do.
//! - Of a ranking, who stands first is counted. (Sums of points are published nowhere: one
//!   point tells that exactly one person gave it.)
//! - Numbers are counted in 5 equal bands between the bounds that the question states, or
//!   not at all: bands made from the answers would tell the least and the greatest. No
//!   minimum, maximum, median: each is somebody's answer. No mean: it gives the last
//!   answer away to whoever knows the others.
//! - Dates are counted by month, and only months with enough are named.
//! - Texts, photos and what was written as "other" are not here.
//! - Of a survey that several communities held, either each one's results are told, by these rules as if it had
//!   held it alone, and none of all together but what can be added up from them; or, where one of them has fewer
//!   than [`LEAST`] respondents, only those of all together. So the public is told nothing of which a part could be
//!   subtracted (an office knows its own answers besides).
//!
//! What this guarantees, to a reader who knows the rules, the survey and everything that is
//! published: whatever count stands as few *may be zero*. So none between 1 and 4 can be
//! calculated, nor even that there is one. A count shown as most, or not at all, may be zero
//! or may be 5 and more. The tests walk through every small town to see it. (It does not hold
//! against what a reader knows beside: whoever knows how a whole family answered subtracts
//! it, and from counts of 5 nothing less than silence protects.)

mod count;
mod disclosure;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::answers::Answers;
use super::asks::Asks;
use super::days::{Day, InvalidDay, write_digits};
use super::decimals::Decimal;
use crate::channels::{Channel, Channels};
use crate::ids::{ChoiceId, CommunityId, QuestionId, serde_as_text};

#[cfg(test)]
pub(super) use count::publish_with;
pub use count::{publish, publish_shared};
pub use disclosure::few;
#[cfg(test)]
pub(super) use disclosure::{Thresholds, hide};

/// Counts below this are not told.
pub const FEW_BELOW: u32 = 5;
/// Nothing is broken down when fewer were asked.
pub const LEAST: u32 = 40;

/// One person's answers, as they are counted.
#[derive(Clone, PartialEq, Debug)]
pub struct Response {
    /// How they came.
    pub channel: Channel,
    /// As sealed.
    pub answers: Answers,
}

/// What is published of a survey.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Results {
    /// How many answered: exactly, or few.
    pub respondents: Count,
    /// By which ways, when no part singles anybody out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Channels>,
    /// In the order of the questions. One that has none is not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// Of a survey that several communities held: each one's, in place of tables of all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}
crate::fields!(open Results { respondents ; channels, tables, parts });

/// One community's part of a survey that several held.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Part {
    /// Whose.
    pub community: CommunityId,
    /// What was answered there.
    pub results: Results,
}
crate::fields!(open Part { community, results });

impl Results {
    /// So many answered, and nothing more.
    fn of(respondents: Count) -> Self {
        Self { respondents, channels: None, tables: Vec::new(), parts: Vec::new() }
    }

    /// How many said something together, in a table of each part: exactly where each part tells it exactly.
    pub fn together(&self, question: &QuestionId, row: Option<&ChoiceId>, what: &What) -> Option<u32> {
        let count = |part: &Part| {
            let of = |table: &&Table| table.question == *question && table.row.as_ref() == row;
            let table = part.results.tables.iter().find(of)?;
            match table.cells.iter().find(|cell| cell.what == *what)?.count {
                Count::Exactly(count) => Some(count),
                Count::Few | Count::Most => None,
            }
        };
        self.parts.iter().map(count).sum()
    }
}

/// The counts of one question, or of one row of a matrix.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Table {
    /// Which question.
    pub question: QuestionId,
    /// Which row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<ChoiceId>,
    /// How many were asked. Except where several can be chosen, they are in one cell each.
    pub asked: u32,
    /// In the order of the question's choices; months in theirs.
    pub cells: Vec<Cell>,
}
crate::fields!(open Table { question, asked, cells ; row });

/// One count.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cell {
    /// Of what.
    pub what: What,
    /// How many.
    pub count: Count,
}
crate::fields!(open Cell { what, count });

/// What is counted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Who left the question out.
    NoAnswer,
    /// Who answered in their own words.
    Other,
    /// Who chose this; of a ranking, who put it first; of a row, the column.
    Choice(ChoiceId),
    /// A point of a scale.
    Point(i8),
    /// Numbers from and to.
    Band(Band),
    /// Days of a month.
    Month(Month),
}
crate::variants!(What { NoAnswer "no_answer", Other "other" ; Choice "choice", Point "point", Band "band", Month "month" });

/// Numbers from one to another, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Band {
    /// The least.
    pub from: Decimal,
    /// The greatest.
    pub to: Decimal,
}
crate::fields!(open Band { from, to });

/// A number of people, as far as it is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// None, or at most as many as [`few`] says.
    Few,
    /// At least as many as any other of the table; not told.
    Most,
    /// Exactly so many.
    Exactly(u32),
}
crate::variants!(Count { Few "few", Most "most" ; Exactly "exactly" });

/// A month, written as in ISO 8601: "2026-11".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// The month of a day.
    pub fn of(day: Day) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// How many months from year 0.
    fn number(self) -> usize {
        usize::from(self.year) * 12 + usize::from(self.month)
    }
}

impl FromStr for Month {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let mut day = text.to_owned();
        day.push_str("-01");
        day.parse().map(Self::of)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, self.year, 1_000)?;
        f.write_str("-")?;
        write_digits(f, self.month.into(), 10)
    }
}

serde_as_text!(Month);

impl Table {
    /// The least and the greatest that the count shown as most can be: it follows from the
    /// rest of the table and tells nothing more. None where several can be chosen.
    pub fn most_between(&self, asks: &Asks) -> Option<(u32, u32)> {
        let (mut most, mut told, mut fews, mut greatest) = (false, 0, 0, 0);
        for cell in &self.cells {
            match cell.count {
                Count::Most => most = true,
                Count::Few => fews += few(self.asked),
                Count::Exactly(count) => {
                    told += count;
                    greatest = greatest.max(count);
                }
            }
        }
        if !most || matches!(asks, Asks::Several(_)) {
            return None;
        }
        let rest = self.asked.checked_sub(told)?;
        // Months that are not named are few as well, and there may be many.
        let least = if matches!(asks, Asks::Date(_)) { 0 } else { rest.saturating_sub(fews) };
        Some((least.max(greatest), rest))
    }
}
