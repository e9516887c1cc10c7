//! A faulty line between a sealed item and its receipt.

use std::time::Duration;

use app::offline::sender::Step;
use app::offline::store::{DeviceStore, Table, Value, Write};
use app::offline::transport::Transport;
use domain::ids::Salt;
use domain::operations::{Action, seal};
use domain::outbox::{Item, State, Unsendable};
use domain::receipts::PushResult;
use harness::{Fault, Mode, Phone, run};

use super::{Lake, citizen};

/// Sends one proposal through a fault that passes, and sees that it stands there once.
async fn survives(mode: Mode, arrives: usize) {
    let Lake { server, proxy, phone } = Lake::new().await;
    phone.set_patience(Duration::from_millis(1_500));
    let consultation = phone.open_consultation().await;
    let op = phone.propose(consultation, "Un banc au bout du quai, bleu").await;
    proxy.set(Fault::new(mode).on("/api/v1/push")).await;
    assert!(matches!(phone.try_once().await, Step::Failed(_)));
    assert_eq!(phone.item(op).await.state, State::Sealed);
    assert_eq!(proxy.forwarded("POST", "/api/v1/push"), arrives);
    proxy.pass().await;
    phone.send_all().await;
    assert_eq!(phone.item(op).await.state, State::Accepted);
    let there = phone.titles(consultation).await;
    assert_eq!(there.iter().filter(|title| *title == "Un banc au bout du quai, bleu").count(), 1);
    drop(server);
}

#[test]
fn a_truncated_answer_is_no_receipt() {
    run(survives(Mode::Truncate { bytes: 60 }, 1));
}

#[test]
fn a_black_hole_is_given_up_and_tried_again() {
    run(survives(Mode::Blackhole, 0));
}

#[test]
fn a_socket_closed_after_the_body_sends_the_same_item_again() {
    run(survives(Mode::CloseAfterBody, 1));
}

#[test]
fn a_reset_is_no_answer() {
    run(survives(Mode::Rst, 0));
}

#[test]
fn a_captive_portals_200_is_no_receipt() {
    run(survives(Mode::CaptivePortal, 0));
}

#[test]
fn retry_after_is_honoured() {
    run(async {
        let Lake { server: _server, proxy, phone } = Lake::new().await;
        let consultation = phone.open_consultation().await;
        phone.propose(consultation, "Plus tard").await;
        proxy.set(Fault::new(Mode::unavailable(30)).on("/api/v1/push")).await;
        let Step::Failed(error) = phone.try_once().await else { panic!("it was taken") };
        assert_eq!(error.retry_after, Some(30));
        proxy.pass().await;
        assert!(matches!(phone.sender.step().await.unwrap(), Step::Later(_)), "not before 30 s are over");
    });
}

#[test]
fn twenty_parallel_identical_posts_are_one_operation() {
    run(async {
        let lake = Lake::new().await;
        let phone = &lake.phone;
        let consultation = phone.open_consultation().await;
        let op = phone.propose(consultation, "Une seule fois").await;
        let envelope = phone.item(op).await.envelope().unwrap();
        let posts = (0..20).map(|_| phone.wire.push(vec![envelope.clone()]));
        let answers = futures_util::future::try_join_all(posts).await.unwrap();
        assert!(matches!(answers[0][0], PushResult::Receipt(_)));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "byte-equal receipts");
        let there = phone.titles(consultation).await;
        assert_eq!(there.iter().filter(|title| *title == "Une seule fois").count(), 1);
    });
}

#[test]
fn the_same_id_with_changed_bytes_is_a_conflict_and_its_neighbours_are_unharmed() {
    run(async {
        let lake = Lake::new().await;
        let phone = &lake.phone;
        let consultation = phone.open_consultation().await;
        let op = phone.propose(consultation, "Les premiers mots").await;
        phone.send_all().await;
        let item = phone.item(op).await;
        let action = item.operation().unwrap().action;
        let body = seal(Salt([3; 32]), item.sealed_at, vec![], &action).unwrap();
        let changed = Item { body, state: State::Sealed, receipt: None, ..item };
        let text = Value::Text(serde_json::to_string(&changed).unwrap());
        phone.store.commit(vec![Write::Put(Table::Outbox, op.to_string(), text)]).await.unwrap();
        let before = phone.propose(consultation, "Un voisin").await;
        phone.send_all().await;
        assert_eq!(phone.item(op).await.state, State::Unsendable(Unsendable::Conflict));
        assert_eq!(phone.item(before).await.state, State::Accepted);
    });
}

#[test]
fn the_same_id_of_another_author_is_another_operation_and_reveals_nothing() {
    run(async {
        let Lake { server, proxy: _proxy, phone } = Lake::new().await;
        let consultation = phone.open_consultation().await;
        let op = phone.propose(consultation, "Le mien").await;
        phone.send_all().await;
        let mine = phone.item(op).await;
        let neighbours = server.people_of(&harness::Role::Participant, "laforce");
        let other = Phone::of(neighbours[1], server.port()).await;
        let theirs = Item { author: Some(other.me.id.clone()), receipt: None, ..mine.clone() };
        let answers = other.wire.push(vec![theirs.envelope().unwrap()]).await.unwrap();
        let PushResult::Receipt(signed) = &answers[0] else { panic!("{answers:?}") };
        assert_ne!(signed.read().unwrap().records, mine.receipt.unwrap().read().unwrap().records);
    });
}

#[test]
fn an_undecodable_and_an_unknown_item_among_fifty_harm_nobody() {
    run(async {
        let Lake { server, proxy: _proxy, phone } = Lake::new().await;
        let consultation = phone.open_consultation().await;
        let mut envelopes = Vec::new();
        for number in 0..50 {
            let op = phone.propose(consultation, &format!("Parmi cinquante, {number}")).await;
            envelopes.push(serde_json::to_value(phone.item(op).await.envelope().unwrap()).unwrap());
        }
        envelopes[7] = serde_json::json!({ "colour": "red" });
        let body = envelopes[23]["body"].as_str().unwrap().replace("\"propose\"", "\"dance\"");
        envelopes[23]["body"] = body.into();
        let answers = harness::post_push(&phone, envelopes).await;
        for (place, answer) in answers.iter().enumerate() {
            match place {
                7 => assert!(matches!(answer, PushResult::Invalid { .. })),
                23 => assert_eq!(*answer, PushResult::Unsupported),
                _ => assert!(matches!(answer, PushResult::Receipt(_)), "{place}: {answer:?}"),
            }
        }
        let there = phone.titles(consultation).await;
        assert_eq!(there.iter().filter(|title| title.starts_with("Parmi cinquante")).count(), 48);
        drop(server);
    });
}

#[test]
fn a_session_that_ends_mid_queue_pauses_until_signing_in_again() {
    run(async {
        let Lake { server, proxy: _proxy, phone } = Lake::new().await;
        let consultation = phone.open_consultation().await;
        phone.wire.close_session().await.unwrap();
        let op = phone.propose(consultation, "Après la session").await;
        assert!(matches!(phone.try_once().await, Step::Failed(_)));
        assert_eq!(phone.try_once().await, Step::Nothing, "nothing leaves before signing in");
        let me = phone.wire.open_session(&citizen(&server).code).await.unwrap();
        app::offline::session::change(&*phone.store, Some(&me)).await.unwrap();
        phone.send_all().await;
        assert_eq!(phone.item(op).await.state, State::Accepted);
    });
}

#[test]
fn a_hidden_item_is_in_no_page_whatever_the_cursor() {
    run(async {
        let Lake { server, proxy: _proxy, phone } = Lake::new().await;
        let consultation = phone.open_consultation().await;
        for number in 0..120 {
            phone.propose(consultation, &format!("Proposition numéro {number} marque{number}fin")).await;
        }
        phone.send_all().await;
        let scope = domain::scopes::Scope::Consultation(phone.community(), consultation);
        let pages = |limit: u32| {
            let phone = &phone;
            let scope = scope.clone();
            async move {
                let mut texts = Vec::new();
                for cursor in 0..260 {
                    let pull = |from| app::offline::transport::Pull {
                        scope: scope.clone(),
                        epoch: None,
                        from,
                        limit,
                        head: None,
                    };
                    for from in [
                        app::offline::transport::PullFrom::After(cursor),
                        app::offline::transport::PullFrom::Before(cursor),
                    ] {
                        let page = phone.wire.pull(&pull(from)).await.unwrap();
                        texts.push(serde_json::to_string(&page).unwrap());
                    }
                }
                texts
            }
        };
        assert!(pages(50).await.iter().any(|text| text.contains("marque60fin")));
        let record = phone
            .items()
            .await
            .iter()
            .find(|item| item.body.contains("marque60fin"))
            .and_then(Item::entry)
            .unwrap()
            .record();
        let clerk = Phone::of(&super::clerk(&server), server.port()).await;
        let rule = "off-topic".parse().unwrap();
        clerk.act(Action::Hide(domain::operations::Hide { consultation, record, rule })).await;
        clerk.send_all().await;
        assert!(pages(50).await.iter().all(|text| !text.contains("marque60fin")));
    });
}
