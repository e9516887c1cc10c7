//! Documents of a consultation: attached by the office at any time, also when people say nothing more,
//! and taken away. What was taken away leaves its title with both dates.

use super::{Change, Context, Effect, Loaded, Stop};
use crate::documents::DOCUMENTS_MAX;
use crate::ids::{CommunityId, RecordId};
use crate::operations::{AttachDocument, DetachDocument, Operation};
use crate::receipts::Refusal;
use crate::records::{Attached, Document, Record, TrailState};
use crate::scopes::{Key, Scope};

pub(super) fn attached_key(community: &CommunityId, consultation: RecordId) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name: format!("documents-{consultation}") }
}

fn attached(key: &Key, loaded: &Loaded) -> Vec<RecordId> {
    loaded.attached(key).map(|attached| attached.all.clone()).unwrap_or_default()
}

pub(super) fn attach_reads(community: &CommunityId, attach: &AttachDocument) -> Vec<Key> {
    vec![Key::consultation(community, attach.consultation), attached_key(community, attach.consultation)]
}

pub(super) fn attach(
    operation: &Operation,
    attach: &AttachDocument,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let (community, id) = (&operation.community, operation.record());
    let consultation = Key::consultation(community, attach.consultation);
    loaded.consultation(&consultation).ok_or(Stop::Wait(attach.consultation))?;
    let key = attached_key(community, attach.consultation);
    let mut all = attached(&key, loaded);
    if all.len() >= DOCUMENTS_MAX && context.honoured.is_none() {
        return Err(Refusal::TooManyDocuments.into());
    }
    all.push(id);
    let document = Document {
        id,
        consultation: attach.consultation,
        title: attach.title.clone(),
        file: attach.file,
        size: operation.blobs.iter().map(|blob| blob.size).sum(),
        added_at: context.now,
        removed_at: None,
    };
    let changes = vec![
        Change::put(Key::inside(community, attach.consultation, id), Record::Document(document)),
        Change::put(key, Record::Attached(Attached { all })),
    ];
    let title = operation.action.title();
    Ok(Effect { changes, creates: true, title, state: TrailState::Received })
}

pub(super) fn detach_reads(community: &CommunityId, detach: &DetachDocument) -> Vec<Key> {
    let document = Key::inside(community, detach.consultation, detach.document);
    vec![document, attached_key(community, detach.consultation)]
}

pub(super) fn detach(
    community: &CommunityId,
    detach: &DetachDocument,
    loaded: &Loaded,
    context: Context<'_>,
) -> Result<Effect, Stop> {
    let document = Key::inside(community, detach.consultation, detach.document);
    let before = loaded.document(&document).ok_or(Stop::Wait(detach.document))?;
    if before.removed_at.is_some() {
        return Err(Refusal::AlreadyDone.into());
    }
    let key = attached_key(community, detach.consultation);
    let mut all = attached(&key, loaded);
    all.retain(|id| *id != detach.document);
    let title = before.title.iter().next().map(|(_, title)| title.clone());
    let gone = Document { removed_at: Some(context.now), ..before.clone() };
    let changes = vec![
        Change::put(document, Record::Document(gone)),
        Change::put(key, Record::Attached(Attached { all })),
    ];
    Ok(Effect { changes, creates: false, title, state: TrailState::Received })
}
