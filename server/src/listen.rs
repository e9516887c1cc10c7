//! Listening, with or without TLS, until somebody asks to stop: then streams end first,
//! requests under way are finished, and only then the store closes.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::connections::{Admit, Limits};
use crate::failure::Failure;
use crate::tls::Tls;

/// How long requests under way may take once the server goes down.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Takes the address.
pub fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
    bound.map(|(address, listener)| (listener, address)).map_err(|error| {
        Failure::new(
            format!("The address {address} cannot be listened on: {error}."),
            "No data were touched.",
            "Choose another address with `listen`, or stop the program that uses this one.",
        )
    })
}

/// Serves until a signal.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: Limits,
    closing: watch::Sender<bool>,
    stop: Stop,
) -> Result<(), Failure> {
    let handle = Handle::new();
    let waiting = tokio::spawn(close_on_signal(stop, handle.clone(), closing));
    let served = answer(listener, tls, router, limits, handle).await;
    waiting.abort();
    served.map_err(|error| {
        let safe = "What was confirmed before is stored.";
        Failure::new(format!("The server stopped: {error}."), safe, "Correct the cause and start it again.")
    })
}

/// Serves until the handle says so.
pub async fn answer(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: Limits,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    let mut server = axum_server::from_tcp(listener)?.handle(handle);
    server = server.first_request_timeout(limits.head * 2);
    server.http_builder().http1().header_read_timeout(limits.head);
    server.http_builder().http2().keep_alive_interval(limits.life).keep_alive_timeout(limits.life);
    let router = router.layer(RequestBodyTimeoutLayer::new(limits.piece));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let admit = Admit::new(&limits);
    match tls {
        None => server.acceptor(admit).serve(service).await,
        Some(tls) => {
            let acceptor = RustlsAcceptor::new(tls.config()).handshake_timeout(limits.head).acceptor(admit);
            let renewing = tokio::spawn(tls.keep_current());
            let served = Server::acceptor(server, acceptor).serve(service).await;
            renewing.abort();
            served
        }
    }
}

async fn close_on_signal(mut stop: Stop, handle: Handle<SocketAddr>, closing: watch::Sender<bool>) {
    stop.asked().await;
    tracing::info!("stopping: streams first, then requests under way");
    closing.send_replace(true);
    handle.graceful_shutdown(Some(LAST_REQUESTS));
    stop.asked().await;
    tracing::warn!("stopped at once");
    std::process::exit(1);
}

/// Hears SIGINT (Ctrl-C) and SIGTERM (a service manager), from its making on: a signal that
/// comes while the server starts is not lost.
pub struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Begins to hear.
    pub fn hear() -> Result<Self, Failure> {
        let hear = |kind| {
            signal(kind).map_err(|error| {
                let next = "Try again, or restart the machine.";
                Failure::new(format!("Signals cannot be heard: {error}."), "Nothing was started.", next)
            })
        };
        Ok(Self { interrupt: hear(SignalKind::interrupt())?, terminate: hear(SignalKind::terminate())? })
    }

    /// Until somebody asks to stop.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
