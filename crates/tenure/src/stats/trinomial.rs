//! Net scores: the share of positive answers minus the share of negative ones.
//!
//! An answer counts +1 (promoter, great, easy), 0 (passive, okay) or -1 (detractor, not good, difficult); the
//! score is the mean, from -1 to 1. Multiply by 100 for points.
//!
//! The three intervals are those compared by Rocks (2016), *Interval estimation for the "net promoter
//! score"*, The American Statistician 70(4), and described by `MeasuringU` (Lewis and Sauro 2021),
//! *Evaluating NPS confidence intervals with real-world data*.

use super::Interval;
use super::distribution::normal_critical;
use super::mean::t_interval;

/// The exact counts behind a net score.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Trinomial {
    /// Answers that count +1.
    pub positive: u64,
    /// Answers that count 0.
    pub neutral: u64,
    /// Answers that count -1.
    pub negative: u64,
}

impl Trinomial {
    /// How many answers were there? Saturates at `u64::MAX`.
    pub fn n(&self) -> u64 {
        self.positive.saturating_add(self.neutral).saturating_add(self.negative)
    }

    /// What is the net score, from -1 to 1?
    ///
    /// `(positive - negative) / n`. `None` without answers.
    pub fn score(&self) -> Option<f64> {
        Some(self.weights()?.score())
    }

    /// How far is the score from the truth, typically?
    ///
    /// `sqrt((p + d - (p - d)^2) / n)` for the shares `p` positive and `d` negative, on the scale of the
    /// score; 0 when all answers agree. `None` without answers.
    pub fn standard_error(&self) -> Option<f64> {
        Some(self.weights()?.standard_error())
    }

    /// Which score is plausible, by the textbook normal interval?
    ///
    /// `score +- z SE`: a single point when all answers agree, and too short for small samples. Not clipped
    /// to -1..1. `None` without answers or when the level is not between 0 and 1.
    pub fn wald(&self, level: f64) -> Option<Interval> {
        self.weights()?.wald(level)
    }

    /// Which score is plausible, by the adjusted Wald interval? The default for every net score.
    ///
    /// [`wald`](Self::wald) after adding three imaginary answers: 0.75 positive, 1.5 neutral and 0.75
    /// negative. Its centre is the adjusted score, nearer to 0 than the score. Rocks found its coverage the
    /// best. Not clipped to -1..1. `None` without answers or when the level is not between 0 and 1.
    pub fn adjusted_wald(&self, level: f64) -> Option<Interval> {
        let Weights { positive, neutral, negative } = self.weights()?;
        Weights { positive: positive + 0.75, neutral: neutral + 1.5, negative: negative + 0.75 }.wald(level)
    }

    /// Which score is plausible, reading the answers as a sample of -1, 0 and +1 with unknown variance?
    ///
    /// `score +- t s / sqrt(n)` with `n - 1` degrees of freedom and the sample variance: "trinomial means" at
    /// `MeasuringU`. Not clipped to -1..1. `None` for fewer than two answers or when the level is not between
    /// 0 and 1.
    pub fn t(&self, level: f64) -> Option<Interval> {
        let weights = self.weights()?;
        let n = weights.n();
        t_interval(self.n(), weights.score(), weights.variance() * (n / (n - 1.0)), level)
    }

    /// The counts as doubles, once there is something to divide by.
    fn weights(&self) -> Option<Weights> {
        (self.n() > 0).then_some(Weights {
            positive: self.positive as f64,
            neutral: self.neutral as f64,
            negative: self.negative as f64,
        })
    }
}

/// Counts that may have had fractions added; their sum is positive.
#[derive(Clone, Copy)]
struct Weights {
    positive: f64,
    neutral: f64,
    negative: f64,
}

impl Weights {
    fn n(self) -> f64 {
        self.positive + self.neutral + self.negative
    }

    fn score(self) -> f64 {
        (self.positive - self.negative) / self.n()
    }

    /// `p + d - (p - d)^2`, written as the sum `(p + d) u + 4 p d` (`u` is the neutral share), which cannot
    /// cancel.
    fn variance(self) -> f64 {
        let n = self.n();
        let (p, u, d) = (self.positive / n, self.neutral / n, self.negative / n);
        (p + d) * u + 4.0 * p * d
    }

    fn standard_error(self) -> f64 {
        (self.variance() / self.n()).sqrt()
    }

    fn wald(self, level: f64) -> Option<Interval> {
        Some(Interval::around(self.score(), normal_critical(level)? * self.standard_error()))
    }
}

/// The change from one net score to another.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// The later score minus the earlier one, from -2 to 2.
    pub change: f64,
    /// The standard error of the change.
    pub standard_error: f64,
    /// How many standard errors the change is from 0; `None` when the standard error is 0.
    pub z: Option<f64>,
    /// The normal interval of the change.
    pub interval: Interval,
}

/// Did the score change, and by how much?
///
/// `change = after - before`, `SE = sqrt(SE_before^2 + SE_after^2)`, `z = change / SE`, interval
/// `change +- z SE`, for two independent samples. When the same people answered twice, the samples are paired
/// and `z` understates.
///
/// On the scale of the score, not clipped to -2..2. `None` when either side has no answers or the level is
/// not between 0 and 1.
pub fn difference(before: &Trinomial, after: &Trinomial, level: f64) -> Option<Difference> {
    let change = after.score()? - before.score()?;
    let standard_error = before.standard_error()?.hypot(after.standard_error()?);
    Some(Difference {
        change,
        standard_error,
        z: (standard_error > 0.0).then(|| change / standard_error),
        interval: Interval::around(change, normal_critical(level)? * standard_error),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, assert_interval};
    use super::*;
    use proptest::prelude::*;

    fn counts(positive: u64, neutral: u64, negative: u64) -> Trinomial {
        Trinomial { positive, neutral, negative }
    }

    fn points(interval: Option<Interval>) -> Option<Interval> {
        interval.map(|interval| Interval { low: 100.0 * interval.low, high: 100.0 * interval.high })
    }

    // 60 promoters, 30 passives, 10 detractors: NPS 50, SE 100 sqrt((0.7 - 0.25) / 100) = 6.708204. The
    // adjusted score is 50 / 103. Intervals with z = 1.959964 (NumPy 2.4.6 and scipy 1.17.1, from the
    // formulas).
    #[test]
    fn a_hundred_answers() {
        let nps = counts(60, 30, 10);
        assert_eq!(nps.n(), 100);
        assert_close(nps.score().unwrap(), 0.5, 1e-15);
        assert_close(nps.standard_error().unwrap(), 0.067_082_039_324_993_7, 1e-14);
        assert_interval(points(nps.wald(0.95)), 36.852_162, 63.147_838, 1e-7);
        assert_interval(nps.adjusted_wald(0.95), 0.354_665_919_386_674_7, 0.616_207_867_021_092_2, 1e-13);
        let adjusted = nps.adjusted_wald(0.95).unwrap();
        assert_close(f64::midpoint(adjusted.low, adjusted.high), 50.0 / 103.0, 1e-14);
    }

    // 3, 1, 1: score 0.4, SE sqrt((0.8 - 0.16) / 5) = 0.357771. Adjusted: p = 3.75 / 8, d = 1.75 / 8, score
    // 0.25, SE sqrt((5.5 / 8 - 0.0625) / 8) = 0.279508, and 0.25 +- 1.959964 * 0.279508.
    #[test]
    fn a_small_sample_is_not_clipped() {
        let nps = counts(3, 1, 1);
        assert_close(nps.score().unwrap(), 0.4, 1e-15);
        assert_close(nps.standard_error().unwrap(), 0.357_770_876_399_966_4, 1e-14);
        assert_interval(nps.adjusted_wald(0.95), -0.297_826_587_860_363_65, 0.797_826_587_860_363_7, 1e-13);
    }

    // 10, 0, 0: no observed variance, so Wald has no width; adjusted: 10 / 13 (NumPy 2.4.6, from the
    // formula).
    #[test]
    fn unanimous_answers_still_have_an_adjusted_interval() {
        let nps = counts(10, 0, 0);
        assert_eq!(nps.score(), Some(1.0));
        assert_eq!(nps.standard_error(), Some(0.0));
        assert_eq!(nps.wald(0.95), Some(Interval { low: 1.0, high: 1.0 }));
        assert_eq!(nps.t(0.95), Some(Interval { low: 1.0, high: 1.0 }));
        assert_interval(nps.adjusted_wald(0.95), 0.475_035_515_447_901_96, 1.063_426_023_013_636_3, 1e-13);
    }

    // Help Scout's own example, 41 great, 34 okay, 35 not good: 37.2727 - 31.8182 = 5.4545; SE 7.908188.
    #[test]
    fn help_scout_example() {
        let happiness = counts(41, 34, 35);
        assert_close(100.0 * happiness.score().unwrap(), 600.0 / 110.0, 1e-14);
        assert_close(100.0 * happiness.standard_error().unwrap(), 7.908_188, 1e-7);
    }

    // Counts 80, 210, 140, 110, 160, 180, 120 on 1..7, easy from 6, difficult to 3: (300 - 430) / 1000 = -13
    // points.
    #[test]
    fn effort_index() {
        assert_close(counts(300, 270, 430).score().unwrap(), -0.13, 1e-15);
    }

    // scipy 1.17.1, scipy.stats.t.interval(level, n - 1, loc=x.mean(), scale=scipy.stats.sem(x)) over -1, 0,
    // +1.
    #[test]
    fn t_agrees_with_scipy() {
        let cases = [
            (counts(60, 30, 10), 0.95, 0.366_224_120_414_320_4, 0.633_775_879_585_679_6),
            (counts(3, 1, 1), 0.8, -0.213_282_509_623_577_53, 1.013_282_509_623_577_6),
            (counts(3, 1, 1), 0.95, -0.710_578_042_079_117_3, 1.510_578_042_079_117_3),
            (counts(41, 34, 35), 0.99, -0.153_731_471_663_731_47, 0.262_822_380_754_640_54),
            (counts(1, 1, 0), 0.95, -5.853_102_368_087_347, 6.853_102_368_087_347),
        ];
        for (trinomial, level, low, high) in cases {
            assert_interval(trinomial.t(level), low, high, 1e-13);
        }
        assert_eq!(counts(1, 0, 0).t(0.95), None);
    }

    // 50 +- 6.708204 after 20 +- sqrt((0.8 - 0.04) / 100) = 8.717798: change 30, SE sqrt(0.0045 + 0.0076) =
    // 0.11, z = 0.3 / 0.11 = 2.727273, interval 0.3 +- 1.959964 * 0.11 = 0.084404..0.515596.
    #[test]
    fn a_change_by_shown_arithmetic() {
        let change = difference(&counts(50, 20, 30), &counts(60, 30, 10), 0.95).unwrap();
        assert_close(change.change, 0.3, 1e-15);
        assert_close(change.standard_error, 0.11, 1e-14);
        assert_close(change.z.unwrap(), 30.0 / 11.0, 1e-14);
        assert_interval(Some(change.interval), 0.084_403_961_7, 0.515_596_038_3, 1e-9);
    }

    #[test]
    fn a_change_between_unanimous_samples_has_no_z() {
        let change = difference(&counts(5, 0, 0), &counts(0, 0, 7), 0.95).unwrap();
        assert_close(change.change, -2.0, 0.0);
        assert_eq!(change.z, None);
        assert_eq!(change.interval, Interval { low: -2.0, high: -2.0 });
    }

    #[test]
    fn nothing_follows_from_no_answers_or_no_level() {
        let nobody = Trinomial::default();
        assert_eq!(nobody.score(), None);
        assert_eq!(nobody.standard_error(), None);
        for level in [0.95, 0.0, 1.0, f64::NAN] {
            assert_eq!(nobody.wald(level), None);
            assert_eq!(nobody.adjusted_wald(level), None);
            assert_eq!(nobody.t(level), None);
            assert_eq!(difference(&nobody, &counts(1, 1, 1), level), None);
            assert_eq!(difference(&counts(1, 1, 1), &nobody, level), None);
        }
        for level in [0.0, 1.0, f64::NAN] {
            assert_eq!(counts(1, 1, 1).wald(level), None);
            assert_eq!(counts(1, 1, 1).adjusted_wald(level), None);
            assert_eq!(counts(1, 1, 1).t(level), None);
            assert_eq!(difference(&counts(1, 1, 1), &counts(1, 1, 1), level), None);
        }
    }

    proptest! {
        #[test]
        fn intervals_nest_and_mirror(
            p in 0..10_000_u64, u in 0..10_000_u64, d in 0..10_000_u64, level in 0.1..0.99_f64,
        ) {
            prop_assume!(p + u + d >= 2);
            let (score, mirrored) = (counts(p, u, d), counts(d, u, p));
            for interval in [Trinomial::wald, Trinomial::adjusted_wald, Trinomial::t] {
                let inner = interval(&score, level).unwrap();
                let outer = interval(&score, level + 0.009).unwrap();
                prop_assert!(outer.low <= inner.low && inner.low <= inner.high && inner.high <= outer.high);
                let other = interval(&mirrored, level).unwrap();
                prop_assert!((inner.low + other.high).abs() < 1e-12);
            }
            let wald = score.wald(level).unwrap();
            prop_assert!(wald.low <= score.score().unwrap() && score.score().unwrap() <= wald.high);
        }
    }
}
