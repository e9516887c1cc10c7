//! The story of a thing, as the device and the server tell it.

use super::*;
use domain::ids::{Hash, Salt};
use domain::operations::{Propose, Reply, Withdraw, seal};
use domain::text::Localized;

/// An item as the outbox holds it, sealed at the time that is its number.
pub fn item(op: u8, action: &Action, state: State, author: Option<&str>) -> Item {
    Item {
        op: OpId([op; 16]),
        author: author.map(|id| id.parse().unwrap()),
        community: "laforce".parse().unwrap(),
        body: seal(Salt([1; 32]), Millis(i64::from(op)), vec![], action).unwrap(),
        number: u64::from(op),
        sealed_at: Millis(i64::from(op)),
        about: action.about(),
        blobs: vec![],
        tried: state != State::Sealed,
        state,
        receipt: None,
        receipted_at: None,
    }
}

fn propose() -> Action {
    Action::Propose(Propose {
        consultation: RecordId([9; 16]),
        title: "Un banc".parse().unwrap(),
        text: None,
        subject: "other".parse().unwrap(),
        photos: vec![],
        place: None,
    })
}

fn trail(op: u8, record: RecordId, state: TrailState) -> Trail {
    Trail {
        op: OpId([op; 16]),
        act: Kind::Propose,
        community: "laforce".parse().unwrap(),
        consultation: RecordId([9; 16]),
        record,
        title: Some("Un banc".parse().unwrap()),
        outcome: Outcome::Accepted,
        receipt: "000-000-0".to_owned(),
        hash: Hash([0; 32]),
        received_at: Millis(100),
        stored_at: 1,
        state,
        answer: None,
        step: None,
        questions: vec![],
        used: false,
        merged_into: None,
        forwarded: None,
        forwarded_from: None,
        appeal: None,
    }
}

fn standing(item: &Item, signed_in: bool) -> Standing {
    things([item], [], signed_in).remove(0).standing
}

#[test]
fn what_was_written_before_signing_in_waits_and_is_then_asked_about() {
    let item = item(1, &propose(), State::Sealed, None);
    assert_eq!(standing(&item, false), Standing::NeedsSignIn);
    assert_eq!(standing(&item, true), Standing::Unclaimed);
}

#[test]
fn what_the_server_says_wins_over_what_the_device_remembers() {
    let item = item(1, &propose(), State::Accepted, Some("p1"));
    let record = item.entry().unwrap().record();
    let all = things([&item], [&trail(1, record, TrailState::Answered)], true);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].standing, Standing::Answered);
    assert_eq!(all[0].written_at, Some(Millis(1)));
}

#[test]
fn what_is_offered_again_to_a_restored_server_is_to_send_again() {
    let item = item(1, &propose(), State::Sealed, Some("p1"));
    let record = item.entry().unwrap().record();
    let all = things([&item], [&trail(1, record, TrailState::Received)], true);
    assert_eq!(all[0].standing, Standing::Kept);
}

#[test]
fn a_withdrawal_on_its_way_marks_the_proposal_and_is_no_line_of_its_own() {
    let first = item(1, &propose(), State::Accepted, Some("p1"));
    let record = first.entry().unwrap().record();
    let withdraw = Action::Withdraw(Withdraw { consultation: RecordId([9; 16]), record });
    let second = item(2, &withdraw, State::Sealed, Some("p1"));
    let all = things([&first, &second], [&trail(1, record, TrailState::Received)], true);
    assert_eq!(all.len(), 1);
    assert!(all[0].withdrawing && !all[0].can_be_withdrawn());
}

#[test]
fn what_needs_the_person_comes_first_and_is_counted() {
    let stuck = item(1, &propose(), State::Unsendable(Unsendable::NotYours), Some("p2"));
    let kept = item(2, &propose(), State::Sealed, Some("p1"));
    let done = trail(3, RecordId([3; 16]), TrailState::Received);
    let all = things([&kept, &stuck], [&done], true);
    let sections: Vec<_> = all.iter().map(|thing| thing.section()).collect();
    assert_eq!(sections, [Section::Attention, Section::ToSend, Section::Arrived]);
    assert_eq!(unsettled(&all), 2);
}

#[test]
fn a_refusal_waits_where_its_words_are_and_is_history_elsewhere() {
    let item = item(1, &propose(), State::Refused, Some("p1"));
    let record = item.entry().unwrap().record();
    let refused = Outcome::Refused(Refusal::Closed { since: Millis(4) });
    let trail = Trail { outcome: refused, ..trail(1, record, TrailState::Received) };
    let here = things([&item], [&trail], true);
    assert_eq!((here[0].section(), unsettled(&here)), (Section::Attention, 1));
    let elsewhere = things([], [&trail], true);
    assert_eq!((elsewhere[0].section(), unsettled(&elsewhere)), (Section::Arrived, 0));
    // An act without words of its own is history nowhere.
    let act = Trail { act: Kind::Withdraw, ..trail };
    assert!(things([], [&act], true).is_empty());
}

#[test]
fn every_standing_has_one_place_on_the_way() {
    let all = [Standing::Kept, Standing::Sending, Standing::Received, Standing::Withdrawn];
    for standing in all {
        let here = standing.steps().iter().filter(|step| matches!(step, Step::Here | Step::Stopped)).count();
        assert_eq!(here, 1, "{standing:?}");
    }
    assert!(Standing::Answered.steps().iter().all(|step| *step == Step::Done));
}

#[test]
fn how_far_the_office_is_shows_on_the_way() {
    use Step::{Done, Here, Stopped, Todo};
    let way = |progress: Option<Progress>, state: TrailState| {
        let step = progress.map(|progress| domain::records::Step { progress, at: Millis(5) });
        Thing::of_trail(&Trail { step, ..trail(1, RecordId([3; 16]), state) }).way()
    };
    let received = TrailState::Received;
    assert_eq!(way(None, received.clone()), [Done, Done, Here, Todo, Todo, Todo]);
    assert_eq!(way(Some(Progress::Read), received.clone()), [Done, Done, Done, Here, Todo, Todo]);
    assert_eq!(way(Some(Progress::InDiscussion), received.clone()), [Done, Done, Done, Done, Here, Todo]);
    assert_eq!(
        way(Some(Progress::OnAgenda(Millis(9))), received.clone()),
        [Done, Done, Done, Done, Done, Here]
    );
    let why = Localized::new([("fr".parse().unwrap(), "Trop cher.".parse().unwrap())]).unwrap();
    assert_eq!(way(Some(Progress::Declined(why)), received.clone())[5], Stopped);
    assert_eq!(way(Some(Progress::Read), TrailState::Answered), [Done; 6]);
    assert_eq!(way(Some(Progress::Read), TrailState::Withdrawn), [Done, Done, Done, Todo, Todo, Stopped]);
}

#[test]
fn a_question_of_the_office_needs_the_person_until_a_reply_is_on_its_way() {
    let record = RecordId([3; 16]);
    let question =
        Question { text: "Quel côté?".parse().unwrap(), at: Millis(5), reply: None, replied_at: None };
    let asked = Trail { questions: vec![question], ..trail(1, record, TrailState::Received) };
    let all = things([], [&asked], true);
    assert_eq!((all[0].section(), unsettled(&all)), (Section::Attention, 1));
    let reply = Reply { consultation: RecordId([9; 16]), record, text: "Le long.".parse().unwrap() };
    let reply = item(2, &Action::Reply(reply), State::Sealed, Some("p1"));
    let all = things([&reply], [&asked], true);
    assert_eq!((all.len(), all[0].section(), all[0].replying), (1, Section::Arrived, true));
}
