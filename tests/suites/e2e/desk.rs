//! What is typed at the desk is lost no more than what is typed on a phone; and what it is told
//! after the server's machine was lost.

use std::time::Duration;

use domain::operations::{Action, Answer};
use domain::text::Localized;
use harness::{Fault, Mode, Phone, Role, run};
use serde_json::json;

use crate::composing::steps;
use crate::people::Hall;

/// The device's clock is two days late.
const LATE: &str = "
  const Real = Date, late = 2 * 864e5;
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() - late); }
    static now() { return Real.now() - late; }
  };";

#[test]
fn a_half_written_answer_outlives_other_screens_a_reload_and_ends_when_it_is_published() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk().await;
        desk.click_text("a", "Et l’ambulance?").await;
        desk.fill("#answer-first", "La route reste ouverte aux secours, et nous").await;
        desk.click_text("a", "Consultations").await;
        desk.sees("Ouvrir une consultation").await;
        desk.click_text("a", "Boîte").await;
        desk.click_text("a", "Et l’ambulance?").await;
        let typed = "document.querySelector('#answer-first')?.value === 'La route reste ouverte aux secours, et nous'";
        desk.wait_for(typed, "what was typed").await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        let address: String = desk.eval("location.href").await.unwrap();
        desk.goto(&address).await;
        desk.mounted().await;
        desk.wait_for(typed, "what was typed, after a reload").await;
        // Published before the pause after the last word has passed.
        desk.fill("#answer-first", "La route reste ouverte aux secours.").await;
        let at_once = "document.querySelector('main form button[type=submit]').click();
            setTimeout(() => document.querySelector('dialog[open] .btn:not(.btn-quiet)').click(), 100)";
        desk.exec(at_once).await.unwrap();
        desk.sees("Corriger la réponse").await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        let kept = "new Promise((done, fail) => {
          const opening = indexedDB.open('rabaska-desk');
          opening.onerror = () => fail(opening.error);
          opening.onsuccess = () => {
            const keys = opening.result.transaction('meta').objectStore('meta').getAllKeys();
            keys.onsuccess = () => { opening.result.close(); done(!keys.result.some(key => key.includes('typed '))); };
          };
        })";
        desk.wait_for(kept, "nothing typed is kept any more").await;
    });
}

#[test]
fn a_refused_opening_shows_its_words_and_brings_them_back_into_the_form() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk().await;
        desk.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
        hall.proxy.set(harness::Mode::Refuse).await;
        desk.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LATE })).await.unwrap();
        desk.goto(&hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        desk.fill("#title", "Un quai neuf?").await;
        desk.fill("#title-2", "A new wharf?").await;
        desk.fill("#summary", "Le quai penche.").await;
        desk.fill("#summary-2", "The wharf leans.").await;
        // Tomorrow by its clock was yesterday.
        let closes: String = desk
            .eval("new Date(Date.now() + 864e5 - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 16)")
            .await
            .unwrap();
        steps(&desk, 2..4).await;
        desk.fill("#closes", &closes).await;
        steps(&desk, 4..5).await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.click_text("dialog[open] button", "Ouvrir la consultation").await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        hall.proxy.pass().await;
        desk.goto(&hall.proxy.at("/desk/outbox")).await;
        desk.mounted().await;
        desk.sees_within(Duration::from_secs(45), "La date de fermeture était déjà passée").await;
        for words in ["Un quai neuf?", "A new wharf?", "Le quai penche.", "The wharf leans."] {
            desk.sees(words).await;
        }
        desk.click_text("button", "Réutiliser le texte").await;
        desk.wait_for("document.querySelector('#title')?.value === 'Un quai neuf?'", "the title").await;
        desk.wait_for("document.querySelector('#summary-2')?.value === 'The wharf leans.'", "the summary")
            .await;
        desk.click_text("a", "Envois").await;
        desk.wait_for("!document.querySelector('main article')", "nothing waits any more").await;
    });
}

#[test]
fn after_a_restore_the_desk_sees_what_waits_for_another_device_until_that_is_back() {
    run(async {
        let mut hall = Hall::new().await;
        let data = hall.server.data().to_owned();
        let author = Phone::of(&hall.resident(0), hall.server.port()).await;
        let office = Phone::of(&hall.clerk(), hall.server.port()).await;
        for phone in [&author, &office] {
            phone.reconcile().await;
        }
        hall.server.stop();
        std::fs::copy(data.join("rabaska.db"), data.join("kept.db")).unwrap();
        hall.server.restart();
        let consultation = author.open_consultation().await;
        let made = author.propose(consultation, "Perdu, puis revenu").await;
        author.send_all().await;
        let record = author.item(made).await.entry().unwrap().record();
        let text = Localized::new([("fr".parse().unwrap(), "Oui.".parse().unwrap())]).unwrap();
        office.act(Action::Answer(Answer { consultation, record, text })).await;
        office.send_all().await;
        hall.server.stop();
        std::fs::copy(data.join("kept.db"), data.join("rabaska.db")).unwrap();
        hall.server.restart();

        // The office's tablet is back, and the phone that it had answered is not.
        let desk = hall.desk().await;
        let waits = "1 envoi attend qu’un autre appareil revienne";
        let hidden = format!("!document.body.innerText.includes('{waits}')");
        desk.wait_for(&hidden, "nothing waits yet").await;
        office.reconcile().await;
        office.try_once().await;
        desk.sees(waits).await;
        desk.sees("Vous n’avez rien à refaire.").await;
        desk.click_text("a", "Moi").await;
        desk.sees("Copies de sûreté du serveur").await;
        desk.sees(waits).await;
        author.reconcile().await;
        author.send_all().await;
        office.send_all().await;
        desk.wait_for(&hidden, "nothing waits any more").await;
    });
}

/// A tablet that is passed on: the server is slow to hear that the first one left.
#[test]
fn whoever_signs_in_while_the_one_before_is_signed_out_stays_signed_in() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk().await;
        let slow = Mode::Delay(Duration::from_secs(2));
        hall.proxy.set(Fault::new(slow).on("/api/v1/session/close")).await;
        desk.click_text(".tabs-link", "Moi").await;
        desk.click_text("button", "Se déconnecter").await;
        desk.wait_for("document.querySelector('dialog[open]') !== null", "it is asked").await;
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        desk.wait_for("document.querySelector('main a[href=\"/desk/sign-in\"]') !== null", "nobody is there")
            .await;
        desk.click("main a[href=\"/desk/sign-in\"]").await;
        desk.fill("#code", &hall.server.person(&Role::Clerk, "temiscaming").code).await;
        desk.click("main form .btn").await;
        desk.wait_for("document.querySelector('.list-row') !== null", "the other inbox").await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        desk.exec("location.reload()").await.unwrap();
        desk.mounted().await;
        desk.sees("À jour").await;
        desk.wait_for("document.querySelector('.list-row') !== null", "it is still theirs").await;
        desk.assert_clean_but_for(&["net::ERR"]);
    });
}
