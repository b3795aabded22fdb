//! Cuts events into stretches as they come.

use super::event_rows::{EventRow, EventRows};
use super::people::People;
use super::sessions::{ANY_GAP, Cut, End, Length, Session};
use super::tracks::{Track, Tracks};
use crate::compute::PeriodCoder;
use crate::error::Result;
use crate::scope::Micros;
use crate::table::Table;

/// An event that says that it is outside of any session.
#[derive(Clone, Copy)]
pub(crate) struct Outside {
    pub(crate) row: u32,
    pub(crate) at: Micros,
}

/// A stretch that may go on. Half a line of cache, so that none lies in two.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Open {
    from: Micros,
    /// Its last event so far.
    last: Micros,
    /// The last instant that can still belong to it; [`NONE`] if there is no stretch.
    until: Micros,
    row: u32,
    events: u32,
}

const NONE: Micros = Micros::MIN;
const NOTHING: Open = Open { from: 0, last: 0, until: NONE, row: 0, events: 0 };

/// Cuts events as they come.
pub(super) struct Cutter<'c> {
    pub(super) cut: &'c Cut,
    tracks: Tracks,
    table: &'c Table<'c>,
    /// The calendar whose periods end stretches.
    periods: PeriodCoder,
    is_whole: bool,
    /// Whether there is nothing to keep of an event but that it happened.
    is_plain: bool,
    /// The open stretch of each track.
    open: Vec<Open>,
    /// What the events of each open stretch say that they lasted; none if that is not asked for.
    open_lengths: Vec<Micros>,
    /// What the events at hand belong to.
    at_hand: Vec<Track>,
    done: Vec<Session>,
    /// The combination of each, of the open ones by track, of the others in order; none if there is one group.
    open_combinations: Vec<u32>,
    combinations: Vec<u32>,
    outside: Vec<(Outside, u32)>,
    /// Whether an event came so late that stretches have to be cut in order.
    pub(super) is_late: bool,
}

impl<'c> Cutter<'c> {
    pub(super) fn new(cut: &'c Cut, tracks: Tracks, table: &'c Table<'c>, is_whole: bool) -> Self {
        let calendar = match cut.end {
            End::With(calendar) => Some(calendar),
            End::Never | End::After(_) => None,
        };
        let tracked = |is_wanted: bool| if is_wanted { tracks.count() } else { 0 };
        Self {
            cut,
            open: vec![NOTHING; tracks.count()],
            open_lengths: vec![0; tracked(cut.length == Length::OfEvents)],
            open_combinations: vec![0; tracked(!is_whole)],
            at_hand: Vec::new(),
            tracks,
            table,
            periods: PeriodCoder::new(calendar, Vec::new()),
            is_whole,
            is_plain: is_whole && cut.length == Length::FirstToLast,
            done: Vec::new(),
            combinations: Vec::new(),
            outside: Vec::new(),
            is_late: false,
        }
    }

    /// The same with nothing cut yet.
    pub(super) fn again(self) -> Self {
        Self::new(self.cut, self.tracks, self.table, self.is_whole)
    }

    pub(super) fn add_all(&mut self, events: &[EventRow]) -> Result<()> {
        if self.is_late {
            return Ok(());
        }
        if self.tracks.are_people() {
            self.fetch(events.iter().map(|event| event.person as usize));
            return events
                .iter()
                .try_for_each(|event| self.add(event.person as usize, event, self.cut.longest_gap));
        }
        let mut at_hand = std::mem::take(&mut self.at_hand);
        at_hand.clear();
        at_hand.extend(events.iter().map(|event| self.tracks.of_event(event)));
        self.fetch(at_hand.iter().filter_map(Track::number));
        for (event, track) in events.iter().zip(&at_hand) {
            match track {
                Track::Gaps(track) => self.add(*track as usize, event, self.cut.longest_gap)?,
                Track::Named(track) => self.add(*track as usize, event, ANY_GAP)?,
                Track::Outside => {
                    self.outside.push((Outside { row: event.row, at: event.at }, event.combination));
                }
            }
        }
        self.at_hand = at_hand;
        Ok(())
    }

    /// What events continue lies anywhere in memory. All of it is read before anything depends on it: so the processor
    /// waits for all together, and not for each on a way that it guessed wrong.
    #[inline]
    fn fetch(&self, tracks: impl Iterator<Item = usize>) {
        let known = tracks.filter_map(|track| self.open.get(track));
        std::hint::black_box(known.fold(0, |read, open| read ^ open.last));
    }

    #[inline]
    fn add(&mut self, track: usize, event: &EventRow, longest_gap: Micros) -> Result<()> {
        if let Some(open) = self.open.get_mut(track) {
            let gap = event.at.wrapping_sub(open.last);
            if 0 <= gap && gap <= longest_gap && event.at <= open.until {
                open.last = event.at;
                if self.is_plain {
                    open.events = open.events.saturating_add(1);
                    return Ok(());
                }
                let is_first = event.at == open.from;
                self.count(track, event);
                if is_first && !self.is_whole {
                    self.settle(track, event);
                }
                return Ok(());
            }
        }
        self.turn(track, event, longest_gap)
    }

    /// Counts an event of an open stretch.
    #[inline]
    fn count(&mut self, track: usize, event: &EventRow) {
        let Some(open) = self.open.get_mut(track) else { return };
        match (self.open_lengths.get_mut(track), event.lasted) {
            (None, _) => open.events = open.events.saturating_add(1),
            (Some(length), Some(lasted)) => {
                open.events = open.events.saturating_add(1);
                *length = length.saturating_add(lasted);
            }
            (Some(_), None) => {}
        }
    }

    /// Takes in an event that does not simply continue a stretch.
    #[inline(never)]
    fn turn(&mut self, track: usize, event: &EventRow, longest_gap: Micros) -> Result<()> {
        if track >= self.open.len() {
            self.grow(track + 1);
        }
        let until = match self.cut.end {
            End::Never => Micros::MAX,
            End::After(span) => event.at.saturating_add(span),
            End::With(_) => self.periods.end_of(event.at)? - 1,
        };
        let Some(open) = self.open.get_mut(track) else { return Ok(()) };
        if open.until != NONE && event.at < open.last {
            self.add_late(track, event, longest_gap);
            return Ok(());
        }
        let fresh = Open { from: event.at, last: event.at, until, row: event.row, events: 0 };
        let before = std::mem::replace(open, fresh);
        let length = self.open_lengths.get_mut(track).map(std::mem::take);
        let combination = self.open_combinations.get_mut(track);
        let combination = combination.map(|known| std::mem::replace(known, event.combination));
        if before.until != NONE {
            self.done.push(before.close(event.person, length));
            self.combinations.extend(combination);
        }
        self.count(track, event);
        Ok(())
    }

    /// Takes in an event that comes after a later one of its track.
    fn add_late(&mut self, track: usize, event: &EventRow, longest_gap: Micros) {
        let Some(open) = self.open.get_mut(track) else { return };
        if event.at < open.from {
            if longest_gap != ANY_GAP || self.cut.end != End::Never {
                self.is_late = true;
                return;
            }
            // What nothing ends may just as well have begun earlier.
            (open.from, open.row) = (event.at, event.row);
            if let Some(combination) = self.open_combinations.get_mut(track) {
                *combination = event.combination;
            }
        } else if !self.is_whole && event.at == open.from {
            self.settle(track, event);
        }
        self.count(track, event);
    }

    #[cold]
    fn grow(&mut self, tracks: usize) {
        self.open.resize(tracks, NOTHING);
        if self.cut.length == Length::OfEvents {
            self.open_lengths.resize(tracks, 0);
        }
        if !self.is_whole {
            self.open_combinations.resize(tracks, 0);
        }
    }

    /// Of several events at the instant at which a stretch begins, the first tells its group.
    #[cold]
    fn settle(&mut self, track: usize, event: &EventRow) {
        if let (Some(open), Some(combination)) =
            (self.open.get_mut(track), self.open_combinations.get_mut(track))
            && EventRows::is_before(self.table, event.row, open.row)
        {
            open.row = event.row;
            *combination = event.combination;
        }
    }

    /// All stretches, their combinations and the events outside.
    pub(super) fn close(mut self, people: &People) -> (Vec<Session>, Vec<u32>, Vec<(Outside, u32)>) {
        for (track, open) in self.open.iter().enumerate().filter(|(_, open)| open.until != NONE) {
            let person = people.of_row(open.row as usize);
            self.done.push(open.close(person, self.open_lengths.get(track).copied()));
            self.combinations.extend(self.open_combinations.get(track));
        }
        (self.done, self.combinations, self.outside)
    }
}

impl Open {
    /// The stretch, which lasts as long as its events say if they are asked.
    fn close(&self, person: u32, length: Option<Micros>) -> Session {
        let length = length.unwrap_or(self.last - self.from);
        Session { from: self.from, length, person, row: self.row, events: self.events }
    }
}
