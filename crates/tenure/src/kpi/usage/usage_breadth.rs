//! # Usage breadth
//!
//! **Question.** How widely is the product used: by how many people, and how much of it?
//!
//! **Definition.** The people active in the period; or these as a percentage of those on record, or of the seats; or the
//! distinct names of events used, and these as a percentage of the features that there are.
//!
//! **Example.** In June Ann, Bob and Cay of five people on record used reports, exports and shares: 3 people, 60 percent of
//! those on record, 3 features. With 16 seats it is 18.75 percent of them.
//!
//! **Edge cases.** Who is active without being on record is on record by that. Seats: as in licence utilisation. Features
//! are those of `entitlements`, granted by the end of the window; without that table all names that people who count
//! have ever used, in any group. A name that is no feature on record is no share of them. Nothing to divide by:
//! undefined.
//!
//! **Merging and sources.** Counts, ids of features, seats of accounts; all of a person goes to one part. The sources mean
//! people (`EmailAnalytics`) or features (Knowup): the result's unit says which.

use super::active_users;
use super::licences::Licences;
use super::population::{on_record, require_users, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Clock, Context, Joined, Pipeline, PutSets, SetMeasure, Sink, stretches};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, Percent, ProportionInterval, Total, shown};
use crate::key::Key;
use crate::measure::Fate;
use crate::policy::{Rolling, choice};
use crate::request::Scope;
use crate::scope::Micros;
use crate::summary::{Cell, Counts, Either, Ids, Integers, Pair, Trial};
use crate::view::{Activity, Grain, Kinds, Wanted};
use std::collections::BTreeMap;

choice! {
    /// What breadth is.
    pub enum Breadth {
        /// How many people were active.
        Users = "users",
        /// Those active, in percent of those on record.
        UsersShare = "users_share",
        /// Those active, in percent of the seats of their accounts.
        LicensedShare = "licensed_share",
        /// How many different names of events were used.
        Features = "features",
        /// These in percent of the features that there are.
        FeaturesShare = "features_share",
    }
}

usage_policy! {
    /// The choices of usage breadth.
    pub struct UsageBreadth {
        /// What breadth is. By default people, which needs no other table.
        pub definition: Breadth = Breadth::Users,
        /// In which time it counts: the period, or as many local days up to its end.
        pub window: Rolling = Rolling::Period,
    }
    presets {}
}

static CARD: Card = Card {
    id: "usage_breadth",
    name: "Usage breadth",
    question: "How widely is the product used?",
    formula: "people active, or features used; or 100 * these / those that there are",
    unit: "count",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::LICENCE_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: &["seats", "internal"],
    revision: 1,
    sources: &[
        "https://emailanalytics.com/customer-success-metrics/",
        "https://knowup.io/en/glossary/feature-adoption-rate",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UsageBreadth;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let (population, window) = (choices.population(), choices.window);
        Ok(match choices.definition {
            Breadth::Users => {
                let active = active_users::Choices {
                    window,
                    events: population.events,
                    identity: population.identity,
                };
                Planned::new(Pipeline::<_, _, Integers>::sets(active, Total))
            }
            Breadth::UsersShare => {
                on_record(population.identity, "users_share")?;
                let share = Percent { interval: ProportionInterval::Wilson };
                let measure = OfRecorded(choices.clone());
                Planned::new(Pipeline::<_, _, Counts<2>>::sets(measure, share)).ratio().unit("percent")
            }
            Breadth::LicensedShare => Licences { population, window }.planned().unit("percent"),
            Breadth::Features => Features::planned(choices, false),
            Breadth::FeaturesShare => Features::planned(choices, true).ratio().unit("percent"),
        })
    }
}

/// Everybody on record, and whether they were active.
struct OfRecorded(Choices);

impl SetMeasure for OfRecorded {
    type Value = Trial;

    fn wanted(&self) -> Wanted {
        Wanted { recorded: true, ..self.0.population().wanted_in(self.0.window) }
    }

    fn wanted_of(&self, context: &Context<'_>) -> Result<Wanted> {
        require_users(context.book)?;
        Ok(self.wanted())
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Trial>>) -> Result<()> {
        for stretch in stretches(out.context(), self.0.window, activity.ends())? {
            let active = activity.days(0).active(stretch.from, stretch.to);
            let absent = activity.recorded_before(stretch.to) - &active;
            out.put(stretch.at, &active, &Fate::Observed(Trial::Success), None)?;
            out.put(stretch.at, &absent, &Fate::Observed(Trial::Failure), None)?;
            out.put_excluded(&stretch)?;
        }
        Ok(())
    }
}

/// Somebody active; or a feature, as one that is used or as one that there is.
type One = Either<i64, Either<Key, Key>>;
type All = Pair<Integers, Pair<Ids, Ids>>;

/// The people active, which are the units, or what they used.
struct Features {
    choices: Choices,
    /// Whether it is set against the features that there are.
    of_record: bool,
    told: Told,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    People,
    Names,
}

impl Features {
    fn planned(choices: &Choices, of_record: bool) -> Planned {
        let plan = |told| {
            let measure = Self { choices: choices.clone(), of_record, told };
            Box::new(Pipeline::<_, _, All>::sets(measure, Used { of_record }))
        };
        Planned::new(Joined::of(plan(Told::People)).beside(plan(Told::Names)))
    }
}

impl SetMeasure for Features {
    type Value = One;

    fn wanted(&self) -> Wanted {
        let kinds = Kinds::ByName(self.choices.events.clone());
        Wanted { kinds, ..self.choices.population().wanted_in(self.choices.window) }
    }

    fn bounds(&self) -> Bounds {
        let is_period = self.choices.window == Rolling::Period;
        if is_period && !self.of_record { Bounds::None } else { Bounds::OfPeriods }
    }

    fn unusable(&self, _: &Context<'_>, _: usize, group: &[Key]) -> Option<Vec<Key>> {
        (self.told == Told::People).then(|| group.to_vec())
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<One>>) -> Result<()> {
        let context = out.context();
        let stretches = stretches(context, self.choices.window, activity.ends())?;
        if self.told == Told::People {
            let days = activity.all_names();
            for stretch in stretches {
                let active = days.active(stretch.from, stretch.to);
                out.put(stretch.at, &active, &Fate::Observed(Either::First(1)), None)?;
                out.put_excluded(&stretch)?;
            }
            return Ok(());
        }
        let record = if self.of_record { self.record(context)? } else { BTreeMap::new() };
        for stretch in stretches {
            for (name, days) in activity.by_name().filter(|(name, _)| **name != Key::Null) {
                let users = days.active(stretch.from, stretch.to);
                let fate = Fate::Observed(Either::Second(Either::First(name.clone())));
                out.put(stretch.at, &users, &fate, None)?;
            }
            let there = record.iter().filter(|(_, since)| **since < stretch.to);
            let there: Vec<&Key> = there.map(|(feature, _)| feature).collect();
            for group in activity.groups() {
                for feature in &there {
                    let fate = Fate::Observed(Either::Second(Either::Second(Key::clone(feature))));
                    out.put_other(stretch.at, fate, group)?;
                }
            }
        }
        Ok(())
    }
}

impl Features {
    /// The features that there are, and since when: the same for all groups, and for all parts of the data.
    fn record(&self, context: &Context<'_>) -> Result<BTreeMap<Key, Micros>> {
        let population = self.choices.population();
        let mut record = BTreeMap::new();
        if let Some(table) = context.book.table("entitlements") {
            let feature = table.require("feature")?;
            let zone = context.scope.column_zone("entitlements", "since");
            let clock = Clock::of(table, "since", zone);
            clock.each(table, |row, time| {
                let name = Key::named(table.read(feature, row));
                if population.counts(&name) {
                    let since = time.at().unwrap_or(Micros::MIN);
                    let earliest = record.entry(name).or_insert(since);
                    *earliest = since.min(*earliest);
                }
            });
            return Ok(record);
        }
        // Whoever used them, and whenever that is known.
        let mut scope =
            Scope { by: Vec::new(), start: None, end: None, calendar: None, ..context.scope.clone() };
        scope.filter.clear();
        let whole = Context { scope: &scope, ..*context };
        let wanted = Wanted { grain: Grain::Period, ..self.wanted() };
        let activity = Activity::of(&whole, &wanted, None)?;
        let used = activity.by_name().filter(|(name, days)| days.ends().is_some() && population.counts(name));
        Ok(used.map(|(name, _)| (name.clone(), Micros::MIN)).collect())
    }
}

/// How many features were used, or which share of those that there are.
struct Used {
    of_record: bool,
}

impl CellFormula<All> for Used {
    fn answer(&self, cell: &Cell<All>, _: f64) -> Answer {
        let Pair(Ids(used), Ids(record)) = &cell.summary.1;
        if !self.of_record {
            return Answer::count(used.len() as f64);
        }
        let known = used.intersection(record).count() as u64;
        let share = Answer::ratio(100.0, shown(known), shown(record.len() as u64));
        Answer { is_census: true, ..share }
    }
}
