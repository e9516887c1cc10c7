//! People and sessions, of which only hashes of their tokens are kept.

use async_trait::async_trait;
use domain::authority::{Membership, Person, Role};
use domain::codes::Code;
use domain::ids::{CommunityId, Hash, PersonId, hex};
use domain::ports::{CodeError, Identity, Opened, PortError, SESSION_LIFE};
use domain::text::Label;
use domain::time::Millis;
use sqlx::{Connection, Row, SqliteConnection};

use crate::{Store, changes_log, engine, failed};

pub(crate) async fn person(connection: &mut SqliteConnection, id: &str) -> Result<Option<Person>, PortError> {
    let rows = sqlx::query(
        "SELECT people.name, community, role FROM people LEFT JOIN memberships ON person = id
         WHERE id = ? AND revoked_at IS NULL",
    )
    .bind(id)
    .fetch_all(connection)
    .await
    .map_err(engine)?;
    let Some(first) = rows.first() else { return Ok(None) };
    let damaged = || PortError::Damaged("people".to_owned());
    let name: Label = first.get::<&str, _>(0).parse().map_err(|_| damaged())?;
    let mut memberships = Vec::new();
    for row in &rows {
        let (Some(community), Some(role)) = (row.get::<Option<&str>, _>(1), row.get::<Option<&str>, _>(2))
        else {
            continue;
        };
        let community: CommunityId = community.parse().map_err(|_| damaged())?;
        memberships.push(Membership { community, role: Role::named(role).ok_or_else(damaged)? });
    }
    let id: PersonId = id.parse().map_err(|_| damaged())?;
    Ok(Some(Person { id, name, memberships }))
}

#[async_trait]
impl Identity for Store {
    async fn open(&self, code: Code) -> Result<Opened, CodeError> {
        self.open_with_code(code).await
    }

    async fn session(&self, token: &str) -> Result<Option<Person>, PortError> {
        let token = token_hash(token);
        let now = self.0.options.clock.now();
        let asked = match self.0.sessions.get(&token, now) {
            Ok(person) => return Ok(Some(person)),
            Err(asked) => asked,
        };
        let mut reader = self.0.readers.acquire().await.map_err(engine)?;
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT person, created_at FROM sessions WHERE token_hash = ? AND created_at > ?")
                .bind(&token.0[..])
                .bind(now.0 - SESSION_LIFE)
                .fetch_optional(&mut *reader)
                .await
                .map_err(engine)?;
        let Some((owner, opened)) = row else { return Ok(None) };
        let person = person(&mut reader, &owner).await?;
        if let Some(person) = &person {
            self.0.sessions.keep(token, person, Millis(opened), &asked);
        }
        Ok(person)
    }

    async fn close(&self, token: &str) -> Result<(), PortError> {
        let (inner, token) = (self.0.clone(), token_hash(token));
        to_the_end(async move {
            let mut connection = inner.writing.lock().await?;
            let ended = sqlx::query("DELETE FROM sessions WHERE token_hash = ?")
                .bind(&token.0[..])
                .execute(&mut *connection)
                .await;
            inner.sessions.end(&token);
            ended.map(|_| ()).map_err(engine)
        })
        .await
    }

    async fn add(
        &self,
        name: Label,
        community: CommunityId,
        role: Role,
    ) -> Result<(PersonId, Code), PortError> {
        let id: PersonId =
            hex(&self.random::<16>()?).parse().map_err(|error| failed("a person's id", error))?;
        let mut code = Code::from_random(self.random()?);
        let phc = self.hash_secret(&code)?;
        let secret = code.secret();
        let mut connection = self.0.writing.lock().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
        // A selector names one row for ever; draw again while it is taken.
        while sqlx::query("SELECT 1 FROM codes WHERE selector = ?")
            .bind(i64::from(code.selector()))
            .fetch_optional(&mut *transaction)
            .await
            .map_err(engine)?
            .is_some()
        {
            let selector = &Code::from_random(self.random()?).to_string()[..4];
            code = format!("{selector}{secret}").parse().map_err(|error| failed("a code", error))?;
        }
        let now = self.0.options.clock.now().0;
        sqlx::query("INSERT INTO people (id, name, created_at) VALUES (?, ?, ?)")
            .bind(id.as_str())
            .bind(name.as_str())
            .bind(now)
            .execute(&mut *transaction)
            .await
            .map_err(engine)?;
        sqlx::query("INSERT INTO memberships (person, community, role) VALUES (?, ?, ?)")
            .bind(id.as_str())
            .bind(community.as_str())
            .bind(role.name())
            .execute(&mut *transaction)
            .await
            .map_err(engine)?;
        sqlx::query("INSERT INTO codes (selector, person, phc, created_at) VALUES (?, ?, ?, ?)")
            .bind(i64::from(code.selector()))
            .bind(id.as_str())
            .bind(phc)
            .bind(now)
            .execute(&mut *transaction)
            .await
            .map_err(engine)?;
        transaction.commit().await.map_err(engine)?;
        Ok((id, code))
    }

    async fn revoke(&self, person: &PersonId) -> Result<(), PortError> {
        let (inner, person) = (self.0.clone(), person.clone());
        to_the_end(async move {
            let mut connection = inner.writing.lock().await?;
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
            let at = inner.options.clock.now();
            revoke(&mut transaction, &person, at).await?;
            let revoked = transaction.commit().await;
            inner.sessions.end_all_of(&person);
            revoked.map_err(engine)?;
            changes_log::keep_up(&inner.options, inner.epoch, &mut connection).await
        })
        .await
    }

    async fn person(&self, id: &PersonId) -> Result<Option<Person>, PortError> {
        let mut reader = self.0.readers.acquire().await.map_err(engine)?;
        person(&mut reader, id.as_str()).await
    }
}

impl Store {
    /// Deletes what is left of sessions that ended by their age. How many it were.
    pub async fn forget_ended_sessions(&self) -> Result<u64, PortError> {
        let mut connection = self.0.writing.lock().await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE created_at <= ?")
            .bind(self.0.options.clock.now().0 - SESSION_LIFE)
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
        Ok(ended.rows_affected())
    }
}

/// Revokes a person's codes and ends their sessions; whether anything changed.
pub(crate) async fn revoke(
    connection: &mut SqliteConnection,
    person: &PersonId,
    at: Millis,
) -> Result<bool, PortError> {
    let codes = sqlx::query("UPDATE codes SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL")
        .bind(at.0)
        .bind(person.as_str())
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
    let sessions = sqlx::query("DELETE FROM sessions WHERE person = ?")
        .bind(person.as_str())
        .execute(connection)
        .await
        .map_err(engine)?;
    Ok(codes.rows_affected() + sessions.rows_affected() > 0)
}

/// Goes on when whoever asked has gone: what the database ends must be forgotten with it.
async fn to_the_end(
    work: impl Future<Output = Result<(), PortError>> + Send + 'static,
) -> Result<(), PortError> {
    tokio::spawn(work).await.map_err(|error| failed("ending sessions", error))?
}

pub(crate) fn token_hash(token: &str) -> Hash {
    Hash::tagged("rabaska/session/v1", token.as_bytes())
}
