//! # Busiest weekday or hour
//!
//! **Question.** When does most come in?
//!
//! **Definition.** The weekday, or the hour of the day, with the most new conversations per occurrence in the range: their
//! number over the number of such days, or hours, on the calendar of the request's zone.
//!
//! **Example.** Three Mondays bring six conversations, two Tuesdays five: Tuesday, with 2.5 a day against 2.
//!
//! **Edge cases.** Ties are one row each, in order of the request's week, or of the day. The range is whole days: those of
//! `start` and of the last instant before `end`, or of `as_of`; without `start`, it begins with the group's first
//! conversation. An hour that the clock skips did not occur that day; one that it repeats occurred once. Nothing created:
//! undefined.
//!
//! **Merging and sources.** Counts by weekday or hour, and the first instant; all of a conversation goes to one part. Help
//! Scout shows the busiest day as an average per day of the range.

use super::of_conversation::{ConversationMeasure, plan};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Sink};
use crate::error::{Error, Result};
use crate::formula::{Answer, Cells, Formula, Period, Rows, shown};
use crate::key::Key;
use crate::measure::{Evidence, Fate, Value};
use crate::policy::{choice, policy};
use crate::request::Scope;
use crate::scope::{Local, Micros, is_in_time, local};
use crate::state::{Reader, Writer};
use crate::summary::{Class, Counts, Encode, Mergeable, Overflow, Summary};
use crate::view::{Conversation, Parts};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

choice! {
    /// Which stretches of time are compared.
    pub enum Grain {
        /// The days of the week.
        Weekday = "weekday",
        /// The hours of the day.
        Hour = "hour",
    }
}

policy! {
    /// The choices of the busiest weekday or hour.
    pub struct BusiestPeriod {
        /// Which stretches of time are compared. By default weekdays, as Help Scout does.
        pub grain: Grain = Grain::Weekday,
    }
    presets {
        /// Weekdays. https://docs.helpscout.com/article/46-reporting
        HelpScout { grain: Grain::Weekday }
    }
}

static CARD: Card = Card {
    id: "busiest_period",
    name: "Busiest weekday or hour",
    question: "When does most come in?",
    formula: "the greatest of conversations created / occurrences, over weekdays or hours",
    unit: "count",
    range: None,
    better: Better::Neither,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &["created_at", "spam?", "deleted?", "merged?"],
    dimensions: &["busiest"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &["https://docs.helpscout.com/article/46-reporting"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = BusiestPeriod;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let planned = plan::<_, Arrivals, _>(choices.clone(), Busiest(choices.grain));
        Ok(planned.ratio().label().dimensions(CARD.dimensions))
    }
}

const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const HOURS: &[&str] = &[
    "00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23",
];
const DAY: Micros = 86_400_000_000;
const HOUR: Micros = 3_600_000_000;

impl Grain {
    fn labels(self) -> &'static [&'static str] {
        match self {
            Grain::Weekday => WEEKDAYS,
            Grain::Hour => HOURS,
        }
    }

    /// Which weekday or hour a local time is in.
    fn slot(self, time: NaiveDateTime) -> usize {
        let slot = match self {
            Grain::Weekday => time.weekday().num_days_from_monday(),
            Grain::Hour => time.hour(),
        };
        slot as usize
    }
}

fn local_time(at: Micros, zone: Tz) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(at).map(|at| at.with_timezone(&zone).naive_local())
}

/// A conversation that came in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arrival {
    at: Micros,
    slot: usize,
    label: &'static str,
}

impl Class for Arrival {
    fn class(&self) -> usize {
        self.slot
    }
}

impl Value for Arrival {
    fn number(&self) -> Option<f64> {
        Some(1.0)
    }

    fn label(&self) -> Option<&'static str> {
        Some(self.label)
    }
}

/// How many came in by weekday or hour, and when the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arrivals {
    counts: Counts<24>,
    first: Option<Micros>,
}

fn earlier(a: Option<Micros>, b: Option<Micros>) -> Option<Micros> {
    a.into_iter().chain(b).min()
}

impl Summary<Arrival> for Arrivals {
    fn update(&mut self, arrival: &Arrival, times: u64) -> Result<(), Overflow> {
        self.counts.update(arrival, times)?;
        self.first = earlier(self.first, Some(arrival.at));
        Ok(())
    }
}

impl Mergeable for Arrivals {
    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.counts.merge(&other.counts)?;
        self.first = earlier(self.first, other.first);
        Ok(())
    }
}

impl Encode for Arrivals {
    fn encode(&self, out: &mut Writer) {
        self.counts.encode(out);
        out.count(u64::from(self.first.is_some()));
        if let Some(first) = self.first {
            out.wide(i128::from(first));
        }
    }

    fn decode(bytes: &mut Reader<'_>) -> Result<Self> {
        let counts = Counts::decode(bytes)?;
        let first = match bytes.count()? {
            0 => None,
            1 => {
                let first = Micros::try_from(bytes.wide()?).ok().filter(|at| is_in_time(*at));
                Some(first.ok_or_else(|| Error::corrupt("an instant in the state is too large"))?)
            }
            _ => return Err(Error::corrupt("an instant in the state is neither there nor not")),
        };
        Ok(Self { counts, first })
    }
}

impl ConversationMeasure for Choices {
    type Value = Arrival;
    type Side = ();

    fn parts(&self) -> Parts {
        Parts::default()
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Arrival>>,
        why: &mut E,
    ) -> Result<()> {
        let zone = out.gated.frame.context.scope.zone;
        let Some(time) = local_time(created, zone) else { return Ok(()) };
        let slot = self.grain.slot(time);
        let label = self.grain.labels().get(slot).copied().unwrap_or_default();
        why.note("local time", || format!("{time} in {zone}"));
        let fate = Fate::Observed(Arrival { at: created, slot, label });
        out.put(conversation.number, Some(created), fate, Vec::new())
    }
}

struct Busiest(Grain);

impl Formula<Arrivals> for Busiest {
    fn finish(&self, cells: &Cells<'_, Arrivals>, rows: &mut Rows<'_>) {
        let (grain, scope) = (self.0, cells.scope);
        let first = cells.met.values().filter_map(|cell| cell.summary.first).min();
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let occurrences = match (first, cells.periods.get(period)) {
                (Some(first), Some(shown)) => occurrences(grain, scope, range(scope, *shown, first)),
                _ => [0; 24],
            };
            // Each weekday or hour that brought something, from the start of the week or of the day.
            let start = if grain == Grain::Weekday { usize::from(scope.week_start) - 1 } else { 0 };
            let counted = grain.labels().iter().zip(cell.summary.counts.0.iter().zip(occurrences));
            let met: Vec<(&str, u64, u64)> = counted
                .clone()
                .skip(start)
                .chain(counted.take(start))
                .map(|(label, (count, occurrences))| (*label, *count, occurrences))
                .filter(|(_, count, occurrences)| *count > 0 && *occurrences > 0)
                .collect();
            // As fractions, so that ties are exact.
            let is_more = |(_, a, of_a): &(&str, u64, u64), (_, b, of_b): &(&str, u64, u64)| {
                u128::from(*a) * u128::from(*of_b) > u128::from(*b) * u128::from(*of_a)
            };
            for winner in met.iter().filter(|one| !met.iter().any(|other| is_more(other, one))) {
                let (label, count, occurrences) = *winner;
                let answer = Answer {
                    label: Some(label.to_owned()),
                    ..Answer::ratio(1.0, shown(count), shown(occurrences))
                };
                rows.push(period, &[Key::from(label)], cell, &answer);
            }
            if met.is_empty() {
                rows.push(period, &[Key::Null], cell, &Answer::default());
            }
        }
    }
}

/// The first and the last instant of a period's range; `first` is that of the group's first conversation.
fn range(scope: &Scope, period: Period, first: Micros) -> (Micros, Micros) {
    let (mut from, mut last) = (scope.start.unwrap_or(first), scope.as_of);
    if let Some(end) = scope.end {
        last = last.min(end - 1);
    }
    if let Some((start, end)) = period.shown {
        (from, last) = (from.max(start), last.min(end - 1));
    }
    (from, last)
}

/// How often each weekday or hour occurs on the local days from one instant to another.
fn occurrences(grain: Grain, scope: &Scope, (from, last): (Micros, Micros)) -> [u64; 24] {
    let mut occurrences = [0; 24];
    let day = |at| local_time(at, scope.zone).map(|time| time.date());
    let (Some(first), Some(last)) = (day(from), day(last)) else { return occurrences };
    let mut count = |slot: usize| {
        if let Some(count) = occurrences.get_mut(slot) {
            *count += 1;
        }
    };
    for date in first.iter_days().take_while(|date| *date <= last) {
        match grain {
            Grain::Weekday => {
                // A date that the zone left out has no weekday.
                if hours_of(scope.zone, date).next().is_some() {
                    count(Grain::Weekday.slot(date.and_time(NaiveTime::MIN)));
                }
            }
            Grain::Hour => hours_of(scope.zone, date).for_each(&mut count),
        }
    }
    occurrences
}

/// The hours that the clock read on a date.
fn hours_of(zone: Tz, date: NaiveDate) -> impl Iterator<Item = usize> {
    let midnight = date.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
    let start = local(zone, midnight);
    // On most days the next midnight is 24 hours away, and nothing was skipped.
    let is_plain = match (start, local(zone, midnight + DAY)) {
        (Local::At(start), Local::At(end)) => end - start == DAY,
        _ => false,
    };
    (0..24)
        .filter(move |hour| {
            is_plain
                || match local(zone, midnight + i64::from(*hour) * HOUR) {
                    Local::At(_) => true,
                    // Half an hour may have been skipped: the rest of the hour is there.
                    Local::Skipped(after) => local_time(after, zone)
                        .is_some_and(|time| time.date() == date && time.hour() == *hour),
                    Local::OutOfRange => false,
                }
        })
        .map(|hour| hour as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hours(zone: Tz, date: &str) -> Vec<usize> {
        hours_of(zone, date.parse().unwrap()).collect()
    }

    #[test]
    fn hours_that_the_clock_read() {
        let all: Vec<usize> = (0..24).collect();
        let but = |hour: usize| all.iter().copied().filter(|h| *h != hour).collect::<Vec<_>>();
        assert_eq!(hours(Tz::UTC, "2026-03-29"), all);
        assert_eq!(hours(Tz::Europe__Stockholm, "2026-03-29"), but(2));
        assert_eq!(hours(Tz::Europe__Stockholm, "2026-10-25"), all);
        // Midnight became 01:00.
        assert_eq!(hours(Tz::America__Sao_Paulo, "2018-11-04"), but(0));
        // 02:00 became 02:30: half of the hour is there.
        assert_eq!(hours(Tz::Australia__Lord_Howe, "2026-10-04"), all);
        // Samoa went from Thursday 29 to Saturday 31 December 2011.
        assert_eq!(hours(Tz::Pacific__Apia, "2011-12-30"), [0_usize; 0]);
        assert_eq!(hours(Tz::Pacific__Apia, "2011-12-31"), all);
    }

    proptest! {
        #[test]
        fn laws(a: Vec<u32>, b: Vec<u32>, c: Vec<u32>) {
            let arrivals = |v: &[u32]| -> Vec<Arrival> {
                v.iter().map(|n| Arrival { at: i64::from(*n), slot: (*n % 24) as usize, label: "" }).collect()
            };
            crate::summary::laws::hold::<_, Arrivals>(&arrivals(&a), &arrivals(&b), &arrivals(&c));
        }
    }
}
