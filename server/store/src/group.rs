//! One transaction: replay check, loading, deciding, writing, for all operations of a group.
//! A few statements serve the whole group; heads and positions are read inside it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::envelope::Author;
use domain::ids::{CommunityId, Entry, Epoch, Hash, OpId, Signature};
use domain::operations::Hide;
use domain::ports::{PortError, Submission};
use domain::receipts::{Missing, Outcome, PushResult, Receipt, SignedReceipt};
use domain::records::Record;
use domain::rules::{Change, Context, Decision, Loaded, Slot, moderation, reads};
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use crate::rows::{Check, RowKey, toggle};
use crate::writer::Work;
use crate::{Decide, ReceiptSigner, engine};

/// A scope that a commit moved: its new head, and where its changed records lay before.
pub(crate) struct Touched {
    pub(crate) scope: Scope,
    pub(crate) head: u64,
    pub(crate) moved: Vec<u64>,
}

/// An operation that the journal holds.
#[derive(Clone)]
struct Stored {
    hash: Hash,
    community: String,
    receipt: SignedReceipt,
    erased: bool,
}

/// A record's row before this transaction.
struct Before {
    seq: u64,
    body: Option<String>,
    check: Check,
}

/// A scope's row.
struct ScopeRow {
    id: i64,
    head: u64,
    horizon: u64,
    sum: Check,
}

#[derive(Serialize)]
struct NewOperation<'a> {
    position: u64,
    entry: Entry,
    op: OpId,
    author: String,
    community: &'a str,
    kind: &'static str,
    hash: Hash,
    body: &'a str,
    received_at: Millis,
    receipt: String,
    signature: Signature,
}

#[derive(Serialize)]
struct NewRow<'a> {
    scope: i64,
    seq: u64,
    name: &'a str,
    body: Option<&'a str>,
    mac: String,
}

pub(crate) struct Group<'w> {
    decide: Decide,
    signer: &'w ReceiptSigner,
    epoch: Epoch,
    row_key: &'w RowKey,
    position: u64,
    journal: HashMap<Entry, Stored>,
    uploads: HashSet<(String, Hash)>,
    loaded: Loaded,
    before: HashMap<Key, Option<Before>>,
    changed: BTreeMap<Key, Option<Record>>,
    operations: Vec<NewOperation<'w>>,
}

impl<'w> Group<'w> {
    pub(crate) fn new(decide: Decide, signer: &'w ReceiptSigner, epoch: Epoch, row_key: &'w RowKey) -> Self {
        Self {
            decide,
            signer,
            epoch,
            row_key,
            position: 0,
            journal: HashMap::new(),
            uploads: HashSet::new(),
            loaded: Loaded::default(),
            before: HashMap::new(),
            changed: BTreeMap::new(),
            operations: Vec::new(),
        }
    }

    /// The journal's end after this group.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Decides everything and writes it; the caller commits.
    pub(crate) async fn run(
        &mut self,
        connection: &mut SqliteConnection,
        works: &[&'w Work],
        now: Millis,
    ) -> Result<(Vec<Vec<PushResult>>, Vec<Touched>), PortError> {
        self.position = crate::epoch::position(connection).await?;
        let submissions: Vec<&Submission> = works
            .iter()
            .flat_map(|work| match work {
                Work::Append(submissions) => submissions.as_slice(),
                Work::Put(_) => &[],
            })
            .collect();
        self.load_journal(connection, &submissions).await?;
        self.load_uploads(connection, &submissions).await?;
        self.load_reads(connection, &submissions).await?;
        let mut answers = Vec::with_capacity(works.len());
        for work in works {
            match work {
                Work::Append(submissions) => {
                    let mut results = Vec::with_capacity(submissions.len());
                    for submission in submissions {
                        results.push(self.one(connection, submission, now).await?);
                    }
                    answers.push(results);
                }
                Work::Put(changes) => {
                    self.take(changes.clone());
                    answers.push(Vec::new());
                }
            }
        }
        let touched = self.write(connection, now).await?;
        Ok((answers, touched))
    }

    async fn one(
        &mut self,
        connection: &mut SqliteConnection,
        submission: &'w Submission,
        now: Millis,
    ) -> Result<PushResult, PortError> {
        let operation = &submission.operation;
        if let Some(stored) = self.journal.get(&operation.entry) {
            let same = stored.hash == operation.hash && stored.community == operation.community.as_str();
            return Ok(match (same, stored.erased) {
                (false, _) => PushResult::Conflict,
                (true, true) => PushResult::Erased(stored.receipt.clone()),
                (true, false) => PushResult::Receipt(stored.receipt.clone()),
            });
        }
        let honoured = submission.receipt.as_ref().and_then(|signed| {
            let receipt = signed.read()?;
            let lost = receipt.epoch != self.epoch || receipt.position > self.position;
            let exact = receipt.entry == operation.entry && receipt.hash == operation.hash;
            (lost && exact).then_some((signed, receipt))
        });
        let missing: Vec<Hash> = self.missing_blobs(&operation.author, submission).collect();
        if !missing.is_empty() {
            return Ok(PushResult::Waiting(Missing::Blobs(missing)));
        }
        // What an earlier operation of the group changed may name further keys.
        loop {
            let keys = reads(operation, &self.loaded);
            if keys.is_empty() {
                break;
            }
            self.load(connection, keys).await?;
        }
        let context = Context {
            now: honoured.as_ref().map_or(now, |(_, receipt)| receipt.received_at),
            position: self.position + 1,
            actor: &submission.actor,
            honoured: honoured.as_ref().map(|(_, receipt)| receipt),
        };
        let (decide, loaded) = (self.decide, &self.loaded);
        let decision = catch_unwind(AssertUnwindSafe(|| decide(operation, loaded, context)))
            .map_err(|_| PortError::Unavailable("a rule panicked".to_owned()))?;
        let (outcome, changes, records) = match decision {
            Decision::Waiting(missing) => return Ok(PushResult::Waiting(missing)),
            Decision::Decided { outcome, changes, records } => (outcome, changes, records),
        };
        self.position += 1;
        let received_at = context.now;
        let signed = match honoured {
            Some((signed, _)) => signed.clone(),
            None => self.receipt(submission, outcome, records, received_at)?,
        };
        self.take(changes);
        self.keep(submission, &signed, received_at);
        Ok(PushResult::Receipt(signed))
    }

    fn receipt(
        &self,
        submission: &Submission,
        outcome: Outcome,
        records: Vec<domain::ids::RecordId>,
        received_at: Millis,
    ) -> Result<SignedReceipt, PortError> {
        let operation = &submission.operation;
        let receipt = Receipt {
            v: 1,
            op: operation.op,
            entry: operation.entry,
            community: operation.community.clone(),
            hash: operation.hash,
            outcome,
            records,
            received_at,
            epoch: self.epoch,
            position: self.position,
            key_id: self.signer.id(),
        };
        let text = serde_json::to_string(&receipt).map_err(|error| crate::failed("a receipt", error))?;
        Ok(self.signer.sign(text))
    }

    fn keep(&mut self, submission: &'w Submission, signed: &SignedReceipt, received_at: Millis) {
        let operation = &submission.operation;
        let community = operation.community.as_str();
        self.journal.insert(
            operation.entry,
            Stored {
                hash: operation.hash,
                community: community.to_owned(),
                receipt: signed.clone(),
                erased: false,
            },
        );
        self.operations.push(NewOperation {
            position: self.position,
            entry: operation.entry,
            op: operation.op,
            author: operation.author.key(),
            community,
            kind: operation.action.kind().name(),
            hash: operation.hash,
            body: &submission.envelope.body,
            received_at,
            receipt: signed.text.clone(),
            signature: signed.signature,
        });
    }

    fn take(&mut self, changes: Vec<Change>) {
        self.loaded.apply(&changes);
        self.changed.extend(changes.into_iter().map(|change| (change.key, change.record)));
    }

    fn missing_blobs<'s>(
        &'s self,
        author: &Author,
        submission: &'s Submission,
    ) -> impl Iterator<Item = Hash> + 's {
        let author = author.key();
        let hashes = submission.operation.blobs.iter().map(|blob| blob.sha256);
        hashes.filter(move |hash| !self.uploads.contains(&(author.clone(), *hash)))
    }

    async fn load_journal(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        let entries: Vec<String> = submissions.iter().map(|s| s.operation.entry.to_string()).collect();
        if entries.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT entry, hash, community, receipt, signature, erased FROM operations
             WHERE entry IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(json(&entries)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            let stored = Stored {
                hash: Hash(bytes(&row, 1)?),
                community: row.get(2),
                receipt: SignedReceipt { text: row.get(3), signature: Signature(bytes(&row, 4)?) },
                erased: row.get::<i64, _>(5) != 0,
            };
            self.journal.insert(Entry(bytes(&row, 0)?), stored);
        }
        Ok(())
    }

    async fn load_uploads(
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
            "SELECT sha256, person FROM uploads JOIN blobs USING (sha256)
             WHERE complete = 1 AND refused = 0 AND sha256 IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(json(&wanted)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        for row in rows {
            self.uploads.insert((format!("person:{}", row.get::<String, _>(1)), Hash(bytes(&row, 0)?)));
        }
        Ok(())
    }

    async fn load_reads(
        &mut self,
        connection: &mut SqliteConnection,
        submissions: &[&Submission],
    ) -> Result<(), PortError> {
        loop {
            let keys: HashSet<Key> = submissions
                .iter()
                .filter(|s| !self.journal.contains_key(&s.operation.entry))
                .flat_map(|s| reads(&s.operation, &self.loaded))
                .collect();
            if keys.is_empty() {
                return Ok(());
            }
            self.load(connection, keys.into_iter().collect()).await?;
        }
    }

    /// Looks keys up, and remembers their rows as they were.
    async fn load(&mut self, connection: &mut SqliteConnection, keys: Vec<Key>) -> Result<(), PortError> {
        for (key, before) in self.rows(connection, &keys).await? {
            let slot = match &before {
                None => Slot::Absent,
                Some(Before { body: None, .. }) => Slot::Gone,
                Some(Before { body: Some(body), .. }) => {
                    let record = serde_json::from_str(body);
                    Slot::Held(Box::new(
                        record.map_err(|_| PortError::Damaged(format!("record {}", key.name)))?,
                    ))
                }
            };
            self.loaded.insert(key.clone(), slot);
            self.before.insert(key, before);
        }
        Ok(())
    }

    async fn rows(
        &self,
        connection: &mut SqliteConnection,
        keys: &[Key],
    ) -> Result<Vec<(Key, Option<Before>)>, PortError> {
        let wanted: Vec<(String, &str)> =
            keys.iter().map(|k| (k.scope.to_string(), k.name.as_str())).collect();
        let rows = sqlx::query(
            "SELECT wanted.key, seq, body, records.mac FROM json_each(?) AS wanted
             JOIN scopes ON scopes.name = wanted.value ->> 0
             JOIN records ON records.scope = scopes.id AND records.name = wanted.value ->> 1",
        )
        .bind(json(&wanted)?)
        .fetch_all(connection)
        .await
        .map_err(engine)?;
        let mut found: Vec<(Key, Option<Before>)> = keys.iter().map(|key| (key.clone(), None)).collect();
        for row in rows {
            let before = Before { seq: unsigned(&row, 1), body: row.get(2), check: bytes(&row, 3)? };
            let place = usize::try_from(unsigned(&row, 0)).unwrap_or(usize::MAX);
            if let Some(slot) = found.get_mut(place) {
                slot.1 = Some(before);
            }
        }
        Ok(found)
    }

    async fn write(
        &mut self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<Vec<Touched>, PortError> {
        if !self.operations.is_empty() {
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
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
        }
        self.write_records(connection, now).await
    }

    async fn write_records(
        &mut self,
        connection: &mut SqliteConnection,
        now: Millis,
    ) -> Result<Vec<Touched>, PortError> {
        let unseen: Vec<Key> =
            self.changed.keys().filter(|key| !self.before.contains_key(key)).cloned().collect();
        if !unseen.is_empty() {
            let rows = self.rows(connection, &unseen).await?;
            self.before.extend(rows);
        }
        let mut written: Vec<(&Key, Option<String>)> = Vec::new();
        for (key, record) in &self.changed {
            let body = record.as_ref().map(serde_json::to_string).transpose();
            let body = body.map_err(|error| crate::failed("a record", error))?;
            let before = self.before.get(key).and_then(Option::as_ref);
            // Equal bytes write no row: else the number of rows would tell a hidden count. And
            // what never was leaves no tombstone.
            let same = before.map_or(body.is_none(), |before| before.body == body);
            if !same {
                written.push((key, body));
            }
        }
        if written.is_empty() {
            return Ok(Vec::new());
        }
        let names: HashSet<String> = written.iter().map(|(key, _)| key.scope.to_string()).collect();
        let mut scopes = self.scopes(connection, &names).await?;
        let mut rows = Vec::with_capacity(written.len());
        let mut moved: BTreeMap<Scope, Vec<u64>> = BTreeMap::new();
        for (key, body) in &written {
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
        sqlx::query(
            "INSERT INTO records (scope, seq, name, body, changed_at, mac)
             SELECT value ->> 'scope', value ->> 'seq', value ->> 'name', value ->> 'body', ?,
               unhex(value ->> 'mac') FROM json_each(?) WHERE true
             ON CONFLICT (scope, name) DO UPDATE SET seq = excluded.seq, body = excluded.body,
               changed_at = excluded.changed_at, mac = excluded.mac",
        )
        .bind(now.0)
        .bind(json(&rows)?)
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
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
        .execute(&mut *connection)
        .await
        .map_err(engine)?;
        self.write_blob_refs(connection, &written).await?;
        let touched = moved.into_iter().map(|(scope, moved)| {
            let head = scopes.get(&scope.to_string()).map_or(0, |row| row.head);
            Touched { scope, head, moved }
        });
        Ok(touched.collect())
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

    /// Which live records name a file, kept in step with the records.
    async fn write_blob_refs(
        &self,
        connection: &mut SqliteConnection,
        written: &[(&Key, Option<String>)],
    ) -> Result<(), PortError> {
        for (key, _) in written {
            let named = |record: &Record| record.blobs();
            let after = self.changed.get(*key).and_then(Option::as_ref).map(named).unwrap_or_default();
            let before = self.before.get(*key).and_then(Option::as_ref).and_then(|row| row.body.as_deref());
            let before = before.and_then(|body| serde_json::from_str::<Record>(body).ok());
            if let Some(Some(Record::Hiding(_))) = self.changed.get(*key) {
                self.refuse_blobs(connection, key).await?;
            }
            if after.is_empty() && before.as_ref().map(named).unwrap_or_default().is_empty() {
                continue;
            }
            sqlx::query("DELETE FROM blob_refs WHERE scope = ? AND name = ?")
                .bind(key.scope.to_string())
                .bind(&key.name)
                .execute(&mut *connection)
                .await
                .map_err(engine)?;
            sqlx::query(
                "INSERT INTO blob_refs (sha256, scope, name) SELECT unhex(value), ?, ? FROM json_each(?) WHERE true
                 ON CONFLICT DO NOTHING",
            )
            .bind(key.scope.to_string())
            .bind(&key.name)
            .bind(json(&after)?)
            .execute(&mut *connection)
            .await
            .map_err(engine)?;
        }
        Ok(())
    }
}

impl Group<'_> {
    /// What hiding again after a restore changes.
    pub(crate) async fn hide_again(
        &mut self,
        connection: &mut SqliteConnection,
        community: &CommunityId,
        hide: &Hide,
        at: Millis,
    ) -> Result<Vec<Change>, PortError> {
        loop {
            let keys = moderation::hide_reads(community, hide, &self.loaded);
            let keys: Vec<Key> = keys.into_iter().filter(|key| !self.loaded.has(key)).collect();
            if keys.is_empty() {
                return Ok(moderation::hide_again(community, hide, &self.loaded, at));
            }
            self.load(connection, keys).await?;
        }
    }

    /// The files of something hidden do not come back under another proposal.
    async fn refuse_blobs(&self, connection: &mut SqliteConnection, trace: &Key) -> Result<(), PortError> {
        let Some(name) = trace.name.strip_prefix("hiding-") else { return Ok(()) };
        let hidden = Key { scope: trace.scope.clone(), name: name.to_owned() };
        let before = self.before.get(&hidden).and_then(Option::as_ref).and_then(|row| row.body.as_deref());
        let Some(record) = before.and_then(|body| serde_json::from_str::<Record>(body).ok()) else {
            return Ok(());
        };
        sqlx::query("UPDATE blobs SET refused = 1 WHERE sha256 IN (SELECT unhex(value) FROM json_each(?))")
            .bind(json(&record.blobs())?)
            .execute(connection)
            .await
            .map_err(engine)?;
        Ok(())
    }
}

fn json(value: &impl Serialize) -> Result<String, PortError> {
    serde_json::to_string(value).map_err(|error| crate::failed("writing JSON", error))
}

fn unsigned(row: &sqlx::sqlite::SqliteRow, column: usize) -> u64 {
    row.get::<i64, _>(column).unsigned_abs()
}

/// A column of a fixed number of bytes.
pub(crate) fn bytes<const N: usize>(
    row: &sqlx::sqlite::SqliteRow,
    column: usize,
) -> Result<[u8; N], PortError> {
    let damaged = |_| PortError::Damaged(format!("column {column}"));
    row.get::<Vec<u8>, _>(column).try_into().map_err(damaged)
}
