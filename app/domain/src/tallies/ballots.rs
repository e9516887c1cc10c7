//! What one person says in a poll, and whether it can be counted.

use serde::Serialize;

use super::Method;

/// What one person says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    /// Plurality: one choice.
    Choice(u8),
    /// Approval: a set of choices, in any order. The empty set is a ballot: it approves of none.
    Approved(Vec<u8>),
    /// Majority judgment: a grade for each choice in the order of the list, 0 the lowest.
    Grades(Vec<u8>),
    /// Schulze: groups of choices of equal rank, best first. What is not ranked comes after all
    /// that is, tied.
    Ranking(Vec<Vec<u8>>),
}
crate::variants!(Ballot { ; Choice "choice", Approved "approved", Grades "grades", Ranking "ranking" });

/// What is wrong with a ballot, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BallotProblem {
    /// A ballot of another method.
    OtherMethod,
    /// A ranking without any choice.
    Empty,
    /// A rank without any choice, counted from 0.
    EmptyRank(u8),
    /// Not a choice of this poll.
    UnknownChoice(u8),
    /// The same choice again.
    RepeatedChoice(u8),
    /// The first choice without a grade.
    MissingGrade(u8),
    /// A choice whose grade is none of this poll's.
    UnknownGrade(u8),
}

/// Whether a ballot can be counted; the first problem when it has several. The poll has passed
/// [`check_poll`](super::check_poll).
pub fn check(method: Method, choices: u8, grades: u8, ballot: &Ballot) -> Result<(), BallotProblem> {
    match (method, ballot) {
        (Method::Plurality, Ballot::Choice(choice)) => known(choices, *choice),
        (Method::Approval, Ballot::Approved(approved)) => {
            each_once(choices, &mut vec![false; choices.into()], approved)
        }
        (Method::MajorityJudgment, Ballot::Grades(given)) => all_graded(choices, grades, given),
        (Method::Schulze, Ballot::Ranking(ranks)) => ranked(choices, ranks),
        _ => Err(BallotProblem::OtherMethod),
    }
}

fn known(choices: u8, choice: u8) -> Result<(), BallotProblem> {
    if choice < choices { Ok(()) } else { Err(BallotProblem::UnknownChoice(choice)) }
}

fn each_once(choices: u8, seen: &mut [bool], named: &[u8]) -> Result<(), BallotProblem> {
    for choice in named {
        known(choices, *choice)?;
        match seen.get_mut(usize::from(*choice)) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(BallotProblem::RepeatedChoice(*choice)),
        }
    }
    Ok(())
}

fn all_graded(choices: u8, grades: u8, given: &[u8]) -> Result<(), BallotProblem> {
    for choice in 0..choices {
        match given.get(usize::from(choice)) {
            None => return Err(BallotProblem::MissingGrade(choice)),
            Some(grade) if *grade >= grades => return Err(BallotProblem::UnknownGrade(choice)),
            Some(_) => {}
        }
    }
    if given.len() > choices.into() { Err(BallotProblem::UnknownChoice(choices)) } else { Ok(()) }
}

fn ranked(choices: u8, ranks: &[Vec<u8>]) -> Result<(), BallotProblem> {
    if ranks.is_empty() {
        return Err(BallotProblem::Empty);
    }
    let mut seen = vec![false; choices.into()];
    for (place, rank) in (0..=u8::MAX).zip(ranks) {
        if rank.is_empty() {
            return Err(BallotProblem::EmptyRank(place));
        }
        each_once(choices, &mut seen, rank)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(method: Method, ballot: Ballot) -> Option<BallotProblem> {
        check(method, 3, 5, &ballot).err()
    }

    #[test]
    fn a_vote_is_for_a_choice_of_the_poll() {
        assert_eq!(problem(Method::Plurality, Ballot::Choice(2)), None);
        let unknown = BallotProblem::UnknownChoice(3);
        assert_eq!(problem(Method::Plurality, Ballot::Choice(3)), Some(unknown));
    }

    #[test]
    fn approving_of_none_is_a_ballot_and_approving_twice_is_not() {
        let problem = |approved: &[u8]| problem(Method::Approval, Ballot::Approved(approved.to_vec()));
        assert_eq!(problem(&[]), None);
        assert_eq!(problem(&[2, 0, 1]), None);
        assert_eq!(problem(&[1, 1]), Some(BallotProblem::RepeatedChoice(1)));
        assert_eq!(problem(&[0, 9]), Some(BallotProblem::UnknownChoice(9)));
    }

    #[test]
    fn every_choice_has_one_grade_of_the_poll() {
        let problem = |grades: &[u8]| problem(Method::MajorityJudgment, Ballot::Grades(grades.to_vec()));
        assert_eq!(problem(&[0, 4, 4]), None);
        assert_eq!(problem(&[]), Some(BallotProblem::MissingGrade(0)));
        assert_eq!(problem(&[0, 4]), Some(BallotProblem::MissingGrade(2)));
        assert_eq!(problem(&[0, 5, 4]), Some(BallotProblem::UnknownGrade(1)));
        assert_eq!(problem(&[0, 4, 4, 0]), Some(BallotProblem::UnknownChoice(3)));
    }

    #[test]
    fn a_ranking_may_be_incomplete_and_have_equals_but_no_hole() {
        let problem = |ranks: &[&[u8]]| {
            problem(Method::Schulze, Ballot::Ranking(ranks.iter().map(|rank| rank.to_vec()).collect()))
        };
        assert_eq!(problem(&[&[1]]), None);
        assert_eq!(problem(&[&[1], &[0, 2]]), None);
        assert_eq!(problem(&[]), Some(BallotProblem::Empty));
        assert_eq!(problem(&[&[]]), Some(BallotProblem::EmptyRank(0)));
        assert_eq!(problem(&[&[1], &[], &[0]]), Some(BallotProblem::EmptyRank(1)));
        assert_eq!(problem(&[&[1], &[0, 1]]), Some(BallotProblem::RepeatedChoice(1)));
        assert_eq!(problem(&[&[1], &[3]]), Some(BallotProblem::UnknownChoice(3)));
    }

    #[test]
    fn a_ballot_of_another_method_is_named_as_such() {
        let ballots = [
            (Method::Plurality, Ballot::Choice(0)),
            (Method::Approval, Ballot::Approved(vec![0])),
            (Method::MajorityJudgment, Ballot::Grades(vec![0, 0, 0])),
            (Method::Schulze, Ballot::Ranking(vec![vec![0]])),
        ];
        for (method, _) in &ballots {
            for (own, ballot) in &ballots {
                let expected = (method != own).then_some(BallotProblem::OtherMethod);
                assert_eq!(problem(*method, ballot.clone()), expected);
            }
        }
    }

    #[test]
    fn ballots_are_written_under_the_name_of_what_they_say() {
        for (ballot, text) in [
            (Ballot::Choice(3), r#"{"choice":3}"#),
            (Ballot::Approved(vec![]), r#"{"approved":[]}"#),
            (Ballot::Grades(vec![4, 0]), r#"{"grades":[4,0]}"#),
            (Ballot::Ranking(vec![vec![2], vec![0, 1]]), r#"{"ranking":[[2],[0,1]]}"#),
        ] {
            assert_eq!(serde_json::to_string(&ballot).unwrap(), text);
            assert_eq!(serde_json::from_str::<Ballot>(text).unwrap(), ballot);
        }
        assert!(serde_json::from_str::<Ballot>(r#"{"choice":256}"#).is_err());
        assert!(serde_json::from_str::<Ballot>(r#"{"choice":-1}"#).is_err());
    }
}
