//! Moves from one of several places to another, and the time spent before them.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::measure::Value;
use crate::scope::Micros;
use crate::state::{Reader, Writer};
use std::collections::BTreeMap;

/// A time in one place, and the move that ended it if it has ended. Places are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) from: u8,
    pub(crate) to: Option<u8>,
    /// How long the time in the place was, where that is of interest.
    pub(crate) elapsed: Option<Micros>,
}

/// How often each move was made, and how long everybody together was in each place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    counts: BTreeMap<(u8, u8), u64>,
    elapsed: BTreeMap<u8, i128>,
}

impl Moves {
    /// The moves that were made, in order, and how often each was.
    pub(crate) fn counts(&self) -> impl Iterator<Item = ((u8, u8), u64)> {
        self.counts.iter().map(|(places, count)| (*places, *count))
    }

    /// How often a move was made.
    pub(crate) fn count(&self, from: u8, to: u8) -> u64 {
        self.counts.get(&(from, to)).copied().unwrap_or(0)
    }

    /// How many moves there are from a place.
    pub(crate) fn exits(&self, from: u8) -> u64 {
        self.counts.range((from, 0)..=(from, u8::MAX)).map(|(_, count)| count).sum()
    }

    /// How long everybody together was in a place, in microseconds.
    pub(crate) fn elapsed(&self, place: u8) -> i128 {
        self.elapsed.get(&place).copied().unwrap_or(0)
    }

    fn add_count(&mut self, places: (u8, u8), times: u64) -> Result<(), Overflow> {
        let count = self.counts.entry(places).or_default();
        *count = count.checked_add(times).ok_or(Overflow)?;
        Ok(())
    }

    fn add_time(&mut self, place: u8, elapsed: i128) -> Result<(), Overflow> {
        let sum = self.elapsed.entry(place).or_default();
        *sum = sum.checked_add(elapsed).ok_or(Overflow)?;
        Ok(())
    }
}

impl Value for Moved {
    /// The time before the move, in seconds; of a move alone it is 1.
    fn number(&self) -> Option<f64> {
        Some(self.elapsed.map_or(1.0, |elapsed| elapsed as f64 / 1e6))
    }
}

impl Summary<Moved> for Moves {
    fn update(&mut self, value: &Moved, times: u64) -> Result<(), Overflow> {
        if times == 0 {
            return Ok(());
        }
        if let Some(to) = value.to {
            self.add_count((value.from, to), times)?;
        }
        let Some(elapsed) = value.elapsed else { return Ok(()) };
        self.add_time(value.from, i128::from(elapsed).checked_mul(i128::from(times)).ok_or(Overflow)?)
    }
}

impl Mergeable for Moves {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        for (places, count) in &other.counts {
            self.add_count(*places, *count)?;
        }
        for (place, elapsed) in &other.elapsed {
            self.add_time(*place, *elapsed)?;
        }
        Ok(())
    }
}

impl Encode for Moves {
    fn encode(&self, out: &mut Writer) {
        out.count(self.counts.len() as u64);
        for ((from, to), count) in &self.counts {
            out.count(u64::from(*from));
            out.count(u64::from(*to));
            out.count(*count);
        }
        out.count(self.elapsed.len() as u64);
        for (place, elapsed) in &self.elapsed {
            out.count(u64::from(*place));
            out.wide(*elapsed);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let place = |bytes: &mut Reader<'_>| {
            u8::try_from(bytes.count()?).map_err(|_| Error::corrupt("a place in the state is too large"))
        };
        let mut moves = Self::default();
        for _ in 0..bytes.len()? {
            let places = (place(bytes)?, place(bytes)?);
            let count = bytes.count()?;
            if count == 0 || moves.counts.last_key_value().is_some_and(|(last, _)| *last >= places) {
                return Err(Error::corrupt("the moves in the state are not in order"));
            }
            moves.counts.insert(places, count);
        }
        for _ in 0..bytes.len()? {
            let (place, elapsed) = (place(bytes)?, bytes.wide()?);
            if moves.elapsed.last_key_value().is_some_and(|(last, _)| *last >= place) {
                return Err(Error::corrupt("the times in the state are not in order"));
            }
            moves.elapsed.insert(place, elapsed);
        }
        Ok(moves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<(u8, Option<u8>, i32)>, b: Vec<(u8, Option<u8>, i32)>, c: Vec<(u8, Option<u8>, i32)>) {
            let moves = |values: &[(u8, Option<u8>, i32)]| -> Vec<Moved> {
                let moved = |(from, to, elapsed): &(u8, Option<u8>, i32)| {
                    Moved { from: from % 5, to: to.map(|to| to % 5), elapsed: Some(i64::from(elapsed.unsigned_abs())) }
                };
                values.iter().map(moved).collect()
            };
            crate::summary::laws::hold::<Moved, Moves>(&moves(&a), &moves(&b), &moves(&c));
        }
    }

    #[test]
    fn open_stays_give_time_and_no_move() {
        let mut moves = Moves::default();
        for (to, elapsed) in [(Some(1), 5), (Some(2), 0), (None, 7)] {
            moves.update(&Moved { from: 0, to, elapsed: Some(elapsed) }, 1).unwrap();
        }
        assert_eq!((moves.exits(0), moves.count(0, 1), moves.elapsed(0)), (2, 1, 12));
    }
}
