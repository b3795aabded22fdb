//! Why an answer is what it is: lists of reasons, a list each row.

use crate::frame::invalid;
use arrow_array::builder::{Float64Builder, Int64Builder, LargeStringBuilder, ListBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, Fields};
use std::sync::Arc;
use tenure::classify::{Evidence, Mention};
use tenure::{Error, ErrorKind, Result};

/// The evidence of each row: a list of what spoke for which label.
pub(crate) fn evidence<'e, L: Copy + 'e>(
    rows: impl Iterator<Item = &'e [Evidence<L>]> + Clone,
    name: impl Fn(L) -> &'static str,
) -> Result<ArrayRef> {
    let (mut what, mut value) = (StringBuilder::new(), LargeStringBuilder::new());
    let (mut start, mut end) = (Int64Builder::new(), Int64Builder::new());
    let (mut pushes, mut weight) = (StringBuilder::new(), Float64Builder::new());
    for found in rows.clone().flatten() {
        what.append_value(found.what);
        value.append_value(&found.value);
        start.append_option(found.start.and_then(place));
        end.append_option(found.end.and_then(place));
        pushes.append_value(name(found.pushes));
        weight.append_value(found.weight);
    }
    let columns: [(&str, ArrayRef); 6] = [
        ("what", Arc::new(what.finish())),
        ("value", Arc::new(value.finish())),
        ("start", Arc::new(start.finish())),
        ("end", Arc::new(end.finish())),
        ("pushes", Arc::new(pushes.finish())),
        ("weight", Arc::new(weight.finish())),
    ];
    lists(structs(columns)?, rows.map(<[_]>::len))
}

/// The words of each row that name a theme.
pub(crate) fn mentions<'m>(rows: impl Iterator<Item = &'m [Mention]> + Clone) -> Result<ArrayRef> {
    let (mut theme, mut value) = (StringBuilder::new(), LargeStringBuilder::new());
    let (mut start, mut end) = (Int64Builder::new(), Int64Builder::new());
    for found in rows.clone().flatten() {
        theme.append_value(&found.theme);
        value.append_value(&found.value);
        start.append_option(place(found.start));
        end.append_option(place(found.end));
    }
    let columns: [(&str, ArrayRef); 4] = [
        ("theme", Arc::new(theme.finish())),
        ("value", Arc::new(value.finish())),
        ("start", Arc::new(start.finish())),
        ("end", Arc::new(end.finish())),
    ];
    lists(structs(columns)?, rows.map(<[_]>::len))
}

/// A list of texts each row; none where they are not known.
pub(crate) fn texts<'t>(rows: impl Iterator<Item = Option<&'t [Arc<str>]>>) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in rows {
        row.unwrap_or_default().iter().for_each(|text| lists.values().append_value(text));
        lists.append(row.is_some());
    }
    Arc::new(lists.finish())
}

fn place(at: usize) -> Option<i64> {
    i64::try_from(at).ok()
}

fn structs<const N: usize>(columns: [(&str, ArrayRef); N]) -> Result<ArrayRef> {
    let rows = columns.first().map_or(0, |(_, array)| array.len());
    let fields: Fields =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let array = StructArray::try_new_with_length(fields, arrays, None, rows);
    Ok(Arc::new(array.map_err(|error| invalid(&error))?))
}

fn lists(items: ArrayRef, lengths: impl Iterator<Item = usize>) -> Result<ArrayRef> {
    if i32::try_from(items.len()).is_err() {
        let message = "more than 2^31 reasons in one batch";
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    let item = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    let lists = ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), items, None);
    Ok(Arc::new(lists.map_err(|error| invalid(&error))?))
}
