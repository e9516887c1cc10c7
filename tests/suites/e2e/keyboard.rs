//! The main stories without a pointer: Tab, arrows, Enter, Space and typing. After each change of
//! screen the focus is on its heading and the window has another title.

use std::time::Duration;

use domain::operations::{Action, CloseConsultation};
use harness::{Browser, Mode, Modifiers, Page, Viewport, run};

use crate::people::{Hall, ROAD};

/// What has the focus, as a screen reader would name it; nothing while it is on the page itself.
const FOCUSED: &str = r#"
(() => {
  const element = document.activeElement;
  if (!element.matches("a, button, input, select, textarea, summary, h1")) return "";
  const labels = [...element.labels ?? []].map(each => each.innerText).join(" ");
  return (element.getAttribute("aria-label") || labels || element.innerText || "").replace(/\s+/g, " ").trim();
})()"#;

/// Fewer stops than this lie between any two things on a screen.
const STOPS: usize = 80;

/// Hands that only have keys.
struct Keys<'a>(&'a Page);

impl Keys<'_> {
    async fn press(&self, key: &str) {
        self.0.press(key, Modifiers::NONE).await;
    }

    async fn title(&self) -> String {
        self.0.eval("document.title").await.unwrap()
    }

    /// Goes on with Tab until this has the focus.
    async fn reach(&self, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            self.press("Tab").await;
            let focused: String = self.0.eval(FOCUSED).await.unwrap();
            if focused.contains(name) {
                let shown = "document.activeElement.matches(':focus-visible')";
                assert!(self.0.eval::<bool>(shown).await.unwrap(), "one sees where one is: {name}");
                return;
            }
            passed.push(focused);
        }
        panic!("Tab never comes to {name}: {passed:#?}");
    }

    /// Does something that leads to another screen, and sees it arrive.
    async fn leave_by(&self, key: &str, heading: &str) {
        let before = self.title().await;
        self.press(key).await;
        self.arrives(&before, heading).await;
    }

    async fn arrives(&self, before: &str, heading: &str) {
        let focused =
            format!("document.activeElement.localName === 'h1' && ({FOCUSED}).includes({heading:?})");
        self.0.wait_for(&focused, &format!("the focus is on the heading {heading}")).await;
        let title = self.title().await;
        assert_ne!(title, before, "the window has another title");
        assert!(title.ends_with(" – Rabaska") && title.len() > " – Rabaska".len(), "{title}");
    }

    async fn has_value(&self, field: &str, value: &str) {
        let js = format!("document.querySelector({field:?}).value === {value:?}");
        self.0.wait_for(&js, &format!("{field} is {value}")).await;
    }

    /// The focus is there.
    async fn holds(&self, element: &str) {
        let there = format!("document.activeElement === document.querySelector('{element}')");
        self.0.wait_for(&there, element).await;
    }

    /// In an open dialog: to the button that does it.
    async fn confirm(&self, button: &str) {
        let inside = "document.querySelector('dialog[open]')?.contains(document.activeElement) === true";
        self.0.wait_for(inside, "the focus is in the dialog").await;
        // Where nothing is to be filled in, a second Enter does nothing that cannot be undone.
        let safe = "document.querySelector('dialog[open]').querySelector('input, select, textarea') !== null
            || document.activeElement.matches('.btn-quiet')";
        self.0.wait_for(safe, "it begins with what does nothing").await;
        // The dialog keeps it: Tab comes round.
        self.reach(button).await;
        assert!(self.0.eval::<bool>(inside).await.unwrap());
        self.press("Enter").await;
        self.0.wait_for("document.querySelector('dialog[open]') === null", "the dialog is closed").await;
    }
}

async fn opened(hall: &Hall, viewport: Viewport, path: &str) -> Page {
    let page = Browser::shared().await.device(viewport).await.open(&hall.proxy.at(path)).await;
    page.mounted().await;
    page
}

#[test]
fn a_proposal_is_written_checked_and_sent_by_keyboard_alone() {
    run(async {
        let hall = Hall::new().await;
        let page = opened(&hall, Viewport::DESKTOP, "/").await;
        let keys = Keys(&page);
        page.sees("Laforce").await;
        keys.reach("Chercher une communauté").await;
        page.types("lafo").await;
        page.wait_for("document.querySelectorAll('.list-row').length === 1", "one is found").await;
        keys.reach("Laforce").await;
        keys.leave_by("Enter", "Laforce").await;
        page.sees(ROAD).await;
        keys.reach(ROAD).await;
        keys.leave_by("Enter", ROAD).await;
        keys.reach("Faire une proposition").await;
        keys.leave_by("Enter", "Votre proposition").await;
        keys.reach("En une phrase").await;
        page.types("Sans souris").await;
        keys.reach("Expliquez").await;
        page.types("Au clavier seulement.").await;
        keys.reach("Culture et loisirs").await;
        // A group of radios is one stop; the arrows choose in it.
        keys.press("ArrowDown").await;
        keys.press("ArrowDown").await;
        page.wait_for("document.querySelectorAll('input[type=radio]:checked').length === 1", "a subject")
            .await;
        keys.reach("Relire avant d’envoyer").await;
        keys.leave_by("Enter", "Relisez votre proposition").await;
        page.sees("Sans souris").await;
        keys.reach("Envoyer").await;
        keys.leave_by("Enter", "Gardé sur cet appareil").await;
        page.sees("Attend votre code").await;

        keys.reach("S’identifier").await;
        keys.leave_by("Enter", "S’identifier").await;
        keys.reach("Votre code").await;
        page.types(&hall.resident(0).code).await;
        keys.leave_by("Enter", "Mon sentier").await;
        page.sees("Ce texte est-il de vous?").await;
        keys.reach("C’est de moi").await;
        keys.press("Space").await;
        // Claimed, it has a receipt of its own beside those of before.
        let received = "[...document.querySelectorAll('main article')]
            .some(each => each.innerText.includes('Sans souris') && each.innerText.includes('REÇU '))";
        page.wait_for(received, "the receipt").await;
        hall.stands_once("Sans souris").await;
        page.assert_clean();
    });
}

#[test]
fn without_the_server_and_after_a_refusal_keys_are_enough_too() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        hall.proxy.set(Mode::Refuse).await;
        let page = &phone.page;
        let keys = Keys(page);
        keys.reach("Faire une proposition").await;
        keys.leave_by("Enter", "Votre proposition").await;
        keys.reach("En une phrase").await;
        page.types("Écrit dans le noir").await;
        keys.reach("Culture et loisirs").await;
        keys.press("Space").await;
        // The system's own dialog comes after this one.
        keys.reach("Ajouter une photo").await;
        keys.reach("Relire avant d’envoyer").await;
        keys.leave_by("Enter", "Relisez votre proposition").await;
        // Once the device has noticed, the button promises less.
        page.sees_within(Duration::from_secs(45), "Garder et envoyer").await;
        keys.reach("Garder et envoyer").await;
        keys.leave_by("Enter", "Gardé sur cet appareil").await;
        let office = harness::Phone::of(&hall.clerk(), hall.server.port()).await;
        let consultation = office.open_consultation().await;
        office.act(Action::CloseConsultation(CloseConsultation { consultation, grace: 0 })).await;
        office.send_all().await;

        hall.proxy.pass().await;
        keys.reach("Voir mon sentier").await;
        keys.leave_by("Enter", "Mon sentier").await;
        page.sees("La consultation est fermée depuis le").await;
        keys.reach("Réutiliser le texte").await;
        keys.leave_by("Enter", "Votre proposition").await;
        keys.has_value("#title", "Écrit dans le noir").await;
        keys.reach("Sentier").await;
        keys.leave_by("Enter", "Mon sentier").await;
        keys.reach("Supprimer").await;
        keys.press("Enter").await;
        keys.confirm("Supprimer").await;
        page.wait_for("!document.body.innerText.includes('À reprendre')", "nothing waits any more").await;
    });
}

#[test]
fn the_desk_answers_opens_and_closes_by_keyboard_alone() {
    run(async {
        let hall = Hall::new().await;
        let author = hall.phone().await;
        author.sign_in(&hall.resident(0)).await;
        author.write("À répondre au clavier", "").await;
        author.send().await;
        author.receipted("À répondre au clavier").await;

        let desk = opened(&hall, Viewport::DESKTOP, "/desk/sign-in").await;
        let keys = Keys(&desk);
        keys.reach("Votre code").await;
        desk.types(&hall.clerk().code).await;
        keys.leave_by("Enter", "Boîte du greffe").await;
        desk.sees("À répondre au clavier").await;
        keys.reach("À répondre au clavier").await;
        keys.leave_by("Enter", "À répondre au clavier").await;
        keys.reach("Réponse en français").await;
        desk.types("Le conseil le fera.").await;
        keys.reach("Réponse en anglais").await;
        desk.types("The council will.").await;
        keys.reach("Publier la réponse").await;
        keys.press("Enter").await;
        keys.confirm("Publier la réponse").await;
        author.page.sees("Le conseil le fera.").await;

        keys.reach("Consultations").await;
        keys.leave_by("Enter", "Consultations").await;
        keys.reach("Ouvrir une consultation").await;
        keys.leave_by("Enter", "Ouvrir une consultation").await;
        for (field, text) in [
            ("Titre en français", "Ouverte au clavier"),
            ("Titre en anglais", "Opened by keyboard"),
            ("Résumé en français", "Le résumé."),
            ("Résumé en anglais", "The summary."),
        ] {
            keys.reach(field).await;
            desk.types(text).await;
        }
        for _ in 0..2 {
            keys.reach("Continuer").await;
            keys.press("Enter").await;
            keys.holds("#step").await;
        }
        keys.reach("Ferme le").await;
        // In the order of Chromium's own field, whose language is the machine's: month, day, year,
        // hour, minute. A year may have more digits: the arrow ends it.
        for typed in ["12", "01", "2099", "ArrowRight", "06", "30", "p"] {
            match typed {
                "ArrowRight" => keys.press(typed).await,
                digits => {
                    for digit in digits.chars() {
                        keys.press(&digit.to_string()).await;
                    }
                }
            }
        }
        keys.has_value("#closes", "2099-12-01T18:30").await;
        keys.reach("Continuer").await;
        keys.press("Enter").await;
        keys.holds("#step").await;
        keys.reach("Relire avant d’ouvrir").await;
        keys.press("Enter").await;
        let before = keys.title().await;
        keys.confirm("Ouvrir la consultation").await;
        keys.arrives(&before, "Consultations").await;
        desk.sees("Ouverte au clavier").await;

        // The newest one, or any other that is open: this one is the road's.
        let close = format!(
            "[...document.querySelectorAll('article')].find(each => each.innerText.includes({ROAD:?}))
               .contains(document.activeElement)"
        );
        keys.reach("Fermer la consultation").await;
        while !desk.eval::<bool>(&close).await.unwrap() {
            keys.reach("Fermer la consultation").await;
        }
        keys.press("Enter").await;
        keys.confirm("Fermer maintenant").await;
        desk.sees("Fermée, délai en cours").await;
        author.visit("c/laforce").await;
        author.page.sees("Ouverte au clavier").await;
        author.page.sees("1er décembre 2099").await;
        desk.assert_clean();
    });
}
