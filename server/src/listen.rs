//! Listening, with or without TLS, until somebody asks to stop: then streams end first,
//! requests under way are finished, and only then the store closes.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::failure::Failure;

/// How long requests under way may take once the server goes down.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// A connection that sends no whole request head by then is closed.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);

/// A certificate chain with its key, read and found to belong together.
pub struct Tls(RustlsConfig);

impl Tls {
    /// Reads a PEM chain and its PEM key.
    pub async fn read(certificate: &Path, key: &Path) -> Result<Self, Failure> {
        // A second call finds the provider of the first, which is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let chain = std::fs::read(certificate);
        let chain = chain.map_err(|error| Failure::file("The TLS certificate", certificate, &error))?;
        let secret = std::fs::read(key).map_err(|error| Failure::file("The TLS key", key, &error))?;
        RustlsConfig::from_pem(chain, secret).await.map(Self).map_err(|error| {
            let (certificate, key) = (certificate.display(), key.display());
            Failure::new(
                format!("The certificate {certificate} and the key {key} cannot be used together: {error}."),
                "Nothing was started and nothing was changed.",
                "Write a PEM chain under `tls_certificate` and the PEM key that it was made for under \
                 `tls_key`, then start again.",
            )
        })
    }
}

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
    closing: watch::Sender<bool>,
    stop: Stop,
) -> Result<(), Failure> {
    let stopped = |error: std::io::Error| {
        let safe = "What was confirmed before is stored.";
        Failure::new(format!("The server stopped: {error}."), safe, "Correct the cause and start it again.")
    };
    let handle = Handle::new();
    let waiting = tokio::spawn(close_on_signal(stop, handle.clone(), closing));
    let mut server = axum_server::from_tcp(listener).map_err(stopped)?.handle(handle);
    server = server.first_request_timeout(HEAD_PATIENCE * 2);
    server.http_builder().http1().header_read_timeout(HEAD_PATIENCE);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = match tls {
        None => server.acceptor(NoDelayAcceptor::new()).serve(service).await,
        Some(Tls(pair)) => {
            let acceptor = RustlsAcceptor::new(pair).acceptor(NoDelayAcceptor::new());
            Server::acceptor(server, acceptor).serve(service).await
        }
    };
    waiting.abort();
    served.map_err(stopped)
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
