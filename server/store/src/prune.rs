//! Old backups are deleted: what was erased or hidden lies in them. The photos that none of the
//! remaining ones names go with them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::ids::hex;
use domain::ports::PortError;
use domain::time::{DAY, Millis};
use sqlx::Connection;

use crate::backup::{discard, io};
use crate::{Store, connection, engine};

/// So many of the newest stay, however old: a server that was off for months has them still.
const ALWAYS_KEPT: usize = 3;

/// The finished backups of a folder, newest first.
fn finished(folder: &Path) -> std::io::Result<Vec<(Millis, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let time = path.file_name().and_then(|name| name.to_str()?.parse().ok());
        if let Some(time) = time.filter(|_| connection::file(&path).exists()) {
            found.push((Millis(time), path));
        }
    }
    found.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    Ok(found)
}

impl Store {
    /// Deletes the backups of a folder that are older than so many days, the newest three
    /// excepted. How many went.
    pub async fn prune(&self, folder: &Path, days: usize) -> Result<usize, PortError> {
        let now = self.0.options.clock.now();
        let age = i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(DAY);
        let mut kept = finished(folder).map_err(io)?;
        let rest = kept.split_off(ALWAYS_KEPT.min(kept.len()));
        let (old, young): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(time, _)| now.since(*time) > age);
        kept.extend(young);
        for (_, place) in &old {
            discard(place).map_err(io)?;
        }
        if !old.is_empty() {
            prune_photos(&folder.join("blobs"), &kept).await?;
        }
        Ok(old.len())
    }
}

/// Removes the photos that no backup names.
async fn prune_photos(blobs: &Path, kept: &[(Millis, PathBuf)]) -> Result<(), PortError> {
    let mut named = BTreeSet::new();
    for (_, place) in kept {
        let mut connection = connection::open_alone(place).await?;
        let hashes: Vec<Vec<u8>> = sqlx::query_scalar("SELECT sha256 FROM blobs WHERE refused < 2")
            .fetch_all(&mut connection)
            .await
            .map_err(engine)?;
        connection.close().await.map_err(engine)?;
        named.extend(hashes.iter().map(|hash| hex(hash)));
    }
    let remove = || -> std::io::Result<()> {
        for shelf in fs::read_dir(blobs)? {
            for blob in fs::read_dir(shelf?.path())? {
                let blob = blob?;
                let name = blob.file_name();
                let is_named = name.to_str().is_some_and(|name| named.contains(name));
                if !is_named {
                    fs::remove_file(blob.path())?;
                }
            }
        }
        Ok(())
    };
    remove().map_err(io)
}
