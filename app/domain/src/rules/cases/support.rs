//! Support: each person once, the exact number for the office, nothing public below five.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::operations::{Hide, Support};
use crate::records::Supports;
use crate::rules::support::{Counts, SHOWN_FROM, claim_key, counts};

pub fn given(consultation: RecordId, record: RecordId, given: bool) -> Action {
    Action::Support(Support { consultation, record, given })
}

fn neighbour(number: usize) -> Person {
    person(&format!("n{number}"), Role::Participant)
}

/// What a feed tells of a scope: every change of a record in it, in order.
#[derive(Default)]
struct Feed(Vec<Change>);

impl Village {
    /// Decides as the store does: what is written as it was before is no change.
    fn told(&mut self, feed: &mut Feed, person: &Person, number: u8, action: &Action) -> Outcome {
        let before = self.held.clone();
        let outcome = self.act(person, number, action);
        let Counts { public, .. } = self.counts_of(action);
        if before.record(&public) != self.held.record(&public) {
            feed.0.push(Change { key: public.clone(), record: self.held.record(&public).cloned() });
        }
        outcome
    }

    fn counts_of(&self, action: &Action) -> Counts {
        let (consultation, record) = (action.consultation().unwrap(), action.about().unwrap());
        counts(&laforce(), consultation, record)
    }
}

#[test]
fn a_person_counts_once_and_nothing_public_tells_of_fewer_than_five() {
    let mut village = Village::new();
    let here = village.opened(1);
    let proposal = village.proposed(2, here);
    let yes = given(here, proposal, true);
    let Counts { public, desk } = village.counts_of(&yes);
    let mut feed = Feed::default();
    for person in [0, 0, 1, 2, 3, 3] {
        assert_eq!(village.told(&mut feed, &neighbour(person), 10, &yes), Outcome::Accepted);
    }
    assert_eq!(village.held.supports(&desk).unwrap().count, 4);
    assert!(feed.0.is_empty() && village.held.record(&public).is_none());
    village.told(&mut feed, &neighbour(4), 11, &yes);
    assert_eq!(village.held.supports(&public), Some(&Supports { record: proposal, count: 5 }));
    // Five followed by nothing would say four.
    for person in 0..4 {
        village.told(&mut feed, &neighbour(person), 12, &given(here, proposal, false));
    }
    assert_eq!(village.held.supports(&desk).unwrap().count, 1);
    assert_eq!(feed.0.len(), 1, "{:?}", feed.0);
    assert!(!village.held.support(&claim_key(&neighbour(0).id, proposal)).unwrap().given);
}

#[test]
fn what_is_gone_or_no_proposal_cannot_be_supported_and_its_number_goes_with_it() {
    let mut village = Village::new();
    village.rules(&["insult"]);
    let here = village.opened(1);
    let proposal = village.proposed(2, here);
    let yes = given(here, proposal, true);
    for person in 0..6 {
        village.act(&neighbour(person), 3, &yes);
    }
    let Counts { public, .. } = village.counts_of(&yes);
    assert!(village.held.supports(&public).is_some());
    let hide = Action::Hide(Hide { consultation: here, record: proposal, rule: "insult".parse().unwrap() });
    village.act(&clerk(), 4, &hide);
    assert!(village.held.is_gone(&public));
    assert_eq!(village.act(&rose(), 5, &yes), Outcome::Refused(Refusal::AlreadyHidden));
    let other = village.proposed(6, here);
    for person in 0..6 {
        village.act(&neighbour(person), 7, &given(here, other, true));
    }
    village.act(&rose(), 8, &withdraw(here, other));
    assert!(village.held.is_gone(&village.counts_of(&given(here, other, true)).public));
}

#[test]
fn an_older_word_that_comes_back_does_not_replace_a_newer_one() {
    let mut village = Village::new();
    let here = village.opened(1);
    let proposal = village.proposed(2, here);
    let count = |village: &Village| {
        let Counts { desk, .. } = counts(&laforce(), here, proposal);
        village.held.supports(&desk).map_or(0, |it| it.count)
    };
    village.now = NOW.plus(2 * HOUR);
    village.act(&rose(), 3, &given(here, proposal, true));
    village.again(&rose(), 4, &given(here, proposal, false), NOW.plus(HOUR));
    assert_eq!(count(&village), 1);
    village.again(&rose(), 5, &given(here, proposal, false), NOW.plus(3 * HOUR));
    assert_eq!(count(&village), 0);
}

proptest! {
    /// Whatever people say in whatever order, the number is that of those whose last word is yes;
    /// and between any two moments the public one never tells a number below five.
    #[test]
    fn the_number_is_that_of_the_last_words(words in prop::collection::vec((0usize..9, any::<bool>()), 0..60)) {
        let mut village = Village::new();
        let here = village.opened(1);
        let proposal = village.proposed(2, here);
        let (mut yes, mut reached) = (BTreeSet::new(), false);
        for (who, word) in words {
            village.act(&neighbour(who), 3, &given(here, proposal, word));
            if word { yes.insert(who) } else { yes.remove(&who) };
            let Counts { public, desk } = counts(&laforce(), here, proposal);
            let exact = yes.len() as u64;
            prop_assert_eq!(village.held.supports(&desk).map_or(0, |it| it.count), exact);
            reached |= exact >= SHOWN_FROM;
            let shown = village.held.supports(&public).map(|it| it.count);
            prop_assert_eq!(shown, reached.then_some(exact.max(SHOWN_FROM)));
        }
    }
}
