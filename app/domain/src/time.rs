//! Instants and weeks. The domain knows UTC only; time zones are the display's business.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// One hour.
pub const HOUR: i64 = 3_600_000;
/// One day.
pub const DAY: i64 = 24 * HOUR;

impl Millis {
    /// This instant moved by a number of milliseconds; saturates at the ends of time.
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant (negative when it is later).
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The Monday on which its week begins, at midnight UTC: all that the public learns of
    /// when something unsigned was written (in a village an hour can be a name).
    pub fn week(self) -> Week {
        // 1970-01-01 was a Thursday: three days after a Monday.
        let days = self.0.div_euclid(DAY);
        Week(Self((days - (days + 3).rem_euclid(7)) * DAY))
    }
}

/// A calendar week (ISO 8601: Monday to Sunday), written as its Monday's midnight UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week(Millis);

impl Week {
    /// The Monday's midnight UTC.
    pub fn monday(self) -> Millis {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let monday = Millis(1_795_392_000_000); // 2026-11-23T00:00Z
        for day in 0..7 {
            assert_eq!(monday.plus(day * DAY + 5 * HOUR).week().monday(), monday);
        }
        assert_ne!(monday.plus(7 * DAY).week().monday(), monday);
        assert_eq!(Millis(-1).week().monday(), Millis(-3 * DAY));
    }
}
