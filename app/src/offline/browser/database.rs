//! The store in IndexedDB. A commit issues all its writes at once and awaits nothing but the
//! transaction's own requests and end: a foreign await inside would commit it half way, and
//! a request that succeeded means nothing while the transaction can still abort on a full
//! disk.

use std::cell::RefCell;
use std::rc::Rc;

use async_trait::async_trait;
use indexed_db_futures::database::Database as Connection;
use indexed_db_futures::error::{DomException, Error};
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionFinishKind, TransactionMode, TransactionOptions,
};
use indexed_db_futures::{KeyRange, object_store::ObjectStore};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::offline::store::{DeviceStore, StoreError, Table, Value, Write};

const VERSION: u8 = 1;

/// The database of one audience.
pub struct Database {
    name: String,
    /// None once it was closed: for another version of the app, or by the browser.
    open: Rc<RefCell<Option<Connection>>>,
}

fn unavailable<T>(_: T) -> StoreError {
    StoreError::Unavailable
}

impl Database {
    /// Opens the database, and creates it on first use.
    pub async fn open(name: String) -> Result<Self, StoreError> {
        let database = Self { name, open: Rc::default() };
        database.connection().await?;
        Ok(database)
    }

    async fn connection(&self) -> Result<Connection, StoreError> {
        if let Some(open) = self.open.borrow().as_ref() {
            return Ok(open.clone());
        }
        let opening = Connection::open(self.name.as_str()).with_version(VERSION);
        let opening = opening.with_on_upgrade_needed(|_, database| {
            for table in Table::ALL {
                database.create_object_store(table.name()).build()?;
            }
            Ok(())
        });
        let database = opening.await.map_err(unavailable)?;
        // A newer version of the app wants to change the tables: this tab must not be in its way.
        let mut events = database.version_changes().map_err(unavailable)?;
        let (slot, closing) = (self.open.clone(), database.clone());
        spawn_local(async move {
            events.recv().await;
            closing.close();
            slot.borrow_mut().take();
        });
        *self.open.borrow_mut() = Some(database.clone());
        Ok(database)
    }

    /// Works within a transaction; begins it on a new connection when the browser lost the
    /// one before.
    async fn within<T>(
        &self,
        tables: &[Table],
        mode: TransactionMode,
        work: impl AsyncFnOnce(Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = self.connection().await?;
        if let Ok(transaction) = begin(&database, tables, mode) {
            return work(transaction).await;
        }
        self.open.borrow_mut().take();
        let database = self.connection().await?;
        work(begin(&database, tables, mode)?).await
    }
}

fn begin<'a>(
    database: &'a Connection,
    tables: &[Table],
    mode: TransactionMode,
) -> Result<Transaction<'a>, StoreError> {
    let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
    let options = TransactionOptions::new().with_durability(TransactionDurability::Strict);
    database.transaction(names).with_mode(mode).with_options(options).build().map_err(unavailable)
}

/// Those of a prefix that come after one of them, or all.
fn behind(prefix: &str, after: &str) -> KeyRange<String> {
    let last = [prefix, "\u{ffff}"].concat();
    KeyRange::Bound([prefix, after].concat(), !after.is_empty(), last, false)
}

fn from_js(value: JsValue) -> Result<Value, StoreError> {
    if let Some(text) = value.as_string() {
        return Ok(Value::Text(text));
    }
    let bytes = value.dyn_into::<Uint8Array>().map_err(|_| StoreError::Damaged)?;
    Ok(Value::Bytes(bytes.to_vec()))
}

fn to_js(value: Value) -> JsValue {
    match value {
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    }
}

async fn held(store: &ObjectStore<'_>, key: &str) -> Result<Option<JsValue>, StoreError> {
    store.get::<JsValue, _, _>(key).primitive().map_err(unavailable)?.await.map_err(unavailable)
}

/// Waits for the transaction's end, and says why when it was not a commit.
async fn ended(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut end = transaction.on_done().map_err(unavailable)?.await;
    if end == TransactionFinishKind::Err {
        // A request failed; the transaction says why once it has aborted.
        end = transaction.on_done().map_err(unavailable)?.await;
    }
    if end == TransactionFinishKind::Ok {
        return Ok(());
    }
    Err(transaction.error().map_or(StoreError::Unavailable, refused))
}

/// Why the browser refused a write.
fn refused(error: Error) -> StoreError {
    match error {
        Error::DomException(DomException::ConstraintError(_)) => StoreError::Conflict,
        Error::DomException(DomException::Other(error)) if error.name() == "QuotaExceededError" => {
            StoreError::Full
        }
        _ => StoreError::Unavailable,
    }
}

/// Issues a write; its outcome is the transaction's.
fn issue(store: &ObjectStore<'_>, write: Write) -> Result<(), Error> {
    match write {
        Write::Put(_, key, value) => store.put(to_js(value)).with_key(key).primitive().map(drop),
        Write::Add(_, key, value) => store.add(to_js(value)).with_key(key).primitive().map(drop),
        Write::Delete(_, key) => store.delete(key).primitive().map(drop),
        Write::DeleteAll(_, prefix) if prefix.is_empty() => store.clear().map(drop),
        Write::DeleteAll(_, prefix) => store.delete::<String, _>(behind(&prefix, "")).primitive().map(drop),
        Write::Expect(..) => Ok(()),
    }
}

fn table_of(write: &Write) -> Table {
    match write {
        Write::Put(table, ..)
        | Write::Add(table, ..)
        | Write::Delete(table, _)
        | Write::DeleteAll(table, _)
        | Write::Expect(table, ..) => *table,
    }
}

#[async_trait(?Send)]
impl DeviceStore for Database {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Value>, StoreError> {
        let read = async |transaction: Transaction<'_>| {
            let store = transaction.object_store(table.name()).map_err(unavailable)?;
            held(&store, key).await?.map(from_js).transpose()
        };
        self.within(&[table], TransactionMode::Readonly, read).await
    }

    async fn piece(
        &self,
        table: Table,
        prefix: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        let read = async |transaction: Transaction<'_>| {
            let store = transaction.object_store(table.name()).map_err(unavailable)?;
            let query = || behind(prefix, after);
            let keys = store.get_all_keys::<String>().with_query::<String, _>(query()).with_limit(most);
            let values = store.get_all::<JsValue>().with_query::<String, _>(query()).with_limit(most);
            let (keys, values) = (keys.primitive(), values.primitive());
            let (keys, values) = (keys.map_err(unavailable)?, values.map_err(unavailable)?);
            let (keys, values) = (keys.await.map_err(unavailable)?, values.await.map_err(unavailable)?);
            let mut rows = Vec::new();
            for (key, value) in keys.zip(values) {
                let value = value.map_err(|_| StoreError::Damaged)?;
                rows.push((key.map_err(|_| StoreError::Damaged)?, from_js(value)?));
            }
            Ok(rows)
        };
        self.within(&[table], TransactionMode::Readonly, read).await
    }

    async fn commit(&self, batch: Vec<Write>) -> Result<(), StoreError> {
        let mut tables = Table::ALL.to_vec();
        tables.retain(|table| batch.iter().any(|write| table_of(write) == *table));
        if tables.is_empty() {
            return Ok(());
        }
        let write = async |transaction: Transaction<'_>| {
            for write in batch {
                let store = transaction.object_store(table_of(&write).name()).map_err(unavailable)?;
                if let Write::Expect(_, key, expected) = &write {
                    let found = held(&store, key).await?;
                    if found.map(|found| found.as_string()) != expected.clone().map(Some) {
                        // Dropped, the transaction aborts.
                        return Err(StoreError::Conflict);
                    }
                }
                issue(&store, write).map_err(refused)?;
            }
            ended(&transaction).await
        };
        self.within(&tables, TransactionMode::Readwrite, write).await
    }
}
