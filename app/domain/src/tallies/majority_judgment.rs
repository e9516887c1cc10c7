//! Majority judgment: each ballot grades every choice, and medians are compared. Balinski &
//! Laraki, "A theory of measuring, electing, and ranking", PNAS 104 (2007), and "Majority
//! Judgment" (MIT Press 2011).
//!
//! A choice's *majority-grade* is the median of its grades, the lower of the two in the middle
//! when their number is even. Its *majority-value* is that grade, then the majority-grade of what
//! is left once one such grade is removed, and so on to the last. Choices are compared by their
//! majority-values from the front, so that two are tied only when they have the same grades.
//!
//! The *majority-gauge* (the shares above and below the majority-grade) is the authors' short-cut
//! for large electorates; it leaves ties that the value decides, so it is not used here.

use super::{Ballot, Merit, Totals, groups};

pub(super) fn count(choices: u8, grades: u8, ballots: &[Ballot]) -> (Totals, Vec<Vec<u8>>) {
    let mut merits = Vec::new();
    let mut values = Vec::new();
    for choice in 0..choices {
        let counted = grades_of(choice, grades, ballots);
        let value = majority_value(counted.clone());
        merits.push(Merit { grades: counted, majority_grade: value.first().copied() });
        values.push(value);
    }
    let order = groups(choices, &|one, other| values.get(one) > values.get(other));
    (Totals::Merits(merits), order)
}

fn grades_of(choice: u8, grades: u8, ballots: &[Ballot]) -> Vec<u32> {
    let mut counted = vec![0; grades.into()];
    for ballot in ballots {
        let Ballot::Grades(given) = ballot else { continue };
        let grade = given.get(usize::from(choice)).copied().unwrap_or(grades);
        if let Some(total) = counted.get_mut(usize::from(grade)) {
            *total += 1;
        }
    }
    counted
}

/// The grades in the order in which they are removed.
fn majority_value(mut left: Vec<u32>) -> Vec<u8> {
    let mut value = Vec::new();
    for total in (1..=left.iter().sum()).rev() {
        value.push(remove_median(&mut left, total));
    }
    value
}

fn remove_median(left: &mut [u32], total: u32) -> u8 {
    let mut up_to_here = 0;
    for (grade, count) in (0..).zip(left) {
        up_to_here += *count;
        if up_to_here > (total - 1) / 2 {
            *count -= 1;
            return grade;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tallies::{Method, Tally, tally};

    /// One list of grades a choice, one grade a ballot.
    fn count(grades: u8, choices: &[&[u8]]) -> Tally {
        let ballot = |at| Ballot::Grades(choices.iter().map(|grades: &&[u8]| grades[at]).collect());
        let ballots: Vec<Ballot> = (0..choices[0].len()).map(ballot).collect();
        tally(Method::MajorityJudgment, choices.len().try_into().unwrap(), grades, &ballots).unwrap()
    }

    fn majority_grades(tally: &Tally) -> Vec<Option<u8>> {
        let Totals::Merits(merits) = &tally.totals else { panic!() };
        merits.iter().map(|merit| merit.majority_grade).collect()
    }

    #[test]
    fn the_median_decides_not_the_mean() {
        // Loved by two and rejected by three, against acceptable to all.
        let tally = count(6, &[&[5, 5, 0, 0, 0], &[2, 2, 2, 2, 2], &[5, 5, 1, 5, 0]]);
        assert_eq!(majority_grades(&tally), [Some(0), Some(2), Some(5)]);
        assert_eq!(tally.order, [[2], [1], [0]]);
    }

    #[test]
    fn of_two_grades_in_the_middle_the_lower_counts() {
        let tally = count(5, &[&[1, 1, 4, 4], &[1, 2, 2, 2]]);
        assert_eq!(majority_grades(&tally), [Some(1), Some(2)]);
        assert_eq!(tally.winners, [1]);
    }

    /// Good, good, fair, poor against excellent, fair, fair, fair: both fair, until one fair is
    /// removed from each.
    #[test]
    fn equal_medians_are_removed_one_by_one() {
        let tally = count(4, &[&[2, 2, 1, 0], &[3, 1, 1, 1]]);
        assert_eq!(majority_grades(&tally), [Some(1), Some(1)]);
        assert_eq!(tally.order, [[0], [1]]);
        assert_eq!(majority_value(vec![1, 1, 2, 0]), [1, 2, 0, 2]);
        assert_eq!(majority_value(vec![0, 3, 0, 1]), [1, 1, 1, 3]);
    }

    /// Both have two above and one below their median, out of five: one gauge, two values.
    #[test]
    fn the_value_decides_where_the_gauge_is_tied() {
        let tally = count(5, &[&[3, 3, 2, 2, 0], &[4, 3, 2, 2, 1]]);
        assert_eq!(tally.order, [[1], [0]]);
        // The higher grade above counts before the lower one below.
        let tally = count(5, &[&[4, 4, 2, 2, 0], &[4, 3, 2, 2, 1]]);
        assert_eq!(tally.order, [[0], [1]]);
    }

    #[test]
    fn the_same_grades_from_other_people_are_a_tie() {
        let tally = count(3, &[&[0, 1, 2], &[2, 0, 1], &[1, 1, 0]]);
        assert_eq!(tally.order, [vec![0, 1], vec![2]]);
    }

    #[test]
    fn without_a_ballot_there_is_no_majority_grade() {
        let tally = tally(Method::MajorityJudgment, 2, 5, &[]).unwrap();
        assert_eq!(majority_grades(&tally), [None, None]);
        assert_eq!(tally.winners, [0, 1]);
        let text = serde_json::to_string(&tally).unwrap();
        assert_eq!(
            text,
            r#"{"ballots":0,"totals":{"merits":[{"grades":[0,0,0,0,0]},{"grades":[0,0,0,0,0]}]},"winners":[0,1],"order":[[0,1]]}"#
        );
        assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
    }
}
