//! A power cut: the real binary's system calls are recorded while it is pushed to over HTTP, and
//! replayed onto a disk that forgets what was not synced. Whatever the server had acknowledged
//! must be there, with the same receipt, whenever the power goes.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod backup;
mod disk;
mod erasure;
mod import;
mod load;
mod replay;
mod restore;
mod trace;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::api::Pushed;
use domain::ids::OpId;
use domain::ports::{Journal, Submission};
use domain::receipts::{PushResult, SignedReceipt};
use harness::{Role, Server, run_within};
use rabaska::system::{SystemClock, SystemRandom};
use store::{Place, Store};

use disk::{Dice, Disk};
use trace::Step;

/// At how many moments some of what was not synced has got to the disk all the same.
const LUCKY: usize = 60;

/// A run that was recorded.
struct Run {
    before: Disk,
    steps: Vec<Step>,
    /// By the step that told them.
    receipts: BTreeMap<usize, Vec<SignedReceipt>>,
    /// What the device was given a receipt for.
    sent: HashMap<OpId, Submission>,
}

async fn record(folder: &Path) -> Run {
    let data = folder.canonicalize().unwrap().join("data");
    let file = folder.join("trace");
    let mut server = Server::demo_in(&data);
    server.stop();
    let before = Disk::of(&data);
    server.set_under(trace::strace(&file));
    server.restart();
    let pid = server.pid();
    let sent = load::send(&server, server.person(&Role::Participant, "laforce")).await;
    server.stop();
    let steps = trace::read(&trace::whole(&file, pid), &data);
    let sent = sent.into_iter().map(|submission| (submission.operation.op, submission)).collect();
    let answers = steps.iter().enumerate().filter_map(|(at, step)| match step {
        Step::Answer(bytes) => Some((at, receipts(bytes))),
        _ => None,
    });
    let receipts = answers.filter(|(_, receipts)| !receipts.is_empty()).collect();
    Run { before, steps, receipts, sent }
}

/// The receipts in an answer.
fn receipts(answer: &[u8]) -> Vec<SignedReceipt> {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return vec![] };
    let pushed: Option<Pushed> = serde_json::from_str(body).ok().filter(|_| head.starts_with("HTTP/1.1 200"));
    let results = pushed.map(|pushed| pushed.results).unwrap_or_default();
    let receipt = |result| match result {
        PushResult::Receipt(signed) => Some(signed),
        _ => None,
    };
    results.into_iter().filter_map(receipt).collect()
}

impl Run {
    /// What is wrong with the disk after a cut: it cannot be read, or something acknowledged is
    /// not there, or not with its receipt.
    async fn faults(
        &self,
        disk: &Disk,
        dice: Option<&mut Dice>,
        acknowledged: &[SignedReceipt],
    ) -> Vec<String> {
        let place = tempfile::tempdir().unwrap();
        disk.leave(place.path(), dice);
        let mut faults = match store::check(&Place::data(place.path())).await {
            Ok(report) => report.findings,
            Err(error) => return vec![error.to_string()],
        };
        let store = match Store::open(place.path(), Arc::new(SystemClock), Arc::new(SystemRandom)).await {
            Ok(store) => store,
            Err(error) => return vec![error.to_string()],
        };
        // As the devices would ask, that heard no answer.
        let read = |signed: &SignedReceipt| signed.read().unwrap();
        let again = acknowledged.iter().map(|signed| self.sent[&read(signed).op].clone()).collect();
        let results = store.append(again).await.unwrap();
        for (signed, result) in acknowledged.iter().zip(results) {
            if result != PushResult::Receipt(signed.clone()) {
                faults.push(format!("operation {} was acknowledged: {result:?}", read(signed).position));
            }
        }
        if acknowledged.first().is_some_and(|signed| read(signed).epoch != store.epoch()) {
            faults.push("a new epoch began".to_owned());
        }
        store.close().await;
        faults
    }

    /// The disk right after the last receipt, had it never synced what this names.
    fn deaf(&self, to: impl Fn(&Path) -> bool) -> (Disk, Vec<SignedReceipt>) {
        let mut disk = self.before.clone();
        for (at, step) in self.steps[..self.last_receipt()].iter().enumerate() {
            if !matches!(step, Step::Sync { path, .. } if to(path)) {
                disk.take(at, step);
            }
        }
        (disk, self.receipts.values().flatten().cloned().collect())
    }

    /// The disk before the last receipt's own sync, and all receipts: as if it had been told too early.
    fn hasty(&self) -> (Disk, Vec<SignedReceipt>) {
        let mut disk = self.before.clone();
        let before = &self.steps[..self.last_receipt()];
        let sync = before.iter().rposition(log_is_synced).unwrap();
        for (at, step) in before[..sync].iter().enumerate() {
            disk.take(at, step);
        }
        (disk, self.receipts.values().flatten().cloned().collect())
    }

    fn last_receipt(&self) -> usize {
        *self.receipts.last_key_value().unwrap().0
    }
}

fn log_is_synced(step: &Step) -> bool {
    matches!(step, Step::Sync { path, .. } if path.ends_with("rabaska.db-wal"))
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged() {
    run_within(Duration::from_secs(600), async {
        let folder = tempfile::tempdir().unwrap();
        let run = record(folder.path()).await;
        let (mut disk, mut acknowledged, mut images, mut lucky) = (run.before.clone(), Vec::new(), 0, 0);
        let (none, cuts) = (Vec::<String>::new(), run.steps.len());
        let mut dice = Dice(20_261_125);
        println!("seed {}", dice.0);
        for (at, step) in run.steps.iter().enumerate() {
            // The disk is about to change: up to here it was the same at every moment, and the
            // last of them is when it had to hold the most.
            if matches!(step, Step::Sync { .. }) {
                let faults = run.faults(&disk, None, &acknowledged).await;
                assert_eq!(faults, none, "cut before step {at} of {cuts}");
                images += 1;
            }
            if at * LUCKY / cuts != (at + 1) * LUCKY / cuts {
                let faults = run.faults(&disk, Some(&mut dice), &acknowledged).await;
                assert_eq!(faults, none, "lucky cut before step {at} of {cuts}");
                lucky += 1;
            }
            acknowledged.extend(run.receipts.get(&at).into_iter().flatten().cloned());
            disk.take(at, step);
        }
        assert_eq!(run.faults(&disk, None, &acknowledged).await, none, "cut after the end");
        println!("{cuts} cuts, {images} images, {lucky} lucky ones, {} acknowledged", acknowledged.len());
        assert_eq!(acknowledged.len(), run.sent.len(), "every answer stands in the trace");
        assert!(images >= 100 && lucky >= 50, "too few cuts to prove anything");
        let fold = |step: &Step| matches!(step, Step::Sync { path, .. } if path.ends_with("rabaska.db"));
        let folded = run.steps[..run.last_receipt()].iter().any(fold);
        assert!(folded, "the write-ahead log was never folded into the database under way");

        // The same run must be seen to lose on disks that lie, and by a server that answers early.
        let (disk, acknowledged) = run.deaf(|_| true);
        let faults = run.faults(&disk, None, &acknowledged).await;
        let lost = faults.iter().filter(|fault| fault.contains("was acknowledged")).count();
        assert_eq!(lost, acknowledged.len(), "nothing was ever synced");
        for (disk, acknowledged) in [run.deaf(|path| path.ends_with("rabaska.db-wal")), run.hasty()] {
            assert!(!run.faults(&disk, None, &acknowledged).await.is_empty());
        }
    });
}
