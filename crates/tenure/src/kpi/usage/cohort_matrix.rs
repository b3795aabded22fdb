//! # Cohort matrix
//!
//! **Question.** Of those who came first in one period, how many are there in each later one?
//!
//! **Definition.** A cohort is whoever's first event, or profile, lies in a period. For each age, in periods after that: the
//! percentage of the cohort that is there in the period (`n_day`), in it or later (`unbounded`), or in each up to it
//! (`cumulative`).
//!
//! **Example.** Ann, Bob and Cay come in the first week, Ann again in the second, Ann and Bob in the third: 100, 33.3 and
//! 66.7 percent; in the second or later 66.7; in both 33.3.
//!
//! **Edge cases.** An age whose period is not over at `as_of` has no value, status `immature`. `start` and `end` choose
//! cohorts, by first events that may lie before; ages go on to the period of `as_of`. Between the first period with
//! newcomers and the last, one without them has its rows, undefined; what lies outside is there only if `start` and `end`
//! reach as far. Cells compare periods: a return counts also if it came before the start in the same period. Of a cohort
//! of profiles those who never came are a part. Groups of `by` are worlds of their own: first seen, and seen again, in each.
//!
//! **Merging and sources.** Counts by age; all of a person goes to one part. Vendors differ on what an interval is (D42, D44);
//! cells here are periods of the calendar, and the week begins on `week_start`.

use super::lifecycle::calendar;
use super::population::usage_policy;
use super::retention::{Presence, RetentionStart, both, each_start, of_age};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Pipeline, PutSets, SetMeasure, Sink, check_rows};
use crate::error::{Error, Result};
use crate::formula::{Answer, CellFormula, Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::measure::Fate;
use crate::outcome::Status;
use crate::policy::{Names, choice};
use crate::scope::{Every, Micros};
use crate::summary::{Counts, Trial};
use crate::view::{Activity, Grain, Set, Wanted};
use chrono::DateTime;

choice! {
    /// When somebody has to be there to be retained at an age.
    pub enum CohortDefinition {
        /// In the period of that age.
        NDay = "n_day",
        /// In that period or a later one.
        Unbounded = "unbounded",
        /// In each period up to that one.
        Cumulative = "cumulative",
    }
}

choice! {
    /// What makes somebody a member of a cohort.
    pub enum CohortBy {
        /// The first event that is a start.
        FirstSeen = "first_seen",
        /// The creation of the profile: `users.created_at`.
        ProfileCreated = "profile_created",
    }
}

usage_policy! {
    /// The choices of the cohort matrix.
    pub struct CohortMatrix {
        /// When somebody has to be there. By default in the very period, as the words "in week two" say.
        pub definition: CohortDefinition = CohortDefinition::NDay,
        /// What makes somebody a member of a cohort. By default the first start: profiles may be made long before.
        pub cohort_by: CohortBy = CohortBy::FirstSeen,
        /// The names of the events with which somebody starts; null: all that count.
        pub start_event: Option<Names> = None,
        /// The names of the events that are a return; null: all that count.
        pub return_event: Option<Names> = None,
        /// The greatest age; null: as far as anything is known.
        pub ages: Option<i64> = None,
    }
    presets {}
}

static CARD: Card = Card {
    id: "cohort_matrix",
    name: "Cohort matrix",
    question: "Of those who came first in one period, how many are there in each later one?",
    formula: "100 * members of the cohort who are there / members of the cohort, by age in periods",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::PROFILE_INPUTS,
    dimensions: &["cohort", "age"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[super::source::POSTHOG, "https://github.com/PostHog/posthog/issues/25841"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = CohortMatrix;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        if choices.ages.is_some_and(|ages| ages < 0) {
            return Err(Error::invalid("the greatest of the ages is a number of periods, from 0 on"));
        }
        let formula = ByCohort { oldest: choices.oldest() };
        let plan = Pipeline::<_, _, Counts<2>>::sets(choices.clone(), formula);
        Ok(Planned::new(plan).ratio().dimensions(CARD.dimensions))
    }
}

/// The kinds of events that the measure wants.
const STARTS: usize = 0;

impl Choices {
    fn oldest(&self) -> usize {
        self.ages.map_or(usize::MAX, |ages| usize::try_from(ages).unwrap_or(usize::MAX))
    }
}

impl SetMeasure for Choices {
    type Value = Trial;

    fn wanted(&self) -> Wanted {
        let of = |names: &Option<Names>| both(self.events.as_ref(), names.as_ref());
        let mut kinds = vec![of(&self.start_event), of(&self.return_event)];
        kinds.dedup();
        let recorded = self.cohort_by == CohortBy::ProfileCreated;
        Wanted { recorded, ..self.population().of_kinds(kinds, Grain::Period) }
    }

    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    fn begins_with(&self) -> Option<usize> {
        (self.cohort_by == CohortBy::FirstSeen).then_some(STARTS)
    }

    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Trial>>) -> Result<()> {
        let context = out.context();
        let calendar = calendar(context, CARD.id)?;
        let by_profile = self.cohort_by == CohortBy::ProfileCreated;
        if by_profile {
            context.book.require("users")?.require("created_at")?;
        }
        let (first, last) = context.window()?;
        let profiles = || activity.creations().filter(|(_, at)| by_profile && *at <= context.scope.as_of);
        let ends = activity.ends();
        let begin = profiles().map(|(_, at)| at).min().into_iter().chain(ends.map(|(first, _)| first)).min();
        let Some(begin) = begin else { return Ok(()) };
        let returns = activity.days(self.wanted().kinds_count() - 1);
        let end = ends.map_or(begin, |(_, last)| last);
        let presence = Presence::new(context, calendar, returns, (begin, end), None)?;
        let mut cohorts: Vec<Set> = vec![Set::new(); presence.len()];
        let is_asked = |at: Micros| first <= at && at <= last;
        if by_profile {
            for (member, at) in profiles().filter(|(_, at)| is_asked(*at)) {
                if let Some(cohort) = cohorts.get_mut(presence.interval(at)) {
                    cohort.insert(member);
                }
            }
        } else {
            each_start(activity.days(STARTS), &presence, RetentionStart::First, |at, interval, members| {
                if let Some(cohort) = cohorts.get_mut(interval).filter(|_| is_asked(at)) {
                    *cohort |= members;
                }
                Ok(())
            })?;
        }
        self.check_size(&presence, &cohorts, out)?;
        for (interval, cohort) in cohorts.iter().enumerate().filter(|(_, cohort)| !cohort.is_empty()) {
            let at = presence.start(interval).map_or(first, |start| start.max(first));
            let mut each = cohort.clone();
            for (age, later) in (interval..presence.len()).enumerate() {
                if age > self.oldest() {
                    break;
                }
                let dimension = Key::Whole(age as i128);
                if !presence.is_over(later) {
                    out.put(at, cohort, &Fate::Immature, Some(&dimension))?;
                    continue;
                }
                let there = match self.definition {
                    CohortDefinition::NDay => presence.active(later),
                    CohortDefinition::Unbounded => presence.from(later),
                    CohortDefinition::Cumulative => {
                        if age > 0 {
                            each &= presence.active(later);
                        }
                        &each
                    }
                };
                out.put_trials(at, cohort, there, Some(&dimension))?;
            }
        }
        each_start(activity.excluded_days(), &presence, RetentionStart::First, |at, _, members| {
            if is_asked(at) { out.put_excluded_of(at, &members) } else { Ok(()) }
        })
    }
}

impl Choices {
    /// Refuses a matrix that is too large before it is filled.
    fn check_size<S>(&self, presence: &Presence, cohorts: &[Set], out: &PutSets<'_, '_, S>) -> Result<()> {
        let met = cohorts.iter().enumerate().filter(|(_, cohort)| !cohort.is_empty());
        let ages = met.map(|(interval, _)| (presence.len() - interval).min(self.oldest().saturating_add(1)));
        check_rows(ages.sum(), out.context().scope)
    }
}

/// A row for each age of each cohort.
struct ByCohort {
    oldest: usize,
}

impl Formula<Counts<2>> for ByCohort {
    fn finish(&self, cells: &Cells<'_, Counts<2>>, rows: &mut Rows<'_>) {
        let Some(calendar) = cells.scope.calendar else { return };
        let known = |period: &usize| cells.periods.get(*period).is_some_and(|of| !of.future);
        let cohorts = cells.shown.clone().filter(known).count() as u64;
        // Each cohort has an age for itself and for each cohort after it, at least.
        let ages = (1..=cohorts).map(|ages| ages.min((self.oldest as u64).saturating_add(1)));
        if rows.are_too_many(ages.fold(0, u64::saturating_add)) {
            return;
        }
        for period in cells.shown.clone() {
            let Some(of) = cells.periods.get(period).filter(|of| !of.future) else { continue };
            let cohort = cohort_name(of.place, calendar.zone, calendar.every);
            let whole = cells.whole(period);
            let mut start = of.place;
            for age in 0..=self.oldest {
                let age = Key::Whole(age as i128);
                let cell = of_age(whole, cells.at(period, &age));
                let answer = Percent { interval: ProportionInterval::Wilson }.answer(&cell, cells.level);
                let status = (cell.tally.immature > 0).then_some(Status::Immature);
                rows.push(period, &[cohort.clone(), age], &cell, &Answer { status, ..answer });
                match calendar.period(start) {
                    Ok((_, end)) if end <= cells.scope.as_of => start = end,
                    _ => break,
                }
            }
        }
    }
}

/// The local date of a cohort's first day; of an hour, with its time.
fn cohort_name(start: Micros, zone: chrono_tz::Tz, every: Every) -> Key {
    let local = DateTime::from_timestamp_micros(start).map(|at| at.with_timezone(&zone));
    let format = if every == Every::Hour { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%d" };
    local.map_or(Key::Null, |local| Key::Text(local.format(format).to_string()))
}
