//! The daily upkeep does its work by itself.

use std::sync::Arc;
use std::time::Duration;

use domain::authority::Role;
use domain::ids::Hash;
use domain::ports::{Blobs, From, Identity, Journal};
use domain::rules::Change;
use domain::scopes::Key;
use domain::time::{DAY, Millis};
use rabaska::import::territory;
use rabaska::system::{SetClock, SystemRandom};
use rabaska::upkeep;
use sqlx::{Connection, SqliteConnection};
use store::Store;

use crate::site::TERRITORY;

#[tokio::test]
async fn what_went_long_ago_or_was_left_behind_is_forgotten_by_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SetClock::default());
    clock.set(Millis(1_795_392_000_000));
    let store = Store::open(folder.path(), clock.clone(), Arc::new(SystemRandom)).await.unwrap();
    territory::load(&store, territory::read(TERRITORY).unwrap()).await.unwrap();
    let key = Key::community(&"laforce".parse().unwrap());
    let scope = key.scope.clone();
    store.put(vec![Change { key, record: None }]).await.unwrap();
    // An upload that nothing names, and a session that ends by its age.
    let name = "P (fictive)".parse().unwrap();
    let (me, code) = store.add(name, "laforce".parse().unwrap(), Role::Participant).await.unwrap();
    store.write(&me, &Hash([7; 32]), 9, 0, b"\xFF\xD8").await.unwrap();
    store.open(code).await.unwrap();
    clock.set(Millis(1_795_392_000_000).plus(401 * DAY));
    let keeping = tokio::spawn(upkeep::keep(store.clone()));
    let told = async || {
        let page = store.pull(&scope, None, From::After(1), 500).await.unwrap();
        String::from_utf8_lossy(&page.json).contains("\"resync\":true")
    };
    let database = folder.path().join("rabaska.db");
    let sessions = async || -> i64 {
        let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&mut connection).await.unwrap()
    };
    for _ in 0..200 {
        if told().await && sessions().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(told().await, "nothing was forgotten");
    assert_eq!(sessions().await, 0);
    assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
    keeping.abort();
}
