//! A day's share that is used up: the device keeps what is beyond, asks again when it was told to,
//! and shows no refusal.

use app::api::ErrorCode;
use app::offline::sender::Step;
use domain::outbox::State;
use harness::{Phone, Server, run};

use super::citizen;

#[test]
fn what_is_beyond_a_days_share_waits_on_the_device_and_is_not_refused() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_owned();
        let mut demo = Server::demo_in(&data);
        let person = citizen(&demo);
        let consultation = Phone::of(&person, demo.port()).await.open_consultation().await;
        demo.stop();
        let server = Server::serve(|listen, _| {
            let public = listen.replace("127.0.0.1", "localhost");
            format!(
                "data = {data:?}\nlisten = \"{listen}\"\npublic_url = \"http://{public}\"\noperations_per_day = 3\n"
            )
        });
        let phone = Phone::of(&person, server.port()).await;
        let mut ops = Vec::new();
        for number in 0..5 {
            ops.push(phone.propose(consultation, &format!("hors ligne {number}")).await);
        }
        let mut told = None;
        while told.is_none() {
            match phone.try_once().await {
                Step::Moved { stranger: false } => {}
                Step::Failed(error) => told = Some(error),
                other => panic!("{other:?}"),
            }
        }
        let told = told.unwrap();
        assert_eq!((told.code, told.retry_after), (ErrorCode::Slowed, Some(900)));
        let (mut accepted, mut sealed) = (0, 0);
        for op in ops {
            match phone.item(op).await.state {
                State::Accepted => accepted += 1,
                State::Sealed => sealed += 1,
                other => panic!("{other:?}"),
            }
        }
        // What the demonstration wrote in their name within the day counts as well.
        assert!((1..=3).contains(&accepted) && sealed == 5 - accepted, "{accepted} {sealed}");
        // It does not ask again before it was told to.
        assert!(matches!(phone.try_once().await, Step::Later(_)));
    });
}
