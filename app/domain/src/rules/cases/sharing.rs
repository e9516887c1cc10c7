//! One consultation in two communities: each its own, people across, a ballot counted once, and no part that could be
//! subtracted.

use super::forwarding::moffet;
use super::polls::{cast, poll};
use super::surveys::{respond, survey};
use super::*;
use crate::operations::{Comment, Count, Decline, Join, Kind, PublishResults, Share, Stance, Support};
use crate::records::{Consultation, PollResult, Reached, SharedTally};
use crate::rules::again::Again;
use crate::rules::asked::{due_key, took_part_key};
use crate::rules::sharing::invitation_key;
use crate::rules::support::counts;
use crate::surveys::Count as Told;
use proptest::prelude::*;

const POLL: u8 = 2;

fn of(community: &CommunityId, id: &str, role: Role) -> Actor {
    let memberships = vec![Membership { community: community.clone(), role }];
    Actor::Person(Person { id: id.parse().unwrap(), name: id.parse().unwrap(), memberships })
}

fn shared() -> Action {
    let Action::OpenConsultation(mut open) = open() else { unreachable!() };
    open.shared_with = vec![moffet(), laforce()];
    Action::OpenConsultation(open)
}

fn join(consultation: RecordId) -> Action {
    let decided_by = Some(said("Le conseil de Moffet."));
    Action::Join(Join { from: laforce(), consultation, decided_by, used_for: None, answer_by: None })
}

fn share(consultation: RecordId, record: RecordId) -> Action {
    Action::Share(Share { from: laforce(), consultation, record })
}

impl Village {
    /// Laforce opens it and invites Moffet: which one it is.
    fn invites(&mut self) -> RecordId {
        assert_eq!(self.act(&clerk(), 1, &shared()), Outcome::Accepted);
        let here = act(&clerk(), 1, &shared()).record();
        assert_eq!(self.system_in(&moffet(), 80, &share(here, here)), Outcome::Accepted);
        here
    }

    fn joined(&mut self) -> RecordId {
        let here = self.invites();
        assert_eq!(self.in_moffet("their-clerk", Role::Clerk, 3, &join(here)), Outcome::Accepted);
        here
    }

    fn in_moffet(&mut self, id: &str, role: Role, number: u8, action: &Action) -> Outcome {
        let operation = act_in(&moffet(), Author::Person(id.parse().unwrap()), number, action);
        self.act_of(&operation, &of(&moffet(), id, role))
    }

    fn system_in(&mut self, community: &CommunityId, number: u8, action: &Action) -> Outcome {
        self.act_of(&act_in(community, system(), number, action), &Actor::System)
    }

    fn consultation_of(&self, community: &CommunityId, id: RecordId) -> Option<&Consultation> {
        self.held.consultation(&Key::consultation(community, id))
    }

    /// A poll in both, and who casts which ballot in each.
    fn polled(&mut self, here: RecordId, ours: &[u8], theirs: &[u8]) -> RecordId {
        assert_eq!(self.act(&clerk(), POLL, &poll(here)), Outcome::Accepted);
        let id = act(&clerk(), POLL, &poll(here)).record();
        assert_eq!(self.system_in(&moffet(), 81, &share(here, id)), Outcome::Accepted);
        for (at, choice) in ours.iter().enumerate() {
            let person = person(&format!("n{at}"), Role::Participant);
            assert_eq!(self.act(&person, 5, &cast(here, id, *choice)), Outcome::Accepted);
        }
        for (at, choice) in theirs.iter().enumerate() {
            let done = self.in_moffet(&format!("m{at}"), Role::Participant, 5, &cast(here, id, *choice));
            assert_eq!(done, Outcome::Accepted);
        }
        id
    }

    fn counted_in(&mut self, community: &CommunityId, here: RecordId, poll: RecordId) -> PollResult {
        self.now = NOW.plus(3 * DAY + 48 * HOUR);
        let count = Action::Count(Count { consultation: here, poll });
        assert_eq!(self.system_in(community, 82, &count), Outcome::Accepted);
        let key = Key::inside(community, here, poll);
        self.held.poll(&key).unwrap().result.as_ref().unwrap().read().unwrap()
    }
}

fn parts(result: &PollResult) -> Option<(u32, Vec<(String, u32)>)> {
    let PollResult::Shared(SharedTally { together, parts }) = result else { return None };
    let parts = parts.iter().map(|part| (part.community.to_string(), part.tally.ballots)).collect();
    Some((together.ballots, parts))
}

#[test]
fn each_has_its_own_and_decides_for_its_own() {
    let mut village = Village::with_neighbour();
    let here = village.invites();
    assert_eq!(village.consultation_of(&laforce(), here).unwrap().shared_with, [moffet()]);
    assert!(village.consultation_of(&moffet(), here).is_none(), "nobody is made to hold it");
    assert!(village.held.record(&invitation_key(&moffet(), here)).is_some());
    let again = village.system_in(&moffet(), 81, &share(here, here));
    assert_eq!(again, Outcome::Refused(Refusal::AlreadyDone));

    assert_eq!(village.in_moffet("their-clerk", Role::Clerk, 3, &join(here)), Outcome::Accepted);
    assert!(village.held.is_gone(&invitation_key(&moffet(), here)));
    let (ours, theirs) = (
        village.consultation_of(&laforce(), here).unwrap(),
        village.consultation_of(&moffet(), here).unwrap(),
    );
    assert_eq!((theirs.title.clone(), theirs.phases.clone()), (ours.title.clone(), ours.phases.clone()));
    assert_eq!((theirs.shared_with.clone(), ours.decided_by.clone()), (vec![laforce()], None));
    assert_eq!(theirs.decided_by, Some(said("Le conseil de Moffet.")));
    let again = village.in_moffet("their-clerk", Role::Clerk, 4, &join(here));
    assert_eq!(again, Outcome::Refused(Refusal::AlreadyDone));
}

#[test]
fn nobody_joins_without_an_invitation_nor_after_the_end_and_one_may_decline() {
    let mut village = Village::with_neighbour();
    let alone = village.opened(9);
    let uninvited = village.in_moffet("their-clerk", Role::Clerk, 3, &join(alone));
    assert_eq!(uninvited, Outcome::Refused(Refusal::NotPermitted));
    let forged = village.system_in(&moffet(), 81, &share(alone, alone));
    assert_eq!(forged, Outcome::Refused(Refusal::NotPermitted));

    let here = village.invites();
    let decline = Action::Decline(Decline { from: laforce(), consultation: here });
    assert_eq!(village.in_moffet("their-clerk", Role::Clerk, 4, &decline), Outcome::Accepted);
    assert!(village.consultation_of(&moffet(), here).is_none());
    village.now = NOW.plus(30 * DAY);
    let late = village.in_moffet("their-clerk", Role::Clerk, 5, &join(here));
    assert!(matches!(late, Outcome::Refused(Refusal::Closed { .. })), "{late:?}");
}

#[test]
fn people_support_and_comment_on_the_other_shore_and_propose_on_their_own() {
    let mut village = Village::with_neighbour();
    let here = village.invites();
    let record = village.proposed(10, here);
    let word = Comment { consultation: here, on: record, stance: Stance::For, text: "Oui.".parse().unwrap() };
    let (word, yes) =
        (Action::Comment(word), Action::Support(Support { consultation: here, record, given: true }));
    let in_laforce = |village: &mut Village, number, action: &Action| {
        let operation = act_in(&laforce(), Author::Person("m1".parse().unwrap()), number, action);
        (village.act_of(&operation, &of(&moffet(), "m1", Role::Participant)), operation.record())
    };
    let refused = Outcome::Refused(Refusal::NotPermitted);
    assert_eq!(in_laforce(&mut village, 11, &word).0, refused, "Moffet has not joined");
    assert_eq!(village.in_moffet("their-clerk", Role::Clerk, 3, &join(here)), Outcome::Accepted);
    let (done, comment) = in_laforce(&mut village, 12, &word);
    assert_eq!(done, Outcome::Accepted);
    let said = village.held.contribution(&Key::inside(&laforce(), here, comment)).unwrap();
    assert_eq!(said.home, Some(moffet()), "it is not signed as one of Laforce");
    assert_eq!(in_laforce(&mut village, 13, &yes).0, Outcome::Accepted);
    let held = village.held.record(&counts(&laforce(), here, record).desk);
    assert!(matches!(held, Some(Record::Supports(it)) if it.count == 1));
    assert_eq!(in_laforce(&mut village, 14, &propose(here)).0, refused);
    // Where nothing is shared, nothing crosses.
    let alone = village.opened(20);
    let other = village.proposed(21, alone);
    let yes = Action::Support(Support { consultation: alone, record: other, given: true });
    assert_eq!(in_laforce(&mut village, 15, &yes).0, refused);
}

#[test]
fn a_poll_is_held_by_both_whenever_they_join_and_one_person_votes_once() {
    let mut village = Village::with_neighbour();
    let here = village.invites();
    // Opened before Moffet joins: it comes with joining.
    assert_eq!(village.act(&clerk(), POLL, &poll(here)), Outcome::Accepted);
    let id = act(&clerk(), POLL, &poll(here)).record();
    let early = village.system_in(&moffet(), 81, &share(here, id));
    assert_eq!(early, Outcome::Refused(Refusal::NotTaken));
    village.in_moffet("their-clerk", Role::Clerk, 3, &join(here));
    let theirs = village.held.poll(&Key::inside(&moffet(), here, id)).unwrap();
    assert_eq!(theirs.open, village.held.poll(&Key::inside(&laforce(), here, id)).unwrap().open);
    let dues = |village: &Village, community: &CommunityId| {
        let due = village.held.due(&due_key(community)).unwrap().all.clone();
        due.into_iter().filter(|due| due.record == id).map(|due| due.act).collect::<Vec<_>>()
    };
    assert_eq!(dues(&village, &moffet()), [Kind::Count]);
    assert_eq!(dues(&village, &laforce()), [Kind::Count, Kind::Share]);

    // Somebody of both.
    let memberships =
        [laforce(), moffet()].map(|community| Membership { community, role: Role::Participant }).to_vec();
    let both = Actor::Person(Person { memberships, ..rose() });
    let by = |community: &CommunityId, number, choice| {
        act_in(community, Author::Person(rose().id), number, &cast(here, id, choice))
    };
    assert_eq!(village.act_of(&by(&moffet(), 30, 0), &both), Outcome::Accepted);
    let elsewhere = Outcome::Refused(Refusal::TookPartElsewhere);
    assert_eq!(village.act_of(&by(&laforce(), 31, 1), &both), elsewhere);
    assert_eq!(village.act_of(&by(&moffet(), 32, 1), &both), Outcome::Accepted, "the last word stands there");
    let took_part = village.held.took_part(&took_part_key(&rose().id, id)).unwrap();
    assert_eq!(took_part.community, moffet());
}

#[test]
fn the_result_is_the_same_for_both_and_made_once() {
    let mut village = Village::with_neighbour();
    let here = village.joined();
    let id = village.polled(here, &[0; 10], &[1; 12]);
    let ours = village.counted_in(&laforce(), here, id);
    let told = Some((22, vec![("laforce".to_owned(), 10), ("moffet".to_owned(), 12)]));
    assert_eq!(parts(&ours), told);
    // A ballot that goes from the other's box meanwhile would be the difference between the two.
    let key = Key { scope: Scope::Sealed(moffet()), name: format!("ballots-{id}") };
    let mut ballots = village.held.ballot_box(&key).unwrap().clone();
    ballots.ballots.pop();
    village.held.apply(&[Change::put(key, Record::BallotBox(ballots))]);
    assert_eq!(village.counted_in(&moffet(), here, id), ours);
}

#[test]
fn what_both_were_told_is_not_told_differently_when_one_side_comes_back_later() {
    let mut village = Village::with_neighbour();
    let here = village.joined();
    let id = village.polled(here, &[0; 10], &[1; 12]);
    let told = village.counted_in(&laforce(), here, id);
    let ours = village.held.record(&Key::inside(&laforce(), here, id)).unwrap().told().unwrap();
    let again = Again::Reached(Reached { consultation: here, record: id, result: ours });

    // The neighbour's database is as it was; this side holds neither the poll nor its ballots.
    let mut village = Village::with_neighbour();
    village.joined();
    village.polled(here, &[], &[1; 12]);
    let key = Key::inside(&laforce(), here, id);
    village.held.insert(key.clone(), Slot::Absent);
    village.stands_again(&again, NOW);
    assert_eq!(village.counted_in(&moffet(), here, id), told);
    village.again(&clerk(), POLL, &poll(here), NOW);
    let back = village.held.poll(&key).unwrap().result.as_ref().unwrap().read();
    assert_eq!(back.unwrap(), told);

    // The neighbour joins after the restore, and its copy of the poll is lost with it.
    let mut village = Village::with_neighbour();
    village.invites();
    assert_eq!(village.act(&clerk(), POLL, &poll(here)), Outcome::Accepted);
    for community in [laforce(), moffet()] {
        village.stands_again_in(&community, &again, NOW);
    }
    assert_eq!(village.in_moffet("their-clerk", Role::Clerk, 3, &join(here)), Outcome::Accepted);
    let back = village.held.poll(&Key::inside(&moffet(), here, id)).unwrap().result.as_ref().unwrap().read();
    assert_eq!(back.unwrap(), told);
    assert!(village.held.due(&due_key(&moffet())).is_none(), "nobody counts it again");
}

#[test]
fn a_survey_is_published_for_each_community_or_of_all_together_only() {
    let told = |ours: usize, theirs: usize| {
        let mut village = Village::with_neighbour();
        // A third one is invited and says nothing: it is no part of it.
        let Action::OpenConsultation(open) = shared() else { unreachable!() };
        let third = [moffet(), "angliers".parse().unwrap()];
        let opened = Action::OpenConsultation(OpenConsultation { shared_with: third.into(), ..open });
        assert_eq!(village.act(&clerk(), 1, &opened), Outcome::Accepted);
        let here = act(&clerk(), 1, &opened).record();
        assert_eq!(village.system_in(&moffet(), 80, &share(here, here)), Outcome::Accepted);
        assert_eq!(village.in_moffet("their-clerk", Role::Clerk, 3, &join(here)), Outcome::Accepted);
        assert_eq!(village.act(&clerk(), 2, &survey(here)), Outcome::Accepted);
        let id = act(&clerk(), 2, &survey(here)).record();
        assert_eq!(village.system_in(&moffet(), 81, &share(here, id)), Outcome::Accepted);
        for at in 0..ours.max(theirs) {
            let answer = respond(here, id, if at % 2 == 0 { "a" } else { "b" });
            if at < ours {
                village.act(&person(&format!("n{at}"), Role::Participant), 5, &answer);
            }
            if at < theirs {
                village.in_moffet(&format!("m{at}"), Role::Participant, 5, &answer);
            }
        }
        village.now = NOW.plus(3 * DAY + 48 * HOUR);
        let publish = Action::PublishResults(PublishResults { consultation: here, survey: id });
        // Whoever is first: it is the same.
        let told = [moffet(), laforce()].map(|community| {
            assert_eq!(village.system_in(&community, 83, &publish), Outcome::Accepted);
            let key = Key::inside(&community, here, id);
            village.held.questionnaire(&key).unwrap().results.as_ref().unwrap().read().unwrap()
        });
        assert_eq!(told[0], told[1]);
        told[0].clone()
    };
    let few = told(39, 45);
    assert!(few.respondents == Told::Exactly(84) && !few.tables.is_empty() && few.parts.is_empty());
    let each = told(40, 45);
    assert!(each.respondents == Told::Exactly(85) && each.tables.is_empty(), "{each:?}");
    let parts: Vec<_> = each.parts.iter().map(|part| (&part.community, part.results.respondents)).collect();
    assert_eq!(parts, [(&laforce(), Told::Exactly(40)), (&moffet(), Told::Exactly(45))]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whoever subtracts what is told from what is told finds no community's part of fewer than ten ballots.
    #[test]
    fn no_part_that_is_too_small_can_be_subtracted(ours in 0usize..16, theirs in 0usize..16) {
        let mut village = Village::with_neighbour();
        let here = village.joined();
        let id = village.polled(here, &vec![0; ours], &vec![1; theirs]);
        let result = village.counted_in(&laforce(), here, id);
        let Some((together, parts)) = parts(&result) else {
            prop_assert_eq!(&result, &PollResult::TooFew);
            prop_assert!(ours + theirs < 10);
            return Ok(());
        };
        prop_assert_eq!(together as usize, ours + theirs);
        let told: u32 = parts.iter().map(|(_, ballots)| ballots).sum();
        let untold = together - told;
        prop_assert!(parts.iter().all(|(_, ballots)| *ballots >= 10));
        prop_assert!(untold == 0 || (parts.is_empty() && untold >= 10));
        prop_assert_eq!(parts.is_empty(), ours < 10 || theirs < 10);
        prop_assert_eq!(village.counted_in(&moffet(), here, id), result);
    }
}
