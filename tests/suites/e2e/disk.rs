//! What a full disk and a sudden death leave on the device: all or nothing, and never less than
//! was there.

use harness::{Browser, Fault, Mode, run};

use crate::composing::steps;
use crate::people::{Hall, ROAD, fill_disk, free_disk};

/// Room for the app and what it holds, and some megabytes more.
const SMALL: Option<u64> = Some(16 << 20);

/// Notes when the browser refuses a change of the outbox for want of room.
const WATCH_OUTBOX: &str = r#"
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...how) {
  const begun = begin.apply(this, how);
  begun.addEventListener("abort", () => {
    const full = begun.error?.name === "QuotaExceededError";
    if (full && begun.objectStoreNames.contains("outbox")) window.outboxRefused = true;
  });
  return begun;
}"#;

const FULL: &str = "L’appareil n’a plus de place.";

#[test]
fn a_full_disk_at_sealing_is_said_and_leaves_the_draft_whole() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone_with_room(SMALL).await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Sans place sur le téléphone", "Et pourtant gardé.").await;
        let check: String = phone.page.eval("location.pathname").await.unwrap();
        let draft = phone.rows("drafts").await;
        fill_disk(&phone.page).await;
        phone.page.click("main .btn").await;
        phone.page.sees(FULL).await;
        phone.page.sees("Et pourtant gardé.").await;
        assert_eq!(
            phone.page.eval::<String>("location.pathname").await.unwrap(),
            check,
            "one is still there"
        );
        assert_eq!(phone.rows("drafts").await, draft, "the draft is as it was");
        assert!(phone.rows("outbox").await.is_empty(), "nothing is half sealed");
        assert_eq!(hall.proxy.arrived("POST", "/api/v1/push"), 0, "nothing left");

        free_disk(&phone.page).await;
        phone.send().await;
        phone.receipted("Sans place sur le téléphone").await;
        assert!(phone.rows("drafts").await.is_empty());
        hall.stands_once("Sans place sur le téléphone").await;
    });
}

#[test]
fn a_disk_that_is_really_full_takes_nothing_from_the_screen_or_from_what_it_held() {
    run(async {
        let hall = Hall::new().await;
        let browser = Browser::on_small_disk(256 << 20).await;
        let phone = hall.phone_on_disk_of(&browser).await;
        phone.sign_in(&hall.resident(0)).await;
        // Longer than what is left of the last page of any file.
        let long = format!("Et pourtant gardé.{}", " Le quai penche encore.".repeat(200));
        phone.write("Le disque est plein", &long).await;
        let draft = phone.rows("drafts").await;
        browser.fill_disk(0);
        phone.page.click("main .btn").await;
        phone.page.sees("L’appareil est peut-être plein").await;
        // What cannot be read again meanwhile, the communities among it, stays on the screen.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        phone.page.sees("Et pourtant gardé.").await;
        assert_eq!(hall.proxy.arrived("POST", "/api/v1/push"), 0, "nothing left");

        browser.free_disk();
        assert_eq!(phone.rows("drafts").await, draft, "the draft is as it was");
        assert!(phone.rows("outbox").await.is_empty(), "nothing is half sealed");
        phone.send().await;
        phone.receipted("Le disque est plein").await;
        assert!(phone.rows("drafts").await.is_empty());
        hall.stands_once("Le disque est plein").await;
    });
}

#[test]
fn a_full_disk_while_typing_keeps_the_words_on_the_screen() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone_with_room(SMALL).await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Le début").await;
        phone.page.click_text("label", "Environnement").await;
        phone.page.sees("Brouillon gardé").await;
        let form: String = phone.page.eval("location.pathname").await.unwrap();
        fill_disk(&phone.page).await;
        phone.page.fill("#title", "Le début, et toute la suite").await;
        phone.page.sees("Le brouillon n’a pas pu être gardé").await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        // Reading again would show what is on disk: the beginning only.
        phone.page.wait_for("document.querySelector('.errors') !== null", "that is said").await;
        let typed = "document.querySelector('#title')?.value === 'Le début, et toute la suite'";
        phone.page.wait_for(typed, "the words are in the form").await;
        assert_eq!(phone.page.eval::<String>("location.pathname").await.unwrap(), form);

        free_disk(&phone.page).await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        phone.page.sees("Relisez votre proposition").await;
        phone.page.sees("Le début, et toute la suite").await;
        phone.send().await;
        phone.receipted("Le début, et toute la suite").await;
    });
}

#[test]
fn a_tab_killed_with_the_receipt_in_its_hand_gets_the_same_one_again() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Tué le reçu en main", "").await;
        // The receipt is checked as soon as it comes, before anything of it is written.
        let stop = "crypto.subtle.verify = () => { window.receiptCame = true; return new Promise(() => {}) }";
        phone.page.exec(stop).await.unwrap();
        phone.send().await;
        phone.page.wait_for("window.receiptCame === true", "the receipt has come").await;
        let held = phone.rows("outbox").await;
        assert_eq!((held.len(), held[0]["state"].as_str()), (1, Some("sending")), "nothing is written yet");
        assert!(held[0]["receipt"].is_null());
        let op = held[0]["op"].clone();
        let phone = phone.killed().await;

        phone.visit("trail").await;
        phone.wait_row("outbox", "row.state === 'accepted'").await;
        let held = phone.rows("outbox").await;
        assert_eq!(held.len(), 1);
        assert_eq!(held[0]["op"], op, "it is the same item");
        let receipt: serde_json::Value =
            serde_json::from_str(held[0]["receipt"]["text"].as_str().unwrap()).unwrap();
        assert_eq!(receipt["op"], op, "and this is its receipt");
        assert!(hall.proxy.arrived("POST", "/api/v1/push") >= 2, "it was asked for again");
        phone.receipted("Tué le reçu en main").await;
        let entries = "[...document.querySelectorAll('main article')].map(each => each.innerText)
            .filter(text => text.includes('Tué le reçu en main'))";
        let entries: Vec<String> = phone.page.eval(entries).await.unwrap();
        assert_eq!(entries.len(), 1, "it stands once in the trail: {entries:?}");
        assert_eq!(entries[0].matches("REÇU ").count(), 1, "with one receipt: {entries:?}");
        hall.stands_once("Tué le reçu en main").await;
    });
}

#[test]
fn a_full_disk_while_sending_keeps_the_text_and_sending_goes_on_with_room() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone_with_room(SMALL).await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Plus de place pour l’envoi", "").await;
        hall.proxy.set(Fault::new(Mode::unavailable(1)).on("/api/v1/push")).await;
        phone.send().await;
        hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;
        phone.page.sees("Gardé").await;
        fill_disk(&phone.page).await;
        hall.proxy.pass().await;
        phone.visit("trail").await;
        phone.page.sees("Plus de place pour l’envoi").await;
        phone.page.exec(WATCH_OUTBOX).await.unwrap();
        phone.page.wait_for("window.outboxRefused === true", "the sender meets the full disk").await;
        assert_eq!(phone.rows("outbox").await.len(), 1, "the sealed text is there");
        assert_eq!(hall.proxy.forwarded("POST", "/api/v1/push"), 0, "what cannot be noted does not leave");
        free_disk(&phone.page).await;
        phone.receipted("Plus de place pour l’envoi").await;
        hall.stands_once("Plus de place pour l’envoi").await;
    });
}

#[test]
fn a_full_disk_at_the_desk_is_said_where_the_clerk_looks() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk_with_room(SMALL).await;
        desk.click_text("a", "Et l’ambulance?").await;
        desk.wait_for("document.querySelector('#answer-first') !== null", "the item").await;
        desk.sees("de Laforce").await;
        fill_disk(&desk).await;
        let publish = async || {
            desk.click_text("button", "Publier la réponse").await;
            desk.wait_for("document.querySelector('dialog[open]') !== null", "it is asked").await;
            desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        };
        desk.fill("#answer-first", "Le conseil en parlera.").await;
        publish().await;
        let said = format!("document.querySelector('.notice[data-tone=bad]')?.innerText.includes({FULL:?})");
        desk.wait_for(&said, "it is said as what it is").await;
        let kept = "document.querySelector('#answer-first').value === 'Le conseil en parlera.'";
        desk.wait_for(kept, "the words are still there").await;
        free_disk(&desk).await;
        publish().await;
        desk.sees("Le conseil en parlera.").await;
        hall.proxy.wait_answered("POST", "/api/v1/push", 1).await;

        desk.goto(&hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        for field in ["#title", "#title-2", "#summary", "#summary-2"] {
            desk.fill(field, "Un banc").await;
        }
        steps(&desk, 2..4).await;
        desk.fill("#closes", "2099-12-01T12:00").await;
        steps(&desk, 4..5).await;
        // The store refuses as it does when the disk is full.
        let refuse =
            "IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError') }";
        desk.exec(refuse).await.unwrap();
        desk.click("main form button[type=submit]").await;
        desk.wait_for("document.querySelector('dialog[open]') !== null", "it is asked").await;
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        let said = format!("document.querySelector('.errors')?.innerText.includes({FULL:?})");
        desk.wait_for(&said, "it is said at the form").await;
        desk.wait_for("document.querySelector('#title').value === 'Un banc'", "the form is as it was").await;
    });
}

#[test]
fn a_full_disk_at_an_act_without_a_form_is_said_at_the_top_until_it_is_understood() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk_with_room(SMALL).await;
        desk.click_text("a", "Consultations").await;
        desk.sees(ROAD).await;
        fill_disk(&desk).await;
        let close = async || {
            desk.click_text("button", "Fermer la consultation").await;
            desk.wait_for("document.querySelector('dialog[open]') !== null", "it is asked").await;
            desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        };
        close().await;
        let said = format!("document.querySelector('.banner[role=status]')?.innerText.includes({FULL:?})");
        desk.wait_for(&said, "it is said where everybody sees").await;
        desk.click_text("button", "Compris").await;
        desk.wait_for("document.querySelector('.banner') === null", "it is understood").await;
        free_disk(&desk).await;
        close().await;
        desk.sees("Fermée, délai en cours").await;
        hall.proxy.wait_answered("POST", "/api/v1/push", 1).await;
        assert_eq!(hall.proxy.forwarded("POST", "/api/v1/push"), 1, "only the second one was sent");
    });
}

/// The store refuses to add anything, and not for want of room.
const REFUSE: &str = "window.add ??= IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = () => { throw new DOMException('', 'UnknownError') }";

#[test]
fn a_draft_that_cannot_be_begun_is_said_as_what_it_is_and_tried_again() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone_with_room(SMALL).await;
        phone.open_road().await;
        fill_disk(&phone.page).await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.sees(FULL).await;
        free_disk(&phone.page).await;
        phone.page.exec(REFUSE).await.unwrap();
        phone.page.click_text("button", "Réessayer").await;
        phone.page.sees("Ça n’a pas pu être gardé.").await;
        phone.page.exec("IDBObjectStore.prototype.add = window.add").await.unwrap();
        phone.page.click_text("button", "Réessayer").await;
        phone.page.fill("#title", "Enfin").await;
        phone.page.click_text("label", "Environnement").await;
        phone.page.sees("Brouillon gardé").await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        phone.page.sees("Relisez votre proposition").await;
        phone.page.exec(REFUSE).await.unwrap();
        phone.page.click("main .btn").await;
        phone.page.sees("Ça n’a pas pu être gardé.").await;
        let full: bool =
            phone.page.eval(&format!("document.body.innerText.includes({FULL:?})")).await.unwrap();
        assert!(!full, "there is room");
    });
}
