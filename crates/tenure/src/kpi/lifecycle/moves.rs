//! Moves between stages: what most KPIs of the lifecycle count.

use super::choices::Chosen;
use super::of_journey::StayMeasure;
use crate::error::Result;
use crate::lifecycle::{Lifecycle, Spell, StageCode};
use crate::measure::Fate;
use crate::policy::Names;
use crate::scope::Micros;
use crate::summary::Moved;

/// Counts a stay when it is left, for the move.
pub(super) struct Exits {
    /// The stages that are not left, as far as moves count.
    pub(super) ends: Vec<StageCode>,
}

impl StayMeasure for Exits {
    type Value = Moved;

    fn stay(&self, stay: &Spell<'_>, _: Micros) -> Option<(Micros, Fate<Moved>)> {
        let (left, to) = stay.left().zip(stay.next_stage())?;
        let moved = Moved { from: stay.stage(), to: Some(to), elapsed: None };
        (!self.ends.contains(&stay.stage())).then_some((left, Fate::Observed(moved)))
    }
}

/// Counts a stay when it begins, for the time and for the move that ended it.
pub(super) struct Exposures {
    pub(super) ends: Vec<StageCode>,
    pub(super) chosen: Chosen,
}

impl StayMeasure for Exposures {
    type Value = Moved;

    fn stay(&self, stay: &Spell<'_>, as_of: Micros) -> Option<(Micros, Fate<Moved>)> {
        let elapsed = Some(stay.elapsed(as_of, self.chosen.pauses_stop));
        let moved = Moved { from: stay.stage(), to: stay.next_stage(), elapsed };
        let fate = if stay.left().is_some() { Fate::Observed(moved) } else { Fate::Censored(moved) };
        (!self.ends.contains(&stay.stage())).then_some((stay.entered(), fate))
    }
}

/// The stages that are ends: those named, else those that the lifecycle says are.
pub(super) fn ends(lifecycle: &Lifecycle, named: Option<&Names>) -> Result<Vec<StageCode>> {
    let ends: Vec<StageCode> = match named {
        Some(names) => {
            let codes = names.as_slice().iter().map(|name| lifecycle.require(name));
            let codes = codes.collect::<Result<Vec<_>>>()?;
            lifecycle.codes().filter(|code| codes.contains(code)).collect()
        }
        None => lifecycle.codes().filter(|code| lifecycle.is_end(*code)).collect(),
    };
    if ends.is_empty() {
        let message = format!("no stage of lifecycle \"{}\" is an end", lifecycle.name());
        return Err(crate::error::Error::invalid(message));
    }
    Ok(ends)
}
