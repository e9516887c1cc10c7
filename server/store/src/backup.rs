//! Backups: a copy of the database in one read transaction, the keys, and the photos that
//! the backup folder does not hold yet; counted only after it was read back.

use std::fs;
use std::path::{Path, PathBuf};

use domain::ports::PortError;
use domain::time::Millis;
use sqlx::{Connection, Row, SqliteConnection};

use crate::changes_log::ChangesLog;
use crate::check::{Place, Report, check};
use crate::files::make_folder;
use crate::keys::sync_folder;
use crate::{Store, connection, engine, epoch, failed, keys};

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

pub(crate) fn io(error: std::io::Error) -> PortError {
    failed("the backup", error)
}

pub(crate) fn copy_durably(from: &Path, to: &Path) -> std::io::Result<()> {
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
pub(crate) fn copy_blobs(from: &Path, to: &Path) -> std::io::Result<()> {
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

pub(crate) fn copy_keys(from: &Path, to: &Path) -> std::io::Result<()> {
    for name in KEY_FILES {
        if from.join(name).exists() {
            copy_durably(&from.join(name), &to.join(name))?;
        }
    }
    Ok(())
}

/// What a backup is called until it was read back.
const UNFINISHED: &str = "-unfinished";

/// Removes what backups that were killed left behind.
pub(crate) fn sweep(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let time = name.to_str().and_then(|name| name.strip_suffix(UNFINISHED));
        if time.is_some_and(|time| time.parse::<i64>().is_ok()) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Takes a backup's name away, then what is in it: one half removed must not stand for a whole.
pub(crate) fn discard(place: &Path) -> std::io::Result<()> {
    let mut name = place.as_os_str().to_owned();
    name.push(UNFINISHED);
    fs::rename(place, &name)?;
    sync_folder(place)?;
    fs::remove_dir_all(name)
}

impl Store {
    /// Makes a backup in a folder, reads it back, and notes it. The running server goes on.
    /// One that fails leaves nothing behind: the next one is tried soon, and needs the room.
    pub async fn backup(&self, folder: &Path) -> Result<Backup, PortError> {
        let now = self.0.options.clock.now();
        make_folder(folder).map_err(io)?;
        // As it is found from anywhere: the log there is kept from now on, whoever starts next.
        let folder = &folder.canonicalize().map_err(io)?;
        sweep(folder).map_err(io)?;
        let place = folder.join(now.0.to_string());
        if place.exists() {
            return Err(failed("the backup", "one of this very moment is there already"));
        }
        let made = self.make_backup(folder, &place, now).await;
        if made.is_err()
            && let Err(error) =
                sweep(folder).and_then(|()| if place.exists() { discard(&place) } else { Ok(()) })
        {
            tracing::warn!(%error, "the rest of a failed backup could not be removed");
        }
        made
    }

    async fn make_backup(&self, folder: &Path, place: &Path, now: Millis) -> Result<Backup, PortError> {
        let unfinished = folder.join(format!("{}{UNFINISHED}", now.0));
        // A folder that is new has a name that a power cut can take, with all that lies in it.
        fs::create_dir_all(&unfinished).and_then(|()| sync_folder(folder)).map_err(io)?;
        let copy = unfinished.join("rabaska.db");
        let _files = self.0.files.lock().await;
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
        // Nothing is hidden in between: what is hidden later finds the backup noted.
        let mut writing = self.0.writing.lock().await?;
        ChangesLog::new(folder).catch_up(&mut writing, now).await?;
        fs::rename(&unfinished, place).and_then(|()| sync_folder(place)).map_err(io)?;
        self.note_backup(&mut writing, position, now, place).await?;
        drop(writing);
        Ok(Backup { folder: place.to_owned(), position, report })
    }

    async fn note_backup(
        &self,
        connection: &mut SqliteConnection,
        position: u64,
        now: Millis,
        place: &Path,
    ) -> Result<(), PortError> {
        sqlx::query("INSERT INTO backups (position, epoch, made_at, folder) VALUES (?, ?, ?, ?)")
            .bind(position.cast_signed())
            .bind(&self.0.epoch.0[..])
            .bind(now.0)
            .bind(place.to_string_lossy())
            .execute(connection)
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

/// Where a backup was made last, for people.
pub async fn list(dir: &Path) -> Result<Vec<(Millis, String)>, PortError> {
    let mut connection = connection::open_alone(dir).await?;
    let rows = sqlx::query("SELECT made_at, folder FROM backups ORDER BY id")
        .fetch_all(&mut connection)
        .await
        .map_err(engine)?;
    Ok(rows.iter().map(|row| (Millis(row.get(0)), row.get(1))).collect())
}
