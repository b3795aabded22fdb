//! What all measures of conversations have in common.

use super::stopwatch::Stopwatch;
use super::timing::Timing;
use crate::catalog::Planned;
use crate::column::Reading;
use crate::compute::{Context, Out, Pipeline, RowView, Sink, Untimed};
use crate::error::Result;
use crate::formula::{Mean, Percent, ProportionInterval, Spread, Total};
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::scope::Micros;
use crate::summary::{Counts, Durations, Elapsed, Integers, Trial};
use crate::view::{Conversation, Conversations, Parts};

/// A measure of conversations that are units by their own rows: created, known at `as_of`, and neither spam, deleted
/// nor merged.
pub(crate) trait ConversationMeasure: Send + Sync {
    type Value: Value;
    /// What it needs of other tables, worked out once a request.
    type Side;

    /// What is assembled beside the conversation's own row.
    fn parts(&self) -> Parts;

    /// The columns of `by` that it knows itself.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// The columns of its own row that it reads, by position in the row: the schedule of record, then others.
    fn inputs(&self) -> &[Input] {
        &[SCHEDULE]
    }

    /// The column whose values stay together when the data is split, where it also looks at other conversations.
    fn together(&self) -> Option<&'static str> {
        None
    }

    fn side(&self, context: &Context<'_>) -> Result<Self::Side>;

    /// Measures one conversation. It may put one measurement, none or several.
    fn conversation<E: Evidence>(
        &self,
        side: &Self::Side,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Self::Value>>,
        why: &mut E,
    ) -> Result<()>;
}

/// The plan of a KPI of durations.
pub(crate) fn durations<M>(measure: M, timing: Timing) -> Planned
where
    M: ConversationMeasure<Value = Elapsed, Side = Stopwatch> + 'static,
{
    let is_many = timing.statistic.is_many();
    plan::<_, Durations, _>(measure, Spread::from(timing)).dimensions_if(is_many, &["statistic"])
}

/// The plan of a share in percent.
pub(crate) fn rate(measure: impl ConversationMeasure<Value = Trial> + 'static) -> Planned {
    plan::<_, Counts<2>, _>(measure, Percent { interval: ProportionInterval::Wilson }).ratio()
}

/// The plan of a mean of whole numbers.
pub(crate) fn mean(measure: impl ConversationMeasure<Value = i64> + 'static) -> Planned {
    plan::<_, Integers, _>(measure, Mean { interval_from: 2 })
}

/// The plan of a total: of a count, if each unit counts 1.
pub(crate) fn total(measure: impl ConversationMeasure<Value = i64> + 'static) -> Planned {
    plan::<_, Integers, _>(measure, Total)
}

/// The plan of any other summary and formula.
pub(crate) fn plan<M, S, F>(measure: M, formula: F) -> Planned
where
    M: ConversationMeasure + 'static,
    S: crate::summary::Summary<M::Value>,
    F: crate::formula::Formula<S> + 'static,
{
    let view = Conversations { rows: conversations(), parts: measure.parts() };
    Planned::new(Pipeline::<_, _, S>::entities(view, Each(measure), formula))
}

/// Conversations, by when they were created.
pub(crate) fn conversations() -> RowView {
    RowView {
        table: "conversations",
        key: "conversation_id",
        time: &["created_at"],
        untimed: Untimed::Fault,
        kind: None,
        excluded: &["spam", "deleted", "merged"],
        scale: None,
    }
}

/// Applies a measure to each conversation that is a unit by its own row.
struct Each<M>(M);

/// The schedule of record, the first input of every measure of conversations.
pub(crate) const SCHEDULE: Input = Input::optional("schedule_id", InputKind::Any);

impl Conversation<'_> {
    /// The schedule of record.
    pub(crate) fn schedule_id(&self) -> Reading<'_> {
        self.row.read(0)
    }
}

const DUPLICATE: Reason = Reason::new("conversation_id", "duplicate", "is the id of another row already");

impl<M: ConversationMeasure> EntityMeasure for Each<M> {
    type Value = M::Value;
    type View = Conversations;
    type Side = M::Side;

    fn inputs(&self) -> &[Input] {
        self.0.inputs()
    }

    fn attributes(&self) -> &'static [&'static str] {
        self.0.attributes()
    }

    fn together(&self) -> Option<&'static str> {
        self.0.together()
    }

    fn side(&self, context: &Context<'_>) -> Result<M::Side> {
        // Without it no conversation could be placed, and none would be counted.
        context.book.require("conversations")?.require("created_at")?;
        self.0.side(context)
    }

    #[inline]
    fn entity<E: Evidence>(
        &self,
        side: &M::Side,
        conversation: &Conversation<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        if let Some(created) = conversation.created {
            return self.0.conversation(side, conversation, created, out, why);
        }
        let own = if conversation.is_duplicate { Fate::Invalid(DUPLICATE) } else { Fate::Observed(()) };
        let time = out.gated.time(conversation.row);
        let (at, fate) = match out.gated.frame.judge(own, conversation.row, time)? {
            None => return Ok(()),
            Some((Some(created), Fate::Observed(()))) => {
                return self.0.conversation(side, conversation, created, out, why);
            }
            Some((at, Fate::Excluded(reason))) => (at, Fate::Excluded(reason)),
            Some((at, Fate::Invalid(reason))) => (at, Fate::Invalid(reason)),
            Some((at, _)) => (at, Fate::Missing),
        };
        out.put(conversation.number, at, fate, Vec::new())
    }
}
