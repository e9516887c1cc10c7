//! The horizon: what went is told for 400 days; who comes later pulls anew, and nothing else
//! changes.

use crate::fixture::*;
use domain::ids::RecordId;
use domain::operations::{Action, Withdraw};
use domain::ports::{From, Journal};
use domain::records::Record;
use domain::scopes::{Page, Scope};
use domain::time::DAY;
use store::{Place, check};

async fn page(village: &Village, scope: &Scope, from: From, limit: u32) -> Page<Record> {
    let page = village.store.pull(scope, Some(village.store.epoch()), from, limit).await.unwrap();
    serde_json::from_slice(&page.json).unwrap()
}

/// Places and what is there, as one reads them.
fn places(page: &Page<Record>) -> Vec<(u64, bool)> {
    page.rows.iter().map(|row| (row.seq, row.record.is_some())).collect()
}

async fn proposed(village: &Village, consultation: RecordId, numbers: std::ops::Range<u64>) -> Vec<RecordId> {
    let mut made = Vec::new();
    for number in numbers {
        let item = act(&citizen(), number, propose(consultation, &format!("Idée {number}")));
        made.push(village.push(item).await.0.records[0]);
    }
    made
}

async fn withdraw(village: &Village, number: u64, consultation: RecordId, record: RecordId) {
    village.push(act(&citizen(), number, Action::Withdraw(Withdraw { consultation, record }))).await;
}

async fn is_sound(village: &Village) {
    assert_eq!(check(&Place::data(village.path())).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn an_old_cursor_is_told_to_begin_anew_and_the_rest_goes_on() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let scope = contributions(consultation);
    let made = proposed(&village, consultation, 10..14).await;
    withdraw(&village, 20, consultation, made[0]).await;
    village.clock.pass(400 * DAY);
    assert_eq!(village.store.forget_long_gone().await.unwrap(), 0);
    let told = page(&village, &scope, From::After(3), 500).await;
    assert_eq!((places(&told), told.resync), (vec![(4, true), (5, false)], false));

    village.clock.pass(1);
    assert_eq!(village.store.forget_long_gone().await.unwrap(), 1);
    is_sound(&village).await;
    // Whether a record lies after the cursor or nothing at all.
    for cursor in [1, 3, 4] {
        let told = page(&village, &scope, From::After(cursor), 500).await;
        assert!(told.resync && told.rows.is_empty(), "{cursor}: {told:?}");
    }
    // Who has heard of it goes on; who knows nothing begins with what is there.
    let told = page(&village, &scope, From::After(5), 500).await;
    assert_eq!((places(&told), told.head, told.resync), (vec![], 5, false));
    let all = vec![(2, true), (3, true), (4, true)];
    assert_eq!(places(&page(&village, &scope, From::After(0), 500).await), all);
    let newest = page(&village, &scope, From::Before(u64::MAX), 500).await;
    assert_eq!(places(&newest), [(4, true), (3, true), (2, true)]);
    assert!(!newest.resync);

    // Other scopes have a horizon of their own, and nothing is forgotten twice.
    let trail = page(&village, &Scope::Person(citizen().id), From::After(1), 500).await;
    assert!(!trail.resync);
    assert_eq!(village.store.forget_long_gone().await.unwrap(), 0);
    // What comes later is told to who is past the horizon, and the scope stays sound.
    village.push(act(&clerk(), 30, open(village_now(&village).plus(7 * DAY)))).await;
    let again = act(&clerk(), 31, Action::Answer(answer(consultation, made[1])));
    village.push(again).await;
    assert_eq!(places(&page(&village, &scope, From::After(5), 500).await), [(6, true)]);
    is_sound(&village).await;
}

fn village_now(village: &Village) -> domain::time::Millis {
    domain::ports::Clock::now(&village.clock)
}

fn answer(consultation: RecordId, record: RecordId) -> domain::operations::Answer {
    domain::operations::Answer { consultation, record, text: localized("Oui.") }
}

#[tokio::test]
async fn pages_that_are_kept_do_not_outlive_what_they_tell() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let scope = contributions(consultation);
    let made = proposed(&village, consultation, 10..15).await;
    withdraw(&village, 20, consultation, made[0]).await;
    withdraw(&village, 21, consultation, made[1]).await;
    proposed(&village, consultation, 30..33).await;
    // A full page, which is kept.
    let before = page(&village, &scope, From::After(5), 3).await;
    assert_eq!(places(&before), [(6, false), (7, false), (8, true)]);
    village.clock.pass(401 * DAY);
    assert_eq!(village.store.forget_long_gone().await.unwrap(), 2);
    assert!(page(&village, &scope, From::After(5), 3).await.resync);
    assert!(!page(&village, &scope, From::After(7), 3).await.resync);
    // It holds in the next life of the process too.
    village.store.clone().close().await;
    is_sound(&village).await;
    let store = store::Store::open_with(village.path(), options(&village.clock, 900)).await.unwrap();
    let told = store.pull(&scope, None, From::After(5), 3).await.unwrap();
    assert!(String::from_utf8(told.json.to_vec()).unwrap().contains("\"resync\":true"));
}

#[tokio::test]
async fn what_came_back_is_not_forgotten() {
    let village = Village::new().await;
    let key = community().key;
    village.store.put(vec![domain::rules::Change { key: key.clone(), record: None }]).await.unwrap();
    village.clock.pass(401 * DAY);
    village.store.put(vec![community()]).await.unwrap();
    assert_eq!(village.store.forget_long_gone().await.unwrap(), 0);
    assert_eq!(places(&page(&village, &key.scope, From::After(0), 500).await), [(3, true)]);
    is_sound(&village).await;
}
