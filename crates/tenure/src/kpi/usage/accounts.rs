//! Accounts as units: those on record in the table `accounts`, or without it those that events name.

use crate::book::Book;
use crate::compute::{Context, Ids, RowView, Untimed, check_ids};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::policy::Rolling;
use crate::request::Scope;
use crate::scope::Micros;
use crate::view::{Activity, EVENTS};
use hashbrown::HashMap;

/// The accounts of events.
pub(super) const OF_EVENTS: RowView =
    RowView { key: "account_id", time: &[], untimed: Untimed::Always, ..EVENTS };

/// Checks that events lead to accounts: by a column of their own, or through users.
pub(super) fn are_linked(book: &Book<'_>) -> Result<()> {
    let events = book.require("events")?;
    let through_users = events.find("user_id").is_some()
        && book.table("users").is_some_and(|users| users.find("account_id").is_some());
    if !through_users {
        events.require("account_id")?;
    }
    // What the events say themselves goes before what users say.
    let by_itself = events.find("account_id").map(|_| events);
    match (by_itself.or(book.table("users")), book.table("accounts")) {
        (Some(named), Some(accounts)) => check_ids(Ids(named, "account_id"), &[Ids(accounts, "account_id")]),
        _ => Ok(()),
    }
}

/// The scope of the events that belong to units of another table: `where` has chosen the units already.
pub(super) fn of_units(context: &Context<'_>) -> Scope {
    let mut scope = context.scope.clone();
    scope.filter.clear();
    scope
}

/// The scope of the events that are counted for accounts, where these can be counted.
pub(super) fn scope_of_accounts(context: &Context<'_>, kpi: &str) -> Result<Scope> {
    are_linked(context.book)?;
    let is_on_record = context.book.table("accounts").is_some();
    refuse_clock(context, if is_on_record { "accounts" } else { "events" }, kpi)?;
    Ok(if is_on_record { of_units(context) } else { context.scope.clone() })
}

/// The group of each account in an activity by account.
pub(super) fn groups_by_account(activity: &Activity) -> HashMap<Key, usize> {
    let account = |values: &Vec<Key>| values.first().cloned().unwrap_or(Key::Null);
    activity.groups().iter().map(account).zip(0..).collect()
}

/// Refuses groups by the hour or the weekday of something that is there all the time.
pub(super) fn refuse_clock(context: &Context<'_>, table: &str, kpi: &str) -> Result<()> {
    let found = context.book.table(table);
    let is_clock = |name: &&String| {
        matches!(name.as_str(), "weekday" | "hour") && found.is_none_or(|found| found.find(name).is_none())
    };
    match context.scope.by.iter().find(is_clock) {
        None => Ok(()),
        Some(name) => Err(Error::invalid(format!(
            "what \"{kpi}\" counts is there at every {name}: it has no groups by {name}"
        ))),
    }
}

/// Where a measurement for a period belongs; nowhere in time, if there are no periods.
pub(super) fn place(context: &Context<'_>, at: Micros) -> Option<Micros> {
    context.scope.calendar.map(|_| at)
}

/// How many local days a window has.
pub(super) fn length(context: &Context<'_>, window: Rolling, from: Micros, to: Micros) -> Result<u64> {
    Ok(match window {
        Rolling::Days(days) => u64::from(days),
        Rolling::Period => local_days(context, from, to)?,
    })
}

/// How many local days `[from, to)` touches.
pub(super) fn local_days(context: &Context<'_>, from: Micros, to: Micros) -> Result<u64> {
    if from >= to {
        return Ok(0);
    }
    let stretch = crate::compute::Stretch { at: from, from, to };
    Ok(crate::compute::intervals(context, crate::scope::Every::Day, &stretch)?.len() as u64)
}
