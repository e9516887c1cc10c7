//! Reading back and backing up: nothing altered quietly, nothing hidden served.

use std::path::Path;

use crate::fixture::*;
use domain::authority::Role;
use domain::ids::{Hash, PersonId};
use domain::operations::{Action, BlobRef, Hide, Photo, Propose};
use domain::ports::{Blobs, Identity, Journal, Submission};
use domain::receipts::PushResult;
use domain::scopes::Scope;
use domain::time::DAY;
use sqlx::{Connection, SqliteConnection};
use store::{Place, Store, check};

/// A one-pixel-high JPEG without any metadata; `tint` makes each another file.
pub fn picture(tint: u8) -> Vec<u8> {
    let table = [&[0xFF, 0xDB, 0, 67, 0][..], &[tint; 64]].concat();
    let frame = [0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 30, 1, 1, 0x11, 0];
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34, 0xFF, 0xD9];
    [&[0xFF, 0xD8][..], &table, &frame, &scan].concat()
}

pub async fn upload(store: &Store, person: &PersonId, bytes: &[u8]) -> Hash {
    let hash = Hash::of(bytes);
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    let size = bytes.len() as u64;
    assert!(!store.write(person, &hash, size, 0, first).await.unwrap());
    assert_eq!(store.offset(person, &hash).await.unwrap(), (first.len() as u64, false));
    assert!(store.write(person, &hash, size, first.len() as u64, rest).await.unwrap());
    hash
}

pub fn with_photo(consultation: domain::ids::RecordId, number: u64, full: Hash, thumb: Hash) -> Submission {
    let Action::Propose(propose) = propose(consultation, "Avec une photo") else { unreachable!() };
    let action = Action::Propose(Propose { photos: vec![Photo { full, thumb, alt: None }], ..propose });
    let size = picture(1).len() as u64;
    let blobs = vec![BlobRef { sha256: full, size }, BlobRef { sha256: thumb, size }];
    act_with(&citizen(), number, action, blobs)
}

pub async fn lived_in() -> Village {
    let village = Village::new().await;
    let (me, _) =
        village.store.add("Une personne".parse().unwrap(), laforce(), Role::Participant).await.unwrap();
    let consultation = village.open_consultation().await;
    for number in 10..30 {
        village.push(act(&citizen(), number, propose(consultation, &format!("Idée {number}")))).await;
    }
    let citizen = citizen().id;
    let (full, thumb) = (
        upload(&village.store, &citizen, &picture(1)).await,
        upload(&village.store, &citizen, &picture(2)).await,
    );
    village.push(with_photo(consultation, 40, full, thumb)).await;
    let (hidden, _) =
        village.push(act(&crate::fixture::citizen(), 41, propose(consultation, "À cacher"))).await;
    let hide = Hide { consultation, record: hidden.records[0], rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), 42, Action::Hide(hide))).await;
    let erased = act(&crate::fixture::citizen(), 43, propose(consultation, "À effacer"));
    village.push(erased.clone()).await;
    assert!(village.store.erase(&erased.operation.entry).await.unwrap().is_some());
    assert!(village.store.person(&me).await.unwrap().is_some());
    village
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// A small generator with a seed that is printed (xorshift*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }
}

/// Changes one value of one row, or one byte of one photo. What was done, in words.
async fn mutate(dir: &Path, dice: &mut Dice) -> Option<String> {
    if dice.roll(8) == 0 {
        let shelves: Vec<_> =
            std::fs::read_dir(dir.join("blobs")).unwrap().map(|e| e.unwrap().path()).collect();
        let shelf = &shelves[dice.roll(shelves.len())];
        let file = std::fs::read_dir(shelf).unwrap().next().unwrap().unwrap().path();
        let mut bytes = std::fs::read(&file).unwrap();
        let at = dice.roll(bytes.len());
        bytes[at] ^= 1 << dice.roll(8);
        std::fs::write(&file, bytes).unwrap();
        return Some(format!("bit of photo byte {at}"));
    }
    let columns: &[(&str, &[&str])] = &[
        (
            "operations",
            &[
                "position",
                "entry",
                "op",
                "author",
                "community",
                "kind",
                "hash",
                "body",
                "received_at",
                "receipt",
                "signature",
                "erased",
                "DELETE",
            ],
        ),
        ("records", &["scope", "seq", "name", "body", "changed_at", "mac", "DELETE"]),
        ("scopes", &["name", "head", "horizon", "sum", "mac", "DELETE"]),
        ("blobs", &["sha256", "size", "media_type", "DELETE"]),
        ("blob_refs", &["sha256", "scope", "name", "DELETE"]),
    ];
    let (table, columns) = columns[dice.roll(columns.len())];
    let column = columns[dice.roll(columns.len())];
    let mut connection = SqliteConnection::connect(dir.join("rabaska.db").to_str().unwrap()).await.unwrap();
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut connection).await.unwrap();
    let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let row = dice.roll(count as usize);
    let pick = match table {
        "blobs" => format!("sha256 = (SELECT sha256 FROM blobs LIMIT 1 OFFSET {row})"),
        "blob_refs" => format!(
            "(sha256, scope, name) = (SELECT sha256, scope, name FROM blob_refs LIMIT 1 OFFSET {row})"
        ),
        _ => format!("rowid = (SELECT rowid FROM {table} LIMIT 1 OFFSET {row})"),
    };
    let byte = dice.roll(9) + 1;
    let statement = match column {
        "DELETE" => format!("DELETE FROM {table} WHERE {pick}"),
        "position" | "seq" | "head" | "horizon" | "received_at" | "changed_at" | "size" => {
            format!("UPDATE {table} SET {column} = {column} + {} WHERE {pick}", 1_000 + byte)
        }
        "erased" => format!("UPDATE {table} SET erased = 1 - erased WHERE {pick}"),
        "entry" | "op" | "hash" | "signature" | "mac" | "sum" | "sha256" => format!(
            "UPDATE {table} SET {column} = unhex(replace(hex(substr({column}, 1, 1)), hex(substr({column}, 1, 1)),
               printf('%02X', (instr('0123456789ABCDEF', substr(hex({column}), 1, 1)) * 16 + {byte}) % 256)))
               || substr({column}, 2) WHERE {pick}"
        ),
        "scope" if table == "records" => format!("UPDATE {table} SET scope = scope + 1 WHERE {pick}"),
        "body" if table == "records" => {
            format!("UPDATE {table} SET body = CASE WHEN body IS NULL THEN '{{}}' ELSE NULL END WHERE {pick}")
        }
        text => format!("UPDATE {table} SET {text} = {text} || ' ' WHERE {pick}"),
    };
    let done = sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&mut connection).await;
    connection.close().await.unwrap();
    // A constraint of the database itself refused it, or the byte was this one already.
    done.is_ok_and(|done| done.rows_affected() == 1).then_some(statement)
}

#[tokio::test]
async fn each_of_200_single_mutations_is_found() {
    let village = lived_in().await;
    village.store.clone().close().await;
    let Village { dir, store, .. } = village;
    drop(store);
    assert_eq!(check(&Place::data(dir.path())).await.unwrap().findings, Vec::<String>::new());
    let seed = 20_261_123;
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let mut mutations = 0;
    while mutations < 200 * scale() {
        let copy = tempfile::tempdir().unwrap();
        copy_tree(dir.path(), copy.path());
        let Some(mutation) = mutate(copy.path(), &mut dice).await else { continue };
        if same_database(dir.path(), copy.path()).await && !mutation.starts_with("bit") {
            continue;
        }
        mutations += 1;
        let report = check(&Place::data(copy.path())).await.unwrap();
        assert!(!report.findings.is_empty(), "not found: {mutation}");
    }
}

/// Whether a mutation happened to write what was there.
async fn same_database(one: &Path, other: &Path) -> bool {
    let mut connection = SqliteConnection::connect(one.join("rabaska.db").to_str().unwrap()).await.unwrap();
    sqlx::query("ATTACH ? AS other")
        .bind(other.join("rabaska.db").to_str().unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    let mut same = true;
    for table in ["operations", "records", "scopes", "blobs", "blob_refs"] {
        let sql = format!(
            "SELECT (SELECT count(*) FROM (SELECT * FROM {table} EXCEPT SELECT * FROM other.{table}))
               + (SELECT count(*) FROM (SELECT * FROM other.{table} EXCEPT SELECT * FROM {table}))"
        );
        let differing: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap();
        if differing != 0 {
            same = false;
        }
    }
    connection.close().await.unwrap();
    same
}

#[tokio::test]
async fn backed_up_through_is_the_backup_before_the_latest() {
    let folder = tempfile::tempdir().unwrap();
    let village = lived_in().await;
    let mut told = Vec::new();
    for number in 100..103 {
        let page = village.pull(&Scope::Person(citizen().id)).await;
        told.push(page.backed_up_through);
        village.store.backup(folder.path()).await.unwrap();
        village.clock.pass(DAY);
        village.push(act(&clerk(), number, open(NOW.plus(20 * DAY)))).await;
    }
    let page = village.pull(&Scope::Person(citizen().id)).await;
    told.push(page.backed_up_through);
    let first = 25;
    assert_eq!(told, [Some(0), Some(0), Some(first), Some(first + 1)]);
}

#[tokio::test]
async fn a_photo_is_served_while_a_public_record_names_it_and_not_after_it_is_hidden() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let me = citizen();
    let (full, thumb) = (
        upload(&village.store, &me.id, &picture(1)).await,
        upload(&village.store, &me.id, &picture(2)).await,
    );
    assert!(village.store.read(None, &full).await.unwrap().is_none(), "nothing names it yet");
    assert!(village.store.read(Some(&me), &full).await.unwrap().is_some(), "its uploader sees it");
    let (made, _) = village.push(with_photo(consultation, 5, full, thumb)).await;
    assert!(village.store.read(None, &full).await.unwrap().is_some());
    let hide = Hide { consultation, record: made.records[0], rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), 6, Action::Hide(hide))).await;
    assert!(village.store.read(None, &full).await.unwrap().is_none());
    assert!(village.store.read(Some(&clerk()), &full).await.unwrap().is_some(), "the desk still sees it");
    assert!(village.store.offset(&me.id, &full).await.is_err(), "its hash is refused");
}

#[tokio::test]
async fn a_file_that_someone_else_uploaded_is_not_there_for_me() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let neighbour = person("neighbour", Role::Participant);
    let full = upload(&village.store, &neighbour.id, &picture(1)).await;
    let thumb = upload(&village.store, &neighbour.id, &picture(2)).await;
    let results = village.store.append(vec![with_photo(consultation, 5, full, thumb)]).await.unwrap();
    let PushResult::Waiting(domain::receipts::Missing::Blobs(missing)) = &results[0] else { panic!() };
    assert_eq!(missing.len(), 2);
    assert_eq!(village.store.offset(&citizen().id, &full).await.unwrap(), (0, false));
}
