//! Service levels: the targets that hold for a conversation, and what became of each.
//!
//! A target is a row of `sla_policies`. It is an instance wherever it applies: once to the first response, once to each
//! later block of customers' messages, once to the resolution.

mod priority;
mod progress;
mod target;

use super::resolving::REPLY_BEFORE_START;
use super::stopwatch::SchedulesOfRecord;
use crate::calendar::OpenHours;
use crate::compute::Context;
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Reason};
use crate::policy::{Choice, choice};
use crate::scope::{Micros, format_instant};
use crate::view::{Conversation, Need, Parts};
use chrono_tz::Tz;
use priority::{InForce, Priorities};
use progress::{Progress, progress, running};
use target::{Hours, Target, Targets};

choice! {
    /// What a target is about.
    pub enum SlaMetric {
        /// From the creation to the first public reply of a person.
        FirstResponse = "first_response",
        /// From the first message of each later block of customers' messages to the next public reply of a person.
        NextResponse = "next_response",
        /// From the creation to the first resolution.
        Resolution = "resolution",
    }
}

choice! {
    /// Which priority chooses the target.
    pub enum PriorityAt {
        /// The one in force when the target is fulfilled; of what is still open, the one at `as_of`.
        Event = "event",
        /// The first one.
        First = "first",
        /// The one at `as_of`.
        Current = "current",
    }
}

choice! {
    /// What it is to take exactly as long as the target.
    pub enum OnTarget {
        /// In time.
        Achieved = "achieved",
        /// Late.
        Breached = "breached",
    }
}

choice! {
    /// In which period a target counts.
    pub enum SlaAttribution {
        /// That in which it was fulfilled or breached; what is active counts when its clock started.
        Ended = "ended",
        /// That in which the conversation was created.
        Created = "created",
    }
}

/// The policy of a KPI of service levels: its own fields, and those that all of them share.
macro_rules! sla_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
    ) => {
        $crate::policy::policy! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// Only targets of this metric; by default all of them.
                pub metric: Option<$crate::kpi::support::SlaMetric> = None,
                /// Which priority chooses the target. By default the one in force when the target is fulfilled, as in `dbt_zendesk`.
                pub priority_at: $crate::kpi::support::PriorityAt = $crate::kpi::support::PriorityAt::Event,
                /// What it is to take exactly as long as the target. By default in time: the target is what was promised.
                pub on_target: $crate::kpi::support::OnTarget = $crate::kpi::support::OnTarget::Achieved,
                /// Whether solving without a reply ends the wait for one. By default it does: nobody waits any more.
                pub solved_closes: bool = true,
            }
            presets {}
        }

        impl Choices {
            pub(crate) fn rules(&self) -> $crate::kpi::support::sla::Rules {
                $crate::kpi::support::sla::Rules {
                    metric: self.metric,
                    priority_at: self.priority_at,
                    on_target: self.on_target,
                    solved_closes: self.solved_closes,
                }
            }
        }
    };
}
pub(crate) use sla_policy;

/// What KPIs of service levels read.
pub(crate) const INPUTS: &[&str] = &[
    "created_at",
    "initiated_by?",
    "priority?",
    "schedule_id?",
    "spam?",
    "deleted?",
    "merged?",
    "first_replied_at?",
    "solved_at?",
    "closed_at?",
    "messages.occurred_at?",
    "messages.author?",
    "messages.public?",
    "messages.auto?",
    "status_history.occurred_at?",
    "status_history.status?",
    "status_history.priority?",
    "sla_policies.policy_id",
    "sla_policies.metric",
    "sla_policies.target_seconds",
    "sla_policies.clock",
    "sla_policies.priority?",
    "sla_policies.schedule_id?",
    "sla_policies.pauses?",
    "sla_policies.valid_from?",
    "sla_policies.valid_to?",
    "schedules.opens?",
    "holidays.date?",
];

pub(crate) const SOURCES: &[&str] = &[
    "https://support.zendesk.com/hc/en-us/articles/4408829459866",
    "https://support.zendesk.com/hc/en-us/articles/4408832852122",
    "https://support.zendesk.com/hc/pt-br/community/posts/4439886800794",
    "https://github.com/fivetran/dbt_zendesk",
];

/// The choices of one request about targets, all of them made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) metric: Option<SlaMetric>,
    pub(crate) priority_at: PriorityAt,
    pub(crate) on_target: OnTarget,
    pub(crate) solved_closes: bool,
}

impl Rules {
    /// What is assembled beside the conversation's own row.
    pub(crate) fn parts(self) -> Parts {
        let (messages, history) = match self.metric {
            None => (Need::Required, Need::Required),
            Some(SlaMetric::FirstResponse) => (Need::Required, Need::Optional),
            Some(SlaMetric::NextResponse) => (Need::Table, Need::Optional),
            Some(SlaMetric::Resolution) => (Need::No, Need::Required),
        };
        Parts { messages, history, surveys: false, people: false }
    }
}

/// One target at work in one conversation.
pub(crate) struct Instance<'s> {
    pub(crate) metric: SlaMetric,
    pub(crate) policy_id: &'s Key,
    /// When its clock started.
    pub(crate) start: Micros,
    pub(crate) verdict: Verdict,
}

/// What became of a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It was fulfilled in time, at this instant.
    Achieved(Micros),
    /// It was used up at this instant, and more was needed.
    Breached(Micros),
    /// It is neither fulfilled nor used up.
    Active,
    /// It was fulfilled before its clock started.
    Impossible,
}

impl Verdict {
    /// When it was fulfilled or breached.
    pub(crate) fn ended(self) -> Option<Micros> {
        match self {
            Verdict::Achieved(at) | Verdict::Breached(at) => Some(at),
            Verdict::Active | Verdict::Impossible => None,
        }
    }
}

impl Instance<'_> {
    /// Its fate as a unit: what `observe` makes of the instant of a breach, or of its absence.
    pub(crate) fn fate<V>(&self, observe: impl FnOnce(Option<Micros>) -> V) -> Fate<V> {
        match self.verdict {
            Verdict::Achieved(_) => Fate::Observed(observe(None)),
            Verdict::Breached(at) => Fate::Observed(observe(Some(at))),
            Verdict::Active => Fate::Immature,
            Verdict::Impossible => Fate::Invalid(match self.metric {
                SlaMetric::Resolution => RESOLUTION_BEFORE_START,
                SlaMetric::FirstResponse | SlaMetric::NextResponse => REPLY_BEFORE_START,
            }),
        }
    }
}

const RESOLUTION_BEFORE_START: Reason =
    Reason::new("created_at", "resolution_before_start", "is later than the first resolution");

/// The service levels of a book.
pub(crate) struct ServiceLevels {
    rules: Rules,
    targets: Targets,
    priorities: Priorities,
    /// Of the targets that count open hours.
    schedules: Option<SchedulesOfRecord>,
    as_of: Micros,
    zone: Tz,
}

impl ServiceLevels {
    /// Reads the targets and what they name.
    pub(crate) fn of(context: &Context<'_>, rules: Rules) -> Result<Self> {
        let mut targets = Targets::read(context, rules.metric)?;
        let schedules = targets.bind_schedules(context)?;
        if targets.pause() {
            // Without the changes of status there is no telling when a clock stood still.
            context.book.require("status_history")?;
        }
        let priorities = Priorities::of(context, rules.priority_at, targets.priorities())?;
        let (as_of, zone) = (context.scope.as_of, context.scope.zone);
        Ok(Self { rules, targets, priorities, schedules, as_of, zone })
    }

    /// Every target at work in a conversation: of the first response, of later ones in order, of the resolution.
    pub(crate) fn instances<E: Evidence>(
        &self,
        conversation: &Conversation<'_>,
        created: Micros,
        why: &mut E,
        mut tell: impl FnMut(&Instance<'_>) -> Result<()>,
    ) -> Result<()> {
        let first_priority = self.priorities.of_conversation(conversation);
        let mut priority = first_priority;
        let mut put = |(metric, start, end), priority: &mut InForce<'_>, why: &mut E| match self.instance(
            conversation,
            created,
            (metric, start, end),
            priority,
            why,
        )? {
            Some(instance) => tell(&instance),
            None => Ok(()),
        };
        let first_only = !self.targets.has(SlaMetric::NextResponse);
        if self.targets.has(SlaMetric::FirstResponse) || self.targets.has(SlaMetric::NextResponse) {
            waits(conversation, created, (self.rules.solved_closes, first_only), |wait| {
                put(wait, &mut priority, why)
            })?;
        }
        if self.targets.has(SlaMetric::Resolution) {
            let solved = conversation.resolutions().next().map(|resolution| resolution.at);
            priority = first_priority;
            put((SlaMetric::Resolution, created, solved), &mut priority, why)?;
        }
        Ok(())
    }

    /// What became of one target; nothing if no policy has a target for it.
    fn instance<E: Evidence>(
        &self,
        conversation: &Conversation<'_>,
        created: Micros,
        (metric, start, end): (SlaMetric, Micros, Option<Micros>),
        priority: &mut InForce<'_>,
        why: &mut E,
    ) -> Result<Option<Instance<'_>>> {
        let until = end.unwrap_or(self.as_of);
        let class = self.priorities.class_at(priority, until);
        let Some(target) = self.targets.of(metric, class, created) else {
            why.note("target", || format!("no policy has one for the {}: no unit", spoken(metric)));
            return Ok(None);
        };
        let hours = self.hours(target, conversation)?;
        let verdict = if until < start {
            Verdict::Impossible
        } else if until - start < target.micros {
            // What counts is never more than what passes.
            end.map_or(Verdict::Active, Verdict::Achieved)
        } else {
            let stretches = running(conversation.history, (start, until), target.pauses);
            match (progress(stretches, hours, target.micros), self.rules.on_target, end) {
                (Progress::Beyond(at), ..) | (Progress::Exactly(at), OnTarget::Breached, _) => {
                    Verdict::Breached(at)
                }
                (_, _, Some(end)) => Verdict::Achieved(end),
                (_, _, None) => Verdict::Active,
            }
        };
        self.note(target, conversation, (start, end), verdict, why);
        Ok(Some(Instance { metric, policy_id: &target.policy_id, start, verdict }))
    }

    /// The open hours that a target counts; nothing for calendar time.
    fn hours<'h>(
        &'h self,
        target: &'h Target,
        conversation: &Conversation<'_>,
    ) -> Result<Option<&'h OpenHours>> {
        match (&target.hours, &self.schedules) {
            (Hours::Calendar, _) | (Hours::OfRecord, None) => Ok(None),
            (Hours::Named(hours), _) => Ok(Some(hours)),
            (Hours::OfRecord, Some(schedules)) => Ok(Some(schedules.hours(conversation.schedule_id())?)),
        }
    }

    /// Says which target it was, when its clock ran and how it ended.
    fn note<E: Evidence>(
        &self,
        target: &Target,
        conversation: &Conversation<'_>,
        (start, end): (Micros, Option<Micros>),
        verdict: Verdict,
        why: &mut E,
    ) {
        let show = |at| format_instant(at, self.zone);
        why.note("target", || {
            let Target { metric, row, policy_id, micros, hours, .. } = target;
            let clock = if matches!(hours, Hours::Calendar) { "calendar" } else { "business" };
            let seconds = micros / target::SECOND;
            let metric = spoken(*metric);
            format!("{metric} in {seconds} {clock} seconds: policy {policy_id}, row {row} of sla_policies")
        });
        why.note("clock", || {
            let stretches = running(conversation.history, (start, end.unwrap_or(self.as_of)), target.pauses);
            let ran: Vec<String> =
                stretches.map(|(from, to)| format!("{} to {}", show(from), show(to))).collect();
            format!("ran from {}", if ran.is_empty() { "never".to_owned() } else { ran.join(", ") })
        });
        why.note("verdict", || match (verdict, end) {
            (Verdict::Achieved(at), _) => format!("fulfilled in time at {}", show(at)),
            (Verdict::Breached(at), Some(end)) => {
                format!("used up at {}, fulfilled at {}", show(at), show(end))
            }
            (Verdict::Breached(at), None) => format!("used up at {}, not fulfilled", show(at)),
            (Verdict::Active, _) => "neither used up nor fulfilled".to_owned(),
            (Verdict::Impossible, _) => "fulfilled before the clock started".to_owned(),
        });
    }
}

fn spoken(metric: SlaMetric) -> String {
    Choice::name(metric).replace('_', " ")
}

/// A wait for a reply: for which metric it counts, when it began and when it ended.
type Wait = (SlaMetric, Micros, Option<Micros>);

/// The waits of the customer, in order of time. A wait ends with a person's public reply or, if solving closes it,
/// with a resolution, whichever is first.
fn waits(
    conversation: &Conversation<'_>,
    created: Micros,
    (solved_closes, first_only): (bool, bool),
    mut tell: impl FnMut(Wait) -> Result<()>,
) -> Result<()> {
    let opening = conversation.opening().map(|opening| opening.row);
    let most = if solved_closes { usize::MAX } else { 0 };
    let mut solved = conversation.resolutions().take(most).map(|resolution| resolution.at).peekable();
    let mut solved_from = |since: Micros| {
        while solved.next_if(|at| *at < since).is_some() {}
        solved.peek().copied()
    };
    let mut metric = SlaMetric::FirstResponse;
    let mut waiting = Some(created);
    for message in conversation.messages {
        if first_only && metric == SlaMetric::NextResponse {
            return Ok(());
        }
        // What was solved at the instant of a message was solved after it.
        if let Some(since) = waiting
            && let Some(at) = solved_from(since).filter(|at| *at < message.at)
        {
            tell((metric, since, Some(at)))?;
            (metric, waiting) = (SlaMetric::NextResponse, None);
        }
        if message.is_human_reply() && Some(message.row) != opening {
            if let Some(since) = waiting.take() {
                tell((metric, since, Some(message.at)))?;
                metric = SlaMetric::NextResponse;
            }
        } else if message.is_question() {
            waiting = waiting.or(Some(message.at));
        }
    }
    match waiting {
        Some(since) => tell((metric, since, solved_from(since))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
