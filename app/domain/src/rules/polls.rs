//! Polls: opened, answered by secret ballots, counted once when they are over.
//!
//! A ballot is an ordinary operation of a person; its record lies where nobody pulls, and nothing
//! public changes when one is cast. Totals are told once, after closing, and never under ten ballots
//! (the one exact count of a small place; see `tallies::disclosure`).

use super::{Change, Context, Effect, Loaded, Stop, asked, sharing};
use crate::channels::Channels;
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Cast, Count, Kind, OpenPoll, Operation, number};
use crate::receipts::Refusal;
use crate::records::{
    BallotBox, CastBallot, Entry, Poll, PollResult, Record, SharedPart, SharedTally, TrailState,
};
use crate::scopes::{Key, Scope};
use crate::tallies::{self, Ballot, Tally};
use crate::wire::Later;

fn box_key(community: &CommunityId, poll: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("ballots-{poll}") }
}

pub(super) fn open(
    operation: &Operation,
    open: &OpenPoll,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let dates = (open.opens_at, open.closes_at);
    let when = asked::when(operation, open.consultation, dates, loaded, context)?;
    let poll = open.poll(operation.record(), when);
    Ok(asked::opened(
        operation,
        open.consultation,
        Kind::Count,
        when,
        Record::Poll(poll),
        loaded,
        context.now,
    ))
}

pub(super) fn cast_reads(operation: &Operation, cast: &Cast) -> Vec<Key> {
    let community = &operation.community;
    let mut keys = vec![Key::inside(community, cast.consultation, cast.poll), box_key(community, cast.poll)];
    keys.extend(operation.author.person().map(|person| asked::took_part_key(person, cast.poll)));
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
        loaded.poll(&Key::inside(community, cast.consultation, cast.poll)).ok_or(Stop::Wait(cast.poll))?;
    asked::is_open(poll.open, context)?;
    tallies::check(poll.method, number(&poll.choices), number(&poll.grades), &cast.ballot)
        .map_err(|_| Stop::Refuse(Refusal::BadBallot))?;
    let person = context.actor.person().ok_or(Refusal::NotPermitted)?;
    asked::not_elsewhere(operation, &person.id, cast.poll, loaded, context)?;
    let title = poll.question.iter().next().map(|(_, question)| question.clone());
    let mut changes = Vec::new();
    if asked::counts((community, &person.id), cast.poll, poll.result.is_some(), loaded, context) {
        let ballots = box_key(community, cast.poll);
        let mut all = loaded.ballot_box(&ballots).map(|held| held.ballots.clone()).unwrap_or_default();
        let channel = context.actor.channel();
        let ballot = CastBallot { person: person.id.clone(), ballot: cast.ballot.clone(), channel };
        match all.binary_search_by(|held| held.person.cmp(&person.id)) {
            Ok(at) => all[at] = ballot,
            Err(at) => all.insert(at, ballot),
        }
        let held = BallotBox { poll: cast.poll, ballots: all };
        changes.push(asked::took_part(operation, &person.id, cast.consultation, cast.poll, context));
        changes.push(Change::put(ballots, Record::BallotBox(held)));
    }
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}

pub(super) fn take_out_reads(community: &CommunityId, entry: &Entry) -> Vec<Key> {
    let poll = Key::inside(community, entry.consultation, entry.about);
    let guest = PersonId::guest(entry.record);
    vec![poll, box_key(community, entry.about), asked::took_part_key(&guest, entry.about)]
}

/// The ballot of an entry leaves the box, while it is not counted.
pub(super) fn take_out(community: &CommunityId, entry: &Entry, loaded: &Loaded) -> Result<Vec<Change>, Stop> {
    let poll = Key::inside(community, entry.consultation, entry.about);
    if loaded.poll(&poll).ok_or(Stop::Wait(entry.about))?.result.is_some() {
        return Err(Refusal::AlreadyCounted.into());
    }
    let guest = PersonId::guest(entry.record);
    let ballots = box_key(community, entry.about);
    let mut held = loaded.ballot_box(&ballots).cloned();
    held.iter_mut().for_each(|held| held.ballots.retain(|cast| cast.person != guest));
    let held = held.map(|held| Change::put(ballots, Record::BallotBox(held)));
    Ok(held.into_iter().chain([Change::remove(asked::took_part_key(&guest, entry.about))]).collect())
}

pub(super) fn count_reads(community: &CommunityId, count: &Count, loaded: &Loaded) -> Vec<Key> {
    let mut keys = vec![Key::consultation(community, count.consultation), asked::due_key(community)];
    for each in [community].into_iter().chain(sharing::siblings(community, count.consultation, loaded)) {
        keys.extend([Key::inside(each, count.consultation, count.poll), box_key(each, count.poll)]);
        keys.push(asked::remembered_key(each));
    }
    keys
}

/// Counts the ballots of these communities.
fn tally(poll: &Poll, of: &[&CommunityId], loaded: &Loaded) -> Result<Tally, Stop> {
    let boxes: Vec<&BallotBox> =
        of.iter().filter_map(|each| loaded.ballot_box(&box_key(each, poll.id))).collect();
    let all = || boxes.iter().flat_map(|held| &held.ballots);
    let ballots: Vec<Ballot> = all().map(|cast| cast.ballot.clone()).collect();
    let (choices, grades) = (number(&poll.choices), number(&poll.grades));
    // Each was checked when it was cast.
    let mut tally = tallies::tally(poll.method, choices, grades, &ballots)
        .map_err(|_| Stop::Refuse(Refusal::BadBallot))?;
    tally.channels = Channels::told(all().map(|cast| cast.channel), tallies::CHANNEL_MIN);
    Ok(tally)
}

/// What one community's poll came to.
fn counted(poll: &Poll, community: &CommunityId, loaded: &Loaded) -> Result<PollResult, Stop> {
    let tally = tally(poll, &[community], loaded)?;
    Ok(if tallies::may_publish(&tally) { PollResult::Counted(tally) } else { PollResult::TooFew })
}

/// What the poll of several came to, in the order of their names, so that it is the same for each.
fn counted_together(
    poll: &Poll,
    mut communities: Vec<&CommunityId>,
    loaded: &Loaded,
) -> Result<PollResult, Stop> {
    communities.sort_unstable();
    let mut together = tally(poll, &communities, loaded)?;
    if !tallies::may_publish(&together) {
        return Ok(PollResult::TooFew);
    }
    let mut parts = Vec::new();
    for community in communities {
        let tally = tally(poll, &[community], loaded)?;
        parts.push(SharedPart { community: community.clone(), tally });
    }
    // Either each is told or none is: a single one that is not could be subtracted.
    if !parts.iter().all(|part| tallies::may_publish(&part.tally)) {
        parts.clear();
    }
    if parts.iter().any(|part| part.tally.channels.is_none()) {
        together.channels = None;
        parts.iter_mut().for_each(|part| part.tally.channels = None);
    }
    Ok(PollResult::Shared(SharedTally { together, parts }))
}

pub(super) fn count(
    community: &CommunityId,
    count: &Count,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = Key::inside(community, count.consultation, count.poll);
    let poll = loaded.poll(&key).ok_or(Stop::Wait(count.poll))?;
    asked::is_due(count.poll, poll.open, poll.result.is_some(), context)?;
    let shared = || sharing::siblings(community, count.consultation, loaded).iter();
    let others: Vec<_> = shared()
        .filter_map(|each| Some((each, loaded.poll(&Key::inside(each, count.consultation, count.poll))?)))
        .collect();
    // After a restore theirs may not be back.
    let lost = || shared().find_map(|each| asked::reached(each, count.poll, loaded)?.poll().cloned());
    let done = others.iter().find_map(|(_, theirs)| theirs.result.clone()).or_else(lost);
    let result = match done {
        // Whoever counted first counted for all: whatever changed since could be subtracted.
        Some(done) => done,
        None => {
            let result = if others.is_empty() {
                counted(poll, community, loaded)?
            } else {
                let all = [community].into_iter().chain(others.iter().map(|(each, _)| *each));
                counted_together(poll, all.collect(), loaded)?
            };
            Later::of(&result).map_err(|_| Stop::Refuse(Refusal::BadBallot))?
        }
    };
    let result = Some(result);
    let mut changes = vec![Change::put(key, Record::Poll(Poll { result, ..poll.clone() }))];
    changes.extend(asked::forget(community, count.poll, &[Kind::Count], loaded));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
