//! Merging: a proposal is shown under another that says the same. Both keep their authors, their
//! comments and their supporters; nothing is lost that parting them does not bring back.

use super::support::{are_known, recount, recount_reads, restored_reads};
use super::views::{self, Views, standing};
use super::{Change, Effect, Loaded, Stop, desk_key};
use crate::ids::{CommunityId, RecordId};
use crate::operations::{Merge, Unmerge};
use crate::receipts::Refusal;
use crate::records::{Contribution, Record, TrailState};
use crate::scopes::Key;

pub(super) fn merge_reads(community: &CommunityId, merge: &Merge, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(community, merge.consultation, merge.record, loaded);
    keys.extend(views::reads(community, merge.consultation, merge.into, loaded));
    keys.extend(recount_reads(community, merge.consultation, merge.record, loaded));
    keys.extend(recount_reads(community, merge.consultation, merge.into, loaded));
    keys
}

pub(super) fn merge(community: &CommunityId, merge: &Merge, loaded: &Loaded) -> Result<Effect, Stop> {
    let Merge { consultation, record, into } = *merge;
    let mut one = Views::of(community, consultation, record, loaded)?;
    let mut other = Views::of(community, consultation, into, loaded)?;
    let title = Some(one.public.title());
    if !one.public.is_discussed() || !other.public.is_discussed() {
        return Err(Refusal::NotAProposal.into());
    }
    if !one.public.may_meet(&other.public) {
        return Err(Refusal::NotAlike.into());
    }
    let free = one.public.merged_into.is_none() && one.public.merged.is_empty();
    if !free || other.public.merged_into.is_some() {
        return Err(Refusal::AlreadyMerged.into());
    }
    one.each(|it| it.merged_into = Some(into));
    one.tell(|trail| trail.merged_into = Some(into));
    other.each(|it| it.merged.push(record));
    let parts = parts(&other.public);
    let mut changes = Vec::new();
    if are_known(community, &parts, loaded) {
        changes.extend(recount(community, consultation, &parts, loaded));
    }
    changes.extend(one.changes());
    changes.extend(other.changes());
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn unmerge_reads(community: &CommunityId, unmerge: &Unmerge, loaded: &Loaded) -> Vec<Key> {
    let mut keys = views::reads(community, unmerge.consultation, unmerge.record, loaded);
    keys.extend(recount_reads(community, unmerge.consultation, unmerge.record, loaded));
    let one = standing(community, unmerge.consultation, unmerge.record, loaded);
    if let Some(into) = one.ok().and_then(|it| it.merged_into) {
        keys.extend(views::reads(community, unmerge.consultation, into, loaded));
        keys.extend(recount_reads(community, unmerge.consultation, into, loaded));
        let item = loaded.desk_item(&desk_key(community, into));
        keys.extend(item.iter().flat_map(|item| restored_reads(community, &item.contribution)));
    }
    keys
}

pub(super) fn unmerge(community: &CommunityId, unmerge: &Unmerge, loaded: &Loaded) -> Result<Effect, Stop> {
    let Unmerge { consultation, record } = *unmerge;
    let mut one = Views::of(community, consultation, record, loaded)?;
    let title = Some(one.public.title());
    let into = one.public.merged_into.ok_or(Stop::Refuse(Refusal::NotMerged))?;
    one.each(|it| it.merged_into = None);
    one.tell(|trail| trail.merged_into = None);
    let (mut left, mut known) = (vec![vec![record]], are_known(community, &[record], loaded));
    let mut changes = one.changes();
    match Views::of(community, consultation, into, loaded) {
        Ok(mut other) => {
            known |= are_known(community, &parts(&other.public), loaded);
            other.each(|it| without(it, record));
            left.push(parts(&other.public));
            changes.extend(other.changes());
        }
        // The other is gone by now. What is hidden may be shown again: then without this one.
        Err(_) => changes.extend(at_the_desk_without(community, into, record, loaded)),
    }
    if known {
        changes.extend(left.iter().flat_map(|parts| recount(community, consultation, parts, loaded)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

fn without(it: &mut Contribution, record: RecordId) {
    it.merged.retain(|part| *part != record);
}

/// What the office holds of one that is gone, and how many support it, without a part.
fn at_the_desk_without(
    community: &CommunityId,
    into: RecordId,
    record: RecordId,
    loaded: &Loaded,
) -> Vec<Change> {
    let key = desk_key(community, into);
    let Some(mut item) = loaded.desk_item(&key).cloned() else { return Vec::new() };
    without(&mut item.contribution, record);
    if let Some(shown) = item.hidden.as_mut().and_then(|hidden| hidden.shown.as_mut()) {
        without(shown, record);
    }
    let parts = parts(&item.contribution);
    let mut changes = Vec::new();
    if are_known(community, &[record], loaded) || are_known(community, &parts, loaded) {
        changes.extend(recount(community, item.contribution.consultation, &parts, loaded));
        changes.retain(|change| change.key.scope == key.scope);
    }
    changes.push(Change::put(key, Record::DeskItem(item)));
    changes
}

/// A proposal and those that it stands for.
pub(super) fn parts(it: &Contribution) -> Vec<RecordId> {
    std::iter::once(it.id).chain(it.merged.iter().copied()).collect()
}
