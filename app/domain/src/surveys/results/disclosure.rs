//! The rules by which counts are hidden, apart from what is counted.

use super::super::asks::Asks;
use super::super::conditions::Test;
use super::super::decimals::Decimal;
use super::super::definition::Question;
use super::{Cell, Count, FEW_BELOW, LEAST, Table, What};

/// From where on something is told. One set is in force; tests try small ones too.
#[derive(Clone, Copy)]
pub(in super::super) struct Thresholds {
    /// Below this, a count is few.
    pub few_below: u32,
    /// Below this, nothing is broken down.
    pub least: u32,
}

/// Those in force.
pub(super) const IN_FORCE: Thresholds = Thresholds { few_below: FEW_BELOW, least: LEAST };

impl Thresholds {
    /// The greatest count that is not told when so many were asked: below 5, or 5 %.
    pub(in super::super) fn few(self, asked: u32) -> u32 {
        self.few_below.saturating_sub(1).max(asked / 20)
    }
}

/// The greatest count that is shown as few when so many were asked: 4, or 5 % of them.
pub fn few(asked: u32) -> u32 {
    IN_FORCE.few(asked)
}

/// Hides in a table whose cells hold everybody once. `room` is how many cells there can be:
/// the months of a date that nobody answered are cells as well.
///
/// Why each few may be zero: who is in it could as well be in the greatest cell, which is not
/// told and has no upper bound. Where the greatest is itself few, and as many people fit
/// into the other cells, all stand as few, and any of them may be empty. Where they would
/// not fit, the reader knows that the greatest holds somebody, but not that it is few.
pub(in super::super) fn hide(counts: &[u32], room: usize, few: u32) -> Vec<Count> {
    let mut greatest = 0;
    for (at, count) in counts.iter().enumerate() {
        if *count > counts[greatest] {
            greatest = at;
        }
    }
    let total: u32 = counts.iter().sum();
    let others = u32::try_from(room.saturating_sub(1)).unwrap_or(u32::MAX);
    let all_fit = total <= few.saturating_mul(others);
    let all_few = counts.get(greatest).is_none_or(|count| *count <= few) && all_fit;
    let any_few = room > counts.len() || counts.iter().any(|count| *count <= few);
    let mut told = Vec::with_capacity(counts.len());
    for (at, count) in counts.iter().enumerate() {
        told.push(match *count {
            _ if any_few && !all_few && at == greatest => Count::Most,
            count if count <= few => Count::Few,
            count => Count::Exactly(count),
        });
    }
    told
}

/// Hides where each person is in several cells. A count that nearly everybody is in is not
/// told either. Nothing adds up to a total, so a few hides by itself, except where everybody
/// had to choose: then the greatest takes up who chose nothing else. Where everybody had to
/// choose two or more, that does not suffice: then all is told or nothing.
pub(super) fn hide_several(
    counts: &[u32],
    asked: u32,
    few: u32,
    required: bool,
    min: u8,
) -> Option<Vec<Count>> {
    let mut told = Vec::with_capacity(counts.len());
    let mut greatest = 0;
    for (at, count) in counts.iter().enumerate() {
        if *count > counts[greatest] {
            greatest = at;
        }
        told.push(match *count {
            count if count <= few => Count::Few,
            count if asked.saturating_sub(count) <= few => Count::Most,
            count => Count::Exactly(count),
        });
    }
    let all_told = told.iter().all(|count| matches!(count, Count::Exactly(_)));
    if min > 1 && !all_told {
        return None;
    }
    if required && told.contains(&Count::Few) && !told.contains(&Count::Most) {
        told[greatest] = Count::Most;
    }
    Some(told)
}

/// How many were asked a question that depends on one test, as it follows from the table of
/// the question tested: either what passes is told exactly, cell by cell, or what does not.
/// Then no few and no most of that table lies on both sides, and moving people between them
/// changes nothing for the question that depends.
pub(super) fn asked(tested: &Question, test: &Test, table: &Table) -> Option<u32> {
    let several = matches!(tested.asks, Asks::Several(_));
    let (mut passes, mut fails) = (Some(0), Some(0));
    for cell in &table.cells {
        let side = if passed(test, &cell.what)? { &mut passes } else { &mut fails };
        *side = match (*side, exactly(cell)) {
            (Some(sum), Some(count)) => Some(sum + count),
            _ => None,
        };
    }
    match (&tested.asks, test) {
        // Sums over several choices count people twice.
        (Asks::Several(_), Test::Is(_)) => passes,
        _ if several => None,
        // Months that are not named pass as well.
        (Asks::Date(_), _) => fails.and_then(|fails| table.asked.checked_sub(fails)),
        _ => passes.or_else(|| fails.and_then(|fails| table.asked.checked_sub(fails))),
    }
}

fn exactly(cell: &Cell) -> Option<u32> {
    if let Count::Exactly(count) = cell.count { Some(count) } else { None }
}

/// Whether all that a cell counts passes a test; nothing, when a part does.
fn passed(test: &Test, what: &What) -> Option<bool> {
    Some(match (test, what) {
        (_, What::NoAnswer) => false,
        (Test::Answered, _) => true,
        (Test::Is(id), What::Choice(choice)) => choice == id,
        (Test::IsNot(id), What::Choice(choice)) => choice != id,
        (Test::Is(_), _) => false,
        (Test::IsNot(_), _) => true,
        (Test::AtLeast(least), What::Point(point)) => Decimal::whole((*point).into()) >= *least,
        (Test::AtLeast(least), What::Band(band)) if band.from >= *least => true,
        (Test::AtLeast(least), What::Band(band)) if band.to < *least => false,
        (Test::AtLeast(_), _) => return None,
    })
}
