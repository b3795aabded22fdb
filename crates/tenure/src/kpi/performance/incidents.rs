//! Incidents: when a service was not there.

use crate::catalog::Planned;
use crate::compute::{Context, Moment, Out, Pipeline, Row, RowView, Sink, Untimed};
use crate::error::Result;
use crate::formula::Formula;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, flag};
use crate::policy::choice;
use crate::scope::{Micros, format_instant};
use crate::summary::{Outage, OutagePart, Outages};
use crate::view::{ByEntity, Entity, Member};

choice! {
    /// What maintenance is.
    pub enum Maintenance {
        /// Not looked at: neither an outage nor time without service.
        Excluded = "excluded",
        /// An outage like any other.
        Counts = "counts",
        /// No time in which there was to be service: what else happens then is no outage either.
        ExcludedFromTime = "excluded_from_time",
    }
}

choice! {
    /// When an outage is over.
    pub enum OutageEnd {
        /// When the service was repaired; where that is not recorded, when the incident was resolved.
        Repaired = "repaired",
        /// When the incident was resolved.
        Resolved = "resolved",
    }
}

/// Incidents, by when they started. What `excluded` marks is left out.
pub(crate) fn incidents(excluded: &'static [&'static str]) -> RowView {
    RowView {
        table: "incidents",
        key: "incident_id",
        time: &["started_at"],
        untimed: Untimed::Fault,
        kind: None,
        excluded,
        scale: None,
    }
}

const PLANNED: Input = Input::optional("planned", InputKind::Flag);
/// When service was back, by either of two columns.
pub(crate) const REPAIRED_OR_RESOLVED: Input =
    Input::required_unless("resolved_at", "repaired_at", InputKind::Time);
pub(crate) const RESOLVED: Input = Input::required("resolved_at", InputKind::Time);
pub(crate) const RESOLVED_IF_KNOWN: Input = Input::optional("resolved_at", InputKind::Time);

const IS_PLANNED: Reason = Reason::new("planned", "planned", "says that the incident is maintenance");

/// Something that ends before it began.
pub(crate) const fn before_start(column: &'static str) -> Reason {
    Reason::new(column, "before_start", "is before the start of what it ends")
}

/// The instant in a column as it is known at `as_of`.
pub(crate) fn known(row: &Row<'_>, input: usize, column: &'static str) -> Result<Option<Micros>, Reason> {
    match row.known(input) {
        Moment::Absent => Ok(None),
        moment => moment.placed(column).map(Some),
    }
}

/// When service was back, and the column that says so: repaired, else resolved.
pub(crate) fn restored(
    row: &Row<'_>,
    [repaired, resolved]: [usize; 2],
) -> Result<Option<(Micros, &'static str)>, Reason> {
    for (input, column) in [(repaired, "repaired_at"), (resolved, "resolved_at")] {
        if let Some(at) = known(row, input, column)? {
            return Ok(Some((at, column)));
        }
    }
    Ok(None)
}

/// The plan of a KPI of outages over time.
pub(crate) fn outages(measure: Downtime, formula: impl Formula<Outages> + 'static) -> Planned {
    let view = ByEntity { rows: incidents(&[]), entity: "incident_id", in_time: true, closed_at: None };
    Planned::new(Pipeline::<_, _, Outages>::entities(view, measure, formula)).measures_time()
}

/// When there was no service, in each period.
pub(crate) struct Downtime {
    pub(crate) end: OutageEnd,
    pub(crate) maintenance: Maintenance,
}

impl EntityMeasure for Downtime {
    type Value = Outage;
    type View = ByEntity;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        match self.end {
            OutageEnd::Repaired => const { &[PLANNED, REPAIRED_OR_RESOLVED, RESOLVED_IF_KNOWN] },
            OutageEnd::Resolved => const { &[PLANNED, RESOLVED] },
        }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        incident: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Outage>>,
        why: &mut E,
    ) -> Result<()> {
        incident.rows.iter().try_for_each(|member| self.incident(member, out, why))
    }
}

impl Downtime {
    /// Puts the incident of a row.
    fn incident<E: Evidence>(
        &self,
        Member { number, row, time }: &Member<'_>,
        out: &mut Out<'_, '_, impl Sink<Outage>>,
        why: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        let (end, own) = match self.end(row) {
            Ok(Some((end, column))) if time.at().is_some_and(|from| end < from) => {
                (None, Fate::Invalid(before_start(column)))
            }
            Ok(end) => (end.map(|(end, _)| end), Fate::Observed(())),
            Err(reason) => (None, Fate::Invalid(reason)),
        };
        let from = match frame.judge(own, row, *time)? {
            Some((at, Fate::Invalid(reason))) => {
                return out.put(*number, at, Fate::Invalid(reason), Vec::new());
            }
            Some((Some(from), _)) => from,
            _ => return Ok(()),
        };
        let to = end.unwrap_or(row.as_of());
        why.note("outage", || {
            let until = end.map_or("as_of".to_owned(), |end| format_instant(end, frame.context.scope.zone));
            format!("from {} to {until}", format_instant(from, frame.context.scope.zone))
        });
        let is_planned = flag(row.read(0));
        // From its first incident on a service is known, also in periods without any.
        out.known(*number, from)?;
        out.across(*number, (from, to), |(start, stop)| {
            let part = match self.maintenance {
                Maintenance::Excluded if is_planned => return Fate::Excluded(IS_PLANNED),
                Maintenance::ExcludedFromTime if is_planned => OutagePart::Planned,
                _ if start == from => OutagePart::Failure,
                _ => OutagePart::Continued,
            };
            let outage = Outage { part, from: start, to: stop };
            if end.is_none() && stop == to { Fate::Censored(outage) } else { Fate::Observed(outage) }
        })
    }

    /// When an incident was over, and the column that says so.
    fn end(&self, row: &Row<'_>) -> Result<Option<(Micros, &'static str)>, Reason> {
        match self.end {
            OutageEnd::Repaired => restored(row, [1, 2]),
            OutageEnd::Resolved => Ok(known(row, 1, "resolved_at")?.map(|at| (at, "resolved_at"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, ErrorKind, Every, Key, Request, Splits, Table, explain};

    fn book() -> Book<'static> {
        let mut book = Book::new();
        let incidents = Table::new("incidents")
            .column("incident_id", [7_i64, 8])
            .column("started_at", ["2026-01-05T10:00:00Z", "0001-01-01T00:00:00Z"])
            .column("resolved_at", [Some("2026-01-05T12:00:00Z"), None]);
        book.add(incidents).unwrap();
        book
    }

    #[test]
    fn a_trace_tells_how_long_an_outage_was() {
        let request = Request::new("uptime").start("2026-01-05").as_of("2026-01-06");
        let story = |id: i64| {
            let traces = book().trace(&request, "incident_id", &Key::from(id)).unwrap();
            let notes = traces.into_iter().flat_map(|trace| trace.notes);
            notes.filter(|note| note.what == "outage").map(|note| note.found).collect::<Vec<_>>()
        };
        assert_eq!(story(7), ["from 2026-01-05T10:00:00+00:00 to 2026-01-05T12:00:00+00:00"]);
        assert_eq!(story(8), ["from 0001-01-01T00:00:00+00:00 to as_of"]);
    }

    #[test]
    fn more_periods_than_rows_are_refused_before_they_are_made() {
        let request = Request::new("mtbf").every(Every::Hour).max_rows(1000).as_of("2026-01-06");
        assert_eq!(book().compute(&request).unwrap_err().kind(), ErrorKind::LimitExceeded);
        assert!(book().compute(&request.start("2026-01-01")).is_ok());
    }

    #[test]
    fn rows_of_an_incident_stay_together() {
        let splits = |kpi| explain(kpi).unwrap().splits;
        assert_eq!(splits("uptime"), Splits::Entity("incident_id"));
        assert_eq!([splits("mttr_resolve"), splits("apdex")], [Splits::Rows; 2]);
    }

    #[test]
    fn faults_of_incidents_are_found_without_periods() {
        let mut book = Book::new();
        let incidents = Table::new("incidents")
            .column("incident_id", [7_i64])
            .column("started_at", ["2026-01-05T10:00:00Z"])
            .column("resolved_at", ["2026-01-04T12:00:00Z"]);
        book.add(incidents).unwrap();
        let faults = book.all_faults().unwrap();
        assert_eq!(faults.iter().map(|fault| fault.reason).collect::<Vec<_>>(), ["before_start"]);
    }
}
