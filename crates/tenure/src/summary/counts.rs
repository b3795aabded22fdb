//! How many of each of a few classes.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::Result;
use crate::state::{Reader, Writer};

/// Counts of `N` classes. A class is a number below `N`, see [`Class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts<const N: usize>(pub(crate) [u64; N]);

/// A value that falls into one of a few classes.
pub(crate) trait Class {
    fn class(&self) -> usize;
}

impl<const N: usize> Default for Counts<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<V: Class, const N: usize> Summary<V> for Counts<N> {
    fn update(&mut self, value: &V, times: u64) -> Result<(), Overflow> {
        let count = self.0.get_mut(value.class()).ok_or(Overflow)?;
        *count = count.checked_add(times).ok_or(Overflow)?;
        Ok(())
    }
}

impl<const N: usize> Mergeable for Counts<N> {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.checked_add(theirs).ok_or(Overflow)?;
        }
        Ok(())
    }
}

impl<const N: usize> Encode for Counts<N> {
    fn encode(&self, out: &mut Writer) {
        for count in self.0 {
            out.count(count);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut counts = [0; N];
        for count in &mut counts {
            *count = bytes.count()?;
        }
        Ok(Self(counts))
    }
}

/// One try at something: whether it was in the denominator, and whether in the numerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trial {
    /// In the denominator only.
    Failure,
    /// In both.
    Success,
}

impl From<bool> for Trial {
    fn from(success: bool) -> Self {
        if success { Trial::Success } else { Trial::Failure }
    }
}

impl Class for Trial {
    fn class(&self) -> usize {
        usize::from(*self == Trial::Success)
    }
}

impl crate::measure::Value for Trial {
    fn number(&self) -> Option<f64> {
        Some(f64::from(u8::from(*self == Trial::Success)))
    }
}

impl Counts<2> {
    /// Tries that succeeded.
    pub(crate) fn successes(&self) -> u64 {
        let Counts([_, successes]) = self;
        *successes
    }

    /// All tries.
    pub(crate) fn trials(&self) -> u64 {
        let Counts([failures, successes]) = self;
        failures.saturating_add(*successes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<bool>, b: Vec<bool>, c: Vec<bool>) {
            let trials = |v: &[bool]| v.iter().map(|b| Trial::from(*b)).collect::<Vec<_>>();
            crate::summary::laws::hold::<Trial, Counts<2>>(&trials(&a), &trials(&b), &trials(&c));
        }
    }

    #[test]
    fn a_count_that_does_not_fit_is_an_error() {
        let full = Counts([u64::MAX, 0]);
        let mut one = Counts([1, 0]);
        assert_eq!(one.merge(&full), Err(Overflow));
    }
}
