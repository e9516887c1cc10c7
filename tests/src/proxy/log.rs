//! What passed the proxy: one line a request, for tests that assert how often the server saw one.

use std::sync::Mutex;
use std::time::Instant;

use tokio::sync::watch;

/// A request as the proxy saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub at: Instant,
    /// The server was handed the request with its whole body.
    pub forwarded: bool,
    /// The status that the server answered, even where a fault kept it from the device.
    pub status: Option<u16>,
    /// Bytes of the request and of what of its answer has passed, heads included (without what frames the
    /// pieces of a body of unknown length).
    pub up: u64,
    pub down: u64,
}

impl Seen {
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

#[derive(Default)]
pub(crate) struct Log {
    /// The number of lines forgotten, so that the index of a request under way stays right.
    lines: Mutex<(usize, Vec<Seen>)>,
    changed: watch::Sender<()>,
}

impl Log {
    pub(crate) fn push(&self, seen: Seen) -> usize {
        let index = {
            let mut lines = self.lines.lock().unwrap();
            lines.1.push(seen);
            lines.0 + lines.1.len() - 1
        };
        self.changed.send_replace(());
        index
    }

    pub(crate) fn update(&self, index: usize, change: impl FnOnce(&mut Seen)) {
        {
            let mut lines = self.lines.lock().unwrap();
            let (forgotten, lines) = &mut *lines;
            if let Some(seen) = index.checked_sub(*forgotten).and_then(|i| lines.get_mut(i)) {
                change(seen);
            }
        }
        self.changed.send_replace(());
    }

    pub(crate) fn all(&self) -> Vec<Seen> {
        self.lines.lock().unwrap().1.clone()
    }

    pub(crate) fn count(&self, fits: impl Fn(&Seen) -> bool) -> usize {
        self.lines.lock().unwrap().1.iter().filter(|seen| fits(seen)).count()
    }

    pub(crate) fn clear(&self) {
        let mut lines = self.lines.lock().unwrap();
        lines.0 += lines.1.len();
        lines.1.clear();
    }

    pub(crate) async fn until(&self, enough: impl Fn() -> bool) {
        let mut changed = self.changed.subscribe();
        while !enough() {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }
}
