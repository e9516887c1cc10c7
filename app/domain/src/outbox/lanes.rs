//! Lanes: items about one record keep their order, everything else passes.

use super::item::{Item, State, Unsendable};
use crate::envelope::PUSH_MAX;
use crate::ids::{OpId, PersonId, RecordId};
use crate::order;

/// The items to push now, at most a push full, in the order of sealing: of each lane only
/// the first that is not stored, and only what belongs to the person signed in. An item
/// that comes back with its receipt needs no session. What waits for something else comes
/// last, so that fifty such items keep nothing new from leaving.
pub fn ready(items: &[Item], person: Option<&PersonId>) -> Vec<OpId> {
    let mut ordered: Vec<&Item> = items.iter().collect();
    order::by(&mut ordered, |item| (item.number, String::new()));
    // By person: what somebody else left on this device holds nobody up.
    let mut held: Vec<(Option<&PersonId>, RecordId)> = Vec::new();
    let (mut ready, mut waiting) = (Vec::new(), Vec::new());
    for item in ordered {
        let Some(entry) = item.entry() else { continue };
        let lane = item.about.unwrap_or_else(|| entry.record());
        if item.is_stored() {
            continue;
        }
        let own = (item.author.as_ref(), lane);
        let first = !held.contains(&own);
        held.push(own);
        let sendable = match &item.state {
            State::Sealed | State::Waiting(_) => true,
            // Its author's session is what it waits for.
            State::Unsendable(Unsendable::NotYours) => false,
            State::Sending | State::Unsendable(_) | State::Accepted | State::Refused => false,
        };
        let mine = item.receipt.is_some() || item.author.as_ref() == person;
        if first && sendable && mine {
            let list = if matches!(item.state, State::Waiting(_)) { &mut waiting } else { &mut ready };
            list.push(item.op);
        }
    }
    ready.extend(waiting);
    ready.truncate(PUSH_MAX);
    ready
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipts::Missing;
    use crate::time::Millis;

    fn item(number: u8, about: Option<u8>, state: State) -> Item {
        Item {
            op: OpId([number; 16]),
            author: Some("rose".parse().unwrap()),
            community: "laforce".parse().unwrap(),
            body: String::new(),
            number: u64::from(number),
            sealed_at: Millis(0),
            about: about.map(|about| RecordId([about; 16])),
            blobs: vec![],
            tried: false,
            state,
            receipt: None,
            receipted_at: None,
        }
    }

    fn numbers(items: &[Item]) -> Vec<u8> {
        let rose = "rose".parse().unwrap();
        ready(items, Some(&rose)).iter().map(|op| op.0[0]).collect()
    }

    #[test]
    fn of_a_lane_only_the_first_that_is_not_stored_leaves() {
        let items = [
            item(1, Some(7), State::Accepted),
            item(2, Some(7), State::Sealed),
            item(3, Some(7), State::Sealed),
            item(4, Some(8), State::Unsendable(Unsendable::Conflict)),
            item(5, Some(8), State::Sealed),
            item(6, None, State::Sealed),
        ];
        assert_eq!(numbers(&items), [2, 6]);
    }

    #[test]
    fn what_waits_comes_last_and_keeps_nothing_new_from_leaving() {
        let waits = || State::Waiting(Missing::Record(RecordId([1; 16])));
        let mut items: Vec<_> = (1..=60).map(|n| item(n, None, waits())).collect();
        items.push(item(61, None, State::Sealed));
        let numbers = numbers(&items);
        assert_eq!((numbers.len(), numbers[0]), (PUSH_MAX, 61));
    }

    #[test]
    fn only_ones_own_leaves_and_what_comes_back_with_its_receipt_needs_nobody() {
        use crate::ids::Signature;
        use crate::receipts::SignedReceipt;
        let mut again = item(1, None, State::Sealed);
        again.receipt = Some(SignedReceipt { text: String::new(), signature: Signature([0; 64]) });
        let nobodys = Item { author: None, ..item(3, None, State::Sealed) };
        let items = [again, item(2, None, State::Sealed), nobodys];
        let paul = "paul".parse().unwrap();
        assert_eq!(ready(&items, Some(&paul)), [OpId([1; 16])]);
        assert_eq!(ready(&items, None), [OpId([1; 16])]);
    }
}
