//! Writing: operations with their receipts, records that differ, and the scopes that they move.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::ids::{Entry, Hash, OpId, Signature};
use domain::ports::PortError;
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::{Group, Touched};
use crate::columns::{bytes, json, unsigned};
use crate::engine;
use crate::rows::{Check, toggle};

/// A scope's row.
struct ScopeRow {
    id: i64,
    head: u64,
    horizon: u64,
    sum: Check,
}

#[derive(Serialize)]
pub(super) struct NewOperation<'a> {
    pub(super) position: u64,
    pub(super) entry: Entry,
    pub(super) op: OpId,
    pub(super) author: String,
    pub(super) community: &'a str,
    pub(super) kind: &'static str,
    pub(super) hash: Hash,
    pub(super) body: &'a str,
    pub(super) received_at: Millis,
    pub(super) receipt: String,
    pub(super) signature: Signature,
}

#[derive(Serialize)]
struct NewRow<'a> {
    scope: i64,
    seq: u64,
    name: &'a str,
    body: Option<&'a str>,
    mac: String,
}

/// By scope, the places that changed records left.
type Left = BTreeMap<Scope, Vec<u64>>;

/// A record that differs from its row, and its new bytes.
type Differing<'g> = (&'g Key, Option<String>);

impl Group<'_> {
    /// Writes what was decided: the scopes that moved.
    pub(super) async fn write(
        &mut self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<Vec<Touched>, PortError> {
        if !self.operations.is_empty() {
            self.write_operations(connection).await?;
        }
        self.load_unseen(connection).await?;
        let differing = self.differing()?;
        if differing.is_empty() {
            return Ok(Vec::new());
        }
        let names: HashSet<String> = differing.iter().map(|(key, _)| key.scope.to_string()).collect();
        let mut scopes = self.scopes(connection, &names).await?;
        let (rows, moved) = self.place(&differing, &mut scopes, now)?;
        write_records(connection, &rows, now).await?;
        self.write_heads(connection, &scopes).await?;
        self.write_blob_refs(connection, &differing).await?;
        let touched = moved.into_iter().map(|(scope, moved)| {
            let head = scopes.get(&scope.to_string()).map_or(0, |row| row.head);
            Touched { scope, head, moved }
        });
        Ok(touched.collect())
    }

    async fn write_operations(&self, connection: &mut SqliteConnection) -> Result<(), PortError> {
        sqlx::query(
            "INSERT INTO operations
               (position, entry, op, author, community, kind, hash, body, received_at, receipt, signature)
             SELECT value ->> 'position', unhex(value ->> 'entry'), unhex(value ->> 'op'),
               value ->> 'author', value ->> 'community', value ->> 'kind', unhex(value ->> 'hash'),
               value ->> 'body',
               value ->> 'received_at', value ->> 'receipt', unhex(value ->> 'signature')
             FROM json_each(?)",
        )
        .bind(json(&self.operations)?)
        .execute(connection)
        .await
        .map_err(engine)?;
        Ok(())
    }

    /// What changed without having been read by a rule has to be compared too.
    async fn load_unseen(&mut self, connection: &mut SqliteConnection) -> Result<(), PortError> {
        let unseen: Vec<Key> =
            self.changed.keys().filter(|key| !self.before.contains_key(key)).cloned().collect();
        if !unseen.is_empty() {
            let rows = self.rows(connection, &unseen).await?;
            self.before.extend(rows);
        }
        Ok(())
    }

    /// What is to be written, with its bytes.
    fn differing(&self) -> Result<Vec<Differing<'_>>, PortError> {
        let mut differing = Vec::new();
        for (key, record) in &self.changed {
            let body = record.as_ref().map(serde_json::to_string).transpose();
            let body = body.map_err(|error| crate::failed("a record", error))?;
            let before = self.before.get(key).and_then(Option::as_ref);
            // Equal bytes write no row: else the number of rows would tell a hidden count. And
            // what never was leaves no tombstone.
            let same = before.map_or(body.is_none(), |before| before.body == body);
            if !same {
                differing.push((key, body));
            }
        }
        Ok(differing)
    }

    /// Gives each its place at the head of its scope; also tells the places that they left.
    fn place<'g>(
        &self,
        differing: &'g [Differing<'_>],
        scopes: &mut HashMap<String, ScopeRow>,
        now: Millis,
    ) -> Result<(Vec<NewRow<'g>>, Left), PortError> {
        let mut rows = Vec::with_capacity(differing.len());
        let mut moved = Left::new();
        for (key, body) in differing {
            let name = key.scope.to_string();
            let Some(scope) = scopes.get_mut(&name) else {
                return Err(PortError::Damaged(format!("scope {name}")));
            };
            scope.head += 1;
            let check = self.row_key.check(&name, scope.head, &key.name, body.as_deref(), now.0);
            let left = moved.entry(key.scope.clone()).or_default();
            if let Some(Some(before)) = self.before.get(key) {
                toggle(&mut scope.sum, &before.check);
                left.push(before.seq);
            }
            toggle(&mut scope.sum, &check);
            rows.push(NewRow {
                scope: scope.id,
                seq: scope.head,
                name: &key.name,
                body: body.as_deref(),
                mac: domain::ids::hex(&check),
            });
        }
        Ok((rows, moved))
    }

    async fn write_heads(
        &self,
        connection: &mut SqliteConnection,
        scopes: &HashMap<String, ScopeRow>,
    ) -> Result<(), PortError> {
        let heads: Vec<(i64, u64, String, String)> = scopes
            .iter()
            .map(|(name, scope)| {
                let mac = self.row_key.check_scope(name, scope.head, scope.horizon, &scope.sum);
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

    async fn scopes(
        &self,
        connection: &mut SqliteConnection,
        names: &HashSet<String>,
    ) -> Result<HashMap<String, ScopeRow>, PortError> {
        let names = json(names)?;
        sqlx::query(
            "INSERT INTO scopes (name, head, sum, mac) SELECT value, 0, zeroblob(16), x'' FROM json_each(?) WHERE true
             ON CONFLICT DO NOTHING",
        )
        .bind(&names)
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
        let rows = sqlx::query(
            "SELECT id, name, head, horizon, sum FROM scopes WHERE name IN (SELECT value FROM json_each(?))",
        )
        .bind(&names)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        let scopes = rows.iter().map(|row| {
            let (head, horizon, sum) = (unsigned(row, 2), unsigned(row, 3), bytes(row, 4)?);
            let scope = ScopeRow { id: row.get(0), head, horizon, sum };
            Ok((row.get(1), scope))
        });
        scopes.collect()
    }
}

async fn write_records(
    connection: &mut SqliteConnection,
    rows: &[NewRow<'_>],
    now: Millis,
) -> Result<(), PortError> {
    sqlx::query(
        "INSERT INTO records (scope, seq, name, body, changed_at, mac)
         SELECT value ->> 'scope', value ->> 'seq', value ->> 'name', value ->> 'body', ?,
           unhex(value ->> 'mac') FROM json_each(?) WHERE true
         ON CONFLICT (scope, name) DO UPDATE SET seq = excluded.seq, body = excluded.body,
           changed_at = excluded.changed_at, mac = excluded.mac",
    )
    .bind(now.0)
    .bind(json(&rows)?)
    .execute(connection)
    .await
    .map_err(engine)?;
    Ok(())
}
