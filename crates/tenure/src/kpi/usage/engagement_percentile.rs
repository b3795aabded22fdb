//! # Relative engagement
//!
//! **Question.** How engaged is an account, compared with others like it?
//!
//! **Definition.** The percentile rank of its actions a day, over the last 14 full days, among its peers:
//! `100 * (peers below + half of those alike) / other peers`; less than one action a day is 0. Peers are all accounts, or those
//! with the same value in a column of `accounts`. By `account_id` each account has its row; a group of several has their mean.
//!
//! **Example.** Of four accounts with 10, 5, 5 and 0.9 actions a day the first has 100, the second and third have one peer below
//! and one alike of three, 50, the last 0.
//!
//! **Edge cases.** The day of `as_of` is not full, and does not count; `end` at midnight ends with a full day. An account that
//! was created within the window is measured by its own days, and is immature on its first. Who has no peers is
//! missing. `where` chooses the peers, `by` does not. Internal accounts are no peers, and what internal people and bots do
//! is no action.
//!
//! **Merging and sources.** All accounts are compared with each other: the data cannot be split. Totango's engagement score.

use super::accounts::{OF_EVENTS, groups_by_account, length, local_days, place, scope_of_accounts};
use super::population::{Population, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Clock, Context, Instead, Out, Pipeline, Sink, Stretch, stretches};
use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use crate::formula::{Answer, CellFormula};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, Value};
use crate::policy::Rolling;
use crate::scope::Micros;
use crate::summary::{Cell, Integers, Overflow, Summary};
use crate::view::{Activity, Distinct, Grain, ON_RECORD, Occurrence, Values, Wanted, days};
use hashbrown::HashMap;
use std::cmp::Ordering;

usage_policy! {
    /// The choices of relative engagement.
    pub struct EngagementPercentile {
        /// Over how many full local days actions are counted; or over the period as far as it is over.
        pub window: Rolling = Rolling::Days(14),
        /// The column of `accounts` whose value peers share. By default null: all accounts are peers.
        pub peers: Option<String> = None,
    }
    presets {
        /// Accounts of the same status. https://support.totango.com/hc/en-us/articles/203166195
        Totango { window: Rolling::Days(14), peers: Some("status".to_owned()) }
    }
}

static CARD: Card = Card {
    id: "engagement_percentile",
    name: "Relative engagement",
    question: "How engaged is an account, compared with others like it?",
    formula: "100 * (peers with fewer actions a day + half of those with as many) / other peers",
    unit: "score",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "accounts",
    key: "account_id",
    inputs: super::ACCOUNT_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["internal"],
    revision: 1,
    sources: &["https://support.totango.com/hc/en-us/articles/203166195"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = EngagementPercentile;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let plan = |rows| {
            let measure = Engagement {
                population: choices.population(),
                window: choices.window,
                peers: choices.peers.clone(),
            };
            let accounts = Distinct { rows, column: "account_id" };
            Pipeline::<_, _, Integers>::entities(accounts, measure, MeanScore)
        };
        Ok(Planned::new(Instead::of(plan(ON_RECORD), plan(OF_EVENTS))))
    }
}

/// The rank of each account among its peers.
struct Engagement {
    population: Population,
    window: Rolling,
    peers: Option<String>,
}

/// A percentile in whole steps, so that sums are exact.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Score(i64);

/// Steps of a point.
const STEPS: i64 = 1_000_000_000_000;

impl Value for Score {
    fn number(&self) -> Option<f64> {
        Some(self.0 as f64 / STEPS as f64)
    }
}

impl Summary<Score> for Integers {
    fn update(&mut self, score: &Score, times: u64) -> Result<(), Overflow> {
        self.update(&score.0, times)
    }
}

/// The mean of scores.
struct MeanScore;

impl CellFormula<Integers> for MeanScore {
    fn answer(&self, cell: &Cell<Integers>, _: f64) -> Answer {
        let Integers { n, sum, .. } = cell.summary;
        let mean = (n > 0).then(|| sum as f64 / (STEPS as f64 * n as f64));
        Answer { is_census: true, ..Answer::of(mean) }
    }
}

/// Actions a day, exact: so many in so many days.
#[derive(Clone, Copy)]
struct Rate {
    actions: u64,
    days: u64,
}

impl Rate {
    fn compare(&self, other: &Self) -> Ordering {
        let cross = |one: &Self, other: &Self| u128::from(one.actions) * u128::from(other.days);
        cross(self, other).cmp(&cross(other, self))
    }
}

/// What was done for each account in each window.
struct Done {
    stretches: Vec<Stretch>,
    accounts: HashMap<Key, usize>,
    /// The number of events, by window and account.
    actions: Vec<Vec<u64>>,
    /// The column of `accounts` that tells peers.
    peers: Option<usize>,
}

impl Done {
    /// How much was done for an account in a window.
    fn of(&self, window: usize, account: &Key) -> u64 {
        let counts = self.accounts.get(account).zip(self.actions.get(window));
        counts.and_then(|(account, counts)| counts.get(*account)).copied().unwrap_or(0)
    }
}

impl EntityMeasure for Engagement {
    type Value = Score;
    type View = Distinct;
    type Side = Done;

    fn inputs(&self) -> &[Input] {
        &[]
    }

    fn compares_all(&self) -> bool {
        true
    }

    fn side(&self, context: &Context<'_>) -> Result<Done> {
        let scope = scope_of_accounts(context, CARD.id)?;
        let column = |name: &String| {
            let table = context.book.require("accounts")?;
            table.find(name).ok_or_else(|| {
                let hint = suggest(name, table.columns().iter().map(String::as_str));
                let message = format!("peers names {}, which table \"accounts\" has not{hint}", quoted(name));
                Error::new(ErrorKind::UnknownColumn, message).in_table("accounts").in_column(name)
            })
        };
        let peers = self.peers.as_ref().map(column).transpose()?;
        let full = |stretch: Stretch| self.full_days(context, stretch);
        let met = first_and_last(context)?;
        let stretches = stretches(context, self.window, met)?.into_iter();
        let stretches = stretches.map(full).collect::<Result<Vec<_>>>()?;
        let by = Some(vec!["account_id".to_owned()]);
        let wanted = Wanted { by, counted: true, ..self.population.wanted(Grain::Day) };
        let activity = Activity::of(&Context { scope: &scope, ..*context }, &wanted, None)?;
        let days = activity.days(0);
        let actions = stretches.iter().map(|stretch| days.events(stretch.from, stretch.to)).collect();
        Ok(Done { stretches, accounts: groups_by_account(&activity), actions, peers })
    }

    fn entity<E: Evidence>(
        &self,
        done: &Done,
        Values(accounts): &Values<'_>,
        out: &mut Out<'_, '_, impl Sink<Score>>,
        _: &mut E,
    ) -> Result<()> {
        let context = out.gated.frame.context;
        for (window, stretch) in done.stretches.iter().enumerate() {
            let mut compared: HashMap<Key, Vec<(Rate, Occurrence)>> = HashMap::new();
            let mut told: Vec<(Fate<Score>, Occurrence)> = Vec::new();
            for account in accounts {
                let actions = done.of(window, account.key);
                for occurrence in &account.occurrences {
                    let Some((row, _)) = out.gated.row(occurrence.row) else { continue };
                    let days = self.days_of(context, stretch, occurrence)?;
                    let own = match days {
                        None => continue,
                        Some(0) => Fate::Immature,
                        Some(_) => Fate::Observed(Score(0)),
                    };
                    let Some((_, fate)) = out.gated.frame.judge(own, &row, occurrence.since)? else {
                        continue;
                    };
                    match (fate, days) {
                        (Fate::Observed(_), Some(days)) => {
                            let of = |column| Key::from(out.gated.frame.table.read(column, occurrence.row));
                            let peers = done.peers.map_or(Key::Null, of);
                            compared.entry(peers).or_default().push((Rate { actions, days }, *occurrence));
                        }
                        (fate, _) => told.push((fate, *occurrence)),
                    }
                }
            }
            told.extend(compared.values_mut().flat_map(|peers| ranked(peers)));
            told.sort_by_key(|(_, account)| account.row);
            for (fate, account) in told {
                out.put(account.row, place(context, stretch.at), fate, Vec::new())?;
            }
        }
        Ok(())
    }
}

impl Engagement {
    /// The full days of a stretch of time: those that are over.
    fn full_days(&self, context: &Context<'_>, stretch: Stretch) -> Result<Stretch> {
        let calendar = days(context.scope);
        let last = stretch.to.min(context.scope.as_of);
        let to = calendar.period(last)?.0;
        let from = match self.window {
            Rolling::Days(count) => calendar.days_before(to - 1, count - 1)?,
            Rolling::Period => stretch.from,
        };
        Ok(Stretch { from, to, ..stretch })
    }

    /// How many full days an account has been there; nothing if it is not there yet.
    fn days_of(&self, context: &Context<'_>, stretch: &Stretch, account: &Occurrence) -> Result<Option<u64>> {
        match account.since.at() {
            Some(created) if created >= stretch.to => {
                // On its first day it is there, but no day of it is full.
                let today = days(context.scope).period(stretch.to)?.1;
                Ok((created < today).then_some(0))
            }
            Some(created) if created > stretch.from => local_days(context, created, stretch.to).map(Some),
            _ => length(context, self.window, stretch.from, stretch.to).map(Some),
        }
    }
}

/// Accounts in order of their rates, with their ranks.
fn ranked(peers: &mut [(Rate, Occurrence)]) -> Vec<(Fate<Score>, Occurrence)> {
    peers.sort_by(|(one, _), (other, _)| one.compare(other));
    let others = i128::try_from(peers.len()).unwrap_or(i128::MAX) - 1;
    let mut told = Vec::with_capacity(peers.len());
    let mut below = 0_i128;
    for alike in peers.chunk_by(|(one, _), (other, _)| one.compare(other) == Ordering::Equal) {
        let count = i128::try_from(alike.len()).unwrap_or(i128::MAX);
        for (rate, account) in alike {
            let fate = if others == 0 {
                Fate::Missing
            } else if rate.actions < rate.days {
                Fate::Observed(Score(0))
            } else {
                let twice = 100 * i128::from(STEPS) * (2 * below + count - 1);
                // Rounded to the nearest step.
                let score = (twice + others) / (2 * others);
                Fate::Observed(Score(i64::try_from(score).unwrap_or(i64::MAX)))
            };
            told.push((fate, *account));
        }
        below += count;
    }
    told
}

/// The times of the first and the last event known.
fn first_and_last(context: &Context<'_>) -> Result<Option<(Micros, Micros)>> {
    let events = context.book.require("events")?;
    let zone = context.scope.column_zone("events", "occurred_at");
    let mut ends: Option<(Micros, Micros)> = None;
    Clock::of(events, "occurred_at", zone).each(events, |_, time| {
        if let Some(at) = time.at().filter(|at| *at <= context.scope.as_of) {
            ends = Some(ends.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        }
    });
    Ok(ends)
}
