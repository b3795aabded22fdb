//! Plain Rust values as columns: slices of numbers are borrowed, everything else is copied once.

use super::{Bitmap, Column, Slice, Text, Unit};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone};
use std::borrow::Cow;

macro_rules! from_numbers {
    ($($variant:ident $number:ty),*) => {$(
        impl<'a> From<&'a [$number]> for Column<'a> {
            fn from(values: &'a [$number]) -> Self {
                Column::$variant(Slice::new(values, None))
            }
        }
        impl<'a> From<&'a Vec<$number>> for Column<'a> {
            fn from(values: &'a Vec<$number>) -> Self {
                Column::$variant(Slice::new(values, None))
            }
        }
        impl From<Vec<$number>> for Column<'_> {
            fn from(values: Vec<$number>) -> Self {
                Column::$variant(Slice::owned(values, None))
            }
        }
        impl<const N: usize> From<[$number; N]> for Column<'_> {
            fn from(values: [$number; N]) -> Self {
                Column::$variant(Slice::owned(values.to_vec(), None))
            }
        }
        impl<'a, const N: usize> From<&'a [$number; N]> for Column<'a> {
            fn from(values: &'a [$number; N]) -> Self {
                Column::$variant(Slice::new(values, None))
            }
        }
        impl From<Vec<Option<$number>>> for Column<'_> {
            fn from(values: Vec<Option<$number>>) -> Self {
                Column::$variant(Slice::from_options(values))
            }
        }
        impl From<&[Option<$number>]> for Column<'_> {
            fn from(values: &[Option<$number>]) -> Self {
                Column::$variant(Slice::from_options(values.to_vec()))
            }
        }
        impl From<&Vec<Option<$number>>> for Column<'_> {
            fn from(values: &Vec<Option<$number>>) -> Self {
                values.as_slice().into()
            }
        }
        impl<const N: usize> From<[Option<$number>; N]> for Column<'_> {
            fn from(values: [Option<$number>; N]) -> Self {
                Column::$variant(Slice::from_options(values.to_vec()))
            }
        }
    )*};
}
from_numbers!(I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64, F32 f32, F64 f64);

macro_rules! from_text {
    ($($text:ty),*) => {$(
        impl From<&[$text]> for Column<'_> {
            fn from(values: &[$text]) -> Self {
                Column::Text(Text::from_options(values.iter().map(Some)))
            }
        }
        impl From<&Vec<$text>> for Column<'_> {
            fn from(values: &Vec<$text>) -> Self {
                values.as_slice().into()
            }
        }
        impl From<Vec<$text>> for Column<'_> {
            fn from(values: Vec<$text>) -> Self {
                values.as_slice().into()
            }
        }
        impl<const N: usize> From<[$text; N]> for Column<'_> {
            fn from(values: [$text; N]) -> Self {
                values.as_slice().into()
            }
        }
        impl<const N: usize> From<&[$text; N]> for Column<'_> {
            fn from(values: &[$text; N]) -> Self {
                values.as_slice().into()
            }
        }
        impl From<&[Option<$text>]> for Column<'_> {
            fn from(values: &[Option<$text>]) -> Self {
                Column::Text(Text::from_options(values.iter().map(Option::as_ref)))
            }
        }
        impl From<&Vec<Option<$text>>> for Column<'_> {
            fn from(values: &Vec<Option<$text>>) -> Self {
                values.as_slice().into()
            }
        }
        impl From<Vec<Option<$text>>> for Column<'_> {
            fn from(values: Vec<Option<$text>>) -> Self {
                values.as_slice().into()
            }
        }
        impl<const N: usize> From<[Option<$text>; N]> for Column<'_> {
            fn from(values: [Option<$text>; N]) -> Self {
                values.as_slice().into()
            }
        }
    )*};
}
from_text!(String, &str);

/// The shapes in which values that have to be copied come: owned, borrowed, with or without missing ones.
macro_rules! from_copied {
    ($([$($generics:tt)*] $item:ty, $column:expr;)*) => {$(
        impl<$($generics)*> From<&[Option<$item>]> for Column<'_> {
            fn from(values: &[Option<$item>]) -> Self {
                let column: fn(&[Option<$item>]) -> Column<'static> = $column;
                column(values)
            }
        }
        impl<$($generics)*> From<&Vec<Option<$item>>> for Column<'_> {
            fn from(values: &Vec<Option<$item>>) -> Self {
                values.as_slice().into()
            }
        }
        impl<$($generics)*> From<Vec<Option<$item>>> for Column<'_> {
            fn from(values: Vec<Option<$item>>) -> Self {
                values.as_slice().into()
            }
        }
        impl<$($generics)*> From<&[$item]> for Column<'_> {
            fn from(values: &[$item]) -> Self {
                values.iter().cloned().map(Some).collect::<Vec<_>>().into()
            }
        }
        impl<$($generics)*> From<&Vec<$item>> for Column<'_> {
            fn from(values: &Vec<$item>) -> Self {
                values.as_slice().into()
            }
        }
        impl<$($generics)*> From<Vec<$item>> for Column<'_> {
            fn from(values: Vec<$item>) -> Self {
                values.as_slice().into()
            }
        }
    )*};
}
from_copied! {
    [] bool, bools;
    [] NaiveDate, dates;
    [] NaiveDateTime, wall_clocks;
    [Z: TimeZone] DateTime<Z>, |times| Column::instants(times.iter().map(|at| at.as_ref().map(DateTime::timestamp_micros)).collect());
}

fn bools(values: &[Option<bool>]) -> Column<'static> {
    let validity = Bitmap::from_bools(values.iter().map(Option::is_some));
    Column::Bool(Bitmap::from_bools(values.iter().map(|value| *value == Some(true))), Some(validity))
}

fn dates(values: &[Option<NaiveDate>]) -> Column<'static> {
    let days = values.iter().map(|date| date.map(|date| i64::from(date.to_epoch_days())));
    Column::Time { unit: Unit::Day, instant: false, values: Slice::from_options(days.collect()) }
}

fn wall_clocks(values: &[Option<NaiveDateTime>]) -> Column<'static> {
    let micros = values.iter().map(|time| time.map(|time| time.and_utc().timestamp_micros()));
    Column::Time { unit: Unit::Micro, instant: false, values: Slice::from_options(micros.collect()) }
}

impl<'a> Column<'a> {
    /// Instants in microseconds since 1970-01-01 UTC.
    pub fn micros(values: &'a [i64]) -> Self {
        Column::Time { unit: Unit::Micro, instant: true, values: Slice::new(values, None) }
    }

    /// Instants in microseconds since 1970-01-01 UTC, missing where `None`.
    pub fn instants(values: Vec<Option<i64>>) -> Column<'static> {
        Column::Time { unit: Unit::Micro, instant: true, values: Slice::from_options(values) }
    }

    /// A list of texts a row, missing where `None`.
    pub fn text_lists<S: AsRef<str>>(lists: &[Option<Vec<S>>]) -> Column<'static> {
        let mut offsets = vec![0];
        let mut items: Vec<Option<&str>> = Vec::new();
        for list in lists {
            items.extend(list.iter().flatten().map(|item| Some(item.as_ref())));
            offsets.push(i64::try_from(items.len()).unwrap_or(i64::MAX));
        }
        Column::List {
            offsets: Cow::Owned(offsets),
            values: Box::new(Column::Text(Text::from_options(items))),
            validity: Some(Bitmap::from_bools(lists.iter().map(Option::is_some))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Reading;

    #[test]
    fn values_come_in_every_shape() {
        let numbers = [Some(9_i64), None];
        let texts = [Some("a"), None];
        let flags = vec![Some(true), None];
        let at = DateTime::from_timestamp_micros(7).unwrap();
        let columns: Vec<Column<'_>> = vec![
            numbers.as_slice().into(),
            (&numbers.to_vec()).into(),
            texts.as_slice().into(),
            texts.into(),
            (&flags).into(),
            vec![Some(at), None].into(),
            vec![Some(at.naive_utc()), None].into(),
            vec![Some(at.date_naive()), None].into(),
        ];
        for column in &columns {
            assert_eq!(column.len(), 2);
            assert_ne!(column.read(0), Reading::Missing);
            assert_eq!(column.read(1), Reading::Missing);
        }
        assert_eq!(Column::from(vec![at, at]).read(1), Reading::Time(7, true));
        assert_eq!(Column::from([true, false].as_slice()).read(1), Reading::Bool(false));
    }
}
