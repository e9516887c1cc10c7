//! Connections: so many at a time, each for as long as it does something. Whoever comes while there
//! is no room is closed at once; devices try again by themselves.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum_server::accept::Accept;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

use crate::http::network;
use crate::room::{Place, Room};

/// All event streams, each on a connection of its own, and a thousand requests beside them.
pub const CONNECTIONS: usize = 5_000;
/// Files that are open beside connections: the database, photos, backups, the log.
const OTHER_FILES: usize = 256;
/// How often it is said in the log that there was no room.
const SAID: Duration = Duration::from_secs(60);

/// How much at a time, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most connections.
    pub connections: usize,
    /// The most of one network.
    pub of_network: usize,
    /// A connection that has sent no whole request head by then is closed, and one that has not
    /// finished its TLS handshake.
    pub head: Duration,
    /// A request that brings nothing of its body for so long is given up. All of it has a minute.
    pub piece: Duration,
    /// A connection that takes nothing of an answer for so long is closed.
    pub taking: Duration,
    /// An HTTP/2 connection is asked so often whether anybody is still there, and closed when no
    /// answer comes within the same time: a phone that went out of reach leaves one behind.
    pub life: Duration,
}

impl Limits {
    /// For so many connections. Behind proxies of ours all of them come from one network.
    pub fn new(connections: usize, trusted_hops: usize) -> Self {
        Self {
            connections,
            of_network: if trusted_hops == 0 { connections.div_ceil(2) } else { connections },
            head: Duration::from_secs(15),
            piece: Duration::from_secs(30),
            taking: Duration::from_secs(120),
            life: Duration::from_secs(60),
        }
    }
}

/// Raises this process's limit of open files for so many connections, as far as the system lets
/// it. How many there is room for.
pub fn open_files(connections: usize) -> usize {
    let wanted = (connections + OTHER_FILES) as u64;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let mut allowed = current.unwrap_or(u64::MAX);
    if allowed < wanted {
        let raised = wanted.min(maximum.unwrap_or(u64::MAX));
        if setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum }).is_ok() {
            allowed = raised;
        }
    }
    if allowed >= wanted {
        return connections;
    }
    let fewer = usize::try_from(allowed).unwrap_or(connections).saturating_sub(OTHER_FILES).max(1);
    tracing::warn!(
        allowed,
        connections = fewer,
        "the system lets this process open too few files for all connections: fewer are taken (raise LimitNOFILE)"
    );
    fewer
}

/// Lets connections in while there is room.
#[derive(Clone)]
pub struct Admit {
    room: Room,
    taking: Duration,
    said: Arc<Mutex<Option<Instant>>>,
}

impl Admit {
    /// Within these limits.
    pub fn new(limits: &Limits) -> Self {
        let room = Room::new(limits.connections, limits.of_network);
        Self { room, taking: limits.taking, said: Arc::default() }
    }

    fn admit(&self, stream: TcpStream) -> io::Result<Admitted> {
        let Some(place) = self.room.enter(network(stream.peer_addr()?.ip())) else {
            self.say();
            return Err(io::Error::other("no room for another connection"));
        };
        stream.set_nodelay(true)?;
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.taking));
        Ok(Admitted { stream: Box::pin(stream), _place: place })
    }

    fn say(&self) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_none_or(|said| said.elapsed() >= SAID) {
            *said = Some(Instant::now());
            tracing::warn!(
                "there was no room for another connection (`connections`, and half of it for one network)"
            );
        }
    }
}

impl<S> Accept<TcpStream, S> for Admit {
    type Stream = Admitted;
    type Service = S;
    type Future = Ready<io::Result<(Admitted, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(self.admit(stream).map(|stream| (stream, service)))
    }
}

/// A connection and its place, which it gives back when it ends.
pub struct Admitted {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    _place: Place,
}

impl AsyncRead for Admitted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(cx, to)
    }
}

impl AsyncWrite for Admitted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
