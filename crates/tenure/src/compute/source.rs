//! Where measurements come from: rows one at a time, or entities assembled by a view.

use super::fast::Fast;
use super::frame::{BLOCK, Block, Codes, Frame, Measurement, RowView};
use super::row::{BoundInput, Row};
use super::{Bounds, Moment, Splits, check_rows};
use crate::book::Book;
use crate::error::Result;
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, RowMeasure, Value};
use crate::outcome::{Fault, Note};
use crate::scope::Micros;
use crate::view::{Identity, View};
use std::ops::Range;

/// A measure over its view: gives every measurement of a frame to a sink.
pub(crate) trait Source: Send + Sync {
    type Value: Value;

    /// The unit table.
    fn rows(&self) -> &RowView;

    fn splits(&self) -> Splits;

    /// The columns of the unit table that the measure looks at.
    fn inputs(&self) -> &[Input];

    /// The columns of `by` that the measure itself knows.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// A driver for the blocks that need no judging, if the measure allows one.
    fn fast(&self, _frame: &Frame<'_>) -> Result<Option<Fast<Self::Value>>> {
        Ok(None)
    }

    /// Measures. Blocks that `fast` counts are not given to the sink.
    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        fast: Option<&mut Fast<Self::Value>>,
        sink: &mut impl Sink<Self::Value>,
    ) -> Result<()>;

    /// The columns of the unit table that stand in for tables that a book lacks.
    fn stand_ins(&self, _book: &Book<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// The rows of other tables that could not be used.
    fn faults(&self, _frame: &Frame<'_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }

    /// Which bounds a part of the data needs.
    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    /// Where units are people, or of people: how those are told apart.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// The steps that led to the measurements of one row, beyond the row itself.
    fn evidence(&self, _frame: &Frame<'_>, _row: usize) -> Result<Vec<Note>> {
        Ok(Vec::new())
    }
}

/// Takes measurements.
pub(crate) trait Sink<V> {
    fn take(&mut self, codes: &Codes<'_>, measurement: Measurement<V>) -> Result<()>;

    /// Whether it asks which units there are; else equal ones may come together.
    fn wants_units(&self) -> bool {
        true
    }
}

impl<V> Sink<V> for &mut AnySink<'_, V> {
    #[inline]
    fn take(&mut self, codes: &Codes<'_>, measurement: Measurement<V>) -> Result<()> {
        self(codes, measurement)
    }
}

/// Any function that takes measurements.
pub(super) type AnySink<'s, V> = dyn FnMut(&Codes<'_>, Measurement<V>) -> Result<()> + 's;

/// Every row is a unit.
pub(crate) struct OfRows<M> {
    pub(crate) view: RowView,
    pub(crate) measure: M,
}

impl<M: RowMeasure> Source for OfRows<M> {
    type Value = M::Value;

    fn rows(&self) -> &RowView {
        &self.view
    }

    fn splits(&self) -> Splits {
        Splits::Rows
    }

    fn inputs(&self) -> &[Input] {
        self.measure.inputs()
    }

    fn fast(&self, frame: &Frame<'_>) -> Result<Option<Fast<M::Value>>> {
        Ok(Fast::new(frame, &self.measure, &frame.bind(self.measure.inputs())?))
    }

    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        mut fast: Option<&mut Fast<M::Value>>,
        sink: &mut impl Sink<M::Value>,
    ) -> Result<()> {
        let inputs = frame.bind(self.measure.inputs())?;
        let mut block = Block::default();
        for (chunk_at, chunk) in frame.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                let place = (chunk_at, from, len);
                let counted = match &mut fast {
                    Some(fast) => fast.block(&self.measure, frame, codes, chunk, place)?,
                    None => false,
                };
                if counted {
                    continue;
                }
                frame.open(codes, chunk, place, &mut block);
                codes.groups.codes(chunk, chunk_at, from, len, |offset| block.at(offset));
                for ((offset, keep), time) in block.keep.iter().enumerate().zip(&block.moments) {
                    if !keep {
                        continue;
                    }
                    let row = Row::new(&inputs, chunk, from + offset, frame.context.scope.as_of);
                    if matches!(time, Moment::At(at) if !frame.in_window(*at)) {
                        continue;
                    }
                    let Some((at, fate)) = frame.judge(self.measure.row(&row), &row, *time)? else {
                        continue;
                    };
                    let measurement = Measurement {
                        row: chunk.first_row + from + offset,
                        at,
                        period: frame.period(codes, at)?,
                        group: codes.groups.group_of(offset)?,
                        fate,
                        dimensions: self.measure.dimensions(&row),
                        times: 1,
                    };
                    sink.take(codes, measurement)?;
                }
            }
        }
        Ok(())
    }
}

/// A view assembles entities, and a measure looks at each as a whole.
pub(crate) struct OfEntities<W, M> {
    pub(crate) view: W,
    pub(crate) measure: M,
}

/// The unit table with the verdict on every row: whether it is asked for, and in which group.
pub(crate) struct Gated<'f, 'b> {
    pub(crate) frame: &'f Frame<'b>,
    pub(crate) inputs: Vec<Option<BoundInput>>,
    /// Nothing: all of them.
    keep: Option<Vec<bool>>,
    groups: Groups,
    /// Only the entity that this row belongs to is wanted.
    only: Option<usize>,
}

/// In which group each row is.
enum Groups {
    /// There is only one.
    Whole,
    /// As the row says.
    OfRows(Vec<u32>),
    /// The codes of each column of `by`: the group also depends on when and for whom a unit counts.
    Late(Vec<Vec<u32>>),
}

impl<'f, 'b> Gated<'f, 'b> {
    pub(super) fn new(
        frame: &'f Frame<'b>,
        codes: &mut Codes<'b>,
        inputs: &[Input],
        only: Option<usize>,
    ) -> Result<Self> {
        let inputs = frame.bind(inputs)?;
        let keeps_all = frame.is_unfiltered();
        if keeps_all && codes.groups.is_whole() {
            return Ok(Self { frame, inputs, keep: None, groups: Groups::Whole, only });
        }
        let mut keep = Vec::new();
        let mut groups = if codes.groups.is_late() {
            Groups::Late(vec![Vec::new(); codes.groups.width()])
        } else {
            Groups::OfRows(Vec::with_capacity(frame.table.rows()))
        };
        let mut block = Block::default();
        for (chunk_at, chunk) in frame.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                frame.open(codes, chunk, (chunk_at, from, len), &mut block);
                let at = |offset| block.at(offset);
                match &mut groups {
                    Groups::Whole => {}
                    Groups::OfRows(groups) => {
                        codes.groups.codes(chunk, chunk_at, from, len, at);
                        for (offset, kept) in block.keep.iter().enumerate() {
                            groups.push(if *kept { codes.groups.group_of(offset)? } else { 0 });
                        }
                    }
                    Groups::Late(columns) => {
                        codes.groups.column_codes(chunk, chunk_at, (from, len), at, columns);
                    }
                }
                if !keeps_all {
                    keep.extend_from_slice(&block.keep);
                }
            }
        }
        Ok(Self { frame, inputs, keep: (!keeps_all).then_some(keep), groups, only })
    }

    pub(crate) fn keeps(&self, row: usize) -> bool {
        self.keep.as_ref().is_none_or(|keep| keep.get(row).copied().unwrap_or(false))
    }

    /// Whether all rows are asked for.
    pub(crate) fn keeps_all(&self) -> bool {
        self.keep.is_none()
    }

    /// Whether units are told apart by `by`.
    pub(crate) fn has_groups(&self) -> bool {
        !self.frame.context.scope.by.is_empty()
    }

    /// The rows asked for.
    pub(crate) fn kept(&self) -> impl Iterator<Item = usize> {
        (0..self.frame.table.rows()).filter(|row| self.keeps(*row))
    }

    /// Gives the rows asked for, where each row is an entity.
    pub(crate) fn each_row(&self, mut tell: impl FnMut(usize, &Row<'_>) -> Result<()>) -> Result<()> {
        let (context, table) = (self.frame.context, self.frame.table);
        let as_of = context.scope.as_of;
        let mut step = |rows: Range<usize>| {
            for chunk in table.chunks() {
                let from = rows.start.max(chunk.first_row);
                let to = rows.end.min(chunk.first_row + chunk.rows);
                for number in from..to {
                    if self.keeps(number) {
                        tell(number, &Row::new(&self.inputs, chunk, number - chunk.first_row, as_of))?;
                    }
                }
            }
            Ok(())
        };
        match self.only {
            Some(only) => step(only..only.saturating_add(1)),
            None => (context.pace)(self.frame.view.table, table.rows(), &mut step),
        }
    }

    /// The time of a row.
    pub(crate) fn time(&self, row: &Row<'_>) -> Moment {
        let as_of = self.frame.context.scope.as_of;
        row.place().map_or(Moment::Absent, |(chunk, local)| self.frame.clock.read(chunk, local, as_of))
    }

    /// A number for the group of a row, as far as the row alone says it.
    pub(crate) fn group(&self, row: usize) -> u32 {
        match &self.groups {
            Groups::OfRows(groups) => groups.get(row).copied().unwrap_or(0),
            Groups::Whole | Groups::Late(_) => 0,
        }
    }

    /// Whether an entity that has any of these rows is wanted.
    pub(crate) fn wants_any(&self, mut rows: impl Iterator<Item = usize>) -> bool {
        self.only.is_none_or(|only| rows.any(|row| row == only))
    }

    /// Whether an entity of these rows is wanted.
    pub(crate) fn wants(&self, rows: &[usize]) -> bool {
        self.only.is_none_or(|only| rows.contains(&only))
    }

    /// A row and its time.
    pub(crate) fn row(&self, row: usize) -> Option<(Row<'_>, Moment)> {
        let (_, chunk, local) = self.frame.table.locate(row)?;
        let as_of = self.frame.context.scope.as_of;
        let time = self.frame.clock.read(chunk, local, as_of);
        Some((Row::new(&self.inputs, chunk, local, as_of), time))
    }
}

/// Takes the measurements of entities.
pub(crate) struct Out<'o, 'b, S> {
    pub(crate) gated: &'o Gated<'o, 'b>,
    codes: &'o mut Codes<'b>,
    sink: &'o mut S,
    /// What the measure said of the unit at hand.
    attributes: Vec<(&'static str, Key)>,
}

impl<'o, 'b, S> Out<'o, 'b, S> {
    pub(super) fn new(gated: &'o Gated<'o, 'b>, codes: &'o mut Codes<'b>, sink: &'o mut S) -> Self {
        Self { gated, codes, sink, attributes: Vec::new() }
    }

    /// One measurement of the unit in a row of the unit table.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "so that a measurement is never put together in memory")]
    pub(crate) fn put<V>(
        &mut self,
        row: usize,
        at: Option<Micros>,
        fate: Fate<V>,
        dimensions: Vec<Key>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        if at.is_some_and(|at| !self.gated.frame.in_window(at)) {
            return Ok(());
        }
        let period = self.period(at)?;
        self.place(row, at, period, fate, dimensions)
    }

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "so that a measurement is never put together in memory")]
    fn place<V>(
        &mut self,
        row: usize,
        at: Option<Micros>,
        period: Option<u32>,
        fate: Fate<V>,
        dimensions: Vec<Key>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        let group = self.group(row, at)?;
        self.sink.take(self.codes, Measurement { row, at, period, group, fate, dimensions, times: 1 })
    }

    /// The group of the unit in a row, if it counts at an instant.
    #[inline]
    pub(crate) fn group(&mut self, row: usize, at: Option<Micros>) -> Result<u32> {
        match &self.gated.groups {
            Groups::Whole => Ok(0),
            Groups::OfRows(groups) => Ok(groups.get(row).copied().unwrap_or(0)),
            Groups::Late(columns) => {
                let code = |column: usize| {
                    columns.get(column).and_then(|codes| codes.get(row)).copied().unwrap_or(0)
                };
                let told = &self.attributes;
                let attribute =
                    |name: &str| told.iter().find(|(known, _)| *known == name).map(|(_, key)| key);
                self.codes.groups.late_group(code, at, attribute)
            }
        }
    }

    /// The values of the group of the unit in a row.
    pub(crate) fn values(&mut self, row: usize) -> Result<Vec<Key>> {
        let group = self.group(row, None)?;
        Ok(self.codes.groups.values(group))
    }

    /// Whether `by` asks for something that the measure itself may know.
    #[inline]
    pub(crate) fn asks(&self, name: &str) -> bool {
        matches!(self.gated.groups, Groups::Late(_)) && self.gated.frame.context.asks(name)
    }

    /// What the measure itself knows of the units that it puts from here on, for `by`.
    #[inline]
    pub(crate) fn attribute(&mut self, name: &'static str, value: impl FnOnce() -> Key) {
        if self.asks(name) {
            self.attributes.retain(|(known, _)| *known != name);
            self.attributes.push((name, value()));
        }
    }

    /// Makes the group of a unit known from the period of an instant to the last, so that a stock of nothing is a row
    /// with nothing in it.
    pub(crate) fn known<V>(&mut self, row: usize, at: Micros) -> Result<()>
    where
        S: Sink<V>,
    {
        let (first, last) = self.gated.frame.window();
        if at <= last && first <= last {
            for at in [at.max(first), last] {
                let (period, group) = (self.codes.periods.code(at)?, self.group(row, Some(at))?);
                // Once is enough.
                if self.codes.is_first_in(group, period) {
                    self.place(row, Some(at), Some(period), Fate::NoUnit, Vec::new())?;
                }
            }
        }
        Ok(())
    }

    /// A stock: the unit in a row exists in `[from, to)`, and counts in every period at whose end it does; a period
    /// that the scope's end cuts ends there. `fate` is asked for each of these ends; the last is `as_of` if that comes
    /// first.
    pub(crate) fn stock<V>(
        &mut self,
        row: usize,
        (from, to): (Micros, Option<Micros>),
        fate: impl Fn(Micros) -> Fate<V>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        let scope = self.gated.frame.context.scope;
        let (first, last) = self.gated.frame.window();
        if first > last {
            return Ok(());
        }
        let mut at = from.max(first);
        while at <= last {
            let (period, whole) = (self.codes.periods.code(at)?, self.codes.periods.end_of(at)?);
            let end = scope.end.map_or(whole, |end| end.min(whole));
            if to.is_some_and(|to| to < end) {
                return Ok(());
            }
            let seen = end.min(scope.as_of);
            self.place(row, Some(seen), Some(period), fate(seen), Vec::new())?;
            at = end;
        }
        Ok(())
    }

    /// A stretch of time: the unit in a row lasts for `[from, to)`, and counts in every period that it touches. `fate` is
    /// asked for the part that lies in each of these; the last ends at `as_of` if that comes first.
    pub(crate) fn across<V>(
        &mut self,
        row: usize,
        (from, to): (Micros, Micros),
        fate: impl Fn((Micros, Micros)) -> Fate<V>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        let scope = self.gated.frame.context.scope;
        let (first, last) = self.gated.frame.window();
        if from < first && to <= first {
            return Ok(());
        }
        let to = to.min(scope.as_of).min(scope.end.unwrap_or(to));
        let (mut at, mut periods) = (from.max(first), 0);
        while at <= last {
            // The answer has a row for each of them.
            periods += 1;
            check_rows(periods, scope)?;
            let (period, end) = (self.codes.periods.code(at)?, self.codes.periods.end_of(at)?);
            self.place(row, Some(at), Some(period), fate((at, to.min(end))), Vec::new())?;
            if to <= end {
                return Ok(());
            }
            at = end;
        }
        Ok(())
    }

    /// The end of the period that an instant lies in.
    pub(crate) fn end_of(&mut self, at: Micros) -> Result<Micros> {
        self.codes.periods.end_of(at)
    }

    /// One measurement of the unit in a row, of an instant, for the period of another.
    #[inline]
    pub(crate) fn put_for<V>(&mut self, of: Micros, row: usize, at: Micros, fate: Fate<V>) -> Result<()>
    where
        S: Sink<V>,
    {
        let period = self.period(Some(of))?;
        self.place(row, Some(at), period, fate, Vec::new())
    }

    /// The period in which something counts.
    pub(crate) fn period(&mut self, at: Option<Micros>) -> Result<Option<u32>> {
        self.gated.frame.period(self.codes, at)
    }
}

impl<W: View, M: EntityMeasure<View = W>> OfEntities<W, M> {
    fn measure<'b, E: Evidence>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        only: Option<usize>,
        sink: &mut impl Sink<M::Value>,
        why: &mut E,
    ) -> Result<()> {
        let gated = Gated::new(frame, codes, self.measure.inputs(), only)?;
        let side = self.measure.side(frame.context)?;
        let mut out = Out::new(&gated, codes, sink);
        self.view.each(&gated, |entity| {
            out.attributes.clear();
            self.measure.entity(&side, entity, &mut out, why)
        })
    }
}

impl<W: View, M: EntityMeasure<View = W>> Source for OfEntities<W, M> {
    type Value = M::Value;

    fn rows(&self) -> &RowView {
        self.view.rows()
    }

    fn splits(&self) -> Splits {
        if self.measure.compares_all() {
            return Splits::Whole;
        }
        Splits::Entity(self.measure.together().unwrap_or_else(|| self.view.entity()))
    }

    fn inputs(&self) -> &[Input] {
        self.measure.inputs()
    }

    fn attributes(&self) -> &'static [&'static str] {
        self.measure.attributes()
    }

    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        _fast: Option<&mut Fast<M::Value>>,
        sink: &mut impl Sink<M::Value>,
    ) -> Result<()> {
        self.measure(frame, codes, None, sink, &mut crate::measure::Silent)
    }

    fn identity(&self) -> Option<Identity> {
        self.view.identity()
    }

    fn bounds(&self) -> Bounds {
        self.measure.bounds()
    }

    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        self.view.stand_ins(book)
    }

    fn faults(&self, frame: &Frame<'_>) -> Result<Vec<Fault>> {
        let mut codes = frame.codes(self.attributes())?;
        self.view.faults(&Gated::new(frame, &mut codes, self.measure.inputs(), None)?)
    }

    fn evidence(&self, frame: &Frame<'_>, row: usize) -> Result<Vec<Note>> {
        let mut notes = Vec::new();
        let mut codes = frame.codes(self.attributes())?;
        let mut nowhere: &mut AnySink<'_, M::Value> = &mut |_, _| Ok(());
        self.measure(frame, &mut codes, Some(row), &mut nowhere, &mut notes)?;
        Ok(notes)
    }
}
