//! The cells of tables, as classifiers read them.

use crate::column::{Column, Reading};
use crate::compute::check_type;
use crate::error::Result;
use crate::measure::InputKind;
use crate::table::Table;
use std::borrow::Cow;

/// A column that may be absent.
pub(crate) fn find(table: &Table<'_>, name: &str, kind: InputKind) -> Result<Option<usize>> {
    let column = table.find(name);
    if let Some(column) = column {
        check_type(table, column, name, kind)?;
    }
    Ok(column)
}

/// A text, read as far as it is UTF-8.
pub(crate) fn words<'c>(column: &'c Column<'_>, row: usize) -> Option<Cow<'c, str>> {
    match column {
        Column::Text(text) => text.get(row).map(String::from_utf8_lossy),
        Column::Dictionary { keys, values } => words(values, keys.dictionary_key(row)?),
        _ => None,
    }
}

/// A word; one that is not UTF-8 is none that is known.
pub(crate) fn word<'c>(column: &'c Column<'_>, row: usize) -> Option<&'c str> {
    match column.read(row) {
        Reading::Text(word) => Some(word),
        Reading::Unreadable => Some("\u{fffd}"),
        _ => None,
    }
}

/// The words of a list, or of a text in which they are separated by commas or semicolons.
pub(crate) fn names<'c>(column: &'c Column<'_>, row: usize) -> Vec<&'c str> {
    if let Some((items, range)) = column.list(row) {
        return range.filter_map(|at| word(items, at)).collect();
    }
    word(column, row).map(|text| text.split([',', ';']).collect()).unwrap_or_default()
}

pub(crate) fn number(reading: Reading<'_>) -> Option<f64> {
    match reading {
        Reading::Whole(whole) => Some(whole as f64),
        Reading::Real(real) => Some(real),
        _ => None,
    }
}

pub(crate) fn truth(reading: Reading<'_>) -> Option<bool> {
    match reading {
        Reading::Bool(truth) => Some(truth),
        Reading::Whole(whole) => Some(whole != 0),
        Reading::Text(text) => match text {
            "1" => Some(true),
            "0" => Some(false),
            _ => text.to_ascii_lowercase().parse().ok(),
        },
        _ => None,
    }
}

/// Whether an id is there; a blank one is not.
pub(crate) fn is_there(reading: Reading<'_>) -> bool {
    match reading {
        Reading::Missing => false,
        Reading::Text(text) => !text.trim().is_empty(),
        _ => true,
    }
}
