//! Tails and quantiles of the five distributions behind every interval: normal, Student's t, beta, binomial, chi-square.
//!
//! All are plain functions of doubles. An argument outside the domain, NaN included, has no answer: `None`;
//! nor has a quantile so far out (about 1e-260 from an end) that doubles cannot hold it. The relative error
//! against `scipy` and `mpmath` stays below 1e-10 for levels from 0.5 to 0.9999, degrees of freedom up to a
//! million and samples up to ten million.

use super::incomplete_beta::{self, Place};
use statrs::function::erf::{erfc, erfc_inv};
use std::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

/// How probable is a standard normal value of at most `z`?
///
/// `erfc(-z / sqrt(2)) / 2`, with its digits kept in the far left tail. `None` when `z` is NaN.
pub fn normal_cdf(z: f64) -> Option<f64> {
    if z.is_nan() {
        return None;
    }
    let lower_tail = 0.5 * complementary_error(z.abs() / SQRT_2);
    Some(if z > 0.0 { 1.0 - lower_tail } else { lower_tail })
}

/// `erfc(x)` for `x >= 0`.
///
/// The crate's `erfc` is good to about 1e-10, its inverse to the last bit: one Newton step through the
/// inverse squares the error away.
fn complementary_error(x: f64) -> f64 {
    let near = erfc(x);
    let reached = erfc_inv(near);
    if !reached.is_finite() {
        return near;
    }
    near - FRAC_2_SQRT_PI * (-reached * reached).exp() * (x - reached)
}

/// Which standard normal value is exceeded with probability `1 - probability`?
///
/// `-sqrt(2) erfc_inv(2 probability)`. `None` unless `0 < probability < 1`.
pub fn normal_quantile(probability: f64) -> Option<f64> {
    is_open_probability(probability).then(|| -SQRT_2 * erfc_inv(2.0 * probability))
}

/// How many standard errors does a two-sided normal interval of this level reach? 1.959964 at 0.95.
///
/// `None` unless `0 < level < 1`.
pub fn normal_critical(level: f64) -> Option<f64> {
    Some(-normal_quantile(tail_of(level)?)?)
}

/// Which value of Student's t with `degrees_of_freedom` is exceeded with probability `1 - probability`?
///
/// `P(|T| > t) = I_x(f / 2, 1 / 2)` with `x = f / (f + t^2)` (DLMF 8.17; Abramowitz and Stegun 26.7.1),
/// inverted. `None` unless `0 < probability < 1` and `degrees_of_freedom` is in 1e-9..=1e20.
pub fn student_t_quantile(probability: f64, degrees_of_freedom: f64) -> Option<f64> {
    if !is_open_probability(probability) {
        return None;
    }
    let outer = student_t_outer(2.0 * probability.min(1.0 - probability), degrees_of_freedom)?;
    Some(if probability < 0.5 { -outer } else { outer })
}

/// How many standard errors does a two-sided t interval of this level reach? 2.262157 at 0.95 and 9 degrees.
///
/// `None` unless `0 < level < 1` and `degrees_of_freedom` is in 1e-9..=1e20.
pub fn student_t_critical(level: f64, degrees_of_freedom: f64) -> Option<f64> {
    student_t_outer(2.0 * tail_of(level)?, degrees_of_freedom)
}

/// The distance from 0 that `|T|` exceeds with the probability `beyond`.
fn student_t_outer(beyond: f64, degrees_of_freedom: f64) -> Option<f64> {
    if !is_parameter(degrees_of_freedom) {
        return None;
    }
    if beyond >= 1.0 {
        return Some(0.0);
    }
    let half = 0.5 * degrees_of_freedom;
    let place = if beyond <= 0.5 {
        incomplete_beta::quantile(beyond, half, 0.5)?
    } else {
        incomplete_beta::quantile(1.0 - beyond, 0.5, half)?.mirrored()
    };
    Some((degrees_of_freedom * (place.y / place.x)).sqrt())
}

/// How probable is a `Beta(a, b)` value of at most `x`? The regularised incomplete beta function.
///
/// `None` unless `0 <= x <= 1` and both parameters are in 1e-9..=1e20.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> Option<f64> {
    ((0.0..=1.0).contains(&x) && is_parameter(a) && is_parameter(b))
        .then(|| incomplete_beta::lower_tail(a, b, Place { x, y: 1.0 - x }))
}

/// Which `Beta(a, b)` value is exceeded with probability `1 - probability`?
///
/// `None` unless `0 < probability < 1` and both parameters are in 1e-9..=1e20.
pub fn beta_quantile(probability: f64, a: f64, b: f64) -> Option<f64> {
    if probability > 0.5 {
        beta_upper_quantile(1.0 - probability, a, b)
    } else {
        beta_place(probability, a, b).map(|place| place.x)
    }
}

/// Which `Beta(a, b)` value is exceeded with exactly this probability?
///
/// Small upper tails keep their digits, which `beta_quantile(1 - probability, ..)` would lose.
/// `None` unless `0 < probability < 1` and both parameters are in 1e-9..=1e20.
pub fn beta_upper_quantile(probability: f64, a: f64, b: f64) -> Option<f64> {
    if probability > 0.5 {
        beta_quantile(1.0 - probability, a, b)
    } else {
        beta_place(probability, b, a).map(|place| place.y)
    }
}

/// The lower half of the beta quantile: probabilities up to one half.
fn beta_place(probability: f64, a: f64, b: f64) -> Option<Place> {
    if is_open_probability(probability) && is_parameter(a) && is_parameter(b) {
        incomplete_beta::quantile(probability, a, b)
    } else {
        None
    }
}

/// How probable are at most `successes` successes in `n` independent trials?
///
/// `I_{1-p}(n - k, k + 1)` (DLMF 8.17.5). `None` unless `0 <= success_probability <= 1`.
pub fn binomial_at_most(successes: u64, n: u64, success_probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&success_probability) {
        return None;
    }
    if successes >= n {
        return Some(1.0);
    }
    let place = Place { x: 1.0 - success_probability, y: success_probability };
    Some(incomplete_beta::lower_tail((n - successes) as f64, successes as f64 + 1.0, place))
}

/// How probable are `successes` or more successes in `n` independent trials?
///
/// `I_p(k, n - k + 1)` (DLMF 8.17.5). `None` unless `0 <= success_probability <= 1`.
pub fn binomial_at_least(successes: u64, n: u64, success_probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&success_probability) {
        return None;
    }
    if successes == 0 {
        return Some(1.0);
    }
    if successes > n {
        return Some(0.0);
    }
    let place = Place { x: success_probability, y: 1.0 - success_probability };
    Some(incomplete_beta::lower_tail(successes as f64, (n - successes) as f64 + 1.0, place))
}

/// Which chi-square value with `degrees_of_freedom` is exceeded with probability `1 - probability`?
///
/// Half of it is a gamma variable, and `b` times a `Beta(a, b)` variable becomes one as `b` grows (DLMF 8.18.1): here so
/// far that the difference, about `a / b` of the value, is beyond what doubles show. `None` unless
/// `0 < probability < 1` and `degrees_of_freedom` is in 1e-8..=1e10.
pub fn chi_square_quantile(probability: f64, degrees_of_freedom: f64) -> Option<f64> {
    const FAR: f64 = 1e20;
    let known = (1e-8..=1e10).contains(&degrees_of_freedom);
    let share = known.then(|| beta_quantile(probability, 0.5 * degrees_of_freedom, FAR))??;
    Some(2.0 * FAR * share)
}

/// The probability left out at each end of a two-sided interval; `None` unless `0 < level < 1`.
pub(super) fn tail_of(level: f64) -> Option<f64> {
    is_open_probability(level).then_some((1.0 - level) / 2.0)
}

fn is_open_probability(probability: f64) -> bool {
    probability > 0.0 && probability < 1.0
}

/// Wide enough for every `u64` count; beyond it doubles overflow.
fn is_parameter(value: f64) -> bool {
    (1e-9..=1e20).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;
    use proptest::prelude::*;

    // scipy 1.17.1, scipy.stats.norm.cdf(z).
    #[test]
    fn normal_tails_agree_with_scipy() {
        let cases = [
            (-8.0, 6.220_960_574_271_74e-16),
            (-3.0, 0.001_349_898_031_630_093_3),
            (-0.75, 0.226_627_352_376_868_2),
            (0.0, 0.5),
            (1.5, 0.933_192_798_731_141_9),
        ];
        for (z, expected) in cases {
            assert_close(normal_cdf(z).unwrap(), expected, 1e-13);
        }
        assert_eq!(normal_cdf(f64::NEG_INFINITY), Some(0.0));
        assert_eq!(normal_cdf(f64::INFINITY), Some(1.0));
    }

    // scipy 1.17.1, scipy.stats.norm.isf((1 - level) / 2).
    #[test]
    fn normal_critical_values_agree_with_scipy() {
        let cases = [
            (0.5, 0.674_489_750_196_081_7),
            (0.95, 1.959_963_984_540_054),
            (0.99, 2.575_829_303_548_900_4),
            (0.9999, 3.890_591_886_413_120_4),
        ];
        for (level, expected) in cases {
            assert_close(normal_critical(level).unwrap(), expected, 1e-14);
        }
    }

    // scipy 1.17.1, scipy.stats.chi2.ppf(probability, degrees_of_freedom).
    #[test]
    fn chi_square_quantiles_agree_with_scipy() {
        let cases = [
            (0.025, 2.0, 0.050_635_615_968_579_75),
            (0.975, 2.0, 7.377_758_908_227_871),
            (0.05, 4.0, 0.710_723_021_397_323_9),
            (0.95, 6.0, 12.591_587_243_743_977),
            (0.5, 10.0, 9.341_817_765_591_97),
            (0.000_05, 40.0, 14.124_196_266_568_987),
            (0.999_95, 40.0, 84.531_758_929_016_59),
            (0.025, 2000.0, 1_877.946_036_815_390_5),
            (0.975, 2002.0, 2_127.904_272_032_604),
            (0.975, 2_000_002.0, 2_003_923.823_890_864_4),
        ];
        for (probability, degrees, expected) in cases {
            assert_close(chi_square_quantile(probability, degrees).unwrap(), expected, 1e-12);
        }
        for (probability, degrees) in [(0.0, 2.0), (1.0, 2.0), (f64::NAN, 2.0), (0.5, 0.0), (0.5, 1e11)] {
            assert_eq!(chi_square_quantile(probability, degrees), None);
        }
    }

    // scipy 1.17.1, scipy.stats.t.isf((1 - level) / 2, degrees_of_freedom).
    #[test]
    fn student_critical_values_agree_with_scipy() {
        let cases = [
            (0.5, 1.0, 1.0),
            (0.95, 1.0, 12.706_204_736_174_694),
            (0.9999, 1.0, 6_366.197_671_316_637),
            (0.5, 4.0, 0.740_697_084_112_682_9),
            (0.95, 4.0, 2.776_445_105_197_793_4),
            (0.9999, 4.0, 15.544_100_581_546_113),
            (0.95, 9.0, 2.262_157_162_798_205),
            (0.5, 30.0, 0.682_755_693_321_292_7),
            (0.9999, 30.0, 4.482_417_175_409_786),
            (0.95, 1000.0, 1.962_339_080_826_408_3),
            (0.5, 1e6, 0.674_489_995_531_087_5),
            (0.95, 1e6, 1.959_966_356_814_107),
            (0.9999, 1e6, 3.890_607_581_803_092_5),
        ];
        for (level, degrees, expected) in cases {
            assert_close(student_t_critical(level, degrees).unwrap(), expected, 1e-13);
        }
    }

    // mpmath 1.4.1, 40 digits: the root of the closed form of the cdf for 4 degrees of freedom.
    #[test]
    fn student_quantiles_near_the_median_keep_their_digits() {
        assert_close(student_t_quantile(0.4999, 4.0).unwrap(), -0.000_266_666_670_617_254_7, 1e-12);
        assert_eq!(student_t_quantile(0.5, 4.0), Some(0.0));
        // The Cauchy quantile is tan(pi (p - 1/2)), for small p -1 / (pi p).
        assert_close(student_t_quantile(1e-100, 1.0).unwrap(), -1e100 / std::f64::consts::PI, 1e-12);
        assert_eq!(student_t_quantile(1e-300, 1.0), None);
    }

    // scipy 1.17.1, scipy.stats.beta.ppf(p, a, b); the third, Beta(1/2, 1/2), is sin^2(pi p / 2) too.
    #[test]
    fn beta_quantiles_agree_with_scipy() {
        let cases = [
            (0.025, 8.0, 3.0, 0.443_904_537_692_358_5),
            (0.5, 2.0, 5.0, 0.264_449_983_295_660_05),
            (0.975, 0.5, 0.5, 0.998_458_666_866_564),
            (1e-8, 3.0, 1000.0, 3.914_783_297_741_897e-6),
            (0.025, 5_000_123.0, 4_999_878.0, 0.499_702_352_517_904_07),
            (0.1, 0.5, 500_000.0, 1.579_078_186_414_583_7e-8),
        ];
        for (probability, a, b, expected) in cases {
            assert_close(beta_quantile(probability, a, b).unwrap(), expected, 1e-12);
        }
    }

    // mpmath 1.4.1, 40 digits: the root in x of the sum of the first binomial terms, P(Bin(10^7, x) <= k) =
    // tail.
    #[test]
    fn rare_successes_among_ten_million_keep_their_digits() {
        let cases = [
            (0.2, 2.0, 9_999_999.0, 2.994_308_048_423_430_4e-7),
            (0.2, 3.0, 9_999_998.0, 4.279_029_372_523_512e-7),
            (0.25, 4.0, 9_999_997.0, 5.109_426_946_225_051e-7),
        ];
        for (tail, a, b, expected) in cases {
            assert_close(beta_upper_quantile(tail, a, b).unwrap(), expected, 1e-13);
        }
    }

    // scipy 1.17.1, scipy.stats.beta.cdf(x, a, b); the first is 1 - 0.7^6 - 6 * 0.3 * 0.7^5 = 0.579825.
    #[test]
    fn beta_tails_agree_with_scipy() {
        let cases = [
            (0.3, 2.0, 5.0, 0.579_825),
            (0.01, 8.0, 1000.0, 0.787_378_711_751_502_1),
            (0.999, 1000.0, 0.5, 0.157_247_274_266_723_83),
            (0.5, 5_000_000.0, 5_001_000.0, 0.624_079_188_316_745_4),
        ];
        for (x, a, b, expected) in cases {
            assert_close(beta_cdf(x, a, b).unwrap(), expected, 1e-11);
        }
        assert_eq!(beta_cdf(0.0, 2.0, 3.0), Some(0.0));
        assert_eq!(beta_cdf(1.0, 2.0, 3.0), Some(1.0));
    }

    // scipy 1.17.1, scipy.stats.binom.cdf(k, n, p) and scipy.stats.binom.sf(k - 1, n, p).
    #[test]
    fn binomial_tails_agree_with_scipy() {
        let cases = [
            (3, 10, 0.5, 0.171_875, 0.945_312_5),
            (0, 10, 0.1, 0.348_678_440_1, 1.0),
            (9, 10, 0.3, 0.999_994_095_1, 0.000_143_685_9),
            (40, 100, 0.5, 0.028_443_966_820_490_444, 0.982_399_899_891_147_6),
            (900, 1000, 0.95, 8.410_251_084_877_745e-11, 0.999_999_999_960_917_9),
            (4_995_000, 10_000_000, 0.5, 0.000_783_550_952_847_449_1, 0.999_218_149_119_862_7),
        ];
        for (successes, n, p, at_most, at_least) in cases {
            assert_close(binomial_at_most(successes, n, p).unwrap(), at_most, 1e-11);
            assert_close(binomial_at_least(successes, n, p).unwrap(), at_least, 1e-11);
        }
        assert_eq!(binomial_at_most(10, 10, 0.3), Some(1.0));
        assert_eq!(binomial_at_least(11, 10, 0.3), Some(0.0));
        assert_eq!(binomial_at_most(3, 10, 0.0), Some(1.0));
        assert_eq!(binomial_at_least(3, 10, 1.0), Some(1.0));
    }

    #[test]
    fn questions_outside_the_domain_have_no_answer() {
        for level in [0.0, 1.0, -0.5, 1.5, f64::NAN, f64::INFINITY] {
            assert_eq!(normal_quantile(level), None);
            assert_eq!(normal_critical(level), None);
            assert_eq!(student_t_quantile(level, 3.0), None);
            assert_eq!(student_t_critical(level, 3.0), None);
            assert_eq!(beta_quantile(level, 2.0, 3.0), None);
            assert_eq!(beta_upper_quantile(level, 2.0, 3.0), None);
        }
        for parameter in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(student_t_critical(0.95, parameter), None);
            assert_eq!(beta_quantile(0.5, parameter, 1.0), None);
            assert_eq!(beta_quantile(0.5, 1.0, parameter), None);
            assert_eq!(beta_cdf(0.5, parameter, 1.0), None);
        }
        assert_eq!(normal_cdf(f64::NAN), None);
        assert_eq!(beta_cdf(-0.1, 2.0, 3.0), None);
        assert_eq!(beta_cdf(f64::NAN, 2.0, 3.0), None);
        assert_eq!(binomial_at_most(1, 2, f64::NAN), None);
        assert_eq!(binomial_at_least(1, 2, 1.1), None);
    }

    proptest! {
        #[test]
        fn quantile_and_tail_undo_each_other(
            probability in 0.0001..0.9999_f64, a in 0.5..5000.0_f64, b in 0.5..5000.0_f64,
        ) {
            let x = beta_quantile(probability, a, b).unwrap();
            // The distance of x from 1 is rounded before the tail sees it; that alone moves the tail.
            prop_assert!((beta_cdf(x, a, b).unwrap() - probability).abs() < 1e-9);
        }

        #[test]
        fn the_two_binomial_tails_are_complements(
            n in 1..100_000_u64, part in any::<u64>(), p in 0.001..0.999_f64,
        ) {
            let k = part % n;
            let sum = binomial_at_most(k, n, p).unwrap() + binomial_at_least(k + 1, n, p).unwrap();
            prop_assert!((sum - 1.0).abs() < 1e-11);
        }

        #[test]
        fn student_is_wider_than_normal_and_symmetric(
            level in 0.01..0.9999_f64, degrees in 1.0..100_000.0_f64,
        ) {
            prop_assert!(student_t_critical(level, degrees).unwrap() > normal_critical(level).unwrap());
            let upper = student_t_quantile(0.75, degrees).unwrap();
            let lower = student_t_quantile(0.25, degrees).unwrap();
            prop_assert!((upper + lower).abs() < 1e-12);
        }
    }
}
