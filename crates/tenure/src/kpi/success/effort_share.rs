//! # Effort share
//!
//! **Question.** What do we spend our touches on?
//!
//! **Definition.** `100 * touches for a purpose / touches with a purpose`, in percent, of the touches of the
//! [touch count](mod@super::touch_count). `of: class` asks for support, service and success, as column `label` of the
//! interactions says; customer experience is service in the wide sense and success. `of: stage` asks in which stage of the
//! lifecycle the account was at that time, one row for each stage that occurs, in the lifecycle's order. Interactions without
//! labels are classified on the way, as for the [interaction mix](mod@super::interaction_mix).
//!
//! **Example.** Three touches for success, one for support, one for service: 60, 20 and 20 %.
//!
//! **Edge cases.** A touch without a label is missing, so every conversation that no interaction names; a label that is none
//! of the three is invalid. By stage a touch without account, or before the account's first stage, is missing. What is no
//! touch is left out here too: internal notes, bots, spam, internal accounts. Nothing with a purpose: undefined.
//!
//! **Merging and sources.** Counts; all of an account goes to one part. Intervals are Wilson's, one share at a time. The
//! interaction mix is the same share of all interactions, notes and bots too.

use super::choices::touch_policy;
use super::label::{GURU, Label, USER_GUIDING};
use super::of_touch::{ATTRIBUTES, LABEL, TRUSTS, TouchMeasure, Touched, touches};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Context;
use crate::error::Result;
use crate::formula::{Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::kpi::voice::source::WILSON;
use crate::measure::Fate;
use crate::policy::choice;
use crate::summary::{Kind, Kinds};
use crate::view::TouchTable;
use std::sync::Arc;

choice! {
    /// What touches are told apart by.
    pub enum EffortOf {
        /// What they are for: support, service, success.
        Class = "class",
        /// The stage in which the account was.
        Stage = "stage",
    }
}

touch_policy! {
    /// The choices of the effort share.
    pub struct EffortShare {
        /// What touches are told apart by. By default what they are for, which needs no stages.
        pub of: EffortOf = EffortOf::Class,
        /// How the interval of each share is computed. By default Wilson's, which holds for few touches too.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "effort_share",
    name: "Effort share",
    question: "What do we spend our touches on?",
    formula: "100 * touches for a purpose, or in a stage / touches with a purpose, or in any",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Neither,
    discipline: Discipline::Shared,
    table: "interactions",
    key: "interaction_id",
    inputs: super::touch_inputs!["label"],
    dimensions: &["class", "stage"],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: TRUSTS,
    revision: 1,
    sources: &[GURU, USER_GUIDING, WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = EffortShare;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let stages = choices.stages()?;
        let (names, dimensions): (Vec<Arc<str>>, &'static [&'static str]) = match choices.of {
            EffortOf::Class => (Label::ALL.map(|label| label.name().into()).to_vec(), &["class"]),
            EffortOf::Stage => (stages.lifecycle.names().map(Into::into).collect(), &["stage"]),
        };
        let measure = Purposes { of: choices.of, names };
        let percent = Percent { interval: choices.interval };
        let shares = Shares { purposes: measure.clone(), percent };
        let planned = touches::<Kinds, _, _>(choices.which(), &stages, &measure, &shares);
        Ok(planned.ratio().dimensions(dimensions))
    }
}

/// What each touch is for.
#[derive(Clone)]
struct Purposes {
    of: EffortOf,
    /// All that there are, in order.
    names: Vec<Arc<str>>,
}

impl Purposes {
    fn kind(&self, number: u8) -> Fate<Kind> {
        let name = self.names.get(usize::from(number)).cloned();
        name.map_or(Fate::Missing, |name| Fate::Observed(Kind { number, name }))
    }
}

impl TouchMeasure for Purposes {
    type Value = Kind;

    fn needs_stages(&self) -> bool {
        self.of == EffortOf::Stage
    }

    fn check(&self, context: &Context<'_>, table: TouchTable) -> Result<()> {
        if self.of == EffortOf::Class && table == TouchTable::Interactions {
            context.book.require(table.name())?.require("label")?;
        }
        Ok(())
    }

    fn touch(&self, touch: &Touched<'_>) -> Fate<Kind> {
        match (self.of, touch.table) {
            (EffortOf::Stage, _) => touch.stage.map_or(Fate::Missing, |stage| self.kind(stage)),
            (EffortOf::Class, TouchTable::Conversations) => Fate::Missing,
            (EffortOf::Class, TouchTable::Interactions) => match Label::read(touch.row.row.read(LABEL)) {
                Fate::Observed(label) => self.kind(label as u8),
                Fate::Invalid(reason) => Fate::Invalid(reason),
                _ => Fate::Missing,
            },
        }
    }
}

/// One row a class, or a stage that occurs.
#[derive(Clone)]
struct Shares {
    purposes: Purposes,
    percent: Percent,
}

impl Formula<Kinds> for Shares {
    fn finish(&self, cells: &Cells<'_, Kinds>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let (mut any, total) = (false, cell.summary.total());
            for (number, name) in (0..).zip(&self.purposes.names) {
                let count = cell.summary.count(number);
                if count > 0 || self.purposes.of == EffortOf::Class {
                    any = true;
                    let share = self.percent.of(count, total, cells.level);
                    rows.push(period, &[Key::from(&**name)], cell, &share);
                }
            }
            if !any {
                rows.push(period, &[Key::Null], cell, &self.percent.of(0, 0, cells.level));
            }
        }
    }
}
