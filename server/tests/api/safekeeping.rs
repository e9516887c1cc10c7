//! What the offices are told of the server's backups.

use std::sync::Arc;

use domain::authority::Role;
use domain::time::{DAY, HOUR, Millis};
use rabaska::safekeeping::{self, Nightly};
use rabaska::system::{SetClock, SystemRandom};
use store::{Place, Store, check};

use crate::site::Site;

#[tokio::test]
async fn each_office_is_told_of_the_latest_backup_and_an_unchanged_one_moves_nothing() {
    let site = Site::new().await;
    let clerk = site.someone(Role::Clerk).await;
    let told = async || {
        let page = site.get("/api/v1/pull?scope=desk/laforce").as_(&clerk).send().await.json();
        let rows = page["rows"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["name"] == "safekeeping");
        (row.map(|row| row["record"].clone()), page["head"].as_u64())
    };
    assert_eq!(told().await.0, None);
    safekeeping::tell(&site.store).await.unwrap();
    let (none_yet, head) = told().await;
    assert_eq!(none_yet, Some(serde_json::json!({ "kind": "safekeeping" })));
    safekeeping::tell(&site.store).await.unwrap();
    assert_eq!(told().await.1, head);

    let folder = tempfile::tempdir().unwrap();
    site.store.backup(folder.path()).await.unwrap();
    let made = site.store.last_backup().await.unwrap().unwrap();
    safekeeping::tell(&site.store).await.unwrap();
    let expected = serde_json::json!({ "kind": "safekeeping", "last_backup": made.0 });
    assert_eq!(told().await.0, Some(expected));
}

#[tokio::test]
async fn each_night_has_its_backup_one_that_fails_is_tried_again_and_old_ones_go() {
    let (data, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clock = Arc::new(SetClock::default());
    // A Monday night.
    let began = Millis(1_795_392_000_000 + 7 * HOUR);
    clock.set(began);
    let store = Store::open(data.path(), clock.clone(), Arc::new(SystemRandom)).await.unwrap();
    let nightly = Nightly { folder: place.path().join("backups"), keep_days: 4 };
    let night = async || safekeeping::back_up(&store, &nightly, &*clock).await;
    // A file lies where the folder belongs.
    std::fs::write(&nightly.folder, "").unwrap();
    assert!(night().await.is_err());
    assert_eq!(store.last_backup().await.unwrap(), None);
    std::fs::remove_file(&nightly.folder).unwrap();
    let first = night().await.unwrap().unwrap();
    let read = Place { dir: first.folder.clone(), blobs: nightly.folder.join("blobs") };
    assert_eq!(check(&read).await.unwrap().findings, Vec::<String>::new());
    assert!(night().await.unwrap().is_none(), "once in a night");
    for day in 1..=5 {
        clock.set(began.plus(day * DAY));
        assert!(night().await.unwrap().is_some());
    }
    assert!(!first.folder.exists(), "five days old, and four are kept");
    assert_eq!(store.last_backup().await.unwrap(), Some(began.plus(5 * DAY)));
}
