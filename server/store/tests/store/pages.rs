//! Pages end by bytes as well as by rows.

use domain::ids::RecordId;
use domain::operations::{Action, Propose, Withdraw};
use domain::ports::{From, Journal};
use domain::records::{Record, Rule};
use domain::scopes::{Page, Scope};

use crate::fixture::*;

const BYTES_MAX: usize = 512 << 10;

/// Forty proposals of the longest text that there is: 800 KB.
async fn long_ones(village: &Village, consultation: RecordId) {
    let mut submissions = Vec::new();
    for number in 0..40 {
        let Action::Propose(plain) = propose(consultation, "Un long") else { unreachable!() };
        let text = Some("🛶".repeat(5_000).parse().unwrap());
        submissions.push(act(&citizen(), 10 + number, Action::Propose(Propose { text, ..plain })));
    }
    village.store.append(submissions).await.unwrap();
}

async fn page(village: &Village, scope: &Scope, from: From) -> Page<Record> {
    let page = village.store.pull(scope, None, from, 500).await.unwrap();
    assert!(page.json.len() < BYTES_MAX + 1_000, "{}", page.json.len());
    serde_json::from_slice(&page.json).unwrap()
}

fn places(page: &Page<Record>) -> Vec<u64> {
    page.rows.iter().map(|row| row.seq).collect()
}

#[tokio::test]
async fn a_page_of_long_texts_is_cut_and_the_next_ones_bring_the_rest_in_both_directions() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    long_ones(&village, consultation).await;
    for scope in [contributions(consultation), Scope::Desk(laforce())] {
        let first = page(&village, &scope, From::After(0)).await;
        assert!(first.more && first.rows.len() > 20, "{}", first.rows.len());
        assert_eq!(first.cursor, *places(&first).last().unwrap());
        let second = page(&village, &scope, From::After(first.cursor)).await;
        assert!(!second.more);
        assert_eq!([places(&first), places(&second)].concat(), (1..=40).collect::<Vec<_>>());
        let newest = page(&village, &scope, From::Before(u64::MAX)).await;
        assert!(newest.more && newest.rows.len() > 20);
        assert_eq!(newest.cursor, *places(&newest).last().unwrap());
        let older = page(&village, &scope, From::Before(newest.cursor)).await;
        assert!(!older.more);
        assert_eq!([places(&newest), places(&older)].concat(), (1..=40).rev().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_page_that_was_cut_and_kept_is_made_anew_when_something_leaves_it() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    long_ones(&village, consultation).await;
    let scope = contributions(consultation);
    for from in [From::After(0), From::Before(41)] {
        let first = page(&village, &scope, from).await;
        assert_eq!(page(&village, &scope, from).await.rows.len(), first.rows.len());
        let gone = first.rows[3].name.clone();
        let record = gone.parse().unwrap();
        let withdraw = Action::Withdraw(Withdraw { consultation, record });
        village.push(act(&citizen(), 100 + first.rows[3].seq, withdraw)).await;
        let anew = page(&village, &scope, from).await;
        assert!(!anew.rows.iter().any(|row| row.name == gone && row.record.is_some()));
        assert_ne!(places(&anew), places(&first));
    }
}

#[tokio::test]
async fn one_record_longer_than_a_page_is_told_all_the_same() {
    let village = Village::new().await;
    let mut change = community();
    let Some(Record::Community(lists)) = &mut change.record else { unreachable!() };
    for number in 0..40 {
        let explanation = localized(&"🛶".repeat(5_000));
        let id = format!("rule-{number}").parse().unwrap();
        lists.rules.push(Rule { id, label: localized("Long"), explanation, retired: false });
    }
    village.store.put(vec![change]).await.unwrap();
    village.open_consultation().await;
    let scope = Scope::Community(laforce());
    let told = village.store.pull(&scope, None, From::After(0), 500).await.unwrap();
    assert!(told.json.len() > BYTES_MAX);
    let first: Page<Record> = serde_json::from_slice(&told.json).unwrap();
    assert_eq!((first.rows.len(), first.more), (1, true));
    assert_eq!(page(&village, &scope, From::After(first.cursor)).await.rows.len(), 1);
}
