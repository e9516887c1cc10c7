//! When to try again: full jitter from 2 s to 5 min (Brooker, "Exponential Backoff And
//! Jitter", AWS 2015), never before what the server asked for.

use crate::time::Millis;

const FIRST: i64 = 2_000;
const LONGEST: i64 = 300_000;

/// The sender's patience.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Backoff {
    failures: u32,
    not_before: Millis,
}

impl Backoff {
    /// The earliest instant for the next try.
    pub fn not_before(&self) -> Millis {
        self.not_before
    }

    /// A try failed. `random` is any number; `retry_after` what the server asked for.
    pub fn failed(&mut self, now: Millis, random: u32, retry_after: Option<i64>) {
        let window = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let jitter = window * i64::from(random % 1_000) / 1_000;
        self.not_before = now.plus(jitter.max(retry_after.unwrap_or(0)));
    }

    /// There is reason to believe in the network again: within two seconds.
    pub fn reset(&mut self, now: Millis, random: u32) {
        *self = Self { failures: 0, not_before: now.plus(i64::from(random % 1_000) * 2) };
    }

    /// Something arrived.
    pub fn succeeded(&mut self, now: Millis) {
        *self = Self { failures: 0, not_before: now };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes_and_not_beyond() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..12)
            .map(|_| {
                backoff.failed(Millis(0), 999, None);
                backoff.not_before().0
            })
            .collect();
        assert!(waits[0] < 2_000 && waits.is_sorted() && waits[11] < LONGEST, "{waits:?}");
        assert!(waits[11] > LONGEST * 9 / 10);
    }

    #[test]
    fn the_server_is_never_asked_before_it_said() {
        let mut backoff = Backoff::default();
        backoff.failed(Millis(100), 0, Some(30_000));
        assert_eq!(backoff.not_before(), Millis(30_100));
        backoff.reset(Millis(200), 999);
        assert!(backoff.not_before() <= Millis(2_200));
    }
}
