//! The book of business, and the questions that can be asked of it.

use crate::detach::detached;
use crate::error::{OrRaise, invalid};
use crate::json::{to_json, to_map};
use crate::lifecycle::{Lifecycle, meant};
use crate::open_hours::OpenHours;
use crate::rows::{Answers, Rows, Trace};
use crate::state::State;
use crate::table::read;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tenure::{Key, Request, Result};
use tenure_arrow::Frame;

/// The fields of a request; any other keyword of `trace` names the unit.
const OPTIONS: [&str; 16] = [
    "policy",
    "start",
    "end",
    "as_of",
    "zone",
    "every",
    "week_start",
    "year_start",
    "by",
    "where",
    "level",
    "min_n",
    "strict",
    "column_zones",
    "max_rows",
    "max_groups",
];

/// All tables of one company.
///
/// Parameters
/// ----------
/// **tables
///     Tables by their canonical names (`surveys`, `accounts`, ...): anything with the Arrow PyCapsule interface
///     (pandas, polars, pyarrow, DuckDB, ...), a dict of columns, or a list of dicts. Arrow data is not copied.
/// lifecycle : Lifecycle, dict or str, optional
///     The lifecycle of requests whose policy names none: one's own, its definition, or the name of a built-in one.
///
/// Examples
/// --------
/// >>> book = tenure.Book(
/// ...     surveys={"score": [10, 9, 7, 3], "answered_at": ["2026-01-05", "2026-01-09", "2026-02-02", "2026-02-20"]},
/// ... )
/// >>> [outcome.value for outcome in book.compute("nps", every="month")]
/// [100.0, -50.0]
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct Book {
    frames: BTreeMap<String, Frame>,
    lifecycle: Option<tenure::Lifecycle>,
    /// What the core works out of the tables, kept from one question to the next.
    indexes: tenure::Indexes,
}

impl Book {
    /// Borrows the tables for one call.
    fn open(&self) -> Result<tenure::Book<'_>> {
        let mut book = tenure::Book::new();
        for (name, frame) in &self.frames {
            book.add(frame.table(name)?)?;
        }
        if let Some(lifecycle) = &self.lifecycle {
            book = book.with_lifecycle(lifecycle);
        }
        Ok(book.with_indexes(&self.indexes))
    }

    /// One request, answered without the interpreter lock.
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        request: Map<String, Value>,
        verb: impl FnOnce(&tenure::Book<'_>, &Request) -> Result<T> + Send,
    ) -> PyResult<T> {
        detached(py, || verb(&self.open()?, &parsed(request)?))
    }
}

/// Reads a request.
pub(crate) fn parsed(request: Map<String, Value>) -> Result<Request> {
    Request::from_json(&Value::Object(request).to_string())
}

/// The request as a map: a KPI's id or a dict, and keywords, which override the dict.
fn request(kpi: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Map<String, Value>> {
    let mut map = match kpi.cast::<PyString>() {
        Ok(id) => Map::from_iter([("kpi".to_owned(), to_json(id)?)]),
        Err(_) => to_map(kpi)?,
    };
    if let Some(options) = options {
        map.extend(to_map(options)?);
    }
    for field in ["start", "end", "as_of"] {
        // A day written as a number would be some microseconds after 1970.
        if let Some(number @ Value::Number(_)) = map.get(field) {
            let message = format!(
                "{field} is the number {number}; expected a date, a datetime or ISO 8601 text such as \"2026-07-01\""
            );
            return Err(invalid(message)).or_raise(kpi.py());
        }
    }
    Ok(map)
}

/// The request, as of its end if it has one, else as of the latest time in the tables.
fn request_as_of(
    kpi: &Bound<'_, PyAny>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<Map<String, Value>> {
    let mut map = request(kpi, options)?;
    if map.get("as_of").is_none_or(Value::is_null) {
        let end = map.get("end").filter(|end| !end.is_null()).cloned();
        map.insert("as_of".to_owned(), end.unwrap_or_else(|| "latest".into()));
    }
    Ok(map)
}

/// A request about journeys, which is about no KPI; to be read where the interpreter is not needed.
fn about_journeys(
    py: Python<'_>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<impl FnOnce() -> Result<Request> + Send> {
    let request = Value::Object(request_as_of(PyDict::new(py).as_any(), options)?);
    Ok(move || Request::about_journeys(&request.to_string()))
}

#[pymethods]
impl Book {
    #[new]
    #[pyo3(signature = (*, lifecycle=None, **tables))]
    fn new(lifecycle: Option<&Bound<'_, PyAny>>, tables: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut frames = BTreeMap::new();
        for (name, table) in tables.into_iter().flatten() {
            let name: String = name.extract()?;
            frames.insert(name.clone(), read(&name, &table)?);
        }
        let lifecycle = lifecycle.map(meant).transpose()?;
        let book = Self { frames, lifecycle, indexes: tenure::Indexes::default() };
        if let Some(tables) = tables {
            detached(tables.py(), || book.open().map(|_| ()))?;
        }
        Ok(book)
    }

    /// The names of the tables.
    #[getter]
    fn tables(&self) -> Vec<&str> {
        self.frames.keys().map(String::as_str).collect()
    }

    /// The lifecycle of requests whose policy names none, if the book has one of its own.
    #[getter]
    fn lifecycle(&self) -> Option<Lifecycle> {
        self.lifecycle.clone().map(Lifecycle::new_of)
    }

    fn __len__(&self) -> usize {
        self.frames.len()
    }

    fn __contains__(&self, name: &str) -> bool {
        self.frames.contains_key(name)
    }

    fn __getitem__(&self, name: &str) -> PyResult<Rows> {
        let missing = || PyKeyError::new_err(format!("the book has no table \"{name}\""));
        self.frames.get(name).map(|frame| Rows::new(frame.clone())).ok_or_else(missing)
    }

    /// Answers a request, or a list of requests.
    ///
    /// Parameters
    /// ----------
    /// kpi : str, dict or list of dict
    ///     The KPI's id; or a whole request, as in JSON; or a list of them, which gives a list of results.
    /// policy : dict, optional
    ///     The choices that make the definition exact, and `preset`. See `tenure.explain(kpi)`.
    /// start, end : str, date or datetime, optional
    ///     Only rows from `start` on and before `end` count.
    /// as_of : str, date or datetime, optional
    ///     What is known: later times read as absent. Without it `end`, else the latest time in the tables read, which
    ///     one wrong clock moves: `result.as_of` says which it was.
    /// zone : str, optional
    ///     The IANA zone of periods and of times without an offset.
    /// every : str, optional
    ///     One row a period: "hour", "day", "week", "month", "quarter" or "year". Periods go from the first with a unit
    ///     to the last; give `start` and `end` to see empty ones before and after.
    /// by : str or list of str, optional
    ///     One row a group of equal values in these columns.
    /// where : dict, optional
    ///     Only rows whose column holds one of the values.
    /// level : float, optional
    ///     The confidence level of intervals.
    /// min_n : int, optional
    ///     Estimates of fewer units are withheld; counts are shown.
    /// strict : bool, optional
    ///     Whether the first invalid row is an error.
    /// week_start, year_start : int, optional
    ///     The first day of a week (1 Monday) and the first month of a year.
    /// column_zones : dict, optional
    ///     The zones of columns that hold wall-clock times.
    /// max_rows, max_groups : int, optional
    ///     Larger answers are refused.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3], "segment": ["smb", "smb", "smb", "enterprise"]})
    /// >>> book.compute("nps").only().value
    /// 25.0
    /// >>> book.compute("nps", where={"segment": "smb"}, policy={"interval": "wald"}).only().interval.method
    /// 'wald'
    /// >>> [result.kpi for result in book.compute([{"kpi": "nps"}, {"kpi": "nps_distribution"}])]
    /// ['nps', 'nps_distribution']
    #[pyo3(signature = (kpi, /, **options))]
    fn compute<'py>(
        &self,
        py: Python<'py>,
        kpi: &Bound<'py, PyAny>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !kpi.is_instance_of::<PyList>() && !kpi.is_instance_of::<PyTuple>() {
            #[allow(
                clippy::redundant_closure_for_method_calls,
                reason = "the method is of a book of one lifetime"
            )]
            let outcomes =
                self.ask(py, request_as_of(kpi, options)?, |book, request| book.compute(request))?;
            return Ok(Answers::of(py, outcomes)?.into_any());
        }
        let requests =
            kpi.try_iter()?.map(|one| request_as_of(&one?, options)).collect::<PyResult<Vec<_>>>()?;
        let results = detached(py, || {
            let requests = requests.into_iter().map(parsed).collect::<Result<Vec<_>>>()?;
            self.open()?.compute_all(&requests)
        })?;
        let results = results.into_iter().map(|outcomes| Answers::of(py, outcomes));
        Ok(PyList::new(py, results.collect::<PyResult<Vec<_>>>()?)?.into_any())
    }

    /// What became of every unit of a KPI: what a CRM writes back beside its rows.
    ///
    /// Takes the keywords of `compute`.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"survey_id": ["a", "b", "c"], "score": [10, 42, None]})
    /// >>> [(unit["survey_id"], unit["fate"]) for unit in book.units("nps")]
    /// [('a', 'observed'), ('b', 'invalid'), ('c', 'missing')]
    #[pyo3(signature = (kpi, /, **options))]
    fn units(
        &self,
        py: Python<'_>,
        kpi: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Rows> {
        let batch = self.ask(py, request_as_of(kpi, options)?, |book, request| {
            tenure_arrow::units(&book.units(request)?)
        })?;
        Ok(Rows::new(Frame::from(batch)))
    }

    /// The journeys of all accounts through the lifecycle: one row a stay, by account and in order of time.
    ///
    /// `seconds` are without pauses, and up to `as_of` where the stay goes on. `status` is how the account is doing in the stage,
    /// or was when it left; `allowed` whether the lifecycle has the move that led there. Where rows tell the stages and
    /// the lifecycle has rules, `inferred_stage` of the last stay is what these say, and `differs_since` since when they say
    /// something else. What is wrong with rows is in `faults("lifecycle_status")`.
    ///
    /// Parameters
    /// ----------
    /// policy : dict, optional
    ///     `lifecycle`, `stages_from` (rows, rules), `impossible` (believe, refuse), `pauses` (stop, run), `edges` (inclusive,
    ///     exclusive), `preset`; as for the KPIs of the lifecycle.
    /// as_of : str, date or datetime, optional
    ///     What is known; without it the latest time in the tables read.
    /// zone, where, column_zones : optional
    ///     As for `compute`.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(stages=[
    /// ...     {"account_id": "acme", "stage": "trial", "occurred_at": "2026-01-01"},
    /// ...     {"account_id": "acme", "stage": "onboarding", "occurred_at": "2026-01-11"},
    /// ... ])
    /// >>> [(stay["stage"], stay["seconds"] / 86400, stay["status"]) for stay in book.journeys(as_of="2026-03-01")]
    /// [('trial', 10.0, 'on_track'), ('onboarding', 49.0, 'behind')]
    #[pyo3(signature = (**options))]
    fn journeys(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Rows> {
        let request = about_journeys(py, options)?;
        let batch = detached(py, || tenure_arrow::journeys(&self.open()?.journeys(&request()?)?))?;
        Ok(Rows::new(Frame::from(batch)))
    }

    /// All that happened with one account, in order of time: stages and pauses, goals, interactions and conversations, surveys,
    /// milestones, payments.
    ///
    /// Parameters
    /// ----------
    /// account_id : str or int
    ///     The account. One that no table knows is an InvalidRequestError.
    /// policy : dict, optional
    ///     As for `journeys`, and `milestones`: the names of events whose first occurrence is told.
    /// as_of, zone, column_zones : optional
    ///     As for `journeys`.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(
    /// ...     stages=[{"account_id": "acme", "stage": "trial", "occurred_at": "2026-01-01", "reason": "sign-up"}],
    /// ...     surveys=[{"account_id": "acme", "kind": "nps", "score": 9, "answered_at": "2026-01-20"}],
    /// ... )
    /// >>> [(event["at"].day, event["kind"], event["stage"], event["text"]) for event in book.journey("acme")]
    /// [(1, 'stage', 'trial', 'trial: sign-up'), (20, 'survey', 'trial', 'nps 9')]
    #[pyo3(signature = (account_id, /, **options))]
    fn journey(
        &self,
        py: Python<'_>,
        account_id: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Rows> {
        let account = to_key(account_id)?;
        let request = about_journeys(py, options)?;
        let batch = detached(py, || tenure_arrow::story(&self.open()?.journey(&request()?, &account)?))?;
        Ok(Rows::new(Frame::from(batch)))
    }

    /// Why units counted as they did: those whose column holds the value of the one keyword that is not one of
    /// `compute`. `row=` names a unit by its place in the table.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"survey_id": ["a", "b", "c"], "score": [10, 42, None]})
    /// >>> [trace.row for trace in book.trace("nps", survey_id="b")]
    /// [1]
    #[pyo3(signature = (kpi, /, **options))]
    fn trace(
        &self,
        py: Python<'_>,
        kpi: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Vec<Trace>> {
        let wanted = || invalid("trace needs one unit, such as survey_id=17 or row=3");
        let mut unit = None;
        let scope = PyDict::new(py);
        for (name, value) in options.into_iter().flatten() {
            let text: String = name.extract()?;
            if OPTIONS.contains(&text.as_str()) {
                scope.set_item(name, value)?;
            } else if unit.replace((text, to_key(&value)?)).is_some() {
                return Err(wanted()).or_raise(py);
            }
        }
        let (column, value) = unit.ok_or_else(wanted).or_raise(py)?;
        let request = request_as_of(kpi, Some(&scope))?;
        let traces = self.ask(py, request, |book, request| book.trace(request, &column, &value))?;
        Ok(traces.into_iter().map(Trace::new).collect())
    }

    /// The rows that a KPI cannot use, or, without a KPI, those that no KPI can use by its default policy.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"score": [10, 42, 7.5], "kind": ["nps", "nps", "nps"]})
    /// >>> book.faults()["row"]
    /// [1, 2]
    #[pyo3(signature = (kpi=None, /, **options))]
    fn faults(
        &self,
        py: Python<'_>,
        kpi: Option<&Bound<'_, PyAny>>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Rows> {
        let batch = match kpi {
            Some(kpi) => self.ask(py, request_as_of(kpi, options)?, |book, request| {
                tenure_arrow::faults(&book.faults(request)?)
            })?,
            None if options.is_some_and(|options| !options.is_empty()) => {
                return Err(invalid("faults takes keywords only for a KPI")).or_raise(py);
            }
            None => detached(py, || tenure_arrow::faults(&self.open()?.all_faults()?))?,
        };
        Ok(Rows::new(Frame::from(batch)))
    }

    /// The state of a request over one part of the book. Merged, the states of all parts give the state of the
    /// whole, to the last bit.
    ///
    /// Parameters
    /// ----------
    /// part, of : int
    ///     Which part, from 0, of how many. By default the only one.
    /// as_of : str, date or datetime
    ///     Required here: all parts must know the same.
    ///
    /// Examples
    /// --------
    /// >>> book = tenure.Book(surveys={"survey_id": [1, 2, 3], "score": [10, 9, 3]})
    /// >>> one, two = (book.partial("nps", part=part, of=2, as_of="2026-07-01") for part in range(2))
    /// >>> one.merge(two).finish().only().n
    /// 3
    #[pyo3(signature = (kpi, /, *, part=0, of=1, **options))]
    fn partial(
        &self,
        py: Python<'_>,
        kpi: &Bound<'_, PyAny>,
        part: u64,
        of: u64,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<State> {
        let state =
            self.ask(py, request(kpi, options)?, |book, request| book.partial_of(request, part, of))?;
        Ok(State::new(state))
    }

    /// Business time by the tables `schedules` and `holidays`, usable alone.
    ///
    /// Parameters
    /// ----------
    /// schedule : str, optional
    ///     A `schedule_id`; by default the only one there is. `"*"` is open when any schedule is.
    ///
    /// Examples
    /// --------
    /// >>> night = dict(schedule_id="night", zone="UTC", weekday=1, opens="22:00", closes="06:00")
    /// >>> tenure.Book(schedules=[night]).open_hours("night").is_open("2026-11-24T05:59:00")
    /// True
    #[pyo3(signature = (schedule=None))]
    fn open_hours(&self, py: Python<'_>, schedule: Option<&str>) -> PyResult<OpenHours> {
        detached(py, || self.open()?.open_hours(schedule)).map(OpenHours::new)
    }

    fn __repr__(&self) -> String {
        let tables = self.frames.iter().map(|(name, frame)| format!("{name} ({} rows)", frame.rows()));
        match self.frames.len() {
            0 => "Book without tables".to_owned(),
            _ => format!("Book of {}", tables.collect::<Vec<_>>().join(", ")),
        }
    }
}

/// The value that names a unit.
fn to_key(value: &Bound<'_, PyAny>) -> PyResult<Key> {
    Ok(match to_json(value)? {
        Value::Null => Key::Null,
        Value::Bool(flag) => Key::Bool(flag),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => Key::Whole(whole.into()),
            (_, Some(whole), _) => Key::Whole(whole.into()),
            (_, _, Some(real)) if real.fract() == 0.0 && real.abs() < 1e18 =>
            {
                #[allow(clippy::cast_possible_truncation, reason = "whole and within range")]
                Key::Whole(real as i128)
            }
            (_, _, real) => Key::Real(real.unwrap_or_default()),
        },
        Value::String(text) => Key::Text(text),
        _ => return Err(invalid("a unit is named by a number or a text")).or_raise(value.py()),
    })
}
