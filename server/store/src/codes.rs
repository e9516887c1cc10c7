//! Participation codes: kept as Argon2id hashes. Tries are counted per selector in the database,
//! whether the selector exists or not, so that neither body nor timing tells a member from
//! nobody; and before the secret is looked at, so that a thousand tries at once are no more
//! than five.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::codes::Code;
use domain::ids::{PersonId, hex};
use domain::ports::{CodeError, Opened, PortError};
use sqlx::sqlite::SqliteExecutor;
use sqlx::{Connection, Row};
use tokio::sync::OwnedSemaphorePermit;

use crate::identity::{person, token_hash};
use crate::{Store, engine, failed};

/// Tries before the next one is slowed.
const FREE_TRIES: i64 = 4;
const SLOWEST: i64 = 15 * 60 * 1_000;

/// 19 MiB, two passes, one lane: OWASP's password storage cheat sheet, first choice.
fn argon() -> Result<Argon2<'static>, PortError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| failed("argon2", error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Verifies a secret, off the async threads. Without a row the same work is done on a hash
/// that fits nothing.
async fn verify(phc: Option<String>, code: Code) -> Result<bool, PortError> {
    // Of no code: the secret of a code has eight characters, this one has none.
    const NOTHING: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let work = move || {
        let text = phc.unwrap_or_else(|| NOTHING.to_owned());
        let parsed = PasswordHash::new(&text).map_err(|error| failed("argon2", error))?;
        Ok(argon()?.verify_password(code.secret().as_bytes(), &parsed).is_ok())
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| failed("hashing", error))?
}

/// The hash of a selector's code and whose it is, unless it was revoked.
async fn find(
    connection: impl SqliteExecutor<'_>,
    selector: i64,
) -> Result<Option<(String, String)>, PortError> {
    let row = sqlx::query(
        "SELECT phc, person FROM codes JOIN people ON people.id = person
         WHERE selector = ? AND codes.revoked_at IS NULL AND people.revoked_at IS NULL",
    )
    .bind(selector)
    .fetch_optional(connection)
    .await
    .map_err(engine)?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}

impl Store {
    pub(crate) fn hash_secret(&self, code: &Code) -> Result<String, PortError> {
        let salt = SaltString::encode_b64(&self.random::<16>()?).map_err(|error| failed("salt", error))?;
        let phc = argon()?
            .hash_password(code.secret().as_bytes(), &salt)
            .map_err(|error| failed("argon2", error))?;
        Ok(phc.to_string())
    }

    /// Whose code a selector names, also when it was revoked.
    pub async fn holder(&self, selector: u32) -> Result<Option<PersonId>, PortError> {
        let person: Option<String> = sqlx::query_scalar("SELECT person FROM codes WHERE selector = ?")
            .bind(i64::from(selector))
            .fetch_optional(&self.0.readers)
            .await
            .map_err(engine)?;
        let read = |person: String| person.parse().map_err(|_| PortError::Damaged("codes".to_owned()));
        person.map(read).transpose()
    }

    /// Whether one of a person's codes still opens something.
    pub async fn holds_code(&self, person: &PersonId) -> Result<bool, PortError> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM codes WHERE person = ? AND revoked_at IS NULL)")
            .bind(person.as_str())
            .fetch_one(&self.0.readers)
            .await
            .map_err(engine)
    }

    /// Whether this selector may be tried now.
    async fn ready(&self, connection: impl SqliteExecutor<'_>, selector: i64) -> Result<(), CodeError> {
        let not_before: Option<i64> =
            sqlx::query_scalar("SELECT not_before FROM code_tries WHERE selector = ?")
                .bind(selector)
                .fetch_optional(connection)
                .await
                .map_err(engine)?;
        match not_before.unwrap_or(0) - self.0.options.clock.now().0 {
            wait if wait > 0 => Err(CodeError::Slowed { retry_after: wait }),
            _ => Ok(()),
        }
    }

    pub(crate) async fn open_with_code(&self, code: Code) -> Result<Opened, CodeError> {
        // Who must wait is told so at once, and takes nobody's turn.
        self.ready(&self.0.readers, i64::from(code.selector())).await?;
        let turn = self.0.hashing.clone().acquire_owned().await.map_err(|error| failed("hashing", error))?;
        // From here on to the end, also when whoever asked has gone: a right code whose answer
        // nobody waits for is not to stay counted as a wrong one.
        let store = self.clone();
        let tried = tokio::spawn(async move { store.try_code(code, turn).await });
        tried.await.map_err(|error| failed("a code", error))?
    }

    async fn try_code(&self, code: Code, turn: OwnedSemaphorePermit) -> Result<Opened, CodeError> {
        let selector = i64::from(code.selector());
        self.count(selector).await?;
        let (phc, owner) = find(&self.0.readers, selector).await?.unzip();
        let right = verify(phc, code).await?;
        drop(turn);
        let (true, Some(owner)) = (right, owner) else { return Err(CodeError::Refused) };
        let token = hex(&self.random::<16>()?);
        let mut connection = self.0.writing.lock().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(engine)?;
        // It may have been revoked while it was computed.
        if find(&mut *transaction, selector).await?.is_none() {
            return Err(CodeError::Refused);
        }
        let Some(person) = person(&mut transaction, &owner).await? else { return Err(CodeError::Refused) };
        sqlx::query("DELETE FROM code_tries WHERE selector = ?")
            .bind(selector)
            .execute(&mut *transaction)
            .await
            .map_err(engine)?;
        sqlx::query("INSERT INTO sessions (token_hash, person, created_at) VALUES (?, ?, ?)")
            .bind(&token_hash(&token).0[..])
            .bind(&owner)
            .bind(self.0.options.clock.now().0)
            .execute(&mut *transaction)
            .await
            .map_err(engine)?;
        transaction.commit().await.map_err(engine)?;
        Ok(Opened { token, person })
    }

    /// Counts a try as failed before it is made, unless it has to wait: whoever holds the
    /// connection is alone, so that tries of one selector come one after the other.
    async fn count(&self, selector: i64) -> Result<(), CodeError> {
        let mut connection = self.0.writing.lock().await?;
        self.ready(&mut *connection, selector).await?;
        // From the fifth failure on: 2, 4, 8 … seconds, at most a quarter of an hour.
        sqlx::query(
            "INSERT INTO code_tries (selector, failures, not_before) VALUES (?1, 1, 0)
             ON CONFLICT (selector) DO UPDATE SET failures = failures + 1,
               not_before = CASE WHEN failures < ?3 THEN 0
                 ELSE ?2 + min(?4, 1000 << min(failures - ?3 + 1, 20)) END",
        )
        .bind(selector)
        .bind(self.0.options.clock.now().0)
        .bind(FREE_TRIES)
        .bind(SLOWEST)
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
        Ok(())
    }
}
