//! Drafts: what is being written. Operation and salt are drawn with the draft and stored
//! with it; it is saved while typing and survives a killed tab.

mod again;

use domain::ids::{CommunityId, Hash, OpId, PersonId, RecordId, Salt};
use domain::operations::{Action, BlobRef, Kinds, PHOTOS_MAX, Photo, Propose};
use domain::order;
use domain::sectors::{Sector, Spot};
use domain::text::InvalidText;
use domain::time::Millis;
use serde::Serialize;

pub use again::{reuse, take_back};

use super::outbox::{self, Sealing};
use super::session;
use super::store::{DeviceStore, StoreError, Table, Value, Write, text, written};
use super::surroundings::Surroundings;
use super::view::PictureError;

/// What is being written. Its texts are as typed: they are checked when it is sealed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Draft {
    /// Its key on this device.
    pub key: String,
    /// The operation that it becomes.
    pub op: OpId,
    /// Of its body.
    pub salt: Salt,
    /// Whose it is; none when written before signing in.
    pub owner: Option<PersonId>,
    /// Where it will be said.
    pub community: CommunityId,
    /// To which consultation.
    pub consultation: RecordId,
    /// As typed.
    pub title: String,
    /// As typed.
    pub text: String,
    /// As chosen: a subject's id.
    pub subject: Option<String>,
    /// Already downscaled; their bytes lie in the store.
    pub photos: Vec<DraftPhoto>,
    /// As chosen: where that is.
    pub sector: Option<Sector>,
    /// As typed: where that is, in words.
    pub place: String,
    /// By the device's clock.
    pub updated_at: Millis,
    /// The operation whose words it uses again.
    pub again: Option<OpId>,
}
domain::fields!(open Draft { key, op, salt, community, consultation, updated_at ; owner, title, text, subject, photos, sector, place, again });

/// A photo of a draft.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DraftPhoto {
    /// The picture.
    pub full: Hash,
    /// Its size in bytes.
    pub full_size: u64,
    /// The small one.
    pub thumb: Hash,
    /// Its size in bytes.
    pub thumb_size: u64,
    /// What it shows, as typed.
    pub alt: String,
}
domain::fields!(open DraftPhoto { full, full_size, thumb, thumb_size ; alt });

/// Why something cannot be sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealError {
    /// The title is not one.
    #[error("title: {0}")]
    Title(InvalidText),
    /// The text is too long, or holds control characters.
    #[error("text: {0}")]
    Text(InvalidText),
    /// The words for the place are too long, or hold control characters.
    #[error("place: {0}")]
    Place(InvalidText),
    /// No subject was chosen.
    #[error("no subject")]
    Subject,
    /// The description of a photo is too long.
    #[error("description: {0}")]
    Description(InvalidText),
    /// It was sealed, changed or deleted elsewhere, in another tab perhaps.
    #[error("the draft is gone")]
    Gone,
    /// It is malformed: nothing that a screen lets happen.
    #[error("invalid")]
    Invalid,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Draft {
    /// Whether nothing was written yet: such a draft is not shown.
    pub fn is_empty(&self) -> bool {
        let untyped = self.title.trim().is_empty() && self.text.trim().is_empty();
        let nowhere = self.sector.is_none() && self.place.trim().is_empty();
        untyped && nowhere && self.subject.is_none() && self.photos.is_empty()
    }

    fn write(&self) -> Result<Value, StoreError> {
        written(self).map(Value::Text)
    }

    /// What it says, when it can be said.
    fn action(&self) -> Result<Action, SealError> {
        let title = self.title.trim().parse().map_err(SealError::Title)?;
        let text = match self.text.trim() {
            "" => None,
            text => Some(text.parse().map_err(SealError::Text)?),
        };
        let subject = self.subject.as_deref().and_then(|subject| subject.parse().ok());
        let subject = subject.ok_or(SealError::Subject)?;
        let photo = |photo: &DraftPhoto| {
            let alt = match photo.alt.trim() {
                "" => None,
                alt => Some(alt.parse().map_err(SealError::Description)?),
            };
            Ok(Photo { full: photo.full, thumb: photo.thumb, alt })
        };
        let photos = self.photos.iter().map(photo).collect::<Result<_, SealError>>()?;
        let words = match self.place.trim() {
            "" => None,
            words => Some(words.parse().map_err(SealError::Place)?),
        };
        let (consultation, place) = (self.consultation, Spot::of(self.sector, words));
        Ok(Action::Propose(Propose { consultation, title, text, subject, photos, place }))
    }

    fn blobs(&self) -> Vec<BlobRef> {
        let sizes = self.photos.iter().flat_map(|p| [(p.full, p.full_size), (p.thumb, p.thumb_size)]);
        let mut blobs: Vec<BlobRef> = Vec::new();
        for (sha256, size) in sizes {
            if blobs.iter().all(|blob| blob.sha256 != sha256) {
                blobs.push(BlobRef { sha256, size });
            }
        }
        blobs
    }
}

/// Every draft on the device, the latest first.
pub async fn all<S: DeviceStore + ?Sized>(store: &S) -> Result<Vec<Draft>, StoreError> {
    let mut drafts = Vec::new();
    for (_, value) in store.range(Table::Drafts, "").await? {
        let text = value.text().ok_or(StoreError::Damaged)?;
        drafts.push(serde_json::from_str::<Draft>(&text).map_err(|_| StoreError::Damaged)?);
    }
    order::by(&mut drafts, |draft| (order::latest(draft.updated_at), String::new()));
    Ok(drafts)
}

/// The open draft of this person for that consultation, or a new one. It is stored from the
/// start, so that sealing can tell whether it is still there.
pub async fn open<S: DeviceStore + ?Sized>(
    store: &S,
    surroundings: &dyn Surroundings,
    owner: Option<PersonId>,
    community: &CommunityId,
    consultation: RecordId,
) -> Result<Draft, StoreError> {
    let drafts = all(store).await?;
    let mut drafts = drafts.into_iter().filter(|draft| draft.owner.is_none() || draft.owner == owner);
    let here = |draft: &Draft| draft.community == *community && draft.consultation == consultation;
    if let Some(draft) = drafts.find(here) {
        return Ok(draft);
    }
    let draft = empty(surroundings, owner, community.clone(), consultation)?;
    let value = draft.write()?;
    store.commit(vec![Write::Add(Table::Drafts, draft.key.clone(), value)]).await?;
    Ok(draft)
}

fn empty(
    surroundings: &dyn Surroundings,
    owner: Option<PersonId>,
    community: CommunityId,
    consultation: RecordId,
) -> Result<Draft, StoreError> {
    let (op, salt) = outbox::draw(surroundings)?;
    Ok(Draft {
        key: op.to_string(),
        op,
        salt,
        owner,
        community,
        consultation,
        title: String::new(),
        text: String::new(),
        subject: None,
        photos: Vec::new(),
        sector: None,
        place: String::new(),
        updated_at: surroundings.now(),
        again: None,
    })
}

/// One draft, as it lies in the store.
pub async fn one<S: DeviceStore + ?Sized>(store: &S, key: &str) -> Result<Option<Draft>, StoreError> {
    Ok(with_text(store, key).await?.map(|(draft, _)| draft))
}

async fn with_text<S: DeviceStore + ?Sized>(
    store: &S,
    key: &str,
) -> Result<Option<(Draft, String)>, StoreError> {
    let Some(text) = text(store, Table::Drafts, key).await? else { return Ok(None) };
    let draft = serde_json::from_str(&text).map_err(|_| StoreError::Damaged)?;
    Ok(Some((draft, text)))
}

/// Saves what was typed, and nothing else: photos come and go by themselves, and a page that
/// does not know of one yet must not write it away. A draft that is gone (sealed or deleted in
/// another tab) does not come back: that is a conflict.
pub async fn save<S: DeviceStore + ?Sized>(store: &S, now: Millis, draft: &Draft) -> Result<(), StoreError> {
    let typed = |stored: &mut Draft| {
        (stored.title, stored.text) = (draft.title.clone(), draft.text.clone());
        stored.subject.clone_from(&draft.subject);
        (stored.sector, stored.place) = (draft.sector, draft.place.clone());
        for photo in &mut stored.photos {
            if let Some(described) = draft.photos.iter().find(|other| other.thumb == photo.thumb) {
                photo.alt.clone_from(&described.alt);
            }
        }
        Ok(())
    };
    change(store, now, &draft.key, &[], typed).await
}

/// Changes what is stored now by compare-and-set, with more in the same transaction. What was
/// begun before signing in belongs to whoever is signed in when it is first changed.
async fn change<S: DeviceStore + ?Sized, E: From<StoreError>>(
    store: &S,
    now: Millis,
    key: &str,
    with: &[Write],
    mut change: impl FnMut(&mut Draft) -> Result<(), E>,
) -> Result<(), E> {
    for _ in 0..outbox::TRIES {
        let Some((mut draft, before)) = with_text(store, key).await? else { break };
        let was = draft.clone();
        change(&mut draft)?;
        if draft.owner.is_none() && draft != was {
            draft.owner = session::read(store).await?.person.map(|person| person.id);
        }
        draft.updated_at = now;
        let mut batch = with.to_vec();
        batch.push(Write::Expect(Table::Drafts, key.to_owned(), Some(before)));
        batch.push(Write::Put(Table::Drafts, key.to_owned(), draft.write()?));
        match store.commit(batch).await {
            Err(StoreError::Conflict) => continue,
            done => return Ok(done?),
        }
    }
    Err(StoreError::Conflict.into())
}

/// Makes this draft the one that a consultation opens: the latest there. It may have been
/// written for another one.
pub async fn prefer<S: DeviceStore + ?Sized>(
    store: &S,
    now: Millis,
    key: &str,
    consultation: RecordId,
) -> Result<(), StoreError> {
    let here = |draft: &mut Draft| {
        draft.consultation = consultation;
        Ok(())
    };
    change(store, now, key, &[], here).await
}

/// Adds a photo with its files to whatever is stored now. The same one twice is one.
pub async fn add_photo<S: DeviceStore + ?Sized>(
    store: &S,
    now: Millis,
    key: &str,
    photo: &DraftPhoto,
    files: &[Write],
) -> Result<(), PictureError> {
    let add = |draft: &mut Draft| {
        if draft.photos.iter().any(|other| other.thumb == photo.thumb) {
            return Ok(());
        }
        if draft.photos.len() >= PHOTOS_MAX {
            return Err(PictureError::TooMany);
        }
        draft.photos.push(photo.clone());
        Ok(())
    };
    change(store, now, key, files, add).await
}

/// Takes a photo out of whatever is stored now.
pub async fn remove_photo<S: DeviceStore + ?Sized>(
    store: &S,
    now: Millis,
    key: &str,
    thumb: Hash,
) -> Result<(), StoreError> {
    let remove = |draft: &mut Draft| {
        draft.photos.retain(|photo| photo.thumb != thumb);
        Ok(())
    };
    change(store, now, key, &[], remove).await
}

/// Deletes a draft with its photos.
pub async fn delete<S: DeviceStore + ?Sized>(store: &S, key: &str) -> Result<(), StoreError> {
    let mut batch = vec![Write::Delete(Table::Drafts, key.to_owned())];
    if let Ok(op) = key.parse() {
        // Its files may meanwhile be an item's: then they stay.
        if outbox::item(store, op).await?.is_none() {
            batch.push(Write::Expect(Table::Outbox, key.to_owned(), None));
            batch.push(Write::DeleteAll(Table::Files, outbox::files_of(op)));
        }
    }
    store.commit(batch).await
}

/// Seals a draft as it was read: one transaction that adds the item and deletes the draft, and
/// aborts when the draft is gone, or is another one than the person saw.
pub async fn seal<S: DeviceStore + ?Sized>(
    store: &S,
    now: Millis,
    draft: &Draft,
    me: Option<PersonId>,
) -> Result<OpId, SealError> {
    if draft.owner.is_some() && draft.owner != me {
        return Err(SealError::Gone);
    }
    let sealing = Sealing {
        op: draft.op,
        salt: draft.salt,
        author: me,
        community: draft.community.clone(),
        action: draft.action()?,
        blobs: draft.blobs(),
        kinds: Kinds::PARTICIPANTS,
    };
    let (stored, before) = with_text(store, &draft.key).await?.ok_or(SealError::Gone)?;
    // Kept again without a change is no other draft.
    if (Draft { updated_at: draft.updated_at, ..stored }) != *draft {
        return Err(SealError::Gone);
    }
    let with = vec![
        Write::Expect(Table::Drafts, draft.key.clone(), Some(before)),
        Write::Delete(Table::Drafts, draft.key.clone()),
    ];
    outbox::put(store, sealing.seal(now)?, with).await
}
