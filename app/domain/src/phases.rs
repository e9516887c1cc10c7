//! Phases: computed from dates, never written. Only the server's clock decides; a device
//! computes them with the server's time as it last heard it.

use crate::records::Consultation;
use crate::time::{HOUR, Millis};

/// How long after closing what was written offline is still taken, unless the office says
/// otherwise.
pub const DEFAULT_GRACE: i64 = 48 * HOUR;

/// Where a consultation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Takes contributions.
    Open,
    /// Closed to new ones; what was written offline is still taken.
    Grace,
    /// Takes nothing more.
    Closed,
}

impl Consultation {
    /// Its phase at an instant.
    pub fn phase(&self, now: Millis) -> Phase {
        if now < self.closes_at {
            Phase::Open
        } else if now < self.accepts_until {
            Phase::Grace
        } else {
            Phase::Closed
        }
    }
}
