//! A TCP proxy in front of the server that breaks the network on purpose, in ways switched while a
//! test runs, and writes down every request that it saw and every one that the server got.
//!
//! Both sides are hyper: keep-alive, chunking and truncated answers are framed by code that is
//! known to be right, and every request on a kept-alive connection is seen. Browsers re-send a POST
//! by themselves only when a *reused* connection breaks, so the browser's side keeps its
//! connections; towards the server each request opens its own, so that a restarted server is met at
//! once. The faults that hyper cannot make (a reset, a body cut at a byte) sit below it, in the
//! stream it writes to; a refusal closes the listener and keeps its port.

mod body;
mod fault;
mod forward;
mod log;
mod wire;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rabaska::http::assets::Assets;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

pub use fault::{Fault, Mode};
pub use log::Seen;

use crate::tools::ReservedPort;
use fault::Rules;
use log::Log;
use wire::{Bytes, Control, Wire};

/// What the accepting task, the connections and the handle share.
pub(crate) struct Shared {
    upstream: Mutex<SocketAddr>,
    /// Other pages than the server's own.
    pages: Mutex<Option<Assets>>,
    rules: Mutex<Rules>,
    log: Log,
    bytes: Arc<Bytes>,
    /// Told when all present connections are to be dropped: each of them holds a receiver. A cut
    /// takes the sender away, so that what connects from then on is another generation and is
    /// neither cut nor waited for.
    present: Mutex<watch::Sender<()>>,
    listening: watch::Sender<bool>,
    /// What the accepting task has got round to, so that a switch has happened when it returns.
    accepting: watch::Sender<bool>,
}

impl Shared {
    /// Tells the present connections to end; the sender is closed once the last of them has.
    fn cut(&self) -> watch::Sender<()> {
        let cut = std::mem::replace(&mut *self.present.lock().unwrap(), watch::Sender::new(()));
        cut.send_replace(());
        cut
    }
}

/// A running proxy. Dropping it closes its port and everything open through it.
pub struct Proxy {
    shared: Arc<Shared>,
    port: ReservedPort,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Listens on a port of its own in front of `upstream`, a port on the loopback. Needs the
    /// runtime of [`run`](crate::run).
    pub async fn before(upstream: u16) -> Self {
        let port = ReservedPort::new();
        let shared = Arc::new(Shared {
            upstream: Mutex::new(SocketAddr::from(([127, 0, 0, 1], upstream))),
            pages: Mutex::default(),
            rules: Mutex::default(),
            log: Log::default(),
            bytes: Arc::default(),
            present: Mutex::new(watch::Sender::new(())),
            listening: watch::Sender::new(true),
            accepting: watch::Sender::new(false),
        });
        let task = tokio::spawn(accept(Arc::clone(&shared), port.address));
        let proxy = Self { shared, port, task };
        proxy.listen(true).await;
        proxy
    }

    /// `http://localhost:PORT`, the server's address as a device behind this network knows it.
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port.number())
    }

    /// An absolute address for a path that starts with a slash.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url())
    }

    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Sends what comes from now on to another port.
    pub fn set_upstream(&self, port: u16) {
        *self.shared.upstream.lock().unwrap() = SocketAddr::from(([127, 0, 0, 1], port));
    }

    /// Answers in the server's place, and as it would, whatever is asked for outside `/api/`: with
    /// the pages in this folder. While the server is down they are out of reach too.
    pub fn serve_pages(&self, folder: &Path) {
        let mut files = Vec::new();
        let mut waiting = vec![folder.to_path_buf()];
        while let Some(next) = waiting.pop() {
            for entry in std::fs::read_dir(&next).expect("a folder of pages").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let name = path.strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
                    files.push((name, std::fs::read(&path).expect("a file of the pages").into()));
                }
            }
        }
        *self.shared.pages.lock().unwrap() = Some(Assets::of(files));
    }

    /// Puts this fault in the place of all others. [`Mode`] alone means every request, for ever.
    ///
    /// Streams that are open keep flowing, as they do when a router forgets new connections first:
    /// end them with [`cut`](Self::cut). [`Mode::Refuse`] ends them itself.
    pub async fn set(&self, fault: impl Into<Fault>) {
        let fault = fault.into();
        let refuse = matches!(fault.mode, Mode::Refuse);
        assert!(
            !refuse || fault.concerns_everything(),
            "a refused connection has neither path nor count: use Refuse alone"
        );
        self.shared.rules.lock().unwrap().replace(fault);
        self.listen(!refuse).await;
    }

    /// Adds a fault to those in force; the first that fits a request counts.
    pub fn add(&self, fault: impl Into<Fault>) {
        let fault = fault.into();
        assert!(!matches!(fault.mode, Mode::Refuse), "set Refuse instead: it leaves no other fault");
        self.shared.rules.lock().unwrap().add(fault);
    }

    /// Lets everything through again.
    pub async fn pass(&self) {
        self.set(Mode::Pass).await;
    }

    /// Drops every connection that is open now with a reset, streams included. A device that
    /// connects anew meanwhile is not in its way.
    pub async fn cut(&self) {
        let cut = self.shared.cut();
        cut.closed().await;
    }

    async fn listen(&self, on: bool) {
        self.shared.listening.send_replace(on);
        let mut accepting = self.shared.accepting.subscribe();
        accepting.wait_for(|now| *now == on).await.expect("the accepting task lives");
        if !on {
            self.cut().await;
        }
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.log.all()
    }

    /// How many requests with this method and path (without its query) reached the proxy.
    pub fn arrived(&self, method: &str, path: &str) -> usize {
        self.shared.log.count(|seen| seen.is(method, path))
    }

    /// How many of them were handed to the server whole.
    pub fn forwarded(&self, method: &str, path: &str) -> usize {
        self.shared.log.count(|seen| seen.forwarded && seen.is(method, path))
    }

    /// Waits until so many requests with this method and path have arrived; fails after 15 s.
    #[track_caller]
    pub fn wait_arrived(&self, method: &str, path: &str, count: usize) -> impl Future<Output = ()> {
        self.wait(method, path, count, "arrived", |_| true)
    }

    /// Waits until so many of them were answered by the server, whatever became of the answers.
    #[track_caller]
    pub fn wait_answered(&self, method: &str, path: &str, count: usize) -> impl Future<Output = ()> {
        self.wait(method, path, count, "were answered", |seen| seen.status.is_some())
    }

    #[track_caller]
    fn wait(
        &self,
        method: &str,
        path: &str,
        count: usize,
        verb: &str,
        fits: impl Fn(&Seen) -> bool,
    ) -> impl Future<Output = ()> {
        let from = std::panic::Location::caller();
        async move {
            let enough = || self.shared.log.count(|seen| fits(seen) && seen.is(method, path)) >= count;
            let waiting = self.shared.log.until(enough);
            if tokio::time::timeout(Duration::from_secs(15), waiting).await.is_err() {
                let seen = self.requests();
                panic!("{from}: fewer than {count} × {method} {path} {verb} within 15 s: {seen:#?}");
            }
        }
    }

    /// Forgets the requests and bytes so far.
    pub fn forget(&self) {
        self.shared.log.clear();
        self.shared.bytes.reset();
    }

    /// Bytes that came from devices, heads included.
    pub fn bytes_up(&self) -> u64 {
        self.shared.bytes.up()
    }

    /// Bytes that went to devices, heads included.
    pub fn bytes_down(&self) -> u64 {
        self.shared.bytes.down()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.cut();
        self.task.abort();
    }
}

async fn accept(shared: Arc<Shared>, address: SocketAddr) {
    let mut listening = shared.listening.subscribe();
    loop {
        if listening.wait_for(|on| *on).await.is_err() {
            return;
        }
        let listener = bind(address);
        shared.accepting.send_replace(true);
        loop {
            tokio::select! {
                _ = listening.wait_for(|on| !*on) => break,
                accepted = listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        // Subscribed here: a cut from now on is not missed.
                        let cut = shared.present.lock().unwrap().subscribe();
                        tokio::spawn(serve(Arc::clone(&shared), stream, cut));
                    }
                }
            }
        }
        drop(listener);
        shared.accepting.send_replace(false);
    }
}

fn bind(address: SocketAddr) -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    // The port is reserved by a socket of ours, and connections of before may linger on it.
    socket.set_reuseaddr(true).expect("SO_REUSEADDR");
    socket.bind(address).expect("the reserved port is ours");
    socket.listen(1024).expect("the reserved port can be listened on")
}

async fn serve(shared: Arc<Shared>, stream: TcpStream, mut cut: watch::Receiver<()>) {
    let control = Arc::new(Control::default());
    let wire = Wire::new(stream, Arc::clone(&control), Arc::clone(&shared.bytes));
    let service = service_fn(|request| forward::answer(&shared, &control, request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(wire), service);
    let mut connection = Box::pin(connection);
    tokio::select! {
        // Its error is the fault we made, or the device's going away.
        _ = &mut connection => {}
        _ = cut.changed() => control.reset(),
    }
    // Before `cut`, whose end says that this connection is gone.
    drop(connection);
}

#[cfg(test)]
mod tests;
