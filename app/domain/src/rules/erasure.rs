//! Erasing what a person contributed (protocol §6.6): it goes from every view with what was counted of
//! it, and its one line from the trails of acts about it. That something was hidden, by which rule and in which week, stays:
//! those are the office's words.

use super::Change;
use crate::ids::RecordId;
use crate::records::{Contribution, Record, Trail};
use crate::scopes::Key;

/// Whether a record holds something of this one.
pub fn concerns(erased: RecordId, key: &Key, record: &Record) -> bool {
    goes(erased, key, record)
        || match record {
            Record::Trail(trail) => tells_of(erased, trail),
            Record::Flags(flags) => flags.all.iter().any(|flag| flag.flag == erased),
            _ => false,
        }
}

fn goes(erased: RecordId, key: &Key, record: &Record) -> bool {
    match record {
        Record::Support(it) => it.record == erased,
        Record::Supports(it) => it.record == erased,
        Record::Supporters(it) => it.record == erased,
        Record::Flags(it) => it.record == erased,
        Record::Flaggers(it) => it.record == erased,
        // What was forwarded is the same words in another place.
        Record::Contribution(it) => is_of(erased, key, it),
        Record::DeskItem(it) => is_of(erased, key, &it.contribution),
        // Nobody can take back what is erased.
        Record::Entered(it) => it.entry.as_ref().is_some_and(|entry| entry.record == erased),
        _ => key.name == erased.to_string(),
    }
}

fn is_of(erased: RecordId, key: &Key, contribution: &Contribution) -> bool {
    let from = contribution.forwarded_from.as_ref();
    key.name == erased.to_string() || from.is_some_and(|from| from.record == erased)
}

fn tells_of(erased: RecordId, trail: &Trail) -> bool {
    trail.record == erased || trail.forwarded_from.as_ref().is_some_and(|from| from.record == erased)
}

/// What erasing changes in one of the records that it concerns.
pub fn erase(erased: RecordId, key: &Key, record: &Record) -> Option<Change> {
    if goes(erased, key, record) {
        return Some(Change::remove(key.clone()));
    }
    match record {
        Record::Trail(trail) if tells_of(erased, trail) && trail.title.is_some() => {
            let trail = Trail { title: None, ..trail.clone() };
            Some(Change::put(key.clone(), Record::Trail(trail)))
        }
        Record::Flags(flags) => {
            let mut flags = flags.clone();
            flags.all.retain(|flag| flag.flag != erased);
            Some(Change::put(key.clone(), Record::Flags(flags)))
        }
        _ => None,
    }
}
