//! What a row of the table of goals says.

use super::{ACCOUNT, Goal, ROWS, Verdict};
use crate::column::Reading;
use crate::compute::{Moment, find_input, moment};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Input, InputKind, Reason};
use crate::request::Scope;
use crate::table::Table;
use hashbrown::HashMap;

/// What is read of a goal.
pub(crate) const GOAL_INPUTS: &[Input] = &[
    Input::required("goal_id", InputKind::Any),
    Input::required(ACCOUNT, InputKind::Any),
    Input::required("created_at", InputKind::Time),
    Input::optional("due_at", InputKind::Time),
    Input::optional("closed_at", InputKind::Time),
    Input::optional("verified_at", InputKind::Time),
    Input::optional("outcome", InputKind::Text),
    Input::optional("metric", InputKind::Any),
    Input::optional("baseline", InputKind::Number),
    Input::optional("target", InputKind::Number),
    Input::optional("actual", InputKind::Number),
    Input::optional("experience", InputKind::Number),
    Input::optional("weight", InputKind::Number),
];

const DUE_BEFORE_CREATED: Reason = Reason::new("due_at", "due_before_created", "is before the goal was set");
const NEGATIVE_WEIGHT: Reason = Reason::new("weight", "negative_weight", "is less than nothing");
const UNKNOWN_OUTCOME: Reason =
    Reason::new("outcome", "unknown_outcome", "is none of \"won\", \"lost\" and \"open\"");

pub(super) const fn not_a_number(column: &'static str) -> Reason {
    Reason::new(column, "not_a_number", "is not a finite number")
}

/// A value that is no finite number.
pub(super) struct NotANumber;

pub(super) fn number_of(reading: Reading<'_>) -> Result<Option<f64>, NotANumber> {
    match reading.unless_blank() {
        Reading::Missing => Ok(None),
        Reading::Whole(whole) => Ok(Some(whole as f64)),
        Reading::Real(real) if real.is_finite() => Ok(Some(real)),
        _ => Err(NotANumber),
    }
}

/// The columns of the table.
pub(super) struct Columns<'t> {
    pub(super) table: &'t Table<'t>,
    scope: &'t Scope,
    found: HashMap<&'static str, usize>,
}

impl<'t> Columns<'t> {
    pub(super) fn of(table: &'t Table<'t>, scope: &'t Scope) -> Result<Self> {
        let mut found = HashMap::new();
        for input in GOAL_INPUTS {
            found.extend(find_input(table, input)?.map(|column| (input.column, column)));
        }
        Ok(Self { table, scope, found })
    }

    fn read(&self, column: &str, row: usize) -> Reading<'_> {
        self.found.get(column).map_or(Reading::Missing, |column| self.table.read(*column, row).unless_blank())
    }

    fn time(&self, column: &'static str, row: usize) -> Moment {
        moment(self.read(column, row), self.scope.column_zone(ROWS.table, column))
    }

    /// The goal in a row; what is wrong with a row that has no place in time.
    pub(super) fn goal(&self, row: usize) -> Result<Goal, Reason> {
        let created = self.time("created_at", row).placed("created_at")?;
        let mut wrong = None;
        let [due, closed, verified] = ["due_at", "closed_at", "verified_at"].map(|column| {
            let time = self.time(column, row);
            if let Moment::Bad(code, text) = time {
                wrong = wrong.or(Some(Reason::new(column, code, text)));
            }
            time.at()
        });
        if due.is_some_and(|due| due < created) {
            wrong = wrong.or(Some(DUE_BEFORE_CREATED));
        }
        let columns = ["baseline", "target", "actual", "experience", "weight"];
        let [baseline, target, actual, experience, weight] = columns.map(|column| {
            number_of(self.read(column, row)).unwrap_or_else(|NotANumber| {
                wrong = wrong.or(Some(not_a_number(column)));
                None
            })
        });
        if weight.is_some_and(|weight| weight < 0.0) {
            wrong = wrong.or(Some(NEGATIVE_WEIGHT));
        }
        let verdict = match self.read("outcome", row) {
            Reading::Missing => None,
            Reading::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "won" => Some(Verdict::Won),
                "lost" => Some(Verdict::Lost),
                "open" => None,
                _ => {
                    wrong = wrong.or(Some(UNKNOWN_OUTCOME));
                    None
                }
            },
            _ => {
                wrong = wrong.or(Some(UNKNOWN_OUTCOME));
                None
            }
        };
        Ok(Goal {
            row,
            account: Key::from(self.read(ACCOUNT, row)),
            metric: Key::from(self.read("metric", row)),
            created,
            due,
            closed,
            verified,
            verdict,
            baseline,
            target,
            actual,
            experience,
            weight,
            is_internal: false,
            wrong,
            measured: None,
            from: 0,
            met: None,
        })
    }
}
