//! Loading: what the journal already holds of a group, which files are there, the scopes, and
//! the records that the rules read.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use domain::documents::MEDIA_TYPE;
use domain::ids::{Entry, Hash, RecordId, Signature};
use domain::operations::Operation;
use domain::ports::{PortError, Submission};
use domain::receipts::SignedReceipt;
use domain::rules::{Loaded, Slot, reads};
use domain::scopes::{Key, Scope};
use sqlx::{Row, SqliteConnection};

use super::Group;
use super::write::Differing;
use crate::columns::{ROWS, Rows, bytes, json, over, rows, signed, unsigned};
use crate::engine;
use crate::rows::Check;

/// An operation that the journal holds.
pub(super) struct Stored {
    pub(super) hash: Hash,
    pub(super) community: String,
    pub(super) receipt: SignedReceipt,
    pub(super) erased: bool,
}

/// A file that somebody uploaded.
#[derive(Clone, Copy)]
pub(super) struct Uploaded {
    pub(super) size: u64,
    pub(super) is_document: bool,
}

/// A record's row before this transaction.
pub(super) struct Before {
    pub(super) seq: u64,
    pub(super) body: Option<String>,
    pub(super) check: Check,
}

/// A scope's row.
pub(super) struct ScopeRow {
    pub(super) id: i64,
    pub(super) head: u64,
    pub(super) horizon: u64,
    pub(super) sum: Check,
}

static FIND_OPERATIONS: Rows = LazyLock::new(|| {
    rows(
        "SELECT entry, hash, community, receipt, signature, erased FROM {rows}
         CROSS JOIN operations ON entry = column1",
        1,
    )
});

static FIND_RECORDS: Rows = LazyLock::new(|| {
    rows(
        "SELECT column1, seq, body, mac FROM {rows}
         CROSS JOIN records ON records.scope = column2 AND records.name = column3",
        3,
    )
});

impl Group<'_> {
    pub(super) async fn load_journal(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        for some in submissions.chunks(ROWS) {
            let entries = some.iter().map(|submission| submission.operation.entry.0.to_vec());
            let query = entries.fold(over(&FIND_OPERATIONS), sqlx::query::Query::bind);
            for row in query.fetch_all(&mut *connection).await.map_err(engine)? {
                let stored = Stored {
                    hash: Hash(bytes(&row, 1)?),
                    community: row.get(2),
                    receipt: SignedReceipt { text: row.get(3), signature: Signature(bytes(&row, 4)?) },
                    erased: row.get::<i64, _>(5) != 0,
                };
                self.journal.insert(Entry(bytes(&row, 0)?), stored);
            }
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
            "SELECT sha256, person, blobs.size, media_type FROM uploads JOIN blobs USING (sha256)
             WHERE complete = 1 AND refused = 0 AND sha256 IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(json(&wanted)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            let author = format!("person:{}", row.get::<String, _>(1));
            let is_document = row.get::<&str, _>(3) == MEDIA_TYPE;
            let uploaded = Uploaded { size: unsigned(&row, 2), is_document };
            self.uploads.insert((author, Hash(bytes(&row, 0)?)), uploaded);
        }
        Ok(())
    }

    /// What the rules read of all these: asked again until they name nothing new.
    pub(super) async fn load_reads(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        loop {
            let unread: HashSet<Key> = submissions
                .iter()
                .filter(|s| !self.journal.contains_key(&s.operation.entry))
                .filter_map(|s| self.read(&s.operation).err())
                .flatten()
                .collect();
            if unread.is_empty() {
                return Ok(());
            }
            self.load(connection, unread.into_iter().collect()).await?;
        }
    }

    /// What one operation's rule reads, or else what must be loaded first.
    pub(super) fn read(&self, operation: &Operation) -> Result<Loaded, Vec<Key>> {
        let mut loaded = Loaded::default();
        loop {
            let keys = reads(operation, &loaded);
            if keys.is_empty() {
                return Ok(loaded);
            }
            self.show(keys, &mut loaded)?;
        }
    }

    /// Adds what lies under keys, or else tells those that must be loaded first.
    pub(super) fn show(&self, keys: Vec<Key>, loaded: &mut Loaded) -> Result<(), Vec<Key>> {
        let mut unread = Vec::new();
        for key in keys {
            match self.held.get(&key) {
                Some(slot) => loaded.insert(key, slot.clone()),
                None => unread.push(key),
            }
        }
        if unread.is_empty() { Ok(()) } else { Err(unread) }
    }

    /// Looks keys up, and remembers their rows as they were.
    pub(super) async fn load(
        &mut self,
        connection: &mut SqliteConnection,
        keys: Vec<Key>,
    ) -> Result<(), PortError> {
        for (key, before) in self.rows(connection, keys).await? {
            // What an operation before changed without reading it stays as it left it.
            if !self.held.contains_key(&key) {
                let slot = match &before {
                    None if is_erased(connection, &key).await? => Slot::Gone,
                    None => Slot::Absent,
                    Some(Before { body: None, .. }) => Slot::Gone,
                    Some(Before { body: Some(body), .. }) => {
                        let record = serde_json::from_str(body);
                        Slot::Held(Arc::new(
                            record.map_err(|_| PortError::Damaged(format!("record {}", key.name)))?,
                        ))
                    }
                };
                self.held.insert(key.clone(), slot);
            }
            self.before.insert(key, before);
        }
        Ok(())
    }

    /// The rows of keys as they are in the database.
    pub(super) async fn rows(
        &mut self,
        connection: &mut SqliteConnection,
        keys: Vec<Key>,
    ) -> Result<Vec<(Key, Option<Before>)>, PortError> {
        self.load_scopes(connection, &keys).await?;
        let mut found: Vec<(Key, Option<Before>)> = keys.into_iter().map(|key| (key, None)).collect();
        let mut wanted: Vec<(usize, i64, String)> = Vec::with_capacity(found.len());
        for (place, (key, _)) in found.iter().enumerate() {
            if let Some(Some(scope)) = self.scopes.get(&key.scope) {
                wanted.push((place, scope.id, key.name.clone()));
            }
        }
        for some in wanted.chunks(ROWS) {
            let mut query = over(&FIND_RECORDS);
            for (place, scope, name) in some {
                query = query.bind(signed(*place as u64)).bind(*scope).bind(name.clone());
            }
            for row in query.fetch_all(&mut *connection).await.map_err(engine)? {
                let before = Before { seq: unsigned(&row, 1), body: row.get(2), check: bytes(&row, 3)? };
                let place = usize::try_from(unsigned(&row, 0)).unwrap_or(usize::MAX);
                if let Some(slot) = found.get_mut(place) {
                    slot.1 = Some(before);
                }
            }
        }
        Ok(found)
    }

    /// The scopes of keys, where they are not known yet.
    async fn load_scopes(
        &mut self,
        connection: &mut SqliteConnection,
        keys: &[Key],
    ) -> Result<(), PortError> {
        let unknown = keys.iter().map(|key| &key.scope).filter(|scope| !self.scopes.contains_key(scope));
        let unknown: HashSet<Scope> = unknown.cloned().collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT id, name, head, horizon, sum FROM scopes WHERE name IN (SELECT value FROM json_each(?))",
        )
        .bind(json(&unknown)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        self.scopes.extend(unknown.into_iter().map(|scope| (scope, None)));
        for row in rows {
            let name: String = row.get(1);
            let scope = name.parse().map_err(|_| PortError::Damaged(format!("scope {name}")))?;
            let (head, horizon, sum) = (unsigned(&row, 2), unsigned(&row, 3), bytes(&row, 4)?);
            self.scopes.insert(scope, Some(ScopeRow { id: row.get(0), head, horizon, sum }));
        }
        Ok(())
    }

    /// Makes the scopes that are not there yet, empty.
    pub(super) async fn make_scopes(
        &mut self,
        connection: &mut SqliteConnection,
        differing: &[Differing],
    ) -> Result<(), PortError> {
        let scopes: HashSet<&Scope> = differing.iter().map(|(key, _)| &key.scope).collect();
        let new: Vec<&Scope> =
            scopes.into_iter().filter(|scope| matches!(self.scopes.get(*scope), Some(None))).collect();
        if new.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "INSERT INTO scopes (name, head, sum, mac) SELECT value, 0, zeroblob(16), x'' FROM json_each(?)
             RETURNING id, name",
        )
        .bind(json(&new)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            let name: String = row.get(1);
            let scope = name.parse().map_err(|_| PortError::Damaged(format!("scope {name}")))?;
            let made = ScopeRow { id: row.get(0), head: 0, horizon: 0, sum: Check::default() };
            self.scopes.insert(scope, Some(made));
        }
        Ok(())
    }
}

/// Whether the record of this name was erased: after a restore nothing may lie where it was, and
/// what is about it must not wait for it for ever.
async fn is_erased(connection: &mut SqliteConnection, key: &Key) -> Result<bool, PortError> {
    let Ok(record) = key.name.parse::<RecordId>() else { return Ok(false) };
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM operations WHERE erased = 1 AND entry BETWEEN ? AND ?)")
        .bind([record.0, [0; 16]].concat())
        .bind([record.0, [255; 16]].concat())
        .fetch_one(connection)
        .await
        .map_err(engine)
}
