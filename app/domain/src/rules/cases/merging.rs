//! Merging and parting: nothing is lost, and no view tells a small number.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::support::given;
use super::*;
use crate::operations::{Appeal, DecideAppeal, Hide, Merge, Unmerge};
use crate::rules::support::{SHOWN_FROM, counts};

fn merge(consultation: RecordId, record: RecordId, into: RecordId) -> Action {
    Action::Merge(Merge { consultation, record, into })
}

fn unmerge(consultation: RecordId, record: RecordId) -> Action {
    Action::Unmerge(Unmerge { consultation, record })
}

fn numbers(village: &Village, consultation: RecordId, record: RecordId) -> (Option<u64>, Option<u64>) {
    let counts = counts(&laforce(), consultation, record);
    let number = |key| village.held.supports(key).map(|it| it.count);
    (number(&counts.public), number(&counts.desk))
}

#[test]
fn a_proposal_is_merged_once_and_not_into_itself_or_into_one_that_was() {
    let mut village = Village::new();
    let here = village.opened(1);
    let [a, b, c] = [2, 3, 4].map(|number| village.proposed(number, here));
    let refused = |refusal| Outcome::Refused(refusal);
    assert_eq!(village.act(&clerk(), 5, &unmerge(here, a)), refused(Refusal::NotMerged));
    assert_eq!(village.act(&clerk(), 6, &merge(here, a, b)), Outcome::Accepted);
    assert_eq!(village.act(&clerk(), 7, &merge(here, a, c)), refused(Refusal::AlreadyMerged));
    assert_eq!(village.act(&clerk(), 8, &merge(here, c, a)), refused(Refusal::AlreadyMerged));
    assert_eq!(village.act(&clerk(), 9, &merge(here, b, c)), refused(Refusal::AlreadyMerged));
    assert_eq!(village.act(&clerk(), 10, &merge(here, c, b)), Outcome::Accepted);
    let trail = village.held.trail(&trail_key(&rose().id, a)).unwrap();
    assert_eq!(trail.merged_into, Some(b));
    // The one that stands for both goes: the other can still be parted from it.
    assert_eq!(village.act(&rose(), 11, &withdraw(here, b)), Outcome::Accepted);
    assert_eq!(village.act(&clerk(), 12, &unmerge(here, a)), Outcome::Accepted);
}

/// What is shown again after an appeal stands for nothing that was parted from it in the meantime.
#[test]
fn parting_from_what_is_hidden_holds_when_it_is_shown_again() {
    let mut village = Village::new();
    village.rules(&["insult"]);
    let here = village.opened(1);
    let [a, b] = [2, 3].map(|number| village.proposed(number, here));
    let act = |village: &mut Village, who: &Person, number, action: &Action| {
        assert_eq!(village.act(who, number, action), Outcome::Accepted, "{number}");
    };
    act(&mut village, &clerk(), 4, &merge(here, a, b));
    act(&mut village, &person("neighbour", Role::Participant), 10, &given(here, a, true));
    let hide = Action::Hide(Hide { consultation: here, record: b, rule: "insult".parse().unwrap() });
    act(&mut village, &clerk(), 5, &hide);
    act(&mut village, &clerk(), 6, &unmerge(here, a));
    let text = "Il n’y a rien là.".parse().unwrap();
    act(&mut village, &rose(), 7, &Action::Appeal(Appeal { consultation: here, record: b, text }));
    let decide = DecideAppeal { consultation: here, record: b, restored: true, text: said("C’est vrai.") };
    act(&mut village, &person("deputy", Role::Clerk), 8, &Action::DecideAppeal(decide));
    let shown = village.held.contribution(&Key::inside(&laforce(), here, b)).unwrap();
    assert_eq!((&shown.merged, shown.merged_into), (&vec![], None));
    assert!(village.held.desk_item(&desk_key(&laforce(), b)).unwrap().contribution.merged.is_empty());
    assert_eq!((numbers(&village, here, a).1, numbers(&village, here, b).1), (Some(1), Some(0)));
    act(&mut village, &clerk(), 9, &merge(here, b, a));
}

#[test]
fn the_office_counts_people_and_the_public_number_is_the_largest() {
    let mut village = Village::new();
    let here = village.opened(1);
    let [a, b] = [2, 3].map(|number| village.proposed(number, here));
    let neighbour = |number: usize| person(&format!("n{number}"), Role::Participant);
    let say = |village: &mut Village, who: std::ops::Range<usize>, record| {
        for who in who {
            village.act(&neighbour(who), 9, &given(here, record, true));
        }
    };
    say(&mut village, 0..6, a);
    say(&mut village, 3..6, b);
    village.act(&clerk(), 4, &merge(here, b, a));
    assert_eq!(numbers(&village, here, a), (Some(6), Some(6)));
    // One who supports the other already is counted once; one who supports neither is new.
    say(&mut village, 5..7, b);
    assert_eq!(numbers(&village, here, a), (Some(6), Some(7)));
    village.act(&clerk(), 5, &unmerge(here, b));
    assert_eq!(
        (numbers(&village, here, a), numbers(&village, here, b)),
        ((Some(6), Some(6)), (None, Some(4)))
    );
}

proptest! {
    /// Merged and parted again, every record is as it was.
    #[test]
    fn parting_undoes_merging(words in prop::collection::vec((0usize..8, 0usize..3, any::<bool>()), 0..40)) {
        let mut village = Village::new();
        let here = village.opened(1);
        let all = [2, 3, 4].map(|number| village.proposed(number, here));
        for (who, which, word) in words {
            let who = person(&format!("n{who}"), Role::Participant);
            village.act(&who, 9, &given(here, all[which], word));
        }
        let look = |village: &Village| {
            let of = |record: RecordId| {
                let public = Key::inside(&laforce(), here, record);
                let item = village.held.desk_item(&desk_key(&laforce(), record)).cloned();
                let trail = village.held.trail(&trail_key(&rose().id, record)).cloned();
                let (shown, exact) = numbers(village, here, record);
                (village.held.contribution(&public).cloned(), item, trail, shown, exact.unwrap_or(0))
            };
            all.map(of)
        };
        let before = look(&village);
        village.act(&clerk(), 5, &merge(here, all[1], all[0]));
        village.act(&clerk(), 6, &merge(here, all[2], all[0]));
        village.act(&clerk(), 7, &unmerge(here, all[1]));
        village.act(&clerk(), 8, &unmerge(here, all[2]));
        prop_assert_eq!(look(&village), before);
    }

    /// Also what people say while they are merged: parted, they are as if they had never been merged.
    #[test]
    fn what_is_said_in_between_counts_as_if_they_had_never_been_merged(
        words in prop::collection::vec((0usize..8, 0usize..3, any::<bool>()), 0..40),
        (merged_at, parted_at) in (0usize..40, 0usize..40),
    ) {
        let [merged, never] = [true, false].map(|merges| {
            let mut village = Village::new();
            let here = village.opened(1);
            let all = [2, 3, 4].map(|number| village.proposed(number, here));
            let both = |village: &mut Village, act: fn(RecordId, RecordId, RecordId) -> Action| {
                for part in all[1..].iter().filter(|_| merges) {
                    assert_eq!(village.act(&clerk(), 5, &act(here, *part, all[0])), Outcome::Accepted);
                }
            };
            let parted_at = merged_at + parted_at;
            for place in 0..80 {
                if place == merged_at {
                    both(&mut village, merge);
                }
                if place == parted_at {
                    both(&mut village, |here, part, _| unmerge(here, part));
                }
                if let Some((who, which, word)) = words.get(place) {
                    let who = person(&format!("n{who}"), Role::Participant);
                    village.act(&who, 9, &given(here, all[*which], *word));
                }
            }
            all.map(|record| {
                let (shown, exact) = numbers(&village, here, record);
                let there = village.held.contribution(&Key::inside(&laforce(), here, record));
                (there.cloned(), shown, exact.unwrap_or(0))
            })
        });
        prop_assert_eq!(merged, never);
    }

    /// Whoever supports several of the merged ones, on whatever device and in whatever order, counts
    /// once; and every public number is the number of people who support one proposal, at least five.
    #[test]
    fn one_person_counts_once_across_merges(
        words in prop::collection::vec((0usize..9, 0usize..2, any::<bool>()), 0..60), merged_at in 0usize..60,
    ) {
        let mut village = Village::new();
        let here = village.opened(1);
        let all = [2, 3].map(|number| village.proposed(number, here));
        let mut yes: [BTreeSet<usize>; 2] = Default::default();
        let mut reached = [false; 2];
        for (place, (who, which, word)) in words.into_iter().enumerate() {
            if place == merged_at {
                village.act(&clerk(), 5, &merge(here, all[1], all[0]));
            }
            let neighbour = person(&format!("n{who}"), Role::Participant);
            village.act(&neighbour, 9, &given(here, all[which], word));
            if word { yes[which].insert(who) } else { yes[which].remove(&who) };
            let own = |which: usize| yes[which].len() as u64;
            (0..2).for_each(|which| reached[which] |= own(which) >= SHOWN_FROM);
            let shown = |which: usize| reached[which].then(|| own(which).max(SHOWN_FROM));
            let (public, exact) = numbers(&village, here, all[0]);
            if place < merged_at {
                prop_assert_eq!((public, exact.unwrap_or(0)), (shown(0), own(0)));
            } else {
                let people = yes[0].union(&yes[1]).count() as u64;
                prop_assert_eq!((public, exact.unwrap_or(0)), (shown(0).max(shown(1)), people));
            }
        }
    }
}
