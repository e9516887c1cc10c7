//! A long list: read from the device once, before somebody asks for it; searched and drawn as
//! far as somebody has come. And what stands in a list while it cannot be pulled.

use harness::{Browser, Fault, Mode, Proxy, Server, Viewport, run};
use serde_json::json;

use crate::people::Hall;

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

/// The receipt comes, and then the line is too weak for anything else.
#[test]
fn what_was_received_stays_in_its_list_until_the_list_is_pulled() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Un banc au quai", "").await;
        for quiet in ["/api/v1/pull", "/api/v1/events"] {
            hall.proxy.add(Fault::new(Mode::Blackhole).on(quiet));
        }
        hall.proxy.cut().await;
        phone.send().await;
        phone.receipted("Un banc au quai").await;
        phone.open_road().await;
        phone.page.sees("Un banc au quai").await;
        let sent = "![...document.querySelectorAll('article')].find(each => each.innerText.includes('Un banc au quai')).innerText.includes('Pas encore envoyée')";
        phone.page.wait_for(sent, "it says that it left").await;
        hall.proxy.cut().await;
        hall.proxy.pass().await;
        hall.stands_once("Un banc au quai").await;
    });
}
