//! What the offices are told of the server's backups.

use domain::authority::Role;
use rabaska::safekeeping;

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
