//! The time of a row.

use crate::column::{Column, Reading, Unit};
use crate::measure::Reason;
use crate::scope::{Local, Micros, is_in_time, local};
use crate::table::{Chunk, Table};
use crate::time_text::parse_time;
use chrono_tz::Tz;

/// A time of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    Absent,
    At(Micros),
    Bad(&'static str, &'static str),
}

impl Moment {
    /// The instant, if there is one that can be read.
    #[inline]
    pub(crate) fn at(self) -> Option<Micros> {
        match self {
            Moment::At(at) => Some(at),
            Moment::Absent | Moment::Bad(..) => None,
        }
    }

    /// The instant of a row that has no place without one; else what is wrong with its column.
    pub(crate) fn placed(self, column: &'static str) -> Result<Micros, Reason> {
        match self {
            Moment::At(at) => Ok(at),
            Moment::Absent => Err(missing_time(column)),
            Moment::Bad(code, text) => Err(Reason { column, code, text }),
        }
    }
}

const NOT_A_TIME: (&str, &str) = ("not_a_time", "is not a time");
const OUT_OF_TIME: (&str, &str) = ("out_of_range", "lies outside the years 1 to 9999");
const SKIPPED: (&str, &str) = ("nonexistent_local_time", "was skipped by the clocks of its zone");

/// Reads a time; wall-clock times in `zone`.
pub(crate) fn moment(reading: Reading<'_>, zone: Tz) -> Moment {
    let (at, is_instant) = match reading.unless_blank() {
        Reading::Missing => return Moment::Absent,
        Reading::Time(at, is_instant) => (at, is_instant),
        Reading::Text(text) => match parse_time(text) {
            Some(parsed) => parsed,
            None => return Moment::Bad(NOT_A_TIME.0, NOT_A_TIME.1),
        },
        _ => return Moment::Bad(NOT_A_TIME.0, NOT_A_TIME.1),
    };
    let at = if is_instant { Local::At(at) } else { local(zone, at) };
    match at {
        Local::At(at) if is_in_time(at) => Moment::At(at),
        Local::At(_) | Local::OutOfRange => Moment::Bad(OUT_OF_TIME.0, OUT_OF_TIME.1),
        Local::Skipped(_) => Moment::Bad(SKIPPED.0, SKIPPED.1),
    }
}

/// One or more time columns of which the first that is present counts.
pub(crate) struct Clock {
    columns: Vec<(usize, &'static str, Tz)>,
}

impl Clock {
    pub(crate) fn new(columns: Vec<(usize, &'static str, Tz)>) -> Self {
        Self { columns }
    }

    /// The times of one column of a table; none if it is not there.
    pub(crate) fn of(table: &Table<'_>, column: &'static str, zone: Tz) -> Self {
        Self::new(table.find(column).map(|at| (at, column, zone)).into_iter().collect())
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.columns.is_empty()
    }

    /// The first column's name.
    pub(crate) fn name(&self) -> &'static str {
        self.columns.first().map_or("", |(_, name, _)| name)
    }

    /// The first time that is present and known at `as_of`; if none is known, the first that is present.
    pub(crate) fn read(&self, chunk: &Chunk<'_>, local: usize, as_of: Micros) -> Moment {
        let mut first = Moment::Absent;
        for (column, _, zone) in &self.columns {
            let reading = chunk.columns.get(*column).map_or(Reading::Missing, |column| column.read(local));
            match moment(reading, *zone) {
                Moment::Absent => {}
                Moment::At(at) if at > as_of => {
                    if first == Moment::Absent {
                        first = Moment::At(at);
                    }
                }
                found => return found,
            }
        }
        first
    }

    /// Gives every row of a table and its time, in order.
    pub(crate) fn each(&self, table: &Table<'_>, mut tell: impl FnMut(usize, Moment)) {
        let mut scratch = Vec::new();
        for chunk in table.chunks() {
            let rows = chunk.first_row..chunk.first_row + chunk.rows;
            match self.micros(chunk, 0, chunk.rows, &mut scratch) {
                Some(times) => rows.zip(times).for_each(|(row, at)| tell(row, plain(*at))),
                None => rows.zip(0..).for_each(|(row, local)| {
                    tell(row, self.read(chunk, local, Micros::MAX));
                }),
            }
        }
    }

    /// The times of a block in microseconds, [`ABSENT`] where missing; nothing if they have to be read one by
    /// one. Borrowed where they lie in memory like that.
    pub(crate) fn micros<'c>(
        &self,
        chunk: &'c Chunk<'c>,
        from: usize,
        len: usize,
        scratch: &'c mut Vec<Micros>,
    ) -> Option<&'c [Micros]> {
        let [(column, _, zone)] = self.columns.as_slice() else { return None };
        let Column::Time { unit, instant, values } = chunk.columns.get(*column)? else { return None };
        if !*instant && *zone != Tz::UTC {
            return None;
        }
        if let (Unit::Micro, Some(dense)) = (unit, values.dense(from, from + len)) {
            return Some(dense);
        }
        let read = values.values(from, from + len)?.iter().map(|value| unit.micros(*value));
        scratch.clear();
        scratch.extend(read.map(|at| at.unwrap_or(BEYOND)));
        if let Some(validity) = values.validity() {
            validity.mark_unset(from, scratch, ABSENT);
        }
        (!scratch.contains(&BEYOND)).then_some(scratch.as_slice())
    }
}

/// Stands for a missing time where times are plain numbers; no date is that early.
pub(crate) const ABSENT: Micros = Micros::MIN;
/// Stands for a time beyond the range where times are plain numbers.
const BEYOND: Micros = Micros::MAX;

/// The time that a plain number stands for.
#[inline]
fn plain(at: Micros) -> Moment {
    match at {
        ABSENT => Moment::Absent,
        at if is_in_time(at) => Moment::At(at),
        _ => Moment::Bad(OUT_OF_TIME.0, OUT_OF_TIME.1),
    }
}

fn missing_time(column: &'static str) -> Reason {
    Reason::new(column, "missing_time", "is missing, so the row has no place in time")
}
