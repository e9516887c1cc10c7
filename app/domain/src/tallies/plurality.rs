//! Plurality: each ballot is one vote for one choice, and the choice with the most votes is
//! first. The oldest rule, and the plainest; Brams & Fishburn, "Voting procedures" (Handbook of
//! Social Choice and Welfare 1, 2002), define it beside the others.

use super::{Ballot, Totals, by_total};

pub(super) fn count(choices: u8, ballots: &[Ballot]) -> (Totals, Vec<Vec<u8>>) {
    let mut votes = vec![0; choices.into()];
    for ballot in ballots {
        if let Ballot::Choice(choice) = ballot
            && let Some(total) = votes.get_mut(usize::from(*choice))
        {
            *total += 1;
        }
    }
    let order = by_total(choices, &votes);
    (Totals::Votes(votes), order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{Method, Tally, tally};

    fn count(votes: &[u32]) -> Tally {
        let ballots = (0..).zip(votes).flat_map(|(choice, votes)| (0..*votes).map(move |_| choice));
        let ballots: Vec<Ballot> = ballots.map(Ballot::Choice).collect();
        tally(Method::Plurality, votes.len().try_into().unwrap(), 0, &ballots).unwrap()
    }

    /// Borda's 21 voters (1784, in Black 1958): 8 for a, 7 for b, 6 for c, although 13 of them
    /// put a last.
    #[test]
    fn bordas_paradox_elects_the_first_of_the_largest_minority() {
        let tally = count(&[8, 7, 6]);
        assert_eq!(tally.totals, Totals::Votes(vec![8, 7, 6]));
        assert_eq!(
            (tally.ballots, tally.winners, tally.order),
            (21, vec![0], vec![vec![0], vec![1], vec![2]])
        );
    }

    #[test]
    fn ties_are_shown_at_the_top_and_below() {
        let tally = count(&[4, 0, 5, 4, 5]);
        assert_eq!(tally.winners, [2, 4]);
        assert_eq!(tally.order, [vec![2, 4], vec![0, 3], vec![1]]);
    }

    #[test]
    fn without_a_ballot_all_are_tied() {
        assert_eq!(count(&[0, 0, 0]).order, [[0, 1, 2]]);
    }
}
