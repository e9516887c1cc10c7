//! What a citizen's first visit costs on the line, and how long people wait on a slow phone:
//! 400 kbit/s, 400 ms a request, a processor four times slower.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use harness::{Browser, Fault, Mode, Page, Proxy, Server, Viewport};

use crate::screen::{SLOW, list, painted, typing};
use crate::table::Table;

const LIST: &str = "On décide en ce moment";

pub async fn measure(table: &mut Table) {
    eprintln!("First visit");
    let mut server = Server::demo();
    let proxy = Proxy::before(server.port()).await;
    bytes(table, &proxy).await;
    times(table, &mut server, &proxy).await;
}

async fn shows(page: &Page, words: &str) {
    page.wait_for(&format!("document.body.innerText.includes({words:?})"), words).await;
}

async fn bytes(table: &mut Table, proxy: &Proxy) {
    let device = Browser::shared().await.device(Viewport::PHONE).await;
    let page = device.blank().await;
    proxy.forget();
    let before = proxy.bytes_down();
    // What is fetched once the list stands waits a moment, so that it is not counted with it.
    proxy.set(Fault::new(Mode::Delay(Duration::from_secs(1))).on("/citizen-rest-")).await;
    page.goto(&proxy.at("/c/laforce")).await;
    shows(&page, LIST).await;
    let list = proxy.bytes_down() - before;
    // Quiet: nothing but the event stream's comments for two seconds.
    let mut last = (proxy.bytes_down(), Instant::now());
    while last.1.elapsed() < Duration::from_secs(2) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = proxy.bytes_down();
        if now > last.0 + 64 {
            last = (now, Instant::now());
        }
    }
    let all = proxy.bytes_down() - before;
    proxy.pass().await;
    let mut files: BTreeMap<String, (u64, u32)> = BTreeMap::new();
    for transfer in page.transfers() {
        let path = transfer.url.split(['?', '#']).next().unwrap_or_default();
        let path = path.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
        let file = files.entry(path).or_default();
        file.0 += transfer.bytes;
        file.1 += 1;
    }
    for (path, (bytes, times)) in files {
        eprintln!("    /{path}: {bytes} bytes in {times} request(s)");
    }
    table.row("first visit: bytes to the community's list", format!("{} KB", list / 1000), "≤ 220 KB");
    table.row("first visit: bytes in all", format!("{} KB", all / 1000), "≤ 320 KB");
    // Nothing is asked where this visit looks: that part was not fetched, and comes once, on top.
    let asked = asked(&page).await;
    assert!(!page.transfers().iter().any(|transfer| transfer.url.ends_with(&asked)), "{asked} is for later");
    let before = proxy.bytes_down();
    page.exec(&format!("fetch({asked:?}, {{ cache: 'no-store' }}).then(answer => answer.arrayBuffer())"))
        .await
        .expect("the part is there");
    let more = proxy.bytes_down() - before;
    table.row("more when a poll or survey is there", format!("{} KB", more / 1000), "");
}

/// The address of what only they need who meet a poll or a survey.
async fn asked(page: &Page) -> String {
    let js =
        "fetch('/sw.js').then(answer => answer.text()).then(text => /\\/citizen-asked-[^\"]+/.exec(text)[0])";
    page.eval(js).await.expect("the worker's list")
}

async fn slow(page: &Page) {
    page.network(400.0, 400.0).await;
    page.cpu_throttle(SLOW).await;
}

async fn times(table: &mut Table, server: &mut Server, proxy: &Proxy) {
    let device = Browser::shared().await.device(Viewport::PHONE).await;
    let page = device.blank().await;
    slow(&page).await;
    let first = visit(&page, proxy, "/c/laforce", LIST).await;
    table.row("slow phone: first visit to the list", format!("{first:.1} s"), "≤ 7 s");
    page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
    let second = visit(&page, proxy, "/c/laforce", LIST).await;
    table.row("slow phone: second visit", format!("{second:.2} s"), "≤ 1 s");
    // A community with about 1,000 records, held from now on.
    page.network(0.0, 0.0).await;
    page.goto(&proxy.at("/c/ville-marie")).await;
    page.click_text("a", "Démonstration").await;
    shows(&page, "607 contributions").await;
    server.kill9();
    proxy.cut().await;
    let offline = visit(&page, proxy, "/c/laforce", LIST).await;
    table.row("slow phone: start with the server dead", format!("{offline:.2} s"), "≤ 1 s");
    // Before anybody could have read the screen, then after a second on it.
    for (rest, row, goal) in [
        (0, "slow phone: tap to painted, about 1,000 records held, at once", ""),
        (1_000, "slow phone: the same after a second on the screen before", "≤ 100 ms"),
    ] {
        page.goto(&proxy.at("/c/ville-marie")).await;
        shows(&page, "Démonstration").await;
        tokio::time::sleep(Duration::from_millis(rest)).await;
        let act =
            "[...document.querySelectorAll('a')].find(a => a.textContent.includes('Démonstration')).click()";
        let tap = painted(&page, act, &list("/^607 contributions/", "/./")).await;
        table.row(row, format!("{tap:.0} ms"), goal);
    }
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    let found = list("/^\\d+ résultats/", "/traffic/i");
    let search = painted(&page, &typing("#q", "traffic"), &found).await;
    table.row("slow phone: search among them", format!("{search:.0} ms"), "≤ 50 ms");
    server.restart();
}

async fn visit(page: &Page, proxy: &Proxy, path: &str, words: &str) -> f64 {
    let begun = Instant::now();
    page.goto(&proxy.at(path)).await;
    shows(page, words).await;
    begun.elapsed().as_secs_f64()
}
