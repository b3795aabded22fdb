//! `onboarding`: the first steps of accounts, one row a step whether it was taken or not.

use super::Table;
use crate::column::{Field, Read};
use crate::onboarding::{Step, onboarding};

pub(super) static TABLE: Table<Step> = Table {
    name: "onboarding",
    columns: &[
        Field { name: "account_id", read: Read::I64(|step| Some(step.account_id)) },
        Field { name: "step", read: Read::Word(|step| Some(step.name)) },
        Field { name: "required", read: Read::Bool(|step| Some(step.required)) },
        Field { name: "started_at", read: Read::Time(|step| step.started_at) },
        Field { name: "completed_at", read: Read::Time(|step| step.completed_at) },
    ],
    rows: onboarding,
};
