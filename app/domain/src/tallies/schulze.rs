//! The Schulze method: each ballot ranks the choices, and strongest paths are compared. Schulze,
//! "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
//! single-winner election method", Social Choice and Welfare 36 (2011).
//!
//! The strength of a link is measured by *winning votes* as the paper defines them (§2.1,
//! example 3): by its support, and between equal supports by less opposition. One choice beats
//! another when its strongest path to it is stronger than the strongest path back (2.2.1). That
//! relation is transitive (§4.1); being tied is not, so it makes no list by itself. Here each
//! group of the order holds those whom nobody left beats, and the first is the paper's set of
//! winners.

use super::{Ballot, Totals, groups};

/// How strong a link is: a victory before a tie before a defeat, then more support, then less
/// opposition. Ties are all equal.
type Strength = (u8, u32, u32);

pub(super) fn count(choices: u8, ballots: &[Ballot]) -> (Totals, Vec<Vec<u8>>) {
    let mut pairwise = vec![vec![0; choices.into()]; choices.into()];
    for ballot in ballots {
        if let Ballot::Ranking(ranks) = ballot {
            add(&mut pairwise, &places(choices, ranks));
        }
    }
    let paths = strongest_paths(&pairwise);
    let order = groups(choices, &|one, other| paths[one][other] > paths[other][one]);
    (Totals::Pairwise(pairwise), order)
}

/// The rank of each choice; what is not ranked comes last.
fn places(choices: u8, ranks: &[Vec<u8>]) -> Vec<u8> {
    let mut places = vec![u8::MAX; choices.into()];
    for (place, rank) in (0..u8::MAX).zip(ranks) {
        for choice in rank {
            if let Some(known) = places.get_mut(usize::from(*choice)) {
                *known = place;
            }
        }
    }
    places
}

fn add(pairwise: &mut [Vec<u32>], places: &[u8]) {
    for (row, place) in pairwise.iter_mut().zip(places) {
        for (total, other) in row.iter_mut().zip(places) {
            *total += u32::from(place < other);
        }
    }
}

/// Floyd's algorithm, as in §2.3. The matrix is square, and every index below its side.
fn strongest_paths(pairwise: &[Vec<u32>]) -> Vec<Vec<Strength>> {
    let side = pairwise.len();
    let mut paths = vec![vec![(0, 0, 0); side]; side];
    for from in 0..side {
        for to in 0..side {
            paths[from][to] = strength(pairwise[from][to], pairwise[to][from]);
        }
    }
    for by in 0..side {
        for from in 0..side {
            for to in 0..side {
                let detour = paths[from][by].min(paths[by][to]);
                if from != to && from != by && by != to && paths[from][to] < detour {
                    paths[from][to] = detour;
                }
            }
        }
    }
    paths
}

fn strength(support: u32, opposition: u32) -> Strength {
    match support.cmp(&opposition) {
        std::cmp::Ordering::Greater => (2, support, !opposition),
        std::cmp::Ordering::Equal => (1, 0, 0),
        std::cmp::Ordering::Less => (0, support, !opposition),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{Method, Tally, tally};

    /// Ballots as the papers write them: `"acbed"`, or `"a(bc)"` with equals.
    fn count(choices: u8, profile: &[(usize, &str)]) -> Tally {
        let ballots: Vec<Ballot> =
            profile.iter().flat_map(|(times, text)| vec![Ballot::Ranking(ranks(text)); *times]).collect();
        tally(Method::Schulze, choices, 0, &ballots).unwrap()
    }

    fn ranks(text: &str) -> Vec<Vec<u8>> {
        let (mut ranks, mut open) = (Vec::<Vec<u8>>::new(), false);
        for letter in text.bytes() {
            match (letter, ranks.last_mut()) {
                (b'(', _) => ranks.push(Vec::new()),
                (b')', _) => {}
                (_, Some(rank)) if open => rank.push(letter - b'a'),
                _ => ranks.push(vec![letter - b'a']),
            }
            open = letter == b'(' || open && letter != b')';
        }
        ranks
    }

    /// The example with 45 voters of Schulze's drafts since 2003: E, A, C, B, D.
    #[test]
    fn the_45_voters_are_ordered_as_published() {
        let tally = count(
            5,
            &[
                (5, "acbed"),
                (5, "adecb"),
                (8, "bedac"),
                (3, "cabed"),
                (7, "caebd"),
                (2, "cbade"),
                (7, "dceba"),
                (8, "ebadc"),
            ],
        );
        let pairwise = [
            vec![0, 20, 26, 30, 22],
            vec![25, 0, 16, 33, 18],
            vec![19, 29, 0, 17, 24],
            vec![15, 12, 28, 0, 14],
            vec![23, 27, 21, 31, 0],
        ];
        assert_eq!(tally.totals, Totals::Pairwise(pairwise.to_vec()));
        assert_eq!(tally.order, [[4], [0], [2], [1], [3]]);
        assert_eq!((tally.ballots, &tally.winners[..]), (45, &[4][..]));
    }

    /// §3, example 1: O = {ab, ac, cb, da, db, dc} and S = {d}.
    #[test]
    fn the_papers_21_voters_are_ordered_as_published() {
        let tally = count(4, &[(8, "acdb"), (2, "badc"), (4, "cdba"), (4, "dbac"), (3, "dcba")]);
        let Totals::Pairwise(pairwise) = &tally.totals else { panic!() };
        assert_eq!(pairwise[0], [0, 8, 14, 10]);
        let paths = strongest_paths(pairwise);
        assert_eq!(paths[0][1], (2, 14, !7));
        assert_eq!(paths[3][2], (2, 13, !8));
        assert_eq!(tally.order, [[3], [0], [2], [1]]);
    }

    #[test]
    fn a_perfect_cycle_is_a_tie_and_its_weakest_link_breaks_another() {
        assert_eq!(count(3, &[(4, "abc"), (4, "bca"), (4, "cab")]).order, [[0, 1, 2]]);
        // a > b 9 : 4, b > c 8 : 5, c > a 9 : 4... the defeat of c by b is the weakest.
        let tally = count(3, &[(4, "abc"), (4, "bca"), (5, "cab")]);
        assert_eq!(tally.order, [[2], [0], [1]]);
    }

    #[test]
    fn what_is_not_ranked_comes_last_tied() {
        assert_eq!(count(4, &[(3, "b")]).order, [vec![1], vec![0, 2, 3]]);
        assert_eq!(count(4, &[(3, "b"), (3, "b(acd)")]), count(4, &[(6, "b")]));
        assert_eq!(count(4, &[(1, "(ab)"), (1, "c")]).order, [vec![0, 1, 2], vec![3]]);
    }

    /// c is beaten by nobody, and beats nobody: a beats b all the same.
    #[test]
    fn ties_are_not_transitive_and_the_groups_keep_every_victory() {
        let tally = count(3, &[(1, "abc"), (1, "cab")]);
        assert_eq!(tally.order, [vec![0, 2], vec![1]]);
    }

    /// A cycle of equal supports (5) with oppositions 4, 3 and 2: example 3, condition 4.
    #[test]
    fn between_equal_supports_less_opposition_is_stronger() {
        let pairwise = [vec![0, 5, 2], vec![4, 0, 5], vec![5, 3, 0]];
        let paths = strongest_paths(&pairwise);
        assert_eq!(strength(5, 4).min(strength(5, 3)), strength(5, 4));
        let order = groups(3, &|one, other| paths[one][other] > paths[other][one]);
        assert_eq!(order, [[1], [2], [0]]);
    }
}
