//! The rows of an `interactions` table, one after another.

use super::Interaction;
use crate::column::{Column, Reading};
use crate::compute::check_type;
use crate::error::Result;
use crate::measure::InputKind;
use crate::table::Table;
use std::borrow::Cow;

/// Where the columns of interactions are in a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'t> {
    table: &'t Table<'t>,
    text: Option<usize>,
    author: Option<usize>,
    channel: Option<usize>,
    trigger: Option<usize>,
    purchase_phase: Option<usize>,
    lifecycle_stage: Option<usize>,
    scope: Option<usize>,
    horizon_days: Option<usize>,
    transactional: Option<usize>,
    departments: Option<usize>,
    outcome_measure: Option<usize>,
    conversation_id: Option<usize>,
    goal_id: Option<usize>,
}

impl<'t> Columns<'t> {
    /// Finds the columns and checks that each holds what it should.
    pub(super) fn of(table: &'t Table<'t>) -> Result<Self> {
        table.check()?;
        let word = |name: &str| find(table, name, InputKind::Text);
        let departments = match word("departments") {
            Ok(column) => column,
            Err(_) => find(table, "departments", InputKind::Texts)?,
        };
        Ok(Self {
            table,
            text: word("text")?,
            author: word("author")?,
            channel: word("channel")?,
            trigger: word("trigger")?,
            purchase_phase: word("purchase_phase")?,
            lifecycle_stage: word("lifecycle_stage")?,
            scope: word("scope")?,
            horizon_days: find(table, "horizon_days", InputKind::Number)?,
            transactional: find(table, "transactional", InputKind::Flag)?,
            departments,
            outcome_measure: word("outcome_measure")?,
            conversation_id: table.find("conversation_id"),
            goal_id: table.find("goal_id"),
        })
    }

    /// Calls `see` with every row, in order.
    pub(super) fn each(&self, mut see: impl FnMut(usize, &Interaction<'_>)) {
        for chunk in self.table.chunks() {
            let column = |at: Option<usize>| at.and_then(|at| chunk.columns.get(at));
            let columns = [
                self.author,
                self.channel,
                self.trigger,
                self.purchase_phase,
                self.lifecycle_stage,
                self.scope,
                self.outcome_measure,
            ]
            .map(column);
            let text = column(self.text);
            let (days, transactional) = (column(self.horizon_days), column(self.transactional));
            let (conversation, goal) = (column(self.conversation_id), column(self.goal_id));
            for row in 0..chunk.rows {
                let text = text.and_then(|column| words(column, row));
                let departments =
                    column(self.departments).map(|column| names(column, row)).unwrap_or_default();
                let [author, channel, trigger, purchase_phase, lifecycle_stage, scope, outcome_measure] =
                    columns.map(|column| column.and_then(|column| word(column, row)));
                let interaction = Interaction {
                    text: text.as_deref(),
                    author,
                    channel,
                    trigger,
                    purchase_phase,
                    lifecycle_stage,
                    scope,
                    horizon_days: days.and_then(|column| number(column.read(row))),
                    transactional: transactional.and_then(|column| truth(column.read(row))),
                    departments: &departments,
                    outcome_measure,
                    has_conversation: conversation.is_some_and(|column| is_there(column.read(row))),
                    has_goal: goal.is_some_and(|column| is_there(column.read(row))),
                };
                see(chunk.first_row + row, &interaction);
            }
        }
    }
}

/// A column that may be absent.
pub(super) fn find(table: &Table<'_>, name: &str, kind: InputKind) -> Result<Option<usize>> {
    let column = table.find(name);
    if let Some(column) = column {
        check_type(table, column, name, kind)?;
    }
    Ok(column)
}

/// A text, read as far as it is UTF-8.
fn words<'c>(column: &'c Column<'_>, row: usize) -> Option<Cow<'c, str>> {
    match column {
        Column::Text(text) => text.get(row).map(String::from_utf8_lossy),
        Column::Dictionary { keys, values } => words(values, keys.dictionary_key(row)?),
        _ => None,
    }
}

/// A word; one that is not UTF-8 is none that is known.
pub(super) fn word<'c>(column: &'c Column<'_>, row: usize) -> Option<&'c str> {
    match column.read(row) {
        Reading::Text(word) => Some(word),
        Reading::Unreadable => Some("\u{fffd}"),
        _ => None,
    }
}

/// The words of a list, or of a text in which they are separated by commas or semicolons.
fn names<'c>(column: &'c Column<'_>, row: usize) -> Vec<&'c str> {
    if let Some((items, range)) = column.list(row) {
        return range.filter_map(|at| word(items, at)).collect();
    }
    word(column, row).map(|text| text.split([',', ';']).collect()).unwrap_or_default()
}

fn number(reading: Reading<'_>) -> Option<f64> {
    match reading {
        Reading::Whole(whole) => Some(whole as f64),
        Reading::Real(real) => Some(real),
        _ => None,
    }
}

fn truth(reading: Reading<'_>) -> Option<bool> {
    match reading {
        Reading::Bool(truth) => Some(truth),
        Reading::Whole(whole) => Some(whole != 0),
        Reading::Text(text) => match text {
            "1" => Some(true),
            "0" => Some(false),
            _ => text.to_ascii_lowercase().parse().ok(),
        },
        _ => None,
    }
}

/// Whether an id is there; a blank one is not.
fn is_there(reading: Reading<'_>) -> bool {
    match reading {
        Reading::Missing => false,
        Reading::Text(text) => !text.trim().is_empty(),
        _ => true,
    }
}
