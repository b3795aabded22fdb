//! # Firefighting rate
//!
//! **Question.** Which share of the accounts that we were in touch with got nothing but firefighting?
//!
//! **Definition.** `100 * accounts without an interaction for success / accounts with interactions`, in percent, of those
//! with labelled interactions. What an interaction is for column `label` says, as for the
//! [interaction mix](mod@super::interaction_mix). With periods every period is looked at on its own. Grouped by
//! `account_id` the KPI names the accounts: 100 % is one whose every contact was support or service.
//!
//! **Example.** Of four accounts two had tickets only, one had a ticket and a review of its goals, and one a review only:
//! 50 %.
//!
//! **Edge cases.** An account counts, in each period, when it had its last interaction there, and in the group of that row.
//! One none of whose interactions has a label is missing, as is an interaction without an account; where some have labels,
//! those count. An interaction with a label that is none of the three is invalid, and is counted beside the accounts. An
//! account without any interaction is no unit: nobody fights its fires.
//!
//! **Merging and sources.** Two counts a cell; all interactions of an account go to one part. The question is that of the
//! articles that tell success, which comes to the customer, from service, which waits for the customer.

use super::label::{GURU, LABEL, Label, USER_GUIDING, interactions};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Pipeline, Sink};
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::kpi::voice::source::WILSON;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind};
use crate::policy::policy;
use crate::scope::Micros;
use crate::summary::{Counts, Trial};
use crate::view::{ByEntity, Entity};
use std::collections::BTreeMap;

policy! {
    /// The choices of the firefighting rate.
    pub struct FirefightingRate {
        /// How the interval is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {}
}

static CARD: Card = Card {
    id: "firefighting_rate",
    name: "Firefighting rate",
    question: "Which share of the accounts that we were in touch with got nothing but firefighting?",
    formula: "100 * accounts without an interaction for success / accounts with interactions",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "interactions",
    key: "account_id",
    inputs: &["label", "account_id", "occurred_at?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["label"],
    revision: 1,
    sources: &[GURU, USER_GUIDING, WILSON],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = FirefightingRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let rows = interactions(CARD.key);
        let view = ByEntity { rows, entity: CARD.key, in_time: false, closed_at: None };
        let formula = Percent { interval: choices.interval };
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::entities(view, OnlyFires, formula)).ratio())
    }
}

/// Whether an account got no interaction for success.
struct OnlyFires;

/// What is known of an account in one period.
#[derive(Default)]
struct Contacts {
    /// When the last one was, and in which row.
    last: (Option<Micros>, usize),
    labelled: bool,
    success: bool,
}

impl EntityMeasure for OnlyFires {
    type Value = Trial;
    type View = ByEntity;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        const { &[LABEL, Input::required(CARD.key, InputKind::Any)] }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        account: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        let mut periods: BTreeMap<Option<u32>, Contacts> = BTreeMap::new();
        for member in &account.rows {
            let own = match Key::named(member.row.read(1)) {
                Key::Null => Fate::Missing,
                _ => Label::read(member.row.read(0)),
            };
            let Some((at, fate)) = frame.judge(own, &member.row, member.time)? else { continue };
            if at.is_some_and(|at| !frame.in_window(at)) {
                continue;
            }
            if let Fate::Invalid(reason) = fate {
                out.put(member.number, at, Fate::Invalid(reason), Vec::new())?;
                continue;
            }
            why.note("contact", || format!("{}, row {}", fate.label().unwrap_or("no label"), member.number));
            let contacts = periods.entry(out.period(at)?).or_default();
            contacts.last = contacts.last.max((at, member.number));
            if let Fate::Observed(label) = fate {
                contacts.labelled = true;
                contacts.success |= label == Label::Success;
            }
        }
        for Contacts { last: (at, row), labelled, success } in periods.into_values() {
            let fate = if labelled { Fate::Observed(Trial::from(!success)) } else { Fate::Missing };
            out.put(row, at, fate, Vec::new())?;
        }
        Ok(())
    }
}
