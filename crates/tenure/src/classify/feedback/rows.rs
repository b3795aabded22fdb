//! The rows of a table of comments, such as `surveys`, one after another.

use super::Comment;
use crate::classify::cells::{find, number, word, words};
use crate::error::{Error, ErrorKind, Result};
use crate::measure::InputKind;
use crate::table::Table;

/// Where the columns of comments are in a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'t> {
    table: &'t Table<'t>,
    text: Option<usize>,
    score: Option<usize>,
    scale_min: Option<usize>,
    scale_max: Option<usize>,
    kind: Option<usize>,
}

impl<'t> Columns<'t> {
    /// Finds the columns and checks that each holds what it should. The text is `comment`, or else `text`.
    pub(crate) fn of(table: &'t Table<'t>) -> Result<Self> {
        table.check()?;
        let text = match find(table, "comment", InputKind::Text)? {
            Some(column) => Some(column),
            None => find(table, "text", InputKind::Text)?,
        };
        let score = find(table, "score", InputKind::Number)?;
        if text.is_none() && score.is_none() {
            let message = "comments need a column \"comment\", \"text\" or \"score\"";
            return Err(Error::new(ErrorKind::MissingColumn, message).in_table(table.name()));
        }
        Ok(Self {
            table,
            text,
            score,
            scale_min: find(table, "scale_min", InputKind::Number)?,
            scale_max: find(table, "scale_max", InputKind::Number)?,
            kind: find(table, "kind", InputKind::Text)?,
        })
    }

    /// Calls `see` with every row, in order.
    pub(crate) fn each(&self, mut see: impl FnMut(&Comment<'_>)) {
        for chunk in self.table.chunks() {
            let column = |at: Option<usize>| at.and_then(|at| chunk.columns.get(at));
            let (text, kind) = (column(self.text), column(self.kind));
            let numbers = [self.score, self.scale_min, self.scale_max].map(column);
            for row in 0..chunk.rows {
                let text = text.and_then(|column| words(column, row));
                let [score, scale_min, scale_max] =
                    numbers.map(|column| column.and_then(|column| number(column.read(row))));
                let kind = kind.and_then(|column| word(column, row));
                see(&Comment { text: text.as_deref(), score, scale_min, scale_max, kind });
            }
        }
    }
}
