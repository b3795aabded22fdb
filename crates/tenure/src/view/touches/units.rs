//! Touches as units, and the accounts that they name.

use super::{ACCOUNT, Touch, TouchTable, Touches};
use crate::compute::{Context, Gated, Row, RowView};
use crate::error::Result;
use crate::key::Key;
use crate::scope::Micros;
use crate::view::View;

/// The touches of one table, each a unit.
pub(crate) struct TouchRows {
    pub(crate) table: TouchTable,
    pub(crate) rows: RowView,
}

impl TouchRows {
    pub(crate) fn of(table: TouchTable) -> Self {
        Self { table, rows: table.rows(table.key()) }
    }
}

/// One row, and what it tells.
pub(crate) struct TouchRow<'e> {
    pub(crate) number: usize,
    pub(crate) row: &'e Row<'e>,
    pub(crate) touch: &'e Touch,
    pub(crate) touches: &'e Touches,
}

impl View for TouchRows {
    type Entity<'e> = TouchRow<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        ACCOUNT
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&TouchRow<'_>) -> Result<()>) -> Result<()> {
        let touches = &*Touches::of(gated.frame.context)?;
        gated.each_row(|number, row| match touches.of_row(self.table, number) {
            Some(touch) => tell(&TouchRow { number, row, touch, touches }),
            None => Ok(()),
        })
    }
}

/// The accounts that touches name, each a unit of the table that tells of it first.
pub(crate) struct TouchedAccounts {
    table: TouchTable,
    rows: RowView,
}

impl TouchedAccounts {
    pub(crate) fn of(table: TouchTable) -> Self {
        // No flag of a touch says anything of its account.
        Self { table, rows: RowView { excluded: &[], ..table.rows(ACCOUNT) } }
    }
}

/// An account, and the touch by which it is known.
pub(crate) struct TouchedAccount<'e> {
    pub(crate) key: &'e Key,
    pub(crate) since: Micros,
    pub(crate) number: usize,
    pub(crate) row: &'e Row<'e>,
}

impl View for TouchedAccounts {
    type Entity<'e> = TouchedAccount<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        ACCOUNT
    }

    fn each(
        &self,
        gated: &Gated<'_, '_>,
        mut tell: impl FnMut(&TouchedAccount<'_>) -> Result<()>,
    ) -> Result<()> {
        let context = gated.frame.context;
        let touches = Touches::of(context)?;
        for account in touches.accounts.iter().skip(1) {
            let Some(first) = touches.first(account, context.scope.as_of) else { continue };
            let number = first.row as usize;
            let is_asked_for = gated.keeps(number) && gated.wants_any(std::iter::once(number));
            if let Some((row, _)) = gated.row(number).filter(|_| first.table == self.table && is_asked_for) {
                tell(&TouchedAccount { key: &account.key, since: first.at, number, row: &row })?;
            }
        }
        Ok(())
    }

    fn unit_rows(&self, context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        let touches = Touches::of(context)?;
        let first = |row: usize| {
            let account = touches.accounts.get(touches.of_row(self.table, row)?.account as usize)?;
            let first = touches.first(account, context.scope.as_of)?;
            (first.table == self.table).then_some(first.row as usize)
        };
        let mut units: Vec<usize> = rows.into_iter().map(|row| first(row).unwrap_or(row)).collect();
        units.sort_unstable();
        units.dedup();
        Ok(units)
    }
}
