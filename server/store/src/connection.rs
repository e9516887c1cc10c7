//! Connections: WAL, full synchronisation, deleted bytes overwritten.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::ports::PortError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use crate::{engine, failed};

/// The version that this build carries: 3.51.2 and older can lose commits under WAL
/// (<https://www.sqlite.org/releaselog/3_51_3.html>).
pub const SQLITE_VERSION: &str = "3.51.3";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

pub(crate) fn file(dir: &Path) -> std::path::PathBuf {
    dir.join("rabaska.db")
}

fn options(dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file(dir))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("secure_delete", "ON")
        .pragma("cache_size", "-4000")
        .disable_statement_logging()
}

/// For the connection that writes. A group of 500 operations changes some 1,400 pages, most of
/// them of indexes of random names: it has room for them, and folds the log back only after
/// the second such group (8 MB), because the next ones change many of the same pages.
fn writing(dir: &Path) -> SqliteConnectOptions {
    options(dir)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "2000")
}

/// Opens the writing connection, creating and migrating the database. A database of a newer
/// Rabaska is refused.
pub(crate) async fn open_writer(dir: &Path) -> Result<SqliteConnection, PortError> {
    let options = writing(dir).create_if_missing(true);
    let mut connection = options.connect().await.map_err(engine)?;
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await.map_err(engine)?;
    if version != SQLITE_VERSION {
        return Err(failed("SQLite", format!("version {version} where {SQLITE_VERSION} is needed")));
    }
    MIGRATIONS.run_direct(None, &mut connection, false).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(_) => PortError::Newer,
        other => failed("migrating the database", other),
    })?;
    Ok(connection)
}

/// The one connection that writes, until the store is closed.
pub(crate) struct Writing {
    dir: PathBuf,
    connection: Mutex<Option<SqliteConnection>>,
}

impl Writing {
    pub(crate) fn new(dir: &Path, connection: SqliteConnection) -> Self {
        Self { dir: dir.to_owned(), connection: Mutex::new(Some(connection)) }
    }

    /// Where the database lies.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The connection, when its turn has come, with no transaction open.
    ///
    /// SQLite drops the whole transaction by itself on some errors (a full disk). The roll-back
    /// that follows finds none and fails, and sqlx goes on believing in a transaction: it would
    /// begin no other one, ever. Such a connection is replaced.
    pub(crate) async fn lock(&self) -> Result<MappedMutexGuard<'_, SqliteConnection>, PortError> {
        let mut connection = MutexGuard::try_map(self.connection.lock().await, Option::as_mut)
            .map_err(|_| PortError::Unavailable("the database is closed".to_owned()))?;
        if connection.is_in_transaction() {
            // A transaction that was dropped has its roll-back queued: it happens before the answer.
            connection.ping().await.map_err(engine)?;
        }
        if connection.is_in_transaction() {
            *connection = writing(&self.dir).connect().await.map_err(engine)?;
        }
        Ok(connection)
    }

    /// Closes it: the last one folds the write-ahead log into the database.
    pub(crate) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database could not be closed well");
        }
    }
}

/// Opens the reading connections.
pub(crate) async fn open_readers(dir: &Path) -> Result<SqlitePool, PortError> {
    let options = options(dir).pragma("query_only", "ON");
    SqlitePoolOptions::new().max_connections(3).min_connections(1).connect_with(options).await.map_err(engine)
}

/// Opens one connection to a database that nothing else uses, without changing it.
pub(crate) async fn open_alone(dir: &Path) -> Result<SqliteConnection, PortError> {
    let options = SqliteConnectOptions::new().filename(file(dir)).pragma("query_only", "ON");
    SqliteConnection::connect_with(&options).await.map_err(engine)
}
