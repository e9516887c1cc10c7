//! What a clerk does with what people write, as the author and the public then see it.

use std::time::{Duration, Instant};

use domain::ids::RecordId;
use domain::operations::{Action, Comment, Merge, Progress, Stance};
use domain::records::{Consultation, Contribution, DeskItem, Record, Trail};
use domain::scopes::Scope;
use harness::{Modifiers, Page, Phone, assert_accessible, run};

use crate::people::Hall;
use crate::{picture, templates};

/// An author with a phone, a consultation, and the desk's page.
pub struct Office {
    pub hall: Hall,
    pub author: Phone,
    pub consultation: RecordId,
    pub desk: Page,
}

impl Office {
    pub async fn new() -> Self {
        let hall = Hall::new().await;
        let author = Phone::of(&hall.resident(0), hall.server.port()).await;
        let consultation = author.open_consultation().await;
        let desk = hall.desk().await;
        Self { hall, author, consultation, desk }
    }

    /// A proposal that has arrived, and is in the list.
    pub async fn proposed(&self, title: &str) -> RecordId {
        let op = self.author.propose(self.consultation, title).await;
        self.author.send_all().await;
        let record = self.author.item(op).await.entry().unwrap().record();
        arrives(&self.desk, title).await;
        record
    }

    pub async fn opened(&self, title: &str) {
        self.desk.click_text("a", title).await;
        self.desk.wait_for("document.querySelector('#answer-first') !== null", "the item").await;
        self.desk.sees("de Laforce").await;
    }

    /// Where it stands, said in the form.
    async fn marked(&self, step: &str) {
        self.desk.fill("#step", step).await;
        self.desk.click("#standing .actions button").await;
    }

    /// The author's own record of it, once it is as it should be.
    pub async fn trail(&self, record: RecordId, what: &str, fits: impl Fn(&Trail) -> bool) -> Trail {
        let scope = Scope::Person(self.author.me.id.clone());
        let find = |records: Vec<Record>| {
            records.into_iter().find_map(|it| match it {
                Record::Trail(trail) if trail.record == record && trail.act.contributes() => Some(trail),
                _ => None,
            })
        };
        self.until(&scope, what, |records| find(records).filter(&fits)).await
    }

    /// What everyone sees of it, once it is as it should be.
    async fn public(&self, record: RecordId, what: &str, fits: impl Fn(&Contribution) -> bool) {
        let scope = Scope::Consultation(self.author.community(), self.consultation);
        let find = |records: Vec<Record>| {
            records.into_iter().find_map(|it| match it {
                Record::Contribution(it) if it.id == record => Some(it),
                _ => None,
            })
        };
        self.until(&scope, what, |records| find(records).filter(&fits)).await;
    }

    /// A consultation of the community, once it is as it should be.
    pub async fn consultation(&self, what: &str, fits: impl Fn(&Consultation) -> bool) -> Consultation {
        let scope = Scope::Community(self.author.community());
        let find = |records: Vec<Record>| {
            records.into_iter().find_map(|it| match it {
                Record::Consultation(it) if fits(&it) => Some(it),
                _ => None,
            })
        };
        self.until(&scope, what, find).await
    }

    /// What is found in a scope, as soon as it is there.
    pub async fn until<T>(&self, scope: &Scope, what: &str, find: impl Fn(Vec<Record>) -> Option<T>) -> T {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(found) = find(self.author.pull(scope).await) {
                return found;
            }
            assert!(Instant::now() < end, "{what}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Has what came since shown, until this stands in the inbox.
pub async fn arrives(desk: &Page, title: &str) {
    let there = format!(
        "(() => {{
          if ([...document.querySelectorAll('.list-row')].some(row => row.innerText.includes({title:?}))) return true;
          document.querySelector('.list-count button:not([hidden])')?.click();
          return false;
        }})()"
    );
    desk.wait_for(&there, title).await;
}

pub async fn say_yes(desk: &Page) {
    desk.wait_for("document.querySelector('dialog[open]') !== null", "it is asked").await;
    desk.click("dialog[open] .btn:not(.btn-quiet)").await;
}

fn step(trail: &Trail) -> Option<&Progress> {
    trail.step.as_ref().map(|step| &step.progress)
}

/// What others write meanwhile waits behind a button, and no row of the list moves or is another one.
async fn no_row_moves(office: &Office) {
    let desk = &office.desk;
    desk.exec("document.querySelectorAll('.list-row').forEach(row => row.dataset.same = '')").await.unwrap();
    let rows = "[...document.querySelectorAll('.list-row')].slice(0, 8)
        .map(row => [row.dataset.id, row.dataset.same ?? 'new', String(row.getBoundingClientRect().top)])";
    let before: Vec<[String; 3]> = desk.eval(rows).await.unwrap();
    for title in ["Un quai flottant", "Un pont de glace"] {
        office.author.propose(office.consultation, title).await;
    }
    office.author.send_all().await;
    desk.sees("2 nouvelles contributions").await;
    assert_eq!(desk.eval::<Vec<[String; 3]>>(rows).await.unwrap(), before);
    desk.screenshot(&picture("desk-arrived"), false).await;
    assert_accessible(desk, "what came since").await;
    desk.click_text("button", "Afficher").await;
    let first = "document.activeElement === document.querySelector('.list-row .list-link')
        && document.activeElement.closest('li').dataset.same === undefined";
    desk.wait_for(first, "the focus is on the first of them").await;
    for title in ["Un quai flottant", "Un pont de glace"] {
        desk.sees(title).await;
    }
    // Whoever asks for something else sees all of it.
    office.author.propose(office.consultation, "Un feu au quai").await;
    office.author.send_all().await;
    desk.sees("1 nouvelle contribution").await;
    desk.fill("#by-kind", "Propositions").await;
    desk.sees("Un feu au quai").await;
    assert!(desk.eval::<bool>("document.querySelector('.list-count button').hidden").await.unwrap());
}

#[test]
fn the_author_learns_that_it_is_read_discussed_on_the_agenda_and_answered() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let record = office.proposed("Un abri pour attendre l’autobus").await;
        office.opened("Un abri pour attendre l’autobus").await;
        desk.screenshot(&picture("desk-pane"), true).await;
        office.trail(record, "it is read", |trail| step(trail) == Some(&Progress::Read)).await;
        let unread = "document.querySelector('.list-row:has([aria-current])').dataset.unread === undefined";
        desk.wait_for(unread, "its row is read too").await;
        no_row_moves(&office).await;

        desk.click("#standing summary").await;
        office.marked("En discussion").await;
        office.trail(record, "discussed", |trail| step(trail) == Some(&Progress::InDiscussion)).await;
        office.marked("À l’ordre du jour").await;
        desk.sees("Choisissez le jour de la séance").await;
        desk.fill("#step-day", "2099-12-07").await;
        office.marked("À l’ordre du jour").await;
        let agenda = |trail: &Trail| matches!(step(trail), Some(Progress::OnAgenda(_)));
        office.trail(record, "on the agenda", agenda).await;
        desk.sees("À l’ordre du jour, 7 décembre 2099").await;

        // A template names what is to be filled in, in both languages.
        desk.fill("#template", "Acceptée").await;
        desk.click_text("button", "Publier la réponse").await;
        desk.sees("Remplacez [ce qui sera fait] par vos mots").await;
        desk.sees("Remplacez [what will be done] par vos mots").await;
        desk.fill("#answer-first", "Un abri sera posé en mai.").await;
        desk.fill("#answer-second", "A shelter will be built in May.").await;
        desk.click_text("button", "Publier la réponse").await;
        say_yes(desk).await;
        let answered = office.trail(record, "answered", |trail| trail.answer.is_some()).await;
        assert_eq!(answered.answer.unwrap().text.iter().count(), 2);
        templates::from_an_answer(&office).await;
        desk.assert_clean_but_for(&["net::ERR"]);
    });
}

#[test]
fn two_proposals_that_say_the_same_are_joined_and_parted() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let one = office.proposed("Déneiger la rampe du quai municipal").await;
        let other = office.proposed("La rampe du quai municipal, la déneiger aussi").await;
        office.opened("Déneiger la rampe du quai municipal").await;
        desk.click("#merging summary").await;
        desk.wait_for("document.querySelectorAll('#merging li button').length > 0", "what is alike").await;
        let first = "document.querySelector('#merging li').innerText.includes('la déneiger aussi')";
        assert!(desk.eval::<bool>(first).await.unwrap(), "the most alike comes first");
        desk.exec("document.querySelector('#merging li button').click()").await.unwrap();
        desk.sees("Laquelle reste devant?").await;
        desk.screenshot(&picture("desk-merge"), false).await;
        desk.click_text("dialog[open] label", "La rampe du quai municipal, la déneiger aussi").await;
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        office.trail(one, "it is joined", |trail| trail.merged_into == Some(other)).await;
        office.public(other, "it stands for both", |it| it.merged == [one]).await;
        desk.sees("Réunie à une autre proposition").await;
        desk.click_text("button", "Séparer").await;
        office.trail(one, "it is parted", |trail| trail.merged_into.is_none()).await;
        office.public(other, "it stands alone", |it| it.merged.is_empty()).await;
        desk.assert_clean();

        // A colleague joins it to a third one while this tablet has no line: the second time is told as such.
        let third = office.proposed("Déneiger aussi l’escalier du quai municipal").await;
        office.hall.proxy.cut().await;
        let (clerk, consultation) = (office.clerk().await, office.consultation);
        clerk.act(Action::Merge(Merge { consultation, record: one, into: third })).await;
        clerk.send_all().await;
        let rows = "[...document.querySelectorAll('#merging li')]";
        let choose = format!(
            "{rows}.find(each => each.innerText.includes('la déneiger aussi')).querySelector('button')"
        );
        desk.wait_for(&format!("{choose} !== undefined"), "what is alike, again").await;
        desk.exec(&format!("{choose}.click()")).await.unwrap();
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        office.hall.proxy.pass().await;
        desk.click_text("a", "Envois").await;
        desk.sees_within(Duration::from_secs(60), "Une de ces propositions est déjà fusionnée").await;
        desk.screenshot(&picture("desk-merged-twice"), true).await;
        let trail =
            office.trail(one, "it stays where it was joined", |trail| trail.merged_into.is_some()).await;
        assert_eq!(trail.merged_into, Some(third));
    });
}

#[test]
fn the_author_is_asked_replies_and_colleagues_read_a_note() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let record = office.proposed("Une rampe à l’église").await;
        office.opened("Une rampe à l’église").await;
        desk.click_text("summary", "Demander une précision").await;
        desk.click_text("button", "Envoyer la question").await;
        desk.sees("Écrivez quelque chose avant d’envoyer").await;
        desk.fill("#ask", "De quel côté?").await;
        desk.click_text("button", "Envoyer la question").await;
        office.trail(record, "it is asked", |trail| trail.questions.len() == 1).await;
        desk.sees("Pas encore de réponse.").await;
        desk.wait_for("document.querySelector('#ask').value === ''", "the box is empty again").await;
        // The author replies from another of their devices.
        let phone = office.hall.phone().await;
        phone.sign_in(&office.hall.resident(0)).await;
        phone.visit("trail").await;
        phone.page.click_text("a", "Une rampe à l’église").await;
        phone.page.sees("De quel côté?").await;
        phone.page.screenshot(&picture("trail-question"), true).await;
        assert_accessible(&phone.page, "a question of the office").await;
        phone.page.click_text("button", "Envoyer la précision").await;
        phone.page.wait_for("document.querySelector('#reply-error') !== null", "nothing is said yet").await;
        phone.page.fill("#reply", "Du côté du stationnement.").await;
        phone.page.click_text("button", "Envoyer la précision").await;
        phone.page.sees("Votre précision est gardée. L’envoi se fait tout seul.").await;
        desk.sees("Du côté du stationnement.").await;
        let tagged = "document.querySelector('.list-row:has([aria-current])').innerText.includes('L’auteur a répondu')";
        desk.wait_for(tagged, "the list says so").await;
        desk.click_text("summary", "Notes du bureau").await;
        desk.fill("#note", "Voir avec la fabrique.").await;
        desk.click_text("button", "Garder la note").await;
        desk.sees("Notes du bureau : 1 note").await;
        desk.screenshot(&picture("desk-exchange"), true).await;
        // It is about something else than its author chose.
        desk.click_text("summary", "Sujet :").await;
        desk.fill("#subject", "La salubrité").await;
        desk.click_text("button", "Enregistrer").await;
        desk.click_text("summary", "Sujet : Salubrité").await;
        let filed =
            |it: &Contribution| it.subject().is_some_and(|subject| subject.to_string() == "sanitation");
        office.public(record, "it is filed elsewhere", filed).await;
        desk.assert_clean();
    });
}

/// The office's own records of what bears such a title.
async fn items(office: &Office, beginning: &str, fits: impl Fn(&DeskItem) -> bool) -> usize {
    let clerk = Phone::of(&office.hall.clerk(), office.hall.server.port()).await;
    let records = clerk.pull(&Scope::Desk(clerk.community())).await;
    let ours = records.iter().filter(|record| match record {
        Record::DeskItem(item) => item.contribution.title().as_str().starts_with(beginning) && fits(item),
        _ => false,
    });
    ours.count()
}

#[test]
fn five_are_chosen_by_key_and_touch_and_each_is_marked_once() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        for number in 1..=5 {
            office.proposed(&format!("Lot {number}")).await;
        }
        desk.fill("#q", "lot").await;
        desk.wait_for("document.querySelectorAll('.list-row').length === 5", "five are found").await;
        // Into the list, then by keys alone.
        desk.exec("document.querySelector('.list-link').focus()").await.unwrap();
        for key in ["x", "j", "x", "ArrowDown", "x", "k", "?"] {
            desk.press(key, Modifiers::NONE).await;
        }
        desk.sees("3 choisis").await;
        desk.sees("texte suivant").await;
        assert_accessible(desk, "keys and chosen rows").await;
        let size = "(() => { const box = document.querySelector('.list-pick').getBoundingClientRect();
            return box.width >= 46 && box.height >= 46 })()";
        assert!(desk.eval::<bool>(size).await.unwrap(), "a finger meets it");
        desk.exec("document.querySelectorAll('.list-pick input:not(:checked)').forEach(it => it.click())")
            .await
            .unwrap();
        desk.sees("5 choisis").await;
        desk.click_text("button", "Faire").await;
        desk.sees("Choisissez ce qu’il faut faire").await;
        desk.fill("#bulk-act", "Mettre à l’ordre du jour").await;
        desk.fill("#bulk-day", "2099-12-07").await;
        desk.screenshot(&picture("desk-bulk"), false).await;
        desk.click_text("button", "Faire").await;
        desk.sees("5 textes mis à jour").await;
        hall_settles(&office, 5).await;
        let agenda = |item: &DeskItem| {
            matches!(item.step.as_ref().map(|step| &step.progress), Some(Progress::OnAgenda(_)))
        };
        assert_eq!(items(&office, "Lot", agenda).await, 5);

        desk.click_text("button", "Tout choisir").await;
        desk.fill("#bulk-act", "Donner la même réponse").await;
        desk.click_text("button", "Faire").await;
        desk.sees("Répondre à 5 textes").await;
        desk.fill("#answer-first", "Le conseil en parlera en décembre.").await;
        desk.click_text("button", "Publier la réponse à 5 textes").await;
        say_yes(desk).await;
        desk.sees("5 textes mis à jour").await;
        hall_settles(&office, 10).await;
        assert_eq!(items(&office, "Lot", |item| item.contribution.answer.is_some()).await, 5);
        desk.assert_clean();
    });
}

/// So many acts of the desk have a receipt.
async fn hall_settles(office: &Office, count: usize) {
    let receipts = format!(
        "new Promise(done => {{
          const opening = indexedDB.open('rabaska-desk');
          opening.onsuccess = () => {{
            const all = opening.result.transaction('outbox').objectStore('outbox').getAll();
            all.onsuccess = () => {{
              opening.result.close();
              done(all.result.map(row => JSON.parse(row)).filter(row => row.receipt).length >= {count});
            }};
          }};
        }})"
    );
    office.desk.wait_for(&receipts, "the acts have their receipts").await;
}

#[test]
fn a_comment_is_read_with_its_side_and_needs_no_answer() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let on = office.proposed("Un jardin derrière la salle").await;
        let waiting = "Number([...document.querySelectorAll('.panes-bar .tag')].map(it => it.innerText)
            .find(it => it.includes('à répondre')).split(' ')[0])";
        let before: u32 = desk.eval(waiting).await.unwrap();
        let text = "On manquera de stationnement.".parse().unwrap();
        let comment = Comment { consultation: office.consultation, on, stance: Stance::Against, text };
        office.author.act(Action::Comment(comment)).await;
        office.author.send_all().await;
        arrives(desk, "On manquera de stationnement.").await;
        assert_eq!(desk.eval::<u32>(waiting).await.unwrap(), before);
        desk.fill("#by-kind", "Commentaires").await;
        desk.wait_for(
            "[...document.querySelectorAll('.list-row')].every(it => it.innerText.includes('Commentaire'))",
            "comments only",
        )
        .await;
        desk.click_text("a", "On manquera de stationnement.").await;
        desk.sees("Répondre à ce commentaire").await;
        desk.sees("Contre").await;
        desk.sees("Sur la proposition :").await;
        desk.click_text("main a", "Un jardin derrière la salle").await;
        desk.wait_for("document.querySelector('main h1').innerText === 'Un jardin derrière la salle'", "it")
            .await;
        desk.assert_clean();
    });
}
