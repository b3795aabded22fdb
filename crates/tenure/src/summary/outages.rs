//! Outages: when there was no service, and how often that began.

use super::{Encode, Mergeable, Overflow, Spans, Summary};
use crate::error::Result;
use crate::measure::Value;
use crate::scope::Micros;
use crate::state::{Reader, Writer};

/// The part of an outage that lies in one period, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outage {
    pub(crate) part: OutagePart,
    pub(crate) from: Micros,
    pub(crate) to: Micros,
}

/// What a part of an outage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutagePart {
    /// Its beginning.
    Failure,
    /// It had begun before.
    Continued,
    /// It was planned, and takes away time in which there was to be service.
    Planned,
}

impl Value for Outage {
    /// In seconds.
    fn number(&self) -> Option<f64> {
        Some((self.to - self.from) as f64 / 1e6)
    }

    fn label(&self) -> Option<&'static str> {
        Some(match self.part {
            OutagePart::Failure => "failure",
            OutagePart::Continued => "continued",
            OutagePart::Planned => "planned",
        })
    }
}

/// When there was no service: overlapping outages are one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outages {
    /// How many outages began.
    pub(crate) failures: u64,
    down: Spans,
    planned: Spans,
}

/// How long there was service, and how long there was to be.
pub(crate) struct Service {
    pub(crate) up: i128,
    pub(crate) time: i128,
}

impl Outages {
    /// The service in a stretch of time that holds all of these outages.
    pub(crate) fn service(&self, elapsed: Micros) -> Service {
        let elapsed = i128::from(elapsed);
        // An outage during maintenance is no time without service: no service was to be had.
        let without = self.down.union(&self.planned);
        Service { up: elapsed - without.length(), time: elapsed - self.planned.length() }
    }
}

impl Summary<Outage> for Outages {
    fn update(&mut self, outage: &Outage, times: u64) -> Result<(), Overflow> {
        let span = (outage.from, outage.to);
        match outage.part {
            OutagePart::Planned => self.planned.insert(span),
            OutagePart::Continued => self.down.insert(span),
            OutagePart::Failure => {
                self.failures = self.failures.checked_add(times).ok_or(Overflow)?;
                self.down.insert(span);
            }
        }
        Ok(())
    }
}

impl Mergeable for Outages {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.failures = self.failures.checked_add(other.failures).ok_or(Overflow)?;
        self.down.merge(&other.down)?;
        self.planned.merge(&other.planned)
    }
}

impl Encode for Outages {
    fn encode(&self, out: &mut Writer) {
        out.count(self.failures);
        self.down.encode(out);
        self.planned.encode(out);
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { failures: bytes.count()?, down: Spans::decode(bytes)?, planned: Spans::decode(bytes)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outages() -> impl Strategy<Value = Vec<Outage>> {
        let part =
            prop_oneof![Just(OutagePart::Failure), Just(OutagePart::Continued), Just(OutagePart::Planned)];
        let outage = (part, 0..100_i64, 0..20_i64).prop_map(|(part, from, long)| Outage {
            part,
            from,
            to: from + long,
        });
        proptest::collection::vec(outage, 0..20)
    }

    proptest! {
        #[test]
        fn laws(a in outages(), b in outages(), c in outages()) {
            crate::summary::laws::hold::<Outage, Outages>(&a, &b, &c);
        }

        #[test]
        fn every_microsecond_counts_once(outages in outages()) {
            let mut summary = Outages::default();
            for outage in &outages {
                summary.update(outage, 1).unwrap();
            }
            let is_in = |at: i64, planned: bool| {
                let of_kind = |outage: &&Outage| (outage.part == OutagePart::Planned) == planned;
                outages.iter().filter(of_kind).any(|outage| outage.from <= at && at < outage.to)
            };
            let service = summary.service(200);
            let time = (0..200).filter(|at| !is_in(*at, true));
            prop_assert_eq!(service.time, time.clone().count() as i128);
            prop_assert_eq!(service.up, time.filter(|at| !is_in(*at, false)).count() as i128);
        }
    }
}
