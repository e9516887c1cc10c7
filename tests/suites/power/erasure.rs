//! A power cut while something is erased: it is there or it is gone, and once it was said to be
//! gone it is so on the disk, and in the log beside the backups.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::ports::{Journal, Submission};
use domain::receipts::PushResult;
use harness::{Phone, Role, Server, run_within};
use rabaska::system::{SystemClock, SystemRandom};
use store::{Place, Store};

use super::disk::{Dice, Disk};
use super::restore::rabaska;
use super::trace::{self, Step};

const MARKER: &[u8] = b"Zibeline";

fn holds(path: &Path, bytes: &[u8]) -> bool {
    std::fs::read(path).is_ok_and(|found| found.windows(bytes.len()).any(|part| part == bytes))
}

/// Whether it is erased after a cut; or what is wrong.
async fn erased(disk: &Disk, dice: Option<&mut Dice>, erased: &Submission) -> Result<bool, String> {
    let place = tempfile::tempdir().unwrap();
    disk.leave(place.path(), dice);
    let (data, backups) = (place.path().join("data"), place.path().join("backups"));
    let report = store::check(&Place::data(&data)).await.map_err(|error| error.to_string())?;
    if let Some(finding) = report.findings.first() {
        return Err(finding.clone());
    }
    // The server starts again, with the log where it was; whatever it confirms must stand there.
    let mut options = store::Options::new(Arc::new(SystemClock), Arc::new(SystemRandom));
    options.backups = Some(backups.clone());
    let store = Store::open_with(&data, options).await.map_err(|error| error.to_string())?;
    let answer = store.append(vec![erased.clone()]).await.unwrap().remove(0);
    store.close().await;
    let (gone, logged) = match answer {
        PushResult::Erased(_) => (true, holds(&backups.join("changes.jsonl"), b"\"erase\"")),
        PushResult::Receipt(_) => (false, true),
        other => return Err(format!("{other:?}")),
    };
    match (gone, logged, holds(&data.join("rabaska.db"), MARKER)) {
        (true, false, _) => Err("erased, and not in the log".to_owned()),
        (true, _, true) => Err("erased, and its words are in the database".to_owned()),
        (false, _, false) => Err("its words are gone, and it is not erased".to_owned()),
        _ => Ok(gone),
    }
}

#[test]
fn a_power_cut_while_something_is_erased_leaves_it_there_or_gone_and_gone_once_it_was_said() {
    run_within(Duration::from_secs(600), async {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("root");
        let (data, backups) = (root.join("data"), root.join("backups"));
        let mut server = Server::demo_in(&data);
        let phone = Phone::of(server.person(&Role::Participant, "laforce"), server.port()).await;
        let consultation = phone.open_consultation().await;
        let op = phone.propose(consultation, "Zibeline").await;
        phone.send_all().await;
        let item = phone.item(op).await;
        server.stop();
        rabaska(&["backup".as_ref(), backups.as_ref(), "--data".as_ref(), data.as_ref()]);
        let envelope = domain::envelope::Envelope {
            proof: domain::envelope::Proof::Session,
            ..item.envelope().unwrap()
        };
        let operation = item.operation().unwrap();
        let actor = domain::authority::Actor::Person(phone.me.clone());
        let submission = Submission { envelope, operation, actor, receipt: None };
        let mut disk = Disk::of(&root);
        let id = item.entry().unwrap().record().to_string();
        let words = ["erase".as_ref(), id.as_ref(), "--data".as_ref(), data.as_ref()];
        let steps = trace::command(&words, &root);
        let (mut images, mut there, mut dice) = (0, true, Dice(20_261_128));
        println!("seed {}", dice.0);
        for (at, step) in steps.iter().enumerate() {
            if matches!(step, Step::Sync { .. }) {
                let gone = erased(&disk, None, &submission).await;
                assert!(gone.is_ok(), "cut before step {at} of {}: {gone:?}", steps.len());
                assert!(there || gone == Ok(true), "it came back");
                (there, images) = (gone == Ok(false), images + 1);
            }
            if at % 4 == 0 {
                let gone = erased(&disk, Some(&mut dice), &submission).await;
                assert!(gone.is_ok(), "lucky cut before step {at} of {}: {gone:?}", steps.len());
            }
            disk.take(at, step);
        }
        println!("{} cuts, {images} images", steps.len());
        assert_eq!(erased(&disk, None, &submission).await, Ok(true), "it was announced");
        let left = tempfile::tempdir().unwrap();
        disk.leave(left.path(), None);
        let log = left.path().join("backups/changes.jsonl");
        assert!(holds(&log, b"\"erase\""), "in the log too, before any other start");
        assert!(images >= 5, "too few cuts to prove anything");
    });
}
