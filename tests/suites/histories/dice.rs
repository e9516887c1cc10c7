//! Chance from a number: the same history every time (SplitMix64, Steele et al. 2014).

use std::cell::Cell;

use app::offline::surroundings::Surroundings;
use domain::time::Millis;

pub struct Dice(Cell<u64>);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03))
    }

    pub fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `sides`, from 0.
    pub fn roll(&self, sides: u64) -> u64 {
        self.next() % sides
    }

    pub fn once_in(&self, times: u64) -> bool {
        self.roll(times) == 0
    }
}

/// A device's clock, moved by the story, and its chance.
pub struct World {
    pub dice: Dice,
    pub now: Cell<Millis>,
}

impl World {
    pub fn new(seed: u64, now: Millis) -> Self {
        Self { dice: Dice::new(seed), now: Cell::new(now) }
    }

    pub fn pass(&self, millis: i64) {
        self.now.set(self.now.get().plus(millis));
    }
}

impl Surroundings for World {
    fn now(&self) -> Millis {
        self.now.get()
    }

    fn fill(&self, bytes: &mut [u8]) -> bool {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.dice.next().to_le_bytes()[..chunk.len()]);
        }
        true
    }
}
