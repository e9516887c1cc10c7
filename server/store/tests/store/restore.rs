//! Restoring an older backup: nothing hidden comes back, nothing that was lost stays lost.

use domain::ids::Hash;
use domain::operations::{Action, Answer, Hide};
use domain::ports::{Blobs, Clock, Journal, Submission};
use domain::receipts::{Missing, PushResult};
use domain::records::{Record, TrailState};
use domain::scopes::Scope;
use domain::time::DAY;
use store::{Place, Store, check};

use crate::fixture::*;
use crate::safekeeping::{lived_in, picture};

#[tokio::test]
async fn an_older_backup_keeps_hidden_what_was_hidden_since_and_takes_back_what_it_lost() {
    let folder = tempfile::tempdir().unwrap();
    let backups = folder.path().to_owned();
    let village = Village::with(|options| store::Options { backups: Some(backups.clone()), ..options }).await;
    let consultation = village.open_consultation().await;
    let (kept, _) = village.push(act(&citizen(), 2, propose(consultation, "Dans la copie"))).await;
    let older = village.store.backup(&backups).await.unwrap();
    assert_eq!(older.position, 2);
    let hide = Hide { consultation, record: kept.records[0], rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), 3, Action::Hide(hide))).await;
    // Made, hidden, and lost with the machine: the device that sent it will offer it again.
    let lost = act(&citizen(), 4, propose(consultation, "Après la copie"));
    let (lost_receipt, lost_signed) = village.push(lost.clone()).await;
    let hide = Hide { consultation, record: lost_receipt.records[0], rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), 5, Action::Hide(hide))).await;
    village.store.clone().close().await;

    let fresh = tempfile::tempdir().unwrap();
    village.clock.pass(30 * DAY);
    let options = options(&village.clock, 500);
    let restored =
        store::restore(&older.folder, fresh.path(), false, &*options.clock, &*options.random).await.unwrap();
    assert_eq!((restored.position, restored.reapplied), (2, 2));
    assert_eq!(check(&Place::data(fresh.path())).await.unwrap().findings, Vec::<String>::new());
    let store = Store::open_with(fresh.path(), options).await.unwrap();
    assert_ne!(store.epoch(), village.store.epoch());
    assert_eq!((village.store.restored_at(), store.restored_at()), (None, Some(village.clock.now())));

    let offered = Submission { receipt: Some(lost_signed.clone()), ..lost };
    let results = store.append(vec![offered]).await.unwrap();
    assert_eq!(results, [PushResult::Receipt(lost_signed)]);
    let public = pull(&store, &contributions(consultation), 0).await;
    assert!(public.rows.iter().all(|row| !matches!(row.record, Some(Record::Contribution(_)))));
    let trail = pull(&store, &Scope::Person(citizen().id), 0).await;
    let states = trail.rows.iter().filter_map(|row| match &row.record {
        Some(Record::Trail(trail)) => Some(trail.state.clone()),
        _ => None,
    });
    let rule = TrailState::Hidden("off-topic".parse().unwrap());
    assert_eq!(states.collect::<Vec<_>>(), [rule.clone(), rule]);
}

#[tokio::test]
async fn a_restore_without_the_log_is_refused_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let village = lived_in().await;
    let backup = village.store.backup(folder.path()).await.unwrap();
    std::fs::remove_file(folder.path().join("changes.jsonl")).unwrap();
    let fresh = tempfile::tempdir().unwrap();
    let options = options(&village.clock, 500);
    let restore =
        |without| store::restore(&backup.folder, fresh.path(), without, &*options.clock, &*options.random);
    assert!(restore(false).await.unwrap_err().to_string().contains("changes.jsonl"));
    restore(true).await.unwrap();
    let store = Store::open_with(fresh.path(), options.clone()).await.unwrap();
    let photo = store.read(None, &Hash::of(&picture(1))).await.unwrap();
    assert_eq!(photo.unwrap().bytes, picture(1));
}

#[tokio::test]
async fn what_is_offered_again_before_what_it_is_about_is_counted_until_it_is_stored() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let older = village.store.backup(folder.path()).await.unwrap();
    let lost = act(&citizen(), 2, propose(consultation, "Après la copie"));
    let (made, lost_signed) = village.push(lost.clone()).await;
    let text = localized("Oui.");
    let reply = Answer { consultation, record: made.records[0], text };
    let reply = act(&clerk(), 3, Action::Answer(reply));
    let (_, reply_signed) = village.push(reply.clone()).await;
    village.store.clone().close().await;
    let options = options(&village.clock, 500);
    store::restore(&older.folder, fresh.path(), false, &*options.clock, &*options.random).await.unwrap();
    let store = Store::open_with(fresh.path(), options).await.unwrap();

    let mut waits = store.waits();
    let mut count = async |submission: Submission| {
        let result = store.append(vec![submission]).await.unwrap().remove(0);
        let changed = waits.has_changed().unwrap();
        let count = waits.borrow_and_update().get(&laforce()).map_or(0, std::collections::BTreeSet::len);
        (result, count, changed)
    };
    let reply = Submission { receipt: Some(reply_signed.clone()), ..reply };
    let waiting = PushResult::Waiting(Missing::Record(made.records[0]));
    let new = Answer { consultation, record: made.records[0], text: localized("Peut-être.") };
    let new = act(&clerk(), 4, Action::Answer(new));
    assert_eq!(count(new).await, (waiting.clone(), 0, false), "nobody lost what is new");
    assert_eq!(count(reply.clone()).await, (waiting.clone(), 1, true));
    assert_eq!(count(reply.clone()).await, (waiting, 1, false), "the same one");
    let lost = Submission { receipt: Some(lost_signed.clone()), ..lost };
    assert_eq!(count(lost).await, (PushResult::Receipt(lost_signed), 1, false));
    assert_eq!(count(reply).await, (PushResult::Receipt(reply_signed), 0, true));
}

#[tokio::test]
async fn a_folder_with_the_log_of_another_database_takes_no_restore() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = lived_in().await;
    let backup = village.store.backup(folder.path()).await.unwrap();
    // The database was moved away, as the command asks, and its log forgotten.
    let log = fresh.path().join("rabaska.db-wal");
    std::fs::copy(village.path().join("rabaska.db-wal"), &log).unwrap();
    let options = options(&village.clock, 500);
    let restore = || store::restore(&backup.folder, fresh.path(), false, &*options.clock, &*options.random);
    assert!(restore().await.unwrap_err().to_string().contains("rabaska.db-wal"));
    std::fs::remove_file(log).unwrap();
    restore().await.unwrap();
    assert_eq!(check(&Place::data(fresh.path())).await.unwrap().findings, Vec::<String>::new());
}
