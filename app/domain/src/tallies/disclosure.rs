//! What a published result says about single people.

use super::{Tally, Totals};

/// No totals are published under this many ballots.
pub const BALLOTS_MIN: u32 = 10;

/// No number of the ballots that came in one way is published under this many.
pub const CHANNEL_MIN: u32 = 5;

/// Whether a poll's totals may be published. In a small place the totals of few ballots are
/// names: who knows how some neighbours answered subtracts them and reads off the others. The
/// same goes for running totals: publish once, after closing.
pub fn may_publish(tally: &Tally) -> bool {
    tally.ballots >= BALLOTS_MIN
}

/// Whether the totals tell what every single ballot said. No number of ballots helps: warn of it.
pub fn is_unanimous(tally: &Tally) -> bool {
    let choices: usize = tally.order.iter().map(Vec::len).sum();
    tally.ballots > 0 && unanimous_on(tally).len() == choices
}

/// The choices of which the totals tell what every single ballot said: named, approved or graded
/// alike by all, placed alike by all against each other choice.
pub fn unanimous_on(tally: &Tally) -> Vec<u8> {
    let all = tally.ballots;
    let mut choices: Vec<u8> = tally.order.iter().flatten().copied().collect();
    choices.sort_unstable();
    choices.retain(|choice| {
        let at = usize::from(*choice);
        match &tally.totals {
            Totals::Votes(totals) | Totals::Approvals(totals) => {
                totals.get(at).is_some_and(|total| *total == 0 || *total == all)
            }
            Totals::Merits(merits) => merits.get(at).is_some_and(|merit| merit.grades.contains(&all)),
            Totals::Pairwise(pairwise) => placed_alike(pairwise, at, all),
        }
    });
    choices
}

/// Before, behind or beside each other choice on all ballots.
fn placed_alike(pairwise: &[Vec<u32>], at: usize, all: u32) -> bool {
    let Some(row) = pairwise.get(at) else { return false };
    row.iter().zip(pairwise).all(|(before, other)| {
        let behind = other.get(at).copied().unwrap_or_default();
        (*before == 0 || *before == all) && (behind == 0 || behind == all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{Ballot, Method, tally};

    fn count(method: Method, ballots: &[(usize, Ballot)]) -> Tally {
        let ballots: Vec<Ballot> =
            ballots.iter().flat_map(|(times, ballot)| vec![ballot.clone(); *times]).collect();
        tally(method, 3, 5, &ballots).unwrap()
    }

    #[test]
    fn nine_ballots_are_not_published_and_ten_are() {
        let count = |times| count(Method::Plurality, &[(times, Ballot::Choice(1))]);
        assert!(!may_publish(&count(9)));
        assert!(may_publish(&count(10)));
    }

    #[test]
    fn one_ballot_that_differs_ends_unanimity() {
        for (method, one, other, on) in [
            (Method::Plurality, Ballot::Choice(1), Ballot::Choice(2), vec![0]),
            (Method::Approval, Ballot::Approved(vec![0, 1]), Ballot::Approved(vec![0, 2]), vec![0]),
            (
                Method::MajorityJudgment,
                Ballot::Grades(vec![4, 0, 2]),
                Ballot::Grades(vec![4, 1, 2]),
                vec![0, 2],
            ),
            (
                Method::Schulze,
                Ballot::Ranking(vec![vec![2]]),
                Ballot::Ranking(vec![vec![2], vec![0]]),
                vec![2],
            ),
        ] {
            let alike = count(method, &[(12, one.clone())]);
            assert!(is_unanimous(&alike), "{alike:?}");
            let differs = count(method, &[(11, one), (1, other)]);
            assert!(!is_unanimous(&differs), "{differs:?}");
            assert_eq!(unanimous_on(&differs), on);
        }
    }

    #[test]
    fn nobody_is_not_unanimous() {
        assert!(!is_unanimous(&count(Method::Schulze, &[])));
    }
}
