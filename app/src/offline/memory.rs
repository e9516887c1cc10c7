//! A store in memory, for tests: the semantics of the browser's, and the ways in which it
//! can fail.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use async_trait::async_trait;

use super::store::{DeviceStore, StoreError, Table, Value, Write};

/// What goes wrong with a commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing is kept, and the error is told.
    Fails(StoreError),
    /// Nothing is kept, and the caller never hears: the app dies before.
    DiesBefore,
    /// All is kept, and the caller never hears: the app dies after.
    DiesAfter,
}

/// A store in memory. Clones share it, as the tabs of a browser do.
#[derive(Clone, Default)]
pub struct MemoryStore(Rc<Inner>);

type Rows = BTreeMap<(Table, String), Value>;

#[derive(Default)]
struct Inner {
    rows: RefCell<Rows>,
    commits: Cell<u64>,
    fault: Cell<Option<(u64, Fault)>>,
    full: Cell<bool>,
    meanwhile: RefCell<Option<Meanwhile>>,
}

type Meanwhile = Box<dyn FnOnce()>;

impl MemoryStore {
    /// How many commits were asked for.
    pub fn commits(&self) -> u64 {
        self.0.commits.get()
    }

    /// The commit after so many further ones goes wrong (0: the next).
    pub fn fail(&self, after: u64, fault: Fault) {
        self.0.fault.set(Some((self.0.commits.get() + after, fault)));
    }

    /// Takes a planned fault back.
    pub fn heal(&self) {
        self.0.fault.set(None);
    }

    /// Another tab does this between what is read next and the commit that follows.
    pub fn before_next_commit(&self, does: impl FnOnce() + 'static) {
        *self.0.meanwhile.borrow_mut() = Some(Box::new(does));
    }

    /// From now on (or no longer) the disk is full: commits that keep something fail.
    pub fn set_full(&self, full: bool) {
        self.0.full.set(full);
    }

    fn apply(&self, batch: Vec<Write>) -> Result<(), StoreError> {
        let mut rows = self.0.rows.borrow_mut();
        let mut undo = Vec::new();
        let mut set = |rows: &mut Rows, key: (Table, String), value: Option<Value>| {
            let before = match value {
                Some(value) => rows.insert(key.clone(), value),
                None => rows.remove(&key),
            };
            undo.push((key, before));
        };
        let done = batch.into_iter().try_for_each(|write| {
            match write {
                Write::Put(..) | Write::Add(..) if self.0.full.get() => return Err(StoreError::Full),
                Write::Put(table, key, value) => set(&mut rows, (table, key), Some(value)),
                Write::Add(table, key, value) => {
                    let key = (table, key);
                    if rows.contains_key(&key) {
                        return Err(StoreError::Conflict);
                    }
                    set(&mut rows, key, Some(value));
                }
                Write::Delete(table, key) => set(&mut rows, (table, key), None),
                Write::DeleteAll(table, prefix) => {
                    let keys = rows.range((table, prefix.clone())..).map(|(key, _)| key.clone());
                    let within = keys.take_while(|(t, key)| *t == table && key.starts_with(&prefix));
                    for key in within.collect::<Vec<_>>() {
                        set(&mut rows, key, None);
                    }
                }
                Write::Expect(table, key, value) => {
                    if rows.get(&(table, key)) != value.map(Value::Text).as_ref() {
                        return Err(StoreError::Conflict);
                    }
                }
            }
            Ok(())
        });
        if done.is_err() {
            for (key, before) in undo.into_iter().rev() {
                match before {
                    Some(value) => rows.insert(key, value),
                    None => rows.remove(&key),
                };
            }
        }
        done
    }
}

#[async_trait(?Send)]
impl DeviceStore for MemoryStore {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Value>, StoreError> {
        Ok(self.0.rows.borrow().get(&(table, key.to_owned())).cloned())
    }

    async fn piece(
        &self,
        table: Table,
        prefix: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        let rows = self.0.rows.borrow();
        let from = rows.range((table, prefix.to_owned())..);
        let within = from.take_while(|((t, key), _)| *t == table && key.starts_with(prefix));
        let behind = within.filter(|((_, key), _)| after.is_empty() || &key[prefix.len()..] > after);
        Ok(behind.take(most as usize).map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    async fn commit(&self, batch: Vec<Write>) -> Result<(), StoreError> {
        let meanwhile = self.0.meanwhile.borrow_mut().take();
        if let Some(does) = meanwhile {
            does();
        }
        let number = self.0.commits.get();
        self.0.commits.set(number + 1);
        let fault = self.0.fault.get().filter(|(at, _)| *at == number).map(|(_, fault)| fault);
        match fault {
            None => self.apply(batch),
            Some(Fault::Fails(error)) => Err(error),
            Some(Fault::DiesBefore) => std::future::pending().await,
            Some(Fault::DiesAfter) => {
                self.apply(batch)?;
                std::future::pending().await
            }
        }
    }
}
