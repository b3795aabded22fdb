//! Answers about interactions: one row each, beside the columns that name the rows.

use crate::columns::{beside, dictionary};
use crate::frame::Frame;
use crate::reasons::evidence;
use tenure::Result;
use tenure::classify::{Axes, Classification, Label};

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
        columns.truth("abstained", each().map(|answer| answer.abstained));
        for (at, axis) in Axes::NAMES.into_iter().enumerate() {
            // With a prefix, because the table of interactions has a `scope` and `departments` of its own.
            let value = |answer: &Classification| answer.axes.values().get(at).copied();
            columns.real(&format!("axis_{axis}"), each().map(value));
        }
        columns.add("evidence", evidence(each().map(|answer| answer.evidence.as_slice()), Label::name)?);
        columns.text("language", each().map(|answer| Some(answer.language.as_ref())));
        columns.count("ignored", each().map(|answer| u64::from(answer.ignored)))?;
        columns.add("model", dictionary(each().map(|answer| &answer.model))?);
        Ok(())
    })
}
