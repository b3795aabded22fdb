//! From the events to who was active when.

use super::filling::Fillings;
use super::members::{Members, NO_MEMBER, NO_ROW};
use super::{Activity, Days, EVENTS, Kinds, NAME, Wanted, days};
use crate::compute::{Codes, Context, Filter, Frame, Grouping, Part, PeriodCoder};
use crate::error::{ErrorKind, Result};
use crate::key::{Key, stable_hash};
use crate::measure::Reason;
use crate::scope::{BEGINNING_OF_TIME, Calendar, END_OF_TIME, Micros, is_in_time};
use crate::table::Chunk;
use crate::view::coded::{BLOCK, Coded, Place};
use crate::view::people::{Identity, NOBODY, People, Set};
use crate::view::rows_of::RowsByKey;
use crate::view::sequences::{Unusable, repeated};
use std::cell::RefCell;
use std::sync::Arc;

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
    #[allow(clippy::too_many_lines, reason = "one loop over the rows, with all that it keeps")]
    pub(super) fn read(self, last: Micros) -> Result<Activity> {
        let Self { frame, mut codes, calendar, cuts, people, counts, repeated, part, wanted } = self;
        let kinds = &wanted.kinds;
        let names = RefCell::new(Vec::new());
        let name = frame.table.find("name");
        // Of each name the kinds that it is of, a bit each; or the one kind, counted from 1.
        let mut kind = Coded::new(frame.table, name, |key: &Key| match kinds {
            Kinds::Chosen(chosen) => (0..).zip(chosen).fold(0_u32, |kinds, (at, chosen)| {
                let is_one = match chosen {
                    None => true,
                    Some(names) => key.as_text().is_some_and(|name| names.has(name)),
                };
                kinds | u32::from(is_one) << at
            }),
            Kinds::ByName(chosen) => {
                let mut names = names.borrow_mut();
                let is_chosen = match (chosen, key.as_text()) {
                    (Some(chosen), name) => name.is_some_and(|name| chosen.has(name)),
                    // Asked for twice: where there is no column too.
                    (None, None) if names.first() == Some(&Key::Null) => return 1,
                    (None, _) => true,
                };
                if is_chosen {
                    names.push(if key.as_text().is_some() { key.clone() } else { Key::Null });
                    u32::try_from(names.len()).unwrap_or(0)
                } else {
                    0
                }
            }
        });
        let of_all = matches!(kinds, Kinds::Chosen(chosen) if matches!(chosen.as_slice(), [None]));
        let is_by_name = matches!(kinds, Kinds::ByName(_));
        let mut periods = match calendar {
            Some(calendar) => PeriodCoder::new(Some(calendar), Vec::new()),
            None => PeriodCoder::new(None, vec![BEGINNING_OF_TIME, END_OF_TIME + 1]),
        };
        let is_whole = codes.groups.is_whole();
        let mut members = Members::default();
        if is_whole {
            members.rows = vec![NO_ROW; people.keys().len()];
        } else {
            members.first = vec![NO_MEMBER; people.keys().len()];
        }
        let is_here = |person: u32, row: usize| match part {
            // What is nobody's is wherever its number leads it.
            Some(Part { part, of }) if person == NOBODY => row as u64 % of == part,
            _ => counts.as_ref().and_then(|counts| counts.get(person as usize)) != Some(&Counts::Elsewhere),
        };
        let of_rows = people.of_rows();
        let filling = |times| Fillings { kinds: Vec::new(), times };
        let (mut fillings, mut excluded, mut unusable) = (filling(wanted.times), filling(1), Vec::new());
        let (mut scratch, mut slow, mut keep) = (Vec::new(), Vec::new(), Vec::new());
        let pieces = cuts.len() + 1;
        for (chunk_at, chunk) in frame.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                let first = chunk.first_row + from;
                let times = match frame.clock.micros(chunk, from, len, &mut scratch) {
                    Some(times) => times,
                    None => {
                        slow.clear();
                        slow.extend((from..from + len).map(|local| readable(&frame, chunk, local)));
                        &slow
                    }
                };
                let at = |offset: usize| times.get(offset).copied().filter(|at| is_in_time(*at));
                keep.clear();
                if !frame.is_unfiltered() {
                    keep.resize(len, true);
                    frame.sift(&mut codes, chunk, (chunk_at, from), &mut keep, at);
                }
                codes.groups.codes(chunk, chunk_at, from, len, at);
                if !of_all {
                    kind.open(Place { chunk: chunk_at, from, len, offset: 0 });
                }
                let shared = periods.shared(times, (BEGINNING_OF_TIME, last))?;
                let people_of = of_rows.get(first..first + len).unwrap_or_default();
                for (offset, (time, person)) in times.iter().zip(people_of).enumerate() {
                    if !keep.is_empty() && !keep.get(offset).copied().unwrap_or(false) {
                        continue;
                    }
                    let of_kind = if of_all { 1 } else { kind.of_row(offset) };
                    if of_kind == 0 {
                        continue;
                    }
                    let row = u32::try_from(first + offset).unwrap_or(u32::MAX);
                    let is_readable = shared.is_some() || is_in_time(*time);
                    if *person == NOBODY || !is_readable {
                        if is_here(*person, first + offset) && (!is_readable || *time <= last) {
                            let reason = reason(&frame, chunk, from + offset, wanted.identity);
                            let group = codes.groups.group_of(offset)?;
                            let at = is_readable.then_some(*time);
                            unusable.push((Unusable { row, at, reason }, group));
                        }
                        continue;
                    }
                    if repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(first + offset)) {
                        continue;
                    }
                    let day = match shared {
                        Some(day) => day as usize,
                        None if *time > last => continue,
                        None => periods.code(*time)? as usize,
                    };
                    let day = if pieces == 1 {
                        day
                    } else {
                        day * pieces + cuts.iter().filter(|cut| **cut <= *time).count()
                    };
                    let verdict = match &counts {
                        None => Counts::Yes,
                        Some(counts) => counts.get(*person as usize).copied().unwrap_or(Counts::Yes),
                    };
                    if verdict == Counts::Elsewhere {
                        continue;
                    }
                    let member = if is_whole {
                        if let Some(slot) = members.rows.get_mut(*person as usize) {
                            *slot = row.min(*slot);
                        }
                        *person
                    } else {
                        members.number(*person, codes.groups.group_of(offset)?, row)
                    };
                    if verdict == Counts::Excluded {
                        if is_by_name || of_kind & 1 == 1 {
                            excluded.insert(0, day, member);
                        }
                        continue;
                    }
                    // A name is one kind; choices of names may overlap.
                    let mut kinds = if is_by_name { 1 } else { of_kind };
                    while kinds != 0 {
                        let number = if is_by_name { of_kind - 1 } else { kinds.trailing_zeros() };
                        fillings.insert(number as usize, day, member);
                        if wanted.counted {
                            let group = if is_whole { 0 } else { codes.groups.group_of(offset)? };
                            fillings.count(number as usize, day, group as usize);
                        }
                        kinds &= kinds - 1;
                    }
                }
            }
        }
        let elsewhere = |(person, verdict): (u32, &Counts)| (*verdict == Counts::Elsewhere).then_some(person);
        let elsewhere = (0..).zip(counts.iter().flatten()).filter_map(elsewhere).collect();
        let verdict_on = |person: u32| {
            let verdict = counts.as_ref().and_then(|counts| counts.get(person as usize));
            verdict.copied().unwrap_or(Counts::Yes)
        };
        let (mut recorded, mut recorded_excluded) = (Set::new(), Set::new());
        if wanted.recorded {
            for (person, group) in recorded_people(&frame, &mut codes, &people)? {
                let set = match verdict_on(person) {
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
        drop(kind);
        Ok(Activity {
            groups: (0..group_count).map(|group| codes.groups.values(group)).collect(),
            kinds: fillings.close(&starts, &cuts).into(),
            names: names.into_inner(),
            excluded: Arc::new(excluded.unwrap_or(Days { days: Vec::new() })),
            exclusions: Vec::new(),
            recorded,
            recorded_excluded,
            elsewhere,
            unusable,
            members,
            people: Arc::clone(&people),
        }
        .with_exclusions())
    }
}

/// The time of a row as a plain number, one that is in no time if it cannot be read.
pub(in crate::view) fn readable(frame: &Frame<'_>, chunk: &Chunk<'_>, local: usize) -> Micros {
    frame.clock.read(chunk, local, Micros::MAX).at().unwrap_or(Micros::MIN)
}

/// Why a row is of no use: it has no time, or names nobody.
pub(in crate::view) fn reason(
    frame: &Frame<'_>,
    chunk: &Chunk<'_>,
    local: usize,
    identity: Identity,
) -> Reason {
    let time = frame.clock.read(chunk, local, Micros::MAX);
    time.placed("occurred_at").err().unwrap_or(identity.nobody())
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
