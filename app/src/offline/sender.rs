//! The sender: pushes what is sealed until the server's receipt for exactly those bytes is
//! held. One per device and audience; dropping it at any point loses nothing, the next one
//! begins with [`Sender::recover`].

use std::cell::Cell;
use std::rc::Rc;

use domain::envelope::PUSH_MAX;
use domain::ids::{Hash, OpId};
use domain::outbox::{Backoff, Item, Settled, State, Unsendable, ready};
use domain::receipts::{Missing, PushResult};
use domain::time::Millis;

use super::outbox::{Edit, edit, items, with_texts};
use super::session;
use super::store::{DeviceStore, StoreError, Table, Value, Write, text, written};
use super::surroundings::{Surroundings, Verifier};
use super::transport::Transport;
use super::upload::{Stop, upload};
use crate::api::{ApiError, ErrorCode};

/// The most bytes of bodies in one push: it has to fit through a slow line in one go.
const PUSH_BYTES: usize = 200_000;

/// Where the instant is kept before which the server asked not to be asked.
const ASKED: &str = "not before";
/// However far ahead it lies, a device whose clock was set right tries again after this.
const ASKED_MAX: i64 = 60 * 60 * 1_000;

/// What one step did.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// Nothing may leave now.
    Nothing,
    /// Something waits, and not before this instant.
    Later(Millis),
    /// The server answered: ask again at once.
    Moved {
        /// One of the items belongs to somebody else than the session.
        stranger: bool,
    },
    /// The server did not, or not usefully: ask again when it says.
    Failed(ApiError),
}

/// The sender of one device.
pub struct Sender<S: ?Sized, T: ?Sized> {
    store: Rc<S>,
    transport: Rc<T>,
    surroundings: Rc<dyn Surroundings>,
    verifier: Rc<dyn Verifier>,
    backoff: Cell<Backoff>,
    /// How many items go together: fewer while pushes fail, so that one that cannot pass
    /// holds nobody else up.
    together: Cell<usize>,
    /// The server asked not to be asked before: no encouragement goes past that.
    asked: Cell<Millis>,
    /// How often nothing moved: the next try begins with another group.
    turn: Cell<usize>,
}

impl<S: DeviceStore + ?Sized, T: Transport + ?Sized> Sender<S, T> {
    /// A sender over a store and a line.
    pub fn new(
        store: Rc<S>,
        transport: Rc<T>,
        surroundings: Rc<dyn Surroundings>,
        verifier: Rc<dyn Verifier>,
    ) -> Self {
        let (together, turn) = (Cell::new(PUSH_MAX), Cell::new(0));
        let (backoff, asked) = (Cell::default(), Cell::default());
        Self { store, transport, surroundings, verifier, backoff, together, asked, turn }
    }

    /// The app starts: whether an item was on its way is not known, so it is sealed; and a
    /// newer server may understand what an older one did not.
    pub async fn recover(&self) -> Result<(), StoreError> {
        if let Some(asked) = text(&*self.store, Table::Meta, ASKED).await? {
            let latest = self.surroundings.now().plus(ASKED_MAX);
            self.asked.set(Millis(asked.parse().unwrap_or(0)).min(latest));
        }
        for item in items(&*self.store).await? {
            let newer = item.state == State::Unsendable(Unsendable::Unsupported);
            if newer || item.state == State::Sending {
                edit(&*self.store, item.op, |item| {
                    item.recover();
                    if newer {
                        item.unpark();
                    }
                    Edit::Store
                })
                .await?;
            }
        }
        Ok(())
    }

    /// There is reason to believe in the network: try within two seconds.
    pub fn encourage(&self) {
        self.turn.set(0);
        self.together.set(PUSH_MAX);
        let mut backoff = self.backoff.get();
        backoff.reset(self.surroundings.now(), self.surroundings.dice());
        self.backoff.set(backoff);
    }

    /// The instant before which nothing is tried.
    pub fn not_before(&self) -> Millis {
        self.backoff.get().not_before().max(self.asked.get())
    }

    /// Sends one group, when something may leave and it is time.
    pub async fn step(&self) -> Result<Step, StoreError> {
        // There is one sender: what is found on its way was left there by a step that failed.
        let mut all = with_texts(&*self.store).await?;
        if all.iter().any(|(item, _)| item.state == State::Sending) {
            self.recover().await?;
            all = with_texts(&*self.store).await?;
        }
        let signed_in = session::read(&*self.store).await?;
        let list: Vec<Item> = all.iter().map(|(item, _)| item.clone()).collect();
        let ready = ready(&list, signed_in.sends());
        if ready.is_empty() {
            return Ok(Step::Nothing);
        }
        if self.surroundings.now() < self.not_before() {
            return Ok(Step::Later(self.not_before()));
        }
        let group = self.group(&ready, &all);
        for (item, _) in &group {
            if let Err(stop) = self.files(item).await {
                return self.stopped(item.op, stop).await;
            }
        }
        let mut batch = Vec::new();
        let mut sent = Vec::new();
        for (item, before) in &group {
            let mut item = (*item).clone();
            // What comes back with its receipt needs no other proof.
            let Some(envelope) = item.envelope() else { continue };
            item.begin();
            let key = item.op.to_string();
            batch.push(Write::Expect(Table::Outbox, key.clone(), Some((*before).clone())));
            batch.push(Write::Put(Table::Outbox, key, Value::Text(written(&item)?)));
            sent.push((item.op, envelope));
        }
        match self.store.commit(batch).await {
            // Another tab changed one of them: look again.
            Err(StoreError::Conflict) => return Ok(Step::Moved { stranger: false }),
            done => done?,
        }
        let (ops, envelopes): (Vec<_>, Vec<_>) = sent.into_iter().unzip();
        match self.transport.push(envelopes).await {
            Ok(results) if results.len() == ops.len() => self.settle(ops, results).await,
            Ok(_) => self.failed(&ops, ErrorCode::NotRabaska.into()).await,
            Err(error) => self.failed(&ops, error).await,
        }
    }

    /// The items that go together now. Words go before photos, what is new before what
    /// waits; after each fruitless try another group has its turn.
    fn group<'a>(&self, ready: &[OpId], items: &'a [(Item, String)]) -> Vec<(&'a Item, &'a String)> {
        let (mut words, mut photos, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for (item, text) in ready.iter().filter_map(|op| items.iter().find(|(item, _)| item.op == *op)) {
            let entry = (item, text);
            match &item.state {
                State::Waiting(_) => waiting.push(entry),
                _ if files_first(item).is_empty() => words.push(entry),
                _ => photos.push(vec![entry]),
            }
        }
        let mut groups = self.split(words);
        groups.extend(photos);
        groups.extend(self.split(waiting));
        let turn = self.turn.get() % groups.len().max(1);
        groups.into_iter().nth(turn).unwrap_or_default()
    }

    fn split<'a>(&self, items: Vec<(&'a Item, &'a String)>) -> Vec<Vec<(&'a Item, &'a String)>> {
        let mut groups: Vec<Vec<_>> = Vec::new();
        let mut bytes = 0;
        for item in items {
            bytes += item.0.body.len();
            match groups.last_mut() {
                Some(group) if group.len() < self.together.get() && bytes <= PUSH_BYTES => group.push(item),
                _ => {
                    bytes = item.0.body.len();
                    groups.push(vec![item]);
                }
            }
        }
        groups
    }

    /// Uploads the files that an item needs before it can be decided.
    async fn files(&self, item: &Item) -> Result<(), Stop> {
        for hash in files_first(item) {
            match upload(&*self.store, &*self.transport, item.op, *hash).await {
                // The server may have taken it before, and hidden it since: pushed, it is answered with its receipt.
                Err(Stop::Never(reason))
                    if item.state == State::Sealed && reason == ErrorCode::BlobRefused.name() => {}
                done => done?,
            }
        }
        Ok(())
    }

    async fn stopped(&self, op: OpId, stop: Stop) -> Result<Step, StoreError> {
        match stop {
            Stop::Api(error) => self.failed(&[], error).await,
            Stop::Store(error) => Err(error),
            Stop::Never(reason) => self.never(op, reason).await,
        }
    }

    /// Trying again will not help.
    async fn never(&self, op: OpId, reason: &str) -> Result<Step, StoreError> {
        edit(&*self.store, op, |item| {
            item.state = State::Unsendable(Unsendable::Invalid(reason.to_owned()));
            Edit::Store
        })
        .await?;
        Ok(Step::Moved { stranger: false })
    }

    async fn settle(&self, ops: Vec<OpId>, results: Vec<PushResult>) -> Result<Step, StoreError> {
        let (mut moved, mut stranger) = (false, false);
        // The answer is here: what is pulled from now on has in it what it says.
        let now = self.surroundings.now();
        for (op, result) in ops.into_iter().zip(results) {
            let genuine = match &result {
                PushResult::Receipt(receipt) | PushResult::Erased(receipt) => {
                    self.verifier.genuine(receipt).await
                }
                _ => false,
            };
            edit(&*self.store, op, |item| {
                // Only what is on its way can be answered.
                if item.state != State::Sending {
                    return Edit::Keep;
                }
                let settled = item.settle(result.clone(), now, |_| genuine);
                stranger |= item.state == State::Unsendable(Unsendable::NotYours);
                moved |= settled == Settled::Delete || item.is_stored();
                moved |= matches!(item.state, State::Unsendable(_));
                if settled == Settled::Delete { Edit::Delete } else { Edit::Store }
            })
            .await?;
        }
        if moved {
            let mut backoff = self.backoff.get();
            backoff.succeeded(self.surroundings.now());
            self.backoff.set(backoff);
            self.together.set(PUSH_MAX);
            self.turn.set(0);
        } else {
            self.wait(None);
        }
        Ok(Step::Moved { stranger })
    }

    async fn failed(&self, ops: &[OpId], error: ApiError) -> Result<Step, StoreError> {
        for op in ops {
            edit(&*self.store, *op, |item| {
                item.recover();
                Edit::Store
            })
            .await?;
        }
        if error.code == ErrorCode::SignInNeeded {
            session::lapse(&*self.store).await?;
        }
        // One that is too large for the server even alone will never pass.
        if let (ErrorCode::TooLarge, [op]) = (error.code, ops) {
            return self.never(*op, error.code.name()).await;
        }
        self.together.set((self.together.get() / 2).max(1));
        self.wait(error.retry_after);
        if error.retry_after.is_some() {
            let asked = Value::Text(self.asked.get().0.to_string());
            self.store.commit(vec![Write::Put(Table::Meta, ASKED.to_owned(), asked)]).await?;
        }
        Ok(Step::Failed(error))
    }

    fn wait(&self, retry_after: Option<u32>) {
        self.turn.set(self.turn.get().wrapping_add(1));
        let mut backoff = self.backoff.get();
        let retry_after = retry_after.map(|seconds| i64::from(seconds) * 1_000);
        let now = self.surroundings.now();
        self.asked.set(retry_after.map_or(Millis::default(), |millis| now.plus(millis)));
        backoff.failed(now, self.surroundings.dice(), retry_after);
        self.backoff.set(backoff);
    }
}

/// The files to upload before an item is pushed. What comes back with its receipt is
/// pushed first: the server may still have them.
fn files_first(item: &Item) -> &[Hash] {
    match &item.state {
        State::Waiting(Missing::Blobs(missing)) => missing,
        State::Sealed if item.receipt.is_none() => &item.blobs,
        _ => &[],
    }
}
