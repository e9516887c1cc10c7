//! The line between a device and the server: it loses requests and answers, repeats
//! requests, and delivers some of them much later.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use app::api::{ApiError, ErrorCode};
use app::offline::transport::{Health, Pull, PutError, RawPage, Transport, Uploaded};
use async_trait::async_trait;
use domain::authority::Person;
use domain::envelope::Envelope;
use domain::ids::{Entry, Hash, PersonId, RecordId};
use domain::receipts::{PushResult, ReceiptKey};

use crate::dice::World;
use crate::mutants::{Memory, Mutant, portal_receipt};
use crate::photos::Piece;
use crate::said::{Answered, Sealed};
use crate::village::Village;
use tokio::sync::Mutex;

/// What happens to one push.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weather {
    Calm,
    RequestLost,
    AnswerLost,
    Duplicated,
    /// Lost now, delivered at some later point.
    Delayed,
    CaptivePortal,
    Unavailable,
    SessionGone,
    /// The process is killed while it works on the push.
    ServerDies,
}

impl Weather {
    pub const ALL: [Weather; 9] = [
        Self::Calm,
        Self::RequestLost,
        Self::AnswerLost,
        Self::Duplicated,
        Self::Delayed,
        Self::CaptivePortal,
        Self::Unavailable,
        Self::SessionGone,
        Self::ServerDies,
    ];
}

/// Where a history takes place.
#[derive(Clone, Copy)]
pub struct Setting {
    pub consultation: RecordId,
    /// How far the feeds of the consultation and of the desk were before.
    pub since: u64,
    pub desk_since: u64,
    pub poll: Option<RecordId>,
    pub survey: Option<RecordId>,
    pub text: Option<RecordId>,
    /// Whether the office looks at what people say before others see it.
    pub looks_first: bool,
    /// Whether its server may die.
    pub own_file: bool,
}

/// What all lines of a history share.
pub struct Net {
    pub world: Rc<World>,
    pub mutant: Option<Mutant>,
    pub setting: Setting,
    pub memory: RefCell<Memory>,
    /// Requests that are still somewhere out there, with their session.
    pub afloat: RefCell<Vec<(String, Vec<Envelope>)>>,
    /// Pieces of photos that are, too.
    pub pieces: RefCell<Vec<Piece>>,
    /// The bytes of all photos and documents; and what the mutant that is careless with them has.
    pub files: RefCell<HashMap<Hash, Vec<u8>>>,
    pub parts: RefCell<HashMap<Hash, Vec<u8>>>,
    /// The first receipt that the server gave for an entry.
    pub answered: RefCell<HashMap<Entry, Answered>>,
    /// What was sealed on the phones, in order.
    pub sealed: RefCell<Vec<Sealed>>,
    pub complaint: RefCell<Option<String>>,
    pub village: Rc<Mutex<Village>>,
}

/// A device's line.
pub struct Line {
    pub net: Rc<Net>,
    pub token: String,
    pub person: PersonId,
    pub weather: Cell<Weather>,
}

impl Net {
    pub fn new(
        world: Rc<World>,
        mutant: Option<Mutant>,
        setting: Setting,
        village: Rc<Mutex<Village>>,
    ) -> Rc<Self> {
        Rc::new(Self {
            world,
            mutant,
            setting,
            memory: RefCell::default(),
            afloat: RefCell::default(),
            pieces: RefCell::default(),
            files: RefCell::default(),
            parts: RefCell::default(),
            answered: RefCell::default(),
            sealed: RefCell::default(),
            complaint: RefCell::default(),
            village,
        })
    }

    /// The server takes a push, and its receipts are compared with what it said before.
    pub async fn deliver(&self, token: &str, envelopes: &[Envelope]) -> Result<Vec<PushResult>, ApiError> {
        let village = self.village.lock().await;
        village.set_clock(self.world.now.get());
        let results = self.pushes(&village, token, envelopes).await?;
        let mut answers = Vec::new();
        for (envelope, result) in envelopes.iter().zip(results) {
            if let PushResult::Receipt(signed) = &result {
                let entry = envelope.entry();
                let mut answered = self.answered.borrow_mut();
                let first = answered.entry(entry).or_insert_with(|| Answered {
                    text: signed.text.clone(),
                    receipt: signed.read().unwrap(),
                    envelope: envelope.clone(),
                });
                if first.text != signed.text && self.mutant.is_none() {
                    *self.complaint.borrow_mut() = Some(format!("two receipts for {entry}"));
                }
            }
            answers.push(self.memory.borrow_mut().incoming(self.mutant, envelope, result));
        }
        Ok(answers)
    }
}

impl Line {
    async fn now(&self, envelopes: &[Envelope]) -> Result<Vec<PushResult>, ApiError> {
        self.net.deliver(&self.token, envelopes).await
    }

    /// The server begins with something, and is killed at some point.
    pub async fn killed<T>(&self, work: impl Future<Output = T>) {
        {
            let mut work = std::pin::pin!(work);
            for _ in 0..self.net.world.dice.roll(60) {
                tokio::select! {
                    biased;
                    _ = &mut work => break,
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        self.net.village.lock().await.crash().await;
    }
}

#[async_trait(?Send)]
impl Transport for Line {
    async fn push(&self, envelopes: Vec<Envelope>) -> Result<Vec<PushResult>, ApiError> {
        let offline = || Err(ApiError::from(ErrorCode::Offline));
        // It may come when its files are no longer there.
        if !self.net.files.borrow().is_empty() && self.net.world.dice.once_in(4) {
            self.net.forgets().await;
        }
        match self.weather.get() {
            Weather::Calm => self.now(&envelopes).await,
            Weather::RequestLost => offline(),
            Weather::AnswerLost => {
                let _ = self.now(&envelopes).await;
                offline()
            }
            Weather::Duplicated => {
                let first = self.now(&envelopes).await;
                let second = self.now(&envelopes).await;
                if self.net.world.dice.once_in(2) { first } else { second }
            }
            Weather::Delayed => {
                self.net.afloat.borrow_mut().push((self.token.clone(), envelopes));
                offline()
            }
            Weather::CaptivePortal if self.net.mutant == Some(Mutant::TrustsAny200) => {
                Ok(envelopes.iter().map(portal_receipt).collect())
            }
            Weather::CaptivePortal => Err(ErrorCode::NotRabaska.into()),
            Weather::Unavailable => Err(ApiError { code: ErrorCode::Unavailable, retry_after: Some(7) }),
            Weather::SessionGone => Err(ErrorCode::SignInNeeded.into()),
            Weather::ServerDies => {
                self.killed(self.now(&envelopes)).await;
                offline()
            }
        }
    }

    async fn pull(&self, _: &Pull) -> Result<RawPage, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn uploaded(&self, hash: Hash) -> Result<Uploaded, ApiError> {
        self.asks(hash).await
    }

    async fn upload(&self, hash: Hash, size: u64, at: u64, piece: &[u8]) -> Result<Uploaded, PutError> {
        let piece = Piece { person: self.person.clone(), hash, size, at, bytes: piece.to_vec() };
        self.puts(piece).await
    }

    async fn download(&self, _: Hash) -> Result<Vec<u8>, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn ping(&self) -> Result<Health, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn keys(&self) -> Result<Vec<ReceiptKey>, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn session(&self) -> Result<Option<Person>, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn open_session(&self, _: &str) -> Result<Person, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn close_session(&self) -> Result<(), ApiError> {
        Err(ErrorCode::Offline.into())
    }
}
