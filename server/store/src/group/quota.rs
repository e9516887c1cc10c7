//! How many new operations one person may push in a day, counted from the trail that each of them
//! leaves its author; and which uploads operations name.

use std::collections::HashSet;

use domain::authority::{Actor, Role};
use domain::ports::{PortError, Submission};
use domain::scopes::Scope;
use domain::time::{DAY, Millis};
use sqlx::{Row, SqliteConnection};

use super::Group;
use crate::columns::{json, signed, unsigned};
use crate::engine;

/// So many times more for the people of an office.
const OFFICE: u64 = 10;

impl Group<'_> {
    /// The same, with at most so many new operations of one person in a day.
    pub(crate) fn limited(mut self, operations_per_day: Option<u64>) -> Self {
        self.operations_per_day = operations_per_day;
        self
    }

    /// Counts what the authors of new operations sent within a day. What comes back with its
    /// receipt counts when it was received first.
    pub(super) async fn load_sent(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
        now: Millis,
    ) -> Result<(), PortError> {
        let Some(limit) = self.operations_per_day else { return Ok(()) };
        let new = submissions.iter().filter(|new| !self.journal.contains_key(&new.operation.entry));
        let people: HashSet<_> = new.filter_map(|new| new.actor.person()).map(|person| &person.id).collect();
        if people.is_empty() {
            return Ok(());
        }
        let trails: Vec<_> = people.into_iter().cloned().map(Scope::Person).collect();
        // Whoever's trail never moved so often cannot have sent more: nearly everybody. Of the others
        // what changed within the day is looked at: no trail is older than its last change.
        let rows = sqlx::query(
            "SELECT own.name, count(*) FROM scopes AS own CROSS JOIN records ON records.scope = own.id
             WHERE own.name IN (SELECT value FROM json_each(?1)) AND own.head + ?3 > ?4
               AND records.seq > coalesce((SELECT seq FROM records AS earlier
                 WHERE earlier.scope = own.id AND changed_at <= ?2 ORDER BY seq DESC LIMIT 1), 0)
               AND records.body ->> 'received_at' > ?2
             GROUP BY own.name",
        )
        .bind(json(&trails)?)
        .bind(now.plus(-DAY).0)
        .bind(signed(submissions.len() as u64))
        .bind(signed(limit))
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            let name: String = row.get(0);
            if let Ok(Scope::Person(person)) = name.parse() {
                self.sent.insert(person, unsigned(&row, 1));
            }
        }
        Ok(())
    }

    /// Whether one more new operation of this author is taken now.
    pub(super) fn has_room(&self, actor: &Actor) -> bool {
        let (Some(limit), Some(person)) = (self.operations_per_day, actor.person()) else { return true };
        let of_an_office = person.memberships.iter().any(|membership| membership.role == Role::Clerk);
        let limit = if of_an_office { limit.saturating_mul(OFFICE) } else { limit };
        self.sent.get(&person.id).is_none_or(|sent| *sent < limit)
    }

    /// A new operation was decided.
    pub(super) fn count_sent(&mut self, actor: &Actor) {
        if let Some(person) = actor.person() {
            *self.sent.entry(person.id.clone()).or_default() += 1;
        }
    }

    /// What the new operations name is theirs for good.
    pub(super) async fn name_uploads(&self, connection: &mut SqliteConnection) -> Result<(), PortError> {
        let named = self.operations.iter().flat_map(|new| {
            let operation = &new.submission.operation;
            let author = operation.author.person();
            operation.blobs.iter().filter_map(move |blob| Some((blob.sha256, author?)))
        });
        let named: Vec<_> = named.collect();
        if named.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "UPDATE uploads SET named = 1 FROM json_each(?) AS used
             WHERE uploads.sha256 = unhex(used.value ->> 0) AND uploads.person = used.value ->> 1",
        )
        .bind(json(&named)?)
        .execute(connection)
        .await
        .map_err(engine)?;
        Ok(())
    }
}
