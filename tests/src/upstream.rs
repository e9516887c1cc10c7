//! A tiny HTTP server for the harness's own tests: routes are closures, requests are remembered.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

pub(crate) type Reply = Response<UnsyncBoxBody<Bytes, Infallible>>;
/// `METHOD target` and body.
type Whole = (String, Vec<u8>);
type Handler = dyn Fn(&str, &str, &[u8]) -> Reply + Send + Sync;

pub(crate) struct Upstream {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Whole>>>,
    task: tokio::task::JoinHandle<()>,
}

/// An answer with a type and a body.
pub(crate) fn reply(kind: &str, body: impl Into<Bytes>) -> Reply {
    let body = Full::new(body.into()).boxed_unsync();
    Response::builder().header("content-type", kind).body(body).unwrap()
}

/// An event stream: one event at once, and never an end.
pub(crate) fn endless(event: &'static str) -> Reply {
    let first = stream::iter([Ok(Frame::data(Bytes::from_static(event.as_bytes())))]);
    let body = StreamBody::new(first.chain(stream::pending())).boxed_unsync();
    Response::builder().header("content-type", "text/event-stream").body(body).unwrap()
}

impl Upstream {
    /// `handler` is given method, path with query, and body.
    pub(crate) async fn start(handler: impl Fn(&str, &str, &[u8]) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let handler: Arc<Handler> = Arc::new(handler);
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (handler, seen) = (Arc::clone(&handler), Arc::clone(&seen));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (handler, seen) = (Arc::clone(&handler), Arc::clone(&seen));
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes();
                        let line = format!("{} {}", head.method, head.uri);
                        seen.lock().unwrap().push((line, body.to_vec()));
                        let target = head.uri.to_string();
                        Ok::<_, hyper::Error>(handler(head.method.as_str(), &target, &body))
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { port, requests, task }
    }

    /// Every request that arrived whole.
    pub(crate) fn requests(&self) -> Vec<Whole> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}
