//! Goals: what customers want to reach, by when, and how far they have come.
//!
//! Everything is read once, whatever a request asks, and cut at an instant when one asks: nothing that was closed,
//! verified or measured later is known then.

use super::View;
use super::coded::Numbers;
use super::people::internal_accounts;
use super::rows_of::rows_by_key;
use crate::book::Book;
use crate::compute::{Clock, Context, Gated, Ids, RowView, Untimed, check_ids, find_input};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Input, InputKind, Reason};
use crate::outcome::Fault;
use crate::policy::choice;
use crate::request::Scope;
use crate::scope::Micros;
use crate::table::Table;
use hashbrown::{HashMap, HashSet};
use std::sync::Arc;

mod columns;
#[cfg(test)]
mod tests;

use columns::{Columns, NotANumber, not_a_number, number_of};

pub(crate) use columns::GOAL_INPUTS;

choice! {
    /// What shows that a goal was reached.
    pub enum GoalEvidence {
        /// What was said when it was closed, won or lost; of others the measured value.
        Any = "any",
        /// The measured value alone.
        Measured = "measured",
        /// As any, and the customer has confirmed it.
        Verified = "verified",
    }
}

/// What was said when a goal was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Won,
    Lost,
}

/// One goal of an account. Its instants are as recorded: what is known of them at an instant, its functions say.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    pub(crate) row: usize,
    /// Nobody's goal has none.
    pub(crate) account: Key,
    /// The name of what is measured.
    pub(crate) metric: Key,
    pub(crate) created: Micros,
    pub(crate) due: Option<Micros>,
    closed: Option<Micros>,
    verified: Option<Micros>,
    verdict: Option<Verdict>,
    pub(crate) baseline: Option<f64>,
    pub(crate) target: Option<f64>,
    /// The value now, of a goal of which none are measured.
    actual: Option<f64>,
    /// The customer's rating.
    pub(crate) experience: Option<f64>,
    pub(crate) weight: Option<f64>,
    /// Whether it is a goal of one of the company's own accounts.
    pub(crate) is_internal: bool,
    /// What makes it unusable.
    pub(crate) wrong: Option<Reason>,
    /// What was measured; nothing if its own value says how far it has come.
    measured: Option<Arc<Values>>,
    /// Where in these the goal begins.
    from: usize,
    /// The first of these that meets the target.
    met: Option<(Micros, f64)>,
}

impl Goal {
    /// When it was closed, and what was said, as known at an instant.
    pub(crate) fn verdict(&self, known: Micros) -> Option<(Micros, Verdict)> {
        self.closed_by(known).zip(self.verdict)
    }

    /// When it was closed, as known at an instant.
    pub(crate) fn closed_by(&self, known: Micros) -> Option<Micros> {
        self.closed.filter(|at| *at <= known)
    }

    /// When the customer confirmed it, as known at an instant.
    pub(crate) fn verified_by(&self, known: Micros) -> Option<Micros> {
        self.verified.filter(|at| *at <= known)
    }

    /// Whether there is a way to go, so that a value can say whether it is gone.
    pub(crate) fn has_distance(&self) -> bool {
        self.target.is_some() && self.target != self.baseline
    }

    /// Whether a value meets the target: from below, unless the baseline lies above it.
    pub(crate) fn meets(&self, value: f64) -> bool {
        self.target.is_some_and(|target| match self.baseline {
            Some(baseline) if baseline > target => value <= target,
            _ => value >= target,
        })
    }

    /// The last value up to an instant and to the closing, as known at another, and when it was measured.
    pub(crate) fn latest(&self, until: Micros, known: Micros) -> Option<(Micros, f64)> {
        let end = self.closed_by(known).map_or(until, |closed| closed.min(until));
        let Some(measured) = &self.measured else { return self.actual.map(|actual| (end, actual)) };
        let before = measured.partition_point(|(at, _)| *at <= end);
        before.checked_sub(1).filter(|last| *last >= self.from).and_then(|last| measured.get(last)).copied()
    }

    /// The first value that met the target, up to an instant and to the closing, as known at another.
    pub(crate) fn met(&self, until: Micros, known: Micros) -> Option<(Micros, f64)> {
        if self.measured.is_some() {
            let end = self.closed_by(known).map_or(until, |closed| closed.min(until));
            return self.met.filter(|(at, _)| *at <= end);
        }
        self.latest(until, known).filter(|(_, actual)| self.has_distance() && self.meets(*actual))
    }

    /// When the target was reached, as known at an instant; by hand at the closing.
    pub(crate) fn reached_at(&self, as_of: Micros, evidence: GoalEvidence) -> Option<Micros> {
        self.reached_by(as_of, as_of, evidence)
    }

    /// The same, where values count up to an instant only.
    pub(crate) fn reached_by(&self, until: Micros, known: Micros, evidence: GoalEvidence) -> Option<Micros> {
        let met = self.met(until, known).map(|(at, _)| at);
        match self.verdict(known).filter(|_| evidence != GoalEvidence::Measured) {
            None => met,
            Some((closed, Verdict::Won)) => Some(met.map_or(closed, |at| at.min(closed))),
            Some((_, Verdict::Lost)) => None,
        }
    }
}

const ACCOUNT: &str = "account_id";
/// What is read of a measurement.
const MEASURED: [Input; 4] = [
    Input::required(ACCOUNT, InputKind::Any),
    Input::required("measure", InputKind::Any),
    Input::required("occurred_at", InputKind::Time),
    Input::required("value", InputKind::Number),
];
const MEASURES: &str = "measures";

const DUPLICATE: Reason = Reason::new("goal_id", "duplicate", "is the goal of an earlier row already");
const NO_ACCOUNT: Reason = Reason::new(ACCOUNT, "no_account", "names no account");
const NO_MEASURE: Reason = Reason::new("measure", "no_measure", "names nothing that could be measured");

/// All goals of a book.
pub(crate) struct Goals {
    /// By row; what is wrong with a row that has no place in time.
    rows: Vec<Result<Goal, Reason>>,
    /// The rows of each account.
    of_accounts: HashMap<Key, Vec<usize>>,
    /// The measurements that could not be used, and when they were, if that is known.
    unmeasured: Vec<(Option<Micros>, Fault)>,
}

impl Goals {
    /// The goals, read once for all requests.
    pub(crate) fn of(context: &Context<'_>) -> Result<Arc<Self>> {
        let (book, scope) = (context.book, context.scope);
        let zones = ["created_at", "due_at", "closed_at", "verified_at"]
            .map(|column| scope.column_zone(ROWS.table, column).name());
        let measured = scope.column_zone(MEASURES, "occurred_at");
        book.index(&format!("goals, {}, {measured}", zones.join(", ")), || Self::read(context))
    }

    fn read(context: &Context<'_>) -> Result<Self> {
        let (book, scope) = (context.book, context.scope);
        let columns = Columns::of(book.require(ROWS.table)?, scope)?;
        let known = rows_by_key(context, ROWS.table, ROWS.key, "created_at")?;
        let internal = internal_accounts(book, columns.table)?;
        let read = |row| {
            let mut goal = columns.goal(row)?;
            goal.is_internal = internal.contains(&goal.account);
            if known.is_duplicate(row) {
                goal.wrong = Some(DUPLICATE);
            }
            Ok(goal)
        };
        let mut goals = Self {
            rows: (0..columns.table.rows()).map(read).collect(),
            of_accounts: HashMap::new(),
            unmeasured: Vec::new(),
        };
        if let Some(measures) = book.table(MEASURES)
            && columns.table.find("metric").is_some()
        {
            goals.measure(book, measures, scope)?;
        }
        let Self { rows, of_accounts, .. } = &mut goals;
        for goal in rows.iter().filter_map(|row| row.as_ref().ok()).filter(|goal| goal.account != Key::Null) {
            of_accounts.entry(goal.account.clone()).or_default().push(goal.row);
        }
        Ok(goals)
    }

    /// The goal in a row of the table; what is wrong with a row that has no place in time.
    pub(crate) fn row(&self, row: usize) -> Option<Result<&Goal, Reason>> {
        self.rows.get(row).map(|goal| goal.as_ref().map_err(|reason| *reason))
    }

    /// All goals with a place in time, in the order of the table; among them those with which something is wrong.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Goal> {
        self.rows.iter().filter_map(|row| row.as_ref().ok())
    }

    /// Those of an account.
    pub(crate) fn of_account(&self, account: &Key) -> impl Iterator<Item = &Goal> {
        let rows = self.of_accounts.get(account).map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter_map(|row| self.rows.get(*row)?.as_ref().ok())
    }

    /// The measurements up to an instant that could not be used.
    pub(crate) fn unmeasured(&self, as_of: Micros) -> impl Iterator<Item = &Fault> {
        let is_known = move |at: &Option<Micros>| at.is_none_or(|at| at <= as_of);
        self.unmeasured.iter().filter(move |(at, _)| is_known(at)).map(|(_, fault)| fault)
    }

    /// What is wrong with the goals set up to an instant, for those who ask accounts about them.
    pub(crate) fn faults(&self, book: &Book<'_>, as_of: Micros) -> Result<Vec<Fault>> {
        let table = book.require(ROWS.table)?;
        let wrong = |(row, goal): (usize, &Result<Goal, Reason>)| {
            let reason = match goal {
                Err(reason) => *reason,
                Ok(goal) if goal.created > as_of => return None,
                Ok(goal) => goal.wrong.or((goal.account == Key::Null).then_some(NO_ACCOUNT))?,
            };
            Some(Fault::of(table, row, reason))
        };
        Ok(self.rows.iter().enumerate().filter_map(wrong).collect())
    }

    /// Finds what was measured for the goals: each measurement by its account and name, whatever the number of goals.
    fn measure(&mut self, book: &Book<'_>, table: &Table<'_>, scope: &Scope) -> Result<()> {
        let of_goals = book.require(ROWS.table)?;
        for input in &MEASURED {
            find_input(table, input)?;
        }
        for (ids, column) in [(ACCOUNT, ACCOUNT), ("measure", "metric")] {
            check_ids(Ids(table, ids), &[Ids(of_goals, column)])?;
        }
        let accounts = Numbers::of(book, MEASURES, ACCOUNT)?;
        let measures = Numbers::of(book, MEASURES, "measure")?;
        let [of_account, of_measure] = [&accounts, &measures].map(|numbers| numbers_of_keys(numbers));
        // What nobody has measured has no number; nor has a goal without a metric, or of nobody.
        let place = |goal: &Goal| Some((*of_account.get(&goal.account)?, *of_measure.get(&goal.metric)?));
        let mut series: HashMap<(u32, u32), Vec<(Micros, f64)>> =
            self.all().filter_map(place).map(|place| (place, Vec::new())).collect();
        let metrics: HashSet<u32> =
            self.all().filter_map(|goal| of_measure.get(&goal.metric)).copied().collect();
        let value = table.require("value")?;
        let clock = Clock::of(table, "occurred_at", scope.column_zone(MEASURES, "occurred_at"));
        let unmeasured = &mut self.unmeasured;
        clock.each(table, |row, time| {
            let place @ (account, measure) = (accounts.of_row(row), measures.of_row(row));
            let reason = match series.get_mut(&place) {
                _ if measure == 0 => NO_MEASURE,
                _ if account == 0 && metrics.contains(&measure) => NO_ACCOUNT,
                None => return,
                Some(series) => match (time.placed("occurred_at"), number_of(table.read(value, row))) {
                    (Err(reason), _) => reason,
                    (_, Err(NotANumber)) => not_a_number("value"),
                    (Ok(at), Ok(Some(value))) => return series.push((at, value)),
                    // Nothing was measured.
                    (Ok(_), Ok(None)) => return,
                },
            };
            unmeasured.push((time.at(), Fault::of(table, row, reason)));
        });
        let in_order = |mut values: Vec<(Micros, f64)>| -> Arc<Values> {
            values.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
            values.into()
        };
        let series: HashMap<_, _> =
            series.into_iter().map(|(place, values)| (place, in_order(values))).collect();
        for goal in self.rows.iter_mut().filter_map(|row| row.as_mut().ok()) {
            if goal.metric != Key::Null {
                let values = place(goal).and_then(|place| series.get(&place).cloned());
                goal.take(values.unwrap_or_else(|| Arc::new([])));
            }
        }
        Ok(())
    }
}

impl Goal {
    /// Takes what was measured.
    fn take(&mut self, values: Arc<Values>) {
        self.from = values.partition_point(|(at, _)| *at < self.created);
        let mut since = values.iter().skip(self.from);
        self.met = since.find(|(_, value)| self.has_distance() && self.meets(*value)).copied();
        self.measured = Some(values);
    }
}

/// What was measured of one account under one name, in order of time; of equal times the greatest last.
type Values = [(Micros, f64)];

/// The number of each value of a column that names something.
fn numbers_of_keys(numbers: &Numbers) -> HashMap<&Key, u32> {
    let named = |(key, _): &(&Key, u32)| Key::named(key.reading()) != Key::Null;
    numbers.keys().iter().zip(0..).filter(named).collect()
}

/// Every goal is a unit.
pub(crate) struct EachGoal;

/// The rows of the goals.
const ROWS: RowView = RowView {
    table: "goals",
    key: "goal_id",
    time: &["created_at"],
    untimed: Untimed::Fault,
    kind: None,
    excluded: &[],
    scale: None,
};

/// The accounts of the goals.
pub(crate) const ACCOUNTS_OF_GOALS: RowView =
    RowView { key: ACCOUNT, time: &[], untimed: Untimed::Always, ..ROWS };

/// A row of the table, and its goal if it has a place in time.
pub(crate) struct GoalRow<'e> {
    pub(crate) number: usize,
    pub(crate) goal: Result<&'e Goal, Reason>,
}

impl View for EachGoal {
    type Entity<'e> = GoalRow<'e>;

    fn rows(&self) -> &RowView {
        &ROWS
    }

    fn entity(&self) -> &'static str {
        ROWS.key
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&GoalRow<'_>) -> Result<()>) -> Result<()> {
        let goals = Goals::of(gated.frame.context)?;
        gated.each_row(|number, _| goals.row(number).map_or(Ok(()), |goal| tell(&GoalRow { number, goal })))
    }

    /// A goal's own value stands in for measurements.
    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        let has = |column: &&str| book.table(ROWS.table).is_some_and(|goals| goals.find(column).is_some());
        if book.table(MEASURES).is_some() { Vec::new() } else { ["actual"].into_iter().filter(has).collect() }
    }

    fn faults(&self, gated: &Gated<'_, '_>) -> Result<Vec<Fault>> {
        let context = gated.frame.context;
        Ok(Goals::of(context)?.unmeasured(context.scope.as_of).cloned().collect())
    }
}
