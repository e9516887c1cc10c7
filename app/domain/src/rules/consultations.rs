//! Consultations: opened and closed by the office.

use super::{Change, Context, Effect, Loaded, Stop};
use crate::ids::CommunityId;
use crate::operations::{CloseConsultation, OpenConsultation, Operation};
use crate::phases::Form;
use crate::receipts::Refusal;
use crate::records::{Consultation, Record, TrailState};
use crate::scopes::Key;

pub(super) fn open(
    operation: &Operation,
    open: &OpenConsultation,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    if open.phases.open_for(Form::Proposals).1 <= context.now && context.honoured.is_none() {
        return Err(Refusal::ClosesInThePast.into());
    }
    let id = operation.record();
    let consultation = Consultation {
        id,
        community: operation.community.clone(),
        title: open.title.clone(),
        summary: open.summary.clone(),
        opened_at: context.now,
        phases: open.phases.clone(),
        grace: open.grace,
        takes: open.takes.clone(),
        closed_at: None,
        decided_by: open.decided_by.clone(),
        used_for: open.used_for.clone(),
        answer_by: open.answer_by,
        source: open.source.clone(),
        fictitious: open.fictitious,
    };
    let key = Key::consultation(&operation.community, id);
    let changes = vec![Change::put(key, Record::Consultation(consultation))];
    Ok(Effect { changes, creates: true, title: None, state: TrailState::Received })
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
