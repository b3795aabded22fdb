//! Intervals of a share: successes among `n` independent answers.

use super::Interval;
use super::distribution::{beta_quantile, beta_upper_quantile, normal_critical, tail_of};

/// Which share of successes is plausible, by the score interval of Wilson? The default for every proportion.
///
/// `(k + z^2/2 +- z sqrt(k (n - k) / n + z^2/4)) / (n + z^2)`: its centre is pulled towards one half, so it
/// stays in 0..1 and is not empty at 0 or `n` successes, where an end is exactly 0 or 1.
///
/// Fractions from 0 to 1. `None` when `n` is 0, `successes > n`, or the level is not between 0 and 1.
///
/// Wilson (1927), *Probable inference, the law of succession, and statistical inference*, JASA 22;
/// recommended by Brown, Cai and `DasGupta` (2001), Statistical Science 16(2).
pub fn wilson(successes: u64, n: u64, level: f64) -> Option<Interval> {
    if n == 0 || successes > n {
        return None;
    }
    let z = normal_critical(level)?;
    let square = z * z;
    let k = successes as f64;
    let total = n as f64;
    let spread = z * (k * ((n - successes) as f64 / total) + square / 4.0).sqrt();
    let outer = k + square / 2.0 + spread;
    // The product of the two ends is `k^2 / (n (n + z^2))`: dividing it by the upper end gives the lower end
    // without subtracting two close numbers.
    let low = if successes == 0 { 0.0 } else { k * (k / total) / outer };
    let high = if successes == n { 1.0 } else { outer / (total + square) };
    Some(Interval { low, high })
}

/// Which share of successes is plausible, by the exact interval of Clopper and Pearson?
///
/// The lower end is the `(1 - level) / 2` quantile of `Beta(k, n - k + 1)`, the upper end the same upper
/// quantile of `Beta(k + 1, n - k)`. It covers the truth with at least the asked level, for every true share,
/// and is therefore wider than [`wilson`].
///
/// Fractions from 0 to 1; the ends at 0 and `n` successes are exactly 0 and 1. `None` when `n` is 0,
/// `successes > n`, or the level is not between 0 and 1.
///
/// Clopper and Pearson (1934), *The use of confidence or fiducial limits illustrated in the case of the
/// binomial*, Biometrika 26(4).
pub fn clopper_pearson(successes: u64, n: u64, level: f64) -> Option<Interval> {
    if n == 0 || successes > n {
        return None;
    }
    let tail = tail_of(level)?;
    let k = successes as f64;
    let failures = (n - successes) as f64;
    let low = if successes == 0 { 0.0 } else { beta_quantile(tail, k, failures + 1.0)? };
    let high = if successes == n { 1.0 } else { beta_upper_quantile(tail, k + 1.0, failures)? };
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use super::super::assert_interval;
    use super::*;
    use proptest::prelude::*;

    // scipy 1.17.1, scipy.stats.binomtest(k, n).proportion_ci(level, "wilson").
    #[test]
    fn wilson_agrees_with_scipy() {
        let cases = [
            (0, 1, 0.95, 0.0, 0.793_450_685_622_762_6),
            (0, 10, 0.95, 0.0, 0.277_532_799_862_889_26),
            (10, 10, 0.95, 0.722_467_200_137_110_9, 1.0),
            (8, 10, 0.5, 0.702_490_730_186_028_8, 0.871_400_851_472_169_6),
            (8, 10, 0.95, 0.490_162_471_536_641_8, 0.943_317_848_545_624_8),
            (8, 10, 0.9999, 0.260_204_751_816_807_13, 0.978_490_015_293_923_3),
            (84, 100, 0.95, 0.755_797_306_107_297_6, 0.899_047_115_111_952_1),
            (1, 1000, 0.95, 0.000_176_546_370_626_078_09, 0.005_642_558_597_957_935_5),
            (37, 10_000_000, 0.95, 2.684_501_406_934_599_7e-6, 5.099_641_484_888_376e-6),
        ];
        for (successes, n, level, low, high) in cases {
            assert_interval(wilson(successes, n, level), low, high, 1e-11);
        }
    }

    // scipy 1.17.1, scipy.stats.beta.ppf(tail, k, n - k + 1) and .isf(tail, k + 1, n - k), tail = (1 - level)
    // / 2.
    #[test]
    fn clopper_pearson_agrees_with_scipy() {
        let cases = [
            (0, 1, 0.95, 0.0, 0.975),
            (0, 10, 0.95, 0.0, 0.308_497_107_818_760_7),
            (10, 10, 0.95, 0.691_502_892_181_239_2, 1.0),
            (8, 10, 0.5, 0.644_555_791_746_941, 0.903_596_147_388_221),
            (8, 10, 0.95, 0.443_904_537_692_358_5, 0.974_789_273_673_166_6),
            (8, 10, 0.9999, 0.188_633_497_674_729_67, 0.998_942_931_797_378_3),
            (84, 100, 0.95, 0.753_212_402_589_137_7, 0.905_689_710_026_053_8),
            (5_000_123, 10_000_000, 0.95, 0.499_702_352_517_904_07, 0.500_322_247_474_974_4),
        ];
        for (successes, n, level, low, high) in cases {
            assert_interval(clopper_pearson(successes, n, level), low, high, 1e-12);
        }
    }

    // All or none of n: the exact end solves share^n = (1 - level) / 2, here 0.025^(1/10).
    #[test]
    fn unanimous_answers_have_a_closed_form() {
        let root = 0.025_f64.powf(0.1);
        assert_interval(clopper_pearson(10, 10, 0.95), root, 1.0, 1e-14);
        assert_interval(clopper_pearson(0, 10, 0.95), 0.0, 1.0 - root, 1e-14);
    }

    #[test]
    fn ends_at_none_and_all_are_exact() {
        for interval in [wilson, clopper_pearson] {
            for n in [1, 3, 10, 999, 10_000_000] {
                for level in [1e-20, 0.5, 0.8, 0.95, 0.9999] {
                    assert_eq!(interval(0, n, level).unwrap().low.to_bits(), 0.0_f64.to_bits());
                    assert_eq!(interval(n, n, level).unwrap().high.to_bits(), 1.0_f64.to_bits());
                }
            }
        }
    }

    #[test]
    fn impossible_counts_and_levels_have_no_interval() {
        for interval in [wilson, clopper_pearson] {
            assert_eq!(interval(0, 0, 0.95), None);
            assert_eq!(interval(2, 1, 0.95), None);
            for level in [0.0, 1.0, -1.0, f64::NAN] {
                assert_eq!(interval(1, 2, level), None);
            }
        }
    }

    proptest! {
        #[test]
        fn intervals_hold_the_share_and_nest(
            n in 1..1_000_000_u64, k in 0..1_000_000_u64, level in 0.05..0.999_f64,
        ) {
            let successes = k % (n + 1);
            let share = successes as f64 / n as f64;
            for interval in [wilson, clopper_pearson] {
                let inner = interval(successes, n, level).unwrap();
                let outer = interval(successes, n, level + 0.0009).unwrap();
                prop_assert!(0.0 <= outer.low && outer.low <= inner.low && inner.low <= share);
                prop_assert!(share <= inner.high && inner.high <= outer.high && outer.high <= 1.0);
            }
        }

        #[test]
        fn failures_mirror_successes(n in 1..100_000_u64, k in 0..100_000_u64, level in 0.5..0.9999_f64) {
            let successes = k % (n + 1);
            for interval in [wilson, clopper_pearson] {
                let of_successes = interval(successes, n, level).unwrap();
                let of_failures = interval(n - successes, n, level).unwrap();
                prop_assert!((of_successes.low + of_failures.high - 1.0).abs() < 1e-12);
            }
        }
    }
}
