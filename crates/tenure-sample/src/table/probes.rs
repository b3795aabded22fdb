//! `probes`: checks of the services, for accounts and for nobody in particular.

use super::Table;
use crate::column::{Field, Read};
use crate::probe::{Probe, probes};

pub(super) static TABLE: Table<Probe> = Table {
    name: "probes",
    columns: &[
        Field { name: "service", read: Read::Word(|probe| Some(probe.service)) },
        Field { name: "kind", read: Read::Word(|_| Some("service")) },
        Field { name: "occurred_at", read: Read::Time(|probe| Some(probe.at)) },
        Field { name: "ok", read: Read::Bool(|probe| Some(probe.ok)) },
        Field { name: "latency_ms", read: Read::I32(|probe| probe.latency_ms) },
        Field { name: "account_id", read: Read::I64(|probe| probe.account_id) },
        Field { name: "maintenance", read: Read::Bool(|probe| Some(probe.maintenance)) },
    ],
    rows: probes,
};
