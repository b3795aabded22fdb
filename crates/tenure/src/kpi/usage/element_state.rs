//! # Elements in place
//!
//! **Question.** How many projects, boards or integrations do customers have?
//!
//! **Definition.** Objects that exist at the end of each period: those of which the last event of the names of `create` and
//! `remove` is one that makes them. Objects are told apart by `object_id`.
//!
//! **Example.** Ten channels are created in January and ten removed in February: ten at the end of January, none at the end
//! of February.
//!
//! **Edge cases.** Created twice is there once, removed twice is gone once. What is removed before it was ever created is
//! invalid, and a fault; its creation counts. A row without an object is invalid. What happens at the end of a period
//! belongs to the next. Of events at one instant `seq` decides. A group whose objects are all gone has 0. What internal
//! users and bots do is as if it had not been: their removal of a customer's object does not count, nor does it matter that
//! they made an object that a customer made as well. An object that nobody else made is left out, and counted as excluded
//! until anybody removes it.
//!
//! **Merging and sources.** Counts; all of an object goes to one part. Vitally calls them elements, and counts those created
//! minus those removed.

use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Pipeline, Sink};
use crate::error::{Error, Result};
use crate::formula::Total;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind};
use crate::policy::{Names, policy};
use crate::scope::format_instant;
use crate::summary::Integers;
use crate::view::{Object, Objects};

policy! {
    /// The choices of elements in place.
    pub struct ElementState {
        /// The names of the events that make an object. There is no default.
        pub create: Option<Names> = None,
        /// The names of the events that remove one. There is no default.
        pub remove: Option<Names> = None,
    }
    presets {}
}

static CARD: Card = Card {
    id: "element_state",
    name: "Elements in place",
    question: "How many projects, boards or integrations do customers have?",
    formula: "objects created and not removed, at the end of the period",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Success,
    table: "events",
    key: "object_id",
    inputs: super::event_inputs!(["name", "object_id", "seq?", "event_id?"]),
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &["https://docs.vitally.io/account-health-scores-and-metrics/elements"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ElementState;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let missing =
            |field: &str| Error::invalid(format!("\"element_state\" needs {field}, the names of events"));
        let create = choices.create.clone().ok_or_else(|| missing("create"))?;
        let remove = choices.remove.clone().ok_or_else(|| missing("remove"))?;
        if let Some(name) = create.as_slice().iter().find(|name| remove.has(name)) {
            return Err(Error::invalid(format!("\"{name}\" cannot both create and remove an object")));
        }
        let plan = Pipeline::<_, _, Integers>::entities(Objects { create, remove }, InPlace, Total);
        Ok(Planned::new(plan))
    }
}

/// Objects at the ends of periods.
struct InPlace;

const INPUTS: &[Input] = &[
    Input::required("occurred_at", InputKind::Time),
    Input::required("name", InputKind::Text),
    Input::required("object_id", InputKind::Any),
];

impl EntityMeasure for InPlace {
    type Value = i64;
    type View = Objects;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        INPUTS
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        object: &Object<'_>,
        out: &mut Out<'_, '_, impl Sink<i64>>,
        why: &mut E,
    ) -> Result<()> {
        let zone = out.gated.frame.context.scope.zone;
        for stay in object.stretches {
            why.note("there", || {
                let to = stay.to.map_or("now".to_owned(), |to| format_instant(to, zone));
                format!("from {} to {to}", format_instant(stay.from, zone))
            });
            let excluded = object.people.exclusion(stay.person);
            let fate = excluded.map_or(Fate::Observed(1), Fate::Excluded);
            out.known::<i64>(stay.row, stay.from)?;
            out.stock(stay.row, (stay.from, stay.to), |_| fate)?;
        }
        for row in object.unusable {
            out.put(row.row as usize, row.at, Fate::Invalid(row.reason), Vec::new())?;
        }
        Ok(())
    }
}
