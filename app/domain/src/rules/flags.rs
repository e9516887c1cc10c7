//! Pointing at a contribution that breaks a rule, and letting it stand. Who points lies in a scope that
//! nobody pulls; what is said, for which rule, is the office's to see; nothing public changes, so that
//! neither the author nor anybody else learns that somebody did.

use super::moderation::is_listed;
use super::views::{self, standing};
use super::{Change, Context, Effect, Loaded, Stop, desk_key};
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Flag, Keep, Operation};
use crate::receipts::Refusal;
use crate::records::{FlagGiven, Flaggers, Flags, Record, TrailState};
use crate::scopes::{Key, Scope};

/// Where the office reads what was pointed at.
pub fn flags_key(community: &CommunityId, record: RecordId) -> Key {
    Key { scope: Scope::Desk(community.clone()), name: format!("flags-{record}") }
}

/// Where it lies who did.
fn flaggers_key(community: &CommunityId, record: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("flaggers-{record}") }
}

pub(super) fn flag_reads(community: &CommunityId, flag: &Flag, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(community, flag.consultation, flag.record, loaded);
    keys.extend([Key::community(community), flags_key(community, flag.record)]);
    keys.push(flaggers_key(community, flag.record));
    keys
}

/// A person's first word stands: what they say again changes nothing, and is no refusal either.
pub(super) fn flag(
    operation: &Operation,
    flag: &Flag,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let (community, record) = (&operation.community, flag.record);
    let Some(person) = operation.author.person() else { return Err(Refusal::NotPermitted.into()) };
    standing(community, flag.consultation, record, loaded)?;
    if !is_listed(community, &flag.rule, loaded) && context.honoured.is_none() {
        return Err(Refusal::UnknownRule.into());
    }
    let (sealed, desk) = (flaggers_key(community, record), flags_key(community, record));
    let mut who = loaded.flaggers(&sealed).cloned().unwrap_or(Flaggers { record, people: Vec::new() });
    let mut changes = Vec::new();
    if let Err(at) = who.people.binary_search(person) {
        who.people.insert(at, person.clone());
        let mut flags = loaded.flags(&desk).cloned().unwrap_or(Flags { record, all: Vec::new() });
        let (id, rule, text) = (operation.record(), flag.rule.clone(), flag.text.clone());
        let place = flags.all.partition_point(|other| other.flag < id);
        flags.all.insert(place, FlagGiven { flag: id, rule, text, kept: false });
        changes.push(Change::put(desk, Record::Flags(flags)));
        changes.push(Change::put(sealed, Record::Flaggers(who)));
    }
    // The title is the author's: what a person pointed at is not kept among their own words.
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}

pub(super) fn keep_reads(community: &CommunityId, keep: &Keep) -> Vec<Key> {
    vec![flags_key(community, keep.record), desk_key(community, keep.record)]
}

pub(super) fn keep(community: &CommunityId, keep: &Keep, loaded: &Loaded) -> Effect {
    let key = flags_key(community, keep.record);
    let title = loaded.desk_item(&desk_key(community, keep.record)).map(|item| item.contribution.title());
    let mut changes = Vec::new();
    // What comes after the office looked waits for the next look; what was erased since needs none.
    if let Some(mut flags) = loaded.flags(&key).cloned() {
        let seen = |flag: &&mut FlagGiven| keep.flags.contains(&flag.flag);
        flags.all.iter_mut().filter(seen).for_each(|flag| flag.kept = true);
        changes.push(Change::put(key, Record::Flags(flags)));
    }
    Effect { changes, creates: false, title, state: TrailState::Received }
}
