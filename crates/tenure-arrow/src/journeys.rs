//! Journeys through the lifecycle as record batches.

use crate::columns::{Columns, names};
use crate::keys;
use arrow_array::RecordBatch;
use tenure::{Choice, Journeys, Key, Result, Story};

/// One row a stay, by account and in order of time.
///
/// ```
/// use tenure::{Book, Request, Table};
///
/// let mut book = Book::new();
/// book.add(
///     Table::new("stages")
///         .column("account_id", ["acme", "acme"])
///         .column("stage", ["trial", "onboarding"])
///         .column("occurred_at", ["2026-01-01", "2026-01-11"]),
/// )?;
/// let batch = tenure_arrow::journeys(&book.journeys(&Request::new("").as_of("2026-03-01"))?)?;
/// assert_eq!(batch.num_rows(), 2);
/// assert_eq!(batch.schema().field(2).name(), "stage");
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn journeys(journeys: &Journeys) -> Result<RecordBatch> {
    let each = || journeys.iter();
    let zone = &journeys.zone;
    let mut columns = Columns::new(journeys.len());
    columns.add("account_id", keys::array(each().map(|stay| stay.account_id)));
    columns.count("stay", each().map(|stay| u64::from(stay.stay)))?;
    columns.add("stage", names(each().map(|stay| Some(stay.stage)))?);
    columns.time("entered_at", zone, each().map(|stay| Some(stay.entered_at)));
    columns.time("left_at", zone, each().map(|stay| stay.left_at));
    columns.add("next_stage", names(each().map(|stay| stay.next_stage))?);
    columns.real("seconds", each().map(|stay| Some(stay.seconds)));
    columns.real("paused_seconds", each().map(|stay| Some(stay.paused_seconds)));
    columns.add("status", names(each().map(|stay| Some(stay.status.name())))?);
    columns.add("source", names(each().map(|stay| Some(stay.source.name())))?);
    columns.text("reason", each().map(|stay| stay.reason));
    columns.truth("allowed", each().map(|stay| stay.allowed));
    columns.add("inferred_stage", names(each().map(|stay| stay.inferred_stage))?);
    columns.time("differs_since", zone, each().map(|stay| stay.differs_since));
    columns.finish()
}

/// All that happened with one account, one row an event, in order of time.
///
/// ```
/// use tenure::{Book, Key, Request, Table};
///
/// let mut book = Book::new();
/// book.add(
///     Table::new("stages")
///         .column("account_id", ["acme", "birch"])
///         .column("stage", ["trial", "onboarding"])
///         .column("occurred_at", ["2026-01-01", "2026-01-11"]),
/// )?;
/// let story = book.journey(&Request::new("").as_of("2026-03-01"), &Key::Text("acme".to_owned()))?;
/// assert_eq!(tenure_arrow::story(&story)?.num_rows(), 1);
/// # Ok::<(), tenure::Error>(())
/// ```
pub fn story(story: &Story) -> Result<RecordBatch> {
    let each = || story.rows.iter();
    let mut columns = Columns::new(story.rows.len());
    columns.time("at", &story.zone, each().map(|event| Some(event.at)));
    columns.text("kind", each().map(|event| Some(event.kind)));
    columns.text("label", each().map(|event| event.label.as_deref()));
    columns.text("stage", each().map(|event| event.stage.as_deref()));
    columns.text("text", each().map(|event| event.text.as_deref()));
    columns.add("id", keys::array(each().map(|event| event.id.as_ref().unwrap_or(&Key::Null))));
    columns.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
    use arrow_array::{Array, RecordBatch};
    use arrow_schema::{DataType, TimeUnit};
    use tenure::{Book, Request, Table};

    const DAY: i64 = 86_400_000_000;
    /// 2026-01-01T00:00:00Z is day 20454.
    const NEW_YEAR: i64 = 20_454 * DAY;

    fn book() -> Book<'static> {
        let mut book = Book::new();
        let stages = Table::new("stages")
            .column("account_id", [7_i64, 7, 9])
            .column("stage", ["Trial", "growth", "trial"])
            .column("occurred_at", ["2026-01-01T00:00:00Z", "2026-01-21T00:00:00Z", "2026-01-21T00:00:00Z"])
            .column("reason", [None, Some("by hand"), None]);
        book.add(stages).unwrap();
        book
    }

    fn request() -> Request {
        Request::new("").as_of("2026-01-31T00:00:00Z").zone("Europe/Stockholm")
    }

    fn texts<'b>(batch: &'b RecordBatch, name: &str) -> Vec<Option<&'b str>> {
        let column = batch.column_by_name(name).unwrap();
        match column.data_type() {
            DataType::Utf8 => column.as_string::<i32>().iter().collect(),
            _ => {
                let named = column.as_dictionary::<Int32Type>();
                let values = named.values().as_string::<i32>();
                named
                    .keys()
                    .iter()
                    .map(|key| key.map(|key| values.value(usize::try_from(key).unwrap())))
                    .collect()
            }
        }
    }

    #[test]
    fn one_row_a_stay() {
        let batch = journeys(&book().journeys(&request()).unwrap()).unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap();
        assert_eq!(column("account_id").as_primitive::<Int64Type>().values(), &[7, 7, 9]);
        assert_eq!(column("stay").as_primitive::<Int64Type>().values(), &[1, 2, 1]);
        assert_eq!(texts(&batch, "stage"), [Some("trial"), Some("growth"), Some("trial")]);
        assert_eq!(texts(&batch, "next_stage"), [Some("growth"), None, None]);
        // 20 of the 14 days that a trial should take, nobody is late in growth, 10 of the 14 days.
        assert_eq!(texts(&batch, "status"), [Some("behind"), Some("on_track"), Some("on_track")]);
        assert_eq!(texts(&batch, "source"), [Some("rows"); 3]);
        assert_eq!(texts(&batch, "reason"), [None, Some("by hand"), None]);
        assert_eq!(texts(&batch, "inferred_stage"), [None; 3]);
        let seconds = column("seconds").as_primitive::<Float64Type>();
        assert_eq!(seconds.values(), &[20.0 * 86_400.0, 10.0 * 86_400.0, 10.0 * 86_400.0]);
        assert_eq!(column("paused_seconds").as_primitive::<Float64Type>().values(), &[0.0; 3]);
        let allowed: Vec<_> = column("allowed").as_boolean().iter().collect();
        assert_eq!(allowed, [Some(true), Some(false), Some(true)]);
        let left = column("left_at").as_primitive::<TimestampMicrosecondType>();
        assert_eq!(left.iter().collect::<Vec<_>>(), [Some(NEW_YEAR + 20 * DAY), None, None]);
        let zoned = DataType::Timestamp(TimeUnit::Microsecond, Some("Europe/Stockholm".into()));
        for name in ["entered_at", "left_at", "differs_since"] {
            assert_eq!(column(name).data_type(), &zoned);
        }
    }

    #[test]
    fn no_journeys_have_the_same_columns() {
        let before = Request::new("").as_of("2025-12-31");
        let batch = journeys(&book().journeys(&before).unwrap()).unwrap();
        assert_eq!((batch.num_rows(), batch.num_columns()), (0, 14));
    }

    #[test]
    fn one_row_an_event() {
        let mut book = book();
        let surveys = Table::new("surveys")
            .column("survey_id", [70_i64])
            .column("account_id", [7_i64])
            .column("kind", ["nps"])
            .column("score", [9_i64])
            .column("answered_at", ["2026-01-22T00:00:00Z"]);
        book.add(surveys).unwrap();
        let batch = story(&book.journey(&request(), &Key::Whole(7)).unwrap()).unwrap();
        assert_eq!(texts(&batch, "kind"), [Some("stage"), Some("stage"), Some("survey")]);
        assert_eq!(texts(&batch, "stage"), [Some("trial"), Some("growth"), Some("growth")]);
        assert_eq!(texts(&batch, "text"), [Some("trial"), Some("growth: by hand"), Some("nps 9")]);
        assert_eq!(texts(&batch, "label"), [None; 3]);
        let ids: Vec<_> = batch.column_by_name("id").unwrap().as_primitive::<Int64Type>().iter().collect();
        assert_eq!(ids, [None, None, Some(70)]);
        assert!(book.journey(&request(), &Key::Whole(8)).is_err());
    }
}
