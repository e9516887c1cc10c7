//! In which order one person sees the choices.

use crate::ids::Hash;

const TAG: &str = "rabaska/choices/v1";

/// The order in which one person sees a poll's choices: always the same for the same person,
/// each of all orders as likely over many, so that no choice gains from its place in the list.
/// The seed names the person and the poll. Fisher and Yates' shuffle (Knuth, TAOCP 2, 3.4.2,
/// algorithm P) over bytes of SHA-256 in counter mode; bytes that would make some places
/// likelier than others are drawn again.
pub fn order_for(person_seed: &[u8], choices: u8) -> Vec<u8> {
    let mut order: Vec<u8> = (0..choices).collect();
    let mut stream = Stream::new(person_seed);
    for last in (1..choices).rev() {
        let other = stream.up_to(last);
        order.swap(last.into(), other.into());
    }
    order
}

struct Stream {
    /// The number of the next block, then the seed.
    input: Vec<u8>,
    next: u32,
    block: [u8; 32],
    used: usize,
}

impl Stream {
    fn new(seed: &[u8]) -> Self {
        Self { input: [&[0; 4], seed].concat(), next: 0, block: [0; 32], used: 32 }
    }

    fn byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            self.input[..4].copy_from_slice(&self.next.to_be_bytes());
            self.block = Hash::tagged(TAG, &self.input).0;
            self.next = self.next.wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// From 0 to `last`, each as likely: the 256 bytes are cut to a multiple of their number.
    fn up_to(&mut self, last: u8) -> u8 {
        let places = u16::from(last) + 1;
        let limit = 256 - 256 % places;
        loop {
            let byte = u16::from(self.byte());
            if byte < limit {
                // Below `places`, so it fits.
                return (byte % places) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: u32 = 12_000;

    /// How often each choice comes at each place: within five standard deviations of equal.
    #[test]
    fn each_choice_comes_first_and_anywhere_equally_often() {
        for choices in [2, 3, 5, 7, 20_u8] {
            let mut seen = vec![vec![0_u32; choices.into()]; choices.into()];
            for seed in 0..SEEDS {
                for (place, choice) in order_for(&seed.to_be_bytes(), choices).into_iter().enumerate() {
                    seen[place][usize::from(choice)] += 1;
                }
            }
            let equal = i64::from(SEEDS) / i64::from(choices);
            for count in seen.into_iter().flatten() {
                let off = i64::from(count) - equal;
                assert!(off * off < 25 * equal, "{count} instead of {equal} of {choices}");
            }
        }
    }

    #[test]
    fn all_orders_of_four_are_drawn_equally_often() {
        let mut orders: Vec<Vec<u8>> = (0..SEEDS).map(|seed| order_for(&seed.to_be_bytes(), 4)).collect();
        orders.sort();
        let counts: Vec<i64> = orders.chunk_by(|a, b| a == b).map(|same| same.len() as i64).collect();
        assert_eq!(counts.len(), 24);
        assert!(counts.iter().all(|count| (count - 500).pow(2) < 25 * 500), "{counts:?}");
    }

    #[test]
    fn a_person_always_sees_the_same_order() {
        for choices in 0..=u8::MAX {
            let mut order = order_for(b"person, poll", choices);
            assert_eq!(order, order_for(b"person, poll", choices));
            order.sort_unstable();
            assert_eq!(order, (0..choices).collect::<Vec<u8>>());
        }
    }
}
