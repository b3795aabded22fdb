//! Columns of `by` and `where`, found in the unit table or through users and accounts.

use super::clock::moment;
use super::links::{Ids, check_ids};
use crate::book::Book;
use crate::column::{Column, Reading};
use crate::error::{Error, ErrorKind, Result, quoted, suggest};
use crate::key::{Coder, Key};
use crate::request::Scope;
use crate::scope::Micros;
use crate::table::{Chunk, LINKS, Table};
use crate::time_text::parse_time;
use crate::view::{NOWHERE, RowsByKey, aliases};
use chrono_tz::Tz;
use hashbrown::{HashMap, HashSet};
use serde_json::Value;
use std::sync::Arc;

/// One step from a table to another: which column leads to which row.
struct Step<'b> {
    from: &'b Table<'b>,
    column: usize,
    target: &'b Table<'b>,
    key: &'static str,
    rows: Arc<RowsOfKeys>,
    /// `valid_from` and `valid_to` of the target, where its rows replace each other over time, with their zones.
    versions: Option<[Option<(usize, Tz)>; 2]>,
    as_of: Micros,
}

impl Step<'_> {
    /// Checks that the column can lead anywhere.
    fn check(&self, book: &Book<'_>) -> Result<()> {
        let Some(column) = self.from.columns().get(self.column) else { return Ok(()) };
        let mut known = vec![Ids(self.target, self.key)];
        // Another name of a user leads there too.
        if self.target.name() == "users" {
            known.extend(book.table("identities").map(|identities| Ids(identities, "alias_id")));
        }
        check_ids(Ids(self.from, column), &known)
    }

    /// The row of a key that is in force at an instant; at `as_of` for units without a time.
    fn row(&self, key: Reading<'_>, at: Option<Micros>) -> Option<usize> {
        let Some([from, to]) = self.versions else { return self.rows.first(key) };
        let read = |column: Option<(usize, Tz)>, row: usize| {
            column.and_then(|(column, zone)| moment(self.target.read(column, row), zone).at())
        };
        let at = at.unwrap_or(self.as_of);
        let start = |row: usize| read(from, row).unwrap_or(Micros::MIN);
        let in_force = |row: usize| start(row) <= at && read(to, row).is_none_or(|end| at < end);
        self.rows.all(key).into_iter().filter(|row| in_force(*row)).max_by_key(|row| start(*row))
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
    /// Looks a column up in the unit table, then in `users`, then in `accounts`. `others` are names that are known
    /// elsewhere, for the message.
    pub(crate) fn find(
        book: &'b Book<'b>,
        table: &'b Table<'b>,
        scope: &Scope,
        name: &str,
        others: &[&'static str],
    ) -> Result<Self> {
        let at = |steps: Vec<Step<'b>>, column: usize| Self::at(name, steps, column);
        if let Some(column) = table.find(name) {
            let located = at(Vec::new(), column);
            if located.holds(table) == Some(Holds::Lists) {
                let message = format!(
                    "column {} of table \"{}\" holds lists; expected plain values",
                    quoted(name),
                    table.name()
                );
                return Err(Error::new(ErrorKind::WrongType, message).in_table(table.name()).in_column(name));
            }
            return Ok(located);
        }
        let mut known: Vec<&str> = others.to_vec();
        known.extend(table.columns().iter().map(String::as_str));
        for target in ["users", "accounts"] {
            let Some(found) = book.table(target) else { continue };
            let Some(steps) = Self::path(book, table, scope, target) else { continue };
            if let Some(column) = found.find(name) {
                steps.iter().try_for_each(|step| step.check(book))?;
                return Ok(at(steps, column));
            }
            known.extend(found.columns().iter().map(String::as_str));
        }
        let message = format!(
            "no column {} in table \"{}\", users or accounts{}",
            quoted(name),
            table.name(),
            suggest(name, known)
        );
        Err(Error::new(ErrorKind::UnknownColumn, message).in_table(table.name()).in_column(name))
    }

    /// A column of the account that a row is of, also where the unit table has one of that name; nothing if no account has
    /// such a column, or none is reached.
    pub(crate) fn of_account(
        book: &'b Book<'b>,
        table: &'b Table<'b>,
        scope: &Scope,
        name: &str,
    ) -> Result<Option<Self>> {
        const ACCOUNTS: &str = "accounts";
        let Some(column) = book.table(ACCOUNTS).and_then(|accounts| accounts.find(name)) else {
            return Ok(None);
        };
        let Some(steps) = Self::path(book, table, scope, ACCOUNTS) else { return Ok(None) };
        steps.iter().try_for_each(|step| step.check(book))?;
        Ok(Some(Self::at(name, steps, column)))
    }

    fn at(name: &str, steps: Vec<Step<'b>>, column: usize) -> Self {
        Self {
            name: name.to_owned(),
            steps,
            column,
            coder: Coder::default(),
            reached: Vec::new(),
            keys: Coder::default(),
        }
    }

    fn path(book: &'b Book<'b>, table: &'b Table<'b>, scope: &Scope, target: &str) -> Option<Vec<Step<'b>>> {
        let direct = LINKS.iter().filter(|(_, to, _)| *to == target).find_map(|(column, to, key)| {
            Some(vec![Self::step(book, scope, (table, table.find(column)?), (to, key))?])
        });
        if direct.is_some() || target == "users" || table.name() == "users" {
            return direct;
        }
        // The account of the person: unit -> users -> accounts.
        let mut steps = Self::path(book, table, scope, "users")?;
        let users = book.table("users")?;
        let account = (users, users.find("account_id")?);
        steps.push(Self::step(book, scope, account, ("accounts", "account_id"))?);
        Some(steps)
    }

    fn step(
        book: &'b Book<'b>,
        scope: &Scope,
        (from, column): (&'b Table<'b>, usize),
        (name, key): (&str, &'static str),
    ) -> Option<Step<'b>> {
        let target = book.table(name)?;
        let rows = RowsOfKeys::of(book, target, target.find(key)?).ok()?;
        let version = |column: &str| target.find(column).map(|at| (at, scope.column_zone(name, column)));
        let versions = [version("valid_from"), version("valid_to")];
        let versions = versions.iter().any(Option::is_some).then_some(versions);
        Some(Step { from, column, target, key, rows, versions, as_of: scope.as_of })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether a column of the unit table leads to it, whenever that is.
    pub(super) fn is_of(&self, column: usize) -> bool {
        match self.steps.first() {
            Some(first) => first.column == column && self.steps.iter().all(|step| step.versions.is_none()),
            None => self.column == column,
        }
    }

    /// What type of value the column holds; nothing if it holds nothing but missing values.
    fn holds(&self, table: &Table<'_>) -> Option<Holds> {
        Holds::of_table(self.steps.last().map_or(table, |step| step.target), self.column)
    }

    /// The values met so far, by code.
    pub(crate) fn keys(&self) -> &[Key] {
        self.coder.keys()
    }

    /// The code of a value that comes from elsewhere.
    pub(crate) fn code(&mut self, key: &Key) -> u32 {
        self.coder.code(key.reading())
    }

    /// The code of what a key leads to, where nothing changes over time.
    pub(super) fn code_reached(&mut self, key: Reading<'_>) -> u32 {
        if self.steps.is_empty() {
            return self.coder.code(key);
        }
        self.coder.code(Self::follow(&self.steps, self.column, key, None))
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

/// The rows of each key of a table.
struct RowsOfKeys {
    first: RowsByKey,
    /// All rows of those keys that several have, in an order that does not depend on the table's; and of other names.
    several: HashMap<Key, Vec<usize>>,
}

impl RowsOfKeys {
    /// Found once for all requests.
    fn of(book: &Book<'_>, target: &Table<'_>, key: usize) -> Result<Arc<Self>> {
        book.index(&format!("rows of {} by column {key}", target.name()), || {
            let first = RowsByKey::of(target, key, None);
            let mut several: HashMap<Key, Vec<usize>> = HashMap::new();
            for row in first.duplicates() {
                let reading = target.read(key, row);
                let known = || vec![first.find(reading) as usize];
                several.entry(Key::named(reading)).or_insert_with(known).push(row);
            }
            let order = target.order("");
            for same in several.values_mut() {
                same.sort_by(|a, b| order.compare(*a, *b));
            }
            let mut rows = Self { first, several };
            if target.name() == "users" {
                // Another name of a user leads to the same rows.
                for (alias, user) in aliases(book) {
                    let of_user = rows.all(user.reading());
                    if rows.first(alias.reading()).is_none() && !of_user.is_empty() {
                        rows.several.insert(alias, of_user);
                    }
                }
            }
            Ok(rows)
        })
    }

    fn several(&self, key: Reading<'_>) -> Option<&Vec<usize>> {
        if self.several.is_empty() { None } else { self.several.get(&Key::named(key)) }
    }

    /// The first row of a key.
    fn first(&self, key: Reading<'_>) -> Option<usize> {
        match self.several(key) {
            Some(rows) => rows.first().copied(),
            None => Some(self.first.find(key)).filter(|row| *row != NOWHERE).map(|row| row as usize),
        }
    }

    /// All of them.
    fn all(&self, key: Reading<'_>) -> Vec<usize> {
        self.several(key).cloned().unwrap_or_else(|| self.first(key).into_iter().collect())
    }
}

/// What type of value a column holds, as far as comparing with it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Flag,
    Number,
    Time,
    Text,
    /// Nothing that can be compared.
    Lists,
}

impl Holds {
    /// What a column of a table holds; nothing if it holds nothing but missing values.
    pub(super) fn of_table(table: &Table<'_>, column: usize) -> Option<Self> {
        let columns = table.chunks().iter().filter_map(|chunk| chunk.columns.get(column));
        columns.filter(|column| !column.is_empty()).find_map(Self::of)
    }

    fn of(column: &Column<'_>) -> Option<Self> {
        match column {
            Column::Null(_) => None,
            Column::Bool(..) => Some(Self::Flag),
            Column::Time { .. } => Some(Self::Time),
            Column::Text(_) => Some(Self::Text),
            Column::Dictionary { values, .. } => Self::of(values),
            Column::List { .. } | Column::Opaque { .. } => Some(Self::Lists),
            _ => Some(Self::Number),
        }
    }
}

/// The columns of `where`.
pub(crate) struct Filter<'b> {
    columns: Vec<Condition<'b>>,
}

struct Condition<'b> {
    column: Located<'b>,
    accepted: HashSet<Key>,
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
                let column = Located::find(book, table, scope, name, &[])?;
                let holds = column.holds(table);
                let accepted = values
                    .iter()
                    .map(|value| accepted(name, holds, value))
                    .collect::<Result<HashSet<Key>>>()?;
                Ok(Condition { column, accepted, verdicts: Vec::new(), codes: Vec::new() })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { columns })
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

/// A value of `where` as a key of its column; one that the column can never hold is an error, not an empty answer.
fn accepted(column: &str, holds: Option<Holds>, value: &Value) -> Result<Key> {
    let never = |what: &str| {
        let message = format!("where \"{column}\" names {what}, which the column cannot hold");
        Err(Error::new(ErrorKind::WrongType, message).in_column(column))
    };
    match (value, holds) {
        (Value::String(text), Some(Holds::Time)) => {
            return match parse_time(text) {
                Some((at, _)) => Ok(Key::Time(at)),
                None => never("text that is no time"),
            };
        }
        (Value::String(_), Some(Holds::Number | Holds::Flag)) => return never("text"),
        (Value::Number(_), Some(Holds::Text | Holds::Flag)) => return never("a number"),
        (Value::Bool(_), Some(Holds::Text | Holds::Number | Holds::Time)) => return never("true or false"),
        _ => {}
    }
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
