//! Ports: what the rest of the server asks of its database. `server/store` implements them;
//! one method is one transaction.

use async_trait::async_trait;

use crate::authority::{Actor, Person, Role};
use crate::codes::Code;
use crate::envelope::Envelope;
use crate::ids::{CommunityId, Entry, Epoch, Hash, PersonId};
use crate::operations::Operation;
use crate::receipts::{PushResult, ReceiptKey, SignedReceipt};
use crate::records::Record;
use crate::rules::Change;
use crate::scopes::{Key, Scope};
use crate::text::Label;
use crate::time::{DAY, Millis};

/// A failure below the domain. The text is for the log and holds no personal words.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PortError {
    /// It could not be done now; nothing was stored. Trying again may help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// What was read back is not what was written.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A newer Rabaska wrote the database; this one would not understand all of it.
    #[error("the database was written by a newer Rabaska")]
    Newer,
}

/// The server's clock.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Millis;
}

/// The server's random source.
pub trait Random: Send + Sync {
    /// Fills the bytes; aborts the request when the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError>;
}

/// A decoded operation on its way into the journal, its author established.
#[derive(Clone, Debug)]
pub struct Submission {
    /// As it was sealed.
    pub envelope: Envelope,
    /// Decoded from it.
    pub operation: Operation,
    /// Who acts.
    pub actor: Actor,
    /// A receipt whose signature and entry were verified; honoured when it is of another life
    /// of the database or lies past this one's end.
    pub receipt: Option<SignedReceipt>,
}

/// Where a pull goes on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum From {
    /// Upwards: what came after this cursor.
    After(u64),
    /// Downwards: what lies before this cursor, newest first.
    Before(u64),
}

/// A page as it is served.
#[derive(Clone, Debug)]
pub struct PulledPage {
    /// The scope's head when the page was made.
    pub head: u64,
    /// The life of the database.
    pub epoch: Epoch,
    /// JSON of [`crate::scopes::Page`].
    pub json: std::sync::Arc<[u8]>,
    /// The same, gzip; kept for public scopes.
    pub gzip: Option<std::sync::Arc<[u8]>>,
}

/// The journal: operations with receipts, records, feed.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Decides and stores, each once; answers in order, after the commit.
    async fn append(&self, submissions: Vec<Submission>) -> Result<Vec<PushResult>, PortError>;
    /// Writes records that no operation of this version creates: a community with its lists.
    async fn put(&self, changes: Vec<Change>) -> Result<(), PortError>;
    /// Erases what a person proposed: its operation keeps entry, hash and receipt only, its record
    /// is gone wherever it lay, and so are its pictures. A later push of it is answered `erased`,
    /// also after an older backup is restored. Its receipt, now or before; none when there is no
    /// such proposal.
    async fn erase(&self, entry: &Entry) -> Result<Option<SignedReceipt>, PortError>;
    /// One record, whoever may pull it.
    async fn record(&self, key: &Key) -> Result<Option<Record>, PortError>;
    /// One page of a scope; `epoch` as the device knows it, when it knows one.
    async fn pull(
        &self,
        scope: &Scope,
        epoch: Option<Epoch>,
        from: From,
        limit: u32,
    ) -> Result<PulledPage, PortError>;
    /// The scope's newest sequence number, 0 when nothing was ever there.
    async fn head(&self, scope: &Scope) -> Result<u64, PortError>;
    /// The life of the database.
    fn epoch(&self) -> Epoch;
    /// When the database was put back from a backup; none when it never was.
    fn restored_at(&self) -> Option<Millis>;
    /// Every key that receipts were signed with, the current one last.
    fn keys(&self) -> Vec<ReceiptKey>;
    /// Whether the server itself signed this text.
    fn verifies(&self, receipt: &SignedReceipt) -> bool;
}

/// How long a session lasts, in milliseconds; its cookie goes at the same time.
pub const SESSION_LIFE: i64 = 365 * DAY;

/// A session just opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The token for the cookie: 128 random bits, of which the database keeps a hash only.
    pub token: String,
    /// Whose it is.
    pub person: Person,
}

/// Why a code does not open a session. Wrong, unknown and revoked are one answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CodeError {
    /// No such code, or not this one.
    #[error("refused")]
    Refused,
    /// Too many tries; the next one counts from then.
    #[error("slowed")]
    Slowed {
        /// In milliseconds.
        retry_after: i64,
    },
    /// The database could not be asked.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// People, codes and sessions.
#[async_trait]
pub trait Identity: Send + Sync {
    /// Opens a session with a code.
    async fn open(&self, code: Code) -> Result<Opened, CodeError>;
    /// The person of a session.
    async fn session(&self, token: &str) -> Result<Option<Person>, PortError>;
    /// Ends a session.
    async fn close(&self, token: &str) -> Result<(), PortError>;
    /// Adds a person with one role and a code, which is told this once.
    async fn add(
        &self,
        name: Label,
        community: CommunityId,
        role: Role,
    ) -> Result<(PersonId, Code), PortError>;
    /// Revokes a person's codes and ends their sessions.
    async fn revoke(&self, person: &PersonId) -> Result<(), PortError>;
    /// A person by id, for an operation that comes back with its receipt as proof.
    async fn person(&self, id: &PersonId) -> Result<Option<Person>, PortError>;
}

/// Why bytes of a file are not taken.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BlobError {
    /// They do not follow what is there; continue from this offset.
    #[error("wrong offset")]
    Offset(u64),
    /// Larger than a picture or a document may be.
    #[error("too large")]
    TooLarge,
    /// So much of this person is here already that no operation names yet: later.
    #[error("too much that no operation names")]
    TooMany,
    /// Complete, and not what its name says.
    #[error("other bytes than announced")]
    Mismatch,
    /// Neither PDF, JPEG, PNG nor WebP; or more than 4,096 pixels a side.
    #[error("neither a picture nor a document that is taken")]
    NotAPicture,
    /// Carries more than the picture (EXIF, XMP, anything unknown): the device must take it out.
    #[error("carries hidden information")]
    Metadata,
    /// Was hidden or erased here; it does not come back.
    #[error("refused")]
    Refused,
    /// The database or disk could not be asked.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A picture or a document to serve.
#[derive(Clone, Debug)]
pub struct Blob {
    /// `application/pdf`, `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Photos and documents: uploaded in pieces, named by their content.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// How many bytes of it this person has uploaded; and whether it is complete for them.
    async fn offset(&self, person: &PersonId, hash: &Hash) -> Result<(u64, bool), BlobError>;
    /// Adds bytes at an offset; `size` is the whole. True when it is complete.
    async fn write(
        &self,
        person: &PersonId,
        hash: &Hash,
        size: u64,
        at: u64,
        bytes: &[u8],
    ) -> Result<bool, BlobError>;
    /// Its bytes, when a live record that this person (none: nobody signed in) may pull
    /// names it, or they uploaded it themselves.
    async fn read(&self, person: Option<&Person>, hash: &Hash) -> Result<Option<Blob>, PortError>;
}
