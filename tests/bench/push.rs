//! Durable pushes at 16 connections, beside a raw loop of one-row commits with the same
//! settings; and afterwards every acknowledged operation is pulled back.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use domain::receipts::{Outcome, PushResult};
use domain::scopes::Page;
use harness::{Role, Server};

use crate::client::{Client, cpu_seconds};
use crate::table::{Table, percentile};
use crate::world;

const CONNECTIONS: usize = 16;
const LASTS: Duration = Duration::from_secs(6);

/// One-row commits per second on a file with the store's settings.
fn floor() -> f64 {
    let dir = tempfile::tempdir().expect("a folder");
    let connection = rusqlite::Connection::open(dir.path().join("floor.db")).expect("a database");
    for pragma in ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"] {
        connection.query_row(&format!("PRAGMA {pragma}"), [], |_| Ok(())).ok();
    }
    connection
        .execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
        .expect("a table");
    let body = "x".repeat(600);
    let mut insert = connection.prepare("INSERT INTO t (body) VALUES (?)").expect("a statement");
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < Duration::from_secs(4) {
        insert.execute([&body]).expect("a commit");
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

pub async fn measure(table: &mut Table) {
    eprintln!("Pushing");
    let floor_before = tokio::task::spawn_blocking(floor).await.expect("the floor");
    let mut next = 1;
    let mut rates = Vec::new();
    for (batch, goal) in [(1, 1.2), (10, 2.0), (50, 3.0)] {
        rates.push((batch, goal, one(table, batch, &mut next).await));
    }
    let floor_after = tokio::task::spawn_blocking(floor).await.expect("the floor");
    let floor = f64::midpoint(floor_before, floor_after);
    table.row("raw one-row commits", format!("{floor:.0} /s"), "the floor, same settings, same run");
    for (batch, goal, rate) in rates {
        let what = format!("durable pushes of {batch}, {CONNECTIONS} connections");
        table.row(
            what,
            format!("{rate:.0} operations/s, {:.2} × the floor", rate / floor),
            format!("≥ {goal} ×"),
        );
    }
}

async fn one(table: &mut Table, batch: usize, next: &mut u64) -> f64 {
    let server = Server::demo();
    let person = server.person(&Role::Participant, "laforce").clone();
    let me = whoami(&server, &person.code).await;
    let consultation = open_consultation(&server).await;
    let cpu = cpu_seconds(server.pid());
    let mut work = Vec::new();
    for connection in 0..CONNECTIONS {
        let mut client = Client::signed_in(&server, &person.code).await;
        let me = me.clone();
        let first = *next + (connection as u64) * 10_000_000;
        work.push(tokio::spawn(async move {
            let (mut times, mut acknowledged, mut number) = (Vec::new(), Vec::new(), first);
            let begun = Instant::now();
            while begun.elapsed() < LASTS {
                let envelopes: Vec<_> =
                    (0..batch as u64).map(|n| world::proposal(&me, number + n, consultation)).collect();
                number += batch as u64;
                let body = serde_json::json!({ "envelopes": envelopes }).to_string();
                let sent = Instant::now();
                let answer = client.body("POST", "/api/v1/push", body.into()).await;
                times.push(sent.elapsed().as_secs_f64() * 1_000.0);
                let answer: app::api::Pushed = serde_json::from_slice(&answer).expect("results");
                for result in answer.results {
                    let PushResult::Receipt(signed) = result else { panic!("{result:?}") };
                    let receipt = signed.read().expect("a receipt");
                    assert_eq!(receipt.outcome, Outcome::Accepted);
                    acknowledged.push(receipt.records[0]);
                }
            }
            (times, acknowledged, begun.elapsed())
        }));
    }
    let (mut times, mut acknowledged, mut lasted) = (Vec::new(), Vec::new(), Duration::ZERO);
    for task in work {
        let (t, a, l) = task.await.expect("a connection");
        times.extend(t);
        acknowledged.extend(a);
        lasted = lasted.max(l);
    }
    *next += (CONNECTIONS as u64) * 10_000_000;
    let spent = (cpu_seconds(server.pid()) - cpu) * 1_000.0 / acknowledged.len() as f64 * 1_000.0;
    times.sort_by(f64::total_cmp);
    let rate = acknowledged.len() as f64 / lasted.as_secs_f64();
    let latency = format!("{:.1} / {:.1} ms", percentile(&times, 0.5), percentile(&times, 0.99));
    table.row(format!("pushes of {batch}: p50 / p99"), latency, "");
    table.row(
        format!("pushes of {batch}: processor time per 1,000 operations"),
        format!("{spent:.0} ms"),
        "",
    );
    let missing = missing(&server, consultation, &acknowledged).await;
    table.row(
        format!("pushes of {batch}: acknowledged and not found"),
        format!("{missing} of {}", acknowledged.len()),
        "0",
    );
    assert_eq!(missing, 0);
    rate
}

pub async fn whoami(server: &Server, code: &str) -> domain::authority::Person {
    let mut client = Client::signed_in(server, code).await;
    let answer = client.body("POST", "/api/v1/session/show", "{}".into()).await;
    let session: app::api::Session = serde_json::from_slice(&answer).expect("a session");
    session.person.expect("somebody")
}

/// An open consultation of Laforce in the demo.
pub async fn open_consultation(server: &Server) -> domain::ids::RecordId {
    let mut client = Client::connect(server.port()).await;
    let page = client.body("GET", "/api/v1/pull?scope=public/laforce", "".into()).await;
    let page: Page<domain::records::Record> = serde_json::from_slice(&gunzip(&page)).expect("a page");
    let now = domain::ports::Clock::now(&rabaska::system::SystemClock);
    let open = page.rows.into_iter().find_map(|row| match row.record {
        Some(domain::records::Record::Consultation(it)) if it.closes_at > now => Some(it.id),
        _ => None,
    });
    open.expect("an open consultation")
}

pub fn gunzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut text = Vec::new();
    match bytes.starts_with(&[0x1F, 0x8B]) {
        true => flate2::read::GzDecoder::new(bytes).read_to_end(&mut text).map(|_| text).expect("gzip"),
        false => bytes.to_vec(),
    }
}

async fn missing(
    server: &Server,
    consultation: domain::ids::RecordId,
    wanted: &[domain::ids::RecordId],
) -> usize {
    let mut client = Client::connect(server.port()).await;
    let (mut found, mut cursor) = (HashSet::new(), 0);
    loop {
        let path = format!("/api/v1/pull?scope=public/laforce/{consultation}&cursor={cursor}&limit=500");
        let page = client.body("GET", &path, "".into()).await;
        let page: Page<serde_json::Value> = serde_json::from_slice(&gunzip(&page)).expect("a page");
        found.extend(page.rows.into_iter().filter(|row| row.record.is_some()).map(|row| row.name));
        cursor = page.cursor;
        if !page.more {
            return wanted.iter().filter(|id| !found.contains(&id.to_string())).count();
        }
    }
}
