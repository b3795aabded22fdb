//! # Usage drop
//!
//! **Question.** Did usage fall far below what is usual?
//!
//! **Definition.** What is usual is the median of the last eight periods; it is lowered to the season where the same period
//! a year before was that much lower than the eight before it. Usage, active users or events, has `dropped` when it is at
//! least 30 percent below that, and the modified z-score `0.6745 * (usage - usual) / MAD`, which is the value, is below -3.5;
//! else it is `steady`. MAD is the median distance of the eight from their median.
//!
//! **Example.** After weeks with 10, 12, 11, 9, 10, 11, 10 and 12 users a week with 3: 0.6745 * (3 - 10.5) / 0.5, -10.1:
//! dropped. If in the same week a year before 12 came where 30 were usual, two fifths, then 4.2 are usual: 0.6745 * (3 - 4.2)
//! / 0.5, -1.6: steady.
//!
//! **Edge cases.** Seasons. A period is compared with those just before it; with `every: day` with the same weekdays before,
//! with `every: hour` with the same hours of weeks before (168 hours). A year before is 52 weeks, or the same month or
//! quarter. It only lowers what is usual; if less is known of it than five periods before it, or with `every: year`, the
//! season is not known, and only the 30 percent keep it from being called a drop. A quiet season among the eight makes MAD
//! large, and a drop just after it may not be found. Cut periods. Of a period that `start`, `end` or `as_of` cuts the
//! whole local days are compared with the same days of earlier periods, such as Monday and Tuesday with Mondays and Tuesdays;
//! without a whole day, no value and status `partial_period`. `n` counts also what is known of a day that is cut. Earlier
//! periods begin with the first that has anything to count, also before `start`; an empty one after it is 0. Fewer than five:
//! undefined. Where most earlier periods are equal, MAD is 0 and the mean distance takes its place; where all are equal,
//! usage that is usual is 0, and anything else undefined. A rise is no drop. Of an account with a handful of users a week
//! without them is a large drop: for small accounts months say more than weeks.
//!
//! **Merging and sources.** Counts by period; all of a person goes to one part. Iglewicz and Hoaglin (1993), How to detect
//! and handle outliers, for the score; Elementary compares with the same weekdays; Custify calls a fall by more than 50
//! percent red and from 20 to 50 yellow.

use super::lifecycle::calendar;
use super::population::usage_policy;
use super::same_part::SamePart;
use super::usage_trend::UsageOf;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Context, Pipeline, PutSets, SetMeasure, Sink, Stretch};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Rows};
use crate::key::Key;
use crate::measure::{Fate, Value};
use crate::outcome::Status;
use crate::policy::{Choice, choice};
use crate::scope::{Every, Micros};
use crate::stats::{median, modified_z_score};
use crate::summary::{Class, Counts};
use crate::view::{Activity, Grain, Wanted};

choice! {
    /// What usage did.
    pub enum UsageChange {
        /// It fell far below what is usual.
        Dropped = "dropped",
        /// It did not.
        Steady = "steady",
    }
}

choice! {
    /// Where it is known from that a season is quiet.
    pub enum UsageSeason {
        /// From the same period a year before, and the periods before that.
        YearBefore = "year_before",
        /// It is not known: a quiet season may be a drop.
        Ignore = "ignore",
    }
}

usage_policy! {
    /// The choices of the usage drop.
    pub struct UsageDrop {
        /// What is counted. By default active users: one of them may make any number of events.
        pub of: UsageOf = UsageOf::ActiveUsers,
        /// How many periods before are what is usual; at least five.
        pub baseline: i64 = 8,
        /// How many percent below what is usual is a drop at least, from 0 to 100. By default 30: smaller dips are holidays and chance.
        pub least_percent: f64 = 30.0,
        /// Whether what is usual follows the season. By default as the year before did.
        pub season: UsageSeason = UsageSeason::YearBefore,
    }
    presets {}
}

static CARD: Card = Card {
    id: "usage_drop",
    name: "Usage drop",
    question: "Did usage fall far below what is usual?",
    formula: "0.6745 * (usage - usual) / median distance of the periods before from their median; usual is that median, in the \
              season of the year before; dropped below -3.5 and at least 30 percent below usual",
    unit: "score",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm",
        "https://docs.elementary-data.com/data-tests/anomaly-detection-configuration/seasonality",
        "https://kb.custify.com/usage-trends",
    ],
};

pub(crate) struct Definition;

/// With fewer periods nothing is usual.
const FEWEST: usize = 5;
/// Below this usage has dropped.
const FAR_BELOW: f64 = -3.5;

impl crate::catalog::Definition for Definition {
    type Policy = UsageDrop;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let message = "baseline is a number of periods, from 5 to 1000: of fewer nothing is usual";
        let baseline = usize::try_from(choices.baseline).ok().filter(|count| (FEWEST..=1000).contains(count));
        let baseline = baseline.ok_or_else(|| Error::invalid(message))?;
        if !(0.0..=100.0).contains(&choices.least_percent) {
            let message =
                format!("least_percent is {}; expected a number from 0 to 100", choices.least_percent);
            return Err(Error::invalid(message));
        }
        let rule = Rule { baseline, least_percent: choices.least_percent, season: choices.season };
        Ok(Planned::new(Pipeline::<_, _, Counts<4>>::sets(Usage { choices: choices.clone(), rule }, rule))
            .label())
    }
}

/// What of a period is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    /// All of it.
    Whole,
    /// What the request asks for of a period that is cut.
    Told,
    /// The days that are whole in the period that `start` cuts.
    AsFirst,
    /// The days that are whole in the last period, if `end` or `as_of` cuts it.
    AsLast,
}

impl Class for Counted {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for Counted {
    fn number(&self) -> Option<f64> {
        Some(1.0)
    }
}

impl Counted {
    /// What is compared of a period of the answer.
    fn of(part: SamePart, start: Micros, asked_from: Option<Micros>) -> Option<Self> {
        match part {
            SamePart::Nothing => None,
            SamePart::Whole => Some(Self::Whole),
            SamePart::Days { .. } if asked_from.is_some_and(|from| start < from) => Some(Self::AsFirst),
            SamePart::Days { .. } => Some(Self::AsLast),
        }
    }
}

/// What is usual, and what is far below it. Periods are numbered in the order of time.
#[derive(Clone, Copy)]
struct Rule {
    baseline: usize,
    least_percent: f64,
    season: UsageSeason,
}

impl Rule {
    /// The periods that a period is compared with, the latest first.
    fn before(self, every: Every, at: usize) -> impl Iterator<Item = usize> {
        // A Sunday is not compared with a Saturday, nor a night with a day.
        let step = match every {
            Every::Hour => 7 * 24,
            Every::Day => 7,
            Every::Week | Every::Month | Every::Quarter | Every::Year => 1,
        };
        (1..=self.baseline).map_while(move |times| at.checked_sub(step * times))
    }

    /// The same period a year before.
    fn year_before(self, every: Every, at: usize) -> Option<usize> {
        let periods = match every {
            _ if self.season == UsageSeason::Ignore => return None,
            Every::Hour => 52 * 7 * 24,
            Every::Day => 52 * 7,
            Every::Week => 52,
            Every::Month => 12,
            Every::Quarter => 4,
            Every::Year => return None,
        };
        at.checked_sub(periods)
    }

    /// The score of a period, and what it means.
    fn judge(self, every: Every, at: usize, count: impl Fn(usize) -> f64) -> Option<(f64, UsageChange)> {
        let before = |at: usize| -> Option<(Vec<f64>, f64)> {
            let counts: Vec<f64> = self.before(every, at).map(&count).collect();
            let median = median(counts.clone()).filter(|_| counts.len() >= FEWEST)?;
            Some((counts, median))
        };
        let (counts, median) = before(at)?;
        let season = self.year_before(every, at).and_then(|year_before| {
            let (_, median) = before(year_before)?;
            (median > 0.0).then(|| (count(year_before) / median).min(1.0))
        });
        let (usage, usual) = (count(at), median * season.unwrap_or(1.0));
        // The score measures the distance from the median: it is moved to where the distance is that from the usual.
        let score = modified_z_score(median + (usage - usual), &counts)?;
        let is_large = 100.0 * usage <= (100.0 - self.least_percent) * usual;
        let dropped = score < FAR_BELOW && is_large;
        Some((score, if dropped { UsageChange::Dropped } else { UsageChange::Steady }))
    }
}

/// The usage of each period, and of parts of those that a cut one is compared with.
struct Usage {
    choices: Choices,
    rule: Rule,
}

impl SetMeasure for Usage {
    type Value = Counted;

    fn wanted(&self) -> Wanted {
        self.choices.of.wanted(&self.choices.population(), Grain::Period)
    }

    fn wanted_of(&self, context: &Context<'_>) -> Result<Wanted> {
        let calendar = calendar(context, CARD.id)?;
        let (_, last) = context.window()?;
        let is_cut = match context.scope.start {
            Some(start) if calendar.period(start)?.0 != start => true,
            _ => calendar.period(last)?.1 != last.saturating_add(1),
        };
        Ok(Wanted { grain: if is_cut { Grain::Day } else { Grain::Period }, ..self.wanted() })
    }

    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    fn begins_with(&self) -> Option<usize> {
        self.choices.of.begins_with()
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Counted>>) -> Result<()> {
        let context = out.context();
        let scope = context.scope;
        let calendar = calendar(context, CARD.id)?;
        let Some((met, _)) = activity.ends() else { return Ok(()) };
        let (first, last) = context.window()?;
        let most = usize::try_from(scope.max_rows).unwrap_or(usize::MAX);
        let bounds = if met <= last { calendar.bounds(met, last, most)? } else { Vec::new() };
        let periods: Vec<(Micros, Micros)> =
            bounds.iter().copied().zip(bounds.iter().copied().skip(1)).collect();
        // The period that `start` cuts is told from there on; those before it are only compared with.
        let shown = calendar.period(first.max(met))?.0;
        let of = self.choices.of;
        for (at, period) in periods.iter().copied().enumerate() {
            let (start, end) = period;
            if start < shown {
                of.put(start, period, &Fate::Compared(Counted::Whole), activity, out)?;
                continue;
            }
            let from = start.max(first);
            let stretch = Stretch { at: from, from, to: end.min(last + 1) };
            let part = SamePart::of(scope, period)?;
            let told = if part == SamePart::Whole { Counted::Whole } else { Counted::Told };
            of.put(from, (from, stretch.to), &Fate::Observed(told), activity, out)?;
            out.put_excluded(&stretch)?;
            if start < from {
                // Later periods are compared with all of it.
                of.put(start, period, &Fate::Compared(Counted::Whole), activity, out)?;
            }
            let Some(counted) = Counted::of(part, start, scope.start).filter(|of| *of != Counted::Whole)
            else {
                continue;
            };
            let year_before = self.rule.year_before(calendar.every, at);
            let before = [at].into_iter().chain(year_before);
            let mut compared: Vec<usize> =
                before.flat_map(|at| self.rule.before(calendar.every, at).chain([at])).collect();
            compared.sort_unstable();
            compared.dedup();
            for period in compared.into_iter().filter_map(|at| periods.get(at)) {
                let days = part.within(scope, *period)?;
                of.put(period.0, days, &Fate::Compared(counted), activity, out)?;
            }
        }
        if first <= last {
            // Silence up to the end is what a drop looks like.
            out.know_groups(last)?;
        }
        Ok(())
    }
}

impl Formula<Counts<4>> for Rule {
    fn finish(&self, cells: &Cells<'_, Counts<4>>, rows: &mut Rows<'_>) {
        let (Some(calendar), Some(last)) = (cells.scope.calendar, cells.periods.last()) else { return };
        let used = cells.met.iter().filter(|(_, cell)| cell.summary.0.iter().any(|count| *count > 0));
        let first = used.map(|((start, _), _)| *start).min();
        let starts =
            first.and_then(|first| calendar.bounds(first, last.place, usize::MAX).ok()).unwrap_or_default();
        let count = |at: usize, counted: Counted| {
            let cell = starts.get(at).and_then(|start| cells.met.get(&(*start, Key::Null)));
            cell.and_then(|cell| cell.summary.0.get(counted.class())).map_or(0.0, |count| *count as f64)
        };
        for period in cells.shown.clone() {
            let Some(of) = cells.periods.get(period) else { continue };
            let part = of.shown.and_then(|shown| SamePart::of(cells.scope, shown).ok());
            let counted = part.and_then(|part| Counted::of(part, of.place, cells.scope.start));
            let judged = starts
                .binary_search(&of.place)
                .ok()
                .zip(counted)
                .and_then(|(at, counted)| self.judge(calendar.every, at, |at| count(at, counted)));
            let answer = Answer {
                label: judged.map(|(_, change)| change.name().to_owned()),
                // All usage is counted, and no sample: nothing at all is an answer too.
                is_census: true,
                status: (counted.is_none() && !of.future).then_some(Status::PartialPeriod),
                ..Answer::of(judged.map(|(score, _)| score))
            };
            rows.push(period, &[], cells.whole(period), &answer);
        }
    }
}
