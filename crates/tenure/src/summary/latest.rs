//! The latest of some numbers.

use super::{Encode, Mergeable, Number, Overflow, Summary};
use crate::error::{Error, Result};
use crate::scope::Micros;
use crate::state::{Reader, Writer};
use std::cmp::Ordering;

/// A number, and its place in time: an instant, and what decides between numbers of one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dated {
    pub(crate) at: Micros,
    pub(crate) seq: i128,
    pub(crate) number: Number,
}

impl Dated {
    /// Where nothing else decides the number itself does, so that the order of rows never shows.
    fn compare(&self, other: &Self) -> Ordering {
        let numbers = [self, other].map(|dated| dated.number.as_f64());
        let [mine, theirs] = numbers;
        (self.at, self.seq).cmp(&(other.at, other.seq)).then_with(|| mine.total_cmp(&theirs))
    }
}

/// The latest number, if there is any.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Latest(pub(crate) Option<Dated>);

impl Summary<Dated> for Latest {
    fn update(&mut self, value: &Dated, times: u64) -> Result<(), Overflow> {
        if times > 0 && self.0.is_none_or(|known| known.compare(value) == Ordering::Less) {
            self.0 = Some(*value);
        }
        Ok(())
    }
}

impl Mergeable for Latest {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        other.0.map_or(Ok(()), |dated| self.update(&dated, 1))
    }
}

impl Encode for Latest {
    fn encode(&self, out: &mut Writer) {
        out.count(u64::from(self.0.is_some()));
        if let Some(Dated { at, seq, number }) = self.0 {
            out.wide(i128::from(at));
            out.wide(seq);
            number.encode(out);
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        if bytes.count()? == 0 {
            return Ok(Self(None));
        }
        let at = Micros::try_from(bytes.wide()?);
        let at = at.map_err(|_| Error::corrupt("a time in the state is too large"))?;
        Ok(Self(Some(Dated { at, seq: bytes.wide()?, number: Number::decode(bytes)? })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dated((at, seq, number): (i8, i8, i8)) -> Dated {
        let number = if number % 2 == 0 {
            Number::Whole(number.into())
        } else {
            Number::Real(f64::from(number) / 8.0)
        };
        Dated { at: at.into(), seq: seq.into(), number }
    }

    proptest! {
        #[test]
        fn laws(a: Vec<(i8, i8, i8)>, b: Vec<(i8, i8, i8)>, c: Vec<(i8, i8, i8)>) {
            let dated = |v: Vec<(i8, i8, i8)>| v.into_iter().map(dated).collect::<Vec<_>>();
            crate::summary::laws::hold::<Dated, Latest>(&dated(a), &dated(b), &dated(c));
        }
    }

    #[test]
    fn of_one_instant_the_last_in_sequence_counts() {
        let mut latest = Latest::default();
        for value in [(3, 2, 8), (3, 4, 2), (3, 3, 6), (1, 9, 4)] {
            latest.update(&dated(value), 1).unwrap();
        }
        assert_eq!(latest.0, Some(dated((3, 4, 2))));
    }
}
