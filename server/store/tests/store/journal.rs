//! The journal: once each, together, and told in order.

use crate::fixture::*;
use domain::ids::RecordId;
use domain::operations::{Action, Answer, CloseConsultation, Hide, Withdraw};
use domain::ports::{From, Journal};
use domain::receipts::{Missing, Outcome, PushResult, Refusal};
use domain::records::{DeskState, Record, TrailState};
use domain::scopes::{Page, Scope};
use domain::time::{DAY, HOUR, Millis};
use store::Store;

fn receipt(result: &PushResult) -> &domain::receipts::SignedReceipt {
    let PushResult::Receipt(signed) = result else { panic!("{result:?}") };
    signed
}

#[tokio::test]
async fn a_repeated_push_gets_its_receipt_byte_for_byte_and_changes_nothing() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let proposal = act(&citizen(), 2, propose(consultation, "Un banc"));
    let first = village.store.append(vec![proposal.clone()]).await.unwrap();
    let head = village.store.head(&contributions(consultation)).await.unwrap();
    village.clock.pass(DAY);
    let again = village.store.append(vec![proposal.clone(), proposal]).await.unwrap();
    assert_eq!(again, [first[0].clone(), first[0].clone()]);
    assert!(village.store.verifies(receipt(&first[0])));
    assert_eq!(village.store.head(&contributions(consultation)).await.unwrap(), head);
}

#[tokio::test]
async fn twins_in_one_group_are_one_operation() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let proposal = act(&citizen(), 2, propose(consultation, "Un banc"));
    let pushes = (0..20).map(|_| village.store.append(vec![proposal.clone()]));
    let results = futures_util::future::try_join_all(pushes).await.unwrap();
    assert!(results.iter().all(|result| *result == results[0]));
    assert_eq!(village.pull(&contributions(consultation)).await.rows.len(), 1);
}

#[tokio::test]
async fn a_group_larger_than_a_statement_is_written_as_a_whole_and_replayed_as_a_whole() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let pushed: Vec<_> = (0..150)
        .map(|n| act(&citizen(), 2 + n % 130, propose(consultation, &format!("Un banc {}", n % 130))))
        .collect();
    let results = village.store.append(pushed.clone()).await.unwrap();
    assert!(results.iter().all(|result| village.store.verifies(receipt(result))));
    assert_eq!(results[..20], results[130..], "the same operation again is told the same");
    assert_eq!(village.pull(&contributions(consultation)).await.rows.len(), 130);
    assert_eq!(village.store.append(pushed).await.unwrap(), results);
    village.store.clone().close().await;
    assert!(store::check(&store::Place::data(village.path())).await.unwrap().findings.is_empty());
}

#[tokio::test]
async fn other_bytes_under_the_same_name_are_a_conflict_and_neighbours_are_unharmed() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await;
    let results = village
        .store
        .append(vec![
            act(&citizen(), 3, propose(consultation, "Une lumière")),
            act(&citizen(), 2, propose(consultation, "Un autre banc")),
            act(&citizen(), 4, propose(consultation, "Un quai")),
        ])
        .await
        .unwrap();
    assert!(matches!(results[..], [PushResult::Receipt(_), PushResult::Conflict, PushResult::Receipt(_)]));
    assert_eq!(village.pull(&contributions(consultation)).await.rows.len(), 3);
}

#[tokio::test]
async fn the_same_operation_id_of_another_author_is_simply_another_operation() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let (mine, _) = village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await;
    let other = person("neighbour", domain::authority::Role::Participant);
    let (theirs, _) = village.push(act(&other, 2, propose(consultation, "Un banc"))).await;
    assert_ne!(mine.records, theirs.records);
    assert_eq!((mine.outcome, theirs.outcome), (Outcome::Accepted, Outcome::Accepted));
}

#[tokio::test]
async fn a_proposal_shows_the_public_no_name_and_no_hour_and_the_desk_both() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    village.clock.pass(3 * DAY + 5 * HOUR);
    village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await;
    let public = village.store.pull(&contributions(consultation), None, From::After(0), 500).await.unwrap();
    let text = String::from_utf8(public.json.to_vec()).unwrap();
    assert!(!text.contains("citizen") && !text.contains("Name of"), "{text}");
    assert!(!text.contains(&NOW.plus(3 * DAY + 5 * HOUR).0.to_string()), "{text}");
    assert!(text.contains(&format!("\"week\":{}", NOW.0)), "{text}");
    let desk = village.pull(&Scope::Desk(laforce())).await;
    let Some(Record::DeskItem(item)) = &desk.rows[0].record else { panic!() };
    assert_eq!(item.name.as_str(), "Name of citizen");
}

#[tokio::test]
async fn closing_leaves_the_stated_grace_and_then_refuses_with_the_reason() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let close = Action::CloseConsultation(CloseConsultation { consultation, grace: 48 * HOUR });
    village.push(act(&clerk(), 2, close)).await;
    village.clock.pass(47 * HOUR);
    let (in_time, _) = village.push(act(&citizen(), 3, propose(consultation, "Juste à temps"))).await;
    assert_eq!(in_time.outcome, Outcome::Accepted);
    village.clock.pass(HOUR);
    let (late, _) = village.push(act(&citizen(), 4, propose(consultation, "Trop tard"))).await;
    let since = NOW.plus(48 * HOUR);
    assert_eq!(late.outcome, Outcome::Refused(Refusal::Closed { since }));
    let trail = village.pull(&Scope::Person(citizen().id)).await;
    let Some(Record::Trail(trail)) = &trail.rows[1].record else { panic!() };
    assert_eq!(trail.outcome, late.outcome);
}

#[tokio::test]
async fn an_answer_reaches_public_desk_and_author() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let (proposed, _) = village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await;
    let record = proposed.records[0];
    let answer = Action::Answer(Answer { consultation, record, text: localized("Il sera posé en mai.") });
    village.push(act(&clerk(), 3, answer)).await;
    let public = village.pull(&contributions(consultation)).await;
    let Some(Record::Contribution(proposal)) = &public.rows[0].record else { panic!() };
    assert!(proposal.answer.is_some());
    let desk = village.pull(&Scope::Desk(laforce())).await;
    let Some(Record::DeskItem(item)) = &desk.rows[0].record else { panic!() };
    assert_eq!(item.state, DeskState::Answered);
    let trail = village.pull(&Scope::Person(citizen().id)).await;
    let Some(Record::Trail(trail)) = &trail.rows[0].record else { panic!() };
    assert_eq!((trail.state.clone(), trail.answer.is_some()), (TrailState::Answered, true));
}

#[tokio::test]
async fn a_hidden_text_is_nowhere_in_public_whatever_the_cursor() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let mut records = Vec::new();
    for number in 0..300 {
        let title = format!("Proposition {number} mot{number}fin");
        records.push(act(&citizen(), 10 + number, propose(consultation, &title)));
    }
    let mut ids: Vec<RecordId> = Vec::new();
    for chunk in records.chunks(50) {
        let results = village.store.append(chunk.to_vec()).await.unwrap();
        ids.extend(results.iter().map(|result| receipt(result).read().unwrap().records[0]));
    }
    let scope = contributions(consultation);
    // Fill the kept pages with every cursor that a device could hold.
    for cursor in 0..300 {
        village.store.pull(&scope, None, From::After(cursor), 100).await.unwrap();
    }
    let hide = Hide { consultation, record: ids[170], rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), 9_000, Action::Hide(hide))).await;
    let mut seen_trace = false;
    for cursor in 0..303 {
        for from in [From::After(cursor), From::Before(cursor + 1)] {
            let page = village.store.pull(&scope, None, from, 100).await.unwrap();
            let text = String::from_utf8(page.json.to_vec()).unwrap();
            assert!(!text.contains("mot170fin"), "{from:?}");
            seen_trace |= text.contains("\"rule\":\"off-topic\"");
        }
    }
    assert!(seen_trace);
}

#[tokio::test]
async fn withdrawing_takes_the_public_text_and_keeps_the_desks() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let (proposed, _) = village.push(act(&citizen(), 2, propose(consultation, "Un banc"))).await;
    let withdraw = Action::Withdraw(Withdraw { consultation, record: proposed.records[0] });
    let neighbour = person("neighbour", domain::authority::Role::Participant);
    let (theirs, _) = village.push(act(&neighbour, 3, withdraw.clone())).await;
    assert_eq!(theirs.outcome, Outcome::Refused(Refusal::NotYours));
    let (mine, _) = village.push(act(&citizen(), 4, withdraw.clone())).await;
    assert_eq!(mine.outcome, Outcome::Accepted);
    assert!(village.pull(&contributions(consultation)).await.rows[0].record.is_none());
    let desk = village.pull(&Scope::Desk(laforce())).await;
    let Some(Record::DeskItem(item)) = &desk.rows[0].record else { panic!() };
    assert_eq!((item.state.clone(), item.contribution.title().as_str()), (DeskState::Withdrawn, "Un banc"));
    let (again, _) = village.push(act(&citizen(), 5, withdraw)).await;
    assert_eq!(again.outcome, Outcome::Refused(Refusal::AlreadyWithdrawn));
}

#[tokio::test]
async fn what_must_come_first_is_waited_for_and_nothing_is_stored() {
    let village = Village::new().await;
    let unknown = RecordId([9; 16]);
    let early = act(&citizen(), 2, propose(unknown, "Trop tôt"));
    let results = village.store.append(vec![early]).await.unwrap();
    assert_eq!(results, [PushResult::Waiting(Missing::Record(unknown))]);
    assert_eq!(village.pull(&Scope::Person(citizen().id)).await.rows, []);
}

#[tokio::test]
async fn a_rule_that_panics_harms_its_own_request_only() {
    fn trips(
        operation: &domain::operations::Operation,
        loaded: &domain::rules::Loaded,
        context: domain::rules::Context<'_>,
    ) -> domain::rules::Decision {
        assert!(operation.action.title().is_none_or(|title| title.as_str() != "panique"));
        domain::rules::decide(operation, loaded, context)
    }
    let village = Village::with(|options| store::Options { decide: trips, ..options }).await;
    let consultation = village.open_consultation().await;
    let titles = ["un", "deux", "panique", "quatre"];
    let pushes = titles.iter().zip(10..).map(|(title, number)| {
        village.store.append(vec![act(&citizen(), number, propose(consultation, title))])
    });
    let results = futures_util::future::join_all(pushes).await;
    let stored: Vec<_> = results.iter().map(Result::is_ok).collect();
    assert_eq!(stored, [true, true, false, true]);
    assert_eq!(village.pull(&contributions(consultation)).await.rows.len(), 3);
    let positions: Vec<_> =
        results.iter().flatten().map(|result| receipt(&result[0]).read().unwrap().position).collect();
    assert_eq!(positions.iter().max(), Some(&4), "no position is skipped");
}

#[tokio::test]
async fn a_database_put_back_by_hand_begins_a_new_epoch_and_honours_receipts() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let file = village.path().join("rabaska.db");
    village.store.clone().close().await;
    let Village { dir, store, clock, .. } = village;
    drop(store);
    let old = dir.path().join("old.db");
    std::fs::copy(&file, &old).unwrap();
    let reopened = Store::open_with(dir.path(), options(&clock, 100)).await.unwrap();
    let epoch = reopened.epoch();
    let proposal = act(&citizen(), 2, propose(consultation, "Un banc"));
    let results = reopened.append(vec![proposal.clone()]).await.unwrap();
    let signed = receipt(&results[0]).clone();
    reopened.close().await;
    for ending in ["db-wal", "db-shm"] {
        let _ = std::fs::remove_file(dir.path().join(format!("rabaska.{ending}")));
    }
    std::fs::copy(&old, &file).unwrap();
    clock.pass(30 * DAY);
    let restored = Store::open_with(dir.path(), options(&clock, 200)).await.unwrap();
    assert_ne!(restored.epoch(), epoch);
    // Closed meanwhile: an ordinary push would be refused, its receipt is honoured.
    let offered = domain::ports::Submission { receipt: Some(signed.clone()), ..proposal };
    let results = restored.append(vec![offered]).await.unwrap();
    assert_eq!(results, [PushResult::Receipt(signed)]);
    let page: Page<Record> = pull(&restored, &contributions(consultation), 0).await;
    let Some(Record::Contribution(proposal)) = &page.rows[0].record else { panic!() };
    assert_eq!(proposal.week.monday(), Millis(NOW.0));
}
