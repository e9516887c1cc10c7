//! Forwarding: from one community into the letterbox of another, once, with its author told of both.

use super::*;
use crate::operations::{Answer, Blot, ConfirmDelivery, Deliver, Forward, Reply};
use crate::records::{Contribution, DeskItem, Forwarded};
use crate::rules::asked::due_key;
use crate::rules::erasure;
use crate::rules::forwarding::letterbox;

pub fn moffet() -> CommunityId {
    "moffet".parse().unwrap()
}

fn forward(consultation: RecordId, record: RecordId, to: &str) -> Action {
    let note = Some("C’est votre quai.".parse().unwrap());
    Action::Forward(Forward { consultation, record, to: to.parse().unwrap(), note })
}

fn deliver(consultation: RecordId, record: RecordId) -> Operation {
    let (title, summary) = (said("Transmis par d’autres"), said("Ce que d’autres ont transmis."));
    let deliver = Deliver { from: laforce(), consultation, record, title, summary };
    act_in(&moffet(), system(), 90, &Action::Deliver(deliver))
}

impl Village {
    /// With a neighbour, Moffet, which has the subject `roads` and `other`.
    pub(super) fn with_neighbour() -> Self {
        let mut village = Self::new();
        for (id, name) in [("laforce", "Laforce"), ("moffet", "Moffet")] {
            let place = Place { id: id.parse().unwrap(), name: name.parse().unwrap(), ..village.place() };
            let key = Key { scope: Scope::Territory, name: id.to_owned() };
            let mut community = village.held.community(&Key::community(&laforce())).unwrap().clone();
            community.place = place.clone();
            village.held.apply(&[
                Change::put(key, Record::Place(place)),
                Change::put(Key::community(&id.parse().unwrap()), Record::Community(community)),
            ]);
        }
        village
    }

    fn arrived(&self, delivery: &Operation) -> Option<&Contribution> {
        let key = Key::inside(&moffet(), letterbox(&moffet()), delivery.record());
        self.held.contribution(&key)
    }

    fn letter(&self, delivery: &Operation) -> &DeskItem {
        self.held.desk_item(&desk_key(&moffet(), delivery.record())).unwrap()
    }

    fn forwarded(&self, here: RecordId, record: RecordId) -> Option<Forwarded> {
        self.held.contribution(&Key::inside(&laforce(), here, record)).unwrap().forwarded.clone()
    }
}

#[test]
fn what_is_forwarded_arrives_with_its_author_and_without_their_name() {
    let mut village = Village::with_neighbour();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    assert_eq!(village.act(&clerk(), 3, &forward(here, record, "moffet")), Outcome::Accepted);
    assert_eq!(village.held.due(&due_key(&laforce())).unwrap().all.len(), 1);

    let delivery = deliver(here, record);
    assert_eq!(village.act_of(&delivery, &Actor::System), Outcome::Accepted);
    let arrived = village.arrived(&delivery).unwrap().clone();
    assert_eq!(arrived.title().as_str(), "Un banc");
    assert_eq!(arrived.forwarded_from.as_ref().unwrap().community, laforce());
    let there = village.held.consultation(&Key::consultation(&moffet(), letterbox(&moffet()))).unwrap();
    assert!(there.is_letterbox() && there.is_open(NOW.plus(4000 * DAY)));
    // The other office: the community's name, and the covering note.
    let item = village.letter(&delivery);
    assert_eq!((item.name.as_str(), item.notes[0].text.as_str()), ("Laforce", "C’est votre quai."));
    assert!(!serde_json::to_string(item).unwrap().contains("\"name\":\"rose\""));

    let confirm = ConfirmDelivery { consultation: here, record, arrived: Some(delivery.record()) };
    assert_eq!(village.system(91, &Action::ConfirmDelivery(confirm)), Outcome::Accepted);
    assert!(village.held.due(&due_key(&laforce())).unwrap().all.is_empty());
    let told = village.forwarded(here, record).unwrap();
    assert_eq!((told.to, told.arrived), (moffet(), Some(delivery.record())));
    let own = |record| village.held.trail(&trail_key(&rose().id, record)).unwrap();
    assert_eq!(own(record).forwarded.as_ref().unwrap().arrived, Some(delivery.record()));
    assert_eq!(own(delivery.record()).forwarded_from.as_ref().unwrap().record, record);
    assert_eq!(own(delivery.record()).community, moffet());
}

#[test]
fn its_author_hears_of_both_and_takes_back_either_without_being_of_the_other_place() {
    let mut village = Village::with_neighbour();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    village.act(&clerk(), 3, &forward(here, record, "moffet"));
    let delivery = deliver(here, record);
    village.act_of(&delivery, &Actor::System);
    let (there, arrived) = (letterbox(&moffet()), delivery.record());

    let memberships = vec![Membership { community: moffet(), role: Role::Clerk }];
    let their_clerk = Actor::Person(Person { memberships, ..clerk() });
    let answer = Action::Answer(Answer { consultation: there, record: arrived, text: said("Oui.") });
    let by = Author::Person(clerk().id);
    assert_eq!(village.act_of(&act_in(&moffet(), by, 4, &answer), &their_clerk), Outcome::Accepted);
    assert_eq!(village.held.trail(&trail_key(&rose().id, arrived)).unwrap().state, TrailState::Answered);
    assert_eq!(village.held.trail(&trail_key(&rose().id, record)).unwrap().state, TrailState::Received);

    let by = |person: &Person, number, action: &Action| {
        (act_in(&moffet(), Author::Person(person.id.clone()), number, action), Actor::Person(person.clone()))
    };
    // Nobody else may, and nothing else is done there by who is not of the place.
    let (other, actor) = by(&person("other", Role::Participant), 5, &withdraw(there, arrived));
    assert_eq!(village.act_of(&other, &actor), Outcome::Refused(Refusal::NotYours));
    let (more, actor) = by(&rose(), 6, &propose(there));
    assert_eq!(village.act_of(&more, &actor), Outcome::Refused(Refusal::NotPermitted));
    let reply = Action::Reply(Reply { consultation: here, record, text: "Oui.".parse().unwrap() });
    let (reply, actor) = by(&rose(), 7, &reply);
    assert_eq!(village.act_of(&reply, &actor), Outcome::Refused(Refusal::NotYours), "it is of Laforce");
    let (taken, actor) = by(&rose(), 8, &withdraw(there, arrived));
    assert_eq!(village.act_of(&taken, &actor), Outcome::Accepted);
    assert!(village.arrived(&delivery).is_none());
    assert!(village.forwarded(here, record).is_some(), "the first one stands");
}

#[test]
fn it_is_forwarded_once_to_another_community_that_there_is() {
    let mut village = Village::with_neighbour();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    let refused = |refusal| Outcome::Refused(refusal);
    let unknown = forward(here, record, "atlantis");
    assert_eq!(village.act(&clerk(), 3, &unknown), refused(Refusal::NoSuchCommunity));
    let itself = forward(here, record, "laforce");
    assert_eq!(village.act(&clerk(), 4, &itself), refused(Refusal::NoSuchCommunity));
    assert_eq!(village.act(&clerk(), 5, &forward(here, record, "moffet")), Outcome::Accepted);
    let again = forward(here, record, "moffet");
    assert_eq!(village.act(&clerk(), 6, &again), refused(Refusal::AlreadyForwarded));
}

#[test]
fn what_was_not_sent_here_or_was_taken_back_on_the_way_does_not_arrive() {
    let mut village = Village::with_neighbour();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    let delivery = deliver(here, record);
    assert_eq!(village.act_of(&delivery, &Actor::System), Outcome::Refused(Refusal::NotPermitted));
    village.act(&clerk(), 3, &forward(here, record, "moffet"));
    village.act(&rose(), 4, &withdraw(here, record));
    assert_eq!(village.act_of(&delivery, &Actor::System), Outcome::Refused(Refusal::AlreadyWithdrawn));
    let confirm = ConfirmDelivery { consultation: here, record, arrived: None };
    assert_eq!(village.system(91, &Action::ConfirmDelivery(confirm)), Outcome::Accepted);
    assert!(village.held.due(&due_key(&laforce())).unwrap().all.is_empty(), "it is not tried for ever");
}

#[test]
fn what_was_blotted_out_stays_so_and_what_is_erased_goes_there_too() {
    let mut village = Village::with_neighbour();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    let words = vec!["banc".parse().unwrap()];
    village.act(
        &clerk(),
        3,
        &Action::Blot(Blot { consultation: here, record, words, photos: vec![], covers: vec![] }),
    );
    village.act(&clerk(), 4, &forward(here, record, "moffet"));
    let delivery = deliver(here, record);
    village.act_of(&delivery, &Actor::System);
    assert_eq!(village.arrived(&delivery).unwrap().title().as_str(), "Un ▒▒▒");
    assert!(!serde_json::to_string(village.letter(&delivery)).unwrap().contains("banc"));

    let keys = [
        Key::inside(&moffet(), letterbox(&moffet()), delivery.record()),
        desk_key(&moffet(), delivery.record()),
        trail_key(&rose().id, delivery.record()),
    ];
    for key in keys {
        let held = village.held.record(&key).unwrap().clone();
        assert!(erasure::concerns(record, &key, &held), "{key:?}");
        let left = erasure::erase(record, &key, &held).unwrap().record;
        assert!(!serde_json::to_string(&left).unwrap().contains("▒"), "{key:?}");
    }
}

#[test]
fn without_the_name_of_the_community_it_waits_rather_than_tell_its_authors() {
    let mut village = Village::with_neighbour();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    village.act(&clerk(), 3, &forward(here, record, "moffet"));
    let listed = Key { scope: Scope::Territory, name: "laforce".to_owned() };
    village.held.apply(&[Change::remove(listed)]);
    let waits = village.decision_of(&deliver(here, record), &Actor::System);
    assert_eq!(waits, Decision::Waiting(Missing::Record(record)));
}
