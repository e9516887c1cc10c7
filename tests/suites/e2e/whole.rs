//! From what somebody writes on the lake to what became of it: two phones and the desk, and the server away at
//! each turn.

use std::time::Duration;

use harness::{Page, run};

use crate::inbox::{arrives, say_yes};
use crate::people::{Hall, ROAD};
use crate::{picture, printed};

const TITLE: &str = "Gratter le vendredi soir";
/// A device that was without a line asks again within a quarter of a minute.
const BACK: Duration = Duration::from_secs(60);

async fn away(hall: &mut Hall) {
    hall.server.kill9();
    hall.proxy.cut().await;
}

/// What was done without the server leaves by itself once it is back.
async fn leaves(page: &Page) {
    let left = "!/textes? à envoyer|Pas encore envoyée?/.test(document.body.innerText)";
    page.wait_within(BACK, left, "all of it has left").await;
}

#[test]
fn a_proposal_is_supported_discussed_decided_on_and_followed_up_with_outages_at_each_turn() {
    run(async {
        let mut hall = Hall::new().await;
        let (author, neighbour) = (hall.phone().await, hall.phone().await);
        author.sign_in(&hall.resident(0)).await;
        neighbour.sign_in(&hall.resident(1)).await;
        let desk = hall.desk().await;

        // Written on the lake.
        author.open_road().await;
        away(&mut hall).await;
        author.write(TITLE, "Pour ceux qui arrivent après le travail.").await;
        author.send().await;
        author.page.sees("Gardé sur cet appareil").await;
        hall.server.restart();
        author.receipted(TITLE).await;
        hall.stands_once(TITLE).await;

        // Supported and commented on by a neighbour who is not connected either.
        neighbour.open_proposal(TITLE).await;
        away(&mut hall).await;
        neighbour.page.click_text("button", "J’appuie").await;
        neighbour.page.fill("#comment", "Et le dimanche aussi.").await;
        neighbour.page.click_text("label", "Pour").await;
        neighbour.page.click_text("button", "Publier le commentaire").await;
        neighbour.page.sees("Pas encore envoyée").await;
        hall.server.restart();
        leaves(&neighbour.page).await;
        author.open_proposal(TITLE).await;
        author.page.sees("Et le dimanche aussi.").await;

        // Taken up by the office.
        arrives(&desk, TITLE).await;
        desk.click_text("a", TITLE).await;
        desk.wait_for("document.querySelector('#answer-first') !== null", "the item").await;
        away(&mut hall).await;
        desk.click("#standing summary").await;
        desk.fill("#step", "En discussion").await;
        desk.click("#standing .actions button").await;
        desk.sees("1 texte à envoyer").await;
        hall.server.restart();
        leaves(&desk).await;
        author.visit("trail").await;
        author.page.click_text("a", TITLE).await;
        author
            .page
            .wait_within(BACK, "document.body.innerText.includes('En discussion')", "its author reads it")
            .await;

        // Decided on: the answer names what it used.
        away(&mut hall).await;
        desk.click_text(".tabs-link", "Consultations").await;
        desk.sees(ROAD).await;
        let answer = format!(
            "[...document.querySelectorAll('article')].find(each => each.innerText.includes({ROAD:?}))
               .querySelector('a').click()"
        );
        desk.exec(&answer).await.unwrap();
        desk.sees("Répondre à la consultation").await;
        desk.fill("#conclude-first", "Le chemin ouvre une fin de semaine sur deux.").await;
        desk.fill("#uses-q", "gratter").await;
        desk.click_text("label", TITLE).await;
        desk.click_text("button", "Relire avant de publier").await;
        desk.sees("Le chemin ouvre une fin de semaine sur deux.").await;
        say_yes(&desk).await;
        desk.sees("Réponse donnée le").await;
        // And followed up: by whom, and by when.
        let commitments = format!(
            "[...document.querySelectorAll('article')].find(each => each.innerText.includes({ROAD:?}))
               .querySelector('a[href$=\"/commitments\"]').click()"
        );
        desk.exec(&commitments).await.unwrap();
        desk.fill("#commit-first", "Faire gratter le chemin le vendredi.").await;
        desk.fill("#owner-first", "La voirie").await;
        desk.fill("#commit-day", "2099-05-01").await;
        desk.click_text("button", "Relire avant de publier").await;
        say_yes(&desk).await;
        desk.sees("Faire gratter le chemin le vendredi.").await;
        hall.server.restart();
        leaves(&desk).await;

        // What became of it, on both phones, and on paper.
        let used = "document.body.innerText.includes('La réponse à la consultation s’appuie sur ce texte')";
        author.page.wait_within(BACK, used, "its author reads that it was used").await;
        assert_eq!(printed(&author.page, "whole-slip").await, [1, 1]);
        author.page.screenshot(&picture("whole-trail"), true).await;
        neighbour.open_road().await;
        neighbour.page.sees("Le chemin ouvre une fin de semaine sur deux.").await;
        neighbour.page.sees("La voirie").await;
        neighbour.page.screenshot(&picture("whole-answered"), true).await;
        for page in [&author.page, &neighbour.page, &desk] {
            page.assert_clean_but_for(&["net::ERR", "503"]);
        }
    });
}
