//! The log beside the backups: which folders keep one, and what a restore learns from it.

use std::path::Path;

use domain::ids::RecordId;
use domain::operations::{Action, Hide};
use domain::ports::Identity;
use domain::records::Record;
use domain::time::DAY;
use store::{Options, Restored, Store};

use crate::fixture::*;

async fn hide(village: &Village, number: u64, consultation: RecordId, record: RecordId) {
    let hide = Hide { consultation, record, rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), number, Action::Hide(hide))).await;
}

async fn restored(village: &Village, from: &Path, to: &Path) -> (Restored, Store) {
    let options = options(&village.clock, 500);
    let restored = store::restore(from, to, false, &*options.clock, &*options.random).await.unwrap();
    (restored, Store::open_with(to, options).await.unwrap())
}

async fn shown(store: &Store, consultation: RecordId) -> usize {
    let page = pull(store, &contributions(consultation), 0).await;
    page.rows.iter().filter(|row| matches!(row.record, Some(Record::Contribution(_)))).count()
}

/// Closes the village's store and opens it again, as another process would.
async fn reopened(village: Village, change: impl FnOnce(Options) -> Options) -> Village {
    let Village { dir, store, clock } = village;
    store.close().await;
    let store = Store::open_with(dir.path(), change(options(&clock, 900))).await.unwrap();
    Village { dir, store, clock }
}

#[tokio::test]
async fn a_backup_of_a_place_where_nothing_was_ever_hidden_is_restored_with_its_log() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await;
    let backup = village.store.backup(folder.path()).await.unwrap();
    let (restored, store) = restored(&village, &backup.folder, fresh.path()).await;
    assert_eq!((restored.reapplied, restored.complete_until), (0, Some(NOW)));
    assert_eq!(shown(&store, consultation).await, 1);
}

#[tokio::test]
async fn what_is_hidden_after_a_backup_by_hand_stays_hidden_also_when_its_folder_was_away() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let mut made = Vec::new();
    for number in 10..13 {
        made.push(village.push(act(&citizen(), number, propose(consultation, "Un banc"))).await.0.records[0]);
    }
    let (id, code) = village
        .store
        .add("Aline (fictive)".parse().unwrap(), laforce(), domain::authority::Role::Participant)
        .await
        .unwrap();
    let backup = village.store.backup(&folder.path().join("stick")).await.unwrap();
    // Another process, to which nobody names a folder.
    let village = reopened(village, |options| options).await;
    village.clock.pass(DAY);
    hide(&village, 20, consultation, made[0]).await;
    // Carried away meanwhile: people hide and revoke all the same.
    std::fs::rename(folder.path().join("stick"), folder.path().join("away")).unwrap();
    hide(&village, 21, consultation, made[1]).await;
    village.store.revoke(&id).await.unwrap();
    let carried = folder.path().join("away").join(backup.folder.file_name().unwrap());
    let (then, store) = restored(&village, &carried, &fresh.path().join("one")).await;
    assert_eq!(
        (then.reapplied, then.complete_until),
        (1, Some(NOW.plus(DAY))),
        "it says what it does not know"
    );
    assert_eq!(shown(&store, consultation).await, 2);
    // Back in its place: it learns what it missed when the server starts.
    std::fs::rename(folder.path().join("away"), folder.path().join("stick")).unwrap();
    village.clock.pass(DAY);
    let village = reopened(village, |options| options).await;
    let (then, store) = restored(&village, &backup.folder, &fresh.path().join("two")).await;
    assert_eq!((then.reapplied, then.complete_until), (3, Some(NOW.plus(2 * DAY))));
    assert_eq!(shown(&store, consultation).await, 1);
    assert!(store.open(code).await.is_err(), "revoked after the backup");
    // What is done in a copy that was restored to be looked at is no business of that log.
    let said = std::fs::read(folder.path().join("stick/changes.jsonl")).unwrap();
    let copy = Village { dir: fresh, store, clock: village.clock.clone() };
    hide(&copy, 22, consultation, made[2]).await;
    assert_eq!(std::fs::read(folder.path().join("stick/changes.jsonl")).unwrap(), said);
}

#[tokio::test]
async fn a_folder_that_is_configured_later_learns_what_was_hidden_before() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (other, own) = (folder.path().join("other"), folder.path().join("own"));
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let made = village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await.0.records[0];
    let earlier = village.store.backup(&own).await.unwrap();
    let configured = |options| Options { backups: Some(other.clone()), ..options };
    let village = reopened(village, configured).await;
    hide(&village, 3, consultation, made).await;
    let (then, store) = restored(&village, &earlier.folder, fresh.path()).await;
    assert_eq!(then.reapplied, 1, "the folder of before is kept besides the configured one");
    assert_eq!(shown(&store, consultation).await, 0);
    assert!(other.join("changes.jsonl").exists());
}
