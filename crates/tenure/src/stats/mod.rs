//! How sure is a number? Intervals, quantiles and sample sizes over exact counts.
//!
//! States remember integers; this is the only place where they become doubles. Every function is pure, and a
//! question without an answer (no data, a level outside 0 to 1, too few values) gives `None`, never NaN.
//!
//! | question | function | interval |
//! |---|---|---|
//! | a share of answers (CSAT, CES, FCR) | [`wilson`], [`clopper_pearson`] | score, exact |
//! | promoters minus detractors (NPS, happiness) | [`Trinomial`] | adjusted Wald, Wald, t |
//! | the change between two such scores | [`trinomial::difference`] | normal |
//! | a mean rating | [`Moments`], [`t_interval`] | t |
//! | agreement between coders (kappa, alpha) | [`agreement`] | large samples |
//! | a median or percentile | [`quantile_interval`] | order statistics |
//! | the mean time between events | [`mean_time_between`] | chi-square |
//! | where moves end, and when | [`AbsorbingChain`] | |
//! | is a value an outlier | [`modified_z_score`] | |
//! | how many answers are enough | [`sample_size`] | |
//!
//! Shares are fractions from 0 to 1 and net scores run from -1 to 1: percent and points are the caller's, and
//! so is clipping to the scale.

mod absorbing;
pub mod agreement;
pub mod distribution;
mod incomplete_beta;
pub mod mean;
mod mean_time;
mod outlier;
pub mod proportion;
pub mod quantile;
pub mod sample_size;
pub mod survival;
pub mod trinomial;

pub use absorbing::{Absorbed, AbsorbingChain};
pub use mean::{Moments, t_interval};
pub use mean_time::mean_time_between;
pub(crate) use outlier::median;
pub use outlier::modified_z_score;
pub use proportion::{clopper_pearson, wilson};
pub use quantile::{QuantileInterval, nearest_rank, quantile_interval, quantile_type_7};
pub use trinomial::{Difference, Trinomial};

/// The range that holds the true value with the asked level of confidence, ends included.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The interval of `half_width` on either side of `centre`.
    fn around(centre: f64, half_width: f64) -> Self {
        Self { low: centre - half_width, high: centre + half_width }
    }
}

#[cfg(test)]
#[track_caller]
fn assert_close(actual: f64, expected: f64, relative_tolerance: f64) {
    let error = (actual - expected).abs();
    assert!(error <= relative_tolerance * expected.abs(), "{actual:e} is not {expected:e}: off by {error:e}");
}

#[cfg(test)]
#[track_caller]
fn assert_interval(actual: Option<Interval>, low: f64, high: f64, relative_tolerance: f64) {
    let actual = actual.expect("an interval");
    assert_close(actual.low, low, relative_tolerance);
    assert_close(actual.high, high, relative_tolerance);
}
