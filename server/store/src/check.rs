//! Reading a database back: every operation against its hash and receipt, every receipt
//! against its signature, every record and scope against its check, every photo against its
//! name. Works on a data folder that nothing uses, or on a backup.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use domain::ids::{Entry, Hash, KeyId, OpId, hex};
use domain::ports::PortError;
use domain::receipts::Receipt;
use domain::records::Record;
use ed25519_dalek::{Verifier, VerifyingKey};
use futures_util::TryStreamExt;
use sqlx::{Connection, Row, SqliteConnection};

use crate::columns::bytes;
use crate::rows::{Check, RowKey, toggle};
use crate::{connection, engine, epoch, keys, media};

/// What was read, and what is wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// Operations read.
    pub operations: u64,
    /// Records and tombstones read.
    pub records: u64,
    /// Photos read.
    pub blobs: u64,
    /// One sentence each, naming the row; empty when all is well.
    pub findings: Vec<String>,
}

/// A folder with a database, and the folder with its photos (shared between backups).
#[derive(Clone, Debug)]
pub struct Place {
    /// Holds the database and its keys.
    pub dir: PathBuf,
    /// Holds the photos.
    pub blobs: PathBuf,
}

impl Place {
    /// A data folder.
    pub fn data(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), blobs: dir.join("blobs") }
    }

    fn blob(&self, hash: &Hash) -> PathBuf {
        let name = hash.to_string();
        self.blobs.join(&name[..2]).join(name)
    }
}

/// Checks everything.
pub async fn check(place: &Place) -> Result<Report, PortError> {
    let mut connection = connection::open_alone(&place.dir).await?;
    let mut report = Report::default();
    let sound: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.map_err(engine)?;
    if sound != "ok" {
        report.findings.push(format!("the database file is damaged: {sound}"));
    }
    operations(&mut connection, place, &mut report).await?;
    let named = records(&mut connection, place, &mut report).await?;
    blobs(&mut connection, place, named, &mut report).await?;
    // Closed before anyone copies or removes the folder: its side files go with it.
    connection.close().await.map_err(engine)?;
    Ok(report)
}

async fn operations(
    connection: &mut SqliteConnection,
    place: &Place,
    report: &mut Report,
) -> Result<(), PortError> {
    let keys: HashMap<KeyId, VerifyingKey> = keys::known(connection).await?.into_iter().collect();
    let mut end = 0;
    {
        let mut rows = sqlx::query(
            "SELECT position, entry, op, author, community, kind, hash, body, received_at, receipt, signature,
               erased FROM operations ORDER BY position",
        )
        .fetch(&mut *connection);
        while let Some(row) = rows.try_next().await.map_err(engine)? {
            let position = row.get::<i64, _>(0).unsigned_abs();
            report.operations += 1;
            end += 1;
            if position != end {
                report.findings.push(format!("operation {end} is missing"));
                end = position;
            }
            if let Err(what) = operation(&row, &keys) {
                report.findings.push(format!("operation {position}: {what}"));
            }
        }
    }
    match epoch::noted(&place.dir) {
        Some(noted) if noted > end => {
            report.findings.push(format!("operations {} to {noted} are missing", end + 1));
        }
        _ => {}
    }
    Ok(())
}

/// One operation's columns against each other and the receipt's signature.
fn operation(row: &sqlx::sqlite::SqliteRow, keys: &HashMap<KeyId, VerifyingKey>) -> Result<(), &'static str> {
    let shape = |_| "a column has another length";
    let entry = Entry(bytes(row, 1).map_err(shape)?);
    let op = OpId(bytes(row, 2).map_err(shape)?);
    let (author, community, kind): (&str, &str, &str) = (row.get(3), row.get(4), row.get(5));
    let hash = Hash(bytes(row, 6).map_err(shape)?);
    let body: &str = row.get(7);
    let (received_at, text): (i64, &str) = (row.get(8), row.get(9));
    let signature: [u8; 64] = bytes(row, 10).map_err(shape)?;
    let erased = row.get::<i64, _>(11) != 0;
    let receipt: Receipt = serde_json::from_str(text).map_err(|_| "the receipt cannot be read")?;
    let key = keys.get(&receipt.key_id).ok_or("the receipt names an unknown key")?;
    key.verify(&Receipt::signed_bytes(text), &ed25519_dalek::Signature::from_bytes(&signature))
        .map_err(|_| "the receipt's signature does not fit")?;
    let told = (receipt.op, receipt.entry, receipt.community.as_str(), receipt.hash, receipt.received_at.0);
    if told != (op, entry, community, hash, received_at) {
        return Err("the receipt is for something else");
    }
    if erased {
        return if body.is_empty() && author.is_empty() { Ok(()) } else { Err("erased, and still there") };
    }
    if Hash::tagged("rabaska/body/v1", body.as_bytes()) != hash {
        return Err("the body is not what was sealed");
    }
    if Entry::of_key(author, op) != entry {
        return Err("the author is not who sealed it");
    }
    let said: serde_json::Value = serde_json::from_str(body).map_err(|_| "the body cannot be read")?;
    if said.get("kind").and_then(|value| value.as_str()) != Some(kind) {
        return Err("the kind is not what was sealed");
    }
    Ok(())
}

type Named = BTreeSet<(Hash, String, String)>;

async fn records(
    connection: &mut SqliteConnection,
    place: &Place,
    report: &mut Report,
) -> Result<Named, PortError> {
    let Some(seed) = keys::read_seed(&place.dir)? else {
        report.findings.push(format!("{} is missing: records cannot be checked", keys::FILE));
        return Ok(Named::new());
    };
    let key = RowKey::from_seed(seed.to_bytes());
    let mut named = Named::new();
    let mut sums: BTreeMap<i64, (Check, u64)> = BTreeMap::new();
    {
        let mut rows = sqlx::query(
            "SELECT scopes.id, scopes.name, seq, records.name, body, changed_at, records.mac FROM records
             LEFT JOIN scopes ON scopes.id = records.scope",
        )
        .fetch(&mut *connection);
        while let Some(row) = rows.try_next().await.map_err(engine)? {
            report.records += 1;
            let (Some(id), Some(scope)) = (row.get::<Option<i64>, _>(0), row.get::<Option<&str>, _>(1))
            else {
                report.findings.push("a record lies in no scope".to_owned());
                continue;
            };
            let (seq, name): (i64, &str) = (row.get(2), row.get(3));
            let (body, changed_at): (Option<&str>, i64) = (row.get(4), row.get(5));
            let stored: Check = bytes(&row, 6).unwrap_or_default();
            let check = key.check(scope, seq.unsigned_abs(), name, body, changed_at);
            if check != stored {
                report.findings.push(format!("record {name} in {scope} was changed"));
            }
            let (sum, highest) = sums.entry(id).or_default();
            toggle(sum, &stored);
            *highest = seq.unsigned_abs().max(*highest);
            let record = body.and_then(|body| serde_json::from_str::<Record>(body).ok());
            let blobs = record.map(|record| record.blobs()).unwrap_or_default();
            named.extend(blobs.into_iter().map(|blob| (blob, scope.to_owned(), name.to_owned())));
        }
    }
    let rows = sqlx::query("SELECT id, name, head, horizon, sum, mac FROM scopes")
        .fetch_all(connection)
        .await
        .map_err(engine)?;
    for row in &rows {
        let (id, name): (i64, &str) = (row.get(0), row.get(1));
        let (head, horizon) = (row.get::<i64, _>(2).unsigned_abs(), row.get::<i64, _>(3).unsigned_abs());
        let sum: Check = bytes(row, 4).unwrap_or_default();
        let (found, highest) = sums.remove(&id).unwrap_or_default();
        if sum != found || highest > head {
            report.findings.push(format!("a record of {name} is missing or was changed"));
        }
        if key.check_scope(name, head, horizon, &sum)[..] != row.get::<Vec<u8>, _>(5) {
            report.findings.push(format!("the feed of {name} was changed"));
        }
    }
    Ok(named)
}

async fn blobs(
    connection: &mut SqliteConnection,
    place: &Place,
    named: Named,
    report: &mut Report,
) -> Result<(), PortError> {
    let rows = sqlx::query("SELECT sha256, scope, name FROM blob_refs").fetch_all(&mut *connection).await;
    let mut listed = Named::new();
    for row in rows.map_err(engine)? {
        listed.insert((Hash(bytes(&row, 0).unwrap_or_default()), row.get(1), row.get(2)));
    }
    for (hash, scope, name) in named.symmetric_difference(&listed) {
        report.findings.push(format!("file {hash}: its place in {scope}/{name} is not what the record says"));
    }
    // The bytes of what was erased are gone.
    let rows = sqlx::query("SELECT sha256, size, media_type FROM blobs WHERE refused < 2")
        .fetch_all(connection)
        .await;
    let mut known = BTreeSet::new();
    for row in rows.map_err(engine)? {
        let (stored, size): (Vec<u8>, i64) = (row.get(0), row.get(1));
        let Ok(hash) = stored.as_slice().try_into().map(Hash) else {
            report.findings.push(format!("a file has a name of another length: {}", hex(&stored)));
            continue;
        };
        known.insert(hash);
        report.blobs += 1;
        let Ok(bytes) = std::fs::read(place.blob(&hash)) else {
            report.findings.push(format!("file {hash} is missing"));
            continue;
        };
        // Whether it may be taken was decided when it came; its hash says that it is the same.
        let as_noted = media::media_type(&bytes) == Some(row.get::<&str, _>(2));
        if Hash::of(&bytes) != hash || bytes.len() as u64 != size.unsigned_abs() || !as_noted {
            report.findings.push(format!("file {hash} was changed"));
        }
    }
    for (hash, ..) in &listed {
        if !known.contains(hash) {
            report.findings.push(format!("file {hash} is named and not known"));
        }
    }
    Ok(())
}
