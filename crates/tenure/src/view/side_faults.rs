//! What is wrong with the tables beside the events: rows that say nothing, or what another row says otherwise.
//!
//! They change no number, as nothing leads to them; and just so nobody would notice.

use super::people::{Identity, merge};
use crate::book::Book;
use crate::compute::{Clock, Context, Ids, Moment, check_ids};
use crate::error::Result;
use crate::key::{Interner, Key};
use crate::measure::Reason;
use crate::outcome::Fault;
use crate::table::{LINKS, Table};
use hashbrown::HashMap;
use std::sync::Arc;

const ON_RECORD: Reason = Reason::new("user_id", "duplicate", "is on record in another row already");
const NO_ALIAS: Reason = Reason::new("alias_id", "no_alias", "names nobody");
const TWO_USERS: Reason = Reason::new("alias_id", "two_users", "is the other name of another user already");
const NO_FEATURE: Reason = Reason::new("feature", "no_feature", "names no feature");

/// Checks that the ids of people can be found in each other's tables.
pub(super) fn check_people(book: &Book<'_>) -> Result<()> {
    let ids = |table, column| book.table(table).map(|table| Ids(table, column));
    let [events, users, entitlements] =
        ["events", "users", "entitlements"].map(|table| ids(table, "user_id"));
    let [alias, user] = ["alias_id", "user_id"].map(|column| ids("identities", column));
    let check = |ids: Option<Ids<'_>>, known: &[Option<Ids<'_>>]| {
        let known: Vec<Ids<'_>> = known.iter().copied().flatten().collect();
        ids.map_or(Ok(()), |ids| check_ids(ids, &known))
    };
    if users.is_some() {
        check(events, &[users, alias])?;
    }
    if alias.is_some() {
        // Another name is one that somebody is called in any table: e-mail addresses are those of conversations.
        check(alias, &[&[events], called(book).as_slice()].concat())?;
        check(user, &[users.or(events), alias])?;
    }
    check(entitlements, &[users, events, alias, user])
}

/// The columns of tables beside `users` and `identities` that name a user.
fn called<'b>(book: &'b Book<'_>) -> Vec<Option<Ids<'b>>> {
    let tables = book.tables().filter(|name| !["users", "identities"].contains(name));
    let columns = LINKS.iter().filter(|(_, to, _)| *to == "users").map(|(column, ..)| *column);
    let of_table = |table: &'b Table<'b>| columns.clone().map(move |column| Some(Ids(table, column)));
    tables.filter_map(|name| book.table(name)).flat_map(of_table).collect()
}

/// The rows of `users` and `identities` that nothing leads to, found once for all requests.
pub(crate) fn faults_of_people(book: &Book<'_>) -> Result<Arc<Vec<Fault>>> {
    book.index("faults of people", || {
        let mut faults = Vec::new();
        if let Some(users) = book.table("users") {
            of_users(users, &mut faults)?;
        }
        if let Some(identities) = book.table("identities") {
            of_identities(identities, &mut faults)?;
        }
        Ok(faults)
    })
}

/// Of several rows of one user the first tells; unless they replace each other over time.
fn of_users(users: &Table<'_>, faults: &mut Vec<Fault>) -> Result<()> {
    let id = users.require("user_id")?;
    let has_versions = ["valid_from", "valid_to"].iter().any(|column| users.find(column).is_some());
    let order = users.order("");
    let mut first: HashMap<Key, usize> = HashMap::with_capacity(users.rows());
    for row in 0..users.rows() {
        let key = Key::named(users.read(id, row));
        if key == Key::Null {
            faults.push(Fault::of(users, row, Identity::User.nobody()));
        } else if !has_versions {
            let known = first.entry(key).or_insert(row);
            if *known != row {
                let is_before = order.compare(row, *known).is_lt();
                let unused = if is_before { std::mem::replace(known, row) } else { row };
                faults.push(Fault::of(users, unused, ON_RECORD));
            }
        }
    }
    Ok(())
}

/// Rows without a name, and those that make one name another user's too.
fn of_identities(identities: &Table<'_>, faults: &mut Vec<Fault>) -> Result<()> {
    let mut interner = Interner::default();
    let merged = merge(identities, &mut interner)?;
    let (alias, user) = (identities.require("alias_id")?, identities.require("user_id")?);
    for row in 0..identities.rows() {
        let [alias, user] = [alias, user].map(|column| identities.read(column, row));
        let mut person = |reading| merged.get(interner.code(reading) as usize).copied();
        if Key::named(alias) == Key::Null {
            faults.push(Fault::of(identities, row, NO_ALIAS));
        } else if Key::named(user) == Key::Null {
            faults.push(Fault::of(identities, row, Identity::User.nobody()));
        } else if person(alias) != person(user) {
            faults.push(Fault::of(identities, row, TWO_USERS));
        }
    }
    Ok(())
}

/// The rows of `entitlements` that grant nothing to anybody, or at a time that cannot be read.
pub(crate) fn faults_of_entitlements(context: &Context<'_>) -> Result<Vec<Fault>> {
    let table = context.book.require("entitlements")?;
    let feature = table.require("feature")?;
    let owners: Vec<usize> =
        ["user_id", "account_id"].into_iter().filter_map(|column| table.find(column)).collect();
    let nobody = Reason::new(
        if table.find("user_id").is_some() { "user_id" } else { "account_id" },
        "nobody",
        "names nobody who is granted anything",
    );
    let mut faults = Vec::new();
    let zone = context.scope.column_zone("entitlements", "since");
    Clock::of(table, "since", zone).each(table, |row, since| {
        let is_blank = |column: usize| Key::named(table.read(column, row)) == Key::Null;
        if Key::named(table.read(feature, row)).as_text().is_none() {
            faults.push(Fault::of(table, row, NO_FEATURE));
        } else if owners.iter().all(|owner| is_blank(*owner)) {
            faults.push(Fault::of(table, row, nobody));
        } else if let Moment::Bad(code, text) = since {
            faults.push(Fault::of(table, row, Reason::new("since", code, text)));
        }
    });
    Ok(faults)
}
