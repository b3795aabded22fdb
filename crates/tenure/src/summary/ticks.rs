//! Of several things, how many units have each.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::measure::Value;
use crate::state::{Reader, Writer};

/// The numbers of the things that a unit has, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ticked(pub(crate) Vec<usize>);

/// How many units have each thing, by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ticks(Vec<u64>);

impl Ticks {
    /// How many units have a thing.
    pub(crate) fn of(&self, thing: usize) -> u64 {
        self.0.get(thing).copied().unwrap_or(0)
    }
}

impl Value for Ticked {
    /// How many things the unit has.
    fn number(&self) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}

impl Summary<Ticked> for Ticks {
    fn update(&mut self, value: &Ticked, times: u64) -> Result<(), Overflow> {
        let Some(last) = value.0.last().filter(|_| times > 0) else { return Ok(()) };
        self.0.resize(self.0.len().max(last + 1), 0);
        for thing in &value.0 {
            let count = self.0.get_mut(*thing).ok_or(Overflow)?;
            *count = count.checked_add(times).ok_or(Overflow)?;
        }
        Ok(())
    }
}

impl Mergeable for Ticks {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = mine.checked_add(*theirs).ok_or(Overflow)?;
        }
        Ok(())
    }
}

impl Encode for Ticks {
    fn encode(&self, out: &mut Writer) {
        out.count(self.0.len() as u64);
        self.0.iter().for_each(|count| out.count(*count));
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let counts = (0..bytes.len()?).map(|_| bytes.count()).collect::<Result<Vec<u64>>>()?;
        if counts.last() == Some(&0) {
            return Err(Error::corrupt("the last count in the state is of nobody"));
        }
        Ok(Self(counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<[bool; 4]>, b: Vec<[bool; 4]>, c: Vec<[bool; 4]>) {
            let ticked = |values: &[[bool; 4]]| -> Vec<Ticked> {
                let of = |has: &[bool; 4]| Ticked((0..4).filter(|at| has[*at]).collect());
                values.iter().map(of).collect()
            };
            crate::summary::laws::hold::<Ticked, Ticks>(&ticked(&a), &ticked(&b), &ticked(&c));
        }
    }
}
