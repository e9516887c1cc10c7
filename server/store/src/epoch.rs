//! Epochs: the life of a database between two restores. A small file beside the database
//! holds the last position; a database behind it, of another epoch, or without one was put
//! back by hand, and a new epoch begins.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::ids::Epoch;
use domain::ports::{PortError, Random};
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::keys::sync_folder;
use crate::{engine, failed};

const FILE: &str = "head.json";
const RESTORED: &str = "restored_at";

#[derive(Serialize, Deserialize)]
struct Head {
    epoch: Epoch,
    position: u64,
}

/// Writes the head file, lazily: it may lag behind the database, never lead it.
pub(crate) struct HeadFile {
    path: PathBuf,
    epoch: Epoch,
}

impl HeadFile {
    pub(crate) fn new(dir: &Path, epoch: Epoch) -> Self {
        Self { path: dir.join(FILE), epoch }
    }

    /// Replaces the file as a whole. Its bytes are synced before it gets its name: a power cut
    /// that left an empty one would begin a new epoch, and every device would pull anew.
    pub(crate) fn write(&self, position: u64) -> std::io::Result<()> {
        let text = serde_json::to_string(&Head { epoch: self.epoch, position })?;
        let beside = self.path.with_extension("new");
        let mut file = fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        fs::rename(&beside, &self.path)
    }
}

/// The epoch that this start belongs to.
pub(crate) async fn settle(
    dir: &Path,
    connection: &mut SqliteConnection,
    random: &dyn Random,
    now: Millis,
) -> Result<Epoch, PortError> {
    let position = position(connection).await?;
    let stored: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'epoch'")
        .fetch_optional(&mut *connection)
        .await
        .map_err(engine)?;
    let stored: Option<Epoch> = stored.and_then(|text| text.parse().ok());
    let head = read(dir);
    let epoch = match (stored, head) {
        (Some(epoch), Some(head)) if head.epoch == epoch && head.position <= position => epoch,
        (stored, _) => {
            if stored.is_some() {
                tracing::warn!(position, "the database was put back: a new epoch begins");
            }
            begin(connection, random, stored.map(|_| now)).await?
        }
    };
    let file = HeadFile::new(dir, epoch);
    file.write(position).and_then(|()| sync_folder(&file.path)).map_err(|error| failed(FILE, error))?;
    Ok(epoch)
}

fn read(dir: &Path) -> Option<Head> {
    serde_json::from_str(&fs::read_to_string(dir.join(FILE)).ok()?).ok()
}

/// The position that the head file of a folder holds, when there is one.
pub(crate) fn noted(dir: &Path) -> Option<u64> {
    read(dir).map(|head| head.position)
}

/// Begins a new epoch; `restored_at`: of a database that was put back then.
pub(crate) async fn begin(
    connection: &mut SqliteConnection,
    random: &dyn Random,
    restored_at: Option<Millis>,
) -> Result<Epoch, PortError> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    let epoch = Epoch(bytes);
    let told = [("epoch", Some(epoch.to_string())), (RESTORED, restored_at.map(|at| at.0.to_string()))];
    for (name, value) in told.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
    }
    Ok(epoch)
}

/// When the database was last put back; none when it never was.
pub(crate) async fn restored_at(connection: &mut SqliteConnection) -> Result<Option<Millis>, PortError> {
    let at: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = ?")
        .bind(RESTORED)
        .fetch_optional(connection)
        .await
        .map_err(engine)?;
    Ok(at.and_then(|text| text.parse().ok()).map(Millis))
}

/// The journal's end.
pub(crate) async fn position(connection: &mut SqliteConnection) -> Result<u64, PortError> {
    let position: i64 = sqlx::query_scalar("SELECT coalesce(max(position), 0) FROM operations")
        .fetch_one(connection)
        .await
        .map_err(engine)?;
    Ok(position.unsigned_abs())
}
