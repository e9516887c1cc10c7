//! An appeal for what was entered, by the code of its slip.

use super::entering::{code, enter, proposal, take_back, yes};
use super::moderation::{colleague, hide};
use super::*;
use crate::operations::{AppealFor, DecideAppeal, Way};

fn appeal(number: u8) -> Action {
    Action::AppealFor(AppealFor {
        slip: code(number).hash(),
        text: "Je n’ai nommé personne.".parse().unwrap(),
    })
}

#[test]
fn what_is_hidden_is_appealed_against_once_by_its_code_and_a_second_person_decides() {
    let mut village = Village::new();
    village.rules(&["insult"]);
    let here = village.opened(1);
    let record = village.enters(2, Way::Visit, proposal(here));
    village.enters(3, Way::Visit, yes(here, record));
    let refused = Outcome::Refused;
    assert_eq!(village.act(&clerk(), 4, &appeal(2)), refused(Refusal::NotHidden));
    assert_eq!(village.act(&clerk(), 5, &hide(here, record)), Outcome::Accepted);
    assert_eq!(village.act(&clerk(), 6, &appeal(9)), refused(Refusal::NoSuchCode));
    assert_eq!(village.act(&clerk(), 7, &appeal(3)), refused(Refusal::NotHidden), "support cannot be hidden");
    assert_eq!(village.act(&rose(), 8, &appeal(2)), refused(Refusal::NotPermitted));
    assert_eq!(village.act(&clerk(), 9, &appeal(2)), Outcome::Accepted);
    assert_eq!(village.act(&clerk(), 10, &appeal(2)), refused(Refusal::AlreadyDone));
    let decide =
        Action::DecideAppeal(DecideAppeal { consultation: here, record, restored: true, text: said("Oui.") });
    assert_eq!(village.act(&clerk(), 11, &decide), refused(Refusal::SecondPerson));
    assert_eq!(village.act(&colleague(), 12, &decide), Outcome::Accepted);
    assert!(village.held.contribution(&Key::inside(&laforce(), here, record)).is_some(), "shown again");
    assert_eq!(village.act(&clerk(), 13, &take_back(2)), Outcome::Accepted);
    assert_eq!(village.act(&clerk(), 14, &appeal(2)), refused(Refusal::AlreadyWithdrawn));
}

#[test]
fn one_that_comes_back_before_what_it_is_about_waits_for_it() {
    let mut late = Village::new();
    late.rules(&["insult"]);
    let here = late.opened(1);
    let action = enter(2, Way::Visit, proposal(here));
    let record = act(&clerk(), 2, &action).record();
    let appeal = appeal(2);
    let receipt = accepted(&clerk(), 9, &appeal, NOW);
    let decision = late.decision(&clerk(), 9, &appeal, Some(&receipt));
    assert!(matches!(decision, Decision::Waiting(_)), "{decision:?}");
    late.again(&clerk(), 2, &action, NOW);
    late.again(&clerk(), 8, &hide(here, record), NOW);
    late.again(&clerk(), 9, &appeal, NOW);
    let item = late.held.desk_item(&desk_key(&laforce(), record)).unwrap();
    assert!(item.hidden.as_ref().unwrap().appeal.is_some());
}
