//! Making backups again and again: what a failed one leaves behind, and how long they stay.

use std::path::Path;

use domain::operations::{Action, AttachDocument, BlobRef};
use domain::ports::Blobs;
use domain::time::DAY;
use sqlx::{Connection, SqliteConnection};
use store::{Place, Store, check};

use crate::fixture::*;
use crate::safekeeping::upload;

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_failed_backup_leaves_nothing_behind_and_the_next_one_removes_what_a_killed_one_left() {
    let folder = tempfile::tempdir().unwrap();
    let village = Village::new().await;
    village.open_consultation().await;
    let backup = async || {
        village.clock.pass(DAY);
        village.store.backup(folder.path()).await
    };
    let killed = folder.path().join("1795000000000-unfinished");
    std::fs::create_dir(&killed).unwrap();
    std::fs::write(killed.join("rabaska.db"), "half").unwrap();
    let other = folder.path().join("notes-unfinished");
    std::fs::create_dir(&other).unwrap();
    let first = backup().await.unwrap();
    let first = first.folder.file_name().unwrap().to_str().unwrap().to_owned();
    let whole = [first, "blobs".to_owned(), "changes.jsonl".to_owned(), "notes-unfinished".to_owned()];
    assert_eq!(names(folder.path()), whole, "what is not ours stays");

    // A log that cannot be written: the backup would not know what is hidden after it.
    let log = folder.path().join("changes.jsonl");
    std::fs::rename(&log, folder.path().join("log")).unwrap();
    std::fs::create_dir(&log).unwrap();
    assert!(backup().await.is_err());
    std::fs::remove_dir(&log).unwrap();
    std::fs::rename(folder.path().join("log"), &log).unwrap();
    assert_eq!(names(folder.path()), whole);

    // A damaged database: its copy does not read back.
    let mut connection =
        SqliteConnection::connect(village.path().join("rabaska.db").to_str().unwrap()).await.unwrap();
    sqlx::query("UPDATE operations SET body = body || ' '").execute(&mut connection).await.unwrap();
    assert!(backup().await.unwrap_err().to_string().contains("does not read back"));
    assert_eq!(names(folder.path()), whole);
    let last = village.store.last_backup().await.unwrap();
    assert_eq!(last, Some(NOW.plus(DAY)), "and it is not counted");
}

#[tokio::test]
async fn old_backups_go_with_the_photos_that_only_they_had_and_the_newest_three_stay() {
    let folder = tempfile::tempdir().unwrap();
    let village = Village::new().await;
    let kept = || names(folder.path()).into_iter().filter_map(|name| name.parse::<i64>().ok());
    let days = || kept().map(|time| (time - NOW.0) / DAY).collect::<Vec<_>>();
    for number in 0..6 {
        village.push(act(&clerk(), number, open(NOW.plus(20 * DAY)))).await;
        village.store.backup(folder.path()).await.unwrap();
        village.clock.pass(DAY);
    }
    let shelf = folder.path().join("blobs/ab");
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join("ab12"), "of no backup").unwrap();
    assert_eq!(village.store.prune(folder.path(), 30).await.unwrap(), 0);
    assert!(shelf.join("ab12").exists() && days() == [0, 1, 2, 3, 4, 5]);
    // It is the sixth day: older than four days are those of the days 0 and 1.
    assert_eq!(village.store.prune(folder.path(), 4).await.unwrap(), 2);
    assert!(!shelf.join("ab12").exists() && days() == [2, 3, 4, 5]);
    village.clock.pass(400 * DAY);
    assert_eq!(village.store.prune(folder.path(), 4).await.unwrap(), 1);
    assert_eq!(days(), [3, 4, 5], "a server that was off for a year has three");
    for time in kept() {
        let place = Place { dir: folder.path().join(time.to_string()), blobs: folder.path().join("blobs") };
        assert_eq!(check(&place).await.unwrap().findings, Vec::<String>::new());
    }
}

#[tokio::test]
async fn photos_that_a_remaining_backup_names_stay() {
    let folder = tempfile::tempdir().unwrap();
    let village = crate::safekeeping::lived_in().await;
    for _ in 0..5 {
        village.store.backup(folder.path()).await.unwrap();
        village.clock.pass(DAY);
    }
    assert_eq!(village.store.prune(folder.path(), 0).await.unwrap(), 2);
    for time in names(folder.path()).into_iter().filter_map(|name| name.parse::<i64>().ok()) {
        let place = Place { dir: folder.path().join(time.to_string()), blobs: folder.path().join("blobs") };
        let report = check(&place).await.unwrap();
        assert!(report.findings.is_empty() && report.blobs == 2, "{report:?}");
    }
}

#[tokio::test]
async fn a_document_is_in_the_backup_and_served_after_a_restore() {
    let (village, folder) = (Village::new().await, tempfile::tempdir().unwrap());
    let consultation = village.open_consultation().await;
    let pdf = b"%PDF-1.4\n%%EOF\n".to_vec();
    let file = upload(&village.store, &clerk().id, &pdf).await;
    let attach = AttachDocument { consultation, title: localized("Le plan"), file };
    let blobs = vec![BlobRef { sha256: file, size: pdf.len() as u64 }];
    village.push(act_with(&clerk(), 2, Action::AttachDocument(attach), blobs)).await;
    let made = village.store.backup(folder.path()).await.unwrap();
    let place = Place { dir: made.folder.clone(), blobs: folder.path().join("blobs") };
    assert_eq!(check(&place).await.unwrap().blobs, 1);
    // One that was changed is found.
    let name = file.to_string();
    let kept = folder.path().join("blobs").join(&name[..2]).join(&name);
    std::fs::write(&kept, b"%PDF-1.4\n%%EOF ").unwrap();
    let findings = check(&place).await.unwrap().findings;
    assert!(findings.iter().any(|found| found.contains("was changed")), "{findings:?}");
    std::fs::write(&kept, &pdf).unwrap();

    let fresh = tempfile::tempdir().unwrap();
    let options = options(&village.clock, 500);
    store::restore(&made.folder, fresh.path(), true, &*options.clock, &*options.random).await.unwrap();
    let store = Store::open_with(fresh.path(), options).await.unwrap();
    assert_eq!(store.read(None, &file).await.unwrap().unwrap().bytes, pdf);
}
