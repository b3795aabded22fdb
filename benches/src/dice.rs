//! Random numbers for what happens one thing after the other.

use crate::{position, random, scaled};

/// Random numbers, one after the other.
pub(crate) struct Dice {
    stream: u64,
    position: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { stream: random(0x5EED << 40, seed), position: 0 }
    }

    /// A number from 0 to `n - 1`.
    pub(crate) fn below(&mut self, n: u64) -> i64 {
        self.position += 1;
        i64::try_from(scaled(random(self.stream, self.position), n)).unwrap_or(0)
    }

    pub(crate) fn percent(&mut self, chance: i64) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn weighted(&mut self, weights: &[u64]) -> i8 {
        position(weights, self.below(100).unsigned_abs())
    }

    /// A number from `least` to `least * 2^doublings`, every doubling equally likely: how long people take.
    pub(crate) fn wait(&mut self, least: i64, doublings: u64) -> i64 {
        let base = least << self.below(doublings);
        base + self.below(base.unsigned_abs())
    }
}

/// Fisher and Yates (1938), from the end.
pub(crate) fn shuffle<T>(rows: &mut [T]) {
    let mut dice = Dice::new(u64::MAX);
    for end in (1..rows.len()).rev() {
        let other = usize::try_from(dice.below(end as u64 + 1)).unwrap_or(0);
        rows.swap(end, other);
    }
}
