//! Once a day: what is no longer told is forgotten.

use std::time::Duration;

use store::Store;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Tidies a store at its start and then every day, until it is stopped.
pub async fn keep(store: Store) {
    loop {
        match store.forget_long_gone().await {
            Ok(0) => {}
            Ok(records) => tracing::info!(records, "what went more than 400 days ago was forgotten"),
            Err(error) => {
                tracing::warn!(%error, "what went more than 400 days ago could not be forgotten; trying again tomorrow");
            }
        }
        tokio::time::sleep(DAY).await;
    }
}
