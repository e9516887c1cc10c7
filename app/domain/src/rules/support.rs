//! Supporting a proposal: each person once, as long as they wish. Who does lies in a scope that
//! nobody pulls; how many is the office's to see, and everyone's from [`SHOWN_FROM`] on.
//!
//! Nothing public changes below that, so that no feed tells how near it is; and a number that was
//! once public stays at [`SHOWN_FROM`] at least, because 5 followed by nothing would say 4. Where
//! proposals are merged the office sees how many people support any of them; the public number is
//! the largest of theirs, because the number of all would tell, beside those that were public before,
//! how few support the one and not the other.

use super::contributions::takes;
use super::merging::parts;
use super::views::standing;
use super::{Change, Context, Effect, Loaded, Stop, desk_key};
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Operation, Support};
use crate::phases::Form;
use crate::receipts::Refusal;
use crate::records::{self as said, Contribution, Record, Supporters, Supports, TrailState};
use crate::scopes::{Key, Scope};

/// The smallest number that is shown in public ("fewer than 5" below).
pub const SHOWN_FROM: u64 = 5;

/// Where it is counted how many support a proposal.
pub struct Counts {
    /// From [`SHOWN_FROM`] on.
    pub public: Key,
    /// Exactly.
    pub desk: Key,
}

/// The keys of the two numbers.
pub fn counts(community: &CommunityId, consultation: RecordId, record: RecordId) -> Counts {
    let name = format!("supports-{record}");
    Counts {
        public: Key { scope: Scope::Consultation(community.clone(), consultation), name: name.clone() },
        desk: Key { scope: Scope::Desk(community.clone()), name },
    }
}

/// Where it lies whether a person supports a proposal.
pub fn claim_key(person: &PersonId, record: RecordId) -> Key {
    Key { scope: Scope::Person(person.clone()), name: format!("support-{record}") }
}

fn supporters_key(community: &CommunityId, record: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("supporters-{record}") }
}

/// The proposal as whose part one is counted: that into which it was merged, while it stands.
fn counted_with<'l>(community: &CommunityId, it: &'l Contribution, loaded: &'l Loaded) -> &'l Contribution {
    let into = it.merged_into.map(|into| Key::inside(community, it.consultation, into));
    into.and_then(|key| loaded.contribution(&key)).unwrap_or(it)
}

/// The keys that counting the supporters of a proposal anew needs, as far as they are known.
pub(super) fn recount_reads(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    loaded: &Loaded,
) -> Vec<Key> {
    let key = Key::inside(community, consultation, record);
    let Some(it) = loaded.contribution(&key) else { return vec![key, supporters_key(community, record)] };
    let mut keys = vec![key];
    keys.extend(it.merged_into.map(|into| Key::inside(community, consultation, into)));
    let root = counted_with(community, it, loaded);
    for part in parts(root).into_iter().chain([record]) {
        keys.push(supporters_key(community, part));
    }
    for one in [root.id, record] {
        let Counts { public, desk } = counts(community, consultation, one);
        keys.extend([public, desk]);
    }
    keys
}

pub(super) fn reads(operation: &Operation, support: &Support, loaded: &Loaded) -> Vec<Key> {
    let community = &operation.community;
    let mut keys = recount_reads(community, support.consultation, support.record, loaded);
    keys.push(Key::consultation(community, support.consultation));
    keys.push(desk_key(community, support.record));
    keys.extend(operation.author.person().map(|person| claim_key(person, support.record)));
    keys
}

pub(super) fn support(
    operation: &Operation,
    support: &Support,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    takes(operation, support.consultation, Form::Support, loaded, context)?;
    let community = &operation.community;
    let proposal = standing(community, support.consultation, support.record, loaded)?;
    if !proposal.is_discussed() {
        return Err(Refusal::NotAProposal.into());
    }
    let title = Some(proposal.title());
    let person = context.actor.person().ok_or(Refusal::NotPermitted)?;
    let key = claim_key(&person.id, support.record);
    let before = loaded.support(&key);
    // One that comes back after a restore may be older than what the person said since.
    let newer = context.honoured.is_some() && before.is_some_and(|before| before.at > context.now);
    let mut changes = Vec::new();
    if !newer && before.is_some_and(|before| before.given) != support.given {
        let claim = said::Support {
            community: community.clone(),
            consultation: support.consultation,
            record: support.record,
            given: support.given,
            at: context.now,
        };
        changes.push(Change::put(key, Record::Support(claim)));
        let root = counted_with(community, proposal, loaded);
        changes.extend(count(community, support, &person.id, root, loaded));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

/// One more, or one less.
fn count(
    community: &CommunityId,
    support: &Support,
    person: &PersonId,
    root: &Contribution,
    loaded: &Loaded,
) -> Vec<Change> {
    let Support { consultation, record, given } = *support;
    let key = supporters_key(community, record);
    let mut list =
        loaded.supporters(&key).cloned().unwrap_or(Supporters { record, people: Vec::new(), shown: false });
    match (list.people.binary_search(person), given) {
        (Err(at), true) => list.people.insert(at, person.clone()),
        (Ok(at), false) => drop(list.people.remove(at)),
        _ => {}
    }
    list.shown |= list.people.len() as u64 >= SHOWN_FROM;
    let list = Change::put(key, Record::Supporters(list));
    let Counts { public, desk } = counts(community, consultation, root.id);
    let seen = [&public, &desk].into_iter().any(|key| loaded.supports(key).is_some());
    if seen && !are_known(community, &parts(root), loaded) {
        // A device does not see who supports: it counts on from the numbers that it sees.
        let step = |count: u64| if given { count.saturating_add(1) } else { count.saturating_sub(1) };
        let seen = [public, desk].into_iter().filter_map(|key| {
            let count = step(loaded.supports(&key)?.count).max(1);
            Some(Change::put(key, Record::Supports(Supports { record: root.id, count })))
        });
        return seen.chain([list]).collect();
    }
    let mut known = loaded.clone();
    known.apply(std::slice::from_ref(&list));
    let mut changes = recount(community, consultation, &parts(root), &known);
    changes.push(list);
    changes
}

/// The keys that the numbers need when a proposal that was hidden is shown again.
pub(super) fn restored_reads(community: &CommunityId, it: &Contribution) -> Vec<Key> {
    let Counts { public, desk } = counts(community, it.consultation, it.id);
    let lists = parts(it).into_iter().map(|part| supporters_key(community, part));
    lists.chain([public, desk]).collect()
}

/// Its numbers, as if it had never been hidden.
pub(super) fn restored(community: &CommunityId, it: &Contribution, loaded: &Loaded) -> Vec<Change> {
    let parts = parts(it);
    match are_known(community, &parts, loaded) {
        true => recount(community, it.consultation, &parts, loaded),
        false => Vec::new(),
    }
}

/// Whether it is seen who supports any of these: on a device it never is.
pub(super) fn are_known(community: &CommunityId, parts: &[RecordId], loaded: &Loaded) -> bool {
    parts.iter().any(|part| loaded.supporters(&supporters_key(community, *part)).is_some())
}

/// The numbers of a proposal, the first of these, and of those that it stands for.
pub(super) fn recount(
    community: &CommunityId,
    consultation: RecordId,
    parts: &[RecordId],
    loaded: &Loaded,
) -> Vec<Change> {
    let Some(root) = parts.first() else { return Vec::new() };
    let lists = || parts.iter().filter_map(|part| loaded.supporters(&supporters_key(community, *part)));
    let mut people: Vec<&PersonId> = lists().flat_map(|list| &list.people).collect();
    people.sort_unstable();
    people.dedup();
    let shown =
        lists().filter(|list| list.shown).map(|list| (list.people.len() as u64).max(SHOWN_FROM)).max();
    let Counts { public, desk } = counts(community, consultation, *root);
    let number = |count: u64| Record::Supports(Supports { record: *root, count });
    vec![Change::put(desk, number(people.len() as u64)), Change { key: public, record: shown.map(number) }]
}
