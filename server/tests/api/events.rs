//! Hints: the heads of now first, then each change, and the end when the server goes down.

use std::time::Duration;

use app::api::ErrorCode;
use axum::body::Body;
use domain::authority::Role;
use http_body_util::BodyExt;
use serde_json::json;

use crate::site::{Site, envelope, proposal};

async fn next(body: &mut Body) -> Option<String> {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.expect("something is said");
    frame.map(|frame| String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_stream_tells_heads_and_nothing_else_and_ends_first() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let author = site.someone(Role::Participant).await;
    let scope = format!("public/laforce/{consultation}");
    let path = format!("/api/v1/events?scope=territory&scope={scope}");
    let response = site.get(&path).open().await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert!(header("cache-control").contains("no-transform"));
    assert_eq!(header("x-accel-buffering"), "no");
    let mut body = response.into_body();
    let mut now = [next(&mut body).await.unwrap(), next(&mut body).await.unwrap()];
    now.sort();
    assert!(now[0].contains(&format!("{{\"scope\":\"{scope}\",\"head\":0}}")), "{now:?}");
    assert!(now[1].starts_with("event: head\ndata: {\"scope\":\"territory\",\"head\":"), "{now:?}");
    // The desk moves too; this stream follows neither it nor the author.
    let item = envelope(&author.person, 1, &proposal(consultation, "Un banc secret"));
    site.post("/api/v1/push").as_(&author).json(&json!({ "envelopes": [item] })).send().await;
    let change = next(&mut body).await.unwrap();
    assert_eq!(change, format!("event: head\ndata: {{\"scope\":\"{scope}\",\"head\":1}}\n\n"));
    site.closing.send_replace(true);
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn a_stream_of_the_desk_tells_nothing_more_once_its_session_has_ended() {
    use domain::ports::Identity;
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let (author, clerk) = (site.someone(Role::Participant).await, site.someone(Role::Clerk).await);
    let mut body = site.get("/api/v1/events?scope=desk/laforce").as_(&clerk).open().await.into_body();
    next(&mut body).await.unwrap();
    let push = async |op| {
        let item = envelope(&author.person, op, &proposal(consultation, "Un banc"));
        site.post("/api/v1/push").as_(&author).json(&json!({ "envelopes": [item] })).send().await;
    };
    push(1).await;
    assert!(next(&mut body).await.unwrap().contains("desk/laforce"));
    Identity::close(&site.store, &clerk.token).await.unwrap();
    push(2).await;
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test]
async fn when_there_is_no_room_for_a_stream_it_is_said_when_to_come_back() {
    let site = Site::new().await;
    let open = async || site.get("/api/v1/events?scope=territory").open().await;
    let mut streams = Vec::new();
    for _ in 0..2_000 {
        streams.push(open().await);
    }
    let refused = site.get("/api/v1/events?scope=territory").send().await;
    refused.is(ErrorCode::Unavailable);
    assert_eq!(refused.header("retry-after"), "60");
    // One that cannot be read takes no place.
    site.get("/api/v1/events?scope=nonsense").send().await.is(ErrorCode::BadRequest);
    streams.pop();
    assert_eq!(open().await.status(), 200);
}
