//! The store in IndexedDB. A commit issues all its requests at once and awaits nothing but
//! the transaction's own end: a foreign await inside would commit it half way, and a request
//! that succeeded means nothing while the transaction can still abort on a full disk.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use async_trait::async_trait;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, EventTarget, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

use crate::offline::store::{DeviceStore, StoreError, Table, Value, Write};

const VERSION: u32 = 1;

/// The database of one audience.
pub struct Database {
    name: String,
    /// None once it was closed: for another version of the app, or by the browser.
    open: Rc<RefCell<Option<IdbDatabase>>>,
}

fn unavailable<T>(_: T) -> StoreError {
    StoreError::Unavailable
}

/// Waits for one event or another. The promise's own functions listen: nothing to keep alive.
async fn outcome(target: &EventTarget, good: &str, bad: &str) -> Result<(), ()> {
    let promise = Promise::new(&mut |resolve, reject| {
        let _ = target.add_event_listener_with_callback(good, &resolve);
        let _ = target.add_event_listener_with_callback(bad, &reject);
    });
    JsFuture::from(promise).await.map(|_| ()).map_err(|_| ())
}

impl Database {
    /// Opens the database, and creates it on first use.
    pub async fn open(name: String) -> Result<Self, StoreError> {
        let database = Self { name, open: Rc::default() };
        database.connection().await?;
        Ok(database)
    }

    async fn connection(&self) -> Result<IdbDatabase, StoreError> {
        if let Some(open) = self.open.borrow().as_ref() {
            return Ok(open.clone());
        }
        let window = web_sys::window().ok_or(StoreError::Unavailable)?;
        let factory = window.indexed_db().map_err(unavailable)?.ok_or(StoreError::Unavailable)?;
        let request = factory.open_with_u32(&self.name, VERSION).map_err(unavailable)?;
        let upgrade = {
            let request = request.clone();
            Closure::<dyn FnMut(Event)>::new(move |_| {
                let database = request.result().ok().and_then(|it| it.dyn_into::<IdbDatabase>().ok());
                for table in Table::ALL {
                    let _ = database.as_ref().map(|database| database.create_object_store(table.name()));
                }
            })
        };
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        outcome(&request, "success", "error").await.map_err(unavailable)?;
        let database: IdbDatabase = request.result().map_err(unavailable)?.unchecked_into();
        // A newer version of the app wants to change the tables: this tab must not be in its way.
        for event in ["versionchange", "close"] {
            let (slot, closing) = (self.open.clone(), database.clone());
            let gone = Closure::once_into_js(move |_: Event| {
                closing.close();
                slot.borrow_mut().take();
            });
            let _ = database.add_event_listener_with_callback(event, gone.unchecked_ref());
        }
        *self.open.borrow_mut() = Some(database.clone());
        Ok(database)
    }

    /// Begins a transaction; once more on a new connection when the browser lost the first.
    async fn begin(&self, tables: &[Table], mode: &str) -> Result<IdbTransaction, StoreError> {
        let names: Array = tables.iter().map(|table| JsValue::from_str(table.name())).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(unavailable)?;
        for _ in 0..2 {
            let database = self.connection().await?;
            let begin = Reflect::get(&database, &"transaction".into()).map_err(unavailable)?;
            let arguments = Array::of3(&names, &mode.into(), &options);
            match begin.unchecked_into::<Function>().apply(&database, &arguments) {
                Ok(transaction) => return Ok(transaction.unchecked_into()),
                Err(_) => drop(self.open.borrow_mut().take()),
            }
        }
        Err(StoreError::Unavailable)
    }
}

fn prefixed(prefix: &str) -> Result<JsValue, JsValue> {
    if prefix.is_empty() {
        return Ok(JsValue::UNDEFINED);
    }
    let end = [prefix, "\u{ffff}"].concat();
    Ok(IdbKeyRange::bound(&prefix.into(), &end.into())?.into())
}

fn from_js(value: JsValue) -> Result<Option<Value>, StoreError> {
    if value.is_undefined() {
        return Ok(None);
    }
    if let Some(text) = value.as_string() {
        return Ok(Some(Value::Text(text)));
    }
    let bytes = value.dyn_into::<Uint8Array>().map_err(|_| StoreError::Damaged)?;
    Ok(Some(Value::Bytes(bytes.to_vec())))
}

fn to_js(value: Value) -> JsValue {
    match value {
        Value::Text(text) => text.into(),
        Value::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    }
}

/// Why a transaction ended without a commit.
fn why(transaction: &IdbTransaction) -> StoreError {
    match transaction.error().map(|error| error.name()).as_deref() {
        Some("ConstraintError") => StoreError::Conflict,
        Some("QuotaExceededError") => StoreError::Full,
        _ => StoreError::Unavailable,
    }
}

/// Aborts the transaction when what a request reads is not what is expected.
fn expect(
    transaction: &IdbTransaction,
    request: &IdbRequest,
    expected: Option<String>,
    broken: &Rc<Cell<bool>>,
) -> Closure<dyn FnMut(Event)> {
    let (transaction, reading, broken) = (transaction.clone(), request.clone(), broken.clone());
    let check = Closure::<dyn FnMut(Event)>::new(move |_| {
        let found = reading.result().ok().filter(|found| !found.is_undefined());
        let holds = match (&found, &expected) {
            (None, None) => true,
            (Some(found), Some(expected)) => found.as_string().as_ref() == Some(expected),
            _ => false,
        };
        if !holds {
            broken.set(true);
            let _ = transaction.abort();
        }
    });
    request.set_onsuccess(Some(check.as_ref().unchecked_ref()));
    check
}

type Checks = Vec<Closure<dyn FnMut(Event)>>;

fn issue(
    transaction: &IdbTransaction,
    write: Write,
    broken: &Rc<Cell<bool>>,
    checks: &mut Checks,
) -> Result<(), JsValue> {
    let store = |table: Table| transaction.object_store(table.name());
    match write {
        Write::Put(table, key, value) => store(table)?.put_with_key(&to_js(value), &key.into()).map(drop),
        Write::Add(table, key, value) => store(table)?.add_with_key(&to_js(value), &key.into()).map(drop),
        Write::Delete(table, key) => store(table)?.delete(&key.into()).map(drop),
        Write::DeleteAll(table, prefix) if prefix.is_empty() => store(table)?.clear().map(drop),
        Write::DeleteAll(table, prefix) => store(table)?.delete(&prefixed(&prefix)?).map(drop),
        Write::Expect(table, key, expected) => {
            let request = store(table)?.get(&key.into())?;
            checks.push(expect(transaction, &request, expected, broken));
            Ok(())
        }
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
        let transaction = self.begin(&[table], "readonly").await?;
        let store = transaction.object_store(table.name()).map_err(unavailable)?;
        let request = store.get(&key.into()).map_err(unavailable)?;
        outcome(&request, "success", "error").await.map_err(unavailable)?;
        from_js(request.result().map_err(unavailable)?)
    }

    async fn range(&self, table: Table, prefix: &str) -> Result<Vec<(String, Value)>, StoreError> {
        let transaction = self.begin(&[table], "readonly").await?;
        let store: IdbObjectStore = transaction.object_store(table.name()).map_err(unavailable)?;
        let range = prefixed(prefix).map_err(unavailable)?;
        let keys = store.get_all_keys_with_key(&range).map_err(unavailable)?;
        let values = store.get_all_with_key(&range).map_err(unavailable)?;
        outcome(&transaction, "complete", "abort").await.map_err(unavailable)?;
        let keys: Array = keys.result().map_err(unavailable)?.unchecked_into();
        let values: Array = values.result().map_err(unavailable)?.unchecked_into();
        let mut rows = Vec::new();
        for (key, value) in keys.iter().zip(values.iter()) {
            let key = key.as_string().ok_or(StoreError::Damaged)?;
            rows.push((key, from_js(value)?.ok_or(StoreError::Damaged)?));
        }
        Ok(rows)
    }

    async fn commit(&self, batch: Vec<Write>) -> Result<(), StoreError> {
        let mut tables = Table::ALL.to_vec();
        tables.retain(|table| batch.iter().any(|write| table_of(write) == *table));
        if tables.is_empty() {
            return Ok(());
        }
        let transaction = self.begin(&tables, "readwrite").await?;
        let (broken, mut checks) = (Rc::new(Cell::new(false)), Checks::new());
        for write in batch {
            if issue(&transaction, write, &broken, &mut checks).is_err() {
                let _ = transaction.abort();
                return Err(StoreError::Unavailable);
            }
        }
        let done = outcome(&transaction, "complete", "abort").await;
        drop(checks);
        match done {
            Ok(()) => Ok(()),
            Err(()) if broken.get() => Err(StoreError::Conflict),
            Err(()) => Err(why(&transaction)),
        }
    }
}
