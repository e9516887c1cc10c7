//! Once a day: what is no longer told is forgotten, and what nobody came back for is deleted.

use std::time::Duration;

use domain::ports::PortError;
use store::Store;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Tidies a store at its start and then every day, until it is stopped.
pub async fn keep(store: Store) {
    loop {
        note("records that went more than 400 days ago", store.forget_long_gone().await);
        note("uploads that nothing names after a week", store.forget_unnamed_uploads().await);
        note("sessions that ended by their age", store.forget_ended_sessions().await);
        tokio::time::sleep(DAY).await;
    }
}

fn note(what: &str, forgotten: Result<u64, PortError>) {
    match forgotten {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, what, "forgotten"),
        Err(error) => tracing::warn!(%error, what, "could not be forgotten; trying again tomorrow"),
    }
}
