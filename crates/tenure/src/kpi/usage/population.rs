//! Whose events count: the choices that every KPI of people has.

use crate::book::Book;
use crate::error::{Error, Result};
use crate::key::Key;
use crate::policy::{Names, Rolling};
use crate::table::Table;
use crate::view::{Grain, Identity, Kinds, Wanted};

/// Which events count, and who is one person.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Population {
    pub(crate) events: Option<Names>,
    pub(crate) identity: Identity,
}

impl Population {
    /// The activity of these people, by days or by periods.
    pub(crate) fn wanted(&self, grain: Grain) -> Wanted {
        self.of_kinds(vec![self.events.clone()], grain)
    }

    /// The same, as finely as it takes to count it in a window.
    pub(crate) fn wanted_in(&self, window: Rolling) -> Wanted {
        self.wanted(grain(window))
    }

    /// The activity of these people, in several choices of events.
    pub(crate) fn of_kinds(&self, kinds: Vec<Option<Names>>, grain: Grain) -> Wanted {
        let kinds = Kinds::Chosen(kinds);
        Wanted { identity: self.identity, kinds, grain, by: None, recorded: false, counted: false, times: 1 }
    }

    /// Whether events of this name count.
    pub(crate) fn counts(&self, name: &Key) -> bool {
        name.as_text().is_some_and(|name| self.events.as_ref().is_none_or(|events| events.has(name)))
    }
}

/// How finely activity has to be known to be counted in a window.
pub(crate) fn grain(window: Rolling) -> Grain {
    if window == Rolling::Period { Grain::Period } else { Grain::Day }
}

/// The users on record, and the column that tells who they are; an error if the book does not know them.
pub(crate) fn require_users<'b>(book: &'b Book<'_>) -> Result<(&'b Table<'b>, usize)> {
    let users = book.require("users")?;
    Ok((users, users.require("user_id")?))
}

/// Checks that those counted as one are those on record, where a choice compares the two.
pub(crate) fn on_record(identity: Identity, choice: &str) -> Result<()> {
    if identity == Identity::User {
        return Ok(());
    }
    let message = format!("\"{choice}\" is about users on record: identity has to be user");
    Err(Error::invalid(message))
}

/// The policy of a KPI of people: its own fields, and those that all of them share.
macro_rules! usage_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
        presets { $($presets:tt)* }
    ) => {
        $crate::policy::policy! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// The names of the events that count; null: all. Somebody who only receives mail is not active.
                pub events: Option<$crate::policy::Names> = None,
                /// Who is one person. By default a user.
                pub identity: $crate::view::Identity = $crate::view::Identity::User,
            }
            presets { $($presets)* }
        }

        impl Choices {
            pub(crate) fn population(&self) -> $crate::kpi::usage::population::Population {
                $crate::kpi::usage::population::Population {
                    events: self.events.clone(),
                    identity: self.identity,
                }
            }
        }
    };
}
pub(crate) use usage_policy;
