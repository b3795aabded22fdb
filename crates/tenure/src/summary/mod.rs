//! Summaries: the exact state of one cell, mergeable in any order to the same bits.

mod amounts;
mod codings;
mod counts;
mod durations;
mod ids;
mod integers;
mod kinds;
mod latest;
mod moves;
mod occurrences;
mod outages;
mod pair;
mod portions;
mod reaches;
mod reals;
mod spans;
mod ticks;

pub(crate) use amounts::{Amount, Amounts};
pub(crate) use codings::{Coding, Coincidences, PairTables};
pub(crate) use counts::{Class, Counts, Trial};
pub(crate) use durations::{Ago, Durations, Elapsed};
pub(crate) use ids::Ids;
pub(crate) use integers::Integers;
pub(crate) use kinds::{Kind, Kinds};
pub(crate) use latest::{Dated, Latest};
pub(crate) use moves::{Moved, Moves};
pub(crate) use occurrences::{Occurrences, Occurs};
pub(crate) use outages::{Outage, OutagePart, Outages};
pub(crate) use pair::{Either, Pair};
pub(crate) use portions::{Portion, Portions};
pub(crate) use reaches::{Reach, Reaches};
pub(crate) use reals::{Number, Reals};
pub(crate) use spans::Spans;
pub(crate) use ticks::{Ticked, Ticks};

use crate::error::{Error, Result};
use crate::measure::Fate;
use crate::state::{Reader, Writer};

/// A count or sum that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overflow;

impl From<Overflow> for Error {
    fn from(_: Overflow) -> Self {
        Error::overflow("a count or sum")
    }
}

/// Bytes in, bytes out: the same value, on every platform.
pub(crate) trait Encode: Sized {
    fn encode(&self, out: &mut Writer);
    fn decode(bytes: &mut Reader<'_>) -> Result<Self>;
}

/// What can be put together: states of parts of the data make the state of the whole.
///
/// Laws, tested for every summary: `merge` is commutative and associative with `default()` as identity, and
/// `decode(encode(x)) == x`.
pub(crate) trait Mergeable: Clone + Default + Encode + PartialEq + Send + Sync + 'static {
    /// Takes in all that another took in.
    fn merge(&mut self, other: &Self) -> Result<(), Overflow>;

    /// Makes room: about so many values will come.
    fn expect(&mut self, _values: usize) {}
}

/// What a cell remembers of its values.
pub(crate) trait Summary<V>: Mergeable {
    /// Takes in a value `times` times.
    fn update(&mut self, value: &V, times: u64) -> Result<(), Overflow>;

    /// Takes in a value that was still growing. Unless the summary tells them apart, it counts as it is.
    fn censor(&mut self, value: &V, times: u64) -> Result<(), Overflow> {
        self.update(value, times)
    }
}

/// How many units came to which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) observed: u64,
    pub(crate) censored: u64,
    pub(crate) missing: u64,
    pub(crate) invalid: u64,
    pub(crate) immature: u64,
    pub(crate) excluded: u64,
}

impl Tally {
    fn counts(&self) -> [u64; 6] {
        [self.observed, self.censored, self.missing, self.invalid, self.immature, self.excluded]
    }

    /// Units used: `n`.
    pub(crate) fn used(&self) -> u64 {
        self.observed.saturating_add(self.censored)
    }

    fn add(&mut self, other: &Self) -> Result<(), Overflow> {
        for (mine, theirs) in [
            (&mut self.observed, other.observed),
            (&mut self.censored, other.censored),
            (&mut self.missing, other.missing),
            (&mut self.invalid, other.invalid),
            (&mut self.immature, other.immature),
            (&mut self.excluded, other.excluded),
        ] {
            *mine = mine.checked_add(theirs).ok_or(Overflow)?;
        }
        // All of them together are a count of rows too.
        self.counts().iter().try_fold(0_u64, |sum, n| sum.checked_add(*n)).map(|_| ()).ok_or(Overflow)
    }
}

/// One cell: every unit accounted for, the used ones summarised.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell<S> {
    pub(crate) tally: Tally,
    pub(crate) summary: S,
}

impl<S> Cell<S> {
    /// Takes in `times` units of one fate.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "so that a measurement is never put together in memory")]
    pub(crate) fn update<V>(&mut self, fate: &Fate<V>, times: u64) -> Result<(), Overflow>
    where
        S: Summary<V>,
    {
        let count = match fate {
            Fate::Observed(value) => {
                self.summary.update(value, times)?;
                &mut self.tally.observed
            }
            Fate::Censored(value) => {
                self.summary.censor(value, times)?;
                &mut self.tally.censored
            }
            Fate::Missing | Fate::MissingAs(_) => &mut self.tally.missing,
            Fate::Invalid(_) => &mut self.tally.invalid,
            Fate::Immature => &mut self.tally.immature,
            Fate::Excluded(_) => &mut self.tally.excluded,
            Fate::NoUnit => return Ok(()),
            Fate::Compared(value) => return self.summary.update(value, times),
        };
        *count = count.checked_add(times).ok_or(Overflow)?;
        Ok(())
    }

    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), Overflow>
    where
        S: Mergeable,
    {
        self.tally.add(&other.tally)?;
        self.summary.merge(&other.summary)
    }
}

impl<S: Encode> Encode for Cell<S> {
    fn encode(&self, out: &mut Writer) {
        for count in self.tally.counts() {
            out.count(count);
        }
        self.summary.encode(out);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let mut count = || bytes.count();
        let tally = Tally {
            observed: count()?,
            censored: count()?,
            missing: count()?,
            invalid: count()?,
            immature: count()?,
            excluded: count()?,
        };
        Ok(Self { tally, summary: S::decode(bytes)? })
    }
}

#[cfg(test)]
pub(crate) mod laws {
    //! The laws of every summary, to be called with values of its own kind.

    use super::*;

    fn of<V, S: Summary<V>>(values: &[V]) -> S {
        let mut summary = S::default();
        for value in values {
            summary.update(value, 1).unwrap();
        }
        summary
    }

    fn merged<V, S: Summary<V>>(a: &S, b: &S) -> S {
        let mut sum = a.clone();
        sum.merge(b).unwrap();
        sum
    }

    pub(crate) fn hold<V, S: Summary<V> + std::fmt::Debug>(a: &[V], b: &[V], c: &[V]) {
        let (x, y, z): (S, S, S) = (of(a), of(b), of(c));
        assert_eq!(merged(&x, &S::default()), x, "identity");
        assert_eq!(merged(&S::default(), &x), x, "identity from the left");
        assert_eq!(merged(&x, &y), merged(&y, &x), "commutative");
        assert_eq!(merged(&merged(&x, &y), &z), merged(&x, &merged(&y, &z)), "associative");
        let mut out = Writer::default();
        x.encode(&mut out);
        let bytes = out.into_bytes();
        let mut reader = Reader::new(&bytes);
        assert_eq!(S::decode(&mut reader).unwrap(), x, "decode after encode");
        assert!(reader.is_empty(), "decode reads all");
        for cut in 0..bytes.len() {
            let _ = S::decode(&mut Reader::new(&bytes[..cut]));
        }
    }
}
