//! How far units came: of several steps, how many each took.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::state::{Reader, Writer};

/// How many units took at least so many steps, by the number of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reaches(Vec<u64>);

/// A value that is a number of steps.
pub(crate) trait Reach {
    fn steps(&self) -> usize;
}

impl Reaches {
    /// How many units took at least this many steps, one or more.
    pub(crate) fn at_least(&self, steps: usize) -> u64 {
        steps.checked_sub(1).and_then(|at| self.0.get(at)).copied().unwrap_or(0)
    }
}

impl<V: Reach> Summary<V> for Reaches {
    fn update(&mut self, value: &V, times: u64) -> Result<(), Overflow> {
        if times == 0 {
            return Ok(());
        }
        self.0.resize(self.0.len().max(value.steps()), 0);
        for count in self.0.iter_mut().take(value.steps()) {
            *count = count.checked_add(times).ok_or(Overflow)?;
        }
        Ok(())
    }
}

impl Mergeable for Reaches {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = mine.checked_add(*theirs).ok_or(Overflow)?;
        }
        Ok(())
    }
}

impl Encode for Reaches {
    fn encode(&self, out: &mut Writer) {
        out.count(self.0.len() as u64);
        self.0.iter().for_each(|count| out.count(*count));
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let counts = (0..bytes.len()?).map(|_| bytes.count()).collect::<Result<Vec<u64>>>()?;
        // Whoever took a step took those before it, and the last count is of somebody.
        if !counts.is_sorted_by(|before, after| before >= after) || counts.last() == Some(&0) {
            return Err(Error::corrupt("the steps in the state do not follow each other"));
        }
        Ok(Self(counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Steps(u8);

    impl Reach for Steps {
        fn steps(&self) -> usize {
            usize::from(self.0)
        }
    }

    proptest! {
        #[test]
        fn laws(a: Vec<u8>, b: Vec<u8>, c: Vec<u8>) {
            let steps = |v: &[u8]| v.iter().map(|steps| Steps(steps % 7)).collect::<Vec<_>>();
            crate::summary::laws::hold::<Steps, Reaches>(&steps(&a), &steps(&b), &steps(&c));
        }
    }

    #[test]
    fn who_took_three_steps_took_two() {
        let mut reaches = Reaches::default();
        for (steps, times) in [(1, 2), (3, 1), (5, 0)] {
            reaches.update(&Steps(steps), times).unwrap();
        }
        assert_eq!([1, 2, 3, 4].map(|steps| reaches.at_least(steps)), [3, 1, 1, 0]);
    }
}
