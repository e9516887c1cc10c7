//! An office that people wrote five thousand texts to: its tablet holds them all, draws a few, and everything
//! that a clerk does with three texts is done with them.

use harness::world::{self, GROWN};
use harness::{Modifiers, Page, Proxy, assert_accessible, run};

use crate::picture;

const TEXTS: u64 = 5_000;
/// What the tablet draws of them at most, before anybody scrolls.
const DRAWN: u32 = 60;

/// How many of the texts are proposals whose title says so.
fn titled(words: &[&str]) -> usize {
    let says = |title: &str| words.iter().all(|word| title.to_lowercase().contains(word));
    (1..=TEXTS).filter(|number| number % 4 != 0 && says(&world::title(*number))).count()
}

/// The number that stands above the list.
async fn counted(page: &Page, what: &str, wanted: usize) {
    let js =
        format!("Number(document.querySelector('.list-count').innerText.replace(/\\D/g, '')) === {wanted}");
    page.wait_for(&js, what).await;
}

async fn drawn(page: &Page) -> u32 {
    page.eval("document.querySelectorAll('.list-row').length").await.unwrap()
}

#[test]
fn five_thousand_texts_are_found_chosen_and_marked_with_and_without_a_network() {
    run(async {
        let world = world::grown(TEXTS).await;
        let mut server = world::serve(world.dir.path());
        let proxy = Proxy::before(server.port()).await;
        let page = world.desk(&proxy).await;
        page.fill("#by-kind", "Propositions").await;
        page.click_text("summary", "Plus de choix").await;
        page.fill("#by-consultation", GROWN).await;
        counted(&page, "every proposal is here", 3_750).await;
        assert!(drawn(&page).await <= DRAWN, "{} rows are drawn", drawn(&page).await);
        assert_accessible(&page, "five thousand texts").await;
        page.screenshot(&picture("desk-thousands"), false).await;

        page.fill("#by-subject", "environment").await;
        counted(&page, "one subject", 1_250).await;
        page.fill("#by-subject", "").await;
        page.fill("#by-kind", "Commentaires").await;
        counted(&page, "comments", 1_250).await;
        page.fill("#by-kind", "Propositions").await;
        counted(&page, "proposals again", 3_750).await;

        // By keys alone, further than what is drawn.
        page.exec("document.querySelector('.list-link').focus()").await.unwrap();
        for _ in 0..DRAWN + 30 {
            page.press("j", Modifiers::NONE).await;
        }
        let at = "[...document.querySelectorAll('.list-row')].indexOf(document.activeElement.closest('.list-row'))";
        assert!(page.eval::<u32>(at).await.unwrap() > DRAWN, "the keys lead on");

        server.kill9();
        proxy.cut().await;
        let wanted = titled(&["réparer", "patinoire"]);
        assert!(wanted > 3, "{wanted}");
        page.fill("#q", "PATINOIRE réparer").await;
        counted(&page, "found without a network", wanted).await;
        page.click_text("button", "En choisir plusieurs").await;
        page.click_text("button", "Tout choisir").await;
        page.sees(&format!("{wanted} choisis")).await;
        page.fill("#bulk-act", "Mettre en discussion").await;
        page.click_text("button", "Faire").await;
        page.sees(&format!("{wanted} textes mis à jour")).await;
        page.fill("#by-state", "En discussion").await;
        counted(&page, "each of them is marked on this tablet", wanted).await;
        page.screenshot(&picture("desk-thousands-marked"), false).await;

        server.restart();
        proxy.cut().await;
        let other = world.desk(&proxy).await;
        other.fill("#by-state", "En discussion").await;
        counted(&other, "a colleague's tablet holds as many", wanted).await;
        page.assert_clean_but_for(&["net::ERR"]);
    });
}
