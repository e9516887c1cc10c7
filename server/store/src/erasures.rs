//! What goes after an erasure was committed, and finding what is to be erased.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use domain::ids::{CommunityId, Entry, Hash, RecordId};
use domain::ports::PortError;
use domain::receipts::Receipt;
use domain::time::Millis;
use sqlx::{Row, SqliteConnection};

use crate::columns::bytes;
use crate::files::{io, path};
use crate::{Store, engine};

/// Whether an operation is there and erased.
pub(crate) async fn is_erased(connection: &mut SqliteConnection, entry: &Entry) -> Result<bool, PortError> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM operations WHERE erased = 1 AND entry = ?)")
        .bind(&entry.0[..])
        .fetch_one(connection)
        .await
        .map_err(engine)
}

/// The pictures whose bytes are not to be kept.
pub(crate) async fn discarded(connection: &mut SqliteConnection) -> Result<Vec<Hash>, PortError> {
    let rows = sqlx::query("SELECT sha256 FROM blobs WHERE refused = 2").fetch_all(connection).await;
    rows.map_err(engine)?.iter().map(|row| Ok(Hash(bytes(row, 0)?))).collect()
}

/// Deletes the files of pictures, as far as they are there.
pub(crate) fn discard(dir: &Path, pictures: &[Hash]) -> Result<(), PortError> {
    for picture in pictures {
        match fs::remove_file(path(dir, picture)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
    }
    Ok(())
}

/// After the commit: the pictures' files go, and the write-ahead log, which still holds the words.
/// What cannot go now goes at the next start.
pub(crate) async fn sweep(dir: &Path, connection: &mut SqliteConnection) {
    let swept = async {
        discard(dir, &discarded(connection).await?)?;
        let folded = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await;
        Ok::<_, PortError>(folded.map_err(engine)?.get::<i64, _>(0) == 0)
    };
    match swept.await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("what was erased stays in the write-ahead log until that is folded back"),
        Err(error) => {
            tracing::warn!(%error, "not all of what was erased is off the disk; it goes at the next start")
        }
    }
}

/// An operation, as far as whoever names it needs to know.
#[derive(Clone, PartialEq, Debug)]
pub struct Named {
    /// Its key in the journal.
    pub entry: Entry,
    /// What was done.
    pub kind: String,
    /// Where.
    pub community: CommunityId,
    /// The number on its stamp.
    pub number: String,
    /// By the server's clock.
    pub received_at: Millis,
    /// Whether it is erased already.
    pub erased: bool,
}

impl Store {
    /// The operations that are meant by the number of a receipt, which is short and may fit several,
    /// or by the id of the record that one made.
    pub async fn operations_named(&self, named: &str) -> Result<Vec<Named>, PortError> {
        let record: Option<RecordId> = named.parse().ok();
        let plain = |number: &str| {
            number.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
        };
        let wanted = plain(named);
        let rows = sqlx::query("SELECT entry, hash, kind, community, received_at, erased FROM operations")
            .fetch_all(&self.0.readers)
            .await
            .map_err(engine)?;
        let mut found = Vec::new();
        for row in rows {
            let (entry, number) = (Entry(bytes(&row, 0)?), Receipt::number(&Hash(bytes(&row, 1)?)));
            let meant = record.map_or_else(|| plain(&number) == wanted, |record| entry.record() == record);
            if meant {
                let damaged = |_| PortError::Damaged("operations".to_owned());
                let community = row.get::<&str, _>(3).parse().map_err(damaged)?;
                let (kind, received_at) = (row.get(2), Millis(row.get(4)));
                let erased = row.get::<i64, _>(5) != 0;
                found.push(Named { entry, kind, community, number, received_at, erased });
            }
        }
        Ok(found)
    }
}
