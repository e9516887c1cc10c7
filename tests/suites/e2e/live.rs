//! How soon another person's proposal is on one's own phone: with the event stream, and without.

use std::time::{Duration, Instant};

use app::offline::transport::Transport;
use harness::{Fault, Mode, Phone, Proxy, run};

use crate::people::Hall;

/// When the first push reached the proxy: no receipt is older.
fn pushed(proxy: &Proxy) -> Instant {
    let seen = proxy.requests().into_iter().find(|seen| seen.is("POST", "/api/v1/push"));
    seen.unwrap().at
}

#[test]
fn with_the_stream_it_is_on_the_other_phone_within_two_seconds_of_its_receipt() {
    run(async {
        let hall = Hall::new().await;
        let (author, reader) = (hall.phone().await, hall.phone().await);
        author.sign_in(&hall.resident(0)).await;
        author.write("Vu par tous aussitôt", "").await;
        reader.open_road().await;
        hall.proxy.forget();
        author.send().await;
        reader.page.sees("Vu par tous aussitôt").await;
        let seen = Instant::now();
        hall.proxy.wait_answered("POST", "/api/v1/push", 1).await;
        let after = seen.duration_since(pushed(&hall.proxy));
        println!("on the other phone {:.2} s after the push", after.as_secs_f64());
        assert!(after < Duration::from_secs(2), "on the other phone after {after:?}");
    });
}

/// Asserts that it arrives by asking again from time to time.
async fn arrives_without_the_stream(fault: Mode) {
    let hall = Hall::new().await;
    hall.proxy.set(Fault::new(fault).on("/api/v1/events")).await;
    let (author, reader) = (hall.phone().await, hall.phone().await);
    author.sign_in(&hall.resident(0)).await;
    author.write("Sans fil continu", "").await;
    reader.open_road().await;
    author.send().await;
    author.receipted("Sans fil continu").await;
    reader.page.sees_within(Duration::from_secs(60), "Sans fil continu").await;
    let after = pushed(&hall.proxy).elapsed();
    println!("on the other phone {:.1} s after the push", after.as_secs_f64());
    assert!(after < Duration::from_secs(60), "on the other phone after {after:?}");
    let events = hall.proxy.requests().into_iter().filter(|seen| seen.path == "/api/v1/events");
    let answers: Vec<_> = events.map(|seen| seen.status).collect();
    assert!(!answers.is_empty() && answers.iter().all(Option::is_none), "no stream ever: {answers:?}");
}

#[test]
fn with_the_stream_refused_it_is_on_the_other_phone_within_a_minute() {
    run(arrives_without_the_stream(Mode::status(503)));
}

#[test]
fn with_the_stream_swallowed_it_is_on_the_other_phone_within_a_minute() {
    run(arrives_without_the_stream(Mode::Blackhole));
}

#[test]
fn what_is_announced_while_a_pull_is_under_way_is_pulled_after_it() {
    run(async {
        let hall = Hall::new().await;
        let reader = hall.phone().await;
        reader.open_road().await;
        let author = Phone::of(&hall.resident(0), hall.server.port()).await;
        let road = author.open_consultation().await;
        let push = async |title: &str| {
            let op = author.propose(road, title).await;
            let envelope = author.item(op).await.envelope().unwrap();
            author.wire.push(vec![envelope]).await.unwrap();
        };
        // The answer with the first one takes seconds to arrive; the second one is told of meanwhile.
        hall.proxy.wait_arrived("GET", "/api/v1/events", 1).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        hall.proxy.forget();
        hall.proxy.set(Fault::new(Mode::Throttle { bytes_per_second: 200 }).on("/api/v1/pull")).await;
        push("Le premier est en route").await;
        hall.proxy.wait_answered("GET", "/api/v1/pull", 1).await;
        push("Le second est annoncé").await;
        reader.page.sees("Le premier est en route").await;
        hall.proxy.pass().await;
        reader.page.sees("Le second est annoncé").await;
    });
}
