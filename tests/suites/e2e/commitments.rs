//! An office commits to something, reports on it, and whoever looks sees what is late.

use std::time::Duration;

use app::offline::surroundings::Surroundings;
use domain::ids::RecordId;
use domain::operations::{Action, Answer, Commit};
use harness::phone::Pocket;
use harness::{Phone, assert_accessible, run};

use crate::inbox::{Office, say_yes};
use crate::people::said;
use crate::picture;

const LEAVES: Duration = Duration::from_secs(60);
const LAMP: &str = "Poser une lampe au bout du quai.";

impl Office {
    pub async fn clerk(&self) -> Phone {
        Phone::of(&self.hall.clerk(), self.hall.server.port()).await
    }

    /// Waits for nothing but the words of a citizen's page, opened anew.
    async fn seen_at(&self, phone: &crate::people::Phone, path: &str, words: &str) {
        phone.visit(path).await;
        phone.page.sees_within(LEAVES, words).await;
    }
}

fn of(consultation: RecordId) -> String {
    format!("c/laforce/{consultation}")
}

#[test]
fn a_commitment_is_made_without_the_server_and_its_log_is_seen_by_everyone() {
    run(async {
        let mut office = Office::new().await;
        let record = office.proposed("Une lampe au bout du quai").await;
        let clerk = office.clerk().await;
        let (consultation, text) = (office.consultation, said("Oui, cet été."));
        clerk.act(Action::Answer(Answer { consultation, record, text })).await;
        clerk.send_all().await;
        let citizen = office.hall.phone().await;
        office.seen_at(&citizen, &of(consultation), "Une lampe au bout du quai").await;

        let desk = &office.desk;
        desk.click_text("a", "Une lampe au bout du quai").await;
        desk.sees("Prendre un engagement").await;
        office.hall.server.kill9();
        office.hall.proxy.cut().await;
        desk.click_text("button", "Prendre un engagement").await;
        desk.sees("1 contribution choisie").await;
        desk.fill("#commit-day", "2001-01-01").await;
        desk.click_text("button", "Relire avant de publier").await;
        for (field, wrong) in
            [("#commit-first", true), ("#owner-first", true), ("#owner-second", false), ("#commit-day", true)]
        {
            let bad = format!("document.querySelector('{field}').getAttribute('aria-invalid') === 'true'");
            desk.wait_for(&format!("({bad}) === {wrong}"), field).await;
        }
        desk.fill("#commit-first", LAMP).await;
        desk.fill("#owner-first", "Inspectrice municipale").await;
        desk.fill("#commit-day", "2099-05-01").await;
        desk.screenshot(&picture("desk-commit"), true).await;
        desk.click_text("button", "Relire avant de publier").await;
        say_yes(desk).await;
        desk.wait_for("document.querySelector('main article')?.innerText.includes('Pas encore')", "it waits")
            .await;
        desk.wait_for("document.querySelector('#commit-first').value === ''", "the form is empty again")
            .await;
        desk.screenshot(&picture("desk-commitments"), true).await;
        assert_accessible(desk, "a commitment that has not left").await;
        // What is said of it leaves after it.
        desk.click_text("a", "Dire où il en est").await;
        desk.fill("#report-state", "under_way").await;
        desk.fill("#report-first", "La lampe est commandée.").await;
        desk.click_text("button", "Ajouter au suivi").await;
        desk.sees("La lampe est commandée.").await;
        office.hall.server.restart();
        desk.wait_within(
            LEAVES,
            "!document.querySelector('main article').innerText.includes('Pas encore')",
            "it has left",
        )
        .await;

        office.seen_at(&citizen, &of(consultation), "Inspectrice municipale").await;
        let page = &citizen.page;
        for words in [
            "Engagements",
            LAMP,
            "1er mai 2099",
            "Engagement pris",
            "La lampe est commandée.",
            "Donne suite à",
        ] {
            page.sees(words).await;
        }
        page.screenshot(&picture("commitment"), true).await;
        assert_accessible(page, "a commitment").await;

        let desk = &office.desk;
        desk.fill("#report-state", "moved").await;
        desk.fill("#report-day", "2099-06-01").await;
        desk.fill("#report-first", "La livraison tarde.").await;
        desk.click_text("button", "Ajouter au suivi").await;
        desk.sees("Reporté au 1er juin 2099").await;
        desk.screenshot(&picture("desk-commitment"), true).await;
        let proposal = format!("{}/{record}", of(consultation));
        office.seen_at(&citizen, &proposal, "1er juin 2099, d’abord promis pour le 1er mai 2099").await;
        citizen.page.screenshot(&picture("commitment-proposal"), true).await;
        let desk = &office.desk;
        desk.fill("#report-state", "done").await;
        desk.fill("#report-first", "La lampe éclaire.").await;
        desk.click_text("button", "Ajouter au suivi").await;
        desk.sees("Cet engagement est terminé").await;
        office.seen_at(&citizen, &proposal, "La lampe éclaire.").await;
        // Its author finds it in the trail too.
        citizen.sign_in(&office.hall.resident(0)).await;
        citizen.visit("trail").await;
        citizen.page.click_text("a", "Une lampe au bout du quai").await;
        citizen.page.sees("La lampe éclaire.").await;
        citizen.page.screenshot(&picture("commitment-trail"), true).await;
    });
}

#[test]
fn a_commitment_whose_day_has_passed_is_late_for_everyone_and_heads_the_desk_until_it_is_over() {
    run(async {
        let office = Office::new().await;
        let consultation = office.consultation;
        let due = Pocket::default().now().plus(4_000);
        let clerk = office.clerk().await;
        let (text, owner) = (said(LAMP), said("La voirie"));
        clerk.act(Action::Commit(Commit { consultation, text, owner, due, follows: vec![] })).await;
        clerk.send_all().await;
        while Pocket::default().now() <= due {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let citizen = office.hall.phone().await;
        office.seen_at(&citizen, &of(consultation), "En retard depuis le").await;
        citizen.page.screenshot(&picture("commitment-late"), true).await;
        assert_accessible(&citizen.page, "a late commitment").await;
        let desk = &office.desk;
        desk.reload().await;
        desk.mounted().await;
        desk.sees("En retard : l’engagement était promis pour le").await;
        desk.screenshot(&picture("desk-commitment-late"), false).await;
        assert_accessible(desk, "a late commitment at the desk").await;
        desk.click_text("a", LAMP).await;
        desk.fill("#report-state", "given_up").await;
        desk.fill("#report-first", "Trop cher cette année.").await;
        desk.click_text("button", "Ajouter au suivi").await;
        desk.sees("Cet engagement est terminé").await;
        office.seen_at(&citizen, &of(consultation), "Trop cher cette année.").await;
        assert!(!citizen.page.text().await.contains("En retard depuis"));
        desk.goto(&office.hall.proxy.at("/desk/")).await;
        desk.mounted().await;
        desk.wait_for("document.querySelectorAll('.list-row').length > 3", "the inbox").await;
        let kept = "!document.body.innerText.includes('En retard\u{a0}: l’engagement')";
        desk.wait_for(kept, "it heads the desk no longer").await;
        desk.assert_clean();
    });
}
