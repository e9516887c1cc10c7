//! Polls and surveys: filled in without a server, kept, received once, and never told before the end.

use std::time::Duration;

use app::offline::surroundings::Surroundings;
use domain::ids::RecordId;
use domain::operations::{Action, OpenPoll, OpenSurvey};
use domain::tallies::{Method, order_for};
use domain::time::DAY;
use domain::wire::Later;
use harness::{assert_accessible, run};
use serde_json::json;

use crate::people::{Hall, said};
use crate::photos::large_photo;
use crate::{picture, printed};

const LEAVES: Duration = Duration::from_secs(60);

/// The same words in both languages.
fn both(text: &str) -> serde_json::Value {
    json!({ "fr": text, "en": text })
}

/// The office opens a survey in its open consultation, and names that.
async fn open_survey(hall: &Hall, title: &str, survey: serde_json::Value) -> RecordId {
    let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
    let (consultation, now) = (office.open_consultation().await, office.pocket.now());
    let open = OpenSurvey {
        consultation,
        title: serde_json::from_value(both(title)).unwrap(),
        survey: Later::of(&serde_json::from_value::<domain::surveys::Survey>(survey).unwrap()).unwrap(),
        opens_at: now.plus(-DAY),
        closes_at: now.plus(DAY),
    };
    office.act(Action::OpenSurvey(open)).await;
    office.send_all().await;
    consultation
}

#[test]
fn a_ballot_is_cast_without_the_server_arrives_and_is_shown_to_nobody() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Que pensez-vous de chaque choix").await;
        phone.page.sees("Donnez une mention à chaque option").await;
        phone.page.screenshot(&picture("ballot"), true).await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.page.click("main form button[type=submit]").await;
        phone.page.sees("Donnez une mention à « ").await;
        let grades = "document.querySelectorAll('.ballot-row select').forEach((each, at) => { \
                      each.value = String(at + 1); each.dispatchEvent(new Event('change', { bubbles: true })); })";
        phone.page.exec(grades).await.unwrap();
        phone.page.click("main form button[type=submit]").await;
        phone.page.click("dialog[open] .btn:not(.btn-quiet)").await;
        phone.page.sees("Votre bulletin est gardé sur cet appareil").await;
        phone.page.screenshot(&picture("ballot-kept"), true).await;
        // The trail tells that it waits here, and leads back.
        let here = "document.querySelector('[aria-labelledby=took-part] [aria-current=step] .trail-name')?.textContent";
        phone.visit("trail").await;
        phone.page.sees("Votes et sondages").await;
        phone.page.wait_for(&format!("{here} === 'Gardé'"), "it waits here").await;
        phone.page.screenshot(&picture("trail-ballot"), true).await;
        phone.page.click_text("a", "Que pensez-vous de chaque choix").await;
        hall.server.restart();
        phone
            .page
            .wait_within(LEAVES, "document.body.innerText.includes('Votre bulletin est reçu')", "it has left")
            .await;
        // Emptied: whoever holds the phone next finds no trace of it on the page.
        let empty = "[...document.querySelectorAll('.ballot-row select')].every(each => each.value === '')";
        assert!(phone.page.eval::<bool>(empty).await.unwrap());
        phone.visit("trail").await;
        phone.page.wait_for(&format!("{here} === 'Reçu'"), "it arrived").await;
        phone.page.sees("Résultat publié").await;
        assert_accessible(&phone.page, "a trail with a ballot").await;
        phone.open_road().await;
        phone.page.sees("Vous avez participé").await;
        let desk = hall.desk().await;
        for (scope, page) in
            [("desk/laforce", &desk), ("sealed/laforce", &desk), ("sealed/laforce", &phone.page)]
        {
            let pull = format!("fetch('/api/v1/pull?scope={scope}').then(answer => answer.text())");
            let text: String = page.eval(&pull).await.unwrap();
            assert!(!text.contains("ballot") && !text.contains("grades"), "{text:.300}");
        }
    });
}

#[test]
fn each_sees_the_choices_in_an_order_of_their_own_and_the_ballot_says_what_they_meant() {
    run(async {
        let mut hall = Hall::new().await;
        let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
        let (consultation, now) = (office.open_consultation().await, office.pocket.now());
        let names = ["Quai", "Patinoire", "Sentier", "Bibliothèque", "Jardin", "Rampe"];
        let mut polls = Vec::new();
        for (question, method) in
            [("Dans quel ordre?", Method::Schulze), ("Un seul, lequel?", Method::Plurality)]
        {
            let open = OpenPoll {
                consultation,
                question: said(question),
                text: None,
                choices: names.map(said).to_vec(),
                method,
                grades: vec![],
                opens_at: now.plus(-DAY),
                closes_at: now.plus(DAY),
            };
            let op = office.act(Action::OpenPoll(open)).await;
            polls.push(office.item(op).await.entry().unwrap().record());
        }
        office.send_all().await;
        let rows =
            "[...document.querySelectorAll('.ballot-row .field-label')].map(each => each.textContent.trim())";
        let mut phones = Vec::new();
        for number in 0..2 {
            let resident = hall.resident(number);
            let person = harness::Phone::of(&resident, hall.server.port()).await.me.id;
            let phone = hall.phone().await;
            phone.sign_in(&resident).await;
            phone.visit(&format!("c/laforce/{consultation}")).await;
            phone.page.click_text("a", "Dans quel ordre?").await;
            phone
                .page
                .sees("La personne qui fait fonctionner le serveur pourrait techniquement le lire")
                .await;
            phone.page.wait_for("document.querySelector('.ballot-row') !== null", "the ballot").await;
            let order = order_for(format!("{person} {}", polls[0]).as_bytes(), 6);
            let own: Vec<&str> = order.into_iter().map(|choice| names[usize::from(choice)]).collect();
            assert_eq!(phone.page.eval::<Vec<String>>(rows).await.unwrap(), own);
            phones.push(phone);
        }
        let phone = &phones[0];
        phone.page.screenshot(&picture("ballot-ranks"), true).await;
        assert_accessible(&phone.page, "a ballot of ranks").await;
        hall.server.kill9();
        hall.proxy.cut().await;
        // Two share the first place; those without a place come last.
        for (name, rank) in [("Sentier", "1"), ("Quai", "1"), ("Rampe", "2")] {
            phone.page.fill(name, rank).await;
        }
        phone.page.click("main form button[type=submit]").await;
        phone.page.click("dialog[open] .btn:not(.btn-quiet)").await;
        phone.page.sees("Votre bulletin est gardé sur cet appareil").await;
        phone.visit(&format!("c/laforce/{consultation}")).await;
        phone.page.click_text("a", "Un seul, lequel?").await;
        phone.page.click_text("label", "Jardin").await;
        phone.page.click_text("label", "Bibliothèque").await;
        let chosen = "document.querySelectorAll('form input:checked').length";
        assert_eq!(phone.page.eval::<u32>(chosen).await.unwrap(), 1, "the last one only");
        assert_accessible(&phone.page, "a ballot of one choice").await;
        phone.page.click("main form button[type=submit]").await;
        phone.page.click("dialog[open] .btn:not(.btn-quiet)").await;
        phone.page.sees("Votre bulletin est gardé sur cet appareil").await;
        let rows = phone.rows("outbox").await;
        let kept: String = rows.iter().filter_map(|row| row["body"].as_str()).collect();
        let ranking = json!([[0, 2], [5]]).to_string();
        assert!(kept.contains(&format!("\"ranking\":{ranking}")), "{kept}");
        assert!(kept.contains("\"choice\":3"), "{kept}");
        hall.server.restart();
        let received = "document.body.innerText.includes('Votre bulletin est reçu')";
        phone.page.wait_within(LEAVES, received, "it has left").await;
    });
}

#[test]
fn a_survey_is_gone_on_with_after_a_reload_and_its_answers_leave_by_themselves() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(1)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Le chemin et vous").await;
        phone.page.sees("Passez-vous par ce chemin l’hiver?").await;
        phone.page.screenshot(&picture("survey"), true).await;
        phone.page.click_text("label", "Souvent").await;
        phone.page.sees("Combien de fois par mois?").await;
        phone.page.fill("#q3", "4,5").await;
        phone.page.click_text("button", "Continuer").await;
        phone.page.sees("Cette réponse est hors des limites demandées.").await;
        phone.page.fill("#q3", "4").await;
        phone.page.click_text("label", "Chercher du bois").await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        let here: String = phone.page.eval("location.href").await.unwrap();
        phone.page.goto(&here).await;
        phone.page.wait_for("document.querySelector('#q3')?.value === '4'", "it is kept").await;
        phone.page.click_text("button", "Continuer").await;
        phone.page.sees("Page 2 de 2").await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.page.click_text("label", "5").await;
        phone.page.click_text("button", "Envoyer mes réponses").await;
        phone.page.sees("Vos réponses sont gardées sur cet appareil").await;
        hall.server.restart();
        phone
            .page
            .wait_within(
                LEAVES,
                "document.body.innerText.includes('Vos réponses sont reçues')",
                "they have left",
            )
            .await;
        let desk = hall.desk().await;
        let responses = "fetch('/api/v1/pull?scope=desk/laforce').then(answer => answer.json()) \
                         .then(page => page.rows.map(row => row.record).filter(it => it?.kind === 'survey_response'))";
        let told: Vec<serde_json::Value> = desk.eval(responses).await.unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        let text = told[0].to_string();
        assert!(text.contains("often") && !text.contains("Réjean"), "{text}");
    });
}

#[test]
fn a_survey_is_printed_from_the_same_definition() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Le chemin et vous").await;
        phone.page.click_text("a", "Version papier").await;
        phone.page.sees("N’écrivez pas votre nom sur cette feuille").await;
        // What the screen would find out by itself is told in words.
        phone
            .page
            .sees("Répondez seulement si à « Passez-vous par ce chemin l’hiver? », vous avez répondu autre chose que « Jamais »")
            .await;
        let boxes = "document.querySelectorAll('.paper-box').length";
        assert!(phone.page.eval::<u32>(boxes).await.unwrap() > 5, "boxes to tick");
        phone.page.screenshot(&picture("survey-paper"), true).await;
        assert_eq!(printed(&phone.page, "survey-paper").await, [2, 2]);
        phone.page.assert_clean();
    });
}

#[test]
fn results_show_ties_each_community_and_nothing_where_few_took_part() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        let page = &phone.page;
        let shown = async |at: &str, consultation: &str, asked: &str, name: &str, said: &[&str]| {
            phone.visit(at).await;
            page.click_text("a", consultation).await;
            page.click_text("a", asked).await;
            for words in said {
                page.sees(words).await;
            }
            page.screenshot(&picture(name), true).await;
            let text = page.text().await;
            assert!(!text.contains("Résident") && !text.contains("fictive)"), "{text}");
            text
        };
        const RINKS: &str = "Une patinoire ou deux cet hiver?";
        let poll = "Combien de patinoires cet hiver?";
        shown("c/lorrainville", RINKS, poll, "poll-result", &["13 bulletins", "En tête"]).await;
        let said = [
            "Ensemble",
            "24 bulletins",
            "À égalité",
            "rien ne les départage ici",
            "À Lorrainville",
            "13 bulletins",
            "À Témiscaming",
            "11 bulletins",
            "Un minibus deux jours par semaine\u{a0}: 12 – 12",
        ];
        shown("c/temiscaming", "Aller à ses rendez-vous", "Par quoi commencer?", "poll-shared", &said).await;
        let few = "Moins de 10 bulletins ont été déposés";
        let text = shown(
            "c/moffet",
            "Les heures de la bibliothèque",
            "Ouvrir aussi le dimanche après-midi?",
            "poll-too-few",
            &[few],
        )
        .await;
        assert!(!text.contains("Bulletins"), "no total");
        let said = [
            "Réponses : 47",
            "Par appareil : 13 · notés au bureau : 0 · sur papier : 34",
            "Pour quoi faire?",
            "moins de 5",
            "entre",
            "L’hiver dernier, comment était…\u{a0}: la glace",
        ];
        let text = shown("c/lorrainville", RINKS, "Votre hiver sur la glace", "survey-result", &said).await;
        assert!(!text.contains("La petite étoile"), "words stay with the office");
        let (rides, visits) = ("Aller à ses rendez-vous", "Vos rendez-vous à l’hôpital");
        let said = ["Réponses : 90", "Lorrainville\u{a0}: 44", "Témiscaming\u{a0}: 46"];
        let text = shown("c/temiscaming", rides, visits, "survey-shared", &said).await;
        for line in [
            "Oui\t48\nLorrainville\u{a0}: 23 · Témiscaming\u{a0}: 25",
            "J’ai conduit\tpas publié\nLorrainville\u{a0}: 21 · Témiscaming\u{a0}: entre 20 et 24",
        ] {
            assert!(text.contains(line), "{text}");
        }
        page.assert_clean();
    });
}

#[test]
fn every_kind_of_question_is_filled_in_and_what_is_wrong_is_said_beside_it() {
    run(async {
        let hall = Hall::new().await;
        let choice = |id: &str, label: &str| json!({ "id": id, "label": both(label) });
        let question = |id: &str, label: &str, asks| json!({ "id": id, "label": both(label), "required": true, "asks": asks });
        let matrix = json!({
            "rows": [choice("ice", "la glace"), choice("light", "la lumière")],
            "columns": [choice("good", "bonne"), choice("bad", "mauvaise")],
        });
        let survey = json!({ "pages": [{ "questions": [
            question("q1", "Depuis quel jour?", json!({ "date": { "earliest": "2026-01-01", "latest": "2026-12-31" } })),
            question("q2", "L’hiver, comment est…", json!({ "matrix": matrix })),
            question("q3", "En un mot?", json!("short_text")),
        ] }] });
        open_survey(&hall, "Trois questions", survey).await;

        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(1)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Trois questions").await;
        phone.page.sees("En un mot?").await;
        assert_accessible(&phone.page, "a day, a table and a word").await;
        phone.page.click_text("button", "Envoyer mes réponses").await;
        phone.page.wait_for("document.querySelectorAll('.errors a').length === 3", "all three lack").await;
        assert_accessible(&phone.page, "what lacks").await;
        phone.page.screenshot(&picture("survey-kinds"), true).await;
        phone.page.fill("Depuis quel jour?", "2027-05-01").await;
        phone.page.fill("la glace", "bonne").await;
        phone.page.fill("En un mot?", "Belle").await;
        phone.page.click_text("button", "Envoyer mes réponses").await;
        phone.page.sees("Cette réponse est hors des limites demandées.").await;
        let left = "document.querySelectorAll('.errors a').length === 2";
        phone.page.wait_for(left, "a day out of bounds and a row without an answer").await;
        phone.page.fill("Depuis quel jour?", "2026-05-01").await;
        phone.page.fill("la lumière", "mauvaise").await;
        phone.page.click_text("button", "Envoyer mes réponses").await;
        phone.page.sees("Vos réponses sont reçues").await;
        phone.page.assert_clean();
    });
}

#[test]
fn photos_are_kept_with_the_answers_and_read_by_the_office_without_a_name() {
    run(async {
        let mut hall = Hall::new().await;
        let question = |id: &str, label: &str, asks| json!({ "id": id, "label": both(label), "asks": asks });
        let survey = json!({ "pages": [{ "questions": [
            question("q1", "Que voyez-vous du quai?", json!("long_text")),
            question("q2", "Montrez-le", json!({ "photos": { "max": 1 } })),
        ] }] });
        let consultation = open_survey(&hall, "Le quai en images", survey).await;

        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(1)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Le quai en images").await;
        phone.page.fill("#q1", "Une planche manque.").await;
        let photo = large_photo(&phone.page).await;
        phone.page.set_files("#q2", &[photo.path()]).await;
        let shown = "document.querySelector('form .photos img') !== null";
        phone.page.wait_for(shown, "the small picture").await;
        phone.page.screenshot(&picture("survey-photo"), true).await;
        assert_accessible(&phone.page, "a photo in a survey").await;
        // It is still there when the form is opened once more.
        tokio::time::sleep(Duration::from_millis(900)).await;
        let here: String = phone.page.eval("location.href").await.unwrap();
        phone.page.goto(&here).await;
        phone.page.wait_for(shown, "it was kept").await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.page.click_text("button", "Envoyer mes réponses").await;
        phone.page.sees("Vos réponses sont gardées sur cet appareil").await;
        hall.server.restart();
        let received = "document.body.innerText.includes('Vos réponses sont reçues')";
        phone.page.wait_within(LEAVES, received, "they have left").await;

        let desk = hall.desk().await;
        desk.goto(&hall.proxy.at(&format!("/desk/consultations/{consultation}/asked"))).await;
        desk.click_text(".card a", "Lire les réponses\u{a0}: Le quai en images").await;
        desk.sees("1 réponse").await;
        desk.sees("Une planche manque.").await;
        desk.wait_for("document.querySelector('main .photos img')?.naturalWidth > 0", "the photo").await;
        desk.screenshot(&picture("desk-responses"), true).await;
        assert_accessible(&desk, "the answers to a survey").await;
        assert!(!desk.text().await.contains("Réjean"), "without a name");
    });
}
