//! The one error of this crate: what was wrong, where, and what was expected.

use std::fmt;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong. Stable: bindings map each kind to one status number and one exception class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A table that the KPI needs is not in the book.
    MissingTable,
    /// A column that the KPI needs is not in its table.
    MissingColumn,
    /// A column named in `by`, `where` or a trace is nowhere to be found.
    UnknownColumn,
    /// No KPI has this id.
    UnknownKpi,
    /// A policy field, choice or preset that the KPI does not have.
    UnknownPolicy,
    /// Not an IANA time zone.
    UnknownZone,
    /// A column holds another type of value than is needed.
    WrongType,
    /// The request contradicts itself or lacks something.
    InvalidRequest,
    /// `strict` was asked for and a row is invalid, or a row is that others are measured by: a schedule, a target.
    InvalidRow,
    /// Answers on different scales would have been put together.
    MixedScales,
    /// Amounts in different currencies would have been put together without rates.
    MixedCurrencies,
    /// The answer would be larger than `max_rows` or `max_groups` allows.
    LimitExceeded,
    /// A count or sum does not fit its exact type.
    Overflow,
    /// Bytes that are not an encoded state, or were damaged.
    CorruptState,
    /// A state written by a version, or a revision of the definition, that this one does not read.
    UnsupportedVersion,
    /// Two states that answer different questions.
    StateMismatch,
    /// A defect of this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of their status numbers.
    pub const ALL: &'static [Self] = &[
        Self::MissingTable,
        Self::MissingColumn,
        Self::UnknownColumn,
        Self::UnknownKpi,
        Self::UnknownPolicy,
        Self::UnknownZone,
        Self::WrongType,
        Self::InvalidRequest,
        Self::InvalidRow,
        Self::MixedScales,
        Self::MixedCurrencies,
        Self::LimitExceeded,
        Self::Overflow,
        Self::CorruptState,
        Self::UnsupportedVersion,
        Self::StateMismatch,
        Self::Internal,
    ];

    /// The kind's name, the same in every language: `missing_column`.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingTable => "missing_table",
            Self::MissingColumn => "missing_column",
            Self::UnknownColumn => "unknown_column",
            Self::UnknownKpi => "unknown_kpi",
            Self::UnknownPolicy => "unknown_policy",
            Self::UnknownZone => "unknown_zone",
            Self::WrongType => "wrong_type",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidRow => "invalid_row",
            Self::MixedScales => "mixed_scales",
            Self::MixedCurrencies => "mixed_currencies",
            Self::LimitExceeded => "limit_exceeded",
            Self::Overflow => "overflow",
            Self::CorruptState => "corrupt_state",
            Self::UnsupportedVersion => "unsupported_version",
            Self::StateMismatch => "state_mismatch",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The place in the caller's data that an error speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The table, if known.
    pub table: Option<String>,
    /// The column, if known.
    pub column: Option<String>,
    /// The row, counted from 0 over the whole table, if known.
    pub row: Option<u64>,
}

/// What went wrong. Small, `Send` and `Sync`; the message is a full sentence without a dot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(
    // No larger than a pointer, because every measurement may end in one.
    Box<Details>,
);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    kind: ErrorKind,
    message: String,
    at: Location,
}

impl Error {
    /// An error of a kind, with its message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details { kind, message: message.into(), at: Location::default() }))
    }

    /// The same error, placed in a table.
    pub fn in_table(mut self, table: impl Into<String>) -> Self {
        self.0.at.table = Some(table.into());
        self
    }

    /// The same error, placed in a column.
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.0.at.column = Some(column.into());
        self
    }

    /// The same error, placed in a row.
    pub fn in_row(mut self, row: u64) -> Self {
        self.0.at.row = Some(row);
        self
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What was wrong, where, and what was expected.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the caller's data.
    pub fn at(&self) -> &Location {
        &self.0.at
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    pub(crate) fn overflow(what: &str) -> Self {
        Self::new(ErrorKind::Overflow, format!("{what} does not fit its exact type"))
    }

    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::CorruptState, message)
    }
}

/// The longest name that is shown whole, and compared with others.
const LONGEST_NAME: usize = 64;

/// A name in quotes, cut if it is long: a message is no place for megabytes.
pub(crate) fn quoted(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("\"{}...\"", name.get(..end).unwrap_or_default()),
        None => format!("\"{name}\""),
    }
}

/// `"nps_detla", did you mean "nps_delta"?`, and the whole list when it is short enough to read.
///
/// Every "unknown name" message of the crate ends with this.
pub(crate) fn suggest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    // A name of that length is no misspelling, and comparing it would take as long as it is.
    if name.len() > LONGEST_NAME {
        return String::new();
    }
    suggested(name, &known.into_iter().collect::<Vec<_>>())
}

fn suggested(name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.len() / 3
                || (name.len() >= 3 && (candidate.contains(name) || name.contains(candidate)))
        });
    let mut text = match nearest {
        Some((_, candidate)) => format!("; did you mean \"{candidate}\"?"),
        None => String::new(),
    };
    if (1..=24).contains(&known.len()) {
        text.push_str(if text.is_empty() { "; expected one of " } else { " Known: " });
        text.push_str(&known.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_name_the_nearest() {
        assert!(suggest("npss", ["nps", "csat"]).contains("did you mean \"nps\"?"));
        assert!(suggest("woot", ["wootric", "chatwoot"]).contains("wootric"));
        assert_eq!(suggest("zzz", ["nps", "csat"]), "; expected one of nps, csat");
    }

    #[test]
    fn kinds_have_distinct_names() {
        let names: std::collections::BTreeSet<_> = ErrorKind::ALL.iter().map(|k| k.name()).collect();
        assert_eq!(names.len(), ErrorKind::ALL.len());
        assert_eq!(names.len(), 17);
    }
}
