//! The form that opens a consultation, a step at a time.

use harness::Page;

/// Goes on to that step of the form that opens a consultation.
pub async fn step(desk: &Page, number: usize) {
    desk.click_text("button", "Continuer").await;
    let at = format!("document.querySelector('#step')?.innerText.startsWith('Étape {number} de 4')");
    desk.wait_for(&at, &format!("step {number}")).await;
}

/// The same through several.
pub async fn steps(desk: &Page, numbers: std::ops::Range<usize>) {
    for number in numbers {
        step(desk, number).await;
    }
}
