//! Documents that somebody asked to keep: their bytes among the files, and the size of each beside them, so
//! that what is kept is known without reading it. They go with no scope and are never evicted: whoever asked
//! for them frees them.

use domain::ids::Hash;

use super::store::{DeviceStore, StoreError, Table, Value, Write};

/// What the keys of bytes and of sizes begin with.
const KEPT: &str = "document ";

fn key(file: Hash) -> String {
    [KEPT, &file.to_string()].concat()
}

/// Every document that is kept, with its size in bytes.
pub async fn kept<S: DeviceStore + ?Sized>(store: &S) -> Result<Vec<(Hash, u64)>, StoreError> {
    let mut all = Vec::new();
    for (key, value) in store.range(Table::Meta, KEPT).await? {
        let size = value.text().and_then(|text| text.parse().ok()).ok_or(StoreError::Damaged)?;
        all.push((key[KEPT.len()..].parse().map_err(|_| StoreError::Damaged)?, size));
    }
    Ok(all)
}

/// Keeps one. Nothing is kept when the device has no room for it.
pub async fn keep<S: DeviceStore + ?Sized>(store: &S, file: Hash, bytes: Vec<u8>) -> Result<(), StoreError> {
    let size = Value::Text(bytes.len().to_string());
    let bytes = Write::Put(Table::Files, key(file), Value::Bytes(bytes));
    store.commit(vec![bytes, Write::Put(Table::Meta, key(file), size)]).await
}

/// The bytes of one, when it is kept.
pub async fn bytes<S: DeviceStore + ?Sized>(store: &S, file: Hash) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(store.get(Table::Files, &key(file)).await?.and_then(Value::bytes))
}

/// Frees one.
pub async fn free<S: DeviceStore + ?Sized>(store: &S, file: Hash) -> Result<(), StoreError> {
    store.commit(vec![Write::Delete(Table::Files, key(file)), Write::Delete(Table::Meta, key(file))]).await
}

#[cfg(test)]
mod tests {
    use domain::scopes::Scope;
    use futures::executor::block_on;

    use super::*;
    use crate::offline::evict;
    use crate::offline::memory::{Fault, MemoryStore};

    #[test]
    fn what_is_kept_is_known_by_its_size_and_stays_until_it_is_freed() {
        block_on(async {
            let (store, file) = (MemoryStore::default(), Hash::of(b"%PDF-1.4"));
            keep(&store, file, b"%PDF-1.4".to_vec()).await.unwrap();
            assert_eq!(kept(&store).await.unwrap(), [(file, 8)]);
            // Making room takes other things.
            evict::remove(&store, &Scope::Territory).await.unwrap();
            assert_eq!(evict::evict(&store, &[], 0).await.unwrap(), []);
            assert_eq!(bytes(&store, file).await.unwrap().as_deref(), Some(&b"%PDF-1.4"[..]));
            free(&store, file).await.unwrap();
            assert_eq!(kept(&store).await.unwrap(), []);
            assert_eq!(bytes(&store, file).await.unwrap(), None);
        });
    }

    #[test]
    fn on_a_full_device_nothing_is_said_to_be_kept() {
        block_on(async {
            let (store, file) = (MemoryStore::default(), Hash::of(b"%PDF-1.4"));
            store.fail(0, Fault::Fails(StoreError::Full));
            assert_eq!(keep(&store, file, b"%PDF-1.4".to_vec()).await, Err(StoreError::Full));
            assert_eq!((kept(&store).await.unwrap(), bytes(&store, file).await.unwrap()), (vec![], None));
        });
    }
}
