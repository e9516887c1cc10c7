//! Uploads that no operation names: so many bytes of one person at a time, and deleted after some
//! days. A device uploads just before it pushes; one that comes later is told that its photos are
//! missing, and sends them again.

use std::fs;
use std::io::ErrorKind;

use domain::ids::{Hash, PersonId};
use domain::ports::{BlobError, PortError};
use domain::time::DAY;
use sqlx::{Connection, SqliteConnection};

use crate::columns::signed;
use crate::files::{Files, io, path};
use crate::{Store, engine, failed};

/// The most bytes of one person that no operation names yet: two proposals of the largest photos,
/// forty of those that devices make, six of the largest documents.
pub const UNNAMED_MAX: u64 = 64 << 20;
/// What one file takes on a disk at least: many small ones are no way around the limit.
const FILE_MIN: u64 = 4 << 10;
/// How long an upload waits for its operation.
const KEPT: i64 = 7 * DAY;

impl Store {
    /// Whether this person may begin a file of that size. What was begun may be finished.
    pub(crate) async fn make_room(&self, person: &PersonId, hash: &Hash, size: u64) -> Result<(), BlobError> {
        let unnamed: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(max(size, ?)), 0) FROM uploads
             WHERE person = ? AND named = 0 AND sha256 <> ?",
        )
        .bind(signed(FILE_MIN))
        .bind(person.as_str())
        .bind(&hash.0[..])
        .fetch_one(&self.0.readers)
        .await
        .map_err(engine)?;
        let fits = unnamed.unsigned_abs() + size.max(FILE_MIN) <= UNNAMED_MAX;
        if fits { Ok(()) } else { Err(BlobError::TooMany) }
    }

    /// Deletes uploads, whole or not, that were begun more than seven days ago and that no operation
    /// names; a file too, unless somebody else's upload or a record needs it. How many went.
    pub async fn forget_unnamed_uploads(&self) -> Result<u64, PortError> {
        let before = self.0.options.clock.now().plus(-KEPT).0;
        let found: Vec<(Vec<u8>, String)> =
            sqlx::query_as("SELECT sha256, person FROM uploads WHERE named = 0 AND started_at < ?")
                .bind(before)
                .fetch_all(&self.0.readers)
                .await
                .map_err(engine)?;
        let mut count = 0;
        for (hash, person) in found {
            let hash = Hash(hash.try_into().map_err(|_| PortError::Damaged("an upload".to_owned()))?);
            let person: PersonId =
                person.parse().map_err(|_| PortError::Damaged("the person of an upload".to_owned()))?;
            count += u64::from(self.forget_upload(&person, hash, before).await?);
        }
        Ok(count)
    }

    /// One, unless an operation names it by now.
    async fn forget_upload(&self, person: &PersonId, hash: Hash, before: i64) -> Result<bool, PortError> {
        // Nobody moves the same file to its place in between, and no backup misses it.
        let _files = self.0.files.lock().await;
        let _turn = self.0.uploading.lock().await;
        let mut connection = self.0.writing.lock().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
        let Some(alone) = forget(&mut transaction, person, &hash, before).await? else { return Ok(false) };
        // The rows first: none may tell of a file that is gone.
        transaction.commit().await.map_err(engine)?;
        drop(connection);
        let (files, place) = (Files::new(&self.0.dir, person, &hash), path(&self.0.dir, &hash));
        let remove = move || {
            files.drop_part()?;
            match if alone { fs::remove_file(place) } else { Ok(()) } {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        };
        let removed = tokio::task::spawn_blocking(remove).await;
        removed.map_err(|error| failed("a file", error))?.map_err(io)?;
        Ok(true)
    }
}

/// Removes the rows; none when there was none to remove, else whether the file is nobody's.
async fn forget(
    connection: &mut SqliteConnection,
    person: &PersonId,
    hash: &Hash,
    before: i64,
) -> Result<Option<bool>, PortError> {
    let upload =
        sqlx::query("DELETE FROM uploads WHERE sha256 = ? AND person = ? AND named = 0 AND started_at < ?")
            .bind(&hash.0[..])
            .bind(person.as_str())
            .bind(before)
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
    if upload.rows_affected() == 0 {
        return Ok(None);
    }
    // What was refused stays known.
    sqlx::query(
        "DELETE FROM blobs WHERE sha256 = ?1 AND refused = 0
           AND NOT EXISTS (SELECT 1 FROM uploads WHERE sha256 = ?1)
           AND NOT EXISTS (SELECT 1 FROM blob_refs WHERE sha256 = ?1)",
    )
    .bind(&hash.0[..])
    .execute(&mut *connection)
    .await
    .map_err(engine)?;
    let kept: Option<i64> = sqlx::query_scalar("SELECT 1 FROM blobs WHERE sha256 = ?")
        .bind(&hash.0[..])
        .fetch_optional(connection)
        .await
        .map_err(engine)?;
    Ok(Some(kept.is_none()))
}
