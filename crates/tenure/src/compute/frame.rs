//! The unit table of a request, ready to be read: which rows are units, when and where they count.

use super::clock::{Clock, Moment};
use super::grouping::Grouping;
use super::period::PeriodCoder;
use super::place::Filter;
use super::row::{BoundInput, Row, check_type, find_input};
use super::screen::Screen;
use super::{Context, Part};
use crate::column::Reading;
use crate::error::{Error, ErrorKind, Result};
use crate::key::{Key, stable_hash};
use crate::measure::{Fate, Input, InputKind, Reason, flag};
use crate::policy::Scale;
use crate::scope::Micros;
use crate::table::{Chunk, Table};
use crate::view::{NOBODY, People};
use std::sync::Arc;

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
    /// Only rows of this kind, where the table has kinds and the row names one.
    pub(crate) kind: Option<&'static str>,
    /// A true flag in any of these columns leaves the unit out.
    pub(crate) excluded: &'static [&'static str],
    /// A row that declares another scale cannot be put together with the rest.
    pub(crate) scale: Option<Scale>,
}

/// What a row with a value but without a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Untimed {
    /// A fault: it cannot be placed.
    Fault,
    /// No unit: what the time stands for has not happened.
    NoUnit,
    /// A unit nevertheless: it has been there always.
    Always,
}

/// One unit's value: where it counts and what became of it.
pub(crate) struct Measurement<V> {
    /// The unit's row in the unit table.
    pub(crate) row: usize,
    pub(crate) at: Option<Micros>,
    /// The period's code; nothing for a row whose time cannot be read when there are periods.
    pub(crate) period: Option<u32>,
    pub(crate) group: u32,
    pub(crate) fate: Fate<V>,
    /// The values of the dimension that it counts for.
    pub(crate) dimensions: Vec<Key>,
    /// How many units this stands for; more than one only where nobody asks which.
    pub(crate) times: u64,
}

/// The instant and the fate of a unit; nothing for a row that is outside the scope or no unit at all.
type Judged<V> = Option<(Option<Micros>, Fate<V>)>;

/// The unit table of a request, ready to be read.
pub(crate) struct Frame<'b> {
    pub(crate) context: &'b Context<'b>,
    pub(crate) view: &'b RowView,
    pub(crate) table: &'b Table<'b>,
    pub(crate) clock: Clock,
    kind: Option<usize>,
    /// The flags that leave a row out, by column and name.
    excluded: Vec<(usize, &'static str)>,
    scale: [Option<usize>; 2],
    window: (Micros, Micros),
    /// The instants in the window that belong neither to what is asked for nor to what it is compared with.
    gap: Option<(Micros, Micros)>,
    part: Option<Part>,
    /// The people whose events stay together when the data is split, where they do.
    people: Option<Arc<People>>,
    /// The column whose values stay together when the data is split.
    entity: Option<usize>,
}

/// What changes while a frame is read: the codes of periods and groups, and the verdicts on values.
pub(crate) struct Codes<'b> {
    pub(crate) periods: PeriodCoder,
    pub(crate) groups: Grouping<'b>,
    pub(super) filter: Filter<'b>,
    /// Which groups were met in which periods, by code, as far as anyone asked.
    met: Vec<Vec<bool>>,
    kind: Screen,
    /// One for each flag.
    excluded: Vec<Screen>,
    scale: [Screen; 2],
}

impl Codes<'_> {
    /// Whether a group was not asked about in a period before.
    pub(super) fn is_first_in(&mut self, group: u32, period: u32) -> bool {
        let (group, period) = (group as usize, period as usize);
        if self.met.len() <= group {
            self.met.resize_with(group + 1, Vec::new);
        }
        let Some(periods) = self.met.get_mut(group) else { return true };
        if periods.len() <= period {
            periods.resize(period + 1, false);
        }
        periods.get_mut(period).is_none_or(|met| !std::mem::replace(met, true))
    }
}

/// A block of rows: their times, and which of them are kept.
#[derive(Default)]
pub(super) struct Block {
    pub(super) moments: Vec<Moment>,
    pub(super) keep: Vec<bool>,
}

impl Block {
    /// The time of a row of the block.
    pub(super) fn at(&self, offset: usize) -> Option<Micros> {
        self.moments.get(offset).and_then(|time| time.at())
    }
}

impl<'b> Frame<'b> {
    /// `entity` names the column whose values stay together when the data is split.
    pub(crate) fn new(
        context: &'b Context<'b>,
        view: &'b RowView,
        entity: Option<&str>,
        part: Option<Part>,
    ) -> Result<Self> {
        let table = context.book.require(view.table)?;
        let scope = context.scope;
        let mut times = Vec::new();
        for name in view.time {
            if let Some(column) = table.find(name) {
                check_type(table, column, name, InputKind::Time)?;
                times.push((column, *name, scope.column_zone(view.table, name)));
            }
        }
        let clock = Clock::new(times);
        let needs_times = view.untimed != Untimed::Always;
        if needs_times
            && clock.is_absent()
            && (scope.start.is_some() || scope.end.is_some() || scope.calendar.is_some())
        {
            table.require(view.time.first().copied().unwrap_or("occurred_at"))?;
        }
        let find = |name: Option<&str>| name.and_then(|name| table.find(name));
        if let (Some(column), Some(_)) = (table.find("kind"), view.kind) {
            check_type(table, column, "kind", InputKind::Text)?;
        }
        let mut excluded = Vec::new();
        for name in view.excluded {
            if let Some(column) = table.find(name) {
                check_type(table, column, name, InputKind::Flag)?;
                excluded.push((column, *name));
            }
        }
        let scale =
            if view.scale.is_some() { [Some("scale_min"), Some("scale_max")].map(find) } else { [None; 2] };
        for (column, name) in scale.iter().zip(["scale_min", "scale_max"]) {
            if let Some(column) = column {
                check_type(table, *column, name, InputKind::Number)?;
            }
        }
        Ok(Self {
            context,
            view,
            table,
            clock,
            kind: view.kind.and_then(|_| table.find("kind")),
            excluded,
            scale,
            window: context.window()?,
            gap: context.gap()?,
            part,
            people: None,
            // Only a split needs to know what stays together.
            entity: part.and(entity).map(|name| table.require(name)).transpose()?,
        })
    }

    /// `attributes` are the columns of `by` that the measure itself knows.
    pub(crate) fn codes(&self, attributes: &[&'static str]) -> Result<Codes<'b>> {
        let scope = self.context.scope;
        let wanted = self.view.kind;
        let ends = self.view.scale.map_or([0; 2], |scale| [scale.low(), scale.high()]);
        Ok(Codes {
            periods: PeriodCoder::new(scope.calendar, self.context.windows()?),
            groups: Grouping::new(self.context.book, self.table, scope, attributes)?,
            met: Vec::new(),
            filter: Filter::new(self.context.book, self.table, scope)?,
            kind: Screen::new(move |kind| match kind.unless_blank() {
                Reading::Text(kind) => wanted.is_some_and(|wanted| kind.eq_ignore_ascii_case(wanted)),
                kind => kind == Reading::Missing,
            }),
            excluded: self.excluded.iter().map(|_| Screen::new(|mark| !flag(mark))).collect(),
            scale: ends.map(|end| Screen::new(move |declared| declares(declared, end))),
        })
    }

    /// Finds a measure's inputs; a required one that is absent or of the wrong type is an error.
    pub(crate) fn bind(&self, inputs: &[Input]) -> Result<Vec<Option<BoundInput>>> {
        inputs
            .iter()
            .map(|input| {
                let Some(column) = find_input(self.table, input)? else { return Ok(None) };
                Ok(Some(BoundInput {
                    column,
                    zone: self.context.scope.column_zone(self.view.table, input.column),
                }))
            })
            .collect()
    }

    /// Whether nothing but time and groups decides about a row.
    pub(super) fn is_plain(&self) -> bool {
        self.is_unfiltered() && self.excluded.is_empty() && !self.has_scales()
    }

    /// Whether all rows are asked for: neither `where` nor kind nor part leaves any out.
    pub(crate) fn is_unfiltered(&self) -> bool {
        self.kind.is_none() && self.part.is_none() && self.context.scope.filter.is_empty()
    }

    /// The same, where a person's events stay together under all names of that person.
    pub(super) fn with_people(mut self, people: Option<Arc<People>>) -> Self {
        self.people = self.part.and(people);
        self
    }

    /// The part of the data that is asked for.
    pub(super) fn part(&self) -> Option<Part> {
        self.part
    }

    /// The first and the last instant at which a row counts.
    pub(crate) fn window(&self) -> (Micros, Micros) {
        self.window
    }

    /// Whether every instant of the window counts.
    pub(super) fn is_window_whole(&self) -> bool {
        self.gap.is_none()
    }

    /// Whether a row of this instant counts.
    #[inline]
    pub(crate) fn in_window(&self, at: Micros) -> bool {
        self.window.0 <= at && at <= self.window.1 && self.gap.is_none_or(|(from, to)| at < from || to <= at)
    }

    /// The name of the column that times come from, also if the table lacks it.
    pub(crate) fn clock_name(&self) -> &'static str {
        self.view.time.first().copied().unwrap_or("occurred_at")
    }

    /// Reads the times of a block, and tells which rows are units asked for.
    pub(super) fn open(
        &self,
        codes: &mut Codes<'b>,
        chunk: &Chunk<'b>,
        (chunk_at, from, len): (usize, usize, usize),
        block: &mut Block,
    ) {
        let Block { moments, keep } = block;
        moments.clear();
        let as_of = self.context.scope.as_of;
        moments.extend((from..from + len).map(|local| self.clock.read(chunk, local, as_of)));
        let at = |offset: usize| moments.get(offset).and_then(|time| time.at());
        keep.clear();
        keep.resize(len, true);
        self.sift(codes, chunk, (chunk_at, from), keep, at);
    }

    /// Clears `keep` for the rows from `from` on that are not asked for: by `where`, kind or part.
    pub(crate) fn sift(
        &self,
        codes: &mut Codes<'b>,
        chunk: &Chunk<'_>,
        (chunk_at, from): (usize, usize),
        keep: &mut [bool],
        at: impl Fn(usize) -> Option<Micros>,
    ) {
        codes.filter.block(chunk, chunk_at, from, keep, at);
        if let Some(column) = self.kind.and_then(|at| chunk.columns.get(at)) {
            codes.kind.block(column, chunk_at, from, keep);
        }
        if self.part.is_some() {
            for (local, keep) in (from..).zip(keep) {
                *keep = *keep && self.in_part(chunk, local);
            }
        }
    }

    /// Clears `keep` for the rows from `from` on that are marked as excluded.
    pub(super) fn drop_excluded(
        &self,
        codes: &mut Codes<'_>,
        chunk: &Chunk<'_>,
        (chunk_at, from): (usize, usize),
        keep: &mut [bool],
    ) {
        for ((column, _), screen) in self.excluded.iter().zip(&mut codes.excluded) {
            if let Some(column) = chunk.columns.get(*column) {
                screen.block(column, chunk_at, from, keep);
            }
        }
    }

    /// Whether rows may declare their scale.
    pub(super) fn has_scales(&self) -> bool {
        self.scale != [None; 2]
    }

    /// Clears `keep` for the rows from `from` on that declare another scale.
    pub(super) fn drop_other_scales(
        &self,
        codes: &mut Codes<'_>,
        chunk: &Chunk<'_>,
        (chunk_at, from): (usize, usize),
        keep: &mut [bool],
    ) {
        for (at, screen) in self.scale.iter().zip(&mut codes.scale) {
            if let Some(column) = at.and_then(|at| chunk.columns.get(at)) {
                screen.block(column, chunk_at, from, keep);
            }
        }
    }

    /// What becomes of a row whose own fate is known, and when; nothing if it is not known yet at `as_of` or no unit
    /// at all. Whether it counts between `start` and `end` is for its measurements to tell.
    pub(crate) fn judge<V: PartialEq>(&self, own: Fate<V>, row: &Row<'_>, time: Moment) -> Result<Judged<V>> {
        let Some((chunk, local)) = row.place() else { return Ok(None) };
        let is_set = |column: usize| chunk.columns.get(column).is_some_and(|column| flag(column.read(local)));
        let flagged = self.excluded.iter().find(|(column, _)| is_set(*column));
        if own == Fate::NoUnit {
            return Ok(None);
        }
        // A row without time and without a value was never answered: no unit, whether or not it is marked.
        let was_answered = own != Fate::Missing;
        let fate = match flagged {
            Some((_, column)) => {
                Fate::Excluded(Reason::new(column, column, "says that the row does not count"))
            }
            None => own,
        };
        let placed = match time {
            Moment::At(at) if at > self.context.scope.as_of => return Ok(None),
            Moment::Absent if self.clock.is_absent() || self.view.untimed == Untimed::Always => (None, fate),
            Moment::Absent if !was_answered || self.view.untimed == Untimed::NoUnit => return Ok(None),
            time => match time.placed(self.clock.name()) {
                Ok(at) => (Some(at), fate),
                Err(reason) => (None, Fate::Invalid(reason)),
            },
        };
        // What is left out anyway may be on any scale.
        if (placed.0.is_some() || self.clock.is_absent()) && flagged.is_none() {
            self.check_scale(chunk, local)?;
        }
        Ok(Some(placed))
    }

    /// The code of the period in which something counts. Without periods also a row whose time cannot be read
    /// counts, among the invalid.
    #[inline]
    pub(super) fn period(&self, codes: &mut Codes<'_>, at: Option<Micros>) -> Result<Option<u32>> {
        match at {
            Some(at) => codes.periods.code(at).map(Some),
            None if self.context.scope.calendar.is_none() => codes.periods.only().map(Some),
            None => Ok(None),
        }
    }

    fn in_part(&self, chunk: &Chunk<'_>, local: usize) -> bool {
        let Some(Part { part, of }) = self.part else { return true };
        let row = chunk.first_row + local;
        let by_row = row as u64 % of == part;
        if let Some(people) = &self.people {
            return match people.of_row(row) {
                NOBODY => by_row,
                _ => stable_hash(people.key_of(row).reading()) % of == part,
            };
        }
        match self.entity.and_then(|key| chunk.columns.get(key)).map(|column| column.read(local)) {
            // Rows without an entity stand for themselves: any part may have them.
            None | Some(Reading::Missing) => by_row,
            Some(reading) => stable_hash(reading) % of == part,
        }
    }

    fn check_scale(&self, chunk: &Chunk<'_>, local: usize) -> Result<()> {
        let Some(scale) = self.view.scale else { return Ok(()) };
        let read = |at: Option<usize>| {
            at.and_then(|at| chunk.columns.get(at)).map_or(Reading::Missing, |column| column.read(local))
        };
        let [low, high] = self.scale.map(read);
        if declares(low, scale.low()) && declares(high, scale.high()) {
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
        let column = if declares(low, scale.low()) { "scale_max" } else { "scale_min" };
        Err(Error::new(ErrorKind::MixedScales, message)
            .in_table(self.view.table)
            .in_column(column)
            .in_row(row))
    }
}

/// Whether a row says that its scale ends here, or says nothing.
fn declares(end: Reading<'_>, expected: i64) -> bool {
    end == Reading::Missing || end == Reading::Whole(i128::from(expected))
}
