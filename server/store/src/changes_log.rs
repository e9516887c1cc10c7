//! The log beside the backups: what was hidden, decided, counted, revoked and erased, synced before it is
//! confirmed, so that an older backup that is restored changes none of it. It outlives every backup and erasing does
//! not reach it: so it holds names and numbers, and nobody's words. It says up to when it is complete, because a copy
//! that was carried away learns of nothing that comes later.

mod found;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use domain::ids::{CommunityId, Entry, Epoch, Hash, PersonId, RecordId, RuleId, Signature};
use domain::operations::{Hide, Kind};
use domain::ports::PortError;
use domain::records::Reached;
use domain::rules::again::{Again, Decided};
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::keys::sync_folder;
use crate::{Options, engine, failed};

const FILE: &str = "changes.jsonl";

/// The kinds of operations that it tells of.
pub(crate) const KINDS: [Kind; 5] =
    [Kind::Hide, Kind::DecideAppeal, Kind::SettleRules, Kind::Count, Kind::PublishResults];

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
        /// Who of the office did: an appeal is decided by somebody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// An appeal, without what was said to it.
    Decide {
        community: CommunityId,
        consultation: RecordId,
        record: RecordId,
        /// By which it had been hidden.
        rule: RuleId,
        restored: bool,
    },
    /// Whether the office looks before what people write appears.
    LookFirst {
        community: CommunityId,
        first: bool,
    },
    /// What a poll or a survey came to.
    Result {
        community: CommunityId,
        consultation: RecordId,
        record: RecordId,
        /// As JSON, byte for byte.
        result: String,
    },
    Revoke {
        person: PersonId,
    },
    /// With the receipt, for a journal that is older than the operation.
    Erase {
        entry: Entry,
        receipt: String,
        signature: Signature,
    },
    /// A picture of something erased.
    Discard {
        sha256: Hash,
    },
    /// Nothing to apply: all of this until then stands in the lines above.
    Complete {},
}

impl Line {
    /// What it is about: one line about it is enough.
    fn about(&self) -> Option<String> {
        let at = self.at.0;
        Some(match &self.change {
            // What was shown again may be hidden by another rule.
            Logged::Hide { record, rule, .. } => format!("hide {record} {rule}"),
            Logged::Decide { record, rule, .. } => format!("decide {record} {rule}"),
            Logged::LookFirst { community, .. } => format!("look first {community} {at}"),
            Logged::Result { community, record, .. } => format!("result {community} {record}"),
            Logged::Revoke { person } => format!("revoke {person}"),
            Logged::Erase { entry, .. } => format!("erase {entry}"),
            Logged::Discard { sha256 } => format!("discard {sha256}"),
            Logged::Complete {} => return None,
        })
    }
}

impl Logged {
    /// What stands again after a restore by the rules, and where.
    pub(crate) fn again(self) -> Result<Option<(CommunityId, Again)>, PortError> {
        Ok(Some(match self {
            Self::Hide { community, consultation, record, rule, by, .. } => {
                (community, Again::Hidden(Hide { consultation, record, rule }, by))
            }
            Self::Decide { community, consultation, record, rule, restored } => {
                (community, Again::Decided(Decided { consultation, record, rule, restored }))
            }
            Self::LookFirst { community, first } => (community, Again::LooksFirst(first)),
            Self::Result { community, consultation, record, result } => {
                let result = serde_json::from_str(&result).map_err(|error| failed(FILE, error))?;
                (community, Again::Reached(Reached { consultation, record, result }))
            }
            Self::Revoke { .. } | Self::Erase { .. } | Self::Discard { .. } | Self::Complete {} => {
                return Ok(None);
            }
        }))
    }
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

    /// Writes what the database holds of all this and the log does not, and that it is complete
    /// now. What an earlier life of the database wrote keeps its lines.
    pub(crate) async fn catch_up(
        &self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<(), PortError> {
        let known: BTreeSet<String> = self.read()?.iter().filter_map(Line::about).collect();
        let mut lines = found::lines(connection, now).await?;
        lines.retain(|line| line.about().is_none_or(|about| !known.contains(&about)));
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
            tracing::warn!(folder = %folder.display(), %error, "the backups there do not learn what is hidden, revoked or erased");
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
