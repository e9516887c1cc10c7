//! The device's connection below hyper: counts its bytes, cuts a body at an exact byte, and resets
//! instead of closing.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

#[derive(Default)]
pub(crate) struct Bytes {
    up: AtomicU64,
    down: AtomicU64,
}

impl Bytes {
    pub(crate) fn up(&self) -> u64 {
        self.up.load(Ordering::SeqCst)
    }

    pub(crate) fn down(&self) -> u64 {
        self.down.load(Ordering::SeqCst)
    }

    pub(crate) fn reset(&self) {
        self.up.store(0, Ordering::SeqCst);
        self.down.store(0, Ordering::SeqCst);
    }
}

/// How a request's fault reaches the stream under it.
#[derive(Default)]
pub(crate) struct Control {
    reset: AtomicBool,
    cut: Mutex<Option<Cut>>,
}

impl Control {
    /// The connection ends with a reset once it is dropped.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::SeqCst);
    }

    /// The next answer ends after so many bytes of its body.
    pub(crate) fn cut_after(&self, bytes: u64) {
        *self.cut.lock().unwrap() = Some(Cut { matched: 0, remaining: bytes });
    }
}

/// Where the answer being written is to end.
struct Cut {
    /// How much of the head's final blank line has been written.
    matched: usize,
    remaining: u64,
}

impl Cut {
    const HEAD_END: &[u8] = b"\r\n\r\n";

    /// How many of `bytes` may still be written.
    fn allow(&self, bytes: &[u8]) -> usize {
        let mut probe = Self { matched: self.matched, remaining: self.remaining };
        let mut allowed = 0;
        while allowed < bytes.len() && probe.advance(bytes[allowed]) {
            allowed += 1;
        }
        allowed
    }

    /// Takes one byte as written; false when it must not be.
    fn advance(&mut self, byte: u8) -> bool {
        if self.matched == Self::HEAD_END.len() {
            if self.remaining == 0 {
                return false;
            }
            self.remaining -= 1;
        } else if byte == Self::HEAD_END[self.matched] {
            self.matched += 1;
        } else {
            self.matched = usize::from(byte == Self::HEAD_END[0]);
        }
        true
    }

    fn is_done(&self) -> bool {
        self.matched == Self::HEAD_END.len() && self.remaining == 0
    }
}

pub(crate) struct Wire {
    stream: TcpStream,
    control: Arc<Control>,
    bytes: Arc<Bytes>,
}

impl Wire {
    pub(crate) fn new(stream: TcpStream, control: Arc<Control>, bytes: Arc<Bytes>) -> Self {
        // Small answers must not wait for a full packet: tests measure delays.
        stream.set_nodelay(true).ok();
        Self { stream, control, bytes }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        let read = buffer.filled().len() - before;
        self.bytes.up.fetch_add(read as u64, Ordering::SeqCst);
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let control = Arc::clone(&self.control);
        let mut cut = control.cut.lock().unwrap();
        let allowed = match &*cut {
            Some(cut) if cut.is_done() => {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, "cut here")));
            }
            Some(cut) => cut.allow(buffer),
            None => buffer.len(),
        };
        // Counted first: once written, the device may read and the test compare before we go on.
        self.bytes.down.fetch_add(allowed as u64, Ordering::SeqCst);
        let polled = Pin::new(&mut self.stream).poll_write(context, &buffer[..allowed]);
        let written = if let Poll::Ready(Ok(written)) = polled { written } else { 0 };
        self.bytes.down.fetch_sub((allowed - written) as u64, Ordering::SeqCst);
        if let Some(cut) = &mut *cut {
            for byte in &buffer[..written] {
                cut.advance(*byte);
            }
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = self.control.cut.lock().unwrap().as_ref().is_some_and(Cut::is_done);
        if done {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::BrokenPipe, "cut here")));
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.control.reset.load(Ordering::SeqCst) {
            // A shutdown would send an orderly end before the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.control.reset.load(Ordering::SeqCst) {
            SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).ok();
        }
    }
}
