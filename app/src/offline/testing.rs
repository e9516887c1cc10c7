//! What the tests of this part share: a hand-driven clock, seeded chance, and a small server
//! that keeps its word exactly once and can be told to misbehave.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use async_trait::async_trait;
use domain::authority::{Membership, Person, Role};
use domain::envelope::{Envelope, Proof};
use domain::ids::{Entry, Epoch, Hash, KeyId, OpId, RecordId, Salt, Signature};
use domain::operations::{Action, Kinds, Propose, Withdraw};
use domain::receipts::{Missing, Outcome, PushResult, Receipt, ReceiptKey, SignedReceipt};
use domain::scopes::{Page, Row, Scope};
use domain::time::Millis;
use serde_json::value::RawValue;

use super::memory::MemoryStore;
use super::outbox;
use super::sender::Sender;
use super::session;
use super::surroundings::{Surroundings, Trusting};
use super::transport::{Health, Pull, PullFrom, PutError, RawPage, Transport, Uploaded};
use crate::api::{ApiError, ErrorCode};

pub use futures::executor::block_on;

/// A clock that stands still until it is moved, and chance that repeats itself.
pub struct Lab {
    pub now: Cell<i64>,
    seed: Cell<u64>,
}

impl Lab {
    pub fn new() -> Rc<Self> {
        Rc::new(Self { now: Cell::new(1_795_392_000_000), seed: Cell::new(0x9E37_79B9_7F4A_7C15) })
    }

    pub fn pass(&self, millis: i64) {
        self.now.set(self.now.get() + millis);
    }
}

impl Surroundings for Lab {
    fn now(&self) -> Millis {
        Millis(self.now.get())
    }

    fn fill(&self, bytes: &mut [u8]) -> bool {
        for byte in bytes {
            let mut seed = self.seed.get();
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            self.seed.set(seed);
            *byte = (seed >> 24) as u8;
        }
        true
    }
}

/// How the server meets one push.
pub enum Meets {
    /// Takes it; the answer is lost on the way.
    AnswerLost,
    /// Takes nothing.
    Fails(ApiError),
    /// Says this instead of the truth.
    Says(Vec<PushResult>),
}

pub type Feed = BTreeMap<String, (u64, Option<String>)>;

/// A server in memory.
#[derive(Default)]
pub struct Server {
    pub script: RefCell<VecDeque<Meets>>,
    pub epoch: Cell<u8>,
    pub journal: RefCell<BTreeMap<Entry, (Hash, SignedReceipt)>>,
    /// What was erased.
    pub erased: RefCell<BTreeSet<Entry>>,
    /// Entries whose answer is this, until it is taken away.
    pub waiting: RefCell<BTreeMap<Entry, Missing>>,
    pub pushes: RefCell<Vec<Vec<Envelope>>>,
    pub blobs: RefCell<BTreeMap<Hash, (Vec<u8>, u64)>>,
    /// Pieces to cut off: this many uploads fail.
    pub cut: Cell<u32>,
    pub feed: RefCell<Feed>,
    pub head: Cell<u64>,
    /// An older state, from which a cache on the way answers for older pages.
    pub cached: RefCell<Option<(Epoch, u64, Feed)>>,
    pub backed_up: Cell<Option<u64>>,
    pub page: Cell<usize>,
    /// Whose session it knows.
    pub signed_in: RefCell<Option<Person>>,
    /// What happens while a page or an answer is on its way.
    pub meanwhile: RefCell<Option<Box<dyn FnOnce()>>>,
    /// A push with this operation in it never gets through.
    pub chokes: Cell<Option<OpId>>,
}

impl Server {
    pub fn epoch(&self) -> Epoch {
        Epoch([self.epoch.get(); 16])
    }

    pub fn receipt(&self, envelope: &Envelope) -> SignedReceipt {
        let (op, entry, hash) = (envelope.op, envelope.entry(), envelope.hash());
        let receipt = Receipt {
            v: 1,
            op,
            entry,
            community: envelope.community.clone(),
            hash,
            outcome: Outcome::Accepted,
            records: vec![entry.record()],
            received_at: Millis(7),
            epoch: self.epoch(),
            position: self.journal.borrow().len() as u64 + 1,
            key_id: KeyId([1; 8]),
        };
        SignedReceipt { text: serde_json::to_string(&receipt).unwrap(), signature: Signature([0; 64]) }
    }

    fn take(&self, envelope: &Envelope) -> PushResult {
        if let Some(missing) = self.waiting.borrow().get(&envelope.entry()) {
            return PushResult::Waiting(missing.clone());
        }
        let known = self.journal.borrow().get(&envelope.entry()).cloned();
        match known {
            Some((hash, receipt)) if hash == envelope.hash() => {
                let erased = self.erased.borrow().contains(&envelope.entry());
                if erased { PushResult::Erased(receipt) } else { PushResult::Receipt(receipt) }
            }
            Some(_) => PushResult::Conflict,
            None => {
                let receipt = match &envelope.proof {
                    Proof::Receipt(receipt) => receipt.clone(),
                    _ => self.receipt(envelope),
                };
                let kept = (envelope.hash(), receipt.clone());
                self.journal.borrow_mut().insert(envelope.entry(), kept);
                PushResult::Receipt(receipt)
            }
        }
    }

    /// From now on a cache answers for older pages.
    pub fn remember(&self) {
        let state = (self.epoch(), self.head.get(), self.feed.borrow().clone());
        *self.cached.borrow_mut() = Some(state);
    }

    /// The cache is no longer fresh.
    pub fn forget(&self) {
        self.cached.borrow_mut().take();
    }

    /// Changes a record: its row moves to the end of the feed.
    pub fn put(&self, name: &str, record: Option<&str>) {
        self.head.set(self.head.get() + 1);
        self.feed.borrow_mut().insert(name.to_owned(), (self.head.get(), record.map(str::to_owned)));
    }
}

#[async_trait(?Send)]
impl Transport for Server {
    async fn push(&self, envelopes: Vec<Envelope>) -> Result<Vec<PushResult>, ApiError> {
        self.pushes.borrow_mut().push(envelopes.clone());
        if envelopes.iter().any(|envelope| Some(envelope.op) == self.chokes.get()) {
            return Err(ErrorCode::Offline.into());
        }
        let meets = self.script.borrow_mut().pop_front();
        match meets {
            Some(Meets::Fails(error)) => Err(error),
            Some(Meets::Says(results)) => Ok(results),
            Some(Meets::AnswerLost) => {
                envelopes.iter().for_each(|envelope| drop(self.take(envelope)));
                Err(ErrorCode::Offline.into())
            }
            None => Ok(envelopes.iter().map(|envelope| self.take(envelope)).collect()),
        }
    }

    async fn pull(&self, pull: &Pull) -> Result<RawPage, ApiError> {
        if let Some(meanwhile) = self.meanwhile.borrow_mut().take() {
            meanwhile();
        }
        // Nobody can have asked for what lies before a place that did not exist yet.
        let down = |head| matches!(pull.from, PullFrom::Before(before) if before <= head);
        let now = (self.epoch(), self.head.get(), self.feed.borrow().clone());
        let (epoch, head, feed) = match self.cached.borrow().clone() {
            Some(cached) if down(cached.1) => cached,
            _ => now,
        };
        let backed_up_through = self.backed_up.get();
        let mut page =
            Page { epoch, head, cursor: 0, more: false, rows: vec![], backed_up_through, resync: false };
        if pull.epoch.is_some_and(|known| known != epoch) {
            page.resync = true;
            return Ok(page);
        }
        let mut rows: Vec<_> = feed.iter().map(|(name, (seq, record))| (*seq, name, record)).collect();
        rows.sort_unstable();
        match pull.from {
            PullFrom::After(after) => rows.retain(|row| row.0 > after),
            PullFrom::Newest => rows.reverse(),
            PullFrom::Before(before) => {
                rows.retain(|row| row.0 < before);
                rows.reverse();
            }
        }
        let size = match self.page.get() {
            0 => pull.limit as usize,
            size => size,
        };
        page.more = rows.len() > size;
        rows.truncate(size);
        page.cursor = rows.last().map_or(head, |row| row.0);
        if let PullFrom::After(_) = pull.from
            && !page.more
        {
            page.cursor = head;
        }
        page.rows = rows
            .into_iter()
            .map(|(seq, name, record)| Row {
                name: name.clone(),
                seq,
                record: record.clone().map(|text| RawValue::from_string(text).unwrap()),
            })
            .collect();
        Ok(page)
    }

    async fn uploaded(&self, hash: Hash) -> Result<Uploaded, ApiError> {
        let blobs = self.blobs.borrow();
        let Some((bytes, size)) = blobs.get(&hash) else {
            return Ok(Uploaded { offset: 0, complete: false });
        };
        Ok(Uploaded { offset: bytes.len() as u64, complete: bytes.len() as u64 == *size })
    }

    async fn upload(&self, hash: Hash, size: u64, at: u64, piece: &[u8]) -> Result<Uploaded, PutError> {
        let mut blobs = self.blobs.borrow_mut();
        let (bytes, _) = blobs.entry(hash).or_insert((Vec::new(), size));
        if at != bytes.len() as u64 {
            return Err(PutError::Offset(bytes.len() as u64));
        }
        bytes.extend_from_slice(piece);
        if self.cut.get() > 0 {
            self.cut.set(self.cut.get() - 1);
            return Err(ApiError::from(ErrorCode::Offline).into());
        }
        let offset = bytes.len() as u64;
        Ok(Uploaded { offset, complete: offset == size })
    }

    async fn download(&self, _: Hash) -> Result<Vec<u8>, ApiError> {
        Err(ErrorCode::NotFound.into())
    }

    async fn ping(&self) -> Result<Health, ApiError> {
        Ok(Health { rabaska: "0".to_owned(), epoch: self.epoch(), now: Millis(0) })
    }

    async fn keys(&self) -> Result<Vec<ReceiptKey>, ApiError> {
        Ok(Vec::new())
    }

    async fn session(&self) -> Result<Option<Person>, ApiError> {
        let answer = self.signed_in.borrow().clone();
        if let Some(meanwhile) = self.meanwhile.borrow_mut().take() {
            meanwhile();
        }
        Ok(answer)
    }

    async fn open_session(&self, _: &str) -> Result<Person, ApiError> {
        Err(ErrorCode::CodeRefused.into())
    }

    async fn close_session(&self) -> Result<(), ApiError> {
        Ok(())
    }
}

/// How many times more a full run repeats.
pub fn scale() -> u32 {
    std::env::var("RABASKA_TEST_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

pub fn person(id: &str) -> Person {
    let membership = Membership { community: "laforce".parse().unwrap(), role: Role::Participant };
    Person { id: id.parse().unwrap(), name: "Rose".parse().unwrap(), memberships: vec![membership] }
}

pub const CONSULTATION: RecordId = RecordId([9; 16]);

pub fn proposal(title: &str) -> Action {
    Action::Propose(Propose {
        consultation: CONSULTATION,
        title: title.parse().unwrap(),
        text: None,
        subject: "other".parse().unwrap(),
        photos: vec![],
        place: None,
    })
}

pub fn withdrawal(record: RecordId) -> Action {
    Action::Withdraw(Withdraw { consultation: CONSULTATION, record })
}

pub fn person_scope(id: &str) -> Scope {
    Scope::Person(id.parse().unwrap())
}

/// A device and its server.
pub struct World {
    pub store: MemoryStore,
    pub server: Rc<Server>,
    pub lab: Rc<Lab>,
}

impl World {
    /// A device on which this person is signed in.
    pub fn of(id: &str) -> Self {
        let world = Self::empty();
        block_on(session::change(&world.store, Some(&person(id)))).unwrap();
        world
    }

    pub fn empty() -> Self {
        Self { store: MemoryStore::default(), server: Rc::default(), lab: Lab::new() }
    }

    /// The app starts.
    pub fn sender(&self) -> Sender<MemoryStore, Server> {
        let store = Rc::new(self.store.clone());
        Sender::new(store, self.server.clone(), self.lab.clone(), Rc::new(Trusting))
    }

    pub fn seal(&self, action: Action) -> domain::outbox::Item {
        let me = block_on(session::read(&self.store)).unwrap().person.map(|person| person.id);
        let community = "laforce".parse().unwrap();
        let op = block_on(outbox::act(&self.store, &*self.lab, Kinds::ALL, me, community, action)).unwrap();
        self.item(op)
    }

    pub fn item(&self, op: OpId) -> domain::outbox::Item {
        block_on(outbox::item(&self.store, op)).unwrap().unwrap()
    }

    /// Steps until nothing moves any more, time passing as it is asked for.
    pub fn settle(&self, sender: &Sender<MemoryStore, Server>, steps: u32) {
        use super::sender::Step;
        for _ in 0..steps {
            match block_on(sender.step()).unwrap() {
                Step::Nothing => return,
                Step::Later(at) => self.lab.now.set(at.0),
                Step::Moved { .. } | Step::Failed(_) => {}
            }
        }
    }
}

pub fn salt() -> Salt {
    Salt([3; 32])
}
