//! The events that a request asks for, in the order of the table's rows.

use super::activity::EVENTS;
use super::event_blocks::each_block;
use super::people::{Identity, NOBODY, People};
use super::rows_of::RowsByKey;
use super::sequences::{Unusable, repeated};
use crate::column::Reading;
use crate::compute::{Codes, Context, Frame, Part};
use crate::error::Result;
use crate::key::{Key, stable_hash};
use crate::measure::{Input, InputKind, Reason};
use crate::scope::{BEGINNING_OF_TIME, Micros, is_in_time};
use crate::table::Table;
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

    /// Whether every event of anybody is given that happened in time, and nothing has to be known of it.
    pub(crate) fn takes_all(&self) -> bool {
        let is_whole =
            self.codes.groups.is_whole() && self.frame.is_unfiltered() && self.elsewhere.is_empty();
        is_whole && self.duration.is_none()
    }

    /// Whether an instant is one at which events count.
    pub(crate) fn is_in_span(&self, at: Micros) -> bool {
        self.span.0 <= at && at <= self.span.1
    }

    /// Gives every event, some at a time, and those rows that are of no use with the combination of `by`.
    #[inline]
    pub(crate) fn each(
        &mut self,
        mut spoilt: impl FnMut(Unusable, u32),
        mut tell: impl FnMut(&[EventRow]) -> Result<()>,
    ) -> Result<()> {
        let Self { frame, codes, people, part, elsewhere, repeated, span, duration } = self;
        let is_whole = codes.groups.is_whole();
        let mut keep = Vec::new();
        let mut events = Vec::with_capacity(BATCH);
        each_block(frame, people, |block| {
            block.sift(frame, codes, &mut keep);
            if !is_whole {
                block.group(codes);
            }
            let combinations = if is_whole { &[] } else { codes.groups.combinations() };
            let duration = duration.and_then(|column| block.chunk.columns.get(column));
            let is_plain = is_whole
                && duration.is_none()
                && (keep.is_empty() && repeated.is_none() && elsewhere.is_empty());
            for from in (0..block.place.len).step_by(BATCH) {
                let rows = from..block.place.len.min(from + BATCH);
                let (times, people_of) = block.some(rows.clone());
                let numbers = block.first + from..;
                if is_plain && all_within(times, *span) && !people_of.contains(&NOBODY) {
                    let of_rows = numbers.zip(times.iter().zip(people_of));
                    let event = |(row, (at, person)): (usize, (&Micros, &u32))| {
                        let row = u32::try_from(row).unwrap_or(u32::MAX);
                        EventRow { row, person: *person, at: *at, combination: 0, lasted: None }
                    };
                    events.extend(of_rows.map(event));
                    tell(&events)?;
                    events.clear();
                    continue;
                }
                for ((offset, number), (time, person)) in rows.zip(numbers).zip(times.iter().zip(people_of)) {
                    if !keep.is_empty() && !keep.get(offset).copied().unwrap_or(false) {
                        continue;
                    }
                    let combination = combinations.get(offset).copied().unwrap_or(0);
                    let row = u32::try_from(number).unwrap_or(u32::MAX);
                    if *time < span.0 || span.1 < *time || *person == NOBODY {
                        let at = is_in_time(*time).then_some(*time);
                        // Nobody's rows stand for themselves: any part may have them.
                        let is_here = part.is_none_or(|Part { part, of }| number as u64 % of == part);
                        if is_here && at.is_none_or(|at| span.0 <= at && at <= span.1) {
                            let reason = block.reason(frame, offset, Identity::User);
                            spoilt(Unusable { row, at, reason }, combination);
                        }
                        continue;
                    }
                    if repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(number))
                        || elsewhere.get(*person as usize).copied().unwrap_or(false)
                    {
                        continue;
                    }
                    let lasted =
                        duration.map_or(Ok(None), |column| micros(column.read(block.place.from + offset)));
                    match lasted {
                        Ok(lasted) => {
                            events.push(EventRow { row, person: *person, at: *time, combination, lasted });
                        }
                        Err(reason) => spoilt(Unusable { row, at: Some(*time), reason }, combination),
                    }
                }
                tell(&events)?;
                events.clear();
            }
            Ok(())
        })
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
}

/// Whether all instants lie within a span.
#[inline]
fn all_within(times: &[Micros], (first, last): (Micros, Micros)) -> bool {
    // Counted, and not looked for: without a way out in between many are compared at once.
    times.iter().filter(|at| !(first..=last).contains(*at)).count() == 0
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
