//! The real listener: how many connections it lets in, and for how long one may do nothing.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use axum_server::Handle;
use rabaska::connections::Limits;
use rabaska::listen::answer;
use rabaska::tls::Tls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::binary::started;
use crate::site::{ORIGIN, Site};

pub const SHORT: Duration = Duration::from_millis(400);

/// Short enough for a test.
pub fn limits() -> Limits {
    Limits { head: SHORT, piece: SHORT, taking: SHORT, life: SHORT, ..Limits::new(100, 0) }
}

/// Listens until the test ends.
pub async fn listening(router: Router, tls: Option<Tls>, limits: Limits) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(answer(listener, tls, router, limits, Handle::new()));
    address
}

async fn site(limits: Limits) -> (Site, SocketAddr) {
    let site = Site::new().await;
    let address = listening(site.router.clone(), None, limits).await;
    (site, address)
}

/// Everything until the server closes; it has to, long before anybody's patience ends.
async fn rest(socket: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut said)).await;
    // A connection that was reset is closed as well.
    let _ = read.expect("it is still open");
    String::from_utf8_lossy(&said).into_owned()
}

const HEALTH: &[u8] = b"GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// Asks on a connection that stays open; whether it was answered.
async fn is_answered(socket: &mut TcpStream) -> bool {
    let mut start = [0; 12];
    socket.write_all(HEALTH).await.is_ok()
        && socket.read_exact(&mut start).await.is_ok()
        && start == *b"HTTP/1.1 200"
}

#[tokio::test]
async fn a_head_that_never_ends_is_not_waited_for() {
    let (_site, address) = site(limits()).await;
    let mut slow = TcpStream::connect(address).await.unwrap();
    let began = Instant::now();
    slow.write_all(b"GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n").await.unwrap();
    // A header now and then is no sign of life.
    while began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(SHORT / 8).await;
        if slow.write_all(b"x-more: 1\r\n").await.is_err() {
            break;
        }
    }
    assert!(began.elapsed() < Duration::from_secs(10), "it goes on reading");
    let mut silent = TcpStream::connect(address).await.unwrap();
    assert_eq!(rest(&mut silent).await, "");
}

#[tokio::test]
async fn a_body_that_stops_is_answered_and_the_connection_closed() {
    let (_site, address) = site(limits()).await;
    for (method, path, kind) in [
        ("POST", "/api/v1/push", "application/json"),
        ("PUT", "/api/v1/blobs/00?offset=0&size=100", "application/octet-stream"),
    ] {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\norigin: {ORIGIN}\r\ncontent-type: {kind}\r\n\
             content-length: 100\r\n\r\n{{\"envelopes\":["
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        // A pause that is not too long is nothing.
        tokio::time::sleep(SHORT / 2).await;
        socket.write_all(b" ").await.unwrap();
        let said = rest(&mut socket).await;
        assert!(said.starts_with("HTTP/1.1 503") && said.contains("\"code\":\"unavailable\""), "{said}");
        assert!(said.contains("retry-after: "), "{said}");
    }
}

#[tokio::test]
async fn who_comes_while_there_is_no_room_is_closed_at_once_and_a_place_is_given_back() {
    let (_site, address) = site(Limits { connections: 2, of_network: 2, ..Limits::new(2, 0) }).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    assert!(is_answered(&mut first).await && is_answered(&mut second).await);
    let mut third = TcpStream::connect(address).await.unwrap();
    assert!(!is_answered(&mut third).await);
    assert_eq!(rest(&mut third).await, "");
    drop(first);
    for attempt in 0.. {
        let mut fourth = TcpStream::connect(address).await.unwrap();
        if is_answered(&mut fourth).await {
            break;
        }
        assert!(attempt < 200, "the place was not given back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn one_network_takes_half_of_the_connections_unless_a_proxy_of_ours_stands_there() {
    for (hops, answered) in [(0, 2), (1, 4)] {
        let (_site, address) = site(Limits::new(4, hops)).await;
        let mut open = Vec::new();
        for _ in 0..6 {
            let mut socket = TcpStream::connect(address).await.unwrap();
            if is_answered(&mut socket).await {
                open.push(socket);
            }
        }
        assert_eq!(open.len(), answered);
    }
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up() {
    let endless = async || {
        let piece = || Ok::<_, std::io::Error>(Bytes::from_static(&[0; 65_536]));
        Body::from_stream(futures_util::stream::repeat_with(piece))
    };
    let address = listening(Router::new().route("/", get(endless)), None, limits()).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut piece = vec![0; 65_536];
    socket.read_exact(&mut piece[..12]).await.unwrap();
    tokio::time::sleep(SHORT * 4).await;
    // What was on its way is still there, and then it ends.
    let mut taken = 0;
    loop {
        match tokio::time::timeout(Duration::from_secs(5), socket.read(&mut piece)).await {
            Ok(Ok(read)) if read > 0 => taken += read,
            Ok(_) => break,
            Err(_) => panic!("it is still open"),
        }
        assert!(taken < 64 << 20, "it goes on");
    }
}

#[tokio::test]
async fn a_connection_of_http_2_that_somebody_left_behind_is_closed() {
    let site = Site::new().await;
    let address = listening(site.router.clone(), None, Limits { life: SHORT, ..Limits::new(100, 0) }).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    // The preface, empty settings, and one request for `/` (RFC 9113, RFC 7541); pings stay unanswered.
    let head = b"\x82\x86\x84\x41\x09localhost";
    socket.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    socket.write_all(&[0, 0, 14, 1, 5, 0, 0, 0, 1]).await.unwrap();
    socket.write_all(head).await.unwrap();
    let said = rest(&mut socket).await;
    assert!(said.contains("sans ses pages"), "{said}");
}

/// Starts the binary under a limit of open files; what it said once it serves, and its limit.
fn under(limit: &str) -> (String, usize) {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("ulimit {limit} && exec \"$0\" serve");
    let mut command = Command::new("sh");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_rabaska")]).stderr(Stdio::piped());
    command.env("RABASKA_DATA", folder.path().join("data")).env("RABASKA_LISTEN", "127.0.0.1:0");
    command.env("RABASKA_CONNECTIONS", "400");
    let mut server = started(&mut command);
    let mut said = String::new();
    let mut lines = BufReader::new(server.0.stderr.take().unwrap());
    while !said.contains("serving") {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.0.id())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    (said, files.split_whitespace().nth(3).unwrap().parse().unwrap())
}

#[test]
fn the_limit_of_open_files_is_raised_for_connections_or_fewer_are_let_in() {
    let (said, files) = under("-Sn 300");
    assert!(files == 656 && !said.contains("too few files"), "{files}: {said}");
    let (said, files) = under("-n 300");
    assert!(files == 300 && said.contains("too few files") && said.contains("connections=44"), "{said}");
}
