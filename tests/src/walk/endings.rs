//! Where a trail may end beside an answer: hidden by the office, taken back, refused, or never sent.

use super::{AMBULANCE, Tongue, consultation, go};
use crate::browser::Page;
use crate::process::{Role, Server};
use crate::proxy::{Fault, Mode, Proxy};

const ASKED: &str = "document.querySelector('dialog[open]') !== null";

const HIDDEN: &str = "Un feu sur la plage";
const WITHDRAWN: &str = "Une table au parc";
const UNSENT: &str = "Un abri au dépotoir";
/// What the office says to a proposal of the demo.
const ANSWER: &str = "Les premiers répondants passent par le rang 4.";
/// What an author says to the office.
const APPEAL: &str = "Le feu est permis là.";
/// What is written on the way.
pub const TITLES: [&str; 5] = [HIDDEN, WITHDRAWN, UNSENT, ANSWER, APPEAL];

/// Writes and seals a proposal; its own page is shown.
async fn propose(page: &Page, form: &str, title: &str, tongue: Tongue) {
    go(page, form).await;
    page.fill("#title", title).await;
    page.click_text("label", tongue.data("Autre sujet", "Another subject")).await;
    page.click("main form button[type=submit]").await;
    page.wait_for("location.pathname.endsWith('/check')", "the check").await;
    page.sees(title).await;
    page.click("main .btn").await;
    page.wait_for("location.pathname.startsWith('/trail/')", "the item's own page").await;
}

async fn received(page: &Page) {
    page.wait_for("document.querySelector('.receipt-stamp') !== null", "the receipt").await;
}

async fn say_yes(page: &Page) {
    page.wait_for(ASKED, "it is asked").await;
    page.click("dialog[open] .btn:not(.btn-quiet)").await;
}

/// What everybody reads of it, how something is reported, and the appeal of the author.
async fn moderated(
    phone: &Page,
    tablet: &Page,
    proxy: &Proxy,
    road: &str,
    tongue: Tongue,
    look: &mut impl AsyncFnMut(&Page, &str),
) {
    phone.fill("#appeal", APPEAL).await;
    phone.click("main form button[type=submit]").await;
    phone.sees(APPEAL).await;
    phone.sees(&tongue.say("Pas encore de décision", "No decision yet")).await;
    look(phone, "trail-appealed").await;
    tablet.sees(&tongue.say("Une autre personne doit décider", "Somebody else must decide")).await;
    look(tablet, "desk-item-appealed").await;
    go(phone, &proxy.at("/c/laforce/moderation")).await;
    phone.sees(&tongue.say("Révision demandée", "Review asked for")).await;
    look(phone, "moderation").await;
    go(phone, &proxy.at(&format!("/c/laforce/{road}"))).await;
    phone.click_text("a", AMBULANCE).await;
    let reported = tongue.say("Signaler", "Report");
    phone.wait_for(&format!("document.body.innerText.includes({reported:?})"), "the proposal").await;
    phone.click_text("button", &reported).await;
    phone.wait_for(ASKED, "it is asked").await;
    look(phone, "flag-asked").await;
    go(tablet, &proxy.at("/desk/rules")).await;
    tablet.click_text("button", &tongue.say("Ajouter une règle", "Add a rule")).await;
    tablet.wait_for("document.querySelector('#naming-name') !== null", "the form").await;
    look(tablet, "desk-rules").await;
    go(tablet, &proxy.at("/desk/templates")).await;
    tablet.click_text("button", &tongue.say("Ajouter un modèle", "Add a template")).await;
    tablet.wait_for("document.querySelector('#naming-name') !== null", "the form").await;
    tablet.fill("#naming-name", "Un banc").await;
    tablet.click_text("button", &tongue.say("Garder le modèle", "Keep the template")).await;
    tablet
        .wait_for("document.querySelectorAll('[aria-invalid=true]').length === 3", "three are missing")
        .await;
    look(tablet, "desk-templates").await;
}

/// Walks them on a new phone, and on a new tablet at the desk.
pub async fn endings(
    phone: &Page,
    tablet: &Page,
    server: &Server,
    proxy: &Proxy,
    tongue: Tongue,
    mut look: impl AsyncFnMut(&Page, &str),
) {
    go(phone, &proxy.at("/sign-in")).await;
    phone.fill("#code", &server.people_of(&Role::Participant, "laforce")[1].code).await;
    phone.click("main form .btn").await;
    phone.wait_for("location.pathname === '/trail'", "the trail").await;
    let road = consultation(phone, "laforce", "Ouvrir le chemin").await;
    let form = proxy.at(&format!("/c/laforce/{road}/propose"));

    propose(phone, &form, HIDDEN, tongue).await;
    received(phone).await;
    go(tablet, &proxy.at("/desk/sign-in")).await;
    tablet.fill("#code", &server.person(&Role::Clerk, "laforce").code).await;
    tablet.click("main form .btn").await;
    tablet.sees(HIDDEN).await;
    tablet.click_text("a", HIDDEN).await;
    tablet.wait_for("document.querySelector('#answer-first') !== null", "the item").await;
    tablet.click_text("button", &tongue.say("Cacher", "Hide")).await;
    tablet.wait_for(ASKED, "it is asked").await;
    look(tablet, "desk-hide-asked").await;
    tablet
        .click_text(
            "label",
            tongue.data("Renseignement sur une autre personne", "Information about another person"),
        )
        .await;
    say_yes(tablet).await;
    tablet.sees(&tongue.say("Cachée. Règle affichée", "Hidden. Rule on display")).await;
    let row = format!(
        "[...document.querySelectorAll('.list-row')].find(row => row.innerText.includes({HIDDEN:?}))
           ?.innerText.includes({:?})",
        tongue.say("Cachée", "Hidden")
    );
    tablet.wait_for(&row, "its row in the list says so too").await;
    look(tablet, "desk-item-hidden").await;
    phone.sees(&tongue.say("Caché", "Hidden")).await;
    look(phone, "trail-hidden").await;
    moderated(phone, tablet, proxy, &road, tongue, &mut look).await;

    propose(phone, &form, WITHDRAWN, tongue).await;
    received(phone).await;
    phone.click_text("button", &tongue.say("Retirer", "Withdraw")).await;
    say_yes(phone).await;
    let tag = tongue.say("Retiré", "Withdrawn");
    let tagged = format!("document.querySelector('main .tag')?.innerText.includes({tag:?})");
    phone.wait_for(&tagged, "it is taken back").await;
    look(phone, "trail-withdrawn").await;

    let never = r#"{"results":[{"invalid":{"reason":"text"}}]}"#.to_owned();
    proxy.set(Fault::new(Mode::File { kind: "application/json", text: never }).on("/api/v1/push")).await;
    propose(phone, &form, UNSENT, tongue).await;
    phone.sees(&tongue.say("Ne peut pas être envoyé", "Cannot be sent")).await;
    look(phone, "trail-unsendable").await;
    go(tablet, &proxy.at("/desk/")).await;
    tablet.click_text("a", AMBULANCE).await;
    tablet.fill("#answer-first", ANSWER).await;
    tablet.click("main form button[type=submit]").await;
    say_yes(tablet).await;
    tablet.sees(&tongue.say("Gardée sur cet appareil. Elle ", "Saved on this device. It will ")).await;
    go(tablet, &proxy.at("/desk/outbox")).await;
    tablet.sees(ANSWER).await;
    tablet.sees(&tongue.say("Réutiliser le texte", "Reuse the text")).await;
    tablet.sees(AMBULANCE).await;
    look(tablet, "desk-outbox-unsendable").await;
    proxy.pass().await;
    go(phone, &proxy.at("/trail")).await;
    phone.sees(UNSENT).await;
    look(phone, "trail-every-ending").await;
}
