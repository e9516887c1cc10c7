//! A lake has two shores: one office invites the other, both hold the consultation, and people go from one to the other.

use harness::{assert_accessible, run};

use crate::composing::steps;
use crate::inbox::{arrives, say_yes};
use crate::people::Hall;
use crate::picture;

const LAKE: &str = "Un quai commun?";
const BENCH: &str = "Un banc de chaque côté";

#[test]
fn two_communities_hold_one_consultation_and_people_support_across() {
    run(async {
        let mut hall = Hall::new().await;
        let desk = hall.desk().await;
        desk.goto(&hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        for (field, text) in [
            ("#title", LAKE),
            ("#title-2", "A common quay?"),
            ("#summary", "Un seul quai pour les deux rives."),
            ("#summary-2", "One quay for both shores."),
        ] {
            desk.fill(field, text).await;
        }
        steps(&desk, 2..3).await;
        desk.click_text("summary", "La tenir avec d’autres communautés").await;
        desk.click_text("#sharing label", "Moffet").await;
        desk.sees("Avec Moffet").await;
        desk.screenshot(&picture("desk-share"), true).await;
        assert_accessible(&desk, "inviting another community").await;
        steps(&desk, 3..4).await;
        desk.fill("#closes", "2099-05-20T23:59").await;
        steps(&desk, 4..5).await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        say_yes(&desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        desk.sees(LAKE).await;
        let author = hall.phone().await;
        author.sign_in(&hall.resident(0)).await;
        author.visit("c/laforce").await;
        author.page.sees(LAKE).await;
        // It stands: what is due is done at the start too, and not only every minute.
        hall.server.kill9();
        hall.server.restart();

        let theirs = hall.desk_in("moffet").await;
        theirs.click_text("a", "Consultations").await;
        theirs.sees("Laforce vous invite").await;
        theirs.sees("Un seul quai pour les deux rives.").await;
        theirs.click_text("summary", "Participer").await;
        theirs.fill("#who", "Le conseil de Moffet.").await;
        theirs.fill("#promise", "2099-01-01").await;
        theirs.click_text(".fold-body button", "Participer").await;
        theirs.sees("La réponse").await;
        theirs.screenshot(&picture("desk-invited"), true).await;
        assert_accessible(&theirs, "an invitation with an error").await;
        theirs.fill("#promise", "2099-06-30").await;
        theirs.click_text(".fold-body button", "Participer").await;
        theirs.sees("Tenir cette consultation ensemble?").await;
        say_yes(&theirs).await;
        theirs.wait_for("document.querySelector('[data-invitation]') === null", "it is answered").await;
        theirs.sees(LAKE).await;

        // Somebody of Laforce proposes; somebody of Moffet goes to the other shore and supports it.
        author.visit("c/laforce").await;
        author.page.click_text("a", LAKE).await;
        author.page.sees("Menée ensemble").await;
        author.page.click_text("a", "Faire une proposition").await;
        author.page.fill("#title", BENCH).await;
        author.page.click_text("label", "Environnement").await;
        author.page.click_text("button", "Relire avant d’envoyer").await;
        author.send().await;
        author.receipted(BENCH).await;

        let neighbour = hall.phone_in("moff", "Moffet").await;
        neighbour.sign_in(&hall.resident_of("moffet", 0)).await;
        neighbour.visit("c/moffet").await;
        neighbour.page.click_text("a", LAKE).await;
        neighbour.page.sees("Le conseil de Moffet.").await;
        neighbour.page.sees("Ce qu’on en dit à Laforce").await;
        neighbour.page.screenshot(&picture("shared"), true).await;
        assert_accessible(&neighbour.page, "a consultation held together").await;
        neighbour.page.click_text("a", "Ce qu’on en dit à Laforce").await;
        neighbour.page.click_text("a", BENCH).await;
        neighbour.page.sees("Votre commentaire").await;
        neighbour.page.click_text("label", "Pour").await;
        neighbour.page.fill("#comment", "Oui, des deux côtés.").await;
        neighbour.page.click_text("button", "Publier le commentaire").await;

        author.visit("c/laforce").await;
        author.page.click_text("a", LAKE).await;
        author.page.click_text("a", BENCH).await;
        author.page.sees("Oui, des deux côtés.").await;
        author.page.sees("Une personne de Moffet").await;
        author.page.screenshot(&picture("shared-comment"), true).await;
        // What arrives while the inbox is open waits behind its button.
        desk.click_text("a", "Boîte").await;
        arrives(&desk, "Oui, des deux côtés.").await;
        for page in [&desk, &theirs, &neighbour.page, &author.page] {
            page.assert_clean_but_for(&["net::ERR"]);
        }
    });
}
