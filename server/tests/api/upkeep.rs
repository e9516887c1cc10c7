//! The daily upkeep does its work by itself.

use std::sync::Arc;
use std::time::Duration;

use domain::ports::{From, Journal};
use domain::rules::Change;
use domain::scopes::Key;
use domain::time::{DAY, Millis};
use rabaska::import::territory;
use rabaska::system::{SetClock, SystemRandom};
use rabaska::upkeep;
use store::Store;

use crate::site::TERRITORY;

#[tokio::test]
async fn what_went_long_ago_is_forgotten_by_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SetClock::default());
    clock.set(Millis(1_795_392_000_000));
    let store = Store::open(folder.path(), clock.clone(), Arc::new(SystemRandom)).await.unwrap();
    territory::load(&store, territory::read(TERRITORY).unwrap()).await.unwrap();
    let key = Key::community(&"laforce".parse().unwrap());
    let scope = key.scope.clone();
    store.put(vec![Change { key, record: None }]).await.unwrap();
    clock.set(Millis(1_795_392_000_000).plus(401 * DAY));
    let keeping = tokio::spawn(upkeep::keep(store.clone()));
    let told = async || {
        let page = store.pull(&scope, None, From::After(1), 500).await.unwrap();
        String::from_utf8_lossy(&page.json).contains("\"resync\":true")
    };
    for _ in 0..200 {
        if told().await {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(told().await, "nothing was forgotten");
    keeping.abort();
}
