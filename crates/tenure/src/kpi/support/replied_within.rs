//! # Share replied within
//!
//! **Question.** Which share of e-mails is answered in good time?
//!
//! **Definition.** `100 * answered within the hours / received`, in percent, over messages old enough to tell, by when
//! they were received. Answers are those of the e-mail response time; exactly at the end of the hours is in time. With the
//! business clock the hours are open ones.
//!
//! **Example.** Six messages: one answered after 10 minutes, one after exactly an hour, three later and one never: 33.3
//! percent within one hour.
//!
//! **Edge cases.** Never answered is not in time. A message is immature, answered or not, until no answer to come could be
//! in time any more. Automatic mail is left out; further copies of a message are no units. Nothing received: undefined.
//!
//! **Merging and sources.** Counts; all of a mailbox goes to one part. The `EmailAnalytics` guide tells the share within one
//! hour. It belongs beside every mean response time, which hides the unanswered.

use super::of_email::{ATTRIBUTES, EmailMeasure, Population, plan, wait};
use super::stopwatch::Stopwatch;
use super::timing::{Timing, hours};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::Context;
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::kpi::support::{Clock, EmailSide, OffHours};
use crate::measure::{Evidence, Fate};
use crate::policy::{OpenUnits, Statistic, policy};
use crate::scope::Micros;
use crate::summary::{Counts, Trial};
use crate::view::{Direction, Email};

policy! {
    /// The choices of the share replied within.
    pub struct RepliedWithin {
        /// How many hours an answer may take. By default one.
        pub hours: i64 = 1,
        /// Whose messages count. By default anyone's.
        pub side: EmailSide = EmailSide::All,
        /// Which time counts. By default all of it, which needs no schedule.
        pub clock: Clock = Clock::Calendar,
        /// With the business clock: the schedule of mailboxes that name none; by default the only one that there is. `ignored`: no schedule holds, and all of the time counts.
        pub schedule: Option<String> = None,
    }
    presets {}
}

static CARD: Card = Card {
    id: "replied_within",
    name: "Share replied within",
    question: "Which share of e-mails is answered in good time?",
    formula: "100 * answered within the hours / received and old enough to tell",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "emails",
    key: "message_id",
    inputs: super::EMAIL_INPUTS,
    dimensions: &[],
    attributes: ATTRIBUTES,
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://emailanalytics.com/knowledge-base/how-does-emailanalytics-calculate-average-response-time",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = RepliedWithin;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        hours("hours", choices.hours)?;
        let percent = Percent { interval: ProportionInterval::Wilson };
        Ok(plan::<_, Counts<2>, _>(choices.clone(), percent).ratio())
    }
}

impl EmailMeasure for Choices {
    type Value = Trial;
    type Side = (Stopwatch, Micros);

    fn population(&self) -> Population {
        Population { direction: Some(Direction::Received), side: self.side }
    }

    fn side(&self, context: &Context<'_>) -> Result<(Stopwatch, Micros)> {
        let timing = Timing {
            statistic: Statistic::MEAN.into(),
            open: OpenUnits::CompletedOnly,
            clock: self.clock,
            // An answer that took no open time is in time.
            off_hours: OffHours::Zero,
            schedule: self.schedule.clone(),
        };
        Ok((Stopwatch::of(context, &timing)?, hours("hours", self.hours)?))
    }

    fn email<E: Evidence>(
        &self,
        (stopwatch, target): &(Stopwatch, Micros),
        email: &Email<'_>,
        received: Micros,
        why: &mut E,
    ) -> Result<(Micros, Fate<Trial>)> {
        let wait = wait(stopwatch, email, received, why)?;
        // An answer at the next moment is the earliest that is not known of yet.
        let next = stopwatch.end(None) + 1;
        let hours = stopwatch.hours(email.schedule_id)?;
        let is_mature = hours.map_or(next - received, |hours| hours.elapsed(received, next)) > *target;
        let fate = match wait {
            Fate::Invalid(reason) => Fate::Invalid(reason),
            _ if !is_mature => {
                why.note("hours", || format!("{} have not passed yet", self.hours));
                Fate::Immature
            }
            Fate::Observed(elapsed) => Fate::Observed((elapsed.0 <= *target).into()),
            _ => Fate::Observed(Trial::Failure),
        };
        Ok((received, fate))
    }
}

#[cfg(test)]
mod tests {
    use crate::book::Book;
    use crate::request::Request;
    use crate::table::Table;

    #[test]
    fn a_message_is_immature_while_an_answer_could_be_in_time() {
        // Open 9 to 17: an answer at night takes no open time after 17:00, one after 9:00 the next day does.
        let emails = Table::new("emails")
            .column("message_id", ["a"])
            .column("mailbox", ["kim"])
            .column("occurred_at", ["2026-01-05T16:00:00Z"])
            .column("sender", ["ann"]);
        let schedules = Table::new("schedules")
            .column("schedule_id", ["nine", "nine"])
            .column("zone", ["UTC", "UTC"])
            .column("weekday", [1_i64, 2])
            .column("opens", ["09:00", "09:00"])
            .column("closes", ["17:00", "17:00"]);
        let mut book = Book::new();
        book.add(emails).unwrap();
        book.add(schedules).unwrap();
        let immature = |as_of: &str| {
            let mut request = Request::new("replied_within").as_of(as_of);
            request.policy.insert("clock".to_owned(), "business".into());
            book.compute(&request).unwrap().rows[0].n_immature
        };
        let nights = ["2026-01-05T16:59:59Z", "2026-01-05T23:00:00Z", "2026-01-06T09:00:00Z"];
        assert_eq!(nights.map(immature), [1, 1, 0]);
    }

    #[test]
    fn hours_are_a_number_of_them() {
        let mut request = Request::new("replied_within").as_of("2026-01-05");
        request.policy.insert("hours".to_owned(), 0.into());
        assert!(Book::new().compute(&request).unwrap_err().message().contains("hours is 0"));
    }
}
