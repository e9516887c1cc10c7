//! Taking back: one's own, and only what stands here.

use super::*;

const NOT_YOURS: Outcome = Outcome::Refused(Refusal::NotYours);

#[test]
fn a_withdrawal_that_names_another_consultation_changes_nothing() {
    let mut village = Village::new();
    let (here, elsewhere) = (village.opened(1), village.opened(2));
    let record = village.proposed(3, here);
    assert_eq!(village.act(&rose(), 4, &withdraw(elsewhere, record)), NOT_YOURS);
    assert!(village.held.contribution(&Key::inside(&laforce(), here, record)).is_some());
    assert_eq!(village.desk(record), &DeskState::New);
    let trail = village.held.trail(&trail_key(&rose().id, record)).unwrap();
    assert_eq!(trail.state, TrailState::Received);
    // And with the right name it goes.
    assert_eq!(village.act(&rose(), 5, &withdraw(here, record)), Outcome::Accepted);
    assert!(village.held.is_gone(&Key::inside(&laforce(), here, record)));
    assert_eq!(village.desk(record), &DeskState::Withdrawn);
}

#[test]
fn only_a_proposal_that_was_accepted_here_can_be_withdrawn() {
    let mut village = Village::new();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    assert_eq!(village.act(&rose(), 3, &withdraw(here, record)), Outcome::Accepted);
    // Another act of one's own.
    let withdrawal = act(&rose(), 3, &withdraw(here, record)).record();
    assert_eq!(village.act(&rose(), 4, &withdraw(here, withdrawal)), NOT_YOURS);
    // What was refused.
    village.lists(&[]);
    assert_eq!(village.act(&rose(), 5, &propose(here)), Outcome::Refused(Refusal::UnknownSubject));
    let refused = act(&rose(), 5, &propose(here)).record();
    assert_eq!(village.act(&rose(), 6, &withdraw(here, refused)), NOT_YOURS);
    // What was proposed in another community.
    village.lists(&["other"]);
    let record = village.proposed(7, here);
    let key = trail_key(&rose().id, record);
    let mut trail = village.held.trail(&key).unwrap().clone();
    trail.community = "belleterre".parse().unwrap();
    village.held.apply(&[Change::put(key, Record::Trail(trail))]);
    assert_eq!(village.act(&rose(), 8, &withdraw(here, record)), NOT_YOURS);
}
