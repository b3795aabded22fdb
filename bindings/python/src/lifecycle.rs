//! The customer lifecycle as data, and single journeys through it told event by event.

use crate::error::{OrRaise, invalid};
use crate::json::{from_json, instant, to_json};
use crate::output::time;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tenure::lifecycle::{JourneyError, Stay};
use tenure::{Choice, Error, LifecycleChoice, Micros};

/// Stages, the moves between them, and rules that tell the stage from signals.
///
/// `Lifecycle.subscription()` is that of subscription software; others are read from TOML or JSON, or made of a dict.
/// Lifecycles pickle, and equal definitions are equal.
///
/// Parameters
/// ----------
/// definition : dict
///     `name`, `cycles`, `stages` and `rules`, as in JSON and TOML. What cannot be is an InvalidRequestError that names the
///     move or the stage.
///
/// Examples
/// --------
/// >>> pilot = tenure.Lifecycle({
/// ...     "name": "pilot",
/// ...     "stages": [
/// ...         {"name": "pilot", "kind": "start", "expected": "30d", "next": ["live", "lost"]},
/// ...         {"name": "live", "kind": "end"},
/// ...         {"name": "lost", "kind": "churned"},
/// ...     ],
/// ... })
/// >>> pilot
/// Lifecycle pilot: pilot -> live, lost; live; lost
/// >>> book = tenure.Book(
/// ...     stages=[{"account_id": "acme", "stage": "pilot", "occurred_at": "2026-01-01"}], lifecycle=pilot
/// ... )
/// >>> book.compute("lifecycle_status", as_of="2026-03-01").only().label
/// 'behind'
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct Lifecycle {
    lifecycle: tenure::Lifecycle,
}

impl Lifecycle {
    pub(crate) fn new_of(lifecycle: tenure::Lifecycle) -> Self {
        Self { lifecycle }
    }

    /// As a policy holds it.
    pub(crate) fn to_value(&self) -> Value {
        serde_json::to_value(LifecycleChoice::from(&self.lifecycle)).unwrap_or_default()
    }
}

/// The lifecycle that somebody means: a `Lifecycle`, a definition, or the name of a built-in one.
pub(crate) fn meant(value: &Bound<'_, PyAny>) -> PyResult<tenure::Lifecycle> {
    let py = value.py();
    if let Ok(lifecycle) = value.cast::<Lifecycle>() {
        return Ok(lifecycle.get().lifecycle.clone());
    }
    let chosen = match to_json(value)? {
        Value::String(name) => LifecycleChoice::Named(name),
        own @ Value::Object(_) => LifecycleChoice::Own(own),
        _ => {
            let message =
                "lifecycle is a tenure.Lifecycle, a dict that defines one, or the name of a built-in one";
            return Err(invalid(message)).or_raise(py);
        }
    };
    chosen.lifecycle().or_raise(py)
}

#[pymethods]
impl Lifecycle {
    #[new]
    #[pyo3(signature = (definition, /))]
    fn new(definition: &Bound<'_, PyAny>) -> PyResult<Self> {
        if definition.is_instance_of::<PyString>() {
            let message =
                "the definition of a lifecycle is a dict; texts are read by from_toml and from_json";
            return Err(invalid(message)).or_raise(definition.py());
        }
        meant(definition).map(Self::new_of)
    }

    /// The lifecycle of subscription software: the one that holds where none is named.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Lifecycle.subscription().stages[:4]
    /// ['aware', 'evaluating', 'prospect', 'trial']
    #[staticmethod]
    fn subscription() -> Self {
        Self::new_of(tenure::Lifecycle::subscription())
    }

    /// Reads a definition in TOML.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     The text, not the name of a file.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Lifecycle.from_toml('''
    /// ... name = "pilot"
    /// ... [[stages]]
    /// ... name = "pilot"
    /// ... kind = "start"
    /// ... next = ["lvie"]
    /// ... [[stages]]
    /// ... name = "live"
    /// ... kind = "end"
    /// ... ''')
    /// Traceback (most recent call last):
    /// tenure.errors.InvalidRequestError: the lifecycle: "pilot" -> "lvie": no such stage; did you mean "live"? Known: live, pilot
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_toml(py: Python<'_>, text: &str) -> PyResult<Self> {
        tenure::Lifecycle::from_toml(text).or_raise(py).map(Self::new_of)
    }

    /// Reads a definition in JSON.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     What `to_json` gives.
    ///
    /// Examples
    /// --------
    /// >>> lifecycle = tenure.Lifecycle.subscription()
    /// >>> tenure.Lifecycle.from_json(lifecycle.to_json()) == lifecycle
    /// True
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        tenure::Lifecycle::from_json(text).or_raise(py).map(Self::new_of)
    }

    /// The definition in JSON, with names as they are compared.
    ///
    /// Examples
    /// --------
    /// >>> tenure.Lifecycle.subscription().to_json()[:24]
    /// '{"name":"subscription","'
    fn to_json(&self) -> String {
        self.lifecycle.to_json()
    }

    /// The definition as a dict: the stages with their kind, their thresholds and what may follow, and the rules.
    ///
    /// Examples
    /// --------
    /// >>> trial = tenure.Lifecycle.subscription().to_dict()["stages"][3]
    /// >>> trial["name"], trial["expected"], trial["next"]
    /// ('trial', '14d', ['onboarding', 'adoption', 'churned'])
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        from_json(py, &self.to_json())
    }

    /// What it is called.
    #[getter]
    fn name(&self) -> &str {
        self.lifecycle.name()
    }

    /// The names of the stages, in order.
    #[getter]
    fn stages(&self) -> Vec<&str> {
        self.lifecycle.stages().iter().map(|stage| stage.name.as_str()).collect()
    }

    /// Whether one stage may follow another.
    ///
    /// Examples
    /// --------
    /// >>> lifecycle = tenure.Lifecycle.subscription()
    /// >>> lifecycle.allows("trial", "onboarding"), lifecycle.allows("trial", "renewal")
    /// (True, False)
    #[pyo3(signature = (stage, following, /))]
    fn allows(&self, stage: &str, following: &str) -> bool {
        self.lifecycle.allows(stage, following)
    }

    /// A journey that has not begun, to be told event by event.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.enter("trial", "2026-01-01")
    /// >>> journey.stage
    /// 'trial'
    fn journey(&self) -> Journey {
        Journey { journey: Mutex::new(self.lifecycle.journey()) }
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().lifecycle == self.lifecycle)
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.to_json().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let from_json = slf.get_type().getattr("from_json")?;
        Ok((from_json, (slf.get().to_json(),)))
    }

    fn __repr__(&self) -> String {
        let stages = self.lifecycle.stages().iter().map(|stage| match stage.next.as_slice() {
            [] => stage.name.clone(),
            next => format!("{} -> {}", stage.name, next.join(", ")),
        });
        format!("Lifecycle {}: {}", self.lifecycle.name(), stages.collect::<Vec<_>>().join("; "))
    }
}

/// One customer's way through a lifecycle, told event by event and in order of time.
///
/// A lifecycle gives it: `lifecycle.journey()`. Times are datetimes or ISO 8601 text; without a zone they are UTC. What
/// cannot be is an InvalidRequestError, and the journey is as it was before. Telling the present stage again changes
/// nothing, nor does pausing what is paused.
///
/// Examples
/// --------
/// >>> journey = tenure.Lifecycle.subscription().journey()
/// >>> journey.enter("trial", "2026-01-01")
/// >>> journey.enter("onboarding", "2026-01-11")
/// >>> journey.pause("2026-01-16")
/// >>> journey.resume("2026-02-05")
/// >>> journey.state("2026-02-16")  # 36 days, of which 20 were paused: within the 30 that are expected
/// 'on_track'
/// >>> journey.enter("renewal", "2026-02-16")
/// Traceback (most recent call last):
/// tenure.errors.InvalidRequestError: "onboarding" -> "renewal" is no move of lifecycle "subscription"; from "onboarding": adoption, at_risk, churned
#[pyclass(frozen, module = "tenure._tenure")]
pub(crate) struct Journey {
    journey: Mutex<tenure::lifecycle::Journey>,
}

impl Journey {
    /// Nothing of Python's may run while it is open: it could wait for who waits for the journey. No call leaves a journey half
    /// told, not even one that panicked.
    fn open(&self) -> MutexGuard<'_, tenure::lifecycle::Journey> {
        self.journey.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(
        &self,
        at: &Bound<'_, PyAny>,
        event: impl FnOnce(&mut tenure::lifecycle::Journey, Micros) -> Result<(), JourneyError>,
    ) -> PyResult<()> {
        let micros = instant(at, "at")?;
        event(&mut self.open(), micros).map_err(Error::from).or_raise(at.py())
    }
}

#[pymethods]
impl Journey {
    /// Enters a stage. A move that the lifecycle does not have is an error that says which it has.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.enter("At Risk", "2026-01-01")
    /// >>> journey.stage
    /// 'at_risk'
    fn enter(&self, stage: &str, at: &Bound<'_, PyAny>) -> PyResult<()> {
        self.tell(at, |journey, at| journey.enter(stage, at))
    }

    /// Enters a stage, whether or not the lifecycle has the move: what a CRM says happened. The stay tells whether it has.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.enter("trial", "2026-01-01")
    /// >>> journey.record("renewal", "2026-01-02")
    /// >>> [(stay["stage"], stay["allowed"]) for stay in journey.stays]
    /// [('trial', True), ('renewal', False)]
    fn record(&self, stage: &str, at: &Bound<'_, PyAny>) -> PyResult<()> {
        self.tell(at, |journey, at| journey.record(stage, at))
    }

    /// Stops the clock of the present stage.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.pause("2026-01-01")
    /// Traceback (most recent call last):
    /// tenure.errors.InvalidRequestError: the journey has not begun: there is no stage to pause
    fn pause(&self, at: &Bound<'_, PyAny>) -> PyResult<()> {
        self.tell(at, tenure::lifecycle::Journey::pause)
    }

    /// Lets it run again.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.enter("trial", "2026-01-01")
    /// >>> journey.pause("2026-01-02")
    /// >>> journey.resume("2026-01-04")
    /// >>> journey.elapsed("2026-01-05") / 86400
    /// 2.0
    fn resume(&self, at: &Bound<'_, PyAny>) -> PyResult<()> {
        self.tell(at, tenure::lifecycle::Journey::resume)
    }

    /// The present stage; None before the journey began.
    #[getter]
    fn stage(&self) -> Option<String> {
        self.open().stage().map(str::to_owned)
    }

    /// The stages that may follow now: from the present one, or all before the journey began.
    #[getter]
    fn allowed(&self) -> Vec<String> {
        self.open().allowed().into_iter().map(str::to_owned).collect()
    }

    /// How the customer was doing at an instant: `on_track`, `behind`, `stuck`, `paused`, `completed` or `churned`; None before
    /// the journey began.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.enter("trial", "2026-01-01")
    /// >>> [journey.state(day) for day in ("2025-12-31", "2026-01-15", "2026-01-16", "2026-02-01")]
    /// [None, 'on_track', 'behind', 'stuck']
    fn state(&self, at: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
        let at = instant(at, "at")?;
        Ok(self.open().state(at).map(Choice::name))
    }

    /// How many seconds the customer had been in the stage of an instant, without pauses; None before the journey began.
    ///
    /// Examples
    /// --------
    /// >>> journey = tenure.Lifecycle.subscription().journey()
    /// >>> journey.enter("trial", "2026-01-01T12:00:00+01:00")
    /// >>> journey.elapsed("2026-01-01T12:00:00Z")
    /// 3600.0
    fn elapsed(&self, at: &Bound<'_, PyAny>) -> PyResult<Option<f64>> {
        let at = instant(at, "at")?;
        Ok(self.open().elapsed(at).map(|micros| micros as f64 / 1e6))
    }

    /// The stays so far, in order: dicts of `stage`, `entered_at`, `left_at`, `allowed` and `pauses`, which are pairs of when
    /// they began and ended. Times are datetimes in UTC, or None where it is not over.
    #[getter]
    fn stays<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let stays = self.open().stays();
        PyList::new(py, stays.iter().map(|stay| told(py, stay)).collect::<PyResult<Vec<_>>>()?)
    }

    fn __repr__(&self) -> String {
        match self.open().stage() {
            Some(stage) => format!("Journey in {stage}"),
            None => "Journey that has not begun".to_owned(),
        }
    }
}

fn told<'py>(py: Python<'py>, stay: &Stay) -> PyResult<Bound<'py, PyDict>> {
    let utc = |at: Option<Micros>| at.map(|at| time(py, at, Some("UTC"))).transpose();
    let pauses: Vec<_> = stay
        .pauses
        .iter()
        .map(|pause| Ok((utc(Some(pause.from))?, utc(pause.to)?)))
        .collect::<PyResult<_>>()?;
    let dict = PyDict::new(py);
    dict.set_item("stage", &stay.stage)?;
    dict.set_item("entered_at", utc(Some(stay.entered))?)?;
    dict.set_item("left_at", utc(stay.left)?)?;
    dict.set_item("allowed", stay.allowed)?;
    dict.set_item("pauses", pauses)?;
    Ok(dict)
}
