//! Answers about comments: one row each, beside the columns that name the rows.

use crate::columns::{beside, dictionary};
use crate::frame::Frame;
use crate::reasons::{evidence, mentions, texts};
use tenure::Result;
use tenure::classify::{Feedback, Sentiment};

/// What comments say, in the order of the rows: beside `rows`, which are as many.
///
/// ```
/// use tenure::classify::{FeedbackOptions, FeedbackReader};
/// use tenure_arrow::Frame;
/// use tenure_arrow::arrow_array::{ArrayRef, RecordBatch, StringArray};
/// # use std::sync::Arc;
///
/// let comments: ArrayRef = Arc::new(StringArray::from(vec!["Great app, but far too expensive"]));
/// let frame = Frame::from(RecordBatch::try_from_iter([("comment", comments)])?);
/// let table = frame.table("surveys")?;
/// let answers = FeedbackReader::standard()?.read_table(&table, &FeedbackOptions::default())?;
/// let heard = tenure_arrow::feedback(&frame.naming()?, &answers)?;
/// assert_eq!(heard.schema.field(0).name(), "sentiment");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn feedback(rows: &Frame, answers: &[Feedback]) -> Result<Frame> {
    beside(rows, answers, |columns, answers| {
        let each = || answers.iter();
        columns.text("sentiment", each().map(|answer| answer.sentiment.map(Sentiment::name)));
        columns.real("p_negative", each().map(|answer| Some(answer.p_negative)));
        columns.real("p_neutral", each().map(|answer| Some(answer.p_neutral)));
        columns.real("p_positive", each().map(|answer| Some(answer.p_positive)));
        columns.real("polarity", each().map(|answer| (!answer.is_empty()).then_some(answer.polarity)));
        columns
            .add("themes", texts(each().map(|answer| answer.has_text.then_some(answer.themes.as_slice()))));
        columns.add("evidence", evidence(each().map(|answer| answer.evidence.as_slice()), Sentiment::name)?);
        columns.add("mentions", mentions(each().map(|answer| answer.mentions.as_slice()))?);
        columns.text("language", each().map(|answer| Some(answer.language.as_ref())));
        columns.truth("score_ignored", each().map(|answer| answer.score_ignored));
        columns.add("model", dictionary(each().map(|answer| &answer.model))?);
        Ok(())
    })
}
