//! The log beside the backups: hidings and revocations, synced before they are confirmed, so
//! that what was hidden stays hidden when an older backup is restored. It says up to when it
//! is complete, because a copy that was carried away learns of nothing that comes later.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Epoch, OpId, PersonId, RecordId, RuleId};
use domain::operations::{Action, Operation};
use domain::ports::PortError;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use sqlx::{Row, SqliteConnection};

use crate::keys::sync_folder;
use crate::{Options, engine, failed};

const FILE: &str = "changes.jsonl";

/// One line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) at: Millis,
    #[serde(flatten)]
    pub(crate) change: Logged,
}

/// What must win over an older backup.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Logged {
    Hide {
        position: u64,
        community: CommunityId,
        consultation: RecordId,
        record: RecordId,
        rule: RuleId,
    },
    Revoke {
        person: PersonId,
    },
    /// Nothing to apply: all that was hidden or revoked until then stands in the lines above.
    Complete {},
}

/// The log of one backup folder.
#[derive(Clone)]
pub(crate) struct ChangesLog(PathBuf);

impl ChangesLog {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.join(FILE))
    }

    pub(crate) fn exists(&self) -> bool {
        self.0.exists()
    }

    /// Every whole line. A last line cut by a power failure was never confirmed.
    pub(crate) fn read(&self) -> Result<Vec<Line>, PortError> {
        let file = match fs::File::open(&self.0) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(FILE, error)),
        };
        let mut lines = Vec::new();
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| failed(FILE, error))?;
            if line.is_empty() {
                continue;
            }
            match serde_json::from_str(&line) {
                Ok(line) => lines.push(line),
                Err(_) => tracing::warn!("a line of the log of changes was cut short"),
            }
        }
        Ok(lines)
    }

    /// Appends, durably.
    fn append(&self, lines: &[Line]) -> Result<(), PortError> {
        let write = || -> std::io::Result<()> {
            if let Some(folder) = self.0.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = fs::OpenOptions::new().create(true).append(true).open(&self.0)?;
            // On a line of its own, whatever a power failure left.
            let mut text = String::from("\n");
            for line in lines {
                text.push_str(&serde_json::to_string(line)?);
                text.push('\n');
            }
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            sync_folder(&self.0)
        };
        write().map_err(|error| failed(FILE, error))
    }

    /// Writes the hidings and revocations that the database holds and the log does not, and
    /// that it is complete now. What an earlier life of the database wrote keeps its lines.
    pub(crate) async fn catch_up(
        &self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<(), PortError> {
        let (mut hidden, mut gone) = (BTreeSet::new(), BTreeSet::new());
        for line in self.read()? {
            match line.change {
                Logged::Hide { record, .. } => drop(hidden.insert(record)),
                Logged::Revoke { person } => drop(gone.insert(person)),
                Logged::Complete {} => {}
            }
        }
        let mut lines = hidings(connection).await?;
        lines.append(&mut revocations(connection).await?);
        lines.retain(|line| match &line.change {
            Logged::Hide { record, .. } => !hidden.contains(record),
            Logged::Revoke { person } => !gone.contains(person),
            Logged::Complete {} => true,
        });
        lines.push(Line { at: now, change: Logged::Complete {} });
        self.append(&lines)
    }
}

/// Up to when a log says that it is complete, when it says so.
pub(crate) fn complete_until(lines: &[Line]) -> Option<Millis> {
    lines.iter().filter(|line| line.change == Logged::Complete {}).map(|line| line.at).max()
}

/// Brings every log up to date: the one of the configured folder, without which nothing is
/// confirmed, and those of other folders in which this life of the database made a backup,
/// as long as they are found where they were.
pub(crate) async fn keep_up(
    options: &Options,
    epoch: Epoch,
    connection: &mut SqliteConnection,
) -> Result<(), PortError> {
    let now = options.clock.now();
    for folder in by_hand(options, epoch, connection).await? {
        let log = ChangesLog::new(&folder);
        let kept =
            if log.exists() { log.catch_up(connection, now).await } else { Err(failed(FILE, "not found")) };
        if let Err(error) = kept {
            tracing::warn!(folder = %folder.display(), %error, "the backups there do not learn what is hidden or revoked");
        }
    }
    match &options.backups {
        Some(folder) => ChangesLog::new(folder).catch_up(connection, now).await,
        None => Ok(()),
    }
}

/// The folders of this epoch's backups, without the configured one. Those of another life of
/// the database belong to it alone: a backup that is restored elsewhere to be looked at must
/// not write into them.
async fn by_hand(
    options: &Options,
    epoch: Epoch,
    connection: &mut SqliteConnection,
) -> Result<BTreeSet<PathBuf>, PortError> {
    let made: Vec<String> = sqlx::query_scalar("SELECT folder FROM backups WHERE epoch = ?")
        .bind(&epoch.0[..])
        .fetch_all(connection)
        .await
        .map_err(engine)?;
    let mut folders: BTreeSet<PathBuf> =
        made.iter().filter_map(|made| Some(Path::new(made).parent()?.to_owned())).collect();
    if let Some(own) = options.backups.as_deref().and_then(|own| own.canonicalize().ok()) {
        folders.remove(&own);
    }
    Ok(folders)
}

async fn hidings(connection: &mut SqliteConnection) -> Result<Vec<Line>, PortError> {
    let rows = sqlx::query(
        "SELECT position, community, received_at, body FROM operations
         WHERE kind = 'hide' AND erased = 0 AND receipt ->> 'outcome' = 'accepted' ORDER BY position",
    )
    .fetch_all(connection)
    .await
    .map_err(engine)?;
    let damaged = || PortError::Damaged("operations".to_owned());
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let community: CommunityId = row.get::<&str, _>(1).parse().map_err(|_| damaged())?;
        let hide = hide_of(community.clone(), row.get(3)).ok_or_else(damaged)?;
        let change = Logged::Hide {
            position: row.get::<i64, _>(0).unsigned_abs(),
            community,
            consultation: hide.consultation,
            record: hide.record,
            rule: hide.rule,
        };
        Ok(Line { at: Millis(row.get(2)), change })
    };
    rows.iter().map(line).collect()
}

/// Of people none of whose codes opens anything any more.
async fn revocations(connection: &mut SqliteConnection) -> Result<Vec<Line>, PortError> {
    let rows = sqlx::query(
        "SELECT person, max(revoked_at) FROM codes GROUP BY person HAVING count(*) = count(revoked_at)",
    )
    .fetch_all(connection)
    .await
    .map_err(engine)?;
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let person = row.get::<&str, _>(0).parse().map_err(|_| PortError::Damaged("codes".to_owned()))?;
        Ok(Line { at: Millis(row.get(1)), change: Logged::Revoke { person } })
    };
    rows.iter().map(line).collect()
}

/// What a stored body hides. Author and id do not matter for that.
fn hide_of(community: CommunityId, body: String) -> Option<domain::operations::Hide> {
    let author = Author::Import { source: "log".parse().ok()? };
    let envelope =
        Envelope { op: OpId([0; 16]), author, community, stream: None, proof: Proof::Session, body };
    match Operation::decode(&envelope).ok()?.action {
        Action::Hide(hide) => Some(hide),
        _ => None,
    }
}
