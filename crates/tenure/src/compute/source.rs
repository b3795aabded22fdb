//! Where measurements come from: rows one at a time, or entities assembled by a view.

use super::fast::Fast;
use super::frame::{BLOCK, Block, Codes, Frame, Measurement, RowView};
use super::out::Out;
use super::row::{BoundInput, Row};
use super::{Bounds, Context, Moment, Part, Splits};
use crate::book::Book;
use crate::error::Result;
use crate::measure::{EntityMeasure, Evidence, Input, Notes, RowMeasure, Value};
use crate::outcome::{Fault, Note};
use crate::view::{EventReading, Identity, People, View, faults_of_people};
use std::ops::Range;
use std::sync::Arc;

/// What a source of measurements reads, whatever type their values have.
pub(crate) trait Described: Send + Sync {
    /// The unit table.
    fn rows(&self) -> &RowView;

    fn splits(&self) -> Splits;

    /// The columns of the unit table that the measure looks at.
    fn inputs(&self) -> &[Input];

    /// The columns of `by` that the measure itself knows.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// The columns of the unit table that stand in for tables that a book lacks.
    fn stand_ins(&self, _book: &Book<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// The rows of other tables that could not be used.
    fn faults(&self, _frame: &Frame<'_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }

    /// Whether it is asked who did something: then what is wrong with the tables of people is a fault here too.
    fn looks_at_people(&self) -> bool {
        self.identity().is_some()
    }

    /// Which bounds a part of the data needs.
    fn bounds(&self) -> Bounds {
        Bounds::None
    }

    /// What it reads of the events before it measures.
    fn readings(&self, _context: &Context<'_>) -> Result<Vec<EventReading>> {
        Ok(Vec::new())
    }

    /// Where units are people, or of people: how those are told apart.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// The rows that stand for the units which some rows belong to, where units are no people.
    fn unit_rows(&self, _context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        Ok(rows)
    }

    /// The steps that led to the measurements of one row, beyond the row itself.
    fn evidence(&self, _frame: &Frame<'_>, _row: usize) -> Result<Vec<Note>> {
        Ok(Vec::new())
    }
}

impl dyn Described + '_ {
    /// The unit table, ready to be read.
    pub(super) fn frame<'b>(&'b self, context: &'b Context<'b>, part: Option<Part>) -> Result<Frame<'b>> {
        let entity = match self.splits() {
            Splits::Entity(column) => Some(column),
            Splits::Rows | Splits::Whole => None,
        };
        Ok(Frame::new(context, self.rows(), entity, part)?.with_people(self.people(context)?))
    }

    /// The rows of other tables that could not be used: of those of people, and those that it reads beside.
    pub(super) fn all_faults(&self, frame: &Frame<'_>) -> Result<Vec<Fault>> {
        let mut faults = self.faults(frame)?;
        if self.looks_at_people() {
            faults.extend(faults_of_people(frame.context.book)?.iter().cloned());
        }
        Ok(faults)
    }

    /// The people of the events, where units are theirs.
    pub(super) fn people(&self, context: &Context<'_>) -> Result<Option<Arc<People>>> {
        self.identity().map(|identity| People::of(context, identity)).transpose()
    }
}

/// A measure over its view: gives every measurement of a frame to a sink.
pub(crate) trait Source: Described {
    type Value: Value;

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
}

/// Takes measurements.
pub(crate) trait Sink<V> {
    /// What takes notes of what a measure looks at, while it measures for this.
    type Evidence: Evidence + Default;

    fn take(&mut self, codes: &Codes<'_>, measurement: Measurement<V>) -> Result<()>;

    /// For measuring without anybody listening.
    fn silence(&self) -> Self::Evidence {
        Self::Evidence::default()
    }

    /// Whether it asks which units there are; else equal ones may come together.
    fn wants_units(&self) -> bool {
        true
    }
}

impl<V> Sink<V> for &mut AnySink<'_, V> {
    // The type of those who listen, though nobody does: so measures are compiled once for both.
    type Evidence = Notes;

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

impl<M: RowMeasure> Described for OfRows<M> {
    fn rows(&self) -> &RowView {
        &self.view
    }

    fn splits(&self) -> Splits {
        Splits::Rows
    }

    fn inputs(&self) -> &[Input] {
        self.measure.inputs()
    }
}

impl<M: RowMeasure> Source for OfRows<M> {
    type Value = M::Value;

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
    pub(super) groups: Groups,
    /// Only the entity that this row belongs to is wanted.
    only: Option<usize>,
}

/// In which group each row is.
pub(super) enum Groups {
    /// There is only one.
    Whole,
    /// As the row says.
    OfRows(Vec<u32>),
    /// The codes of each column of `by`: the group also depends on when and for whom a unit counts.
    Late(Vec<Vec<u32>>),
}

impl<'f, 'b> Gated<'f, 'b> {
    pub(crate) fn new(
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

impl<W: View, M: EntityMeasure<View = W>> Described for OfEntities<W, M> {
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

    fn identity(&self) -> Option<Identity> {
        self.view.identity()
    }

    fn looks_at_people(&self) -> bool {
        self.view.looks_at_people()
    }

    fn bounds(&self) -> Bounds {
        self.measure.bounds()
    }

    fn stand_ins(&self, book: &Book<'_>) -> Vec<&'static str> {
        self.view.stand_ins(book)
    }

    fn faults(&self, frame: &Frame<'_>) -> Result<Vec<Fault>> {
        let mut codes = frame.codes(self.attributes())?;
        let mut faults = self.view.faults(&Gated::new(frame, &mut codes, self.measure.inputs(), None)?)?;
        faults.append(&mut self.measure.faults(frame.context)?);
        Ok(faults)
    }

    fn unit_rows(&self, context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        self.view.unit_rows(context, rows)
    }

    fn evidence(&self, frame: &Frame<'_>, row: usize) -> Result<Vec<Note>> {
        let mut notes = Notes::taken();
        let mut codes = frame.codes(self.attributes())?;
        let mut nowhere: &mut AnySink<'_, M::Value> = &mut |_, _| Ok(());
        self.measure(frame, &mut codes, Some(row), &mut nowhere, &mut notes)?;
        Ok(notes.all())
    }
}

impl<W: View, M: EntityMeasure<View = W>> Source for OfEntities<W, M> {
    type Value = M::Value;

    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        _fast: Option<&mut Fast<M::Value>>,
        sink: &mut impl Sink<M::Value>,
    ) -> Result<()> {
        let mut why = sink.silence();
        self.measure(frame, codes, None, sink, &mut why)
    }
}
