//! What is told of a set of durations.

use super::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::outcome::Status;
use crate::policy::{Named, OneOrMany, OpenUnits, Statistic};
use crate::scope::Micros;
use crate::stats::quantile::{enclosing_indexes, position_type_7};
use crate::stats::survival::{kaplan_meier, restricted_mean, survival_quantile};
use crate::stats::{Interval, Moments, quantile_interval, quantile_type_7};
use crate::summary::{Cell, Durations};
use std::borrow::Cow;

const SECOND: f64 = 1e6;
/// The seconds of a day.
pub(crate) const DAY: f64 = 86_400.0;

/// Statistics of durations, in seconds; with several there is one row each.
#[derive(Clone)]
pub(crate) struct Spread {
    pub(crate) statistic: OneOrMany<Statistic>,
    pub(crate) open: OpenUnits,
}

/// The same, told in days of 24 hours.
#[derive(Clone)]
pub(crate) struct SpreadInDays(pub(crate) Spread);

impl Formula<Durations> for Spread {
    fn finish(&self, cells: &Cells<'_, Durations>, rows: &mut Rows<'_>) {
        self.tell(cells, rows, 1.0, |_| None);
    }
}

impl Formula<Durations> for SpreadInDays {
    fn finish(&self, cells: &Cells<'_, Durations>, rows: &mut Rows<'_>) {
        self.0.tell(cells, rows, DAY, |_| None);
    }
}

impl Spread {
    /// One row a statistic, in units of so many seconds; `label` says in words what so many seconds are.
    pub(crate) fn tell(
        &self,
        cells: &Cells<'_, Durations>,
        rows: &mut Rows<'_>,
        unit: f64,
        label: impl Fn(f64) -> Option<&'static str>,
    ) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let told = self.answers(cell, cells.level);
            for (statistic, mut answer) in self.statistic.as_slice().iter().zip(told) {
                let dimension = [Key::Text(statistic.name())];
                answer.label = answer.value.and_then(&label).map(str::to_owned);
                answer.value = answer.value.map(|value| value / unit);
                answer.interval = answer.interval.map(|(Interval { low, high }, method)| {
                    (Interval { low: low / unit, high: high / unit }, method)
                });
                rows.push(period, if self.statistic.is_many() { &dimension } else { &[] }, cell, &answer);
            }
        }
    }

    /// The values with those in their places that the statistics look at, as if they were sorted. A mean needs none.
    fn arranged<'v>(&self, values: &'v [Micros], level: f64) -> Cow<'v, [Micros]> {
        let n = values.len() as u64;
        let mut places: Vec<usize> = Vec::new();
        for probability in self.statistic.as_slice().iter().filter_map(|statistic| statistic.probability()) {
            let value = position_type_7(n, probability).map(|position| position.index);
            let ends = enclosing_indexes(n, probability, level).map(|ends| [ends.low, ends.high]);
            let wanted = value.into_iter().flat_map(|at| [at, at + 1]).chain(ends.into_iter().flatten());
            places.extend(wanted.filter(|at| *at < n).filter_map(|at| usize::try_from(at).ok()));
        }
        if places.is_empty() {
            return Cow::Borrowed(values);
        }
        places.sort_unstable();
        places.dedup();
        let mut values = values.to_vec();
        put_in_place(&mut values, &places, 0);
        Cow::Owned(values)
    }

    /// The answer of one cell for each statistic.
    pub(crate) fn answers(&self, cell: &Cell<Durations>, level: f64) -> Vec<Answer> {
        let ended = match self.open {
            OpenUnits::KaplanMeier => Cow::Owned(cell.summary.ended()),
            OpenUnits::CompletedOnly => self.arranged(cell.summary.unordered(), level),
        };
        let open = cell.summary.open();
        let statistics = self.statistic.as_slice().iter();
        match self.open {
            OpenUnits::CompletedOnly => {
                statistics.map(|statistic| completed(*statistic, &ended, level)).collect()
            }
            OpenUnits::KaplanMeier => {
                let steps = kaplan_meier(&ended, &open);
                let last = ended.last().max(open.last()).copied().unwrap_or(0);
                let any = last > 0 || !ended.is_empty() || !open.is_empty();
                let answer = |statistic: &Statistic| match statistic.probability() {
                    None => Answer::of(any.then(|| restricted_mean(&steps, last) / SECOND)),
                    Some(probability) => match survival_quantile(&steps, probability, level) {
                        Some(found) => Answer {
                            interval: found.low.zip(found.high).map(|(low, high)| {
                                (Interval { low: seconds(low), high: seconds(high) }, "kaplan_meier_log_log")
                            }),
                            ..Answer::of(Some(seconds(found.time)))
                        },
                        None => Answer { status: any.then_some(Status::NotReached), ..Answer::default() },
                    },
                };
                statistics.map(answer).collect()
            }
        }
    }
}

/// Puts those values in their places that belong there when all are sorted; `places` are in order, counted from
/// `first`.
fn put_in_place(values: &mut [Micros], places: &[usize], first: usize) {
    let Some(middle) = places.get(places.len() / 2) else { return };
    let Some(at) = middle.checked_sub(first).filter(|at| *at < values.len()) else { return };
    let (below, _, above) = values.select_nth_unstable(at);
    let (lower, upper) = places.split_at(places.len() / 2);
    put_in_place(below, lower, first);
    put_in_place(above, upper.get(1..).unwrap_or_default(), first + at + 1);
}

fn completed(statistic: Statistic, sorted: &[Micros], level: f64) -> Answer {
    match statistic.probability() {
        None => {
            let moments = moments(sorted);
            let interval = moments.and_then(|moments| moments.t(level));
            let interval = interval
                .map(|Interval { low, high }| (Interval { low: low / SECOND, high: high / SECOND }, "t"));
            Answer { interval, ..Answer::of(moments.and_then(|m| m.mean()).map(|mean| mean / SECOND)) }
        }
        Some(probability) => {
            let interval = quantile_interval(sorted, probability, level).map(|found| {
                (Interval { low: seconds(found.low), high: seconds(found.high) }, "order_statistics")
            });
            Answer {
                interval,
                ..Answer::of(quantile_type_7(sorted, probability).map(|value| value / SECOND))
            }
        }
    }
}

fn seconds(micros: Micros) -> f64 {
    micros as f64 / SECOND
}

/// Exact sums; nothing if there are no durations, or squares that do not fit (durations of millions of years).
fn moments(values: &[Micros]) -> Option<Moments> {
    let mut moments = Moments::default();
    for value in values {
        let value = i128::from(*value);
        moments.sum = moments.sum.checked_add(value)?;
        moments.sum_of_squares = moments.sum_of_squares.checked_add(value.checked_mul(value)?)?;
    }
    moments.n = values.len() as u64;
    (moments.n > 0).then_some(moments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn values_are_where_sorting_puts_them(
            values in proptest::collection::vec(-50..50_i64, 1..200),
            places in proptest::collection::btree_set(0..200_usize, 1..6),
        ) {
            let places: Vec<usize> = places.into_iter().filter(|at| *at < values.len()).collect();
            let mut arranged = values.clone();
            put_in_place(&mut arranged, &places, 0);
            let mut sorted = values;
            sorted.sort_unstable();
            for at in places {
                prop_assert_eq!(arranged[at], sorted[at]);
            }
        }
    }
}
