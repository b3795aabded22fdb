//! `events`: what users did in the product.

use super::Table;
use crate::column::{Field, Read};
use crate::visit::{Event, events};

pub(super) static TABLE: Table<Event> = Table {
    name: "events",
    columns: &[
        Field { name: "event_id", read: Read::I64(|event| Some(event.id)) },
        Field { name: "user_id", read: Read::I64(|event| event.alias_id.or(event.user_id)) },
        Field { name: "account_id", read: Read::I64(|event| Some(event.account_id)) },
        Field { name: "occurred_at", read: Read::Time(|event| Some(event.at)) },
        Field { name: "name", read: Read::Word(|event| Some(event.name)) },
        Field { name: "seq", read: Read::I16(|event| Some(event.seq)) },
        Field { name: "session_id", read: Read::I64(|event| Some(event.session_id)) },
        Field { name: "device_id", read: Read::I64(|event| Some(event.device_id)) },
        Field { name: "duration_seconds", read: Read::I32(|event| i32::try_from(event.seconds).ok()) },
        Field { name: "object_id", read: Read::I64(|event| event.object_id) },
        Field { name: "value", read: Read::I64(|event| event.value) },
    ],
    rows: events,
};
