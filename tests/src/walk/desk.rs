//! The desk's screens in the states that a clerk brings them into.

use super::{AMBULANCE, PICTURED, Tongue, consultation, go, step};
use crate::browser::Page;
use crate::process::{Role, Server};
use crate::proxy::Proxy;

const ASKED: &str = "document.querySelector('dialog[open]') !== null";
const WRONG: &str = "document.querySelector('.errors') !== null";

async fn cancel(page: &Page, tongue: Tongue) {
    page.click_text("button", &tongue.say("Annuler", "Cancel")).await;
    page.wait_for("document.querySelector('dialog[open]') === null", "the dialog is closed").await;
}

/// A page of the first consultation, by the end of its address.
async fn open(page: &Page, proxy: &Proxy, tongue: Tongue, what: &str) {
    go(page, &proxy.at("/desk/consultations")).await;
    page.sees(tongue.data("chemin", "road")).await;
    let open = format!("document.querySelector('article a[href$=\"/{what}\"]').click()");
    page.exec(&open).await.expect("its page");
}

/// Everything that can be done about an item.
pub async fn acts(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    go(page, &proxy.at("/desk/")).await;
    page.click_text("a", AMBULANCE).await;
    page.wait_for("document.querySelector('#standing') !== null", "the item").await;
    page.exec("document.querySelectorAll('main details').forEach(it => it.open = true)").await.expect("open");
    page.fill("#step", "declined").await;
    page.wait_for("document.querySelector('#reason-first') !== null", "the reason").await;
    page.click("#standing .actions button").await;
    // The focus goes there: what is typed sooner would land in it.
    let missing = "document.activeElement?.matches('#reason-first[aria-invalid=true]') === true";
    page.wait_for(missing, "the reason is missing").await;
    page.fill("#blots", AMBULANCE).await;
    page.sees("▒▒▒").await;
    look(page, "desk-item-acts").await;
    page.fill("#merge-q", "sentier").await;
    page.wait_for("document.querySelectorAll('#merging li button').length === 1", "one is found").await;
    page.click("#merging li button").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-merge-asked").await;
    cancel(page, tongue).await;
    go(page, &proxy.at("/desk/")).await;
    page.click_text("a", PICTURED).await;
    page.click_text("button", &tongue.say("Couvrir une partie", "Cover a part")).await;
    page.wait_for("document.querySelector('.cover-img')?.naturalWidth > 100", "the large photo").await;
    page.click("#cover-14").await;
    look(page, "desk-cover").await;
}

/// The list while several are chosen, and what is not a proposal.
pub async fn list(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    go(page, &proxy.at("/desk/")).await;
    page.wait_for("document.querySelectorAll('.list-row').length > 3", "the inbox").await;
    page.click_text("button", &tongue.say("En choisir plusieurs", "Select several")).await;
    let two = "[...document.querySelectorAll('.list-pick input')].slice(0, 2).forEach(it => it.click())";
    page.exec(two).await.expect("two are chosen");
    page.fill("#bulk-act", "on_agenda").await;
    page.wait_for("document.querySelector('#bulk-day') !== null", "of which day?").await;
    look(page, "desk-inbox-picking").await;
    page.fill("#bulk-act", "answer").await;
    page.click(".bulk > .row:last-child > .btn").await;
    page.wait_for("document.querySelector('#answer-first') !== null", "the answer to both").await;
    look(page, "desk-bulk-answer").await;
    go(page, &proxy.at("/desk/")).await;
    page.fill("#by-kind", "comments").await;
    let comments =
        "document.querySelector('.list-row') !== null && document.querySelectorAll('.list-row').length ===
        document.querySelectorAll('.list-row .meta > .tag:first-child:not([data-tone=act])').length";
    page.wait_for(comments, "comments only").await;
    page.exec("document.querySelector('.list-link').click()").await.expect("the first one");
    page.wait_for("document.querySelector('#answer-first') !== null", "the comment").await;
    page.sees("Laforce").await;
    look(page, "desk-comment").await;
}

/// Answering a consultation, and writing one.
pub async fn consultations(
    page: &Page,
    proxy: &Proxy,
    tongue: Tongue,
    look: &mut impl AsyncFnMut(&Page, &str),
) {
    go(page, &proxy.at("/desk/consultations")).await;
    page.sees(tongue.data("chemin", "road")).await;
    look(page, "desk-consultations").await;
    page.exec("document.querySelector('article a').click()").await.expect("the first one");
    page.wait_for("document.querySelectorAll('#uses input[type=checkbox]').length > 3", "its proposals")
        .await;
    look(page, "desk-conclude").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-conclude-errors").await;
    page.fill("#conclude-first", "Un banc").await;
    page.exec("document.querySelector('#uses input[type=checkbox]').click()").await.expect("one is ticked");
    page.click("main form button[type=submit]").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-conclude-asked").await;
    cancel(page, tongue).await;

    commitments(page, proxy, tongue, look).await;
    open(page, proxy, tongue, "documents").await;
    page.wait_for("document.querySelector('#document') !== null", "one can be attached").await;
    look(page, "desk-documents").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-documents-errors").await;

    go(page, &proxy.at("/desk/consultations/new")).await;
    page.wait_for("document.querySelectorAll('#start option').length > 7", "the templates").await;
    look(page, "desk-open").await;
    page.fill("#start", "park").await;
    page.click_text("button", &tongue.say("Remplir", "Fill in")).await;
    page.wait_for("document.querySelector('#discuss-from') !== null", "the phases").await;
    look(page, "desk-open-filled").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    for field in ["#title", "#title-2", "#summary", "#summary-2"] {
        page.fill(field, "Un banc").await;
    }
    step(page, 2).await;
    page.exec("document.querySelector('#sharing').open = true").await.expect("whom to invite");
    look(page, "desk-open-people").await;
    step(page, 3).await;
    let begins: String =
        page.eval("document.querySelector('#discuss-from').value").await.expect("when the discussion begins");
    page.fill("#discuss-from", "2001-01-01").await;
    page.click("main form button[type=submit]").await;
    let at = "document.querySelector('#discuss-from[aria-invalid=true]') !== null";
    page.wait_for(at, "it is said at its date").await;
    look(page, "desk-open-course").await;
    page.fill("#discuss-from", &begins).await;
    step(page, 4).await;
    page.wait_for("document.querySelector('.preview-phone h3') !== null", "as on a phone").await;
    look(page, "desk-open-look").await;
    asked(page, proxy, tongue, look).await;
}

/// Opening a poll and a survey in a consultation.
async fn asked(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    let form = async |act: &str| {
        let open = format!("document.querySelector('main a[href$=\"/{act}\"]').click()");
        page.exec(&open).await.expect("its form");
        page.wait_for("document.querySelector('#closes') !== null", "the form").await;
    };
    let there = "document.querySelectorAll('main .card').length > 1";
    let check = tongue.say("Relire avant d’ouvrir", "Check before opening");
    printed(page, proxy, tongue, look).await;
    open(page, proxy, tongue, "asked").await;
    page.wait_for(there, "what is asked already").await;
    look(page, "desk-asked").await;
    form("poll").await;
    page.click("#method-2").await;
    page.wait_for("document.querySelector('#grades') !== null", "the grades").await;
    page.exec("document.querySelector('details.preview').open = true").await.expect("the preview");
    page.wait_for("document.querySelector('.preview-phone li a') !== null", "what it lacks").await;
    page.click_text("button", &check).await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-poll").await;
    for (field, text) in [
        ("#question", "Un banc"),
        ("#choices", "Un banc\nUn quai"),
        ("#grades", "La voirie\nUn quai\nUn banc"),
    ] {
        page.fill(field, text).await;
        page.fill(&[field, "-2"].concat(), text).await;
    }
    page.wait_for("document.querySelectorAll('.preview-phone select').length === 2", "as on a phone").await;
    page.click(".preview-phone button[type=submit]").await;
    page.wait_for(
        "document.querySelector('.preview-phone [aria-invalid], .preview-phone .field-bad') !== null",
        "it is said",
    )
    .await;
    look(page, "desk-poll-preview").await;
    page.click("#preview-on-1").await;
    page.wait_for("document.querySelectorAll('.preview-paper table').length === 2", "as on paper").await;
    look(page, "desk-poll-paper").await;
    open(page, proxy, tongue, "asked").await;
    page.wait_for(there, "what is asked already").await;
    form("survey").await;
    page.click("#add-question").await;
    for kind in ["several", "scale", "matrix", "number", "date"] {
        page.fill("#q-kind", kind).await;
        let drawn = format!("document.querySelector('#q-kind').value === '{kind}'");
        page.wait_for(&drawn, "its fields").await;
        page.click("main .card .btn-quiet").await;
        look(page, &["desk-survey-", kind].concat()).await;
    }
}

/// What is printed.
async fn printed(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    open(page, proxy, tongue, "print").await;
    for (at, what) in [("#print", "notice"), ("#print-1", "form"), ("#print-2", "results")] {
        page.wait_for("document.querySelector('.sheets-one') !== null", "a sheet").await;
        page.click(at).await;
        look(page, &["desk-print-", what].concat()).await;
    }
    go(page, &proxy.at("/desk/bulletin")).await;
    page.wait_for("document.querySelector('.sheets-one') !== null", "the bulletin").await;
    look(page, "desk-bulletin").await;
}

/// Committing to something, and saying how far it has come.
async fn commitments(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    open(page, proxy, tongue, "commitments").await;
    page.wait_for("document.querySelector('#commit-first') !== null", "the form").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-commit-errors").await;
    for (field, text) in
        [("#commit-first", "Un banc"), ("#owner-first", "La voirie"), ("#commit-day", "2099-05-01")]
    {
        page.fill(field, text).await;
    }
    page.click("main form button[type=submit]").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-commit-asked").await;
    page.click("dialog[open] .btn:not(.btn-quiet)").await;
    page.wait_for("document.querySelector('main article .trail') !== null", "it is made").await;
    look(page, "desk-commitments").await;
    page.click("main article .actions a").await;
    page.wait_for("document.querySelector('#report-state') !== null", "the form").await;
    page.fill("#report-state", "moved").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('#report-day[aria-invalid=true]') !== null", "of which day?").await;
    look(page, "desk-commitment-errors").await;
}

/// What is entered for somebody, with its slip, and how the office reads it; taking back; publishing a text.
pub async fn entered(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    open(page, proxy, tongue, "enter").await;
    page.click("#what").await;
    page.wait_for("document.querySelector('#title') !== null", "its form").await;
    look(page, "desk-enter").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-enter-errors").await;
    page.click_text("label", tongue.data("Le chemin et vous", "The road and you")).await;
    page.click("#way").await;
    page.click("#consent").await;
    page.click_text("label", tongue.data("Parfois", "Sometimes")).await;
    page.wait_for("document.querySelector('#q3') !== null", "what follows from it").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('#q6') !== null", "the second page").await;
    page.click("#q4").await;
    page.fill("#q6", "Un banc").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-enter-asked").await;
    page.click("dialog[open] .btn:not(.btn-quiet)").await;
    page.wait_for("document.querySelector('.slip-code-text') !== null", "the slip").await;
    look(page, "desk-slip").await;
    page.click_text("button", &tongue.say("Remis; terminer", "Handed over; finish")).await;
    page.sees(tongue.data("chemin", "road")).await;

    go(page, &proxy.at("/desk/take-back")).await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-take-back-errors").await;

    open(page, proxy, tongue, "asked").await;
    page.wait_for("document.querySelector('main .card a[href*=\"/survey/\"]') !== null", "its survey").await;
    page.click("main .card a[href*=\"/survey/\"]").await;
    page.sees("Un banc").await;
    look(page, "desk-responses").await;

    open(page, proxy, tongue, "texts").await;
    page.fill("#body", "Un banc\n\nUn banc").await;
    page.fill("#body-2", "Un banc").await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-text-errors").await;
}

/// What another office enters: other words for a paragraph.
pub async fn amended(
    page: &Page,
    server: &Server,
    proxy: &Proxy,
    tongue: Tongue,
    look: &mut impl AsyncFnMut(&Page, &str),
) {
    go(page, &proxy.at("/desk/me")).await;
    page.click_text("button", &tongue.say("Se déconnecter", "Sign out")).await;
    page.wait_for(ASKED, "it is asked").await;
    page.click("dialog[open] .btn:not(.btn-quiet)").await;
    page.wait_for("document.querySelector('main a[href=\"/desk/sign-in\"]') !== null", "nobody is there")
        .await;
    go(page, &proxy.at("/desk/sign-in")).await;
    page.fill("#code", &server.person(&Role::Clerk, "temiscaming").code).await;
    page.click("main form .btn").await;
    page.wait_for("document.querySelector('.list-row') !== null", "the inbox").await;
    let compost = consultation(page, "temiscaming", "Réduire nos déchets").await;
    go(page, &proxy.at(&format!("/desk/consultations/{compost}/enter"))).await;
    page.click_text("label", &tongue.say("Un changement à un texte", "A change to a text")).await;
    page.wait_for("document.querySelectorAll('#paragraph option').length === 5", "its paragraphs").await;
    page.exec("document.querySelector('#paragraph option:last-child').selected = true").await.expect("one");
    let change = "document.querySelector('#paragraph').dispatchEvent(new Event('change', { bubbles: true }))";
    page.exec(change).await.expect("it is chosen");
    page.wait_for("document.querySelector('#wording')?.value.length > 10", "its words to change").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('#wording[aria-invalid=true]') !== null", "nothing is changed")
        .await;
    page.fill("#wording", "Un banc").await;
    page.wait_for("document.querySelector('main ins') !== null", "what changes").await;
    look(page, "desk-enter-amend").await;
}
