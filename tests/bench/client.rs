//! A lean HTTP/1.1 client: one kept connection each, so that the server is what is measured.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    port: u16,
    pub cookie: Option<String>,
}

impl Client {
    pub async fn connect(port: u16) -> Self {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("the server listens");
        stream.set_nodelay(true).expect("no delay");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
        tokio::spawn(connection);
        Self { sender, port, cookie: None }
    }

    /// A session of a person of the demo.
    pub async fn signed_in(port: u16, code: &str) -> Self {
        let mut client = Self::connect(port).await;
        let body = serde_json::json!({ "code": code }).to_string();
        let response = client.send("POST", "/api/v1/session/open", body.into()).await;
        assert_eq!(response.status(), 200, "signing in");
        let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|value| value.split(';').next()).expect("a session cookie").to_owned();
        response.into_body().collect().await.expect("a body");
        client.cookie = Some(cookie);
        client
    }

    pub async fn send(&mut self, method: &str, path: &str, body: Bytes) -> Response<Incoming> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", format!("localhost:{}", self.port))
            .header("accept-encoding", "gzip");
        if method != "GET" {
            request = request
                .header("content-type", "application/json")
                .header("origin", format!("http://localhost:{}", self.port));
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        self.sender.ready().await.expect("a kept connection");
        self.sender.send_request(request.body(Full::new(body)).expect("a request")).await.expect("an answer")
    }

    /// The whole body of a 200.
    pub async fn body(&mut self, method: &str, path: &str, body: Bytes) -> Bytes {
        let response = self.send(method, path, body).await;
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        body
    }
}

/// What the server has used so far: seconds of processor time.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a running server");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Resident memory in MiB.
pub fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a running server");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    let kib = line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
