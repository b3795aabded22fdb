//! Who came, stayed, came back and went, from one period to the next.

use super::lifecycle_users::NewUsers;
use super::population::Population;
use crate::compute::{Bounds, Context, PutSets, SetMeasure, Sink, stretches};
use crate::error::{Error, Result};
use crate::measure::{Fate, Value};
use crate::policy::{Rolling, choice};
use crate::scope::{Calendar, Micros};
use crate::summary::Class;
use crate::view::{Activity, Grain, Set, Wanted};

choice! {
    /// What somebody is in a period.
    pub enum UserState {
        /// Active, and new.
        New = "new",
        /// Active, and active in the period before.
        Returning = "returning",
        /// Active, neither new nor active in the period before.
        Resurrecting = "resurrecting",
        /// Active in the period before, and not in this one.
        Dormant = "dormant",
    }
}

impl Class for UserState {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for UserState {
    fn number(&self) -> Option<f64> {
        Some(1.0)
    }

    fn label(&self) -> Option<&'static str> {
        Some(crate::policy::Choice::name(*self))
    }
}

/// The state of everybody who was active in a period or in the one before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lifecycle {
    /// The KPI that asks, for messages.
    pub(crate) kpi: &'static str,
    pub(crate) population: Population,
    pub(crate) new: NewUsers,
}

/// The periods of a request, for KPIs that compare them.
pub(crate) fn calendar(context: &Context<'_>, kpi: &str) -> Result<Calendar> {
    let message = || format!("\"{kpi}\" compares periods: give every");
    context.scope.calendar.ok_or_else(|| Error::invalid(message()))
}

impl SetMeasure for Lifecycle {
    type Value = UserState;

    fn wanted(&self) -> Wanted {
        let mut kinds = vec![self.population.events.clone()];
        if self.new == NewUsers::FirstSeen && kinds != [None] {
            kinds.push(None);
        }
        Wanted {
            recorded: self.new == NewUsers::ProfileCreated,
            ..self.population.of_kinds(kinds, Grain::Period)
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<UserState>>) -> Result<()> {
        let context = out.context();
        let calendar = calendar(context, self.kpi)?;
        if self.new == NewUsers::ProfileCreated {
            context.book.require("users")?.require("created_at")?;
        }
        let days = activity.days(0);
        let seen = if self.wanted().kinds_count() > 1 { activity.days(1) } else { days };
        for stretch in stretches(context, Rolling::Period, activity.ends())? {
            let (start, end) = calendar.period(stretch.at)?;
            let (before, _) = calendar.period(start - 1)?;
            let active = days.active(stretch.from, stretch.to);
            let was_active = days.active(before, start);
            let first = &active - &was_active;
            let new = match self.new {
                NewUsers::ProfileCreated => {
                    &first & &created(activity, seen.active(Micros::MIN, start), (start, end))
                }
                NewUsers::FirstSeen | NewUsers::FirstSelected => &first - &seen.active(Micros::MIN, start),
            };
            out.put(stretch.at, &(&active & &was_active), &Fate::Observed(UserState::Returning), None)?;
            out.put(stretch.at, &(&first - &new), &Fate::Observed(UserState::Resurrecting), None)?;
            out.put(stretch.at, &new, &Fate::Observed(UserState::New), None)?;
            out.put(stretch.at, &(&was_active - &active), &Fate::Observed(UserState::Dormant), None)?;
            out.put_excluded(&stretch)?;
        }
        Ok(())
    }
}

/// Those whose profile was created in a period. Of whom it is not known when, the first event decides.
fn created(activity: &Activity, seen_before: Set, (start, end): (Micros, Micros)) -> Set {
    activity.created(start, end) | (activity.undated() - seen_before)
}
