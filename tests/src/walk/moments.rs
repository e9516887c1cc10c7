//! What a screen shows for a moment only: while it loads, when it asks, when something is wrong,
//! when a newer version waits. Judged and drawn like the screens themselves.

use super::{AMBULANCE, Tongue, consultation, go, step};
use crate::browser::{Page, Viewport};
use crate::process::{Role, Server};
use crate::proxy::{Fault, Mode, Proxy};

const ASKED: &str = "document.querySelector('dialog[open]') !== null";
const WRONG: &str = "document.querySelector('.errors') !== null";
const LOADING: &str = "document.querySelector('.loading') !== null";
const SAVED: &str = "document.querySelector('.saved[data-state=saved]') !== null";

/// The service worker at `path` as the server gives it, under another version: to the browser,
/// that of a newer app.
pub async fn newer_worker(page: &Page, path: &str) -> String {
    let js = format!(
        "fetch({path:?}, {{ cache: 'no-store' }}).then(answer => answer.text())
           .then(text => text.replace(/^const VERSION = \"[^\"]*\"/, 'const VERSION = \"the-newer-one\"'))"
    );
    let text: String = page.eval(&js).await.expect("the worker's script");
    assert!(text.starts_with("const VERSION = \"the-newer-one\""), "{text:.80}");
    text
}

/// Lets a newer version come, as the browser finds it by itself at least once a day.
async fn update(page: &Page, proxy: &Proxy, path: &'static str, tongue: Tongue) {
    page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
    let newer = newer_worker(page, path).await;
    proxy.set(Fault::new(Mode::File { kind: "text/javascript", text: newer }).on(path)).await;
    page.exec("navigator.serviceWorker.ready.then(each => each.update())").await.expect("it is looked for");
    page.sees(&tongue.say("Une nouvelle version est prête", "A new version is ready")).await;
}

async fn cancel(page: &Page, tongue: Tongue) {
    page.click_text("button", &tongue.say("Annuler", "Cancel")).await;
    page.wait_for("document.querySelector('dialog[open]') === null", "the dialog is closed").await;
}

/// The citizen's.
pub async fn citizen_moments(
    page: &Page,
    server: &Server,
    proxy: &Proxy,
    tongue: Tongue,
    mut look: impl AsyncFnMut(&Page, &str),
) {
    page.set_viewport(Viewport::PHONE).await;
    proxy.set(Fault::new(Mode::Blackhole).on("/api/v1/pull")).await;
    for (path, name) in [("/", "choose-loading"), ("/c/laforce", "home-loading")] {
        go(page, &proxy.at(path)).await;
        page.wait_for(LOADING, "it loads").await;
        look(page, name).await;
    }
    proxy.pass().await;
    proxy.cut().await;
    proxy.set(Fault::new(Mode::status(503)).on("/citizen-rest-")).await;
    go(page, &proxy.at("/trail")).await;
    page.sees(&tongue.say("Encore un instant", "Not here yet")).await;
    look(page, "rest-missing").await;
    proxy.pass().await;

    let blocked = "indexedDB.open = () => { throw new DOMException('', 'SecurityError') }";
    let added = page.call("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": blocked }));
    let added = added.await.expect("a script that runs first");
    go(page, &proxy.at("/")).await;
    page.sees(&tongue.say("ne permet pas de garder", "does not allow data to be kept")).await;
    look(page, "storage-blocked").await;
    page.call("Page.removeScriptToEvaluateOnNewDocument", added).await.expect("it runs no more");

    go(page, &proxy.at("/c/laforce")).await;
    page.sees(&tongue.say("On décide en ce moment", "Being decided now")).await;
    let road = consultation(page, "laforce", "Ouvrir le chemin").await;
    let form = proxy.at(&format!("/c/laforce/{road}/propose"));
    go(page, &form).await;
    page.fill("#title", "Un banc au bout du quai").await;
    page.click_text("label", tongue.data("Autre sujet", "Another subject")).await;
    page.wait_for(SAVED, "the draft is kept").await;
    page.click_text("button", &tongue.say("Jeter le brouillon", "Discard the draft")).await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "propose-discard-asked").await;
    cancel(page, tongue).await;
    page.click("main form button[type=submit]").await;
    page.wait_for("location.pathname.endsWith('/check')", "the check").await;
    // What a full disk looks like is the same wherever the store refuses.
    page.exec("IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError') }")
        .await
        .expect("the store refuses");
    page.click("main .btn").await;
    page.wait_for("document.querySelector('.notice') !== null", "it is said").await;
    look(page, "check-refused").await;

    let person = server.person(&Role::Participant, "laforce").clone();
    go(page, &proxy.at("/sign-in")).await;
    page.fill("#code", &person.code).await;
    let away = tongue.say("Le serveur ne répond pas. Vos textes", "The server is not answering. Your texts");
    let portal = tongue.say("Ce réseau sans fil affiche", "This wireless network shows");
    for (mode, name, said) in
        [(Mode::status(503), "sign-in-away", &away), (Mode::CaptivePortal, "sign-in-portal", &portal)]
    {
        proxy.set(Fault::new(mode).on("/api/v1/session/open")).await;
        page.click("main form .btn").await;
        page.sees(said).await;
        look(page, name).await;
    }
    proxy.pass().await;
    page.click("main form .btn").await;
    page.wait_for("location.pathname === '/trail'", "the trail").await;
    go(page, &form.replace("/propose", "/check")).await;
    // The subject's name comes with the community's lists.
    page.sees(tongue.data("Autre sujet", "Another subject")).await;
    page.click("main .btn").await;
    page.wait_for("document.querySelector('.receipt-stamp') !== null", "the receipt").await;
    // A phone zooms out when something reaches over its edge, and stays so.
    page.wait_for("innerWidth === 390 && visualViewport.scale === 1", "the page fits the phone").await;
    look(page, "received").await;
    page.click_text("button", &tongue.say("Retirer", "Withdraw")).await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "withdraw-asked").await;
    cancel(page, tongue).await;
    go(page, &proxy.at("/me")).await;
    // What the tide line says until then is longer, and what lies under it moves.
    page.sees(&tongue.say("À jour", "Up to date")).await;
    page.click_text("button", &tongue.say("Se déconnecter", "Sign out")).await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "sign-out-asked").await;
    cancel(page, tongue).await;
    // Last: the strip comes by itself on every page from now on, and moves what is under it.
    update(page, proxy, "/sw.js", tongue).await;
    look(page, "update-offered").await;
    proxy.pass().await;
}

/// The desk's.
pub async fn desk_moments(
    page: &Page,
    server: &Server,
    proxy: &Proxy,
    tongue: Tongue,
    mut look: impl AsyncFnMut(&Page, &str),
) {
    page.set_viewport(Viewport::TABLET).await;
    proxy.set(Fault::new(Mode::Blackhole).on("/api/v1/pull")).await;
    go(page, &proxy.at("/desk/sign-in")).await;
    page.fill("#code", &server.person(&Role::Clerk, "laforce").code).await;
    page.click("main form .btn").await;
    page.wait_for(LOADING, "it loads").await;
    look(page, "desk-inbox-loading").await;
    proxy.pass().await;
    proxy.cut().await;

    go(page, &proxy.at("/desk/")).await;
    page.wait_for("document.querySelectorAll('.list-row').length > 3", "the inbox").await;
    page.click_text("a", AMBULANCE).await;
    page.wait_for("document.querySelector('#answer-first') !== null", "the item").await;
    page.sees("Laforce").await;
    page.fill("#answer-first", "").await;
    page.click("form.stack button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-answer-errors").await;
    page.fill("#answer-first", "Un banc").await;
    page.click("form.stack button[type=submit]").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-answer-asked").await;
    cancel(page, tongue).await;

    go(page, &proxy.at("/desk/consultations")).await;
    page.sees(tongue.data("chemin", "road")).await;
    page.click("article:first-of-type .btn-danger:not(dialog *)").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-close-asked").await;
    cancel(page, tongue).await;
    go(page, &proxy.at("/desk/consultations/new")).await;
    page.click("main form button[type=submit]").await;
    page.wait_for(WRONG, "it is said").await;
    look(page, "desk-open-errors").await;
    for field in ["#title", "#title-2", "#summary", "#summary-2"] {
        page.fill(field, "Un banc").await;
    }
    step(page, 2).await;
    step(page, 3).await;
    page.fill("#closes", "2099-12-01T12:00").await;
    step(page, 4).await;
    page.click("main form button[type=submit]").await;
    page.wait_for(ASKED, "it is asked").await;
    look(page, "desk-open-asked").await;
    cancel(page, tongue).await;

    proxy.set(Mode::Refuse).await;
    go(page, &proxy.at("/desk/")).await;
    page.wait_for("document.querySelector('.tide[data-state=off]') !== null", "offline is said").await;
    look(page, "desk-offline").await;
    proxy.pass().await;
    update(page, proxy, "/desk/sw.js", tongue).await;
    look(page, "desk-update-offered").await;
    proxy.pass().await;
}
