//! Consultations: opened, closed and answered by the office.

use super::views::{self, Views};
use super::{Change, Context, Effect, Loaded, Stop, asked};
use crate::ids::{CommunityId, RecordId};
use crate::operations::{CloseConsultation, Conclude, Kind, OpenConsultation, Operation};
use crate::phases::Form;
use crate::receipts::Refusal;
use crate::records::{Conclusion, Consultation, DueAt, Record, TrailState};
use crate::scopes::Key;
use crate::time::Millis;

/// Nothing, unless others are invited.
pub(super) fn open_reads(community: &CommunityId, open: &OpenConsultation) -> Vec<Key> {
    if open.shared_with.is_empty() { Vec::new() } else { vec![asked::due_key(community)] }
}

pub(super) fn open(
    operation: &Operation,
    open: &OpenConsultation,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    if open.phases.open_for(Form::Proposals).1 <= context.now && context.honoured.is_none() {
        return Err(Refusal::ClosesInThePast.into());
    }
    let id = operation.record();
    let consultation = opened(&operation.community, id, open, context.now);
    let key = Key::consultation(&operation.community, id);
    let shared = !consultation.shared_with.is_empty();
    let mut changes = vec![Change::put(key, Record::Consultation(consultation))];
    if shared {
        let due = DueAt { act: Kind::Share, consultation: id, record: id, at: context.now };
        changes.push(asked::remember(&operation.community, vec![due], loaded));
    }
    Ok(Effect { changes, creates: true, title: None, state: TrailState::Received })
}

/// A consultation as it begins.
pub(super) fn opened(
    community: &CommunityId,
    id: RecordId,
    open: &OpenConsultation,
    now: Millis,
) -> Consultation {
    Consultation {
        id,
        community: community.clone(),
        title: open.title.clone(),
        summary: open.summary.clone(),
        opened_at: now,
        phases: open.phases.clone(),
        grace: open.grace,
        takes: open.takes.clone(),
        closed_at: None,
        decided_by: open.decided_by.clone(),
        used_for: open.used_for.clone(),
        answer_by: open.answer_by,
        conclusion: None,
        source: open.source.clone(),
        adapted_from: open.adapted_from.clone(),
        shared_with: open.shared_with.iter().filter(|it| *it != community).cloned().collect(),
        fictitious: open.fictitious,
    }
}

pub(super) fn close(
    community: &CommunityId,
    close: &CloseConsultation,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = Key::consultation(community, close.consultation);
    let before = loaded.consultation(&key).ok_or(Stop::Wait(close.consultation))?;
    // One that comes back after a restore may be older than the closing that stands.
    let anew = context.honoured.is_some() && before.closed_at.is_some();
    if anew || !before.is_open(context.now) {
        return Err(Refusal::AlreadyClosed.into());
    }
    let closed = Consultation { closed_at: Some(context.now), grace: close.grace, ..before.clone() };
    let changes = vec![Change::put(key, Record::Consultation(closed))];
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}

pub(super) fn conclude_reads(community: &CommunityId, conclude: &Conclude, loaded: &Loaded) -> Vec<Key> {
    let mut keys = vec![Key::consultation(community, conclude.consultation)];
    for record in &conclude.uses {
        keys.extend(views::reads(community, conclude.consultation, *record, loaded));
    }
    keys
}

pub(super) fn conclude(
    community: &CommunityId,
    conclude: &Conclude,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = Key::consultation(community, conclude.consultation);
    let before = loaded.consultation(&key).ok_or(Stop::Wait(conclude.consultation))?;
    let stands = before.conclusion.as_ref();
    let older = context.honoured.is_some() && stands.is_some_and(|there| there.at > context.now);
    let mut changes = Vec::new();
    if !older {
        for record in &conclude.uses {
            let mut views = match Views::of(community, conclude.consultation, *record, loaded) {
                Ok(views) => views,
                // What it used may come back later than it, or not at all.
                Err(_) if context.honoured.is_some() => continue,
                Err(stop) => return Err(stop),
            };
            views.tell(|trail| trail.used = true);
            changes.extend(views.changes());
        }
        let (text, uses) = (conclude.text.clone(), conclude.uses.clone());
        let conclusion = Some(Conclusion { text, at: context.now, uses });
        changes.push(Change::put(key, Record::Consultation(Consultation { conclusion, ..before.clone() })));
    }
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
