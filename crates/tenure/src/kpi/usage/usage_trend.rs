//! # Usage trend
//!
//! **Question.** Is the product used more than before?
//!
//! **Definition.** `100 * (now - before) / before`, of events or of active users: in the window up to the end of the period,
//! and in the window of the same length just before it.
//!
//! **Example.** A hundred logins in the thirty days before, forty in the last thirty: -60 percent.
//!
//! **Edge cases.** Nothing before: undefined, and not infinite. Nothing now: -100. Windows are local days, of which the last
//! is that of the period's end, or of `as_of`; both reach back before `start`. `window: period` compares each period with
//! the one before, and needs `every`: of a period that `start`, `end` or `as_of` cuts the whole local days with the same days
//! of the one before, such as Monday and Tuesday with Monday and Tuesday; without a whole day, no value and status
//! `partial_period`. Seasons stay in: a quiet July is a fall. A group of `by` that does not use what is asked for has its row.
//!
//! **Merging and sources.** Two counts; all of a person goes to one part. Vitally compares thirty days with the thirty
//! before.

use super::population::usage_policy;
use super::same_part::SamePart;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Context, Pipeline, PutSets, SetMeasure, Sink, Stretch, stretches};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Rows, shown};
use crate::measure::{Fate, Value};
use crate::outcome::Status;
use crate::policy::{Rolling, choice};
use crate::scope::Micros;
use crate::summary::{Class, Counts};
use crate::view::{Activity, Grain, Wanted, days};

choice! {
    /// What is counted of usage.
    pub enum UsageOf {
        /// Events.
        Events = "events",
        /// People with an event.
        ActiveUsers = "active_users",
    }
}

usage_policy! {
    /// The choices of the usage trend.
    pub struct UsageTrend {
        /// What is counted. By default events: who still comes but does less is on the way out.
        pub of: UsageOf = UsageOf::Events,
        /// How long each of the two windows is. By default thirty days: a period of weeks and months alike.
        pub window: Rolling = Rolling::Days(30),
    }
    presets {}
}

static CARD: Card = Card {
    id: "usage_trend",
    name: "Usage trend",
    question: "Is the product used more than before?",
    formula: "100 * (usage in the window - usage in the window before) / usage in the window before",
    unit: "percent",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://docs.vitally.io/account-health-scores-and-metrics/default-metrics",
        "https://kb.custify.com/usage-trends",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UsageTrend;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::sets(choices.clone(), Trend { window: choices.window }))
            .ratio())
    }
}

/// Usage in one of the two windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    Now,
    Before,
}

impl Class for Used {
    fn class(&self) -> usize {
        *self as usize
    }
}

impl Value for Used {
    fn number(&self) -> Option<f64> {
        Some(1.0)
    }
}

impl SetMeasure for Choices {
    type Value = Used;

    fn wanted(&self) -> Wanted {
        self.of.wanted(&self.population(), Grain::Day)
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn begins_with(&self) -> Option<usize> {
        self.of.begins_with()
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Used>>) -> Result<()> {
        for stretch in stretches(out.context(), self.window, activity.ends())? {
            let at = stretch.at;
            let (now, before) = self.compared(out.context(), &stretch)?;
            self.of.put(at, now, &Fate::Observed(Used::Now), activity, out)?;
            self.of.put(at, before, &Fate::Compared(Used::Before), activity, out)?;
            out.put_excluded(&Stretch { at, from: now.0, to: now.1 })?;
            out.know_groups(at)?;
        }
        Ok(())
    }
}

impl Choices {
    /// The window, and the one before.
    fn compared(
        &self,
        context: &Context<'_>,
        stretch: &Stretch,
    ) -> Result<((Micros, Micros), (Micros, Micros))> {
        let scope = context.scope;
        match (self.window, scope.calendar) {
            (Rolling::Days(count), _) => {
                let before = days(scope).days_before(stretch.from, count)?;
                Ok(((stretch.from, stretch.to), (before, stretch.from)))
            }
            (Rolling::Period, Some(calendar)) => {
                let period = calendar.period(stretch.at)?;
                let part = SamePart::of(scope, period)?;
                Ok((part.within(scope, period)?, part.within(scope, calendar.period(period.0 - 1)?)?))
            }
            (Rolling::Period, None) => {
                Err(Error::invalid("\"usage_trend\" with the window period compares periods: give every"))
            }
        }
    }
}

/// The change, as a percentage of what was before.
struct Trend {
    window: Rolling,
}

impl Formula<Counts<2>> for Trend {
    fn finish(&self, cells: &Cells<'_, Counts<2>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts([now, before]) = cell.summary;
            let (now, before) = (shown(now), shown(before));
            // All usage is counted, and no sample: nothing now is an answer too.
            let answer = Answer { is_census: true, ..Answer::ratio(100.0, now - before, before) };
            let of = cells.periods.get(period).filter(|of| !of.future && self.window == Rolling::Period);
            let part = of.and_then(|of| SamePart::of(cells.scope, of.shown?).ok());
            let status = (part == Some(SamePart::Nothing)).then_some(Status::PartialPeriod);
            rows.push(period, &[], cell, &Answer { status, ..answer });
        }
    }
}
