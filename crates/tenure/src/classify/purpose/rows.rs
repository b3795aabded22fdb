//! The rows of an `interactions` table, one after another.

use super::Interaction;
use crate::classify::cells::{find, is_there, names, number, truth, word, words};
use crate::error::Result;
use crate::measure::InputKind;
use crate::table::Table;

/// Where the columns of interactions are in a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'t> {
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
    pub(crate) fn of(table: &'t Table<'t>) -> Result<Self> {
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
    pub(crate) fn each(&self, mut see: impl FnMut(usize, &Interaction<'_>)) {
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
