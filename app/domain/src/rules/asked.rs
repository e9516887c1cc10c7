//! What polls and surveys have in common: opened with dates, taking part once (the last word stands),
//! and done once when they are over.

use super::{Change, Context, Effect, Loaded, Stop, sharing};
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Kind, Operation};
use crate::receipts::Refusal;
use crate::records::{Due, DueAt, Open, Reached, Record, Remembered, Told, TookPart, TrailState};
use crate::scopes::{Key, Scope};
use crate::time::Millis;

/// Where it lies that a person took part in a poll or a survey.
pub fn took_part_key(person: &PersonId, record: RecordId) -> Key {
    Key { scope: Scope::Person(person.clone()), name: format!("took-part-{record}") }
}

/// Where it lies what of a community is over some day.
pub fn due_key(community: &CommunityId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: "due".to_owned() }
}

/// Where it lies what polls and surveys came to that are not back after a restore.
pub(super) fn remembered_key(community: &CommunityId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: "remembered".to_owned() }
}

fn remembered<'l>(community: &CommunityId, loaded: &'l Loaded) -> &'l [Reached] {
    loaded.remembered(&remembered_key(community)).map_or(&[], |it| &it.all)
}

/// What a poll or survey had come to before it was lost.
pub(super) fn reached<'l>(community: &CommunityId, record: RecordId, loaded: &'l Loaded) -> Option<&'l Told> {
    remembered(community, loaded).iter().find(|it| it.record == record).map(|it| &it.result)
}

/// What of a consultation had come to something before it was lost.
pub(super) fn reached_in(
    community: &CommunityId,
    consultation: RecordId,
    loaded: &Loaded,
) -> impl Iterator<Item = RecordId> {
    let all = remembered(community, loaded).iter();
    all.filter(move |it| it.consultation == consultation).map(|it| it.record)
}

pub(super) fn reached_reads(community: &CommunityId, it: &Reached) -> Vec<Key> {
    let record = Key::inside(community, it.consultation, it.record);
    vec![record, due_key(community), remembered_key(community)]
}

/// Gives a result back after a restore, from the log beside the backups: to what stands in the restored database,
/// or to what comes back later. It is not counted anew, from what devices happen to offer again.
pub(super) fn reached_again(community: &CommunityId, it: &Reached, loaded: &Loaded) -> Vec<Change> {
    let key = Key::inside(community, it.consultation, it.record);
    match loaded.record(&key) {
        Some(held) if held.told().is_some() => Vec::new(),
        Some(held) => {
            let told = Change::put(key, held.clone().with(&it.result));
            let done = forget(community, it.record, &[Kind::Count, Kind::PublishResults], loaded);
            [told].into_iter().chain(done).collect()
        }
        None if reached(community, it.record, loaded).is_some() => Vec::new(),
        None => {
            let all = remembered(community, loaded).iter().chain([it]).cloned().collect();
            vec![Change::put(remembered_key(community), Record::Remembered(Remembered { all }))]
        }
    }
}

/// Remembers that something is over, or due, some day.
pub(super) fn remember(community: &CommunityId, dues: Vec<DueAt>, loaded: &Loaded) -> Change {
    let key = due_key(community);
    let mut all = loaded.due(&key).map(|due| due.all.clone()).unwrap_or_default();
    for due in dues {
        if !all.contains(&due) {
            all.push(due);
        }
    }
    Change::put(key, Record::Due(Due { all }))
}

/// It was done: none of these is due any more.
pub(super) fn forget(
    community: &CommunityId,
    record: RecordId,
    acts: &[Kind],
    loaded: &Loaded,
) -> Option<Change> {
    let key = due_key(community);
    let mut all = loaded.due(&key)?.all.clone();
    all.retain(|due| due.record != record || !acts.contains(&due.act));
    Some(Change::put(key, Record::Due(Due { all })))
}

/// Whether something is open; what is honoured was.
pub(super) fn is_open(open: Open, context: Context<'_>) -> Result<(), Stop> {
    let ends = open.ends();
    match context.now {
        _ if context.honoured.is_some() => Ok(()),
        now if now < open.from => Err(Refusal::NotYetOpen { from: open.from }.into()),
        now if now >= ends => Err(Refusal::Closed { since: ends }.into()),
        _ => Ok(()),
    }
}

pub(super) fn open_reads(community: &CommunityId, consultation: RecordId) -> Vec<Key> {
    vec![Key::consultation(community, consultation), due_key(community), remembered_key(community)]
}

/// When something that is being opened is, from its two dates and the grace of its consultation.
pub(super) fn when(
    operation: &Operation,
    consultation: RecordId,
    (from, until): (Millis, Millis),
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Open, Stop> {
    let key = Key::consultation(&operation.community, consultation);
    let grace = loaded.consultation(&key).ok_or(Stop::Wait(consultation))?.grace;
    if until <= context.now && context.honoured.is_none() {
        return Err(Refusal::ClosesInThePast.into());
    }
    Ok(Open { from, until, grace })
}

/// It is opened, and `act` is done when it is over.
pub(super) fn opened(
    operation: &Operation,
    consultation: RecordId,
    act: Kind,
    when: Open,
    record: Record,
    loaded: &Loaded,
    now: Millis,
) -> Effect {
    let (community, id) = (&operation.community, operation.record());
    let mut dues = Vec::new();
    let record = match reached(community, id, loaded) {
        Some(told) => record.with(told),
        None => {
            dues.push(DueAt { act, consultation, record: id, at: when.ends() });
            record
        }
    };
    // It is asked in the communities that share the consultation too.
    if !sharing::siblings(community, consultation, loaded).is_empty() {
        dues.push(DueAt { act: Kind::Share, consultation, record: id, at: now });
    }
    let changes = vec![
        Change::put(Key::inside(community, consultation, id), record),
        remember(community, dues, loaded),
    ];
    Effect { changes, creates: true, title: None, state: TrailState::Received }
}

/// Whether what a person says counts. What comes back after a restore may be older than what they said
/// since, or than the counting.
pub(super) fn counts(
    (community, person): (&CommunityId, &PersonId),
    record: RecordId,
    is_done: bool,
    loaded: &Loaded,
    context: Context<'_>,
) -> bool {
    let there = loaded.took_part(&took_part_key(person, record));
    let older = there.is_some_and(|there| there.at > context.now || there.community != *community);
    context.honoured.is_none() || (!older && !is_done)
}

/// One person is counted once, in whichever of the communities that share it they take part first.
pub(super) fn not_elsewhere(
    operation: &Operation,
    person: &PersonId,
    record: RecordId,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<(), Stop> {
    let there = loaded.took_part(&took_part_key(person, record));
    let elsewhere = there.is_some_and(|there| there.community != operation.community);
    if elsewhere && context.honoured.is_none() { Err(Refusal::TookPartElsewhere.into()) } else { Ok(()) }
}

/// That a person took part, for themselves.
pub(super) fn took_part(
    operation: &Operation,
    person: &PersonId,
    consultation: RecordId,
    record: RecordId,
    context: Context<'_>,
) -> Change {
    let community = operation.community.clone();
    let it = TookPart { community, consultation, record, at: context.now };
    Change::put(took_part_key(person, record), Record::TookPart(it))
}

/// Whether something is over and was not done yet. What comes too early waits: a refusal would be
/// stored, and then it would never be done (the clock may have been set back since somebody looked).
pub(super) fn is_due(record: RecordId, open: Open, is_done: bool, context: Context<'_>) -> Result<(), Stop> {
    match context.now {
        _ if is_done => Err(Refusal::AlreadyDone.into()),
        now if now < open.ends() => Err(Stop::Wait(record)),
        _ => Ok(()),
    }
}
