//! Uploads that a crash or a restore left half-way: the files tell how much there is, and every
//! one of them can be finished.

use std::path::Path;

use crate::fixture::*;
use crate::safekeeping::picture;
use domain::ids::Hash;
use domain::ports::{BlobError, Blobs};
use sqlx::{Connection, SqliteConnection};

async fn sql(dir: &Path, statement: &'static str) {
    let mut connection = SqliteConnection::connect(dir.join("rabaska.db").to_str().unwrap()).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// No row of a finished file can be written until it is dropped: the engine fails between the
/// move of the file and the note of it.
const FAILING: &str = "CREATE TRIGGER failing BEFORE INSERT ON blobs BEGIN SELECT RAISE(ABORT, 'no'); END";

fn remove_parts(dir: &Path) {
    for part in std::fs::read_dir(dir.join("uploads")).unwrap() {
        std::fs::remove_file(part.unwrap().path()).unwrap();
    }
}

#[tokio::test]
async fn a_file_that_was_moved_and_not_noted_is_finished_by_asking_again() {
    let (village, me, bytes) = (Village::new().await, citizen(), picture(1));
    let (hash, size) = (Hash::of(&bytes), bytes.len() as u64);
    sql(village.path(), FAILING).await;
    let failed = village.store.write(&me.id, &hash, size, 0, &bytes).await;
    assert!(matches!(failed, Err(BlobError::Port(_))), "{failed:?}");
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (size, false));
    sql(village.path(), "DROP TRIGGER failing").await;
    // As the device does it: nothing is left to send, so it sends nothing, at the end.
    assert!(village.store.write(&me.id, &hash, size, size, &[]).await.unwrap());
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (size, true));
    assert_eq!(village.store.read(Some(&me), &hash).await.unwrap().unwrap().bytes, bytes);
}

#[tokio::test]
async fn a_file_that_came_whole_and_was_not_moved_is_finished_too() {
    let (village, me, bytes) = (Village::new().await, citizen(), picture(1));
    let (hash, size) = (Hash::of(&bytes), bytes.len() as u64);
    let (first, rest) = bytes.split_at(20);
    assert!(!village.store.write(&me.id, &hash, size, 0, first).await.unwrap());
    // The last bytes as a crash leaves them: in the part and in its row, and no further.
    let part = std::fs::read_dir(village.path().join("uploads")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&part, [first, rest].concat()).unwrap();
    sql(village.path(), "UPDATE uploads SET received = size").await;
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (size, false));
    assert!(village.store.write(&me.id, &hash, size, size, &[]).await.unwrap());
    assert_eq!(std::fs::read_dir(village.path().join("uploads")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_upload_whose_part_is_missing_starts_again() {
    let (village, me, bytes) = (Village::new().await, citizen(), picture(1));
    let (hash, size) = (Hash::of(&bytes), bytes.len() as u64);
    for received in ["UPDATE uploads SET received = 20", "UPDATE uploads SET received = size"] {
        assert!(!village.store.write(&me.id, &hash, size, 0, &bytes[..20]).await.unwrap());
        sql(village.path(), received).await;
        // A backup put back brings no parts.
        remove_parts(village.path());
        assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (0, false));
        let stale = village.store.write(&me.id, &hash, size, 20, &bytes[20..]).await;
        assert!(matches!(stale, Err(BlobError::Offset(0))), "{stale:?}");
    }
    assert!(village.store.write(&me.id, &hash, size, 0, &bytes).await.unwrap());
    // The same for one that was finished, and whose file is gone.
    std::fs::remove_dir_all(village.path().join("blobs")).unwrap();
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (0, false));
    assert!(!village.store.write(&me.id, &hash, size, 0, &bytes[..20]).await.unwrap());
    assert!(village.store.write(&me.id, &hash, size, 20, &bytes[20..]).await.unwrap());
    assert_eq!(village.store.read(Some(&me), &hash).await.unwrap().unwrap().bytes, bytes);
}

#[tokio::test]
async fn a_part_counts_as_far_as_its_row_and_its_file_agree() {
    let (village, me, bytes) = (Village::new().await, citizen(), picture(1));
    let (hash, size) = (Hash::of(&bytes), bytes.len() as u64);
    assert!(!village.store.write(&me.id, &hash, size, 0, &bytes[..20]).await.unwrap());
    let part = std::fs::read_dir(village.path().join("uploads")).unwrap().next().unwrap().unwrap().path();
    // Written past the row, and not known to be right: a crash before the note.
    std::fs::write(&part, [&bytes[..20], &[0; 9][..]].concat()).unwrap();
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (20, false));
    std::fs::write(&part, &bytes[..7]).unwrap();
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (7, false));
    assert!(village.store.write(&me.id, &hash, size, 7, &bytes[7..]).await.unwrap());
}

#[tokio::test]
async fn a_file_of_someone_else_finishes_nothing_that_was_not_sent() {
    let (village, me, bytes) = (Village::new().await, citizen(), picture(1));
    let (hash, size) = (Hash::of(&bytes), bytes.len() as u64);
    assert!(village.store.write(&clerk().id, &hash, size, 0, &bytes).await.unwrap());
    assert!(!village.store.write(&me.id, &hash, size, 0, &bytes[..20]).await.unwrap());
    remove_parts(village.path());
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (0, false));
    let other = vec![0; bytes.len()];
    let wrong = village.store.write(&me.id, &hash, size, 0, &other).await;
    assert!(matches!(wrong, Err(BlobError::Mismatch)), "{wrong:?}");
    assert_eq!(village.store.offset(&me.id, &hash).await.unwrap(), (0, false));
}

#[tokio::test]
async fn a_picture_has_8_mib_at_most() {
    let (village, me, small) = (Village::new().await, citizen(), picture(1));
    // The picture's own data is what makes it long.
    let (head, end) = small.split_at(small.len() - 2);
    let picture = |size: usize| [head, &vec![0x12; size - small.len()], end].concat();
    let (bytes, larger) = (picture(8 << 20), picture((8 << 20) + 1));
    let hash = Hash::of(&bytes);
    assert!(village.store.write(&me.id, &hash, bytes.len() as u64, 0, &bytes).await.unwrap());
    let refused =
        village.store.write(&me.id, &Hash::of(&larger), larger.len() as u64, 0, &larger[..1_000]).await;
    assert!(matches!(refused, Err(BlobError::TooLarge)), "{refused:?}");
    // Nor by saying less and sending more.
    let hidden = village.store.write(&me.id, &Hash::of(&larger), 8 << 20, 0, &larger).await;
    assert!(matches!(hidden, Err(BlobError::TooLarge)), "{hidden:?}");
}
