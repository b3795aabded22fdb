//! In which period an instant lies.

use super::clock::ABSENT;
use crate::error::{Error, Result};
use crate::scope::{Calendar, Micros};
use hashbrown::HashMap;

/// Finds the period of an instant, in order of time or not.
pub(crate) struct PeriodCoder {
    calendar: Option<Calendar>,
    codes: HashMap<Micros, u32>,
    starts: Vec<Micros>,
    /// The bounds of the periods around those met so far.
    bounds: Vec<Micros>,
    /// The period met last.
    current: Span,
    /// The periods met last in each stretch of time, by [`Self::stretch`].
    recent: Vec<Span>,
    /// A stretch is two to this power microseconds long, a small part of a period.
    stretch: u32,
}

/// A period that was met: its instants, `[start, end)`, and its code.
#[derive(Clone, Copy, Default)]
struct Span {
    start: Micros,
    end: Micros,
    code: u32,
}

impl Span {
    #[inline]
    fn holds(&self, at: Micros) -> bool {
        self.start <= at && at < self.end
    }
}

/// No more periods than this are laid out ahead of being met.
const AHEAD: i64 = 4096;
/// Of periods of unequal length there may be somewhat more.
const MOST_LAID_OUT: usize = 8192;
/// Stretches that are remembered; a power of two.
const RECENT: usize = 4096;
/// Differences of instants this close to 1970, 73,000 years, do not wrap around.
const FAR: Micros = 1 << 61;

impl PeriodCoder {
    /// Calendar periods, or the one or two windows between given bounds.
    pub(crate) fn new(calendar: Option<Calendar>, bounds: Vec<Micros>) -> Self {
        Self {
            calendar,
            codes: HashMap::new(),
            starts: Vec::new(),
            bounds,
            current: Span::default(),
            recent: Vec::new(),
            stretch: 0,
        }
    }

    /// The starts of the periods met, by code.
    pub(crate) fn starts(&self) -> &[Micros] {
        &self.starts
    }

    /// The period's code if all instants of a block lie in one period and in the window. It may fail to notice.
    pub(crate) fn shared(&mut self, times: &[Micros], window: (Micros, Micros)) -> Result<Option<u32>> {
        if let Some(code) = self.same(times, window) {
            return Ok(Some(code));
        }
        // Of rows in order of time most blocks lie in one period: if not in the last one, then in the next.
        match times.first() {
            Some(first) if window.0 <= *first && *first <= window.1 && *first != ABSENT => {
                self.code(*first)?;
                Ok(self.same(times, window))
            }
            _ => Ok(None),
        }
    }

    fn same(&self, times: &[Micros], window: (Micros, Micros)) -> Option<u32> {
        let first = self.current.start.max(window.0).max(-FAR);
        let last = self.current.end.saturating_sub(1).min(window.1).min(FAR);
        // The signs of differences tell which instants lie outside; or-ing them needs no branch, so the loop runs
        // on vectors. A difference that wraps around has the wrong sign, but then the other one does not.
        let inside = |times: &[Micros]| {
            times.iter().fold(0, |outside, at| outside | at.wrapping_sub(first) | last.wrapping_sub(*at)) >= 0
        };
        (first <= last && times.chunks(512).all(inside)).then_some(self.current.code)
    }

    /// Without calendar periods: the code of the window asked for.
    pub(crate) fn only(&mut self) -> Result<u32> {
        match self.bounds.as_slice() {
            [.., start, _] => self.code(*start),
            _ => Err(Error::internal("the whole has no bounds")),
        }
    }

    /// The code of the period that holds an instant.
    #[inline]
    pub(crate) fn code(&mut self, at: Micros) -> Result<u32> {
        match self.recent.get(self.place(at)) {
            Some(span) if span.holds(at) => Ok(span.code),
            _ => self.look_up(at),
        }
    }

    /// The end of the period that holds an instant.
    pub(crate) fn end_of(&mut self, at: Micros) -> Result<Micros> {
        match self.recent.get(self.place(at)) {
            Some(span) if span.holds(at) => Ok(span.end),
            _ => {
                self.look_up(at)?;
                Ok(self.current.end)
            }
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low bits are wanted")]
    fn place(&self, at: Micros) -> usize {
        (at >> self.stretch) as usize % RECENT
    }

    fn look_up(&mut self, at: Micros) -> Result<u32> {
        if !self.current.holds(at) {
            self.current = self.find(at)?;
        }
        if self.recent.is_empty() {
            let length = self.current.end.saturating_sub(self.current.start);
            // A stretch with a bound in it is looked up again and again: let few be like that.
            self.stretch = length.max(1).ilog2().saturating_sub(5);
            self.recent = vec![Span::default(); RECENT];
        }
        let place = self.place(at);
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = self.current;
        }
        Ok(self.current.code)
    }

    fn find(&mut self, at: Micros) -> Result<Span> {
        let after = self.bounds.partition_point(|start| *start <= at);
        let known =
            after.checked_sub(1).and_then(|before| self.bounds.get(before)).zip(self.bounds.get(after));
        let (start, end) = match known {
            Some((start, end)) => (*start, *end),
            None => {
                let outside = || Error::internal("a row outside the request's window was placed");
                let calendar = self.calendar.ok_or_else(outside)?;
                let period = calendar.period(at)?;
                self.extend(calendar, period)?;
                period
            }
        };
        let starts = &mut self.starts;
        let code = *self.codes.entry(start).or_insert_with(|| {
            starts.push(start);
            u32::try_from(starts.len() - 1).unwrap_or(u32::MAX)
        });
        Ok(Span { start, end, code })
    }

    /// Lays out the periods between those known and a new one, unless it is too far away.
    fn extend(&mut self, calendar: Calendar, (start, end): (Micros, Micros)) -> Result<()> {
        let (Some(first), Some(last)) = (self.bounds.first().copied(), self.bounds.last().copied()) else {
            self.bounds = vec![start, end];
            return Ok(());
        };
        let length = (end - start).max(1);
        if (last.max(end) - first.min(start)) / length >= AHEAD {
            return Ok(());
        }
        if end <= first {
            let mut earlier = calendar.bounds(start, first - 1, MOST_LAID_OUT)?;
            earlier.extend(self.bounds.iter().skip(1));
            self.bounds = earlier;
        } else {
            self.bounds.extend(calendar.bounds(last, end - 1, MOST_LAID_OUT)?.into_iter().skip(1));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Every;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    fn coder(every: Every) -> (PeriodCoder, Calendar) {
        let calendar = Calendar { zone: Tz::Europe__Stockholm, every, week_start: 1, year_start: 1 };
        (PeriodCoder::new(Some(calendar), Vec::new()), calendar)
    }

    proptest! {
        #[test]
        fn the_code_is_that_of_the_period(
            every in prop_oneof![Just(Every::Hour), Just(Every::Day), Just(Every::Month), Just(Every::Year)],
            minutes in proptest::collection::vec(0..1_000_000_i64, 1..100),
        ) {
            let (mut coder, calendar) = coder(every);
            for at in minutes.iter().map(|minutes| 1_500_000_000_000_000 + minutes * 60_000_000) {
                let code = coder.code(at).unwrap();
                prop_assert_eq!(coder.starts()[code as usize], calendar.period(at).unwrap().0);
            }
        }

        #[test]
        fn a_shared_period_holds_all_instants(
            minutes in proptest::collection::vec(0..3_000_i64, 1..50),
            window in (0..3_000_i64, 0..3_000_i64),
        ) {
            let (mut coder, calendar) = coder(Every::Day);
            let at = |minutes: i64| 1_500_000_000_000_000 + minutes * 60_000_000;
            let times: Vec<Micros> = minutes.into_iter().map(at).collect();
            let window = (at(window.0), at(window.1));
            if let Some(code) = coder.shared(&times, window).unwrap() {
                let start = coder.starts()[code as usize];
                let inside = |at: &Micros| calendar.period(*at).unwrap().0 == start;
                prop_assert!(times.iter().all(|at| inside(at) && window.0 <= *at && *at <= window.1));
            }
        }
    }
}
