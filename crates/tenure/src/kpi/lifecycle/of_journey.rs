//! What all measures of journeys have in common.

use super::choices::Chosen;
use crate::catalog::Planned;
use crate::compute::{Context, Out, Pipeline, Plan, Sink};
use crate::error::Result;
use crate::formula::Formula;
use crate::key::Key;
use crate::lifecycle::{NO_STAGE, Spell};
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::scope::{Micros, format_instant};
use crate::summary::Summary;
use crate::view::{JourneyRows, KnownJourney, ToldStages};

/// A measure of journeys, as known at `as_of`.
pub(crate) trait JourneyMeasure: Send + Sync {
    type Value: Value;
    /// What it needs of other tables, worked out once a request.
    type Side;

    fn side(&self, context: &Context<'_>) -> Result<Self::Side>;

    /// Measures one journey. It may put one measurement, none or several.
    fn journey<E: Evidence>(
        &self,
        side: &Self::Side,
        journey: &KnownJourney<'_>,
        out: &mut Out<'_, '_, impl Sink<Self::Value>>,
        why: &mut E,
    ) -> Result<()>;
}

/// A measure of which every stay is a unit, or none.
pub(crate) trait StayMeasure: Send + Sync {
    type Value: Value;

    /// When a stay counts, and as what; nothing if it is no unit.
    fn stay(&self, stay: &Spell<'_>, as_of: Micros) -> Option<(Micros, Fate<Self::Value>)>;
}

/// The plan of a KPI whose units are stays.
pub(crate) fn stays<S, M, F>(chosen: &Chosen, measure: M, formula: F) -> Planned
where
    M: StayMeasure + 'static,
    S: Summary<M::Value>,
    F: Formula<S> + 'static,
{
    let measure = Each(OfStays { measure, chosen: chosen.clone() });
    Planned::new(Pipeline::<_, _, S>::entities(chosen.rows(true), measure, formula))
}

/// The plan of a KPI whose units are journeys.
pub(crate) fn journeys<S, M, F>(chosen: &Chosen, measure: M, formula: F) -> impl Plan + use<S, M, F>
where
    M: JourneyMeasure + 'static,
    S: Summary<M::Value>,
    F: Formula<S> + 'static,
{
    Pipeline::<_, _, S>::entities(chosen.rows(false), Each(measure), formula)
}

/// Applies a measure to each journey. Rows of stages that are of no use are invalid units beside the journeys.
struct Each<M>(M);

impl<M: JourneyMeasure> EntityMeasure for Each<M> {
    type Value = M::Value;
    type View = JourneyRows;
    type Side = M::Side;

    fn inputs(&self) -> &[Input] {
        const { &[Input::required("account_id", InputKind::Any), Input::required("stage", InputKind::Text)] }
    }

    fn attributes(&self) -> &'static [&'static str] {
        super::ATTRIBUTES
    }

    fn side(&self, context: &Context<'_>) -> Result<M::Side> {
        self.0.side(context)
    }

    fn entity<E: Evidence>(
        &self,
        side: &M::Side,
        told: &ToldStages<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        match told {
            ToldStages::Journey(journey) => {
                let zone = out.gated.frame.context.scope.zone;
                out.attribute("cohort", || journey.cohort(zone));
                self.0.journey(side, journey, out, why)
            }
            ToldStages::Unusable(row) => {
                out.attribute_of_few("stage", NO_STAGE, || Key::Null);
                out.put(row.row as usize, row.at, Fate::Invalid(row.reason), Vec::new())
            }
        }
    }
}

struct OfStays<M> {
    measure: M,
    chosen: Chosen,
}

impl<M: StayMeasure> JourneyMeasure for OfStays<M> {
    type Value = M::Value;
    type Side = ();

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn journey<E: Evidence>(
        &self,
        (): &(),
        journey: &KnownJourney<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        let as_of = out.gated.frame.context.scope.as_of;
        for stay in journey.spells() {
            let row = stay.row() as usize;
            if !out.gated.keeps(row) {
                continue;
            }
            if let Some((at, fate)) = self.measure.stay(&stay, as_of) {
                tell_stay(&self.chosen, journey, &stay, as_of, out, why);
                out.attribute_of_few("stage", stay.stage(), || Key::from(journey.stage(&stay)));
                let fate = journey.exclusion().map_or(fate, Fate::Excluded);
                out.put(row, Some(at), fate, Vec::new())?;
            }
        }
        Ok(())
    }
}

/// Notes what a stay is.
pub(crate) fn tell_stay<S>(
    chosen: &Chosen,
    journey: &KnownJourney<'_>,
    stay: &Spell<'_>,
    at: Micros,
    out: &Out<'_, '_, S>,
    why: &mut impl Evidence,
) {
    if !why.listens() {
        return;
    }
    let context = out.gated.frame.context;
    let when = |at: Micros| format_instant(at, context.scope.zone);
    why.note("stage", || {
        let table = context.book.table("stages");
        let reason = table.and_then(|table| {
            Key::named(table.read(table.find("reason")?, stay.row() as usize)).as_text().map(str::to_owned)
        });
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        let move_ = if stay.is_allowed() { "" } else { ", a move that the lifecycle does not have" };
        format!(
            "{} since {}, by row {}{move_}{reason}",
            journey.stage(stay),
            when(stay.entered()),
            stay.row()
        )
    });
    if let Some(left) = stay.left() {
        why.note("left", || when(left));
    }
    for (from, to) in stay.pauses(at) {
        let until = to.map_or("now".to_owned(), when);
        why.note("paused", || format!("from {} to {until}", when(from)));
    }
    why.note("time", || {
        let days = stay.elapsed(at, chosen.pauses_stop) as f64 / 86_400e6;
        let stage = chosen.lifecycle.of_code(stay.stage());
        let span = |span: Option<crate::policy::Span>| {
            span.and_then(|span| serde_json::to_value(span).ok()?.as_str().map(str::to_owned))
                .unwrap_or_else(|| "none".to_owned())
        };
        let (expected, stuck) = (stage.and_then(|s| s.expected), stage.and_then(|s| s.stuck));
        format!("{days:.3} days; expected {}, stuck beyond {}", span(expected), span(stuck))
    });
}

/// Why a stay does not count that lasts for ever.
pub(crate) const END_STAGE: Reason =
    Reason::new("stage", "end_stage", "is an end: nobody is expected to leave it");
