//! Lanes: items about one record keep their order, everything else passes.

use std::collections::BTreeSet;

use super::item::{Item, State, Unsendable};
use crate::envelope::PUSH_MAX;
use crate::ids::{OpId, PersonId, RecordId};

/// The items to push now, at most a push full, in the order of sealing: of each lane only
/// the first that is not stored, and only what belongs to the person signed in. An item
/// that comes back with its receipt needs no session. What waits for something else comes
/// last, so that fifty such items keep nothing new from leaving.
pub fn ready(items: &[Item], person: Option<&PersonId>) -> Vec<OpId> {
    let mut ordered: Vec<&Item> = items.iter().collect();
    ordered.sort_by_key(|item| item.number);
    let mut held: BTreeSet<RecordId> = BTreeSet::new();
    let (mut ready, mut waiting) = (Vec::new(), Vec::new());
    for item in ordered {
        let Some(entry) = item.entry() else { continue };
        let lane = item.about.unwrap_or_else(|| entry.record());
        if item.is_stored() {
            continue;
        }
        let first = held.insert(lane);
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
