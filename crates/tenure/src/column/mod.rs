//! Columns: borrowed (or small owned) values in Arrow's memory layout, without naming Arrow.
//!
//! A column is what the caller already has in memory: a slice of numbers, times or text with an optional
//! validity bitmap. Nothing is copied on the way in. [`Reading`] is one value of any column, normalised as
//! every calculator expects it: a float that is a whole number is the integer, NaN is missing.

use std::borrow::Cow;

mod buffer;
mod from;

pub use buffer::{Bitmap, Slice, Text};

/// What one time value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Milliseconds.
    Milli,
    /// Microseconds, the resolution of everything inside.
    Micro,
    /// Nanoseconds; what lies below a microsecond is cut off.
    Nano,
    /// Days, as dates are stored.
    Day,
}

/// A column of a table.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Column<'a> {
    /// Nothing but missing values, of no known type.
    Null(usize),
    /// Booleans and their validity.
    Bool(Bitmap<'a>, Option<Bitmap<'a>>),
    /// 8-bit integers.
    I8(Slice<'a, i8>),
    /// 16-bit integers.
    I16(Slice<'a, i16>),
    /// 32-bit integers.
    I32(Slice<'a, i32>),
    /// 64-bit integers.
    I64(Slice<'a, i64>),
    /// 8-bit unsigned integers.
    U8(Slice<'a, u8>),
    /// 16-bit unsigned integers.
    U16(Slice<'a, u16>),
    /// 32-bit unsigned integers.
    U32(Slice<'a, u32>),
    /// 64-bit unsigned integers.
    U64(Slice<'a, u64>),
    /// Single-precision floats.
    F32(Slice<'a, f32>),
    /// Double-precision floats.
    F64(Slice<'a, f64>),
    /// Decimals: `value / 10^scale`.
    Decimal {
        /// Digits after the point.
        scale: u8,
        /// The unscaled values.
        values: Slice<'a, i128>,
    },
    /// Times and dates.
    Time {
        /// What a value counts, since 1970-01-01.
        unit: Unit,
        /// Whether values are instants; otherwise they are wall-clock times, read in the zone that the
        /// request names for the column, or in UTC.
        instant: bool,
        /// The values.
        values: Slice<'a, i64>,
    },
    /// Text.
    Text(Text<'a>),
    /// Positions in a list of distinct values.
    Dictionary {
        /// An integer column.
        keys: Box<Column<'a>>,
        /// What a key stands for.
        values: Box<Column<'a>>,
    },
    /// Lists: list `i` is `values[offsets[i]..offsets[i + 1]]`.
    List {
        /// One more than there are lists.
        offsets: Cow<'a, [i64]>,
        /// The lists behind each other.
        values: Box<Column<'a>>,
        /// Unset bits are missing lists.
        validity: Option<Bitmap<'a>>,
    },
    /// Values of a type that no KPI reads; kept so that a table with such a column is still a table.
    Opaque {
        /// What the adapter calls the type.
        type_name: String,
        /// How many values.
        len: usize,
    },
}

/// One value, normalised: what every calculator sees.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reading<'r> {
    /// No value: null, or NaN.
    Missing,
    /// A truth value.
    Bool(bool),
    /// A whole number, also when stored as a float or decimal.
    Whole(i128),
    /// Any other number, infinities included.
    Real(f64),
    /// Text.
    Text(&'r str),
    /// A time in microseconds since 1970-01-01, and whether it is an instant or wall-clock time.
    Time(i64, bool),
    /// A value that no calculator reads: text that is not UTF-8, a time beyond the range, a list.
    Unreadable,
}

impl<'r> Reading<'r> {
    /// A float, whole if it can be.
    #[inline]
    pub(crate) fn of_float(value: f64) -> Self {
        if value.is_nan() {
            Reading::Missing
        } else if value.fract() == 0.0 && value.abs() < 1e38 {
            #[allow(clippy::cast_possible_truncation, reason = "whole and within range, checked above")]
            Reading::Whole(value as i128)
        } else {
            Reading::Real(value)
        }
    }

    pub(crate) fn of_text(bytes: Option<&'r [u8]>) -> Self {
        match bytes.map(std::str::from_utf8) {
            None => Reading::Missing,
            Some(Ok(text)) => Reading::Text(text),
            Some(Err(_)) => Reading::Unreadable,
        }
    }

    /// The same; a text of nothing but spaces says nothing, and is missing. Files have such texts where a value is not
    /// there.
    #[inline]
    pub(crate) fn unless_blank(self) -> Self {
        match self {
            Reading::Text(text) if text.trim_start().is_empty() => Reading::Missing,
            reading => reading,
        }
    }

    fn of_decimal(unscaled: i128, scale: u8) -> Self {
        let Some(unit) = 10_i128.checked_pow(u32::from(scale)) else { return Reading::Unreadable };
        if unscaled % unit == 0 {
            Reading::Whole(unscaled / unit)
        } else {
            Reading::Real(unscaled as f64 / unit as f64)
        }
    }
}

impl Column<'_> {
    /// How many values.
    pub fn len(&self) -> usize {
        match self {
            Column::Null(len) | Column::Opaque { len, .. } => *len,
            Column::Bool(values, _) => values.len(),
            Column::I8(s) => s.len(),
            Column::I16(s) => s.len(),
            Column::I32(s) => s.len(),
            Column::I64(s) | Column::Time { values: s, .. } => s.len(),
            Column::U8(s) => s.len(),
            Column::U16(s) => s.len(),
            Column::U32(s) => s.len(),
            Column::U64(s) => s.len(),
            Column::F32(s) => s.len(),
            Column::F64(s) => s.len(),
            Column::Decimal { values, .. } => values.len(),
            Column::Text(text) => text.len(),
            Column::Dictionary { keys, .. } => keys.len(),
            Column::List { offsets, .. } => offsets.len().saturating_sub(1),
        }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the column holds, for error messages.
    pub fn type_name(&self) -> &str {
        match self {
            Column::Null(_) => "nothing but nulls",
            Column::Bool(..) => "booleans",
            Column::I8(_)
            | Column::I16(_)
            | Column::I32(_)
            | Column::I64(_)
            | Column::U8(_)
            | Column::U16(_)
            | Column::U32(_)
            | Column::U64(_) => "integers",
            Column::F32(_) | Column::F64(_) => "floats",
            Column::Decimal { .. } => "decimals",
            Column::Time { unit: Unit::Day, .. } => "dates",
            Column::Time { .. } => "timestamps",
            Column::Text(_) => "text",
            Column::Dictionary { values, .. } => values.type_name(),
            Column::List { .. } => "lists",
            Column::Opaque { type_name, .. } => type_name,
        }
    }

    /// The value at `index`; beyond the end it is missing.
    #[inline]
    pub fn read(&self, index: usize) -> Reading<'_> {
        fn whole<'r, T: Copy + Into<i128>>(value: Option<&T>) -> Reading<'r> {
            value.map_or(Reading::Missing, |v| Reading::Whole((*v).into()))
        }
        match self {
            Column::Null(_) => Reading::Missing,
            Column::Bool(values, validity) => {
                if index >= values.len() || validity.as_ref().is_some_and(|bits| !bits.get(index)) {
                    Reading::Missing
                } else {
                    Reading::Bool(values.get(index))
                }
            }
            Column::I8(s) => whole(s.get(index)),
            Column::I16(s) => whole(s.get(index)),
            Column::I32(s) => whole(s.get(index)),
            Column::I64(s) => whole(s.get(index)),
            Column::U8(s) => whole(s.get(index)),
            Column::U16(s) => whole(s.get(index)),
            Column::U32(s) => whole(s.get(index)),
            Column::U64(s) => whole(s.get(index)),
            Column::F32(s) => s.get(index).map_or(Reading::Missing, |v| Reading::of_float(f64::from(*v))),
            Column::F64(s) => s.get(index).map_or(Reading::Missing, |v| Reading::of_float(*v)),
            Column::Decimal { scale, values } => {
                values.get(index).map_or(Reading::Missing, |v| Reading::of_decimal(*v, *scale))
            }
            Column::Time { unit, instant, values } => match values.get(index) {
                None => Reading::Missing,
                Some(value) => {
                    unit.micros(*value).map_or(Reading::Unreadable, |at| Reading::Time(at, *instant))
                }
            },
            Column::Text(text) => Reading::of_text(text.get(index)),
            Column::Dictionary { keys, values } => {
                keys.dictionary_key(index).map_or(Reading::Missing, |key| values.read(key))
            }
            Column::List { .. } => {
                if self.list(index).is_some() {
                    Reading::Unreadable
                } else {
                    Reading::Missing
                }
            }
            Column::Opaque { .. } => Reading::Unreadable,
        }
    }

    /// The items of the list at `index`: the column they lie in and their range; `None` if missing.
    pub(crate) fn list(&self, index: usize) -> Option<(&Column<'_>, std::ops::Range<usize>)> {
        let Column::List { offsets, values, validity } = self else { return None };
        if index >= self.len() || validity.as_ref().is_some_and(|bits| !bits.get(index)) {
            return None;
        }
        let from = usize::try_from(*offsets.get(index)?).ok()?;
        let to = usize::try_from(*offsets.get(index + 1)?).ok()?;
        Some((values, from..to.min(values.len())))
    }

    /// The position in the dictionary at `index`, read as an integer column of keys.
    #[inline]
    pub(crate) fn dictionary_key(&self, index: usize) -> Option<usize> {
        match self {
            Column::I8(s) => s.get(index).and_then(|v| usize::try_from(*v).ok()),
            Column::I16(s) => s.get(index).and_then(|v| usize::try_from(*v).ok()),
            Column::I32(s) => s.get(index).and_then(|v| usize::try_from(*v).ok()),
            Column::I64(s) => s.get(index).and_then(|v| usize::try_from(*v).ok()),
            Column::U8(s) => s.get(index).map(|v| usize::from(*v)),
            Column::U16(s) => s.get(index).map(|v| usize::from(*v)),
            Column::U32(s) => s.get(index).and_then(|v| usize::try_from(*v).ok()),
            Column::U64(s) => s.get(index).and_then(|v| usize::try_from(*v).ok()),
            _ => None,
        }
    }

    /// Whether every value is missing; such a column serves as any type.
    pub(crate) fn all_missing(&self) -> bool {
        match self {
            Column::Null(_) => true,
            _ => (0..self.len()).all(|index| self.read(index) == Reading::Missing),
        }
    }
}

impl Unit {
    /// A value of this unit in microseconds, or nothing when that is beyond the range.
    #[inline]
    pub(crate) fn micros(self, value: i64) -> Option<i64> {
        match self {
            Unit::Second => value.checked_mul(1_000_000),
            Unit::Milli => value.checked_mul(1_000),
            Unit::Micro => Some(value),
            Unit::Nano => Some(value.div_euclid(1_000)),
            Unit::Day => value.checked_mul(86_400_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bitmaps_honour_offsets() {
        let bits = Bitmap::new(&[0b1111_0110, 0b0000_0001], 1, 8);
        let read: Vec<bool> = (0..8).map(|i| bits.get(i)).collect();
        assert_eq!(read, [true, true, false, true, true, true, true, true]);
        assert!(bits.all(3, 8));
        assert!(!bits.all(1, 4));
        assert!(!bits.get(100));
    }

    #[test]
    fn floats_that_are_whole_are_integers_and_nan_is_missing() {
        let column = Column::from([9.0, 7.5, f64::NAN, f64::INFINITY]);
        assert_eq!(column.read(0), Reading::Whole(9));
        assert_eq!(column.read(1), Reading::Real(7.5));
        assert_eq!(column.read(2), Reading::Missing);
        assert_eq!(column.read(3), Reading::Real(f64::INFINITY));
        assert_eq!(column.read(4), Reading::Missing);
    }

    #[test]
    fn text_views_are_inline_or_in_a_buffer() {
        let mut views = Vec::new();
        views.extend(3_u32.to_le_bytes());
        views.extend(b"abc\0\0\0\0\0\0\0\0\0");
        views.extend(14_u32.to_le_bytes());
        views.extend(b"long");
        views.extend(0_u32.to_le_bytes());
        views.extend(2_u32.to_le_bytes());
        let text = Text::View { views: &views, buffers: vec![b"..longer than 12"], validity: None };
        assert_eq!(text.len(), 2);
        assert_eq!(text.get(0), Some(&b"abc"[..]));
        assert_eq!(text.get(1), Some(&b"longer than 12"[..]));
    }

    #[test]
    fn dictionaries_with_missing_values_read_as_missing() {
        let column = Column::Dictionary {
            keys: Box::new(Column::from(vec![Some(0_i8), Some(1), None, Some(7)])),
            values: Box::new(Column::from(vec![Some("a"), None])),
        };
        assert_eq!(column.read(0), Reading::Text("a"));
        assert!((1..4).all(|i| column.read(i) == Reading::Missing));
        assert!(Column::from(vec![None::<i64>, None]).all_missing());
    }

    #[test]
    fn damaged_offsets_do_not_panic() {
        let text = Text::Utf8 {
            offsets: Cow::Owned(vec![0, 99, -3]),
            data: Cow::Owned(b"ab".to_vec()),
            validity: None,
        };
        assert_eq!(text.get(0), None);
        assert_eq!(text.get(1), None);
        assert_eq!(text.get(2), None);
    }
}
