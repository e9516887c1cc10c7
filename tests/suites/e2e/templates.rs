//! The office's own templates of answers.

use harness::{Mode, assert_accessible};

use crate::inbox::Office;
use crate::picture;

/// What was answered once becomes a template, written without the server; another answer begins with it.
pub async fn from_an_answer(office: &Office) {
    let desk = &office.desk;
    office.proposed("Un abri devant l’école").await;
    office.opened("Un abri pour attendre l’autobus").await;
    office.hall.proxy.set(Mode::Refuse).await;
    desk.click_text("button", "En faire un modèle").await;
    desk.wait_for("document.querySelector('#naming-text')?.value.includes('en mai')", "the words are there")
        .await;
    desk.fill("#naming-text", "Un abri sera posé en [mois].").await;
    desk.fill("#naming-text-2", "").await;
    desk.fill("#naming-name", "Abri").await;
    desk.click_text("button", "Garder le modèle").await;
    desk.wait_for(
        "document.querySelectorAll('[aria-invalid=true]').length === 2",
        "English is missing twice",
    )
    .await;
    desk.screenshot(&picture("desk-template-errors"), true).await;
    assert_accessible(desk, "a template with errors").await;
    desk.fill("#naming-name-2", "Shelter").await;
    desk.fill("#naming-text-2", "A shelter will be built in [month].").await;
    desk.click_text("button", "Garder le modèle").await;
    desk.wait_for("document.querySelector('#naming-name') === null", "it is kept").await;
    desk.sees("Un abri sera posé en [mois].").await;
    desk.screenshot(&picture("desk-templates"), true).await;
    desk.click_text("a", "Boîte").await;
    office.opened("Un abri devant l’école").await;
    desk.fill("#template", "Abri").await;
    let filled = "document.querySelector('#answer-second').value === 'A shelter will be built in [month].'";
    desk.wait_for(filled, "both languages are filled in").await;
    desk.screenshot(&picture("desk-answer-template"), true).await;
    office.hall.proxy.pass().await;
}
