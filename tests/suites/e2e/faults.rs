//! A faulty line, killed tabs and other people's phones, with the real service worker.

use std::time::Duration;

use domain::operations::{Action, CloseConsultation, OpenConsultation};
use harness::{Browser, Fault, Mode, run};
use serde_json::json;

use crate::people::Hall;

/// Opened when the other one closed.
const LAKE: &str = "Un quai neuf au lac?";

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
    phone.receipted("À travers la panne").await;
    hall.stands_once("À travers la panne").await;
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
        hall.proxy.set(Fault::new(Mode::unavailable(7)).on("/api/v1/push").times(1)).await;
        phone.send().await;
        hall.proxy.wait_answered("POST", "/api/v1/push", 1).await;
        // Kept: the instant, in milliseconds, before which the server is not to be asked.
        while !phone.texts("meta").await.iter().any(|text| text.len() == 13 && text.parse::<u64>().is_ok()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        phone.visit("trail").await;
        phone.receipted("Revenez plus tard").await;
        let pushes = hall.proxy.requests().into_iter().filter(|seen| seen.is("POST", "/api/v1/push"));
        let pushes: Vec<_> = pushes.map(|seen| seen.at).collect();
        let waited = pushes[1].duration_since(pushes[0]);
        assert!(waited >= Duration::from_secs(7), "asked again after {waited:?}");
        hall.stands_once("Revenez plus tard").await;
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
fn a_browser_killed_with_everything_keeps_what_was_typed_and_sends_what_was_sealed_once() {
    run(async {
        let hall = Hall::new().await;
        let browser = Browser::own().await;
        let phone = hall.phone_on_disk_of(&browser).await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "La batterie lâche").await;
        phone.page.click_text("label", "Environnement").await;
        phone.page.sees("Brouillon gardé").await;
        let address: String = phone.page.eval("location.href").await.unwrap();

        let browser = browser.killed().await;
        let phone = hall.known_phone(&browser).await;
        // Chromium writes cookies within half a minute: who dies young has no session any more.
        phone.sign_in(&hall.resident(0)).await;
        phone.page.goto(&address).await;
        phone.page.mounted().await;
        let typed = "document.querySelector('#title')?.value === 'La batterie lâche'";
        phone.page.wait_for(typed, "the draft is back").await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        phone.page.sees("Relisez votre proposition").await;
        hall.proxy.set(Fault::new(Mode::Delay(Duration::from_secs(4))).on("/api/v1/push")).await;
        phone.send().await;
        hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;

        let browser = browser.killed().await;
        hall.proxy.pass().await;
        let phone = hall.known_phone(&browser).await;
        phone.sign_in(&hall.resident(0)).await;
        phone.receipted("La batterie lâche").await;
        hall.stands_once("La batterie lâche").await;
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
        phone.receipted("Tué en plein envoi").await;
        hall.stands_once("Tué en plein envoi").await;
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
        let in_a_week = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() + 7 * 86_400_000;
        let open = json!({
            "title": { "fr": LAKE, "en": LAKE }, "summary": { "fr": "Il penche.", "en": "It leans." },
            "phases": [{ "phase": "contribute", "from": in_a_week - 8 * 86_400_000, "until": in_a_week }],
            "grace": 0, "takes": ["proposals"], "fictitious": true,
        });
        let open: OpenConsultation = serde_json::from_value(open).unwrap();
        office.act(Action::OpenConsultation(open)).await;
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
        phone.page.click_text(".notice button", LAKE).await;
        phone.page.sees(LAKE).await;
        phone
            .page
            .wait_for(
                "document.querySelector('#title')?.value === 'Trop tard d’un jour' \
                 && !document.querySelector('.notice button')",
                "the text is in the form of one that is open",
            )
            .await;

        // Where the words never were there is nothing to decide and nothing to use again.
        let other = hall.phone().await;
        other.sign_in(&hall.resident(0)).await;
        other.visit("trail").await;
        other.page.sees("La consultation est fermée depuis le").await;
        other.page.sees("Pas accepté").await;
        for absent in ["À reprendre", "Réutiliser le texte", "votre texte est ici"] {
            assert!(!other.page.text().await.contains(absent), "{absent}");
        }

        // Where they were, it waits until its person deletes them.
        phone.visit("trail").await;
        phone.page.sees("À reprendre").await;
        phone.page.click_text("article button", "Supprimer").await;
        phone.page.click_text("dialog[open] button", "Supprimer").await;
        phone
            .page
            .wait_for("!document.body.innerText.includes('À reprendre')", "nothing waits any more")
            .await;
        phone.page.sees("Pas accepté").await;
    });
}

#[test]
fn who_signs_out_without_a_network_stays_signed_out_and_the_session_ends() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        hall.proxy.set(Mode::Refuse).await;
        phone.visit("me").await;
        phone.page.click_text("button", "Se déconnecter").await;
        phone.page.click_text("dialog[open] button", "Oui, me déconnecter").await;
        phone.page.sees("dès qu’il répondra").await;
        // The device may be put down in between.
        let phone = phone.killed().await;
        hall.proxy.pass().await;
        hall.proxy.forget();
        phone.visit("me").await;
        hall.proxy.wait_answered("POST", "/api/v1/session/close", 1).await;
        phone.page.sees("S’identifier").await;
        let shown = "fetch('/api/v1/session/show', { method: 'POST', body: '{}',
             headers: { 'content-type': 'application/json' } }).then(answer => answer.text())";
        let answer: String = phone.page.eval(shown).await.unwrap();
        assert!(!answer.contains(hall.resident(0).name.as_str()), "{answer}");
        phone.visit("me").await;
        phone.page.sees("S’identifier").await;
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
        phone.receipted("À moi aussi").await;
        hall.stands_once("À moi aussi").await;
        phone.visit("trail").await;
        phone.page.sees("À moi aussi").await;
        assert!(!phone.page.text().await.contains("À moi seule"), "she does not see it");
        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.sees("À moi aussi").await;
        assert!(!reader.page.text().await.contains("À moi seule"), "and it has not left");
        phone.sign_in(&hall.resident(0)).await;
        phone.page.sees("À moi seule").await;
        phone.receipted("À moi seule").await;
        hall.stands_once("À moi seule").await;
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
            tab.receipted(title).await;
        }
        hall.stands_once("Du premier onglet").await;
        hall.stands_once("Du second onglet").await;
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
        phone.page.sees("L’envoi se fera une fois votre code entré.").await;
        phone.sign_in(&hall.resident(0)).await;
        phone.receipted("Après la session").await;
        hall.stands_once("Après la session").await;
    });
}

#[test]
fn a_tab_where_the_draft_is_read_only_never_writes_over_it() {
    run(async {
        let hall = Hall::new().await;
        let first = hall.phone().await;
        first.open_road().await;
        first.page.click_text("a", "Faire une proposition").await;
        first.page.fill("#title", "Le début").await;
        first.page.click_text("label", "Environnement").await;
        first.wait_row("drafts", "row.subject !== null").await;
        let second = first.other_tab().await;
        second.open_road().await;
        second.page.click_text("a", "Faire une proposition").await;
        second.page.sees("Ce brouillon est ouvert dans un autre onglet").await;
        first.page.fill("#text", "Et la suite").await;
        first.wait_row("drafts", "row.text === 'Et la suite'").await;
        second.page.click_text("button", "Relire avant d’envoyer").await;
        second.page.sees("Relisez votre proposition").await;
        second.page.sees("Et la suite").await;
        assert_eq!(first.rows("drafts").await[0]["text"], "Et la suite");
    });
}

#[test]
fn what_changed_in_another_tab_after_it_was_read_is_read_again_before_it_is_sent() {
    run(async {
        let hall = Hall::new().await;
        let first = hall.phone().await;
        first.sign_in(&hall.resident(0)).await;
        first.write("Le quai", "Comme lu").await;
        let second = first.other_tab().await;
        second.open_road().await;
        second.page.click_text("a", "Faire une proposition").await;
        second.page.fill("#text", "Et changé depuis").await;
        second.wait_row("drafts", "row.text === 'Et changé depuis'").await;
        first.page.click("main .btn").await;
        first.page.sees("Ce brouillon a changé depuis").await;
        first.page.sees("Et changé depuis").await;
        assert!(first.rows("outbox").await.is_empty(), "what nobody read is not sealed");
        first.send().await;
        first.receipted("Le quai").await;
    });
}

#[test]
fn a_page_that_the_browser_froze_and_brought_back_begins_anew_with_what_was_typed() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Avant le gel").await;
        phone.page.sees("Brouillon gardé").await;
        phone.page.exec("window.sameDocument = true").await.unwrap();
        // Chromium freezes no page that holds a lock; Safari does, and takes the lock away.
        phone
            .page
            .exec("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
            .await
            .unwrap();
        phone
            .page
            .wait_for(
                "!window.sameDocument && document.querySelector('#title')?.value === 'Avant le gel'",
                "another document with the same words",
            )
            .await;
    });
}
