//! What all measures of touches have in common: every interaction is a unit, and every conversation that none names.

use super::choices::WhichTouches;
use crate::catalog::Planned;
use crate::compute::{Context, Joined, Out, Pipeline, Sink};
use crate::error::Result;
use crate::formula::Formula;
use crate::key::Key;
use crate::kpi::lifecycle::Stages;
use crate::lifecycle::StageCode;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::scope::{Micros, format_instant};
use crate::summary::Summary;
use crate::view::{Journeys, OfAccounts, TouchRow, TouchRows, TouchTable};
use std::sync::Arc;

/// What they know of a touch themselves.
pub(super) const ATTRIBUTES: &[&str] = &["stage", "manager", "label"];

/// The columns that overwrite the past.
pub(super) const TRUSTS: &[&str] = &["internal", "label", "manager"];

/// Where it is told what a touch is, and what is none.
pub(super) const TOTANGO: &str = "https://support.totango.com/hc/en-us/articles/360034557631";

/// A touch and where its account was in the lifecycle.
pub(super) struct Touched<'t> {
    pub(super) row: &'t TouchRow<'t>,
    pub(super) table: TouchTable,
    /// Nothing also if nobody asked for stages.
    pub(super) stage: Option<StageCode>,
}

/// A measure of touches that count.
pub(super) trait TouchMeasure: Clone + Send + Sync + 'static {
    type Value: Value;

    /// Whether it asks in which stage accounts were.
    fn needs_stages(&self) -> bool {
        false
    }

    /// The columns of a table that it cannot do without.
    fn check(&self, _: &Context<'_>, _: TouchTable) -> Result<()> {
        Ok(())
    }

    fn touch(&self, touch: &Touched<'_>) -> Fate<Self::Value>;
}

/// The plan of a KPI whose units are touches.
pub(super) fn touches<S, M, F>(which: WhichTouches, stages: &Stages, measure: &M, formula: &F) -> Planned
where
    M: TouchMeasure,
    S: Summary<M::Value>,
    F: Formula<S> + Clone + 'static,
{
    let of = |table: TouchTable| {
        let measure = Each { table, which, stages: stages.clone(), measure: measure.clone() };
        Pipeline::<_, _, S>::entities(TouchRows::of(table), measure, formula.clone())
    };
    Planned::new(Joined::either(of(TouchTable::Interactions), of(TouchTable::Conversations)))
}

const INTERNAL: Reason = Reason::new("account_id", "internal", "is an account that does not count");

struct Each<M> {
    table: TouchTable,
    which: WhichTouches,
    stages: Stages,
    measure: M,
}

/// What is looked up beside the touches.
pub(super) struct Beside {
    journeys: Option<Arc<Journeys>>,
    managers: Option<OfAccounts>,
}

/// Where the input stands that is the row's own manager, and the one that is its label.
const MANAGER: usize = 0;
pub(super) const LABEL: usize = 1;

impl<M: TouchMeasure> EntityMeasure for Each<M> {
    type Value = M::Value;
    type View = TouchRows;
    type Side = Beside;

    fn inputs(&self) -> &[Input] {
        match self.table {
            TouchTable::Interactions => {
                const {
                    &[
                        Input::optional("manager", InputKind::Any),
                        Input::optional("label", InputKind::Text),
                        Input::optional("channel", InputKind::Text),
                        Input::optional("author", InputKind::Text),
                    ]
                }
            }
            // A conversation has no label: that column may be anything else.
            TouchTable::Conversations => {
                const {
                    &[
                        Input::optional("manager", InputKind::Any),
                        Input::optional("initiated_by", InputKind::Text),
                    ]
                }
            }
        }
    }

    fn attributes(&self) -> &'static [&'static str] {
        ATTRIBUTES
    }

    fn side(&self, context: &Context<'_>) -> Result<Beside> {
        // Without it no touch could be placed.
        context.book.require(self.table.name())?.require(self.table.time())?;
        self.measure.check(context, self.table)?;
        let journeys = if context.asks("stage") || self.measure.needs_stages() {
            self.stages.journeys(context)?
        } else {
            None
        };
        let managers = context.asks("manager").then(|| OfAccounts::of(context, self.table, "manager"));
        Ok(Beside { journeys, managers: managers.transpose()? })
    }

    fn entity<E: Evidence>(
        &self,
        beside: &Beside,
        row: &TouchRow<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        let TouchRow { number, touch, touches, .. } = *row;
        let scope = out.gated.frame.context.scope;
        let when = |at: Micros| format_instant(at, scope.zone);
        if let Some(told) = touch.told_by(scope.as_of) {
            let found = || format!("by an interaction, since {}: that is the touch", when(told));
            why.note("told", found);
            return Ok(());
        }
        let own = if touch.is_duplicate { Fate::Invalid(self.table.duplicate()) } else { Fate::Observed(()) };
        let Some((at, fate)) = out.gated.frame.judge(own, row.row, out.gated.time(row.row))? else {
            return Ok(());
        };
        let account = touches.account(touch);
        why.note("account", || account.map_or_else(|| "none".to_owned(), Key::to_string));
        let journey = |at: Micros| beside.journeys.as_ref()?.find(account?, at);
        let journey = at.and_then(journey);
        let stay = journey.as_ref().and_then(|journey| Some((journey, journey.last()?)));
        if let Some((journey, stay)) = &stay {
            why.note("stage", || format!("{} since {}", journey.stage(stay), when(stay.entered())));
        }
        out.attribute("stage", || {
            stay.as_ref().map_or(Key::Null, |(journey, stay)| Key::from(journey.stage(stay)))
        });
        out.attribute("manager", || match Key::named(row.row.read(MANAGER)) {
            Key::Null => {
                let of_account = beside.managers.as_ref().and_then(|managers| managers.of_row(number));
                of_account.map_or(Key::Null, |manager| Key::named(manager.reading()))
            }
            own => own,
        });
        if self.table == TouchTable::Conversations {
            out.attribute("label", || Key::Null);
        }
        let fate = match fate {
            Fate::Observed(()) if touches.is_internal(touch) => Fate::Excluded(INTERNAL),
            Fate::Observed(()) => self.which.fate(touch, self.table.initiator()),
            fate => fate,
        };
        let fate = match fate {
            Fate::Observed(()) => {
                let stage = stay.map(|(_, stay)| stay.stage());
                self.measure.touch(&Touched { row, table: self.table, stage })
            }
            Fate::Invalid(reason) => Fate::Invalid(reason),
            Fate::Excluded(reason) => Fate::Excluded(reason),
            _ => Fate::Missing,
        };
        out.put(number, at, fate, Vec::new())
    }
}
