//! Codes and sessions.

use domain::authority::Role;
use domain::codes::Code;
use domain::ports::{CodeError, Identity};
use sqlx::{Connection, SqliteConnection};
use store::Store;

use crate::fixture::*;

async fn joined() -> (Village, Code, domain::ids::PersonId) {
    let village = Village::new().await;
    let (id, code) =
        village.store.add("Aline (fictive)".parse().unwrap(), laforce(), Role::Participant).await.unwrap();
    (village, code, id)
}

/// The same selector, another secret.
fn wrong(code: &Code) -> Code {
    let mut text = code.to_string();
    let last = if text.ends_with('0') { '1' } else { '0' };
    text.pop();
    text.push(last);
    text.parse().unwrap()
}

#[tokio::test]
async fn a_code_signs_its_person_in_on_any_number_of_devices_until_it_is_revoked() {
    let (village, code, id) = joined().await;
    let first = village.store.open(code).await.unwrap();
    let second = village.store.open(code).await.unwrap();
    assert_ne!(first.token, second.token);
    for token in [&first.token, &second.token] {
        assert_eq!(village.store.session(token).await.unwrap().unwrap().id, id);
    }
    Identity::close(&village.store, &first.token).await.unwrap();
    assert!(village.store.session(&first.token).await.unwrap().is_none());
    assert!(village.store.session(&second.token).await.unwrap().is_some());
    village.store.revoke(&id).await.unwrap();
    assert!(village.store.session(&second.token).await.unwrap().is_none());
    assert!(matches!(village.store.open(code).await, Err(CodeError::Refused)));
}

#[tokio::test]
async fn a_session_ends_after_a_year_whether_it_was_asked_for_lately_or_not() {
    let (village, code, _) = joined().await;
    let (asked, unasked) = (village.store.open(code).await.unwrap(), village.store.open(code).await.unwrap());
    village.clock.pass(domain::ports::SESSION_LIFE - 1);
    assert!(village.store.session(&asked.token).await.unwrap().is_some());
    village.clock.pass(1);
    for token in [&asked.token, &unasked.token] {
        assert!(village.store.session(token).await.unwrap().is_none());
    }
    village.store.open(code).await.unwrap();
}

#[tokio::test]
async fn failures_are_slowed_whether_the_code_exists_or_not_and_the_count_survives_a_restart() {
    let (village, code, _) = joined().await;
    let nobody: Code = "ZZZZ-ZZZZ-ZZZZ".parse().unwrap();
    for guess in [wrong(&code), nobody] {
        for _ in 0..5 {
            assert!(matches!(village.store.open(guess).await, Err(CodeError::Refused)));
        }
        assert!(matches!(village.store.open(guess).await, Err(CodeError::Slowed { retry_after: 2_000 })));
    }
    village.store.clone().close().await;
    let Village { dir, store, clock, .. } = village;
    drop(store);
    let store = Store::open_with(dir.path(), options(&clock, 77)).await.unwrap();
    assert!(matches!(store.open(code).await, Err(CodeError::Slowed { .. })), "even the right one waits");
    clock.pass(2_000);
    store.open(code).await.unwrap();
    assert!(matches!(store.open(wrong(&code)).await, Err(CodeError::Refused)), "and the count begins anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_guesses_are_five_however_many_come_at_once() {
    let (village, code, _) = joined().await;
    let (guess, store) = (wrong(&code), village.store.clone());
    let nobody: Code = "ZZZZ-ZZZZ-ZZZZ".parse().unwrap();
    for guess in [guess, nobody] {
        let at_once = (0..200).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.open(guess).await })
        });
        let (mut refused, mut slowed) = (0, 0);
        for answer in at_once.collect::<Vec<_>>() {
            match answer.await.unwrap() {
                Err(CodeError::Refused) => refused += 1,
                Err(CodeError::Slowed { retry_after }) => slowed += i32::from(retry_after == 2_000),
                other => panic!("{:?}", other.err()),
            }
        }
        assert_eq!((refused, slowed), (5, 195));
    }
    // Two seconds later there is one guess, and then none for four.
    village.clock.pass(2_000);
    assert!(matches!(store.open(wrong(&code)).await, Err(CodeError::Refused)));
    assert!(matches!(store.open(code).await, Err(CodeError::Slowed { retry_after: 4_000 })));
}

#[tokio::test]
async fn whoever_hangs_up_with_the_right_code_is_not_counted_as_wrong() {
    let (village, code, _) = joined().await;
    for _ in 0..8 {
        let store = village.store.clone();
        let asked = tokio::spawn(async move { store.open(code).await });
        while tries(&village).await == 0 && !asked.is_finished() {
            tokio::task::yield_now().await;
        }
        asked.abort();
        let done = async {
            while tries(&village).await > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), done).await.unwrap();
    }
    village.store.open(code).await.unwrap();
}

/// How many selectors have failed tries.
async fn tries(village: &Village) -> i64 {
    let mut connection =
        SqliteConnection::connect(village.path().join("rabaska.db").to_str().unwrap()).await.unwrap();
    let tries =
        sqlx::query_scalar("SELECT count(*) FROM code_tries").fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    tries
}

#[tokio::test]
async fn neither_secret_nor_token_lies_in_the_database() {
    let (village, code, _) = joined().await;
    let opened = village.store.open(code).await.unwrap();
    village.store.clone().close().await;
    for file in ["rabaska.db", "rabaska.db-wal"] {
        let bytes = std::fs::read(village.path().join(file)).unwrap_or_default();
        for secret in [code.secret(), opened.token.clone()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{file}");
        }
    }
}
