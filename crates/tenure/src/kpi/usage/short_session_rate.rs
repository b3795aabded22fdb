//! # Short sessions
//!
//! **Question.** How often are people gone as soon as they came?
//!
//! **Definition.** Sessions that are shorter than a limit, as a percentage of the sessions that begin in the period. The limit
//! is a span, or what the sessions themselves say: a session is short if the logarithm of its duration has a modified
//! z-score below -3.5, `0.6745 * (x - median) / MAD`.
//!
//! **Example.** Sessions of 0, 9, 10, 11 and 600 seconds with a limit of 10 seconds: two of five, 40 percent; 10 seconds are not
//! shorter.
//!
//! **Edge cases.** No sessions: undefined. A session of 0 seconds, as one of a single event, is short by any limit above 0 and by
//! the rule, and plays no part in median and deviation. Fewer than five longer ones: the rule says nothing, undefined. If
//! more than half of them are equally long, MAD is 0, and 1.253314 times the mean deviation takes its place; if all are, none of
//! them is short.
//!
//! **Merging and sources.** Two counts by a span, the durations themselves by the rule; all of a person goes to one part.
//! Iglewicz and Hoaglin, How to detect and handle outliers, 1993. Google calls what lasts longer than ten seconds engaged.

use super::cutting::{Cutting, session_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Place, PutSessions, SessionMeasure, Sink};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, Percent, ProportionInterval, shown};
use crate::measure::{Fate, Value};
use crate::policy::{SpanOr, choice};
use crate::request::Scope;
use crate::scope::Micros;
use crate::summary::{Cell, Counts, Durations, Elapsed, Overflow, Summary, Trial};
use crate::view::Cut;
use hashbrown::HashMap;

choice! {
    /// How short a short session is, if not shorter than a span.
    pub enum ShortRule {
        /// Much shorter than the others: by the modified z-score of the logarithm of its duration.
        Auto = "auto",
    }
}

session_policy! {
    /// The choices of short sessions.
    pub struct ShortSessionRate {
        /// Which sessions are short: those shorter than a span, or by default those much shorter than the others.
        pub limit: SpanOr<ShortRule> = SpanOr::Rule(ShortRule::Auto),
    }
}

static CARD: Card = Card {
    id: "short_session_rate",
    name: "Short sessions",
    question: "How often are people gone as soon as they came?",
    formula: "100 * sessions shorter than the limit / sessions",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::SESSION_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://rdrr.io/github/skinnider/modern/man/iglewicz_hoaglin.html",
        "https://support.google.com/analytics/answer/12798876",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = ShortSessionRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let cutting = choices.cutting();
        let planned = match choices.limit {
            SpanOr::Span(limit) => {
                let measure = Shorter { cutting, limit: limit.micros() };
                let formula = Percent { interval: ProportionInterval::Wilson };
                Planned::new(Pipeline::<_, _, Counts<2>>::sessions(measure, formula))
            }
            SpanOr::Rule(ShortRule::Auto) => {
                Planned::new(Pipeline::<_, _, Durations>::sessions(MuchShorter { cutting }, ByRule))
            }
        };
        Ok(planned.ratio())
    }
}

/// Whether each session is shorter than a limit.
struct Shorter {
    cutting: Cutting,
    limit: Micros,
}

impl SessionMeasure for Shorter {
    type Value = Trial;

    fn cut(&self, scope: &Scope) -> Cut {
        self.cutting.cut(scope)
    }

    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<Trial>>) -> Result<()> {
        out.put_each(|session, _| Fate::Observed(Trial::from(session.length < self.limit)))
    }
}

/// How long each session is, and whether it is much shorter than the others.
struct MuchShorter {
    cutting: Cutting,
}

/// A session's duration, and whether that is short as far as it was asked and can be told.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Judged {
    length: Micros,
    is_short: Option<bool>,
}

impl Value for Judged {
    fn number(&self) -> Option<f64> {
        self.is_short.map(|is_short| f64::from(u8::from(is_short)))
    }
}

impl Summary<Judged> for Durations {
    fn update(&mut self, value: &Judged, times: u64) -> Result<(), Overflow> {
        self.update(&Elapsed(value.length), times)
    }
}

impl SessionMeasure for MuchShorter {
    type Value = Judged;

    fn cut(&self, scope: &Scope) -> Cut {
        self.cutting.cut(scope)
    }

    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<Judged>>) -> Result<()> {
        let rules = if out.wants_units() { rules(out)? } else { HashMap::new() };
        out.put_each(|session, place| {
            let rule = rules.get(&place).copied().flatten();
            let is_short = rule.map(|rule: Rule| rule.is_short(session.length));
            Fate::Observed(Judged { length: session.length, is_short })
        })
    }
}

/// What the sessions of each cell say; only those who look at units ask before the formula does.
fn rules(out: &mut PutSessions<'_, '_, impl Sink<Judged>>) -> Result<HashMap<Place, Option<Rule>>> {
    let mut lengths: HashMap<Place, Vec<Micros>> = HashMap::new();
    for (session, group) in out.sessions().each() {
        if out.exclusion(session).is_none()
            && let Some(place) = out.place(session.from, group)?
        {
            lengths.entry(place).or_default().push(session.length);
        }
    }
    Ok(lengths.into_iter().map(|(place, lengths)| (place, Rule::of(&lengths))).collect())
}

/// The modified z-score of the logarithms of durations.
#[derive(Clone, Copy, Debug)]
struct Rule {
    median: f64,
    /// What a deviation from it is divided by; 0 if nothing deviates.
    spread: f64,
}

/// From so many durations on the rule says something.
const FEWEST: usize = 5;
/// The scores below which a value is an outlier.
const OUTLIER: f64 = -3.5;
/// The median absolute deviation of a normal distribution, as a part of its standard deviation.
const MEDIAN_DEVIATION: f64 = 0.6745;
/// Its standard deviation as a multiple of the mean absolute one: the square root of half of pi.
const MEAN_DEVIATION: f64 = 1.253_314;

impl Rule {
    fn of(lengths: &[Micros]) -> Option<Self> {
        let mut logs: Vec<f64> =
            lengths.iter().filter(|length| **length > 0).map(|length| log(*length)).collect();
        if logs.len() < FEWEST {
            return None;
        }
        let median = middle(&mut logs);
        let mut deviations: Vec<f64> = logs.iter().map(|log| (log - median).abs()).collect();
        let median_deviation = middle(&mut deviations);
        let spread = if median_deviation > 0.0 {
            median_deviation / MEDIAN_DEVIATION
        } else {
            // In order, so that the sum is the same whatever the order of the sessions.
            deviations.sort_unstable_by(f64::total_cmp);
            MEAN_DEVIATION * deviations.iter().sum::<f64>() / deviations.len() as f64
        };
        Some(Self { median, spread })
    }

    /// The logarithm of nothing is below all others.
    fn is_short(self, length: Micros) -> bool {
        length <= 0 || (self.spread > 0.0 && (log(length) - self.median) / self.spread < OUTLIER)
    }
}

/// Of a duration in seconds.
fn log(length: Micros) -> f64 {
    (length as f64 / 1e6).ln()
}

/// The median, of at least one value. Puts the values in another order.
fn middle(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    if half == 0 {
        return values.first().copied().unwrap_or_default();
    }
    let is_even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let lower = if is_even { below.iter().copied().max_by(f64::total_cmp) } else { None };
    lower.map_or(*upper, |lower| f64::midpoint(lower, *upper))
}

struct ByRule;

impl CellFormula<Durations> for ByRule {
    fn answer(&self, cell: &Cell<Durations>, _: f64) -> Answer {
        let lengths = cell.summary.unordered();
        let all = shown(lengths.len() as u64);
        match Rule::of(lengths) {
            None => Answer { denominator: Some(all), ..Answer::default() },
            Some(rule) => {
                let short = lengths.iter().filter(|length| rule.is_short(**length)).count();
                Answer::ratio(100.0, shown(short as u64), all)
            }
        }
    }
}
