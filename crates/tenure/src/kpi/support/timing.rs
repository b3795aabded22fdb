//! The choices that every KPI of durations has: which time counts, what open units are, what is told.

use crate::error::{Error, Result};
use crate::formula::Spread;
use crate::policy::{OneOrMany, OpenUnits, Statistic, choice};
use crate::scope::Micros;

choice! {
    /// Which time counts.
    pub enum Clock {
        /// All of it.
        Calendar = "calendar",
        /// Open hours of the schedule.
        Business = "business",
    }
}

choice! {
    /// What a duration is that has no open time in it, although time passed.
    pub enum OffHours {
        /// No time at all: 0.
        Zero = "zero",
        /// Left out: it says nothing of how fast the team is when it works.
        Exclude = "exclude",
    }
}

const HOUR: Micros = 3_600_000_000;
/// More hours than a hundred years have are no goal, and could not be added to any instant.
const MOST_HOURS: i64 = 100 * 366 * 24;

/// The time of a policy's number of hours.
pub(crate) fn hours(field: &str, hours: i64) -> Result<Micros> {
    if (1..=MOST_HOURS).contains(&hours) {
        return Ok(hours * HOUR);
    }
    Err(Error::invalid(format!("{field} is {hours}; expected a number from 1 to {MOST_HOURS}")))
}

/// The choices of one request about time, all of them made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timing {
    pub(crate) statistic: OneOrMany<Statistic>,
    pub(crate) open: OpenUnits,
    pub(crate) clock: Clock,
    pub(crate) off_hours: OffHours,
    pub(crate) schedule: Option<String>,
}

impl From<Timing> for Spread {
    fn from(timing: Timing) -> Self {
        Self { statistic: timing.statistic, open: timing.open }
    }
}

/// The policy of a KPI of durations: its own fields, and those that all of them share.
macro_rules! duration_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
        presets { $($presets:tt)* }
    ) => {
        $crate::policy::policy! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// What is told; a list gives one row each. By default the mean, which most vendors show first.
                pub statistic: $crate::policy::OneOrMany<$crate::policy::Statistic> = $crate::policy::Statistic::MEAN.into(),
                /// What is done with what has not ended. By default it is left out, as vendors do.
                pub open: $crate::policy::OpenUnits = $crate::policy::OpenUnits::CompletedOnly,
                /// Which time counts. By default all of it, which needs no schedule.
                pub clock: $crate::kpi::support::Clock = $crate::kpi::support::Clock::Calendar,
                /// With the business clock: what a duration without any open time is.
                pub off_hours: $crate::kpi::support::OffHours = $crate::kpi::support::OffHours::Zero,
                /// With the business clock: the schedule of units that name none; by default the only one that there is. `ignored`: no schedule holds, and all of the time counts.
                pub schedule: Option<String> = None,
            }
            presets { $($presets)* }
        }

        impl Choices {
            pub(crate) fn timing(&self) -> $crate::kpi::support::timing::Timing {
                $crate::kpi::support::timing::Timing {
                    statistic: self.statistic.clone(),
                    open: self.open,
                    clock: self.clock,
                    off_hours: self.off_hours,
                    schedule: self.schedule.clone(),
                }
            }
        }
    };
}
pub(crate) use duration_policy;
