//! A power cut while statements are loaded: all of them or none, and the same command completes it
//! without doubles.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::RecordId;
use domain::ports::{From, Journal};
use domain::records::Record;
use domain::scopes::{Page, Scope};
use harness::{Phone, Role, Server, run_within, server_binary};
use rabaska::system::{SystemClock, SystemRandom};
use store::{Place, Store};

use super::disk::{Dice, Disk};
use super::trace::{self, Step};

/// At how many moments some of what was not synced has got to the disk all the same.
const LUCKY: usize = 80;
const SHOWN: usize = 30;
const HIDDEN: usize = 10;

/// The file: every fourth statement was rejected where it comes from.
fn file() -> String {
    let head = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n";
    let row = |number: usize| {
        let moderated = if number % 4 == 3 { -1 } else { 1 };
        format!("5,,{number},0,0,0,{moderated},coupure {number}\n")
    };
    head.to_owned() + &(0..SHOWN + HIDDEN).map(row).collect::<String>()
}

struct Import {
    consultation: RecordId,
    file: std::path::PathBuf,
}

impl Import {
    fn words<'w>(&'w self, consultation: &'w str, data: &'w Path) -> Vec<&'w OsStr> {
        let place: [&OsStr; 4] =
            [consultation.as_ref(), self.file.as_ref(), "--data".as_ref(), data.as_ref()];
        let words = ["import", "statements", "--community", "laforce", "--source", "power", "--consultation"];
        words.into_iter().map(OsStr::new).chain(place).collect()
    }

    /// How many statements stand in a database, once each, and how many were hidden; or what is
    /// wrong with it.
    async fn loaded(&self, data: &Path) -> Result<(usize, usize), String> {
        let report = store::check(&Place::data(data)).await.map_err(|error| error.to_string())?;
        if let Some(finding) = report.findings.first() {
            return Err(finding.clone());
        }
        let open = Store::open(data, Arc::new(SystemClock), Arc::new(SystemRandom)).await;
        let store = open.map_err(|error| error.to_string())?;
        let scope = Scope::Consultation("laforce".parse().unwrap(), self.consultation);
        let page = store.pull(&scope, None, From::Before(u64::MAX), 500).await.unwrap();
        let page: Page<Record> = serde_json::from_slice(&page.json).unwrap();
        assert!(!page.more);
        let (mut titles, mut hidden) = (Vec::new(), 0);
        for row in page.rows {
            match row.record {
                Some(Record::Contribution(it)) if it.title().as_str().starts_with("coupure") => {
                    titles.push(it.title().to_string());
                }
                Some(Record::Hiding(it)) if it.rule.as_str() == "source-moderation" => hidden += 1,
                _ => {}
            }
        }
        store.close().await;
        let shown = titles.len();
        titles.sort_unstable();
        titles.dedup();
        if titles.len() == shown { Ok((shown, hidden)) } else { Err("some stand there twice".to_owned()) }
    }

    /// What is wrong after a cut, and whether they had been loaded.
    async fn after(&self, disk: &Disk, dice: Option<&mut Dice>) -> Result<bool, String> {
        let place = tempfile::tempdir().unwrap();
        disk.leave(place.path(), dice);
        let data = place.path().join("data");
        let found = self.loaded(&data).await?;
        if found != (0, 0) && found != (SHOWN, HIDDEN) {
            return Err(format!("{found:?} of them are there"));
        }
        let consultation = self.consultation.to_string();
        let again = Command::new(server_binary()).args(self.words(&consultation, &data)).output().unwrap();
        let said = [again.stdout, again.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        if !again.status.success() || said.contains("Changed since") || said.contains("Not taken") {
            return Err(format!("again: {said}"));
        }
        match self.loaded(&data).await? {
            (SHOWN, HIDDEN) => Ok(found != (0, 0)),
            other => Err(format!("{other:?} of them are there after the second run")),
        }
    }
}

#[test]
fn a_power_cut_while_statements_are_loaded_leaves_all_or_none_and_the_second_run_completes_it() {
    run_within(Duration::from_secs(600), async {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("root");
        let data = root.join("data");
        let mut server = Server::demo_in(&data);
        let phone = Phone::of(server.person(&Role::Participant, "laforce"), server.port()).await;
        let consultation = phone.open_consultation().await;
        server.stop();
        // A database that was put back by hand and into which nothing was loaded before: it is
        // written to as soon as it is opened, before there is a key for loading.
        for name in ["import.key", "head.json"] {
            std::fs::remove_file(data.join(name)).unwrap();
        }
        let import = Import { consultation, file: folder.path().join("comments.csv") };
        std::fs::write(&import.file, file()).unwrap();
        let mut disk = Disk::of(&root);
        let steps = trace::command(&import.words(&consultation.to_string(), &data), &root);
        let (mut images, mut lucky, mut there, cuts) = (0, 0, false, steps.len());
        let mut dice = Dice(20_261_127);
        println!("seed {}", dice.0);
        for (at, step) in steps.iter().enumerate() {
            if matches!(step, Step::Sync { .. }) {
                let loaded = import.after(&disk, None).await;
                assert!(loaded.is_ok(), "cut before step {at} of {cuts}: {loaded:?}");
                assert!(!there || loaded == Ok(true), "they went again");
                (there, images) = (loaded == Ok(true), images + 1);
            }
            if at * LUCKY / cuts != (at + 1) * LUCKY / cuts {
                let loaded = import.after(&disk, Some(&mut dice)).await;
                assert!(loaded.is_ok(), "lucky cut before step {at} of {cuts}: {loaded:?}");
                lucky += 1;
            }
            disk.take(at, step);
        }
        println!("{cuts} cuts, {images} images, {lucky} lucky ones");
        assert_eq!(import.after(&disk, None).await, Ok(true), "it was announced");
        assert!(images >= 6 && lucky >= LUCKY - 1, "too few cuts to prove anything");
    });
}
