//! A power cut during a restore: the folder is as before, or whole, or one that does not start and
//! in which the same command succeeds. Never a database that starts and lacks something.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::RecordId;
use domain::operations::{Action, Hide};
use domain::ports::{From, Journal};
use domain::records::Record;
use domain::scopes::{Page, Scope};
use harness::{Phone, Role, Server, run_within, server_binary};
use rabaska::system::{SystemClock, SystemRandom};
use store::{Place, Store};

use super::disk::{Dice, Disk};
use super::trace::{self, Step};

/// At how many moments some of what was not synced has got to the disk all the same.
const LUCKY: usize = 40;

pub fn rabaska(words: &[&OsStr]) {
    let done = Command::new(server_binary()).args(words).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A backup, and what it has to bring back.
struct Backup {
    /// In the folder that is replayed.
    dated: PathBuf,
    consultation: RecordId,
    operations: u64,
    blobs: u64,
    epoch: String,
}

/// Makes a backup after which one proposal is hidden and one erased.
async fn made(root: &Path) -> Backup {
    let old = tempfile::tempdir().unwrap();
    let (data, backups) = (old.path().join("data"), root.join("backups"));
    let mut server = Server::demo_in(&data);
    let phone = Phone::of(server.person(&Role::Participant, "laforce"), server.port()).await;
    let consultation = phone.open_consultation().await;
    phone.propose(consultation, "coupure, gardé").await;
    let hidden = phone.propose(consultation, "coupure, caché").await;
    let erased = phone.propose(consultation, "coupure, effacé").await;
    phone.send_all().await;
    let office = Phone::of(server.person(&Role::Clerk, "laforce"), server.port()).await;
    server.stop();
    rabaska(&["backup".as_ref(), backups.as_ref(), "--data".as_ref(), data.as_ref()]);
    server.restart();
    let record = async |op| phone.item(op).await.entry().unwrap().record();
    let hide = Hide { consultation, record: record(hidden).await, rule: "off-topic".parse().unwrap() };
    office.act(Action::Hide(hide)).await;
    office.send_all().await;
    server.stop();
    let erased = record(erased).await.to_string();
    rabaska(&["erase".as_ref(), erased.as_ref(), "--data".as_ref(), data.as_ref()]);
    let names = std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path());
    let is_dated = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().parse::<i64>().is_ok();
    let dated = names.into_iter().find(is_dated).unwrap();
    let report = store::check(&Place { dir: dated.clone(), blobs: backups.join("blobs") }).await.unwrap();
    let epoch = noted_epoch(&data).unwrap();
    Backup { dated, consultation, operations: report.operations, blobs: report.blobs, epoch }
}

/// The epoch in the head file of a folder.
fn noted_epoch(data: &Path) -> Option<String> {
    let text = std::fs::read_to_string(data.join("head.json")).ok()?;
    let head: serde_json::Value = serde_json::from_str(&text).unwrap();
    Some(head["epoch"].as_str().unwrap().to_owned())
}

async fn open(data: &Path) -> Result<Store, domain::ports::PortError> {
    Store::open(data, Arc::new(SystemClock), Arc::new(SystemRandom)).await
}

impl Backup {
    /// What a folder with a database lacks.
    async fn faults(&self, data: &Path) -> Vec<String> {
        let report = match store::check(&Place::data(data)).await {
            Ok(report) => report,
            Err(error) => return vec![error.to_string()],
        };
        let mut faults = report.findings;
        if (report.operations, report.blobs) != (self.operations, self.blobs) {
            faults.push(format!("{} operations, {} pictures", report.operations, report.blobs));
        }
        let noted = noted_epoch(data);
        let store = open(data).await.unwrap();
        let epoch = store.epoch().to_string();
        if noted.as_ref() != Some(&epoch) || epoch == self.epoch {
            faults.push(format!("epoch {epoch}, noted was {noted:?}, and {} was lost", self.epoch));
        }
        let scope = Scope::Consultation("laforce".parse().unwrap(), self.consultation);
        let page = store.pull(&scope, None, From::Before(u64::MAX), 500).await.unwrap();
        let page: Page<Record> = serde_json::from_slice(&page.json).unwrap();
        let shown = page.rows.iter().filter_map(|row| match &row.record {
            Some(Record::Contribution(it)) => Some(it.title().to_string()),
            _ => None,
        });
        let shown: Vec<String> = shown.filter(|title| title.starts_with("coupure")).collect();
        if shown != ["coupure, gardé"] {
            faults.push(format!("shown are {shown:?}"));
        }
        store.close().await;
        faults
    }

    /// What is wrong after a cut; and whether the restored database was there.
    async fn after(&self, disk: &Disk, dice: Option<&mut Dice>, root: &Path) -> (Vec<String>, bool) {
        let place = tempfile::tempdir().unwrap();
        disk.leave(place.path(), dice);
        let data = place.path().join("new/data");
        if data.join("rabaska.db").exists() {
            return (self.faults(&data).await, true);
        }
        // The machine comes back, and its service starts by itself.
        let traces = std::fs::read_dir(&data).into_iter().flatten().filter_map(Result::ok);
        let begun = traces.into_iter().any(|entry| entry.file_name() != "rabaska.lock");
        if begun && let Ok(store) = open(&data).await {
            store.close().await;
            return (vec!["a server starts where a restore was not finished".to_owned()], false);
        }
        let from = place.path().join(self.dated.strip_prefix(root).unwrap());
        match store::restore(&from, &data, false, &SystemClock, &SystemRandom).await {
            Ok(_) => (self.faults(&data).await, false),
            Err(error) => (vec![format!("again: {error}")], false),
        }
    }
}

#[test]
fn a_power_cut_during_a_restore_leaves_the_old_folder_or_the_whole_one_or_one_to_begin_anew() {
    run_within(Duration::from_secs(600), async {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("root");
        std::fs::create_dir(&root).unwrap();
        let backup = made(&root).await;
        // The folder is not there yet, and neither is the one above it.
        let (before, data) = (Disk::of(&root), root.join("new/data"));
        let words = ["restore".as_ref(), backup.dated.as_ref(), "--data".as_ref(), data.as_ref()];
        let steps = trace::command(&words, &root);
        let (mut disk, mut images, mut lucky, mut there) = (before.clone(), 0, 0, false);
        let (none, cuts) = (Vec::<String>::new(), steps.len());
        let mut dice = Dice(20_261_126);
        println!("seed {}", dice.0);
        for (at, step) in steps.iter().enumerate() {
            if matches!(step, Step::Sync { path, .. } if path.starts_with(root.join("new")) || *path == root)
            {
                let (faults, whole) = backup.after(&disk, None, &root).await;
                assert_eq!(faults, none, "cut before step {at} of {cuts}");
                assert!(whole || !there, "the restored database went again");
                (there, images) = (whole, images + 1);
            }
            if at * LUCKY / cuts != (at + 1) * LUCKY / cuts {
                let (faults, _) = backup.after(&disk, Some(&mut dice), &root).await;
                assert_eq!(faults, none, "lucky cut before step {at} of {cuts}");
                lucky += 1;
            }
            disk.take(at, step);
        }
        println!("{cuts} cuts, {images} images, {lucky} lucky ones");
        assert_eq!(backup.after(&disk, None, &root).await, (none, true), "it was announced");
        assert!(images >= 20 && lucky >= LUCKY - 1, "too few cuts to prove anything");

        // The same run must be seen to lose on a disk that never synced.
        let mut deaf = before;
        let unsynced = steps.iter().enumerate().filter(|(_, step)| !matches!(step, Step::Sync { .. }));
        unsynced.for_each(|(at, step)| deaf.take(at, step));
        assert!(!backup.after(&deaf, None, &root).await.1);
    });
}
