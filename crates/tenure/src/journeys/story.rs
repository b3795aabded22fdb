//! All that happened with one account, in order.

use super::Asked;
use crate::column::Reading;
use crate::compute::{Clock, Context, find_flag};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::kpi::lifecycle::choices::Chosen;
use crate::measure::flag;
use crate::policy::Names;
use crate::scope::Micros;
use crate::table::Table;
use crate::view::{self, GoalEvidence, Goals, STAGES, is_note};
use hashbrown::HashSet;

/// What is read beside the stages.
pub(super) const INPUTS: &[&str] = &[
    "goals.created_at?",
    "goals.closed_at?",
    "interactions.occurred_at?",
    "conversations.created_at?",
    "surveys.answered_at?",
    "transactions.occurred_at?",
];

/// The story of one account: stages, goals, touches, surveys, milestones and payments, in order of time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Story {
    /// The account.
    pub account_id: Key,
    /// The zone of the request.
    pub zone: String,
    /// What is known at this instant.
    pub as_of: Micros,
    /// The events, in order of time; those of one instant in the order in which [`StoryEvent::KINDS`] names them.
    pub rows: Vec<StoryEvent>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StoryEvent {
    /// When.
    pub at: Micros,
    /// What kind of thing: one of [`StoryEvent::KINDS`].
    pub kind: &'static str,
    /// Of an interaction: whether it was support, service or success, if that is known.
    pub label: Option<String>,
    /// The stage that the account was in then, or came to.
    pub stage: Option<String>,
    /// The stage and the reason, the channel, the answer, the name, the amount.
    pub text: Option<String>,
    /// The id in its table.
    pub id: Option<Key>,
}

impl StoryEvent {
    /// The kinds of events.
    pub const KINDS: [&'static str; 10] = [
        "stage",
        "pause",
        "resume",
        "goal_set",
        "goal_reached",
        "interaction",
        "conversation",
        "survey",
        "milestone",
        "payment",
    ];
}

pub(super) fn story(asked: &Asked<'_, '_>, account: &Key) -> Result<Story> {
    let mut telling =
        Telling { chosen: &asked.chosen, context: asked.context(), account, met: false, rows: Vec::new() };
    telling.stages()?;
    telling.goals()?;
    telling.touches()?;
    telling.surveys();
    if let Some(names) = &asked.choices.milestones {
        telling.milestones(names);
    }
    telling.payments();
    telling.met = telling.met || telling.is_on_record()?;
    telling.close()
}

struct Telling<'t> {
    chosen: &'t Chosen,
    context: Context<'t>,
    account: &'t Key,
    /// Whether any table knows the account.
    met: bool,
    rows: Vec<StoryEvent>,
}

/// A value in words.
fn words(reading: Reading<'_>) -> Option<String> {
    match Key::named(reading) {
        Key::Null => None,
        key => Some(key.to_string()),
    }
}

impl<'t> Telling<'t> {
    fn put(&mut self, at: Micros, kind: &'static str, text: Option<String>, id: Option<Key>) {
        if at <= self.context.scope.as_of {
            self.rows.push(StoryEvent { at, kind, label: None, stage: None, text, id });
        }
    }

    /// Gives the rows of a table that are the account's and have a time.
    fn each(
        &mut self,
        name: &str,
        time: &'static str,
        mut tell: impl FnMut(&mut Self, &'t Table<'t>, usize, Micros),
    ) {
        let book: &'t crate::book::Book<'t> = self.context.book;
        let Some(table) = book.table(name) else { return };
        let (Some(account), Some(_)) = (table.find("account_id"), table.find(time)) else { return };
        let clock = Clock::of(table, time, self.context.scope.column_zone(name, time));
        let mut found = Vec::new();
        clock.each(table, |row, at| {
            if Key::from(table.read(account, row).unless_blank()) == *self.account {
                found.push((row, at.at()));
            }
        });
        let as_of = self.context.scope.as_of;
        self.met |= found.iter().any(|(_, at)| at.is_none_or(|at| at <= as_of));
        for (row, at) in found {
            if let Some(at) = at {
                tell(self, table, row, at);
            }
        }
    }

    fn stages(&mut self) -> Result<()> {
        if self.context.book.table(STAGES.table).is_none() {
            return Ok(());
        }
        let chosen = self.chosen;
        let journeys = view::Journeys::of(&self.context, &chosen.lifecycle, chosen.refuses)?;
        let as_of = self.context.scope.as_of;
        let Some(journey) = journeys.find(self.account, as_of) else { return Ok(()) };
        self.met = true;
        let table = self.context.book.require(STAGES.table)?;
        let reason = table.find("reason");
        for stay in journey.spells() {
            let reason = reason.and_then(|column| words(table.read(column, stay.row() as usize)));
            let stage = journey.stage(&stay);
            let text = reason.map_or(stage.to_owned(), |reason| format!("{stage}: {reason}"));
            self.put(stay.entered(), "stage", Some(text), None);
            for (from, to) in stay.pauses(as_of) {
                self.put(from, "pause", None, None);
                if let Some(to) = to.filter(|to| Some(*to) != stay.left()) {
                    self.put(to, "resume", None, None);
                }
            }
        }
        Ok(())
    }

    fn goals(&mut self) -> Result<()> {
        let Some(table) = self.context.book.table("goals") else { return Ok(()) };
        let goals = Goals::of(&self.context)?;
        let as_of = self.context.scope.as_of;
        let id = table.require("goal_id")?;
        let usable = goals.of_account(self.account).filter(|goal| goal.wrong.is_none());
        for goal in usable.filter(|goal| goal.created <= as_of) {
            self.met = true;
            let id = Some(Key::named(table.read(id, goal.row)));
            let metric = goal.metric.as_text().map(str::to_owned);
            self.put(goal.created, "goal_set", metric.clone(), id.clone());
            if let Some(at) = goal.reached_at(as_of, GoalEvidence::Any) {
                self.put(at, "goal_reached", metric, id);
            }
        }
        Ok(())
    }

    /// Interactions, and conversations that no interaction names.
    fn touches(&mut self) -> Result<()> {
        let mut named = HashSet::new();
        if let Some(table) = self.context.book.table("interactions")
            && let Some(column) = table.find("conversation_id")
        {
            let as_of = self.context.scope.as_of;
            let zone = self.context.scope.column_zone("interactions", "occurred_at");
            let channel = table.find("channel");
            let is_note = |row| channel.is_some_and(|column| is_note(&Key::from(table.read(column, row))));
            Clock::of(table, "occurred_at", zone).each(table, |row, at| {
                if at.at().is_some_and(|at| at <= as_of) && !is_note(row) {
                    named.insert(Key::named(table.read(column, row)));
                }
            });
            // No id names no conversation.
            named.remove(&Key::Null);
        }
        self.each("interactions", "occurred_at", |telling, table, row, at| {
            let read = |name: &str| table.find(name).and_then(|column| words(table.read(column, row)));
            let id = table.find("interaction_id").map(|column| Key::named(table.read(column, row)));
            let before = telling.rows.len();
            telling.put(at, "interaction", read("channel"), id);
            if let Some(event) = telling.rows.get_mut(before) {
                event.label = read("label");
            }
        });
        let conversations = self.context.book.table("conversations");
        let mut flags = Vec::new();
        if let Some(table) = conversations {
            for name in ["spam", "deleted", "merged"] {
                flags.extend(find_flag(table, name)?);
            }
        }
        self.each("conversations", "created_at", |telling, table, row, at| {
            let id = table.find("conversation_id").map(|column| Key::named(table.read(column, row)));
            let counts = !flags.iter().any(|column| flag(table.read(*column, row)));
            if counts && id.as_ref().is_none_or(|id| !named.contains(id)) {
                let channel = table.find("channel").and_then(|column| words(table.read(column, row)));
                telling.put(at, "conversation", channel, id);
            }
        });
        Ok(())
    }

    fn surveys(&mut self) {
        self.each("surveys", "answered_at", |telling, table, row, at| {
            let read = |name: &str| table.find(name).and_then(|column| words(table.read(column, row)));
            let said = [read("kind"), read("score").or_else(|| read("label"))];
            let text = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let id = table.find("survey_id").map(|column| Key::named(table.read(column, row)));
            telling.put(at, "survey", Some(text), id);
        });
    }

    /// The first of each of these events.
    fn milestones(&mut self, names: &Names) {
        let mut first: Vec<(Micros, String)> = Vec::new();
        self.each("events", "occurred_at", |_, table, row, at| {
            let name = table.find("name").and_then(|column| words(table.read(column, row)));
            let Some(name) = name.filter(|name| names.has(name)) else { return };
            match first.iter_mut().find(|(_, known)| *known == name) {
                Some((known, _)) => *known = at.min(*known),
                None => first.push((at, name)),
            }
        });
        for (at, name) in first {
            self.put(at, "milestone", Some(name), None);
        }
    }

    fn payments(&mut self) {
        self.each("transactions", "occurred_at", |telling, table, row, at| {
            let read = |name: &str| table.find(name).and_then(|column| words(table.read(column, row)));
            let paid = [read("amount_minor").or_else(|| read("amount")), read("currency")];
            let text = paid.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let id = table.find("transaction_id").map(|column| Key::named(table.read(column, row)));
            telling.put(at, "payment", Some(text), id);
        });
    }

    fn is_on_record(&self) -> Result<bool> {
        let Some(table) = self.context.book.table("accounts") else { return Ok(false) };
        let (column, scope) = (table.require("account_id")?, self.context.scope);
        let mut is_known = false;
        let zone = scope.column_zone("accounts", "created_at");
        Clock::of(table, "created_at", zone).each(table, |row, created| {
            let exists = created.at().is_none_or(|created| created <= scope.as_of);
            is_known |= exists && Key::named(table.read(column, row)) == *self.account;
        });
        Ok(is_known)
    }

    /// Puts the events in order and tells the stage of each.
    fn close(mut self) -> Result<Story> {
        if !self.met {
            let message = format!("no table knows an account {}", self.account);
            return Err(Error::invalid(message).in_column("account_id"));
        }
        let rank = |kind: &str| StoryEvent::KINDS.iter().position(|known| *known == kind);
        self.rows.sort_by(|a, b| (a.at, rank(a.kind), &a.id).cmp(&(b.at, rank(b.kind), &b.id)));
        if self.context.book.table(STAGES.table).is_some() {
            let chosen = self.chosen;
            let journeys = view::Journeys::of(&self.context, &chosen.lifecycle, chosen.refuses)?;
            for event in &mut self.rows {
                let journey = journeys.find(self.account, event.at);
                let last = journey.and_then(|journey| Some((journey, journey.last()?)));
                event.stage = last.map(|(journey, stay)| journey.stage(&stay).to_owned());
            }
        }
        let scope = self.context.scope;
        Ok(Story {
            account_id: self.account.clone(),
            zone: scope.zone.name().to_owned(),
            as_of: scope.as_of,
            rows: self.rows,
        })
    }
}
