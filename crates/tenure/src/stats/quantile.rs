//! Quantiles of sorted whole numbers (durations, amounts) and how sure they are.
//!
//! Each question comes twice: as a position among `n` sorted values, for callers that keep values with
//! counts, and as a value of a sorted slice.

use super::distribution::{binomial_at_least, binomial_at_most, tail_of};

/// Where a quantile lies among sorted values: a fraction of the way from one index to the next.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Position {
    /// The zero-based index of the value at or below the quantile.
    pub index: u64,
    /// How far towards the next value, from 0 (included) to 1 (excluded).
    pub fraction: f64,
}

impl Position {
    /// The value at this position, between the value at `index` and the `next` one.
    pub fn between(self, value: i64, next: i64) -> f64 {
        // The distance of two i64 needs one bit more.
        let distance = (i128::from(next) - i128::from(value)) as f64;
        value as f64 + self.fraction * distance
    }
}

/// Where among `n` sorted values is this quantile, by linear interpolation?
///
/// `(n - 1) probability`, counted from 0: type 7 of Hyndman and Fan (1996), *Sample quantiles in statistical
/// packages*, The American Statistician 50(4), and the default of R, `NumPy` and spreadsheets.
///
/// `None` when `n` is 0 or the probability is not in 0..=1.
pub fn position_type_7(n: u64, probability: f64) -> Option<Position> {
    let place = decimal_product(n.checked_sub(1)?, probability)?;
    Some(Position { index: whole(place), fraction: place.fract() })
}

/// Which of `n` sorted values, counted from 0, has at least this share of the values at or below it?
///
/// The nearest rank `ceil(n probability)`, or the first value when the probability is 0: type 1 of Hyndman
/// and Fan (1996). Always a value that occurred. `None` when `n` is 0 or the probability is not in 0..=1.
pub fn nearest_rank_index(n: u64, probability: f64) -> Option<u64> {
    let last = n.checked_sub(1)?;
    Some(whole(decimal_product(n, probability)?.ceil()).saturating_sub(1).min(last))
}

/// Which value has this share of the sorted values below it, interpolating between neighbours?
///
/// See [`position_type_7`]. In the unit of the values; `None` when there are none or the probability is not
/// in 0..=1.
pub fn quantile_type_7(sorted: &[i64], probability: f64) -> Option<f64> {
    let position = position_type_7(sorted.len() as u64, probability)?;
    let index = usize::try_from(position.index).ok()?;
    let value = *sorted.get(index)?;
    // At the last value the fraction is 0 and there is no next.
    let next = sorted.get(index + 1).copied().unwrap_or(value);
    Some(position.between(value, next))
}

/// Which observed value has at least this share of the sorted values at or below it?
///
/// See [`nearest_rank_index`]. `None` when there are no values or the probability is not in 0..=1.
pub fn nearest_rank(sorted: &[i64], probability: f64) -> Option<i64> {
    let index = nearest_rank_index(sorted.len() as u64, probability)?;
    sorted.get(usize::try_from(index).ok()?).copied()
}

/// The two order statistics that enclose a quantile, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EnclosingIndexes {
    /// The index of the lower end.
    pub low: u64,
    /// The index of the upper end.
    pub high: u64,
}

/// Between which two of `n` sorted values does the true quantile lie, whatever the distribution?
///
/// The number `B` of values below a quantile is binomial with its probability. The lower end is the last
/// index `i` with `P(B <= i) <= (1 - level) / 2`, the upper end the first index `j` with `P(B > j)` as small.
/// The true quantile is inside with at least the asked level, ties or not; nothing but independence is
/// assumed.
///
/// `None` when `n` is too small for the level (a median at 0.95 needs 6 values), or when the probability or
/// the level is not between 0 and 1.
///
/// Conover (1999), *Practical nonparametric statistics*, 3rd edition, section 3.2; David and Nagaraja (2003),
/// *Order statistics*, 3rd edition, section 7.1.
pub fn enclosing_indexes(n: u64, probability: f64, level: f64) -> Option<EnclosingIndexes> {
    if !(probability > 0.0 && probability < 1.0) {
        return None;
    }
    // A tail that equals the limit counts, also when the last bit of either says otherwise.
    let limit = tail_of(level)? * (1.0 + 1e-12);
    let from_below = outermost(n, |i| binomial_at_most(i, n, probability).is_some_and(|tail| tail <= limit))?;
    let from_above =
        outermost(n, |i| binomial_at_least(n - i, n, probability).is_some_and(|tail| tail <= limit))?;
    Some(EnclosingIndexes { low: from_below, high: n - 1 - from_above })
}

/// A distribution-free interval of a quantile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuantileInterval {
    /// Where the ends are among the sorted values, counted from 0.
    pub indexes: EnclosingIndexes,
    /// The value at the lower end.
    pub low: i64,
    /// The value at the upper end.
    pub high: i64,
}

/// Between which two observed values does the true quantile lie?
///
/// See [`enclosing_indexes`]. In the unit of the values; `None` when there are too few of them for the level,
/// or when the probability or the level is not between 0 and 1.
pub fn quantile_interval(sorted: &[i64], probability: f64, level: f64) -> Option<QuantileInterval> {
    let indexes = enclosing_indexes(sorted.len() as u64, probability, level)?;
    let at = |index| sorted.get(usize::try_from(index).ok()?).copied();
    Some(QuantileInterval { indexes, low: at(indexes.low)?, high: at(indexes.high)? })
}

/// The last index below `n` for which `holds`, when it holds for a first few and then never again.
fn outermost(n: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut held, mut open) = (0, n);
    while held < open {
        let middle = held + (open - held) / 2;
        if holds(middle) {
            held = middle + 1;
        } else {
            open = middle;
        }
    }
    held.checked_sub(1)
}

/// `count * probability`, reading the probability as the decimal that was meant.
///
/// 0.07 is stored slightly too large, and 100 values would put its nearest rank at 8 instead of 7: a product
/// within rounding error of a whole number is that number.
fn decimal_product(count: u64, probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let product = count as f64 * probability;
    let nearest = product.round();
    let is_rounding_error = (product - nearest).abs() <= 4.0 * f64::EPSILON * product;
    Some(if is_rounding_error { nearest } else { product })
}

/// The integer part.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count times a probability is neither negative nor larger than the count"
)]
fn whole(product: f64) -> u64 {
    product as u64
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;
    use proptest::prelude::*;

    // NumPy 2.4.6: numpy.quantile(x, p, method="linear") and method="inverted_cdf".
    #[test]
    fn both_kinds_agree_with_numpy() {
        let few = [15, 20, 35, 40, 50];
        let more = [3, 6, 7, 8, 8, 10, 13, 15, 16, 20];
        let cases: [(&[i64], f64, f64, i64); 9] = [
            (&few, 0.05, 16.0, 15),
            (&few, 0.3, 23.0, 20),
            (&few, 0.4, 29.0, 20),
            (&few, 0.5, 35.0, 35),
            (&few, 1.0, 50.0, 50),
            (&more, 0.25, 7.25, 7),
            (&more, 0.5, 9.0, 8),
            (&more, 0.75, 14.5, 15),
            (&more, 0.9, 16.4, 16),
        ];
        for (sorted, probability, linear, nearest) in cases {
            assert_close(quantile_type_7(sorted, probability).unwrap(), linear, 1e-15);
            assert_eq!(nearest_rank(sorted, probability), Some(nearest));
        }
    }

    #[test]
    fn the_ends_are_the_extremes() {
        let sorted = [i64::MIN, 0, i64::MAX];
        assert_eq!(nearest_rank(&sorted, 0.0), Some(i64::MIN));
        assert_eq!(nearest_rank(&sorted, 1.0), Some(i64::MAX));
        assert_eq!(quantile_type_7(&[7], 0.3), Some(7.0));
        assert_eq!(quantile_type_7(&[1, 5], 0.0), Some(1.0));
        assert_eq!(quantile_type_7(&[1, 5], 1.0), Some(5.0));
        // Half way between the two ends of i64 is -1/2.
        assert_eq!(quantile_type_7(&[i64::MIN, i64::MAX], 0.5), Some(0.0));
    }

    // A hundred values: the k-th percentile is the k-th value, although 0.07 * 100 > 7 and 0.29 * 100 < 29 in
    // doubles.
    #[test]
    fn percentiles_mean_the_decimal() {
        let sorted: Vec<i64> = (1..=100).collect();
        for percent in 1..=100_i64 {
            assert_eq!(nearest_rank(&sorted, percent as f64 / 100.0), Some(percent));
        }
        assert_eq!(position_type_7(101, 0.07), Some(Position { index: 7, fraction: 0.0 }));
        assert_eq!(position_type_7(101, 0.29), Some(Position { index: 29, fraction: 0.0 }));
    }

    // scipy 1.17.1: scipy.stats.quantile_test(numpy.arange(n), q=0, p=p).confidence_interval(level).
    #[test]
    fn enclosing_indexes_agree_with_scipy() {
        let cases = [
            (6, 0.5, 0.95, 0, 5),
            (10, 0.5, 0.95, 1, 8),
            (10, 0.5, 0.5, 3, 6),
            (16, 0.5, 0.9, 4, 11),
            (25, 0.25, 0.95, 1, 11),
            (60, 0.9, 0.95, 48, 58),
            (100, 0.9, 0.95, 83, 95),
            (100, 0.9, 0.9999, 76, 99),
            (1000, 0.5, 0.99, 458, 541),
            (1000, 0.99, 0.8, 985, 994),
            (100_000, 0.95, 0.95, 94_863, 95_135),
        ];
        for (n, probability, level, low, high) in cases {
            assert_eq!(
                enclosing_indexes(n, probability, level),
                Some(EnclosingIndexes { low, high }),
                "n = {n}"
            );
        }
        // Where scipy answers nan at an end: 0.5^5 > 0.025, and 0.9^30 > 0.025.
        assert_eq!(enclosing_indexes(5, 0.5, 0.95), None);
        assert_eq!(enclosing_indexes(30, 0.9, 0.95), None);
    }

    // Three values enclose the median with 1 - 2 / 8 = 0.75 exactly.
    #[test]
    fn a_tail_that_equals_the_limit_counts() {
        assert_eq!(enclosing_indexes(3, 0.5, 0.75), Some(EnclosingIndexes { low: 0, high: 2 }));
        assert_eq!(enclosing_indexes(3, 0.5, 0.7501), None);
    }

    // scipy 1.17.1: scipy.stats.quantile_test(x, q=0, p=0.5).confidence_interval(0.95) of these twenty
    // values.
    #[test]
    fn the_median_of_tied_values_agrees_with_scipy() {
        let sorted = [3, 3, 6, 6, 7, 7, 8, 8, 8, 8, 10, 10, 13, 13, 15, 15, 16, 16, 20, 20];
        let interval = quantile_interval(&sorted, 0.5, 0.95).unwrap();
        assert_eq!((interval.low, interval.high), (7, 15));
        assert_eq!(interval.indexes, EnclosingIndexes { low: 5, high: 14 });
    }

    #[test]
    fn no_values_or_no_probability_have_no_answer() {
        assert_eq!(quantile_type_7(&[], 0.5), None);
        assert_eq!(nearest_rank(&[], 0.5), None);
        assert_eq!(quantile_interval(&[], 0.5, 0.95), None);
        for probability in [-0.1, 1.1, f64::NAN] {
            assert_eq!(quantile_type_7(&[1, 2], probability), None);
            assert_eq!(nearest_rank(&[1, 2], probability), None);
        }
        for probability in [0.0, 1.0, f64::NAN] {
            assert_eq!(enclosing_indexes(100, probability, 0.95), None);
            assert_eq!(enclosing_indexes(100, 0.5, probability), None);
        }
    }

    proptest! {
        #[test]
        fn quantiles_rise_and_stay_between_neighbours(
            mut values in prop::collection::vec(any::<i32>(), 1..60), p in 0.0..1.0_f64, q in 0.0..1.0_f64,
        ) {
            values.sort_unstable();
            let sorted: Vec<i64> = values.into_iter().map(i64::from).collect();
            let (low, high) = (p.min(q), p.max(q));
            prop_assert!(quantile_type_7(&sorted, low) <= quantile_type_7(&sorted, high));
            prop_assert!(nearest_rank(&sorted, low) <= nearest_rank(&sorted, high));
            let value = quantile_type_7(&sorted, p).unwrap();
            prop_assert!(sorted[0] as f64 <= value && value <= sorted[sorted.len() - 1] as f64);
        }

        #[test]
        fn coverage_is_at_least_the_level_and_no_narrower_pair_has_it(
            n in 1..5000_u64, probability in 0.01..0.99_f64, level in 0.5..0.999_f64,
        ) {
            if let Some(EnclosingIndexes { low, high }) = enclosing_indexes(n, probability, level) {
                let tail = (1.0 - level) / 2.0;
                let below = binomial_at_most(low, n, probability).unwrap();
                let above = binomial_at_least(high + 1, n, probability).unwrap();
                prop_assert!(1.0 - below - above >= level - 1e-12);
                prop_assert!(binomial_at_most(low + 1, n, probability).unwrap() > tail);
                prop_assert!(binomial_at_least(high, n, probability).unwrap() > tail);
            }
        }
    }
}
