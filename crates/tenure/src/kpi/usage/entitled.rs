//! Who may use which feature, and from when on: the table `entitlements`, which grants to users or to accounts.

use crate::book::Book;
use crate::compute::{Clock, Context, Ids, check_ids};
use crate::error::Result;
use crate::key::Key;
use crate::policy::Names;
use crate::scope::Micros;
use crate::view::{NOBODY, People, Set};
use hashbrown::HashMap;

/// The people who may use features; what was granted without a date was granted always.
pub(super) struct Entitled {
    by_feature: HashMap<String, Vec<(u32, Micros)>>,
}

impl Entitled {
    /// Looks up who counts among those granted something.
    pub(super) fn of(context: &Context<'_>, people: &People) -> Result<Self> {
        let table = context.book.require("entitlements")?;
        let feature = table.require("feature")?;
        let account = table.require_unless("user_id", "account_id")?;
        check_accounts(context.book)?;
        let of_account = match account {
            Some(_) => people_by_account(context, people),
            None => HashMap::new(),
        };
        let mut by_feature: HashMap<String, Vec<(u32, Micros)>> = HashMap::new();
        let zone = context.scope.column_zone("entitlements", "since");
        Clock::of(table, "since", zone).each(table, |row, time| {
            let Key::Text(feature) = Key::named(table.read(feature, row)) else { return };
            let since = time.at().unwrap_or(Micros::MIN);
            let granted = by_feature.entry(feature).or_default();
            // Nobody has anything before being there.
            let grant = |person: u32| (person, people.created(person).map_or(since, |at| at.max(since)));
            let person = people.of_entitlement(row);
            if person != NOBODY {
                granted.push(grant(person));
            } else if let Some(account) = account {
                let all = of_account.get(&Key::named(table.read(account, row)));
                granted.extend(all.into_iter().flatten().map(|person| grant(*person)));
            }
        });
        for granted in by_feature.values_mut() {
            // Each person once, since the first grant; in order, so that sets are soon made of them.
            granted.sort_unstable();
            granted.dedup_by_key(|(person, _)| *person);
            granted.retain(|(person, _)| people.exclusion(*person).is_none());
        }
        Ok(Self { by_feature })
    }

    /// Those who may use any of some features before an instant.
    pub(super) fn before(&self, features: &Names, at: Micros) -> Set {
        let granted = features.as_slice().iter().filter_map(|feature| self.by_feature.get(feature));
        granted.flatten().filter(|(_, since)| *since < at).map(|(person, _)| *person).collect()
    }
}

/// Checks that accounts which something is granted to can be those of users.
pub(super) fn check_accounts(book: &Book<'_>) -> Result<()> {
    let [granted, users] =
        ["entitlements", "users"].map(|table| book.table(table).map(|table| Ids(table, "account_id")));
    granted.zip(users).map_or(Ok(()), |(granted, users)| check_ids(granted, &[users]))
}

/// The people on record of each account.
fn people_by_account(context: &Context<'_>, people: &People) -> HashMap<Key, Vec<u32>> {
    let mut of_account: HashMap<Key, Vec<u32>> = HashMap::new();
    let users = context.book.table("users").and_then(|users| Some((users, users.find("account_id")?)));
    if let Some((users, account)) = users {
        for row in 0..users.rows() {
            let (person, account) = (people.of_user(row), Key::named(users.read(account, row)));
            if person != NOBODY && account != Key::Null {
                of_account.entry(account).or_default().push(person);
            }
        }
    }
    of_account
}
