//! Room for what stays for as long as somebody else pleases (connections, event streams): so many
//! in all, and no more of one network than its share.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The places there are, and who has how many.
#[derive(Clone)]
pub struct Room {
    most: usize,
    of_network: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    networks: HashMap<IpAddr, usize>,
}

impl Room {
    /// For so many in all, and so many of one network.
    pub fn new(most: usize, of_network: usize) -> Self {
        Self { most, of_network, taken: Arc::default() }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more; none when there is no room.
    pub fn enter(&self, from: IpAddr) -> Option<Place> {
        let mut taken = self.taken();
        let of_network = taken.networks.get(&from).copied().unwrap_or_default();
        if taken.all >= self.most || of_network >= self.of_network {
            return None;
        }
        taken.all += 1;
        taken.networks.insert(from, of_network + 1);
        Some(Place { room: self.clone(), from })
    }
}

/// A place, given back when it is dropped.
pub struct Place {
    room: Room,
    from: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.room.taken();
        taken.all -= 1;
        if let Some(count) = taken.networks.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                taken.networks.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_takes_no_more_than_its_share_and_places_are_given_back() {
        let room = Room::new(5, 3);
        let at = |last: u8| IpAddr::from([192, 0, 2, last]);
        let enter = |last| (0..9).map_while(|_| room.enter(at(last))).collect::<Vec<_>>();
        let (first, second) = (enter(1), enter(2));
        assert_eq!((first.len(), second.len()), (3, 2));
        assert!(room.enter(at(3)).is_none());
        drop(first);
        assert!(room.enter(at(3)).is_some());
        drop(second);
        assert!(room.taken().networks.is_empty());
        assert_eq!(room.taken().all, 0);
    }
}
