//! Views: one entity's rows, assembled.
//!
//! A row view needs no assembling, see [`RowView`]. An entity view gathers the rows that belong together, in order
//! of time, and hands each entity to a measure as plain Rust.

mod activity;
mod by_entity;
mod coded;
mod conversation;
mod cutter;
mod distinct;
mod emails;
mod event_blocks;
mod event_rows;
mod goals;
mod journeys;
mod named_events;
mod objects;
mod of_people;
mod on_record;
mod people;
mod readings;
mod rows_of;
mod sequences;
mod sessions;
mod shelves;
mod side_faults;
mod signals;
mod touches;
mod tracks;

pub(crate) use activity::{
    Activity, DayCounts, Days, EVENTS, Grain, Kinds, NO_DAYS, Wanted, days, recorded_people,
};
pub(crate) use by_entity::{ByEntity, Entity, Member};
pub(crate) use coded::Numbers;
pub use conversation::Status;
#[cfg(test)]
pub(crate) use conversation::change_to;
pub(crate) use conversation::{
    Author, Change, Conversation, Conversations, Count, Initiated, Message, Need, Parts, Replies, Resolution,
    Roster, author_of,
};
pub(crate) use distinct::{Distinct, Occurrence, Values};
pub(crate) use emails::{Direction, Email, Emails, Reply, Side, domain_key};
pub(crate) use event_rows::DURATION;
pub use goals::GoalEvidence;
pub(crate) use goals::{ACCOUNTS_OF_GOALS, EachGoal, GOAL_INPUTS, Goal, GoalRow, Goals, Verdict};
pub(crate) use journeys::{JourneyRows, Journeys, KnownJourney, STAGES, ToldStages};
pub(crate) use named_events::{NamedEvent, NamedEvents};
pub(crate) use objects::{Object, Objects};
pub(crate) use on_record::{AccountRow, AccountRows, ON_RECORD};
pub use people::Identity;
pub(crate) use people::{NOBODY, People, Set, aliases};
pub(crate) use readings::EventReading;
pub(crate) use rows_of::{NOWHERE, RowsByKey};
pub(crate) use sequences::{Event, Events, REPEATED, Sequence, Sequences, Unusable, repeated};
pub(crate) use sessions::{ANY_GAP, Cut, End, Length, Per, Session, Sessions};
pub(crate) use side_faults::{faults_of_entitlements, faults_of_people};
pub(crate) use signals::InferredStages;
pub(crate) use touches::{
    Initiator, OfAccounts, Touch, TouchAt, TouchRow, TouchRows, TouchTable, TouchedAccount, TouchedAccounts,
    Touches, is_note, names_accounts,
};

use crate::book::Book;
use crate::compute::{Context, Gated, RowView};
use crate::error::Result;
use crate::outcome::Fault;

/// Assembles entities.
pub(crate) trait View: Send + Sync {
    type Entity<'e>;

    /// The unit table: its rows are what `units` lists and what groups are looked up for.
    fn rows(&self) -> &RowView;

    /// The column of the unit table whose rows belong together: how the data may be split.
    fn entity(&self) -> &'static str;

    /// Gives every entity that has a row asked for.
    fn each(&self, gated: &Gated<'_, '_>, tell: impl FnMut(&Self::Entity<'_>) -> Result<()>) -> Result<()>;

    /// The columns of the unit table that stand in for tables that a book lacks.
    fn stand_ins(&self, _book: &Book<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// Where entities are people, or of people: how those are told apart.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Whether it is asked who did something: then what is wrong with the tables of people is a fault here too.
    fn looks_at_people(&self) -> bool {
        self.identity().is_some()
    }

    /// The rows that stand for the units which some rows of the unit table belong to.
    fn unit_rows(&self, _context: &Context<'_>, rows: Vec<usize>) -> Result<Vec<usize>> {
        Ok(rows)
    }

    /// The rows of other tables that could not be assembled.
    fn faults(&self, _gated: &Gated<'_, '_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }
}
