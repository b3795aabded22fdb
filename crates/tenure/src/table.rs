//! Tables: named columns in one or more chunks, borrowed from the caller.

use crate::column::{Column, Reading};
use crate::error::{Error, ErrorKind, Result, suggest};
use crate::key::Key;
use std::cmp::Ordering;

/// The tables that KPIs read, and those that the sample company has beside them.
const KNOWN: [&str; 26] = [
    "accounts",
    "articles",
    "codes",
    "conversations",
    "emails",
    "entitlements",
    "events",
    "goals",
    "holidays",
    "identities",
    "incidents",
    "interactions",
    "mailboxes",
    "measures",
    "messages",
    "onboarding",
    "probes",
    "schedules",
    "searches",
    "sla_policies",
    "stages",
    "status_history",
    "subscriptions",
    "surveys",
    "transactions",
    "users",
];

/// The known table that a name misspells: one of its singular, of other letters' case, or of a letter or two. Names far
/// from all are those of tables that nobody reads, which are no mistake.
pub(crate) fn misspelt(name: &str) -> Option<&'static str> {
    const LONGEST: usize = 32;
    if KNOWN.contains(&name) || name.len() > LONGEST {
        return None;
    }
    let name = name.trim().to_lowercase().replace(['-', ' '], "_");
    let distance = |known: &str| {
        let singular = known.strip_suffix("ies").map(|stem| format!("{stem}y"));
        if singular.is_some_and(|singular| singular == name) {
            1
        } else {
            strsim::damerau_levenshtein(&name, known)
        }
    };
    let (distance, known) = KNOWN.iter().map(|known| (distance(known), *known)).min()?;
    // Short names that are two letters apart are two names.
    (distance <= if known.len() < 8 { 1 } else { 2 }).then_some(known)
}

/// A table of a book. The public names of tables and columns are the same in every language.
///
/// ```
/// use tenure::Table;
/// let scores = [10_i8, 9, 7, 3];
/// let segments = ["smb", "smb", "enterprise", "smb"];
/// let surveys = Table::new("surveys").column("score", &scores).column("segment", &segments);
/// assert_eq!(surveys.rows(), 4);
/// ```
#[derive(Clone, Debug)]
pub struct Table<'a> {
    name: String,
    names: Vec<String>,
    chunks: Vec<Chunk<'a>>,
    rows: usize,
}

/// Consecutive rows of a table; all columns have the same length.
#[derive(Clone, Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) columns: Vec<Column<'a>>,
    /// The number of rows before this chunk.
    pub(crate) first_row: usize,
    pub(crate) rows: usize,
}

impl<'a> Table<'a> {
    /// A table without columns.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), names: Vec::new(), chunks: Vec::new(), rows: 0 }
    }

    /// Adds a column, as a single chunk. Lengths are compared when the table is put into a book.
    pub fn column(mut self, name: impl Into<String>, column: impl Into<Column<'a>>) -> Self {
        let column = column.into();
        self.names.push(name.into());
        if self.chunks.is_empty() {
            self.rows = column.len();
            self.chunks.push(Chunk { columns: Vec::new(), first_row: 0, rows: self.rows });
        }
        if let Some(chunk) = self.chunks.first_mut() {
            chunk.columns.push(column);
        }
        self
    }

    /// Adds a column to the chunks that the table has.
    #[cfg(feature = "classify")]
    pub(crate) fn with_column(mut self, name: &str, values: &impl crate::derived::Values) -> Self {
        self.names.push(name.to_owned());
        for chunk in &mut self.chunks {
            chunk.columns.push(values.of_rows(chunk.first_row..chunk.first_row + chunk.rows));
        }
        self
    }

    /// A table of several chunks that have the same columns.
    pub fn from_chunks(name: impl Into<String>, names: Vec<String>, chunks: Vec<Vec<Column<'a>>>) -> Self {
        let mut table = Self { name: name.into(), names, chunks: Vec::new(), rows: 0 };
        for columns in chunks {
            let rows = columns.first().map_or(0, Column::len);
            table.chunks.push(Chunk { columns, first_row: table.rows, rows });
            table.rows += rows;
        }
        table
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.names
    }

    /// Checks that the columns form a table.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |message: String| Error::invalid(message).in_table(&self.name);
        for (at, name) in self.names.iter().enumerate() {
            if self.names.iter().take(at).any(|earlier| earlier == name) {
                return Err(
                    wrong(format!("table \"{}\" has two columns \"{name}\"", self.name)).in_column(name)
                );
            }
        }
        for chunk in &self.chunks {
            if chunk.columns.len() != self.names.len() {
                return Err(wrong(format!("a chunk of table \"{}\" lacks columns", self.name)));
            }
            for (name, column) in self.names.iter().zip(&chunk.columns) {
                if column.len() != chunk.rows {
                    let message = format!(
                        "column \"{name}\" of table \"{}\" has {} rows where the first column has {}",
                        self.name,
                        column.len(),
                        chunk.rows
                    );
                    return Err(wrong(message).in_column(name));
                }
            }
        }
        Ok(())
    }

    pub(crate) fn chunks(&self) -> &[Chunk<'a>] {
        &self.chunks
    }

    /// The position of a column.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The position of a column that a KPI cannot do without.
    pub(crate) fn require(&self, name: &str) -> Result<usize> {
        self.find(name).ok_or_else(|| {
            let hint = suggest(name, self.names.iter().map(String::as_str));
            let message = format!("table \"{}\" has no column \"{name}\"{hint}", self.name);
            Error::new(ErrorKind::MissingColumn, message).in_table(&self.name).in_column(name)
        })
    }

    /// The position of a column that a KPI can only do without if there is another one.
    pub(crate) fn require_unless(&self, other: &str, name: &str) -> Result<Option<usize>> {
        let found = self.find(name);
        if found.is_none() && self.find(other).is_none() {
            let message = format!("table \"{}\" has no column \"{name}\" or \"{other}\"", self.name);
            return Err(Error::new(ErrorKind::MissingColumn, message).in_table(&self.name).in_column(name));
        }
        Ok(found)
    }

    /// The error of a row of a table that other rows are measured by, and that has to be right: schedules, targets.
    pub(crate) fn wrong(&self, row: usize, column: &str, expected: &str) -> Error {
        let found = self.find(column).map_or(Key::Null, |at| Key::from(self.read(at, row)));
        self.invalid_row(row, column, &format!("{column} {found}: expected {expected}"))
    }

    /// An error of a row that cannot be used.
    pub(crate) fn invalid_row(&self, row: usize, column: &str, what: &str) -> Error {
        let message = format!("row {row} of table \"{}\": {what}", self.name);
        Error::new(ErrorKind::InvalidRow, message).in_table(&self.name).in_column(column).in_row(row as u64)
    }

    /// The chunk that holds a row, its position, and the row's place in it.
    pub(crate) fn locate(&self, row: usize) -> Option<(usize, &Chunk<'a>, usize)> {
        let at = self.chunks.partition_point(|chunk| chunk.first_row + chunk.rows <= row);
        let chunk = self.chunks.get(at)?;
        Some((at, chunk, row.checked_sub(chunk.first_row)?))
    }

    /// One value.
    pub(crate) fn read(&self, column: usize, row: usize) -> Reading<'_> {
        let Some((_, chunk, local)) = self.locate(row) else { return Reading::Missing };
        chunk.columns.get(column).map_or(Reading::Missing, |column| column.read(local))
    }
}

/// The order of a table's rows that does not depend on how they come: by key, then by all other columns.
pub(crate) struct RowOrder<'o> {
    table: &'o Table<'o>,
    /// Positions, and whether lists are there.
    columns: Vec<(usize, bool)>,
}

impl<'a> Table<'a> {
    /// The order of rows by a key column, if there is one of that name, and then by all others in order of name.
    pub(crate) fn order<'o>(&'o self, key: &str) -> RowOrder<'o>
    where
        'a: 'o,
    {
        let mut columns: Vec<(bool, &String, usize)> =
            self.names.iter().enumerate().map(|(at, name)| (name != key, name, at)).collect();
        columns.sort_unstable();
        let is_list = |column: &Column<'_>| matches!(column, Column::List { .. });
        let has_lists =
            |at: usize| self.chunks.iter().any(|chunk| chunk.columns.get(at).is_some_and(is_list));
        RowOrder { table: self, columns: columns.into_iter().map(|(_, _, at)| (at, has_lists(at))).collect() }
    }
}

impl RowOrder<'_> {
    pub(crate) fn compare(&self, a: usize, b: usize) -> Ordering {
        let value = |column: usize, row: usize| Key::from(self.table.read(column, row));
        let compare = |(column, has_lists): &(usize, bool)| {
            if *has_lists {
                self.items(*column, a).cmp(&self.items(*column, b))
            } else {
                value(*column, a).cmp(&value(*column, b))
            }
        };
        self.columns.iter().map(compare).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
    }

    /// The items of a list; nothing for a missing one.
    fn items(&self, column: usize, row: usize) -> Option<Vec<Key>> {
        let (_, chunk, local) = self.table.locate(row)?;
        let (items, range) = chunk.columns.get(column)?.list(local)?;
        Some(range.map(|at| Key::from(items.read(at))).collect())
    }
}

/// How a table's rows lead to a person or an account: its column, the table, and that table's key.
pub(crate) const LINKS: [(&str, &str, &str); 5] = [
    ("user_id", "users", "user_id"),
    ("respondent_id", "users", "user_id"),
    ("requester_id", "users", "user_id"),
    ("author_id", "users", "user_id"),
    ("account_id", "accounts", "account_id"),
];
