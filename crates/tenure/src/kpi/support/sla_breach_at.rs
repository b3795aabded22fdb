//! # SLA breaches
//!
//! **Question.** How many promised times ran out, and when?
//!
//! **Definition.** The earliest instant at which the time that counts, since the clock of a target started, equals the
//! target. The result counts the targets that were breached and names the first breach; `units` has the instant of each,
//! and how many calendar seconds it took. What a target is, see `sla_attainment_target`.
//!
//! **Example.** An hour, not counting `pending`: new at 9:00:00, pending from 9:30:10 to 11:00:00, so 29:50 minutes are
//! left: 11:29:50.
//!
//! **Edge cases.** To the microsecond. A target used up exactly at closing time is used up then, not at the next opening;
//! what is fulfilled before more open time passes is in time. A target that is fulfilled in time is used, has no instant
//! and counts at its end; an active one is immature. Nothing breached is 0.
//!
//! **Merging and sources.** A count and the earliest instant; all of a conversation goes to one part. `dbt_zendesk` names
//! the next opening where a target is used up at closing time, and for targets with pauses a later instant after each.

use super::of_conversation::{ConversationMeasure, plan};
use super::sla::{INPUTS, SOURCES, ServiceLevels, sla_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::formula::First;
use crate::key::Key;
use crate::measure::{Evidence, Value};
use crate::policy::Choice;
use crate::scope::Micros;
use crate::summary::{Occurrences, Occurs};
use crate::view::{Conversation, Parts};

sla_policy! {
    /// The choices of the SLA breaches.
    pub struct SlaBreachAt {}
}

static CARD: Card = Card {
    id: "sla_breach_at",
    name: "SLA breaches",
    question: "How many promised times ran out, and when?",
    formula: "targets breached, and the earliest instant at which the time that counts equals the target",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: INPUTS,
    dimensions: &[],
    attributes: &["metric", "policy_id"],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: SOURCES,
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SlaBreachAt;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(plan::<_, Occurrences, _>(choices.clone(), First).instant())
    }
}

/// Whether a target was breached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Breach {
    Never,
    /// When, and how long after its clock started.
    At {
        at: Micros,
        after: Micros,
    },
}

impl Value for Breach {
    const IMMATURE: Option<&'static str> = Some("active");

    /// In seconds.
    fn number(&self) -> Option<f64> {
        match self {
            Breach::Never => None,
            Breach::At { after, .. } => Some(*after as f64 / 1e6),
        }
    }

    fn label(&self) -> Option<&'static str> {
        Some(match self {
            Breach::Never => "achieved",
            Breach::At { .. } => "breached",
        })
    }
}

impl Occurs for Breach {
    fn occurred_at(&self) -> Option<Micros> {
        match self {
            Breach::Never => None,
            Breach::At { at, .. } => Some(*at),
        }
    }
}

impl ConversationMeasure for Choices {
    type Value = Breach;
    type Side = ServiceLevels;

    fn parts(&self) -> Parts {
        self.rules().parts()
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, context: &Context<'_>) -> Result<ServiceLevels> {
        ServiceLevels::of(context, self.rules())
    }

    fn conversation<E: Evidence>(
        &self,
        levels: &ServiceLevels,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Breach>>,
        why: &mut E,
    ) -> Result<()> {
        levels.instances(conversation, created, why, |instance| {
            out.attribute("metric", || Key::from(Choice::name(instance.metric)));
            out.attribute("policy_id", || instance.policy_id.clone());
            let start = instance.start;
            let breach = |at| Breach::At { at, after: at - start };
            let fate = instance.fate(|at| at.map_or(Breach::Never, breach));
            let at = instance.verdict.ended().unwrap_or(start);
            out.put(conversation.number, Some(at), fate, Vec::new())
        })
    }
}
