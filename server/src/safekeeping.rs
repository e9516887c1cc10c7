//! Backups by night, and what the offices are told of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::ports::{Clock, Journal};
use domain::records::{Record, Safekeeping};
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::time::HOUR;
use store::Store;

use crate::failure::Failure;
use crate::places;

const ROUND: Duration = Duration::from_secs(15 * 60);

/// Makes a backup when one is due, where there is a folder for them, and tells the offices
/// of the latest one, also when it was made by hand.
pub async fn keep(store: Store, folder: Option<PathBuf>, clock: Arc<dyn Clock>) {
    loop {
        if let Some(folder) = &folder
            && is_due(&store, &*clock).await
        {
            match store.backup(folder).await {
                Ok(backup) => tracing::info!(position = backup.position, "backup made and read back"),
                Err(error) => {
                    tracing::error!(%error, "no backup could be made; trying again in a quarter of an hour")
                }
            }
        }
        if let Err(error) = tell(&store).await {
            tracing::warn!(%error, "the offices could not be told of the latest backup");
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// At 07:00 UTC, the middle of the night in Québec, and whenever the last one is older than
/// a day and a bit (the machine was off).
async fn is_due(store: &Store, clock: &dyn Clock) -> bool {
    let now = clock.now();
    let since = store.last_backup().await.ok().flatten().map_or(i64::MAX, |last| now.since(last));
    let night = now.0.div_euclid(HOUR).rem_euclid(24) == 7;
    since > 26 * HOUR || (night && since > 20 * HOUR)
}

/// Writes the latest backup's time where each office finds it. An unchanged record moves
/// nothing.
pub async fn tell(store: &Store) -> Result<(), Failure> {
    let last_backup = store.last_backup().await?;
    let offices = places::communities(store).await?.into_iter().map(|place| Change {
        key: Key { scope: Scope::Desk(place.id), name: "safekeeping".to_owned() },
        record: Some(Record::Safekeeping(Safekeeping { last_backup })),
    });
    Ok(store.put(offices.collect()).await?)
}
