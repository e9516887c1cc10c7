//! Erasing: an operation loses its body and author and keeps entry, hash and receipt; its record
//! is a tombstone wherever it lies; its pictures go (protocol §6.6).

use std::collections::BTreeMap;

use domain::ids::{Entry, Hash, RecordId, Signature};
use domain::operations::{BlobRef, Kind};
use domain::ports::PortError;
use domain::receipts::{PushResult, SignedReceipt};
use domain::records::Record;
use domain::rules::{Slot, erasure};
use domain::scopes::Key;
use serde::Deserialize;
use serde::de::IgnoredAny;
use sqlx::{Row, SqliteConnection};

use super::Group;
use super::decide::Answer;
use super::load::Stored;
use crate::columns::{bytes, json, signed};
use crate::engine;

/// What is to be erased.
#[derive(Clone)]
pub(crate) struct Erase {
    pub(crate) entry: Entry,
    /// Its receipt, from the log beside the backups: a restored journal may never have held it,
    /// and has to know it when a device offers it again.
    pub(crate) remembered: Option<SignedReceipt>,
}

/// An operation that this group erases.
pub(super) struct Erased {
    entry: Entry,
    author: String,
    pictures: Vec<Hash>,
    /// Files of others that its records named: photos that an office covered.
    covers: Vec<Hash>,
    /// To be stored as erased, at this place: the journal does not hold it.
    new: Option<(u64, SignedReceipt)>,
}

/// What a sealed body says of its pictures.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    blobs: Vec<BlobRef>,
}

impl Group<'_> {
    /// Erases a proposal, or what an office entered for somebody in words; none when there is no such one.
    pub(super) async fn erase(
        &mut self,
        connection: &mut SqliteConnection,
        erase: &Erase,
    ) -> Result<Option<Answer>, PortError> {
        let entry = erase.entry;
        let row = sqlx::query(
            "SELECT kind, author, body, receipt, signature, erased FROM operations WHERE entry = ?",
        )
        .bind(&entry.0[..])
        .fetch_optional(&mut *connection)
        .await
        .map_err(engine)?;
        let Some(row) = row else {
            let Some(receipt) = erase.remembered.clone() else { return Ok(None) };
            self.position += 1;
            let new = Some((self.position, receipt.clone()));
            return self.erased(
                Erased { entry, author: String::new(), pictures: vec![], covers: vec![], new },
                receipt,
            );
        };
        let receipt = SignedReceipt { text: row.get(3), signature: Signature(bytes(&row, 4)?) };
        if row.get::<i64, _>(5) != 0 {
            return Ok(Some(Answer::Settled(PushResult::Erased(receipt))));
        }
        if !has_words(row.get(0), row.get(2)) {
            return Ok(None);
        }
        let body: Body = serde_json::from_str(row.get(2))
            .map_err(|_| PortError::Damaged("an operation's body".to_owned()))?;
        let pictures: Vec<Hash> = body.blobs.iter().map(|blob| blob.sha256).collect();
        let record = entry.record();
        let keys = self.concerned(connection, record).await?;
        let unread: Vec<Key> = keys.iter().filter(|key| !self.held.contains_key(key)).cloned().collect();
        self.load(connection, unread).await?;
        let (mut changes, mut covers) = (Vec::new(), Vec::new());
        for key in &keys {
            let Some(Slot::Held(held)) = self.held.get(key) else { continue };
            let Some(change) = erasure::erase(record, key, held) else { continue };
            let stay = change.record.as_ref().map(Record::blobs).unwrap_or_default();
            covers.extend(held.blobs().into_iter().filter(|it| !stay.contains(it) && !pictures.contains(it)));
            changes.push(change);
        }
        self.take(changes);
        self.erased(Erased { entry, author: row.get(1), pictures, covers, new: None }, receipt)
    }

    /// From here on the group knows it as erased.
    fn erased(&mut self, erased: Erased, receipt: SignedReceipt) -> Result<Option<Answer>, PortError> {
        let read = receipt.read().ok_or_else(|| PortError::Damaged("a receipt".to_owned()))?;
        let (hash, community) = (read.hash, read.community.to_string());
        let stored = Stored { hash, community, receipt: receipt.clone(), erased: true };
        self.journal.insert(erased.entry, stored);
        self.erased.push(erased);
        Ok(Some(Answer::Settled(PushResult::Erased(receipt))))
    }

    /// The places of every record that holds something of this one. What is erased is rare: all
    /// records are read for it, rather than keeping an index for that.
    async fn concerned(
        &self,
        connection: &mut SqliteConnection,
        record: RecordId,
    ) -> Result<Vec<Key>, PortError> {
        let rows = sqlx::query(
            "SELECT scopes.name, records.name FROM records JOIN scopes ON scopes.id = records.scope
             WHERE body IS NOT NULL AND (records.name = ?1 OR instr(body, ?1) > 0)",
        )
        .bind(record.to_string())
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        let key = |row: &sqlx::sqlite::SqliteRow| {
            let scope = row.get::<&str, _>(0).parse();
            let scope = scope.map_err(|_| PortError::Damaged("a scope's name".to_owned()))?;
            Ok(Key { scope, name: row.get(1) })
        };
        let mut keys = rows.iter().map(key).collect::<Result<Vec<Key>, PortError>>()?;
        // What this group is about to write.
        keys.extend(self.held.iter().filter_map(|(key, slot)| match slot {
            Slot::Held(held) if erasure::concerns(record, key, held) => Some(key.clone()),
            _ => None,
        }));
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    /// Empties the operations, and notes which pictures are not to be kept.
    pub(super) async fn write_erasures(&self, connection: &mut SqliteConnection) -> Result<(), PortError> {
        for erased in &self.erased {
            match &erased.new {
                Some((position, receipt)) => insert_erased(connection, *position, receipt).await?,
                None => {
                    sqlx::query("UPDATE operations SET body = '', author = '', erased = 1 WHERE entry = ?")
                        .bind(&erased.entry.0[..])
                        .execute(&mut *connection)
                        .await
                        .map_err(engine)?;
                }
            }
            if !erased.covers.is_empty() {
                sqlx::query("DELETE FROM uploads WHERE sha256 IN (SELECT unhex(value) FROM json_each(?))")
                    .bind(json(&erased.covers)?)
                    .execute(&mut *connection)
                    .await
                    .map_err(engine)?;
                discard_pictures(connection, &erased.covers).await?;
            }
            if erased.pictures.is_empty() {
                continue;
            }
            sqlx::query(
                "DELETE FROM uploads
                 WHERE 'person:' || person = ? AND sha256 IN (SELECT unhex(value) FROM json_each(?))",
            )
            .bind(&erased.author)
            .bind(json(&erased.pictures)?)
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
            discard_pictures(connection, &erased.pictures).await?;
        }
        Ok(())
    }
}

/// Pictures that are not to be kept: their bytes go once nothing names them any more.
pub(crate) async fn discard_pictures(
    connection: &mut SqliteConnection,
    pictures: &[Hash],
) -> Result<(), PortError> {
    sqlx::query(
        "INSERT INTO blobs (sha256, size, media_type, refused)
         SELECT unhex(value), 0, '', 2 FROM json_each(?) WHERE true
         ON CONFLICT DO UPDATE SET refused = CASE
           WHEN EXISTS (SELECT 1 FROM blob_refs WHERE blob_refs.sha256 = blobs.sha256) THEN 1 ELSE 2 END",
    )
    .bind(json(&pictures)?)
    .execute(connection)
    .await
    .map_err(engine)?;
    Ok(())
}

/// Whether an operation is one of those that are erased: a proposal, or what an office entered for somebody in
/// words.
fn has_words(kind: &str, body: &str) -> bool {
    /// What is entered, by its name.
    #[derive(Deserialize)]
    struct Entered {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        act: BTreeMap<String, IgnoredAny>,
    }
    let named = |kind: Kind| move |entered: &Entered| entered.data.act.contains_key(kind.name());
    kind == Kind::Propose.name()
        || kind == Kind::Enter.name()
            && serde_json::from_str::<Entered>(body)
                .is_ok_and(|it| named(Kind::Propose)(&it) || named(Kind::Comment)(&it))
}

/// What the journal never held, and has to know as erased.
async fn insert_erased(
    connection: &mut SqliteConnection,
    position: u64,
    receipt: &SignedReceipt,
) -> Result<(), PortError> {
    let read = receipt.read().ok_or_else(|| PortError::Damaged("a receipt".to_owned()))?;
    sqlx::query(
        "INSERT INTO operations
           (position, entry, op, author, community, kind, hash, body, received_at, receipt, signature, erased)
         VALUES (?, ?, ?, '', ?, ?, ?, '', ?, ?, ?, 1)",
    )
    .bind(signed(position))
    .bind(read.entry.0.to_vec())
    .bind(read.op.0.to_vec())
    .bind(read.community.to_string())
    .bind(Kind::Propose.name())
    .bind(read.hash.0.to_vec())
    .bind(read.received_at.0)
    .bind(&receipt.text)
    .bind(receipt.signature.0.to_vec())
    .execute(connection)
    .await
    .map_err(engine)?;
    Ok(())
}
