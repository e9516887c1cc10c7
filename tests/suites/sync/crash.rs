//! Killed processes, a rule that panics.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use app::offline::sender::Step;
use app::offline::transport::Transport;
use domain::outbox::State;
use domain::receipts::PushResult;
use harness::{Fault, Mode, Phone, Role, Server, run, run_within};

use super::{Lake, citizen};

#[test]
fn killed_before_the_commit_nothing_is_stored_and_it_leaves_again() {
    run(async {
        let mut server = Server::demo();
        server.set_env("RABASKA_FAULT_ABORT_AT", "avant la validation");
        server.stop();
        server.restart();
        let phone = Phone::of(&citizen(&server), server.port()).await;
        let consultation = phone.open_consultation().await;
        let op = phone.propose(consultation, "avant la validation").await;
        assert!(matches!(phone.try_once().await, Step::Failed(_)));
        server.kill9();
        server.set_env("RABASKA_FAULT_ABORT_AT", "");
        server.restart();
        assert!(!phone.titles(consultation).await.contains(&"avant la validation".to_owned()));
        phone.send_all().await;
        assert_eq!(phone.item(op).await.state, State::Accepted);
        let there = phone.titles(consultation).await;
        assert_eq!(there.iter().filter(|title| *title == "avant la validation").count(), 1);
    });
}

#[test]
fn killed_after_the_commit_the_same_receipt_comes_back() {
    run(async {
        let Lake { mut server, proxy, phone } = Lake::new().await;
        let consultation = phone.open_consultation().await;
        let op = phone.propose(consultation, "après la validation").await;
        proxy.set(Fault::new(Mode::CloseAfterBody).on("/api/v1/push")).await;
        assert!(matches!(phone.try_once().await, Step::Failed(_)));
        server.kill9();
        server.restart();
        proxy.pass().await;
        phone.send_all().await;
        assert_eq!(phone.item(op).await.state, State::Accepted);
        let there = phone.titles(consultation).await;
        assert_eq!(there.iter().filter(|title| *title == "après la validation").count(), 1);
    });
}

/// Only the guilty request is told to come back; the rest of its group is answered.
#[test]
fn a_panic_inside_a_group_harms_only_the_guilty() {
    run(async {
        let mut server = Server::demo();
        server.set_env("RABASKA_FAULT_PANIC_AT", "panique");
        server.stop();
        server.restart();
        let phone = Phone::of(&citizen(&server), server.port()).await;
        let consultation = phone.open_consultation().await;
        let mut envelopes = Vec::new();
        for number in 0..24 {
            let title = if number == 11 { "panique".to_owned() } else { format!("calme {number}") };
            let op = phone.propose(consultation, &title).await;
            envelopes.push(phone.item(op).await.envelope().unwrap());
        }
        let posts = envelopes.iter().map(|envelope| phone.wire.push(vec![envelope.clone()]));
        let answers = futures_util::future::join_all(posts).await;
        for (number, answer) in answers.iter().enumerate() {
            match answer {
                Ok(results) => assert!(matches!(results[..], [PushResult::Receipt(_)]) && number != 11),
                Err(error) => assert_eq!((number, error.code.status()), (11, 503)),
            }
        }
        assert!(answers[11].is_err());
    });
}

#[test]
fn two_hundred_kills_under_load_lose_nothing_that_was_acknowledged() {
    run_within(Duration::from_secs(900), async {
        let mut server = Server::demo();
        let person = server.person(&Role::Participant, "laforce").clone();
        let phone = Phone::of(&person, server.port()).await;
        phone.set_patience(Duration::from_secs(5));
        let consultation = phone.open_consultation().await;
        let mut acknowledged: HashSet<String> = HashSet::new();
        let scale = std::env::var("RABASKA_TEST_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
        let (kills, mut number) = (200 * scale, 0_u64);
        for kill in 0..kills {
            let until = Instant::now() + Duration::from_millis(5 + (kill * 37) % 60);
            let load = async {
                while Instant::now() < until {
                    let mut sent = Vec::new();
                    for _ in 0..4 {
                        number += 1;
                        let title = format!("sous les coups {number}");
                        let op = phone.propose(consultation, &title).await;
                        sent.push((title, phone.item(op).await.envelope().unwrap()));
                    }
                    let posts = sent.into_iter().map(async |(title, envelope)| {
                        let answer = phone.wire.push(vec![envelope]).await;
                        let stored = matches!(answer.as_deref(), Ok([PushResult::Receipt(_)]));
                        stored.then_some(title)
                    });
                    let done = futures_util::future::join_all(posts).await;
                    acknowledged.extend(done.into_iter().flatten());
                }
            };
            let blow = async {
                tokio::time::sleep(Duration::from_millis((kill * 53) % 61)).await;
                server.kill9();
            };
            futures_util::future::join(load, blow).await;
            server.restart();
        }
        let there = phone.titles(consultation).await;
        let stored: HashSet<&String> =
            there.iter().filter(|title| title.starts_with("sous les coups")).collect();
        let twice = there.iter().filter(|title| title.starts_with("sous les coups")).count() - stored.len();
        let lost = acknowledged.iter().filter(|title| !stored.contains(title)).count();
        println!("{kills} kills, {} acknowledged, {lost} lost, {twice} twice", acknowledged.len());
        assert_eq!((lost, twice), (0, 0));
        assert!(acknowledged.len() as u64 > kills, "the load was too light to prove anything");
    });
}
