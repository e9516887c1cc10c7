//! What comes back after a restore takes its place again, and nothing newer is lost.

use super::*;
use crate::operations::{Answer, CloseConsultation, Hide};
use crate::records::Consultation;

#[test]
fn what_was_accepted_takes_effect_again_also_when_the_restored_lists_lack_its_subject_or_rule() {
    let mut village = Village::new();
    let here = village.opened(1);
    village.lists(&[]);
    assert_eq!(village.act(&rose(), 2, &propose(here)), Outcome::Refused(Refusal::UnknownSubject));
    village.again(&rose(), 3, &propose(here), NOW);
    let record = act(&rose(), 3, &propose(here)).record();
    let public = Key::inside(&laforce(), here, record);
    assert!(village.held.contribution(&public).is_some());
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
        let public = Key::inside(&laforce(), here, record);
        let proposal = village.held.contribution(&public).unwrap().answer.clone().unwrap();
        let desk = village.held.desk_item(&desk_key(&laforce(), record)).unwrap().contribution.answer.clone();
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
    assert_eq!(stands(&village, there).closes_at(), NOW.plus(HOUR));
}
