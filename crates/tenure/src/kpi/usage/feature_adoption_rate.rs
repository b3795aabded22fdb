//! # Feature adoption rate
//!
//! **Question.** How many of those who could use a feature do?
//!
//! **Definition.** `100 * people who used a feature at least so often / people active`, in the period or in so many days up to
//! its end; or over those entitled to it, or over all on record. With `by: ["name"]` one row a feature, each over the same
//! people. Or, as Accoil does, the mean over the days of those who used it that day over those active in the window that ends
//! with the day.
//!
//! **Example.** In June Ann, Bob, Cay and Dan were active, Ann and Dan used reports: 2 of 4, 50 percent. Ann, Bob and Eve may
//! use them: of these Ann alone did, 33.3 percent.
//!
//! **Edge cases.** Who uses a feature without being entitled to it, or on record, is on neither side. With `by: ["name"]` a
//! feature that is asked for by name has its row also if nobody used it; else those used at any time asked about have
//! one, and the entitled are those to the feature of the row. Days without anybody active are no days of the mean. In
//! groups, who is entitled but neither on record nor ever seen is of no group.
//!
//! **Merging and sources.** Two counts, for the mean of days two a day; all of a person goes to one part. The guides differ on
//! the denominator.

use super::entitled::Entitled;
use super::population::{on_record, require_users, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{
    Bounds, Context, Joined, Pipeline, PutSets, SetMeasure, Sink, Stretch, intervals, stretches,
};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::measure::Fate;
use crate::outcome::Fault;
use crate::policy::{Names, Rolling, choice};
use crate::request::Scope;
use crate::scope::Every;
use crate::summary::{Counts, Trial};
use crate::view::{Activity, Days, Grain, Kinds, NO_DAYS, Set, Wanted, days, faults_of_entitlements};
use hashbrown::HashMap;
use std::borrow::Cow;

choice! {
    /// Who could have used a feature.
    pub enum AdoptionBase {
        /// Those active with any event that counts.
        Active = "active",
        /// Those entitled to it by the end of the window, themselves or through their account: `entitlements`.
        Eligible = "eligible",
        /// Those on record in `users` by then.
        SignedUp = "signed_up",
    }
}

choice! {
    /// What adoption is.
    pub enum Adoption {
        /// The share of the people of the window.
        Share = "share",
        /// The mean over the days of the share of each day's users among those active in the window up to it.
        DailyAverage = "daily_average",
    }
}

usage_policy! {
    /// The choices of the feature adoption rate.
    pub struct FeatureAdoptionRate {
        /// The names of the events that are uses of the feature; several are one feature, unless they have rows of their own. Null: each name is a feature, for rows by name.
        pub features: Option<Names> = None,
        /// Who could have used it. By default who is active: others cannot be expected to.
        pub denominator: AdoptionBase = AdoptionBase::Active,
        /// How often makes an adopter. By default once.
        pub times: i64 = 1,
        /// What adoption is. By default the share of the window's people.
        pub definition: Adoption = Adoption::Share,
        /// In which time: the period, or as many local days up to its end as `28d` says; for the mean of days, up to each day.
        pub window: Rolling = Rolling::Period,
    }
    presets {}
}

static CARD: Card = Card {
    id: "feature_adoption_rate",
    name: "Feature adoption rate",
    question: "How many of those who could use a feature do?",
    formula: "100 * people who used the feature / people active, entitled or on record",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::ENTITLEMENT_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://metrickittools.com/guides/feature-adoption-guide",
        "https://ooligo.com/en/learn/feature-adoption-rate/",
        "https://help.accoil.com/en/articles/11702763-the-features-views",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = FeatureAdoptionRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let Some(times) = u32::try_from(choices.times).ok().filter(|times| (1..=MOST_TIMES).contains(times))
        else {
            let message = format!("times says how often makes an adopter: 1 to {MOST_TIMES}");
            return Err(Error::invalid(message));
        };
        if choices.denominator != AdoptionBase::Active {
            on_record(choices.identity, crate::policy::Choice::name(choices.denominator))?;
        }
        let adopters = |told| Adopters { choices: choices.clone(), times, told };
        Ok(match choices.definition {
            Adoption::Share => {
                let share = Percent { interval: ProportionInterval::Wilson };
                Planned::new(Pipeline::<_, _, Counts<2>>::sets(adopters(Told::Share), share)).ratio()
            }
            Adoption::DailyAverage => {
                let plan = |told| Box::new(Pipeline::<_, _, Counts<2>>::sets(adopters(told), MeanOfDays));
                Planned::new(Joined::of(plan(Told::People)).beside(plan(Told::Days))).ratio()
            }
        })
    }
}

/// Each time on a day is a set of its own.
const MOST_TIMES: u32 = 1_000;

/// People and whether they adopted features.
struct Adopters {
    choices: Choices,
    times: u32,
    told: Told,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Everybody who could, and whether they did.
    Share,
    /// Everybody active: the units of the mean of days.
    People,
    /// Of each day, everybody who could, and whether they did.
    Days,
}

/// The column of `by` that tells features apart.
const NAME: &str = "name";

/// A feature that has a row, and when it was used.
struct Feature<'a> {
    /// Its name, where rows are told apart by it.
    name: Option<Key>,
    used: &'a Days,
}

impl Feature<'_> {
    /// The values in `by` of its row in a group.
    fn values(&self, place: Option<usize>, group: &[Key]) -> Vec<Key> {
        match place.zip(self.name.as_ref()) {
            Some((place, name)) => inserted(group, place, name),
            None => group.to_vec(),
        }
    }
}

impl Adopters {
    fn grain(&self) -> Grain {
        let is_by_period =
            self.choices.definition == Adoption::Share && self.choices.window == Rolling::Period;
        if is_by_period { Grain::Period } else { Grain::Day }
    }

    /// Who could have adopted a feature; in the mean of days always who is active.
    fn base(&self) -> AdoptionBase {
        if self.told == Told::Share { self.choices.denominator } else { AdoptionBase::Active }
    }

    /// Where in `by` the features are.
    fn place(scope: &Scope) -> Option<usize> {
        scope.by.iter().position(|by| by == NAME)
    }

    /// The features that have rows.
    fn features<'a>(&self, context: &Context<'_>, activity: &'a Activity) -> Result<Vec<Feature<'a>>> {
        if Self::place(context.scope).is_none() {
            return Ok(vec![Feature { name: None, used: activity.days(1) }]);
        }
        let names = match &self.choices.features {
            Some(features) => features.as_slice().iter().map(|name| Key::from(name.as_str())).collect(),
            None => self.names_used(context)?,
        };
        let days: HashMap<&Key, &Days> = activity.by_name().collect();
        let feature = |name: Key| {
            let used = days.get(&name).copied().unwrap_or(&NO_DAYS);
            Feature { name: Some(name), used }
        };
        Ok(names.into_iter().map(feature).collect())
    }

    /// The names used at any time asked about, by anybody: a part of the data has the rows that the whole has.
    fn names_used(&self, context: &Context<'_>) -> Result<Vec<Key>> {
        let wanted = Wanted { by: Some(Vec::new()), ..self.wanted_of(context)? };
        let activity = Activity::of(context, &wanted, None)?;
        let stretches = self.stretches(context, &activity)?;
        let is_used =
            |days: &Days| stretches.iter().any(|stretch| !days.within(stretch.from, stretch.to).is_empty());
        let names = activity.by_name().filter(|(name, days)| **name != Key::Null && is_used(days));
        Ok(names.map(|(name, _)| name.clone()).collect())
    }

    fn stretches(&self, context: &Context<'_>, activity: &Activity) -> Result<Vec<Stretch>> {
        // The mean of days is that of the days of the period, whatever each of them looks back to.
        let is_share = self.choices.definition == Adoption::Share;
        let window = if is_share { self.choices.window } else { Rolling::Period };
        stretches(context, window, activity.ends())
    }

    /// When people were active, where each name has days of its own.
    fn active_by_name(&self, activity: &Activity) -> Days {
        let is_chosen = |name: &Key| match &self.choices.events {
            None => true,
            Some(events) => name.as_text().is_some_and(|name| events.has(name)),
        };
        let chosen = activity.by_name().filter(|(name, _)| is_chosen(name)).map(|(_, days)| days);
        Days::together(chosen)
    }
}

/// Who could have adopted a feature.
enum Base {
    Active,
    SignedUp,
    Eligible {
        entitled: Entitled,
        /// Where not everybody is asked for: those who are.
        among: Option<Set>,
    },
}

impl Base {
    fn of(base: AdoptionBase, context: &Context<'_>, activity: &Activity) -> Result<Self> {
        Ok(match base {
            AdoptionBase::Active => Base::Active,
            AdoptionBase::SignedUp => Base::SignedUp,
            AdoptionBase::Eligible => Base::Eligible {
                entitled: Entitled::of(context, &activity.people)?,
                among: (!context.scope.filter.is_empty()).then(|| activity.known()),
            },
        })
    }

    /// Those who could have adopted any feature, of those active in a stretch of time.
    fn people(&self, activity: &Activity, active: Set, stretch: &Stretch) -> Set {
        match self {
            Base::Active | Base::Eligible { .. } => active,
            Base::SignedUp => activity.recorded_before(stretch.to),
        }
    }

    /// Those of them who could have adopted one of some features.
    fn of_feature<'p>(
        &self,
        activity: &Activity,
        people: &'p Set,
        stretch: &Stretch,
        names: Option<&Names>,
    ) -> Cow<'p, Set> {
        let (Base::Eligible { entitled, among }, Some(names)) = (self, names) else {
            return Cow::Borrowed(people);
        };
        let members = activity.members_of(&entitled.before(names, stretch.to));
        Cow::Owned(match among {
            Some(among) => members & among,
            None => members,
        })
    }
}

impl SetMeasure for Adopters {
    type Value = Trial;

    fn wanted(&self) -> Wanted {
        let kinds = vec![self.choices.events.clone(), self.choices.features.clone()];
        Wanted {
            recorded: self.base() != AdoptionBase::Active,
            times: self.times,
            ..self.choices.population().of_kinds(kinds, self.grain())
        }
    }

    fn wanted_of(&self, context: &Context<'_>) -> Result<Wanted> {
        let scope = context.scope;
        match self.base() {
            AdoptionBase::Active => {}
            AdoptionBase::Eligible => _ = context.book.require("entitlements")?.require("feature")?,
            AdoptionBase::SignedUp => _ = require_users(context.book)?,
        }
        if Self::place(scope).is_none() {
            return match &self.choices.features {
                Some(_) => Ok(self.wanted()),
                None => Err(Error::invalid(format!(
                    "\"{}\" needs features, or by [\"{NAME}\"] for a row each",
                    CARD.id
                ))),
            };
        }
        let by = scope.by.iter().filter(|by| *by != NAME).cloned().collect();
        Ok(Wanted { kinds: Kinds::ByName(None), by: Some(by), ..self.wanted() })
    }

    fn faults(&self, context: &Context<'_>) -> Result<Vec<Fault>> {
        match self.base() {
            AdoptionBase::Eligible => faults_of_entitlements(context),
            _ => Ok(Vec::new()),
        }
    }

    fn bounds(&self) -> Bounds {
        if self.base() == AdoptionBase::Active && self.choices.window == Rolling::Period {
            Bounds::None
        } else {
            Bounds::OfPeriods
        }
    }

    fn unusable(&self, context: &Context<'_>, row: usize, group: &[Key]) -> Option<Vec<Key>> {
        if self.told == Told::Days {
            return None;
        }
        let Some(place) = Self::place(context.scope) else { return Some(group.to_vec()) };
        let events = context.book.table("events")?;
        let name = Key::from(events.read(events.find(NAME)?, row));
        let has_row = match &self.choices.features {
            Some(features) => name.as_text().is_some_and(|name| features.has(name)),
            None => name.as_text().is_some(),
        };
        has_row.then(|| inserted(group, place, &name))
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Trial>>) -> Result<()> {
        let context = out.context();
        let place = Self::place(context.scope);
        let base = Base::of(self.base(), context, activity)?;
        if activity.ends().is_none() && self.told == Told::Days {
            return Ok(());
        }
        let stretches = self.stretches(context, activity)?;
        let features = self.features(context, activity)?;
        let by_name = place.map(|_| self.active_by_name(activity));
        let all = by_name.as_ref().unwrap_or(activity.days(0));
        for stretch in &stretches {
            let active = all.active(stretch.from, stretch.to);
            let people = base.people(activity, active, stretch);
            for feature in &features {
                let values = |group: &[Key]| feature.values(place, group);
                match self.told {
                    Told::Share => {
                        // A row by name is about that name alone.
                        let own = feature.name.as_ref().and_then(Key::as_text).map(|name| Names::new([name]));
                        let names = own.as_ref().or(self.choices.features.as_ref());
                        let people = base.of_feature(activity, &people, stretch, names);
                        let adopters = feature.used.at_least(self.times, stretch.from, stretch.to) & &*people;
                        let others = &*people - &adopters;
                        out.put_as(stretch.at, &adopters, &Fate::Observed(Trial::Success), None, values)?;
                        out.put_as(stretch.at, &others, &Fate::Observed(Trial::Failure), None, values)?;
                        out.put_excluded_as(stretch, values)?;
                    }
                    Told::People => {
                        out.put_as(stretch.at, &people, &Fate::Observed(Trial::Failure), None, values)?;
                        out.put_excluded_as(stretch, values)?;
                    }
                    Told::Days => {}
                }
            }
            if self.told == Told::Days {
                self.put_days(all, &features, stretch, out)?;
            }
        }
        Ok(())
    }
}

impl Adopters {
    /// Puts those active in the window that ends with each day of a stretch, and whether they used features that day.
    fn put_days(
        &self,
        all: &Days,
        features: &[Feature<'_>],
        stretch: &Stretch,
        out: &mut PutSets<'_, '_, impl Sink<Trial>>,
    ) -> Result<()> {
        let context = out.context();
        let place = Self::place(context.scope);
        for (from, to) in intervals(context, Every::Day, stretch)? {
            let back = match self.choices.window {
                Rolling::Period => stretch.from,
                Rolling::Days(count) => days(context.scope).days_before(to - 1, count - 1)?,
            };
            let (active, day) = (all.active(back, to), Key::Time(from));
            for feature in features {
                let values = |group: &[Key]| feature.values(place, group);
                let adopters = feature.used.active(from, to) & &active;
                let others = &active - &adopters;
                out.put_as(stretch.at, &adopters, &Fate::Observed(Trial::Success), Some(&day), values)?;
                out.put_as(stretch.at, &others, &Fate::Observed(Trial::Failure), Some(&day), values)?;
            }
        }
        Ok(())
    }
}

/// Values with one more among them.
fn inserted(values: &[Key], at: usize, value: &Key) -> Vec<Key> {
    let (before, after) = values.split_at_checked(at).unwrap_or((values, &[]));
    [before, std::slice::from_ref(value), after].concat()
}

/// The mean of the shares of days.
struct MeanOfDays;

impl Formula<Counts<2>> for MeanOfDays {
    fn finish(&self, cells: &Cells<'_, Counts<2>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let shares = cells.of_dimensions(period).filter_map(|(_, cell)| {
                let counts = cell.summary;
                (counts.trials() > 0).then(|| counts.successes() as f64 / counts.trials() as f64)
            });
            let (sum, days) = shares.fold((0.0, 0_u32), |(sum, days), share| (sum + share, days + 1));
            let mean = (days > 0).then(|| 100.0 * sum / f64::from(days));
            rows.push(period, &[], cells.whole(period), &Answer::of(mean));
        }
    }
}
