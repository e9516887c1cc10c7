//! A ballot as it is filled in, and whether it can be cast; and what asks people something in a
//! consultation. Decided from records alone.

use std::sync::Arc;

use domain::ids::RecordId;
use domain::order;
use domain::outbox::Item;
use domain::records::{Open, Poll, Questionnaire, Record};
use domain::tallies::{Ballot, BallotProblem, Method, check};
use domain::time::Millis;

use crate::offline::Held;

/// Something that a consultation asks.
#[derive(Clone, PartialEq, Debug)]
pub enum Asked {
    /// A poll.
    Poll(Poll),
    /// A survey.
    Survey(Questionnaire),
}

impl Asked {
    /// Its id.
    pub fn id(&self) -> RecordId {
        match self {
            Self::Poll(it) => it.id,
            Self::Survey(it) => it.id,
        }
    }

    /// When it is.
    pub fn open(&self) -> Open {
        match self {
            Self::Poll(it) => it.open,
            Self::Survey(it) => it.open,
        }
    }

    /// Whether its result is there.
    pub fn is_told(&self) -> bool {
        match self {
            Self::Poll(it) => it.result.is_some(),
            Self::Survey(it) => it.results.is_some(),
        }
    }
}

/// What a consultation asks, the first to close first.
pub fn asked(records: &[Arc<Held>]) -> Vec<Asked> {
    let all = records.iter().filter_map(|held| match &held.record {
        Record::Poll(it) => Some(Asked::Poll(it.clone())),
        Record::Questionnaire(it) => Some(Asked::Survey(it.clone())),
        _ => None,
    });
    let mut all: Vec<Asked> = all.collect();
    order::by(&mut all, |it| (order::earliest(it.open().until), it.id().to_string()));
    all
}

/// Whether the person took part, and whether that is still on this device.
pub fn took_part(own: &[Arc<Held>], items: &[Item], record: RecordId) -> Option<bool> {
    let leaves = |item: &&Item| item.about == Some(record) && !item.is_stored();
    if items.iter().any(|item| leaves(&item)) {
        return Some(true);
    }
    let took = |held: &Arc<Held>| matches!(&held.record, Record::TookPart(it) if it.record == record);
    own.iter().any(took).then_some(false)
}

/// Where something with dates stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// It begins then.
    Soon,
    /// It can be answered now.
    Now,
    /// It is over.
    Over,
}

/// Where it stands at an instant.
pub fn when(open: Open, now: Millis) -> When {
    match now {
        now if now < open.from => When::Soon,
        now if now < open.until => When::Now,
        _ => When::Over,
    }
}

/// A ballot as it stands in the form: for each choice what was put there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filled {
    /// By choice, in the poll's own order: chosen or not, the grade, the rank from 1.
    pub marks: Vec<Option<u8>>,
}

impl Filled {
    /// Nothing yet.
    pub fn empty(choices: usize) -> Self {
        Self { marks: vec![None; choices] }
    }

    /// Puts a mark on a choice; on this one alone where only one can be chosen.
    pub fn mark(&mut self, method: Method, choice: usize, mark: Option<u8>) {
        if method == Method::Plurality {
            self.marks.fill(None);
        }
        if let Some(place) = self.marks.get_mut(choice) {
            *place = mark;
        }
    }

    /// The ballot that it makes.
    pub fn ballot(&self, poll: &Poll) -> Result<Ballot, BallotProblem> {
        let marked = || (0_u8..).zip(&self.marks).filter_map(|(at, mark)| mark.map(|mark| (at, mark)));
        let ballot = match poll.method {
            Method::Plurality => Ballot::Choice(marked().next().ok_or(BallotProblem::Empty)?.0),
            Method::Approval => Ballot::Approved(marked().map(|(at, _)| at).collect()),
            Method::MajorityJudgment => {
                let missing = (0_u8..).zip(&self.marks).find(|(_, mark)| mark.is_none());
                if let Some((at, _)) = missing {
                    return Err(BallotProblem::MissingGrade(at));
                }
                Ballot::Grades(marked().map(|(_, grade)| grade).collect())
            }
            Method::Schulze => {
                let ranks = 1..=u8::try_from(self.marks.len()).unwrap_or(u8::MAX);
                let of = |rank: u8| marked().filter(|(_, mark)| *mark == rank).map(|(at, _)| at).collect();
                Ballot::Ranking(ranks.map(of).filter(|rank: &Vec<u8>| !rank.is_empty()).collect())
            }
        };
        let number = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        check(poll.method, number(poll.choices.len()), number(poll.grades.len()), &ballot)?;
        Ok(ballot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::text::Localized;

    fn poll(method: Method, grades: usize) -> Poll {
        let said = |text: &str| Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap();
        Poll {
            id: RecordId([1; 16]),
            consultation: RecordId([2; 16]),
            question: Localized::new([("fr".parse().unwrap(), "Q".parse().unwrap())]).unwrap(),
            text: None,
            choices: ["a", "b", "c"].map(said).to_vec(),
            method,
            grades: vec![said("g"); grades],
            open: Open { from: Millis(0), until: Millis(10), grace: 5 },
            result: None,
        }
    }

    fn filled(method: Method, marks: &[(usize, u8)]) -> Filled {
        let mut filled = Filled::empty(3);
        marks.iter().for_each(|(choice, mark)| filled.mark(method, *choice, Some(*mark)));
        filled
    }

    #[test]
    fn a_ballot_is_what_was_marked_by_its_method() {
        use Method::{Approval, MajorityJudgment, Plurality, Schulze};
        let ballot =
            |method, grades, marks: &[(usize, u8)]| filled(method, marks).ballot(&poll(method, grades));
        assert_eq!(ballot(Plurality, 0, &[(0, 1), (2, 1)]), Ok(Ballot::Choice(2)));
        assert_eq!(ballot(Plurality, 0, &[]), Err(BallotProblem::Empty));
        assert_eq!(ballot(Approval, 0, &[(2, 1), (0, 1)]), Ok(Ballot::Approved(vec![0, 2])));
        assert_eq!(ballot(Approval, 0, &[]), Ok(Ballot::Approved(vec![])));
        let grades = &[(0, 2), (1, 0), (2, 1)];
        assert_eq!(ballot(MajorityJudgment, 3, grades), Ok(Ballot::Grades(vec![2, 0, 1])));
        assert_eq!(ballot(MajorityJudgment, 3, &[(0, 2)]), Err(BallotProblem::MissingGrade(1)));
        assert_eq!(
            ballot(Schulze, 0, &[(2, 1), (0, 3), (1, 3)]),
            Ok(Ballot::Ranking(vec![vec![2], vec![0, 1]]))
        );
        assert_eq!(ballot(Schulze, 0, &[]), Err(BallotProblem::Empty));
    }

    #[test]
    fn a_poll_is_to_come_open_or_over() {
        let open = Open { from: Millis(5), until: Millis(10), grace: 5 };
        assert_eq!(
            [4, 5, 9, 10].map(|now| when(open, Millis(now))),
            [When::Soon, When::Now, When::Now, When::Over]
        );
    }
}
