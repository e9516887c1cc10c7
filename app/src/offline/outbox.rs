//! The outbox as it lies in the store: sealing, and every change of an item by
//! compare-and-set, because another tab may be faster.

use domain::ids::{CommunityId, Hash, OpId, PersonId, Salt};
use domain::operations::{Action, BlobRef, Kinds, seal_one_of};
use domain::order;
use domain::outbox::{Item, State};
use domain::time::Millis;

use super::drafts::SealError;
use super::store::{DeviceStore, StoreError, Table, Value, Write, text, written};
use super::surroundings::Surroundings;

const NUMBER: &str = "number";
/// How often a change is tried again when another tab was faster.
pub(super) const TRIES: usize = 8;

/// The key of a file that belongs to a draft or an item.
pub(crate) fn file_key(op: OpId, hash: Hash) -> String {
    [files_of(op), hash.to_string()].concat()
}

/// What the keys of all its files begin with.
pub(crate) fn files_of(op: OpId) -> String {
    ["own ", &op.to_string(), " "].concat()
}

/// Every item, in the order of sealing.
pub async fn items<S: DeviceStore + ?Sized>(store: &S) -> Result<Vec<Item>, StoreError> {
    Ok(with_texts(store).await?.into_iter().map(|(item, _)| item).collect())
}

/// Every item with the text that it is stored as.
pub(crate) async fn with_texts<S: DeviceStore + ?Sized>(
    store: &S,
) -> Result<Vec<(Item, String)>, StoreError> {
    let mut items = Vec::new();
    for (_, value) in store.range(Table::Outbox, "").await? {
        let text = value.text().ok_or(StoreError::Damaged)?;
        let item: Item = serde_json::from_str(&text).map_err(|_| StoreError::Damaged)?;
        items.push((item, text));
    }
    order::by(&mut items, |(item, _)| (item.number, item.op.to_string()));
    Ok(items)
}

/// One item.
pub async fn item<S: DeviceStore + ?Sized>(store: &S, op: OpId) -> Result<Option<Item>, StoreError> {
    match text(store, Table::Outbox, &op.to_string()).await? {
        Some(text) => serde_json::from_str(&text).map(Some).map_err(|_| StoreError::Damaged),
        None => Ok(None),
    }
}

/// What an edit wants done.
pub enum Edit {
    /// Leave it as it is.
    Keep,
    /// Store the changed item.
    Store,
    /// Delete it with its files.
    Delete,
}

/// Changes one item by compare-and-set. Answers whether it was changed.
pub async fn edit<S: DeviceStore + ?Sized>(
    store: &S,
    op: OpId,
    mut change: impl FnMut(&mut Item) -> Edit,
) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        let key = op.to_string();
        let Some(before) = text(store, Table::Outbox, &key).await? else { return Ok(false) };
        let mut item: Item = serde_json::from_str(&before).map_err(|_| StoreError::Damaged)?;
        let mut batch = vec![Write::Expect(Table::Outbox, key.clone(), Some(before))];
        match change(&mut item) {
            Edit::Keep => return Ok(false),
            Edit::Store => batch.push(Write::Put(Table::Outbox, key, Value::Text(written(&item)?))),
            Edit::Delete => {
                batch.push(Write::Delete(Table::Outbox, key));
                batch.push(Write::DeleteAll(Table::Files, files_of(op)));
            }
        }
        match store.commit(batch).await {
            Err(StoreError::Conflict) => continue,
            done => return done.map(|()| true),
        }
    }
    Err(StoreError::Conflict)
}

/// What is to be sealed.
pub struct Sealing {
    /// As drawn.
    pub op: OpId,
    /// As drawn.
    pub salt: Salt,
    /// Who is signed in.
    pub author: Option<PersonId>,
    /// Where it is said.
    pub community: CommunityId,
    /// What is done.
    pub action: Action,
    /// The files that it needs.
    pub blobs: Vec<BlobRef>,
    /// Of which kinds it is one.
    pub kinds: Kinds,
}

impl Sealing {
    /// The item, with the bytes that never change again.
    pub(crate) fn seal(self, now: Millis) -> Result<Item, SealError> {
        let (op, about) = (self.op, self.action.about());
        let blobs = self.blobs.iter().map(|blob| blob.sha256).collect();
        let body = seal_one_of(self.kinds, self.salt, now, self.blobs, &self.action)
            .map_err(|_| SealError::Invalid)?;
        let (author, community, state) = (self.author, self.community, State::Sealed);
        let item = Item {
            op,
            author,
            community,
            body,
            number: 0,
            sealed_at: now,
            about,
            blobs,
            tried: false,
            state,
            receipt: None,
            receipted_at: None,
        };
        item.operation_of(self.kinds).map_err(|_| SealError::Invalid)?;
        Ok(item)
    }
}

/// Takes a sealed item into the outbox: one transaction with everything in `with`, or nothing.
/// "Saved on this phone" is true when this returns.
pub(crate) async fn put<S: DeviceStore + ?Sized>(
    store: &S,
    mut item: Item,
    with: Vec<Write>,
) -> Result<OpId, SealError> {
    let op = item.op;
    let key = op.to_string();
    for _ in 0..TRIES {
        let last = text(store, Table::Meta, NUMBER).await?;
        item.number = last.as_deref().and_then(|last| last.parse::<u64>().ok()).unwrap_or(0) + 1;
        let number = Value::Text(item.number.to_string());
        let mut batch = with.clone();
        batch.push(Write::Expect(Table::Meta, NUMBER.to_owned(), last.clone()));
        batch.push(Write::Put(Table::Meta, NUMBER.to_owned(), number));
        batch.push(Write::Add(Table::Outbox, key.clone(), Value::Text(written(&item)?)));
        match store.commit(batch).await {
            // Another tab sealed something else in between: take the next number.
            Err(StoreError::Conflict) if text(store, Table::Meta, NUMBER).await? != last => continue,
            Err(StoreError::Conflict) => return Err(SealError::Gone),
            done => return Ok(done.map(|()| op)?),
        }
    }
    Err(SealError::Store(StoreError::Conflict))
}

/// Seals an act that has no draft: withdrawing, answering, opening, closing, hiding.
pub async fn act<S: DeviceStore + ?Sized>(
    store: &S,
    surroundings: &dyn Surroundings,
    kinds: Kinds,
    author: Option<PersonId>,
    community: CommunityId,
    action: Action,
) -> Result<OpId, SealError> {
    act_with(store, surroundings, kinds, author, community, action, Vec::new()).await
}

/// Seals one that needs files: they are stored with it.
pub async fn act_with<S: DeviceStore + ?Sized>(
    store: &S,
    surroundings: &dyn Surroundings,
    kinds: Kinds,
    author: Option<PersonId>,
    community: CommunityId,
    action: Action,
    files: Vec<Vec<u8>>,
) -> Result<OpId, SealError> {
    let (op, salt) = draw(surroundings)?;
    let (mut blobs, mut with) = (Vec::new(), Vec::new());
    for bytes in files {
        let blob = BlobRef { sha256: Hash::of(&bytes), size: bytes.len() as u64 };
        with.push(Write::Put(Table::Files, file_key(op, blob.sha256), Value::Bytes(bytes)));
        blobs.push(blob);
    }
    let sealing = Sealing { op, salt, author, community, action, blobs, kinds };
    put(store, sealing.seal(surroundings.now())?, with).await
}

/// A new operation's name and salt.
pub(crate) fn draw(surroundings: &dyn Surroundings) -> Result<(OpId, Salt), StoreError> {
    let (mut op, mut salt) = ([0; 16], [0; 32]);
    let drawn = surroundings.fill(&mut op) && surroundings.fill(&mut salt);
    if drawn { Ok((OpId(op), Salt(salt))) } else { Err(StoreError::Unavailable) }
}

/// "Mine": sets the author, once.
pub async fn adopt<S: DeviceStore + ?Sized>(store: &S, op: OpId, me: &PersonId) -> Result<bool, StoreError> {
    edit(store, op, |item| if item.adopt(me.clone()) { Edit::Store } else { Edit::Keep }).await
}

/// Deletes what the person says may go: what never left, was refused, cannot be sent, or
/// has no author. What was tried and is not settled may be on the server: it stays.
pub async fn discard<S: DeviceStore + ?Sized>(store: &S, op: OpId) -> Result<bool, StoreError> {
    edit(store, op, |item| {
        let settled = matches!(item.state, State::Refused | State::Unsendable(_));
        if settled || item.may_be_taken_back() || item.author.is_none() { Edit::Delete } else { Edit::Keep }
    })
    .await
}

/// Somebody signed in: what waits for their session, or for a newer server, is tried again.
pub async fn unpark<S: DeviceStore + ?Sized>(store: &S, me: &PersonId) -> Result<(), StoreError> {
    for parked in items(store).await? {
        if parked.author.as_ref() == Some(me) {
            edit(store, parked.op, |item| if item.unpark() { Edit::Store } else { Edit::Keep }).await?;
        }
    }
    Ok(())
}
