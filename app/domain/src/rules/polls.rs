//! Polls: opened, answered by secret ballots, counted once when they are over.
//!
//! A ballot is an ordinary operation of a person; its record lies where nobody pulls, and nothing
//! public changes when one is cast. Totals are told once, after closing, and never under ten ballots
//! (the one exact count of a small place; see `tallies::disclosure`).

use super::{Change, Context, Effect, Loaded, Stop, asked};
use crate::channels::Channels;
use crate::ids::{CommunityId, PersonId, RecordId};
use crate::operations::{Cast, Count, Kind, OpenPoll, Operation, number};
use crate::receipts::Refusal;
use crate::records::{BallotBox, CastBallot, Entry, Poll, PollResult, Record, TrailState};
use crate::scopes::{Key, Scope};
use crate::tallies::{self, Ballot};
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
    let poll = Poll {
        id: operation.record(),
        consultation: open.consultation,
        question: open.question.clone(),
        text: open.text.clone(),
        choices: open.choices.clone(),
        method: open.method,
        grades: open.grades.clone(),
        open: when,
        result: None,
    };
    Ok(asked::opened(operation, open.consultation, Kind::Count, when, Record::Poll(poll), loaded))
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
    let title = poll.question.iter().next().map(|(_, question)| question.clone());
    let mut changes = Vec::new();
    if asked::counts(&person.id, cast.poll, poll.result.is_some(), loaded, context) {
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

pub(super) fn count_reads(community: &CommunityId, count: &Count) -> Vec<Key> {
    let poll = Key::inside(community, count.consultation, count.poll);
    vec![poll, box_key(community, count.poll), asked::due_key(community)]
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
    let held = loaded.ballot_box(&box_key(community, count.poll));
    let all = || held.iter().flat_map(|held| &held.ballots);
    let ballots: Vec<Ballot> = all().map(|cast| cast.ballot.clone()).collect();
    let (choices, grades) = (number(&poll.choices), number(&poll.grades));
    // Each was checked when it was cast.
    let mut tally = tallies::tally(poll.method, choices, grades, &ballots)
        .map_err(|_| Stop::Refuse(Refusal::BadBallot))?;
    tally.channels = Channels::told(all().map(|cast| cast.channel), tallies::CHANNEL_MIN);
    let result = if tallies::may_publish(&tally) { PollResult::Counted(tally) } else { PollResult::TooFew };
    let result = Some(Later::of(&result).map_err(|_| Stop::Refuse(Refusal::BadBallot))?);
    let counted = Poll { result, ..poll.clone() };
    let mut changes = vec![Change::put(key, Record::Poll(counted))];
    changes.extend(asked::forget(community, count.poll, loaded));
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
