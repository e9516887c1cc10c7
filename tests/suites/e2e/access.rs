//! What a machine can say about accessibility: axe-core in each state, both languages, both
//! themes.

use harness::walk::{self, Tongue};
use harness::{Browser, Emulation, Page, Proxy, Scheme, Server, Viewport, axe, run_within};

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(300);

/// What axe finds in a state, told with its name.
async fn judge(page: &Page, name: &str, found: &mut Vec<String>) {
    for violation in axe::violations(page).await {
        let nodes = violation.nodes.iter().map(|node| format!("  {} {}", node.html, node.summary));
        let nodes: Vec<_> = nodes.collect();
        found.push(format!("{name}: {}: {}:\n{}", violation.id, violation.help, nodes.join("\n")));
    }
}

/// Each theme is walked by itself: switching it under an open page leaves what is off screen in
/// the old colours until it is drawn.
async fn opened(tongue: Tongue, scheme: Scheme, viewport: Viewport) -> Page {
    let page = Browser::shared().await.device(viewport).await.blank().await;
    page.emulate(Emulation {
        scheme,
        reduced_motion: true,
        locale: Some(tongue.tag()),
        forced_colors: false,
    })
    .await;
    page
}

fn citizen(tongue: Tongue, scheme: Scheme) {
    run_within(PATIENCE, async {
        let mut server = Server::demo();
        let proxy = Proxy::before(server.port()).await;
        let page = opened(tongue, scheme, Viewport::PHONE).await;
        let mut found = Vec::new();
        let look = async |page: &Page, name: &str| judge(page, name, &mut found).await;
        walk::citizen(&page, &mut server, &proxy, tongue, look).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

fn desk(tongue: Tongue, scheme: Scheme) {
    run_within(PATIENCE, async {
        let server = Server::demo();
        let proxy = Proxy::before(server.port()).await;
        let page = opened(tongue, scheme, Viewport::TABLET).await;
        let mut found = Vec::new();
        let look = async |page: &Page, name: &str| judge(page, name, &mut found).await;
        walk::desk(&page, &server, &proxy, tongue, look).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

/// A server with a new phone and a new tablet before it.
async fn hall(tongue: Tongue, scheme: Scheme) -> (Server, Proxy, Page, Page) {
    let server = Server::demo();
    let proxy = Proxy::before(server.port()).await;
    let (phone, tablet) =
        (opened(tongue, scheme, Viewport::PHONE).await, opened(tongue, scheme, Viewport::TABLET).await);
    (server, proxy, phone, tablet)
}

/// Loading, questions, errors and offers of both audiences, each on a new device.
fn moments(tongue: Tongue, scheme: Scheme) {
    run_within(PATIENCE, async {
        let (server, proxy, phone, tablet) = hall(tongue, scheme).await;
        let mut found = Vec::new();
        let mut look = async |page: &Page, name: &str| judge(page, name, &mut found).await;
        walk::citizen_moments(&phone, &server, &proxy, tongue, &mut look).await;
        walk::desk_moments(&tablet, &server, &proxy, tongue, &mut look).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

/// How a trail may end.
fn endings(tongue: Tongue, scheme: Scheme) {
    run_within(PATIENCE, async {
        let (server, proxy, phone, tablet) = hall(tongue, scheme).await;
        let mut found = Vec::new();
        let look = async |page: &Page, name: &str| judge(page, name, &mut found).await;
        walk::endings(&phone, &tablet, &server, &proxy, tongue, look).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test]
fn the_citizens_screens_in_french_and_light() {
    citizen(Tongue::French, Scheme::Light);
}

#[test]
fn the_citizens_screens_in_french_and_dark() {
    citizen(Tongue::French, Scheme::Dark);
}

#[test]
fn the_citizens_screens_in_english_and_light() {
    citizen(Tongue::English, Scheme::Light);
}

#[test]
fn the_citizens_screens_in_english_and_dark() {
    citizen(Tongue::English, Scheme::Dark);
}

#[test]
fn the_desk_in_french_and_light() {
    desk(Tongue::French, Scheme::Light);
}

#[test]
fn the_desk_in_french_and_dark() {
    desk(Tongue::French, Scheme::Dark);
}

#[test]
fn the_desk_in_english_and_light() {
    desk(Tongue::English, Scheme::Light);
}

#[test]
fn the_desk_in_english_and_dark() {
    desk(Tongue::English, Scheme::Dark);
}

#[test]
fn what_shows_for_a_moment_in_french_and_light() {
    moments(Tongue::French, Scheme::Light);
}

#[test]
fn what_shows_for_a_moment_in_french_and_dark() {
    moments(Tongue::French, Scheme::Dark);
}

#[test]
fn what_shows_for_a_moment_in_english_and_light() {
    moments(Tongue::English, Scheme::Light);
}

#[test]
fn what_shows_for_a_moment_in_english_and_dark() {
    moments(Tongue::English, Scheme::Dark);
}

#[test]
fn how_a_trail_may_end_in_french_and_light() {
    endings(Tongue::French, Scheme::Light);
}

#[test]
fn how_a_trail_may_end_in_french_and_dark() {
    endings(Tongue::French, Scheme::Dark);
}

#[test]
fn how_a_trail_may_end_in_english_and_light() {
    endings(Tongue::English, Scheme::Light);
}

#[test]
fn how_a_trail_may_end_in_english_and_dark() {
    endings(Tongue::English, Scheme::Dark);
}
