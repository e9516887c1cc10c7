//! What one person may send: new operations in a day, and photos that nothing names yet. And
//! what is deleted because nothing came to name it.

use crate::fixture::*;
use crate::safekeeping::{picture, upload, with_photo};
use domain::authority::Role;
use domain::ids::{Hash, RecordId};
use domain::ports::{BlobError, Blobs, Identity, Journal, SESSION_LIFE, Submission};
use domain::receipts::{Missing, PushResult};
use domain::time::{DAY, HOUR};
use sqlx::{Connection, SqliteConnection};
use store::{Options, Place, Store, UNNAMED_MAX, check};

async fn limited(most: u64) -> Village {
    Village::with(|options| Options { operations_per_day: Some(most), ..options }).await
}

fn proposals(consultation: RecordId, numbers: std::ops::Range<u64>) -> Vec<Submission> {
    numbers.map(|number| act(&citizen(), number, propose(consultation, &format!("Idée {number}")))).collect()
}

async fn taken(store: &Store, submissions: Vec<Submission>) -> Vec<bool> {
    let results = store.append(submissions).await.unwrap();
    let told = |result: &PushResult| match result {
        PushResult::Receipt(_) => true,
        PushResult::Unavailable => false,
        other => panic!("{other:?}"),
    };
    results.iter().map(told).collect()
}

#[tokio::test]
async fn so_many_new_operations_a_day_are_taken_and_replays_and_others_do_not_count() {
    let village = limited(3).await;
    let consultation = village.open_consultation().await;
    let sent = taken(&village.store, proposals(consultation, 10..15)).await;
    assert_eq!(sent, [true, true, true, false, false]);
    // What is stored is answered however often it comes; a later push counts what came before.
    let sent = taken(&village.store, proposals(consultation, 10..14)).await;
    assert_eq!(sent, [true, true, true, false]);
    let neighbour = person("neighbour", Role::Participant);
    village.push(act(&neighbour, 1, propose(consultation, "Une autre"))).await;
    // The count lies in the database.
    let Village { dir, store, clock } = village;
    store.close().await;
    let options = Options { operations_per_day: Some(3), ..options(&clock, 100) };
    let store = Store::open_with(dir.path(), options).await.unwrap();
    clock.pass(DAY - 1);
    assert_eq!(taken(&store, proposals(consultation, 13..15)).await, [false, false]);
    clock.pass(1);
    assert_eq!(taken(&store, proposals(consultation, 13..15)).await, [true, true]);
}

#[tokio::test]
async fn an_office_sends_ten_times_as_much_and_what_is_done_to_ones_proposals_is_not_ones_own() {
    let village = limited(2).await;
    let consultation = village.open_consultation().await;
    let (first, _) = village.push(act(&citizen(), 10, propose(consultation, "Un banc"))).await;
    village.clock.pass(DAY);
    // The office answers: the trail of its author moves, and is as old as it was.
    for number in 0..20 {
        let text = localized("Oui.");
        let answer = domain::operations::Answer { consultation, record: first.records[0], text };
        village.push(act(&clerk(), 100 + number, domain::operations::Action::Answer(answer))).await;
    }
    let more = act(&clerk(), 200, open(NOW.plus(9 * DAY)));
    assert_eq!(taken(&village.store, vec![more]).await, [false]);
    assert_eq!(taken(&village.store, proposals(consultation, 11..14)).await, [true, true, false]);
}

#[tokio::test]
async fn what_comes_back_with_its_receipt_is_taken_whatever_the_count_and_adds_nothing_to_it() {
    let village = limited(4).await;
    let consultation = village.open_consultation().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = village.store.backup(folder.path()).await.unwrap();
    let mut lost = proposals(consultation, 10..14);
    for submission in &mut lost {
        submission.receipt = Some(village.push(submission.clone()).await.1);
    }
    let fresh = tempfile::tempdir().unwrap();
    let opened = options(&village.clock, 77);
    store::restore(&backup.folder, fresh.path(), false, &*opened.clock, &*opened.random).await.unwrap();
    let restored = Options { operations_per_day: Some(4), ..options(&village.clock, 77) };
    let restored = Store::open_with(fresh.path(), restored).await.unwrap();
    village.clock.pass(DAY);
    assert_eq!(taken(&restored, proposals(consultation, 20..24)).await, [true; 4]);
    assert_eq!(taken(&restored, lost).await, [true; 4]);
    village.clock.pass(DAY - HOUR);
    assert_eq!(taken(&restored, proposals(consultation, 24..25)).await, [false]);
    village.clock.pass(HOUR);
    assert_eq!(taken(&restored, proposals(consultation, 25..29)).await, [true; 4]);
}

/// Begins an upload of so many bytes.
async fn begin(store: &Store, number: u64, size: u64) -> Result<bool, BlobError> {
    store.write(&citizen().id, &Hash::of(&number.to_le_bytes()), size, 0, b"\xFF\xD8").await
}

#[tokio::test]
async fn photos_that_nothing_names_have_a_share_and_what_was_begun_is_finished() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let (me, bytes) = (citizen().id, picture(1));
    let (hash, size) = (Hash::of(&bytes), bytes.len() as u64);
    assert!(!village.store.write(&me, &hash, size, 0, &bytes[..9]).await.unwrap());
    let thumb = upload(&village.store, &me, &picture(2)).await;
    for number in 0..7 {
        begin(&village.store, number, 8 << 20).await.unwrap();
    }
    // Two small files count 4 KiB each.
    let left = UNNAMED_MAX - 7 * (8 << 20) - 2 * 4_096;
    assert!(matches!(begin(&village.store, 7, left + 1).await, Err(BlobError::TooMany)));
    begin(&village.store, 8, left).await.unwrap();
    assert!(matches!(begin(&village.store, 9, 2).await, Err(BlobError::TooMany)));
    let larger = begin(&village.store, 8, left + 1).await;
    assert!(matches!(larger, Err(BlobError::TooMany)), "nor by saying more afterwards: {larger:?}");
    assert!(village.store.write(&me, &hash, size, 9, &bytes[9..]).await.unwrap());
    // Once an operation names them they are not counted any more.
    village.push(with_photo(consultation, 5, hash, thumb)).await;
    begin(&village.store, 9, 2 * 4_096).await.unwrap();
    assert!(matches!(begin(&village.store, 10, 2).await, Err(BlobError::TooMany)));
    let neighbour = person("neighbour", Role::Participant);
    upload(&village.store, &neighbour.id, &picture(3)).await;
}

/// The files that lie in a folder and those in it.
fn files(folder: std::path::PathBuf) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| if entry.file_type().unwrap().is_dir() { files(entry.path()) } else { 1 }).sum()
}

#[tokio::test]
async fn uploads_that_nothing_names_go_after_a_week_and_all_others_stay() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let (me, neighbour) = (citizen().id, person("neighbour", Role::Participant).id);
    let named =
        [upload(&village.store, &me, &picture(1)).await, upload(&village.store, &me, &picture(2)).await];
    village.push(with_photo(consultation, 5, named[0], named[1])).await;
    // Somebody else's upload of a file that is named; two of one that is not; a part.
    upload(&village.store, &neighbour, &picture(1)).await;
    let alone = upload(&village.store, &me, &picture(3)).await;
    begin(&village.store, 1, 100).await.unwrap();
    village.clock.pass(DAY);
    upload(&village.store, &neighbour, &picture(3)).await;
    let count = || (files(village.path().join("blobs")), files(village.path().join("uploads")));
    village.clock.pass(6 * DAY);
    assert_eq!(village.store.forget_unnamed_uploads().await.unwrap(), 0);
    assert_eq!(count(), (3, 1));
    village.clock.pass(1);
    assert_eq!(village.store.forget_unnamed_uploads().await.unwrap(), 3);
    // The file is still the neighbour's, and not mine any more.
    assert_eq!(count(), (3, 0));
    assert_eq!(village.store.offset(&me, &alone).await.unwrap(), (0, false));
    let results = village.store.append(vec![with_photo(consultation, 6, alone, named[0])]).await.unwrap();
    assert_eq!(results, [PushResult::Waiting(Missing::Blobs(vec![alone]))]);
    village.clock.pass(DAY);
    assert_eq!(village.store.forget_unnamed_uploads().await.unwrap(), 1);
    assert_eq!(count(), (2, 0));
    assert_eq!(check(&Place::data(village.path())).await.unwrap().findings, Vec::<String>::new());
    // Sent again it is there again, and what is named never goes.
    upload(&village.store, &me, &picture(3)).await;
    village.push(with_photo(consultation, 6, alone, named[0])).await;
    village.clock.pass(400 * DAY);
    assert_eq!(village.store.forget_unnamed_uploads().await.unwrap(), 0);
    assert!(village.store.read(None, &alone).await.unwrap().is_some());
}

#[tokio::test]
async fn a_database_from_before_knows_which_uploads_are_named() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let me = citizen().id;
    let [full, thumb] =
        [upload(&village.store, &me, &picture(1)).await, upload(&village.store, &me, &picture(2)).await];
    upload(&village.store, &me, &picture(3)).await;
    village.push(with_photo(consultation, 5, full, thumb)).await;
    let Village { dir, store, clock } = village;
    store.close().await;
    let file = dir.path().join("rabaska.db");
    let mut connection = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    for statement in [
        "DROP INDEX uploads_unnamed",
        "ALTER TABLE uploads DROP COLUMN named",
        "DELETE FROM _sqlx_migrations WHERE version = 4",
    ] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let store = Store::open_with(dir.path(), options(&clock, 77)).await.unwrap();
    clock.pass(8 * DAY);
    assert_eq!(store.forget_unnamed_uploads().await.unwrap(), 1);
    assert!(store.read(None, &full).await.unwrap().is_some());
}

#[tokio::test]
async fn sessions_that_ended_by_their_age_are_deleted() {
    let village = Village::new().await;
    let (_, code) =
        village.store.add("Une personne".parse().unwrap(), laforce(), Role::Participant).await.unwrap();
    village.store.open(code).await.unwrap();
    village.clock.pass(1);
    let later = village.store.open(code).await.unwrap();
    village.clock.pass(SESSION_LIFE - 2);
    assert_eq!(village.store.forget_ended_sessions().await.unwrap(), 0);
    village.clock.pass(1);
    assert_eq!(village.store.forget_ended_sessions().await.unwrap(), 1);
    assert!(village.store.session(&later.token).await.unwrap().is_some());
    village.clock.pass(1);
    assert_eq!(village.store.forget_ended_sessions().await.unwrap(), 1);
}
