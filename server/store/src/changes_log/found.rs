//! What the database holds of what belongs into the log, each as a line.

use std::collections::BTreeMap;

use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Entry, OpId, RecordId, Signature};
use domain::operations::{Action, DecideAppeal, Hide, Operation};
use domain::ports::PortError;
use domain::records::Record;
use domain::scopes::Key;
use domain::time::Millis;
use sqlx::{Row, SqliteConnection};

use super::{Line, Logged};
use crate::columns::bytes;
use crate::{engine, erasures, failed};

/// All of it. What was erased does not say when: it is told as of now.
pub(super) async fn lines(connection: &mut SqliteConnection, now: Millis) -> Result<Vec<Line>, PortError> {
    let mut lines = acts(connection).await?;
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

/// What operations say: as they were received first, which is the order in which they stand again.
async fn acts(connection: &mut SqliteConnection) -> Result<Vec<Line>, PortError> {
    let rows = sqlx::query(
        "SELECT position, community, received_at, body, author FROM operations
         WHERE kind IN ('hide', 'decide_appeal', 'settle_rules', 'count', 'publish_results')
           AND erased = 0 AND receipt ->> 'outcome' = 'accepted'
         ORDER BY received_at, position",
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(engine)?;
    let damaged = || PortError::Damaged("operations".to_owned());
    let mut lines = Vec::new();
    // By which rule each was hidden last.
    let mut rules = BTreeMap::new();
    for row in rows {
        let community: CommunityId = row.get::<&str, _>(1).parse().map_err(|_| damaged())?;
        let change = match action_of(community.clone(), row.get(3)).ok_or_else(damaged)? {
            Action::Hide(Hide { consultation, record, rule }) => {
                rules.insert(record, rule.clone());
                let position = row.get::<i64, _>(0).unsigned_abs();
                let by = row.get::<&str, _>(4).strip_prefix("person:").and_then(|id| id.parse().ok());
                Some(Logged::Hide { position, community, consultation, record, rule, by })
            }
            Action::DecideAppeal(DecideAppeal { consultation, record, restored, .. }) => {
                let rule = rules.get(&record).cloned();
                rule.map(|rule| Logged::Decide { community, consultation, record, rule, restored })
            }
            Action::SettleRules(it) => it.premoderated.map(|first| Logged::LookFirst { community, first }),
            Action::Count(it) => told(connection, community, it.consultation, it.poll).await?,
            Action::PublishResults(it) => told(connection, community, it.consultation, it.survey).await?,
            _ => None,
        };
        lines.extend(change.map(|change| Line { at: Millis(row.get(2)), change }));
    }
    Ok(lines)
}

/// What a poll or a survey came to.
async fn told(
    connection: &mut SqliteConnection,
    community: CommunityId,
    consultation: RecordId,
    record: RecordId,
) -> Result<Option<Logged>, PortError> {
    let key = Key::inside(&community, consultation, record);
    let body: Option<String> = sqlx::query_scalar(
        "SELECT body FROM records WHERE name = ? AND scope = (SELECT id FROM scopes WHERE name = ?)",
    )
    .bind(&key.name)
    .bind(key.scope.to_string())
    .fetch_optional(connection)
    .await
    .map_err(engine)?
    .flatten();
    let told = body.and_then(|body| Record::read(&body).ok()?.told());
    let result = told.map(|told| serde_json::to_string(&told)).transpose();
    let result = result.map_err(|error| failed("a result", error))?;
    Ok(result.map(|result| Logged::Result { community, consultation, record, result }))
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

/// What a stored body does. Author and id do not matter for that.
fn action_of(community: CommunityId, body: String) -> Option<Action> {
    let author = Author::Import { source: "log".parse().ok()? };
    let envelope =
        Envelope { op: OpId([0; 16]), author, community, stream: None, proof: Proof::Session, body };
    Operation::decode(&envelope).ok().map(|operation| operation.action)
}
