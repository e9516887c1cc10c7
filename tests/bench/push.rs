//! Durable pushes at 16 connections, beside a raw loop of one-row commits with the same
//! settings; and afterwards every acknowledged operation is pulled back.
//!
//! Twice: on this machine's disk as it is, and with a flush that takes 2 ms longer, for both.
//! The disks of virtual machines often answer a flush at once; those of small offices do not,
//! and it is their waiting that a group shares.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use domain::ids::RecordId;
use domain::receipts::{Outcome, PushResult};
use domain::scopes::Page;
use harness::{Role, Server, world};

use crate::client::{Client, cpu_seconds};
use crate::line::{self, Line};
use crate::table::{Table, percentile};

const CONNECTIONS: usize = 16;
/// How many in a push, how many operations in all, and the goal beside raw commits.
const RUNS: [(usize, usize, f64); 3] = [(1, 24_000, 1.2), (10, 48_000, 2.0), (50, 72_000, 3.0)];

/// How much longer a flush takes in the second series, in microseconds: what flash without a
/// battery takes at best.
const FLUSH: u64 = 2_000;
/// The second series needs no more to settle.
const FEWER: usize = 4;

/// What a process is started under.
#[derive(Clone, Copy)]
enum Disk {
    Own,
    SlowFlush,
}

impl Disk {
    /// strace stops only the two calls, and holds each up before the kernel sees it.
    fn under(self) -> Vec<String> {
        match self {
            Self::Own => Vec::new(),
            Self::SlowFlush => {
                let delay = format!("inject=fsync,fdatasync:delay_enter={FLUSH}");
                let words = "strace -D -f -q --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync -e";
                words.split(' ').chain([delay.as_str()]).map(str::to_owned).collect()
            }
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::SlowFlush => ", a flush of 2 ms",
        }
    }
}

/// Prints one-row commits per second on a file with the store's settings.
pub fn floor() {
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
    while begun.elapsed() < Duration::from_secs(3) {
        insert.execute([&body]).expect("a commit");
        count += 1;
    }
    println!("{}", f64::from(count) / begun.elapsed().as_secs_f64());
}

pub async fn measure(table: &mut Table) {
    eprintln!("Pushing");
    let mut next = 1;
    for disk in [Disk::Own, Disk::SlowFlush] {
        // The disk's mood changes within a run: each figure stands between two floors.
        let mut before = commits(disk);
        for (batch, operations, goal) in RUNS {
            let operations = operations / if matches!(disk, Disk::Own) { 1 } else { FEWER };
            let rate = one(table, disk, batch, operations, &mut next).await;
            let after = commits(disk);
            let floor = f64::midpoint(before, after);
            before = after;
            table.row(
                format!("durable pushes of {batch}, {CONNECTIONS} connections{}", disk.words()),
                format!("{rate:.0} operations/s, {:.2} × {floor:.0} raw one-row commits/s", rate / floor),
                format!("≥ {goal} ×"),
            );
        }
    }
}

/// The floor, in a process of its own: what is started under strace stays so.
fn commits(disk: Disk) -> f64 {
    let own = std::env::current_exe().expect("this program's path");
    let mut words = disk.under();
    words.extend([own.to_string_lossy().into_owned(), "floor".to_owned()]);
    let output = std::process::Command::new(&words[0]).args(&words[1..]).output().expect("the floor runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

async fn one(table: &mut Table, disk: Disk, batch: usize, operations: usize, next: &mut u64) -> f64 {
    let data = tempfile::tempdir().expect("a folder");
    let person = {
        let demo = Server::demo_in(data.path());
        demo.person(&Role::Participant, "laforce").clone()
    };
    let mut server = world::serve(data.path());
    if matches!(disk, Disk::SlowFlush) {
        server.stop();
        server.set_under(disk.under());
        server.restart();
    }
    let me = whoami(&server, &person.code).await;
    let consultation = open_consultation(&server).await;
    let mut work = Vec::new();
    for _ in 0..CONNECTIONS {
        let cookie = Client::signed_in(server.port(), &person.code).await.cookie.expect("a session");
        let mut requests = Vec::new();
        for _ in 0..operations / batch / CONNECTIONS {
            let numbers = *next..*next + batch as u64;
            *next = numbers.end;
            let envelopes: Vec<_> = numbers.map(|n| world::proposal(&me, n, consultation)).collect();
            let body = serde_json::json!({ "envelopes": envelopes }).to_string();
            requests.push(line::request(server.port(), "/api/v1/push", &cookie, &body));
        }
        work.push((Line::connect(server.port()), requests));
    }
    let (cpu, own) = (cpu_seconds(server.pid()), cpu_seconds(std::process::id()));
    let begun = Instant::now();
    let senders =
        work.into_iter().map(|(line, requests)| std::thread::spawn(move || line.send_all(&requests)));
    let senders: Vec<_> = senders.collect();
    let (mut times, mut answers, mut ended) = (Vec::new(), Vec::new(), begun);
    for sender in senders {
        let (bodies, each, at) = sender.join().expect("a connection");
        answers.extend(bodies);
        times.extend(each);
        ended = ended.max(at);
    }
    let (cpu, own) = (cpu_seconds(server.pid()) - cpu, cpu_seconds(std::process::id()) - own);
    let acknowledged = acknowledged(&answers);
    let count = acknowledged.len() as f64;
    times.sort_by(f64::total_cmp);
    let latency = format!("{:.1} / {:.1} ms", percentile(&times, 0.5), percentile(&times, 0.99));
    table.row(format!("pushes of {batch}{}: p50 / p99", disk.words()), latency, "");
    table.row(
        format!("pushes of {batch}{}: processor time per 1,000 operations", disk.words()),
        format!("{:.0} ms, and {:.0} ms of the devices", cpu / count * 1e6, own / count * 1e6),
        "",
    );
    let missing = missing(&server, consultation, &acknowledged).await;
    let lost = format!("pushes of {batch}{}: acknowledged and not found", disk.words());
    table.row(lost, format!("{missing} of {count}"), "0");
    assert_eq!(missing, 0);
    count / ended.duration_since(begun).as_secs_f64()
}

/// The records of every receipt; anything but an accepted operation ends the measurement.
fn acknowledged(answers: &[Vec<u8>]) -> Vec<RecordId> {
    let mut records = Vec::new();
    for answer in answers {
        let answer: app::api::Pushed = serde_json::from_slice(answer).expect("results");
        for result in answer.results {
            let PushResult::Receipt(signed) = result else { panic!("{result:?}") };
            let receipt = signed.read().expect("a receipt");
            assert_eq!(receipt.outcome, Outcome::Accepted);
            records.push(receipt.records[0]);
        }
    }
    records
}

pub async fn whoami(server: &Server, code: &str) -> domain::authority::Person {
    let mut client = Client::signed_in(server.port(), code).await;
    let answer = client.body("POST", "/api/v1/session/show", "{}".into()).await;
    let session: app::api::Session = serde_json::from_slice(&answer).expect("a session");
    session.person.expect("somebody")
}

/// An open consultation of Laforce in the demo.
pub async fn open_consultation(server: &Server) -> RecordId {
    open_consultations(server).await[0]
}

/// All of them.
pub async fn open_consultations(server: &Server) -> Vec<RecordId> {
    let mut client = Client::connect(server.port()).await;
    let page = client.body("GET", "/api/v1/pull?scope=public/laforce", "".into()).await;
    let page: Page<domain::records::Record> = serde_json::from_slice(&gunzip(&page)).expect("a page");
    let now = domain::ports::Clock::now(&rabaska::system::SystemClock);
    let open = page.rows.into_iter().filter_map(|row| match row.record {
        Some(domain::records::Record::Consultation(it)) if it.closes_at() > now => Some(it.id),
        _ => None,
    });
    open.collect()
}

pub fn gunzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut text = Vec::new();
    match bytes.starts_with(&[0x1F, 0x8B]) {
        true => flate2::read::GzDecoder::new(bytes).read_to_end(&mut text).map(|_| text).expect("gzip"),
        false => bytes.to_vec(),
    }
}

async fn missing(server: &Server, consultation: RecordId, wanted: &[RecordId]) -> usize {
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
