//! The events that a request asks for, in the order of the table's rows.

use super::activity::{EVENTS, readable, reason};
use super::coded::BLOCK;
use super::people::{Identity, NOBODY, People};
use super::rows_of::RowsByKey;
use super::sequences::{Unusable, repeated};
use crate::column::Reading;
use crate::compute::{Codes, Context, Frame, Part};
use crate::error::Result;
use crate::key::{Key, stable_hash};
use crate::measure::{Input, InputKind, Reason};
use crate::scope::{BEGINNING_OF_TIME, Micros, is_in_time};
use crate::table::{Chunk, Table};
use std::cmp::Ordering;
use std::sync::Arc;

const OCCURRED_AT: Input = Input::required("occurred_at", InputKind::Time);
/// How long an event says that it lasted.
pub(crate) const DURATION: Input = Input::required("duration_seconds", InputKind::Number);

const NEGATIVE: Reason =
    Reason::new("duration_seconds", "negative_duration", "is below 0, which no duration is");
const NO_DURATION: Reason =
    Reason::new("duration_seconds", "out_of_range", "is longer than anything that lasts");

/// No event lasts longer than this many seconds, 300 years; sums of many still fit.
const LONGEST: f64 = 1e10;

/// Events are given so many at a time, which stay in the nearest cache.
const BATCH: usize = 64;

/// One event.
#[derive(Clone, Copy)]
pub(crate) struct EventRow {
    pub(crate) row: u32,
    pub(crate) person: u32,
    pub(crate) at: Micros,
    /// The combination of values of `by`; 0 if there is one group.
    pub(crate) combination: u32,
    /// How long it says that it lasted, where that is asked for and known.
    pub(crate) lasted: Option<Micros>,
}

/// Goes through the rows of the events: those asked for by `where` and part, of somebody, at a time that counts, and
/// each event once.
pub(crate) struct EventRows<'b> {
    pub(crate) frame: Frame<'b>,
    pub(crate) codes: Codes<'b>,
    pub(crate) people: Arc<People>,
    part: Option<Part>,
    /// Whose events belong to another part, by person; nobody's, if the data is not split.
    elsewhere: Vec<bool>,
    repeated: Option<Arc<RowsByKey>>,
    /// The first and the last instant at which an event counts.
    span: (Micros, Micros),
    /// The column of durations, if they are asked for.
    duration: Option<usize>,
}

impl<'b> EventRows<'b> {
    /// The events of all time up to `as_of`, or only those between `start` and `end`.
    pub(crate) fn new(
        context: &'b Context<'b>,
        part: Option<Part>,
        only_window: bool,
        durations: bool,
    ) -> Result<Self> {
        // Which part a person belongs to is for its number to say, and not for the row: aliases stay together.
        let frame = Frame::new(context, &EVENTS, None, None)?;
        frame.bind(&[OCCURRED_AT])?;
        let duration = if durations {
            frame.bind(&[DURATION])?;
            frame.table.find(DURATION.column)
        } else {
            None
        };
        let people = People::of(context, Identity::User)?;
        let is_elsewhere = |Part { part, of }| {
            people.keys().iter().map(|key| stable_hash(key.reading()) % of != part).collect()
        };
        let codes = frame.codes(&[])?;
        Ok(Self {
            codes,
            part,
            elsewhere: part.map(is_elsewhere).unwrap_or_default(),
            repeated: repeated(context)?,
            span: if only_window { frame.window() } else { (BEGINNING_OF_TIME, context.scope.as_of) },
            duration,
            frame,
            people,
        })
    }

    /// Gives every event, some at a time, and those rows that are of no use with the combination of `by`.
    #[inline]
    pub(crate) fn each(
        &mut self,
        mut spoilt: impl FnMut(Unusable, u32),
        mut tell: impl FnMut(&[EventRow]) -> Result<()>,
    ) -> Result<()> {
        let people = Arc::clone(&self.people);
        let of_rows = people.of_rows();
        let is_whole = self.codes.groups.is_whole();
        let (first_instant, last_instant) = self.span;
        let (mut scratch, mut slow, mut keep) = (Vec::new(), Vec::new(), Vec::new());
        let mut events = Vec::with_capacity(BATCH);
        let table = self.frame.table;
        for (chunk_at, chunk) in table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                let first = chunk.first_row + from;
                let times = match self.frame.clock.micros(chunk, from, len, &mut scratch) {
                    Some(times) => times,
                    None => {
                        slow.clear();
                        slow.extend((from..from + len).map(|local| readable(&self.frame, chunk, local)));
                        &slow
                    }
                };
                let at = |offset: usize| times.get(offset).copied().filter(|at| is_in_time(*at));
                keep.clear();
                if !self.frame.is_unfiltered() {
                    keep.resize(len, true);
                    self.frame.sift(&mut self.codes, chunk, (chunk_at, from), &mut keep, at);
                }
                if !is_whole {
                    self.codes.groups.codes(chunk, chunk_at, from, len, at);
                }
                let combinations = if is_whole { &[] } else { self.codes.groups.combinations() };
                let people_of = of_rows.get(first..first + len).unwrap_or_default();
                for (offset, (time, person)) in times.iter().zip(people_of).enumerate() {
                    if !keep.is_empty() && !keep.get(offset).copied().unwrap_or(false) {
                        continue;
                    }
                    let combination = combinations.get(offset).copied().unwrap_or(0);
                    let row = u32::try_from(first + offset).unwrap_or(u32::MAX);
                    if *time < first_instant || last_instant < *time || *person == NOBODY {
                        if let Some(unusable) = self.unusable(chunk, from + offset, *time) {
                            spoilt(unusable, combination);
                        }
                        continue;
                    }
                    if self.repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(first + offset)) {
                        continue;
                    }
                    if self.elsewhere.get(*person as usize).copied().unwrap_or(false) {
                        continue;
                    }
                    let lasted = match self.lasted(chunk, from + offset) {
                        Ok(lasted) => lasted,
                        Err(reason) => {
                            spoilt(Unusable { row, at: Some(*time), reason }, combination);
                            continue;
                        }
                    };
                    events.push(EventRow { row, person: *person, at: *time, combination, lasted });
                    if events.len() == BATCH {
                        tell(&events)?;
                        events.clear();
                    }
                }
            }
        }
        tell(&events)
    }

    /// Whether one event of an instant comes before another: by `seq`, id, and then the other columns, so that the order
    /// of rows never shows.
    #[cold]
    pub(crate) fn is_before(table: &Table<'_>, one: u32, other: u32) -> bool {
        let (one, other) = (one as usize, other as usize);
        let seq = |row: usize| table.find("seq").map(|column| Key::from(table.read(column, row)));
        let order = seq(one).cmp(&seq(other));
        order.then_with(|| table.order("event_id").compare(one, other)) == Ordering::Less
    }

    /// What is wrong with a row of no time or of nobody, unless it does not count anyway.
    #[cold]
    fn unusable(&self, chunk: &Chunk<'_>, local: usize, time: Micros) -> Option<Unusable> {
        let at = is_in_time(time).then_some(time);
        let (first, last) = self.span;
        let number = chunk.first_row + local;
        // Nobody's rows stand for themselves: any part may have them.
        let is_here = self.part.is_none_or(|Part { part, of }| number as u64 % of == part);
        if !is_here || at.is_some_and(|at| at < first || last < at) {
            return None;
        }
        let reason = reason(&self.frame, chunk, local, Identity::User);
        Some(Unusable { row: u32::try_from(number).ok()?, at, reason })
    }

    /// How long the event of a row says that it lasted, if that is asked for.
    #[inline]
    fn lasted(&self, chunk: &Chunk<'_>, local: usize) -> Result<Option<Micros>, Reason> {
        match self.duration.and_then(|column| chunk.columns.get(column)) {
            None => Ok(None),
            Some(column) => micros(column.read(local)),
        }
    }
}

/// Seconds in microseconds.
fn micros(seconds: Reading<'_>) -> Result<Option<Micros>, Reason> {
    let seconds = match seconds {
        Reading::Missing => return Ok(None),
        Reading::Whole(seconds) => seconds as f64,
        Reading::Real(seconds) => seconds,
        _ => return Err(NO_DURATION),
    };
    if seconds < 0.0 {
        return Err(NEGATIVE);
    }
    if seconds > LONGEST {
        return Err(NO_DURATION);
    }
    #[allow(clippy::cast_possible_truncation, reason = "within range, checked above")]
    Ok(Some((seconds * 1e6).round() as Micros))
}
