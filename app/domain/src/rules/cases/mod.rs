//! The rules over a village held in memory.

mod again;
mod appealing_for;
mod approvals;
mod comments;
mod commitments;
mod documents;
mod entering;
mod forwarding;
mod merging;
mod moderation;
mod office;
mod places;
mod polls;
mod restored;
mod sharing;
mod support;
mod surveys;
mod templates;
mod texts;
mod withdrawals;

use super::*;
use crate::authority::{Membership, Person, Role};
use crate::envelope::{Author, Envelope, Proof};
use crate::ids::{Epoch, KeyId, OpId, Salt};
use crate::operations::{Action, BlobRef, OpenConsultation, Propose, Withdraw, seal};
use crate::phases::{Form, Period, Phase, Phases};
use crate::pictures::THUMB_MAX;
use crate::records::{Community, CommunityKind, DeskState, Place, Rule, Subject};
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
    act_in(&laforce(), Author::Person(person.id.clone()), number, action)
}

fn act_in(community: &CommunityId, author: Author, number: u8, action: &Action) -> Operation {
    let envelope = Envelope {
        op: OpId([number; 16]),
        author,
        community: community.clone(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([7; 32]), NOW, files(action), action).unwrap(),
    };
    Operation::decode(&envelope).unwrap()
}

/// The passing of time.
fn system() -> Author {
    Author::System { job: "count".parse().unwrap() }
}

/// Of each file that an action names.
const FILE_SIZE: u64 = 1_200_000;

fn files(action: &Action) -> Vec<BlobRef> {
    match action {
        Action::AttachDocument(attach) => vec![BlobRef { sha256: attach.file, size: FILE_SIZE }],
        Action::Propose(propose) => {
            let files = propose.photos.iter().flat_map(|photo| [photo.full, photo.thumb]);
            files.map(|sha256| BlobRef { sha256, size: THUMB_MAX }).collect()
        }
        Action::Blot(blot) => {
            let files = blot.covers.iter().flat_map(|cover| [cover.full, cover.thumb]);
            files.map(|sha256| BlobRef { sha256, size: THUMB_MAX }).collect()
        }
        _ => Vec::new(),
    }
}

fn open() -> Action {
    let phases = Phases::contribute(NOW, NOW.plus(7 * DAY)).unwrap();
    let open = OpenConsultation::new(said("Le chemin du lac"), said("Faut-il l’ouvrir l’hiver?"), phases);
    Action::OpenConsultation(open)
}

fn propose(consultation: RecordId) -> Action {
    Action::Propose(Propose {
        consultation,
        title: "Un banc".parse().unwrap(),
        text: None,
        subject: "other".parse().unwrap(),
        photos: vec![],
        place: None,
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

    /// Gives the community these subjects, and no other; no rules.
    fn lists(&mut self, subjects: &[&str]) {
        let subject = |id: &&str| Subject { id: id.parse().unwrap(), short: said(id), full: said(id) };
        let subjects = subjects.iter().map(subject).collect();
        self.community(Community {
            place: self.place(),
            subjects,
            rules: vec![],
            settled_at: None,
            bounds: None,
            premoderated_since: None,
            premoderation_settled_at: None,
        });
    }

    /// Gives it these rules too.
    fn rules(&mut self, rules: &[&str]) {
        let rule = |id: &&str| Rule {
            id: id.parse().unwrap(),
            label: said(id),
            explanation: said(id),
            retired: false,
        };
        let before = self.held.community(&Key::community(&laforce())).unwrap().clone();
        self.community(Community { rules: rules.iter().map(rule).collect(), ..before });
    }

    fn community(&mut self, community: Community) {
        self.held.apply(&[Change::put(Key::community(&laforce()), Record::Community(community))]);
    }

    fn place(&self) -> Place {
        Place {
            id: laforce(),
            slug: "laforce".into(),
            name: "Laforce".parse().unwrap(),
            sort: CommunityKind::Municipality,
            designation: None,
            languages: vec!["fr".parse().unwrap()],
            moved_to: None,
        }
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
        match self.decision(person, number, action, honoured) {
            Decision::Decided { outcome, changes, .. } => {
                self.held.apply(&changes);
                outcome
            }
            Decision::Waiting(missing) => panic!("waits for {missing:?}"),
        }
    }

    fn decision(
        &mut self,
        person: &Person,
        number: u8,
        action: &Action,
        honoured: Option<&Receipt>,
    ) -> Decision {
        self.position += 1;
        let actor = Actor::Person(person.clone());
        let now = honoured.map_or(self.now, |receipt| receipt.received_at);
        let context = Context { now, position: self.position, actor: &actor, honoured };
        let operation = act(person, number, action);
        decide(&operation, &self.loaded(|loaded| reads(&operation, loaded)), context)
    }

    /// The passing of time acts.
    fn system(&mut self, number: u8, action: &Action) -> Outcome {
        match self.system_decision(number, action) {
            Decision::Decided { outcome, changes, .. } => {
                self.held.apply(&changes);
                outcome
            }
            Decision::Waiting(missing) => panic!("waits for {missing:?}"),
        }
    }

    /// It is too early: nothing is stored.
    fn system_waits(&mut self, number: u8, action: &Action) -> RecordId {
        match self.system_decision(number, action) {
            Decision::Waiting(Missing::Record(record)) => record,
            other => panic!("{other:?}"),
        }
    }

    fn system_decision(&mut self, number: u8, action: &Action) -> Decision {
        let operation = act_in(&laforce(), system(), number, action);
        self.decision_of(&operation, &Actor::System)
    }

    fn decision_of(&mut self, operation: &Operation, actor: &Actor) -> Decision {
        self.position += 1;
        let context = Context { now: self.now, position: self.position, actor, honoured: None };
        decide(operation, &self.loaded(|loaded| reads(operation, loaded)), context)
    }

    /// Decides in any community, and makes the changes.
    fn act_of(&mut self, operation: &Operation, actor: &Actor) -> Outcome {
        match self.decision_of(operation, actor) {
            Decision::Decided { outcome, changes, .. } => {
                self.held.apply(&changes);
                outcome
            }
            Decision::Waiting(missing) => panic!("waits for {missing:?}"),
        }
    }

    /// What a rule asks for, and nothing else: as a server loads it.
    fn loaded(&self, reads: impl Fn(&Loaded) -> Vec<Key>) -> Loaded {
        let mut loaded = Loaded::default();
        loop {
            let mut keys = reads(&loaded);
            keys.retain(|key| !loaded.has(key));
            if keys.is_empty() {
                return loaded;
            }
            for key in keys {
                let slot = self.held.0.get(&key).cloned().unwrap_or(Slot::Absent);
                loaded.insert(key, slot);
            }
        }
    }

    /// What it waits for.
    fn wait(&mut self, person: &Person, number: u8, action: &Action) -> RecordId {
        match self.decision(person, number, action, None) {
            Decision::Waiting(Missing::Record(record)) => record,
            other => panic!("{other:?}"),
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
