//! What every KPI needs of a conversation's own row, read once for all of them.

use crate::column::Reading;
use crate::compute::{Clock, Context, RowView};
use crate::error::Result;
use crate::measure::flag;
use crate::scope::Micros;
use crate::view::coded::{Coded, Place};
use crate::view::rows_of::conversations_by_id;
use std::sync::Arc;

/// All conversations, by row.
pub(crate) struct Roster {
    /// When each was created; [`UNSETTLED`] for those whose own row may leave them out.
    created: Vec<Micros>,
    /// Who started it. Beside the instants and not among them, where it would take as much room as they do.
    initiated: Vec<Initiated>,
}

/// Who started a conversation, as its own row says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Initiated {
    Unsaid,
    ByCompany,
    ByOthers,
}

const UNSETTLED: Micros = Micros::MIN;

impl Roster {
    /// `view` says which column is the time, and which flags leave a conversation out.
    pub(crate) fn of(context: &Context<'_>, view: &RowView) -> Result<Arc<Self>> {
        let name = view.time.first().copied().unwrap_or("created_at");
        let zone = context.scope.column_zone(view.table, name);
        context.book.index(&format!("{} with {name}, {zone}", view.table), || {
            let table = context.book.require(view.table)?;
            let flags = view.excluded.iter().filter_map(|flag| table.find(flag));
            let mut flags: Vec<Coded<'_, bool>> =
                flags.map(|column| Coded::new(table, Some(column), |key| flag(key.reading()))).collect();
            let mut initiated_by =
                Coded::new(table, table.find("initiated_by"), |key| match key.reading().unless_blank() {
                    Reading::Text(who) if who.eq_ignore_ascii_case("company") => Initiated::ByCompany,
                    Reading::Text(_) => Initiated::ByOthers,
                    _ => Initiated::Unsaid,
                });
            let duplicates = match table.find(view.key) {
                Some(_) => Some(conversations_by_id(context.book, context.scope)?),
                None => None,
            };
            let mut created = Vec::with_capacity(table.rows());
            let mut initiated = Vec::with_capacity(table.rows());
            Clock::of(table, name, zone).each(table, |_, time| created.push(time.at().unwrap_or(UNSETTLED)));
            Place::each(table, |place, row| {
                let is_flagged = flags.iter_mut().fold(false, |flagged, flag| flag.at(place) | flagged);
                let is_duplicate = duplicates.as_ref().is_some_and(|rows| rows.is_duplicate(row));
                if (is_flagged || is_duplicate)
                    && let Some(created) = created.get_mut(row)
                {
                    *created = UNSETTLED;
                }
                initiated.push(initiated_by.at(place));
            });
            Ok(Self { created, initiated })
        })
    }

    /// When a conversation was created, if nothing in its own row leaves it out, and who started it.
    #[inline]
    pub(crate) fn entry(&self, row: usize) -> (Option<Micros>, Initiated) {
        let created = self.created.get(row).copied().filter(|created| *created != UNSETTLED);
        (created, self.initiated.get(row).copied().unwrap_or(Initiated::Unsaid))
    }
}
