//! Sums of whole numbers, for means.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::Result;
use crate::state::{Reader, Writer};

/// Number, sum and sum of squares of whole numbers, exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Integers {
    pub(crate) n: u64,
    pub(crate) sum: i128,
    pub(crate) sum_of_squares: i128,
}

impl Summary<i64> for Integers {
    fn update(&mut self, value: &i64, times: u64) -> Result<(), Overflow> {
        let (value, repeats) = (i128::from(*value), i128::from(times));
        let square = value.checked_mul(value).and_then(|square| square.checked_mul(repeats));
        let of_one_value = Self {
            n: times,
            sum: value.checked_mul(repeats).ok_or(Overflow)?,
            sum_of_squares: square.ok_or(Overflow)?,
        };
        self.merge(&of_one_value)
    }
}

impl Mergeable for Integers {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.n = self.n.checked_add(other.n).ok_or(Overflow)?;
        self.sum = self.sum.checked_add(other.sum).ok_or(Overflow)?;
        self.sum_of_squares = self.sum_of_squares.checked_add(other.sum_of_squares).ok_or(Overflow)?;
        Ok(())
    }
}

impl Encode for Integers {
    fn encode(&self, out: &mut Writer) {
        out.count(self.n);
        out.wide(self.sum);
        out.wide(self.sum_of_squares);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { n: bytes.count()?, sum: bytes.wide()?, sum_of_squares: bytes.wide()? })
    }
}

impl crate::measure::Value for i64 {
    fn number(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn laws(a: Vec<i32>, b: Vec<i32>, c: Vec<i32>) {
            let wide = |v: &[i32]| v.iter().map(|x| i64::from(*x)).collect::<Vec<_>>();
            crate::summary::laws::hold::<i64, Integers>(&wide(&a), &wide(&b), &wide(&c));
        }
    }

    #[test]
    fn repeating_is_updating_again() {
        let mut once = Integers::default();
        once.update(&7, 3).unwrap();
        let mut thrice = Integers::default();
        for _ in 0..3 {
            thrice.update(&7, 1).unwrap();
        }
        assert_eq!(once, thrice);
        assert_eq!((once.n, once.sum, once.sum_of_squares), (3, 21, 147));
    }

    #[test]
    fn a_sum_that_does_not_fit_is_an_error() {
        let mut sum = Integers { n: 1, sum: i128::MAX, sum_of_squares: 0 };
        assert_eq!(sum.update(&1, 1), Err(Overflow));
    }
}
