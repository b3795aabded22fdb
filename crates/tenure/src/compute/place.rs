//! Where a row counts: in which period, in which group, or not at all.

use crate::book::Book;
use crate::column::{Column, Reading, Unit};
use crate::error::{Error, ErrorKind, Result, suggest};
use crate::key::{Coder, Key};
use crate::measure::Reason;
use crate::request::Scope;
use crate::scope::{Calendar, Local, Micros, local, parse_time};
use crate::table::{Chunk, LINKS, Table};
use chrono_tz::Tz;
use hashbrown::HashMap;
use serde_json::Value;

/// A time of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Moment {
    Absent,
    At(Micros),
    Bad(&'static str, &'static str),
}

const NOT_A_TIME: (&str, &str) = ("not_a_time", "is not a time");
const SKIPPED: (&str, &str) = ("nonexistent_local_time", "was skipped by the clocks of its zone");

/// Reads a time; wall-clock times in `zone`.
pub(crate) fn moment(reading: Reading<'_>, zone: Tz) -> Moment {
    let (at, is_instant) = match reading {
        Reading::Missing => return Moment::Absent,
        Reading::Time(at, is_instant) => (at, is_instant),
        Reading::Text(text) if text.trim().is_empty() => return Moment::Absent,
        Reading::Text(text) => match parse_time(text) {
            Some(parsed) => parsed,
            None => return Moment::Bad(NOT_A_TIME.0, NOT_A_TIME.1),
        },
        _ => return Moment::Bad(NOT_A_TIME.0, NOT_A_TIME.1),
    };
    if is_instant {
        return Moment::At(at);
    }
    match local(zone, at) {
        Local::At(at) => Moment::At(at),
        Local::Skipped(_) => Moment::Bad(SKIPPED.0, SKIPPED.1),
        Local::OutOfRange => Moment::Bad(NOT_A_TIME.0, NOT_A_TIME.1),
    }
}

/// One or more time columns of which the first that is present counts.
pub(crate) struct Clock {
    columns: Vec<(usize, &'static str, Tz)>,
}

impl Clock {
    pub(crate) fn new(columns: Vec<(usize, &'static str, Tz)>) -> Self {
        Self { columns }
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.columns.is_empty()
    }

    /// The first column's name.
    pub(crate) fn name(&self) -> &'static str {
        self.columns.first().map_or("", |(_, name, _)| name)
    }

    pub(crate) fn read(&self, chunk: &Chunk<'_>, local: usize) -> Moment {
        for (column, _, zone) in &self.columns {
            let reading = chunk.columns.get(*column).map_or(Reading::Missing, |column| column.read(local));
            let moment = moment(reading, *zone);
            if moment != Moment::Absent {
                return moment;
            }
        }
        Moment::Absent
    }

    /// The times of a block in microseconds, [`ABSENT`] where missing; nothing if they have to be read one by
    /// one. Borrowed where they lie in memory like that.
    pub(crate) fn micros<'c>(
        &self,
        chunk: &'c Chunk<'c>,
        from: usize,
        len: usize,
        scratch: &'c mut Vec<Micros>,
    ) -> Option<&'c [Micros]> {
        let [(column, _, zone)] = self.columns.as_slice() else { return None };
        let Column::Time { unit, instant, values } = chunk.columns.get(*column)? else { return None };
        if !*instant && *zone != Tz::UTC {
            return None;
        }
        if let (Unit::Micro, Some(dense)) = (unit, values.dense(from, from + len)) {
            return Some(dense);
        }
        scratch.clear();
        let mut all = true;
        scratch.extend((from..from + len).map(|at| match values.get(at).map(|value| unit.micros(*value)) {
            Some(Some(at)) => at,
            Some(None) => {
                all = false;
                ABSENT
            }
            None => ABSENT,
        }));
        all.then_some(scratch.as_slice())
    }
}

/// Stands for a missing time where times are plain numbers; no date is that early.
pub(crate) const ABSENT: Micros = Micros::MIN;

/// Finds the period of an instant, quickly for rows that come in order of time.
pub(crate) struct PeriodCoder {
    calendar: Option<Calendar>,
    /// Start, end and code of the period met last.
    current: (Micros, Micros, u32),
    codes: HashMap<Micros, u32>,
    starts: Vec<Micros>,
    /// Periods around those met so far, to look up rows that come in no order.
    bounds: Vec<Micros>,
}

/// No more periods than this are laid out ahead of being met.
const AHEAD: usize = 4096;

impl PeriodCoder {
    /// Calendar periods, or the one or two windows between given bounds.
    pub(crate) fn new(calendar: Option<Calendar>, bounds: Vec<Micros>) -> Self {
        Self { calendar, current: (0, 0, 0), codes: HashMap::new(), starts: Vec::new(), bounds }
    }

    /// The starts of the periods met, by code.
    pub(crate) fn starts(&self) -> &[Micros] {
        &self.starts
    }

    /// The period's code if all of the instants lie in the period met last.
    #[inline]
    pub(crate) fn same(&self, times: &[Micros]) -> Option<u32> {
        let (start, end, code) = self.current;
        if start == Micros::MIN && end == Micros::MAX {
            return Some(code);
        }
        // Signs tell which instants lie outside; or-ing them needs no branch, so the loop runs on vectors.
        // Differences that wrap around only occur between instants outside the range of dates.
        let outside = times
            .iter()
            .fold(0, |outside, at| outside | at.wrapping_sub(start) | (end - 1).wrapping_sub(*at));
        (outside >= 0 && end > start).then_some(code)
    }

    #[inline]
    pub(crate) fn code(&mut self, at: Micros) -> Result<u32> {
        let (start, end, code) = self.current;
        if start <= at && at < end {
            return Ok(code);
        }
        self.look_up(at)
    }

    fn look_up(&mut self, at: Micros) -> Result<u32> {
        let after = self.bounds.partition_point(|start| *start <= at);
        let (start, end) =
            match (after.checked_sub(1).and_then(|i| self.bounds.get(i)), self.bounds.get(after)) {
                (Some(start), Some(end)) => (*start, *end),
                _ => {
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
        self.current = (start, end, code);
        Ok(code)
    }

    /// Lays out the periods between those known and a new one, unless it is too far away.
    fn extend(&mut self, calendar: Calendar, (start, end): (Micros, Micros)) -> Result<()> {
        let (first, last) = match (self.bounds.first(), self.bounds.last()) {
            (Some(first), Some(last)) => ((*first).min(start), (*last).max(end)),
            _ => (start, end),
        };
        let length = (end - start).max(1);
        if (last.saturating_sub(first)) / length < AHEAD as i64 {
            self.bounds = calendar.bounds(first, last - 1, 2 * AHEAD)?;
        }
        Ok(())
    }
}

/// One step from a table to another: which column leads to which row.
struct Step<'b> {
    column: usize,
    target: &'b Table<'b>,
    rows: HashMap<Key, Vec<usize>>,
    /// `valid_from` and `valid_to` of the target, where its rows replace each other over time.
    versions: Option<(Option<usize>, Option<usize>)>,
}

impl Step<'_> {
    fn row(&self, key: Reading<'_>, at: Option<Micros>) -> Option<usize> {
        let rows = self.rows.get(&Key::from(key))?;
        let Some((from, to)) = self.versions else { return rows.first().copied() };
        let read = |column: Option<usize>, row: usize| match column {
            Some(column) => moment(self.target.read(column, row), Tz::UTC),
            None => Moment::Absent,
        };
        let start = |row: usize| match read(from, row) {
            Moment::At(at) => at,
            _ => Micros::MIN,
        };
        let in_force = |row: usize| match (at, read(to, row)) {
            (Some(at), Moment::At(end)) => start(row) <= at && at < end,
            (Some(at), _) => start(row) <= at,
            // A unit without a time sees the version in force now: the one that has not ended.
            (None, end) => end == Moment::Absent,
        };
        rows.iter().copied().filter(|row| in_force(*row)).max_by_key(|row| start(*row))
    }
}

/// A column of `by` or `where`: the unit table's own, or one reached through users and accounts.
pub(crate) struct Located<'b> {
    name: String,
    steps: Vec<Step<'b>>,
    column: usize,
    coder: Coder,
    /// Codes of the column reached, by the code of the first step's key; only where nothing changes over time.
    reached: Vec<Option<u32>>,
    keys: Coder,
}

impl<'b> Located<'b> {
    /// Looks a column up in the unit table, then in `users`, then in `accounts`.
    pub(crate) fn find(book: &'b Book<'b>, table: &'b Table<'b>, name: &str) -> Result<Self> {
        let at = |steps: Vec<Step<'b>>, column: usize| Self {
            name: name.to_owned(),
            steps,
            column,
            coder: Coder::default(),
            reached: Vec::new(),
            keys: Coder::default(),
        };
        if let Some(column) = table.find(name) {
            return Ok(at(Vec::new(), column));
        }
        let mut known: Vec<&str> = table.columns().iter().map(String::as_str).collect();
        for target in ["users", "accounts"] {
            let Some(found) = book.table(target) else { continue };
            let Some(steps) = Self::path(book, table, target) else { continue };
            if let Some(column) = found.find(name) {
                return Ok(at(steps, column));
            }
            known.extend(found.columns().iter().map(String::as_str));
        }
        let message = format!(
            "no column \"{name}\" in table \"{}\", users or accounts{}",
            table.name(),
            suggest(name, known)
        );
        Err(Error::new(ErrorKind::UnknownColumn, message).in_table(table.name()).in_column(name))
    }

    fn path(book: &'b Book<'b>, table: &'b Table<'b>, target: &str) -> Option<Vec<Step<'b>>> {
        let direct = LINKS.iter().filter(|(_, to, _)| *to == target).find_map(|(column, _, key)| {
            let column = table.find(column)?;
            Some(vec![Self::step(column, book.table(target)?, key)?])
        });
        if direct.is_some() || target == "users" || table.name() == "users" {
            return direct;
        }
        // The account of the person: unit -> users -> accounts.
        let mut steps = Self::path(book, table, "users")?;
        let users = book.table("users")?;
        steps.push(Self::step(users.find("account_id")?, book.table("accounts")?, "account_id")?);
        Some(steps)
    }

    fn step(column: usize, target: &'b Table<'b>, key: &str) -> Option<Step<'b>> {
        let key = target.find(key)?;
        let mut rows: HashMap<Key, Vec<usize>> = HashMap::new();
        for row in 0..target.rows() {
            let value = Key::from(target.read(key, row));
            if value != Key::Null {
                rows.entry(value).or_default().push(row);
            }
        }
        let (from, to) = (target.find("valid_from"), target.find("valid_to"));
        let versions = (from.is_some() || to.is_some()).then_some((from, to));
        Some(Step { column, target, rows, versions })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The values met so far, by code.
    pub(crate) fn keys(&self) -> &[Key] {
        self.coder.keys()
    }

    /// The value for one row.
    pub(crate) fn key(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        local: usize,
        at: Option<Micros>,
    ) -> Key {
        let mut code = [0];
        self.block(chunk, chunk_at, local, &mut code, |_| at);
        let [code] = code;
        self.coder.keys().get(code as usize).cloned().unwrap_or(Key::Null)
    }

    /// The codes of the rows from `from` on.
    pub(crate) fn block(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        from: usize,
        out: &mut [u32],
        at: impl Fn(usize) -> Option<Micros>,
    ) {
        let Some(first) = self.steps.first() else {
            if let Some(column) = chunk.columns.get(self.column) {
                self.coder.block(column, chunk_at, from, out);
            }
            return;
        };
        if self.steps.iter().any(|step| step.versions.is_some()) {
            for (offset, code) in out.iter_mut().enumerate() {
                let column = chunk.columns.get(first.column);
                let reading = column.map_or(Reading::Missing, |column| column.read(from + offset));
                *code = self.coder.code(Self::follow(&self.steps, self.column, reading, at(offset)));
            }
            return;
        }
        if let Some(column) = chunk.columns.get(first.column) {
            self.keys.block(column, chunk_at, from, out);
        }
        self.reached.resize(self.keys.keys().len(), None);
        for code in out {
            let Some(reached) = self.reached.get_mut(*code as usize) else { continue };
            let key = self.keys.keys().get(*code as usize);
            *code = *reached.get_or_insert_with(|| {
                let reading = key.map_or(Reading::Missing, Key::reading);
                self.coder.code(Self::follow(&self.steps, self.column, reading, None))
            });
        }
    }

    fn follow<'s>(steps: &'s [Step<'b>], column: usize, key: Reading<'_>, at: Option<Micros>) -> Reading<'s> {
        let Some((first, rest)) = steps.split_first() else { return Reading::Missing };
        let Some(row) = first.row(key, at) else { return Reading::Missing };
        let mut place = (first.target, row);
        for step in rest {
            let Some(row) = step.row(place.0.read(step.column, place.1), at) else { return Reading::Missing };
            place = (step.target, row);
        }
        place.0.read(column, place.1)
    }
}

/// The columns of `by`, as one number a group.
pub(crate) struct Grouping<'b> {
    columns: Vec<Located<'b>>,
    /// Group number by the codes of its columns.
    groups: HashMap<Vec<u32>, u32>,
    /// The same, backwards.
    members: Vec<Vec<u32>>,
    scratch: Vec<Vec<u32>>,
    most: u64,
}

impl<'b> Grouping<'b> {
    pub(crate) fn new(book: &'b Book<'b>, table: &'b Table<'b>, scope: &Scope) -> Result<Self> {
        let columns =
            scope.by.iter().map(|name| Located::find(book, table, name)).collect::<Result<Vec<_>>>()?;
        let scratch = columns.iter().map(|_| Vec::new()).collect();
        let mut grouping =
            Self { columns, groups: HashMap::new(), members: Vec::new(), scratch, most: scope.max_groups };
        if grouping.columns.is_empty() {
            grouping.group(&[])?;
        }
        Ok(grouping)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.columns.is_empty()
    }

    /// How many groups were met.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// The values of a group.
    pub(crate) fn values(&self, group: u32) -> Vec<Key> {
        let codes = self.members.get(group as usize).map_or(&[][..], Vec::as_slice);
        let value = |(column, code): (&Located<'_>, &u32)| column.keys().get(*code as usize).cloned();
        self.columns.iter().zip(codes).map(|pair| value(pair).unwrap_or(Key::Null)).collect()
    }

    fn group(&mut self, codes: &[u32]) -> Result<u32> {
        if let Some(group) = self.groups.get(codes) {
            return Ok(*group);
        }
        if self.members.len() as u64 >= self.most {
            let message =
                format!("more than {} groups; raise max_groups, or group by fewer columns", self.most);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        let group = u32::try_from(self.members.len()).map_err(|_| Error::overflow("the number of groups"))?;
        self.members.push(codes.to_vec());
        self.groups.insert(codes.to_vec(), group);
        Ok(group)
    }

    /// Codes of the single `by` column, to be turned into groups by [`Self::group_of`].
    pub(crate) fn codes(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        from: usize,
        len: usize,
        at: impl Fn(usize) -> Option<Micros>,
    ) {
        for (column, codes) in self.columns.iter_mut().zip(&mut self.scratch) {
            codes.resize(len, 0);
            column.block(chunk, chunk_at, from, codes, &at);
        }
    }

    /// The group of a row of the block coded last.
    pub(crate) fn group_of(&mut self, offset: usize) -> Result<u32> {
        if self.is_whole() {
            return Ok(0);
        }
        let mut codes = [0_u32; 8];
        if let Some(codes) = codes.get_mut(..self.scratch.len()) {
            for (code, column) in codes.iter_mut().zip(&self.scratch) {
                *code = column.get(offset).copied().unwrap_or(0);
            }
            let codes: &[u32] = codes;
            return self.group(codes);
        }
        let codes: Vec<u32> =
            self.scratch.iter().map(|column| column.get(offset).copied().unwrap_or(0)).collect();
        self.group(&codes)
    }

    /// The codes of the block coded last, where there is a single `by` column.
    pub(crate) fn single(&self) -> Option<&[u32]> {
        match self.scratch.as_slice() {
            [codes] => Some(codes),
            _ => None,
        }
    }

    /// The group of a code of the single `by` column.
    pub(crate) fn group_of_code(&mut self, code: u32) -> Result<u32> {
        self.group(&[code])
    }
}

/// The columns of `where`.
pub(crate) struct Filter<'b> {
    columns: Vec<Condition<'b>>,
}

struct Condition<'b> {
    column: Located<'b>,
    accepted: Vec<Key>,
    /// Whether a code is accepted, as far as codes were met.
    verdicts: Vec<bool>,
    codes: Vec<u32>,
}

impl<'b> Filter<'b> {
    pub(crate) fn new(book: &'b Book<'b>, table: &'b Table<'b>, scope: &Scope) -> Result<Self> {
        let columns = scope
            .filter
            .iter()
            .map(|(name, values)| {
                let accepted =
                    values.iter().map(|value| accepted(name, value)).collect::<Result<Vec<Key>>>()?;
                let column = Located::find(book, table, name)?;
                Ok(Condition { column, accepted, verdicts: Vec::new(), codes: Vec::new() })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { columns })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Clears `keep` for the rows from `from` on that `where` leaves out.
    pub(crate) fn block(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        from: usize,
        keep: &mut [bool],
        at: impl Fn(usize) -> Option<Micros>,
    ) {
        for Condition { column, accepted, verdicts, codes } in &mut self.columns {
            codes.resize(keep.len(), 0);
            column.block(chunk, chunk_at, from, codes, &at);
            let fresh = column.keys().iter().skip(verdicts.len()).map(|key| accepted.contains(key));
            verdicts.extend(fresh.collect::<Vec<_>>());
            for (keep, code) in keep.iter_mut().zip(codes) {
                *keep &= verdicts.get(*code as usize).copied().unwrap_or(false);
            }
        }
    }

    /// The first column that keeps a row out, and the row's value there.
    pub(crate) fn rejects(
        &mut self,
        chunk: &Chunk<'_>,
        chunk_at: usize,
        local: usize,
        at: Option<Micros>,
    ) -> Option<(&str, Key)> {
        for Condition { column, accepted, .. } in &mut self.columns {
            let key = column.key(chunk, chunk_at, local, at);
            if !accepted.contains(&key) {
                return Some((column.name(), key));
            }
        }
        None
    }
}

fn accepted(column: &str, value: &Value) -> Result<Key> {
    let number = |number: &serde_json::Number| {
        let whole = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        whole.map(Key::Whole).or_else(|| number.as_f64().map(|real| Key::from(Reading::of_float(real))))
    };
    match value {
        Value::Null => Ok(Key::Null),
        Value::Bool(value) => Ok(Key::Bool(*value)),
        Value::String(text) => Ok(Key::Text(text.clone())),
        Value::Number(value) => {
            number(value).ok_or_else(|| Error::invalid("a number in where is out of range"))
        }
        Value::Array(_) | Value::Object(_) => Err(Error::invalid(format!(
            "where \"{column}\" lists plain values: text, numbers, true, false or null"
        ))),
    }
}

pub(crate) fn missing_time(column: &'static str) -> Reason {
    Reason::new(column, "missing_time", "is missing, so the row has no place in time")
}
