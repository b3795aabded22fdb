//! # Pulse ratio
//!
//! **Question.** Do more people come than go?
//!
//! **Definition.** New and resurrecting over dormant users, in each period. Above one the number of active users grows.
//!
//! **Example.** In June Dan and Eve come, Bob and Cay stay away: 2/2, one.
//!
//! **Edge cases.** Nobody went although somebody came: no value, status `lossless`. Nobody came and nobody went: undefined.
//!
//! **Merging and sources.** Counts; all of a person goes to one part. Amplitude calls it the pulse ratio; it is a quick ratio
//! of users. See the lifecycle of users for who is new.

use super::lifecycle::Lifecycle;
use super::lifecycle_users::NewUsers;
use super::population::usage_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::Result;
use crate::formula::{Answer, CellFormula, shown};
use crate::outcome::Status;
use crate::summary::{Cell, Counts};

usage_policy! {
    /// The choices of the pulse ratio.
    pub struct PulseRatio {
        /// Who is new; who is not is resurrecting, and counts as much.
        pub new: NewUsers = NewUsers::FirstSeen,
    }
    presets {
        /// Seen for the first time at all. https://amplitude.com/docs/analytics/charts/lifecycle
        Amplitude { new: NewUsers::FirstSeen }
        /// Whose profile was created. https://github.com/PostHog/posthog
        Posthog { new: NewUsers::ProfileCreated }
    }
}

static CARD: Card = Card {
    id: "pulse_ratio",
    name: "Pulse ratio",
    question: "Do more people come than go?",
    formula: "(new + resurrecting) / dormant",
    unit: "ratio",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::PROFILE_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://amplitude.com/docs/analytics/charts/lifecycle"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = PulseRatio;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = Lifecycle { kpi: CARD.id, population: choices.population(), new: choices.new };
        Ok(Planned::new(Pipeline::<_, _, Counts<4>>::sets(measure, Pulse)).ratio())
    }
}

struct Pulse;

impl CellFormula<Counts<4>> for Pulse {
    fn answer(&self, cell: &Cell<Counts<4>>, _: f64) -> Answer {
        let Counts([new, _, resurrecting, dormant]) = cell.summary;
        let came = new.saturating_add(resurrecting);
        let status = (came > 0 && dormant == 0).then_some(Status::Lossless);
        Answer { status, ..Answer::ratio(1.0, shown(came), shown(dormant)) }
    }
}
