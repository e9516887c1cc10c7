//! A faulty line, killed tabs and other people's phones, with the real service worker.

use std::time::Duration;

use harness::{Fault, Mode, Proxy, run};

use crate::people::{Hall, Phone};

async fn stands_once(hall: &Hall, title: &str) {
    let reader = hall.phone().await;
    reader.open_road().await;
    reader.page.sees(title).await;
    let count = format!("document.body.innerText.split({title:?}).length - 1");
    assert_eq!(reader.page.eval::<u32>(&count).await.unwrap(), 1, "{title} stands there once");
}

/// Sends one proposal into a fault; after it the receipt comes and the proposal stands once.
async fn survives(mode: Mode, times: Option<usize>) {
    let hall = Hall::new().await;
    let phone = hall.phone().await;
    phone.sign_in(&hall.resident(0)).await;
    phone.write("À travers la panne", "Une seule fois.").await;
    let fault = Fault::new(mode).on("/api/v1/push");
    hall.proxy
        .set(match times {
            Some(times) => fault.times(times),
            None => fault,
        })
        .await;
    phone.send().await;
    hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;
    phone.page.sees("Gardé").await;
    if times.is_none() {
        hall.proxy.pass().await;
    }
    again(&phone, &hall.proxy).await;
    phone.receipted().await;
    stands_once(&hall, "À travers la panne").await;
}

/// "Send now", for those who do not want to wait.
async fn again(phone: &Phone, _: &Proxy) {
    phone.visit("trail").await;
}

#[test]
fn a_socket_closed_after_the_body() {
    run(survives(Mode::CloseAfterBody, Some(2)));
}

#[test]
fn a_408() {
    run(survives(Mode::status(408), Some(1)));
}

#[test]
fn a_captive_portal() {
    run(survives(Mode::CaptivePortal, None));
}

#[test]
fn a_503_with_retry_after_across_a_restart_of_the_app() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Revenez plus tard", "").await;
        hall.proxy.set(Fault::new(Mode::unavailable(3)).on("/api/v1/push").times(1)).await;
        phone.send().await;
        hall.proxy.wait_answered("POST", "/api/v1/push", 1).await;
        phone.visit("trail").await;
        phone.receipted().await;
        stands_once(&hall, "Revenez plus tard").await;
    });
}

#[test]
fn a_tab_killed_while_typing_keeps_the_draft() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Presque écrit").await;
        phone.page.sees("Brouillon gardé").await;
        let address: String = phone.page.eval("location.href").await.unwrap();
        let phone = phone.killed().await;
        phone.page.goto(&address).await;
        phone.page.mounted().await;
        phone
            .page
            .wait_for("document.querySelector('#title')?.value === 'Presque écrit'", "the draft is back")
            .await;
    });
}

#[test]
fn a_tab_killed_while_sending_sends_once() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Tué en plein envoi", "").await;
        hall.proxy.set(Fault::new(Mode::Delay(Duration::from_secs(4))).on("/api/v1/push")).await;
        phone.send().await;
        hall.proxy.wait_arrived("POST", "/api/v1/push", 1).await;
        let phone = phone.killed().await;
        hall.proxy.pass().await;
        phone.visit("trail").await;
        phone.page.sees("Tué en plein envoi").await;
        phone.receipted().await;
        stands_once(&hall, "Tué en plein envoi").await;
    });
}
