//! Commitments: made by the office with a date ahead, reported on until they are over.

use super::*;
use crate::operations::{Commit, Delivery, LOG_MAX, ReportProgress};
use crate::records::Commitment;

fn commit(consultation: RecordId, due: Millis, follows: &[RecordId]) -> Action {
    Action::Commit(Commit {
        consultation,
        text: super::said("Poser une lampe au quai."),
        owner: super::said("Inspectrice municipale"),
        due,
        follows: follows.to_vec(),
    })
}

fn report(consultation: RecordId, record: RecordId, state: Delivery) -> Action {
    let text = super::said("La lampe est commandée.");
    Action::ReportProgress(ReportProgress { consultation, record, text, state })
}

impl Village {
    fn commitment(&self, consultation: RecordId, record: RecordId) -> &Commitment {
        let public = self.held.commitment(&Key::inside(&laforce(), consultation, record)).unwrap();
        assert_eq!(
            self.held.commitment(&desk_key(&laforce(), record)),
            Some(public),
            "the desk sees the same"
        );
        public
    }
}

fn committed() -> (Village, RecordId, RecordId) {
    let mut village = Village::new();
    let here = village.opened(1);
    let made = commit(here, NOW.plus(10 * DAY), &[]);
    assert_eq!(village.act(&clerk(), 2, &made), Outcome::Accepted);
    (village, here, act(&clerk(), 2, &made).record())
}

#[test]
fn only_the_office_of_the_community_commits_and_reports() {
    let (mut village, here, record) = committed();
    let elsewhere = Membership { community: "moffet".parse().unwrap(), role: Role::Clerk };
    let stranger = Person { memberships: vec![elsewhere], ..clerk() };
    for somebody in [rose(), stranger] {
        for (number, action) in
            [(3, commit(here, NOW.plus(DAY), &[])), (4, report(here, record, Delivery::Done))]
        {
            let refused = Outcome::Refused(Refusal::NotPermitted);
            assert_eq!(village.act(&somebody, number, &action), refused);
        }
    }
    let system = village.system(5, &report(here, record, Delivery::Done));
    assert_eq!(system, Outcome::Refused(Refusal::NotPermitted));
    assert_eq!(village.commitment(here, record).log, []);
}

#[test]
fn it_is_made_in_a_consultation_that_exists_for_a_day_ahead() {
    let mut village = Village::new();
    let nowhere = RecordId([9; 16]);
    assert_eq!(village.wait(&clerk(), 1, &commit(nowhere, NOW.plus(DAY), &[])), nowhere);
    let here = village.opened(2);
    let past = Outcome::Refused(Refusal::DueInThePast);
    assert_eq!(village.act(&clerk(), 3, &commit(here, NOW, &[])), past);
    assert_eq!(village.act(&clerk(), 4, &commit(here, NOW.plus(1), &[])), Outcome::Accepted);
    let unknown = RecordId([8; 16]);
    assert_eq!(village.wait(&clerk(), 5, &report(here, unknown, Delivery::Done)), unknown);
    // Of another consultation it is not.
    let (there, record) = (village.opened(6), act(&clerk(), 4, &commit(here, NOW.plus(1), &[])).record());
    village.held.apply(&[Change::remove(desk_key(&laforce(), record))]);
    assert_eq!(village.wait(&clerk(), 7, &report(there, record, Delivery::Done)), record);
}

#[test]
fn what_it_follows_from_stands_in_the_same_consultation() {
    let mut village = Village::new();
    let (here, there) = (village.opened(1), village.opened(2));
    let (bench, lamp) = (village.proposed(3, here), village.proposed(4, there));
    let due = NOW.plus(DAY);
    assert_eq!(village.wait(&clerk(), 5, &commit(here, due, &[bench, lamp])), lamp);
    assert_eq!(village.act(&clerk(), 6, &commit(here, due, &[bench])), Outcome::Accepted);
    let before = village.held.clone();
    village.act(&rose(), 7, &withdraw(here, bench));
    let gone = Outcome::Refused(Refusal::AlreadyWithdrawn);
    assert_eq!(village.act(&clerk(), 8, &commit(here, due, &[bench])), gone);
    // Nothing of the proposal, nor of its author's view, changes by it.
    let public = Key::inside(&laforce(), here, bench);
    let mut alone = Village::new();
    alone.opened(1);
    alone.opened(2);
    alone.proposed(3, here);
    assert_eq!(before.contribution(&public), alone.held.contribution(&public));
    let trail = trail_key(&rose().id, bench);
    assert_eq!(before.trail(&trail), alone.held.trail(&trail));
}

#[test]
fn it_moves_to_days_ahead_and_the_first_date_stays() {
    let (mut village, here, record) = committed();
    let (first, later) = (NOW.plus(10 * DAY), NOW.plus(20 * DAY));
    village.now = NOW.plus(11 * DAY);
    assert!(village.commitment(here, record).is_late(village.now));
    let back = report(here, record, Delivery::Moved(village.now));
    assert_eq!(village.act(&clerk(), 3, &back), Outcome::Refused(Refusal::DueInThePast));
    assert_eq!(village.act(&clerk(), 4, &report(here, record, Delivery::Moved(later))), Outcome::Accepted);
    let it = village.commitment(here, record);
    assert_eq!((it.promised, it.due(), it.log.len()), (first, later, 1));
    assert!(!it.is_late(later) && it.is_late(later.plus(1)));
    assert_eq!(it.changed_at(), village.now);
    // Once more, and to an earlier day: the last word counts.
    let sooner = NOW.plus(15 * DAY);
    assert_eq!(village.act(&clerk(), 5, &report(here, record, Delivery::Moved(sooner))), Outcome::Accepted);
    let it = village.commitment(here, record);
    assert_eq!((it.promised, it.due()), (first, sooner));
}

#[test]
fn nothing_is_said_of_one_that_is_over_and_it_is_never_late() {
    for end in [Delivery::Done, Delivery::GivenUp] {
        let (mut village, here, record) = committed();
        assert_eq!(village.act(&clerk(), 3, &report(here, record, Delivery::UnderWay)), Outcome::Accepted);
        assert_eq!(village.act(&clerk(), 4, &report(here, record, end)), Outcome::Accepted);
        let before = village.commitment(here, record).clone();
        assert!(before.is_over() && !before.is_late(NOW.plus(99 * DAY)));
        let over = Outcome::Refused(Refusal::AlreadyOver);
        for state in [Delivery::UnderWay, Delivery::Done, Delivery::Moved(NOW.plus(30 * DAY))] {
            assert_eq!(village.act(&clerk(), 5, &report(here, record, state)), over);
        }
        assert_eq!(village.commitment(here, record), &before);
    }
}

#[test]
fn the_log_has_an_end_and_what_was_accepted_before_stays_beyond_it() {
    let (mut village, here, record) = committed();
    let more = report(here, record, Delivery::UnderWay);
    for number in 0..LOG_MAX {
        let number = u8::try_from(number).unwrap() + 10;
        assert_eq!(village.act(&clerk(), number, &more), Outcome::Accepted);
    }
    assert_eq!(village.act(&clerk(), 200, &more), Outcome::Refused(Refusal::LogFull));
    village.again(&clerk(), 201, &more, NOW);
    assert_eq!(village.commitment(here, record).log.len(), LOG_MAX + 1);
}

#[test]
fn after_a_restore_the_log_has_the_order_of_time() {
    let mut village = Village::new();
    let here = village.opened(1);
    let made = commit(here, NOW.plus(DAY), &[RecordId([7; 16])]);
    let record = act(&clerk(), 2, &made).record();
    let done = report(here, record, Delivery::Done);
    let receipt = accepted(&clerk(), 4, &done, NOW.plus(3 * DAY));
    let decision = village.decision(&clerk(), 4, &done, Some(&receipt));
    assert_eq!(decision, Decision::Waiting(Missing::Record(record)), "its commitment comes first");
    // What it follows from may never come back; its date may have passed.
    village.now = NOW.plus(5 * DAY);
    village.again(&clerk(), 2, &made, NOW);
    village.again(&clerk(), 4, &done, NOW.plus(3 * DAY));
    village.again(&clerk(), 3, &report(here, record, Delivery::Moved(NOW.plus(2 * DAY))), NOW.plus(DAY));
    let it = village.commitment(here, record);
    assert_eq!(it.log.iter().map(|entry| entry.at.since(NOW) / DAY).collect::<Vec<_>>(), [1, 3]);
    assert!(it.is_over());
    assert_eq!((it.made_at, it.due()), (NOW, NOW.plus(2 * DAY)));
}

#[test]
fn it_names_few_contributions_and_each_once() {
    let decode = |follows: &[RecordId]| {
        let body = seal(Salt([7; 32]), NOW, vec![], &commit(RecordId([1; 16]), NOW, follows)).unwrap();
        let envelope = Envelope {
            op: OpId([1; 16]),
            author: Author::Person(clerk().id),
            community: laforce(),
            stream: None,
            proof: Proof::Session,
            body,
        };
        Operation::decode(&envelope).is_ok()
    };
    let many = |count: u8| (0..count).map(|number| RecordId([number; 16])).collect::<Vec<_>>();
    assert!(decode(&many(40)));
    assert!(!decode(&many(41)));
    assert!(!decode(&[RecordId([1; 16]), RecordId([1; 16])]));
}
