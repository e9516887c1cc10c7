//! How many event streams may be open: each holds a connection and some memory for as long as
//! its device pleases.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// In all.
const ALL_MAX: usize = 4_000;
/// From one network: a region behind one provider's router, but not everything there is.
const NETWORK_MAX: usize = 2_000;

/// The streams that are open.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    all: usize,
    networks: HashMap<IpAddr, usize>,
}

impl Streams {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more, kept for as long as the stream is; none when there is no room.
    pub fn enter(&self, from: IpAddr) -> Option<Place> {
        let mut open = self.open();
        let of_network = open.networks.get(&from).copied().unwrap_or_default();
        if open.all >= ALL_MAX || of_network >= NETWORK_MAX {
            return None;
        }
        open.all += 1;
        open.networks.insert(from, of_network + 1);
        Some(Place { streams: self.clone(), from })
    }
}

/// One open stream's place, given back when the stream goes.
pub struct Place {
    streams: Streams,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        open.all -= 1;
        if let Some(count) = open.networks.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                open.networks.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_takes_no_more_than_its_share_and_places_are_given_back() {
        let streams = Streams::default();
        let at = |last: u8| IpAddr::from([192, 0, 2, last]);
        let enter = |last, count| (0..count).map_while(|_| streams.enter(at(last))).collect::<Vec<_>>();
        let first = enter(1, ALL_MAX);
        assert_eq!(first.len(), NETWORK_MAX);
        let second = enter(2, ALL_MAX);
        assert_eq!(first.len() + second.len(), ALL_MAX);
        assert!(streams.enter(at(3)).is_none());
        drop(first);
        assert!(streams.enter(at(3)).is_some());
        drop(second);
        assert!(streams.open().networks.is_empty());
        assert_eq!(streams.open().all, 0);
    }
}
