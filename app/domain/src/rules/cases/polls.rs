//! Polls: one ballot a person, nothing told before the end, and once.

use super::*;
use crate::operations::{Cast, Count, OpenPoll};
use crate::records::{Poll, PollResult};
use crate::rules::asked::{due_key, took_part_key};
use crate::tallies::{Ballot, Method, Totals};

pub fn poll(consultation: RecordId) -> Action {
    Action::OpenPoll(OpenPoll {
        consultation,
        question: super::said("Quand ouvrir la salle?"),
        text: None,
        choices: ["Le matin", "Le soir", "Jamais"].map(super::said).to_vec(),
        method: Method::Plurality,
        grades: vec![],
        opens_at: NOW,
        closes_at: NOW.plus(3 * DAY),
    })
}

fn opened() -> (Village, RecordId, RecordId) {
    let mut village = Village::new();
    let here = village.opened(1);
    assert_eq!(village.act(&clerk(), 2, &poll(here)), Outcome::Accepted);
    let poll = act(&clerk(), 2, &poll(here)).record();
    (village, here, poll)
}

pub fn neighbour(number: u8) -> Person {
    person(&format!("n{number}"), Role::Participant)
}

pub fn cast(consultation: RecordId, poll: RecordId, choice: u8) -> Action {
    Action::Cast(Cast { consultation, poll, ballot: Ballot::Choice(choice) })
}

impl Village {
    fn poll(&self, consultation: RecordId, poll: RecordId) -> &Poll {
        self.held.poll(&Key::inside(&laforce(), consultation, poll)).unwrap()
    }

    fn result(&self, consultation: RecordId, poll: RecordId) -> Option<PollResult> {
        self.poll(consultation, poll).result.as_ref().map(|result| result.read().unwrap())
    }

    fn ends(&mut self) {
        self.now = NOW.plus(3 * DAY + 48 * HOUR);
    }
}

#[test]
fn the_last_ballot_of_each_person_is_counted_once_after_the_end() {
    let (mut village, here, poll) = opened();
    let before = village.poll(here, poll).clone();
    for voter in 0..10 {
        assert_eq!(village.act(&neighbour(voter), 3, &cast(here, poll, 0)), Outcome::Accepted);
    }
    village.act(&neighbour(9), 4, &cast(here, poll, 1));
    assert_eq!(village.poll(here, poll), &before, "a ballot changes nothing that anyone sees");
    let count = Action::Count(Count { consultation: here, poll });
    let from = NOW.plus(3 * DAY + 48 * HOUR);
    assert_eq!(village.system_waits(5, &count), poll);
    assert_eq!(village.held.due(&due_key(&laforce())).unwrap().all[0].at, from);
    village.ends();
    assert_eq!(
        village.act(&neighbour(8), 6, &cast(here, poll, 1)),
        Outcome::Refused(Refusal::Closed { since: from })
    );
    assert_eq!(village.act(&clerk(), 7, &count), Outcome::Refused(Refusal::NotPermitted));
    assert_eq!(village.system(8, &count), Outcome::Accepted);
    let Some(PollResult::Counted(tally)) = village.result(here, poll) else { panic!() };
    assert_eq!((tally.ballots, tally.totals), (10, Totals::Votes(vec![9, 1, 0])));
    assert_eq!(village.system(9, &count), Outcome::Refused(Refusal::AlreadyDone));
    assert!(village.held.due(&due_key(&laforce())).unwrap().all.is_empty());
    // Whoever took part sees that they did, and not how.
    let own = village.held.record(&took_part_key(&neighbour(9).id, poll)).unwrap();
    let text = serde_json::to_string(own).unwrap();
    assert!(!text.contains("choice"), "{text}");
}

#[test]
fn under_ten_ballots_nothing_is_told() {
    let (mut village, here, poll) = opened();
    for voter in 0..9 {
        village.act(&neighbour(voter), 3, &cast(here, poll, 0));
    }
    village.ends();
    village.system(4, &Action::Count(Count { consultation: here, poll }));
    assert_eq!(village.result(here, poll), Some(PollResult::TooFew));
}

#[test]
fn a_ballot_that_the_method_does_not_take_is_refused() {
    let (mut village, here, poll) = opened();
    let bad = Outcome::Refused(Refusal::BadBallot);
    assert_eq!(village.act(&rose(), 3, &cast(here, poll, 3)), bad);
    let ranked = Action::Cast(Cast { consultation: here, poll, ballot: Ballot::Ranking(vec![vec![0]]) });
    assert_eq!(village.act(&rose(), 4, &ranked), bad);
    assert_eq!(village.wait(&rose(), 5, &cast(here, here, 0)), here);
}

#[test]
fn an_older_ballot_that_comes_back_replaces_no_newer_one_and_none_is_added_after_the_counting() {
    let (mut village, here, poll) = opened();
    for voter in 0..10 {
        village.act(&neighbour(voter), 3, &cast(here, poll, 0));
    }
    village.now = NOW.plus(2 * HOUR);
    village.act(&neighbour(0), 4, &cast(here, poll, 1));
    village.again(&neighbour(0), 5, &cast(here, poll, 2), NOW.plus(HOUR));
    village.again(&neighbour(20), 5, &cast(here, poll, 2), NOW.plus(HOUR));
    village.ends();
    village.system(6, &Action::Count(Count { consultation: here, poll }));
    village.again(&neighbour(21), 5, &cast(here, poll, 2), NOW.plus(HOUR));
    let Some(PollResult::Counted(tally)) = village.result(here, poll) else { panic!() };
    assert_eq!(tally.totals, Totals::Votes(vec![9, 1, 1]));
}
