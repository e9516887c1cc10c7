//! The line between a device and the server: it loses requests and answers, repeats
//! requests, and delivers some of them much later.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use app::api::ports::Pushing;
use app::api::{ApiError, ErrorCode};
use app::offline::transport::{Health, Pull, PutError, RawPage, Transport, Uploaded};
use async_trait::async_trait;
use domain::authority::Person;
use domain::envelope::Envelope;
use domain::ids::{Entry, Hash};
use domain::receipts::{PushResult, ReceiptKey};

use crate::dice::World;
use crate::mutants::{Memory, Mutant, portal_receipt};
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

/// What all lines of a history share.
pub struct Net {
    pub world: Rc<World>,
    pub mutant: Option<Mutant>,
    pub memory: RefCell<Memory>,
    /// Requests that are still somewhere out there, with their session.
    pub afloat: RefCell<Vec<(String, Vec<Envelope>)>>,
    /// Every receipt that the server ever gave for an entry.
    pub receipts: RefCell<HashMap<Entry, String>>,
    pub complaint: RefCell<Option<String>>,
    pub village: Rc<Mutex<Village>>,
}

/// A device's line.
pub struct Line {
    pub net: Rc<Net>,
    pub token: String,
    pub weather: Cell<Weather>,
}

impl Net {
    /// The server takes a push, and its receipts are compared with what it said before.
    pub async fn deliver(&self, token: &str, envelopes: &[Envelope]) -> Result<Vec<PushResult>, ApiError> {
        let village = self.village.lock().await;
        village.set_clock(self.world.now.get());
        let values = envelopes.iter().map(|envelope| {
            let sent = self.memory.borrow_mut().outgoing(self.mutant, envelope, &self.world.dice);
            serde_json::value::to_raw_value(&sent).unwrap()
        });
        let results = village.server().push(Some(token), values.collect()).await?;
        let mut answers = Vec::new();
        for (envelope, result) in envelopes.iter().zip(results) {
            if let PushResult::Receipt(signed) = &result
                && self.mutant.is_none()
            {
                let entry = envelope.entry();
                let mut receipts = self.receipts.borrow_mut();
                let before = receipts.entry(entry).or_insert_with(|| signed.text.clone());
                if *before != signed.text {
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

    /// The server begins, and is killed at some point.
    async fn killed(&self, envelopes: &[Envelope]) {
        {
            let mut work = std::pin::pin!(self.now(envelopes));
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
                self.killed(&envelopes).await;
                offline()
            }
        }
    }

    async fn pull(&self, _: &Pull) -> Result<RawPage, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn uploaded(&self, _: Hash) -> Result<Uploaded, ApiError> {
        Err(ErrorCode::Offline.into())
    }

    async fn upload(&self, _: Hash, _: u64, _: u64, _: &[u8]) -> Result<Uploaded, PutError> {
        Err(ApiError::from(ErrorCode::Offline).into())
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
