//! Documents: attached by the office of the place, ten at a time, and taken away once.

use super::*;
use crate::documents::DOCUMENTS_MAX;
use crate::operations::{AttachDocument, CloseConsultation, DetachDocument};
use crate::records::Document;
use crate::rules::documents::attached_key;

const FILE: Hash = Hash([8; 32]);

fn attach(consultation: RecordId) -> Action {
    Action::AttachDocument(AttachDocument { consultation, title: super::said("Le plan"), file: FILE })
}

fn detach(consultation: RecordId, document: RecordId) -> Action {
    Action::DetachDocument(DetachDocument { consultation, document })
}

impl Village {
    fn attached(&mut self, number: u8, consultation: RecordId) -> RecordId {
        assert_eq!(self.act(&clerk(), number, &attach(consultation)), Outcome::Accepted);
        act(&clerk(), number, &attach(consultation)).record()
    }

    fn document(&self, consultation: RecordId, document: RecordId) -> &Document {
        self.held.document(&Key::inside(&laforce(), consultation, document)).unwrap()
    }
}

#[test]
fn what_the_office_attaches_everyone_sees_with_its_size_and_until_it_is_taken_away() {
    let mut village = Village::new();
    let here = village.opened(1);
    let plan = village.attached(2, here);
    let shown = village.document(here, plan).clone();
    assert_eq!((shown.id, shown.consultation, shown.file, shown.size), (plan, here, FILE, FILE_SIZE));
    assert_eq!((shown.added_at, shown.removed_at), (NOW, None));
    assert_eq!(Record::Document(shown.clone()).blobs(), [FILE]);

    village.now = NOW.plus(DAY);
    assert_eq!(village.act(&clerk(), 3, &detach(here, plan)), Outcome::Accepted);
    let gone = village.document(here, plan).clone();
    assert_eq!(gone, Document { removed_at: Some(NOW.plus(DAY)), ..shown });
    assert!(Record::Document(gone.clone()).blobs().is_empty(), "its file is served no longer");
    village.now = NOW.plus(2 * DAY);
    let again = village.act(&clerk(), 4, &detach(here, plan));
    assert_eq!(again, Outcome::Refused(Refusal::AlreadyDone));
    assert_eq!(village.document(here, plan), &gone);
}

#[test]
fn nobody_but_the_office_of_the_place_attaches_or_takes_away() {
    let mut village = Village::new();
    let here = village.opened(1);
    let plan = village.attached(2, here);
    let of_moffet = Person {
        memberships: vec![Membership { community: "moffet".parse().unwrap(), role: Role::Clerk }],
        ..clerk()
    };
    let not = Outcome::Refused(Refusal::NotPermitted);
    for someone in [rose(), of_moffet] {
        assert_eq!(village.act(&someone, 3, &attach(here)), not);
        assert_eq!(village.act(&someone, 4, &detach(here, plan)), not);
    }
    assert_eq!(village.system(5, &attach(here)), not);
    assert_eq!(village.document(here, plan).removed_at, None);
}

#[test]
fn there_are_ten_at_a_time_and_what_is_taken_away_makes_room() {
    let mut village = Village::new();
    let (here, there) = (village.opened(1), village.opened(2));
    let most = u8::try_from(DOCUMENTS_MAX).unwrap();
    let all: Vec<RecordId> = (0..most).map(|number| village.attached(10 + number, here)).collect();
    let many = Outcome::Refused(Refusal::TooManyDocuments);
    assert_eq!(village.act(&clerk(), 3, &attach(here)), many);
    village.attached(4, there);
    assert_eq!(village.act(&clerk(), 5, &detach(here, all[0])), Outcome::Accepted);
    village.attached(6, here);
    assert_eq!(village.act(&clerk(), 7, &attach(here)), many);
    // What was taken away before gives no second place.
    village.act(&clerk(), 8, &detach(here, all[0]));
    assert_eq!(village.act(&clerk(), 9, &attach(here)), many);
}

#[test]
fn a_document_waits_for_its_consultation_and_comes_after_its_end_too() {
    let mut village = Village::new();
    let nowhere = RecordId([9; 16]);
    assert_eq!(village.wait(&clerk(), 1, &attach(nowhere)), nowhere);
    let (here, there) = (village.opened(2), village.opened(6));
    let plan = act(&clerk(), 4, &attach(here)).record();
    assert_eq!(village.wait(&clerk(), 3, &detach(here, plan)), plan);
    let close = Action::CloseConsultation(CloseConsultation { consultation: here, grace: 0 });
    assert_eq!(village.act(&clerk(), 5, &close), Outcome::Accepted);
    village.now = NOW.plus(30 * DAY);
    assert_eq!(village.attached(4, here), plan);
    // In another consultation it is not.
    assert_eq!(village.wait(&clerk(), 7, &detach(there, plan)), plan);
}

#[test]
fn what_comes_back_after_a_restore_is_taken_with_its_own_time_and_stays_away_once_taken() {
    let mut village = Village::new();
    let here = village.opened(1);
    let most = u8::try_from(DOCUMENTS_MAX).unwrap();
    for number in 0..most {
        village.attached(10 + number, here);
    }
    village.now = NOW.plus(3 * DAY);
    // It was the tenth once: the server keeps its word.
    village.again(&clerk(), 3, &attach(here), NOW.plus(DAY));
    let plan = act(&clerk(), 3, &attach(here)).record();
    assert_eq!(village.document(here, plan).added_at, NOW.plus(DAY));
    village.again(&clerk(), 4, &detach(here, plan), NOW.plus(2 * DAY));
    village.again(&clerk(), 5, &detach(here, plan), NOW.plus(HOUR));
    assert_eq!(village.document(here, plan).removed_at, Some(NOW.plus(2 * DAY)));
    assert_eq!(village.held.attached(&attached_key(&laforce(), here)).unwrap().all.len(), DOCUMENTS_MAX);
}
