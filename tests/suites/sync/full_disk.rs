//! A disk that fills up in the middle of a group of concurrent pushes.

use std::cell::Cell;
use std::time::Duration;

use app::api::ErrorCode;
use app::offline::transport::Transport;
use domain::envelope::Envelope;
use domain::ids::RecordId;
use domain::operations::{Action, Propose};
use domain::receipts::{Outcome, PushResult};
use futures_util::future::join3;
use harness::{Phone, Server, run};
use store::Place;

use super::citizen;

const DISK: u64 = 48 << 20;
/// Enough for all that the neighbours send, and less than what the guilty one needs.
const FREE: u64 = 7 << 19;
/// Two of them send one after the other until the guilty one is answered: while the rules
/// ponder over one neighbour's operation, the other's waits, so that the guilty one is seldom alone.
const MOST: usize = 30;
/// How often the guilty one is offered until it has shared a group.
const OFFERS: u32 = 20;
/// How long it waits in between: its neighbours were answered together and have parted again by
/// then. Offered at once, it would be alone between two pairs of theirs, time after time.
const APART: Duration = Duration::from_millis(500);
/// What each wait is longer than the one before, so that no two rounds are alike.
const STEP: Duration = Duration::from_millis(37);
const TOGETHER: &str = "a group was rolled back; its requests run alone";
const SMALL: &str = "assez petit";

/// A request of nearly 4 MiB: bodies at their longest, by white space between their fields.
async fn guilty(phone: &Phone, consultation: RecordId) -> Vec<Envelope> {
    let text = "beaucoup de mots ".repeat(290);
    let mut envelopes = Vec::new();
    for number in 0..24 {
        let propose = Propose {
            consultation,
            title: format!("trop grand {number}").parse().unwrap(),
            text: Some(text.trim().parse().unwrap()),
            subject: "other".parse().unwrap(),
            photos: vec![],
            place: None,
        };
        let op = phone.act(Action::Propose(propose)).await;
        let mut envelope = phone.item(op).await.envelope().unwrap();
        envelope.body.insert_str(1, &" ".repeat(163_000 - envelope.body.len()));
        envelopes.push(envelope);
    }
    envelopes
}

#[track_caller]
fn accepted(results: &[PushResult], count: usize) {
    assert_eq!(results.len(), count);
    for result in results {
        let PushResult::Receipt(signed) = result else { panic!("{result:?}") };
        assert_eq!(signed.read().unwrap().outcome, Outcome::Accepted);
    }
}

/// Every row of the database, read back from a copy of a server that has nothing to do.
async fn operations(server: &Server) -> u64 {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(server.data_inside()).unwrap() {
        let entry = entry.unwrap();
        let wanted = ["rabaska.db", "rabaska.db-wal", "receipt.key"];
        if wanted.iter().any(|name| entry.file_name() == *name) {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    let place = Place { dir: copy.path().to_owned(), blobs: server.data_inside().join("blobs") };
    let report = store::check(&place).await.unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    report.operations
}

#[test]
fn a_full_disk_inside_a_group_harms_only_the_guilty() {
    run(async {
        // Stopped once, so that no write-ahead log has room of its own.
        let mut server = Server::demo();
        server.stop();
        server.set_env("RABASKA_FAULT_PAUSE_AT", SMALL);
        server.restart_on_small_disk(DISK);
        let phone = Phone::of(&citizen(&server), server.port()).await;
        phone.set_patience(Duration::from_secs(60));
        let consultation = phone.open_consultation().await;
        let guilty = guilty(&phone, consultation).await;
        let before = operations(&server).await;
        server.fill_disk(FREE);

        let answered = Cell::new(false);
        let guilty_one = async {
            // When both neighbours were answered together, it had the writer to itself: it is offered again.
            for offer in 0..OFFERS {
                let answer = phone.wire.push(guilty.clone()).await;
                if answer.is_ok() || server.stderr().contains(TOGETHER) {
                    answered.set(true);
                    return answer;
                }
                tokio::time::sleep(APART + offer * STEP).await;
            }
            panic!("it never shared a group: {}", server.stderr());
        };
        let neighbour = async || {
            let mut sent = 0;
            while sent < MOST && !answered.get() {
                let op = phone.propose(consultation, SMALL).await;
                let envelope = phone.item(op).await.envelope().unwrap();
                accepted(&phone.wire.push(vec![envelope]).await.unwrap(), 1);
                sent += 1;
            }
            sent
        };
        let (refused, one, other) = join3(guilty_one, neighbour(), neighbour()).await;
        let error = refused.unwrap_err();
        assert_eq!((error.code, error.retry_after.is_some()), (ErrorCode::Unavailable, true));
        let neighbours = one + other;
        let told = server.stderr();
        assert!(told.contains("database or disk is full"), "SQLite did not report SQLITE_FULL: {told}");
        assert!(told.contains(TOGETHER), "{told}");
        assert_eq!(operations(&server).await, before + neighbours as u64, "nothing of the guilty one");
        let there = phone.titles(consultation).await;
        let count = |start: &str| there.iter().filter(|title| title.starts_with(start)).count();
        assert_eq!((count(SMALL), count("trop grand")), (neighbours, 0));

        server.free_disk();
        accepted(&phone.wire.push(guilty.clone()).await.unwrap(), guilty.len());
        let all = before + (neighbours + guilty.len()) as u64;
        assert_eq!(operations(&server).await, all);
    });
}
