//! The rules over a village held in memory.

use super::*;
use crate::authority::{Membership, Person, Role};
use crate::envelope::{Author, Envelope, Proof};
use crate::ids::{Epoch, KeyId, OpId, Salt};
use crate::operations::{Answer, CloseConsultation, Hide, OpenConsultation, Propose, Withdraw, seal};
use crate::records::{Community, CommunityKind, Consultation, DeskState, Place, Subject};
use crate::text::Localized;
use crate::time::{DAY, HOUR};

const NOW: Millis = Millis(1_795_392_000_000);

fn laforce() -> CommunityId {
    "laforce".parse().unwrap()
}

fn said<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
    Localized::new([("fr".parse().unwrap(), text.parse().unwrap())]).unwrap()
}

fn person(id: &str, role: Role) -> Person {
    let memberships = vec![Membership { community: laforce(), role }];
    Person { id: id.parse().unwrap(), name: id.parse().unwrap(), memberships }
}

fn rose() -> Person {
    person("rose", Role::Participant)
}

fn clerk() -> Person {
    person("clerk", Role::Clerk)
}

/// An operation of a person; `number` names it.
fn act(person: &Person, number: u8, action: &Action) -> Operation {
    let envelope = Envelope {
        op: OpId([number; 16]),
        author: Author::Person(person.id.clone()),
        community: laforce(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([7; 32]), NOW, vec![], action).unwrap(),
    };
    Operation::decode(&envelope).unwrap()
}

fn open() -> Action {
    Action::OpenConsultation(OpenConsultation {
        title: said("Le chemin du lac"),
        summary: said("Faut-il l’ouvrir l’hiver?"),
        closes_at: NOW.plus(7 * DAY),
        accepts_until: NOW.plus(7 * DAY + 48 * HOUR),
        answer_by: None,
        source: None,
        fictitious: true,
    })
}

fn propose(consultation: RecordId) -> Action {
    Action::Propose(Propose {
        consultation,
        title: "Un banc".parse().unwrap(),
        text: None,
        subject: "other".parse().unwrap(),
        photos: vec![],
    })
}

fn withdraw(consultation: RecordId, record: RecordId) -> Action {
    Action::Withdraw(Withdraw { consultation, record })
}

/// The server's word, from a life of the database that was lost, that it was accepted then.
fn accepted(person: &Person, number: u8, action: &Action, received_at: Millis) -> Receipt {
    let operation = act(person, number, action);
    Receipt {
        v: 1,
        op: operation.op,
        entry: operation.entry,
        community: laforce(),
        hash: operation.hash,
        outcome: Outcome::Accepted,
        records: vec![],
        received_at,
        epoch: Epoch([9; 16]),
        position: 1,
        key_id: KeyId([9; 8]),
    }
}

/// Everything there is, and the time.
struct Village {
    held: Loaded,
    now: Millis,
    position: u64,
}

impl Village {
    fn new() -> Self {
        let mut village = Self { held: Loaded::default(), now: NOW, position: 0 };
        village.lists(&["other"]);
        village
    }

    /// Gives the community these subjects, and no other.
    fn lists(&mut self, subjects: &[&str]) {
        let place = Place {
            id: laforce(),
            slug: "laforce".into(),
            name: "Laforce".parse().unwrap(),
            sort: CommunityKind::Municipality,
            designation: None,
            languages: vec!["fr".parse().unwrap()],
            moved_to: None,
        };
        let subject = |id: &&str| Subject { id: id.parse().unwrap(), short: said(id), full: said(id) };
        let subjects = subjects.iter().map(subject).collect();
        let community = Record::Community(Community { place, subjects, rules: vec![] });
        self.held.apply(&[Change::put(Key::community(&laforce()), community)]);
    }

    /// Decides, and makes the changes.
    fn act(&mut self, person: &Person, number: u8, action: &Action) -> Outcome {
        self.decide(person, number, action, None)
    }

    fn decide(
        &mut self,
        person: &Person,
        number: u8,
        action: &Action,
        honoured: Option<&Receipt>,
    ) -> Outcome {
        self.position += 1;
        let actor = Actor::Person(person.clone());
        let now = honoured.map_or(self.now, |receipt| receipt.received_at);
        let context = Context { now, position: self.position, actor: &actor, honoured };
        match decide(&act(person, number, action), &self.held, context) {
            Decision::Decided { outcome, changes, .. } => {
                self.held.apply(&changes);
                outcome
            }
            Decision::Waiting(missing) => panic!("waits for {missing:?}"),
        }
    }

    /// Offered again, with the receipt of its acceptance at that time.
    fn again(&mut self, person: &Person, number: u8, action: &Action, at: Millis) {
        let receipt = accepted(person, number, action, at);
        assert_eq!(self.decide(person, number, action, Some(&receipt)), Outcome::Accepted);
    }

    fn opened(&mut self, number: u8) -> RecordId {
        assert_eq!(self.act(&clerk(), number, &open()), Outcome::Accepted);
        act(&clerk(), number, &open()).record()
    }

    fn proposed(&mut self, number: u8, consultation: RecordId) -> RecordId {
        assert_eq!(self.act(&rose(), number, &propose(consultation)), Outcome::Accepted);
        act(&rose(), number, &propose(consultation)).record()
    }

    fn desk(&self, record: RecordId) -> &DeskState {
        &self.held.desk_item(&desk_key(&laforce(), record)).unwrap().state
    }
}

const NOT_YOURS: Outcome = Outcome::Refused(Refusal::NotYours);

#[test]
fn a_withdrawal_that_names_another_consultation_changes_nothing() {
    let mut village = Village::new();
    let (here, elsewhere) = (village.opened(1), village.opened(2));
    let record = village.proposed(3, here);
    assert_eq!(village.act(&rose(), 4, &withdraw(elsewhere, record)), NOT_YOURS);
    assert!(village.held.proposal(&contribution_key(&laforce(), here, record)).is_some());
    assert_eq!(village.desk(record), &DeskState::New);
    let trail = village.held.trail(&trail_key(&rose().id, record)).unwrap();
    assert_eq!(trail.state, TrailState::Received);
    // And with the right name it goes.
    assert_eq!(village.act(&rose(), 5, &withdraw(here, record)), Outcome::Accepted);
    assert!(village.held.is_gone(&contribution_key(&laforce(), here, record)));
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

#[test]
fn what_was_accepted_takes_effect_again_also_when_the_restored_lists_lack_its_subject_or_rule() {
    let mut village = Village::new();
    let here = village.opened(1);
    village.lists(&[]);
    assert_eq!(village.act(&rose(), 2, &propose(here)), Outcome::Refused(Refusal::UnknownSubject));
    village.again(&rose(), 3, &propose(here), NOW);
    let record = act(&rose(), 3, &propose(here)).record();
    let public = contribution_key(&laforce(), here, record);
    assert!(village.held.proposal(&public).is_some());
    assert_eq!(village.desk(record), &DeskState::New);
    let hide = Action::Hide(Hide { consultation: here, record, rule: "insult".parse().unwrap() });
    assert_eq!(village.act(&clerk(), 4, &hide), Outcome::Refused(Refusal::UnknownRule));
    village.again(&clerk(), 5, &hide, NOW);
    assert!(village.held.is_gone(&public));
    assert!(village.held.hiding(&hiding_key(&laforce(), here, record)).is_some());
}

#[test]
fn an_older_answer_that_comes_back_does_not_replace_a_newer_one() {
    let mut village = Village::new();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    let answer = |text: &str| Action::Answer(Answer { consultation: here, record, text: said(text) });
    let shown = |village: &Village| {
        let public = contribution_key(&laforce(), here, record);
        let proposal = village.held.proposal(&public).unwrap().answer.clone().unwrap();
        let desk = village.held.desk_item(&desk_key(&laforce(), record)).unwrap().proposal.answer.clone();
        let trail = village.held.trail(&trail_key(&rose().id, record)).unwrap().answer.clone();
        assert_eq!((desk, trail), (Some(proposal.clone()), Some(proposal.clone())));
        proposal
    };
    village.now = NOW.plus(2 * HOUR);
    assert_eq!(village.act(&clerk(), 3, &answer("Oui.")), Outcome::Accepted);
    village.again(&clerk(), 4, &answer("Non."), NOW.plus(HOUR));
    assert_eq!(shown(&village).text, said("Oui."));
    let own = act(&clerk(), 4, &answer("Non.")).record();
    assert!(village.held.trail(&trail_key(&clerk().id, own)).is_some(), "its author still sees it");
    // A newer one that comes back replaces what stands.
    village.again(&clerk(), 5, &answer("Peut-être."), NOW.plus(3 * HOUR));
    assert_eq!(shown(&village).text, said("Peut-être."));
}

#[test]
fn an_older_closing_that_comes_back_does_not_change_a_newer_one() {
    let mut village = Village::new();
    let (here, there) = (village.opened(1), village.opened(2));
    let close = |consultation, grace| Action::CloseConsultation(CloseConsultation { consultation, grace });
    let stands = |village: &Village, consultation| -> Consultation {
        village.held.consultation(&Key::consultation(&laforce(), consultation)).unwrap().clone()
    };
    village.now = NOW.plus(2 * HOUR);
    assert_eq!(village.act(&clerk(), 3, &close(here, HOUR)), Outcome::Accepted);
    let before = stands(&village, here);
    village.again(&clerk(), 4, &close(here, 0), NOW.plus(HOUR));
    assert_eq!(stands(&village, here), before);
    let own = act(&clerk(), 4, &close(here, 0)).record();
    assert!(village.held.trail(&trail_key(&clerk().id, own)).is_some());
    // Where nobody closed anew, it closes as it did.
    village.again(&clerk(), 5, &close(there, 0), NOW.plus(HOUR));
    assert_eq!(stands(&village, there).closes_at, NOW.plus(HOUR));
}
