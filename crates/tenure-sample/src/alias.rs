//! What users see before they sign in: the first visits of some begin under another id.

use std::collections::BTreeMap;

use crate::account::Account;
use crate::calendar::{Instant, SECOND};
use crate::company::World;
use crate::person::people;
use crate::random::{Purpose, Random};
use crate::visit::Event;

/// A user who has another id, too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alias {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    created_at: Instant,
    /// How many of the user's visits begin under it.
    visits: i64,
}

/// How many users have one, in thousandths.
const ALIASED_PER_MILLE: i64 = 100;
/// Added to a user's id to make another one, larger than any user's.
const OTHER_ID: i64 = 1_000_000_000_000;
/// The events under it are numbered from here on, after all others of an account.
const FIRST_EVENT: i64 = 90_000_000;
const EVENT: &str = "page_viewed";

/// The other ids of an account's users.
pub(crate) fn aliases(world: &World, account: &Account) -> Vec<Alias> {
    drawn(world, account, &mut world.random(account.index, Purpose::Aliases))
}

fn drawn(world: &World, account: &Account, random: &mut Random) -> Vec<Alias> {
    let mut aliases = Vec::new();
    for person in people(world, account) {
        let visits = random.between(1, 3);
        if random.chance(ALIASED_PER_MILLE) && !person.bot && !person.internal {
            let (id, created_at) = (OTHER_ID + person.id, person.created_at);
            aliases.push(Alias { id, user_id: person.id, created_at, visits });
        }
    }
    aliases
}

/// Puts the pages in front of the sign-ins.
pub(crate) fn before_sign_in(world: &World, account: &Account, events: Vec<Event>) -> Vec<Event> {
    let mut random = world.random(account.index, Purpose::Aliases);
    let mut aliases: BTreeMap<i64, Alias> =
        drawn(world, account, &mut random).into_iter().map(|alias| (alias.user_id, alias)).collect();
    let mut told = Vec::with_capacity(events.len());
    let mut id = account.id * 100_000_000 + FIRST_EVENT;
    for event in events {
        let alias = event.user_id.and_then(|user| aliases.get_mut(&user));
        let signs_in = event.name == "login" && event.dirt.is_none();
        if let Some(alias) = alias.filter(|alias| signs_in && alias.visits > 0) {
            let seconds = random.between(20, 240);
            let at = event.at - seconds * SECOND;
            if at >= alias.created_at {
                alias.visits -= 1;
                id += 1;
                let alias_id = Some(alias.id);
                told.push(Event { id, alias_id, at, name: EVENT, seq: 0, seconds, ..event.clone() });
            }
        }
        told.push(event);
    }
    told
}
