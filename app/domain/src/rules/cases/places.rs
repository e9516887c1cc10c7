//! The place of a proposal: a sector of the grid, within the territory, in words that can be blotted out.

use super::*;
use crate::operations::{Blot, DecodeError};
use crate::sectors::Spot;

fn at(consultation: RecordId, sector: &str, words: Option<&str>) -> Action {
    let Action::Propose(propose) = propose(consultation) else { unreachable!() };
    let place = Spot::of(Some(sector.parse().unwrap()), words.map(|words| words.parse().unwrap()));
    Action::Propose(Propose { place, ..propose })
}

/// Its place, as everyone sees it.
fn public(village: &Village, consultation: RecordId, record: RecordId) -> Option<Spot> {
    let key = Key::inside(&laforce(), consultation, record);
    village.held.contribution(&key).unwrap().place().cloned()
}

const HERE: &str = "47.5350,-78.6975";
const MONTREAL: &str = "45.5000,-73.5675";

fn framed() -> Village {
    let mut village = Village::new();
    let before = village.held.community(&Key::community(&laforce())).unwrap().clone();
    let bounds = Some("46.2000,-79.7000,48.0000,-77.6000".parse().unwrap());
    village.community(Community { bounds, ..before });
    village
}

#[test]
fn a_place_is_shown_as_it_was_said_to_everyone_and_to_the_desk() {
    let mut village = framed();
    let here = village.opened(1);
    let action = at(here, HERE, Some("Au bout du quai"));
    assert_eq!(village.act(&rose(), 2, &action), Outcome::Accepted);
    let record = act(&rose(), 2, &action).record();
    let shown = public(&village, here, record).unwrap();
    assert_eq!(shown.sector.unwrap().to_string(), HERE);
    assert_eq!(shown.words.as_ref().unwrap().as_str(), "Au bout du quai");
    let item = village.held.desk_item(&desk_key(&laforce(), record)).unwrap();
    assert_eq!(item.contribution.place(), Some(&shown));
}

#[test]
fn outside_the_territory_there_is_no_place_and_without_a_frame_it_is_anywhere() {
    let mut village = framed();
    let here = village.opened(1);
    let refused = Outcome::Refused(Refusal::OutsideTerritory);
    assert_eq!(village.act(&rose(), 2, &at(here, MONTREAL, None)), refused);
    assert_eq!(village.act(&rose(), 3, &at(here, "46.2000,-79.7025", None)), refused);
    let edge = at(here, "46.2000,-79.6950", None);
    assert_eq!(village.act(&rose(), 4, &edge), Outcome::Accepted);
    village.lists(&["other"]);
    assert_eq!(village.act(&rose(), 5, &at(here, MONTREAL, None)), Outcome::Accepted);
}

#[test]
fn what_was_accepted_keeps_its_place_when_the_restored_frame_is_another() {
    let mut village = framed();
    let here = village.opened(1);
    let action = at(here, MONTREAL, None);
    village.again(&rose(), 2, &action, NOW);
    let record = act(&rose(), 2, &action).record();
    assert_eq!(public(&village, here, record).unwrap().sector.unwrap().to_string(), MONTREAL);
}

#[test]
fn a_place_gives_nobody_a_right() {
    let mut village = framed();
    let here = village.opened(1);
    let stranger = Person { memberships: vec![], ..rose() };
    let refused = Outcome::Refused(Refusal::NotPermitted);
    assert_eq!(village.act(&stranger, 2, &at(here, HERE, None)), refused);
    village.now = NOW.plus(9 * DAY);
    let late = village.act(&rose(), 3, &at(here, HERE, None));
    assert!(matches!(late, Outcome::Refused(Refusal::Closed { .. })), "{late:?}");
}

/// The body as a device that is not ours would write it.
fn forged(consultation: RecordId, place: &str) -> Result<Operation, DecodeError> {
    let honest = at(consultation, HERE, None);
    let body = seal(Salt([7; 32]), NOW, vec![], &honest).unwrap();
    let own = format!("{{\"sector\":\"{HERE}\"}}");
    assert!(body.contains(&own));
    Operation::decode(&Envelope {
        op: OpId([2; 16]),
        author: Author::Person(rose().id),
        community: laforce(),
        stream: None,
        proof: Proof::Session,
        body: body.replace(&own, place),
    })
}

#[test]
fn a_finer_position_or_an_empty_place_is_never_decoded() {
    let here = RecordId([5; 16]);
    assert!(forged(here, r#"{"sector":"47.5350,-78.6975","words":"Au quai"}"#).is_ok());
    for place in [
        r#"{"sector":"47.5351,-78.6975"}"#,
        r#"{"sector":"47.535,-78.6975"}"#,
        r#"{"sector":[475350,-786975]}"#,
        r#"{"sector":"47.5350,-78.6975","accuracy":4}"#,
        r#"{"words":" "}"#,
        "{}",
    ] {
        assert!(matches!(forged(here, place), Err(DecodeError::Invalid(_))), "{place}");
    }
}

#[test]
fn words_of_a_place_are_blotted_out_in_public_and_go_with_the_proposal() {
    let mut village = framed();
    let here = village.opened(1);
    let action = at(here, HERE, Some("Chez Rose, au bout du quai"));
    assert_eq!(village.act(&rose(), 2, &action), Outcome::Accepted);
    let record = act(&rose(), 2, &action).record();
    let words = vec!["Chez Rose".parse().unwrap()];
    let blot = Action::Blot(Blot { consultation: here, record, words, photos: vec![], covers: vec![] });
    assert_eq!(village.act(&clerk(), 3, &blot), Outcome::Accepted);
    let shown = public(&village, here, record).unwrap();
    assert_eq!(shown.words.unwrap().as_str(), "▒▒▒, au bout du quai");
    assert_eq!(village.act(&rose(), 4, &withdraw(here, record)), Outcome::Accepted);
    assert!(village.held.is_gone(&Key::inside(&laforce(), here, record)));
}
