//! Photos: uploaded in pieces into a file of their uploader's own, and named by their
//! content once they are whole. Nobody learns from an upload whether someone else has it.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use domain::authority::{Person, may_pull};
use domain::ids::{Hash, PersonId};
use domain::ports::{Blob, BlobError, Blobs, PortError};
use domain::scopes::Scope;
use sqlx::Row;

use crate::keys::sync_folder;
use crate::pictures::{SIZE_MAX, inspect};
use crate::{Store, engine, failed};

/// Where a complete file lies.
pub(crate) fn path(dir: &Path, hash: &Hash) -> PathBuf {
    let name = hash.to_string();
    dir.join("blobs").join(&name[..2]).join(name)
}

fn part_path(dir: &Path, person: &PersonId, hash: &Hash) -> PathBuf {
    let name = Hash::tagged(person.as_str(), &hash.0);
    dir.join("uploads").join(name.to_string())
}

/// Makes the folders of photos; whoever opens the store syncs their names.
pub(crate) fn make_folders(dir: &Path) -> std::io::Result<()> {
    ["blobs", "uploads"].iter().try_for_each(|name| fs::create_dir_all(dir.join(name)))
}

fn io(error: std::io::Error) -> PortError {
    failed("a file", error)
}

/// Writes bytes at an offset, cutting off what lay beyond it, durably.
fn write_at(path: &Path, at: u64, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    file.set_len(at)?;
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)?;
    file.sync_data()?;
    // Its name too, before the database says that these bytes are there.
    if at == 0 { sync_folder(path) } else { Ok(()) }
}

/// Looks at a whole file and moves it to its place.
fn settle(part: &Path, place: &Path, hash: &Hash) -> Result<&'static str, BlobError> {
    let mut bytes = Vec::new();
    fs::File::open(part).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(io)?;
    let inspected = if Hash::of(&bytes) == *hash { inspect(&bytes) } else { Err(BlobError::Mismatch) };
    match inspected {
        Ok(media_type) => {
            if let Some(folder) = place.parent() {
                // A new folder has a name that a power cut can take, with all that lies in it.
                fs::create_dir_all(folder).and_then(|()| sync_folder(folder)).map_err(io)?;
            }
            fs::rename(part, place).and_then(|()| sync_folder(place)).map_err(io)?;
            Ok(media_type)
        }
        Err(error) => {
            fs::remove_file(part).map_err(io)?;
            Err(error)
        }
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| failed("a file", error))?
}

impl Store {
    async fn upload(&self, person: &PersonId, hash: &Hash) -> Result<Option<(u64, u64, bool)>, PortError> {
        let row = sqlx::query("SELECT size, received, complete FROM uploads WHERE sha256 = ? AND person = ?")
            .bind(&hash.0[..])
            .bind(person.as_str())
            .fetch_optional(&self.0.readers)
            .await
            .map_err(engine)?;
        Ok(row.map(|row| {
            (
                row.get::<i64, _>(0).unsigned_abs(),
                row.get::<i64, _>(1).unsigned_abs(),
                row.get::<i64, _>(2) != 0,
            )
        }))
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
        let upload = self.upload(person, hash).await?;
        Ok(upload.map_or((0, false), |(_, received, complete)| (received, complete)))
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
        if size > SIZE_MAX || end > size {
            return Err(BlobError::TooLarge);
        }
        // One piece at a time: two tabs of one person must not write over each other.
        let _turn = self.0.uploading.lock().await;
        if self.refused(hash).await? {
            return Err(BlobError::Refused);
        }
        let received = match self.upload(person, hash).await? {
            Some((_, _, true)) => return Ok(true),
            Some((announced, received, false)) if announced == size => received,
            _ => 0,
        };
        if at != received {
            return Err(BlobError::Offset(received));
        }
        let (part, place) = (part_path(&self.0.dir, person, hash), path(&self.0.dir, hash));
        let (piece, to) = (bytes.to_vec(), part.clone());
        off_thread(move || write_at(&to, at, &piece).map_err(|error| io(error).into())).await?;
        self.note(person, hash, size, end).await?;
        if end < size {
            return Ok(false);
        }
        let wanted = *hash;
        let settled = off_thread(move || settle(&part, &place, &wanted)).await;
        match settled {
            Ok(media_type) => {
                self.complete(person, hash, size, media_type).await?;
                Ok(true)
            }
            Err(error) => {
                self.note(person, hash, size, 0).await?;
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
            allowed = matches!(own, Some((_, _, true))) && !self.refused(hash).await?;
        }
        if !allowed {
            return Ok(None);
        }
        let media: Option<String> = sqlx::query_scalar("SELECT media_type FROM blobs WHERE sha256 = ?")
            .bind(&hash.0[..])
            .fetch_optional(&self.0.readers)
            .await
            .map_err(engine)?;
        let media_type = match media.as_deref() {
            Some("image/jpeg") => "image/jpeg",
            Some("image/png") => "image/png",
            Some("image/webp") => "image/webp",
            _ => return Ok(None),
        };
        let place = path(&self.0.dir, hash);
        let bytes =
            tokio::task::spawn_blocking(move || fs::read(place)).await.map_err(|e| failed("a file", e))?;
        Ok(Some(Blob { media_type, bytes: bytes.map_err(io)? }))
    }
}
