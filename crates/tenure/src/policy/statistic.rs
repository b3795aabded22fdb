//! Which statistic of a set of durations is told, and what those are that have not ended.

use super::{FieldType, Named, choice};

/// A statistic: the mean, or any percentile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistic {
    /// Thousandths of a percent; nothing for the mean.
    percentile: Option<u32>,
}

/// Thousandths of a percent.
const PERCENT: u32 = 1_000;

impl Statistic {
    /// The arithmetic mean.
    pub const MEAN: Self = Self { percentile: None };
    /// The value that half of all do not exceed.
    pub const MEDIAN: Self = Self { percentile: Some(50 * PERCENT) };
    /// The value that nine of ten do not exceed.
    pub const P90: Self = Self { percentile: Some(90 * PERCENT) };
    /// The value that 19 of 20 do not exceed.
    pub const P95: Self = Self { percentile: Some(95 * PERCENT) };

    /// The share below a percentile, 0 to 1; nothing for the mean.
    pub fn probability(self) -> Option<f64> {
        self.percentile.map(|percentile| f64::from(percentile) / f64::from(100 * PERCENT))
    }
}

impl Named for Statistic {
    fn name(&self) -> String {
        match self.percentile {
            None => "mean".to_owned(),
            Some(percentile) if *self == Self::MEDIAN || percentile == 50 * PERCENT => "median".to_owned(),
            Some(percentile) => format!("p{}", f64::from(percentile) / f64::from(PERCENT)),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "mean" => return Ok(Self::MEAN),
            "median" => return Ok(Self::MEDIAN),
            _ => {}
        }
        let percent = text.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok());
        match percent {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "within 0 and 100, checked"
            )]
            Some(percent) if (0.0..=100.0).contains(&percent) => {
                Ok(Self { percentile: Some((percent * f64::from(PERCENT)).round() as u32) })
            }
            _ => Err(format!(
                "\"{text}\" is not a statistic; expected mean, median, or a percentile such as p90 or p99.5"
            )),
        }
    }

    fn kind(_many: bool) -> FieldType {
        FieldType::Statistics
    }
}

choice! {
    /// What is done with what has not ended at `as_of`.
    pub enum OpenUnits {
        /// Left out, and counted as missing: the statistic is of what has ended, and too low when much is open.
        CompletedOnly = "completed_only",
        /// Counted as lasting at least as long as it has: quantiles of the Kaplan-Meier curve, and its restricted mean.
        KaplanMeier = "kaplan_meier",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        assert_eq!(Statistic::parse("p50"), Ok(Statistic::MEDIAN));
        assert_eq!(Statistic::MEDIAN.name(), "median");
        assert_eq!(Statistic::parse("p99.5").unwrap().name(), "p99.5");
        assert_eq!(Statistic::parse("p90").unwrap().probability(), Some(0.9));
        assert!(Statistic::parse("p101").is_err() && Statistic::parse("mode").is_err());
    }
}
