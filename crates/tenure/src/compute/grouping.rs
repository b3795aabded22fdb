//! Groups: the columns of `by`, as one number a group.

use super::out::Told;
use super::place::Located;
use crate::book::Book;
use crate::column::Reading;
use crate::error::{Error, ErrorKind, Result};
use crate::key::{Coder, Key};
use crate::request::Scope;
use crate::scope::Micros;
use crate::table::{Chunk, Table};
use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use hashbrown::HashMap;

/// One column of `by`.
enum By<'b> {
    /// A column of the unit table, or one reached through users and accounts.
    Column(Located<'b>),
    /// Something that the measure itself knows of a unit, such as who answered; where it does not tell, what a column
    /// of that name says.
    Attribute(Known, Option<Located<'b>>),
    /// A part of the local time at which the unit counts.
    Clock(ClockPart, Tz, Known),
}

/// A column of values that come one at a time.
struct Known {
    name: String,
    coder: Coder,
    /// Of values that have a number of their own: the code of each, as far as it was needed; [`NO_CODE`] else.
    of_few: Vec<u32>,
}

const NO_CODE: u32 = u32::MAX;

/// A part of a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClockPart {
    /// 1 Monday to 7 Sunday.
    Weekday,
    /// 0 to 23.
    Hour,
}

impl ClockPart {
    const NAMES: [&'static str; 2] = ["weekday", "hour"];

    fn named(name: &str) -> Option<Self> {
        let parts = [Self::Weekday, Self::Hour];
        Self::NAMES.into_iter().zip(parts).find(|(known, _)| *known == name).map(|(_, part)| part)
    }

    fn key(self, at: Option<Micros>, zone: Tz) -> Key {
        let Some(local) = at.and_then(DateTime::from_timestamp_micros).map(|at| at.with_timezone(&zone))
        else {
            return Key::Null;
        };
        Key::Whole(match self {
            Self::Weekday => i128::from(local.weekday().number_from_monday()),
            Self::Hour => i128::from(local.hour()),
        })
    }
}

impl<'b> By<'b> {
    fn find(
        book: &'b Book<'b>,
        table: &'b Table<'b>,
        scope: &Scope,
        attributes: &[&'static str],
        name: &str,
    ) -> Result<Self> {
        let known = || Known { name: name.to_owned(), coder: Coder::default(), of_few: Vec::new() };
        let others = [attributes, &ClockPart::NAMES].concat();
        let located = Located::find(book, table, scope, name, &others);
        if attributes.contains(&name) {
            return Ok(By::Attribute(known(), located.ok()));
        }
        match (located, ClockPart::named(name)) {
            (Ok(located), _) => Ok(By::Column(located)),
            (Err(error), Some(part)) if error.kind() == ErrorKind::UnknownColumn => {
                Ok(By::Clock(part, scope.zone, known()))
            }
            (Err(error), _) => Err(error),
        }
    }

    fn keys(&self) -> &[Key] {
        match self {
            By::Column(located) | By::Attribute(_, Some(located)) => located.keys(),
            By::Attribute(known, None) | By::Clock(_, _, known) => known.coder.keys(),
        }
    }

    /// Whether it depends on more than the row: on when the unit counts, or on what the measure finds.
    fn is_late(&self) -> bool {
        !matches!(self, By::Column(_))
    }

    fn block(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        from: usize,
        out: &mut [u32],
        at: impl Fn(usize) -> Option<Micros>,
    ) {
        match self {
            By::Column(located) | By::Attribute(_, Some(located)) => {
                located.block(chunk, chunk_at, from, out, at);
            }
            By::Attribute(known, None) => out.fill(known.coder.code(Key::Null.reading())),
            By::Clock(part, zone, known) => {
                for (offset, code) in out.iter_mut().enumerate() {
                    *code = known.coder.code(part.key(at(offset), *zone).reading());
                }
            }
        }
    }
}

/// The columns of `by`.
///
/// Rows are first given the number of their combination of values. Only a row that counts makes of its combination a
/// group.
pub(crate) struct Grouping<'b> {
    columns: Vec<By<'b>>,
    /// One for each column but the first: combinations of all columns so far.
    pairings: Vec<Pairing>,
    /// The combinations of the rows of the block coded last.
    rows: Vec<u32>,
    scratch: Vec<u32>,
    /// The group of each combination; [`NO_GROUP`] for those that no row that counts has.
    groups: Vec<u32>,
    /// The combination of each group.
    members: Vec<u32>,
    most: u64,
}

const NO_GROUP: u32 = u32::MAX;

/// Numbers for pairs of numbers, in order of first sight.
#[derive(Default)]
struct Pairing {
    numbers: HashMap<(u32, u32), u32>,
    pairs: Vec<(u32, u32)>,
}

impl Pairing {
    fn number(&mut self, pair: (u32, u32)) -> u32 {
        let Self { numbers, pairs } = self;
        *numbers.entry(pair).or_insert_with(|| {
            pairs.push(pair);
            u32::try_from(pairs.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// The combination of those of the columns before one, and of its own code.
fn paired(pairings: &mut [Pairing], column: usize, (before, code): (u32, u32)) -> u32 {
    match column.checked_sub(1).and_then(|at| pairings.get_mut(at)) {
        Some(pairing) => pairing.number((before, code)),
        None => code,
    }
}

impl<'b> Grouping<'b> {
    /// `attributes` are the columns that the measure itself knows.
    pub(crate) fn new(
        book: &'b Book<'b>,
        table: &'b Table<'b>,
        scope: &Scope,
        attributes: &[&'static str],
    ) -> Result<Self> {
        let columns = scope
            .by
            .iter()
            .map(|name| By::find(book, table, scope, attributes, name))
            .collect::<Result<Vec<_>>>()?;
        let pairings = columns.iter().skip(1).map(|_| Pairing::default()).collect();
        let mut grouping = Self {
            columns,
            pairings,
            rows: Vec::new(),
            scratch: Vec::new(),
            groups: Vec::new(),
            members: Vec::new(),
            most: scope.max_groups,
        };
        if grouping.is_whole() {
            grouping.group(0)?;
        }
        Ok(grouping)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.columns.is_empty()
    }

    /// The values of a group.
    pub(crate) fn values(&self, group: u32) -> Vec<Key> {
        let mut combination = self.members.get(group as usize).copied().unwrap_or_default();
        let mut values = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate().rev() {
            let pairs =
                at.checked_sub(1).and_then(|before| self.pairings.get(before)).map(|known| &known.pairs);
            let pair = pairs.and_then(|pairs| pairs.get(combination as usize)).copied();
            let (before, code) = pair.unwrap_or((0, combination));
            values.push(column.keys().get(code as usize).cloned().unwrap_or(Key::Null));
            combination = before;
        }
        values.reverse();
        values
    }

    /// Numbers the combinations of the rows from `from` on.
    pub(crate) fn codes(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        from: usize,
        len: usize,
        at: impl Fn(usize) -> Option<Micros>,
    ) {
        self.rows.resize(len, 0);
        let Some((first, others)) = self.columns.split_first_mut() else { return };
        first.block(chunk, chunk_at, from, &mut self.rows, &at);
        self.scratch.resize(len, 0);
        for (column, pairing) in others.iter_mut().zip(&mut self.pairings) {
            column.block(chunk, chunk_at, from, &mut self.scratch, &at);
            for (row, code) in self.rows.iter_mut().zip(&self.scratch) {
                *row = pairing.number((*row, *code));
            }
        }
    }

    /// Whether a row's group depends on when its unit counts, or on what the measure finds.
    pub(crate) fn is_late(&self) -> bool {
        self.columns.iter().any(By::is_late)
    }

    /// The codes of the rows from `from` on, one list for each column.
    pub(crate) fn column_codes(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        (from, len): (usize, usize),
        at: impl Fn(usize) -> Option<Micros>,
        out: &mut [Vec<u32>],
    ) {
        for (column, codes) in self.columns.iter_mut().zip(out) {
            let known = codes.len();
            codes.resize(known + len, 0);
            if let Some(fresh) = codes.get_mut(known..) {
                column.block(chunk, chunk_at, from, fresh, &at);
            }
        }
    }

    /// The group of a unit: a row's codes, where the unit counts, and what the measure says of it.
    pub(super) fn late_group<'k>(
        &mut self,
        row: impl Fn(usize) -> u32,
        at: Option<Micros>,
        attribute: impl Fn(&str) -> Option<&'k Told>,
    ) -> Result<u32> {
        let mut combination = 0;
        for (number, column) in self.columns.iter_mut().enumerate() {
            let code = match column {
                By::Column(_) => row(number),
                By::Attribute(known, column) => match (attribute(&known.name), column) {
                    (None, _) => row(number),
                    (Some(Told::OneOf(code)), _) => *code,
                    (Some(Told::Value(key)), Some(column)) => column.code(key),
                    (Some(Told::Value(key)), None) => known.coder.code(key.reading()),
                },
                By::Clock(part, zone, known) => known.coder.code(part.key(at, *zone).reading()),
            };
            combination = paired(&mut self.pairings, number, (combination, code));
        }
        self.group(combination)
    }

    /// The code of a value that a measure tells, which is one of a few and has a number there.
    pub(super) fn code_of_few(&mut self, name: &str, number: u8, value: impl FnOnce() -> Key) -> u32 {
        for column in &mut self.columns {
            let By::Attribute(known, located) = column else { continue };
            if known.name != name {
                continue;
            }
            let place = usize::from(number);
            match known.of_few.get(place) {
                Some(code) if *code != NO_CODE => return *code,
                Some(_) => {}
                None => known.of_few.resize(place + 1, NO_CODE),
            }
            let code = match located {
                Some(column) => column.code(&value()),
                None => known.coder.code(value().reading()),
            };
            if let Some(slot) = known.of_few.get_mut(place) {
                *slot = code;
            }
            return code;
        }
        NO_CODE
    }

    /// The group of all rows whose column that leads there holds a key, see [`Self::is_of`].
    pub(crate) fn group_reached(&mut self, key: Reading<'_>) -> Result<u32> {
        let mut combination = 0;
        for (number, column) in self.columns.iter_mut().enumerate() {
            if let By::Column(located) | By::Attribute(_, Some(located)) = column {
                let code = located.code_reached(key);
                combination = paired(&mut self.pairings, number, (combination, code));
            }
        }
        self.group(combination)
    }

    /// The group of a unit whose values are known.
    pub(crate) fn group_with(&mut self, values: &[Key]) -> Result<u32> {
        let mut combination = 0;
        for (number, (column, value)) in self.columns.iter_mut().zip(values).enumerate() {
            let code = match column {
                By::Column(located) | By::Attribute(_, Some(located)) => located.code(value),
                By::Attribute(known, None) | By::Clock(_, _, known) => known.coder.code(value.reading()),
            };
            combination = paired(&mut self.pairings, number, (combination, code));
        }
        self.group(combination)
    }

    /// Whether what a column of the unit table says is enough to know a row's group.
    pub(crate) fn is_of(&self, column: usize) -> bool {
        self.columns.iter().all(|by| matches!(by, By::Column(located) if located.is_of(column)))
    }

    /// How many groups there are.
    pub(crate) fn group_count(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(u32::MAX)
    }

    /// How many columns.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The combinations of the rows of the block coded last.
    pub(crate) fn combinations(&self) -> &[u32] {
        &self.rows
    }

    /// How many combinations were met.
    pub(crate) fn len(&self) -> usize {
        match (self.pairings.last(), self.columns.first()) {
            (Some(pairing), _) => pairing.pairs.len(),
            (None, Some(column)) => column.keys().len(),
            (None, None) => 1,
        }
    }

    /// Whether there are more combinations than there may be groups, so that not all can be counted.
    pub(crate) fn is_too_long(&self) -> bool {
        self.len() as u64 > self.most
    }

    /// The group of a row of the block coded last.
    pub(crate) fn group_of(&mut self, offset: usize) -> Result<u32> {
        self.group(self.rows.get(offset).copied().unwrap_or_default())
    }

    /// The group of a combination.
    pub(crate) fn group(&mut self, combination: u32) -> Result<u32> {
        match self.groups.get(combination as usize) {
            Some(group) if *group != NO_GROUP => return Ok(*group),
            Some(_) => {}
            None => self.groups.resize(combination as usize + 1, NO_GROUP),
        }
        if self.members.len() as u64 >= self.most {
            let message =
                format!("more than {} groups; raise max_groups, or group by fewer columns", self.most);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let group = u32::try_from(self.members.len()).map_err(|_| Error::overflow("the number of groups"))?;
        self.members.push(combination);
        if let Some(known) = self.groups.get_mut(combination as usize) {
            *known = group;
        }
        Ok(group)
    }
}
