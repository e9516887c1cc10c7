//! The line to the server, as the sender and the puller see it. Every failure is a typed
//! [`ApiError`]; an answer that is not Rabaska's is one as well.

use async_trait::async_trait;
use domain::authority::Person;
use domain::envelope::Envelope;
use domain::ids::{Epoch, Hash};
use domain::receipts::{PushResult, ReceiptKey};
use domain::scopes::{Page, Scope};
use domain::time::Millis;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::api::ApiError;

/// A page whose records are still the text that was sent.
pub type RawPage = Page<Box<RawValue>>;

/// Where a pull begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PullFrom {
    /// With the newest, downwards.
    Newest,
    /// Downwards, with what lies before.
    Before(u64),
    /// Upwards, with what came after.
    After(u64),
}

/// One request for a page.
#[derive(Clone, PartialEq, Debug)]
pub struct Pull {
    /// Of which scope.
    pub scope: Scope,
    /// The life of the database that the cursor is of.
    pub epoch: Option<Epoch>,
    /// Where it begins.
    pub from: PullFrom,
    /// The most records in it.
    pub limit: u32,
    /// The head that was announced: a page kept on the way is older than that.
    pub head: Option<u64>,
}

/// The server's word that it is there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Health {
    /// Its version: also says that it is Rabaska who answers.
    pub rabaska: String,
    /// The life of its database.
    pub epoch: Epoch,
    /// Its clock.
    pub now: Millis,
}
domain::fields!(open Health { rabaska, epoch, now });

/// How much of a file the server has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Uploaded {
    /// In bytes.
    pub offset: u64,
    /// Whether that is all.
    pub complete: bool,
}
domain::fields!(open Uploaded { offset, complete });

/// Why a piece of a file was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PutError {
    /// It does not follow what is there: go on from here.
    Offset(u64),
    /// Anything else.
    Api(ApiError),
}

impl From<ApiError> for PutError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

/// The line to the server.
#[async_trait(?Send)]
pub trait Transport {
    /// Pushes sealed items; one result each, in order.
    async fn push(&self, envelopes: Vec<Envelope>) -> Result<Vec<PushResult>, ApiError>;
    /// One page of a scope. Public scopes are asked for without a cookie.
    async fn pull(&self, pull: &Pull) -> Result<RawPage, ApiError>;
    /// How much of a file the server has from this person.
    async fn uploaded(&self, hash: Hash) -> Result<Uploaded, ApiError>;
    /// Adds a piece to a file.
    async fn upload(&self, hash: Hash, size: u64, at: u64, piece: &[u8]) -> Result<Uploaded, PutError>;
    /// A file.
    async fn download(&self, hash: Hash) -> Result<Vec<u8>, ApiError>;
    /// Whether the server is there.
    async fn ping(&self) -> Result<Health, ApiError>;
    /// The keys that it signs with.
    async fn keys(&self) -> Result<Vec<ReceiptKey>, ApiError>;
    /// Who is signed in.
    async fn session(&self) -> Result<Option<Person>, ApiError>;
    /// Signs in.
    async fn open_session(&self, code: &str) -> Result<Person, ApiError>;
    /// Signs out.
    async fn close_session(&self) -> Result<(), ApiError>;
}
