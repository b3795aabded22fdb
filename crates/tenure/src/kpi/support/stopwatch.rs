//! How time is measured between two instants: on the calendar, or in the open hours of a schedule.

use super::timing::{Clock, OffHours, Timing};
use crate::calendar::{OpenHours, Schedules};
use crate::column::Reading;
use crate::compute::Context;
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::OpenUnits;
use crate::scope::{Micros, format_instant};
use crate::summary::Elapsed;
use chrono_tz::Tz;
use std::sync::Arc;

/// Measures time as the policy says.
pub(crate) struct Stopwatch {
    off_hours: OffHours,
    open: OpenUnits,
    as_of: Micros,
    zone: Tz,
    /// Nothing: calendar time.
    schedules: Option<SchedulesOfRecord>,
}

/// The open hours of all schedules, and which of them holds for units that name none.
pub(crate) struct SchedulesOfRecord {
    schedules: Arc<Schedules>,
    /// The open hours of units that name none; an error only for those who meet one.
    default: Result<Arc<OpenHours>>,
}

/// The schedule of a policy that wants none, whatever units name.
const IGNORED: &str = "ignored";

const OFF_HOURS: Reason =
    Reason::new("schedule_id", "off_hours", "has no open time between the two, although time passed");

impl Stopwatch {
    /// Works the schedules out, if open hours are what counts.
    pub(crate) fn of(context: &Context<'_>, timing: &Timing) -> Result<Self> {
        let schedules = match timing.clock {
            Clock::Calendar => None,
            Clock::Business if timing.schedule.as_deref() == Some(IGNORED) => None,
            Clock::Business => Some(SchedulesOfRecord::of(context, timing.schedule.as_deref())?),
        };
        Ok(Self {
            off_hours: timing.off_hours,
            open: timing.open,
            as_of: context.scope.as_of,
            zone: context.scope.zone,
            schedules,
        })
    }

    /// The open hours that hold for a unit; nothing for calendar time.
    pub(crate) fn hours(&self, schedule_id: Reading<'_>) -> Result<Option<&OpenHours>> {
        self.schedules.as_ref().map(|schedules| Ok(&**schedules.hours(schedule_id)?)).transpose()
    }

    /// The fate of something that began, and maybe ended. Its end is not before its beginning.
    pub(crate) fn fate<E: Evidence>(
        &self,
        schedule_id: Reading<'_>,
        from: Micros,
        to: Option<Micros>,
        why: &mut E,
    ) -> Result<Fate<Elapsed>> {
        if self.schedules.is_none() && !why.listens() {
            return Ok(match to {
                Some(to) => Fate::Observed(Elapsed(to - from)),
                None if self.open == OpenUnits::CompletedOnly => Fate::Missing,
                None => Fate::Censored(Elapsed(self.as_of - from)),
            });
        }
        self.fate_of_stretches(schedule_id, &[(from, self.end(to))], to.is_none(), why)
    }

    /// The end of something, or `as_of` if it has not ended.
    pub(crate) fn end(&self, to: Option<Micros>) -> Micros {
        to.unwrap_or(self.as_of)
    }

    /// The fate of something that lasts for several stretches, and maybe goes on.
    pub(crate) fn fate_of_stretches<E: Evidence>(
        &self,
        schedule_id: Reading<'_>,
        stretches: &[(Micros, Micros)],
        is_open: bool,
        why: &mut E,
    ) -> Result<Fate<Elapsed>> {
        if is_open && self.open == OpenUnits::CompletedOnly {
            why.note("clock", || "has not ended: no value".to_owned());
            return Ok(Fate::Missing);
        }
        let hours = self.hours(schedule_id)?;
        let (mut counted, mut passed) = (0, 0);
        for (from, to) in stretches {
            let elapsed = hours.map_or(to - from, |hours| hours.elapsed(*from, *to));
            self.note(hours, *from, *to, elapsed, why);
            counted += elapsed;
            passed += to - from;
        }
        if counted == 0 && passed > 0 && hours.is_some() && self.off_hours == OffHours::Exclude {
            return Ok(Fate::Excluded(OFF_HOURS));
        }
        Ok(if is_open { Fate::Censored(Elapsed(counted)) } else { Fate::Observed(Elapsed(counted)) })
    }

    /// Says which time counted.
    fn note<E: Evidence>(
        &self,
        hours: Option<&OpenHours>,
        from: Micros,
        to: Micros,
        elapsed: Micros,
        why: &mut E,
    ) {
        /// More intervals than this nobody reads.
        const SHOWN: usize = 40;
        let show = |at| format_instant(at, self.zone);
        why.note("clock", || {
            let seconds = elapsed as f64 / 1e6;
            format!("ran from {} to {}: {seconds} seconds", show(from), show(to))
        });
        let Some(hours) = hours else { return };
        why.note("open hours", || {
            let mut intervals = hours.intervals(from, to);
            let shown: Vec<String> = intervals
                .by_ref()
                .take(SHOWN)
                .map(|open| format!("{} to {}", show(open.start), show(open.end)))
                .collect();
            let more = if intervals.next().is_some() { ", and more" } else { "" };
            if shown.is_empty() { "none".to_owned() } else { format!("{}{more}", shown.join(", ")) }
        });
    }
}

impl SchedulesOfRecord {
    pub(crate) fn of(context: &Context<'_>, named: Option<&str>) -> Result<Self> {
        let schedules = Schedules::of(context.book, context.scope)?;
        let default = schedules.default(named)?;
        let hours = schedules.get(default.as_ref()).cloned();
        // A schedule that is meant and never open is an error at once; that none is meant, only to those who need one.
        let default = if default.is_some() { Ok(hours?) } else { hours };
        Ok(Self { schedules, default })
    }

    /// The open hours that hold for a unit: of the schedule that it names, else of the default one.
    #[inline]
    pub(crate) fn hours(&self, schedule_id: Reading<'_>) -> Result<&Arc<OpenHours>> {
        match Key::named(schedule_id) {
            Key::Null => self.default.as_ref().map_err(Clone::clone),
            named => self.schedules.get(Some(&named)),
        }
    }
}
