//! # Active users
//!
//! **Question.** How many people use the product?
//!
//! **Definition.** Distinct people with at least one event that counts, in each period (daily, weekly, monthly active users
//! with `every`), or with `window` in so many local days up to the end of each period.
//!
//! **Example.** Ann opens the product on Monday and Tuesday, Bob on Tuesday: one daily active user on Monday, two on
//! Tuesday, two weekly.
//!
//! **Edge cases.** Nobody is 0. Internal users and bots are left out, and counted as such. A day is a local day. A row without
//! a user or a time is invalid. A person with events in two groups counts in both. Of several rows of `users` about one
//! user the first in the order of their values (column by column, in order of the columns' names) tells the group, and the
//! others are faults; with `valid_from` or `valid_to` the one in force at the event tells it. Any of the rows may mark the
//! user as internal or as a bot.
//!
//! **Merging and sources.** Counts; all of a person goes to one part. Vendors differ on who is a person (D54): `UserGuiding`
//! counted browser sessions in 2020.

use super::population::usage_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Pipeline, PutSets, SetMeasure, Sink, stretches};
use crate::error::Result;
use crate::formula::Total;
use crate::measure::Fate;
use crate::policy::Rolling;
use crate::summary::Integers;
use crate::view::{Activity, Identity, Wanted};

usage_policy! {
    /// The choices of active users.
    pub struct ActiveUsers {
        /// In which time somebody has to be active: the period, or as many local days up to its end as `28d` says.
        pub window: Rolling = Rolling::Period,
    }
    presets {
        /// Each browser session is a user. https://help.userguiding.com/en/articles/3629805-how-the-mau-is-calculated
        UserGuiding { identity: Identity::Session }
    }
}

static CARD: Card = Card {
    id: "active_users",
    name: "Active users",
    question: "How many people use the product?",
    formula: "distinct people with an event in the period, or in the days up to its end",
    unit: "count",
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
        "https://help.userguiding.com/en/articles/3629805-how-the-mau-is-calculated",
        super::source::POSTHOG,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ActiveUsers;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        Ok(Planned::new(Pipeline::<_, _, Integers>::sets(choices.clone(), Total)))
    }
}

impl SetMeasure for Choices {
    type Value = i64;

    fn wanted(&self) -> Wanted {
        self.population().wanted_in(self.window)
    }

    fn bounds(&self) -> Bounds {
        Bounds::of(self.window)
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<i64>>) -> Result<()> {
        let days = activity.days(0);
        for stretch in stretches(out.context(), self.window, activity.ends())? {
            let active = days.active(stretch.from, stretch.to);
            out.put(stretch.at, &active, &Fate::Observed(1), None)?;
            out.put_excluded(&stretch)?;
        }
        Ok(())
    }
}
