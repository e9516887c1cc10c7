//! Open event streams: how long until all have heard of one push, and what each costs.

use std::time::{Duration, Instant};

use harness::{Role, Server, world};
use http_body_util::BodyExt;

use crate::client::{Client, resident};
use crate::push::{open_consultation, whoami};
use crate::table::{Table, percentile};

pub async fn measure(table: &mut Table) {
    eprintln!("Streams");
    for count in [200_usize, 1_000] {
        let server = Server::demo();
        let person = server.person(&Role::Participant, "laforce").clone();
        let me = whoami(&server, &person.code).await;
        let consultation = open_consultation(&server).await;
        let mut sender = Client::signed_in(server.port(), &person.code).await;
        let before = resident(server.pid());
        let scope = format!("public/laforce/{consultation}");
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let mut open = Vec::new();
        for _ in 0..count {
            let (port, scope, told) = (server.port(), scope.clone(), told.clone());
            let (ready, is_ready) = tokio::sync::oneshot::channel();
            open.push(tokio::spawn(async move {
                let mut client = Client::connect(port).await;
                let response = client.send("GET", &format!("/api/v1/events?scope={scope}"), "".into()).await;
                assert_eq!(response.status(), 200);
                let mut body = response.into_body();
                // The first event says where the scope stands.
                event(&mut body).await;
                let _ = ready.send(());
                event(&mut body).await;
                let _ = told.send(Instant::now());
                std::future::pending::<()>().await;
            }));
            is_ready.await.expect("an open stream");
        }
        let each = (resident(server.pid()) - before) * 1024.0 / count as f64;
        let body = serde_json::json!({ "envelopes": [world::proposal(&me, 77, consultation)] }).to_string();
        let sent = Instant::now();
        sender.body("POST", "/api/v1/push", body.into()).await;
        let mut times = Vec::new();
        while times.len() < count {
            let at = tokio::time::timeout(Duration::from_secs(20), heard.recv()).await;
            times.push(
                at.expect("every stream hears").expect("a time").duration_since(sent).as_secs_f64() * 1_000.0,
            );
        }
        times.sort_by(f64::total_cmp);
        let (half, most) = (percentile(&times, 0.5), percentile(&times, 0.99));
        table.row(
            format!("{count} open streams: from push to hearing, p50 / p99"),
            format!("{half:.0} / {most:.0} ms"),
            if count == 1_000 { "p99 ≤ 1,000 ms" } else { "" },
        );
        table.row(format!("{count} open streams: memory each"), format!("{each:.0} KiB"), "");
        open.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Reads until one more `head` event is whole.
async fn event(body: &mut hyper::body::Incoming) {
    let mut text = String::new();
    while !(text.contains("event: head") && text.ends_with("\n\n")) {
        let frame = body.frame().await.expect("an open stream").expect("a frame");
        if let Some(data) = frame.data_ref() {
            text.push_str(&String::from_utf8_lossy(data));
        }
    }
}
