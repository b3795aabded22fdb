//! Where measures of entities put what they found.

use super::check_rows;
use super::frame::{Codes, Measurement};
use super::source::{Gated, Groups, Sink};
use crate::error::Result;
use crate::key::Key;
use crate::measure::Fate;
use crate::scope::Micros;

/// Takes the measurements of entities.
pub(crate) struct Out<'o, 'b, S> {
    pub(crate) gated: &'o Gated<'o, 'b>,
    pub(super) codes: &'o mut Codes<'b>,
    pub(super) sink: &'o mut S,
    /// What the measure said of the unit at hand.
    pub(super) attributes: Vec<(&'static str, Told)>,
}

/// What a measure said: a value, or which of a few it is.
pub(super) enum Told {
    Value(Key),
    /// Its code for the groups.
    OneOf(u32),
}

/// The end of a period, at which a stock is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PeriodEnd {
    /// Where the period begins, or what is asked for.
    pub(crate) start: Micros,
    /// The end; `as_of` if that comes first.
    pub(crate) at: Micros,
    /// The last instant of which anything is known then: what happens at the very end belongs to the next period, and
    /// what happens at `as_of` is known.
    pub(crate) known: Micros,
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
                    |name: &str| told.iter().find(|(known, _)| *known == name).map(|(_, told)| told);
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
            self.attributes.push((name, Told::Value(value())));
        }
    }

    /// The same where the value is one of a few, each with a number: it is looked up once for each of them.
    #[inline]
    pub(crate) fn attribute_of_few(&mut self, name: &'static str, number: u8, value: impl FnOnce() -> Key) {
        if !self.asks(name) {
            return;
        }
        let code = self.codes.groups.code_of_few(name, number, value);
        let fresh = Told::OneOf(code);
        match self.attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, told)) => *told = fresh,
            None => self.attributes.push((name, fresh)),
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
        span: (Micros, Option<Micros>),
        fate: impl Fn(Micros) -> Fate<V>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        self.stock_of(row, span, |_, end| Ok((Some(end.at), fate(end.at))))
    }

    /// The same, where it also matters what is known at an end or what the measure tells of the unit there, and where the
    /// unit is told with an instant of its own.
    pub(crate) fn stock_of<V>(
        &mut self,
        row: usize,
        (from, to): (Micros, Option<Micros>),
        mut look: impl FnMut(&mut Self, PeriodEnd) -> Result<(Option<Micros>, Fate<V>)>,
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
            let start = self.codes.periods.starts().get(period as usize).copied().unwrap_or(first);
            let (at_end, known) = (end.min(scope.as_of), scope.as_of.min(end - 1));
            let (at_own, fate) = look(self, PeriodEnd { start: start.max(first), at: at_end, known })?;
            let group = self.group(row, Some(at_end))?;
            let (period, dimensions) = (Some(period), Vec::new());
            self.sink.take(
                self.codes,
                Measurement { row, at: at_own, period, group, fate, dimensions, times: 1 },
            )?;
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
