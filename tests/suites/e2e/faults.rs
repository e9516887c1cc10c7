//! A faulty line, killed tabs and other people's phones, with the real service worker.

use std::time::Duration;

use domain::operations::{Action, CloseConsultation};
use harness::{Fault, Mode, run};

use crate::people::Hall;

async fn stands_once(hall: &Hall, title: &str) {
    let reader = hall.phone().await;
    reader.open_road().await;
    reader.page.sees(title).await;
    let count = format!("document.body.innerText.split({title:?}).length - 1");
    assert_eq!(reader.page.eval::<u32>(&count).await.unwrap(), 1, "{title} stands there once");
}

/// Sends one proposal into a fault; after it the receipt comes and the proposal stands once.
async fn survives(mode: Mode, times: Option<usize>) {
    let hall = Hall::new().await;
    let phone = hall.phone().await;
    phone.sign_in(&hall.resident(0)).await;
    phone.write("À travers la panne", "Une seule fois.").await;
    let fault = Fault::new(mode).on("/api/v1/push");
    hall.proxy
        .set(match times {
            Some(times) => fault.times(times),
            None => fault,
        })
        .await;
    phone.send().await;
    hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;
    phone.page.sees("Gardé").await;
    if times.is_none() {
        hall.proxy.pass().await;
    }
    phone.visit("trail").await;
    phone.receipted().await;
    stands_once(&hall, "À travers la panne").await;
}

#[test]
fn a_socket_closed_after_the_body() {
    run(survives(Mode::CloseAfterBody, Some(2)));
}

#[test]
fn a_408() {
    run(survives(Mode::status(408), Some(1)));
}

#[test]
fn a_captive_portal() {
    run(survives(Mode::CaptivePortal, None));
}

#[test]
fn a_503_with_retry_after_across_a_restart_of_the_app() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Revenez plus tard", "").await;
        hall.proxy.set(Fault::new(Mode::unavailable(3)).on("/api/v1/push").times(1)).await;
        phone.send().await;
        hall.proxy.wait_answered("POST", "/api/v1/push", 1).await;
        phone.visit("trail").await;
        phone.receipted().await;
        stands_once(&hall, "Revenez plus tard").await;
    });
}

#[test]
fn a_tab_killed_while_typing_keeps_the_draft() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Presque écrit").await;
        phone.page.sees("Brouillon gardé").await;
        let address: String = phone.page.eval("location.href").await.unwrap();
        let phone = phone.killed().await;
        phone.page.goto(&address).await;
        phone.page.mounted().await;
        phone
            .page
            .wait_for("document.querySelector('#title')?.value === 'Presque écrit'", "the draft is back")
            .await;
    });
}

#[test]
fn a_tab_killed_while_sending_sends_once() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Tué en plein envoi", "").await;
        hall.proxy.set(Fault::new(Mode::Delay(Duration::from_secs(4))).on("/api/v1/push")).await;
        phone.send().await;
        hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;
        let phone = phone.killed().await;
        hall.proxy.pass().await;
        phone.visit("trail").await;
        phone.page.sees("Tué en plein envoi").await;
        phone.receipted().await;
        stands_once(&hall, "Tué en plein envoi").await;
    });
}

#[test]
fn a_consultation_closed_while_offline_refuses_with_the_text_intact_and_one_tap_to_reuse_it() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        hall.proxy.set(Mode::Refuse).await;
        phone.write("Trop tard d’un jour", "Le texte reste.").await;
        phone.send().await;
        phone.page.sees("Gardé").await;
        let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
        let consultation = office.open_consultation().await;
        let close = CloseConsultation { consultation, grace: 0 };
        office.act(Action::CloseConsultation(close)).await;
        office.send_all().await;
        hall.proxy.pass().await;
        phone.visit("trail").await;
        phone.page.sees("La consultation est fermée depuis le").await;
        phone.page.click_text("button", "Réutiliser le texte").await;
        phone
            .page
            .wait_for(
                "document.querySelector('#title')?.value === 'Trop tard d’un jour'",
                "the text is in a form",
            )
            .await;
    });
}

#[test]
fn a_second_person_neither_sees_nor_sends_the_first_ones_unsent_items() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("À moi seule", "").await;
        hall.proxy.set(Fault::new(Mode::unavailable(1)).on("/api/v1/push")).await;
        phone.send().await;
        hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;
        phone.sign_in(&hall.resident(1)).await;
        hall.proxy.pass().await;
        phone.write("À moi aussi", "").await;
        phone.send().await;
        phone.receipted().await;
        stands_once(&hall, "À moi aussi").await;
        phone.visit("trail").await;
        phone.page.sees("À moi aussi").await;
        assert!(!phone.page.text().await.contains("À moi seule"), "she does not see it");
        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.sees("À moi aussi").await;
        assert!(!reader.page.text().await.contains("À moi seule"), "and it has not left");
        phone.sign_in(&hall.resident(0)).await;
        phone.page.sees("À moi seule").await;
        phone.receipted().await;
        stands_once(&hall, "À moi seule").await;
    });
}

#[test]
fn two_tabs_that_reconnect_send_each_item_once() {
    run(async {
        let hall = Hall::new().await;
        let first = hall.phone().await;
        first.sign_in(&hall.resident(0)).await;
        let second = first.other_tab().await;
        hall.proxy.set(Mode::Refuse).await;
        first.write("Du premier onglet", "").await;
        first.send().await;
        second.write("Du second onglet", "").await;
        second.send().await;
        hall.proxy.pass().await;
        for (tab, title) in [(&first, "Du premier onglet"), (&second, "Du second onglet")] {
            tab.visit("trail").await;
            tab.page.sees(title).await;
            tab.receipted().await;
        }
        stands_once(&hall, "Du premier onglet").await;
        stands_once(&hall, "Du second onglet").await;
    });
}

#[test]
fn a_401_mid_queue_pauses_and_says_so_until_signing_in_again() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Après la session", "").await;
        // The session ends on the server: revoked, or a database put back.
        phone.page.exec("fetch('/api/v1/session/close', {method: 'POST', headers: {'content-type': 'application/json'}, body: '{}'})").await.unwrap();
        phone.send().await;
        phone.page.sees("Identifiez-vous pour que les envois reprennent.").await;
        phone.sign_in(&hall.resident(0)).await;
        phone.receipted().await;
        stands_once(&hall, "Après la session").await;
    });
}

#[test]
fn a_photo_cut_on_the_way_goes_on_where_it_stopped() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Le quai en photo").await;
        phone.page.click_text("label", "Environnement").await;
        let photo = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../server/demo/photos/quay.jpg")
            .canonicalize()
            .unwrap();
        phone.page.set_files("input[type=file]", &[&photo]).await;
        phone.page.wait_for("document.querySelector('main img') !== null", "the small picture").await;
        phone.page.sees("Brouillon gardé").await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        phone.page.sees("Relisez votre proposition").await;
        hall.proxy.forget();
        hall.proxy.set(Fault::new(Mode::Throttle { bytes_per_second: 20_000 }).on("/api/v1/blobs")).await;
        phone.send().await;
        let begun = std::time::Instant::now();
        while !hall.proxy.requests().iter().any(|seen| seen.method == "PUT") {
            assert!(
                begun.elapsed() < Duration::from_secs(15),
                "no piece leaves: {:?}",
                hall.proxy.requests()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        hall.server.kill9();
        hall.proxy.pass().await;
        hall.server.restart();
        phone.visit("trail").await;
        phone.receipted().await;
        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.sees("Le quai en photo").await;
        reader
            .page
            .wait_for(
                "[...document.querySelectorAll('main img')].some(image => image.naturalWidth > 0)",
                "the picture",
            )
            .await;
    });
}
