//! The clock that KPIs read: open time between instants, and the instant that open time leads to.

use super::MODELLED;
use super::compile::open_intervals;
use super::intervals::Intervals;
use super::perpetual::Perpetual;
use super::schedule::Schedule;
use super::timetable::Timetable;
use crate::error::{Error, ErrorKind, Result, quoted};
use crate::scope::Micros;
use std::ops::Range;
use std::sync::OnceLock;

/// How much open time lies between two instants, and where does open time lead?
///
/// One schedule or the union of several. Built once for the span in which most instants lie; a question there costs
/// one look at the day and a search among the day's intervals ([`elapsed`](Self::elapsed)), or one binary search
/// ([`at`](Self::at)). Instants outside the span are answered as exactly: the first such question works out two
/// centuries (some tens of milliseconds and about two megabytes a schedule), which later ones share.
#[derive(Clone, Debug)]
pub struct OpenHours {
    clock: Clock,
}

#[derive(Clone, Debug)]
enum Clock {
    /// Never closed: calendar time.
    Always,
    Hours {
        schedules: Vec<Schedule>,
        near: Timetable,
        far: OnceLock<Perpetual>,
    },
}

impl OpenHours {
    /// Works out when any of some schedules is open.
    ///
    /// `span` is where most instants lie, such as from the first row to `as_of`; what it holds is a matter of speed,
    /// not of the answer. Its table takes 24 bytes an open interval.
    ///
    /// No schedule, or none that is ever open, is an error: no target would ever be used up.
    pub fn new<'s>(schedules: impl IntoIterator<Item = &'s Schedule>, span: Range<Micros>) -> Result<Self> {
        let schedules: Vec<Schedule> = schedules.into_iter().cloned().collect();
        if schedules.iter().any(Schedule::is_always_open) {
            return Ok(Self::always());
        }
        let start = span.start.clamp(MODELLED.start, MODELLED.end);
        let span = start..span.end.clamp(start, MODELLED.end);
        let near = Timetable::new(span.clone(), &open_intervals(&schedules, &span));
        let far = OnceLock::new();
        if near.total() == 0 && far.get_or_init(|| Perpetual::new(&schedules)).is_never_open() {
            return Err(never_open(&schedules));
        }
        Ok(Self { clock: Clock::Hours { schedules, near, far } })
    }

    /// Calendar time: never closed.
    ///
    /// A schedule whose rows leave no gap and that has neither holidays nor validity becomes this too.
    ///
    /// ```
    /// use tenure::calendar::OpenHours;
    /// assert_eq!(OpenHours::always().elapsed(5, 12), 7);
    /// ```
    pub fn always() -> Self {
        Self { clock: Clock::Always }
    }

    /// Whether it never closes, so that open time is calendar time.
    pub fn is_always(&self) -> bool {
        matches!(self.clock, Clock::Always)
    }

    /// How much open time lies in `[from, to)`, in microseconds?
    ///
    /// 0 when `from >= to`. For any three instants in order, `elapsed(a, c) = elapsed(a, b) + elapsed(b, c)`.
    ///
    /// ```
    /// use tenure::calendar::{OpenHours, Schedule};
    /// # fn instant(text: &str) -> i64 { chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros() }
    /// let weekdays = Schedule::weekly("support", "UTC", 1..=5, &[("08:00", "17:00")])?;
    /// let hours = OpenHours::new([&weekdays], instant("2026-01-01T00:00:00Z")..instant("2026-02-01T00:00:00Z"))?;
    /// // Friday 16:00 to Monday 09:30: one hour and an hour and a half.
    /// let minutes = hours.elapsed(instant("2026-01-09T16:00:00Z"), instant("2026-01-12T09:30:00Z")) / 60_000_000;
    /// assert_eq!(minutes, 150);
    /// # Ok::<(), tenure::Error>(())
    /// ```
    #[inline]
    pub fn elapsed(&self, from: Micros, to: Micros) -> Micros {
        if from >= to {
            return 0;
        }
        match &self.clock {
            Clock::Always => to.saturating_sub(from),
            Clock::Hours { near, .. } if near.covers(from) && near.covers(to) => {
                near.before(to) - near.before(from)
            }
            Clock::Hours { schedules, far, .. } => {
                let far = far.get_or_init(|| Perpetual::new(schedules));
                far.before(to).saturating_sub(far.before(from))
            }
        }
    }

    /// At which instant is a target of open microseconds, counted from `from`, used up?
    ///
    /// The first instant `t >= from` with `elapsed(from, t) == target`: a target that is used up exactly at closing
    /// time is used up then, not at the next opening. A target of zero or less is used up at `from`. `None` if the
    /// schedule ends (`valid_to`) before the target is reached, or the instant does not fit.
    ///
    /// ```
    /// use tenure::calendar::{OpenHours, Schedule};
    /// # fn instant(text: &str) -> i64 { chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros() }
    /// const HOUR: i64 = 3_600_000_000;
    /// let weekdays = Schedule::weekly("support", "UTC", 1..=5, &[("08:00", "17:00")])?;
    /// let hours = OpenHours::new([&weekdays], instant("2026-01-01T00:00:00Z")..instant("2026-02-01T00:00:00Z"))?;
    /// let friday = instant("2026-01-09T16:00:00Z");
    /// assert_eq!(hours.at(friday, HOUR), Some(instant("2026-01-09T17:00:00Z")));
    /// assert_eq!(hours.at(friday, 2 * HOUR), Some(instant("2026-01-12T09:00:00Z")));
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn at(&self, from: Micros, target: Micros) -> Option<Micros> {
        if target <= 0 {
            return Some(from);
        }
        match &self.clock {
            Clock::Always => from.checked_add(target),
            Clock::Hours { schedules, near, far } => {
                if near.covers(from) {
                    let near_at = near.reached(near.before(from).saturating_add(target));
                    if near_at.is_some() {
                        return near_at;
                    }
                }
                let far = far.get_or_init(|| Perpetual::new(schedules));
                far.reached(far.before(from).checked_add(target)?)
            }
        }
    }

    /// Is it open at an instant? An interval holds its opening, not its closing.
    pub fn is_open(&self, at: Micros) -> bool {
        at < Micros::MAX && self.elapsed(at, at + 1) > 0
    }

    /// The open intervals inside `[from, to)`, in order and cut off at its ends: the evidence behind
    /// [`elapsed`](Self::elapsed), which is the sum of their lengths.
    ///
    /// ```
    /// use tenure::calendar::{OpenHours, Schedule};
    /// let night = Schedule::weekly("night", "UTC", 1..=7, &[("22:00", "02:00")])?;
    /// let hour = 3_600_000_000;
    /// let hours = OpenHours::new([&night], 0..48 * hour)?;
    /// let open: Vec<_> = hours.intervals(0, 23 * hour).collect();
    /// assert_eq!(open, [0..2 * hour, 22 * hour..23 * hour]);
    /// # Ok::<(), tenure::Error>(())
    /// ```
    pub fn intervals(&self, from: Micros, to: Micros) -> Intervals<'_> {
        Intervals::new(self, from, to)
    }

    /// When the interval closes that an open instant lies in, or a cut through it.
    pub(super) fn closes(&self, at: Micros) -> Micros {
        let closes = match &self.clock {
            Clock::Always => None,
            Clock::Hours { schedules, near, far } => {
                let near_closes = if near.covers(at) { near.closes(at) } else { None };
                near_closes.or_else(|| far.get_or_init(|| Perpetual::new(schedules)).closes(at))
            }
        };
        closes.unwrap_or(Micros::MAX)
    }
}

fn never_open(schedules: &[Schedule]) -> Error {
    let names: Vec<_> = schedules.iter().take(8).map(|schedule| quoted(schedule.id())).collect();
    let what = match names.as_slice() {
        [] => "no schedule was given".to_owned(),
        [name] => format!("schedule {name} is never open"),
        _ => format!("none of the {} schedules {} is ever open", schedules.len(), names.join(", ")),
    };
    let expected = "expected at least one row with open time that holidays and valid_to leave";
    Error::new(ErrorKind::InvalidRow, format!("{what}; {expected}"))
        .in_table("schedules")
        .in_column("schedule_id")
}
