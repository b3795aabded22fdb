//! # Deflection rate, sessions
//!
//! **Question.** How often does the help centre answer before anyone has to?
//!
//! **Definition.** `100 * (sessions in the help centre after which the same user wrote no conversation within so many
//! hours) / sessions`, by the session's first view of an article; or the same of single views.
//!
//! **Example.** Of four sessions one is followed by a ticket a day later, to the second: 75 percent within 24 hours.
//!
//! **Edge cases.** The end of the window belongs to it. Sessions whose window has not elapsed are immature; those of nobody
//! that is known are left out. A conversation begun before the view says nothing, nor does one that is spam, deleted or
//! merged, or that the company began.
//!
//! **Merging and sources.** Counts; all views of a session go to one part, and every part has all conversations. Knowup
//! gives 24 to 48 hours; Helpshift counts views.

use super::contacts::Contacts;
use super::timing::hours;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Ids, Out, Pipeline, RowView, Sink, Untimed, check_ids};
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason};
use crate::policy::{choice, policy};
use crate::request::Scope;
use crate::scope::{Micros, format_instant};
use crate::summary::{Counts, Trial};
use crate::view::{ByEntity, Entity, Member};
use std::sync::Arc;

choice! {
    /// What is deflected.
    pub enum DeflectionOf {
        /// Sessions, by their first view.
        Sessions = "sessions",
        /// Views of articles.
        Views = "views",
    }
}

policy! {
    /// The choices of the deflection rate of sessions.
    pub struct DeflectionRateSessions {
        /// What is deflected. By default sessions: several views are one try.
        pub definition: DeflectionOf = DeflectionOf::Sessions,
        /// Within how many hours a conversation is taken to be about the same problem. By default a day.
        pub hours: i64 = 24,
    }
    presets {
        /// Views that no issue follows. https://support.helpshift.com/kb/article/how-do-i-read-my-monthly-usage-report/
        Helpshift { definition: DeflectionOf::Views }
    }
}

static CARD: Card = Card {
    id: "deflection_rate_sessions",
    name: "Deflection rate, sessions",
    question: "How often does the help centre answer before anyone has to?",
    formula: "100 * sessions without a conversation of the same user within the hours / sessions",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Service,
    table: "articles",
    key: "session_id",
    inputs: &[
        "occurred_at",
        "kind?",
        "user_id",
        "session_id",
        "conversations.created_at",
        "conversations.conversation_id",
        "conversations.requester_id",
        "conversations.initiated_by?",
        "conversations.spam?",
        "conversations.deleted?",
        "conversations.merged?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://knowup.io/en/glossary/support-deflection-rate",
        "https://support.helpshift.com/kb/article/how-do-i-read-my-monthly-usage-report/",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = DeflectionRateSessions;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        hours("hours", choices.hours)?;
        let rows = RowView {
            table: "articles",
            key: "session_id",
            time: &["occurred_at"],
            untimed: Untimed::Fault,
            kind: Some("viewed"),
            excluded: &[],
            scale: None,
        };
        let entity = match choices.definition {
            DeflectionOf::Sessions => "session_id",
            // Views need no sessions.
            DeflectionOf::Views => "user_id",
        };
        let view = ByEntity { rows, entity, in_time: true, closed_at: None };
        let formula = Percent { interval: ProportionInterval::Wilson };
        Ok(Planned::new(Pipeline::<_, _, Counts<2>>::entities(view, choices.clone(), formula)).ratio())
    }
}

const NO_USER: Reason =
    Reason::new("user_id", "no_user", "is missing, so nobody's conversations can be looked for");
const USER: &[Input] = &[Input::required("user_id", InputKind::Any)];

impl EntityMeasure for Choices {
    type Value = Trial;
    type View = ByEntity;
    type Side = (Arc<Contacts>, Micros);

    fn inputs(&self) -> &[Input] {
        USER
    }

    fn side(&self, context: &Context<'_>) -> Result<(Arc<Contacts>, Micros)> {
        let [views, conversations] =
            [context.book.require("articles")?, context.book.require("conversations")?];
        check_ids(Ids(views, "user_id"), &[Ids(conversations, "requester_id")])?;
        Ok((Contacts::of(context, false)?, hours("hours", self.hours)?))
    }

    fn entity<E: Evidence>(
        &self,
        side: &(Arc<Contacts>, Micros),
        entity: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        let mut views = Vec::with_capacity(entity.rows.len());
        for view in &entity.rows {
            // By itself a view is a fault only if it has no time.
            match frame.judge(Fate::Observed(Trial::Success), &view.row, view.time)? {
                Some((Some(at), Fate::Observed(_))) => views.push((view, at)),
                Some((at, fate)) => out.put(view.number, at, fate, Vec::new())?,
                None => {}
            }
        }
        let user = |view: &Member<'_>| match Key::named(view.row.read(0)) {
            Key::Null => None,
            user => Some(user),
        };
        let scope = frame.context.scope;
        match self.definition {
            DeflectionOf::Views => {
                for (view, at) in views {
                    let fate = fate(side, user(view), at, scope, why);
                    out.put(view.number, Some(at), fate, Vec::new())?;
                }
                Ok(())
            }
            DeflectionOf::Sessions => {
                let Some((first, at)) = views.first() else { return Ok(()) };
                // Whoever logs in during a session was there from the start.
                let user = views.iter().find_map(|(view, _)| user(view));
                let fate = fate(side, user, *at, scope, why);
                out.put(first.number, Some(*at), fate, Vec::new())
            }
        }
    }
}

/// What becomes of what a user did at an instant.
fn fate<E: Evidence>(
    (contacts, within): &(Arc<Contacts>, Micros),
    user: Option<Key>,
    at: Micros,
    scope: &Scope,
    why: &mut E,
) -> Fate<Trial> {
    let Some(user) = user else { return Fate::Excluded(NO_USER) };
    let until = at + within;
    why.note("window", || {
        format!("from {} to {}", format_instant(at, scope.zone), format_instant(until, scope.zone))
    });
    if until > scope.as_of {
        return Fate::Immature;
    }
    let found = contacts.within(user.clone(), (at, until));
    why.note("conversation", || match found {
        Some((at, row)) => format!("row {row} of conversations, at {}", format_instant(at, scope.zone)),
        None => format!("none by {user}"),
    });
    Fate::Observed(found.is_none().into())
}
