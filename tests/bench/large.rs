//! A consultation with 100,000 contributions: pages of it and of its desk for several at once, and how
//! long a cheap phone and a cheap tablet take to draw what they hold of it.

use std::time::{Duration, Instant};

use harness::world::{self, GROWN, Grown};
use harness::{Browser, Page, Proxy, Server, Viewport};

use crate::client::Client;
use crate::screen::{SLOW, busiest, choosing, list, painted, settled, time, typing, watch, worked};
use crate::table::{Table, percentile};

const CONTRIBUTIONS: u64 = 100_000;
/// What a page of it is compared with.
const FEW: u64 = 1_000;
/// How many pull at once.
const CLIENTS: [usize; 2] = [1, 8];
/// Pages of each of them.
const PAGES: usize = 200;

pub async fn measure(table: &mut Table) {
    eprintln!("100,000 contributions");
    let (mut floor, mut few) = (0.0, [Vec::new(), Vec::new()]);
    for size in [FEW, CONTRIBUTIONS] {
        let begun = Instant::now();
        let world = world::grown(size).await;
        eprintln!("    {size} contributions written in {:.0} s", begun.elapsed().as_secs_f64());
        let mut server = world::serve(world.dir.path());
        let most = pages(table, &server, &world, size).await;
        if size == FEW {
            floor = most;
        } else {
            let ratio = format!("{:.2}", most / floor);
            table.row(format!("the same, p99 of {} clients beside that of {FEW}", CLIENTS[1]), ratio, "≤ 2");
        }
        let mut acts = Acts { table, few: std::mem::take(&mut few[0]), times: Vec::new() };
        citizen(&mut acts, &mut server, &world).await;
        few[0] = acts.times;
        let mut acts = Acts { table, few: std::mem::take(&mut few[1]), times: Vec::new() };
        desk(&mut acts, &mut server, &world).await;
        few[1] = acts.times;
    }
}

/// What is done on a screen, first where few contributed, then where many did.
struct Acts<'a> {
    table: &'a mut Table,
    /// How long each took where few did; none: these are the few.
    few: Vec<f64>,
    times: Vec<f64>,
}

impl Acts<'_> {
    /// From an act until what it asks for is painted, in milliseconds: by the clock, and of its thread's processor
    /// time; and the longest that the page was busy in one go in the three seconds from then on.
    async fn act(&mut self, page: &Page, what: &str, act: &str, drawn: &str) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        watch(page).await;
        let before = worked(page).await;
        let took = painted(page, act, drawn).await;
        let worked = worked(page).await - before;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let busy = busiest(page).await;
        match self.few.get(self.times.len()) {
            None => eprintln!("    {what}: {took:.0} ms, {worked:.0} of work; in one go {busy:.0} ms"),
            Some(few) => {
                let ratio = worked / few;
                let work = format!("{worked:.0} ms of work, {ratio:.1} × that with {FEW}");
                let figure = format!("{took:.0} ms; {work}; at most {busy:.0} ms in one go until 3 s later");
                self.table.row(what, figure, "≤ 100 ms");
            }
        }
        self.times.push(worked);
    }

    /// What the device keeps, once it has it.
    async fn held(&mut self, page: &Page, which: [&str; 3]) {
        let [what, database, scope] = which;
        let begun = Instant::now();
        let held = settled(page, database, scope).await;
        let took = begun.elapsed().as_secs_f64();
        if !self.few.is_empty() {
            self.table.row(
                format!("{what}: held of {CONTRIBUTIONS}"),
                format!("{} records, {:.1} MB, pulled in {took:.0} s", held.rows, held.bytes as f64 / 1e6),
                "the newest 12 MiB",
            );
        }
        page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
    }
}

/// Walks down through the newest pages, as a device does that sees a scope for the first time. Answers the
/// worst 99th percentile of eight clients.
async fn pages(table: &mut Table, server: &Server, world: &Grown, size: u64) -> f64 {
    let mut worst: f64 = 0.0;
    let public = format!("public/laforce/{}", world.consultation);
    for (scope, name) in [(public.as_str(), "consultation"), ("desk/laforce", "desk")] {
        for clients in CLIENTS {
            let work: Vec<_> = (0..clients)
                .map(|_| {
                    let (port, scope) = (server.port(), scope.to_owned());
                    let (server_code, signs_in) = (world.clerk.code.clone(), name == "desk");
                    tokio::spawn(async move {
                        let mut client = match signs_in {
                            true => Client::signed_in(port, &server_code).await,
                            false => Client::connect(port).await,
                        };
                        walk(&mut client, &scope).await
                    })
                })
                .collect();
            let (mut first, mut next) = (Vec::new(), Vec::new());
            for task in work {
                let (f, n) = task.await.expect("a device");
                first.extend(f);
                next.extend(n);
            }
            for (times, which) in [(&mut first, "first"), (&mut next, "following")] {
                if times.is_empty() {
                    continue;
                }
                times.sort_by(f64::total_cmp);
                let (half, most) = (percentile(times, 0.5), percentile(times, 0.99));
                let what = format!("{size} contributions, {clients} at once: {which} page of the {name}");
                table.row(format!("{what}, p50 / p99"), format!("{half:.1} / {most:.1} ms"), "");
                if clients > 1 {
                    worst = worst.max(most);
                }
            }
        }
    }
    worst
}

async fn walk(client: &mut Client, scope: &str) -> (Vec<f64>, Vec<f64>) {
    let (mut first, mut next) = (Vec::new(), Vec::new());
    let mut before = None;
    while first.len() + next.len() < PAGES {
        let from = before.map_or(String::new(), |before| format!("&before={before}"));
        let sent = Instant::now();
        let page =
            client.body("GET", &format!("/api/v1/pull?scope={scope}&limit=500{from}"), "".into()).await;
        let took = sent.elapsed().as_secs_f64() * 1_000.0;
        if before.is_some() {
            next.push(took)
        } else {
            first.push(took)
        }
        let head = crate::pull::Head::of(&page);
        before = head.more.then_some(head.cursor);
    }
    (first, next)
}

/// The server goes, so that nothing else is under way, and the processor becomes slow.
async fn away(page: &Page, server: &mut Server, proxy: &Proxy) {
    server.kill9();
    proxy.cut().await;
    page.cpu_throttle(SLOW).await;
    time(page).await;
}

async fn citizen(acts: &mut Acts<'_>, server: &mut Server, world: &Grown) {
    let proxy = Proxy::before(server.port()).await;
    let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
    page.goto(&proxy.at("/c/laforce")).await;
    page.click_text("a", GROWN).await;
    let scope = format!("public/laforce/{}", world.consultation);
    acts.held(&page, ["slow phone, the consultation", "rabaska-citizen", &scope]).await;
    away(&page, server, &proxy).await;
    let tap =
        format!("[...document.querySelectorAll('a')].find(a => a.textContent.includes({GROWN:?})).click()");
    let all = list("/ contributions ·/", "/./");
    page.goto(&proxy.at("/c/laforce")).await;
    page.sees(GROWN).await;
    acts.act(&page, "slow phone: first tap on it after a start", &tap, &all).await;
    page.exec("history.back()").await.expect("the page answers");
    page.sees("On décide en ce moment").await;
    acts.act(&page, "slow phone: tapped again", &tap, &all).await;
    let scroll = "window.rows = document.querySelectorAll('main article').length;
        window.scrollTo(0, document.documentElement.scrollHeight)";
    let more = "document.querySelectorAll('main article').length > window.rows";
    acts.act(&page, "slow phone: more rows at the end", scroll, more).await;
    let some = list("/^[^·]+ résultats/", "/Environnement/");
    acts.act(&page, "slow phone: one subject", &choosing("#about", "environment"), &some).await;
    let some = list("/^[^·]+ résultats/", "/patinoire/");
    acts.act(&page, "slow phone: search", &typing("#q", "patinoire"), &some).await;
    server.restart();
}

async fn desk(acts: &mut Acts<'_>, server: &mut Server, world: &Grown) {
    let proxy = Proxy::before(server.port()).await;
    let page = world.desk(&proxy).await;
    acts.held(&page, ["slow tablet, the inbox", "rabaska-desk", "desk/laforce"]).await;
    away(&page, server, &proxy).await;
    let tap = "[...document.querySelectorAll('.tabs-link')].find(a => /^Boîte/.test(a.textContent)).click()";
    let rows = |test: &str| {
        format!(
            "(rows => rows.length >= 10 && rows.every(row => {test}))
                ([...document.querySelectorAll('.list-row')])"
        )
    };
    page.goto(&proxy.at("/desk/consultations")).await;
    page.sees(GROWN).await;
    acts.act(&page, "slow tablet: first tap on the inbox after a start", tap, &rows("true")).await;
    page.click_text("a", "Consultations").await;
    page.sees(GROWN).await;
    acts.act(&page, "slow tablet: tapped again", tap, &rows("true")).await;
    let scroll = "window.rows = document.querySelectorAll('.list-row').length;
        document.querySelector('.list').lastElementChild.scrollIntoView()";
    let more = "document.querySelectorAll('.list-row').length > window.rows";
    acts.act(&page, "slow tablet: more rows at the end", scroll, more).await;
    let some = rows("row.querySelector('.tag')?.textContent.includes('Commentaire')");
    acts.act(&page, "slow tablet: comments only", &choosing("#by-kind", "comments"), &some).await;
    let all = rows("!row.querySelector('.tag')?.textContent.includes('Commentaire')");
    acts.act(&page, "slow tablet: proposals only", &choosing("#by-kind", "proposals"), &all).await;
    let some = rows("/patinoire/.test(row.textContent)");
    acts.act(&page, "slow tablet: search", &typing("#q", "patinoire"), &some).await;
    server.restart();
}
