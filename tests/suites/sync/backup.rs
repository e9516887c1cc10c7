//! The machine is lost, and an older backup restored by the commands that operators have:
//! nothing is lost, nothing doubled, and what was hidden since never shows, in whatever order
//! the devices come back over whatever line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use domain::operations::{Action, CloseConsultation, Hide};
use domain::outbox::State;
use domain::records::{Record, TrailState};
use domain::scopes::Scope;
use harness::{Fault, Mode, Phone, Proxy, Role, Server, run, server_binary};

use super::clerk;

pub fn rabaska(words: &[&str], data: &Path) -> String {
    let output = Command::new(server_binary()).args(words).arg("--data").arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The one backup of a folder.
pub fn made_in(backups: &Path) -> PathBuf {
    let names = std::fs::read_dir(backups).unwrap().map(|entry| entry.unwrap().file_name());
    let mut dated = names.filter(|name| name.to_str().unwrap().parse::<i64>().is_ok());
    backups.join(dated.next().unwrap())
}

/// What a consultation shows of this test, in order of its words.
pub async fn shown(phone: &Phone, consultation: domain::ids::RecordId) -> Vec<String> {
    let mut titles = phone.titles(consultation).await;
    titles.retain(|title| title.starts_with("perdu"));
    titles.sort();
    titles
}

/// The whole story; the devices come back in this order.
async fn lost_and_restored(order: [usize; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let (data, backups) = (folder.path().join("data"), folder.path().join("backups"));
    let mut server = Server::demo_in(&data);
    let proxy = Proxy::before(server.port()).await;
    let people: Vec<_> = server.people_of(&Role::Participant, "laforce").into_iter().cloned().collect();
    let first = Phone::of(&people[0], proxy.port()).await;
    let second = Phone::of(&people[1], proxy.port()).await;
    let office = Phone::of(&clerk(&server), proxy.port()).await;
    let devices = [&office, &first, &second];
    for phone in devices {
        phone.set_patience(Duration::from_millis(1_500));
    }
    let consultation = first.open_consultation().await;
    first.propose(consultation, "perdu, gardé").await;
    let seen = second.propose(consultation, "perdu, gardé puis caché").await;
    for phone in devices {
        phone.send_all().await;
        phone.reconcile().await;
    }
    server.stop();
    rabaska(&["backup", backups.to_str().unwrap()], &data);
    server.restart();

    // What the backup does not hold: two proposals, two hidings, and that it closed.
    let mine = first.propose(consultation, "perdu, le mien").await;
    let unseen = second.propose(consultation, "perdu, puis caché").await;
    first.send_all().await;
    second.send_all().await;
    let rule: domain::ids::RuleId = "off-topic".parse().unwrap();
    for op in [seen, unseen] {
        let record = second.item(op).await.entry().unwrap().record();
        office.act(Action::Hide(Hide { consultation, record, rule: rule.clone() })).await;
    }
    office.act(Action::CloseConsultation(CloseConsultation { consultation, grace: 0 })).await;
    office.send_all().await;
    let before = shown(&second, consultation).await;
    assert_eq!(before, ["perdu, gardé", "perdu, le mien"]);
    let receipt = first.item(mine).await.receipt.unwrap();

    server.kill9();
    let people = std::fs::read(data.join("demo-people.json")).unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    let said = rabaska(&["restore", made_in(&backups).to_str().unwrap()], &data);
    assert!(
        said.contains(
            "2 hidings, decisions, results, revocations and erasures made since were applied again"
        ),
        "{said}"
    );
    // The codes of the demonstration, which are in no database.
    std::fs::write(data.join("demo-people.json"), people).unwrap();
    server.restart();
    let visitor = Phone::of(&server.people_of(&Role::Participant, "laforce")[2].clone(), server.port()).await;
    assert_eq!(shown(&visitor, consultation).await, ["perdu, gardé"], "before anybody came back");

    // Answers are lost on the way: an item is offered again that was taken.
    for mode in [Mode::CloseAfterBody, Mode::Truncate { bytes: 60 }, Mode::Rst, Mode::Pass] {
        for device in order {
            let phone = devices[device];
            proxy.pass().await;
            phone.reconcile().await;
            proxy.set(Fault::new(mode.clone()).on("/api/v1/push").times(1)).await;
            for _ in 0..4 {
                phone.try_once().await;
                let titles = shown(&visitor, consultation).await;
                assert!(titles.iter().all(|title| before.contains(title)), "{titles:?}");
            }
        }
    }
    proxy.pass().await;
    for phone in devices {
        phone.send_all().await;
        let items = phone.items().await;
        assert!(items.iter().all(|item| item.state == State::Accepted), "{items:?}");
    }
    assert_eq!(shown(&visitor, consultation).await, before, "none lost, none doubled, hidden hidden");
    assert_eq!(first.item(mine).await.receipt.unwrap(), receipt, "byte for byte the old one");
    let trail = second.pull(&Scope::Person(second.me.id.clone())).await;
    for op in [seen, unseen] {
        let state = trail.iter().find_map(|record| match record {
            Record::Trail(trail) if trail.op == op => Some(trail.state.clone()),
            _ => None,
        });
        assert_eq!(state, Some(TrailState::Hidden(rule.clone())), "its author sees by which rule");
    }
    server.stop();
    assert!(rabaska(&["check"], &data).contains("Everything is as it was written"));
}

#[test]
fn an_older_backup_is_restored_and_the_office_comes_back_first() {
    run(lost_and_restored([0, 1, 2]));
}

#[test]
fn an_older_backup_is_restored_and_the_office_comes_back_last() {
    run(lost_and_restored([2, 1, 0]));
}
