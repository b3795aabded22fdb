//! Plain Rust values as columns: slices of numbers are borrowed, everything else is copied once.

use super::{Bitmap, Column, Slice, Text, Unit};
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
        impl From<Vec<Option<$text>>> for Column<'_> {
            fn from(values: Vec<Option<$text>>) -> Self {
                Column::Text(Text::from_options(values))
            }
        }
    )*};
}
from_text!(String, &str);

impl From<Vec<bool>> for Column<'_> {
    fn from(values: Vec<bool>) -> Self {
        Column::Bool(Bitmap::from_bools(values), None)
    }
}

impl From<Vec<Option<bool>>> for Column<'_> {
    fn from(values: Vec<Option<bool>>) -> Self {
        let validity = Bitmap::from_bools(values.iter().map(Option::is_some));
        Column::Bool(Bitmap::from_bools(values.into_iter().map(|v| v == Some(true))), Some(validity))
    }
}

impl<Z: chrono::TimeZone> From<&[chrono::DateTime<Z>]> for Column<'_> {
    fn from(values: &[chrono::DateTime<Z>]) -> Self {
        let micros = values.iter().map(chrono::DateTime::timestamp_micros).collect();
        Column::Time { unit: Unit::Micro, instant: true, values: Slice::owned(micros, None) }
    }
}

impl<Z: chrono::TimeZone> From<&Vec<chrono::DateTime<Z>>> for Column<'_> {
    fn from(values: &Vec<chrono::DateTime<Z>>) -> Self {
        values.as_slice().into()
    }
}

impl<Z: chrono::TimeZone> From<Vec<Option<chrono::DateTime<Z>>>> for Column<'_> {
    fn from(values: Vec<Option<chrono::DateTime<Z>>>) -> Self {
        let micros = values.into_iter().map(|time| time.map(|t| t.timestamp_micros())).collect();
        Column::Time { unit: Unit::Micro, instant: true, values: Slice::from_options(micros) }
    }
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
