//! Commitments of an office: made in a consultation, then reported on until they are over. The desk's view
//! is the same record, so that it holds those of every consultation without holding what is said there.

use super::views;
use super::{Change, Context, Effect, Loaded, Stop, desk_key};
use crate::ids::CommunityId;
use crate::operations::{Commit, Delivery, LOG_MAX, Operation, ReportProgress};
use crate::receipts::Refusal;
use crate::records::{Commitment, Record, Report, TrailState};
use crate::scopes::Key;
use crate::time::Millis;

/// In public and at the desk.
fn changes(community: &CommunityId, it: Commitment) -> Vec<Change> {
    let public = Key::inside(community, it.consultation, it.id);
    let desk = desk_key(community, it.id);
    vec![Change::put(public, Record::Commitment(it.clone())), Change::put(desk, Record::Commitment(it))]
}

/// What is promised lies ahead: of what is honoured, when it was first received.
fn is_ahead(due: Millis, context: Context<'_>) -> Result<(), Stop> {
    if due <= context.now {
        return Err(Refusal::DueInThePast.into());
    }
    Ok(())
}

pub(super) fn commit_reads(community: &CommunityId, commit: &Commit, loaded: &Loaded) -> Vec<Key> {
    let mut keys = vec![Key::consultation(community, commit.consultation)];
    for record in &commit.follows {
        keys.extend(views::reads(community, commit.consultation, *record, loaded));
    }
    keys
}

pub(super) fn commit(
    operation: &Operation,
    commit: &Commit,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let community = &operation.community;
    let key = Key::consultation(community, commit.consultation);
    loaded.consultation(&key).ok_or(Stop::Wait(commit.consultation))?;
    is_ahead(commit.due, context)?;
    // After a restore, what it follows from may come back later than it, or not at all.
    if context.honoured.is_none() {
        for record in &commit.follows {
            views::standing(community, commit.consultation, *record, loaded)?;
        }
    }
    let it = Commitment {
        id: operation.record(),
        consultation: commit.consultation,
        text: commit.text.clone(),
        owner: commit.owner.clone(),
        made_at: context.now,
        promised: commit.due,
        follows: commit.follows.clone(),
        log: Vec::new(),
    };
    Ok(Effect { changes: changes(community, it), creates: true, title: None, state: TrailState::Received })
}

pub(super) fn report_reads(community: &CommunityId, report: &ReportProgress) -> Vec<Key> {
    vec![Key::inside(community, report.consultation, report.record), desk_key(community, report.record)]
}

pub(super) fn report(
    community: &CommunityId,
    report: &ReportProgress,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = Key::inside(community, report.consultation, report.record);
    // A desk's device may hold its own view only: it is the same.
    let there = loaded.commitment(&key).or_else(|| loaded.commitment(&desk_key(community, report.record)));
    let mut it = there.ok_or(Stop::Wait(report.record))?.clone();
    if context.honoured.is_none() {
        if it.is_over() {
            return Err(Refusal::AlreadyOver.into());
        }
        if it.log.len() >= LOG_MAX {
            return Err(Refusal::LogFull.into());
        }
    }
    if let Delivery::Moved(to) = report.state {
        is_ahead(to, context)?;
    }
    // What comes back after a restore takes its place in the order of time.
    let at = it.log.partition_point(|there| there.at <= context.now);
    let entry = Report { text: report.text.clone(), state: report.state, at: context.now };
    it.log.insert(at, entry);
    let changes = changes(community, it);
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
