//! Where the office looks first: nobody else sees what waits, and what it publishes is what was written.

use super::moderation::{appeal, begun, colleague, hide, neighbour, refused, settled, verdict};
use super::*;
use crate::authority::may_pull;
use crate::operations::{Answer, Approve, Blot, Comment, SettleRules, Stance};
use crate::records::HidingState;

const RULES: &[(&str, &str)] = &[("insult", "Insulte"), ("privacy", "Vie privée")];

fn approve(consultation: RecordId, record: RecordId) -> Action {
    Action::Approve(Approve { consultation, record })
}

/// A proposal of Rose that waits, where the office looks first.
fn waiting() -> (Village, RecordId, RecordId) {
    let mut village = Village::new();
    village.rules(&["insult", "privacy"]);
    let here = village.opened(1);
    village.ok(&clerk(), 2, &settled(RULES, true));
    let record = village.proposed(3, here);
    (village, here, record)
}

#[test]
fn what_waits_is_its_authors_and_the_offices() {
    let mut village = Village::new();
    village.rules(&["insult", "privacy"]);
    let here = village.opened(1);
    village.ok(&clerk(), 2, &settled(RULES, true));
    let Decision::Decided { changes, outcome, records } = village.decision(&rose(), 3, &propose(here), None)
    else {
        panic!("it waits");
    };
    assert_eq!((outcome, records.len()), (Outcome::Accepted, 1));
    for viewer in [None, Some(&neighbour(1))] {
        let seen: Vec<_> = changes.iter().filter(|change| may_pull(viewer, &change.key.scope)).collect();
        assert!(seen.is_empty(), "{seen:?}");
    }
    village.held.apply(&changes);
    let record = records[0];
    assert_eq!(village.desk(record), &DeskState::Awaiting);
    assert_eq!(village.trail_of(record).state, TrailState::Awaiting);
    // Nothing can be said to it meanwhile, and nothing answered.
    let text = "Oui.".parse().unwrap();
    let comment = Action::Comment(Comment { consultation: here, on: record, stance: Stance::For, text });
    assert_eq!(village.act(&neighbour(1), 4, &comment), refused(Refusal::NotApproved));
    let answer = Action::Answer(Answer { consultation: here, record, text: said("Oui.") });
    assert_eq!(village.act(&clerk(), 5, &answer), refused(Refusal::NotApproved));
    assert_eq!(village.act(&rose(), 6, &approve(here, record)), refused(Refusal::NotPermitted));
}

#[test]
fn what_the_office_approves_is_as_if_it_had_appeared_at_once() {
    let (mut village, here, record) = waiting();
    village.now = NOW.plus(HOUR);
    village.ok(&clerk(), 4, &approve(here, record));
    let (mut other, there, same) = begun();
    assert_eq!(
        (there, other.shown(there, same).unwrap().what.clone()),
        (here, village.shown(here, record).unwrap().what.clone())
    );
    assert_eq!(village.shown(here, record).unwrap().week, NOW.week());
    assert_eq!(village.trail_of(record).state, TrailState::Received);
    let (mine, theirs) = (village.item(record), other.item(same));
    assert_eq!((&mine.state, &mine.hidden, &mine.step), (&theirs.state, &theirs.hidden, &theirs.step));
    assert_eq!(village.act(&colleague(), 5, &approve(here, record)), refused(Refusal::AlreadyDone));
    assert_eq!(other.act(&clerk(), 5, &approve(there, same)), refused(Refusal::AlreadyDone));
}

#[test]
fn words_are_blotted_out_before_anybody_reads_them() {
    let (mut village, here, record) = waiting();
    let blot = Action::Blot(Blot {
        consultation: here,
        record,
        words: vec!["banc".parse().unwrap()],
        photos: vec![],
        covers: vec![],
    });
    village.ok(&clerk(), 4, &blot);
    assert!(village.shown(here, record).is_none());
    village.ok(&clerk(), 5, &approve(here, record));
    assert_eq!(village.shown(here, record).unwrap().title().as_str(), "Un ▒▒▒");
    assert_eq!(village.item(record).contribution.title().as_str(), "Un banc");
}

#[test]
fn what_is_hidden_before_it_appeared_leaves_its_trace_and_can_be_appealed() {
    let (mut village, here, record) = waiting();
    village.ok(&clerk(), 4, &hide(here, record));
    assert_eq!(village.traces(here, record), HidingState::Hidden);
    assert_eq!(village.act(&clerk(), 5, &approve(here, record)), refused(Refusal::AlreadyHidden));
    village.ok(&rose(), 6, &appeal(here, record));
    village.ok(&colleague(), 7, &verdict(here, record, true));
    assert_eq!(village.shown(here, record).unwrap().title().as_str(), "Un banc");
    assert_eq!(village.desk(record), &DeskState::New);
}

#[test]
fn its_author_takes_it_back_while_it_waits() {
    let (mut village, here, record) = waiting();
    village.ok(&rose(), 4, &withdraw(here, record));
    assert_eq!((village.desk(record), &village.item(record).hidden), (&DeskState::Withdrawn, &None));
    assert_eq!(village.act(&clerk(), 5, &approve(here, record)), refused(Refusal::AlreadyWithdrawn));
    assert!(village.shown(here, record).is_none());
}

#[test]
fn what_waits_when_the_office_stops_looking_first_goes_on_waiting() {
    let (mut village, here, record) = waiting();
    village.ok(&clerk(), 4, &settled(RULES, false));
    let other = village.proposed(5, here);
    assert_eq!((village.desk(record), village.desk(other)), (&DeskState::Awaiting, &DeskState::New));
    village.ok(&clerk(), 6, &approve(here, record));
    assert!(village.shown(here, record).is_some() && village.shown(here, other).is_some());
}

#[test]
fn an_approval_that_comes_back_before_its_contribution_waits_for_it() {
    let (mut village, here, record) = waiting();
    let mut restored = Village::new();
    restored.rules(&["insult", "privacy"]);
    restored.opened(1);
    restored.again(&clerk(), 2, &settled(RULES, true), NOW);
    let receipt = accepted(&clerk(), 4, &approve(here, record), NOW);
    let decision = restored.decision(&clerk(), 4, &approve(here, record), Some(&receipt));
    assert_eq!(decision, Decision::Waiting(Missing::Record(record)));
    restored.again(&rose(), 3, &propose(here), NOW);
    assert_eq!(restored.desk(record), &DeskState::Awaiting);
    // What was said of it meanwhile waits too, and is not swallowed.
    let text = "Oui.".parse().unwrap();
    let comment = Action::Comment(Comment { consultation: here, on: record, stance: Stance::For, text });
    let receipt = accepted(&neighbour(1), 5, &comment, NOW);
    let decision = restored.decision(&neighbour(1), 5, &comment, Some(&receipt));
    assert!(matches!(decision, Decision::Waiting(_)), "{decision:?}");
    restored.again(&clerk(), 4, &approve(here, record), NOW);
    village.ok(&clerk(), 4, &approve(here, record));
    assert_eq!(restored.shown(here, record), village.shown(here, record));
    restored.again(&neighbour(1), 5, &comment, NOW);
    let said = act(&neighbour(1), 5, &comment).record();
    assert!(restored.held.desk_item(&desk_key(&laforce(), said)).is_some());
}

#[test]
fn what_had_appeared_before_the_office_looked_first_appears_again_after_a_restore() {
    let mut village = Village::new();
    village.rules(&["insult", "privacy"]);
    let here = village.opened(1);
    village.again(&clerk(), 2, &settled(RULES, true), NOW.plus(2 * HOUR));
    village.again(&rose(), 3, &propose(here), NOW.plus(HOUR));
    let record = act(&rose(), 3, &propose(here)).record();
    assert!(village.shown(here, record).is_some(), "it was public");
}

#[test]
fn rules_and_whether_the_office_looks_first_are_settled_each_by_itself() {
    let (mut village, here, _) = waiting();
    // A colleague who knows nothing of it writes a rule.
    let one = [("insult", "Insulte")];
    let Action::SettleRules(it) = settled(&one, false) else { unreachable!() };
    village.ok(&colleague(), 4, &Action::SettleRules(SettleRules { premoderated: None, ..it.clone() }));
    let other = village.proposed(5, here);
    assert_eq!(village.desk(other), &DeskState::Awaiting, "the office goes on looking first");
    // And the other way round.
    let only = SettleRules { rules: vec![], premoderated: Some(false) };
    village.ok(&clerk(), 6, &Action::SettleRules(only));
    let lists = village.held.community(&Key::community(&laforce())).unwrap();
    assert_eq!((lists.applied().count(), lists.premoderated_since), (1, None));
}

#[test]
fn a_waiting_text_is_hidden_where_it_is_and_nowhere_else() {
    let (mut village, _, record) = waiting();
    let elsewhere = village.opened(9);
    let before = village.held.hiding(&hiding_key(&laforce(), elsewhere, record)).cloned();
    assert_eq!(village.act(&clerk(), 4, &hide(elsewhere, record)), refused(Refusal::NotApproved));
    assert_eq!(village.held.hiding(&hiding_key(&laforce(), elsewhere, record)).cloned(), before);
    assert_eq!(village.desk(record), &DeskState::Awaiting);
}
