//! Photos: which live records name a file, and the files of what was hidden.

use domain::ports::PortError;
use domain::records::{HidingState, Record};
use domain::rules::Slot;
use domain::scopes::Key;
use sqlx::SqliteConnection;

use super::Group;
use super::write::Differing;
use crate::columns::json;
use crate::engine;

impl Group<'_> {
    /// Which live records name a file, kept in step with the records.
    pub(super) async fn write_blob_refs(
        &self,
        connection: &mut SqliteConnection,
        written: &[Differing],
    ) -> Result<(), PortError> {
        for (key, _) in written {
            let now = match self.held.get(key) {
                Some(Slot::Held(record)) => Some(record.as_ref()),
                _ => None,
            };
            let named = |record: &Record| record.blobs();
            let after = now.map(named).unwrap_or_default();
            let before = self.before.get(key).and_then(Option::as_ref).and_then(|row| row.body.as_deref());
            let before = before.and_then(|body| serde_json::from_str::<Record>(body).ok());
            if let Some(Record::Hiding(trace)) = now {
                self.refuse_blobs(connection, key, trace.state).await?;
            }
            if after.is_empty() && before.as_ref().map(named).unwrap_or_default().is_empty() {
                continue;
            }
            sqlx::query("DELETE FROM blob_refs WHERE scope = ? AND name = ?")
                .bind(key.scope.to_string())
                .bind(&key.name)
                .execute(&mut *connection)
                .await
                .map_err(engine)?;
            sqlx::query(
                "INSERT INTO blob_refs (sha256, scope, name) SELECT unhex(value), ?, ? FROM json_each(?) WHERE true
                 ON CONFLICT DO NOTHING",
            )
            .bind(key.scope.to_string())
            .bind(&key.name)
            .bind(json(&after)?)
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
        }
        Ok(())
    }

    /// The files of something hidden do not come back under another proposal, unless it is shown again.
    async fn refuse_blobs(
        &self,
        connection: &mut SqliteConnection,
        trace: &Key,
        state: HidingState,
    ) -> Result<(), PortError> {
        let Some(name) = trace.name.strip_prefix("hiding-") else { return Ok(()) };
        let public = Key { scope: trace.scope.clone(), name: name.to_owned() };
        let restored = state == HidingState::Restored;
        let blobs = if restored {
            match self.held.get(&public) {
                Some(Slot::Held(record)) => record.blobs(),
                _ => return Ok(()),
            }
        } else {
            let before =
                self.before.get(&public).and_then(Option::as_ref).and_then(|row| row.body.as_deref());
            let Some(record) = before.and_then(|body| serde_json::from_str::<Record>(body).ok()) else {
                return Ok(());
            };
            record.blobs()
        };
        // The bytes of what was erased are gone.
        sqlx::query(
            "UPDATE blobs SET refused = ? WHERE refused < 2 AND sha256 IN (SELECT unhex(value) FROM json_each(?))",
        )
            .bind(!restored)
            .bind(json(&blobs)?)
            .execute(connection)
            .await
            .map_err(engine)?;
        Ok(())
    }
}
