//! What is proposed about a subject, over the consultations of a community.

use harness::{Emulation, Scheme, Viewport, assert_accessible, run};

use crate::asked_part::keeps;
use crate::people::{Hall, ROAD};
use crate::picture;

const BENCH: &str = "Garder le sentier de motoneige à côté du chemin";

#[test]
fn a_subject_gathers_what_is_held_and_looks_elsewhere_when_asked() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        let page = &phone.page;
        // From a proposal, by the name of its subject.
        phone.open_proposal(BENCH).await;
        let subject: String =
            page.eval("document.querySelector('main a[href*=\"/subject/\"]').pathname").await.unwrap();
        page.exec("document.querySelector('main a[href*=\"/subject/\"]').click()").await.unwrap();
        page.sees("la plus récente d’abord").await;
        page.sees(BENCH).await;
        page.sees(ROAD).await;
        // Nobody asked for the others yet.
        page.sees("pas encore sur cet appareil").await;
        page.screenshot(&picture("subject"), true).await;
        assert_accessible(page, "a subject").await;
        for (viewport, scheme, name) in [
            (Viewport::SMALL_PHONE, Scheme::Light, "subject-320"),
            (Viewport::PHONE, Scheme::Dark, "subject-dark"),
            (Viewport::DESKTOP, Scheme::Light, "subject-1280"),
        ] {
            page.set_viewport(viewport).await;
            page.emulate(Emulation { scheme, ..Emulation::default() }).await;
            page.screenshot(&picture(name), true).await;
        }
        page.set_viewport(Viewport::PHONE).await;
        let rows = "document.querySelectorAll('main .list-row').length";
        let before: u32 = page.eval(rows).await.unwrap();
        page.click_text("button", "Suivre ce sujet").await;
        page.sees("Vous suivez ce sujet").await;
        page.click_text("button", "Chercher là aussi").await;
        page.wait_for("!document.body.innerText.includes('sur cet appareil.')", "nothing is away any more")
            .await;
        page.wait_for(&format!("{rows} >= {before}"), "nothing went").await;
        keeps(page, "own", 1).await;
        // Without a line it is there, whole, after a start.
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.visit(subject.trim_start_matches('/')).await;
        page.sees(BENCH).await;
        page.sees("Vous suivez ce sujet").await;
        phone.visit("c/laforce/subject/nothing").await;
        page.sees("Cette page n’existe pas").await;
        page.assert_clean_but_for(&["net::ERR"]);
    });
}
