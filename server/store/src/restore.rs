//! Restoring: a backup into an empty data folder, the log of changes applied before anyone
//! can read.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::ports::{Clock, PortError, Random};
use domain::receipts::SignedReceipt;
use domain::time::Millis;
use sqlx::{Connection, SqliteConnection};

use crate::backup::{copy_blobs, copy_durably, copy_keys, io};
use crate::changes_log::{ChangesLog, Line, Logged, complete_until};
use crate::check::{Place, check};
use crate::{connection, engine, epoch, erasures, failed, group, keys, rows, writer};

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    /// The journal position that the backup held.
    pub position: u64,
    /// What was applied from the log.
    pub reapplied: usize,
    /// Up to when the log says that it holds all of them; none when it does not say.
    pub complete_until: Option<Millis>,
}

/// Where a restore is made ready, in the data folder.
const STAGING: &str = "restoring";

/// At a start: a folder in which a restore was cut short must not become a new, empty database.
/// One in which it was cut at the very end is whole, and holds a copy that is not needed.
pub(crate) fn settle(dir: &Path) -> Result<(), PortError> {
    let staging = dir.join(STAGING);
    if !staging.exists() {
        return Ok(());
    }
    if !connection::file(dir).exists() {
        return Err(failed(
            "the data folder",
            "a restore into it was not finished. Run `rabaska restore` again with the same backup",
        ));
    }
    fs::remove_dir_all(&staging).map_err(io)
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
    // A write-ahead log that was left behind would be folded into what is restored.
    if ["rabaska.db", "rabaska.db-wal"].iter().any(|name| dir.join(name).exists()) {
        return Err(failed(
            "restore",
            "the data folder holds a database already, or what is left of one (rabaska.db, rabaska.db-wal); move \
             all of it away first",
        ));
    }
    // As a whole path: the log lies beside it, also when somebody says `.`.
    let from = &from.canonicalize().map_err(io)?;
    let folder = from.parent().unwrap_or(from);
    let log = ChangesLog::new(folder);
    if !without_log && !log.exists() {
        return Err(failed(
            "restore",
            "the log of changes (changes.jsonl) is missing beside the backup: what was hidden since would \
             come back. Put the log back there, or say --without-log to go on as it is",
        ));
    }
    let report = check(&Place { dir: from.to_owned(), blobs: folder.join("blobs") }).await?;
    if let Some(first) = report.findings.first() {
        return Err(PortError::Damaged(format!("the backup: {first}")));
    }
    let lines = log.read()?;
    // Under another name until all is applied: an unfinished restore cannot be served. What a
    // killed one left must not mix with this one.
    let staging = dir.join(STAGING);
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(io)?;
    }
    fs::create_dir_all(&staging).map_err(io)?;
    let restored = stage(from, dir, &staging, lines, clock, random).await;
    let cleared = fs::remove_dir_all(&staging).map_err(io);
    restored.and_then(|restored| cleared.map(|()| restored))
}

/// Applies the log to a copy, and gives the copy its name last.
async fn stage(
    from: &Path,
    dir: &Path,
    staging: &Path,
    lines: Vec<Line>,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<Restored, PortError> {
    copy_durably(&connection::file(from), &connection::file(staging)).map_err(io)?;
    copy_keys(from, staging).map_err(io)?;
    let complete_until = complete_until(&lines);
    let mut connection = connection::open_writer(staging).await?;
    let epoch = epoch::begin(&mut connection, random, Some(clock.now())).await?;
    let position = epoch::position(&mut connection).await?;
    let reapplied = apply(&mut connection, staging, lines, epoch, clock).await?;
    let discarded = erasures::discarded(&mut connection).await?;
    connection.close().await.map_err(engine)?;
    let blobs = from.parent().unwrap_or(from).join("blobs");
    copy_blobs(&blobs, &dir.join("blobs")).map_err(io)?;
    erasures::discard(dir, &discarded)?;
    copy_keys(staging, dir).map_err(io)?;
    epoch::HeadFile::new(dir, epoch).write(position).map_err(io)?;
    copy_durably(&connection::file(staging), &connection::file(dir)).map_err(io)?;
    Ok(Restored { position, reapplied, complete_until })
}

async fn apply(
    connection: &mut SqliteConnection,
    dir: &Path,
    lines: Vec<Line>,
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
            Logged::Erase { entry, receipt, signature } => {
                let receipt = SignedReceipt { text: receipt, signature };
                // Of another server, whose log lies here: nobody can offer that to this one.
                let ours = signer.verifies(&receipt);
                let remembered = Some(receipt);
                if ours && !erasures::is_erased(&mut transaction, &entry).await? {
                    let mut group = group::Group::new(domain::rules::decide, signer.clone(), epoch, &row_key);
                    let work = writer::Work::Erase(group::erase::Erase { entry, remembered });
                    group.run(&mut transaction, &[&work], clock.now()).await?;
                    reapplied += 1;
                }
            }
            Logged::Discard { sha256 } => {
                group::erase::discard_pictures(&mut transaction, &[sha256]).await?;
            }
            Logged::Revoke { person } => {
                reapplied += usize::from(crate::identity::revoke(&mut transaction, &person, line.at).await?);
            }
            change => {
                let Some((community, again)) = change.again()? else { continue };
                let mut group = group::Group::new(domain::rules::decide, signer.clone(), epoch, &row_key);
                let changes = group.again(&mut transaction, &community, &again, line.at).await?;
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
