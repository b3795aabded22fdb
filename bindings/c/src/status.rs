//! Status numbers: one a kind of error, never reused.

use crate::guard::read;
use std::ffi::{CStr, c_char};
use tenure_core::ErrorKind;

/// How a call ended. The numbers are part of the ABI: they are never changed or reused.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All is well: the outputs are written.
    Ok = 0,
    /// A table that the KPI needs is not in the book.
    MissingTable = 1,
    /// A column that the KPI needs is not in its table.
    MissingColumn = 2,
    /// A column named in `by`, `where`, a trace or a result is nowhere to be found.
    UnknownColumn = 3,
    /// No KPI has this id.
    UnknownKpi = 4,
    /// A policy field, choice or preset that the KPI does not have.
    UnknownPolicy = 5,
    /// Not an IANA time zone.
    UnknownZone = 6,
    /// A column holds another type of value than is needed.
    WrongType = 7,
    /// The request, a table or an Arrow struct contradicts itself or lacks something.
    InvalidRequest = 8,
    /// `strict` was asked for and a row is invalid, or a row is that others are measured by: a schedule, a target.
    InvalidRow = 9,
    /// Answers on different scales would have been put together.
    MixedScales = 10,
    /// Amounts in different currencies would have been put together without rates.
    MixedCurrencies = 11,
    /// The answer would be larger than `max_rows` or `max_groups` allows.
    LimitExceeded = 12,
    /// A count or sum does not fit its exact type.
    Overflow = 13,
    /// Bytes that are not an encoded state, or were damaged.
    CorruptState = 14,
    /// A state written by a version, or a revision of the definition, that this one does not read.
    UnsupportedVersion = 15,
    /// Two states that answer different questions.
    StateMismatch = 16,
    /// A defect of this library.
    Internal = 17,
    /// A pointer that may not be NULL is NULL.
    NullArgument = 100,
    /// A text is not UTF-8.
    InvalidUtf8 = 101,
    /// A row, column, item or length beyond the end.
    OutOfRange = 102,
    /// The cell is empty: an undefined value is not zero.
    NoValue = 103,
    /// A defect of this library, caught before it could end the host; the message is that of the panic.
    Panic = 104,
}

/// Every status with its name and the kind of error it stands for.
const STATUSES: &[(Status, &CStr, Option<ErrorKind>)] = &[
    (Status::Ok, c"ok", None),
    (Status::MissingTable, c"missing_table", Some(ErrorKind::MissingTable)),
    (Status::MissingColumn, c"missing_column", Some(ErrorKind::MissingColumn)),
    (Status::UnknownColumn, c"unknown_column", Some(ErrorKind::UnknownColumn)),
    (Status::UnknownKpi, c"unknown_kpi", Some(ErrorKind::UnknownKpi)),
    (Status::UnknownPolicy, c"unknown_policy", Some(ErrorKind::UnknownPolicy)),
    (Status::UnknownZone, c"unknown_zone", Some(ErrorKind::UnknownZone)),
    (Status::WrongType, c"wrong_type", Some(ErrorKind::WrongType)),
    (Status::InvalidRequest, c"invalid_request", Some(ErrorKind::InvalidRequest)),
    (Status::InvalidRow, c"invalid_row", Some(ErrorKind::InvalidRow)),
    (Status::MixedScales, c"mixed_scales", Some(ErrorKind::MixedScales)),
    (Status::MixedCurrencies, c"mixed_currencies", Some(ErrorKind::MixedCurrencies)),
    (Status::LimitExceeded, c"limit_exceeded", Some(ErrorKind::LimitExceeded)),
    (Status::Overflow, c"overflow", Some(ErrorKind::Overflow)),
    (Status::CorruptState, c"corrupt_state", Some(ErrorKind::CorruptState)),
    (Status::UnsupportedVersion, c"unsupported_version", Some(ErrorKind::UnsupportedVersion)),
    (Status::StateMismatch, c"state_mismatch", Some(ErrorKind::StateMismatch)),
    (Status::Internal, c"internal", Some(ErrorKind::Internal)),
    (Status::NullArgument, c"null_argument", None),
    (Status::InvalidUtf8, c"invalid_utf8", None),
    (Status::OutOfRange, c"out_of_range", None),
    (Status::NoValue, c"no_value", None),
    (Status::Panic, c"panic", None),
];

impl Status {
    pub(crate) fn of(kind: ErrorKind) -> Self {
        let known = STATUSES.iter().find(|(_, _, stands_for)| *stands_for == Some(kind));
        known.map_or(Status::Internal, |(status, _, _)| *status)
    }

    pub(crate) fn name(self) -> &'static CStr {
        named(self as i32)
    }
}

fn named(number: i32) -> &'static CStr {
    let known = STATUSES.iter().find(|(status, _, _)| *status as i32 == number);
    known.map_or(c"unknown_status", |(_, name, _)| name)
}

/// What is this status called? The name is the error's kind, the same in every language: `missing_column`. A
/// number that is no status is `unknown_status`. The text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn tenure_status_name(status: i32) -> *const c_char {
    read(c"unknown_status".as_ptr(), || named(status).as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_its_own_status_of_the_same_name() {
        let mut seen = BTreeSet::new();
        for kind in ErrorKind::ALL {
            let status = Status::of(*kind);
            assert_eq!(status.name().to_str(), Ok(kind.name()));
            assert!(seen.insert(status as i32), "{kind} shares its status");
        }
        assert_eq!(seen, (1..=17).collect(), "kinds keep their numbers");
        assert_eq!(Status::of(ErrorKind::Internal), Status::Internal);
    }

    #[test]
    fn unknown_numbers_are_unknown() {
        for number in [-1, 18, 99, 105, i32::MAX] {
            assert_eq!(named(number), c"unknown_status");
        }
    }
}
