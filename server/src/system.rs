//! The operating system's clock and random source, behind the domain's ports.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use domain::ports::{Clock, PortError, Random};
use domain::time::Millis;

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that the demonstration sets back while it writes its past, and then lets go.
#[derive(Default)]
pub struct SetClock {
    /// In milliseconds; 0 means the machine's time.
    set: AtomicI64,
}

impl SetClock {
    /// Stands still at an instant.
    pub fn set(&self, at: Millis) {
        self.set.store(at.0, Ordering::SeqCst);
    }

    /// Runs with the machine from now on.
    pub fn release(&self) {
        self.set.store(0, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Millis {
        match self.set.load(Ordering::SeqCst) {
            0 => SystemClock.now(),
            set => Millis(set),
        }
    }
}

/// The machine's random source.
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        getrandom::fill(bytes).map_err(|error| PortError::Unavailable(format!("no random bytes: {error}")))
    }
}
