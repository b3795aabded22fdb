//! Funnels: who took which of several steps within a window of time, and how long it took.

use super::funnel_walk::{Walk, Way};
use crate::catalog::Planned;
use crate::compute::{Context, Out, Pipeline, Sink};
use crate::error::{Error, Result};
use crate::formula::Formula;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::policy::{Names, Span, choice};
use crate::scope::{Micros, format_instant};
use crate::summary::Summary;
use crate::view::{EVENTS, Events, Identity, Sequence, Sequences};
use std::cell::RefCell;
use std::sync::Arc;

choice! {
    /// In which order steps have to be taken.
    pub enum StepOrder {
        /// One after the other; what happens between does not matter.
        Ordered = "ordered",
        /// In any order; whichever step comes first is the entry.
        Any = "any",
        /// One right after the other: any other event between them ends the way.
        Strict = "strict",
    }
}

choice! {
    /// Which first step is the entry, where somebody takes it again.
    pub enum FunnelEntry {
        /// The first; the clock does not start again.
        First = "first",
        /// The most recent one before the second step.
        Recent = "recent",
    }
}

choice! {
    /// What is counted.
    pub enum FunnelCounting {
        /// People: each enters once a period.
        Uniques = "uniques",
        /// Entries: after a conversion, or the end of the window, one may enter again.
        Totals = "totals",
    }
}

/// The policy of a KPI of funnels: its own fields, and those that all of them share.
macro_rules! funnel_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
    ) => {
        $crate::policy::policy! {
            $(#[$meta])*
            pub struct $name {
                /// The names of the steps, two or more, in order. There is no default.
                pub steps: Option<$crate::policy::Names> = None,
                /// How soon after the entry the last step counts, end included. A day has 24 hours.
                pub window: $crate::policy::Span = $crate::policy::Span::days(7),
                /// In which order steps have to be taken.
                pub order: $crate::kpi::usage::StepOrder = $crate::kpi::usage::StepOrder::Ordered,
                /// Which first step is the entry. By default the first, so that whoever tries longer is not faster.
                pub entry: $crate::kpi::usage::FunnelEntry = $crate::kpi::usage::FunnelEntry::First,
                /// What is counted. By default people.
                pub counting: $crate::kpi::usage::FunnelCounting = $crate::kpi::usage::FunnelCounting::Uniques,
                /// How much earlier than the step before it a step may come, for clocks that disagree. By default not at all.
                pub grace: $crate::policy::Span = $crate::policy::Span::seconds(0),
                $($own)*
            }
            presets {
                /// The first entry, seven days, two seconds of grace. https://docs.mixpanel.com/docs/reports/funnels/funnels-advanced
                Mixpanel { grace: $crate::policy::Span::seconds(2) }
                /// The same with the most recent entry. https://docs.mixpanel.com/docs/reports/funnels/funnels-advanced
                MixpanelReentry { grace: $crate::policy::Span::seconds(2), entry: $crate::kpi::usage::FunnelEntry::Recent }
                /// In order, within seven days. https://docs.userpilot.com/article/280-funnel
                Userpilot { order: $crate::kpi::usage::StepOrder::Ordered, window: $crate::policy::Span::days(7) }
            }
        }

        impl Choices {
            fn funnel(&self) -> $crate::error::Result<$crate::kpi::usage::funnel::Funnel> {
                $crate::kpi::usage::funnel::Funnel {
                    steps: self.steps.as_ref().map(|steps| steps.as_slice().to_vec()).unwrap_or_default(),
                    window: self.window,
                    order: self.order,
                    entry: self.entry,
                    counting: self.counting,
                    grace: self.grace,
                }
                .checked()
            }
        }
    };
}
pub(crate) use funnel_policy;

/// Steps, and what it means to take them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Funnel {
    pub(crate) steps: Vec<String>,
    pub(crate) window: Span,
    pub(crate) order: StepOrder,
    pub(crate) entry: FunnelEntry,
    pub(crate) counting: FunnelCounting,
    pub(crate) grace: Span,
}

/// Steps are told apart by the bits of a number.
pub(super) const MOST_STEPS: usize = 64;

impl Funnel {
    pub(crate) fn checked(self) -> Result<Self> {
        if (2..=MOST_STEPS).contains(&self.steps.len()) {
            return Ok(self);
        }
        Err(Error::invalid(format!(
            "a funnel has {} steps; expected steps, a list of the names of 2 to {MOST_STEPS} events in order",
            self.steps.len()
        )))
    }

    /// The plan of a KPI of this funnel.
    pub(crate) fn plan<T, S, F>(self, told: T, formula: F) -> Planned
    where
        T: Told + 'static,
        S: Summary<T::Value>,
        F: Formula<S> + 'static,
    {
        let chosen = (self.order != StepOrder::Strict).then(|| Names::new(self.steps.iter().cloned()));
        let view = Sequences { rows: EVENTS, identity: Identity::User, chosen };
        let names = self.steps.iter().map(|step| Arc::from(step.as_str())).collect();
        Planned::new(Pipeline::<_, _, S>::entities(view, Ways { funnel: self, names, told }, formula))
    }
}

/// What is told of a way.
pub(crate) trait Told: Send + Sync {
    type Value: Value;

    /// Its fate. `step` is the name of the last step taken.
    fn fate(&self, way: &Way, step: &Arc<str>, known: &Known<'_>) -> Fate<Self::Value>;
}

/// What is known beside a way.
pub(crate) struct Known<'f> {
    pub(crate) funnel: &'f Funnel,
    pub(crate) as_of: Micros,
}

impl Known<'_> {
    /// Whether a way led through all steps.
    pub(crate) fn is_converted(&self, way: &Way) -> bool {
        way.steps == self.funnel.steps.len()
    }

    /// Whether the window of a way has elapsed.
    pub(crate) fn is_settled(&self, way: &Way) -> bool {
        way.settled <= self.as_of
    }
}

/// The ways of people into a funnel.
struct Ways<T> {
    funnel: Funnel,
    names: Vec<Arc<str>>,
    told: T,
}

/// Which steps an event of each name is, and room for one person's.
struct Steps {
    of_names: Vec<u64>,
    walk: RefCell<(Walk, Vec<Way>)>,
}

const INPUTS: &[Input] =
    &[Input::required("occurred_at", InputKind::Time), Input::required("name", InputKind::Text)];

impl<T: Told> EntityMeasure for Ways<T> {
    type Value = T::Value;
    type View = Sequences;
    type Side = Steps;

    fn inputs(&self) -> &[Input] {
        INPUTS
    }

    fn side(&self, context: &Context<'_>) -> Result<Steps> {
        let events = Events::of(context, Identity::User)?;
        let of_name = |name: &crate::key::Key| {
            let is_named = |(_, step): &(u64, &String)| name.as_text() == Some(step.as_str());
            (0..).zip(&self.funnel.steps).filter(is_named).fold(0, |steps, (at, _)| steps | 1 << at)
        };
        let walk = Walk::new(self.funnel.steps.len());
        Ok(Steps {
            of_names: events.names().iter().map(of_name).collect(),
            walk: RefCell::new((walk, Vec::new())),
        })
    }

    fn entity<E: Evidence>(
        &self,
        side: &Steps,
        sequence: &Sequence<'_>,
        out: &mut Out<'_, '_, impl Sink<T::Value>>,
        why: &mut E,
    ) -> Result<()> {
        sequence.put_unusable(out)?;
        let excluded = sequence.exclusion();
        let (walk, ways) = &mut *side.walk.borrow_mut();
        walk.read(sequence.events, &side.of_names);
        let scope = out.gated.frame.context.scope;
        let known = Known { funnel: &self.funnel, as_of: scope.as_of };
        let entries = walk.entries(&self.funnel);
        let mut from = 0;
        while let Some(first) = entries.get(from).and_then(|at| sequence.events.get(*at as usize)) {
            if !out.gated.frame.in_window(first.at) {
                from += 1;
                continue;
            }
            let until = match scope.calendar {
                Some(_) => out.end_of(first.at)?,
                None => Micros::MAX,
            };
            let is_in = |at: &u32| {
                let at = sequence.events.get(*at as usize).map_or(Micros::MAX, |event| event.at);
                at < until && out.gated.frame.in_window(at)
            };
            let rest = entries.get(from..).unwrap_or_default();
            let of_period = rest.get(..rest.partition_point(is_in)).unwrap_or_default();
            ways.clear();
            walk.ways(&self.funnel, sequence.events, of_period, ways);
            // Whoever does not count is left out once, however often they came.
            let told = if excluded.is_some() { ways.get(..1) } else { ways.get(..) };
            for way in told.unwrap_or_default() {
                let name = way.steps.checked_sub(1).and_then(|at| self.names.get(at));
                let Some(step) = name else { continue };
                why.note("way", || {
                    let at = |at| format_instant(at, scope.zone);
                    format!("entered {}, last step {step} {}", at(way.entered), at(way.last))
                });
                let fate = match excluded {
                    Some(reason) => Fate::Excluded(reason),
                    None => self.told.fate(way, step, &known),
                };
                out.put(way.row as usize, Some(way.entered), fate, Vec::new())?;
            }
            from += of_period.len().max(1);
        }
        Ok(())
    }
}

impl Sequence<'_> {
    /// Why the person does not count, if so.
    pub(super) fn exclusion(&self) -> Option<Reason> {
        self.of.people.exclusion(self.person)
    }

    /// Puts the rows that are of no use.
    pub(super) fn put_unusable<V: Value>(&self, out: &mut Out<'_, '_, impl Sink<V>>) -> Result<()> {
        for row in self.unusable {
            out.put(row.row as usize, row.at, Fate::Invalid(row.reason), Vec::new())?;
        }
        Ok(())
    }
}
