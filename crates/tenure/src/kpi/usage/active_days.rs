//! How many days or weeks each person was active on: what stickiness and frequency have in common.

use super::population::Population;
use super::stickiness_ratio::{CountedDays, Interval, Stickiness};
use crate::compute::{Bounds, Context, PutSets, SetMeasure, Sink, Stretch, intervals, stretches};
use crate::error::Result;
use crate::key::Key;
use crate::measure::Fate;
use crate::policy::Rolling;
use crate::scope::Micros;
use crate::summary::Portion;
use crate::view::{Activity, DayCounts, Grain, Set, Wanted};

/// Of each person who was active in a window: on how many of its intervals, or whether on the last one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ActiveDays {
    pub(crate) population: Population,
    pub(crate) window: Rolling,
    pub(crate) interval: Interval,
    pub(crate) days: CountedDays,
    pub(crate) definition: Stickiness,
    /// Whether each number has cells of its own, and those who are known but were not active are missing.
    pub(crate) by_number: bool,
    /// Whether it is divided by the days, also those on which nobody was there.
    pub(crate) of_days: bool,
}

impl SetMeasure for ActiveDays {
    type Value = Portion;

    fn wanted(&self) -> Wanted {
        Wanted { recorded: self.by_number, ..self.population.wanted(Grain::Day) }
    }

    fn bounds(&self) -> Bounds {
        match self.window {
            Rolling::Period if self.of_days => Bounds::OfDays,
            Rolling::Period if !self.by_number => Bounds::None,
            _ => Bounds::OfPeriods,
        }
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Portion>>) -> Result<()> {
        let days = activity.days(0);
        for stretch in stretches(out.context(), self.window, activity.ends())? {
            let active = days.active(stretch.from, stretch.to);
            let intervals = self.intervals(out.context(), &stretch)?;
            let mut never = active.clone();
            for (count, members) in Self::counts(activity, &intervals) {
                never -= &members;
                self.put(stretch, &members, (count, intervals.len()), out)?;
            }
            // Active, but not when it counts.
            self.put(stretch, &never, (0, intervals.len()), out)?;
            if self.by_number {
                let mut absent = days.active(Micros::MIN, stretch.to) | activity.recorded_before(stretch.to);
                absent -= &active;
                out.put(stretch.at, &absent, &Fate::Missing, None)?;
            }
            out.put_excluded(&stretch)?;
        }
        Ok(())
    }
}

impl ActiveDays {
    /// The days or weeks that count.
    fn intervals(&self, context: &Context<'_>, stretch: &Stretch) -> Result<Vec<(Micros, Micros)>> {
        let days = self.days == CountedDays::Weekdays;
        let mut counted = Vec::new();
        for (from, to) in intervals(context, self.interval.every(), stretch)? {
            if !days || has_weekday(context, (from, to))? {
                counted.push((from, to));
            }
        }
        if self.definition == Stickiness::Last {
            counted.drain(..counted.len().saturating_sub(1));
        }
        Ok(counted)
    }

    /// The members of each number of intervals.
    fn counts(activity: &Activity, intervals: &[(Micros, Micros)]) -> Vec<(u64, Set)> {
        let mut counts = DayCounts::default();
        for (from, to) in intervals {
            counts.add(activity.days(0).active(*from, *to));
        }
        counts.by_count()
    }

    fn put(
        &self,
        stretch: Stretch,
        members: &Set,
        (count, of): (u64, usize),
        out: &mut PutSets<'_, '_, impl Sink<Portion>>,
    ) -> Result<()> {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let portion = Portion { part: whole(count), of: whole(of as u64) };
        let dimension = self.by_number.then(|| Key::from(portion.part));
        out.put(stretch.at, members, &Fate::Observed(portion), dimension.as_ref())
    }
}

/// Whether any of the local days of an interval is one from Monday to Friday.
fn has_weekday(context: &Context<'_>, (from, to): (Micros, Micros)) -> Result<bool> {
    use chrono::{DateTime, Datelike, Weekday};
    let days = intervals(context, crate::scope::Every::Day, &Stretch { at: from, from, to })?;
    let is_weekday = |(start, _): &(Micros, Micros)| {
        DateTime::from_timestamp_micros(*start).is_some_and(|start| {
            !matches!(start.with_timezone(&context.scope.zone).weekday(), Weekday::Sat | Weekday::Sun)
        })
    };
    Ok(days.iter().any(is_weekday))
}
