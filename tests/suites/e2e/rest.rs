//! The app comes in two parts: the second one after the first list, or when it is asked for.

use std::time::Duration;

use harness::{Browser, Fault, Mode, Viewport, run};

use crate::people::{Hall, ROAD};

fn rests(hall: &Hall) -> Vec<String> {
    let asked = hall.proxy.requests().into_iter().map(|seen| seen.path);
    asked.filter(|path| path.contains("-rest-") || path == "/sw.js").collect()
}

#[test]
fn nothing_else_shares_the_line_before_the_first_list() {
    run(async {
        let hall = Hall::new().await;
        // The list cannot come yet.
        hall.proxy.set(Fault::new(Mode::Blackhole).on("/api/v1/pull")).await;
        let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
        page.goto(&hall.proxy.at("/c/laforce")).await;
        page.mounted().await;
        page.wait_for("document.querySelector('.loading') !== null", "it loads").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(rests(&hall), [] as [&str; 0], "while the list is on its way");
        hall.proxy.cut().await;
        hall.proxy.pass().await;
        page.sees("On décide en ce moment").await;
        page.wait_for("navigator.serviceWorker.controller !== null", "all is kept for offline").await;
        let asked = rests(&hall);
        assert!(
            asked[0].starts_with("/citizen-rest-") && asked[1..].contains(&"/sw.js".to_owned()),
            "{asked:?}"
        );
        let parts = asked.iter().filter(|path| path.contains("-rest-")).count();
        assert_eq!(parts, 1, "the worker takes it from where the page has put it: {asked:?}");
    });
}

#[test]
fn a_second_part_that_does_not_come_is_said_and_fetched_again() {
    run(async {
        let hall = Hall::new().await;
        for mode in [Mode::status(503), Mode::CaptivePortal, Mode::Truncate { bytes: 9_000 }] {
            hall.proxy.set(Fault::new(mode.clone()).on("/citizen-rest-")).await;
            let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
            page.goto(&hall.proxy.at("/c/laforce")).await;
            page.sees("On décide en ce moment").await;
            page.click_text("a", ROAD).await;
            page.sees("Cette partie de Rabaska n’est pas encore sur cet appareil.").await;
            // What is here goes on working.
            page.exec("history.back()").await.unwrap();
            page.sees("On décide en ce moment").await;
            page.click_text("a", ROAD).await;
            page.sees("Encore un instant").await;
            hall.proxy.pass().await;
            page.click_text("button", "Réessayer").await;
            page.sees("Ce que les gens disent").await;
            let heading = "document.activeElement.tagName === 'H1' && document.activeElement.innerText.includes('chemin')";
            page.wait_for(heading, &format!("the focus is on the heading after {mode:?}")).await;
        }
    });
}

#[test]
fn what_was_written_before_shows_with_the_first_screen() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.write("Gardé pour le retour", "").await;
        phone.send().await;
        phone.page.sees("Gardé").await;
        phone.visit("").await;
        // In the very first drawing: the number at the tab and the words of the tide.
        let count = "document.querySelector('.tabs .count')?.innerText.includes('1')";
        phone.page.wait_for(count, "the number at the tab").await;
        phone.page.sees("1 texte à envoyer").await;
    });
}
