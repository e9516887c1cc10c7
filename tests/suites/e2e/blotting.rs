//! Private information is blotted out: words struck, a photo taken out, the rest stays.

use std::time::Duration;

use domain::operations::{Action, Answer, Blot};
use domain::records::Record;
use domain::scopes::Scope;
use harness::{Mode, Modifiers, assert_accessible, run};

use crate::inbox::{Office, arrives};
use crate::people::{ROAD, said};
use crate::picture;

#[test]
fn words_that_are_blotted_out_are_struck_at_the_desk_and_gone_in_public() {
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let phone = office.hall.phone().await;
        phone.sign_in(&office.hall.resident(1)).await;
        phone.write("Appeler le voisin", "C’est Fernand, au 819 555-0199, qui a la clé.").await;
        phone.send().await;
        phone.receipted("Appeler le voisin").await;
        arrives(desk, "Appeler le voisin").await;
        office.opened("Appeler le voisin").await;
        desk.click_text("summary", "Masquer des renseignements privés").await;
        // Selected with the pointer, as a person does.
        let select = "const text = document.querySelector('#said .quote').firstChild;
            const range = document.createRange(), at = text.data.indexOf('Fernand');
            range.setStart(text, at); range.setEnd(text, at + 'Fernand'.length);
            getSelection().removeAllRanges(); getSelection().addRange(range)";
        desk.exec(select).await.unwrap();
        desk.click_text("button", "Prendre les mots choisis").await;
        let taken = "document.querySelector('#blots').value === 'Fernand'";
        desk.wait_for(taken, "the selected words").await;
        desk.fill("#blots", "Fernand\n819 555-0199\nRosalie").await;
        desk.click_text("button", "Masquer ces mots").await;
        desk.sees("« Rosalie » n’est pas dans le texte.").await;
        desk.fill("#blots", "Fernand\n819 555-0199").await;
        desk.sees("C’est ▒▒▒, au ▒▒▒, qui a la clé.").await;
        desk.screenshot(&picture("desk-blot"), true).await;
        desk.click_text("button", "Masquer ces mots").await;
        phone.visit("c/laforce").await;
        phone.page.click_text("a", ROAD).await;
        phone.page.sees("C’est ▒▒▒, au ▒▒▒, qui a la clé.").await;
        let struck = "[...document.querySelectorAll('#said del')].map(it => it.innerText).join() === 'Fernand,819 555-0199'";
        desk.wait_for(struck, "the office reads what is struck").await;
        desk.assert_clean();
    });
}

#[test]
fn a_photo_is_taken_out_and_its_text_stays() {
    const TITLE: &str = "Garder le sentier de motoneige à côté du chemin";
    run(async {
        let office = Office::new().await;
        let desk = &office.desk;
        let scope = Scope::Consultation(office.author.community(), office.consultation);
        let full = office.author.pull(&scope).await.into_iter().find_map(|record| match record {
            Record::Contribution(it) => it.photos().first().map(|photo| photo.full),
            _ => None,
        });
        let status = format!("fetch('/api/v1/blobs/{}').then(answer => answer.status)", full.unwrap());
        let phone = office.hall.phone().await;
        phone.open_proposal(TITLE).await;
        phone.page.wait_for("document.querySelector('main .photos-img') !== null", "the photo").await;
        assert_eq!(phone.page.eval::<u16>(&status).await.unwrap(), 200);
        office.opened(TITLE).await;
        desk.click_text("button", "Retirer du public").await;
        desk.sees("On ne peut pas la remettre.").await;
        desk.screenshot(&picture("desk-blot-photo"), true).await;
        desk.click_text("dialog[open] button", "Oui, retirer").await;
        desk.sees("Retirée du public").await;
        phone.page.sees("Le bureau a retiré 1 photo.").await;
        phone.page.sees(TITLE).await;
        phone.page.wait_for("document.querySelector('main .photos-img') === null", "no photo").await;
        assert_eq!(phone.page.eval::<u16>(&status).await.unwrap(), 404, "nobody else reads it any more");
        phone.page.screenshot(&picture("photo-out"), true).await;
        desk.wait_for("document.querySelector('main .photos-img') !== null", "the office has it").await;
        assert_accessible(desk, "a photo that was taken out").await;
        desk.assert_clean();
    });
}

#[test]
fn a_part_of_a_photo_is_covered_and_what_it_showed_is_served_no_longer() {
    const TITLE: &str = "Garder le sentier de motoneige à côté du chemin";
    run(async {
        let mut office = Office::new().await;
        let scope = Scope::Consultation(office.author.community(), office.consultation);
        let sent = office.author.pull(&scope).await.into_iter().find_map(|record| match record {
            Record::Contribution(it) if it.title().as_str() == TITLE => Some(it.photos()[0].full),
            _ => None,
        });
        let sent = sent.unwrap();
        let phone = office.hall.phone().await;
        phone.open_proposal(TITLE).await;
        phone.page.wait_for("document.querySelector('main .photos-img') !== null", "the photo").await;
        office.opened(TITLE).await;
        let desk = &office.desk;
        desk.click_text("button", "Couvrir une partie").await;
        desk.wait_for("document.querySelectorAll('.cover-square').length === 108", "the squares").await;
        desk.wait_for("document.querySelector('.cover-img').naturalWidth > 100", "the large photo").await;
        desk.click_text("button", "Couvrir ces carrés").await;
        desk.sees("Touchez d’abord ce qui doit être couvert").await;
        // With a finger, and with keys.
        desk.click("#cover-0").await;
        desk.exec("document.querySelector('#cover-0').focus()").await.unwrap();
        desk.press("ArrowRight", Modifiers::NONE).await;
        desk.press(" ", Modifiers::NONE).await;
        let marked = "[...document.querySelectorAll('.cover-square[aria-pressed=true]')].map(it => it.id).join() === 'cover-0,cover-1'";
        desk.wait_for(marked, "two squares").await;
        desk.screenshot(&picture("desk-cover"), true).await;
        assert_accessible(desk, "covering a part of a photo").await;
        // It leaves when there is a line again, with its files before it.
        office.hall.proxy.set(Mode::Refuse).await;
        desk.click_text("button", "Couvrir ces carrés").await;
        desk.wait_for("document.querySelector('.cover-square') === null", "it is kept").await;
        office.hall.server.kill9();
        office.hall.server.restart();
        office.hall.proxy.pass().await;
        desk.sees_within(Duration::from_secs(60), "Ce que tout le monde voit").await;
        desk.sees("Couverte ou retirée").await;
        desk.screenshot(&picture("desk-covered"), true).await;

        let covered = |records: Vec<Record>| {
            records.into_iter().find_map(|record| match record {
                Record::Contribution(it) if it.title().as_str() == TITLE => {
                    Some(it.photos()[0].full).filter(|full| *full != sent)
                }
                _ => None,
            })
        };
        let shown = office.until(&scope, "it is covered", covered).await;
        let painted = format!(
            "(async () => {{
               const answer = await fetch('/api/v1/blobs/{}');
               const image = await createImageBitmap(await answer.blob());
               const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
               pen.drawImage(image, 0, 0);
               const at = (x, y) => [...pen.getImageData(image.width * x, image.height * y, 1, 1).data.slice(0, 3)];
               return [at(0.04, 0.05), at(0.12, 0.05), at(0.5, 0.5)].map(rgb => Math.max(...rgb) < 24).join();
             }})()",
            shown
        );
        assert_eq!(phone.page.eval::<String>(&painted).await.unwrap(), "true,true,false");
        let gone = format!("fetch('/api/v1/blobs/{sent}').then(answer => answer.status)");
        assert_eq!(phone.page.eval::<u16>(&gone).await.unwrap(), 404, "nobody else reads what was sent");
        phone.page.screenshot(&picture("photo-covered"), true).await;
        // The server was away; and how much of a file has arrived is asked before any of it has.
        desk.assert_clean_but_for(&["net::ERR", "/api/v1/blobs/"]);
    });
}

#[test]
fn the_bulletin_prints_what_everybody_reads() {
    run(async {
        let office = Office::new().await;
        let (clerk, consultation) = (office.clerk().await, office.consultation);
        let record = office.proposed("Le chien de Fernand au quai").await;
        let words = vec!["Fernand".parse().unwrap()];
        clerk.act(Action::Blot(Blot { consultation, record, words, photos: vec![], covers: vec![] })).await;
        let text = said("Il sera attaché.");
        clerk.act(Action::Answer(Answer { consultation, record, text })).await;
        clerk.send_all().await;
        let desk = &office.desk;
        desk.goto(&office.hall.proxy.at("/desk/bulletin")).await;
        desk.mounted().await;
        desk.sees("Le chien de ▒▒▒ au quai").await;
        desk.sees("Il sera attaché.").await;
        assert!(!desk.text().await.contains("Fernand"));
    });
}
