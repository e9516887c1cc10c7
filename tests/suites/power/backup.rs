//! A power cut during a backup: whatever the database says is backed up must read back.

use std::path::Path;

use harness::{Server, run};
use store::Place;

use super::disk::Disk;
use super::trace::{self, Step};

/// How many backups the database knows, after each was read back.
async fn backups(disk: &Disk, root: &Path) -> usize {
    let place = tempfile::tempdir().unwrap();
    disk.leave(place.path(), None);
    let listed = store::list_backups(&place.path().join("data")).await.unwrap();
    for (_, folder) in &listed {
        let dir = place.path().join(Path::new(folder).strip_prefix(root).unwrap());
        let report = store::check(&Place { dir, blobs: place.path().join("backups/blobs") }).await;
        assert_eq!(report.unwrap().findings, Vec::<String>::new());
    }
    listed.len()
}

#[test]
fn a_power_cut_at_any_moment_leaves_no_backup_that_is_noted_and_not_whole() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("root");
        let (data, place) = (root.join("data"), root.join("backups"));
        Server::demo_in(&data).stop();
        let mut disk = Disk::of(&root);
        let words = ["backup".as_ref(), "--data".as_ref(), data.as_ref(), place.as_ref()];
        let steps = trace::command(&words, &root);
        let mut images = 0;
        for (at, step) in steps.iter().enumerate() {
            if matches!(step, Step::Sync { .. }) {
                backups(&disk, &root).await;
                images += 1;
            }
            disk.take(at, step);
        }
        println!("{} cuts, {images} images", steps.len());
        assert_eq!(backups(&disk, &root).await, 1, "it was announced, and it is not there");
    });
}
