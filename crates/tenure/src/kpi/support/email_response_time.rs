//! # E-mail response time
//!
//! **Question.** How long does an e-mail wait for its answer?
//!
//! **Definition.** From when a mailbox received a message to the first answer that the same mailbox sent, in seconds: the
//! mean, the median or any percentile of it over messages. An answer names the message in `in_reply_to` or, where that is
//! empty, as the last of `references`. With the business clock only open hours count: of the mailbox's own schedule, else
//! of that of the policy.
//!
//! **Example.** Work hours from 8 to 17. Received at 7:00 and answered at 8:05: 300 seconds. 16:00 to 18:27: 3600. 18:00 to
//! 18:27: no work time at all, left out with `off_hours: exclude`; 1620 seconds on the calendar.
//!
//! **Edge cases.** Never answered: missing, and with `open: kaplan_meier` it lasts at least until `as_of`. Second answers,
//! automatic ones and those of other mailboxes change nothing. Automatic mail is left out; further copies of a message
//! are no units. An answer from before the message is invalid.
//!
//! **Merging and sources.** The durations themselves, a multiset; all of a mailbox goes to one part. Vendors differ on
//! answers out of hours (D01): `EmailAnalytics` leaves them out, Email Meter counts 0. Both drop the unanswered from the
//! mean: look at the share replied within beside it.

use super::of_email::{ATTRIBUTES, EmailMeasure, Population, plan, wait};
use super::stopwatch::Stopwatch;
use super::timing::duration_policy;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Context;
use crate::error::Result;
use crate::formula::Spread;
use crate::kpi::support::{Clock, EmailSide, OffHours};
use crate::measure::{Evidence, Fate};
use crate::policy::choice;
use crate::scope::Micros;
use crate::summary::{Durations, Elapsed};
use crate::view::{Direction, Email};

choice! {
    /// In which period a response counts.
    pub enum EmailAttribution {
        /// That in which the message was received.
        Received = "received",
        /// That in which it was answered; unanswered ones count when they were received.
        Replied = "replied",
    }
}

duration_policy! {
    /// The choices of the e-mail response time.
    pub struct EmailResponseTime {
        /// Whose messages count. By default anyone's.
        pub side: EmailSide = EmailSide::All,
        /// In which period a response counts. By default that of the answer: what was answered in a month is that month's work.
        pub attribution: EmailAttribution = EmailAttribution::Replied,
    }
    presets {
        /// Work hours; what was answered out of them is left out. https://emailanalytics.com/knowledge-base/how-does-emailanalytics-calculate-average-response-time
        EmailAnalytics { clock: Clock::Business, off_hours: OffHours::Exclude }
    }
}

static CARD: Card = Card {
    id: "email_response_time",
    name: "E-mail response time",
    question: "How long does an e-mail wait for its answer?",
    formula: "first answer of the mailbox - received; mean, median or percentile over messages",
    unit: "seconds",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Support,
    table: "emails",
    key: "message_id",
    inputs: super::EMAIL_INPUTS,
    dimensions: &["statistic"],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[
        ("email_response_actual", r#"{"clock": "calendar"}"#),
        ("email_response_work_hours", r#"{"clock": "business", "off_hours": "exclude"}"#),
    ],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://emailanalytics.com/knowledge-base/how-does-emailanalytics-calculate-average-response-time",
        "https://help.emailmeter.com/en/article/how-to-set-up-business-hours-12sjisc/",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = EmailResponseTime;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let timing = choices.timing();
        let is_many = timing.statistic.is_many();
        let planned = plan::<_, Durations, _>(choices.clone(), Spread::from(timing));
        Ok(planned.dimensions_if(is_many, CARD.dimensions))
    }
}

impl EmailMeasure for Choices {
    type Value = Elapsed;
    type Side = Stopwatch;

    fn population(&self) -> Population {
        Population { direction: Some(Direction::Received), side: self.side }
    }

    fn side(&self, context: &Context<'_>) -> Result<Stopwatch> {
        Stopwatch::of(context, &self.timing())
    }

    fn email<E: Evidence>(
        &self,
        stopwatch: &Stopwatch,
        email: &Email<'_>,
        received: Micros,
        why: &mut E,
    ) -> Result<(Micros, Fate<Elapsed>)> {
        let fate = wait(stopwatch, email, received, why)?;
        let at = match (self.attribution, email.reply) {
            (EmailAttribution::Replied, Some(reply)) => reply.at,
            _ => received,
        };
        Ok((at, fate))
    }
}
