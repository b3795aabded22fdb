//! # Share of users doing something
//!
//! **Question.** How many of all users did this?
//!
//! **Definition.** `100 * users on record with such an event in the last 30 local days / users on record`. On record is who is
//! in `users` and was created by the end of the period.
//!
//! **Example.** Ann, Bob, Cyd and Dan are on record; Ann and Dan sent invitations: 50 percent.
//!
//! **Edge cases.** Users without a date are always on record. Internal users and bots are left out, active or not. Who did it
//! without being on record does not count. Groups and `where` are those of the users. Nobody on record: undefined.
//!
//! **Merging and sources.** Two counts; all rows of a user go to one part. Vitally's success metrics show it by account.

use super::accounts::{of_units, place, refuse_clock};
use super::population::{Population, require_users};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Moment, Out, Pipeline, RowView, Sink, Stretch, Untimed, stretches};
use crate::error::{Error, Result};
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, Reason};
use crate::policy::{Names, Rolling, policy};
use crate::summary::{Counts, Trial};
use crate::view::{Activity, Distinct, EVENTS, Identity, NOBODY, People, Set, Values, Wanted};
use std::sync::Arc;

policy! {
    /// The choices of the share of users doing something.
    pub struct PercentUsersDoing {
        /// The names of the events. Required: which event it is about has no default.
        pub events: Option<Names> = None,
        /// In which time: the period, or as many local days up to its end.
        pub window: Rolling = Rolling::Days(30),
    }
    presets {}
}

static CARD: Card = Card {
    id: "percent_users_doing",
    name: "Share of users doing something",
    question: "How many of all users did this?",
    formula: "100 * users on record who did it / users on record",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "users",
    key: "user_id",
    inputs: &[
        "user_id",
        "created_at?",
        "internal?",
        "bot?",
        "events.occurred_at",
        "events.user_id",
        "events.name",
        "events.event_id?",
        "accounts.internal?",
        "identities.alias_id?",
        "identities.user_id?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &["internal", "bot"],
    revision: 1,
    sources: &["https://docs.vitally.io/account-health-scores-and-metrics/success-metrics"],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = PercentUsersDoing;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let Some(events) = choices.events.clone() else {
            return Err(Error::invalid(format!("\"{}\" needs events: the names of what users do", CARD.id)));
        };
        let users = Distinct { rows: USERS, column: "user_id" };
        let measure = Doing { events, window: choices.window };
        let share = Percent { interval: ProportionInterval::Wilson };
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::entities(users, measure, share)).ratio())
    }
}

/// The users on record. Whose internal they are is for the person to say, and not for the row.
const USERS: RowView = RowView { table: "users", time: &["created_at"], untimed: Untimed::Always, ..EVENTS };

struct Doing {
    events: Names,
    window: Rolling,
}

/// Who did it when.
struct Doers {
    people: Arc<People>,
    /// Those who did, by stretch of time.
    did: Vec<(Stretch, Set)>,
    /// The row of `users` that a person is counted for.
    rows: Vec<Option<usize>>,
}

impl EntityMeasure for Doing {
    type Value = Trial;
    type View = Distinct;
    type Side = Doers;

    fn inputs(&self) -> &[Input] {
        &[]
    }

    fn side(&self, context: &Context<'_>) -> Result<Doers> {
        refuse_clock(context, "users", CARD.id)?;
        let scope = of_units(context);
        let population = Population { events: Some(self.events.clone()), identity: Identity::User };
        let wanted = Wanted { by: Some(Vec::new()), ..population.wanted_in(self.window) };
        let activity = Activity::of(&Context { scope: &scope, ..*context }, &wanted, None)?;
        let stretches = stretches(context, self.window, activity.ends())?;
        let did = |stretch: Stretch| (stretch, activity.days(0).active(stretch.from, stretch.to));
        Ok(Doers {
            did: stretches.into_iter().map(did).collect(),
            rows: rows(context, &activity.people)?,
            people: Arc::clone(&activity.people),
        })
    }

    fn entity<E: Evidence>(
        &self,
        doers: &Doers,
        Values(users): &Values<'_>,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        _: &mut E,
    ) -> Result<()> {
        let context = out.gated.frame.context;
        for user in users {
            for occurrence in &user.occurrences {
                let person = doers.people.of_user(occurrence.row);
                let row = doers.rows.get(person as usize).copied().flatten();
                if !row.is_some_and(|row| is_same(context, row, user.key)) {
                    continue;
                }
                if let Moment::Bad(code, text) = occurrence.since {
                    let reason = Reason::new("created_at", code, text);
                    out.put(occurrence.row, None, Fate::Invalid(reason), Vec::new())?;
                    continue;
                }
                for (stretch, did) in &doers.did {
                    if doers.people.created(person).is_some_and(|created| created >= stretch.to) {
                        continue;
                    }
                    let fate = match doers.people.exclusion(person) {
                        Some(reason) => Fate::Excluded(reason),
                        None => Fate::Observed(Trial::from(did.contains(person))),
                    };
                    out.put(occurrence.row, place(context, stretch.at), fate, Vec::new())?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a row of `users` has this id.
fn is_same(context: &Context<'_>, row: usize, id: &Key) -> bool {
    let users = context.book.table("users");
    users.is_some_and(|users| {
        users.find("user_id").is_some_and(|column| Key::named(users.read(column, row)) == *id)
    })
}

/// The row that each person is counted for: of several ids of one person that of the person, else the first by id.
fn rows(context: &Context<'_>, people: &People) -> Result<Vec<Option<usize>>> {
    let (users, id) = require_users(context.book)?;
    let mut rows: Vec<Option<usize>> = vec![None; people.keys().len()];
    for row in 0..users.rows() {
        let person = people.of_user(row);
        let Some(slot) = rows.get_mut(person as usize).filter(|_| person != NOBODY) else { continue };
        let rank = |row: usize| {
            let key = Key::named(users.read(id, row));
            (people.keys().get(person as usize) != Some(&key), key)
        };
        if slot.is_none_or(|known| rank(row) < rank(known)) {
            *slot = Some(row);
        }
    }
    Ok(rows)
}
