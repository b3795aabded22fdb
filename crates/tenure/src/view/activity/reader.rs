//! From the events to who was active when.

use super::filling::Fillings;
use super::members::{Members, NO_MEMBER, NO_ROW};
use super::{Activity, EVENTS, Kinds, NAME, Wanted, days};
use crate::compute::{Codes, Context, Filter, Frame, Grouping, Part, PeriodCoder};
use crate::error::{ErrorKind, Result};
use crate::key::{Key, stable_hash};
use crate::scope::{BEGINNING_OF_TIME, Calendar, END_OF_TIME, Micros, is_in_time};
use crate::view::coded::Coded;
use crate::view::event_blocks::each_block;
use crate::view::people::{NOBODY, People, Set};
use crate::view::rows_of::RowsByKey;
use crate::view::sequences::{Unusable, repeated};
use std::cell::RefCell;
use std::sync::Arc;

/// Most of so many rows in order of time are of one day.
const PIECE: usize = 512;

/// Where there are fewer kinds, their sets are found once for a piece, and not once a row.
const MANY_KINDS: usize = 256;

/// Reads the events.
pub(super) struct Reader<'b> {
    pub(super) frame: Frame<'b>,
    pub(super) codes: Codes<'b>,
    pub(super) calendar: Option<Calendar>,
    pub(super) cuts: Vec<Micros>,
    pub(super) people: Arc<People>,
    /// Whom a person's events count for: nobody if they belong to another part.
    pub(super) counts: Option<Vec<Counts>>,
    pub(super) repeated: Option<Arc<RowsByKey>>,
    pub(super) part: Option<Part>,
    pub(super) wanted: &'b Wanted,
}

/// Whether a person's events count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Yes,
    Excluded,
    /// Elsewhere: in another part of the data.
    Elsewhere,
}

impl<'b> Reader<'b> {
    pub(super) fn new(
        context: &'b Context<'b>,
        wanted: &'b Wanted,
        calendar: Option<Calendar>,
        cuts: Vec<Micros>,
        part: Option<Part>,
    ) -> Result<Self> {
        // Which part a person belongs to is for its number to say, and not for the row: aliases stay together.
        let frame = Frame::new(context, &EVENTS, None, None)?;
        frame.table.require("occurred_at")?;
        let people = People::of(context, wanted.identity)?;
        let excludes = people.excluded().iter().any(|(set, _)| !set.is_empty());
        let counts = (part.is_some() || excludes).then(|| {
            let counts = |(number, key): (u32, &Key)| match part {
                Some(Part { part, of }) if stable_hash(key.reading()) % of != part => Counts::Elsewhere,
                _ if people.exclusion(number).is_some() => Counts::Excluded,
                _ => Counts::Yes,
            };
            (0..).zip(people.keys()).map(counts).collect()
        });
        let codes = frame.codes(&[])?;
        if !matches!(&wanted.kinds, Kinds::Chosen(chosen) if chosen.iter().all(Option::is_none)) {
            frame.bind(&[NAME])?;
        }
        let repeated = repeated(context)?;
        Ok(Self { frame, codes, calendar, cuts, people, counts, repeated, part, wanted })
    }

    /// Reads all events up to `last`.
    pub(super) fn read(mut self, last: Micros) -> Result<Activity> {
        let names = RefCell::new(Vec::new());
        let kept = self.fill(last, &names)?;
        self.close(kept, names.into_inner())
    }

    fn fill(&mut self, last: Micros, names: &RefCell<Vec<Key>>) -> Result<Kept<'b>> {
        let Self { frame, codes, calendar, cuts, people, counts, repeated, part, wanted } = self;
        let part = *part;
        let mut kind = Coded::new(frame.table, frame.table.find("name"), |name: &Key| {
            kinds_of(&wanted.kinds, name, &mut names.borrow_mut())
        });
        let of_all = matches!(&wanted.kinds, Kinds::Chosen(chosen) if matches!(chosen.as_slice(), [None]));
        let is_whole = codes.groups.is_whole();
        let mut kept = Kept::new(wanted, *calendar, is_whole, people.keys().len());
        let is_here = |person: u32, row: usize| match part {
            // What is nobody's is wherever its number leads it.
            Some(Part { part, of }) if person == NOBODY => row as u64 % of == part,
            _ => verdict(counts.as_deref(), person) != Counts::Elsewhere,
        };
        let is_plain = is_whole && cuts.is_empty() && counts.is_none() && repeated.is_none();
        let mut keep = Vec::new();
        each_block(frame, people, |block| {
            block.sift(frame, codes, &mut keep);
            block.group(codes);
            if !of_all {
                kind.open(block.place);
            }
            for from in (0..block.place.len).step_by(PIECE) {
                let rows = from..block.place.len.min(from + PIECE);
                let (times, people_of) = block.some(rows.clone());
                let shared = kept.periods.shared(times, (BEGINNING_OF_TIME, last))?;
                let of_rows = if of_all { &[] } else { kind.of_rows(rows.clone()) };
                let is_plain = is_plain && keep.is_empty() && (of_all || of_rows.len() == rows.len());
                if let Some(day) = shared.filter(|_| is_plain && !people_of.contains(&NOBODY)) {
                    kept.put_all(day as usize, block.first + rows.start, people_of, of_rows);
                    continue;
                }
                for (offset, (time, person)) in rows.zip(times.iter().zip(people_of)) {
                    let of_kind = if of_all { 1 } else { kind.of_row(offset) };
                    if of_kind == 0 || (!keep.is_empty() && !keep.get(offset).copied().unwrap_or(false)) {
                        continue;
                    }
                    let row = block.first + offset;
                    let is_readable = shared.is_some() || is_in_time(*time);
                    if *person == NOBODY || !is_readable {
                        if is_here(*person, row) && (!is_readable || *time <= last) {
                            let reason = block.reason(frame, offset, wanted.identity);
                            let row = u32::try_from(row).unwrap_or(u32::MAX);
                            let at = is_readable.then_some(*time);
                            kept.unusable
                                .push((Unusable { row, at, reason }, codes.groups.group_of(offset)?));
                        }
                        continue;
                    }
                    if repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(row)) {
                        continue;
                    }
                    let day = match shared {
                        Some(day) => day,
                        None if *time > last => continue,
                        None => kept.periods.code(*time)?,
                    };
                    let day =
                        day as usize * (cuts.len() + 1) + cuts.iter().filter(|cut| **cut <= *time).count();
                    let verdict = verdict(counts.as_deref(), *person);
                    if verdict != Counts::Elsewhere {
                        let group = if is_whole { 0 } else { codes.groups.group_of(offset)? };
                        kept.put(day, row, (*person, group), of_kind, verdict == Counts::Excluded);
                    }
                }
            }
            Ok(())
        })?;
        Ok(kept)
    }

    fn close(self, kept: Kept<'_>, names: Vec<Key>) -> Result<Activity> {
        let Self { frame, mut codes, calendar, cuts, people, counts, wanted, .. } = self;
        let Kept { is_whole, periods, mut members, fillings, excluded, unusable, .. } = kept;
        let elsewhere = |(person, verdict): (u32, &Counts)| (*verdict == Counts::Elsewhere).then_some(person);
        let elsewhere = (0..).zip(counts.iter().flatten()).filter_map(elsewhere).collect();
        let (mut recorded, mut recorded_excluded) = (Set::new(), Set::new());
        if wanted.recorded {
            for (person, group) in recorded_people(&frame, &mut codes, &people)? {
                let set = match verdict(counts.as_deref(), person) {
                    Counts::Yes => &mut recorded,
                    Counts::Excluded => &mut recorded_excluded,
                    Counts::Elsewhere => continue,
                };
                set.insert(if is_whole { person } else { members.number(person, group, NO_ROW) });
            }
        }
        let group_count = codes.groups.group_count();
        let dates = days(frame.context.scope);
        let dated =
            |start: &Micros| Ok((*start, if calendar.is_some() { dates.period(*start)?.0 } else { *start }));
        let starts = periods.starts().iter().map(dated).collect::<Result<Vec<_>>>()?;
        let excluded = excluded.close(&starts, &cuts).into_iter().next();
        Ok(Activity {
            groups: (0..group_count).map(|group| codes.groups.values(group)).collect(),
            kinds: fillings.close(&starts, &cuts).into(),
            names,
            excluded: Arc::new(excluded.unwrap_or_default()),
            exclusions: Vec::new(),
            recorded,
            recorded_excluded,
            elsewhere,
            unusable,
            members,
            people,
        }
        .with_exclusions())
    }
}

/// Whether a person's events count.
#[inline]
fn verdict(counts: Option<&[Counts]>, person: u32) -> Counts {
    counts.and_then(|counts| counts.get(person as usize)).copied().unwrap_or(Counts::Yes)
}

/// Of a name the kinds that it is of, a bit each; or the one kind, counted from 1, where each name is one.
fn kinds_of(kinds: &Kinds, name: &Key, names: &mut Vec<Key>) -> u32 {
    let chosen = match kinds {
        Kinds::Chosen(chosen) => {
            return (0..).zip(chosen).fold(0_u32, |kinds, (at, chosen)| {
                let is_one = match chosen {
                    None => true,
                    Some(names) => name.as_text().is_some_and(|name| names.has(name)),
                };
                kinds | u32::from(is_one) << at
            });
        }
        Kinds::ByName(chosen) => chosen,
    };
    let is_chosen = match (chosen, name.as_text()) {
        (Some(chosen), name) => name.is_some_and(|name| chosen.has(name)),
        // Asked for twice: where there is no column too.
        (None, None) if names.first() == Some(&Key::Null) => return 1,
        (None, _) => true,
    };
    if !is_chosen {
        return 0;
    }
    names.push(if name.as_text().is_some() { name.clone() } else { Key::Null });
    u32::try_from(names.len()).unwrap_or(0)
}

/// What is kept of the events while they are read.
struct Kept<'w> {
    wanted: &'w Wanted,
    is_whole: bool,
    periods: PeriodCoder,
    members: Members,
    fillings: Fillings,
    excluded: Fillings,
    unusable: Vec<(Unusable, u32)>,
}

impl<'w> Kept<'w> {
    fn new(wanted: &'w Wanted, calendar: Option<Calendar>, is_whole: bool, people: usize) -> Self {
        let ever = if calendar.is_some() { Vec::new() } else { vec![BEGINNING_OF_TIME, END_OF_TIME + 1] };
        let mut members = Members::default();
        if is_whole {
            members.rows = vec![NO_ROW; people];
        } else {
            members.first = vec![NO_MEMBER; people];
        }
        Self {
            wanted,
            is_whole,
            periods: PeriodCoder::new(calendar, ever),
            members,
            fillings: Fillings { kinds: Vec::new(), times: wanted.times },
            excluded: Fillings { kinds: Vec::new(), times: 1 },
            unusable: Vec::new(),
        }
    }

    /// Puts in one event, whose kind is asked for.
    #[inline]
    fn put(&mut self, day: usize, row: usize, (person, group): (u32, u32), of_kind: u32, is_excluded: bool) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        let is_by_name = matches!(self.wanted.kinds, Kinds::ByName(_));
        let member = if self.is_whole {
            self.members.meet(person, row);
            person
        } else {
            self.members.number(person, group, row)
        };
        if is_excluded {
            if is_by_name || of_kind & 1 == 1 {
                self.excluded.insert(0, day, member);
            }
            return;
        }
        if is_by_name {
            self.fillings.insert(of_kind as usize - 1, day, member);
            if self.wanted.counted {
                self.fillings.count(of_kind as usize - 1, day, group as usize, 1);
            }
            return;
        }
        // Choices of names may overlap.
        let mut kinds = of_kind;
        while kinds != 0 {
            let number = kinds.trailing_zeros() as usize;
            self.fillings.insert(number, day, member);
            if self.wanted.counted {
                self.fillings.count(number, day, group as usize, 1);
            }
            kinds &= kinds - 1;
        }
    }

    /// Puts in rows that all count, and on the same day; of all kinds, or of those told.
    fn put_all(&mut self, day: usize, first: usize, people: &[u32], of_rows: &[u32]) {
        if of_rows.is_empty() {
            for (row, person) in (first..).zip(people) {
                self.members.meet(*person, u32::try_from(row).unwrap_or(u32::MAX));
            }
            self.fillings.insert_all(day, people);
            if self.wanted.counted {
                self.fillings.count(0, day, 0, people.len() as u64);
            }
            return;
        }
        let is_by_name = matches!(self.wanted.kinds, Kinds::ByName(_));
        let rows = (first..).zip(people.iter().zip(of_rows)).filter(|(_, (_, of_kind))| **of_kind != 0);
        let mut others = Vec::new();
        if is_by_name && !self.wanted.counted && self.fillings.kinds.len() < MANY_KINDS {
            let mut words = self.fillings.words(day);
            for (row, (person, of_kind)) in rows {
                let words = words.get_mut(*of_kind as usize - 1);
                match words.and_then(|words| words.get_mut(*person as usize / 64)) {
                    Some(word) => {
                        *word |= 1 << (*person % 64);
                        self.members.meet(*person, u32::try_from(row).unwrap_or(u32::MAX));
                    }
                    None => others.push((row, *person, *of_kind)),
                }
            }
        } else {
            others.extend(rows.map(|(row, (person, of_kind))| (row, *person, *of_kind)));
        }
        for (row, person, of_kind) in others {
            self.put(day, row, (person, 0), of_kind, false);
        }
    }
}

/// The people on record and their groups, as far as what tells groups apart can be known without an event.
pub(crate) fn recorded_people(
    frame: &Frame<'_>,
    codes: &mut Codes<'_>,
    people: &People,
) -> Result<Vec<(u32, u32)>> {
    let context = frame.context;
    let Some(users) = context.book.table("users") else { return Ok(Vec::new()) };
    let grouping = Grouping::new(context.book, users, context.scope, &[]);
    let (mut groups, mut filter) = match (grouping, Filter::new(context.book, users, context.scope)) {
        (Ok(groups), Ok(filter)) => (groups, filter),
        (Err(error), _) | (_, Err(error)) if error.kind() == ErrorKind::UnknownColumn => {
            return Ok(Vec::new());
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let mut recorded = Vec::new();
    for (chunk_at, chunk) in users.chunks().iter().enumerate() {
        let mut keep = vec![true; chunk.rows];
        filter.block(chunk, chunk_at, 0, &mut keep, |_| None);
        groups.codes(chunk, chunk_at, 0, chunk.rows, |_| None);
        for (offset, _) in keep.iter().enumerate().filter(|(_, keep)| **keep) {
            let person = people.of_user(chunk.first_row + offset);
            if person != NOBODY {
                let values = groups.group_of(offset).map(|group| groups.values(group))?;
                recorded.push((person, codes.groups.group_with(&values)?));
            }
        }
    }
    Ok(recorded)
}
