//! # Days since the last verified outcome
//!
//! **Question.** How long ago did customers last confirm that they had reached something?
//!
//! **Definition.** At the end of each period, or at `as_of` if that comes first: the time since the last goal of an account was
//! verified, in days of 24 hours. Green is up to `green_within`, yellow up to `yellow_within`, red beyond.
//!
//! **Example.** On 30 June one account confirmed 89 days ago, one 180, one 365, one never: median 180, yellow, one missing.
//!
//! **Edge cases.** An account that never confirmed anything is missing, without a colour, and never green. A goal that was
//! closed as lost is no outcome, whoever looked at it. Exactly at a limit it is still the better colour. Units are the accounts
//! on record, from their creation on, those without a date always; without that table the accounts that goals name, from
//! their first goal on. Goals that cannot be used, see [outcome attainment](mod@super::outcome_attainment), say nothing, and
//! are faults.
//!
//! **Merging and sources.** The times themselves, so that any quantile is exact; all of an account goes to one part. Gainsight
//! colours by the days since the last verified outcome, and leaves open how many.

use super::of_goal::VERIFIED_OUTCOMES;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Context, Gated, Ids, Instead, Out, Pipeline, RowView, Sink, check_ids};
use crate::error::{Error, Result};
use crate::formula::{Cells, DAY, Formula, Rows, Spread};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Value};
use crate::outcome::Fault;
use crate::policy::{Choice, OneOrMany, OpenUnits, Span, Statistic, choice, policy};
use crate::scope::{Micros, format_instant};
use crate::summary::{Ago, Durations, Overflow, Summary};
use crate::view::{ACCOUNTS_OF_GOALS, ByEntity, Entity, Goal, Goals, ON_RECORD, Verdict, View};
use std::sync::Arc;

policy! {
    /// The choices of the days since the last verified outcome.
    pub struct DaysSinceVerifiedOutcome {
        /// What is told; a list gives one row each. By default the median: a few who confirmed long ago make any mean.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// Up to how long ago is green. By default 90 days, a quarter: as often as business reviews are held.
        pub green_within: Span = Span::days(90),
        /// Up to how long ago is yellow. By default 180 days, two quarters.
        pub yellow_within: Span = Span::days(180),
    }
    presets {}
}

static CARD: Card = Card {
    id: "days_since_verified_outcome",
    name: "Days since the last verified outcome",
    question: "How long ago did customers last confirm that they had reached something?",
    formula: "end of the period - last verification of a goal, in days of 24 hours",
    unit: "days",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "accounts",
    key: "account_id",
    inputs: &[
        "account_id?",
        "created_at?",
        "internal?",
        "goals.goal_id",
        "goals.account_id",
        "goals.created_at",
        "goals.verified_at",
        "goals.closed_at?",
        "goals.outcome?",
        "goals.due_at?",
        "goals.weight?",
    ],
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &["due_at", "internal"],
    revision: 1,
    sources: &[VERIFIED_OUTCOMES],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = DaysSinceVerifiedOutcome;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let limits = Limits { green: choices.green_within.micros(), yellow: choices.yellow_within.micros() };
        if limits.yellow < limits.green {
            return Err(Error::invalid(
                "yellow_within is shorter than green_within: nothing would be yellow",
            ));
        }
        let plan = |rows: RowView| {
            let accounts = ByEntity { rows, entity: "account_id", in_time: false, closed_at: None };
            let spread = Spread { statistic: choices.statistic.clone(), open: OpenUnits::CompletedOnly };
            let formula = InColours { spread, limits };
            Pipeline::<_, _, Durations>::entities(Accounts(accounts), LastVerified(limits), formula)
        };
        let planned = Planned::new(Instead::of(plan(ON_RECORD), plan(ACCOUNTS_OF_GOALS)));
        Ok(planned.label().dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

choice! {
    /// How recent something is.
    pub enum Recency {
        /// Recent enough.
        Green = "green",
        /// Soon no longer.
        Yellow = "yellow",
        /// Too long ago.
        Red = "red",
    }
}

/// Up to how long ago is green, and yellow.
#[derive(Clone, Copy)]
struct Limits {
    green: Micros,
    yellow: Micros,
}

impl Limits {
    fn colour(self, ago: Micros) -> Recency {
        match ago {
            ago if ago <= self.green => Recency::Green,
            ago if ago <= self.yellow => Recency::Yellow,
            _ => Recency::Red,
        }
    }

    /// The same of a statistic, which may lie between two instants.
    fn colour_of_seconds(self, seconds: f64) -> Recency {
        let within = |limit: Micros| seconds <= limit as f64 / 1e6;
        if within(self.green) {
            Recency::Green
        } else if within(self.yellow) {
            Recency::Yellow
        } else {
            Recency::Red
        }
    }
}

/// How long ago, and its colour.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Verified {
    ago: Ago,
    colour: Recency,
}

impl Value for Verified {
    fn number(&self) -> Option<f64> {
        self.ago.number()
    }

    fn label(&self) -> Option<&str> {
        Some(Choice::name(self.colour))
    }
}

impl Summary<Verified> for Durations {
    fn update(&mut self, verified: &Verified, times: u64) -> Result<(), Overflow> {
        self.update(&verified.ago, times)
    }
}

/// Statistics in days, each with its colour.
struct InColours {
    spread: Spread,
    limits: Limits,
}

impl Formula<Durations> for InColours {
    fn finish(&self, cells: &Cells<'_, Durations>, rows: &mut Rows<'_>) {
        let colour = |seconds| Some(Choice::name(self.limits.colour_of_seconds(seconds)));
        self.spread.tell(cells, rows, DAY, colour);
    }
}

/// Accounts, and what is wrong with their goals.
struct Accounts(ByEntity);

impl View for Accounts {
    type Entity<'e> = Entity<'e>;

    fn rows(&self) -> &RowView {
        self.0.rows()
    }

    fn entity(&self) -> &'static str {
        self.0.entity()
    }

    fn each(&self, gated: &Gated<'_, '_>, tell: impl FnMut(&Entity<'_>) -> Result<()>) -> Result<()> {
        self.0.each(gated, tell)
    }

    fn faults(&self, gated: &Gated<'_, '_>) -> Result<Vec<Fault>> {
        let context = gated.frame.context;
        Goals::of(context)?.faults(context.book, context.scope.as_of)
    }
}

/// When the last goal of each account was verified.
struct LastVerified(Limits);

/// The goals, and when the first of all was set.
struct Known {
    goals: Arc<Goals>,
    begin: Micros,
}

impl EntityMeasure for LastVerified {
    type Value = Verified;
    type View = Accounts;
    type Side = Known;

    fn inputs(&self) -> &[Input] {
        const { &[Input::required("account_id", InputKind::Any)] }
    }

    /// Accounts count in periods in which nothing happens to them.
    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn side(&self, context: &Context<'_>) -> Result<Known> {
        let goals = Goals::of(context)?;
        let table = context.book.require("goals")?;
        table.require("verified_at")?;
        if let Some(accounts) = context.book.table("accounts") {
            check_ids(Ids(table, "account_id"), &[Ids(accounts, "account_id")])?;
        }
        let first = goals.all().map(|goal| goal.created).min();
        let begin = match context.scope.start {
            Some(_) => Micros::MIN,
            None => first.map_or(context.scope.as_of, |first| first.min(context.scope.as_of)),
        };
        Ok(Known { goals, begin })
    }

    fn entity<E: Evidence>(
        &self,
        Known { goals, begin }: &Known,
        account: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Verified>>,
        why: &mut E,
    ) -> Result<()> {
        // Of several versions the last one tells the groups, and the first when the account was created.
        let (Some(first), Some(version)) = (account.rows.first(), account.rows.last()) else { return Ok(()) };
        let id = Key::named(version.row.read(0));
        if id == Key::Null {
            return Ok(());
        }
        let frame = out.gated.frame;
        let zone = frame.context.scope.zone;
        let is_on_record = frame.view.table == ON_RECORD.table;
        let own: Vec<&Goal> = if is_on_record {
            goals.of_account(&id).collect()
        } else {
            // Of the goals that are asked for.
            account.rows.iter().filter_map(|row| goals.row(row.number)?.ok()).collect()
        };
        let usable: Vec<&Goal> = own.iter().copied().filter(|goal| goal.wrong.is_none()).collect();
        let judged = frame.judge(Fate::Observed(()), &version.row, first.time)?;
        let (created, fate) = match judged {
            None => return Ok(()),
            Some((at, Fate::Invalid(reason))) => {
                return out.put(version.number, at, Fate::Invalid(reason), Vec::new());
            }
            Some(judged) => judged,
        };
        let since = if is_on_record { created } else { own.iter().map(|goal| goal.created).min() };
        if since.is_none() && !is_on_record {
            return Ok(());
        }
        let from = since.map_or(*begin, |since| since.max(*begin));
        out.stock_of(version.number, (from, None), |_, end| {
            if let Fate::Excluded(reason) = fate {
                return Ok((None, Fate::Excluded(reason)));
            }
            let last = usable
                .iter()
                .filter(|goal| goal.created <= end.known)
                .filter(|goal| !matches!(goal.verdict(end.known), Some((_, Verdict::Lost))))
                .filter_map(|goal| goal.verified_by(end.known))
                .max();
            why.note("verified", || {
                let seen = format_instant(end.at, zone);
                match last {
                    Some(at) => format!("{}, the last time at {seen}", format_instant(at, zone)),
                    None => format!("never at {seen}"),
                }
            });
            let verified = |at: Micros| {
                let ago = end.at - at;
                Verified { ago: Ago(ago), colour: self.0.colour(ago) }
            };
            Ok((last, last.map_or(Fate::Missing, |at| Fate::Observed(verified(at)))))
        })
    }
}
