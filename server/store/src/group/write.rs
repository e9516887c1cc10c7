//! Writing: records that differ, the scopes that they move, and operations with their receipts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::ports::{PortError, Submission};
use domain::receipts::SignedReceipt;
use domain::rules::Slot;
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use sqlx::SqliteConnection;

use super::{Group, Touched};
use crate::columns::{ROWS, Rows, json, over, rows, signed};
use crate::engine;
use crate::rows::{Check, toggle};

/// An operation that was decided, and is written with its receipt.
pub(super) struct NewOperation<'w> {
    pub(super) position: u64,
    pub(super) submission: &'w Submission,
    pub(super) received_at: Millis,
}

struct NewRow {
    scope: i64,
    seq: u64,
    name: String,
    body: Option<String>,
    check: Check,
}

static WRITE_OPERATIONS: Rows = LazyLock::new(|| {
    rows(
        "INSERT INTO operations
           (position, entry, op, author, community, kind, hash, body, received_at, receipt, signature)
         SELECT * FROM {rows} WHERE column1 IS NOT NULL",
        11,
    )
});

static WRITE_RECORDS: Rows = LazyLock::new(|| {
    rows(
        "INSERT INTO records (scope, seq, name, body, changed_at, mac)
         SELECT * FROM {rows} WHERE column1 IS NOT NULL
         ON CONFLICT (scope, name) DO UPDATE SET seq = excluded.seq, body = excluded.body,
           changed_at = excluded.changed_at, mac = excluded.mac",
        6,
    )
});

/// By scope, the places that changed records left.
type Left = BTreeMap<Scope, Vec<u64>>;

/// A record that differs from its row, and its new bytes.
pub(super) type Differing = (Key, Option<String>);

impl Group<'_> {
    /// Writes the records that were changed: the scopes that moved.
    pub(super) async fn write_records(
        &mut self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<Vec<Touched>, PortError> {
        // In the order of their names, which is that of the index.
        self.changed.sort_unstable();
        self.changed.dedup();
        self.load_unseen(connection).await?;
        let differing = self.differing()?;
        if differing.is_empty() {
            return Ok(Vec::new());
        }
        self.make_scopes(connection, &differing).await?;
        self.write_blob_refs(connection, &differing).await?;
        let (rows, moved) = self.place(differing, now)?;
        write_rows(connection, rows, now).await?;
        self.write_heads(connection, &moved).await?;
        let touched = moved.into_iter().map(|(scope, moved)| {
            let head = self.scopes.get(&scope).and_then(Option::as_ref).map_or(0, |row| row.head);
            Touched { scope, head, moved }
        });
        Ok(touched.collect())
    }

    pub(super) async fn write_operations(
        &self,
        connection: &mut SqliteConnection,
        receipts: &[SignedReceipt],
    ) -> Result<(), PortError> {
        let operations: Vec<_> = self.operations.iter().zip(receipts).collect();
        for some in operations.chunks(ROWS) {
            let mut query = over(&WRITE_OPERATIONS);
            for (new, receipt) in some {
                let (operation, envelope) = (&new.submission.operation, &new.submission.envelope);
                query = query
                    .bind(signed(new.position))
                    .bind(operation.entry.0.to_vec())
                    .bind(operation.op.0.to_vec())
                    .bind(operation.author.key())
                    .bind(operation.community.to_string())
                    .bind(operation.action.kind().name())
                    .bind(operation.hash.0.to_vec())
                    .bind(envelope.body.clone())
                    .bind(new.received_at.0)
                    .bind(receipt.text.clone())
                    .bind(receipt.signature.0.to_vec());
            }
            query.execute(&mut *connection).await.map_err(engine)?;
        }
        Ok(())
    }

    /// What changed without having been read by a rule has to be compared too.
    async fn load_unseen(&mut self, connection: &mut SqliteConnection) -> Result<(), PortError> {
        let unseen: Vec<Key> =
            self.changed.iter().filter(|key| !self.before.contains_key(key)).cloned().collect();
        if !unseen.is_empty() {
            let rows = self.rows(connection, unseen).await?;
            self.before.extend(rows);
        }
        Ok(())
    }

    /// What is to be written, with its bytes.
    fn differing(&self) -> Result<Vec<Differing>, PortError> {
        let mut differing = Vec::with_capacity(self.changed.len());
        for key in &self.changed {
            let body = match self.held.get(key) {
                Some(Slot::Held(record)) => Some(serde_json::to_string(record.as_ref())),
                _ => None,
            };
            let body = body.transpose().map_err(|error| crate::failed("a record", error))?;
            let before = self.before.get(key).and_then(Option::as_ref);
            // Equal bytes write no row: else the number of rows would tell a hidden count. And
            // what never was leaves no tombstone.
            let same = before.map_or(body.is_none(), |before| before.body == body);
            if !same {
                differing.push((key.clone(), body));
            }
        }
        Ok(differing)
    }

    /// Gives each its place at the head of its scope; also tells the places that they left.
    fn place(&mut self, differing: Vec<Differing>, now: Millis) -> Result<(Vec<NewRow>, Left), PortError> {
        let mut rows = Vec::with_capacity(differing.len());
        let mut moved = Left::new();
        for (key, body) in differing {
            let named = key.scope.to_string();
            let Some(Some(scope)) = self.scopes.get_mut(&key.scope) else {
                return Err(PortError::Damaged(format!("scope {named}")));
            };
            scope.head += 1;
            let check = self.row_key.check(&named, scope.head, &key.name, body.as_deref(), now.0);
            toggle(&mut scope.sum, &check);
            let before = self.before.get(&key).and_then(Option::as_ref);
            let left = moved.entry(key.scope).or_default();
            if let Some(before) = before {
                toggle(&mut scope.sum, &before.check);
                left.push(before.seq);
            }
            rows.push(NewRow { scope: scope.id, seq: scope.head, name: key.name, body, check });
        }
        Ok((rows, moved))
    }

    async fn write_heads(&self, connection: &mut SqliteConnection, moved: &Left) -> Result<(), PortError> {
        let heads: Vec<(i64, u64, String, String)> = moved
            .keys()
            .filter_map(|scope| Some((scope.to_string(), self.scopes.get(scope)?.as_ref()?)))
            .map(|(name, scope)| {
                let mac = self.row_key.check_scope(&name, scope.head, scope.horizon, &scope.sum);
                (scope.id, scope.head, domain::ids::hex(&scope.sum), domain::ids::hex(&mac))
            })
            .collect();
        sqlx::query(
            "UPDATE scopes SET head = new.value ->> 1, sum = unhex(new.value ->> 2),
               mac = unhex(new.value ->> 3)
             FROM json_each(?) AS new WHERE scopes.id = new.value ->> 0",
        )
        .bind(json(&heads)?)
        .execute(connection)
        .await
        .map_err(engine)?;
        Ok(())
    }
}

async fn write_rows(
    connection: &mut SqliteConnection,
    rows: Vec<NewRow>,
    now: Millis,
) -> Result<(), PortError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = over(&WRITE_RECORDS);
        for row in rows.by_ref().take(ROWS) {
            query = query
                .bind(row.scope)
                .bind(signed(row.seq))
                .bind(row.name)
                .bind(row.body)
                .bind(now.0)
                .bind(row.check.to_vec());
        }
        query.execute(&mut *connection).await.map_err(engine)?;
    }
    Ok(())
}
