//! Answers about interactions: one row each, beside the columns that name the rows.

use crate::columns::{beside, dictionary};
use crate::frame::{Frame, invalid};
use arrow_array::builder::{Float64Builder, Int64Builder, LargeStringBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, BooleanArray, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, Fields};
use std::sync::Arc;
use tenure::classify::{Axes, Classification, Evidence, Label};
use tenure::{Error, ErrorKind, Result};

/// What interactions are for, in the order of the rows: beside `rows`, which are as many.
///
/// ```
/// use tenure::classify::{Classifier, ClassifyOptions};
/// use tenure_arrow::Frame;
/// use tenure_arrow::arrow_array::{ArrayRef, RecordBatch, StringArray};
/// # use std::sync::Arc;
///
/// let ids: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
/// let texts: ArrayRef = Arc::new(StringArray::from(vec!["The export fails with error 500"]));
/// let frame = Frame::from(RecordBatch::try_from_iter([("interaction_id", ids), ("text", texts)])?);
/// let table = frame.table("interactions")?;
/// let answers = Classifier::standard()?.classify_table(&table, &ClassifyOptions::default())?;
/// let labelled = tenure_arrow::classifications(&frame.naming()?, &answers)?;
/// assert_eq!(labelled.schema.field(0).name(), "interaction_id");
/// assert_eq!(labelled.schema.field(1).name(), "label");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn classifications(rows: &Frame, answers: &[Classification]) -> Result<Frame> {
    beside(rows, answers, |columns, answers| {
        let each = || answers.iter();
        columns.text("label", each().map(|answer| answer.label.map(Label::name)));
        columns.real("p_support", each().map(|answer| Some(answer.p_support)));
        columns.real("p_service", each().map(|answer| Some(answer.p_service)));
        columns.real("p_success", each().map(|answer| Some(answer.p_success)));
        columns.real("p_service_any", each().map(|answer| Some(answer.p_service_any)));
        let abstained: BooleanArray = each().map(|answer| Some(answer.abstained)).collect();
        columns.add("abstained", Arc::new(abstained));
        for (at, axis) in Axes::NAMES.into_iter().enumerate() {
            // With a prefix, because the table of interactions has a `scope` and `departments` of its own.
            let value = |answer: &Classification| answer.axes.values().get(at).copied();
            columns.real(&format!("axis_{axis}"), each().map(value));
        }
        columns.add("evidence", evidence(answers)?);
        columns.text("language", each().map(|answer| Some(answer.language.as_ref())));
        columns.count("ignored", each().map(|answer| u64::from(answer.ignored)))?;
        columns.add("model", dictionary(each().map(|answer| &answer.model))?);
        Ok(())
    })
}

/// The evidence of each row: a list of what spoke for which label.
fn evidence(answers: &[Classification]) -> Result<ArrayRef> {
    let each = || answers.iter().flat_map(|answer| &answer.evidence);
    let (mut what, mut value) = (StringBuilder::new(), LargeStringBuilder::new());
    let (mut start, mut end) = (Int64Builder::new(), Int64Builder::new());
    let (mut pushes, mut weight) = (StringBuilder::new(), Float64Builder::new());
    let place = |at: Option<usize>| at.and_then(|at| i64::try_from(at).ok());
    for Evidence { what: name, value: found, start: from, end: to, pushes: label, weight: by, .. } in each() {
        what.append_value(name);
        value.append_value(found);
        start.append_option(place(*from));
        end.append_option(place(*to));
        pushes.append_value(label.name());
        weight.append_value(*by);
    }
    let columns: [(&str, ArrayRef); 6] = [
        ("what", Arc::new(what.finish())),
        ("value", Arc::new(value.finish())),
        ("start", Arc::new(start.finish())),
        ("end", Arc::new(end.finish())),
        ("pushes", Arc::new(pushes.finish())),
        ("weight", Arc::new(weight.finish())),
    ];
    let fields: Fields =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let items = StructArray::try_new_with_length(fields.clone(), arrays, None, each().count());
    let items = items.map_err(|error| invalid(&error))?;
    let lengths = answers.iter().map(|answer| answer.evidence.len());
    if i32::try_from(each().count()).is_err() {
        let message = "more than 2^31 pieces of evidence in one batch";
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    let item = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    let lists = ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(items), None);
    Ok(Arc::new(lists.map_err(|error| invalid(&error))?))
}
