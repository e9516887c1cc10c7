//! What the database holds of what belongs into the log, each as a line.

use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Entry, OpId, Signature};
use domain::operations::{Action, Operation};
use domain::ports::PortError;
use domain::time::Millis;
use sqlx::{Row, SqliteConnection};

use super::{Line, Logged};
use crate::columns::bytes;
use crate::{engine, erasures};

/// All of it. What was erased does not say when: it is told as of now.
pub(super) async fn lines(connection: &mut SqliteConnection, now: Millis) -> Result<Vec<Line>, PortError> {
    let mut lines = hidings(connection).await?;
    lines.append(&mut revocations(connection).await?);
    let mut erased = erasures(connection).await?;
    let pictures = erasures::discarded(connection).await?;
    erased.extend(pictures.into_iter().map(|sha256| Logged::Discard { sha256 }));
    lines.extend(erased.into_iter().map(|change| Line { at: now, change }));
    Ok(lines)
}

async fn erasures(connection: &mut SqliteConnection) -> Result<Vec<Logged>, PortError> {
    let rows = sqlx::query("SELECT entry, receipt, signature FROM operations WHERE erased = 1")
        .fetch_all(connection)
        .await
        .map_err(engine)?;
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let (entry, signature) = (Entry(bytes(row, 0)?), Signature(bytes(row, 2)?));
        Ok(Logged::Erase { entry, receipt: row.get(1), signature })
    };
    rows.iter().map(line).collect()
}

async fn hidings(connection: &mut SqliteConnection) -> Result<Vec<Line>, PortError> {
    let rows = sqlx::query(
        "SELECT position, community, received_at, body, author FROM operations
         WHERE kind = 'hide' AND erased = 0 AND receipt ->> 'outcome' = 'accepted' ORDER BY position",
    )
    .fetch_all(connection)
    .await
    .map_err(engine)?;
    let damaged = || PortError::Damaged("operations".to_owned());
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let community: CommunityId = row.get::<&str, _>(1).parse().map_err(|_| damaged())?;
        let hide = hide_of(community.clone(), row.get(3)).ok_or_else(damaged)?;
        let change = Logged::Hide {
            position: row.get::<i64, _>(0).unsigned_abs(),
            community,
            consultation: hide.consultation,
            record: hide.record,
            rule: hide.rule,
            by: row.get::<&str, _>(4).strip_prefix("person:").and_then(|id| id.parse().ok()),
        };
        Ok(Line { at: Millis(row.get(2)), change })
    };
    rows.iter().map(line).collect()
}

/// Of people none of whose codes opens anything any more.
async fn revocations(connection: &mut SqliteConnection) -> Result<Vec<Line>, PortError> {
    let rows = sqlx::query(
        "SELECT person, max(revoked_at) FROM codes GROUP BY person HAVING count(*) = count(revoked_at)",
    )
    .fetch_all(connection)
    .await
    .map_err(engine)?;
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let person = row.get::<&str, _>(0).parse().map_err(|_| PortError::Damaged("codes".to_owned()))?;
        Ok(Line { at: Millis(row.get(1)), change: Logged::Revoke { person } })
    };
    rows.iter().map(line).collect()
}

/// What a stored body hides. Author and id do not matter for that.
fn hide_of(community: CommunityId, body: String) -> Option<domain::operations::Hide> {
    let author = Author::Import { source: "log".parse().ok()? };
    let envelope =
        Envelope { op: OpId([0; 16]), author, community, stream: None, proof: Proof::Session, body };
    match Operation::decode(&envelope).ok()?.action {
        Action::Hide(hide) => Some(hide),
        _ => None,
    }
}
