//! What every KPI needs of a conversation's own row, read once for all of them.

use crate::compute::{Clock, Gated, Moment};
use crate::error::Result;
use crate::key::Key;
use crate::measure::flag;
use crate::scope::{Micros, is_in_time};
use crate::table::Table;
use crate::view::coded::{Coded, Place};
use crate::view::rows_of::conversations_by_id;
use chrono_tz::Tz;
use std::sync::Arc;

/// All conversations, by row: when each was created, [`UNSETTLED`] for those whose own row may leave them out, and who
/// started it.
pub(super) struct Roster(Vec<(Micros, Initiated)>);

/// Who started a conversation, as its own row says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Initiated {
    Unsaid,
    ByCompany,
    ByOthers,
}

const UNSETTLED: Micros = Micros::MIN;

impl Roster {
    /// The flags of `gated`'s view are read too.
    pub(super) fn of(gated: &Gated<'_, '_>) -> Result<Arc<Self>> {
        let view = gated.frame.view;
        let context = gated.frame.context;
        let name = view.time.first().copied().unwrap_or("created_at");
        let zone = context.scope.column_zone(view.table, name);
        context.book.index(&format!("{} with {name}, {zone}", view.table), || {
            let table = gated.frame.table;
            let flags = view.excluded.iter().filter_map(|flag| table.find(flag));
            let mut flags: Vec<Coded<'_, bool>> =
                flags.map(|column| Coded::new(table, Some(column), |key| flag(key.reading()))).collect();
            let mut initiated_by = Coded::new(table, table.find("initiated_by"), |key| match key {
                Key::Text(who) if who.trim().is_empty() => Initiated::Unsaid,
                Key::Text(who) if who.eq_ignore_ascii_case("company") => Initiated::ByCompany,
                Key::Text(_) => Initiated::ByOthers,
                _ => Initiated::Unsaid,
            });
            let duplicates = match table.find(view.key) {
                Some(_) => Some(conversations_by_id(context.book, context.scope)?),
                None => None,
            };
            let mut entries = Vec::with_capacity(table.rows());
            let times = times(table, name, zone);
            Place::each(table, |place, row| {
                let is_flagged = flags.iter_mut().fold(false, |flagged, flag| flag.at(place) | flagged);
                let is_duplicate = duplicates.as_ref().is_some_and(|rows| rows.is_duplicate(row));
                let created = match times.get(row) {
                    Some(at) if !is_flagged && !is_duplicate => *at,
                    _ => UNSETTLED,
                };
                entries.push((created, initiated_by.at(place)));
            });
            Ok(Self(entries))
        })
    }

    /// When a conversation was created, if nothing in its own row leaves it out, and who started it.
    #[inline]
    pub(super) fn entry(&self, row: usize) -> (Option<Micros>, Initiated) {
        let (created, initiated) = self.0.get(row).copied().unwrap_or((UNSETTLED, Initiated::Unsaid));
        ((created != UNSETTLED).then_some(created), initiated)
    }
}

/// The instants of a column; [`UNSETTLED`] where there is none that can be read.
fn times(table: &Table<'_>, name: &'static str, zone: Tz) -> Vec<Micros> {
    let clock = Clock::new(table.find(name).map(|column| (column, name, zone)).into_iter().collect());
    let mut times = Vec::with_capacity(table.rows());
    let mut scratch = Vec::new();
    for chunk in table.chunks() {
        match clock.micros(chunk, 0, chunk.rows, &mut scratch) {
            Some(read) => times.extend(read.iter().map(|at| if is_in_time(*at) { *at } else { UNSETTLED })),
            None => times.extend((0..chunk.rows).map(|local| match clock.read(chunk, local, Micros::MAX) {
                Moment::At(at) => at,
                _ => UNSETTLED,
            })),
        }
    }
    times
}
