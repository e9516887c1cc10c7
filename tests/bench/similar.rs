//! Similar proposals while somebody types, beside 10,000 that the device holds: what a key press costs the
//! page, and what looking for them does once nobody types for a moment.

use std::time::Duration;

use harness::world::{self, GROWN};
use harness::{Browser, Modifiers, Page, Proxy, Viewport};

use crate::screen::{SLOW, busiest, settled, time, watch, worked};
use crate::table::{Table, percentile};

/// A quarter of them are comments.
const CONTRIBUTIONS: u64 = 13_333;
const TITLE: &str = "Entretenir la patinoire avec des bénévoles du village";
/// How fast somebody types, and how long they wait to be offered something.
const KEY: Duration = Duration::from_millis(150);
const PAUSE: Duration = Duration::from_millis(1_500);

pub async fn measure(table: &mut Table) {
    eprintln!("Similar proposals");
    let world = world::grown(CONTRIBUTIONS).await;
    let server = world::serve(world.dir.path());
    let proxy = Proxy::before(server.port()).await;
    for (factor, who) in [(1.0, "this processor"), (SLOW, "slow phone")] {
        let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
        page.goto(&proxy.at("/c/laforce")).await;
        page.click_text("a", GROWN).await;
        let scope = format!("public/laforce/{}", world.consultation);
        let held = settled(&page, "rabaska-citizen", &scope).await;
        if factor == 1.0 {
            let held = format!("{} records, {:.1} MB", held.rows, held.bytes as f64 / 1e6);
            table.row("similar proposals: held", held, "10,000 proposals");
        }
        page.click_text("a", "Faire une proposition").await;
        page.sees("En une phrase").await;
        page.click("#title").await;
        page.cpu_throttle(factor).await;
        time(&page).await;
        tokio::time::sleep(PAUSE).await;
        type_on(table, &page, who).await;
        page.cpu_throttle(1.0).await;
    }
}

/// What a key costs the page's thread: its processor time, and the longest that it is busy in one go, in
/// milliseconds.
async fn key(page: &Page, key: char, after: Duration) -> [f64; 2] {
    watch(page).await;
    let before = worked(page).await;
    match key {
        ' ' => page.press("Space", Modifiers::NONE).await,
        'a'..='z' | 'A'..='Z' => page.press(&key.to_string(), Modifiers::NONE).await,
        // A letter of two keys.
        other => page.types(&other.to_string()).await,
    }
    tokio::time::sleep(after).await;
    [worked(page).await - before, busiest(page).await]
}

/// While somebody types on, nothing is looked for; each pause looks for what is alike, and the first one
/// makes ready what is looked through.
async fn type_on(table: &mut Table, page: &Page, who: &str) {
    let mut idle = Vec::new();
    for _ in 0..5 {
        let before = worked(page).await;
        tokio::time::sleep(PAUSE).await;
        idle.push([worked(page).await - before, 0.0]);
    }
    row(table, &format!("{who}: no key at all"), &idle);
    let mut keys = TITLE.chars();
    let last = keys.next_back().expect("a letter");
    let mut times = Vec::new();
    for letter in keys {
        times.push(key(page, letter, KEY).await);
    }
    row(table, &format!("{who}: a key press while typing on"), &times);
    let first = vec![key(page, last, PAUSE).await];
    row(table, &format!("{who}: a key press, and the first pause"), &first);
    let offered = "document.querySelectorAll('.similar-row').length";
    assert_eq!(page.eval::<u32>(offered).await.expect("the page answers"), 3, "three are offered");
    let mut times = Vec::new();
    for letter in " et du lac l hiver".chars() {
        times.push(key(page, letter, PAUSE).await);
    }
    row(table, &format!("{who}: a key press, and another pause"), &times);
}

fn row(table: &mut Table, what: &str, times: &[[f64; 2]]) {
    for (at, kind, goal) in [(0, "work", "≤ 30 ms"), (1, "in one go where over 50 ms", "")] {
        let mut of: Vec<f64> = times.iter().map(|both| both[at]).collect();
        of.sort_by(f64::total_cmp);
        let [half, most, worst] = [0.5, 0.95, 1.0].map(|share| percentile(&of, share));
        let figure = format!("{half:.0} / {most:.0} / {worst:.0} ms of {}", of.len());
        table.row(format!("{what}: {kind}, p50 / p95 / worst"), figure, goal);
    }
}
