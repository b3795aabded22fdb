//! What is told of a set of durations.

use super::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::outcome::Status;
use crate::policy::{Named, OneOrMany, OpenUnits, Statistic};
use crate::scope::Micros;
use crate::stats::survival::{kaplan_meier, restricted_mean, survival_quantile};
use crate::stats::{Interval, Moments, quantile_interval, quantile_type_7};
use crate::summary::{Cell, Durations};
use std::borrow::Cow;

const SECOND: f64 = 1e6;

/// Statistics of durations, in seconds; with several there is one row each.
pub(crate) struct Spread {
    pub(crate) statistic: OneOrMany<Statistic>,
    pub(crate) open: OpenUnits,
}

impl Formula<Durations> for Spread {
    fn finish(&self, cells: &Cells<'_, Durations>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let told = self.answers(cell, cells.level);
            for (statistic, answer) in self.statistic.as_slice().iter().zip(told) {
                let dimension = [Key::Text(statistic.name())];
                rows.push(period, if self.statistic.is_many() { &dimension } else { &[] }, cell, &answer);
            }
        }
    }
}

impl Spread {
    fn answers(&self, cell: &Cell<Durations>, level: f64) -> Vec<Answer> {
        let sorts = self.open == OpenUnits::KaplanMeier
            || self.statistic.as_slice().iter().any(|statistic| statistic.probability().is_some());
        // A mean needs no order.
        let ended =
            if sorts { Cow::Owned(cell.summary.ended()) } else { Cow::Borrowed(cell.summary.unordered()) };
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
