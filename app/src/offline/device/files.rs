//! Pictures: added to a draft, and shown from what the device holds.

use domain::ids::{Hash, OpId};
use domain::operations::Photo;
use domain::scopes::Scope;
use leptos::prelude::GetUntracked;
use web_sys::File;

use super::Device;
use crate::offline::browser::address;
use crate::offline::browser::pictures::downscale;
use crate::offline::drafts::{self, DraftPhoto};
use crate::offline::mirror::pictures_of;
use crate::offline::outbox::file_key;
use crate::offline::store::{DeviceStore, Table, Value, Write};
use crate::offline::transport::Transport;
use crate::offline::{Draft, PictureError, StoreError, evict, time};

/// In the place of an operation's name: the photos of forms that are being filled in.
const FORMS: OpId = OpId([0; 16]);

/// The names of the files of photos, each once.
fn hashes(photos: &[Photo]) -> Vec<Hash> {
    let mut all: Vec<Hash> = photos.iter().flat_map(|photo| [photo.full, photo.thumb]).collect();
    domain::order::by(&mut all, |hash| (0, hash.to_string()));
    all.dedup();
    all
}

impl Device {
    /// Adds a photo to a draft, made small, without what the camera wrote into the file. Making
    /// it takes seconds on an old phone: only then is the draft looked at, as it is by then.
    pub async fn add_photo(&self, key: &str, op: OpId, file: File) -> Result<DraftPhoto, PictureError> {
        let pictures = downscale(&file).await.ok_or(PictureError::NotAPicture)?;
        let (full, thumb) = (Hash::of(&pictures.full), Hash::of(&pictures.thumb));
        let (full_size, thumb_size) = (pictures.full.len() as u64, pictures.thumb.len() as u64);
        let photo = DraftPhoto { full, full_size, thumb, thumb_size, alt: String::new() };
        let keep = |hash, bytes| Write::Put(Table::Files, file_key(op, hash), Value::Bytes(bytes));
        let files = [keep(full, pictures.full), keep(thumb, pictures.thumb)];
        drafts::add_photo(&*self.0.store, time::now(), key, &photo, &files).await?;
        self.drafts_changed().await?;
        Ok(photo)
    }

    /// Takes a photo out of a draft.
    pub async fn remove_photo(&self, key: &str, thumb: Hash) -> Result<(), StoreError> {
        drafts::remove_photo(&*self.0.store, time::now(), key, thumb).await?;
        self.drafts_changed().await
    }

    /// Keeps a photo for a form that is being filled in, until it is sealed.
    pub async fn add_form_photo(&self, file: File) -> Result<Photo, PictureError> {
        let pictures = downscale(&file).await.ok_or(PictureError::NotAPicture)?;
        let photo = Photo { full: Hash::of(&pictures.full), thumb: Hash::of(&pictures.thumb), alt: None };
        let keep = |hash, bytes| Write::Put(Table::Files, file_key(FORMS, hash), Value::Bytes(bytes));
        self.0.store.commit(vec![keep(photo.full, pictures.full), keep(photo.thumb, pictures.thumb)]).await?;
        Ok(photo)
    }

    /// The files of such photos, each once, to be sealed; none where one of them is not here.
    pub async fn form_files(&self, photos: &[Photo]) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
        let mut files = Vec::new();
        for hash in hashes(photos) {
            let found = self.0.store.get(Table::Files, &file_key(FORMS, hash)).await?;
            match found.and_then(Value::bytes) {
                Some(bytes) => files.push(bytes),
                None => return Ok(None),
            }
        }
        Ok(Some(files))
    }

    /// Deletes such photos: they are sealed, or taken out of the form.
    pub async fn forget_form_photos(&self, photos: &[Photo]) {
        let delete = |hash| Write::Delete(Table::Files, file_key(FORMS, hash));
        // What stays takes room, and nothing else.
        let _ = self.0.store.commit(hashes(photos).into_iter().map(delete).collect()).await;
    }

    /// A small picture, to show: from the device, else fetched once and kept with its scope.
    pub async fn thumbnail(&self, hash: Hash) -> Option<String> {
        self.image(hash, true).await
    }

    /// A picture in full: from a draft or an unsent item, else fetched and not kept.
    pub async fn picture(&self, hash: Hash) -> Option<String> {
        self.image(hash, false).await
    }

    async fn image(&self, hash: Hash, keep: bool) -> Option<String> {
        if let Some(known) = self.0.addresses.borrow().get(&hash) {
            return Some(known.clone());
        }
        let scope = self.scope_of(hash);
        let bytes = match self.own(hash).await {
            Some(bytes) => bytes,
            None => match self.kept(scope.as_ref(), hash).await {
                Ok(Some(bytes)) => bytes,
                _ => {
                    let bytes = self.0.line.download(hash).await.ok()?;
                    if let Some(scope) = scope.filter(|_| keep) {
                        // Not kept is fetched again.
                        let name = hash.to_string();
                        let _ = evict::keep_picture(&*self.0.store, &scope, &name, bytes.clone()).await;
                    }
                    bytes
                }
            },
        };
        let address = address(&bytes, "image/jpeg")?;
        self.0.addresses.borrow_mut().insert(hash, address.clone());
        Some(address)
    }

    /// Bytes that belong to a draft or an item.
    async fn own(&self, hash: Hash) -> Option<Vec<u8>> {
        let (drafts, items) = (self.0.drafts.get_untracked(), self.0.outbox.get_untracked());
        let named = |draft: &&Draft| draft.photos.iter().any(|p| p.full == hash || p.thumb == hash);
        let of_drafts = drafts.iter().filter(named).map(|draft| draft.op);
        let of_items = items.iter().filter(|item| item.blobs.contains(&hash)).map(|item| item.op);
        let ops: Vec<OpId> = of_drafts.chain(of_items).chain([FORMS]).collect();
        for op in ops {
            if let Ok(Some(value)) = self.0.store.get(Table::Files, &file_key(op, hash)).await {
                return value.bytes();
            }
        }
        None
    }

    async fn kept(&self, scope: Option<&Scope>, hash: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(scope) = scope else { return Ok(None) };
        let key = [pictures_of(scope), hash.to_string()].concat();
        Ok(self.0.store.get(Table::Files, &key).await?.and_then(Value::bytes))
    }

    /// The scope in which a held record names this file.
    fn scope_of(&self, hash: Hash) -> Option<Scope> {
        self.0.puller.loaded().into_iter().find(|scope| {
            self.0.puller.mirror(scope).is_some_and(|mirror| {
                let mut records = mirror.shown.values().filter_map(|kept| kept.record());
                records.any(|record| record.blobs().contains(&hash))
            })
        })
    }
}
