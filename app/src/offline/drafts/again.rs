//! What was sealed and becomes a draft again: taken back before it left, or refused and used once more.

use domain::ids::{Hash, OpId};
use domain::operations::{Action, Kinds, Photo};
use domain::outbox::Item;

use super::{Draft, DraftPhoto, all, empty, one, prefer};
use crate::offline::outbox;
use crate::offline::store::{DeviceStore, StoreError, Table, Write, text};
use crate::offline::surroundings::Surroundings;

/// Takes an item that never left back to a draft: its key. An act without a form is deleted.
pub async fn take_back<S: DeviceStore + ?Sized>(
    store: &S,
    surroundings: &dyn Surroundings,
    op: OpId,
) -> Result<Option<String>, StoreError> {
    let key = op.to_string();
    let before = text(store, Table::Outbox, &key).await?.ok_or(StoreError::Conflict)?;
    let item: Item = serde_json::from_str(&before).map_err(|_| StoreError::Damaged)?;
    if !item.may_be_taken_back() {
        return Err(StoreError::Conflict);
    }
    let mut batch = vec![
        Write::Expect(Table::Outbox, key.clone(), Some(before)),
        Write::Delete(Table::Outbox, key.clone()),
    ];
    // It never left: nobody has seen its bytes, so the operation keeps its name and files.
    let draft = refill(surroundings, &item)?.map(|draft| Draft { key: key.clone(), op, ..draft });
    if let Some(draft) = &draft {
        batch.push(Write::Add(Table::Drafts, key, draft.write()?));
    }
    store.commit(batch).await?;
    Ok(draft.map(|draft| draft.key))
}

/// "Edit and send again": a new operation with a new salt, and the same words and photos. Asked
/// for again, it is the same draft, and the one that its consultation opens.
pub async fn reuse<S: DeviceStore + ?Sized>(
    store: &S,
    surroundings: &dyn Surroundings,
    op: OpId,
) -> Result<Option<Draft>, StoreError> {
    if let Some(begun) = all(store).await?.into_iter().find(|draft| draft.again == Some(op)) {
        prefer(store, surroundings.now(), &begun.key, begun.consultation).await?;
        return one(store, &begun.key).await;
    }
    let Some(item) = outbox::item(store, op).await? else { return Ok(None) };
    let Some(draft) = refill(surroundings, &item)? else { return Ok(None) };
    let draft = Draft { again: Some(op), ..draft };
    let mut batch = vec![Write::Add(Table::Drafts, draft.key.clone(), draft.write()?)];
    for hash in &item.blobs {
        if let Some(bytes) = store.get(Table::Files, &outbox::file_key(op, *hash)).await? {
            batch.push(Write::Put(Table::Files, outbox::file_key(draft.op, *hash), bytes));
        }
    }
    store.commit(batch).await?;
    Ok(Some(draft))
}

/// A new draft with an item's words.
fn refill(surroundings: &dyn Surroundings, item: &Item) -> Result<Option<Draft>, StoreError> {
    let operation = item.operation_of(Kinds::PARTICIPANTS).map_err(|_| StoreError::Damaged)?;
    let Action::Propose(propose) = operation.action else { return Ok(None) };
    let blobs = &operation.blobs;
    let size = |hash: Hash| blobs.iter().find(|blob| blob.sha256 == hash).map_or(0, |blob| blob.size);
    let photo = |photo: &Photo| DraftPhoto {
        full: photo.full,
        full_size: size(photo.full),
        thumb: photo.thumb,
        thumb_size: size(photo.thumb),
        alt: photo.alt.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    let draft = empty(surroundings, item.author.clone(), item.community.clone(), propose.consultation)?;
    Ok(Some(Draft {
        title: propose.title.to_string(),
        text: propose.text.as_ref().map(ToString::to_string).unwrap_or_default(),
        subject: Some(propose.subject.to_string()),
        photos: propose.photos.iter().map(photo).collect(),
        sector: propose.place.as_ref().and_then(|it| it.sector),
        place: propose.place.and_then(|it| it.words).map(|words| words.to_string()).unwrap_or_default(),
        ..draft
    }))
}
