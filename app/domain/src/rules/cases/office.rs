//! What the office does with one contribution, and what each view then says.

use super::*;
use crate::ids::Hash;
use crate::operations::{
    Answer, Ask, Blot, Comment, Conclude, Cover, File, Mark, Note, Photo, Progress, Propose, Reply, Stance,
};
use crate::records::{Contribution, DeskItem, Trail};

struct Seen {
    public: Contribution,
    item: DeskItem,
    trail: Trail,
}

impl Village {
    fn seen(&self, consultation: RecordId, record: RecordId) -> Seen {
        let public = Key::inside(&laforce(), consultation, record);
        Seen {
            public: self.held.contribution(&public).unwrap().clone(),
            item: self.held.desk_item(&desk_key(&laforce(), record)).unwrap().clone(),
            trail: self.held.trail(&trail_key(&rose().id, record)).unwrap().clone(),
        }
    }

    /// The office acts and is not refused.
    fn office(&mut self, number: u8, action: Action) {
        assert_eq!(self.act(&clerk(), number, &action), Outcome::Accepted);
    }
}

fn begun() -> (Village, RecordId, RecordId) {
    let mut village = Village::new();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    (village, here, record)
}

#[test]
fn the_author_learns_that_it_was_read_and_the_public_does_not() {
    let (mut village, consultation, record) = begun();
    let mark = |progress| Action::Mark(Mark { consultation, record, progress });
    let before = village.seen(consultation, record).public;
    village.office(3, mark(Progress::Read));
    let seen = village.seen(consultation, record);
    assert_eq!(seen.public, before);
    let of = |step: &Option<crate::records::Step>| step.as_ref().map(|step| step.progress.clone());
    assert_eq!((of(&seen.item.step), of(&seen.trail.step)), (Some(Progress::Read), Some(Progress::Read)));
    village.office(4, mark(Progress::OnAgenda(NOW)));
    // Reading it once more takes nothing back.
    village.office(5, mark(Progress::Read));
    let seen = village.seen(consultation, record);
    for step in [&seen.public.step, &seen.item.step, &seen.trail.step] {
        assert_eq!(of(step), Some(Progress::OnAgenda(NOW)));
    }
    assert_eq!(seen.item.contribution, seen.public);
}

#[test]
fn an_older_mark_that_comes_back_does_not_replace_a_newer_one() {
    let (mut village, consultation, record) = begun();
    let mark = |progress| Action::Mark(Mark { consultation, record, progress });
    village.now = NOW.plus(2 * HOUR);
    village.office(3, mark(Progress::Done));
    village.again(&clerk(), 4, &mark(Progress::InDiscussion), NOW.plus(HOUR));
    let step = village.seen(consultation, record).public.step.unwrap();
    assert_eq!(step.progress, Progress::Done);
}

#[test]
fn a_question_and_its_reply_are_between_the_office_and_the_author() {
    let (mut village, consultation, record) = begun();
    let before = village.seen(consultation, record).public;
    let reply = Action::Reply(Reply { consultation, record, text: "Le long.".parse().unwrap() });
    assert_eq!(village.act(&rose(), 3, &reply), Outcome::Refused(Refusal::NothingAsked));
    village.office(4, Action::Ask(Ask { consultation, record, text: "Quel côté?".parse().unwrap() }));
    let other = person("other", Role::Participant);
    assert_eq!(village.act(&other, 5, &reply), Outcome::Refused(Refusal::NotYours));
    assert_eq!(village.act(&rose(), 6, &reply), Outcome::Accepted);
    assert_eq!(village.act(&rose(), 7, &reply), Outcome::Refused(Refusal::NothingAsked));
    let seen = village.seen(consultation, record);
    assert_eq!(seen.public, before);
    assert_eq!(seen.item.questions, seen.trail.questions);
    assert_eq!(seen.trail.questions[0].reply.as_ref().unwrap().as_str(), "Le long.");
}

#[test]
fn a_reply_that_comes_back_before_its_question_waits_for_it() {
    let (mut village, consultation, record) = begun();
    let reply = Action::Reply(Reply { consultation, record, text: "Oui.".parse().unwrap() });
    let receipt = accepted(&rose(), 4, &reply, NOW);
    let decision = village.decision(&rose(), 4, &reply, Some(&receipt));
    assert_eq!(decision, Decision::Waiting(Missing::Record(record)));
    village.again(&clerk(), 3, &Action::Ask(Ask { consultation, record, text: "?".parse().unwrap() }), NOW);
    village.again(&rose(), 4, &reply, NOW);
    assert!(village.seen(consultation, record).item.questions[0].reply.is_some());
}

#[test]
fn notes_stay_in_the_office_and_a_new_subject_is_one_of_the_list() {
    let (mut village, consultation, record) = begun();
    let before = village.seen(consultation, record);
    village.office(3, Action::Note(Note { consultation, record, text: "Voir 2019.".parse().unwrap() }));
    let seen = village.seen(consultation, record);
    assert_eq!((&seen.public, &seen.trail), (&before.public, &before.trail));
    assert_eq!(seen.item.notes[0].text.as_str(), "Voir 2019.");
    let file = |subject: &str| Action::File(File { consultation, record, subject: subject.parse().unwrap() });
    let refused = Outcome::Refused(Refusal::UnknownSubject);
    assert_eq!(village.act(&clerk(), 4, &file("roads")), refused);
    village.lists(&["other", "roads"]);
    village.office(5, file("roads"));
    let seen = village.seen(consultation, record);
    assert_eq!(seen.public.subject().unwrap().as_str(), "roads");
    assert_eq!(seen.item.contribution, seen.public);
}

#[test]
fn a_blotted_photo_goes_from_what_everyone_sees_and_stays_with_the_office() {
    let mut village = Village::new();
    let here = village.opened(1);
    let photo = |byte: u8| Photo { full: Hash([byte; 32]), thumb: Hash([byte + 1; 32]), alt: None };
    let Action::Propose(proposal) = propose(here) else { unreachable!() };
    let said = Action::Propose(Propose { photos: vec![photo(10), photo(20)], ..proposal });
    assert_eq!(village.act(&rose(), 3, &said), Outcome::Accepted);
    let record = act(&rose(), 3, &said).record();
    let blot = |bytes: &[u8]| {
        let photos = bytes.iter().map(|byte| Hash([*byte; 32])).collect();
        Action::Blot(Blot { consultation: here, record, words: vec![], photos, covers: vec![] })
    };
    // The small picture is none of its photos.
    assert_eq!(village.act(&clerk(), 4, &blot(&[11])), Outcome::Refused(Refusal::NoSuchWords));
    for number in [5, 6] {
        // Twice, from two tablets, is once.
        assert_eq!(village.act(&clerk(), number, &blot(&[10])), Outcome::Accepted);
        let seen = village.seen(here, record);
        assert_eq!(seen.public.photos(), [photo(20)]);
        assert_eq!(seen.public.proposal().unwrap().photos_out, 1);
        assert_eq!(seen.item.contribution.photos().len(), 2);
    }
    // Hidden, and shown again one day: without it.
    village.rules(&["insult"]);
    village.office(7, super::moderation::hide(here, record));
    assert_eq!(village.act(&clerk(), 8, &blot(&[20])), Outcome::Accepted);
    let item = village.held.desk_item(&desk_key(&laforce(), record)).unwrap();
    assert!(item.hidden.as_ref().unwrap().shown.as_ref().unwrap().photos().is_empty());
}

#[test]
fn a_covered_photo_stands_in_the_place_of_the_one_that_was_sent_and_its_files_stay_while_it_is_hidden() {
    let mut village = Village::new();
    let here = village.opened(1);
    let photo = |byte: u8, alt: &str| Photo {
        full: Hash([byte; 32]),
        thumb: Hash([byte + 1; 32]),
        alt: alt.parse().ok(),
    };
    let (sent, other) = (photo(10, "Une plaque"), photo(20, ""));
    let Action::Propose(proposal) = propose(here) else { unreachable!() };
    let said = Action::Propose(Propose { photos: vec![sent.clone(), other.clone()], ..proposal });
    assert_eq!(village.act(&rose(), 3, &said), Outcome::Accepted);
    let record = act(&rose(), 3, &said).record();
    let cover = |of: u8, by: &Photo| {
        let covers = vec![Cover { photo: Hash([of; 32]), full: by.full, thumb: by.thumb }];
        Action::Blot(Blot { consultation: here, record, words: vec![], photos: vec![], covers })
    };
    let gone = Outcome::Refused(Refusal::NoSuchWords);
    // What was struck of its description does not come back with it.
    let strike = |words: &str| {
        let words = vec![words.parse().unwrap()];
        Action::Blot(Blot { consultation: here, record, words, photos: vec![], covers: vec![] })
    };
    assert_eq!(village.act(&clerk(), 12, &strike("plaque")), Outcome::Accepted);
    let covered = photo(30, "Une ▒▒▒");
    assert_eq!(village.act(&clerk(), 4, &cover(11, &covered)), gone);
    for number in [5, 6] {
        // Twice, by the same act from two tablets, is once.
        assert_eq!(village.act(&clerk(), number, &cover(10, &covered)), Outcome::Accepted);
        let seen = village.seen(here, record);
        assert_eq!(seen.public.photos(), [covered.clone(), other.clone()]);
        let shown = seen.public.proposal().unwrap();
        assert_eq!((shown.photos_out, shown.photos_covered), (0, 1));
        assert_eq!(seen.item.contribution.photos(), [sent.clone(), other.clone()]);
    }
    // Whoever covers another part of what was sent is told that it stands there no more: it is looked at again.
    assert_eq!(village.act(&clerk(), 7, &cover(10, &photo(40, ""))), gone);
    assert_eq!(village.act(&clerk(), 8, &cover(30, &photo(50, ""))), Outcome::Accepted);
    // And so is whoever takes out what was sent, for something of it still stands there.
    let take = |of: u8| {
        let photos = vec![Hash([of; 32])];
        Action::Blot(Blot { consultation: here, record, words: vec![], photos, covers: vec![] })
    };
    assert_eq!(village.act(&clerk(), 10, &take(10)), gone);
    assert_eq!(village.seen(here, record).public.proposal().unwrap().photos_covered, 1);
    // Hidden, its files are still those of a record: shown again one day, they are there.
    village.rules(&["insult"]);
    village.office(9, super::moderation::hide(here, record));
    let item = village.held.desk_item(&desk_key(&laforce(), record)).unwrap().clone();
    assert!(Record::DeskItem(item).blobs().contains(&Hash([50; 32])));
}

#[test]
fn blotted_words_go_from_the_public_text_wherever_they_stand_and_stay_with_the_office() {
    let (mut village, consultation, on) = begun();
    let text = "Appelez Ti-Guy au 819 555-0199.\nTi-Guy sait où.".parse().unwrap();
    let said = Action::Comment(Comment { consultation, on, stance: Stance::Neutral, text });
    village.act(&rose(), 3, &said);
    let record = act(&rose(), 3, &said).record();
    let blot = |words: &[&str]| {
        let words = words.iter().map(|word| word.parse().unwrap()).collect();
        Action::Blot(Blot { consultation, record, words, photos: vec![], covers: vec![] })
    };
    let unknown = Outcome::Refused(Refusal::NoSuchWords);
    assert_eq!(village.act(&clerk(), 4, &blot(&["Ti-Guy", "Gilles"])), unknown);
    village.office(5, blot(&["Ti-Guy", "819 555-0199"]));
    let seen = village.seen(consultation, record);
    assert_eq!(seen.public.text().unwrap().as_str(), "Appelez ▒▒▒ au ▒▒▒.\n▒▒▒ sait où.");
    assert!(seen.item.contribution.text().unwrap().as_str().contains("819 555-0199"));
    // Twice, from two tablets, is once; and an answer leaves the desk its whole text.
    village.office(6, blot(&["Ti-Guy"]));
    village.office(7, Action::Answer(Answer { consultation, record, text: super::said("Merci.") }));
    let seen = village.seen(consultation, record);
    assert!(seen.public.answer.is_some() && seen.item.contribution.answer.is_some());
    assert!(seen.item.contribution.text().unwrap().as_str().contains("Ti-Guy"));
    assert!(!seen.public.text().unwrap().as_str().contains("Ti-Guy"));
    // A phrase of which a part is gone goes whole.
    village.office(8, blot(&["Appelez Ti-Guy au 819 555-0199."]));
    assert_eq!(village.seen(consultation, record).public.text().unwrap().as_str(), "▒▒▒\n▒▒▒ sait où.");
}

#[test]
fn the_answer_to_all_of_it_tells_the_authors_whose_words_it_uses() {
    let (mut village, consultation, record) = begun();
    let other = village.proposed(3, consultation);
    let conclude = |uses: &[RecordId]| {
        let text = super::said("Le conseil ouvre le chemin.");
        Action::Conclude(Conclude { consultation, text, uses: uses.to_vec() })
    };
    village.office(4, conclude(&[record]));
    assert!(village.seen(consultation, record).trail.used);
    assert!(!village.seen(consultation, other).trail.used);
    let it = village.held.consultation(&Key::consultation(&laforce(), consultation)).unwrap();
    assert_eq!(it.conclusion.as_ref().unwrap().uses, [record]);
    village.act(&rose(), 5, &withdraw(consultation, other));
    let gone = Outcome::Refused(Refusal::AlreadyWithdrawn);
    assert_eq!(village.act(&clerk(), 6, &conclude(&[other])), gone);
}
