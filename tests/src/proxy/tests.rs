//! Each fault against a tiny server, read from a bare TCP client so that nothing is smoothed over.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::run;
use crate::upstream::{Upstream, endless, reply};

async fn network() -> (Upstream, Proxy) {
    let upstream = Upstream::start(|method, target, body| match (method, target) {
        (_, "/events") => endless("event: head\ndata: {}\n\n"),
        ("POST", _) => reply("text/plain", [b"got ", body].concat()),
        (_, "/long") => reply("text/plain", "x".repeat(5000)),
        _ => reply("text/plain", format!("page {target}")),
    })
    .await;
    let proxy = Proxy::before(upstream.port).await;
    (upstream, proxy)
}

struct Client(TcpStream);

impl Client {
    async fn to(proxy: &Proxy) -> Self {
        Self(TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap())
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) {
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: t\r\ncontent-length: {length}\r\n\r\n");
        self.0.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    }

    /// Reads until `end` has come.
    async fn read_until(&mut self, end: &str) -> String {
        let mut bytes = Vec::new();
        while !String::from_utf8_lossy(&bytes).contains(end) {
            let mut more = [0; 512];
            let read = within(self.0.read(&mut more)).await.unwrap();
            assert!(read > 0, "closed after {:?}", String::from_utf8_lossy(&bytes));
            bytes.extend_from_slice(&more[..read]);
        }
        String::from_utf8(bytes).unwrap()
    }

    async fn rest(&mut self) -> std::io::Result<String> {
        let mut text = String::new();
        within(self.0.read_to_string(&mut text)).await?;
        Ok(text)
    }

    async fn is_silent(&mut self) -> bool {
        let read = tokio::time::timeout(Duration::from_millis(150), self.0.read_u8()).await;
        read.is_err()
    }
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(5), future).await.expect("no answer within 5 s")
}

#[test]
fn a_good_network_keeps_connections_and_writes_down_every_request() {
    run(async {
        let (upstream, proxy) = network().await;
        let mut client = Client::to(&proxy).await;
        client.send("GET", "/a?x=1", "").await;
        let first = client.read_until("page /a?x=1").await;
        client.send("POST", "/push", "words").await;
        let second = client.read_until("got words").await;
        assert!(first.starts_with("HTTP/1.1 200 OK") && !first.contains("connection: close"));
        assert_eq!((proxy.arrived("GET", "/a"), proxy.forwarded("POST", "/push")), (1, 1));
        assert_eq!(proxy.requests()[0].query.as_deref(), Some("x=1"));
        assert_eq!(proxy.bytes_down(), (first.len() + second.len()) as u64);
        assert_eq!(upstream.requests()[1], ("POST /push".into(), b"words".to_vec()));
        let sent = "GET /a?x=1 HTTP/1.1\r\nhost: t\r\ncontent-length: 0\r\n\r\n".len()
            + "POST /push HTTP/1.1\r\nhost: t\r\ncontent-length: 5\r\n\r\nwords".len();
        assert_eq!(proxy.bytes_up(), sent as u64);
        let of = |size: fn(&Seen) -> u64| proxy.requests().iter().map(size).sum::<u64>();
        assert_eq!((of(|seen| seen.up), of(|seen| seen.down)), (proxy.bytes_up(), proxy.bytes_down()));
        proxy.forget();
        assert_eq!((proxy.requests().len(), proxy.bytes_up(), proxy.bytes_down()), (0, 0, 0));
    });
}

#[test]
fn refusing_is_real_resets_what_is_open_and_ends_on_the_same_port() {
    run(async {
        let (_upstream, proxy) = network().await;
        let mut open = Client::to(&proxy).await;
        open.send("GET", "/events", "").await;
        open.read_until("data: {}").await;
        for _ in 0..3 {
            proxy.set(Mode::Refuse).await;
            let refused = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
            proxy.pass().await;
            let mut client = Client::to(&proxy).await;
            client.send("GET", "/", "").await;
            client.read_until("page /").await;
        }
        assert_eq!(open.rest().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_black_hole_reads_and_says_nothing() {
    run(async {
        let (upstream, proxy) = network().await;
        proxy.set(Mode::Blackhole).await;
        let mut client = Client::to(&proxy).await;
        client.send("POST", "/push", "words").await;
        proxy.wait_arrived("POST", "/push", 1).await;
        assert!(client.is_silent().await);
        assert_eq!(proxy.forwarded("POST", "/push"), 0);
        assert_eq!(upstream.requests().len(), 0);
    });
}

#[test]
fn a_close_after_the_body_happens_once_the_server_has_answered() {
    run(async {
        let (upstream, proxy) = network().await;
        proxy.set(Fault::new(Mode::CloseAfterBody).times(1)).await;
        let mut client = Client::to(&proxy).await;
        client.send("POST", "/push", "words").await;
        assert_eq!(client.rest().await.unwrap(), "");
        assert_eq!(upstream.requests(), [("POST /push".to_owned(), b"words".to_vec())]);
        let seen = &proxy.requests()[0];
        assert_eq!((seen.forwarded, seen.status), (true, Some(200)));
        let mut again = Client::to(&proxy).await;
        again.send("POST", "/push", "words").await;
        again.read_until("got words").await;
        proxy.wait_answered("POST", "/push", 2).await;
    });
}

#[test]
fn a_reset_is_a_reset_and_spares_the_server() {
    run(async {
        let (upstream, proxy) = network().await;
        proxy.set(Mode::Rst).await;
        let mut client = Client::to(&proxy).await;
        client.send("POST", "/push", "words").await;
        assert_eq!(client.rest().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!((upstream.requests().len(), proxy.arrived("POST", "/push")), (0, 1));
    });
}

#[test]
fn a_truncated_answer_ends_at_the_very_byte() {
    run(async {
        let (_upstream, proxy) = network().await;
        for bytes in [0, 1, 4999] {
            proxy.set(Mode::Truncate { bytes }).await;
            let mut client = Client::to(&proxy).await;
            client.send("GET", "/long", "").await;
            let answer = client.rest().await.unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("content-length: 5000"), "{head}");
            assert_eq!(body.len() as u64, bytes);
        }
    });
}

#[test]
fn throttling_holds_for_both_directions() {
    run(async {
        let (_upstream, proxy) = network().await;
        proxy.set(Mode::Throttle { bytes_per_second: 10_000 }).await;
        let mut client = Client::to(&proxy).await;
        let started = Instant::now();
        client.send("GET", "/long", "").await;
        client.read_until(&"x".repeat(5000)).await;
        let down = started.elapsed();
        assert!((0.5..2.0).contains(&down.as_secs_f64()), "5,000 bytes down in {down:?}");
        let started = Instant::now();
        client.send("POST", "/push", &"y".repeat(3000)).await;
        client.read_until("y").await;
        let up = started.elapsed();
        assert!((0.3..1.5).contains(&up.as_secs_f64()), "3,000 bytes up in {up:?}");
        assert_eq!(proxy.forwarded("POST", "/push"), 1);
    });
}

#[test]
fn a_delay_comes_before_the_server() {
    run(async {
        let (upstream, proxy) = network().await;
        proxy.set(Mode::Delay(Duration::from_millis(300))).await;
        let mut client = Client::to(&proxy).await;
        client.send("GET", "/", "").await;
        assert!(client.is_silent().await);
        assert_eq!(upstream.requests().len(), 0);
        client.read_until("page /").await;
    });
}

#[test]
fn buffering_lets_pages_through_and_streams_never() {
    run(async {
        let (upstream, proxy) = network().await;
        proxy.set(Mode::Buffer).await;
        let mut client = Client::to(&proxy).await;
        client.send("GET", "/long", "").await;
        client.read_until(&"x".repeat(5000)).await;
        client.send("GET", "/events", "").await;
        proxy.wait_answered("GET", "/events", 1).await;
        assert!(client.is_silent().await);
        assert_eq!(upstream.requests().len(), 2);
        proxy.pass().await;
        let mut direct = Client::to(&proxy).await;
        direct.send("GET", "/events", "").await;
        direct.read_until("data: {}").await;
    });
}

#[test]
fn strangers_answer_in_the_server_s_place() {
    run(async {
        let (upstream, proxy) = network().await;
        proxy.set(Mode::CaptivePortal).await;
        let mut client = Client::to(&proxy).await;
        client.send("POST", "/push", "words").await;
        let page = client.read_until("</h1>").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("text/html"), "{page}");
        proxy.set(Mode::unavailable(7)).await;
        client.send("POST", "/push", "words").await;
        let busy = client.read_until("\r\n\r\n").await;
        assert!(busy.starts_with("HTTP/1.1 503") && busy.contains("retry-after: 7"), "{busy}");
        proxy.set(Mode::status(408)).await;
        client.send("POST", "/push", "words").await;
        assert!(client.read_until("\r\n\r\n").await.starts_with("HTTP/1.1 408"));
        assert_eq!((upstream.requests().len(), proxy.arrived("POST", "/push")), (0, 3));
        proxy
            .set(Fault::new(Mode::File { kind: "text/javascript", text: "newer".to_owned() }).on("/sw.js"))
            .await;
        client.send("GET", "/sw.js", "").await;
        assert!(client.read_until("newer").await.contains("content-type: text/javascript"));
    });
}

#[test]
fn pages_of_a_folder_are_answered_as_the_server_would_and_its_functions_stay_its_own() {
    run(async {
        let (upstream, proxy) = network().await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("desk")).unwrap();
        for (name, text) in
            [("index.html", "citizens"), ("desk/index.html", "office"), ("desk/a.wasm", "module")]
        {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        proxy.serve_pages(folder.path());
        let mut client = Client::to(&proxy).await;
        for (path, kind, text) in [
            ("/c/laforce?q=1", "text/html", "citizens"),
            ("/desk/outbox", "text/html", "office"),
            ("/desk/a.wasm", "application/wasm", "module"),
            ("/api/v1/pull", "text/plain", "page /api/v1/pull"),
        ] {
            client.send("GET", path, "").await;
            let answer = client.read_until(text).await;
            assert!(answer.contains(&format!("content-type: {kind}")), "{answer}");
        }
        client.send("GET", "/gone.js", "").await;
        assert!(client.read_until("\r\n\r\n").await.starts_with("HTTP/1.1 404"));
        client.send("POST", "/push", "words").await;
        client.read_until("got words").await;
        assert_eq!(upstream.requests().len(), 2);
        // As any request does.
        proxy.set(Mode::status(503)).await;
        client.send("GET", "/", "").await;
        assert!(client.read_until("\r\n\r\n").await.starts_with("HTTP/1.1 503"));
    });
}

#[test]
fn a_skewed_date_is_off_by_just_that() {
    run(async {
        let (_upstream, proxy) = network().await;
        let mut dates = Vec::new();
        for mode in [Mode::Pass, Mode::SkewDate { seconds: -86_400 }] {
            proxy.set(mode).await;
            let mut client = Client::to(&proxy).await;
            client.send("GET", "/", "").await;
            let answer = client.read_until("page /").await;
            let date = answer.lines().find_map(|line| line.strip_prefix("date: ")).unwrap();
            dates.push(httpdate::parse_http_date(date).unwrap());
        }
        let off = dates[0].duration_since(dates[1]).unwrap().as_secs();
        assert!((86_398..=86_400).contains(&off), "{off}");
    });
}

#[test]
fn faults_befall_the_named_path_so_many_times() {
    run(async {
        let (_upstream, proxy) = network().await;
        proxy.add(Fault::new(Mode::status(503)).on("/api/").times(2));
        proxy.add(Fault::new(Mode::status(401)).on("/api/v1/push"));
        let mut client = Client::to(&proxy).await;
        let mut answers = Vec::new();
        for path in ["/", "/api/v1/push", "/api/v1/pull", "/api/v1/push", "/api/v1/pull"] {
            client.send("GET", path, "").await;
            let head = client.read_until("\r\n\r\n").await;
            answers.push(head[9..12].to_owned());
        }
        assert_eq!(answers, ["200", "503", "503", "401", "200"]);
    });
}

#[test]
fn a_restarted_server_is_met_at_its_new_port_and_a_dead_one_resets() {
    run(async {
        let (upstream, proxy) = network().await;
        let other = Upstream::start(|_, _, _| reply("text/plain", "the other")).await;
        let mut client = Client::to(&proxy).await;
        client.send("GET", "/", "").await;
        client.read_until("page /").await;
        proxy.set_upstream(other.port);
        client.send("GET", "/", "").await;
        client.read_until("the other").await;
        drop((upstream, other));
        let dead = crate::tools::ReservedPort::new();
        proxy.set_upstream(dead.number());
        client.send("GET", "/", "").await;
        assert_eq!(client.rest().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert!(!proxy.requests()[2].forwarded);
    });
}

#[test]
fn cutting_ends_open_streams() {
    run(async {
        let (_upstream, proxy) = network().await;
        let mut client = Client::to(&proxy).await;
        client.send("GET", "/events", "").await;
        client.read_until("data: {}").await;
        proxy.cut().await;
        assert_eq!(client.rest().await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_cut_ends_a_slow_upload_and_does_not_wait_for_those_who_come_back_at_once() {
    run(async {
        let (_upstream, proxy) = network().await;
        proxy.set(Mode::Throttle { bytes_per_second: 1_000 }).await;
        // Each comes back as soon as it is cut, as a browser's uploads and streams do.
        let mut devices = Vec::new();
        for _ in 0..64 {
            let mut client = Client::to(&proxy).await;
            client.send("POST", "/push", &"y".repeat(60_000)).await;
            let port = proxy.port();
            devices.push(tokio::spawn(async move {
                let ended = client.rest().await.unwrap_err().kind();
                (ended, TcpStream::connect(("127.0.0.1", port)).await.unwrap())
            }));
        }
        proxy.wait_arrived("POST", "/push", 64).await;
        within(proxy.cut()).await;
        let mut back = Vec::new();
        for device in devices {
            let (ended, stream) = within(device).await.unwrap();
            assert_eq!(ended, ErrorKind::ConnectionReset);
            back.push(Client(stream));
        }
        assert_eq!(proxy.forwarded("POST", "/push"), 0, "none got through whole");
        proxy.pass().await;
        for client in &mut back {
            client.send("GET", "/", "").await;
            client.read_until("page /").await;
        }
    });
}
