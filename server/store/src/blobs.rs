//! Photos and documents: uploaded in pieces into a file of their uploader's own, and named by their
//! content once they are whole. Nobody learns from an upload whether someone else has it.

use std::fs;

use async_trait::async_trait;
use domain::authority::{Person, may_pull};
use domain::documents;
use domain::ids::{Hash, PersonId};
use domain::ports::{Blob, BlobError, Blobs, PortError};
use domain::scopes::Scope;
use sqlx::Row;

use crate::columns::unsigned;
use crate::files::{Files, Kept, Noted, io, path};
use crate::media::{known, size_max};
use crate::{Store, engine, failed};

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| failed("a file", error))?
}

impl Store {
    async fn upload(&self, person: &PersonId, hash: &Hash) -> Result<Option<Noted>, PortError> {
        let row = sqlx::query("SELECT size, received, complete FROM uploads WHERE sha256 = ? AND person = ?")
            .bind(&hash.0[..])
            .bind(person.as_str())
            .fetch_optional(&self.0.readers)
            .await
            .map_err(engine)?;
        Ok(row.map(|row| Noted {
            size: unsigned(&row, 0),
            received: unsigned(&row, 1),
            complete: row.get::<i64, _>(2) != 0,
        }))
    }

    /// How much there is of an upload: never more than its files hold.
    async fn kept(&self, files: &Files, noted: Option<Noted>) -> Result<Kept, BlobError> {
        let Some(noted) = noted else { return Ok(Kept::Part(0)) };
        let files = files.clone();
        off_thread(move || files.kept(noted).map_err(|error| io(error).into())).await
    }

    async fn refused(&self, hash: &Hash) -> Result<bool, PortError> {
        let refused: Option<i64> = sqlx::query_scalar("SELECT refused FROM blobs WHERE sha256 = ?")
            .bind(&hash.0[..])
            .fetch_optional(&self.0.readers)
            .await
            .map_err(engine)?;
        Ok(refused.unwrap_or(0) != 0)
    }

    async fn note(&self, person: &PersonId, hash: &Hash, size: u64, received: u64) -> Result<(), PortError> {
        let mut connection = self.0.writing.lock().await?;
        sqlx::query(
            "INSERT INTO uploads (sha256, person, size, received, complete, started_at) VALUES (?, ?, ?, ?, 0, ?)
             ON CONFLICT DO UPDATE SET size = excluded.size, received = excluded.received",
        )
        .bind(&hash.0[..])
        .bind(person.as_str())
        .bind(size.cast_signed())
        .bind(received.cast_signed())
        .bind(self.0.options.clock.now().0)
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
        Ok(())
    }

    /// What was refused leaves nothing.
    async fn forget(&self, person: &PersonId, hash: &Hash) -> Result<(), PortError> {
        let mut connection = self.0.writing.lock().await?;
        sqlx::query("DELETE FROM uploads WHERE sha256 = ? AND person = ?")
            .bind(&hash.0[..])
            .bind(person.as_str())
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
        Ok(())
    }

    async fn complete(
        &self,
        person: &PersonId,
        hash: &Hash,
        size: u64,
        media: &str,
    ) -> Result<(), PortError> {
        let mut connection = self.0.writing.lock().await?;
        for statement in [
            "INSERT INTO blobs (sha256, size, media_type) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            "UPDATE uploads SET complete = 1 WHERE sha256 = ?1 AND person = ?4 AND ?2 = ?2 AND ?3 = ?3",
        ] {
            sqlx::query(statement)
                .bind(&hash.0[..])
                .bind(size.cast_signed())
                .bind(media)
                .bind(person.as_str())
                .execute(&mut *connection)
                .await
                .map_err(engine)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Blobs for Store {
    async fn offset(&self, person: &PersonId, hash: &Hash) -> Result<(u64, bool), BlobError> {
        if self.refused(hash).await? {
            return Err(BlobError::Refused);
        }
        let noted = self.upload(person, hash).await?;
        let files = Files::new(&self.0.dir, person, hash);
        Ok(match self.kept(&files, noted).await? {
            Kept::Part(received) => (received, false),
            Kept::Whole(size) => (size, true),
        })
    }

    async fn write(
        &self,
        person: &PersonId,
        hash: &Hash,
        size: u64,
        at: u64,
        bytes: &[u8],
    ) -> Result<bool, BlobError> {
        let end = at.saturating_add(bytes.len() as u64);
        // What cannot be seen of a file yet is seen once it is whole.
        let most = if at == 0 { size_max(bytes) } else { documents::SIZE_MAX };
        if size > most || end > size {
            return Err(BlobError::TooLarge);
        }
        // One piece at a time: two tabs of one person must not write over each other.
        let _turn = self.0.uploading.lock().await;
        if self.refused(hash).await? {
            return Err(BlobError::Refused);
        }
        let files = Files::new(&self.0.dir, person, hash);
        let noted = self.upload(person, hash).await?;
        let received = match self.kept(&files, noted).await? {
            Kept::Whole(_) => return Ok(true),
            Kept::Part(received) if noted.is_some_and(|noted| noted.size == size) => received,
            Kept::Part(_) => 0,
        };
        if at != received {
            return Err(BlobError::Offset(received));
        }
        if noted.is_none_or(|noted| noted.size != size) {
            self.make_room(person, hash, size).await?;
        }
        let (piece, to) = (bytes.to_vec(), files.clone());
        off_thread(move || to.write_at(at, &piece).map_err(|error| io(error).into())).await?;
        self.note(person, hash, size, end).await?;
        if end < size {
            return Ok(false);
        }
        let whole = files.clone();
        match off_thread(move || whole.settle()).await {
            Ok(media_type) => {
                self.complete(person, hash, size, media_type).await?;
                Ok(true)
            }
            Err(error @ BlobError::Port(_)) => Err(error),
            Err(error) => {
                // The row first: it must never say that all bytes came while there is no part,
                // which is how an upload looks whose file stands in its place already.
                self.forget(person, hash).await?;
                off_thread(move || files.drop_part().map_err(|error| io(error).into())).await?;
                Err(error)
            }
        }
    }

    async fn read(&self, person: Option<&Person>, hash: &Hash) -> Result<Option<Blob>, PortError> {
        let rows = sqlx::query("SELECT scope FROM blob_refs WHERE sha256 = ?")
            .bind(&hash.0[..])
            .fetch_all(&self.0.readers)
            .await
            .map_err(engine)?;
        let scopes = rows.iter().filter_map(|row| row.get::<&str, _>(0).parse::<Scope>().ok());
        let mut allowed = scopes.into_iter().any(|scope| may_pull(person, &scope));
        if let (false, Some(person)) = (allowed, person) {
            let own = self.upload(&person.id, hash).await?;
            allowed = own.is_some_and(|noted| noted.complete) && !self.refused(hash).await?;
        }
        if !allowed {
            return Ok(None);
        }
        let media: Option<String> = sqlx::query_scalar("SELECT media_type FROM blobs WHERE sha256 = ?")
            .bind(&hash.0[..])
            .fetch_optional(&self.0.readers)
            .await
            .map_err(engine)?;
        let Some(media_type) = media.as_deref().and_then(known) else { return Ok(None) };
        let place = path(&self.0.dir, hash);
        let bytes =
            tokio::task::spawn_blocking(move || fs::read(place)).await.map_err(|e| failed("a file", e))?;
        Ok(Some(Blob { media_type, bytes: bytes.map_err(io)? }))
    }
}
