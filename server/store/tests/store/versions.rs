//! Versions of the database: an older one is brought up to date, a newer one is left alone.

use domain::ports::PortError;
use sqlx::{Connection, SqliteConnection};
use store::{Store, restore};

use crate::fixture::*;

/// As a Rabaska to come would leave it.
async fn from_the_future(dir: &std::path::Path) {
    let mut connection = SqliteConnection::connect(dir.join("rabaska.db").to_str().unwrap()).await.unwrap();
    let migrated = sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9000, 'to come', 1, x'00', 0)",
    );
    migrated.execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_binary_older_than_its_database_refuses_to_start_and_changes_nothing() {
    let village = Village::new().await;
    village.open_consultation().await;
    let Village { dir, store, clock } = village;
    store.close().await;
    from_the_future(dir.path()).await;
    let before = std::fs::read(dir.path().join("rabaska.db")).unwrap();
    let opened = Store::open_with(dir.path(), options(&clock, 77)).await;
    assert!(matches!(opened.err(), Some(PortError::Newer)));
    assert_eq!(std::fs::read(dir.path().join("rabaska.db")).unwrap(), before);
}

#[tokio::test]
async fn a_backup_of_a_newer_database_is_not_restored_and_leaves_the_folder_empty() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = Village::new().await;
    let backup = village.store.backup(folder.path()).await.unwrap();
    from_the_future(&backup.folder).await;
    let options = options(&village.clock, 77);
    let restored = restore(&backup.folder, fresh.path(), false, &*options.clock, &*options.random).await;
    assert!(matches!(restored.err(), Some(PortError::Newer)));
    assert_eq!(std::fs::read_dir(fresh.path()).unwrap().count(), 0);
}
