//! # Days since last seen
//!
//! **Question.** How long ago were users here?
//!
//! **Definition.** At the end of each period, or at `as_of` if that comes first: the time since the last event that counts, of
//! every user on record or ever seen, in days of 24 hours. `per: account` asks when anybody of an account was here.
//!
//! **Example.** At noon of 31 January Ann was here a day ago, Bob ten days, Cay half a day, Zoe never: median 1, one missing.
//!
//! **Edge cases.** Who was never seen is missing, and not far away. An event at `as_of` is 0 days ago; one at a period's end
//! is of the next. Users count from their creation on, those without a date always. Across a change of the clock a day
//! still has 24 hours. Per account units are the accounts on record; visits of internal users are none.
//!
//! **Merging and sources.** The times themselves, so that any quantile is exact; all of a person, or account, goes to one
//! part. Vitally warns that a survey's ping looks like a visit: choose `events`.

use super::last_seen::LastSeen;
use super::population::{Population, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Context, Deeds, Out, Pipeline, PutSets, SetMeasure, Sink, Stretch, stretches};
use crate::error::Result;
use crate::formula::{Spread, SpreadInDays};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind};
use crate::policy::{OneOrMany, OpenUnits, Rolling, Statistic, choice};
use crate::request::Scope;
use crate::scope::Micros;
use crate::summary::{Ago, Durations};
use crate::view::{Activity, ByEntity, Entity, Grain, ON_RECORD, Set, Wanted};
use hashbrown::HashMap;

choice! {
    /// Whose last visit is asked for.
    pub enum LastSeenPer {
        /// Each user's.
        User = "user",
        /// Each account's: the last of anybody's in it.
        Account = "account",
    }
}

usage_policy! {
    /// The choices of the days since last seen.
    pub struct DaysSinceLastSeen {
        /// What is told; a list gives one row each. By default the median: a few who left long ago make any mean.
        pub statistic: OneOrMany<Statistic> = Statistic::MEDIAN.into(),
        /// Whose last visit is asked for.
        pub per: LastSeenPer = LastSeenPer::User,
    }
    presets {}
}

static CARD: Card = Card {
    id: "days_since_last_seen",
    name: "Days since last seen",
    question: "How long ago were users here?",
    formula: "end of the period - last event, in days of 24 hours",
    unit: "days",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::PROFILE_INPUTS,
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &["internal"],
    revision: 1,
    sources: &["https://docs.vitally.io/account-health-scores-and-metrics/default-metrics"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = DaysSinceLastSeen;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let statistic = choices.statistic.clone();
        let is_many = statistic.is_many();
        let formula = SpreadInDays(Spread { statistic, open: OpenUnits::CompletedOnly });
        let population = choices.population();
        let planned = match choices.per {
            LastSeenPer::User => {
                Planned::new(Pipeline::<_, _, Durations>::sets(OfUsers { population }, formula))
            }
            LastSeenPer::Account => {
                let view =
                    ByEntity { rows: ON_RECORD, entity: "account_id", in_time: false, closed_at: None };
                Planned::new(Pipeline::<_, _, Durations>::entities(view, OfAccounts { population }, formula))
            }
        };
        Ok(planned.dimensions_if(is_many, CARD.dimensions))
    }
}

/// The kinds of events: any, and those that count.
const ANY: usize = 0;

fn wanted(population: &Population) -> Wanted {
    let mut kinds = vec![None, population.events.clone()];
    kinds.dedup();
    population.of_kinds(kinds, Grain::Day)
}

/// The ends of the periods, up to the last that is asked for: a stock is looked at also when nothing happens any more.
fn ends(context: &Context<'_>, activity: &Activity) -> Result<Vec<Stretch>> {
    let (_, last) = context.window()?;
    stretches(context, Rolling::Period, activity.ends().map(|(first, _)| (first, last)))
}

/// Each user's last visit.
struct OfUsers {
    population: Population,
}

impl SetMeasure for OfUsers {
    type Value = Ago;

    fn wanted(&self) -> Wanted {
        Wanted { recorded: true, ..wanted(&self.population) }
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Ago>>) -> Result<()> {
        let context = out.context();
        let wanted = self.wanted();
        let counts = wanted.kinds_count() - 1;
        let mut deeds = Deeds::of(context, &wanted, counts)?;
        let mut last = LastSeen::default();
        let (mut known, mut excluded, mut until) = (Set::new(), Set::new(), Micros::MIN);
        for Stretch { at, to, .. } in ends(context, activity)? {
            last.advance(activity, counts, &mut deeds, to)?;
            let now = to.min(context.scope.as_of);
            for member in &last.seen {
                if let Some(seen) = last.at(member) {
                    out.put_member(at, member, &Fate::Observed(Ago(now - seen)))?;
                }
            }
            known |= activity.days(ANY).active(until, to);
            excluded |= activity.excluded_days().active(until, to);
            let never = (&known | activity.recorded_before(to)) - &last.seen;
            out.put(at, &never, &Fate::Missing, None)?;
            out.put_excluded_of(at, &(&excluded | activity.excluded_before(to)))?;
            until = to;
        }
        Ok(())
    }
}

/// The last visit of anybody of each account.
struct OfAccounts {
    population: Population,
}

/// When accounts were seen last.
struct Visits {
    /// Of each account: ends of periods, in order, and the last visit before; those at which it is another one.
    last: HashMap<Key, Vec<(Micros, Micros)>>,
    /// The first day on which anything happened.
    begin: Micros,
}

impl EntityMeasure for OfAccounts {
    type Value = Ago;
    type View = ByEntity;
    type Side = Visits;

    fn inputs(&self) -> &[Input] {
        const { &[Input::required("account_id", InputKind::Any)] }
    }

    fn side(&self, context: &Context<'_>) -> Result<Visits> {
        // The accounts are groups of members, however many groups the answer may have.
        let scope =
            Scope { by: vec!["account_id".to_owned()], max_groups: u64::MAX, ..context.scope.clone() };
        let context = Context { scope: &scope, ..*context };
        let wanted = wanted(&self.population);
        let counts = wanted.kinds_count() - 1;
        let activity = Activity::of(&context, &wanted, None)?;
        let mut deeds = Deeds::of(&context, &wanted, counts)?;
        let mut last = LastSeen::default();
        let mut visits: HashMap<Key, Vec<(Micros, Micros)>> = HashMap::new();
        for Stretch { to, .. } in ends(&context, &activity)? {
            let now = to.min(scope.as_of);
            for member in last.advance(&activity, counts, &mut deeds, to)? {
                let (Some([account, ..]), Some(seen)) = (activity.values_of(member), last.at(member)) else {
                    continue;
                };
                let known = visits.entry(account.clone()).or_default();
                match known.last_mut() {
                    Some((end, visit)) if *end == now => *visit = seen.max(*visit),
                    _ => known.push((now, seen)),
                }
            }
        }
        let begin = activity.ends().map_or(scope.as_of, |(first, _)| first);
        Ok(Visits { last: visits, begin })
    }

    fn entity<E: Evidence>(
        &self,
        visits: &Visits,
        account: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Ago>>,
        _: &mut E,
    ) -> Result<()> {
        // Of several versions the last one tells the groups, and the first when the account was created.
        let (Some(first), Some(version)) = (account.rows.first(), account.rows.last()) else { return Ok(()) };
        let id = Key::named(version.row.read(0));
        let known = visits.last.get(&id).map(Vec::as_slice).unwrap_or_default();
        if id == Key::Null {
            return Ok(());
        }
        let judged = out.gated.frame.judge(Fate::Observed(Ago(0)), &version.row, first.time)?;
        match judged {
            None => Ok(()),
            Some((at, fate @ Fate::Invalid(_))) => out.put(version.number, at, fate, Vec::new()),
            Some((created, fate)) => {
                let from = created.map_or(visits.begin, |created| created.max(visits.begin));
                out.stock(version.number, (from, None), |now| match fate {
                    Fate::Observed(_) => {
                        let before = known.partition_point(|(end, _)| *end <= now);
                        let last = before.checked_sub(1).and_then(|at| known.get(at));
                        last.map_or(Fate::Missing, |(_, seen)| Fate::Observed(Ago(now - seen)))
                    }
                    fate => fate,
                })
            }
        }
    }
}
