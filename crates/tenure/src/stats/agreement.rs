//! Agreement between people who put the same things into classes, beyond what chance alone would give.

use super::Interval;
use super::distribution::normal_critical;
use std::collections::BTreeMap;

/// Cohen's kappa of two coders, and how far it may be from the truth.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Kappa {
    /// From -1 to 1: 0 is what chance would give, 1 is agreement on everything.
    pub value: f64,
    /// Its standard error in large samples.
    pub standard_error: f64,
}

impl Kappa {
    /// Which kappa is plausible, in large samples?
    ///
    /// `value +- z SE`, a single point when the coders agree on everything. Not clipped to -1..1. `None` when the level
    /// is not between 0 and 1.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        Some(Interval::around(self.value, normal_critical(level)? * self.standard_error))
    }
}

/// How much do two coders agree beyond chance?
///
/// `cells` are `(i, j, count)`: how often the first coder chose class `i` where the second chose class `j`. Kappa is
/// `(po - pe) / (1 - pe)` for the share `po` of items that both put into one class and the share `pe` that chance would
/// give.
///
/// `None` without items, or when both always choose one and the same class: then chance explains everything.
///
/// Cohen (1960), *A coefficient of agreement for nominal scales*, Educational and Psychological Measurement 20(1). The
/// standard error is that of Fleiss, Cohen and Everitt (1969), *Large sample standard errors of kappa and weighted kappa*,
/// Psychological Bulletin 72(5).
///
/// ```
/// // 100 items, three classes.
/// let cells = [(0, 0, 44), (0, 1, 5), (0, 2, 1), (1, 0, 7), (1, 1, 20), (1, 2, 3), (2, 0, 9), (2, 1, 5), (2, 2, 6)];
/// let kappa = tenure::stats::agreement::cohen_kappa(&cells).expect("two classes were chosen");
/// assert!((kappa.value - 0.29 / 0.59).abs() < 1e-15);
/// ```
pub fn cohen_kappa(cells: &[(usize, usize, u64)]) -> Option<Kappa> {
    let (mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new());
    let (mut n, mut agreeing) = (0_u64, 0_u64);
    for (i, j, count) in cells {
        for sum in [rows.entry(i).or_insert(0_u64), columns.entry(j).or_insert(0_u64), &mut n] {
            *sum = sum.checked_add(*count)?;
        }
        if i == j {
            agreeing += count;
        }
    }
    let by_chance = rows.iter().try_fold(0_u128, |sum, (class, row)| {
        let column = columns.get(class).copied().unwrap_or_default();
        sum.checked_add(u128::from(*row) * u128::from(column))
    })?;
    // Both parts of kappa times n squared, whole numbers.
    let square = u128::from(n) * u128::from(n);
    if by_chance >= square {
        return None;
    }
    let observed = u128::from(n) * u128::from(agreeing);
    let above = observed.abs_diff(by_chance) as f64;
    let signed = if observed >= by_chance { above } else { -above };
    let value = signed / (square - by_chance) as f64;
    let share = |count: u64| count as f64 / n as f64;
    let chance = by_chance as f64 / square as f64;
    let terms = cells.iter().map(|(i, j, count)| {
        let of = |sums: &BTreeMap<&usize, u64>, class| sums.get(class).copied().map_or(0.0, share);
        let weight = if i == j {
            1.0 - (of(&rows, i) + of(&columns, i)) * (1.0 - value)
        } else {
            (1.0 - value) * (of(&columns, i) + of(&rows, j))
        };
        share(*count) * weight * weight
    });
    let centre = value - chance * (1.0 - value);
    // What is left of zero after rounding may lie below it.
    let variance = (terms.sum::<f64>() - centre * centre).max(0.0);
    let standard_error = (variance / n as f64).sqrt() / (1.0 - chance);
    Some(Kappa { value, standard_error })
}

/// How much do any number of coders agree beyond chance, if not each of them saw every item?
///
/// `labels` is how often each class was chosen, on items that at least two coders saw. `disagreeing` are `(coders, pairs)`:
/// on the items that so many coders saw, how many ordered pairs of them chose different classes. Alpha is `1 - Do / De`,
/// the disagreement observed over that expected by chance, for classes without order.
///
/// `None` without such items, or when only one class was ever chosen: then nothing could have been disagreed about.
///
/// Krippendorff (2011), *Computing Krippendorff's alpha-reliability*, University of Pennsylvania.
///
/// ```
/// // Twelve items and two coders, who differ on three of them: the paper's example B.
/// let alpha = tenure::stats::agreement::krippendorff_alpha(&[4, 6, 6, 6, 2], &[(2, 6)]);
/// assert!(alpha.is_some_and(|alpha| (alpha - 0.692).abs() < 0.0005));
/// ```
pub fn krippendorff_alpha(labels: &[u64], disagreeing: &[(u64, u64)]) -> Option<f64> {
    let n = labels.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count))?;
    let same = labels
        .iter()
        .try_fold(0_u128, |sum, count| sum.checked_add(u128::from(*count) * u128::from(*count)))?;
    let expected = (u128::from(n) * u128::from(n)).checked_sub(same).filter(|expected| *expected > 0)?;
    let observed = disagreeing.iter().try_fold(0.0, |sum, (coders, pairs)| {
        let others = coders.checked_sub(1).filter(|others| *others > 0)?;
        Some(sum + *pairs as f64 / others as f64)
    })?;
    Some(1.0 - (n - 1) as f64 * observed / expected as f64)
}

#[cfg(test)]
mod tests {
    use super::super::{assert_close, assert_interval};
    use super::*;
    use proptest::prelude::*;

    fn square<const N: usize>(table: [[u64; N]; N]) -> Vec<(usize, usize, u64)> {
        let row = |(i, row): (usize, [u64; N])| row.into_iter().enumerate().map(move |(j, n)| (i, j, n));
        table.into_iter().enumerate().flat_map(row).collect()
    }

    // statpsych, ci.kappa(.05, 31, 12, 4, 58): "Cohen kappa: 0.6756757 0.07344761 0.5317210 0.8196303"; more digits from
    // statsmodels 0.15.0, cohens_kappa.
    #[test]
    fn two_classes_agree_with_statpsych_and_statsmodels() {
        let kappa = cohen_kappa(&square([[31, 12], [4, 58]])).unwrap();
        assert_close(kappa.value, 0.675_675_675_675_675_6, 1e-15);
        assert_close(kappa.standard_error, 0.073_447_607_344_434_94, 1e-14);
        assert_interval(kappa.interval(0.95), 0.531_721_010_529_943_6, 0.819_630_340_821_407_7, 1e-13);
    }

    // kappa.perso.worldonline.fr: K = 0.654, s.e. 0.062; more digits from statsmodels 0.15.0.
    #[test]
    fn three_classes_agree_with_statsmodels() {
        let kappa = cohen_kappa(&square([[25, 3, 5], [6, 32, 8], [1, 0, 20]])).unwrap();
        assert_close(kappa.value, 0.653_666_616_473_422_7, 1e-14);
        assert_close(kappa.standard_error, 0.062_076_228_163_161_69, 1e-13);
    }

    #[test]
    fn what_chance_explains_is_undefined() {
        assert_eq!(cohen_kappa(&[]), None);
        assert_eq!(cohen_kappa(&[(0, 0, 0)]), None);
        assert_eq!(cohen_kappa(&[(3, 3, 7)]), None);
        assert_eq!(cohen_kappa(&[(0, 0, u64::MAX), (1, 1, 1)]), None);
        assert_eq!(krippendorff_alpha(&[], &[]), None);
        assert_eq!(krippendorff_alpha(&[8], &[]), None);
        assert_eq!(krippendorff_alpha(&[4, 4], &[(1, 2)]), None);
    }

    #[test]
    fn agreement_on_everything_is_one() {
        let kappa = cohen_kappa(&[(0, 0, 3), (1, 1, 4)]).unwrap();
        assert_eq!(kappa, Kappa { value: 1.0, standard_error: 0.0 });
        assert_eq!(krippendorff_alpha(&[6, 8], &[]), Some(1.0));
    }

    // Krippendorff (2011), examples A to C: 0.095, 0.692, 0.743.
    #[test]
    fn alpha_agrees_with_the_paper() {
        // A: 10 items, 14 zeros and 6 ones, the coders differ on 4.
        assert_close(krippendorff_alpha(&[14, 6], &[(2, 8)]).unwrap(), 0.095, 5e-3);
        assert_close(krippendorff_alpha(&[14, 6], &[(2, 8)]).unwrap(), 1.0 - 19.0 * 8.0 / 168.0, 1e-14);
        // C: 40 values on 11 items. Of three items that four coders saw, one differs (6 ordered pairs), all do (12), and one
        // does (6).
        assert_close(krippendorff_alpha(&[9, 13, 10, 5, 3], &[(4, 24)]).unwrap(), 0.743, 1e-3);
    }

    proptest! {
        #[test]
        fn kappa_lies_in_its_range_and_is_symmetric(cells in prop::collection::vec((0_usize..4, 0_usize..4, 0_u64..50), 0..12)) {
            let turned: Vec<_> = cells.iter().map(|(i, j, count)| (*j, *i, *count)).collect();
            match (cohen_kappa(&cells), cohen_kappa(&turned)) {
                (None, None) => {}
                (Some(kappa), Some(turned)) => {
                    prop_assert!((-1.0..=1.0).contains(&kappa.value) && kappa.standard_error >= 0.0);
                    prop_assert!((kappa.value - turned.value).abs() < 1e-12);
                    prop_assert!((kappa.standard_error - turned.standard_error).abs() < 1e-7);
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
