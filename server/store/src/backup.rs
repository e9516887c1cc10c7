//! Backups: a copy of the database in one read transaction, the keys, and the photos that
//! the backup folder does not hold yet; counted only after it was read back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::ports::{Clock, PortError, Random};
use domain::time::Millis;
use sqlx::{Connection, Row, SqliteConnection};

use crate::changes_log::{ChangesLog, Logged};
use crate::check::{Place, Report, check};
use crate::keys::sync_folder;
use crate::{Options, Store, connection, engine, epoch, failed, group, keys, rows, writer};

/// Files beside the database that belong to it.
const KEY_FILES: [&str; 2] = [keys::FILE, "import.key"];

/// A finished backup.
#[derive(Debug)]
pub struct Backup {
    /// Its folder.
    pub folder: PathBuf,
    /// The journal position that it holds.
    pub position: u64,
    /// What reading it back said; without findings.
    pub report: Report,
}

fn io(error: std::io::Error) -> PortError {
    failed("the backup", error)
}

fn copy_durably(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
        sync_folder(folder)?;
    }
    // Under another name first: a copy that was cut must not stand for a whole one.
    let beside = to.with_extension("part");
    fs::copy(from, &beside)?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(&beside, to)?;
    sync_folder(to)
}

/// Copies the photos that are not there yet.
fn copy_blobs(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    if !from.exists() {
        return Ok(());
    }
    for shelf in fs::read_dir(from)? {
        let shelf = shelf?;
        for blob in fs::read_dir(shelf.path())? {
            let blob = blob?;
            let place = to.join(shelf.file_name()).join(blob.file_name());
            if !place.exists() {
                copy_durably(&blob.path(), &place)?;
            }
        }
    }
    Ok(())
}

fn copy_keys(from: &Path, to: &Path) -> std::io::Result<()> {
    for name in KEY_FILES {
        if from.join(name).exists() {
            copy_durably(&from.join(name), &to.join(name))?;
        }
    }
    Ok(())
}

impl Store {
    /// Makes a backup in a folder, reads it back, and notes it. The running server goes on.
    pub async fn backup(&self, folder: &Path) -> Result<Backup, PortError> {
        let now = self.0.options.clock.now();
        let unfinished = folder.join(format!("{}-unfinished", now.0));
        // A folder that is new has a name that a power cut can take, with all that lies in it.
        fs::create_dir_all(&unfinished).and_then(|()| sync_folder(folder)).map_err(io)?;
        let copy = unfinished.join("rabaska.db");
        let mut reader = connection::open_alone(&self.0.dir).await?;
        sqlx::query("PRAGMA query_only = OFF").execute(&mut reader).await.map_err(engine)?;
        sqlx::query("VACUUM INTO ?")
            .bind(copy.to_string_lossy())
            .execute(&mut reader)
            .await
            .map_err(engine)?;
        reader.close().await.map_err(engine)?;
        fs::File::open(&copy).and_then(|file| file.sync_all()).map_err(io)?;
        copy_keys(&self.0.dir, &unfinished).map_err(io)?;
        copy_blobs(&self.0.dir.join("blobs"), &folder.join("blobs")).map_err(io)?;
        {
            let mut writing = self.0.writing.lock().await?;
            ChangesLog::new(folder).catch_up(&mut writing).await?;
        }
        let report = check(&Place { dir: unfinished.clone(), blobs: folder.join("blobs") }).await?;
        if let Some(first) = report.findings.first() {
            return Err(PortError::Damaged(format!("the backup does not read back: {first}")));
        }
        let mut written = connection::open_alone(&unfinished).await?;
        let position = epoch::position(&mut written).await?;
        written.close().await.map_err(engine)?;
        for ending in ["db-wal", "db-shm"] {
            let _ = fs::remove_file(unfinished.join(format!("rabaska.{ending}")));
        }
        let place = folder.join(now.0.to_string());
        fs::rename(&unfinished, &place).and_then(|()| sync_folder(&place)).map_err(io)?;
        self.note_backup(position, now, &place).await?;
        Ok(Backup { folder: place, position, report })
    }

    async fn note_backup(&self, position: u64, now: Millis, place: &Path) -> Result<(), PortError> {
        let mut connection = self.0.writing.lock().await?;
        sqlx::query("INSERT INTO backups (position, epoch, made_at, folder) VALUES (?, ?, ?, ?)")
            .bind(position.cast_signed())
            .bind(&self.0.epoch.0[..])
            .bind(now.0)
            .bind(place.to_string_lossy())
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
        Ok(())
    }

    /// When the latest backup was made.
    pub async fn last_backup(&self) -> Result<Option<Millis>, PortError> {
        let at: Option<i64> = sqlx::query_scalar("SELECT max(made_at) FROM backups")
            .fetch_one(&self.0.readers)
            .await
            .map_err(engine)?;
        Ok(at.map(Millis))
    }
}

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    /// The journal position that the backup held.
    pub position: u64,
    /// Hidings and revocations applied from the log.
    pub reapplied: usize,
}

/// Restores a backup into an empty data folder. The log of changes beside the backups is
/// applied before anyone can read; without one, only when `without_log` says so.
pub async fn restore(
    from: &Path,
    dir: &Path,
    without_log: bool,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Restored, PortError> {
    if connection::file(dir).exists() {
        return Err(failed("restore", "the data folder holds a database already; move it away first"));
    }
    let folder = from.parent().unwrap_or(from);
    let log = ChangesLog::new(folder);
    if !without_log && !log.exists() {
        return Err(failed(
            "restore",
            "the log of changes (changes.jsonl) is missing beside the backup: what was hidden since would \
             come back",
        ));
    }
    let blobs = folder.join("blobs");
    let report = check(&Place { dir: from.to_owned(), blobs: blobs.clone() }).await?;
    if let Some(first) = report.findings.first() {
        return Err(PortError::Damaged(format!("the backup: {first}")));
    }
    fs::create_dir_all(dir).map_err(io)?;
    // Under another name until all is applied: an unfinished restore cannot be served.
    let staging = dir.join("restoring");
    fs::create_dir_all(&staging).map_err(io)?;
    copy_durably(&connection::file(from), &connection::file(&staging)).map_err(io)?;
    copy_keys(from, &staging).map_err(io)?;
    let lines = log.read()?;
    let mut connection = connection::open_writer(&staging).await?;
    let epoch = epoch::begin(&mut connection, random).await?;
    let position = epoch::position(&mut connection).await?;
    let reapplied = apply(&mut connection, &staging, lines, epoch, clock).await?;
    connection.close().await.map_err(engine)?;
    copy_blobs(&blobs, &dir.join("blobs")).map_err(io)?;
    copy_keys(&staging, dir).map_err(io)?;
    epoch::HeadFile::new(dir, epoch).write(position).map_err(io)?;
    copy_durably(&connection::file(&staging), &connection::file(dir)).map_err(io)?;
    fs::remove_dir_all(&staging).map_err(io)?;
    Ok(Restored { position, reapplied })
}

async fn apply(
    connection: &mut SqliteConnection,
    dir: &Path,
    lines: Vec<crate::changes_log::Line>,
    epoch: domain::ids::Epoch,
    clock: &dyn Clock,
) -> Result<usize, PortError> {
    let Some(seed) = keys::read_seed(dir)? else {
        return Err(failed("restore", "the receipt key is missing"));
    };
    let signer = keys::signer(seed, connection).await?;
    let row_key = rows::RowKey::new(&signer);
    let signer = Arc::new(signer);
    let mut reapplied = 0;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
    for line in lines {
        match line.change {
            Logged::Revoke { person } => {
                reapplied += usize::from(crate::identity::revoke(&mut transaction, &person, line.at).await?);
            }
            Logged::Hide { community, consultation, record, rule, .. } => {
                let hide = domain::operations::Hide { consultation, record, rule };
                let mut group = group::Group::new(domain::rules::decide, signer.clone(), epoch, &row_key);
                let changes = group.hide_again(&mut transaction, &community, &hide, line.at).await?;
                if !changes.is_empty() {
                    let work = writer::Work::Put(changes);
                    group.run(&mut transaction, &[&work], clock.now()).await?;
                    reapplied += 1;
                }
            }
        }
    }
    transaction.commit().await.map_err(engine)?;
    Ok(reapplied)
}

/// Where a backup was made last, for people.
pub async fn list(dir: &Path) -> Result<Vec<(Millis, String)>, PortError> {
    let mut connection = connection::open_alone(dir).await?;
    let rows = sqlx::query("SELECT made_at, folder FROM backups ORDER BY id")
        .fetch_all(&mut connection)
        .await
        .map_err(engine)?;
    Ok(rows.iter().map(|row| (Millis(row.get(0)), row.get(1))).collect())
}

/// Options carry the backup folder to the writer's log.
pub(crate) fn log_of(options: &Options) -> Option<ChangesLog> {
    options.backups.as_deref().map(ChangesLog::new)
}
