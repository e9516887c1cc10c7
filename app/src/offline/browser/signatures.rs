//! Receipts' signatures, checked by the browser's own Ed25519 where it has it. Elsewhere the
//! exact operation, entry and hash have to do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use async_trait::async_trait;
use domain::ids::KeyId;
use domain::receipts::{Receipt, ReceiptKey, SignedReceipt};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::offline::store::{DeviceStore, Table, Value, Write, text, written};
use crate::offline::surroundings::Verifier;
use crate::offline::transport::Transport;

const KEYS: &str = "keys";
const ALGORITHM: &str = "Ed25519";

/// Checks with WebCrypto.
pub struct Signatures<S, T> {
    store: Rc<S>,
    line: Rc<T>,
    keys: RefCell<Vec<ReceiptKey>>,
    /// Whether this browser can.
    able: Cell<bool>,
}

impl<S: DeviceStore, T: Transport> Signatures<S, T> {
    /// Over a store that remembers the keys, and a line that asks for new ones.
    pub fn new(store: Rc<S>, line: Rc<T>) -> Self {
        Self { store, line, keys: RefCell::default(), able: Cell::new(true) }
    }

    fn known(&self, id: KeyId) -> Option<ReceiptKey> {
        self.keys.borrow().iter().find(|key| key.id == id).cloned()
    }

    /// A key: from memory, from the store, from the server.
    async fn key(&self, id: KeyId) -> Option<ReceiptKey> {
        if let Some(key) = self.known(id) {
            return Some(key);
        }
        if let Ok(Some(text)) = text(&*self.store, Table::Meta, KEYS).await {
            *self.keys.borrow_mut() = serde_json::from_str(&text).unwrap_or_default();
        }
        if self.known(id).is_none() {
            let keys = self.line.keys().await.ok()?;
            if let Ok(text) = written(&keys) {
                let keep = Write::Put(Table::Meta, KEYS.to_owned(), Value::Text(text));
                // Not kept is asked again.
                let _ = self.store.commit(vec![keep]).await;
            }
            *self.keys.borrow_mut() = keys;
        }
        self.known(id)
    }
}

fn subtle() -> Option<SubtleCrypto> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    // Absent where the page did not come over TLS.
    (!JsValue::from(subtle.clone()).is_undefined()).then_some(subtle)
}

async fn import(subtle: &SubtleCrypto, key: &ReceiptKey) -> Result<CryptoKey, JsValue> {
    let bytes = Uint8Array::from(key.public.0.as_slice());
    let usages = Array::of1(&"verify".into());
    let promise = subtle.import_key_with_str("raw", &bytes, ALGORITHM, false, &usages)?;
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

#[async_trait(?Send)]
impl<S: DeviceStore, T: Transport> Verifier for Signatures<S, T> {
    async fn genuine(&self, signed: &SignedReceipt) -> bool {
        let Some(subtle) = subtle().filter(|_| self.able.get()) else { return true };
        let Some(receipt) = signed.read() else { return false };
        let Some(key) = self.key(receipt.key_id).await else { return false };
        let Ok(key) = import(&subtle, &key).await else {
            self.able.set(false);
            return true;
        };
        let data = Uint8Array::from(Receipt::signed_bytes(&signed.text).as_slice());
        let signature = Uint8Array::from(signed.signature.0.as_slice());
        let verified =
            subtle.verify_with_str_and_buffer_source_and_buffer_source(ALGORITHM, &key, &signature, &data);
        match verified {
            Ok(promise) => JsFuture::from(promise).await.is_ok_and(|good| good.as_bool() == Some(true)),
            Err(_) => false,
        }
    }
}
