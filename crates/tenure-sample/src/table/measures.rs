//! `measures`: the health of accounts month by month, and how far their goals are.

use super::Table;
use crate::account::Account;
use crate::calendar::Instant;
use crate::column::{Field, Read};
use crate::company::World;
use crate::goal::goals;
use crate::health::{Reading, health};

pub(super) static TABLE: Table<Measure> = Table {
    name: "measures",
    columns: &[
        Field { name: "account_id", read: Read::I64(|it| Some(it.account_id)) },
        Field { name: "measure", read: Read::Word(|it| Some(it.name)) },
        Field { name: "occurred_at", read: Read::Time(|it| Some(it.at)) },
        Field { name: "value", read: Read::I64(|it| Some(it.value)) },
    ],
    rows: measures,
};

/// One value of something that is measured.
#[derive(Debug)]
pub(super) struct Measure {
    account_id: i64,
    name: &'static str,
    at: Instant,
    value: i64,
}

fn measures(world: &World, account: &Account) -> Vec<Measure> {
    let of = |name| move |Reading { at, value }: Reading| Measure { account_id: account.id, name, at, value };
    let mut measures: Vec<Measure> = health(world, account).into_iter().map(of("health")).collect();
    for goal in goals(world, account) {
        measures.extend(goal.readings.into_iter().map(of(goal.metric)));
    }
    measures.sort_by_key(|measure| measure.at);
    measures
}
