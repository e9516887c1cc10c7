//! What lies in a site's database and beside it, to say that a refused request left nothing.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::site::{Answer, Site};

/// A look at everything that is kept, and at how it changes.
pub struct Ledger {
    connection: SqliteConnection,
    folder: std::path::PathBuf,
    /// SQLite's own count of what others committed.
    version: i64,
    kept: Kept,
}

/// Rows by table; the journal's end and the heads of all scopes; names and sizes of files.
#[derive(PartialEq, Debug, Clone)]
struct Kept {
    rows: BTreeMap<String, i64>,
    position: i64,
    heads: Vec<(String, i64)>,
    files: BTreeMap<String, u64>,
}

impl Ledger {
    pub async fn of(site: &Site) -> Self {
        let database = site.path().join("rabaska.db");
        let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
        let folder = site.path().to_owned();
        let (version, kept) = (version(&mut connection).await, kept(&mut connection, &folder).await);
        Self { connection, folder, version, kept }
    }

    /// Nothing was committed and no file was touched since the last look.
    pub async fn is_unchanged(&mut self, what: &str) {
        let now = (version(&mut self.connection).await, files(&self.folder));
        assert_eq!(now, (self.version, self.kept.files.clone()), "{what}");
    }

    /// All rows and files are as they were, whatever was written and taken back in between,
    /// except in these tables.
    pub async fn keeps_all_but(&mut self, what: &str, tables: &[&str]) {
        let mut now = kept(&mut self.connection, &self.folder).await;
        let fresh = now.clone();
        for table in tables {
            now.rows.remove(*table);
            self.kept.rows.remove(*table);
        }
        assert_eq!(now, self.kept, "{what}");
        self.version = version(&mut self.connection).await;
        self.kept = fresh;
    }

    /// What an answer says it did is what was done: nothing, unless it is a good one of a route
    /// that keeps something. A push of which nothing was taken is refused too.
    pub async fn fits(&mut self, what: &str, path: &str, answer: &Answer) {
        let pushed = path.ends_with("/push");
        if answer.status.is_success() && !pushed {
            self.version = version(&mut self.connection).await;
            self.kept = kept(&mut self.connection, &self.folder).await;
            return;
        }
        if pushed && answer.status.is_success() {
            assert!(!String::from_utf8_lossy(&answer.body).contains("\"receipt\""), "{what}: {answer:?}");
        }
        if answer.status.as_u16() == 403 && answer.json()["code"] == "code_refused" {
            // Its failures are counted, and only they.
            self.keeps_all_but(what, &["code_tries"]).await;
        } else if answer.status.as_u16() == 422 && path.contains("/blobs/") {
            // A file is known to be a wrong one only once all of it is here.
            self.keeps_all_but(what, &[]).await;
        } else {
            self.is_unchanged(what).await;
        }
    }
}

async fn version(connection: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await.unwrap()
}

async fn kept(connection: &mut SqliteConnection, folder: &std::path::Path) -> Kept {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *connection).await.unwrap();
    let mut rows = BTreeMap::new();
    for table in tables {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM \"{table}\""));
        rows.insert(table, sqlx::query_scalar(count).fetch_one(&mut *connection).await.unwrap());
    }
    let position = "SELECT coalesce(max(position), 0) FROM operations";
    let position = sqlx::query_scalar(position).fetch_one(&mut *connection).await.unwrap();
    let heads =
        sqlx::query("SELECT name, head FROM scopes ORDER BY name").fetch_all(connection).await.unwrap();
    let heads = heads.iter().map(|row| (row.get(0), row.get(1))).collect();
    Kept { rows, position, heads, files: files(folder) }
}

/// The files of photos, whole ones and parts.
fn files(folder: &std::path::Path) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("uploads"), folder.join("blobs")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            match entry.metadata().unwrap() {
                kind if kind.is_dir() => folders.push(entry.path()),
                file => drop(found.insert(entry.path().display().to_string(), file.len())),
            }
        }
    }
    found
}
