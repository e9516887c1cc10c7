//! What can be wrong with the network, with which requests, and how often.

use std::time::Duration;

/// One way in which a network, or what stands in it, misbehaves.
#[derive(Clone, Debug)]
pub enum Mode {
    /// Nothing is wrong.
    Pass,
    /// Nobody listens: connections are refused, and the present ones are reset.
    Refuse,
    /// The request is read and never answered; the server does not see it.
    Blackhole,
    /// The server gets the whole request and answers it; the connection closes without a reply.
    CloseAfterBody,
    /// The connection is reset; the server does not see the request.
    Rst,
    /// The answer ends after so many bytes of its body (as sent, chunk frames included).
    Truncate { bytes: u64 },
    /// Bodies move no faster than this, in either direction.
    Throttle { bytes_per_second: u64 },
    /// Every request waits this long before the server sees it.
    Delay(Duration),
    /// The answer is held back until it is complete: an event stream never gets through.
    Buffer,
    /// Somebody else answers everything with a cheerful page, as in a hotel.
    CaptivePortal,
    /// Another file than the server's comes back: a newer version of it, say.
    File { kind: &'static str, text: String },
    /// Somebody else answers with this status and these headers.
    Status { code: u16, headers: Vec<(String, String)> },
    /// The server's `date` header is off by so many seconds.
    SkewDate { seconds: i64 },
}

impl Mode {
    /// A [`Mode::Status`] without headers.
    pub fn status(code: u16) -> Self {
        Self::Status { code, headers: Vec::new() }
    }

    /// 503 with `Retry-After`.
    pub fn unavailable(retry_after_seconds: u32) -> Self {
        let retry = ("retry-after".to_owned(), retry_after_seconds.to_string());
        Self::Status { code: 503, headers: vec![retry] }
    }
}

/// A mode together with the requests that it befalls.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) mode: Mode,
    prefix: String,
    remaining: Option<usize>,
}

impl Fault {
    pub fn new(mode: Mode) -> Self {
        Self { mode, prefix: String::new(), remaining: None }
    }

    /// Befalls only requests whose path starts like this.
    #[must_use]
    pub fn on(mut self, prefix: &str) -> Self {
        prefix.clone_into(&mut self.prefix);
        self
    }

    /// Befalls so many requests, then lets the rest through.
    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.remaining = Some(count);
        self
    }

    pub(crate) fn concerns_everything(&self) -> bool {
        self.prefix.is_empty() && self.remaining.is_none()
    }
}

impl From<Mode> for Fault {
    fn from(mode: Mode) -> Self {
        Self::new(mode)
    }
}

#[derive(Default)]
pub(crate) struct Rules(Vec<Fault>);

impl Rules {
    pub(crate) fn replace(&mut self, fault: Fault) {
        self.0 = vec![fault];
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// The mode for a request to `path`, used up by one where it is counted.
    pub(crate) fn take(&mut self, path: &str) -> Mode {
        let fits = |fault: &&mut Fault| fault.remaining != Some(0) && path.starts_with(&fault.prefix);
        let Some(fault) = self.0.iter_mut().find(fits) else {
            return Mode::Pass;
        };
        if let Some(remaining) = &mut fault.remaining {
            *remaining -= 1;
        }
        fault.mode.clone()
    }
}
