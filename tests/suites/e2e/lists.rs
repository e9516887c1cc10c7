//! A long list: read from the device once, before somebody asks for it; searched and drawn as
//! far as somebody has come.

use harness::{Browser, Proxy, Server, Viewport, run};
use serde_json::json;

/// Notes what is read of the table of records, and from which scope.
const NOTED: &str = "
    window.reads = [];
    const getAll = IDBObjectStore.prototype.getAll;
    IDBObjectStore.prototype.getAll = function (query, ...rest) {
        if (this.name === 'records') window.reads.push(query.lower);
        return getAll.call(this, query, ...rest);
    };";

#[test]
fn a_list_is_read_once_before_the_tap_and_searched_offline() {
    run(async {
        let mut server = Server::demo();
        let proxy = Proxy::before(server.port()).await;
        let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
        page.goto(&proxy.at("/c/ville-marie")).await;
        page.click_text("a", "Démonstration").await;
        page.sees("607 contributions").await;
        page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
        server.kill9();
        proxy.cut().await;

        page.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOTED })).await.unwrap();
        page.goto(&proxy.at("/c/ville-marie")).await;
        let list = "reads.filter(key => key.startsWith('public/ville-marie/')).length";
        page.wait_for(&format!("{list} > 0"), "the list is read ahead").await;
        page.click_text("a", "Démonstration").await;
        page.sees("607 contributions").await;
        page.wait_for("document.querySelectorAll('main article').length >= 10", "the first rows").await;
        assert_eq!(page.eval::<u32>(list).await.unwrap(), 1, "read again");

        page.fill("Chercher dans les contributions", "TRÁFFIC").await;
        page.wait_for("/^\\d+ résultats/.test(document.querySelector('.search-note').textContent)", "found")
            .await;
        let all =
            "[...document.querySelectorAll('main article')].every(it => /traffic/i.test(it.textContent))";
        assert!(page.eval::<bool>(all).await.unwrap(), "something else is shown");
        let rows = page.eval::<u32>("document.querySelectorAll('main article').length").await.unwrap();
        page.exec("window.scrollTo(0, document.body.scrollHeight)").await.unwrap();
        page.wait_for(&format!("document.querySelectorAll('main article').length > {rows}"), "more rows")
            .await;
    });
}
