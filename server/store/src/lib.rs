//! The ports of `domain` on SQLite: one file, one writer that commits what waits together,
//! readers beside it. Answers leave after the commit only.

mod backup;
mod blobs;
mod changes_log;
mod check;
mod codes;
mod columns;
mod connection;
mod epoch;
mod erasures;
mod feed;
mod files;
mod group;
mod horizon;
mod identity;
mod journal;
mod keys;
mod media;
mod pages;
mod pictures;
mod prune;
mod restore;
mod rows;
mod sessions;
mod uploads;
mod waiting;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::operations::Operation;
use domain::ports::{Clock, PortError, Random};
use domain::rules::{Context, Decision, Loaded};
use domain::scopes::Scope;
use sqlx::SqlitePool;
use tokio::sync::{Mutex, broadcast};

pub use backup::{Backup, list as list_backups};
pub use check::{Place, Report, check};
pub use connection::SQLITE_VERSION;
pub use erasures::Named;
pub use files::make_folder;
pub use keys::ReceiptSigner;
pub use restore::{Restored, restore};
pub use uploads::UNNAMED_MAX;
pub use waiting::Waits;

/// What a commit changed: scopes with their new heads.
pub type Heads = Arc<Vec<(Scope, u64)>>;

/// The rules that the writer applies; tests put failing ones in their place.
pub type Decide = fn(&Operation, &Loaded, Context<'_>) -> Decision;

/// What a store is opened with.
#[derive(Clone)]
pub struct Options {
    /// The server's clock.
    pub clock: Arc<dyn Clock>,
    /// The server's random source.
    pub random: Arc<dyn Random>,
    /// The rules.
    pub decide: Decide,
    /// Where backups and the log of changes go, when there is such a place.
    pub backups: Option<PathBuf>,
    /// The most new operations that one person may push in a day, when there is a limit; those of
    /// an office ten times as many.
    pub operations_per_day: Option<u64>,
}

impl Options {
    /// The rules of the domain, no backup folder, no limit.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random, decide: domain::rules::decide, backups: None, operations_per_day: None }
    }
}

/// The open database. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

pub(crate) struct Inner {
    dir: PathBuf,
    readers: SqlitePool,
    /// The one connection that writes.
    writing: Arc<connection::Writing>,
    queue: writer::Queue,
    options: Options,
    signer: Arc<ReceiptSigner>,
    epoch: domain::ids::Epoch,
    restored_at: Option<domain::time::Millis>,
    pages: Arc<pages::Pages>,
    heads: broadcast::Sender<Heads>,
    known_heads: Arc<feed::KnownHeads>,
    waiting: Arc<waiting::Waiting>,
    sessions: sessions::Sessions,
    /// Two Argon2 computations at most: each takes 19 MiB.
    hashing: Arc<tokio::sync::Semaphore>,
    /// One piece of a file at a time.
    uploading: Mutex<()>,
    /// No file is deleted while a backup copies them.
    files: Mutex<()>,
}

impl Store {
    /// Opens or creates the database in a folder, with default options.
    pub async fn open(dir: &Path, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, PortError> {
        Self::open_with(dir, Options::new(clock, random)).await
    }

    /// Opens or creates the database in a folder.
    pub async fn open_with(dir: &Path, options: Options) -> Result<Self, PortError> {
        restore::settle(dir)?;
        files::make_folders(dir).map_err(|error| failed("the data folder", error))?;
        let mut writing = connection::open_writer(dir).await?;
        let readers = connection::open_readers(dir).await?;
        let signer = Arc::new(keys::load(dir, &mut writing, &options).await?);
        let epoch = epoch::settle(dir, &mut writing, &*options.random, options.clock.now()).await?;
        let restored_at = epoch::restored_at(&mut writing).await?;
        let row_key = rows::RowKey::new(&signer);
        // What was hidden while a log was out of reach.
        if let Err(error) = changes_log::keep_up(&options, epoch, &mut writing).await {
            tracing::warn!(%error, "the log beside the backups cannot be written: nothing can be hidden, revoked or erased");
        }
        erasures::discard(dir, &erasures::discarded(&mut writing).await?)?;
        let writing = Arc::new(connection::Writing::new(dir, writing));
        let pages = Arc::new(pages::Pages::default());
        let known_heads = Arc::new(feed::KnownHeads::default());
        let waiting = Arc::new(waiting::Waiting::default());
        let (heads, _) = broadcast::channel(1024);
        let queue = writer::start(writer::Writer {
            writing: writing.clone(),
            options: options.clone(),
            signer: signer.clone(),
            epoch,
            row_key,
            pages: pages.clone(),
            heads: heads.clone(),
            known_heads: known_heads.clone(),
            waiting: waiting.clone(),
            head_file: epoch::HeadFile::new(dir, epoch),
        });
        Ok(Self(Arc::new(Inner {
            dir: dir.to_owned(),
            readers,
            writing,
            queue,
            options,
            signer,
            epoch,
            restored_at,
            pages,
            heads,
            known_heads,
            waiting,
            sessions: sessions::Sessions::default(),
            hashing: Arc::new(tokio::sync::Semaphore::new(2)),
            uploading: Mutex::new(()),
            files: Mutex::new(()),
        })))
    }

    /// One message per commit: which scopes moved, and to where.
    pub fn heads(&self) -> broadcast::Receiver<Heads> {
        self.0.heads.subscribe()
    }

    /// Where the database lies.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], PortError> {
        let mut bytes = [0; N];
        self.0.options.random.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Finishes what was taken, writes the head file and closes the database.
    pub async fn close(self) {
        self.0.queue.finish().await;
        self.0.readers.close().await;
        self.0.writing.close().await;
    }
}

pub(crate) fn failed(what: &str, error: impl std::fmt::Display) -> PortError {
    PortError::Unavailable(format!("{what}: {error}"))
}

/// Errors of the engine, without the statement's values.
pub(crate) fn engine(error: sqlx::Error) -> PortError {
    match error {
        sqlx::Error::ColumnDecode { index, .. } => PortError::Damaged(format!("column {index}")),
        other => PortError::Unavailable(other.to_string()),
    }
}
