//! The values of `by` columns and dimensions as arrays of the narrowest type that holds them all.

use crate::text;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, TimestampMicrosecondArray};
use std::borrow::Cow;
use std::sync::Arc;
use tenure::Key;

/// What all values of a column have in common.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Only missing values so far.
    Unknown,
    Bool,
    Whole,
    Real,
    Time,
    /// Text, and everything that is of no one type.
    Text,
}

/// Whole numbers up to here are doubles without loss.
const EXACT: i128 = 1 << 53;

fn is_exact(value: i128) -> bool {
    (-EXACT..=EXACT).contains(&value)
}

impl Shape {
    fn of(key: &Key) -> Self {
        match key {
            Key::Null => Shape::Unknown,
            Key::Bool(_) => Shape::Bool,
            Key::Whole(value) if i64::try_from(*value).is_ok() => Shape::Whole,
            Key::Real(_) => Shape::Real,
            Key::Time(_) => Shape::Time,
            _ => Shape::Text,
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (shape, Shape::Unknown) | (Shape::Unknown, shape) => shape,
            (a, b) if a == b => a,
            (Shape::Whole, Shape::Real) | (Shape::Real, Shape::Whole) => Shape::Real,
            _ => Shape::Text,
        }
    }
}

/// The values as an array: truth values, 64-bit integers, doubles, times in UTC or text.
pub(crate) fn array<'k>(keys: impl Iterator<Item = &'k Key> + Clone) -> ArrayRef {
    let mut shape = keys.clone().map(Shape::of).fold(Shape::Unknown, Shape::with);
    if shape == Shape::Real && keys.clone().any(|key| matches!(key, Key::Whole(value) if !is_exact(*value))) {
        shape = Shape::Text;
    }
    match shape {
        Shape::Bool => Arc::new(keys.map(truth).collect::<BooleanArray>()),
        Shape::Whole => Arc::new(keys.map(whole).collect::<Int64Array>()),
        Shape::Real => Arc::new(keys.map(real).collect::<Float64Array>()),
        Shape::Time => Arc::new(keys.map(time).collect::<TimestampMicrosecondArray>().with_timezone("UTC")),
        Shape::Text | Shape::Unknown => text::array(keys.map(text)),
    }
}

fn truth(key: &Key) -> Option<bool> {
    match key {
        Key::Bool(value) => Some(*value),
        _ => None,
    }
}

fn whole(key: &Key) -> Option<i64> {
    match key {
        Key::Whole(value) => i64::try_from(*value).ok(),
        _ => None,
    }
}

fn real(key: &Key) -> Option<f64> {
    match key {
        Key::Real(value) => Some(*value),
        Key::Whole(value) => Some(*value as f64),
        _ => None,
    }
}

fn time(key: &Key) -> Option<i64> {
    match key {
        Key::Time(at) => Some(*at),
        _ => None,
    }
}

fn text(key: &Key) -> Option<Cow<'_, str>> {
    match key {
        Key::Null => None,
        Key::Text(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_schema::{DataType, TimeUnit};

    fn of(keys: &[Key]) -> ArrayRef {
        array(keys.iter())
    }

    #[test]
    fn the_narrowest_type_that_holds_all() {
        use Key::{Bool, Null, Real, Text, Time, Whole};
        assert_eq!(of(&[Bool(true), Null]).data_type(), &DataType::Boolean);
        assert_eq!(of(&[Whole(1), Null, Whole(-1)]).data_type(), &DataType::Int64);
        assert_eq!(of(&[Whole(1), Real(0.5)]).data_type(), &DataType::Float64);
        let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        assert_eq!(of(&[Time(0)]).data_type(), &utc);
        for mixed in [vec![Whole(1), Text("a".into())], vec![Bool(true), Whole(1)], vec![Null], vec![]] {
            assert_eq!(of(&mixed).data_type(), &DataType::Utf8, "{mixed:?}");
        }
    }

    #[test]
    fn numbers_that_would_change_are_written_out() {
        let large = 9_007_199_254_740_993_i128;
        let text = of(&[Key::Whole(large), Key::Real(0.5), Key::Null]);
        let text = text.as_string::<i32>();
        assert_eq!(text.iter().collect::<Vec<_>>(), [Some("9007199254740993"), Some("0.5"), None]);
        let beyond = of(&[Key::Whole(i128::from(u64::MAX))]);
        assert_eq!(beyond.as_string::<i32>().value(0), "18446744073709551615");
    }
}
