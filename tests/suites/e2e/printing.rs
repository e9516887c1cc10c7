//! What an office prints: how many pages it takes on A4 and on Letter, and what stands there.

use app::offline::surroundings::Surroundings;
use domain::ids::RecordId;
use domain::operations::{
    Action, Amend, Answer, Commit, Conclude, Delivery, Mark, OpenConsultation, Progress, ReportProgress,
};
use domain::phases::{Period, Phase, Phases};
use domain::text::Localized;
use domain::time::DAY;
use harness::{Page, Phone, assert_accessible, run};

use crate::amending::{ask_for_changes, publish, published};
use crate::inbox::Office;
use crate::people::ROAD;
use crate::{picture, printed};

fn both<T: std::str::FromStr<Err: std::fmt::Debug>>(fr: &str, en: &str) -> Localized<T> {
    let texts = [("fr", fr), ("en", en)].map(|(lang, text)| (lang.parse().unwrap(), text.parse().unwrap()));
    Localized::new(texts).unwrap()
}

/// The consultation's page of what can be printed.
async fn prints(desk: &Page, title: &str) {
    desk.click_text("a", "Consultations").await;
    desk.sees(title).await;
    let open = format!(
        "[...[...document.querySelectorAll('article')].find(each => each.innerText.includes({title:?}))
           .querySelectorAll('a')].find(each => each.textContent === 'Imprimer').click()"
    );
    desk.exec(&open).await.unwrap();
}

/// One sort of sheets, in both languages: how many pages, and what stands on the first.
async fn sheet(desk: &Page, at: &str, told: &str, name: &str) -> ([usize; 2], String) {
    desk.click(at).await;
    desk.sees(told).await;
    desk.wait_for("document.querySelectorAll('.sheets-one').length === 2", "in both languages").await;
    desk.screenshot(&picture(name), true).await;
    let pages = printed(desk, name).await;
    (pages, desk.eval("document.querySelector('.sheets-one').innerText").await.unwrap())
}

/// More than a page can hold: a dozen consultations with their dates, four of them answered, and as many proposals.
async fn full_month(office: &mut Office, clerk: &Phone) {
    let now = clerk.pocket.now();
    let day = |days: i64| now.plus(days * DAY);
    for number in 1..=12 {
        let period = |phase, from: i64, until: i64| Period { phase, from: day(from), until: day(until) };
        let phases = Phases::new(vec![
            period(Phase::Contribute, -1, 2 + number),
            period(Phase::Discuss, 3 + number, 6 + number),
            period(Phase::Decide, 7 + number, 9 + number),
        ]);
        let (fr, en) = (
            format!(
                "Que faire du terrain vague numéro {number}, entre l’église et le vieux quai du village?"
            ),
            format!("What should be done with vacant lot {number}, between the church and the old wharf?"),
        );
        let open = OpenConsultation::new(both(&fr, &en), both("Voici.", "Here."), phases.unwrap());
        let answer_by = Some(day(12 + number));
        let op = clerk.act(Action::OpenConsultation(OpenConsultation { answer_by, ..open })).await;
        let long = "Le conseil a lu chaque proposition. ".repeat(12);
        if number % 3 == 0 {
            let consultation = clerk.item(op).await.entry().unwrap().record();
            let conclude = Conclude { consultation, text: both(&long, "Yes."), uses: vec![] };
            clerk.act(Action::Conclude(conclude)).await;
        }
        let record = office.proposed(&format!("Une lumière au coin numéro {number}")).await;
        let answer =
            Answer { consultation: office.consultation, record, text: both(&long, "Yes, this fall.") };
        clerk.act(Action::Answer(answer)).await;
        clerk.send_all().await;
    }
}

#[test]
fn a_notice_forms_results_and_the_bulletin_are_printed_in_both_languages() {
    run(async {
        let mut office = Office::new().await;
        let clerk = Phone::of(&office.hall.clerk(), office.hall.server.port()).await;
        prints(&office.desk, ROAD).await;
        let desk = &office.desk;
        // A page in each language; of the form one for each thing that is taken and for each poll, and two for the survey.
        for (at, what, told, pages) in [
            ("#print", "notice", "Sur un téléphone ou un ordinateur", 2),
            ("#print-1", "form", "Votre nom, pour le bureau seulement", 12),
            ("#print-2", "results", "propositions reçues", 2),
        ] {
            let (counted, _) = sheet(desk, at, told, &format!("print-{what}")).await;
            assert_eq!(counted, [pages; 2], "{what}");
        }
        let code = "document.querySelector('.sheets-code').getAttribute('aria-label')";
        let address: String = desk.eval(code).await.unwrap();
        assert!(address.contains("/c/laforce/"), "{address}");

        // The bulletin, of a quiet month and of a full one.
        let bulletin = office.hall.proxy.at("/desk/bulletin");
        desk.goto(&bulletin).await;
        desk.mounted().await;
        desk.sees("Ouvert en ce moment").await;
        // What everybody reads of an answered proposal comes with its consultation.
        desk.sees("Couper les branches devant le panneau d’arrêt").await;
        desk.screenshot(&picture("print-bulletin"), true).await;
        assert_eq!(printed(desk, "print-bulletin").await, [2, 2], "one page in each language");
        let told: String = desk.eval("document.querySelector('.sheets').innerText").await.unwrap();
        assert!(!told.contains("de plus, à lire à"), "nothing is cut: {told}");
        desk.goto(&office.hall.proxy.at("/desk/")).await;
        desk.mounted().await;
        full_month(&mut office, &clerk).await;
        let desk = &office.desk;
        desk.goto(&bulletin).await;
        desk.mounted().await;
        desk.sees("de plus, à lire à").await;
        desk.wait_for("document.querySelectorAll('.sheets-one').length === 2", "in both languages").await;
        desk.screenshot(&picture("print-bulletin-full"), true).await;
        assert_eq!(printed(desk, "print-bulletin-full").await, [2, 2], "a full month fits");
        let told: String = desk.eval("document.querySelector('.sheets-one').innerText").await.unwrap();
        for words in ["Ouvert en ce moment", "Réponses données ce mois-ci", "Prochaines dates", "/c/laforce"]
        {
            assert!(told.contains(words), "{words}: {told}");
        }
        desk.assert_clean();
    });
}

/// A consultation that asks for changes to a text, with two changes, one of them decided, and what follows from it.
async fn changed(office: &Office, clerk: &Phone) -> [RecordId; 2] {
    let consultation = ask_for_changes(clerk).await;
    publish(clerk, consultation).await;
    let text = published(clerk, consultation).await;
    let mut records = Vec::new();
    for (one, wording) in
        text.paragraphs.iter().zip(["La marge avant est d’au moins 4 mètres.", "Trois étages."])
    {
        let (lang, quote) = one.words.iter().find(|(lang, _)| lang.as_str() == "fr").unwrap();
        let amend = Amend {
            consultation,
            text: text.id,
            paragraph: one.id,
            lang: lang.clone(),
            quote: quote.clone(),
            wording: Some(wording.parse().unwrap()),
            reason: None,
        };
        let op = office.author.act(Action::Amend(amend)).await;
        office.author.send_all().await;
        records.push(office.author.item(op).await.entry().unwrap().record());
    }
    let mark = Mark { consultation, record: records[0], progress: Progress::Decided };
    clerk.act(Action::Mark(mark)).await;
    let commit = Commit {
        consultation,
        text: both(
            "Écrire la marge de 4 mètres dans le règlement.",
            "Write the 4-metre setback into the by-law.",
        ),
        owner: both("L’inspectrice municipale", "The municipal inspector"),
        due: clerk.pocket.now().plus(40 * DAY),
        follows: vec![records[0]],
    };
    let op = clerk.act(Action::Commit(commit)).await;
    clerk.send_all().await;
    let record = clerk.item(op).await.entry().unwrap().record();
    let said = both("L’avis de motion est donné.", "Notice of motion has been given.");
    let report = ReportProgress { consultation, record, text: said, state: Delivery::UnderWay };
    clerk.act(Action::ReportProgress(report)).await;
    clerk.send_all().await;
    [consultation, text.id]
}

#[test]
fn a_text_its_form_and_what_became_of_its_changes_are_printed() {
    run(async {
        let office = Office::new().await;
        let clerk = Phone::of(&office.hall.clerk(), office.hall.server.port()).await;
        let [consultation, text] = changed(&office, &clerk).await;
        let desk = &office.desk;
        prints(desk, "Un nouveau règlement de zonage?").await;
        // It takes no proposals: a page for a comment, one for support, one for a change.
        let (pages, told) = sheet(desk, "#print-1", "Le numéro du paragraphe", "print-form-text").await;
        assert_eq!(pages, [6, 6]);
        assert!(!told.contains("En une phrase") && told.contains("un titre par ligne"), "{told}");
        let (pages, told) = sheet(desk, "#print-2", "2 changements proposés", "print-results-text").await;
        assert_eq!(pages, [2, 2]);
        for words in [
            "Projet de règlement 2026-14",
            "Décidé\u{a0}: 1",
            "Pas encore de réponse\u{a0}: 1",
            "Écrire la marge de 4 mètres dans le règlement.",
            "L’inspectrice municipale",
            "L’avis de motion est donné.",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert!(!told.contains("0 proposition"), "{told}");

        // The text itself, from where it is managed.
        desk.goto(&office.hall.proxy.at(&format!("/desk/consultations/{consultation}/texts"))).await;
        desk.mounted().await;
        desk.sees("Projet de règlement 2026-14").await;
        desk.click_text("a", "Imprimer").await;
        desk.sees("Écrivez dans la marge").await;
        desk.wait_for("document.querySelectorAll('.sheets-text').length === 2", "in both languages").await;
        assert_accessible(desk, "a text on paper").await;
        desk.screenshot(&picture("print-text"), true).await;
        assert_eq!(printed(desk, "print-text").await, [2, 2]);
        let code: String =
            desk.eval("document.querySelector('.sheets-code').getAttribute('aria-label')").await.unwrap();
        assert!(code.ends_with(&format!("/text/{text}")), "{code}");
        desk.assert_clean();
    });
}
