//! Which of an entity's rows count: the latest, or those near the latest.

use super::rows::{Codes, Frame};
use crate::error::Result;
use crate::key::{Coder, Key};
use crate::measure::{Fate, Reason, RowMeasure};
use crate::scope::Micros;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Which rows of one entity count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The column that names the entity. Rows without one stand for themselves.
    pub(crate) key: &'static str,
    /// Which rows stay.
    pub(crate) keep: Keep,
    /// Whether each period is looked at on its own.
    pub(crate) per_period: bool,
}

/// Which rows stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The latest.
    Latest,
    /// The latest and those at most this many days of 24 hours before it, ends included.
    WithinDays(u32),
}

/// The instants of rows, with the rows.
type Times = Vec<(Micros, usize)>;

/// The rows that a selection leaves out, in order.
pub(crate) struct Superseded {
    rows: Vec<usize>,
    reason: Reason,
}

const LATER: Reason =
    Reason::new("answered_at", "superseded", "is followed by a later answer that counts instead");
const OUTSIDE: Reason =
    Reason::new("answered_at", "outside_window", "lies too long before the latest answer");

impl Superseded {
    pub(super) fn of(&self, row: usize) -> Option<Reason> {
        self.rows.binary_search(&row).is_ok().then_some(self.reason)
    }
}

/// Finds the rows that a frame's selection leaves out: only rows that would count compete.
pub(super) fn superseded<'b, M: RowMeasure>(
    frame: &Frame<'b>,
    measure: &M,
    codes: &mut Codes<'b>,
) -> Result<Option<Superseded>> {
    let Some(select) = frame.view.select else { return Ok(None) };
    let key = frame.table.require(select.key)?;
    let mut entities = Coder::default();
    // By entity and, where each period is looked at on its own, period.
    let mut rows: BTreeMap<(u32, Option<u32>), Times> = BTreeMap::new();
    frame.each_row(measure, codes, None, None, |visit, _| {
        if let (Fate::Observed(_), Some(at)) = (&visit.fate, visit.at) {
            let entity = Key::from(frame.table.read(key, visit.row));
            if entity != Key::Null {
                let entity = entities.code(entity.reading());
                let period = if select.per_period { visit.period } else { None };
                rows.entry((entity, period)).or_default().push((at, visit.row));
            }
        }
        Ok(())
    })?;
    let mut left_out = Vec::new();
    for rows in rows.values() {
        let latest = rows.iter().max_by(|a, b| a.0.cmp(&b.0).then_with(|| tie(frame, a.1, b.1)));
        let Some((latest_at, latest_row)) = latest else { continue };
        let stays = |at: Micros, row: usize| match select.keep {
            Keep::Latest => row == *latest_row,
            Keep::WithinDays(days) => latest_at - at <= i64::from(days) * 86_400_000_000,
        };
        left_out.extend(rows.iter().filter(|(at, row)| !stays(*at, *row)).map(|(_, row)| *row));
    }
    left_out.sort_unstable();
    let reason = if select.keep == Keep::Latest { LATER } else { OUTSIDE };
    Ok(Some(Superseded { rows: left_out, reason }))
}

/// The order of rows at one instant: by key, then by all columns, so that it never depends on the input's order.
fn tie(frame: &Frame<'_>, a: usize, b: usize) -> Ordering {
    let table = frame.table;
    let compare = |column: usize| Key::from(table.read(column, a)).cmp(&Key::from(table.read(column, b)));
    let mut names: Vec<(bool, &String, usize)> =
        table.columns().iter().enumerate().map(|(at, name)| (name != frame.view.key, name, at)).collect();
    names.sort_unstable();
    names
        .iter()
        .map(|(_, _, at)| compare(*at))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}
