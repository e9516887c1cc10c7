//! The parts of the app that only those fetch who meet what they draw: polls and surveys, what the office tells,
//! what is one's own.

use app::offline::surroundings::Surroundings;
use domain::operations::{Action, Commit, OpenPoll};
use domain::tallies::Method;
use domain::time::DAY;
use harness::walk::newer_worker;
use harness::{Browser, Fault, Mode, Page, Viewport, run};

use crate::people::{Hall, Phone, ROAD, said};

const QUESTION: &str = "Quel jour pour la corvée du quai?";
const PROMISE: &str = "Une lampe de plus au quai.";
const METHOD: &str = "Chaque personne choisit une seule option.";
const MISSING: &str = "Cette partie de Rabaska n’est pas encore sur cet appareil.";

/// The office opens a poll in the road's consultation.
async fn open_poll(hall: &Hall) {
    let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
    let (consultation, now) = (office.open_consultation().await, office.pocket.now());
    let poll = OpenPoll {
        consultation,
        question: said(QUESTION),
        text: None,
        choices: vec![said("Samedi"), said("Dimanche")],
        method: Method::Plurality,
        grades: vec![],
        opens_at: now.plus(-DAY),
        closes_at: now.plus(DAY),
    };
    office.act(Action::OpenPoll(poll)).await;
    office.send_all().await;
}

fn fetched(hall: &Hall, part: &str) -> usize {
    let begins = format!("/citizen-{part}-");
    hall.proxy.requests().iter().filter(|seen| seen.path.starts_with(&begins)).count()
}

/// Waits until this many copies of the app have the part of polls.
async fn kept(page: &Page, copies: usize) {
    keeps(page, "asked", copies).await;
}

/// Waits until this many copies of the app have a part.
pub async fn keeps(page: &Page, part: &str, copies: usize) {
    let kept = format!(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(each => each.keys()))))
           .then(all => all.filter(each => each.some(({{ url }}) => url.includes('-{part}-'))).length === {copies})"
    );
    page.wait_for(&kept, &format!("{copies} copies of the app have `{part}`")).await;
}

/// Opens the poll's page with the server away: everything is here.
async fn opens_offline(hall: &mut Hall, phone: &Phone) {
    hall.server.kill9();
    hall.proxy.cut().await;
    phone.open_road().await;
    phone.page.click_text("a", QUESTION).await;
    phone.page.sees(METHOD).await;
}

#[test]
fn it_comes_with_the_first_poll_and_is_there_offline() {
    run(async {
        let mut hall = Hall::new().await;
        // Nothing is asked in Moffet.
        let elsewhere = hall.phone_in("moff", "Moffet").await;
        elsewhere.page.click_text("a", "Les heures de la bibliothèque").await;
        elsewhere.page.sees("Ce que les gens disent").await;
        kept(&elsewhere.page, 0).await;
        for part in ["asked", "told", "own"] {
            assert_eq!(fetched(&hall, part), 0, "{part}, where nobody meets what it draws");
        }
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        keeps(&phone.page, "own", 1).await;
        phone.open_road().await;
        open_poll(&hall).await;
        phone.page.sees(QUESTION).await;
        kept(&phone.page, 1).await;
        assert_eq!(fetched(&hall, "asked"), 1, "before anybody opens it");
        opens_offline(&mut hall, &phone).await;
        assert_eq!(fetched(&hall, "asked"), 1);
        phone.page.click_text("label", "Dimanche").await;
        phone.page.click_text("main form button", "Déposer mon bulletin").await;
        phone.page.click_text("dialog[open] button", "Déposer mon bulletin").await;
        phone.page.sees("Votre bulletin est gardé sur cet appareil.").await;
    });
}

#[test]
fn where_it_does_not_come_that_is_said_and_it_is_fetched_again() {
    run(async {
        let hall = Hall::new().await;
        open_poll(&hall).await;
        for mode in [Mode::status(503), Mode::CaptivePortal, Mode::Truncate { bytes: 9_000 }] {
            hall.proxy.set(Fault::new(mode.clone()).on("/citizen-asked-")).await;
            let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
            page.goto(&hall.proxy.at("/c/laforce")).await;
            page.click_text("a", ROAD).await;
            page.click_text("a", QUESTION).await;
            page.sees(MISSING).await;
            // What is here goes on working.
            page.exec("history.back()").await.unwrap();
            page.sees("Ce que les gens disent").await;
            page.click_text("a", QUESTION).await;
            page.sees("Encore un instant").await;
            // It can come soon; but nothing will tell the page so, which believes the server away.
            let silent = Fault::new(Mode::Rst).on("/api/");
            hall.proxy.add(silent.clone());
            hall.proxy.cut().await;
            page.sees("Le serveur ne répond pas.").await;
            hall.proxy.set(silent).await;
            page.click_text("main button", "Réessayer").await;
            page.sees(METHOD).await;
            let heading = "document.activeElement.tagName === 'H1' && document.activeElement.innerText.includes('corvée')";
            page.wait_for(heading, &format!("the focus is on the heading after {mode:?}")).await;
            hall.proxy.cut().await;
            hall.proxy.pass().await;
        }
    });
}

#[test]
fn a_newer_version_has_it_where_the_older_one_had() {
    run(async {
        let mut hall = Hall::new().await;
        open_poll(&hall).await;
        let phone = hall.phone().await;
        phone.open_road().await;
        kept(&phone.page, 1).await;
        let newer = newer_worker(&phone.page, "/sw.js").await;
        hall.proxy.set(Fault::new(Mode::File { kind: "text/javascript", text: newer }).on("/sw.js")).await;
        phone.page.exec("navigator.serviceWorker.ready.then(each => each.update())").await.unwrap();
        phone.page.sees("Une nouvelle version est prête").await;
        kept(&phone.page, 2).await;
        phone.page.exec("window.sameDocument = true").await.unwrap();
        phone.page.click_text("button", "Mettre à jour").await;
        phone.page.wait_for("!window.sameDocument", "the new version's page").await;
        phone.page.mounted().await;
        kept(&phone.page, 1).await;
        opens_offline(&mut hall, &phone).await;
    });
}

/// The office commits to something in the road's consultation.
async fn commit(hall: &Hall) {
    let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
    let (consultation, now) = (office.open_consultation().await, office.pocket.now());
    let commit = Commit {
        consultation,
        text: said(PROMISE),
        owner: said("Travaux publics"),
        due: now.plus(DAY),
        follows: vec![],
    };
    office.act(Action::Commit(commit)).await;
    office.send_all().await;
}

#[test]
fn what_the_office_tells_and_what_is_ones_own_are_there_offline() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        commit(&hall).await;
        phone.page.sees(PROMISE).await;
        keeps(&phone.page, "told", 1).await;
        // Nobody is signed in: to write is what its part is fetched for.
        assert_eq!(fetched(&hall, "own"), 0, "somebody who only reads");
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.sees("Ajouter une photo").await;
        keeps(&phone.page, "own", 1).await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.sees("Ajouter une photo").await;
        phone.open_road().await;
        phone.page.sees(PROMISE).await;
        for part in ["told", "own"] {
            assert_eq!(fetched(&hall, part), 1, "{part}");
        }
    });
}

#[test]
fn a_form_works_without_what_it_offers_besides_words() {
    run(async {
        let hall = Hall::new().await;
        hall.proxy.set(Fault::new(Mode::status(503)).on("/citizen-own-")).await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.sees(MISSING).await;
        phone.write("Une lampe au quai", "").await;
        phone.send().await;
        phone.page.sees("Gardé sur cet appareil").await;
        phone.page.sees(MISSING).await;
        hall.proxy.pass().await;
        // By the button, unless a word from the server came first: then it is fetched again without it.
        let again = "[...document.querySelectorAll('main button')].find(each => each.textContent === 'Réessayer')?.click()";
        phone.page.exec(again).await.unwrap();
        phone.page.sees("Reprendre").await;
    });
}

/// Another text of the part, and its SHA-256.
const NEWER: (&str, &str) = ("a newer part", "HMj1gQzCQzR4jz8Shd0rNWJj6MzeB/8khHOG5SoiFKU=");

#[test]
fn a_newer_version_waits_until_it_has_its_own() {
    run(async {
        let hall = Hall::new().await;
        open_poll(&hall).await;
        let phone = hall.phone().await;
        phone.open_road().await;
        kept(&phone.page, 1).await;
        let newer = newer_worker(&phone.page, "/sw.js").await;
        let (before, after) = newer.split_once("/citizen-asked-").unwrap();
        let (_, after) = after.split_once("\"]").unwrap();
        let path = "/citizen-asked-0123456789abcdef.wasm";
        let newer = format!("{before}{path}\",\"{}\"]{after}", NEWER.1);
        let worker = Fault::new(Mode::File { kind: "text/javascript", text: newer }).on("/sw.js");
        hall.proxy.set(worker.clone()).await;
        hall.proxy.add(Fault::new(Mode::status(503)).on(path));
        let look = "navigator.serviceWorker.ready.then(each => each.update()).catch(() => undefined)";
        phone.page.exec(look).await.unwrap();
        hall.proxy.wait_arrived("GET", path, 2).await;
        assert!(!phone.page.text().await.contains("nouvelle version"), "a set with a hole");
        hall.proxy.set(worker).await;
        hall.proxy
            .add(Fault::new(Mode::File { kind: "application/wasm", text: NEWER.0.to_owned() }).on(path));
        // A browser that still puts the one away that failed looks for no other: asked again.
        for _ in 0..20 {
            phone.page.exec(look).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            if phone.page.text().await.contains("Une nouvelle version est prête") {
                break;
            }
        }
        phone.page.sees("Une nouvelle version est prête").await;
        let own = format!(
            "caches.open('rabaska:/:the-newer-one').then(each => each.keys()).then(all =>
               all.map(({{ url }}) => new URL(url).pathname).filter(each => each.includes('-asked-')).join() === {path:?})"
        );
        phone.page.wait_for(&own, "the newer version has its own part, and no other").await;
    });
}

#[test]
fn a_version_that_waits_has_it_when_the_one_in_charge_needs_it() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        let newer = newer_worker(&phone.page, "/sw.js").await;
        hall.proxy.set(Fault::new(Mode::File { kind: "text/javascript", text: newer }).on("/sw.js")).await;
        phone.page.exec("navigator.serviceWorker.ready.then(each => each.update())").await.unwrap();
        phone.page.sees("Une nouvelle version est prête").await;
        open_poll(&hall).await;
        phone.page.sees(QUESTION).await;
        kept(&phone.page, 2).await;
        phone.page.click_text("button", "Mettre à jour").await;
        kept(&phone.page, 1).await;
        opens_offline(&mut hall, &phone).await;
    });
}
