//! Polls: opened, answered by secret ballots, counted once when they are over.
//!
//! A ballot is an ordinary operation of a person; its record lies where nobody pulls, and nothing
//! public changes when one is cast. Totals are told once, after closing, and never under ten ballots
//! (the one exact count of a small place; see `tallies::disclosure`).

use super::{Change, Context, Effect, Loaded, Stop};
use crate::authority::Actor;
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Cast, Count, Kind, OpenPoll, Operation, number};
use crate::receipts::Refusal;
use crate::records::{
    BallotBox, CastBallot, Due, DueAt, Open, Poll, PollResult, Record, TookPart, TrailState,
};
use crate::scopes::{Key, Scope};
use crate::tallies::{self, Ballot};
use crate::time::Millis;
use crate::wire::Later;

/// Where a poll or a survey lies.
pub(super) fn asked_key(community: &CommunityId, consultation: RecordId, id: RecordId) -> Key {
    Key::record(Scope::Consultation(community.clone(), consultation), id)
}

fn box_key(community: &CommunityId, poll: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("ballots-{poll}") }
}

/// Where it lies that a person took part in a poll or a survey.
pub fn took_part_key(person: &PersonId, record: RecordId) -> Key {
    Key { scope: Scope::Person(person.clone()), name: format!("took-part-{record}") }
}

/// Where it lies what of a community is over some day.
pub fn due_key(community: &CommunityId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: "due".to_owned() }
}

/// Remembers that something is over some day.
pub(super) fn remember(community: &CommunityId, due: DueAt, loaded: &Loaded) -> Change {
    let key = due_key(community);
    let mut all = loaded.due(&key).map(|due| due.all.clone()).unwrap_or_default();
    if !all.contains(&due) {
        all.push(due);
    }
    Change::put(key, Record::Due(Due { all }))
}

/// It was done.
pub(super) fn forget(community: &CommunityId, record: RecordId, loaded: &Loaded) -> Option<Change> {
    let key = due_key(community);
    let mut all = loaded.due(&key)?.all.clone();
    all.retain(|due| due.record != record);
    Some(Change::put(key, Record::Due(Due { all })))
}

/// Whether something is open; what is honoured was.
pub(super) fn is_open(open: Open, context: Context<'_>) -> Result<(), Stop> {
    let ends = open.until.plus(open.grace);
    match context.now {
        _ if context.honoured.is_some() => Ok(()),
        now if now < open.from => Err(Refusal::NotYetOpen { from: open.from }.into()),
        now if now >= ends => Err(Refusal::Closed { since: ends }.into()),
        _ => Ok(()),
    }
}

pub(super) fn took_part(
    community: &CommunityId,
    consultation: RecordId,
    record: RecordId,
    at: Millis,
) -> Record {
    Record::TookPart(TookPart { community: community.clone(), consultation, record, at })
}

pub(super) fn open_reads(community: &CommunityId, consultation: RecordId) -> Vec<Key> {
    vec![Key::consultation(community, consultation), due_key(community)]
}

pub(super) fn open(
    operation: &Operation,
    open: &OpenPoll,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let key = Key::consultation(community, open.consultation);
    let grace = loaded.consultation(&key).ok_or(Stop::Wait(open.consultation))?.grace;
    if open.closes_at <= context.now && context.honoured.is_none() {
        return Err(Refusal::ClosesInThePast.into());
    }
    let id = operation.record();
    let when = Open { from: open.opens_at, until: open.closes_at, grace };
    let poll = Poll {
        id,
        consultation: open.consultation,
        question: open.question.clone(),
        text: open.text.clone(),
        choices: open.choices.clone(),
        method: open.method,
        grades: open.grades.clone(),
        open: when,
        result: None,
    };
    let at = when.until.plus(when.grace);
    let due = DueAt { act: Kind::Count, consultation: open.consultation, record: id, at };
    let changes = vec![
        Change::put(asked_key(community, open.consultation, id), Record::Poll(poll)),
        remember(community, due, loaded),
    ];
    Ok(Effect { changes, creates: true, title: None, state: TrailState::Received })
}

pub(super) fn cast_reads(operation: &Operation, cast: &Cast) -> Vec<Key> {
    let community = &operation.community;
    let mut keys = vec![asked_key(community, cast.consultation, cast.poll), box_key(community, cast.poll)];
    keys.extend(operation.author.person().map(|person| took_part_key(person, cast.poll)));
    keys
}

pub(super) fn cast(
    operation: &Operation,
    cast: &Cast,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let poll =
        loaded.poll(&asked_key(community, cast.consultation, cast.poll)).ok_or(Stop::Wait(cast.poll))?;
    is_open(poll.open, context)?;
    tallies::check(poll.method, number(&poll.choices), number(&poll.grades), &cast.ballot)
        .map_err(|_| Stop::Refuse(Refusal::BadBallot))?;
    let Actor::Person(person) = context.actor else { return Err(Refusal::NotPermitted.into()) };
    let title = poll.question.iter().next().map(|(_, question)| question.clone());
    let key = took_part_key(&person.id, cast.poll);
    // One that comes back after a restore may be older than the ballot that lies there, or than the
    // counting.
    let older = loaded.took_part(&key).is_some_and(|there| there.at > context.now);
    let mut changes = Vec::new();
    if context.honoured.is_none() || (!older && poll.result.is_none()) {
        let ballots = box_key(community, cast.poll);
        let mut all = loaded.ballot_box(&ballots).map(|held| held.ballots.clone()).unwrap_or_default();
        let ballot = CastBallot { person: person.id.clone(), ballot: cast.ballot.clone() };
        match all.binary_search_by(|held| held.person.cmp(&person.id)) {
            Ok(at) => all[at] = ballot,
            Err(at) => all.insert(at, ballot),
        }
        let held = BallotBox { poll: cast.poll, ballots: all };
        changes.push(Change::put(key, took_part(community, cast.consultation, cast.poll, context.now)));
        changes.push(Change::put(ballots, Record::BallotBox(held)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn count_reads(community: &CommunityId, count: &Count) -> Vec<Key> {
    let poll = asked_key(community, count.consultation, count.poll);
    vec![poll, box_key(community, count.poll), due_key(community)]
}

pub(super) fn count(
    community: &CommunityId,
    count: &Count,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = asked_key(community, count.consultation, count.poll);
    let poll = loaded.poll(&key).ok_or(Stop::Wait(count.poll))?;
    if poll.result.is_some() {
        return Err(Refusal::AlreadyDone.into());
    }
    let ends = poll.open.until.plus(poll.open.grace);
    // A refusal would be stored, and then it would never be counted: the clock may have been set back
    // since somebody looked.
    if context.now < ends {
        return Err(Stop::Wait(count.poll));
    }
    let held = loaded.ballot_box(&box_key(community, count.poll));
    let ballots: Vec<Ballot> =
        held.iter().flat_map(|held| &held.ballots).map(|cast| cast.ballot.clone()).collect();
    let (choices, grades) = (number(&poll.choices), number(&poll.grades));
    // Each was checked when it was cast.
    let tally = tallies::tally(poll.method, choices, grades, &ballots)
        .map_err(|_| Stop::Refuse(Refusal::BadBallot))?;
    let result = if tallies::may_publish(&tally) { PollResult::Counted(tally) } else { PollResult::TooFew };
    let result = Some(Later::of(&result).map_err(|_| Stop::Refuse(Refusal::BadBallot))?);
    let counted = Poll { result, ..poll.clone() };
    let mut changes = vec![Change::put(key, Record::Poll(counted))];
    changes.extend(forget(community, count.poll, loaded));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
