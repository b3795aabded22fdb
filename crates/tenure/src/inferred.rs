//! Stages that requests need and a book does not have: told by the rules of a lifecycle, from signals.

use crate::book::Book;
use crate::catalog::{Kpi, find};
use crate::error::{Error, ErrorKind, Result};
use crate::indexes::Indexes;
use crate::lifecycle::Lifecycle;
use crate::policy::LifecycleChoice;
use crate::request::Request;
use crate::view::InferredStages;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

const STAGES: &str = "stages";
const STAGES_FROM: &str = "stages_from";
const LIFECYCLE: &str = "lifecycle";

/// Whether a request is about stages that rules have to tell.
pub(crate) fn needs_stages(book: &Book<'_>, request: &Request) -> bool {
    let asked = request.policy.get(STAGES_FROM).and_then(Value::as_str);
    let is_missing = asked.is_none() && book.table(STAGES).is_none();
    let Ok((kpi, _)) = find(&request.kpi) else { return false };
    match asked {
        Some("rules") => has_field(kpi, STAGES_FROM),
        // Others than those about stages do without.
        _ => is_missing && kpi.card().table == STAGES,
    }
}

fn has_field(kpi: &dyn Kpi, name: &str) -> bool {
    kpi.describe_policy().fields.iter().any(|field| field.name == name)
}

/// The request with the lifecycle of the book, where it names none and its KPI has that choice.
pub(crate) fn with_own_lifecycle<'r>(book: &Book<'_>, request: &'r Request) -> Cow<'r, Request> {
    let Some(own) = book.lifecycle().filter(|_| !request.policy.contains_key(LIFECYCLE)) else {
        return Cow::Borrowed(request);
    };
    if !find(&request.kpi).is_ok_and(|(kpi, _)| has_field(kpi, LIFECYCLE)) {
        return Cow::Borrowed(request);
    }
    let mut request = request.clone();
    let own = serde_json::to_value(LifecycleChoice::from(own)).unwrap_or_default();
    request.policy.insert(LIFECYCLE.to_owned(), own);
    Cow::Owned(request)
}

/// The book with the stages that a request needs; nothing if it needs none, or if none can be told.
pub(crate) fn with_stages<'a>(book: &Book<'a>, request: &Request) -> Result<Option<Book<'a>>> {
    if !needs_stages(book, request) {
        return Ok(None);
    }
    let request = with_own_lifecycle(book, request);
    let Some(lifecycle) = lifecycle_of(&request) else { return Ok(None) };
    let told = told_by(book, &lifecycle, &request)?;
    told.map(Some).ok_or_else(|| nothing_told(&lifecycle))
}

/// Rules were asked for, and there are none, or nothing that they could look at.
pub(crate) fn nothing_told(lifecycle: &Lifecycle) -> Error {
    let message = format!(
        "there is no table \"stages\" to ask, and the rules of lifecycle \"{}\" cannot tell any: they need the tables that they look \
         at, such as subscriptions",
        lifecycle.name()
    );
    Error::new(ErrorKind::MissingTable, message).in_table(STAGES)
}

/// The lifecycle of a request; nothing if it is wrong, which is told where the request is planned.
fn lifecycle_of(request: &Request) -> Option<Lifecycle> {
    let Some(chosen) = request.policy.get(LIFECYCLE) else { return Some(Lifecycle::subscription()) };
    serde_json::from_value::<LifecycleChoice>(chosen.clone()).ok()?.lifecycle().ok()
}

/// The book with the stages that the rules of a lifecycle tell; nothing if they cannot tell any.
pub(crate) fn told_by<'a>(
    book: &Book<'a>,
    lifecycle: &Lifecycle,
    request: &Request,
) -> Result<Option<Book<'a>>> {
    let zones = serde_json::to_string(&request.column_zones).unwrap_or_default();
    let name = format!("stages by rules, {zones}, {}", lifecycle.to_json());
    let told = book.recent(&name, || {
        let stages = InferredStages::of(book, lifecycle, &request.column_zones)?;
        Ok(stages.map(|stages| (Arc::new(stages), Indexes::default())))
    })?;
    Ok(told.as_ref().as_ref().map(|(stages, indexes)| book.with_inferred(stages, indexes)))
}
