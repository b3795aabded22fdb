//! `incidents`: when services were down. The company's own, so all its rows come with the company's own account.

use super::Table;
use crate::column::{Field, Read};
use crate::incident::{Incident, incidents};

pub(super) static TABLE: Table<Incident> = Table {
    name: "incidents",
    columns: &[
        Field { name: "incident_id", read: Read::I64(|it| Some(it.id)) },
        Field { name: "service", read: Read::Word(|it| Some(it.service)) },
        Field { name: "planned", read: Read::Bool(|it| Some(it.planned)) },
        Field { name: "started_at", read: Read::Time(|it| Some(it.started_at)) },
        Field { name: "detected_at", read: Read::Time(|it| it.detected_at) },
        Field { name: "acknowledged_at", read: Read::Time(|it| it.acknowledged_at) },
        Field { name: "repair_started_at", read: Read::Time(|it| it.repair_started_at) },
        Field { name: "repaired_at", read: Read::Time(|it| it.repaired_at) },
        Field { name: "resolved_at", read: Read::Time(|it| it.resolved_at) },
    ],
    rows: |world, account| if account.internal { incidents(world) } else { Vec::new() },
};
