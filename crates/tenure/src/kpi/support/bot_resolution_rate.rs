//! # Automated resolution rate
//!
//! **Question.** Which share of the conversations that a bot took part in did it resolve?
//!
//! **Definition.** `100 * resolved by the bot / with a bot`, over conversations with a `bot_outcome`, by when they were
//! created. `confirmed` says that the customer said so, `assumed` that they left without asking for a person, `escalated`
//! that they asked for one.
//!
//! **Example.** Of eight conversations with a bot three were confirmed, three assumed and two escalated: 75 percent, or
//! 37.5 if silence is no success.
//!
//! **Edge cases.** A conversation without an outcome never met the bot and is no unit. Any other outcome is invalid. No
//! bot: undefined. Leaving silence out of the numerator leaves it in the denominator.
//!
//! **Merging and sources.** Three counts; all of a conversation goes to one part. Counting silence is an assumption, so
//! `split` tells the outcomes apart (D16).

use super::of_conversation::{ConversationMeasure, SCHEDULE, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::column::Reading;
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::formula::{Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::measure::{Evidence, Fate, Input, InputKind, Reason, Value};
use crate::policy::{choice, policy};
use crate::scope::Micros;
use crate::summary::{Class, Counts};
use crate::view::{Conversation, Parts};

choice! {
    /// What silence is.
    pub enum AssumedResolution {
        /// A resolution.
        Count = "count",
        /// No resolution, though the conversation counts.
        Exclude = "exclude",
    }
}

policy! {
    /// The choices of the automated resolution rate.
    pub struct BotResolutionRate {
        /// What a conversation is whose customer left without a word. By default resolved, as Intercom counts.
        pub assumed: AssumedResolution = AssumedResolution::Count,
        /// Whether the share of each outcome is told, one row each.
        pub split: bool = false,
    }
    presets {
        /// Silence is a resolution. https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes
        Intercom { assumed: AssumedResolution::Count }
    }
}

static CARD: Card = Card {
    id: "bot_resolution_rate",
    name: "Automated resolution rate",
    question: "Which share of the conversations that a bot took part in did it resolve?",
    formula: "100 * resolved by the bot (confirmed, and assumed by policy) / conversations with a bot",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Service,
    table: "conversations",
    key: "conversation_id",
    inputs: &["created_at", "bot_outcome", "spam?", "deleted?", "merged?"],
    dimensions: &["outcome"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = BotResolutionRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let planned = plan::<_, Counts<3>, _>(choices.clone(), Shares(choices.clone())).ratio();
        Ok(planned.dimensions_if(choices.split, CARD.dimensions))
    }
}

/// The outcomes, in the order of the rows of `split`.
const OUTCOMES: [&str; 3] = ["confirmed", "assumed", "escalated"];
const ASSUMED: usize = 1;

const UNKNOWN_OUTCOME: Reason =
    Reason::new("bot_outcome", "unknown_outcome", "is none of confirmed, assumed and escalated");

/// How a conversation with a bot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BotOutcome {
    /// Its place among the outcomes.
    class: usize,
    resolved: bool,
}

impl Class for BotOutcome {
    fn class(&self) -> usize {
        self.class
    }
}

impl Value for BotOutcome {
    fn number(&self) -> Option<f64> {
        Some(f64::from(u8::from(self.resolved)))
    }

    fn label(&self) -> Option<&'static str> {
        OUTCOMES.get(self.class).copied()
    }
}

impl Choices {
    /// Whether an outcome is a resolution.
    fn resolves(&self, class: usize) -> bool {
        class < ASSUMED || class == ASSUMED && self.assumed == AssumedResolution::Count
    }

    fn fate(&self, outcome: Reading<'_>) -> Fate<BotOutcome> {
        let text = match outcome {
            Reading::Missing => return Fate::NoUnit,
            Reading::Text(text) => text.trim(),
            _ => return Fate::Invalid(UNKNOWN_OUTCOME),
        };
        match OUTCOMES.iter().position(|known| *known == text) {
            Some(class) => Fate::Observed(BotOutcome { class, resolved: self.resolves(class) }),
            None if text.is_empty() => Fate::NoUnit,
            None => Fate::Invalid(UNKNOWN_OUTCOME),
        }
    }
}

impl ConversationMeasure for Choices {
    type Value = BotOutcome;
    type Side = ();

    fn parts(&self) -> Parts {
        Parts::default()
    }

    fn inputs(&self) -> &[Input] {
        const { &[SCHEDULE, Input::required("bot_outcome", InputKind::Text)] }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<BotOutcome>>,
        _: &mut E,
    ) -> Result<()> {
        let fate = self.fate(conversation.row.read(1));
        out.put(conversation.number, Some(created), fate, Vec::new())
    }
}

/// The share of what was resolved, or one row an outcome.
struct Shares(Choices);

impl Formula<Counts<3>> for Shares {
    fn finish(&self, cells: &Cells<'_, Counts<3>>, rows: &mut Rows<'_>) {
        let percent = Percent { interval: ProportionInterval::Wilson };
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts(counts) = cell.summary;
            let all = cell.tally.used();
            if self.0.split {
                for (name, count) in OUTCOMES.iter().zip(counts) {
                    rows.push(period, &[Key::from(*name)], cell, &percent.of(count, all, cells.level));
                }
            } else {
                let resolved = counts.iter().enumerate().filter(|(class, _)| self.0.resolves(*class));
                let resolved = resolved.fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
                rows.push(period, &[], cell, &percent.of(resolved, all, cells.level));
            }
        }
    }
}
