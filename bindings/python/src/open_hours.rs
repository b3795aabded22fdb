//! Business time, usable alone.

use crate::error::{OrRaise, invalid};
use crate::json::instant;
use crate::output::time;
use pyo3::prelude::*;
use tenure::Micros;

/// How much working time lies between two instants, and when will a target be used up?
///
/// A book gives it: `book.open_hours("support")`. Times are datetimes or ISO 8601 text; without a zone they are UTC.
///
/// Examples
/// --------
/// >>> week = dict(schedule_id="office", zone="Europe/Stockholm", opens="09:00", closes="17:00")
/// >>> book = tenure.Book(schedules=[dict(week, weekday=day) for day in range(1, 6)])
/// >>> hours = book.open_hours()
/// >>> hours.elapsed("2026-11-20T15:00:00+01:00", "2026-11-23T10:00:00+01:00") / 3600
/// 3.0
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct OpenHours {
    hours: tenure::calendar::OpenHours,
}

impl OpenHours {
    pub(crate) fn new(hours: tenure::calendar::OpenHours) -> Self {
        Self { hours }
    }
}

const SECOND: f64 = 1e6;

#[pymethods]
impl OpenHours {
    /// The open seconds in `[start, end)`; 0 where `end` is not after `start`.
    ///
    /// Examples
    /// --------
    /// >>> monday = dict(schedule_id="office", zone="UTC", weekday=1, opens="09:00", closes="17:00")
    /// >>> hours = tenure.Book(schedules=[monday]).open_hours()
    /// >>> hours.elapsed("2026-11-23T16:00:00", "2026-11-30T09:30:00")
    /// 5400.0
    fn elapsed(&self, start: &Bound<'_, PyAny>, end: &Bound<'_, PyAny>) -> PyResult<f64> {
        Ok(self.hours.elapsed(instant(start, "start")?, instant(end, "end")?) as f64 / SECOND)
    }

    /// The instant at which a target of open seconds, counted from `start`, is used up; None if it never is.
    ///
    /// Examples
    /// --------
    /// >>> week = dict(schedule_id="office", zone="UTC", opens="09:00", closes="17:00")
    /// >>> hours = tenure.Book(schedules=[dict(week, weekday=day) for day in range(1, 6)]).open_hours()
    /// >>> hours.at("2026-11-20T16:00:00", 7200).isoformat()
    /// '2026-11-23T10:00:00+00:00'
    fn at<'py>(&self, start: &Bound<'py, PyAny>, seconds: f64) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = start.py();
        let micros = (seconds * SECOND).round();
        if micros.is_nan() || micros.abs() >= 9e18 {
            return Err(invalid("seconds is not a number of seconds")).or_raise(py);
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
        let reached = self.hours.at(instant(start, "start")?, micros as Micros);
        reached.map(|at| time(py, at, Some("UTC"))).transpose()
    }

    /// Whether it is open at an instant.
    ///
    /// Examples
    /// --------
    /// >>> monday = dict(schedule_id="office", zone="Asia/Bangkok", weekday=1, opens="09:00", closes="17:00")
    /// >>> hours = tenure.Book(schedules=[monday]).open_hours()
    /// >>> hours.is_open("2026-11-23T09:59:59Z"), hours.is_open("2026-11-23T10:00:00Z")
    /// (True, False)
    fn is_open(&self, at: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.hours.is_open(instant(at, "at")?))
    }

    /// The open intervals in `[start, end)`, as pairs of datetimes in UTC.
    ///
    /// Examples
    /// --------
    /// >>> monday = dict(schedule_id="office", zone="UTC", weekday=1, opens="09:00", closes="17:00")
    /// >>> hours = tenure.Book(schedules=[monday]).open_hours()
    /// >>> [(opens.hour, closes.hour) for opens, closes in hours.intervals("2026-11-23T12:00:00", "2026-11-30")]
    /// [(12, 17)]
    fn intervals<'py>(
        &self,
        start: &Bound<'py, PyAny>,
        end: &Bound<'py, PyAny>,
    ) -> PyResult<Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
        let py = start.py();
        let intervals = self.hours.intervals(instant(start, "start")?, instant(end, "end")?);
        intervals
            .map(|open| Ok((time(py, open.start, Some("UTC"))?, time(py, open.end, Some("UTC"))?)))
            .collect()
    }
}
