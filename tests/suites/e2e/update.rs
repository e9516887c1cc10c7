//! A newer version of the app arrives while somebody writes.

use harness::walk::newer_worker;
use harness::{Fault, Mode, run};

use crate::people::Hall;

const KEPT: &str = "caches.keys().then(names => names.filter(name => name.startsWith('rabaska:/:')).sort())";

#[test]
fn a_new_version_while_typing_waits_for_the_person_and_keeps_the_draft() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Commencé sous l’ancienne").await;
        phone.page.sees("Brouillon gardé").await;
        let before: Vec<String> = phone.page.eval(KEPT).await.unwrap();
        let newer = newer_worker(&phone.page, "/sw.js").await;
        let asked = newer.split('"').find(|path| path.starts_with("/citizen-asked-")).unwrap().to_owned();
        hall.proxy.set(Fault::new(Mode::File { kind: "text/javascript", text: newer }).on("/sw.js")).await;

        // What the browser does by itself at least once a day.
        phone.page.exec("window.sameDocument = true").await.unwrap();
        phone.page.exec("navigator.serviceWorker.ready.then(each => each.update())").await.unwrap();
        phone.page.sees("Une nouvelle version est prête").await;
        phone.page.fill("#text", "Et continué pendant qu’elle attend.").await;
        phone.page.sees("Brouillon gardé").await;
        phone.page.sees("Une nouvelle version est prête").await;
        let waiting = "navigator.serviceWorker.ready.then(each => each.waiting !== null)";
        assert!(phone.page.eval::<bool>(waiting).await.unwrap(), "it waits");
        assert!(
            phone.page.eval::<bool>("window.sameDocument === true").await.unwrap(),
            "nothing was reloaded"
        );

        phone.page.click_text("button", "Plus tard").await;
        phone.page.wait_for("!document.body.innerText.includes('nouvelle version')", "it is put off").await;
        assert!(phone.page.eval::<bool>("window.sameDocument === true").await.unwrap(), "nor by that");
        let form: String = phone.page.eval("location.pathname").await.unwrap();
        phone.visit(form.trim_start_matches('/')).await;
        phone.page.sees("Une nouvelle version est prête").await;
        // All of the screen stands, and moves no more under the finger.
        let there = "document.querySelector('#text')?.value === 'Et continué pendant qu’elle attend.'";
        phone.page.wait_for(there, "the draft is in the form").await;
        phone.page.sees("À jour").await;
        phone.page.exec("window.sameDocument = true").await.unwrap();
        // The old one is still at work for this page: the new one comes after that, and meanwhile
        // the person goes on.
        let slow = Mode::Delay(std::time::Duration::from_secs(4));
        hall.proxy.add(Fault::new(slow).on(&asked));
        hall.proxy.forget();
        phone.page.call("Network.clearBrowserCache", serde_json::json!({})).await.unwrap();
        let keep = "for (const name of await caches.keys()) await (await caches.open(name)).delete(PART);
            navigator.serviceWorker.controller.postMessage({ type: 'keep', part: 'asked' })";
        phone.page.exec(&keep.replace("PART", &format!("{asked:?}"))).await.unwrap();
        hall.proxy.wait_arrived("GET", &asked, 1).await;
        phone.page.click_text("button", "Mettre à jour").await;
        phone.page.sees("Un instant… Vos brouillons et vos envois sont gardés.").await;
        phone.page.fill("#text", "Et fini pendant qu’elle arrive.").await;
        assert!(phone.page.eval::<bool>("window.sameDocument === true").await.unwrap(), "not under the hand");
        // A machine with much to do takes its time to put a version in charge.
        let patience = std::time::Duration::from_secs(45);
        phone.page.wait_within(patience, "!window.sameDocument", "the new version's page").await;
        phone.page.mounted().await;
        let words = "document.querySelector('#title')?.value === 'Commencé sous l’ancienne' &&
            document.querySelector('#text')?.value === 'Et fini pendant qu’elle arrive.'";
        phone.page.wait_for(words, "the draft is in the form").await;
        let after: Vec<String> = phone.page.eval(KEPT).await.unwrap();
        assert_ne!(after, before);
        assert_eq!(after, ["rabaska:/:the-newer-one"], "the old copy is gone");
        assert!(!phone.page.text().await.contains("nouvelle version"), "and no other one is offered");
    });
}
