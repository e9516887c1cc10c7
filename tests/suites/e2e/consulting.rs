//! A clerk answers a consultation as a whole, and opens another one.

use app::offline::surroundings::Surroundings;
use domain::operations::{Action, OpenConsultation};
use domain::phases::Phases;
use domain::text::Localized;
use harness::phone::Pocket;
use harness::{Phone, assert_accessible, run};

use crate::composing::{step, steps};
use crate::inbox::{Office, say_yes};
use crate::people::ROAD;
use crate::{picture, printed};

/// Closes tomorrow, answered the day after.
fn soon_due(title: &str) -> Action {
    const DAY: i64 = 86_400_000;
    let now = Pocket::default().now();
    let fr = || "fr".parse().unwrap();
    let title = Localized::new([(fr(), title.parse().unwrap())]).unwrap();
    let summary = Localized::new([(fr(), "Où mettre les autos.".parse().unwrap())]).unwrap();
    let phases = Phases::contribute(now, now.plus(DAY)).unwrap();
    let answer_by = Some(now.plus(2 * DAY));
    Action::OpenConsultation(OpenConsultation { answer_by, ..OpenConsultation::new(title, summary, phases) })
}

#[test]
fn a_consultation_is_answered_as_a_whole_with_what_was_used() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let used = office.proposed("Gratter jusqu’au quai").await;
        // A promise that is soon due heads the list until it is kept.
        let clerk = Phone::of(&office.hall.clerk(), office.hall.server.port()).await;
        clerk.act(soon_due("Un stationnement d’hiver?")).await;
        clerk.send_all().await;
        desk.sees("Ce qui est promis").await;
        desk.screenshot(&picture("desk-due"), false).await;
        assert_accessible(desk, "a promise that is due").await;
        desk.click_text("a", "Un stationnement d’hiver?").await;
        desk.sees("Répondre à la consultation").await;
        desk.sees("Personne n’a écrit.").await;
        desk.click("main .page-head a").await;
        desk.sees(ROAD).await;
        let open = format!(
            "[...document.querySelectorAll('article')].find(each => each.innerText.includes({ROAD:?}))
               .querySelector('a').click()"
        );
        desk.exec(&open).await.unwrap();
        desk.sees("Répondre à la consultation").await;
        desk.sees("Gratter jusqu’au quai").await;
        desk.click_text("button", "Relire avant de publier").await;
        desk.wait_for("document.querySelector('.errors') !== null", "words are missing").await;
        desk.fill("#conclude-first", "Le chemin ouvre une fin de semaine sur deux.").await;
        desk.fill("#conclude-second", "The road opens every second weekend.").await;
        desk.fill("#uses-q", "gratter").await;
        desk.click_text("label", "Gratter jusqu’au quai").await;
        desk.sees("1 contribution utilisée").await;
        desk.screenshot(&picture("desk-conclude"), true).await;
        desk.click_text("button", "Relire avant de publier").await;
        say_yes(desk).await;
        desk.sees("Réponse donnée le").await;
        office.trail(used, "it was used", |trail| trail.used).await;
        let id = office.consultation;
        let answered =
            office.consultation("it is answered", |it| it.id == id && it.conclusion.is_some()).await;
        assert_eq!(answered.conclusion.unwrap().uses, [used]);
        desk.assert_clean();
    });
}

#[test]
fn the_answer_has_its_place_from_the_first_day_and_lateness_is_told_on_the_card() {
    const RINKS: &str = "Une patinoire ou deux cet hiver?";
    const LIGHT: &str = "Une lumière de rue au coin de l’école";
    run(async {
        let office = Office::new().await;
        let phone = office.hall.phone().await;
        // Promised, given, late: on the card, then at the same place of its page.
        for (name, at, title, on_card, on_page) in [
            ("promised", "c/laforce", ROAD, "Réponse promise d’ici le", "paraîtra ici, au plus tard le"),
            ("given", "c/laforce", LIGHT, "Réponse donnée le", "Le conseil a dit oui à une lumière"),
            ("late", "c/lorrainville", RINKS, "Réponse en retard, promise pour le", "Elle est en retard."),
        ] {
            phone.visit(at).await;
            phone.page.sees(title).await;
            let card = format!(
                "[...document.querySelectorAll('article.card')].find(each => each.innerText.includes({title:?}))
                   ?.innerText ?? ''"
            );
            phone.page.wait_for(&format!("({card}).includes({on_card:?})"), on_card).await;
            assert_accessible(&phone.page, on_card).await;
            phone.page.screenshot(&picture(&format!("card-{name}")), true).await;
            phone.page.click_text("a", title).await;
            let place = "document.querySelector('section[aria-labelledby=answer]')?.innerText ?? ''";
            phone.page.wait_for(&format!("({place}).includes({on_page:?})"), on_page).await;
            assert_accessible(&phone.page, on_page).await;
        }
        // The late one heads the desk of its office.
        let desk = office.hall.desk_in("lorrainville").await;
        desk.sees("Ce qui est promis").await;
        desk.sees(RINKS).await;
        phone.page.assert_clean();
        desk.assert_clean();
    });
}

#[test]
fn a_consultation_begins_with_a_template_and_a_course_that_overlaps_is_mended() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        desk.goto(&office.hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        desk.wait_for("document.querySelectorAll('#start option').length > 7", "the templates").await;
        desk.screenshot(&picture("desk-compose-empty"), true).await;
        desk.fill("#start", "Parc ou lieu public").await;
        desk.click_text("button", "Remplir").await;
        let filled = "document.querySelector('#title').value.startsWith('Que faire au [')";
        desk.wait_for(filled, "its words").await;
        desk.click_text("button", "Continuer").await;
        desk.sees("Remplacez [nom du parc ou du lieu] par vos mots").await;
        for (field, text) in [
            ("#title", "Que faire au parc du quai?"),
            ("#title-2", "What should we do at the quay park?"),
            ("#summary", "Le parc a besoin d’ombre. Nous avons 4 000 $."),
            ("#summary-2", "The park needs shade. We have $4,000."),
        ] {
            desk.fill(field, text).await;
        }
        step(desk, 2).await;
        desk.screenshot(&picture("desk-compose-people"), true).await;
        step(desk, 3).await;
        desk.sees("Premier jour").await;
        for (field, text) in [
            // It begins before contributions end.
            ("#contribute-from", "2099-05-01"),
            ("#contribute-until", "2099-05-20"),
            ("#discuss-from", "2099-05-15"),
            ("#discuss-until", "2099-05-30"),
            ("#decide-from", "2099-06-01"),
            ("#decide-until", "2099-06-10"),
            ("#promise", "2099-06-15"),
        ] {
            desk.fill(field, text).await;
        }
        desk.click_text("button", "Continuer").await;
        desk.sees("L’étape « Discuter » commence avant la fin de la précédente.").await;
        let at = "document.querySelector('#discuss-from').getAttribute('aria-invalid') === 'true'";
        desk.wait_for(at, "it is said at its date").await;
        desk.screenshot(&picture("desk-compose-overlap"), true).await;
        desk.fill("#discuss-from", "2099-05-21").await;
        step(desk, 4).await;
        // Back and on again: what was typed stands there.
        desk.click_text("button", "Partie précédente").await;
        desk.wait_for("document.querySelector('#discuss-from').value === '2099-05-21'", "its date").await;
        step(desk, 4).await;
        desk.wait_for("document.querySelector('.preview-phone h3') !== null", "as on a phone").await;
        desk.screenshot(&picture("desk-compose"), true).await;
        desk.click_text("label", "Papier").await;
        desk.wait_for("document.querySelectorAll('.preview-sheet').length === 2", "in both languages").await;
        assert_accessible(desk, "a consultation on paper").await;
        assert_eq!(printed(desk, "desk-paper").await, [2, 2], "a page for each language");
        desk.click_text("button", "Relire avant d’ouvrir").await;
        say_yes(desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        let title = "Que faire au parc du quai?";
        let opened = office
            .consultation("it is open", |it| it.title.iter().any(|(_, said)| said.as_str() == title))
            .await;
        assert_eq!((opened.phases.iter().count(), opened.takes.len()), (3, 3));
        assert!(opened.decided_by.is_some() && opened.used_for.is_some() && opened.answer_by.is_some());

        // The next one begins where this one began.
        desk.click_text("a", "Ouvrir une consultation").await;
        desk.wait_for("document.querySelectorAll('#start option').length > 7", "the templates").await;
        desk.fill("#start", title).await;
        desk.click_text("button", "Remplir").await;
        let copied = format!("document.querySelector('#title').value === {title:?}");
        desk.wait_for(&copied, "its words once more").await;
        desk.assert_clean();
    });
}

#[test]
fn what_was_asked_elsewhere_is_taken_up_and_named() {
    const LIBRARY: &str = "Les heures de la bibliothèque\u{a0}: qu’est-ce qui vous arrange?";
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        desk.goto(&office.hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        desk.click_text("summary", "Reprendre ce qui a marché ailleurs").await;
        desk.fill("#start-where", "Moffet").await;
        let listed =
            "[...document.querySelectorAll('#start optgroup')].some(each => each.label === 'Moffet')";
        desk.wait_for(listed, "its consultations are in the choice").await;
        desk.fill("#start", &format!("{LIBRARY} (sans réponse pour le moment)")).await;
        desk.click_text("button", "Remplir").await;
        desk.sees("Ces mots viennent de Moffet.").await;
        desk.screenshot(&picture("desk-elsewhere"), true).await;
        assert_accessible(desk, "taking up what was asked elsewhere").await;
        // Nothing that is typed afterwards takes the credit away.
        desk.fill("#title", "Les heures de la patinoire").await;
        steps(desk, 2..5).await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        say_yes(desk).await;
        desk.sees("Les heures de la patinoire").await;
        let phone = office.hall.phone().await;
        phone.visit("c/laforce").await;
        phone.page.click_text("a", "Les heures de la patinoire").await;
        phone.page.click_text("a", "Reprise d’une consultation de Moffet").await;
        phone.page.sees(LIBRARY).await;
        phone.page.sees("La bibliothèque ouvre le mardi soir").await;
    });
}
