//! How many answers are enough, and how precise were the ones we got?
//!
//! The margin of error is half the width of the normal interval: `m = z sqrt(v / n)` for the variance `v` of
//! one answer. When a sizeable part of a known population answers, the finite population correction
//! `sqrt((N - n) / (N - 1))` shrinks it. Cochran (1977), *Sampling techniques*, 3rd edition, sections 2.6 and
//! 4.4; the published table of Krejcie and Morgan (1970), *Determining sample size for research activities*,
//! Educational and Psychological Measurement 30, follows from the same formula.

use super::distribution::normal_critical;

/// What is being measured, as far as it decides how much answers scatter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Measured {
    /// A share, expected near this fraction; margins are fractions from 0 to 1.
    Proportion(f64),
    /// A net score whose single answers (-1, 0, +1) have this variance; margins are on its scale, -1 to 1.
    Trinomial(f64),
}

impl Measured {
    /// A share about which nothing is known: at one half answers scatter most.
    pub const ANY_PROPORTION: Self = Self::Proportion(0.5);
    /// A net score about which nothing is known: half positive and half negative answers scatter most.
    pub const ANY_TRINOMIAL: Self = Self::Trinomial(1.0);

    /// The variance of one answer; `None` when it is impossible.
    fn variance(self) -> Option<f64> {
        match self {
            Self::Proportion(share) => (0.0..=1.0).contains(&share).then_some(share * (1.0 - share)),
            Self::Trinomial(variance) => (0.0..=1.0).contains(&variance).then_some(variance),
        }
    }
}

/// How many answers give this margin of error?
///
/// `n0 = z^2 v / m^2`, with a population of `N` reduced to `n0 N / (N - 1 + n0)`; rounded up, at least 1. The
/// adjusted Wald interval of a net score adds three imaginary answers and so needs up to three fewer.
///
/// `None` when the margin is not positive, the level not between 0 and 1, the variance impossible, the
/// population empty, or the answer beyond `2^53`.
pub fn sample_size(measured: Measured, margin: f64, level: f64, population: Option<u64>) -> Option<u64> {
    if !(margin > 0.0 && margin.is_finite()) || population == Some(0) {
        return None;
    }
    let reach = normal_critical(level)? / margin;
    let unlimited = reach * reach * measured.variance()?;
    let needed = match population {
        Some(population) => {
            let size = population as f64;
            unlimited / (1.0 + (unlimited - 1.0) / size)
        }
        None => unlimited,
    };
    whole_answers(needed)
}

/// Which margin of error do `n` answers give?
///
/// `z sqrt(v / n)`, with a population of `N` times `sqrt((N - n) / (N - 1))`; 0 when everybody answered.
///
/// `None` without answers, with more answers than population, when the level is not between 0 and 1, or the
/// variance is impossible.
pub fn margin_of_error(measured: Measured, n: u64, level: f64, population: Option<u64>) -> Option<f64> {
    if n == 0 {
        return None;
    }
    let correction = match population {
        Some(population) if n == population => 0.0,
        Some(population) => population.checked_sub(n)? as f64 / (population - 1) as f64,
        None => 1.0,
    };
    Some(normal_critical(level)? * (measured.variance()? / n as f64 * correction).sqrt())
}

/// The next whole number of answers, if doubles can still tell neighbours apart.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be from 1 to 2^53, where every whole double is an exact u64"
)]
fn whole_answers(needed: f64) -> Option<u64> {
    // Written so that NaN, the quotient of two overflows, is refused too.
    let is_exact = needed <= (1_u64 << 53) as f64;
    is_exact.then_some(needed.ceil().max(1.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;
    use proptest::prelude::*;

    // 1.959964^2 * 0.25 / 0.05^2 = 384.146; 1.644854^2 * 0.25 / 0.03^2 = 751.54; with a share of 0.1
    // expected, 1.959964^2 * 0.09 / 0.03^2 = 384.146 again.
    #[test]
    fn shares_by_shown_arithmetic() {
        assert_eq!(sample_size(Measured::ANY_PROPORTION, 0.05, 0.95, None), Some(385));
        assert_eq!(sample_size(Measured::ANY_PROPORTION, 0.03, 0.9, None), Some(752));
        assert_eq!(sample_size(Measured::Proportion(0.1), 0.03, 0.95, None), Some(385));
        assert_eq!(sample_size(Measured::Proportion(0.0), 0.03, 0.95, None), Some(1));
    }

    // 1.959964^2 / 0.1^2 = 384.146 at worst; 384.146 * 0.45 = 172.87 with the variance of 60, 30, 10.
    #[test]
    fn net_scores_by_shown_arithmetic() {
        assert_eq!(sample_size(Measured::ANY_TRINOMIAL, 0.1, 0.95, None), Some(385));
        assert_eq!(sample_size(Measured::Trinomial(0.45), 0.1, 0.95, None), Some(173));
    }

    // Krejcie and Morgan (1970), table 1; entries which their rounding to the nearest and ours upwards share.
    #[test]
    fn populations_agree_with_the_published_table() {
        for (population, expected) in
            [(10, 10), (100, 80), (1000, 278), (1300, 297), (1500, 306), (2800, 338)]
        {
            let size = sample_size(Measured::ANY_PROPORTION, 0.05, 0.95, Some(population));
            assert_eq!(size, Some(expected), "population {population}");
        }
    }

    // 1.959964 * sqrt(0.25 / 100) = 0.0979982; for 100 of 1000 times sqrt(900 / 999) = 0.0930158. The
    // standard error of 60, 30, 10 is 0.0670820, times 1.959964 = 0.1314784.
    #[test]
    fn margins_by_shown_arithmetic() {
        let margin = |measured, population| margin_of_error(measured, 100, 0.95, population).unwrap();
        assert_close(margin(Measured::ANY_PROPORTION, None), 0.097_998_199_2, 1e-9);
        assert_close(margin(Measured::ANY_PROPORTION, Some(1000)), 0.093_015_8, 1e-6);
        assert_close(margin(Measured::Trinomial(0.45), None), 0.131_478_381, 1e-8);
        assert_eq!(margin_of_error(Measured::ANY_PROPORTION, 100, 0.95, Some(100)), Some(0.0));
        assert_eq!(margin_of_error(Measured::ANY_PROPORTION, 1, 0.95, Some(1)), Some(0.0));
    }

    #[test]
    fn impossible_questions_have_no_answer() {
        let any = Measured::ANY_PROPORTION;
        for margin in [0.0, -0.1, f64::NAN, f64::INFINITY, 1e-200] {
            assert_eq!(sample_size(any, margin, 0.95, None), None);
            assert_eq!(sample_size(any, margin, 0.95, Some(0)), None);
        }
        assert_eq!(sample_size(any, 1e-200, 0.95, Some(100)), None);
        for level in [0.0, 1.0, f64::NAN] {
            assert_eq!(sample_size(any, 0.05, level, None), None);
            assert_eq!(margin_of_error(any, 10, level, None), None);
        }
        for measured in [Measured::Proportion(1.1), Measured::Trinomial(1.1), Measured::Trinomial(f64::NAN)] {
            assert_eq!(sample_size(measured, 0.05, 0.95, None), None);
            assert_eq!(margin_of_error(measured, 10, 0.95, None), None);
        }
        assert_eq!(margin_of_error(any, 0, 0.95, None), None);
        assert_eq!(margin_of_error(any, 0, 0.95, Some(0)), None);
        assert_eq!(margin_of_error(any, 11, 0.95, Some(10)), None);
    }

    proptest! {
        #[test]
        fn the_size_is_just_enough(
            margin in 0.005..0.5_f64, level in 0.5..0.999_f64,
            variance in 0.01..1.0_f64, size in 1..1_000_000_u64,
        ) {
            let measured = Measured::Trinomial(variance);
            for population in [None, Some(size)] {
                let n = sample_size(measured, margin, level, population).unwrap();
                let reached = margin_of_error(measured, n, level, population).unwrap();
                prop_assert!(reached <= margin * (1.0 + 1e-9));
                if n > 1 {
                    let one_fewer = margin_of_error(measured, n - 1, level, population).unwrap();
                    prop_assert!(one_fewer >= margin * (1.0 - 1e-9));
                }
            }
        }
    }
}
