//! Sums of any numbers, exact.

use super::{Encode, Mergeable, Overflow, Summary};
use crate::error::{Error, Result};
use crate::measure::Value;
use crate::state::{Reader, Writer};

/// A finite number: whole numbers of any size as they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Whole(i128),
    Real(f64),
}

impl Number {
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Number::Whole(whole) => whole as f64,
            Number::Real(real) => real,
        }
    }
}

impl Encode for Number {
    fn encode(&self, out: &mut Writer) {
        match self {
            Number::Whole(whole) => {
                out.count(0);
                out.wide(*whole);
            }
            Number::Real(real) => {
                out.count(1);
                out.float(*real);
            }
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        match bytes.count()? {
            0 => Ok(Number::Whole(bytes.wide()?)),
            1 => Ok(Number::Real(bytes.float()?)),
            _ => Err(Error::corrupt("a number in the state has an unknown type")),
        }
    }
}

impl Value for Number {
    fn number(&self) -> Option<f64> {
        Some(self.as_f64())
    }
}

/// How many numbers, and their sum: all of its bits, so that neither the order of the numbers nor how they were split
/// changes it. It is rounded once, when it is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reals {
    n: u64,
    /// The whole numbers among them.
    whole: i128,
    /// The others.
    broken: Bits,
}

impl Reals {
    /// How many numbers.
    pub(crate) fn n(&self) -> u64 {
        self.n
    }

    /// The sum, rounded to the nearest float.
    pub(crate) fn sum(&self) -> f64 {
        if self.broken.is_zero() {
            return self.whole as f64;
        }
        let mut all = self.broken.clone();
        all.add_whole(self.whole);
        all.rounded()
    }
}

impl Summary<Number> for Reals {
    fn update(&mut self, value: &Number, times: u64) -> Result<(), Overflow> {
        self.n = self.n.checked_add(times).ok_or(Overflow)?;
        match value {
            Number::Whole(whole) => {
                let sum = whole.checked_mul(i128::from(times)).and_then(|all| self.whole.checked_add(all));
                self.whole = sum.ok_or(Overflow)?;
            }
            Number::Real(real) => (0..times).for_each(|_| self.broken.add(*real)),
        }
        Ok(())
    }
}

impl Mergeable for Reals {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.n = self.n.checked_add(other.n).ok_or(Overflow)?;
        self.whole = self.whole.checked_add(other.whole).ok_or(Overflow)?;
        self.broken.merge(&other.broken);
        Ok(())
    }
}

impl Encode for Reals {
    fn encode(&self, out: &mut Writer) {
        out.count(self.n);
        out.wide(self.whole);
        self.broken.encode(out);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { n: bytes.count()?, whole: bytes.wide()?, broken: Bits::decode(bytes)? })
    }
}

/// A binary number of all the bits that sums of floats can have: digits of 32 bits, the lowest first. A digit may hold
/// more than 32 bits, and be negative, until it is settled.
#[derive(Clone, Debug, Default)]
struct Bits {
    digits: Vec<i64>,
    /// Additions since the digits were settled last.
    loose: u32,
}

/// The lowest bit of any float is worth 2 to this power.
const LOWEST: i32 = -1074;
/// Two to this power is worth one.
const ONE: u32 = LOWEST.unsigned_abs();
/// As many digits as a float has, and room for sums of more numbers than there can be.
const MOST: usize = (1074 + 1024) / 32 + 6;
/// An addition changes a digit by less than 2^32.
const MOST_LOOSE: u32 = 1 << 30;

impl Bits {
    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Adds a finite float.
    fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        // The smallest floats have no leading bit.
        let (mantissa, shift) = match (bits >> 52) & 0x7ff {
            0 => (fraction, 0),
            exponent => (fraction | 1 << 52, u32::try_from(exponent - 1).unwrap_or(0)),
        };
        self.add_at(u128::from(mantissa), shift, value.is_sign_negative());
    }

    fn add_whole(&mut self, whole: i128) {
        let size = whole.unsigned_abs();
        self.add_at(size & u128::from(u64::MAX), ONE, whole < 0);
        self.add_at(size >> 64, ONE + 64, whole < 0);
    }

    /// Adds a number of up to 64 bits whose lowest bit is so many bits above the lowest of all.
    fn add_at(&mut self, size: u128, shift: u32, is_negative: bool) {
        if size == 0 {
            return;
        }
        let mut rest = size << (shift % 32);
        let mut at = (shift / 32) as usize;
        while rest > 0 {
            if self.digits.len() <= at {
                self.digits.resize(at + 1, 0);
            }
            let digit = i64::try_from(rest & 0xffff_ffff).unwrap_or(0);
            if let Some(slot) = self.digits.get_mut(at) {
                *slot += if is_negative { -digit } else { digit };
            }
            rest >>= 32;
            at += 1;
        }
        self.loosen(1);
    }

    fn merge(&mut self, other: &Self) {
        let other = other.settled();
        self.digits.resize(self.digits.len().max(other.len()), 0);
        for (mine, theirs) in self.digits.iter_mut().zip(&other) {
            *mine += theirs;
        }
        self.loosen(1);
    }

    fn loosen(&mut self, by: u32) {
        self.loose += by;
        if self.loose >= MOST_LOOSE {
            self.digits = self.settled();
            self.loose = 0;
        }
    }

    /// The one way to write the number: digits below 2^32, all of the number's sign, and no zeros above.
    fn settled(&self) -> Vec<i64> {
        let settle = |sign: i64| {
            let mut carry = 0_i64;
            let mut digits: Vec<i64> = Vec::with_capacity(self.digits.len() + 1);
            for digit in &self.digits {
                let sum = sign * digit + carry;
                digits.push(sign * (sum & 0xffff_ffff));
                carry = sum >> 32;
            }
            digits.push(sign * carry);
            (carry >= 0).then_some(digits)
        };
        let mut digits = settle(1).or_else(|| settle(-1)).unwrap_or_default();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        digits
    }

    /// The nearest float; of two the even one. Sums beyond the range of floats are infinite.
    fn rounded(&self) -> f64 {
        let digits = self.settled();
        let is_negative = digits.last().is_some_and(|highest| *highest < 0);
        // The highest 96 bits or more, and whether anything is below them.
        let (below, highest) = digits.split_at(digits.len().saturating_sub(4));
        let top =
            highest.iter().rev().fold(0_u128, |top, digit| top << 32 | u128::from(digit.unsigned_abs()));
        // What is below can only decide between two floats that are equally near.
        let top = top | u128::from(below.iter().any(|digit| *digit != 0));
        let exponent = i32::try_from(below.len() * 32).unwrap_or(i32::MAX) + LOWEST;
        let size = scaled(top, exponent);
        if is_negative { -size } else { size }
    }
}

/// `value * 2^exponent`, rounded once. Digits below the lowest float do not exist.
fn scaled(value: u128, exponent: i32) -> f64 {
    // Halves of the power are exact, and so is the product with them unless it overflows.
    let power = |exponent: i32| 2.0_f64.powi(exponent);
    let nearest = value as f64;
    if exponent >= -1000 {
        let half = exponent / 2;
        return nearest * power(half) * power(exponent - half);
    }
    // Of the smallest, all bits are in the value: there is nothing to round if it is short, and if it is long the
    // result is large enough to be scaled without loss.
    nearest * power(-1000) * power(exponent + 1000)
}

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        self.settled() == other.settled()
    }
}

impl Encode for Bits {
    fn encode(&self, out: &mut Writer) {
        let digits = self.settled();
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        out.count(digits.len() as u64);
        // Below the lowest bit that anybody used there are only zeros.
        out.count(zeros as u64);
        digits.iter().skip(zeros).for_each(|digit| out.wide(i128::from(*digit)));
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let wrong = || Error::corrupt("a sum in the state is not written as it should be");
        let (len, zeros) = (bytes.count()?, bytes.count()?);
        let len = usize::try_from(len).ok().filter(|len| *len <= MOST).ok_or_else(wrong)?;
        let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= len).ok_or_else(wrong)?;
        let mut digits = vec![0; zeros];
        for _ in zeros..len {
            digits.push(i64::try_from(bytes.wide()?).map_err(|_| wrong())?);
        }
        let is_small = |digit: &i64| digit.unsigned_abs() < 1 << 32;
        let bits = Self { digits, loose: 0 };
        if bits.digits.iter().all(is_small) && bits.settled() == bits.digits {
            Ok(bits)
        } else {
            Err(wrong())
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums are exact")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Reals {
        let mut sum = Reals::default();
        for value in values {
            sum.update(&Number::Real(*value), 1).unwrap();
        }
        sum
    }

    proptest! {
        #[test]
        fn laws(a: Vec<f32>, b: Vec<f64>, c: Vec<i128>) {
            let reals = |v: Vec<f64>| -> Vec<Number> {
                v.into_iter().filter(|value| value.is_finite()).map(Number::Real).collect()
            };
            let wholes: Vec<Number> = c.iter().map(|whole| Number::Whole(whole >> 20)).collect();
            let singles = reals(a.into_iter().map(f64::from).collect());
            crate::summary::laws::hold::<Number, Reals>(&singles, &reals(b), &wholes);
        }

        #[test]
        fn one_number_is_itself(value: f64) {
            prop_assume!(value.is_finite());
            prop_assert_eq!(of(&[value]).sum(), value);
            prop_assert_eq!(of(&[value, -value]).sum(), 0.0);
            prop_assert_eq!(of(&[value, -value]), of(&[0.5, -0.5]));
        }

        #[test]
        fn sums_are_rounded_once(parts in proptest::collection::vec((any::<i64>(), -70..20_i32), 0..40)) {
            // The same sum in whole multiples of 2^-70, which integers hold: 63 + 90 bits and the carries do not fit,
            // so the numbers are cut to 30 bits.
            let cut = |mantissa: i64| mantissa >> 33;
            let values: Vec<f64> =
                parts.iter().map(|(mantissa, exponent)| cut(*mantissa) as f64 * 2.0_f64.powi(*exponent)).collect();
            let whole: i128 =
                parts.iter().map(|(mantissa, exponent)| i128::from(cut(*mantissa)) << (exponent + 70)).sum();
            prop_assert_eq!(of(&values).sum(), whole as f64 * 2.0_f64.powi(-70));
        }
    }

    #[test]
    fn nothing_is_lost() {
        assert_eq!(of(&[0.1; 10]).sum(), 1.0);
        assert_eq!(of(&[1e16, 1.5, -1e16]).sum(), 1.5);
        assert_eq!(of(&[f64::MAX, f64::MAX, -f64::MAX, -f64::MAX, 5e-324]).sum(), 5e-324);
        assert_eq!(of(&[f64::MAX, f64::MAX]).sum(), f64::INFINITY);
        let mut sum = of(&[0.5]);
        sum.update(&Number::Whole(i128::from(i64::MAX)), 3).unwrap();
        sum.update(&Number::Whole(-i128::from(i64::MAX)), 3).unwrap();
        assert_eq!((sum.sum(), sum.n()), (0.5, 7));
    }
}
