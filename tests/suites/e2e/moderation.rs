//! Somebody points at a text, the office hides it, its author asks for a second look, and a second
//! person shows it again.

use harness::{Mode, Page, assert_accessible, run};

use crate::inbox::say_yes;
use crate::people::{Hall, ROAD};
use crate::picture;

const TITLE: &str = "Un feu sur la plage";
const WORDS: &str = "Deuxième phrase, pas gentille";

/// Opens an item at the desk.
async fn opened(desk: &Page) {
    desk.sees(TITLE).await;
    desk.click_text("a", TITLE).await;
    desk.sees("de Laforce").await;
}

#[test]
fn a_text_is_reported_offline_hidden_appealed_and_shown_again_by_a_second_person() {
    run(async {
        let hall = Hall::new().await;
        let author = hall.phone().await;
        author.sign_in(&hall.resident(0)).await;
        author.write(TITLE, "Pour la fête, appelez-moi au 819 555-0199.").await;
        author.page.sees("Ceci ressemble à un numéro de téléphone").await;
        author.page.screenshot(&picture("check-contact"), true).await;
        assert_accessible(&author.page, "a phone number in a text").await;
        author.send().await;
        author.receipted(TITLE).await;

        // Reported without a line; it leaves by itself.
        let reader = hall.phone().await;
        reader.sign_in(&hall.resident(1)).await;
        reader.open_proposal(TITLE).await;
        let page = &reader.page;
        hall.proxy.set(Mode::Refuse).await;
        page.sees("Le serveur ne répond pas.").await;
        page.click_text("button", "Signaler").await;
        page.sees("Quelle règle ce texte ne suit-il pas?").await;
        page.screenshot(&picture("flag"), false).await;
        assert_accessible(page, "reporting a text").await;
        page.click("dialog[open] .btn:not(.btn-quiet)").await;
        page.sees("Choisissez la règle qui s’applique").await;
        page.click_text("dialog[open] label", "Insulte").await;
        page.fill("#flag-text", WORDS).await;
        say_yes(page).await;
        page.sees("Signalé au bureau").await;
        page.screenshot(&picture("flagged"), true).await;
        hall.proxy.pass().await;

        let desk = hall.desk().await;
        desk.sees("1 signalement").await;
        opened(&desk).await;
        desk.sees("Des gens ont signalé ce texte").await;
        desk.sees(WORDS).await;
        desk.sees("Un numéro de téléphone?").await;
        desk.screenshot(&picture("desk-flagged"), true).await;
        assert_accessible(&desk, "a reported text at the desk").await;
        let name = &hall.resident(1).name;
        let item: String = desk.eval("document.querySelector('main').innerText").await.unwrap();
        assert!(!item.contains(name.as_str()), "the desk never reads who reported it");
        assert!(!author.page.text().await.contains("signal"), "nor does its author learn that somebody did");

        desk.click_text("button", "Cacher").await;
        desk.click_text("dialog[open] label", "Insulte").await;
        say_yes(&desk).await;
        desk.sees("Cachée. Règle affichée").await;
        author.page.sees("Caché").await;
        author.page.sees("Pourquoi ce texte devrait-il rester public?").await;
        author.page.screenshot(&picture("trail-appeal"), true).await;
        assert_accessible(&author.page, "a hidden text in the trail").await;
        author.page.click_text("button", "Demander une révision").await;
        author.page.sees("Écrivez").await;
        author.page.fill("#appeal", "C’était une chanson, pas une insulte.").await;
        author.page.click_text("button", "Demander une révision").await;
        author.page.sees("Pas encore de décision.").await;

        // Whoever hid it reads that somebody else decides.
        desk.sees("Une autre personne doit décider").await;
        desk.screenshot(&picture("desk-appeal-own"), true).await;
        let second = hall.second_desk().await;
        second.sees("1 révision demandée").await;
        opened(&second).await;
        second.sees("C’était une chanson").await;
        second.click_text("button", "Rendre la décision").await;
        second.sees("Choisissez").await;
        second.screenshot(&picture("desk-appeal"), true).await;
        assert_accessible(&second, "deciding an appeal").await;
        second.click_text("label", "Remettre ce texte en ligne").await;
        second.fill("#verdict-first", "C’est bien une chanson du coin.").await;
        second.click_text("button", "Rendre la décision").await;
        author.page.sees("Révision acceptée").await;
        author.page.sees("C’est bien une chanson du coin.").await;
        author.page.screenshot(&picture("trail-restored"), true).await;
        page.sees(TITLE).await;

        // Everybody reads the rules and what was done by them, and nothing of what was said.
        let anybody = hall.phone().await;
        anybody.visit("c/laforce").await;
        // The list stands: the link below it moves no more.
        anybody.page.sees(ROAD).await;
        anybody.page.click_text("a", "Modération").await;
        anybody.page.sees("Remis en ligne").await;
        anybody.page.screenshot(&picture("moderation"), true).await;
        assert_accessible(&anybody.page, "the page of moderation").await;
        let read = anybody.page.text().await;
        for told in [TITLE, WORDS, "chanson", hall.resident(0).name.as_str(), name.as_str()] {
            assert!(!read.contains(told), "{told}: {read}");
        }
        for page in [&author.page, &reader.page, &anybody.page, &desk, &second] {
            // While there was no line.
            page.assert_clean_but_for(&["net::ERR"]);
        }
    });
}

#[test]
fn the_office_writes_a_rule_and_everybody_reads_it() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk().await;
        desk.click_text("a", "Consultations").await;
        desk.click_text("a", "Règles de modération").await;
        desk.sees("Publicité").await;
        desk.click_text("button", "Ajouter une règle").await;
        desk.fill("#naming-name", "Conflit personnel").await;
        desk.click_text("button", "Publier la règle").await;
        desk.sees("Ce qu’elle couvre, en français").await;
        desk.wait_for("document.querySelector('.errors') !== null", "words are missing").await;
        desk.fill("#naming-text", "Le texte règle une affaire entre deux personnes.").await;
        desk.screenshot(&picture("desk-rules"), true).await;
        assert_accessible(&desk, "writing a rule").await;
        desk.click_text("button", "Publier la règle").await;
        desk.wait_for("document.querySelector('#naming-name') === null", "it is sealed").await;
        desk.sees("Conflit personnel").await;
        let phone = hall.phone().await;
        phone.visit("c/laforce/moderation").await;
        phone.page.sees("Le texte règle une affaire entre deux personnes.").await;
        phone.page.sees("Ce qui a été caché").await;
        desk.assert_clean();
    });
}

#[test]
fn where_the_office_looks_first_a_text_appears_once_it_is_published() {
    run(async {
        let hall = Hall::new().await;
        let desk = hall.desk().await;
        desk.goto(&hall.proxy.at("/desk/rules")).await;
        desk.sees("Quand les textes paraissent").await;
        desk.click_text("label", "Une fois que le bureau l’a lu").await;
        desk.screenshot(&picture("desk-when"), true).await;
        desk.click_text("button", "Enregistrer").await;

        let author = hall.phone().await;
        author.sign_in(&hall.resident(0)).await;
        author.visit("c/laforce/moderation").await;
        author.page.sees("Le bureau lit chaque texte avant qu’il paraisse.").await;
        author.write(TITLE, "Pour la fête, appelez-moi au 819 555-0199.").await;
        author.page.sees("Le bureau lit chaque texte avant qu’il paraisse.").await;
        author.send().await;
        author.page.sees("il attend son tour").await;
        author.page.sees("Reçu, pas encore public").await;
        author.page.screenshot(&picture("trail-awaiting"), true).await;
        assert_accessible(&author.page, "a text that waits in the trail").await;
        let reader = hall.phone().await;
        reader.open_road().await;
        assert!(!reader.page.text().await.contains(TITLE), "nobody else sees it");

        desk.goto(&hall.proxy.at("/desk/")).await;
        desk.sees("1 texte à publier").await;
        opened(&desk).await;
        desk.sees("Pas encore public").await;
        desk.sees("Un numéro de téléphone?").await;
        desk.screenshot(&picture("desk-awaiting"), true).await;
        assert_accessible(&desk, "a text to publish").await;
        desk.click_text("summary", "Masquer des renseignements privés").await;
        desk.fill("Mots à masquer", "819 555-0199").await;
        desk.click_text("button", "Masquer ces mots").await;
        desk.sees("Les mots barrés").await;
        desk.click_text("button", "Publier").await;
        reader.page.sees(TITLE).await;
        reader.open_proposal(TITLE).await;
        reader.page.sees("appelez-moi au ▒▒▒").await;
        author.page.sees("Reçu").await;
        author.page.wait_for("!document.body.innerText.includes('pas encore public')", "it is public").await;
    });
}
