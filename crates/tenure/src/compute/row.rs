//! One row, as a measure sees it, and the columns behind it.

use super::clock::{Moment, moment};
use crate::column::{Column, Reading};
use crate::error::{Error, ErrorKind, Result, quoted};
use crate::key::Key;
use crate::measure::{Input, InputKind, Need, is_flag};
use crate::scope::Micros;
use crate::table::{Chunk, Table};
use chrono_tz::Tz;

/// One row, as a measure sees it.
pub(crate) struct Row<'r> {
    source: Source<'r>,
}

enum Source<'r> {
    Chunk {
        inputs: &'r [Option<BoundInput>],
        chunk: &'r Chunk<'r>,
        local: usize,
        as_of: Micros,
    },
    /// A row of which only the first input is known.
    Only(Reading<'r>),
}

/// An input of a measure, found in the table.
#[derive(Clone, Copy)]
pub(crate) struct BoundInput {
    pub(super) column: usize,
    pub(super) zone: Tz,
}

impl BoundInput {
    fn read<'c>(&self, chunk: &'c Chunk<'c>, local: usize) -> Reading<'c> {
        self.of(chunk).map_or(Reading::Missing, |column| column.read(local))
    }

    /// The input's column in a chunk.
    pub(super) fn of<'c>(&self, chunk: &'c Chunk<'c>) -> Option<&'c Column<'c>> {
        chunk.columns.get(self.column)
    }
}

impl<'r> Row<'r> {
    pub(super) fn new(
        inputs: &'r [Option<BoundInput>],
        chunk: &'r Chunk<'r>,
        local: usize,
        as_of: Micros,
    ) -> Self {
        Self { source: Source::Chunk { inputs, chunk, local, as_of } }
    }

    /// A row of which only the first input is known.
    pub(super) fn only(reading: Reading<'r>) -> Self {
        Self { source: Source::Only(reading) }
    }

    /// Where the row lies; nothing for a row of which only the first input is known.
    pub(crate) fn place(&self) -> Option<(&'r Chunk<'r>, usize)> {
        match self.source {
            Source::Chunk { chunk, local, .. } => Some((chunk, local)),
            Source::Only(_) => None,
        }
    }

    /// The value of an input, by its position in the measure's inputs.
    #[inline]
    pub(crate) fn read(&self, input: usize) -> Reading<'r> {
        match &self.source {
            Source::Chunk { inputs, chunk, local, .. } => match inputs.get(input) {
                Some(Some(found)) => found.read(chunk, *local),
                _ => Reading::Missing,
            },
            Source::Only(reading) => {
                if input == 0 {
                    *reading
                } else {
                    Reading::Missing
                }
            }
        }
    }

    /// Whether the table has an input's column at all.
    pub(crate) fn has(&self, input: usize) -> bool {
        matches!(&self.source, Source::Chunk { inputs, .. } if matches!(inputs.get(input), Some(Some(_))))
    }

    /// The instant in an input.
    pub(crate) fn moment(&self, input: usize) -> Moment {
        match &self.source {
            Source::Chunk { inputs, chunk, local, .. } => match inputs.get(input) {
                Some(Some(found)) => moment(found.read(chunk, *local), found.zone),
                _ => Moment::Absent,
            },
            Source::Only(_) => Moment::Absent,
        }
    }

    /// The instant up to which the row is known; of one of which only the first input is known, there is none.
    pub(crate) fn as_of(&self) -> Micros {
        match self.source {
            Source::Chunk { as_of, .. } => as_of,
            Source::Only(_) => Micros::MAX,
        }
    }

    /// The instant in an input as it is known at `as_of`: a later one reads as absent.
    pub(crate) fn known(&self, input: usize) -> Moment {
        match self.moment(input) {
            Moment::At(at) if at > self.as_of() => Moment::Absent,
            moment => moment,
        }
    }

    /// Whether the instant in an input is known at `as_of`.
    pub(crate) fn happened(&self, input: usize) -> bool {
        matches!(self.known(input), Moment::At(_))
    }

    /// The texts of a list input, each once; none if the list is missing.
    pub(crate) fn texts(&self, input: usize) -> Vec<&'r str> {
        let Source::Chunk { inputs, chunk, local, .. } = &self.source else { return Vec::new() };
        let Some(Some(found)) = inputs.get(input) else { return Vec::new() };
        let Some(column) = found.of(chunk) else { return Vec::new() };
        let Some((items, range)) = column.list(*local) else { return Vec::new() };
        let text = |at| match items.read(at).unless_blank() {
            Reading::Text(text) => Some(text),
            _ => None,
        };
        let mut texts: Vec<&str> = range.filter_map(text).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }
}

/// Finds the column of an input; a required one that is absent, or one of the wrong type, is an error.
pub(crate) fn find_input(table: &Table<'_>, input: &Input) -> Result<Option<usize>> {
    let column = match input.need {
        Need::Required => Some(table.require(input.column)?),
        Need::RequiredUnless(other) => table.require_unless(other, input.column)?,
        Need::Optional => table.find(input.column),
    };
    if let Some(column) = column {
        check_type(table, column, input.column, input.kind)?;
    }
    Ok(column)
}

/// Checks that a column can serve an input. A column of nothing but missing values serves any.
pub(crate) fn check_type(table: &Table<'_>, column: usize, name: &str, kind: InputKind) -> Result<()> {
    let expected = match kind {
        InputKind::Number => "numbers",
        InputKind::Text => "text",
        InputKind::Time => "times (timestamps, dates or ISO 8601 text)",
        InputKind::Flag => return check_flags(table, column, name),
        InputKind::Texts => "lists of text",
        InputKind::Any => "plain values",
    };
    for chunk in table.chunks() {
        let Some(column) = chunk.columns.get(column) else { continue };
        let serves = match (kind, plain(column)) {
            (InputKind::Number, column) => is_number(column),
            (InputKind::Text, column) => matches!(column, Column::Text(_)),
            (InputKind::Time, column) => matches!(column, Column::Time { .. } | Column::Text(_)),
            (InputKind::Texts, column) => matches!(column, Column::List { .. }),
            (InputKind::Any | InputKind::Flag, column) => {
                !matches!(column, Column::List { .. } | Column::Opaque { .. })
            }
        };
        if !serves && !column.all_missing() {
            let message = format!(
                "column \"{name}\" of table \"{}\" holds {}; expected {expected}",
                table.name(),
                column.type_name()
            );
            return Err(Error::new(ErrorKind::WrongType, message).in_table(table.name()).in_column(name));
        }
    }
    Ok(())
}

/// Checks that every value of a column says true or false, or nothing: one that does not would silently be false.
fn check_flags(table: &Table<'_>, at: usize, name: &str) -> Result<()> {
    for chunk in table.chunks() {
        let Some(column) = chunk.columns.get(at) else { continue };
        // A dictionary says the same many times.
        let is_known = match column {
            Column::Bool(..) => true,
            Column::Dictionary { values, .. } => (0..values.len()).all(|at| is_flag(values.read(at))),
            _ => false,
        };
        let spoilt = (0..if is_known { 0 } else { column.len() }).find(|row| !is_flag(column.read(*row)));
        if let Some(local) = spoilt {
            let (row, found) = ((chunk.first_row + local) as u64, Key::from(column.read(local)));
            let message = format!(
                "column \"{name}\" of table \"{}\" holds {}, in row {row} {}; expected true and false, yes and no, 1 and 0",
                table.name(),
                column.type_name(),
                quoted(&found.to_string())
            );
            let error = Error::new(ErrorKind::WrongType, message).in_table(table.name()).in_column(name);
            return Err(error.in_row(row));
        }
    }
    Ok(())
}

/// Finds a column of flags that decides something; one that holds anything else is an error.
pub(crate) fn find_flag(table: &Table<'_>, name: &str) -> Result<Option<usize>> {
    let found = table.find(name);
    found.map_or(Ok(()), |column| check_flags(table, column, name))?;
    Ok(found)
}

fn plain<'c>(column: &'c Column<'c>) -> &'c Column<'c> {
    match column {
        Column::Dictionary { values, .. } => values,
        column => column,
    }
}

fn is_number(column: &Column<'_>) -> bool {
    !matches!(
        column,
        Column::Bool(..)
            | Column::Time { .. }
            | Column::Text(_)
            | Column::List { .. }
            | Column::Opaque { .. }
    )
}
