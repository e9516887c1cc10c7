//! Pulling 10,000 records by one device and by eight, polls that find nothing new, and pages
//! of scopes of growing size.

use std::time::{Duration, Instant};

use harness::{Server, world};

use crate::client::{Client, cpu_seconds};
use crate::push::gunzip;
use crate::table::{Table, percentile};

/// Only what a device must know to go on: decoding records is the device's cost.
pub struct Head {
    pub cursor: u64,
    pub more: bool,
    text: Vec<u8>,
}

impl Head {
    pub fn of(page: &[u8]) -> Self {
        let text = gunzip(page);
        let head = std::str::from_utf8(&text[..200.min(text.len())]).unwrap_or_default();
        let field = |name: &str| head.split(name).nth(1).and_then(|rest| rest.split([',', '}']).next());
        let cursor = field("\"cursor\":").and_then(|text| text.parse().ok()).unwrap_or(0);
        Self { cursor, more: field("\"more\":") == Some("true"), text }
    }
}

async fn drain(port: u16, scope: &str) -> (usize, usize) {
    let mut client = Client::connect(port).await;
    let (mut records, mut bytes, mut cursor) = (0, 0, 0);
    loop {
        let page = client
            .body("GET", &format!("/api/v1/pull?scope={scope}&cursor={cursor}&limit=500"), "".into())
            .await;
        bytes += page.len();
        let head = Head::of(&page);
        records += head.text.windows(7).filter(|window| window == b"\"name\":").count();
        cursor = head.cursor;
        if !head.more {
            return (records, bytes);
        }
    }
}

pub async fn measure(table: &mut Table) {
    eprintln!("Pulling");
    let mut p99 = Vec::new();
    for size in [1_000_u64, 10_000, 100_000] {
        let dir = tempfile::tempdir().expect("a folder");
        let store = world::open(dir.path()).await;
        let consultation = world::settle(&store).await;
        world::propose(&store, consultation, 1..size + 1, 500).await;
        store.close().await;
        let server = world::serve(dir.path());
        let scope = format!("public/laforce/{consultation}");
        let mut client = Client::connect(server.port()).await;
        let mut times = Vec::new();
        for round in 0..400_u64 {
            let cursor = (round * 7_919) % (size - 500).max(1);
            let path = format!("/api/v1/pull?scope={scope}&cursor={cursor}&limit=500");
            let sent = Instant::now();
            client.body("GET", &path, "".into()).await;
            times.push(sent.elapsed().as_secs_f64() * 1_000.0);
        }
        times.sort_by(f64::total_cmp);
        let (half, most) = (percentile(&times, 0.5), percentile(&times, 0.99));
        p99.push(most);
        table.row(format!("pull page at {size} records: p50 / p99"), format!("{half:.1} / {most:.1} ms"), "");
        if size == 10_000 {
            drains(table, &server, &scope).await;
            polls(table, &server, &scope, size).await;
        }
    }
    let (low, high) = (p99.iter().copied().fold(f64::MAX, f64::min), p99.iter().copied().fold(0.0, f64::max));
    table.row("pull page p99, largest / smallest of 10³, 10⁴, 10⁵", format!("{:.2}", high / low), "≤ 2");
}

async fn drains(table: &mut Table, server: &Server, scope: &str) {
    for devices in [1, 8] {
        let cpu = cpu_seconds(server.pid());
        let begun = Instant::now();
        let work: Vec<_> = (0..devices)
            .map(|_| {
                let (port, scope) = (server.port(), scope.to_owned());
                tokio::spawn(async move { drain(port, &scope).await })
            })
            .collect();
        let (mut records, mut bytes) = (0, 0);
        for task in work {
            let (r, b) = task.await.expect("a device");
            records += r;
            bytes += b;
        }
        assert_eq!(records, devices * 10_000);
        let rate = records as f64 / begun.elapsed().as_secs_f64();
        let spent = cpu_seconds(server.pid()) - cpu;
        table.row(
            format!("10,000 records by {devices} device(s)"),
            format!(
                "{rate:.0} records/s, {} KB each, {:.0} ms processor",
                bytes / devices / 1000,
                spent * 1_000.0
            ),
            if devices == 8 { "≥ 50,000 records/s" } else { "" },
        );
    }
}

async fn polls(table: &mut Table, server: &Server, scope: &str, head: u64) {
    let work: Vec<_> = (0..8)
        .map(|_| {
            let port = server.port();
            let path = format!("/api/v1/pull?scope={scope}&cursor={head}&limit=500");
            tokio::spawn(async move {
                let mut client = Client::connect(port).await;
                let (begun, mut count) = (Instant::now(), 0_u32);
                while begun.elapsed() < Duration::from_secs(4) {
                    client.body("GET", &path, "".into()).await;
                    count += 1;
                }
                f64::from(count) / begun.elapsed().as_secs_f64()
            })
        })
        .collect();
    let mut rate = 0.0;
    for task in work {
        rate += task.await.expect("a device");
    }
    table.row("polls that find nothing new", format!("{rate:.0} /s"), "≥ 5,000 /s");
}
