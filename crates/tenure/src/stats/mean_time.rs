//! Mean times between events that come at random.

use super::Interval;
use super::distribution::{chi_square_quantile, tail_of};

/// Which mean time between events is plausible, when so many came in a time of fixed length?
///
/// `2 time / chi2(1 - tail, 2 events + 2)` to `2 time / chi2(tail, 2 events)`, in the unit of the time: exact if events
/// come at a constant rate, each for itself (a Poisson process).
///
/// `None` without events, where only a lower end exists, for more than a thousand million of them, for a time that is
/// negative or not finite, or a level that is not between 0 and 1.
///
/// NIST/SEMATECH, *e-Handbook of statistical methods*, section 8.4.5.1.
pub fn mean_time_between(time: f64, events: u64, level: f64) -> Option<Interval> {
    if events == 0 || !time.is_finite() || time < 0.0 {
        return None;
    }
    let (tail, events) = (tail_of(level)?, events as f64);
    let low = 2.0 * time / chi_square_quantile(1.0 - tail, 2.0 * events + 2.0)?;
    let high = 2.0 * time / chi_square_quantile(tail, 2.0 * events)?;
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use super::super::assert_interval;
    use super::*;

    // scipy 1.17.1, 2 * time / stats.chi2.isf(tail, 2 * n + 2) and 2 * time / stats.chi2.ppf(tail, 2 * n).
    #[test]
    fn intervals_agree_with_scipy() {
        let two = |level| mean_time_between(1650.0, 2, level);
        assert_interval(two(0.9), 262.079_747_066_008_4, 4_643.159_009_415_514, 1e-12);
        assert_interval(two(0.6), 385.601_422_269_970_16, 2_001.483_987_485_783_2, 1e-12);
        let one = mean_time_between(100.0, 1, 0.95);
        assert_interval(one, 17.948_025_920_436_49, 3_949.789_020_520_717_7, 1e-12);
        let many = mean_time_between(1e9, 10_000, 0.95);
        assert_interval(many, 98_058.907_985_180_37, 101_989.275_658_307_38, 1e-12);
    }

    #[test]
    fn without_events_or_level_there_is_none() {
        assert_eq!(mean_time_between(100.0, 0, 0.95), None);
        assert_eq!(mean_time_between(-1.0, 1, 0.95), None);
        assert_eq!(mean_time_between(f64::NAN, 1, 0.95), None);
        assert_eq!(mean_time_between(100.0, 1, 1.0), None);
        assert_eq!(mean_time_between(100.0, u64::MAX, 0.95), None);
    }
}
