//! Approval: each ballot approves of any set of choices, and the choice with the most approvals
//! is first. Brams & Fishburn, "Approval voting", American Political Science Review 72 (1978).

use super::{Ballot, Totals, by_total};

pub(super) fn count(choices: u8, ballots: &[Ballot]) -> (Totals, Vec<Vec<u8>>) {
    let mut approvals = vec![0; choices.into()];
    for ballot in ballots {
        let Ballot::Approved(approved) = ballot else { continue };
        for choice in approved {
            if let Some(total) = approvals.get_mut(usize::from(*choice)) {
                *total += 1;
            }
        }
    }
    let order = by_total(choices, &approvals);
    (Totals::Approvals(approvals), order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{Method, Tally, is_unanimous, tally};

    fn count(ballots: &[(usize, &[u8])]) -> Tally {
        let ballots = ballots.iter().flat_map(|(times, approved)| vec![approved.to_vec(); *times]);
        let ballots: Vec<Ballot> = ballots.map(Ballot::Approved).collect();
        tally(Method::Approval, 4, 0, &ballots).unwrap()
    }

    /// A compromise that few put first is approved by most.
    #[test]
    fn the_most_approved_is_first() {
        let tally = count(&[(5, &[0, 2]), (4, &[1, 2]), (2, &[1]), (1, &[])]);
        assert_eq!(tally.totals, Totals::Approvals(vec![5, 6, 9, 0]));
        assert_eq!((tally.ballots, &tally.winners[..]), (12, &[2][..]));
        assert_eq!(tally.order, [[2], [1], [0], [3]]);
    }

    #[test]
    fn ties_are_shown_as_ties_whatever_the_order_on_the_ballot() {
        let tally = count(&[(3, &[3, 1]), (3, &[1, 3]), (2, &[0])]);
        assert_eq!(tally.order, [vec![1, 3], vec![0], vec![2]]);
    }

    #[test]
    fn when_all_approve_of_none_all_are_tied() {
        let tally = count(&[(12, &[])]);
        assert_eq!((tally.ballots, &tally.totals), (12, &Totals::Approvals(vec![0; 4])));
        assert_eq!(tally.winners, [0, 1, 2, 3]);
        assert!(is_unanimous(&tally));
    }
}
