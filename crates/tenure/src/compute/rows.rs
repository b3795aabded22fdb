//! The driver of row measures: every row of the unit table, placed and judged.

use super::fast::Fast;
use super::place::{Bound, Clock, Filter, Grouping, Moment, PeriodCoder, missing_time, moment};
use super::select::{Selection, Superseded};
use super::{Context, Part, Splits};
use crate::book::Book;
use crate::column::{Column, Reading};
use crate::error::{Error, ErrorKind, Result};
use crate::key::{Coder, Key, stable_hash};
use crate::measure::{Fate, Input, InputKind, Reason, RowMeasure, flag};
use crate::policy::Scale;
use crate::scope::Micros;
use crate::table::{Chunk, Table};
use chrono_tz::Tz;

/// Rows are handled in blocks of this many, so that a block's columns stay in cache.
pub(super) const BLOCK: usize = 8192;

/// Which rows of a table are units, and when they count.
#[derive(Clone, Debug)]
pub(crate) struct RowView {
    /// The unit table.
    pub(crate) table: &'static str,
    /// Its key column.
    pub(crate) key: &'static str,
    /// The instant of attribution: the first of these columns that is present. A table without any of them
    /// has units without time.
    pub(crate) time: &'static [&'static str],
    /// What a row with a value but without a time is.
    pub(crate) untimed: Untimed,
    /// A row counts only if it was known at `as_of` by this column too, where the table has it.
    pub(crate) known_by: Option<&'static str>,
    /// Only rows of this kind, where the table has kinds and the row names one.
    pub(crate) kind: Option<&'static str>,
    /// A true flag in this column leaves the unit out.
    pub(crate) excluded: Option<&'static str>,
    /// A row that declares another scale cannot be put together with the rest.
    pub(crate) scale: Option<Scale>,
    /// Which of an entity's rows count.
    pub(crate) select: Option<Selection>,
    /// Columns made from other tables, as long as the unit table.
    pub(crate) derive: &'static [Derive],
}

/// What a row with a value but without a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untimed {
    /// A fault: it cannot be placed.
    Fault,
    /// No unit: what the time stands for has not happened.
    NoUnit,
}

/// A column made from other tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derive {
    pub(crate) column: &'static str,
    pub(crate) make: fn(&Context<'_>, &Table<'_>) -> Result<Column<'static>>,
}

impl RowView {
    /// How this view's data may be split without changing a number.
    pub(crate) fn splits(&self) -> Splits {
        self.select.as_ref().map_or(Splits::Rows, |select| Splits::Entity(select.key))
    }
}

const EXCLUDED: Reason = Reason::new("excluded", "excluded", "says that the row does not count");

/// One row, as a measure sees it.
pub(crate) struct Row<'r> {
    source: Source<'r>,
}

enum Source<'r> {
    Chunk {
        inputs: &'r [Option<BoundInput<'r>>],
        chunk: &'r Chunk<'r>,
        local: usize,
        as_of: Micros,
    },
    /// A row of which only the first input is known.
    Only(Reading<'r>),
}

/// An input of a measure, found in the table.
#[derive(Clone, Copy)]
pub(crate) struct BoundInput<'b> {
    bound: Bound<'b>,
    zone: Tz,
}

impl<'b> BoundInput<'b> {
    pub(super) fn bound(&self) -> Bound<'b> {
        self.bound
    }
}

/// What the careful driver uses again for every block.
struct BlockReader<'i> {
    inputs: &'i [Option<BoundInput<'i>>],
    entity: Option<usize>,
    superseded: Option<&'i Superseded>,
    moments: Vec<Moment>,
    keep: Vec<bool>,
}

impl<'r> Row<'r> {
    /// The value of an input, by its position in the measure's inputs.
    #[inline]
    pub(crate) fn read(&self, input: usize) -> Reading<'r> {
        match &self.source {
            Source::Chunk { inputs, chunk, local, .. } => match inputs.get(input) {
                Some(Some(found)) => found.bound.read(chunk, *local),
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
                Some(Some(found)) => moment(found.bound.read(chunk, *local), found.zone),
                _ => Moment::Absent,
            },
            Source::Only(_) => Moment::Absent,
        }
    }

    /// Whether the instant in an input is known at `as_of`: a later one reads as absent.
    pub(crate) fn happened(&self, input: usize) -> bool {
        let Source::Chunk { as_of, .. } = &self.source else { return false };
        matches!(self.moment(input), Moment::At(at) if at <= *as_of)
    }

    /// The texts of a list input, each once; none if the list is missing.
    pub(crate) fn texts(&self, input: usize) -> Vec<&'r str> {
        let Source::Chunk { inputs, chunk, local, .. } = &self.source else { return Vec::new() };
        let Some(Some(found)) = inputs.get(input) else { return Vec::new() };
        let Some((column, first)) = found.bound.of(chunk) else { return Vec::new() };
        let Some((items, range)) = column.list(first + local) else { return Vec::new() };
        let text = |at| match items.read(at) {
            Reading::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        };
        let mut texts: Vec<&str> = range.filter_map(text).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }
}

/// What the driver tells of a row.
pub(super) struct Visit<V> {
    pub(super) row: usize,
    pub(super) at: Option<Micros>,
    /// The period's code; nothing for a row whose time cannot be read when there are periods.
    pub(super) period: Option<u32>,
    pub(super) group: u32,
    pub(super) fate: Fate<V>,
    /// The values of the dimension that the row counts for.
    pub(super) dimensions: Vec<Key>,
}

/// The unit table of a request, ready to be read.
pub(crate) struct Frame<'b> {
    pub(crate) context: &'b Context<'b>,
    pub(crate) view: &'b RowView,
    pub(crate) table: &'b Table<'b>,
    pub(crate) clock: Clock<'b>,
    derived: &'b [(&'static str, Column<'static>)],
    known_by: Option<(Bound<'b>, Tz)>,
    kind: Option<usize>,
    excluded: Option<usize>,
    scale: [Option<usize>; 2],
    window: (Micros, Micros),
    part: Option<Part>,
}

/// What changes while a frame is read: the codes of periods and groups.
pub(super) struct Codes<'b> {
    pub(super) periods: PeriodCoder,
    pub(super) groups: Grouping<'b>,
    pub(super) filter: Filter<'b>,
    kinds: Coder,
}

/// The derived columns of a view.
pub(crate) fn derive(context: &Context<'_>, view: &RowView) -> Result<Vec<(&'static str, Column<'static>)>> {
    let table = context.book.require(view.table)?;
    view.derive.iter().map(|derive| Ok((derive.column, (derive.make)(context, table)?))).collect()
}

impl<'b> Frame<'b> {
    pub(crate) fn new(
        context: &'b Context<'b>,
        view: &'b RowView,
        derived: &'b [(&'static str, Column<'static>)],
        part: Option<Part>,
    ) -> Result<Self> {
        let table = context.book.require(view.table)?;
        let scope = context.scope;
        let mut times = Vec::new();
        for name in view.time {
            let bound = derived
                .iter()
                .find(|(derived, _)| derived == name)
                .map(|(_, column)| Bound::Derived(column))
                .or_else(|| table.find(name).map(Bound::Own));
            if let Some(bound) = bound {
                check_type(table, bound, name, InputKind::Time)?;
                times.push((bound, *name, scope.column_zone(view.table, name)));
            }
        }
        let clock = Clock::new(times);
        let needs_time =
            scope.start.is_some() || scope.end.is_some() || scope.calendar.is_some() || view.select.is_some();
        if clock.is_absent() && needs_time {
            table.require(view.time.first().copied().unwrap_or("occurred_at"))?;
        }
        let find = |name: Option<&str>| name.and_then(|name| table.find(name));
        if let (Some(at), Some(name)) = (find(view.excluded), view.excluded) {
            check_type(table, Bound::Own(at), name, InputKind::Flag)?;
        }
        let scale =
            if view.scale.is_some() { [Some("scale_min"), Some("scale_max")].map(find) } else { [None; 2] };
        Ok(Self {
            context,
            view,
            table,
            clock,
            derived,
            known_by: view.known_by.and_then(|name| {
                let bound = table.find(name).map(Bound::Own)?;
                Some((bound, scope.column_zone(view.table, name)))
            }),
            kind: view.kind.and_then(|_| table.find("kind")),
            excluded: find(view.excluded),
            scale,
            window: context.window(),
            part,
        })
    }

    pub(super) fn codes(&self) -> Result<Codes<'b>> {
        let scope = self.context.scope;
        Ok(Codes {
            periods: PeriodCoder::new(scope.calendar, self.context.windows()),
            groups: Grouping::new(self.context.book, self.table, scope)?,
            filter: Filter::new(self.context.book, self.table, scope)?,
            kinds: Coder::default(),
        })
    }

    /// Finds a measure's inputs; a required one that is absent or of the wrong type is an error.
    pub(super) fn bind(&self, inputs: &[Input]) -> Result<Vec<Option<BoundInput<'b>>>> {
        inputs
            .iter()
            .map(|input| {
                let derived = self.derived.iter().find(|(name, _)| *name == input.column);
                let bound = match derived {
                    Some((_, column)) => Some(Bound::Derived(column)),
                    None if input.required => Some(Bound::Own(self.table.require(input.column)?)),
                    None => self.table.find(input.column).map(Bound::Own),
                };
                let Some(bound) = bound else { return Ok(None) };
                check_type(self.table, bound, input.column, input.kind)?;
                Ok(Some(BoundInput {
                    bound,
                    zone: self.context.scope.column_zone(self.view.table, input.column),
                }))
            })
            .collect()
    }

    /// Whether nothing but time and groups decides about a row: what the fast drivers can handle.
    pub(super) fn is_plain(&self) -> bool {
        self.kind.is_none()
            && self.known_by.is_none()
            && self.excluded.is_none()
            && self.scale == [None; 2]
            && self.view.select.is_none()
            && self.part.is_none()
            && self.context.scope.filter.is_empty()
    }

    pub(super) fn window(&self) -> (Micros, Micros) {
        self.window
    }

    fn in_part(&self, chunk: &Chunk<'_>, local: usize, key: Option<usize>) -> bool {
        let Some(Part { part, of }) = self.part else { return true };
        match key.and_then(|key| chunk.columns.get(key)) {
            Some(column) => match column.read(local) {
                // Rows without an entity stand for themselves: any part may have them.
                Reading::Missing => (chunk.first_row + local) as u64 % of == part,
                reading => stable_hash(reading) % of == part,
            },
            None => (chunk.first_row + local) as u64 % of == part,
        }
    }

    /// Reads every row of the scope, judges it and tells. Blocks that `fast` counts are not told of.
    pub(super) fn each_row<M: RowMeasure>(
        &self,
        measure: &M,
        codes: &mut Codes<'b>,
        superseded: Option<&Superseded>,
        mut fast: Option<&mut Fast<'b, M::Value>>,
        mut tell: impl FnMut(Visit<M::Value>, &Codes<'b>) -> Result<()>,
    ) -> Result<()> {
        let inputs = self.bind(measure.inputs())?;
        let mut reader = BlockReader {
            inputs: &inputs,
            entity: self.view.select.as_ref().map(|select| self.table.require(select.key)).transpose()?,
            superseded,
            moments: Vec::with_capacity(BLOCK),
            keep: Vec::with_capacity(BLOCK),
        };
        for (chunk_at, chunk) in self.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let place = (chunk_at, from, BLOCK.min(chunk.rows - from));
                let counted = match &mut fast {
                    Some(fast) => fast.block(self, codes, chunk, place)?,
                    None => false,
                };
                if !counted {
                    self.careful_block(measure, &mut reader, codes, chunk, place, &mut tell)?;
                }
            }
        }
        Ok(())
    }

    fn careful_block<M: RowMeasure>(
        &self,
        measure: &M,
        reader: &mut BlockReader<'_>,
        codes: &mut Codes<'b>,
        chunk: &Chunk<'b>,
        (chunk_at, from, len): (usize, usize, usize),
        tell: &mut impl FnMut(Visit<M::Value>, &Codes<'b>) -> Result<()>,
    ) -> Result<()> {
        let BlockReader { inputs, entity, superseded, moments, keep } = reader;
        moments.clear();
        moments.extend((from..from + len).map(|local| self.clock.read(chunk, local)));
        let at = |offset: usize| match moments.get(offset) {
            Some(Moment::At(at)) => Some(*at),
            _ => None,
        };
        keep.clear();
        keep.resize(len, true);
        if !codes.filter.is_empty() {
            codes.filter.block(chunk, chunk_at, from, keep, at);
        }
        codes.groups.codes(chunk, chunk_at, from, len, at);
        for ((offset, kept), time) in keep.iter().enumerate().zip(moments.iter()) {
            let local = from + offset;
            if !kept
                || !self.is_known(chunk, local)
                || !self.is_of_kind(codes, chunk, chunk_at, local)
                || !self.in_part(chunk, local, *entity)
            {
                continue;
            }
            let as_of = self.context.scope.as_of;
            let row = Row { source: Source::Chunk { inputs, chunk, local, as_of } };
            let Some((at, fate)) = self.place(*time, self.judge(measure, &row, chunk, local)) else {
                continue;
            };
            if at.is_some() || self.clock.is_absent() {
                self.check_scale(chunk, local)?;
            }
            let period = match at {
                Some(at) => Some(codes.periods.code(at)?),
                // Without periods a row whose time cannot be read still counts among the invalid.
                None if self.context.scope.calendar.is_none() => Some(codes.periods.code(self.window.1)?),
                None => None,
            };
            let dimensions = measure.dimensions(&row);
            let row = chunk.first_row + local;
            let group = codes.groups.group_of(offset)?;
            let fate = match superseded.and_then(|superseded| superseded.of(row)) {
                Some(reason) if matches!(fate, Fate::Observed(_)) => Fate::Excluded(reason),
                _ => fate,
            };
            tell(Visit { row, at, period, group, fate, dimensions }, codes)?;
        }
        Ok(())
    }

    /// The instant and the fate of a row; nothing if it is outside the scope or no unit at all.
    fn place<V>(&self, time: Moment, fate: Fate<V>) -> Option<(Option<Micros>, Fate<V>)> {
        match (time, fate) {
            (_, Fate::NoUnit) => None,
            (Moment::At(at), _) if at < self.window.0 || at > self.window.1 => None,
            (Moment::At(at), fate) => Some((Some(at), fate)),
            (_, fate) if self.clock.is_absent() => Some((None, fate)),
            // A row without time and without a value was never answered: no unit.
            (Moment::Absent, Fate::Missing) => None,
            (Moment::Absent, _) if self.view.untimed == Untimed::NoUnit => None,
            (Moment::Absent, _) => Some((None, Fate::Invalid(missing_time(self.clock.name())))),
            (Moment::Bad(code, text), _) => {
                Some((None, Fate::Invalid(Reason { column: self.clock.name(), code, text })))
            }
        }
    }

    fn judge<M: RowMeasure>(
        &self,
        measure: &M,
        row: &Row<'_>,
        chunk: &Chunk<'_>,
        local: usize,
    ) -> Fate<M::Value> {
        let is_excluded =
            self.excluded.and_then(|at| chunk.columns.get(at)).is_some_and(|column| flag(column.read(local)));
        match measure.row(row) {
            Fate::NoUnit => Fate::NoUnit,
            _ if is_excluded => Fate::Excluded(EXCLUDED),
            fate => fate,
        }
    }

    fn is_known(&self, chunk: &Chunk<'_>, local: usize) -> bool {
        let Some((bound, zone)) = self.known_by else { return true };
        matches!(moment(bound.read(chunk, local), zone), Moment::At(at) if at <= self.context.scope.as_of)
    }

    fn is_of_kind(&self, codes: &mut Codes<'b>, chunk: &Chunk<'_>, chunk_at: usize, local: usize) -> bool {
        let (Some(at), Some(wanted)) = (self.kind, self.view.kind) else { return true };
        let Some(column) = chunk.columns.get(at) else { return true };
        let mut code = [0];
        codes.kinds.block(column, chunk_at, local, &mut code);
        let [code] = code;
        match codes.kinds.keys().get(code as usize) {
            Some(Key::Text(kind)) => kind == wanted,
            Some(Key::Null) | None => true,
            Some(_) => false,
        }
    }

    fn check_scale(&self, chunk: &Chunk<'_>, local: usize) -> Result<()> {
        let Some(scale) = self.view.scale else { return Ok(()) };
        let read = |at: Option<usize>| {
            at.and_then(|at| chunk.columns.get(at)).map_or(Reading::Missing, |c| c.read(local))
        };
        let (low, high) = (read(self.scale[0]), read(self.scale[1]));
        let is = |end: Reading<'_>, expected: i64| {
            end == Reading::Missing || end == Reading::Whole(i128::from(expected))
        };
        if is(low, scale.low()) && is(high, scale.high()) {
            return Ok(());
        }
        let row = (chunk.first_row + local) as u64;
        let message = format!(
            "row {row} of table \"{}\" declares the scale {} to {} where the policy's is {scale}; \
             set the policy's scale, or keep scales apart with where",
            self.view.table,
            Key::from(low),
            Key::from(high)
        );
        let column = if is(low, scale.low()) { "scale_max" } else { "scale_min" };
        Err(Error::new(ErrorKind::MixedScales, message)
            .in_table(self.view.table)
            .in_column(column)
            .in_row(row))
    }
}

/// A row of which only the first input is known.
pub(super) fn only(reading: Reading<'_>) -> Row<'_> {
    Row { source: Source::Only(reading) }
}

/// Checks that a column can serve an input. A column of nothing but missing values serves any.
fn check_type(table: &Table<'_>, bound: Bound<'_>, name: &str, kind: InputKind) -> Result<()> {
    let expected = match kind {
        InputKind::Number => "numbers",
        InputKind::Text => "text",
        InputKind::Time => "times (timestamps, dates or ISO 8601 text)",
        InputKind::Flag => "true and false",
        InputKind::Texts => "lists of text",
    };
    for chunk in table.chunks() {
        let Some((column, _)) = bound.of(chunk) else { continue };
        let serves = match (kind, plain(column)) {
            (_, Column::Null(_)) => true,
            (InputKind::Number, column) => is_number(column),
            (InputKind::Text, column) => matches!(column, Column::Text(_)),
            (InputKind::Time, column) => matches!(column, Column::Time { .. } | Column::Text(_)),
            (InputKind::Flag, _) => (0..column.len()).all(|row| is_flag(column.read(row))),
            (InputKind::Texts, column) => matches!(column, Column::List { .. }),
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

/// Whether a value says true or false, or nothing.
fn is_flag(reading: Reading<'_>) -> bool {
    match reading {
        Reading::Missing | Reading::Bool(_) | Reading::Whole(0 | 1) => true,
        Reading::Text(text) => {
            ["true", "false", "1", "0", ""].iter().any(|known| text.eq_ignore_ascii_case(known))
        }
        _ => false,
    }
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

/// The chunk of a row of the book's table, for drivers that come back to rows.
pub(crate) fn chunk_of<'t>(
    book: &'t Book<'t>,
    table: &str,
    row: usize,
) -> Option<(usize, &'t Chunk<'t>, usize)> {
    let table = book.table(table)?;
    let at = table.chunks().partition_point(|chunk| chunk.first_row + chunk.rows <= row);
    let chunk = table.chunks().get(at)?;
    Some((at, chunk, row - chunk.first_row))
}
