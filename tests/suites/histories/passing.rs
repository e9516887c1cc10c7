//! The passing of time at the server: it goes on where it was, however often what it does fails on the way.

use std::sync::Mutex;

use async_trait::async_trait;
use domain::ids::{Entry, Epoch, OpId};
use domain::operations::Operation;
use domain::ports::{From, Journal, PortError, PulledPage, Submission};
use domain::receipts::{PushResult, ReceiptKey, SignedReceipt};
use domain::records::Record;
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use rabaska::passing::settle;
use store::Store;

use crate::dice::Dice;
use crate::line::Net;
use crate::mutants::Mutant;

/// A journal whose next requests or answers are lost as these say, the last first.
struct Faulty {
    store: Store,
    losses: Mutex<Vec<Loss>>,
    /// Of the mutant that names anew whatever it tries.
    names: Option<Mutex<u64>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    Nothing,
    Request,
    Answer,
}

impl Faulty {
    fn named(&self, mut submission: Submission) -> Submission {
        if let Some(names) = &self.names {
            let mut next = names.lock().unwrap();
            *next += 1;
            let dice = Dice::new(*next);
            submission.envelope.op = OpId(std::array::from_fn(|_| dice.next() as u8));
            submission.operation = Operation::decode(&submission.envelope).unwrap();
        }
        submission
    }
}

#[async_trait]
impl Journal for Faulty {
    async fn append(&self, submissions: Vec<Submission>) -> Result<Vec<PushResult>, PortError> {
        let loss = self.losses.lock().unwrap().pop().unwrap_or(Loss::Nothing);
        let lost = || Err(PortError::Unavailable("lost".to_owned()));
        if loss == Loss::Request {
            return lost();
        }
        let submissions = submissions.into_iter().map(|submission| self.named(submission)).collect();
        let answers = self.store.append(submissions).await;
        if loss == Loss::Answer { lost() } else { answers }
    }

    async fn put(&self, changes: Vec<Change>) -> Result<(), PortError> {
        self.store.put(changes).await
    }

    async fn erase(&self, entry: &Entry) -> Result<Option<SignedReceipt>, PortError> {
        self.store.erase(entry).await
    }

    async fn record(&self, key: &Key) -> Result<Option<Record>, PortError> {
        self.store.record(key).await
    }

    async fn pull(
        &self,
        scope: &Scope,
        epoch: Option<Epoch>,
        from: From,
        limit: u32,
    ) -> Result<PulledPage, PortError> {
        self.store.pull(scope, epoch, from, limit).await
    }

    async fn head(&self, scope: &Scope) -> Result<u64, PortError> {
        self.store.head(scope).await
    }

    fn epoch(&self) -> Epoch {
        self.store.epoch()
    }

    fn restored_at(&self) -> Option<Millis> {
        self.store.restored_at()
    }

    fn keys(&self) -> Vec<ReceiptKey> {
        self.store.keys()
    }

    fn verifies(&self, receipt: &SignedReceipt) -> bool {
        self.store.verifies(receipt)
    }
}

impl Net {
    /// Time passes, and what is due is done as far as nothing is lost on the way.
    pub async fn passes(&self, own_file: bool) {
        let mut losses = Vec::new();
        for _ in 0..self.world.dice.roll(4) {
            losses.push(match self.world.dice.roll(3) {
                0 => Loss::Nothing,
                1 => Loss::Request,
                _ => Loss::Answer,
            });
        }
        let crashes = own_file && self.world.dice.once_in(4);
        self.settles(losses, crashes).await;
    }

    /// What is due is done, and nothing fails.
    pub async fn calms(&self) {
        self.settles(Vec::new(), false).await;
    }

    async fn settles(&self, losses: Vec<Loss>, crashes: bool) {
        let mut village = self.village.lock().await;
        village.set_clock(self.world.now.get());
        let names = (self.mutant == Some(Mutant::NamesAnew)).then(|| Mutex::new(self.world.dice.next()));
        let journal = Faulty { store: village.store().clone(), losses: Mutex::new(losses), names };
        let clock = village.clock();
        let mut work = std::pin::pin!(settle(&journal, &*clock));
        if !crashes {
            // It is tried again.
            let _ = work.await;
            return;
        }
        for _ in 0..self.world.dice.roll(60) {
            tokio::select! {
                biased;
                _ = &mut work => break,
                () = tokio::task::yield_now() => {}
            }
        }
        village.crash().await;
    }
}
