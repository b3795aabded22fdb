//! Arrow arrays as columns of the core: the memory is borrowed wherever the layouts agree.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type,
    Decimal128Type, DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::{Buffer, NullBuffer};
use arrow_schema::{DataType, TimeUnit};
use std::borrow::Cow;
use tenure::{Bitmap, Column, Slice, Text, Unit};

/// Any Arrow array as a column. A type that no KPI reads becomes [`Column::Opaque`], so that a table that has such
/// a column is still a table.
pub(crate) fn column(array: &dyn Array) -> Column<'_> {
    match array.data_type() {
        DataType::Null => Column::Null(array.len()),
        DataType::Boolean => {
            let values = array.as_boolean().values();
            let bits = Bitmap::new(values.values(), values.offset(), values.len());
            Column::Bool(bits, validity(array))
        }
        DataType::Int8 => Column::I8(values::<Int8Type>(array)),
        DataType::Int16 => Column::I16(values::<Int16Type>(array)),
        DataType::Int32 => Column::I32(values::<Int32Type>(array)),
        DataType::Int64 => Column::I64(values::<Int64Type>(array)),
        DataType::UInt8 => Column::U8(values::<UInt8Type>(array)),
        DataType::UInt16 => Column::U16(values::<UInt16Type>(array)),
        DataType::UInt32 => Column::U32(values::<UInt32Type>(array)),
        DataType::UInt64 => Column::U64(values::<UInt64Type>(array)),
        DataType::Float16 => Column::F32(converted::<Float16Type, _>(array, |value| value.to_f32())),
        DataType::Float32 => Column::F32(values::<Float32Type>(array)),
        DataType::Float64 => Column::F64(values::<Float64Type>(array)),
        DataType::Decimal32(_, scale) => decimal::<Decimal32Type>(array, *scale),
        DataType::Decimal64(_, scale) => decimal::<Decimal64Type>(array, *scale),
        DataType::Decimal128(_, scale) => match u8::try_from(*scale) {
            Ok(scale) => Column::Decimal { scale, values: values::<Decimal128Type>(array) },
            Err(_) => opaque(array),
        },
        DataType::Timestamp(unit, zone) => timestamp(array, *unit, zone.is_some()),
        DataType::Date32 => Column::Time {
            unit: Unit::Day,
            instant: false,
            values: converted::<Date32Type, _>(array, |days| i64::from(*days)),
        },
        DataType::Date64 => {
            Column::Time { unit: Unit::Milli, instant: false, values: values::<Date64Type>(array) }
        }
        DataType::Utf8 => {
            let text = array.as_string::<i32>();
            Column::Text(Text::Utf8 {
                offsets: Cow::Borrowed(text.value_offsets()),
                data: Cow::Borrowed(text.value_data()),
                validity: validity(array),
            })
        }
        DataType::LargeUtf8 => {
            let text = array.as_string::<i64>();
            Column::Text(Text::Large {
                offsets: Cow::Borrowed(text.value_offsets()),
                data: Cow::Borrowed(text.value_data()),
                validity: validity(array),
            })
        }
        DataType::Utf8View => {
            let text = array.as_string_view();
            Column::Text(Text::View {
                views: text.views().inner().as_slice(),
                buffers: text.data_buffers().iter().map(Buffer::as_slice).collect(),
                validity: validity(array),
            })
        }
        DataType::Dictionary(key, _) => match key.as_ref() {
            DataType::Int8 => dictionary::<Int8Type>(array),
            DataType::Int16 => dictionary::<Int16Type>(array),
            DataType::Int32 => dictionary::<Int32Type>(array),
            DataType::Int64 => dictionary::<Int64Type>(array),
            DataType::UInt8 => dictionary::<UInt8Type>(array),
            DataType::UInt16 => dictionary::<UInt16Type>(array),
            DataType::UInt32 => dictionary::<UInt32Type>(array),
            DataType::UInt64 => dictionary::<UInt64Type>(array),
            _ => opaque(array),
        },
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let offsets = list.value_offsets().iter().map(|offset| i64::from(*offset)).collect();
            lists(array, Cow::Owned(offsets), list.values())
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            lists(array, Cow::Borrowed(list.value_offsets()), list.values())
        }
        _ => opaque(array),
    }
}

fn opaque(array: &dyn Array) -> Column<'_> {
    Column::Opaque { type_name: array.data_type().to_string(), len: array.len() }
}

fn bitmap(nulls: &NullBuffer) -> Bitmap<'_> {
    Bitmap::new(nulls.validity(), nulls.offset(), nulls.len())
}

fn validity(array: &dyn Array) -> Option<Bitmap<'_>> {
    array.nulls().map(bitmap)
}

fn values<T: ArrowPrimitiveType>(array: &dyn Array) -> Slice<'_, T::Native> {
    Slice::new(array.as_primitive::<T>().values(), validity(array))
}

/// Values in a width that the core does not have.
fn converted<T: ArrowPrimitiveType, V: Clone>(
    array: &dyn Array,
    convert: impl Fn(&T::Native) -> V,
) -> Slice<'_, V> {
    Slice::owned(array.as_primitive::<T>().values().iter().map(convert).collect(), validity(array))
}

fn decimal<T: DecimalType>(array: &dyn Array, scale: i8) -> Column<'_>
where
    T::Native: Into<i128>,
{
    match u8::try_from(scale) {
        Ok(scale) => {
            Column::Decimal { scale, values: converted::<T, _>(array, |unscaled| (*unscaled).into()) }
        }
        Err(_) => opaque(array),
    }
}

fn timestamp(array: &dyn Array, unit: TimeUnit, instant: bool) -> Column<'_> {
    let (unit, values) = match unit {
        TimeUnit::Second => (Unit::Second, values::<TimestampSecondType>(array)),
        TimeUnit::Millisecond => (Unit::Milli, values::<TimestampMillisecondType>(array)),
        TimeUnit::Microsecond => (Unit::Micro, values::<TimestampMicrosecondType>(array)),
        TimeUnit::Nanosecond => (Unit::Nano, values::<TimestampNanosecondType>(array)),
    };
    Column::Time { unit, instant, values }
}

fn dictionary<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Column<'_> {
    let dictionary = array.as_dictionary::<K>();
    Column::Dictionary {
        keys: Box::new(column(dictionary.keys())),
        values: Box::new(column(dictionary.values().as_ref())),
    }
}

fn lists<'a>(array: &'a dyn Array, offsets: Cow<'a, [i64]>, values: &'a ArrayRef) -> Column<'a> {
    Column::List { offsets, values: Box::new(column(values.as_ref())), validity: validity(array) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::builder::{LargeListBuilder, ListBuilder, StringBuilder};
    use arrow_array::*;
    use arrow_buffer::ScalarBuffer;
    use std::sync::Arc;
    use tenure::Reading::{self, Bool, Missing, Real, Text, Time, Unreadable, Whole};

    fn readings<'a>(column: &'a Column<'_>) -> Vec<Reading<'a>> {
        (0..column.len()).map(|row| column.read(row)).collect()
    }

    /// Checks an array of values, null, values whole and in every slice of it.
    fn check(array: &dyn Array, expected: &[Reading<'_>]) {
        assert_eq!(readings(&column(array)), expected, "{}", array.data_type());
        for from in 0..expected.len() {
            for len in 0..=expected.len() - from {
                let slice = array.slice(from, len);
                let label = format!("{} from {from}, {len} rows", array.data_type());
                assert_eq!(readings(&column(slice.as_ref())), expected[from..from + len], "{label}");
            }
        }
    }

    #[test]
    fn integers_of_every_width() {
        macro_rules! check_all {
            ($($array:ty),*) => {$(
                check(&<$array>::from(vec![Some(1), None, Some(100), Some(0)]), &[Whole(1), Missing, Whole(100), Whole(0)]);
                check(&<$array>::from(vec![3, 2]), &[Whole(3), Whole(2)]);
            )*};
        }
        check_all!(
            Int8Array,
            Int16Array,
            Int32Array,
            Int64Array,
            UInt8Array,
            UInt16Array,
            UInt32Array,
            UInt64Array
        );
        check(&UInt64Array::from(vec![u64::MAX]), &[Whole(i128::from(u64::MAX))]);
    }

    #[test]
    fn floats_of_every_width() {
        let expected = [Real(0.5), Missing, Whole(9), Missing];
        let half = |value| Some(<Float16Type as ArrowPrimitiveType>::Native::from_f32(value));
        check(&Float16Array::from(vec![half(0.5), None, half(9.0), half(f32::NAN)]), &expected);
        check(&Float32Array::from(vec![Some(0.5), None, Some(9.0), Some(f32::NAN)]), &expected);
        check(&Float64Array::from(vec![Some(0.5), None, Some(9.0), Some(f64::NAN)]), &expected);
    }

    #[test]
    fn truth_values_and_nothing() {
        let many: Vec<Option<bool>> = (0..19).map(|at| (at % 5 != 0).then_some(at % 3 == 0)).collect();
        let expected: Vec<_> = many.iter().map(|value| value.map_or(Missing, Bool)).collect();
        check(&BooleanArray::from(many), &expected);
        check(&NullArray::new(3), &[Missing; 3]);
    }

    #[test]
    fn text_in_every_layout() {
        let texts = vec![Some("a"), None, Some("longer than twelve bytes"), Some(""), Some("\u{e5}")];
        let expected = [Text("a"), Missing, Text("longer than twelve bytes"), Text(""), Text("\u{e5}")];
        check(&StringArray::from(texts.clone()), &expected);
        check(&LargeStringArray::from(texts.clone()), &expected);
        check(&StringViewArray::from(texts), &expected);
    }

    #[test]
    fn dictionaries_with_any_key_and_missing_values() {
        fn of<K: ArrowDictionaryKeyType>(keys: PrimitiveArray<K>, values: ArrayRef) -> DictionaryArray<K> {
            DictionaryArray::try_new(keys, values).unwrap()
        }
        let expected = [Text("b"), Missing, Text("a"), Missing];
        macro_rules! check_all {
            ($($key:ty),*) => {$(
                for values in [
                    Arc::new(StringArray::from(vec![Some("a"), Some("b"), None])) as ArrayRef,
                    Arc::new(LargeStringArray::from(vec![Some("a"), Some("b"), None])),
                    Arc::new(StringViewArray::from(vec![Some("a"), Some("b"), None])),
                ] {
                    check(&of::<$key>(vec![Some(1), None, Some(0), Some(2)].into(), values), &expected);
                }
            )*};
        }
        check_all!(Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type);
        let numbers = Arc::new(Float64Array::from(vec![Some(9.0), None]));
        check(&of::<Int8Type>(vec![Some(0), Some(1)].into(), numbers), &[Whole(9), Missing]);
        let sliced = StringArray::from(vec!["x", "a", "b"]).slice(1, 2);
        check(&of::<Int8Type>(vec![Some(1), Some(0)].into(), Arc::new(sliced)), &[Text("b"), Text("a")]);
    }

    #[test]
    fn times_of_every_unit() {
        // 2026-01-01T00:00:00Z is second 1767225600, day 20454.
        let second = 1_767_225_600_i64;
        let at = second * 1_000_000;
        for (zone, instant) in [(None, false), (Some("Europe/Stockholm"), true)] {
            let zone: Option<Arc<str>> = zone.map(Into::into);
            let expected = [Time(at, instant), Missing];
            check(
                &TimestampSecondArray::from(vec![Some(second), None]).with_timezone_opt(zone.clone()),
                &expected,
            );
            let milli = TimestampMillisecondArray::from(vec![Some(second * 1_000), None]);
            check(&milli.with_timezone_opt(zone.clone()), &expected);
            check(
                &TimestampMicrosecondArray::from(vec![Some(at), None]).with_timezone_opt(zone.clone()),
                &expected,
            );
            let nano = TimestampNanosecondArray::from(vec![Some(at * 1_000 + 999), None]);
            check(&nano.with_timezone_opt(zone), &expected);
        }
        check(
            &Date32Array::from(vec![Some(20_454), None, Some(-1)]),
            &[Time(at, false), Missing, Time(-86_400_000_000, false)],
        );
        check(&Date64Array::from(vec![Some(second * 1_000), None]), &[Time(at, false), Missing]);
        check(&TimestampSecondArray::from(vec![i64::MAX]), &[Unreadable]);
    }

    #[test]
    fn decimals_of_every_width() {
        let expected = [Whole(9), Missing, Real(7.5), Real(-0.25)];
        let hundredths = [Some(900), None, Some(750), Some(-25)];
        let narrow = Decimal32Array::from(hundredths.to_vec()).with_precision_and_scale(6, 2).unwrap();
        check(&narrow, &expected);
        let wide = |value: Option<i32>| value.map(i64::from);
        let middle =
            Decimal64Array::from(hundredths.map(wide).to_vec()).with_precision_and_scale(9, 2).unwrap();
        check(&middle, &expected);
        let widest = |value: Option<i32>| value.map(i128::from);
        let wide =
            Decimal128Array::from(hundredths.map(widest).to_vec()).with_precision_and_scale(20, 2).unwrap();
        check(&wide, &expected);
        let thousands = Decimal128Array::from(vec![1]).with_precision_and_scale(5, -3).unwrap();
        check(&thousands, &[Unreadable]);
    }

    #[test]
    fn lists_keep_their_items() {
        fn items(column: &Column<'_>) -> Vec<Option<Vec<String>>> {
            let Column::List { offsets, values, validity } = column else { panic!("not a list: {column:?}") };
            let item = |at: i64| match values.read(usize::try_from(at).unwrap()) {
                Text(text) => text.to_owned(),
                other => format!("{other:?}"),
            };
            let list = |row: usize| (offsets[row]..offsets[row + 1]).map(item).collect();
            (0..column.len())
                .map(|row| validity.as_ref().is_none_or(|v| v.get(row)).then(|| list(row)))
                .collect()
        }
        let lists = [Some(vec!["slow", "price"]), None, Some(vec![]), Some(vec!["slow"])];
        let mut small = ListBuilder::new(StringBuilder::new());
        let mut large = LargeListBuilder::new(StringBuilder::new());
        for list in &lists {
            small.append_option(list.as_ref().map(|tags| tags.iter().map(|tag| Some(*tag))));
            large.append_option(list.as_ref().map(|tags| tags.iter().map(|tag| Some(*tag))));
        }
        let expected: Vec<Option<Vec<String>>> = lists
            .iter()
            .map(|list| list.as_ref().map(|tags| tags.iter().map(ToString::to_string).collect()))
            .collect();
        let arrays: [ArrayRef; 2] = [Arc::new(small.finish()), Arc::new(large.finish())];
        for array in &arrays {
            assert_eq!(items(&column(array)), expected);
            assert_eq!(items(&column(&array.slice(1, 3))), expected[1..]);
        }
    }

    #[test]
    fn other_types_are_kept_unread() {
        let bytes = BinaryArray::from(vec![b"x".as_slice()]);
        check(&bytes, &[Unreadable]);
        assert_eq!(column(&bytes).type_name(), "Binary");
        check(&Time64MicrosecondArray::from(vec![1]), &[Unreadable]);
        let runs =
            RunArray::<Int32Type>::try_new(&vec![2, 3].into(), &StringArray::from(vec!["a", "b"])).unwrap();
        assert_eq!(readings(&column(&runs)), [Unreadable; 3]);
    }

    #[test]
    fn memory_is_borrowed() {
        let numbers = ScalarBuffer::from(vec![1_i64, 2, 3]);
        let array = Int64Array::new(numbers.clone(), None);
        let Column::I64(slice) = column(&array) else { panic!("not 64-bit integers") };
        assert_eq!(slice.get(0).map(std::ptr::from_ref), Some(numbers.as_ptr()));
    }
}
