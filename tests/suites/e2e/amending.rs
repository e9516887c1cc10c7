//! A text is published at the desk, amended on phones without a network, and changed meanwhile.

use std::time::Duration;

use app::offline::surroundings::Surroundings;
use domain::ids::RecordId;
use domain::operations::{Action, NewParagraph, OpenConsultation, PublishText, Replaces};
use domain::phases::{Form, Phases};
use domain::records::{PublishedText, Record};
use domain::scopes::Scope;
use domain::text::Localized;
use domain::time::DAY;
use harness::{Mode, Page, Phone, assert_accessible, run};

use crate::inbox::{arrives, say_yes};
use crate::people::{self, Hall};
use crate::picture;

const ASKED: &str = "Un nouveau règlement de zonage?";
pub const TITLE: &str = "Projet de règlement 2026-14";
const WIDE: &str = "La marge avant est d’au moins 6 mètres le long du chemin du Lac.";
pub const HIGH: &str = "La hauteur d’un bâtiment est d’au plus 2 étages.";

fn both<T: std::str::FromStr<Err: std::fmt::Debug>>(fr: &str, en: &str) -> Localized<T> {
    let texts = [("fr", fr), ("en", en)].map(|(lang, text)| (lang.parse().unwrap(), text.parse().unwrap()));
    Localized::new(texts).unwrap()
}

/// A consultation that asks for changes to a text.
pub async fn ask_for_changes(clerk: &Phone) -> RecordId {
    let now = clerk.pocket.now();
    let phases = Phases::contribute(now, now.plus(20 * DAY)).unwrap();
    let new = OpenConsultation::new(both(ASKED, "A new zoning by-law?"), both("Voici.", "Here."), phases);
    let takes = vec![Form::Amendments, Form::Comments, Form::Support];
    let op = clerk.act(Action::OpenConsultation(OpenConsultation { takes, ..new })).await;
    clerk.send_all().await;
    clerk.item(op).await.entry().unwrap().record()
}

/// The office's text, from another of its devices.
pub async fn publish(clerk: &Phone, consultation: RecordId) {
    let words = [
        both(WIDE, "The front setback is at least 6 metres along Lac Road."),
        both(HIGH, "A building has at most 2 floors."),
    ];
    let paragraphs = words.map(|words| NewParagraph { was: None, words }).into();
    let title = both(TITLE, "Draft by-law 2026-14");
    clerk.act(Action::PublishText(PublishText { consultation, replaces: None, title, paragraphs })).await;
    clerk.send_all().await;
}

pub async fn published(clerk: &Phone, consultation: RecordId) -> PublishedText {
    let records = clerk.pull(&Scope::Consultation(clerk.community(), consultation)).await;
    let text = records.into_iter().find_map(|record| match record {
        Record::PublishedText(text) => Some(text),
        _ => None,
    });
    text.unwrap()
}

/// Another office's device changes the second paragraph.
pub async fn change_the_height(clerk: &Phone, consultation: RecordId, words: &str) {
    let text = published(clerk, consultation).await;
    let paragraphs = text.paragraphs.iter().map(|it| {
        let words =
            if it.id == 2 { both(words, "A building has at most 3 floors.") } else { it.words.clone() };
        NewParagraph { was: Some(it.id), words }
    });
    let replaces = Some(Replaces { text: text.id, version: text.version });
    let (title, paragraphs) = (text.title.clone(), paragraphs.collect());
    let next = PublishText { consultation, replaces, title, paragraphs };
    clerk.act(Action::PublishText(next)).await;
    clerk.send_all().await;
}

/// The page of the consultation's texts, at the desk.
async fn open_texts(desk: &Page) {
    desk.click_text("a", "Consultations").await;
    desk.sees(ASKED).await;
    let open = format!(
        "[...[...document.querySelectorAll('article')].find(each => each.innerText.includes({ASKED:?}))
           .querySelectorAll('a')].find(each => each.innerText === 'Texte à l’étude').click()"
    );
    desk.exec(&open).await.unwrap();
    desk.sees("Publier un texte").await;
}

/// Opens the text from the home of the community.
async fn open_text(phone: &people::Phone) {
    phone.visit("c/laforce").await;
    phone.page.click_text("a", ASKED).await;
    phone.page.click_text("a", TITLE).await;
    phone.page.sees("Paragraphe 2").await;
}

/// Opens the form for a paragraph, by its place.
async fn open_paragraph(page: &Page, place: usize) {
    page.exec(&format!(
        "document.querySelectorAll('main ol.stack > li')[{}].querySelector('a.btn').click()",
        place - 1
    ))
    .await
    .unwrap();
    page.wait_for("document.querySelector('#wording')?.value.length > 10", "its words to change").await;
}

async fn is_sealed(page: &Page) {
    page.click_text("button", "Envoyer le changement").await;
    page.wait_for("location.pathname.startsWith('/trail/')", "it is sealed").await;
}

#[test]
fn a_text_is_amended_offline_and_what_the_office_changed_meanwhile_is_mended() {
    run(async {
        let hall = Hall::new().await;
        let clerk = Phone::of(&hall.clerk(), hall.server.port()).await;
        let consultation = ask_for_changes(&clerk).await;

        // The office pastes a text; what is wrong is told at its box.
        let desk = hall.desk().await;
        open_texts(&desk).await;
        desk.fill("#title", TITLE).await;
        desk.fill("#body", &format!("{WIDE}\n\n{HIGH}")).await;
        desk.fill("#body-2", "The front setback is at least 6 metres along Lac Road.").await;
        desk.fill("#title-2", "Draft by-law 2026-14").await;
        desk.click_text("main form button", "Publier").await;
        desk.sees("Il faut autant de paragraphes dans les deux langues").await;
        desk.screenshot(&picture("desk-text-errors"), true).await;
        let second =
            "The front setback is at least 6 metres along Lac Road.\n\nA building has at most 2 floors.";
        desk.fill("#body-2", second).await;
        desk.sees("Ce que les gens liront").await;
        assert_accessible(&desk, "a text that is written").await;
        desk.screenshot(&picture("desk-text"), true).await;
        desk.click_text("main form button", "Publier").await;
        say_yes(&desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;

        // Somebody changes a paragraph without a network.
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.visit("c/laforce").await;
        phone.page.click_text("a", ASKED).await;
        phone.page.sees_within(Duration::from_secs(60), TITLE).await;
        phone.page.click_text("a", TITLE).await;
        phone.page.sees("Version 1").await;
        assert_accessible(&phone.page, "a text").await;
        phone.page.screenshot(&picture("text"), true).await;
        hall.proxy.set(Mode::Refuse).await;
        open_paragraph(&phone.page, 1).await;
        phone.page.click_text("button", "Envoyer le changement").await;
        phone.page.sees("Ces mots sont ceux du texte.").await;
        phone.page.fill("#wording", &WIDE.replace("6 mètres", "4,5 mètres")).await;
        phone.page.fill("#reason", "Les terrains du lac sont étroits.").await;
        let shown =
            "[document.querySelector('main del').innerText, document.querySelector('main ins').innerText]
            .map(each => each.replace(/\\s+/g, ' ').trim()).join('|') === 'retiré : 6|ajouté : 4,5'";
        phone.page.wait_for(shown, "what changes is shown, word by word").await;
        assert_accessible(&phone.page, "an amendment that is written").await;
        phone.page.screenshot(&picture("amend"), true).await;
        is_sealed(&phone.page).await;
        phone.page.sees("Changement proposé").await;
        hall.proxy.pass().await;
        phone
            .page
            .sees_within(Duration::from_secs(60), "Ce reçu prouve que Laforce a reçu exactement ce texte")
            .await;

        // A neighbour reads it, supports it, and says something.
        let neighbour = hall.phone().await;
        neighbour.sign_in(&hall.resident(1)).await;
        open_text(&neighbour).await;
        neighbour.page.click_text("summary", "1 changement proposé").await;
        neighbour.page.click_text("a", "… 4,5 mètres").await;
        neighbour.page.sees("Changement au paragraphe 1 de").await;
        neighbour.page.sees("Les terrains du lac sont étroits.").await;
        neighbour.page.click_text("button", "J’appuie").await;
        neighbour.page.sees("Vous appuyez").await;
        neighbour.page.click_text("label", "Pour").await;
        neighbour.page.fill("#comment", "Le mien aussi est étroit.").await;
        neighbour.page.click_text("button", "Publier le commentaire").await;
        neighbour.page.sees("1 commentaire").await;
        assert_accessible(&neighbour.page, "an amendment").await;
        neighbour.page.screenshot(&picture("amendment"), true).await;

        // The office changes a paragraph while somebody amends it offline.
        open_text(&neighbour).await;
        hall.proxy.set(Mode::Refuse).await;
        open_paragraph(&neighbour.page, 2).await;
        neighbour.page.fill("#wording", &HIGH.replace("2 étages", "1 étage")).await;
        is_sealed(&neighbour.page).await;
        change_the_height(&clerk, consultation, "La hauteur d’un bâtiment est d’au plus 3 étages.").await;
        hall.proxy.pass().await;
        let refused = "Le texte a changé avant l’arrivée de vos mots.";
        neighbour.page.sees_within(Duration::from_secs(60), refused).await;
        neighbour.page.sees("Rien n’est perdu").await;
        neighbour.page.screenshot(&picture("amend-refused"), true).await;
        neighbour.page.click_text("button", "Réutiliser le texte").await;
        neighbour.page.sees("au plus 3 étages").await;
        let own =
            format!("document.querySelector('#wording').value === {:?}", HIGH.replace("2 étages", "1 étage"));
        neighbour.page.wait_for(&own, "their own words").await;
        neighbour.page.screenshot(&picture("amend-again"), true).await;
        is_sealed(&neighbour.page).await;
        neighbour
            .page
            .sees_within(Duration::from_secs(60), "Ce reçu prouve que Laforce a reçu exactement ce texte")
            .await;
        neighbour.visit("trail").await;
        neighbour.page.sees("Changement proposé").await;
        // The refusal stays in the trail; its words are used again, so nothing is left to do about it.
        let gone =
            "![...document.querySelectorAll('button')].some(each => each.innerText.includes('Réutiliser'))";
        neighbour.page.wait_for(gone, "what was refused is no longer needed").await;

        // The answer comes to the author, and the next version says what changes.
        desk.click_text("a", "Boîte").await;
        arrives(&desk, "… 1 étage.").await;
        desk.click_text("a", "… 4,5 mètres").await;
        desk.sees("Changement au paragraphe 1 de").await;
        assert_accessible(&desk, "an amendment at the desk").await;
        desk.screenshot(&picture("desk-amendment"), true).await;
        desk.fill("#answer-first", "Le conseil retient 4,5 mètres.").await;
        desk.fill("#answer-second", "Council accepts 4.5 metres.").await;
        desk.click_text("button", "Publier la réponse").await;
        say_yes(&desk).await;
        phone.visit("trail").await;
        phone.page.sees_within(Duration::from_secs(60), "Le conseil retient 4,5 mètres.").await;
        open_texts(&desk).await;
        desk.click_text("a", "Publier une nouvelle version").await;
        desk.wait_for("document.querySelector('#body')?.value.includes('6 mètres')", "the version of now")
            .await;
        let next = format!(
            "{}\n\nLa hauteur d’un bâtiment est d’au plus 3 étages.",
            WIDE.replace("6 mètres", "4,5 mètres")
        );
        desk.fill("#body", &next).await;
        desk.wait_for("document.querySelectorAll('main del').length === 1", "what changes").await;
        desk.screenshot(&picture("desk-text-next"), true).await;
        for page in [&desk, &phone.page, &neighbour.page] {
            page.assert_clean_but_for(&["net::ERR"]);
        }
    });
}
