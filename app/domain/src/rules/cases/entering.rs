//! What an office enters for somebody: as if they had done it, told apart, and taken back by its code.

use super::polls::{cast, neighbour, poll};
use super::support::given;
use super::surveys::{respond, survey};
use super::texts::{WIDE, amend};
use super::*;
use crate::channels::Channels;
use crate::codes::SlipCode;
use crate::operations::{
    Act, Answer, Cast, Comment, Consent, Count, Enter, Hide, PublishResults, Stance, Support, TakeBack, Way,
};
use crate::records::{PollResult, SignedAs};
use crate::rules::entering::slip_key;
use crate::rules::support::counts;
use crate::tallies::Ballot;

pub(super) fn code(number: u8) -> SlipCode {
    SlipCode::from_random([number; 16])
}

pub(super) fn enter(number: u8, way: Way, act: Act) -> Action {
    Action::Enter(Enter { act, way, consent: Consent::Spoken, slip: code(number).hash() })
}

pub(super) fn take_back(number: u8) -> Action {
    Action::TakeBack(TakeBack { code: code(number) })
}

pub(super) fn proposal(consultation: RecordId) -> Act {
    let Action::Propose(propose) = propose(consultation) else { unreachable!() };
    Act::Propose(propose)
}

fn word(consultation: RecordId, on: RecordId) -> Act {
    Act::Comment(Comment { consultation, on, stance: Stance::For, text: "Oui.".parse().unwrap() })
}

pub(super) fn yes(consultation: RecordId, record: RecordId) -> Act {
    Act::Support(Support { consultation, record, given: true })
}

fn ballot(consultation: RecordId, poll: RecordId, choice: u8) -> Act {
    Act::Cast(Cast { consultation, poll, ballot: Ballot::Choice(choice) })
}

fn entered(number: u8, action: &Action) -> RecordId {
    act(&clerk(), number, action).record()
}

impl Village {
    /// Enters, under the number that names operation and code.
    pub(super) fn enters(&mut self, number: u8, way: Way, act: Act) -> RecordId {
        let action = enter(number, way, act);
        assert_eq!(self.act(&clerk(), number, &action), Outcome::Accepted);
        entered(number, &action)
    }

    fn polls(&mut self, number: u8) -> (RecordId, RecordId) {
        let here = self.opened(number);
        assert_eq!(self.act(&clerk(), number + 1, &poll(here)), Outcome::Accepted);
        (here, act(&clerk(), number + 1, &poll(here)).record())
    }

    /// Own ballots, on behalf and on paper, counted when they are over: what is told of them.
    fn counted(own: u8, on_behalf: u8, paper: u8) -> PollResult {
        let mut village = Self::new();
        let (here, poll) = village.polls(1);
        let before = village.held.poll(&Key::inside(&laforce(), here, poll)).cloned();
        for number in 0..own {
            village.act(&neighbour(number), 3, &cast(here, poll, 0));
        }
        for number in 0..on_behalf {
            village.enters(
                10 + number,
                [Way::Visit, Way::Phone, Way::Letter][usize::from(number % 3)],
                ballot(here, poll, 1),
            );
        }
        for number in 0..paper {
            village.enters(50 + number, Way::Paper, ballot(here, poll, 1));
        }
        let key = Key::inside(&laforce(), here, poll);
        assert_eq!(village.held.poll(&key).cloned(), before, "an entry changes nothing that anyone sees");
        village.now = NOW.plus(3 * DAY + 48 * HOUR);
        village.system(200, &Action::Count(Count { consultation: here, poll }));
        village.held.poll(&key).unwrap().result.as_ref().unwrap().read().unwrap()
    }
}

#[test]
fn what_is_entered_stands_as_if_the_person_had_said_it_and_says_that_the_office_noted_it() {
    let mut village = Village::new();
    let here = village.opened(1);
    let by_phone = village.enters(2, Way::Phone, proposal(here));
    let on_paper = village.enters(3, Way::Paper, word(here, by_phone));
    let shown = |village: &Village, id| {
        village.held.contribution(&Key::inside(&laforce(), here, id)).unwrap().clone()
    };
    assert_eq!(shown(&village, by_phone).signed, SignedAs::OnBehalf);
    assert_eq!(shown(&village, on_paper).signed, SignedAs::Paper);
    let item = village.held.desk_item(&desk_key(&laforce(), by_phone)).unwrap();
    assert_eq!((item.person.clone(), item.name.as_str()), (PersonId::guest(by_phone), "clerk"));
    // It is worked with like any other.
    let answer = Answer { consultation: here, record: by_phone, text: super::said("Oui.") };
    assert_eq!(village.act(&clerk(), 4, &Action::Answer(answer)), Outcome::Accepted);
    assert_eq!(village.desk(by_phone), &DeskState::Answered);
    let own = village.held.trail(&trail_key(&clerk().id, by_phone)).unwrap();
    assert_eq!((own.act, own.record), (crate::operations::Kind::Enter, by_phone));
    // It is not the clerk's.
    let both =
        Person { memberships: [rose(), clerk()].map(|it| it.memberships[0].clone()).to_vec(), ..clerk() };
    assert_eq!(village.act(&both, 5, &withdraw(here, by_phone)), Outcome::Refused(Refusal::NotYours));
}

#[test]
fn only_an_office_enters_and_takes_back_and_only_where_it_is_one() {
    let mut village = Village::new();
    let here = village.opened(1);
    village.enters(2, Way::Visit, proposal(here));
    let elsewhere = Membership { community: "moffet".parse().unwrap(), role: Role::Clerk };
    let elsewhere = Person { memberships: vec![elsewhere], ..clerk() };
    for (number, person) in [(3, rose()), (4, elsewhere)] {
        for action in [enter(number, Way::Visit, proposal(here)), take_back(2)] {
            assert_eq!(village.act(&person, number, &action), Outcome::Refused(Refusal::NotPermitted));
        }
    }
    assert_eq!(village.act(&clerk(), 5, &take_back(2)), Outcome::Accepted);
}

#[test]
fn each_entry_counts_once_by_its_own_and_is_taken_under_the_same_conditions() {
    let mut village = Village::new();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    village.act(&rose(), 3, &given(here, record, true));
    let counted = |village: &Village| {
        let counts = counts(&laforce(), here, record);
        let public = village.held.supports(&counts.public).map(|it| it.count);
        (village.held.supports(&counts.desk).map_or(0, |it| it.count), public)
    };
    for number in 10..13 {
        village.enters(number, Way::Visit, yes(here, record));
    }
    assert_eq!(counted(&village), (4, None));
    village.enters(13, Way::Paper, yes(here, record));
    assert_eq!(counted(&village), (5, Some(5)));
    // The same slip names one entry.
    let again = enter(13, Way::Visit, yes(here, record));
    assert_eq!(village.act(&clerk(), 14, &again), Outcome::Refused(Refusal::AlreadyDone));
    assert_eq!(counted(&village), (5, Some(5)));
    let unknown = enter(15, Way::Visit, ballot(here, here, 0));
    assert_eq!(village.wait(&clerk(), 15, &unknown), here);
    // Within the grace still, as what people did offline; not after it.
    village.now = NOW.plus(7 * DAY + 47 * HOUR);
    village.enters(16, Way::Paper, proposal(here));
    village.now = NOW.plus(7 * DAY + 48 * HOUR);
    let late = village.act(&clerk(), 17, &enter(17, Way::Paper, proposal(here)));
    assert_eq!(late, Outcome::Refused(Refusal::Closed { since: village.now }));
}

#[test]
fn results_say_by_which_ways_ballots_came_unless_that_singles_somebody_out() {
    let channels = |own, on_behalf, paper| match Village::counted(own, on_behalf, paper) {
        PollResult::Counted(tally) => {
            assert_eq!(tally.ballots, u32::from(own + on_behalf + paper));
            tally.channels.map(|channels| channels.parts())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(channels(10, 0, 0), Some([10, 0, 0]));
    assert_eq!(channels(9, 5, 6), Some([9, 5, 6]));
    assert_eq!(channels(0, 0, 10), Some([0, 0, 10]));
    assert_eq!(channels(9, 5, 4), None);
    assert_eq!(channels(10, 1, 0), None);
    assert_eq!(Village::counted(3, 3, 3), PollResult::TooFew);
}

#[test]
fn a_code_takes_back_what_was_entered_with_it_and_nothing_else() {
    let mut village = Village::new();
    let (here, poll) = village.polls(1);
    let record = village.enters(10, Way::Visit, proposal(here));
    let other = village.enters(11, Way::Visit, proposal(here));
    village.enters(12, Way::Visit, yes(here, other));
    village.enters(13, Way::Paper, ballot(here, poll, 0));
    assert_eq!(village.act(&clerk(), 20, &take_back(99)), Outcome::Refused(Refusal::NoSuchCode));
    assert_eq!(village.act(&clerk(), 21, &take_back(10)), Outcome::Accepted);
    assert!(village.held.is_gone(&Key::inside(&laforce(), here, record)));
    assert_eq!((village.desk(record), village.desk(other)), (&DeskState::Withdrawn, &DeskState::New));
    assert_eq!(village.act(&clerk(), 22, &take_back(10)), Outcome::Refused(Refusal::AlreadyWithdrawn));
    assert_eq!(village.act(&clerk(), 23, &take_back(12)), Outcome::Accepted);
    let desk = counts(&laforce(), here, other).desk;
    assert_eq!(village.held.supports(&desk).unwrap().count, 0);
    assert_eq!(village.act(&clerk(), 24, &take_back(13)), Outcome::Accepted);
    for number in 0..10 {
        village.act(&neighbour(number), 3, &cast(here, poll, 1));
    }
    village.enters(14, Way::Paper, ballot(here, poll, 0));
    village.now = NOW.plus(3 * DAY + 48 * HOUR);
    village.system(25, &Action::Count(Count { consultation: here, poll }));
    let counted = village.held.poll(&Key::inside(&laforce(), here, poll)).unwrap().clone();
    let PollResult::Counted(tally) = counted.result.as_ref().unwrap().read().unwrap() else { panic!() };
    assert_eq!(tally.ballots, 11);
    assert_eq!(village.act(&clerk(), 26, &take_back(14)), Outcome::Refused(Refusal::AlreadyCounted));
    assert_eq!(village.held.poll(&Key::inside(&laforce(), here, poll)), Some(&counted));
}

#[test]
fn an_amendment_is_entered_while_the_words_that_it_quotes_stand_and_taken_back_by_its_code() {
    let mut village = Village::new();
    let (here, text) = village.with_text();
    let quoting = |quote: &str| {
        let Action::Amend(it) = amend(here, text, 1, quote, "La marge est de 4 mètres.") else {
            unreachable!()
        };
        Act::Amend(it)
    };
    let record = village.enters(10, Way::Letter, quoting(WIDE));
    assert_eq!(village.amendment(here, record).map(|it| it.quote.as_str()), Some(WIDE));
    let key = Key::inside(&laforce(), here, record);
    assert_eq!(village.held.contribution(&key).unwrap().signed, SignedAs::OnBehalf);
    let guest = PersonId::guest(record);
    assert_eq!(village.held.desk_item(&desk_key(&laforce(), record)).unwrap().person, guest);
    let own = |person: &PersonId| village.held.trail(&trail_key(person, record)).unwrap().title.clone();
    assert!(own(&guest).is_some_and(|title| title.as_str().contains("4 mètres")));
    assert_eq!(own(&guest), own(&clerk().id), "both trails say which it is");
    let other = enter(11, Way::Letter, quoting("La marge est de 9 mètres."));
    assert_eq!(village.act(&clerk(), 11, &other), Outcome::Refused(Refusal::TextChanged));
    assert_eq!(village.act(&clerk(), 12, &take_back(11)), Outcome::Refused(Refusal::NoSuchCode));
    assert_eq!(village.act(&clerk(), 13, &take_back(10)), Outcome::Accepted);
    assert!(village.held.is_gone(&key));
    assert_eq!(village.desk(record), &DeskState::Withdrawn);
    // Where nobody may amend, nobody does so for them.
    let elsewhere = village.opened(20);
    let Action::Amend(it) = amend(elsewhere, text, 1, WIDE, "La marge est de 4 mètres.") else {
        unreachable!()
    };
    let outcome = village.act(&clerk(), 21, &enter(21, Way::Visit, Act::Amend(it)));
    assert_eq!(outcome, Outcome::Refused(Refusal::NotTaken));
}

#[test]
fn answers_to_a_survey_are_counted_with_their_way_until_they_are_taken_back() {
    let mut village = Village::new();
    let here = village.opened(1);
    village.act(&clerk(), 2, &survey(here));
    let id = act(&clerk(), 2, &survey(here)).record();
    let answers = |number: u8| {
        let Action::Respond(it) = respond(here, id, ["a", "b"][usize::from(number % 2)]) else {
            unreachable!()
        };
        Act::Respond(it)
    };
    for number in 10..52 {
        village.enters(number, if number < 20 { Way::Letter } else { Way::Paper }, answers(number));
    }
    let gone = entered(10, &enter(10, Way::Letter, answers(10)));
    assert!(village.held.survey_response(&desk_key(&laforce(), gone)).is_some());
    assert_eq!(village.act(&clerk(), 60, &take_back(10)), Outcome::Accepted);
    assert!(village.held.is_gone(&desk_key(&laforce(), gone)));
    village.now = NOW.plus(3 * DAY + 48 * HOUR);
    village.system(61, &Action::PublishResults(PublishResults { consultation: here, survey: id }));
    let it = village.held.questionnaire(&Key::inside(&laforce(), here, id)).unwrap();
    let told = it.results.as_ref().unwrap().read().unwrap().channels;
    assert_eq!(told, Some(Channels { own_device: 0, on_behalf: 9, paper: 32 }));
    assert_eq!(village.act(&clerk(), 62, &take_back(11)), Outcome::Refused(Refusal::AlreadyCounted));
}

#[test]
fn the_code_stands_in_no_record_and_no_trail_of_taking_back_quotes_what_it_was() {
    let mut village = Village::new();
    let here = village.opened(1);
    let action = enter(2, Way::Visit, proposal(here));
    let mut written = String::new();
    for (number, action) in [(2, action), (3, take_back(2))] {
        let Decision::Decided { changes, .. } = village.decision(&clerk(), number, &action, None) else {
            panic!()
        };
        village.held.apply(&changes);
        changes.iter().for_each(|change| {
            written += &format!("{} {}\n", change.key.name, serde_json::to_string(&change.record).unwrap());
        });
    }
    let plain = code(2).to_string();
    assert!(written.contains(&code(2).hash().to_string()) && !written.contains(&plain), "{written}");
    assert!(!written.contains(&plain.replace('-', "")), "{written}");
    let own = entered(3, &take_back(2));
    assert_eq!(village.held.trail(&trail_key(&clerk().id, own)).unwrap().title, None);
    let slip = village.held.entered(&slip_key(&laforce(), code(2).hash())).unwrap();
    assert_eq!(slip.entry, None, "what it was is forgotten");
}

#[test]
fn what_comes_back_after_a_restore_is_the_same_guest_and_what_was_taken_back_stays_so_in_any_order() {
    let (mut first, mut restored) = (Village::new(), Village::new());
    let here = first.opened(1);
    restored.opened(1);
    let action = enter(2, Way::Visit, proposal(here));
    let record = first.enters(2, Way::Visit, proposal(here));
    restored.position = 1;
    restored.again(&clerk(), 2, &action, NOW);
    let slip = slip_key(&laforce(), code(2).hash());
    let keys = [
        Key::inside(&laforce(), here, record),
        desk_key(&laforce(), record),
        trail_key(&PersonId::guest(record), record),
        slip.clone(),
    ];
    for key in &keys {
        assert!(first.held.record(key).is_some());
        assert_eq!(first.held.record(key), restored.held.record(key), "{key:?}");
    }
    // The taking back first, from another device than the entry.
    let mut other = Village::new();
    other.opened(1);
    other.again(&clerk(), 3, &take_back(2), NOW.plus(HOUR));
    let answer = Action::Answer(Answer { consultation: here, record, text: said("Oui.") });
    assert_eq!(other.wait(&clerk(), 9, &answer), record);
    other.again(&clerk(), 2, &action, NOW);
    // What was said of it waits no longer.
    other.again(&clerk(), 9, &answer, NOW);
    assert!(other.held.record(&keys[0]).is_none() && other.held.record(&keys[1]).is_none());
    assert_eq!(other.act(&clerk(), 4, &take_back(2)), Outcome::Refused(Refusal::AlreadyWithdrawn));
    // After the counting, nothing is added.
    let (here, poll) = first.polls(20);
    for number in 0..10 {
        first.act(&neighbour(number), 3, &cast(here, poll, 1));
    }
    first.now = NOW.plus(3 * DAY + 48 * HOUR);
    first.system(30, &Action::Count(Count { consultation: here, poll }));
    let before = first.held.poll(&Key::inside(&laforce(), here, poll)).cloned();
    first.again(&clerk(), 31, &enter(31, Way::Paper, ballot(here, poll, 0)), NOW.plus(HOUR));
    assert_eq!(first.held.poll(&Key::inside(&laforce(), here, poll)).cloned(), before);
}

#[test]
fn what_is_hidden_is_not_taken_back_and_what_is_erased_is_known_to_no_code() {
    let mut village = Village::new();
    village.rules(&["insult"]);
    let here = village.opened(1);
    let record = village.enters(2, Way::Visit, proposal(here));
    let hide = Action::Hide(Hide { consultation: here, record, rule: "insult".parse().unwrap() });
    village.act(&clerk(), 3, &hide);
    assert_eq!(village.act(&clerk(), 4, &take_back(2)), Outcome::Refused(Refusal::AlreadyHidden));
    let slip = slip_key(&laforce(), code(2).hash());
    let held = village.held.record(&slip).unwrap();
    assert!(erasure::concerns(record, &slip, held));
    let gone = erasure::erase(record, &slip, held).unwrap();
    assert_eq!(gone.record, None);
    village.held.apply(&[gone]);
    assert_eq!(village.act(&clerk(), 5, &take_back(2)), Outcome::Refused(Refusal::NoSuchCode));
}

#[test]
fn a_desk_that_does_not_see_who_supports_counts_on_from_the_number_that_it_sees() {
    let mut village = Village::new();
    let here = village.opened(1);
    let record = village.proposed(2, here);
    for number in 0..3 {
        village.act(&neighbour(number), 3, &given(here, record, true));
    }
    let desk = counts(&laforce(), here, record).desk;
    let mut device = Village::new();
    device.opened(1);
    device.proposed(2, here);
    let seen = village.held.supports(&desk).cloned().map(Record::Supports);
    device.held.apply(&[Change { key: desk.clone(), record: seen }]);
    device.enters(4, Way::Visit, yes(here, record));
    assert_eq!(device.held.supports(&desk).unwrap().count, 4);
}
