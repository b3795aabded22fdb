//! Retention by intervals of the calendar: algebra of sets.

use super::retention::{Presence, each_start};
use super::user_retention::Asked;
use crate::compute::{Bounds, PutSets, SetMeasure, Sink};
use crate::error::Result;
use crate::measure::Fate;
use crate::scope::Calendar;
use crate::summary::Trial;
use crate::view::{Activity, Grain, Wanted};

/// Retention by local days, weeks or months.
pub(super) struct ByCalendar {
    pub(super) asked: Asked,
}

/// The kind of events that are a start.
const STARTS: usize = 0;

impl SetMeasure for ByCalendar {
    type Value = Trial;

    fn wanted(&self) -> Wanted {
        let mut kinds = self.asked.kinds.to_vec();
        kinds.dedup();
        self.asked.population.of_kinds(kinds, Grain::Day)
    }

    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    fn begins_with(&self) -> Option<usize> {
        Some(STARTS)
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Trial>>) -> Result<()> {
        let context = out.context();
        let scope = context.scope;
        let Some(ends) = activity.ends() else { return Ok(()) };
        let (every, zone) = (self.asked.interval.every(), scope.zone);
        let calendar = Calendar { every, zone, week_start: scope.week_start, year_start: 1 };
        let returns = activity.days(self.wanted().kinds_count() - 1);
        let presence = Presence::new(context, calendar, returns, ends, Some(self.asked.oldest()))?;
        let (first, last) = context.window()?;
        each_start(activity.days(STARTS), &presence, self.asked.start, |at, interval, started| {
            if at < first || at > last {
                return Ok(());
            }
            for (age, comeback) in &self.asked.comebacks {
                let dimension = self.asked.dimension(age);
                if presence.is_over(interval + comeback.last() as usize) {
                    let back = presence.back(interval, *comeback, &started);
                    out.put_trials(at, &started, &back, dimension)?;
                } else {
                    out.put(at, &started, &Fate::Immature, dimension)?;
                }
            }
            Ok(())
        })?;
        each_start(activity.excluded_days(), &presence, self.asked.start, |at, _, started| {
            if at < first || at > last { Ok(()) } else { out.put_excluded_of(at, &started) }
        })
    }
}
