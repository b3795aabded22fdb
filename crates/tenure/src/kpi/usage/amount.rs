//! How much the product is used: events, or people with one.

use super::population::Population;
use super::usage_trend::UsageOf;
use crate::compute::{PutSets, Sink};
use crate::error::Result;
use crate::measure::{Fate, Value};
use crate::scope::Micros;
use crate::view::{Activity, Grain, Wanted};

/// The kind of events that counts; beside it any event makes a group known.
const COUNTED: usize = 0;

impl UsageOf {
    /// The activity in which it is found.
    pub(super) fn wanted(self, population: &Population, grain: Grain) -> Wanted {
        let mut kinds = vec![population.events.clone(), None];
        kinds.dedup();
        Wanted { counted: self == UsageOf::Events, ..population.of_kinds(kinds, grain) }
    }

    /// The kind of event that units are, if they are events.
    pub(super) fn begins_with(self) -> Option<usize> {
        (self == UsageOf::Events).then_some(COUNTED)
    }

    /// Puts the usage of `[from, to)` into the period of an instant.
    pub(super) fn put<V: Value>(
        self,
        at: Micros,
        (from, to): (Micros, Micros),
        fate: &Fate<V>,
        activity: &Activity,
        out: &mut PutSets<'_, '_, impl Sink<V>>,
    ) -> Result<()> {
        match self {
            UsageOf::Events => out.put_events(at, COUNTED, (from, to), fate),
            UsageOf::ActiveUsers => out.put(at, &activity.days(COUNTED).active(from, to), fate, None),
        }
    }
}
