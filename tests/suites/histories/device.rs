//! A device's store that can die at any commit, before or after it took effect.

use std::cell::Cell;
use std::rc::Rc;

use app::offline::memory::MemoryStore;
use app::offline::store::{DeviceStore, StoreError, Table, Value, Write};
use async_trait::async_trait;
use domain::outbox::{Item, State};
use tokio::sync::Notify;

use crate::mutants::Mutant;

/// When the app dies: at the commit after so many, before or after it took effect.
#[derive(Clone, Copy)]
pub struct Death {
    pub after: u64,
    pub effective: bool,
}

pub struct Mortal {
    inner: MemoryStore,
    commits: Cell<u64>,
    death: Cell<Option<Death>>,
    died: Notify,
    mutant: Option<Mutant>,
}

impl Mortal {
    pub fn new(mutant: Option<Mutant>) -> Rc<Self> {
        let (inner, commits, death) = (MemoryStore::default(), Cell::new(0), Cell::new(None));
        Rc::new(Self { inner, commits, death, died: Notify::new(), mutant })
    }

    pub fn plan(&self, death: Option<Death>) {
        self.commits.set(0);
        self.death.set(death);
    }

    /// Runs until it is done or the app dies in it: then nothing more of it runs.
    pub async fn live<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.died.notified() => None,
            done = work => Some(done),
        }
    }

    /// The mutant that forgets what it sends.
    fn mutate(&self, batch: Vec<Write>) -> Vec<Write> {
        if self.mutant != Some(Mutant::DeletesBeforeTheReceipt) {
            return batch;
        }
        let forget = |write| match write {
            Write::Put(Table::Outbox, key, Value::Text(text)) => {
                let sending = serde_json::from_str::<Item>(&text).is_ok_and(|i| i.state == State::Sending);
                let put = Write::Put(Table::Outbox, key.clone(), Value::Text(text));
                if sending { Write::Delete(Table::Outbox, key) } else { put }
            }
            other => other,
        };
        batch.into_iter().map(forget).collect()
    }
}

#[async_trait(?Send)]
impl DeviceStore for Mortal {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Value>, StoreError> {
        self.inner.get(table, key).await
    }

    async fn piece(
        &self,
        table: Table,
        prefix: &str,
        after: &str,
        most: u32,
    ) -> Result<Vec<(String, Value)>, StoreError> {
        self.inner.piece(table, prefix, after, most).await
    }

    async fn commit(&self, batch: Vec<Write>) -> Result<(), StoreError> {
        let number = self.commits.get();
        self.commits.set(number + 1);
        match self.death.get().filter(|death| death.after == number) {
            None => self.inner.commit(self.mutate(batch)).await,
            Some(death) => {
                if death.effective {
                    let _ = self.inner.commit(self.mutate(batch)).await;
                }
                self.death.set(None);
                self.died.notify_one();
                std::future::pending().await
            }
        }
    }
}
