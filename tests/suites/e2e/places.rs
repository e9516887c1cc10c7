//! A proposal has a place: by the device's position, on the drawn map by finger or keys, in words; and others
//! find it there.

use std::time::Duration;

use harness::{Emulation, Mode, Modifiers, Scheme, Viewport, assert_accessible, run};
use serde_json::json;

use crate::asked_part::keeps;
use crate::people::{Hall, Phone};
use crate::picture;

const CHOSEN: &str = "document.querySelector('.place')?.innerText ?? ''";

impl Phone {
    async fn begin(&self) {
        self.open_road().await;
        self.page.click_text("a", "Faire une proposition").await;
        self.page.sees("Où? (facultatif)").await;
    }

    /// Lets the page ask for the position, which is this.
    async fn stands_at(&self, lat: f64, lon: f64, metres: f64) {
        let origin: String = self.page.eval("location.origin").await.unwrap();
        self.permits(&origin, "granted").await;
        let at = json!({ "latitude": lat, "longitude": lon, "accuracy": metres });
        self.page.call("Emulation.setGeolocationOverride", at).await.unwrap();
    }

    async fn permits(&self, origin: &str, setting: &str) {
        self.device.permit(origin, "geolocation", setting).await;
    }

    async fn drawn(&self) {
        let patience = Duration::from_secs(30);
        self.page
            .wait_within(
                patience,
                "document.querySelector('.map-pin, .map-mark, .map-water') !== null",
                "the map",
            )
            .await;
    }
}

/// On the page of the proposal: its subject and its place are followed, listed without a line, and let go there.
async fn follows(hall: &mut Hall, reader: &Phone) {
    let page = &reader.page;
    page.click_text("button", "Suivre ce sujet").await;
    page.click_text("button", "Suivre ce lieu").await;
    page.sees("Vous suivez ce sujet").await;
    page.sees("Vous suivez ce lieu").await;
    page.screenshot(&picture("place-followed"), true).await;
    keeps(page, "own", 1).await;
    hall.server.kill9();
    hall.proxy.cut().await;
    reader.visit("me").await;
    page.sees("Environnement").await;
    page.sees("Au pied de la côte").await;
    page.sees("Lieu · Laforce").await;
    page.screenshot(&picture("follows"), true).await;
    assert_accessible(page, "what one follows").await;
    for (viewport, scheme, name) in [
        (Viewport::SMALL_PHONE, Scheme::Light, "follows-320"),
        (Viewport::PHONE, Scheme::Dark, "follows-dark"),
        (Viewport::DESKTOP, Scheme::Light, "follows-1280"),
    ] {
        page.set_viewport(viewport).await;
        page.emulate(Emulation { scheme, ..Emulation::default() }).await;
        page.screenshot(&picture(name), true).await;
    }
    page.set_viewport(Viewport::PHONE).await;
    let let_go = "[...document.querySelectorAll('main li')].find(row => row.innerText.includes('Lieu'))
        .querySelector('button').click()";
    page.exec(let_go).await.unwrap();
    page.sees("Vous ne suivez plus ceci.").await;
    page.click_text("button", "Suivre de nouveau").await;
    page.sees("Lieu · Laforce").await;
    page.exec(let_go).await.unwrap();
    page.sees("Vous ne suivez plus ceci.").await;
    page.click_text("a", "Au pied de la côte").await;
    page.sees("Suivre ce lieu").await;
    page.sees("Vous suivez ce sujet").await;
    reader.visit("me").await;
    page.sees("Sujet · Laforce").await;
    page.click_text("a", "Environnement").await;
    page.sees("Un ponceau neuf").await;
    page.sees("Vous suivez ce sujet").await;
    reader.visit("me").await;
    page.sees("Sujet · Laforce").await;
    assert!(!page.text().await.contains("Au pied de la côte"), "what was let go is listed no more");
}

#[test]
fn a_position_becomes_a_sector_that_another_phone_sees_and_no_other_position_is_kept() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(1)).await;
        phone.begin().await;
        phone.page.fill("#title", "Un ponceau neuf").await;
        phone.page.click_text("label", "Environnement").await;

        let origin: String = phone.page.eval("location.origin").await.unwrap();
        phone.permits(&origin, "denied").await;
        phone.page.click_text("button", "Utiliser ma position").await;
        phone.page.sees("ne donne pas sa position").await;
        phone.page.screenshot(&picture("place-denied"), true).await;
        assert_accessible(&phone.page, "a position that is denied").await;
        phone.stands_at(47.5339, -78.6981, 9_000.0).await;
        phone.page.click_text("button", "Utiliser ma position").await;
        phone.page.sees("n’est connue qu’à 9 km près").await;
        phone.stands_at(45.5, -73.56, 12.0).await;
        phone.page.click_text("button", "Utiliser ma position").await;
        phone.page.sees("Vous êtes en dehors du territoire").await;
        phone.stands_at(47.533_912, -78.698_134, 12.0).await;
        phone.page.click_text("button", "Utiliser ma position").await;
        phone.page.sees("latitude 47,535, longitude -78,698").await;
        phone.page.fill("#place", "Au pied de la côte").await;
        phone.page.sees("Brouillon gardé").await;

        // The server is away: it leaves by itself.
        hall.proxy.set(Mode::Refuse).await;
        phone.page.click_text("button", "Relire avant d’envoyer").await;
        phone.page.sees("Au pied de la côte").await;
        phone.page.screenshot(&picture("place-check"), true).await;
        phone.send().await;
        let kept = phone.texts("outbox").await.join("\n");
        assert!(kept.contains("47.5350,-78.6975"), "{kept}");
        for table in ["outbox", "drafts", "meta"] {
            let kept = phone.texts(table).await.join("\n");
            assert!(!kept.contains("47.5339") && !kept.contains("78.698"), "{table}: {kept}");
        }
        hall.proxy.pass().await;
        phone.receipted("Un ponceau neuf").await;

        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.click_text("a", "Un ponceau neuf").await;
        reader.page.sees("Au pied de la côte").await;
        reader.page.click_text("button", "Voir sur la carte").await;
        reader.drawn().await;
        reader.page.sees("à l’est de Saint-Bruno-de-Guigues").await;
        assert_accessible(&reader.page, "a proposal with its place").await;
        for (viewport, name) in [
            (Viewport::SMALL_PHONE, "place-320"),
            (Viewport::PHONE, "place-390"),
            (Viewport::TABLET, "place-820"),
            (Viewport::DESKTOP, "place-1280"),
        ] {
            reader.page.set_viewport(viewport).await;
            reader.page.screenshot(&picture(name), true).await;
        }
        reader.page.set_viewport(Viewport::PHONE).await;
        follows(&mut hall, &reader).await;
        phone.page.assert_clean_but_for(&["net::ERR"]);
        reader.page.assert_clean_but_for(&["net::ERR"]);
    });
}

#[test]
fn a_place_is_chosen_by_keys_by_buttons_and_by_a_finger_also_without_a_line() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.begin().await;
        phone.page.click_text("button", "Montrer sur la carte").await;
        phone.drawn().await;
        phone.page.screenshot(&picture("map-empty"), true).await;
        // What is here from now on is here without a line too.
        let kept = "caches.keys().then(all => Promise.all(all.map(name => caches.open(name))))
            .then(all => Promise.all(all.map(cache => cache.match('/maps/sketch.json'))))
            .then(all => all.some(found => found))";
        phone.page.wait_within(Duration::from_secs(30), kept, "the map is kept").await;
        hall.proxy.set(Mode::Refuse).await;
        phone.visit("").await;
        phone.begin().await;
        phone.page.click_text("button", "Montrer sur la carte").await;
        phone.drawn().await;

        phone.page.fill("#map-from", "Ville-Marie").await;
        phone.page.sees("latitude 47,335, longitude -79,433").await;
        phone.page.sees("À Ville-Marie").await;
        phone.page.exec("document.querySelector('#map').focus()").await.unwrap();
        for key in ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"] {
            phone.page.press(key, Modifiers::NONE).await;
        }
        phone.page.sees("À environ 3 km au sud de Ville-Marie").await;
        phone.page.sees("latitude 47,305, longitude -79,433").await;
        phone.page.screenshot(&picture("map-keys"), true).await;
        assert_accessible(&phone.page, "the map in the form").await;
        phone
            .page
            .exec("document.querySelector('[aria-label=\"Déplacer le repère vers l’est\"]').click()")
            .await
            .unwrap();
        phone.page.sees("longitude -79,425").await;
        let before: String = phone.page.eval(CHOSEN).await.unwrap();
        phone.page.click("#map").await;
        phone.page.wait_for(&format!("({CHOSEN}) !== {before:?}"), "the finger chose").await;
        phone.page.click_text("button", "Retirer le secteur").await;
        phone.page.wait_for(&format!("({CHOSEN}) === ''"), "nothing is chosen").await;
        phone.page.emulate(Emulation { scheme: Scheme::Dark, ..Emulation::default() }).await;
        phone.page.fill("#map-from", "Témiscaming").await;
        phone.page.screenshot(&picture("map-dark"), true).await;
        assert_accessible(&phone.page, "the map in the dark").await;
        phone.page.set_viewport(Viewport::SMALL_PHONE).await;
        phone.page.screenshot(&picture("map-320"), true).await;
        let fits = "document.documentElement.scrollWidth <= innerWidth";
        assert!(phone.page.eval::<bool>(fits).await.unwrap(), "it fits on a small phone");
    });
}

#[test]
fn proposals_are_found_on_the_map_and_in_the_list_under_it() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("button", "Voir les propositions sur la carte").await;
        phone.drawn().await;
        phone.page.wait_for("document.querySelectorAll('.map-mark').length === 4", "four sectors").await;
        assert_accessible(&phone.page, "a consultation on the map").await;
        phone.page.screenshot(&picture("map-found"), true).await;
        phone.page.click(".map-marks li:nth-child(2) button").await;
        let count = "document.querySelector('[aria-pressed=true]')?.innerText";
        phone.page.wait_for(&format!("({count} ?? '').includes('contribution')"), "one is meant").await;
        phone.page.wait_for("document.querySelectorAll('article.card').length < 6", "the list follows").await;
        phone.page.set_viewport(Viewport::DESKTOP).await;
        phone.page.emulate(Emulation { scheme: Scheme::Dark, ..Emulation::default() }).await;
        phone.page.screenshot(&picture("map-found-1280"), true).await;
        phone.page.assert_clean();
    });
}
