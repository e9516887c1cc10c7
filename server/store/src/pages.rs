//! Pages of scopes. A full page of a public scope is kept compressed, and forgotten by the
//! commit that moves a record out of it, so an old cursor never serves hidden text.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::Epoch;
use domain::ports::{From, PortError, PulledPage};
use domain::scopes::{PAGE_MAX, Scope};
use flate2::{Compression, write::GzEncoder};
use futures_util::TryStreamExt;
use sqlx::{Row, SqlitePool};

use crate::engine;
use crate::feed::KnownHeads;

/// The most bytes of kept pages; beyond it they all go, and are made anew as asked for.
const KEPT_MAX: usize = 24 << 20;

/// About how many bytes of JSON a page has at most: 500 records of usual length are well below,
/// and 500 of the longest would be 80 MB.
const BYTES_MAX: usize = 512 << 10;

struct Kept {
    /// The sequence numbers that it spans.
    low: u64,
    high: u64,
    page: PulledPage,
}

#[derive(Default)]
struct Shelf {
    pages: HashMap<Scope, HashMap<(From, u32), Kept>>,
    bytes: usize,
    /// Counts the commits, so that a page read before one is not kept after it.
    commits: u64,
}

#[derive(Default)]
pub(crate) struct Pages(Mutex<Shelf>);

impl Pages {
    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, scope: &Scope, from: From, limit: u32) -> Option<PulledPage> {
        self.shelf().pages.get(scope)?.get(&(from, limit)).map(|kept| kept.page.clone())
    }

    fn commits(&self) -> u64 {
        self.shelf().commits
    }

    fn keep(&self, scope: &Scope, from: From, limit: u32, kept: Kept, commits: u64) {
        let mut shelf = self.shelf();
        if shelf.commits != commits {
            return;
        }
        let size = kept.page.json.len() + kept.page.gzip.as_ref().map_or(0, |bytes| bytes.len());
        if shelf.bytes + size > KEPT_MAX {
            shelf.pages.clear();
            shelf.bytes = 0;
        }
        shelf.bytes += size;
        shelf.pages.entry(scope.clone()).or_default().insert((from, limit), kept);
    }

    /// Forgets the pages that held a record which has moved on.
    pub(crate) fn forget(&self, scope: &Scope, moved: &[u64]) {
        let mut shelf = self.shelf();
        shelf.commits += 1;
        let mut freed = 0;
        if let Some(pages) = shelf.pages.get_mut(scope) {
            pages.retain(|_, kept| {
                let stale = moved.iter().any(|seq| (kept.low..=kept.high).contains(seq));
                if stale {
                    freed += kept.page.json.len() + kept.page.gzip.as_ref().map_or(0, |bytes| bytes.len());
                }
                !stale
            });
        }
        shelf.bytes = shelf.bytes.saturating_sub(freed);
    }
}

/// What a pull needs.
pub(crate) struct Puller<'a> {
    pub(crate) readers: &'a SqlitePool,
    pub(crate) pages: &'a Pages,
    pub(crate) heads: &'a KnownHeads,
    pub(crate) epoch: Epoch,
}

impl Puller<'_> {
    pub(crate) async fn head(&self, scope: &Scope) -> Result<u64, PortError> {
        if let Some(head) = self.heads.get(scope) {
            return Ok(head);
        }
        let head: Option<i64> = sqlx::query_scalar("SELECT head FROM scopes WHERE name = ?")
            .bind(scope.to_string())
            .fetch_optional(self.readers)
            .await
            .map_err(engine)?;
        // What was never there is not remembered: anybody can name scopes without end.
        let Some(head) = head.map(i64::unsigned_abs) else { return Ok(0) };
        self.heads.set(scope.clone(), head);
        Ok(head)
    }

    pub(crate) async fn pull(
        &self,
        scope: &Scope,
        known: Option<Epoch>,
        from: From,
        limit: u32,
    ) -> Result<PulledPage, PortError> {
        let limit = limit.clamp(1, PAGE_MAX);
        let head = self.head(scope).await?;
        if known.is_some_and(|known| known != self.epoch) {
            return Ok(self.page(head, 0, false, "", true, None, false));
        }
        let backed_up = match scope {
            Scope::Person(_) => Some(self.backed_up_through().await?),
            _ => None,
        };
        if let From::After(cursor) = from
            && cursor == head
        {
            return Ok(self.page(head, cursor, false, "", false, backed_up, false));
        }
        // "From the newest" is asked with a cursor of its own, so that a kept page can never
        // stand for a newer head.
        let from = match from {
            From::Before(cursor) => From::Before(cursor.min(head + 1)),
            upwards => upwards,
        };
        if scope.is_public()
            && let Some(page) = self.pages.find(scope, from, limit)
        {
            return Ok(page);
        }
        let commits = self.pages.commits();
        self.read(scope, from, limit, head, backed_up, commits).await
    }

    async fn read(
        &self,
        scope: &Scope,
        from: From,
        limit: u32,
        head: u64,
        backed_up: Option<u64>,
        commits: u64,
    ) -> Result<PulledPage, PortError> {
        // The scope's own row comes also when no record does: its horizon counts then too.
        let upwards = "SELECT seq, records.name, body, horizon FROM scopes
             LEFT JOIN records ON records.scope = scopes.id AND seq > ?2
             WHERE scopes.name = ?1 ORDER BY seq LIMIT ?3";
        let downwards = "SELECT seq, records.name, body, horizon FROM scopes
             LEFT JOIN records ON records.scope = scopes.id AND seq < ?2
             WHERE scopes.name = ?1 ORDER BY seq DESC LIMIT ?3";
        let (statement, cursor) = match from {
            From::After(cursor) => (upwards, cursor),
            From::Before(cursor) => (downwards, cursor),
        };
        let mut rows = sqlx::query(statement)
            .bind(scope.to_string())
            .bind(i64::try_from(cursor).unwrap_or(i64::MAX))
            .bind(i64::from(limit) + 1)
            .fetch(self.readers);
        let (mut horizon, mut taken, mut more) = (0, 0, false);
        let (mut low, mut high) = (u64::MAX, 0);
        let mut json = String::new();
        while let Some(row) = rows.try_next().await.map_err(engine)? {
            horizon = row.get::<i64, _>(3).unsigned_abs();
            let Some(seq) = row.get::<Option<i64>, _>(0).map(i64::unsigned_abs) else { break };
            let (name, body): (&str, Option<&str>) = (row.get(1), row.get(2));
            let body = body.unwrap_or("null");
            // The first row always fits: each page brings its reader further.
            if taken == limit || taken > 0 && json.len() + body.len() > BYTES_MAX {
                more = true;
                break;
            }
            taken += 1;
            (low, high) = (low.min(seq), high.max(seq));
            if !json.is_empty() {
                json.push(',');
            }
            // Names are hexadecimal or plain words: nothing in them needs escaping.
            json.push_str(&format!("{{\"name\":\"{name}\",\"seq\":{seq},\"record\":"));
            json.push_str(body);
            json.push('}');
        }
        drop(rows);
        if matches!(from, From::After(cursor) if cursor > 0 && cursor < horizon) {
            return Ok(self.page(head, 0, false, "", true, backed_up, false));
        }
        let next = match (from, taken == 0) {
            (From::After(cursor), true) => cursor.max(head),
            (From::After(_), false) => high,
            (From::Before(_), true) => 0,
            (From::Before(_), false) => low,
        };
        let keep = scope.is_public() && more;
        let head = head.max(high);
        let page = self.page(head, next, more, &json, false, backed_up, keep);
        if keep {
            // A full page spans everything between its ends: what moves out of it, or would
            // have to come into it, lies in this range.
            let kept = Kept { low, high, page: page.clone() };
            self.pages.keep(scope, from, limit, kept, commits);
        }
        Ok(page)
    }

    async fn backed_up_through(&self) -> Result<u64, PortError> {
        // The backup before the latest: a machine may be lost while the latest is carried away.
        let position: Option<i64> = sqlx::query_scalar(
            "SELECT position FROM backups WHERE epoch = ? ORDER BY id DESC LIMIT 1 OFFSET 1",
        )
        .bind(&self.epoch.0[..])
        .fetch_optional(self.readers)
        .await
        .map_err(engine)?;
        Ok(position.unwrap_or(0).unsigned_abs())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a page, in its order")]
    fn page(
        &self,
        head: u64,
        cursor: u64,
        more: bool,
        rows: &str,
        resync: bool,
        backed_up: Option<u64>,
        compress: bool,
    ) -> PulledPage {
        let mut json = format!(
            "{{\"epoch\":\"{}\",\"head\":{head},\"cursor\":{cursor},\"more\":{more},\"rows\":[{rows}]",
            self.epoch
        );
        if let Some(position) = backed_up {
            json.push_str(&format!(",\"backed_up_through\":{position}"));
        }
        if resync {
            json.push_str(",\"resync\":true");
        }
        json.push('}');
        let gzip = if compress { gzip(json.as_bytes()) } else { None };
        PulledPage { head, epoch: self.epoch, json: json.into_bytes().into(), gzip }
    }
}

fn gzip(bytes: &[u8]) -> Option<Arc<[u8]>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(6));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::SqlitePoolOptions;

    #[tokio::test]
    async fn heads_of_scopes_that_never_were_are_not_remembered() {
        let readers = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
        for statement in [
            "CREATE TABLE scopes (name TEXT, head INTEGER)",
            "INSERT INTO scopes (name, head) VALUES ('territory', 7)",
        ] {
            sqlx::query(statement).execute(&readers).await.unwrap();
        }
        let (pages, heads) = (Pages::default(), KnownHeads::default());
        let puller = Puller { readers: &readers, pages: &pages, heads: &heads, epoch: Epoch([1; 16]) };
        let never: Scope = "public/nowhere".parse().unwrap();
        assert_eq!(puller.head(&never).await.unwrap(), 0);
        assert_eq!(heads.get(&never), None);
        assert_eq!(puller.head(&Scope::Territory).await.unwrap(), 7);
        assert_eq!(heads.get(&Scope::Territory), Some(7));
    }
}
