//! Means of whole numbers: ratings, days, amounts in minor units.

use super::Interval;
use super::distribution::student_t_critical;

/// The exact sums from which mean and variance follow.
///
/// They add up across partitions in any order, which running means do not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Moments {
    /// How many values there were.
    pub n: u64,
    /// Their sum.
    pub sum: i128,
    /// The sum of their squares.
    pub sum_of_squares: i128,
}

impl Moments {
    /// What is the average value?
    ///
    /// `sum / n`, in the unit of the values. `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }

    /// How much do the values scatter?
    ///
    /// `sum of (x - mean)^2 / (n - 1)`, in the squared unit of the values. `None` for fewer than two values,
    /// or when the sums overflowed or cannot come from real numbers.
    ///
    /// The squares are taken around the integer nearest to the mean, exactly in `i128`; what remains to
    /// subtract as doubles is at most half of the whole, so nothing cancels however far from 0 the values
    /// lie. The sums may use nearly the whole range of `i128`: `n sum_of_squares`, which would overflow
    /// first, is never formed.
    pub fn sample_variance(&self) -> Option<f64> {
        if self.n < 2 {
            return None;
        }
        let n = i128::from(self.n);
        let centre = self.sum.checked_add(n / 2)?.div_euclid(n);
        // The sum of x - centre: between -n/2 and n/2.
        let remainder = self.sum.checked_sub(centre.checked_mul(n)?)?;
        // The sum of (x - centre)^2.
        let squares =
            self.sum_of_squares.checked_sub(centre.checked_mul(self.sum.checked_add(remainder)?)?)?;
        let deviations = squares as f64 - remainder as f64 * (remainder as f64 / n as f64);
        (deviations >= 0.0).then(|| deviations / (n - 1) as f64)
    }

    /// Which mean is plausible? [`t_interval`] of these values.
    ///
    /// `None` for fewer than two values or when the level is not between 0 and 1.
    pub fn t(&self, level: f64) -> Option<Interval> {
        t_interval(self.n, self.mean()?, self.sample_variance()?, level)
    }
}

/// Which mean is plausible, when the variance is known from the sample only?
///
/// `mean +- t sqrt(sample_variance / n)` with `n - 1` degrees of freedom, in the unit of the mean. It is a
/// single point when all values agree.
///
/// `None` for fewer than two values, a variance that is negative or not finite, a mean that is not finite, or
/// a level that is not between 0 and 1.
///
/// Student (1908), *The probable error of a mean*, Biometrika 6(1).
pub fn t_interval(n: u64, mean: f64, sample_variance: f64, level: f64) -> Option<Interval> {
    if n < 2 || !mean.is_finite() || !sample_variance.is_finite() || sample_variance < 0.0 {
        return None;
    }
    let half_width = student_t_critical(level, (n - 1) as f64)? * (sample_variance / n as f64).sqrt();
    Some(Interval::around(mean, half_width))
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, assert_interval};
    use super::*;
    use proptest::prelude::*;

    fn moments(values: impl IntoIterator<Item = i64>) -> Moments {
        values.into_iter().fold(Moments::default(), |moments, value| {
            let value = i128::from(value);
            Moments {
                n: moments.n + 1,
                sum: moments.sum + value,
                sum_of_squares: moments.sum_of_squares + value * value,
            }
        })
    }

    // CES counts 80, 210, 140, 110, 160, 180, 120 on 1..7: mean 4080 / 1000. NumPy 2.4.6 x.var(ddof=1) and
    // scipy 1.17.1 scipy.stats.t.interval(0.95, 999, loc=x.mean(), scale=scipy.stats.sem(x)).
    #[test]
    fn effort_scores_agree_with_scipy() {
        let counts = [(1, 80), (2, 210), (3, 140), (4, 110), (5, 160), (6, 180), (7, 120)];
        let effort = moments(counts.into_iter().flat_map(|(score, count)| std::iter::repeat_n(score, count)));
        assert_close(effort.mean().unwrap(), 4.08, 1e-15);
        assert_close(effort.sample_variance().unwrap(), 3.657_257_257_257_257, 1e-14);
        assert_interval(effort.t(0.95), 3.961_326_886_924_596, 4.198_673_113_075_404, 1e-13);
    }

    // 5, 3, 4, 4, 1: mean 17 / 5, squares 67, variance (67 - 57.8) / 4 = 2.3; the interval from scipy 1.17.1
    // as above.
    #[test]
    fn five_ratings() {
        let ratings = moments([5, 3, 4, 4, 1]);
        assert_eq!(ratings, Moments { n: 5, sum: 17, sum_of_squares: 67 });
        assert_close(ratings.sample_variance().unwrap(), 2.3, 1e-15);
        assert_interval(ratings.t(0.9), 1.954_111_162_166_750_8, 4.845_888_837_833_248_5, 1e-13);
    }

    // The variance of a, a + 1, a + 2 is 1 wherever a lies.
    #[test]
    fn values_far_from_zero_lose_nothing() {
        for start in [-3, 0, 1 << 20, -(1 << 50), 1 << 62, -(1 << 62)] {
            assert_eq!(moments([start, start + 1, start + 2]).sample_variance(), Some(1.0));
        }
    }

    // n = 2^40 values, half 0 and half 2^20: the squares around the mean 2^19 are 2^38 each, 2^78 in all.
    #[test]
    fn the_largest_samples_do_not_overflow() {
        let n = 1_u64 << 40;
        let huge = Moments { n, sum: 1 << 59, sum_of_squares: 1 << 79 };
        assert_close(huge.sample_variance().unwrap(), 2.0_f64.powi(78) / (n - 1) as f64, 1e-15);
        // The same half and half with 0 and 2^43, beyond what n * sum_of_squares would allow: squares 2^84
        // each.
        let huger = Moments { n, sum: 1 << 82, sum_of_squares: 1 << 125 };
        assert_close(huger.sample_variance().unwrap(), 2.0_f64.powi(124) / (n - 1) as f64, 1e-15);
    }

    #[test]
    fn too_few_or_impossible_values_have_no_answer() {
        assert_eq!(Moments::default().mean(), None);
        assert_eq!(Moments::default().sample_variance(), None);
        assert_eq!(moments([7]).mean(), Some(7.0));
        assert_eq!(moments([7]).sample_variance(), None);
        assert_eq!(moments([7]).t(0.95), None);
        // No two numbers add up to 10 with squares that add up to 1.
        assert_eq!(Moments { n: 2, sum: 10, sum_of_squares: 1 }.sample_variance(), None);
        assert_eq!(Moments { n: 2, sum: i128::MAX, sum_of_squares: i128::MAX }.sample_variance(), None);
        assert_eq!(Moments { n: 2, sum: i128::MIN, sum_of_squares: i128::MIN }.sample_variance(), None);
        assert_eq!(t_interval(1, 3.0, 0.0, 0.95), None);
        assert_eq!(t_interval(5, f64::NAN, 1.0, 0.95), None);
        assert_eq!(t_interval(5, 3.0, -1.0, 0.95), None);
        assert_eq!(t_interval(5, 3.0, f64::NAN, 0.95), None);
        assert_eq!(t_interval(5, 3.0, 1.0, 1.0), None);
    }

    #[test]
    fn equal_values_give_a_point() {
        assert_eq!(moments([4, 4, 4]).t(0.95), Some(Interval { low: 4.0, high: 4.0 }));
    }

    proptest! {
        #[test]
        fn variance_is_that_of_the_definition(
            values in prop::collection::vec(-1_000_000..1_000_000_i64, 2..200),
        ) {
            let moments = moments(values.iter().copied());
            let mean = moments.mean().unwrap();
            let squares: f64 = values.iter().map(|value| (*value as f64 - mean).powi(2)).sum();
            let expected = squares / (values.len() - 1) as f64;
            prop_assert!((moments.sample_variance().unwrap() - expected).abs() <= 1e-9 * expected);
        }

        #[test]
        fn intervals_hold_the_mean_and_nest(
            values in prop::collection::vec(-100..100_i64, 2..50), level in 0.1..0.99_f64,
        ) {
            let moments = moments(values);
            let (inner, outer) = (moments.t(level).unwrap(), moments.t(level + 0.009).unwrap());
            let mean = moments.mean().unwrap();
            prop_assert!(outer.low <= inner.low && inner.low <= mean);
            prop_assert!(mean <= inner.high && inner.high <= outer.high);
        }
    }
}
