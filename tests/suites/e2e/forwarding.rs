//! What is not for one village to answer goes to the other, and its author follows it there.

use harness::{assert_accessible, run};

use crate::inbox::say_yes;
use crate::people::Hall;
use crate::picture;

const TITLE: &str = "Réparer le quai de Moffet";
const COVER: &str = "Le quai est à vous depuis 2019.";
const ANSWER: &str = "Le quai sera refait au printemps.";

#[test]
fn a_proposal_is_passed_on_to_the_next_village_answered_there_and_followed_by_its_author() {
    run(async {
        let mut hall = Hall::new().await;
        let author = hall.phone().await;
        author.sign_in(&hall.resident(0)).await;
        author.write(TITLE, "Les planches cèdent.").await;
        author.send().await;
        author.receipted(TITLE).await;

        let desk = hall.desk().await;
        desk.sees(TITLE).await;
        desk.click_text("a", TITLE).await;
        desk.sees("de Laforce").await;
        desk.click_text("summary", "Transmettre à une autre communauté").await;
        desk.click_text("#forwarding button", "Transmettre").await;
        desk.sees("Choisissez la communauté").await;
        desk.screenshot(&picture("desk-forward-error"), true).await;
        assert_accessible(&desk, "passing on without saying to whom").await;
        desk.fill("#forward-to", "Moffet").await;
        desk.fill("#forward-note", COVER).await;
        desk.click_text("#forwarding button", "Transmettre").await;
        desk.sees("Transmettre à Moffet?").await;
        desk.screenshot(&picture("desk-forward"), false).await;
        assert_accessible(&desk, "passing on to another community").await;
        say_yes(&desk).await;
        desk.sees("Transmise à Moffet").await;
        desk.screenshot(&picture("desk-forwarded"), true).await;
        author.page.sees("Le bureau a transmis votre proposition à Moffet").await;
        // What is due is done at the start too, and not only every minute.
        hall.server.kill9();
        hall.server.restart();

        let theirs = hall.desk_in("moffet").await;
        theirs.sees(TITLE).await;
        theirs.click_text("a", TITLE).await;
        theirs.sees("Transmise par Laforce").await;
        theirs.sees(COVER).await;
        let name = hall.resident(0).name;
        let read = theirs.text().await;
        assert!(!read.contains(name.as_str()), "the name stays where it was given: {read}");
        theirs.screenshot(&picture("desk-forwarded-here"), true).await;
        assert_accessible(&theirs, "what another community passed on").await;
        theirs.fill("#answer-first", ANSWER).await;
        theirs.click_text("button", "Publier la réponse").await;
        say_yes(&theirs).await;

        // The author follows both, and takes back what lies there though they are of Laforce.
        author.visit("trail").await;
        author.page.sees_within(std::time::Duration::from_secs(45), ANSWER).await;
        author.page.sees("Transmise par Laforce à Moffet").await;
        author.page.screenshot(&picture("trail-forwarded"), true).await;
        assert_accessible(&author.page, "what was passed on, in the trail").await;

        let reader = hall.phone().await;
        reader.open_proposal(TITLE).await;
        reader.page.sees("Transmise à Moffet le").await;
        reader.page.screenshot(&picture("contribution-forwarded"), true).await;
        reader.page.click_text("a", "La suivre à Moffet").await;
        reader.page.sees("Transmise par Laforce").await;
        reader.page.sees(ANSWER).await;
        reader.page.sees("Une personne de Laforce").await;
        reader.page.screenshot(&picture("contribution-forwarded-here"), true).await;
        assert_accessible(&reader.page, "a proposal that was passed on").await;
        reader.visit("c/moffet").await;
        reader.page.sees("Transmis par d’autres communautés").await;
        reader.page.sees("Sans date de fin").await;
        reader.page.screenshot(&picture("home-letterbox"), true).await;
        assert!(!reader.page.text().await.contains("3000"), "no date is told of what has none");
        for page in [&desk, &theirs, &reader.page] {
            page.assert_clean_but_for(&["net::ERR"]);
        }
    });
}
