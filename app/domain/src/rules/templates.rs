//! Templates of answers: for the office alone. Two colleagues who change the same one keep what was said last.

use super::{Change, Context, Effect, Loaded, Stop};
use crate::ids::{CommunityId, RecordId};
use crate::operations::{DropTemplate, KeepTemplate, Operation};
use crate::receipts::Refusal;
use crate::records::{AnswerTemplate, Record, TrailState};
use crate::scopes::{Key, Scope};

/// Where a template lies.
pub(super) fn key(community: &CommunityId, template: RecordId) -> Key {
    Key { scope: Scope::Desk(community.clone()), name: format!("template-{template}") }
}

pub(super) fn keep_key(operation: &Operation, keep: &KeepTemplate) -> Key {
    key(&operation.community, keep.template.unwrap_or(operation.record()))
}

fn effect(changes: Vec<Change>) -> Effect {
    Effect { changes, creates: false, title: None, state: TrailState::Received }
}

/// One that a colleague took out meanwhile is there again: whoever writes words wants them kept.
pub(super) fn keep(
    operation: &Operation,
    keep: &KeepTemplate,
    loaded: &Loaded,
    context: Context<'_>,
) -> Effect {
    let key = keep_key(operation, keep);
    // What comes back after a restore may be older than what stands.
    let is_newer = |it: &AnswerTemplate| context.honoured.is_some() && it.kept_at > context.now;
    if loaded.answer_template(&key).is_some_and(is_newer) {
        return effect(Vec::new());
    }
    let template = AnswerTemplate {
        id: keep.template.unwrap_or(operation.record()),
        title: keep.title.clone(),
        text: keep.text.clone(),
        kept_at: context.now,
    };
    effect(vec![Change::put(key, Record::AnswerTemplate(template))])
}

pub(super) fn drop(
    community: &CommunityId,
    drop: &DropTemplate,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let key = key(community, drop.template);
    match loaded.answer_template(&key) {
        Some(_) => Ok(effect(vec![Change::remove(key)])),
        // After a restore, what it takes out may still come.
        None if context.honoured.is_some() => Err(Stop::Wait(drop.template)),
        None => Err(Refusal::AlreadyDone.into()),
    }
}
