//! Losing the machine: an older backup restored, a database file put back by hand.

use std::path::Path;

use app::offline::transport::Transport;
use domain::ids::Epoch;
use domain::operations::{Action, CloseConsultation, Hide};
use domain::outbox::{Item, State};
use domain::receipts::{PushResult, SignedReceipt};
use domain::records::Record;
use domain::scopes::Scope;
use harness::{Phone, Role, Server, run};

use super::{citizen, clerk};

fn put_back(kept: &Path, data: &Path) {
    for ending in ["rabaska.db-wal", "rabaska.db-shm"] {
        let _ = std::fs::remove_file(data.join(ending));
    }
    std::fs::copy(kept, data.join("rabaska.db")).unwrap();
}

/// The head file is written lazily: a moment after the commit.
async fn head_file_reaches(data: &Path, position: u64) {
    for _ in 0..100 {
        let text = std::fs::read_to_string(data.join("head.json")).unwrap();
        let head: serde_json::Value = serde_json::from_str(&text).unwrap();
        if head["position"].as_u64() >= Some(position) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the head file does not follow");
}

/// How many operations wait, as the desk is told a moment later.
async fn office_sees(office: &Phone, wanted: u64) {
    let mut told = None;
    for _ in 0..100 {
        let records = office.pull(&Scope::Desk(office.community())).await;
        told = records.into_iter().find_map(|record| match record {
            Record::Safekeeping(told) => Some(told.waiting),
            _ => None,
        });
        if told == Some(wanted) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{wanted} wait, and the desk was told {told:?}");
}

fn texts(titles: &[String], beginning: &str) -> Vec<String> {
    let mut found: Vec<String> =
        titles.iter().filter(|title| title.starts_with(beginning)).cloned().collect();
    found.sort();
    found
}

#[test]
fn a_database_put_back_by_hand_gets_everything_back_from_the_devices() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Server::demo_in(folder.path());
        let neighbours: Vec<_> =
            server.people_of(&Role::Participant, "laforce").into_iter().cloned().collect();
        let first = Phone::of(&neighbours[0], server.port()).await;
        let second = Phone::of(&neighbours[1], server.port()).await;
        let consultation = first.open_consultation().await;
        first.propose(consultation, "perdu, avant").await;
        first.send_all().await;
        first.reconcile().await;
        second.reconcile().await;
        server.stop();
        let kept = folder.path().join("kept.db");
        std::fs::copy(folder.path().join("rabaska.db"), &kept).unwrap();
        server.restart();

        // What the put-back file does not hold: two proposals, a withdrawal, a closing, a hiding.
        let mine = first.propose(consultation, "perdu, le mien").await;
        first.send_all().await;
        second.propose(consultation, "perdu, le sien").await;
        let hidden = second.propose(consultation, "perdu, et caché").await;
        second.send_all().await;
        let office = Phone::of(&clerk(&server), server.port()).await;
        let record = second.item(hidden).await.entry().unwrap().record();
        office.act(Action::Hide(Hide { consultation, record, rule: "off-topic".parse().unwrap() })).await;
        office.act(Action::CloseConsultation(CloseConsultation { consultation, grace: 0 })).await;
        office.send_all().await;
        let before = texts(&second.titles(consultation).await, "perdu");
        assert_eq!(before, ["perdu, avant", "perdu, le mien", "perdu, le sien"]);
        let receipt = first.item(mine).await.receipt.unwrap();

        let last = office
            .items()
            .await
            .iter()
            .filter_map(|item| item.receipt.as_ref()?.read())
            .map(|r| r.position)
            .max();
        head_file_reaches(folder.path(), last.unwrap()).await;
        server.kill9();
        put_back(&kept, folder.path());
        server.restart();
        // The office signed in after the file was kept: it has to do so again.
        office.sign_in_again(&clerk(&server)).await;
        // In any order of devices: the office first, then the second, then the first. What the
        // office hid is not there yet: its hiding waits, and the desk sees that it does.
        office_sees(&office, 0).await;
        for (phone, wait) in [(&office, 1), (&second, 1), (&first, 1), (&office, 0)] {
            phone.reconcile().await;
            for _ in 0..6 {
                phone.try_once().await;
            }
            office_sees(&office, wait).await;
        }
        assert_eq!(
            texts(&first.titles(consultation).await, "perdu"),
            before,
            "none lost, none doubled, hidden hidden"
        );
        assert_eq!(
            first.item(mine).await.receipt.unwrap(),
            receipt,
            "its receipt is byte for byte the old one"
        );
        assert_eq!(first.item(mine).await.state, State::Accepted, "honoured although it closed meanwhile");
        let late = first.propose(consultation, "perdu, trop tard").await;
        first.send_all().await;
        assert_eq!(first.item(late).await.state, State::Refused);
    });
}

#[test]
fn a_forged_and_a_stale_receipt_are_ignored() {
    run(async {
        let server = Server::demo();
        let phone = Phone::of(&citizen(&server), server.port()).await;
        let consultation = phone.open_consultation().await;
        phone.propose(consultation, "un reçu véritable").await;
        phone.send_all().await;
        let genuine = phone.items().await[0].receipt.clone().unwrap();
        let office = Phone::of(&clerk(&server), server.port()).await;
        office.act(Action::CloseConsultation(CloseConsultation { consultation, grace: 0 })).await;
        office.send_all().await;
        // Forged: our own words under a receipt that says they were accepted before it closed.
        let op = phone.propose(consultation, "un reçu inventé").await;
        let item = phone.item(op).await;
        let mut told = genuine.read().unwrap();
        (told.op, told.hash, told.entry) = (op, item.hash(), item.entry().unwrap());
        told.epoch = Epoch([9; 16]);
        let text = serde_json::to_string(&told).unwrap();
        for receipt in [SignedReceipt { text, signature: genuine.signature }, genuine] {
            let forged = Item { receipt: Some(receipt), ..item.clone() };
            let answers = phone.wire.push(vec![forged.envelope().unwrap()]).await.unwrap();
            let PushResult::Receipt(signed) = &answers[0] else { panic!("{answers:?}") };
            assert!(signed.text.contains("refused"), "an ordinary push, and the consultation is closed");
        }
    });
}
