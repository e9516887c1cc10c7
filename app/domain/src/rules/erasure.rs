//! Erasing what a person contributed (protocol §6.6): it goes from every view with what was counted of
//! it, and its one line from the trails of acts about it. That something was hidden, by which rule and in which week, stays:
//! those are the office's words.

use super::Change;
use crate::ids::RecordId;
use crate::records::{Record, Trail};
use crate::scopes::Key;

/// Whether a record holds something of this one.
pub fn concerns(erased: RecordId, key: &Key, record: &Record) -> bool {
    goes(erased, key, record)
        || match record {
            Record::Trail(trail) => trail.record == erased,
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
        // Nobody can take back what is erased.
        Record::Entered(it) => it.entry.as_ref().is_some_and(|entry| entry.record == erased),
        _ => key.name == erased.to_string(),
    }
}

/// What erasing changes in one of the records that it concerns.
pub fn erase(erased: RecordId, key: &Key, record: &Record) -> Option<Change> {
    if goes(erased, key, record) {
        return Some(Change::remove(key.clone()));
    }
    match record {
        Record::Trail(trail) if trail.record == erased && trail.title.is_some() => {
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
