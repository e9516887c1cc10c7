//! A clerk opens a poll and a survey in a consultation, and a person takes part in them.

use std::time::Duration;

use app::offline::surroundings::Surroundings;
use domain::operations::{Action, Model, OpenConsultation};
use domain::phases::Phases;
use domain::records::Record;
use domain::scopes::Scope;
use domain::time::DAY;
use harness::{assert_accessible, run};

use crate::inbox::{Office, say_yes};
use crate::people::{ROAD, said};
use crate::{picture, printed};

async fn open_form(office: &Office, what: &str) {
    let desk = &office.desk;
    desk.click_text("a", "Consultations").await;
    desk.sees(ROAD).await;
    let open = format!(
        "[...[...document.querySelectorAll('article')].find(each => each.innerText.includes({ROAD:?}))
           .querySelectorAll('a')].find(each => each.textContent === 'Choix et sondages').click()"
    );
    desk.exec(&open).await.unwrap();
    desk.sees("Lire les réponses").await;
    desk.click_text("a", what).await;
    desk.wait_for("document.querySelector('#closes') !== null", "its form").await;
}

#[test]
fn a_poll_opened_without_the_server_is_answered_on_a_phone() {
    run(async {
        let mut office = Office::new().await;
        open_form(&office, "Faire choisir entre des options").await;
        let desk = &office.desk;
        desk.screenshot(&picture("desk-poll-empty"), true).await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.sees("Écrivez une question de 120 caractères").await;
        for (field, text) in [
            ("#question", "Où mettre le banc?"),
            ("#question-2", "Where should the bench go?"),
            ("#choices", "Au quai\nAu parc\nÀ l’église"),
            ("#choices-2", "At the quay\nAt the park"),
            ("#closes", "2099-05-01T20:00"),
        ] {
            desk.fill(field, text).await;
        }
        desk.click_text("label", "Toutes celles qui conviennent").await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.sees("Anglais : 2 lignes, mais 3 dans l’autre langue").await;
        let at = "document.querySelector('#choices-2').getAttribute('aria-invalid') === 'true'";
        desk.wait_for(at, "it is said at its box").await;
        assert_accessible(desk, "a poll with errors").await;
        desk.screenshot(&picture("desk-poll-errors"), true).await;
        desk.fill("#choices-2", "At the quay\nAt the park\nBy the church").await;
        desk.click_text("summary", "Voir comme les gens la verront").await;
        desk.sees("Cochez toutes les options qui vous conviennent").await;
        desk.click_text(".preview-phone label", "Au parc").await;
        desk.click_text(".preview-phone button", "Déposer").await;
        desk.sees("Ceci est un aperçu : rien n’est envoyé.").await;
        desk.screenshot(&picture("desk-poll-preview"), true).await;
        assert_accessible(desk, "a poll as on a phone").await;
        desk.click_text("label", "Papier").await;
        desk.wait_for("document.querySelectorAll('.preview-paper .paper-box').length === 6", "on paper")
            .await;
        desk.screenshot(&picture("desk-poll-paper"), true).await;
        assert_eq!(printed(desk, "desk-poll-paper").await, [2, 2], "a page for each language");
        office.hall.server.kill9();
        office.hall.proxy.cut().await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.sees("Ouvrir ce choix?").await;
        desk.screenshot(&picture("desk-poll-ask"), false).await;
        say_yes(desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        office.hall.server.restart();

        let phone = office.hall.phone().await;
        phone.sign_in(&office.hall.resident(1)).await;
        phone.open_road().await;
        let arrived = "document.body.innerText.includes('Où mettre le banc?')";
        phone.page.wait_within(Duration::from_secs(60), arrived, "the poll is there").await;
        phone.page.click_text("a", "Où mettre le banc?").await;
        phone.page.sees("Cochez toutes les options qui vous conviennent").await;
        phone.page.click_text("label", "Au quai").await;
        phone.page.click("main form button[type=submit]").await;
        phone.page.click("dialog[open] .btn:not(.btn-quiet)").await;
        phone.page.sees("Votre bulletin").await;
        phone.page.assert_clean();
    });
}

#[test]
fn a_poll_and_a_survey_of_a_template_stand_in_their_forms_in_both_languages() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let page = office.hall.proxy.at(&format!("/desk/consultations/{}/asked", office.consultation));
        let take = async |title: &str| {
            desk.goto(&page).await;
            desk.mounted().await;
            desk.click_text("summary", "Partir d’un modèle").await;
            desk.sees(title).await;
            let take = format!(
                "[...document.querySelectorAll('details article')].find(each => each.innerText.includes({title:?}))
                   .querySelector('button').click()"
            );
            desk.exec(&take).await.unwrap();
        };
        take("Où mettre l’argent en premier?").await;
        let filled = "document.querySelector('#question-2')?.value === 'Where should the money go first?'
            && document.querySelector('#choices').value.split('\\n').length === 6";
        desk.wait_for(filled, "its words").await;
        desk.fill("#closes", "2099-05-01T20:00").await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.sees("Ouvrir ce choix?").await;
        say_yes(desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        take("Votre école et vous").await;
        desk.wait_for("document.querySelector('#title')?.value === 'Votre école et vous'", "its title").await;
        desk.sees("Combien de minutes durerait le trajet").await;
        // What is written there is not replaced by another one.
        take("Votre chemin").await;
        desk.sees("Quelque chose est déjà commencé dans ce formulaire.").await;
        desk.assert_clean();
    });
}

#[test]
fn a_survey_is_written_question_by_question_and_what_depends_on_a_later_one_is_mended() {
    run(async {
        let office = Office::new().await;
        open_form(&office, "Ouvrir un sondage").await;
        let desk = &office.desk;
        desk.fill("#title", "Le quai et vous").await;
        desk.fill("#title-2", "The quay and you").await;
        desk.click_text("button", "Ajouter une question").await;
        desk.click_text("button", "Garder la question").await;
        desk.sees("Écrivez ces mots dans chaque langue").await;
        for (field, text) in [
            ("#q-label", "Allez-vous au quai?"),
            ("#q-label-2", "Do you go to the quay?"),
            ("#q-choices", "Souvent\nJamais"),
            ("#q-choices-2", "Often\nNever"),
        ] {
            desk.fill(field, text).await;
        }
        desk.click("#q-required").await;
        desk.screenshot(&picture("desk-survey-question"), true).await;
        assert_accessible(desk, "a question that is written").await;
        // What is being written is kept like everything else.
        tokio::time::sleep(Duration::from_millis(900)).await;
        let here: String = desk.eval("location.href").await.unwrap();
        desk.goto(&here).await;
        desk.wait_for("document.querySelector('#q-label')?.value === 'Allez-vous au quai?'", "it is kept")
            .await;
        desk.click_text("button", "Garder la question").await;
        desk.sees("Un seul choix").await;

        desk.click_text("button", "Ajouter une question").await;
        desk.fill("#q-label", "Combien de fois par mois?").await;
        desk.fill("#q-label-2", "How many times a month?").await;
        desk.fill("#q-kind", "Un nombre").await;
        desk.wait_for("document.querySelector('#q-greatest') !== null", "a number's fields").await;
        desk.fill("#q-greatest", "31").await;
        desk.fill("#q-if", "Selon la réponse à « Allez-vous au quai? »").await;
        desk.wait_for("document.querySelectorAll('#q-test option').length === 6", "its answers").await;
        desk.fill("#q-test", "« Souvent »").await;
        desk.click_text("button", "Garder la question").await;
        desk.sees("Répondez seulement si à « Allez-vous au quai? », vous avez répondu « Souvent »").await;
        desk.click_text("button", "Monter").await;
        desk.sees("Elle dépend d’une réponse qui n’est plus proposée avant elle").await;
        desk.screenshot(&picture("desk-survey-depends"), true).await;
        desk.fill("#closes", "2099-05-01T20:00").await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.sees("Question 1 : Elle dépend").await;
        desk.click_text("button", "Monter").await;
        desk.click(".questions-row:last-child .actions .btn:last-child").await;
        desk.sees("La question est retirée.").await;
        desk.click_text("button", "Remettre").await;
        desk.click_text("summary", "Voir comme les gens la verront").await;
        // As on a phone: what depends on an answer follows it, and nothing is sent.
        desk.click_text(".preview-phone button", "Envoyer mes réponses").await;
        desk.sees("Répondez à cette question").await;
        desk.click_text(".preview-phone label", "Souvent").await;
        desk.sees("Combien de fois par mois?").await;
        desk.screenshot(&picture("desk-survey-preview"), true).await;
        desk.click_text(".preview-phone button", "Envoyer mes réponses").await;
        desk.sees("Ceci est un aperçu : rien n’est envoyé.").await;
        desk.click_text("label", "Papier").await;
        desk.wait_for("document.querySelectorAll('.paper-question').length === 4", "on paper").await;
        desk.screenshot(&picture("desk-survey"), true).await;
        assert_accessible(desk, "a survey that is written").await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.sees("2 questions").await;
        say_yes(desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;

        let phone = office.hall.phone().await;
        phone.sign_in(&office.hall.resident(1)).await;
        phone.open_road().await;
        let arrived = "document.body.innerText.includes('Le quai et vous')";
        phone.page.wait_within(Duration::from_secs(60), arrived, "the survey is there").await;
        phone.page.click_text("a", "Le quai et vous").await;
        phone.page.click_text("label", "Souvent").await;
        phone.page.sees("Combien de fois par mois?").await;
        for page in [&phone.page, desk] {
            page.assert_clean();
        }
    });
}

#[test]
fn what_another_community_asked_is_taken_up_with_its_text_and_never_over_what_is_written() {
    run(async {
        let office = Office::new().await;
        let clerk = office.clerk().await;
        let theirs = clerk.pull(&Scope::Community("lorrainville".parse().unwrap())).await;
        let model = theirs.into_iter().find_map(|record| match record {
            Record::Consultation(it)
                if it.title.iter().any(|(_, title)| title.as_str().contains("patinoire")) =>
            {
                Some(Model { community: it.community, consultation: it.id })
            }
            _ => None,
        });
        let now = clerk.pocket.now();
        let phases = Phases::contribute(now, now.plus(7 * DAY)).unwrap();
        let open = OpenConsultation::new(said("Une patinoire à Laforce?"), said("Où, et quand?"), phases);
        let op = clerk.act(Action::OpenConsultation(OpenConsultation { adapted_from: model, ..open })).await;
        clerk.send_all().await;
        let record = clerk.item(op).await.entry().unwrap().record();
        let desk = &office.desk;
        desk.click_text("a", "Consultations").await;
        desk.sees("Une patinoire à Laforce?").await;
        desk.exec(&format!("document.querySelector('a[href*=\"{record}/asked\"]').click()")).await.unwrap();
        desk.sees("Demandé là d’où vient le texte").await;
        desk.screenshot(&picture("desk-again"), true).await;
        assert_accessible(desk, "what can be asked again").await;
        let take = |title: &str| {
            format!(
                "[...document.querySelectorAll('[aria-labelledby=again] article')]
                   .find(each => each.innerText.includes('{title}')).querySelector('button').click()"
            )
        };
        desk.exec(&take("Combien de patinoires cet hiver?")).await.unwrap();
        desk.wait_for(
            "document.querySelector('#question')?.value === 'Combien de patinoires cet hiver?'",
            "its words",
        )
        .await;
        desk.wait_for("document.querySelector('#choices').value.includes('\\n')", "its choices").await;
        desk.fill("#closes", "2099-05-01T20:00").await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        say_yes(desk).await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
    });
}
