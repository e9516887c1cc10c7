//! Documents: kept by whoever asks for it, and opened from what is kept.

use std::sync::Arc;

use domain::documents::MEDIA_TYPE;
use domain::ids::Hash;
use leptos::prelude::{GetUntracked, Set, Signal};
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::Device;
use crate::offline::browser::address;
use crate::offline::browser::worker::keep_part;
use crate::offline::view::{Copies, DocumentCopy};
use crate::offline::{Part, StoreError, documents};

impl Device {
    /// The documents of which there is something to say on this device: kept, on their way, or failed.
    pub fn documents(&self) -> Signal<Arc<Copies>> {
        let device = self.clone();
        spawn_local(async move {
            // What cannot be read now shows as not kept: it is opened with a line, or fetched again.
            let _ = device.read_documents().await;
        });
        self.0.documents.clone().into()
    }

    /// Reads which are kept.
    pub(super) async fn read_documents(&self) -> Result<(), StoreError> {
        let kept = documents::kept(&*self.0.store).await?;
        let mut copies = Copies::clone(&self.0.documents.get_untracked());
        copies.retain(|_, copy| !matches!(copy, DocumentCopy::Kept(_)));
        kept.into_iter().for_each(|(file, size)| copies.insert(file, DocumentCopy::Kept(size)));
        if copies != *self.0.documents.get_untracked() {
            self.0.documents.set(Arc::new(copies));
        }
        Ok(())
    }

    fn told(&self, file: Hash, copy: Option<DocumentCopy>) {
        let mut copies = Copies::clone(&self.0.documents.get_untracked());
        match copy {
            Some(copy) => copies.insert(file, copy),
            None => drop(copies.remove(&file)),
        }
        self.0.documents.set(Arc::new(copies));
    }

    /// Fetches a document of so many bytes and keeps it. How far it is, and how it ended, is told by
    /// [`Device::documents`].
    pub async fn keep_document(&self, file: Hash, size: u64) {
        // The page that lists what is kept here has to be here too.
        keep_part(Part::Own);
        let Ok(stop) = AbortController::new() else { return };
        self.0.fetching.borrow_mut().insert(file, stop.clone());
        self.told(file, Some(DocumentCopy::Coming(0)));
        let device = self.clone();
        let told = move |here| device.told(file, Some(DocumentCopy::Coming(here)));
        let fetched = self.0.line.fetch(file, size, &stop, told).await;
        if self.0.fetching.borrow_mut().remove(&file).is_none() {
            // Somebody stopped it.
            return;
        }
        let copy = match fetched {
            Err(_) => DocumentCopy::NotFetched,
            Ok(bytes) => match documents::keep(&*self.0.store, file, bytes).await {
                Ok(()) => DocumentCopy::Kept(size),
                Err(error) => DocumentCopy::NotKept(error),
            },
        };
        self.told(file, Some(copy));
        self.tell("documents");
    }

    /// Stops fetching one.
    pub fn stop_document(&self, file: Hash) {
        let stop = self.0.fetching.borrow_mut().remove(&file);
        if let Some(stop) = stop {
            stop.abort();
            self.told(file, None);
        }
    }

    /// Frees one.
    pub async fn free_document(&self, file: Hash) -> Result<(), StoreError> {
        documents::free(&*self.0.store, file).await?;
        self.told(file, None);
        self.tell("documents");
        Ok(())
    }

    /// An address under which a kept document can be opened, while the page lives; none: it is not kept.
    pub async fn document(&self, file: Hash) -> Option<String> {
        let bytes = documents::bytes(&*self.0.store, file).await.ok()??;
        address(&bytes, MEDIA_TYPE)
    }
}
