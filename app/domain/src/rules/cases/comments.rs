//! Comments: on a proposal that stands, in a consultation that asks for them.

use super::*;
use crate::operations::{Comment, Hide, Stance};
use crate::records::What;

fn comment(consultation: RecordId, on: RecordId) -> Action {
    let text = "D’accord, mais\nà l’ombre.".parse().unwrap();
    Action::Comment(Comment { consultation, on, stance: Stance::For, text })
}

#[test]
fn a_comment_lies_beside_its_proposal_and_is_answered_withdrawn_and_hidden_like_it() {
    let mut village = Village::new();
    let here = village.opened(1);
    let proposal = village.proposed(2, here);
    assert_eq!(village.act(&rose(), 3, &comment(here, proposal)), Outcome::Accepted);
    let record = act(&rose(), 3, &comment(here, proposal)).record();
    let public = Key::inside(&laforce(), here, record);
    let said = village.held.contribution(&public).unwrap();
    assert!(matches!(&said.what, What::Comment(it) if it.on == proposal && it.stance == Stance::For));
    let trail = village.held.trail(&trail_key(&rose().id, record)).unwrap();
    assert_eq!(trail.title.as_ref().unwrap().as_str(), "D’accord, mais à l’ombre.");
    assert_eq!(village.act(&rose(), 4, &withdraw(here, record)), Outcome::Accepted);
    assert!(village.held.is_gone(&public));
    assert_eq!(village.desk(record), &DeskState::Withdrawn);
}

#[test]
fn there_is_one_level_of_comments_and_none_on_what_went() {
    let mut village = Village::new();
    let here = village.opened(1);
    let proposal = village.proposed(2, here);
    village.act(&rose(), 3, &comment(here, proposal));
    let first = act(&rose(), 3, &comment(here, proposal)).record();
    let refused = |refusal| Outcome::Refused(refusal);
    assert_eq!(village.act(&rose(), 4, &comment(here, first)), refused(Refusal::NotAProposal));
    village.rules(&["insult"]);
    let hide = Action::Hide(Hide { consultation: here, record: proposal, rule: "insult".parse().unwrap() });
    assert_eq!(village.act(&clerk(), 5, &hide), Outcome::Accepted);
    assert_eq!(village.act(&rose(), 6, &comment(here, proposal)), refused(Refusal::AlreadyHidden));
    let withdrawn = village.proposed(7, here);
    village.act(&rose(), 8, &withdraw(here, withdrawn));
    assert_eq!(village.act(&rose(), 9, &comment(here, withdrawn)), refused(Refusal::AlreadyWithdrawn));
    assert_eq!(village.wait(&rose(), 10, &comment(here, RecordId([7; 16]))), RecordId([7; 16]));
}

#[test]
fn each_form_is_taken_in_its_phases_and_only_when_it_is_asked_for() {
    let mut village = Village::new();
    let phases = Phases::new(vec![
        Period { phase: Phase::Inform, from: NOW, until: NOW.plus(DAY) },
        Period { phase: Phase::Contribute, from: NOW.plus(DAY), until: NOW.plus(3 * DAY) },
        Period { phase: Phase::Discuss, from: NOW.plus(3 * DAY), until: NOW.plus(6 * DAY) },
    ]);
    let Action::OpenConsultation(plain) = open() else { unreachable!() };
    let takes = vec![Form::Proposals, Form::Comments];
    let open = Action::OpenConsultation(OpenConsultation { phases: phases.unwrap(), takes, ..plain });
    village.act(&clerk(), 1, &open);
    let here = act(&clerk(), 1, &open).record();
    let refused = |refusal| Outcome::Refused(refusal);
    let from = NOW.plus(DAY);
    assert_eq!(village.act(&rose(), 2, &propose(here)), refused(Refusal::NotYetOpen { from }));
    village.now = NOW.plus(2 * DAY);
    let proposal = village.proposed(3, here);
    let unasked = super::support::given(here, proposal, true);
    assert_eq!(village.act(&rose(), 4, &unasked), refused(Refusal::NotTaken));
    // Nothing new is proposed once it is discussed, but for what was written offline.
    village.now = NOW.plus(4 * DAY);
    village.proposed(5, here);
    village.now = NOW.plus(5 * DAY + HOUR);
    let since = NOW.plus(5 * DAY);
    assert_eq!(village.act(&rose(), 6, &propose(here)), refused(Refusal::Closed { since }));
    assert_eq!(village.act(&rose(), 7, &comment(here, proposal)), Outcome::Accepted);
    village.now = NOW.plus(8 * DAY);
    let since = NOW.plus(8 * DAY);
    assert_eq!(village.act(&rose(), 8, &comment(here, proposal)), refused(Refusal::Closed { since }));
}
