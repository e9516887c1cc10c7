//! What people do: writing, sealing, taking back. Each is in the store when it returns.

use domain::codes::SlipCode;
use domain::ids::{CommunityId, OpId, RecordId};
use domain::operations::{Action, Kinds};
use domain::outbox::Item;
use leptos::prelude::GetUntracked;
use send_wrapper::SendWrapper;

use super::{Device, DraftHold, PREFERENCE};
use crate::offline::browser::locks;
use crate::offline::outbox::Sealing;
use crate::offline::store::{Table, Value, Write};
use crate::offline::surroundings::Surroundings;
use crate::offline::{Draft, SealError, StoreError, drafts, outbox, time};

impl Device {
    /// What is done and met here.
    pub(super) fn kinds(&self) -> Kinds {
        self.0.rules.map_or(Kinds::PARTICIPANTS, |rules| rules.kinds)
    }

    fn my_id(&self) -> Option<domain::ids::PersonId> {
        self.0.me.get_untracked().map(|person| person.id)
    }

    /// The open draft for a consultation, or a new one.
    pub async fn draft(&self, community: &CommunityId, consultation: RecordId) -> Result<Draft, StoreError> {
        drafts::open(&*self.0.store, &*self.0.browser, self.my_id(), community, consultation).await
    }

    /// A draft as it is kept now; none: it was sealed or deleted.
    pub async fn draft_now(&self, key: &str) -> Result<Option<Draft>, StoreError> {
        drafts::one(&*self.0.store, key).await
    }

    /// Makes this draft the one that a consultation opens, which may be another than its own.
    pub async fn prefer_draft(&self, key: &str, consultation: RecordId) -> Result<(), StoreError> {
        drafts::prefer(&*self.0.store, time::now(), key, consultation).await?;
        self.drafts_changed().await
    }

    /// Keeps a draft to this tab. None: it is open in another one, show it read-only.
    pub async fn hold_draft(&self, key: &str) -> Option<DraftHold> {
        let name = [self.0.audience.name(), "-draft-", key].concat();
        locks::try_hold(&name).await.map(|lock| DraftHold(SendWrapper::new(Some(lock))))
    }

    /// Saves what was typed. A conflict means that it was sealed or deleted in another tab.
    pub async fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        drafts::save(&*self.0.store, time::now(), draft).await?;
        self.drafts_changed().await
    }

    /// Deletes a draft with its photos.
    pub async fn delete_draft(&self, key: &str) -> Result<(), StoreError> {
        drafts::delete(&*self.0.store, key).await?;
        self.drafts_changed().await
    }

    /// Seals a draft. When this returns it is saved on this device.
    pub async fn seal(&self, draft: &Draft) -> Result<OpId, SealError> {
        let op = drafts::seal(&*self.0.store, time::now(), draft, self.my_id()).await?;
        self.sealed().await;
        Ok(op)
    }

    /// Seals an act without a form: withdrawing, answering, opening, closing, hiding.
    pub async fn act(&self, community: &CommunityId, action: Action) -> Result<OpId, SealError> {
        self.act_with(community, action, Vec::new()).await
    }

    /// Seals one that needs files: they are saved with it, and leave before it.
    pub async fn act_with(
        &self,
        community: &CommunityId,
        action: Action,
        files: Vec<Vec<u8>>,
    ) -> Result<OpId, SealError> {
        let (store, browser) = (&*self.0.store, &*self.0.browser);
        let (me, kinds) = (self.my_id(), self.kinds());
        let op = outbox::act_with(store, browser, kinds, me, community.clone(), action, files).await?;
        self.sealed().await;
        Ok(op)
    }

    /// Seals an act together with a preference that tells of it, from the sealed item: both are kept, or neither.
    pub async fn act_and_keep(
        &self,
        community: &CommunityId,
        action: Action,
        keep: impl FnOnce(&Item) -> Result<(String, String), StoreError>,
    ) -> Result<OpId, SealError> {
        let (op, salt) = outbox::draw(&*self.0.browser)?;
        let (author, community, kinds) = (self.my_id(), community.clone(), self.kinds());
        let sealing = Sealing { op, salt, author, community, action, blobs: Vec::new(), kinds };
        let item = sealing.seal(time::now())?;
        let (key, value) = keep(&item)?;
        let kept = Write::Put(Table::Meta, [PREFERENCE, &key].concat(), Value::Text(value));
        outbox::put(&*self.0.store, item, vec![kept]).await?;
        self.sealed().await;
        Ok(op)
    }

    /// A new withdrawal code; none when the system has no chance to give.
    pub fn draw_code(&self) -> Option<SlipCode> {
        let mut bytes = [0; 16];
        self.0.browser.fill(&mut bytes).then(|| SlipCode::from_random(bytes))
    }

    /// It is saved, whatever happens to the showing of it.
    async fn sealed(&self) {
        let _ = self.drafts_changed().await;
        let _ = self.outbox_changed().await;
        // Asked for, never awaited: some browsers answer only when the person does.
        let storage = web_sys::window().map(|window| window.navigator().storage());
        let _ = storage.map(|storage| storage.persist());
        self.send_now();
    }

    /// "Mine". False when it has an author already, or nobody is signed in.
    pub async fn adopt(&self, op: OpId) -> Result<bool, StoreError> {
        let Some(me) = self.my_id() else { return Ok(false) };
        let adopted = outbox::adopt(&*self.0.store, op, &me).await?;
        self.outbox_changed().await?;
        self.send_now();
        Ok(adopted)
    }

    /// Takes an item that never left back to a draft: its key. An act without a form is
    /// deleted. A conflict means that it left meanwhile.
    pub async fn take_back(&self, op: OpId) -> Result<Option<String>, StoreError> {
        let key = drafts::take_back(&*self.0.store, &*self.0.browser, op).await;
        self.outbox_changed().await?;
        self.drafts_changed().await?;
        key
    }

    /// Deletes what never left, was refused, cannot be sent, or is nobody's. False: it stays.
    pub async fn discard(&self, op: OpId) -> Result<bool, StoreError> {
        let gone = outbox::discard(&*self.0.store, op).await?;
        self.outbox_changed().await?;
        Ok(gone)
    }

    /// A new draft with the same words and photos: a new operation with a new salt.
    pub async fn reuse(&self, op: OpId) -> Result<Option<Draft>, StoreError> {
        let draft = drafts::reuse(&*self.0.store, &*self.0.browser, op).await?;
        self.drafts_changed().await?;
        Ok(draft)
    }
}
