//! An office writes down what somebody said who came or telephoned, types in what came on paper, hands over a slip,
//! and takes back by its code.

use std::time::Duration;

use app::offline::surroundings::Surroundings;
use domain::codes::SlipCode;
use domain::ids::RecordId;
use domain::operations::{Act, Action, Cast, Consent, Enter, Hide, OpenConsultation, OpenPoll, Propose, Way};
use domain::phases::Phases;
use domain::records::Record;
use domain::scopes::Scope;
use domain::tallies::{Ballot, Method};
use domain::time::{DAY, Millis};
use harness::{Mode, Page, assert_accessible, run};

use crate::amending::{HIGH, TITLE, ask_for_changes, change_the_height, publish, published};
use crate::inbox::{Office, say_yes};
use crate::people::{Hall, ROAD, said};
use crate::{picture, printed};

const LEAVES: Duration = Duration::from_secs(60);
const BENCH: &str = "Un banc à mi-chemin du lac";
const QUESTION: &str = "Quel soir pour la salle?";

/// The device keeps what is sealed next, and nothing after that: as when the tab is killed at once.
const NOTHING_AFTER: &str = "
    const begin = IDBDatabase.prototype.transaction, add = IDBObjectStore.prototype.add;
    let over = false;
    IDBObjectStore.prototype.add = function (...row) {
      if (this.name === 'outbox') this.transaction.addEventListener('complete', () => over = true);
      return add.apply(this, row);
    };
    IDBDatabase.prototype.transaction = function (tables, mode, ...rest) {
      if (over && mode === 'readwrite') throw new DOMException('', 'UnknownError');
      return begin.call(this, tables, mode, ...rest);
    }";

/// The page on which it is entered, of the road's consultation.
async fn open_form(desk: &Page) {
    desk.click_text("a", "Consultations").await;
    desk.sees(ROAD).await;
    let open = format!(
        "[...[...document.querySelectorAll('article')].find(each => each.innerText.includes({ROAD:?}))
           .querySelectorAll('a')].find(each => each.textContent === 'Saisir pour une personne').click()"
    );
    desk.exec(&open).await.unwrap();
    desk.sees("Que saisissez-vous?").await;
}

/// Reads it again, says yes, and gives the code on the slip.
async fn sealed(desk: &Page) -> String {
    desk.click("main form button[type=submit]").await;
    say_yes(desk).await;
    desk.wait_for("document.querySelector('.slip-code-text') !== null", "the slip").await;
    desk.eval("document.querySelector('.slip-code-text').innerText").await.unwrap()
}

async fn take_back(desk: &Page, code: &str) {
    desk.fill("#code", code).await;
    desk.click("main form button[type=submit]").await;
}

#[test]
fn what_somebody_says_at_the_counter_is_entered_without_the_server_and_taken_back_by_its_code() {
    run(async {
        let mut hall = Hall::new().await;
        let desk = hall.desk().await;
        open_form(&desk).await;
        hall.server.kill9();
        hall.proxy.cut().await;
        desk.click("#what").await;
        desk.click("main form button[type=submit]").await;
        for missing in ["Dites comment c’est arrivé.", "Sans l’accord de la personne", "Écrivez"] {
            desk.sees(missing).await;
        }
        desk.screenshot(&picture("desk-enter-errors"), true).await;
        assert_accessible(&desk, "an entry with errors").await;
        desk.click("#way").await;
        desk.click("#consent").await;
        desk.fill("#title", BENCH).await;
        desk.fill("#text", "Pour souffler avant la côte.").await;
        desk.click_text("label", "Environnement").await;
        // What is typed is kept like everything else; that somebody agrees is asked again.
        tokio::time::sleep(Duration::from_millis(900)).await;
        let here: String = desk.eval("location.href").await.unwrap();
        desk.goto(&here).await;
        desk.wait_for(&format!("document.querySelector('#title')?.value === {BENCH:?}"), "it is kept").await;
        desk.wait_for(
            "document.querySelector('#way').checked && !document.querySelector('#consent').checked",
            "the way",
        )
        .await;
        desk.click("#consent").await;
        desk.screenshot(&picture("desk-enter"), true).await;
        desk.click("main form button[type=submit]").await;
        desk.wait_for("document.querySelector('dialog[open]') !== null", "it is asked").await;
        desk.screenshot(&picture("desk-enter-asked"), false).await;
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        desk.wait_for("document.querySelector('.slip-code-text') !== null", "the slip").await;
        let code: String = desk.eval("document.querySelector('.slip-code-text').innerText").await.unwrap();
        assert_eq!(code.len(), 19, "{code}");
        desk.sees("REÇU ").await;
        desk.screenshot(&picture("desk-slip"), true).await;
        assert_eq!(printed(&desk, "desk-slip").await, [1, 1]);
        // An address that one types; the long one is photographed.
        let typed: String =
            desk.eval("document.querySelector('.sheets-ways strong').innerText").await.unwrap();
        assert!(typed.ends_with("/c/laforce"), "{typed}");
        assert_accessible(&desk, "a slip").await;
        // Until it was handed over it survives that the page goes.
        let here: String = desk.eval("location.href").await.unwrap();
        desk.goto(&here).await;
        desk.sees(&code).await;
        desk.click_text("button", "Remis; saisir le suivant").await;
        let stays = "document.querySelector('#what')?.checked && document.querySelector('#way').checked
                     && document.querySelector('#title').value === ''";
        desk.wait_for(stays, "the next one").await;

        // A word on it, on the telephone.
        desk.click_text("label", "Un commentaire sur une proposition").await;
        desk.click_text("label", "Elle a téléphoné").await;
        desk.click("#consent-1").await;
        desk.fill("#on", BENCH).await;
        desk.click_text("label", "Pour").await;
        desk.fill("#comment", "Deux, même.").await;
        desk.click("main form button[type=submit]").await;
        desk.sees("l’accord se donne de vive voix").await;
        desk.click("#consent").await;
        // With the entry its code is kept: nobody could take it back otherwise.
        desk.exec(NOTHING_AFTER).await.unwrap();
        let word = sealed(&desk).await;
        assert_ne!(word, code);
        let here: String = desk.eval("location.href").await.unwrap();
        desk.goto(&here).await;
        desk.sees(&word).await;
        desk.sees("REÇU ").await;
        desk.click_text("button", "Remis; terminer").await;
        hall.server.restart();

        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.sees_within(LEAVES, BENCH).await;
        phone.page.click_text("a", BENCH).await;
        phone.page.sees("noté au bureau").await;
        phone.page.sees_within(LEAVES, "Deux, même.").await;
        phone.page.screenshot(&picture("entered"), true).await;
        desk.click_text("a", "Boîte").await;
        desk.click_text("a", BENCH).await;
        desk.sees("Noté au bureau par").await;
        desk.screenshot(&picture("desk-entered"), false).await;
        desk.click_text("a", "Consultations").await;
        desk.click_text("a", "Le code d’un reçu").await;
        take_back(&desk, "0000").await;
        desk.sees("Il faut seize lettres et chiffres").await;
        take_back(&desk, "0000-0000-0000-0000").await;
        say_yes(&desk).await;
        desk.sees_within(LEAVES, "Aucune saisie ne correspond à ce code").await;
        // As somebody says it on the telephone.
        take_back(&desk, &code.to_lowercase().replace('-', " ")).await;
        say_yes(&desk).await;
        desk.sees_within(LEAVES, "C’est retiré.").await;
        desk.screenshot(&picture("desk-take-back"), true).await;
        assert_accessible(&desk, "taken back").await;
        let gone = format!("!document.body.innerText.includes({BENCH:?})");
        phone.open_road().await;
        phone.page.wait_within(LEAVES, &gone, "it is gone").await;
        phone.page.assert_clean();
        amended(&hall, &desk).await;
    });
}

/// Somebody wants other words in a text: they are noted without a line while the office changes it elsewhere.
async fn amended(hall: &Hall, desk: &Page) {
    let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
    let consultation = ask_for_changes(&office).await;
    publish(&office, consultation).await;
    let text = published(&office, consultation).await.id;
    desk.goto(&hall.proxy.at(&format!("/desk/consultations/{consultation}/enter"))).await;
    desk.sees_within(LEAVES, "Un changement à un texte").await;
    desk.click_text("label", "Un changement à un texte").await;
    desk.click_text("label", "Elle a écrit une lettre").await;
    desk.click("#consent").await;
    desk.click("main form button[type=submit]").await;
    desk.sees("Choisissez le paragraphe.").await;
    desk.fill("#paragraph", &format!("{text} 2")).await;
    desk.wait_for(&format!("document.querySelector('#wording')?.value === {HIGH:?}"), "its words").await;
    desk.click("main form button[type=submit]").await;
    desk.sees("Ces mots sont ceux du texte.").await;
    desk.screenshot(&picture("desk-enter-amend-errors"), true).await;
    let lower = HIGH.replace("2 étages", "1 étage");
    desk.fill("#wording", &lower).await;
    desk.fill("#reason", "Pour voir le lac.").await;
    desk.screenshot(&picture("desk-enter-amend"), true).await;
    assert_accessible(desk, "an amendment that is entered").await;
    hall.proxy.set(Mode::Refuse).await;
    desk.click("main form button[type=submit]").await;
    let read_out = "[...document.querySelectorAll('dialog[open] :is(del, ins)')]
        .map(each => each.innerText.replace(/\\s+/g, ' ').trim()).join('|') === 'retiré : 2 étages|ajouté : 1 étage'";
    desk.wait_for(read_out, "what changes is read out").await;
    desk.screenshot(&picture("desk-enter-amend-asked"), false).await;
    say_yes(desk).await;
    desk.sees(&format!("{TITLE}, paragraphe 2")).await;
    desk.screenshot(&picture("desk-slip-amend"), true).await;
    desk.click_text("button", "Remis; terminer").await;
    change_the_height(&office, consultation, "La hauteur d’un bâtiment est d’au plus 3 étages.").await;
    hall.proxy.pass().await;

    desk.click_text("a", "Envois").await;
    desk.sees_within(LEAVES, "Le texte a changé avant l’arrivée de vos mots.").await;
    desk.sees("Pour voir le lac.").await;
    desk.screenshot(&picture("desk-outbox-amend"), true).await;
    desk.click_text("button", "Réutiliser le texte").await;
    desk.sees_within(LEAVES, "Ce paragraphe a changé depuis que ces mots ont été notés.").await;
    desk.sees("au plus 3 étages").await;
    desk.wait_for(&format!("document.querySelector('#wording').value === {lower:?}"), "the words noted")
        .await;
    desk.screenshot(&picture("desk-enter-amend-again"), true).await;
    desk.click("#consent").await;
    let code = sealed(desk).await;
    desk.click_text("button", "Remis; terminer").await;
    let reader = hall.phone().await;
    let listed = format!("c/laforce/{consultation}/text/{text}");
    reader.visit(&listed).await;
    reader.page.sees_within(LEAVES, "1 changement proposé").await;
    reader.page.click_text("summary", "1 changement proposé").await;
    reader.page.click_text("a", "1 étage").await;
    reader.page.sees("noté au bureau").await;
    reader.page.sees("Pour voir le lac.").await;
    desk.goto(&hall.proxy.at("/desk/take-back")).await;
    take_back(desk, &code).await;
    say_yes(desk).await;
    desk.sees_within(LEAVES, "C’est retiré.").await;
    reader.visit(&listed).await;
    let gone = "document.body.innerText.includes('Paragraphe 2')
                && !document.body.innerText.includes('changement proposé')";
    reader.page.wait_within(LEAVES, gone, "it is taken back").await;
    reader.page.assert_clean();
}

/// What was entered, with that code, and hidden since.
async fn entered_and_hidden(office: &Office, code: &SlipCode) {
    let (clerk, consultation) = (office.clerk().await, office.consultation);
    let lists = clerk.pull(&Scope::Community(clerk.community())).await;
    let of = |lists: &Record| match lists {
        Record::Community(lists) => {
            Some((lists.applied().next()?.id.clone(), lists.subjects.first()?.id.clone()))
        }
        _ => None,
    };
    let (rule, subject) = lists.iter().find_map(of).unwrap();
    let title = BENCH.parse().unwrap();
    let said = Propose { consultation, title, text: None, subject, photos: vec![], place: None };
    let (way, consent) = (Way::Visit, Consent::Spoken);
    let op =
        clerk.act(Action::Enter(Enter { act: Act::Propose(said), way, consent, slip: code.hash() })).await;
    clerk.send_all().await;
    let record = clerk.item(op).await.entry().unwrap().record();
    clerk.act(Action::Hide(Hide { consultation, record, rule })).await;
    clerk.send_all().await;
}

#[test]
fn what_was_entered_and_hidden_is_appealed_for_by_its_code() {
    run(async {
        let office = Office::new().await;
        let code = SlipCode::from_random([7; 16]);
        entered_and_hidden(&office, &code).await;
        let desk = &office.desk;
        desk.click_text("a", "Consultations").await;
        desk.click_text("a", "Le code d’un reçu").await;
        desk.click_text("label", "Faire revoir un texte caché").await;
        take_back(desk, &code.to_string()).await;
        desk.sees("Écrivez ce que vous voulez dire.").await;
        desk.fill("#why", "Elle n’a nommé personne.").await;
        desk.screenshot(&picture("desk-appeal-for"), true).await;
        assert_accessible(desk, "an appeal for somebody").await;
        desk.click("main form button[type=submit]").await;
        say_yes(desk).await;
        desk.sees_within(LEAVES, "La demande est déposée.").await;
        // Whoever did not hide it reads it again.
        let second = office.hall.second_desk().await;
        second.click_text("a", BENCH).await;
        second.sees("Elle n’a nommé personne.").await;
        second.screenshot(&picture("desk-appealed-for"), true).await;
        desk.assert_clean();
    });
}

/// A poll that closes soon, in a consultation that waits for nobody.
async fn closing_poll(hall: &Hall) -> (RecordId, RecordId, Millis) {
    let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
    let now = office.pocket.now();
    let phases = Phases::contribute(now.plus(-DAY), now.plus(DAY)).unwrap();
    let open =
        OpenConsultation { grace: 0, ..OpenConsultation::new(said("La salle"), said("La salle."), phases) };
    let op = office.act(Action::OpenConsultation(open)).await;
    let consultation = office.item(op).await.entry().unwrap().record();
    let closes_at = now.plus(60_000);
    let poll = OpenPoll {
        consultation,
        question: said(QUESTION),
        text: None,
        choices: vec![said("Mardi"), said("Jeudi")],
        method: Method::Plurality,
        grades: vec![],
        opens_at: now.plus(-DAY),
        closes_at,
    };
    let op = office.act(Action::OpenPoll(poll)).await;
    let poll = office.item(op).await.entry().unwrap().record();
    let cast = |choice| Cast { consultation, poll, ballot: Ballot::Choice(choice) };
    let ways = [(5, Way::Visit, Consent::Spoken, 0), (3, Way::Paper, Consent::Signed, 1)];
    for (times, way, consent, choice) in ways {
        for number in 0..times {
            let slip = SlipCode::from_random([number + 10 * choice; 16]).hash();
            office.act(Action::Enter(Enter { act: Act::Cast(cast(choice)), way, consent, slip })).await;
        }
    }
    office.send_all().await;
    (consultation, poll, closes_at)
}

#[test]
fn paper_ballots_are_typed_in_one_after_the_other_and_the_result_says_how_many_came_so() {
    run(async {
        let mut hall = Hall::new().await;
        let desk = hall.desk().await;
        let (consultation, poll, closes_at) = closing_poll(&hall).await;
        desk.goto(&hall.proxy.at(&format!("/desk/consultations/{consultation}/enter"))).await;
        desk.click_text("label", QUESTION).await;
        desk.click_text("label", "Elle a rempli un formulaire papier").await;
        for number in 0..2 {
            desk.wait_for("document.querySelector('#ballot') !== null", "the ballot").await;
            desk.click("#consent-1").await;
            desk.click("#ballot-1").await;
            if number == 0 {
                desk.screenshot(&picture("desk-enter-ballot"), true).await;
            }
            sealed(&desk).await;
            desk.sees("Ce qui a été répondu n’est pas écrit sur ce reçu.").await;
            let text = desk.text().await;
            assert!(!text.contains("Jeudi"), "{text}");
            if number == 0 {
                desk.screenshot(&picture("desk-slip-ballot"), true).await;
            }
            desk.click_text("button", "Remis; saisir le suivant").await;
        }
        let sent = "document.querySelector('#ballot') !== null";
        desk.wait_for(sent, "the next one").await;
        desk.click_text("a", "Envois").await;
        desk.sees_within(LEAVES, "Rien n’attend").await;
        let now = harness::Phone::of(&hall.clerk(), hall.server.port()).await.pocket.now();
        let left = u64::try_from(closes_at.since(now).max(0)).unwrap();
        tokio::time::sleep(Duration::from_millis(left + 500)).await;
        // It looks for what is over when it starts.
        hall.server.kill9();
        hall.server.restart();
        let phone = hall.phone().await;
        phone.visit(&format!("c/laforce/{consultation}/poll/{poll}")).await;
        phone.page.sees_within(LEAVES, "10 bulletins").await;
        phone.page.sees("Par appareil : 0 · notés au bureau : 5 · sur papier : 5").await;
        phone.page.screenshot(&picture("poll-channels"), true).await;
        phone.page.assert_clean();
    });
}
