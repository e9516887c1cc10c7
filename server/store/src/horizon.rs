//! The horizon: what a record left behind when it went is told for 400 days, then forgotten.
//! Who comes later with a cursor from before it pulls its scope anew.

use std::collections::BTreeMap;

use domain::ports::PortError;
use domain::scopes::Scope;
use domain::time::DAY;
use sqlx::{Connection, Row, SqliteConnection};

use crate::columns::{bytes, json, signed, unsigned};
use crate::rows::{RowKey, toggle};
use crate::{Store, engine};

/// How long it is told that a record is gone.
const TOLD: i64 = 400 * DAY;

impl Store {
    /// Forgets what went longer ago than the horizon, one scope and one short transaction after
    /// the other, so that pushes go on in between. Answers how many it were.
    pub async fn forget_long_gone(&self) -> Result<u64, PortError> {
        let before = self.0.options.clock.now().plus(-TOLD);
        let found = sqlx::query(
            "SELECT scopes.name, seq FROM records JOIN scopes ON scopes.id = records.scope
             WHERE body IS NULL AND changed_at < ?",
        )
        .bind(before.0)
        .fetch_all(&self.0.readers)
        .await
        .map_err(engine)?;
        let mut gone: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for row in found {
            gone.entry(row.get(0)).or_default().push(unsigned(&row, 1));
        }
        let key = RowKey::new(&self.0.signer);
        let mut count = 0;
        for (name, places) in gone {
            let mut connection = self.0.writing.lock().await?;
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
            match forget(&mut transaction, &key, &name, &places).await {
                Ok(forgotten) => count += forgotten,
                Err(error) => {
                    let _ = transaction.rollback().await;
                    return Err(error);
                }
            }
            transaction.commit().await.map_err(engine)?;
            drop(connection);
            let scope: Scope = name.parse().map_err(|_| PortError::Damaged(format!("scope {name}")))?;
            self.0.pages.forget(&scope, &places);
        }
        Ok(count)
    }
}

/// Removes these places of a scope that are still tombstones, takes their checks out of its sum
/// and moves its horizon to the highest of them.
async fn forget(
    connection: &mut SqliteConnection,
    key: &RowKey,
    name: &str,
    places: &[u64],
) -> Result<u64, PortError> {
    let scope = sqlx::query("SELECT id, head, horizon, sum FROM scopes WHERE name = ?")
        .bind(name)
        .fetch_one(&mut *connection)
        .await
        .map_err(engine)?;
    let (id, head, mut horizon) = (scope.get::<i64, _>(0), unsigned(&scope, 1), unsigned(&scope, 2));
    let mut sum = bytes(&scope, 3)?;
    let removed = sqlx::query(
        "DELETE FROM records WHERE scope = ? AND body IS NULL AND seq IN (SELECT value FROM json_each(?))
         RETURNING seq, mac",
    )
    .bind(id)
    .bind(json(&places)?)
    .fetch_all(&mut *connection)
    .await
    .map_err(engine)?;
    for row in &removed {
        toggle(&mut sum, &bytes(row, 1)?);
        horizon = horizon.max(unsigned(row, 0));
    }
    sqlx::query("UPDATE scopes SET horizon = ?, sum = ?, mac = ? WHERE id = ?")
        .bind(signed(horizon))
        .bind(sum.to_vec())
        .bind(key.check_scope(name, head, horizon, &sum).to_vec())
        .bind(id)
        .execute(connection)
        .await
        .map_err(engine)?;
    Ok(removed.len() as u64)
}
