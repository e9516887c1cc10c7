//! Consultations: opened and closed by the office.

use super::{Change, Context, Effect, Loaded, Stop};
use crate::ids::CommunityId;
use crate::operations::{CloseConsultation, OpenConsultation, Operation};
use crate::phases::Phase;
use crate::receipts::Refusal;
use crate::records::{Consultation, Record, TrailState};
use crate::scopes::Key;

pub(super) fn open(
    operation: &Operation,
    open: &OpenConsultation,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    if open.closes_at <= context.now && context.honoured.is_none() {
        return Err(Refusal::ClosesInThePast.into());
    }
    let id = operation.record();
    let consultation = Consultation {
        id,
        community: operation.community.clone(),
        title: open.title.clone(),
        summary: open.summary.clone(),
        opened_at: context.now,
        closes_at: open.closes_at,
        accepts_until: open.accepts_until,
        closed: false,
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
    let anew = context.honoured.is_some() && before.closed;
    if anew || before.phase(context.now) != Phase::Open {
        return Err(Refusal::AlreadyClosed.into());
    }
    let closed = Consultation {
        closes_at: context.now,
        accepts_until: context.now.plus(close.grace),
        closed: true,
        ..before.clone()
    };
    let changes = vec![Change::put(key, Record::Consultation(closed))];
    Ok(Effect { changes, creates: false, title: None, state: TrailState::Received })
}
