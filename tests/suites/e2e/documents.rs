//! Documents of a consultation: attached at the desk without a server, kept on a phone, opened without one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use harness::{Fault, Mode, Page, assert_accessible, run};
use serde_json::json;

use crate::composing::steps;
use crate::people::{Hall, Phone, ROAD, fill_disk, free_disk};
use crate::picture;

const TITLE: &str = "Le plan du chemin";

/// A page with a line on it, and so many bytes.
fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let drawn = "BT /F 24 Tf 72 720 Td (Le chemin du Lac-aux-Sables) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{drawn}\nendstream", drawn.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj{object}endobj\n").into_bytes());
    }
    let ends = places.iter().map(|at| format!("{at:010} 00000 n \n")).collect::<String>();
    // Between the objects and their table a comment may stand, of whatever length.
    let tail = |at: usize| {
        format!(
            "xref\n0 6\n0000000000 65535 f \n{ends}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{at:08}\n%%EOF\n"
        )
    };
    let padding = size - bytes.len() - tail(0).len() - 2;
    bytes.push(b'%');
    bytes.extend(std::iter::repeat_n(b'-', padding));
    bytes.push(b'\n');
    let at = bytes.len();
    bytes.extend(tail(at).into_bytes());
    assert_eq!(bytes.len(), size);
    bytes
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The page of a consultation's documents, at the desk.
async fn open_documents(desk: &Page, of: &str) {
    desk.click_text("a", "Consultations").await;
    desk.sees(of).await;
    let open = format!(
        "[...[...document.querySelectorAll('article')].find(each => each.innerText.includes({of:?}))
           .querySelectorAll('a')].find(each => each.innerText === 'Documents').click()"
    );
    desk.exec(&open).await.unwrap();
    desk.sees("Joindre un document").await;
}

async fn attach(desk: &Page, file: &Path) {
    desk.set_files("#document", &[file]).await;
    desk.sees("PDF · ").await;
    desk.fill("#title", TITLE).await;
    desk.fill("#title-2", "The plan of the road").await;
    desk.click_text("main form button", "Joindre").await;
    desk.wait_for(&card(TITLE), "it is in the list").await;
}

/// A card that says this.
fn card(words: &str) -> String {
    format!("[...document.querySelectorAll('main article')].some(each => each.innerText.includes({words:?}))")
}

/// What of a document lies in the phone's database: how many bytes, and whether it is noted.
async fn held(phone: &Phone) -> (u64, bool) {
    let js = "new Promise((done, fail) => {
      const opening = indexedDB.open('rabaska-citizen');
      opening.onerror = () => fail(opening.error);
      opening.onsuccess = () => {
        const within = opening.result.transaction(['files', 'meta']);
        const range = IDBKeyRange.bound('document ', 'document ~');
        const bytes = within.objectStore('files').getAll(range), noted = within.objectStore('meta').getAll(range);
        within.oncomplete = () => {
          opening.result.close();
          done([bytes.result.reduce((sum, each) => sum + each.byteLength, 0), noted.result.length > 0]);
        };
      };
    })";
    phone.page.eval(js).await.unwrap()
}

#[test]
fn a_document_leaves_by_itself_and_is_kept_opened_and_freed_on_a_phone_without_a_server() {
    run(async {
        let hall = Hall::new().await;
        let folder = tempfile::tempdir().unwrap();
        let plan = pdf(1_234_567);
        let desk = hall.desk().await;
        desk.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
        open_documents(&desk, ROAD).await;
        desk.sees("Aucun document pour l’instant.").await;

        // What cannot be attached is told at its field, and nothing of it is sent.
        hall.proxy.forget();
        hall.proxy.set(Mode::Refuse).await;
        desk.set_files("#document", &[&file(folder.path(), "plan.txt", b"Le plan du chemin")]).await;
        desk.sees("Ce fichier n’est pas un PDF.").await;
        desk.set_files("#document", &[&file(folder.path(), "large.pdf", &pdf(10_000_001))]).await;
        desk.sees("dépasse la limite de 10").await;
        desk.click_text("main form button", "Joindre").await;
        desk.wait_for("document.querySelector('.errors') !== null", "what is wrong").await;
        desk.screenshot(&picture("desk-documents-wrong"), true).await;
        assert_accessible(&desk, "a document that is none").await;
        attach(&desk, &file(folder.path(), "plan.pdf", &plan)).await;
        desk.sees("Attend le réseau").await;
        desk.goto(&hall.proxy.at("/desk/outbox")).await;
        desk.mounted().await;
        desk.sees("Un document joint").await;
        open_documents(&desk, ROAD).await;
        desk.sees("Attend le réseau").await;
        desk.screenshot(&picture("desk-documents-waiting"), true).await;
        assert_accessible(&desk, "a document that waits").await;
        hall.proxy.pass().await;
        let left = format!("{} && !document.body.innerText.includes('Attend le réseau')", card(TITLE));
        desk.wait_within(Duration::from_secs(60), &left, "it left by itself").await;
        desk.screenshot(&picture("desk-documents"), true).await;

        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.sees(TITLE).await;
        phone.page.sees("PDF · 1,2").await;
        let slow = Mode::Throttle { bytes_per_second: 200_000 };
        hall.proxy.set(Fault::new(slow).on("/api/v1/blobs")).await;
        phone.page.click_text("button", "Garder hors ligne").await;
        phone.page.wait_for("document.querySelector('progress')?.value > 0", "how far it is").await;
        phone.page.screenshot(&picture("document-coming"), true).await;
        assert_accessible(&phone.page, "a document that comes").await;
        // The first tap is not meant for what stands there now.
        tokio::time::sleep(Duration::from_millis(600)).await;
        phone.page.click_text("button", "Arrêter").await;
        phone.page.wait_for("document.querySelector('progress') === null", "it stopped").await;
        assert_eq!(held(&phone).await, (0, false));
        hall.proxy.set(Fault::new(Mode::status(503)).on("/api/v1/blobs")).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        phone.page.click_text("button", "Garder hors ligne").await;
        phone.page.sees("Le document n’est pas arrivé.").await;
        hall.proxy.pass().await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        phone.page.click_text("button", "Garder hors ligne").await;
        phone.page.sees("Gardé hors ligne").await;
        phone.page.sees("Libérer 1,2").await;
        assert_eq!(held(&phone).await, (plan.len() as u64, true));
        phone.page.screenshot(&picture("document-kept"), true).await;
        assert_accessible(&phone.page, "a document that is kept").await;
        phone.page.assert_clean_but_for(&["503"]);

        hall.proxy.set(Mode::Refuse).await;
        phone.open_road().await;
        let saved = folder.path().join("saved");
        std::fs::create_dir(&saved).unwrap();
        let allowed = json!({ "behavior": "allow", "downloadPath": saved });
        phone.page.call("Page.setDownloadBehavior", allowed).await.unwrap();
        phone.page.click_text("main a", TITLE).await;
        let there = saved.join(format!("{TITLE}.pdf"));
        for _ in 0..100 {
            if std::fs::read(&there).is_ok_and(|bytes| bytes == plan) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(std::fs::read(&there).unwrap() == plan, "the very bytes, without a server");
        phone.visit("me").await;
        phone.page.sees("Documents gardés hors ligne").await;
        phone.page.screenshot(&picture("document-me"), true).await;
        phone.open_road().await;
        phone.page.click_text("button", "Libérer").await;
        phone.page.sees("Garder hors ligne").await;
        assert_eq!(held(&phone).await, (0, false));
        phone.page.click_text("main a", TITLE).await;
        phone.page.sees("Il faut du réseau pour l’ouvrir.").await;
        phone.page.click_text("button", "Compris").await;

        // Taken away, it leaves its title.
        hall.proxy.pass().await;
        desk.click_text("button", "Retirer").await;
        desk.click_text("dialog[open] button", "Retirer le document").await;
        desk.sees("Retiré le").await;
        phone.page.sees_within(Duration::from_secs(45), "Retiré le").await;
        let shut = format!("{} && !document.querySelector('main a[download]')", card(TITLE));
        phone.page.wait_for(&shut, "there is no way to it any more").await;
        phone.page.screenshot(&picture("document-removed"), true).await;
        assert_accessible(&phone.page, "a document that was taken away").await;
    });
}

#[test]
fn on_a_full_phone_that_is_said_and_nothing_is_kept() {
    run(async {
        let hall = Hall::new().await;
        let folder = tempfile::tempdir().unwrap();
        let desk = hall.desk().await;
        open_documents(&desk, ROAD).await;
        attach(&desk, &file(folder.path(), "plan.pdf", &pdf(2_000_000))).await;
        let phone = hall.phone_with_room(Some(40 << 20)).await;
        phone.open_road().await;
        phone.page.sees_within(Duration::from_secs(45), TITLE).await;
        fill_disk(&phone.page).await;
        phone.page.click_text("button", "Garder hors ligne").await;
        phone.page.sees("L’appareil n’a plus de place.").await;
        assert_eq!(held(&phone).await, (0, false));
        phone.page.screenshot(&picture("document-full"), true).await;
        free_disk(&phone.page).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        phone.page.click_text("button", "Garder hors ligne").await;
        phone.page.sees("Gardé hors ligne").await;
        assert_eq!(held(&phone).await, (2_000_000, true));
    });
}

#[test]
fn a_document_goes_with_a_consultation_that_has_not_left_either() {
    run(async {
        let hall = Hall::new().await;
        let folder = tempfile::tempdir().unwrap();
        let desk = hall.desk().await;
        desk.click_text("a", "Consultations").await;
        desk.sees(ROAD).await;
        desk.goto(&hall.proxy.at("/desk/consultations/new")).await;
        desk.mounted().await;
        hall.proxy.set(Mode::Refuse).await;
        let title = "Un quai neuf?";
        for (field, text) in [
            ("#title", title),
            ("#title-2", "A new wharf?"),
            ("#summary", "Le quai penche."),
            ("#summary-2", "The wharf leans."),
        ] {
            desk.fill(field, text).await;
        }
        steps(&desk, 2..4).await;
        desk.fill("#closes", "2099-05-01T12:00").await;
        steps(&desk, 4..5).await;
        desk.sees("vous joindrez vos documents PDF").await;
        desk.click_text("button", "Relire avant d’ouvrir").await;
        desk.click_text("dialog[open] button", "Ouvrir la consultation").await;
        desk.wait_for("location.pathname === '/desk/consultations'", "it is sealed").await;
        open_documents(&desk, title).await;
        attach(&desk, &file(folder.path(), "plan.pdf", &pdf(200_000))).await;
        // One that never left goes without a trace.
        attach(&desk, &file(folder.path(), "other.pdf", &pdf(100_000))).await;
        let two = "document.querySelectorAll('main article').length === 2";
        desk.wait_for(two, "both are in the list").await;
        desk.exec("document.querySelectorAll('main article')[1].querySelector('button').click()")
            .await
            .unwrap();
        desk.click_text("dialog[open] button", "Retirer le document").await;
        desk.wait_for("document.querySelectorAll('main article').length === 1", "one is left").await;
        hall.proxy.pass().await;
        let phone = hall.phone().await;
        phone.page.sees_within(Duration::from_secs(60), title).await;
        phone.page.click_text("a", title).await;
        phone.page.sees_within(Duration::from_secs(60), TITLE).await;
        assert!(
            phone
                .page
                .eval::<bool>("document.querySelectorAll('main a[download]').length === 1")
                .await
                .unwrap()
        );
    });
}
