//! Loading: what the journal already holds of a group, which files are there, and the records
//! that the rules read.

use std::collections::HashSet;

use domain::ids::{Entry, Hash, Signature};
use domain::ports::{PortError, Submission};
use domain::receipts::SignedReceipt;
use domain::rules::{Slot, reads};
use domain::scopes::Key;
use sqlx::{Row, SqliteConnection};

use super::Group;
use crate::columns::{bytes, json, unsigned};
use crate::engine;
use crate::rows::Check;

/// An operation that the journal holds.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) hash: Hash,
    pub(super) community: String,
    pub(super) receipt: SignedReceipt,
    pub(super) erased: bool,
}

/// A record's row before this transaction.
pub(super) struct Before {
    pub(super) seq: u64,
    pub(super) body: Option<String>,
    pub(super) check: Check,
}

impl Group<'_> {
    pub(super) async fn load_journal(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        let entries: Vec<String> = submissions.iter().map(|s| s.operation.entry.to_string()).collect();
        if entries.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT entry, hash, community, receipt, signature, erased FROM operations
             WHERE entry IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(json(&entries)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            let stored = Stored {
                hash: Hash(bytes(&row, 1)?),
                community: row.get(2),
                receipt: SignedReceipt { text: row.get(3), signature: Signature(bytes(&row, 4)?) },
                erased: row.get::<i64, _>(5) != 0,
            };
            self.journal.insert(Entry(bytes(&row, 0)?), stored);
        }
        Ok(())
    }

    pub(super) async fn load_uploads(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        let wanted: HashSet<String> =
            submissions.iter().flat_map(|s| &s.operation.blobs).map(|blob| blob.sha256.to_string()).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT sha256, person FROM uploads JOIN blobs USING (sha256)
             WHERE complete = 1 AND refused = 0 AND sha256 IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(json(&wanted)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            self.uploads.insert((format!("person:{}", row.get::<String, _>(1)), Hash(bytes(&row, 0)?)));
        }
        Ok(())
    }

    /// What the rules read: asked again until it names nothing new.
    pub(super) async fn load_reads(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        loop {
            let keys: HashSet<Key> = submissions
                .iter()
                .filter(|s| !self.journal.contains_key(&s.operation.entry))
                .flat_map(|s| reads(&s.operation, &self.loaded))
                .collect();
            if keys.is_empty() {
                return Ok(());
            }
            self.load(connection, keys.into_iter().collect()).await?;
        }
    }

    /// Looks keys up, and remembers their rows as they were.
    pub(super) async fn load(
        &mut self,
        connection: &mut SqliteConnection,
        keys: Vec<Key>,
    ) -> Result<(), PortError> {
        for (key, before) in self.rows(connection, &keys).await? {
            let slot = match &before {
                None => Slot::Absent,
                Some(Before { body: None, .. }) => Slot::Gone,
                Some(Before { body: Some(body), .. }) => {
                    let record = serde_json::from_str(body);
                    Slot::Held(Box::new(
                        record.map_err(|_| PortError::Damaged(format!("record {}", key.name)))?,
                    ))
                }
            };
            self.loaded.insert(key.clone(), slot);
            self.before.insert(key, before);
        }
        Ok(())
    }

    pub(super) async fn rows(
        &self,
        connection: &mut SqliteConnection,
        keys: &[Key],
    ) -> Result<Vec<(Key, Option<Before>)>, PortError> {
        let wanted: Vec<(String, &str)> =
            keys.iter().map(|k| (k.scope.to_string(), k.name.as_str())).collect();
        let rows = sqlx::query(
            "SELECT wanted.key, seq, body, records.mac FROM json_each(?) AS wanted
             JOIN scopes ON scopes.name = wanted.value ->> 0
             JOIN records ON records.scope = scopes.id AND records.name = wanted.value ->> 1",
        )
        .bind(json(&wanted)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        let mut found: Vec<(Key, Option<Before>)> = keys.iter().map(|key| (key.clone(), None)).collect();
        for row in rows {
            let before = Before { seq: unsigned(&row, 1), body: row.get(2), check: bytes(&row, 3)? };
            let place = usize::try_from(unsigned(&row, 0)).unwrap_or(usize::MAX);
            if let Some(slot) = found.get_mut(place) {
                slot.1 = Some(before);
            }
        }
        Ok(found)
    }
}
