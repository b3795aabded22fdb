//! All rows of one entity: the answers of a respondent, the views of a session.

use super::View;
use crate::compute::{Clock, Gated, Moment, Row, RowView};
use crate::error::Result;
use crate::key::{Coder, Key};
use crate::scope::Micros;
use hashbrown::HashMap;

/// Rows by the value of one column; a row without one stands for itself.
pub(crate) struct ByEntity {
    /// The rows.
    pub(crate) rows: RowView,
    /// The column that names the entity.
    pub(crate) entity: &'static str,
    /// Whether it matters which row is the latest: then they need times.
    pub(crate) in_time: bool,
    /// An instant of the entity itself: its table and the column there. The entity's column is that table's key.
    pub(crate) closed_at: Option<(&'static str, &'static str)>,
}

/// The rows of one entity, in order of time, key and the remaining columns, so that the order of the input never
/// shows.
pub(crate) struct Entity<'e> {
    pub(crate) rows: Vec<Member<'e>>,
    /// The entity's own instant, if the view was asked for it and it is known.
    pub(crate) closed_at: Option<Micros>,
}

/// One row of an entity.
pub(crate) struct Member<'e> {
    pub(crate) number: usize,
    pub(crate) row: Row<'e>,
    pub(crate) time: Moment,
}

impl View for ByEntity {
    type Entity<'e> = Entity<'e>;

    fn rows(&self) -> &RowView {
        &self.rows
    }

    fn entity(&self) -> &'static str {
        self.entity
    }

    fn each(&self, gated: &Gated<'_, '_>, mut tell: impl FnMut(&Entity<'_>) -> Result<()>) -> Result<()> {
        let frame = gated.frame;
        let key = frame.table.require(self.entity)?;
        if self.in_time && frame.clock.is_absent() {
            frame.table.require(frame.clock_name())?;
        }
        let closes =
            self.closed_at.map(|(table, column)| instants(gated, table, self.entity, column)).transpose()?;
        let mut entities = Coder::default();
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut alone = Vec::new();
        for row in gated.kept() {
            let reading = frame.table.read(key, row);
            if Key::named(reading) == Key::Null {
                alone.push(row);
                continue;
            }
            let code = entities.code(reading) as usize;
            if code == rows.len() {
                rows.push(Vec::new());
            }
            if let Some(rows) = rows.get_mut(code) {
                rows.push(row);
            }
        }
        let named =
            entities.keys().iter().zip(rows.iter_mut()).map(|(key, rows)| (Some(key), rows.as_mut_slice()));
        let alone = alone.chunks_mut(1).map(|row| (None, row));
        let order = frame.table.order(frame.view.key);
        let time = |row: usize| gated.row(row).and_then(|(_, time)| time.at());
        for (key, rows) in named.chain(alone) {
            if !gated.wants(rows) {
                continue;
            }
            rows.sort_by(|a, b| time(*a).cmp(&time(*b)).then_with(|| order.compare(*a, *b)));
            let member = |number: usize| gated.row(number).map(|(row, time)| Member { number, row, time });
            let closed_at = key.and_then(|key| closes.as_ref().and_then(|closes| closes.get(key).copied()));
            tell(&Entity { rows: rows.iter().filter_map(|row| member(*row)).collect(), closed_at })?;
        }
        Ok(())
    }
}

/// The instants in a column of another table, by that table's key.
fn instants(
    gated: &Gated<'_, '_>,
    table: &str,
    key: &str,
    column: &'static str,
) -> Result<HashMap<Key, Micros>> {
    let context = gated.frame.context;
    let found = context.book.require(table)?;
    let key = found.require(key)?;
    found.require(column)?;
    let zone = context.scope.column_zone(table, column);
    let mut instants: HashMap<Key, Micros> = HashMap::new();
    Clock::of(found, column, zone).each(found, |row, time| {
        if let Some(at) = time.at() {
            // The first of several, whatever their order.
            let earliest = instants.entry(Key::named(found.read(key, row))).or_insert(at);
            *earliest = at.min(*earliest);
        }
    });
    Ok(instants)
}
