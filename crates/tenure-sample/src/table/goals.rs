//! `goals`: what accounts want to reach, and what became of it.

use super::Table;
use crate::column::{Field, Read};
use crate::goal::{Goal, goals};

pub(super) static TABLE: Table<Goal> = Table {
    name: "goals",
    columns: &[
        Field { name: "goal_id", read: Read::I64(|goal| Some(goal.id)) },
        Field { name: "account_id", read: Read::I64(|goal| Some(goal.account_id)) },
        Field { name: "weight", read: Read::I8(|goal| Some(goal.weight)) },
        Field { name: "metric", read: Read::Word(|goal| Some(goal.metric)) },
        Field { name: "baseline", read: Read::I64(|goal| Some(goal.baseline)) },
        Field { name: "target", read: Read::I64(|goal| goal.target) },
        Field { name: "experience", read: Read::I8(|goal| goal.experience) },
        Field { name: "created_at", read: Read::Time(|goal| Some(goal.created_at)) },
        Field { name: "due_at", read: Read::Time(|goal| Some(goal.due_at)) },
        Field { name: "closed_at", read: Read::Time(Goal::closed_at) },
        Field { name: "verified_at", read: Read::Time(|goal| goal.verified_at) },
        Field { name: "outcome", read: Read::Word(|goal| Some(goal.outcome())) },
    ],
    rows: goals,
};
