//! Backups by night, and what the offices are told of them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::ports::{Clock, Journal, PortError};
use domain::records::{Record, Safekeeping};
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::time::{HOUR, Millis};
use store::{Backup, Store};

use crate::failure::Failure;
use crate::places;

const ROUND: Duration = Duration::from_secs(15 * 60);
const BREATH: Duration = Duration::from_secs(1);

/// Where backups go every night, and for how long they stay.
#[derive(Clone, Debug)]
pub struct Nightly {
    /// Their folder.
    pub folder: PathBuf,
    /// Older ones are deleted, the newest three excepted.
    pub keep_days: usize,
}

/// Makes a backup when one is due, where there is a folder for them, and tells the offices of the
/// latest one, also when it was made by hand; and, as soon as it changes, of what waits.
pub async fn keep(store: Store, nightly: Option<Nightly>, clock: Arc<dyn Clock>) {
    let mut waits = store.waits();
    loop {
        if let Some(nightly) = &nightly {
            match back_up(&store, nightly, &*clock).await {
                Ok(Some(backup)) => tracing::info!(position = backup.position, "backup made and read back"),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "no backup could be made; trying again in a quarter of an hour")
                }
            }
        }
        told(&store).await;
        let mut round = std::pin::pin!(tokio::time::sleep(ROUND));
        loop {
            tokio::select! {
                () = &mut round => break,
                Ok(()) = waits.changed() => told(&store).await,
            }
            // Devices that come back together are one change, not hundreds.
            tokio::time::sleep(BREATH).await;
        }
    }
}

async fn told(store: &Store) {
    if let Err(error) = tell(store).await {
        tracing::warn!(%error, "the offices could not be told of backups and of what waits");
    }
}

/// Makes a backup when one is due, and deletes old ones once it is there.
pub async fn back_up(
    store: &Store,
    nightly: &Nightly,
    clock: &dyn Clock,
) -> Result<Option<Backup>, PortError> {
    if !is_due(clock.now(), store.last_backup().await?) {
        return Ok(None);
    }
    let made = store.backup(&nightly.folder).await?;
    match store.prune(&nightly.folder, nightly.keep_days).await {
        Ok(0) => {}
        Ok(deleted) => tracing::info!(deleted, "old backups were deleted"),
        Err(error) => tracing::warn!(%error, "not all old backups could be deleted"),
    }
    Ok(Some(made))
}

/// At 07:00 UTC, the middle of the night in Québec, and whenever the last one is older than
/// a day and a bit (the machine was off).
fn is_due(now: Millis, last: Option<Millis>) -> bool {
    let since = last.map_or(i64::MAX, |last| now.since(last));
    let night = now.0.div_euclid(HOUR).rem_euclid(24) == 7;
    since > 26 * HOUR || (night && since > 2 * HOUR)
}

/// Writes the latest backup's time, and how many operations wait after a restore, where each
/// office finds it. An unchanged record moves nothing.
pub async fn tell(store: &Store) -> Result<(), Failure> {
    let last_backup = store.last_backup().await?;
    let places = places::communities(store).await?;
    let waits = store.waits().borrow().clone();
    let offices = places.into_iter().map(|place| {
        let waiting = waits.get(&place.id).map_or(0, BTreeSet::len) as u64;
        let record = Record::Safekeeping(Safekeeping { last_backup, waiting });
        let key = Key { scope: Scope::Desk(place.id), name: "safekeeping".to_owned() };
        Change { key, record: Some(record) }
    });
    Ok(store.put(offices.collect()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_due_each_night_and_after_a_day_without() {
        // A Monday, at noon.
        let noon = Millis(1_795_392_000_000 + 12 * HOUR);
        assert!(is_due(noon, None));
        let due: Vec<i64> =
            (0..72).filter(|hours| is_due(noon.plus(hours * HOUR), Some(noon))).take(1).collect();
        assert_eq!(due, [19], "the next night");
        let night = noon.plus(19 * HOUR);
        assert!(!is_due(night.plus(HOUR / 2), Some(night)), "once in a night");
        assert!(!is_due(night.plus(23 * HOUR), Some(night)));
        assert!(is_due(night.plus(24 * HOUR), Some(night)));
        assert!(is_due(night.plus(30 * HOUR), Some(night)), "the machine was off in that night");
    }
}
