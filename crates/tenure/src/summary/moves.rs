//! Moves from one of several places to another, and the time spent before them.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::measure::Value;
use crate::scope::Micros;
use crate::state::{Reader, Writer};

/// A time in one place, and the move that ended it if it has ended. Places are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) from: u8,
    pub(crate) to: Option<u8>,
    /// How long the time in the place was, where that is of interest.
    pub(crate) elapsed: Option<Micros>,
}

/// How often each move was made, and how long everybody together was in each place. Lists are no longer than it takes, so
/// that equal contents are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    /// By the place that is left, and by the place that is gone to.
    counts: Vec<Vec<u64>>,
    /// By place, in microseconds.
    elapsed: Vec<i128>,
}

impl Moves {
    /// The moves that were made, in order, and how often each was.
    pub(crate) fn counts(&self) -> impl Iterator<Item = ((u8, u8), u64)> {
        let of_place = |(from, counts): (u8, &Vec<u64>)| {
            let moves: Vec<_> = (0..).zip(counts).map(|(to, count)| ((from, to), *count)).collect();
            moves.into_iter().filter(|(_, count)| *count > 0)
        };
        (0..).zip(&self.counts).flat_map(of_place)
    }

    /// How often a move was made.
    pub(crate) fn count(&self, from: u8, to: u8) -> u64 {
        self.of(from).get(usize::from(to)).copied().unwrap_or(0)
    }

    /// How many moves there are from a place.
    pub(crate) fn exits(&self, from: u8) -> u64 {
        self.of(from).iter().sum()
    }

    /// How long everybody together was in a place, in microseconds.
    pub(crate) fn elapsed(&self, place: u8) -> i128 {
        self.elapsed.get(usize::from(place)).copied().unwrap_or(0)
    }

    fn of(&self, from: u8) -> &[u64] {
        self.counts.get(usize::from(from)).map(Vec::as_slice).unwrap_or_default()
    }

    fn add_count(&mut self, (from, to): (u8, u8), times: u64) -> Result<(), Overflow> {
        if times == 0 {
            return Ok(());
        }
        let count = slot(slot(&mut self.counts, from)?, to)?;
        *count = count.checked_add(times).ok_or(Overflow)?;
        Ok(())
    }

    fn add_time(&mut self, place: u8, elapsed: i128) -> Result<(), Overflow> {
        if elapsed == 0 {
            return Ok(());
        }
        let sum = slot(&mut self.elapsed, place)?;
        *sum = sum.checked_add(elapsed).ok_or(Overflow)?;
        Ok(())
    }
}

/// What stands at a place of a list, which grows up to there.
fn slot<T: Default + Clone>(list: &mut Vec<T>, place: u8) -> Result<&mut T, Overflow> {
    let place = usize::from(place);
    if list.len() <= place {
        list.resize(place + 1, T::default());
    }
    list.get_mut(place).ok_or(Overflow)
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
        for (places, count) in other.counts() {
            self.add_count(places, count)?;
        }
        for (place, elapsed) in (0..).zip(&other.elapsed) {
            self.add_time(place, *elapsed)?;
        }
        Ok(())
    }
}

impl Encode for Moves {
    fn encode(&self, out: &mut Writer) {
        let moves: Vec<_> = self.counts().collect();
        out.count(moves.len() as u64);
        for ((from, to), count) in moves {
            out.count(u64::from(from));
            out.count(u64::from(to));
            out.count(count);
        }
        out.count(self.elapsed.len() as u64);
        self.elapsed.iter().for_each(|elapsed| out.wide(*elapsed));
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let place = |bytes: &mut Reader<'_>| {
            u8::try_from(bytes.count()?).map_err(|_| Error::corrupt("a place in the state is too large"))
        };
        let (mut moves, mut last) = (Self::default(), None);
        for _ in 0..bytes.len()? {
            let places = (place(bytes)?, place(bytes)?);
            let count = bytes.count()?;
            if count == 0 || last.is_some_and(|last| last >= places) {
                return Err(Error::corrupt("the moves in the state are not in order"));
            }
            moves.add_count(places, count)?;
            last = Some(places);
        }
        for _ in 0..bytes.len()? {
            moves.elapsed.push(bytes.wide()?);
        }
        if moves.elapsed.len() > usize::from(u8::MAX) + 1 || moves.elapsed.last() == Some(&0) {
            return Err(Error::corrupt("the times in the state are not those of places"));
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
