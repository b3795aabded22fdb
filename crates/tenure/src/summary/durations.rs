//! Durations: a multiset, of which any quantile can be told exactly.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::measure::Value;
use crate::scope::Micros;
use crate::state::{Reader, Writer};

/// How long something took, or has taken so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Elapsed(pub(crate) Micros);

impl Value for Elapsed {
    /// In seconds.
    fn number(&self) -> Option<f64> {
        Some(self.0 as f64 / 1e6)
    }
}

/// How long ago something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ago(pub(crate) Micros);

impl Value for Ago {
    /// In days of 24 hours.
    fn number(&self) -> Option<f64> {
        Some(self.0 as f64 / 86_400e6)
    }
}

/// Durations in microseconds: those that ended, and those that were still open.
///
/// Values are kept as they come and sorted when they are looked at: taking one in costs a push.
#[derive(Clone, Debug, Default)]
pub(crate) struct Durations {
    ended: Vec<Micros>,
    open: Vec<Micros>,
}

fn sorted(values: &[Micros]) -> Vec<Micros> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted
}

fn push(values: &mut Vec<Micros>, value: Micros, times: u64) -> Result<(), Overflow> {
    if times == 1 {
        values.push(value);
        return Ok(());
    }
    let times = usize::try_from(times).map_err(|_| Overflow)?;
    values.extend(std::iter::repeat_n(value, times));
    Ok(())
}

impl Durations {
    /// Those that ended, shortest first.
    pub(crate) fn ended(&self) -> Vec<Micros> {
        sorted(&self.ended)
    }

    /// Those that ended, as they came.
    pub(crate) fn unordered(&self) -> &[Micros] {
        &self.ended
    }

    /// Those that were still open, shortest first.
    pub(crate) fn open(&self) -> Vec<Micros> {
        sorted(&self.open)
    }
}

impl PartialEq for Durations {
    fn eq(&self, other: &Self) -> bool {
        self.ended() == other.ended() && self.open() == other.open()
    }
}

impl Summary<Elapsed> for Durations {
    fn update(&mut self, value: &Elapsed, times: u64) -> Result<(), Overflow> {
        push(&mut self.ended, value.0, times)
    }

    fn censor(&mut self, value: &Elapsed, times: u64) -> Result<(), Overflow> {
        push(&mut self.open, value.0, times)
    }
}

impl Summary<Ago> for Durations {
    fn update(&mut self, value: &Ago, times: u64) -> Result<(), Overflow> {
        push(&mut self.ended, value.0, times)
    }
}

impl Mergeable for Durations {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.ended.extend_from_slice(&other.ended);
        self.open.extend_from_slice(&other.open);
        Ok(())
    }

    fn expect(&mut self, values: usize) {
        self.ended.reserve(values);
    }
}

impl Encode for Durations {
    fn encode(&self, out: &mut Writer) {
        for values in [self.ended(), self.open()] {
            out.count(values.len() as u64);
            // Differences of sorted values are small.
            let mut before = 0;
            for value in values {
                out.wide(i128::from(value) - before);
                before = i128::from(value);
            }
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut values = || -> Result<Vec<Micros>> {
            let len = bytes.len()?;
            let mut before = 0_i128;
            (0..len)
                .map(|_| {
                    before = before
                        .checked_add(bytes.wide()?)
                        .ok_or_else(|| Error::corrupt("a duration in the state is too large"))?;
                    Micros::try_from(before)
                        .map_err(|_| Error::corrupt("a duration in the state is too large"))
                })
                .collect()
        };
        Ok(Self { ended: values()?, open: values()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<i64>, b: Vec<i64>, c: Vec<i64>) {
            let elapsed = |v: &[i64]| v.iter().map(|x| Elapsed(*x)).collect::<Vec<_>>();
            crate::summary::laws::hold::<Elapsed, Durations>(&elapsed(&a), &elapsed(&b), &elapsed(&c));
        }
    }

    #[test]
    fn open_durations_are_kept_apart() {
        let mut durations = Durations::default();
        durations.update(&Elapsed(5), 2).unwrap();
        durations.censor(&Elapsed(9), 1).unwrap();
        assert_eq!((durations.ended(), durations.open()), (vec![5, 5], vec![9]));
    }
}
