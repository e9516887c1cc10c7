//! The log beside the backups: hidings and revocations, synced before they are confirmed, so
//! that what was hidden stays hidden when an older backup is restored.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, OpId, PersonId, RecordId, RuleId};
use domain::operations::{Action, Operation};
use domain::ports::PortError;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use sqlx::{Row, SqliteConnection};

use crate::keys::sync_folder;
use crate::{engine, failed};

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
    Hide { position: u64, community: CommunityId, consultation: RecordId, record: RecordId, rule: RuleId },
    Revoke { person: PersonId },
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
            match serde_json::from_str(&line) {
                Ok(line) => lines.push(line),
                Err(_) => tracing::warn!("a line of the log of changes was cut short"),
            }
        }
        Ok(lines)
    }

    /// Appends, durably.
    pub(crate) fn append(&self, lines: &[Line]) -> Result<(), PortError> {
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

    /// Writes the hidings that the journal holds and the log does not. Those of an earlier
    /// life of the database keep their lines.
    pub(crate) async fn catch_up(&self, connection: &mut SqliteConnection) -> Result<(), PortError> {
        let known: Vec<RecordId> = self
            .read()?
            .into_iter()
            .filter_map(|line| match line.change {
                Logged::Hide { record, .. } => Some(record),
                Logged::Revoke { .. } => None,
            })
            .collect();
        let rows = sqlx::query(
            "SELECT position, community, received_at, body FROM operations
             WHERE kind = 'hide' AND erased = 0 AND receipt ->> 'outcome' = 'accepted' ORDER BY position",
        )
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        let mut lines = Vec::new();
        for row in rows {
            let damaged = || PortError::Damaged("operations".to_owned());
            let community: CommunityId = row.get::<&str, _>(1).parse().map_err(|_| damaged())?;
            let hide = hide_of(community.clone(), row.get(3)).ok_or_else(damaged)?;
            if known.contains(&hide.record) {
                continue;
            }
            let change = Logged::Hide {
                position: row.get::<i64, _>(0).unsigned_abs(),
                community,
                consultation: hide.consultation,
                record: hide.record,
                rule: hide.rule,
            };
            lines.push(Line { at: Millis(row.get(2)), change });
        }
        if lines.is_empty() { Ok(()) } else { self.append(&lines) }
    }
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
