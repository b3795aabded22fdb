//! What all measures of e-mails have in common.

use super::stopwatch::Stopwatch;
use crate::catalog::Planned;
use crate::compute::{Context, Out, Pipeline, RowView, Sink, Untimed};
use crate::error::Result;
use crate::formula::Formula;
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::policy::choice;
use crate::scope::{Micros, format_instant};
use crate::summary::{Elapsed, Summary};
use crate::view::{Direction, Email, Emails, Reply, Side, domain_key};

choice! {
    /// Which e-mails count, by who is on the other side.
    pub enum EmailSide {
        /// All of them.
        All = "all",
        /// Those between people of the mailbox's own domain only.
        Internal = "internal",
        /// Those with anyone outside of it.
        External = "external",
    }
}

/// Which e-mails are units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Population {
    /// Nothing: both directions.
    pub(crate) direction: Option<Direction>,
    pub(crate) side: EmailSide,
}

/// A measure of e-mails that are units by their own rows: known at `as_of`, not automatic, each message once a mailbox.
pub(crate) trait EmailMeasure: Send + Sync {
    type Value: Value;
    /// What it needs of other tables, worked out once a request.
    type Side;

    fn population(&self) -> Population;

    fn side(&self, context: &Context<'_>) -> Result<Self::Side>;

    /// What becomes of one e-mail, and when it counts.
    fn email<E: Evidence>(
        &self,
        side: &Self::Side,
        email: &Email<'_>,
        at: Micros,
        why: &mut E,
    ) -> Result<(Micros, Fate<Self::Value>)>;
}

/// The columns of `by` that are known of every e-mail.
pub(crate) const ATTRIBUTES: &[&str] = &["direction", "side", "domain"];

/// The plan of a KPI of e-mails.
pub(crate) fn plan<M, S, F>(measure: M, formula: F) -> Planned
where
    M: EmailMeasure + 'static,
    S: Summary<M::Value>,
    F: Formula<S> + 'static,
{
    let rows = RowView {
        table: "emails",
        key: "message_id",
        time: &["occurred_at"],
        untimed: Untimed::Fault,
        kind: None,
        excluded: &["auto"],
        scale: None,
    };
    let view = Emails { rows, sides: measure.population().side != EmailSide::All };
    Planned::new(Pipeline::<_, _, S>::entities(view, Each(measure), formula))
}

/// Applies a measure to each e-mail that is a unit by its own row.
struct Each<M>(M);

const INPUTS: &[Input] = &[
    Input::required("message_id", InputKind::Any),
    Input::required("mailbox", InputKind::Text),
    Input::required("sender", InputKind::Text),
    Input::optional("in_reply_to", InputKind::Any),
];

const NO_MAILBOX: Reason = Reason::new("mailbox", "missing_mailbox", "is missing");
const NO_SENDER: Reason =
    Reason::new("sender", "missing_sender", "is missing, so that nobody knows which way the e-mail went");
const BEFORE_MESSAGE: Reason =
    Reason::new("occurred_at", "reply_before_message", "is later than the first reply");

impl Population {
    /// What an e-mail is by its own row.
    fn judge(self, email: &Email<'_>) -> Fate<()> {
        if !email.names_mailbox() {
            return Fate::Invalid(NO_MAILBOX);
        }
        let Some(direction) = email.direction else { return Fate::Invalid(NO_SENDER) };
        let is_of_side = match self.side {
            EmailSide::All => true,
            EmailSide::Internal => email.side() == Side::Internal,
            EmailSide::External => email.side() == Side::External,
        };
        let is_asked = self.direction.is_none_or(|asked| asked == direction) && is_of_side;
        // A further copy is the same unit over again.
        if is_asked && email.first_copy.is_none() { Fate::Observed(()) } else { Fate::NoUnit }
    }
}

impl<M: EmailMeasure> EntityMeasure for Each<M> {
    type Value = M::Value;
    type View = Emails;
    type Side = M::Side;

    fn inputs(&self) -> &[Input] {
        INPUTS
    }

    fn attributes(&self) -> &'static [&'static str] {
        ATTRIBUTES
    }

    fn side(&self, context: &Context<'_>) -> Result<M::Side> {
        self.0.side(context)
    }

    fn entity<E: Evidence>(
        &self,
        side: &M::Side,
        email: &Email<'_>,
        out: &mut Out<'_, '_, impl Sink<M::Value>>,
        why: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        note(email, why);
        let own = self.0.population().judge(email);
        let (at, fate) = match frame.judge(own, email.row, email.time)? {
            None => return Ok(()),
            Some((Some(at), Fate::Observed(()))) => {
                let (at, fate) = self.0.email(side, email, at, why)?;
                (Some(at), fate)
            }
            Some((at, Fate::Excluded(reason))) => (at, Fate::Excluded(reason)),
            Some((at, Fate::Invalid(reason))) => (at, Fate::Invalid(reason)),
            Some((at, _)) => (at, Fate::Missing),
        };
        out.attribute("direction", || email.direction.map_or(Key::Null, |found| found.name().into()));
        out.attribute("side", || email.side().name().into());
        out.attribute("domain", || domain_key(email.other_domain()));
        out.put(email.number, at, fate, Vec::new())
    }
}

/// Says which way an e-mail went, and which row counts instead of it.
fn note<E: Evidence>(email: &Email<'_>, why: &mut E) {
    if let Some(direction) = email.direction {
        why.note("direction", || {
            let said = match direction {
                Direction::Sent if email.is_of_mailbox_itself() => "sent: the sender is the mailbox",
                Direction::Sent => "sent: the sender is a colleague, who wrote to others than the mailbox",
                Direction::Received => "received: the sender is not the mailbox",
            };
            said.to_owned()
        });
    }
    if let Some(first) = email.first_copy {
        why.note("first copy", || format!("row {first} of emails, instead of this one"));
    }
}

/// The fate of the wait for an answer to an e-mail received at an instant.
pub(crate) fn wait<E: Evidence>(
    stopwatch: &Stopwatch,
    email: &Email<'_>,
    received: Micros,
    why: &mut E,
) -> Result<Fate<Elapsed>> {
    match email.reply {
        Some(Reply { at, row }) => {
            why.note("reply", || {
                let at = format_instant(at, chrono_tz::Tz::UTC);
                format!("row {row} of emails, at {at}: the first that the mailbox sent in answer")
            });
        }
        None => why.note("reply", || "none known that the mailbox sent in answer".to_owned()),
    }
    match email.reply {
        Some(reply) if reply.at < received => Ok(Fate::Invalid(BEFORE_MESSAGE)),
        reply => stopwatch.fate(email.schedule_id, received, reply.map(|reply| reply.at), why),
    }
}
