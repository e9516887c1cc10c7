//! What must go, goes, also from the device that sent it and from backups that still hold it.

use std::path::Path;
use std::process::Command;

use domain::operations::{Action, Hide};
use domain::outbox::State;
use domain::receipts::{Receipt, SignedReceipt};
use harness::{Phone, Role, Server, run, server_binary};

use super::backup::{made_in, rabaska, shown};
use super::clerk;

/// Stands in what is erased, and nowhere else.
const MARKER: &str = "Zibeline";

fn number(receipt: &SignedReceipt) -> String {
    Receipt::number(&receipt.read().unwrap().hash)
}

/// Whether a text stands in any file below a folder.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => holds(&path, text),
            false => std::fs::read(path).unwrap().windows(text.len()).any(|part| part == text.as_bytes()),
        }
    })
}

#[test]
fn an_older_backup_restored_keeps_erased_what_was_erased_and_hidden_what_was_hidden() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
        let mut server = Server::demo_in(&data);
        let people: Vec<_> = server.people_of(&Role::Participant, "laforce").into_iter().cloned().collect();
        let phone = Phone::of(&people[0], server.port()).await;
        let visitor = Phone::of(&people[1], server.port()).await;
        let office = Phone::of(&clerk(&server), server.port()).await;
        let consultation = phone.open_consultation().await;
        let kept = phone.propose(consultation, "perdu, gardé").await;
        let seen = phone.propose(consultation, &format!("perdu, {MARKER} que la copie a")).await;
        phone.send_all().await;
        phone.reconcile().await;
        server.stop();
        rabaska(&["backup", backups.to_str().unwrap()], &data);
        server.restart();

        // After the backup: one is hidden, two are erased, one of which no backup ever held.
        let hidden = phone.propose(consultation, "perdu, puis caché").await;
        let unseen = phone.propose(consultation, &format!("perdu, {MARKER} que la copie n’a pas")).await;
        phone.send_all().await;
        phone.reconcile().await;
        let record = phone.item(hidden).await.entry().unwrap().record();
        office.act(Action::Hide(Hide { consultation, record, rule: "off-topic".parse().unwrap() })).await;
        office.send_all().await;
        let late = phone.item(unseen).await;
        server.stop();
        for op in [seen, unseen] {
            let said = rabaska(&["erase", &number(&phone.item(op).await.receipt.unwrap())], &data);
            assert!(said.contains(" is erased: its words"), "{said}");
        }
        let id = phone.item(seen).await.entry().unwrap().record().to_string();
        assert!(rabaska(&["erase", &id], &data).contains("was erased before"));
        let nobody = Command::new(server_binary()).args(["erase", "000-000-0", "--data"]).arg(&data).output();
        let said = String::from_utf8(nobody.unwrap().stderr).unwrap();
        assert!(said.contains("Nothing was erased"), "{said}");
        assert!(!holds(&data, MARKER) && holds(&backups, MARKER), "the backup of before still holds one");
        server.restart();
        assert_eq!(shown(&visitor, consultation).await, ["perdu, gardé"]);
        phone.reconcile().await;
        phone.send_all().await;
        let left = async || {
            let items = phone.items().await.into_iter();
            items.map(|item| (item.op, item.state)).collect::<std::collections::BTreeMap<_, _>>()
        };
        let accepted = [(kept, State::Accepted), (hidden, State::Accepted)];
        assert_eq!(left().await, accepted.clone().into(), "the device deleted its copies");

        // The machine is lost; a phone that was away since then still has what was erased.
        server.kill9();
        let codes = std::fs::read(data.join("demo-people.json")).unwrap();
        std::fs::remove_dir_all(&data).unwrap();
        let said = rabaska(&["restore", made_in(&backups).to_str().unwrap()], &data);
        assert!(said.contains("3 hidings, decisions, results, revocations and erasures"), "{said}");
        assert!(!holds(&data, MARKER));
        std::fs::write(data.join("demo-people.json"), codes).unwrap();
        server.restart();
        phone.put(&late).await;
        let lost = phone.reconcile().await.lost;
        assert!(lost.contains(&unseen), "{lost:?}");
        phone.send_all().await;
        assert_eq!(left().await, accepted.into(), "answered `erased` once more");
        assert_eq!(shown(&visitor, consultation).await, ["perdu, gardé"], "and the hidden one stays hidden");
        server.stop();
        assert!(!holds(&data, MARKER), "no text was stored");
        assert!(rabaska(&["check"], &data).contains("Everything is as it was written"));
    });
}
