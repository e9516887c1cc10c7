//! What a machine can say about accessibility: axe-core in each state, both languages, both
//! themes.

use harness::walk::{self, Tongue};
use harness::{Browser, Emulation, Page, Proxy, Scheme, Server, Viewport, axe, run_within};

/// Judges a state in both themes; the violations of all states are told together.
async fn judge(page: &Page, tongue: Tongue, name: &str, found: &mut Vec<String>) {
    for scheme in [Scheme::Light, Scheme::Dark] {
        page.emulate(Emulation {
            scheme,
            reduced_motion: true,
            locale: Some(tongue.tag()),
            ..Emulation::default()
        })
        .await;
        for violation in axe::violations(page).await {
            let nodes: Vec<_> = violation.nodes.iter().map(|node| node.html.clone()).collect();
            found.push(format!("{name} ({scheme:?}): {}: {}: {nodes:#?}", violation.id, violation.help));
        }
    }
}

async fn citizen(tongue: Tongue) {
    let mut server = Server::demo();
    let proxy = Proxy::before(server.port()).await;
    let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
    page.emulate(Emulation { locale: Some(tongue.tag()), ..Emulation::default() }).await;
    let mut found = Vec::new();
    walk::citizen(&page, &mut server, &proxy, tongue, async |page, name| {
        judge(page, tongue, name, &mut found).await;
    })
    .await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

async fn desk(tongue: Tongue) {
    let server = Server::demo();
    let proxy = Proxy::before(server.port()).await;
    let page = Browser::shared().await.device(Viewport::TABLET).await.blank().await;
    page.emulate(Emulation { locale: Some(tongue.tag()), ..Emulation::default() }).await;
    let mut found = Vec::new();
    walk::desk(&page, &server, &proxy, tongue, async |page, name| {
        judge(page, tongue, name, &mut found).await;
    })
    .await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(300);

#[test]
fn the_citizens_screens_in_french() {
    run_within(PATIENCE, citizen(Tongue::French));
}

#[test]
fn the_citizens_screens_in_english() {
    run_within(PATIENCE, citizen(Tongue::English));
}

#[test]
fn the_desk_in_french() {
    run_within(PATIENCE, desk(Tongue::French));
}

#[test]
fn the_desk_in_english() {
    run_within(PATIENCE, desk(Tongue::English));
}
