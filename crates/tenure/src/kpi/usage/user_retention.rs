//! # Retention of users
//!
//! **Question.** How many of those who start come back, and after how long?
//!
//! **Definition.** Of the people who start, the percentage that comes back in the Nth interval after that (`n_day`), in it or
//! later (`unbounded`), in any of a stretch of intervals (`bracket`), or in each from the first to the Nth (`cumulative`).
//! Intervals are local days, weeks or months of the calendar; or spans of 24 hours, 7 or 30 days that begin with the start.
//!
//! **Example.** Ann signs up at 23:45 and is active until 00:01: retained on day 1 by the calendar, on day 0 by hours.
//!
//! **Edge cases.** Somebody counts when they start, also if `start` cuts what came before; and only once the interval is over
//! at `as_of`, else they are immature. Nobody mature: undefined. By the calendar any return in the interval counts, also one
//! before the start in the start's own interval; by hours only what comes at the start or after it. Groups of `by` are
//! worlds of their own: a start and a return in each.
//!
//! **Merging and sources.** Counts by age; all of a person goes to one part. Vendors differ on what an interval is (D42) and
//! how long a month (D44): `PostHog` takes the calendar, Mixpanel 24 hours, Amplitude 24 hours from the full hour before.

use super::population::usage_policy;
use super::retention::{Comeback, RetentionStart, both, of_age};
use super::retention_calendar::ByCalendar;
use super::retention_rolling::ByHours;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Pipeline;
use crate::error::{Error, Result};
use crate::formula::{CellFormula, Cells, Formula, Percent, ProportionInterval, Rows};
use crate::key::Key;
use crate::policy::{Ages, Brackets, Choice, Names, choice};
use crate::scope::{Every, Micros};
use crate::summary::Counts;

choice! {
    /// When somebody has to come back to be retained.
    pub enum RetentionDefinition {
        /// In the interval of that age.
        NDay = "n_day",
        /// In that interval or a later one.
        Unbounded = "unbounded",
        /// In any interval of a bracket.
        Bracket = "bracket",
        /// In each interval from the first to that one.
        Cumulative = "cumulative",
    }
}

choice! {
    /// What an interval is.
    pub enum RetentionIntervals {
        /// A local day, week or month of the calendar.
        Calendar = "calendar",
        /// 24 hours, 7 or 30 times as many, from the start on.
        Rolling24h = "rolling_24h",
        /// The same, with all times rounded down to the local hour.
        RollingHours = "rolling_hours",
    }
}

choice! {
    /// How long an interval is.
    pub enum RetentionInterval {
        /// A day.
        Day = "day",
        /// A week; by the calendar it begins on the request's `week_start`.
        Week = "week",
        /// A month; by hours it has 30 days.
        Month = "month",
    }
}

impl RetentionInterval {
    pub(super) fn every(self) -> Every {
        match self {
            RetentionInterval::Day => Every::Day,
            RetentionInterval::Week => Every::Week,
            RetentionInterval::Month => Every::Month,
        }
    }

    pub(super) fn micros(self) -> Micros {
        const DAY: Micros = 86_400_000_000;
        match self {
            RetentionInterval::Day => DAY,
            RetentionInterval::Week => 7 * DAY,
            RetentionInterval::Month => 30 * DAY,
        }
    }
}

usage_policy! {
    /// The choices of the retention of users.
    pub struct UserRetention {
        /// When somebody has to come back. By default in the very interval, as the words "on day seven" say.
        pub definition: RetentionDefinition = RetentionDefinition::NDay,
        /// What an interval is. By default one of the calendar, which people live by; hours hide who comes every evening a bit earlier.
        pub intervals: RetentionIntervals = RetentionIntervals::Calendar,
        /// How long an interval is.
        pub interval: RetentionInterval = RetentionInterval::Day,
        /// After how many intervals; a list gives the result a dimension.
        pub at: Ages = Ages::Many(vec![1, 7, 30]),
        /// The brackets of the definition `bracket`, first and last interval of each.
        pub brackets: Option<Brackets> = None,
        /// The names of the events with which somebody starts; null: all that count.
        pub start_event: Option<Names> = None,
        /// The names of the events that are a return; null: all that count.
        pub return_event: Option<Names> = None,
        /// Whether only the first start that is known counts, or each interval with one. By default the first: who starts again has come back.
        pub start: RetentionStart = RetentionStart::First,
    }
    presets {
        /// From full hours on. https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-time
        Amplitude {
            definition: RetentionDefinition::NDay,
            intervals: RetentionIntervals::RollingHours,
        }
        /// On or after, by 24 hours. https://docs.mixpanel.com/docs/reports/retention
        Mixpanel {
            definition: RetentionDefinition::Unbounded,
            intervals: RetentionIntervals::Rolling24h,
        }
        /// By the calendar. https://github.com/PostHog/posthog
        Posthog {
            definition: RetentionDefinition::NDay,
            intervals: RetentionIntervals::Calendar,
        }
    }
}

static CARD: Card = Card {
    id: "user_retention",
    name: "Retention of users",
    question: "How many of those who start come back, and after how long?",
    formula: "100 * people who come back in the interval / people who started and whose interval is over",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::INPUTS,
    dimensions: &["age"],
    attributes: &[],
    values: None,
    aliases: &[
        ("retention_n_day", r#"{"definition": "n_day"}"#),
        ("retention_unbounded", r#"{"definition": "unbounded"}"#),
        ("retention_bracket", r#"{"definition": "bracket"}"#),
        ("retention_cumulative", r#"{"definition": "cumulative"}"#),
    ],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://docs.mixpanel.com/docs/reports/retention",
        "https://amplitude.com/docs/analytics/charts/retention-analysis/retention-analysis-time",
        "https://github.com/PostHog/posthog/issues/2227",
        super::source::POSTHOG,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UserRetention;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let asked = Asked::of(choices)?;
        let is_many = asked.is_many;
        let formula = ByAge(asked.ages());
        let planned = match choices.intervals {
            RetentionIntervals::Calendar => {
                Planned::new(Pipeline::<_, _, Counts<2>>::sets(ByCalendar { asked }, formula))
            }
            RetentionIntervals::Rolling24h | RetentionIntervals::RollingHours => {
                let whole_hours = choices.intervals == RetentionIntervals::RollingHours;
                let measure = ByHours { asked, whole_hours };
                Planned::new(Pipeline::<_, _, Counts<2>>::entities(measure.view(), measure, formula))
            }
        };
        Ok(planned.ratio().dimensions_if(is_many, CARD.dimensions))
    }
}

/// What is asked of every person, whatever an interval is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) population: super::population::Population,
    /// The events that are a start, and those that are a return.
    pub(super) kinds: [Option<Names>; 2],
    pub(super) interval: RetentionInterval,
    pub(super) start: RetentionStart,
    /// What is told, each under its age.
    pub(super) comebacks: Vec<(Key, Comeback)>,
    /// Whether the result has a row per age.
    pub(super) is_many: bool,
}

impl Asked {
    fn of(choices: &Choices) -> Result<Self> {
        let brackets = choices.brackets.as_ref().map(Brackets::as_slice);
        if brackets.is_some() && choices.definition != RetentionDefinition::Bracket {
            let message = format!(
                "brackets are of the definition \"bracket\", and the definition is \"{}\"",
                choices.definition.name()
            );
            return Err(Error::invalid(message));
        }
        let at = |comeback: fn(u32) -> Comeback| {
            let ages = choices.at.as_slice().iter();
            ages.map(|age| (Key::Whole(i128::from(*age)), comeback(*age))).collect()
        };
        let comebacks = match (choices.definition, brackets) {
            (RetentionDefinition::NDay, _) => at(|age| Comeback::Within(age, age)),
            (RetentionDefinition::Unbounded, _) => at(Comeback::From),
            (RetentionDefinition::Cumulative, _) => at(Comeback::Each),
            (RetentionDefinition::Bracket, Some(brackets)) => {
                let one = |(first, last): &(u32, u32)| {
                    (Key::Text(format!("{first}-{last}")), Comeback::Within(*first, *last))
                };
                brackets.iter().map(one).collect()
            }
            (RetentionDefinition::Bracket, None) => {
                return Err(Error::invalid(
                    "the definition \"bracket\" needs brackets such as [[1, 3], [4, 7]]",
                ));
            }
        };
        let of = |names: &Option<Names>| both(choices.events.as_ref(), names.as_ref());
        Ok(Self {
            population: choices.population(),
            kinds: [of(&choices.start_event), of(&choices.return_event)],
            interval: choices.interval,
            start: choices.start,
            comebacks,
            is_many: choices.definition == RetentionDefinition::Bracket || choices.at.is_many(),
        })
    }

    /// The age that the result has a row for; nothing if there is only one row.
    pub(super) fn dimension<'k>(&self, age: &'k Key) -> Option<&'k Key> {
        self.is_many.then_some(age)
    }

    /// The last interval that anything depends on.
    pub(super) fn oldest(&self) -> u32 {
        self.comebacks.iter().map(|(_, comeback)| comeback.last()).max().unwrap_or(0)
    }

    fn ages(&self) -> Vec<Key> {
        self.comebacks.iter().filter_map(|(age, _)| self.dimension(age).cloned()).collect()
    }
}

/// A row for each of some ages; for none, one row.
struct ByAge(Vec<Key>);

impl Formula<Counts<2>> for ByAge {
    fn finish(&self, cells: &Cells<'_, Counts<2>>, rows: &mut Rows<'_>) {
        let percent = Percent { interval: ProportionInterval::Wilson };
        for period in cells.shown.clone() {
            let whole = cells.whole(period);
            if self.0.is_empty() {
                rows.push(period, &[], whole, &percent.answer(whole, cells.level));
            }
            for age in &self.0 {
                let cell = of_age(whole, cells.at(period, age));
                rows.push(period, std::slice::from_ref(age), &cell, &percent.answer(&cell, cells.level));
            }
        }
    }
}
