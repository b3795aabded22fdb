//! # First contact resolution
//!
//! **Question.** Which share of customers was helped at the first contact?
//!
//! **Definition.** `100 * resolved at the first contact / conversations`. There is no agreement on what that is; seven
//! definitions are here, by `definition`:
//!
//! - `single_reply`: one public reply of a person; over what is solved or closed.
//! - `resolved_on_first_reply`: the same, over what is solved or closed and had a reply.
//! - `no_customer_followup`: no message of the customer after the first; over what is solved or closed.
//! - `single_owner`: closed once, and one teammate wrote; over all conversations, by when they began.
//! - `no_reopen`: not opened again within `within_days`; over what was resolved that long ago, by the first resolution.
//! - `no_repeat_contact`: no other conversation of the customer within `within_days`; over what began that long ago, by
//!   when it began.
//! - `survey`: the customer said yes; over answers to surveys of kind `resolved`, by when they were given.
//!
//! **Example.** Of ten solved conversations six took one reply, in four the customer wrote only once, seven were closed
//! once by one teammate and eight were not reopened: 60, 40, 70 and 80 percent, of the same ten.
//!
//! **Edge cases.** What was opened again and is not solved is not resolved. Whose window of `within_days` has not passed
//! is immature, also if it failed already; the last instant belongs to the window. A thank-you is a message of the
//! customer unless it is marked as automatic. Conversations that the company began are no contacts of a customer. A
//! conversation whose customer, issue or teammate is not named, where that decides, is missing. Nothing: undefined.
//!
//! **Merging and sources.** Two counts. All of a conversation goes to one part, with `no_repeat_contact` all of a customer.
//! The definitions are those of Zoho and Freshdesk, Help Scout, Freshservice, Intercom, of contact centres, and of those
//! who ask the customer (D13).

use super::contacts::NoRepeatContact;
use super::handoffs::Writers;
use super::of_conversation::{ConversationMeasure, rate};
use super::reopening::{self, FirstResolution};
use super::resolving::{NO_REPLY, resolved};
use super::touches::{self, ShareByTouches, last_responder, touches};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Pipeline, Row, Sink};
use crate::error::Result;
use crate::formula::{Percent, ProportionInterval};
use crate::kpi::voice::{LABEL_OR_SCORE, answers, label_or_score, score};
use crate::measure::{Evidence, Fate, Input, RowMeasure};
use crate::policy::{Scale, Within, choice, policy};
use crate::scope::Micros;
use crate::summary::{Counts, Trial};
use crate::view::{Conversation, Need, Parts, author_of};

choice! {
    /// What a resolution at the first contact is.
    pub enum FcrDefinition {
        /// One public reply of a person resolved it.
        SingleReply = "single_reply",
        /// The customer wrote only once, however often they were answered.
        NoCustomerFollowup = "no_customer_followup",
        /// It was closed once, and one teammate took part.
        SingleOwner = "single_owner",
        /// It was not opened again.
        NoReopen = "no_reopen",
        /// The customer did not come back.
        NoRepeatContact = "no_repeat_contact",
        /// The customer said that it was resolved.
        Survey = "survey",
        /// One public reply of a person resolved it; what took none is left out.
        ResolvedOnFirstReply = "resolved_on_first_reply",
    }
}

choice! {
    /// Which other contact is a repetition.
    pub enum RepeatedIssue {
        /// Any.
        Any = "any",
        /// One with the same `issue_key`.
        Same = "same",
    }
}

policy! {
    /// The choices of first contact resolution.
    pub struct Fcr {
        /// What a resolution at the first contact is. By default one that took a single reply, which every help desk records.
        pub definition: FcrDefinition = FcrDefinition::SingleReply,
        /// With `no_reopen` and `no_repeat_contact`: for how long the resolution has to hold. By default 7 days.
        pub within_days: Within = Within::Days(7),
        /// With `no_repeat_contact`: which other contact is a repetition. By default any, as issues are seldom recorded.
        pub issue: RepeatedIssue = RepeatedIssue::Any,
    }
    presets {
        /// Closed or resolved in the first response. https://community.freshworks.com/archives-freshdesk-11421/how-are-first-contact-resolution-and-average-first-response-time-defined-10470
        Freshdesk { definition: FcrDefinition::SingleReply }
        /// No interaction of the customer after the description. https://support.freshservice.com/en/support/solutions/articles/50000004904
        Freshservice { definition: FcrDefinition::NoCustomerFollowup }
        /// Resolved on the first reply, of what was resolved with a reply. https://developer.helpscout.com/mailbox-api/endpoints/reports/email/
        HelpScout { definition: FcrDefinition::ResolvedOnFirstReply }
        /// Closed once with one participating teammate, by the start. https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes
        Intercom { definition: FcrDefinition::SingleOwner }
        /// Closed with one public response. https://help.zoho.com/portal/en/kb/desk/reports-and-dashboards/articles/understanding-the-agent-performance-report
        Zoho { definition: FcrDefinition::SingleReply }
    }
}

static CARD: Card = Card {
    id: "fcr",
    name: "First contact resolution",
    question: "Which share of customers was helped at the first contact?",
    formula: "100 * resolved at the first contact / conversations, by definition: with a single reply, without a follow-up of the customer, by a single owner, not reopened, without a repeat contact, or as the customer says",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Support,
    table: "conversations",
    key: "conversation_id",
    inputs: &[
        "created_at",
        "requester_id?",
        "issue_key?",
        "initiated_by?",
        "spam?",
        "deleted?",
        "merged?",
        "replies?",
        "solved_at?",
        "closed_at?",
        "messages.occurred_at?",
        "messages.author?",
        "messages.author_id?",
        "messages.public?",
        "messages.auto?",
        "status_history.occurred_at?",
        "status_history.status?",
        "surveys.answered_at?",
        "surveys.kind?",
        "surveys.label?",
        "surveys.score?",
        "surveys.excluded?",
    ],
    dimensions: &[],
    attributes: &["responder"],
    values: None,
    aliases: &[
        ("fcr_single_reply", r#"{"definition": "single_reply"}"#),
        ("fcr_no_customer_followup", r#"{"definition": "no_customer_followup"}"#),
        ("fcr_single_owner", r#"{"definition": "single_owner"}"#),
        ("fcr_no_reopen", r#"{"definition": "no_reopen"}"#),
        ("fcr_no_repeat_contact", r#"{"definition": "no_repeat_contact"}"#),
        ("fcr_survey", r#"{"definition": "survey"}"#),
        ("fcr_resolved_on_first_reply", r#"{"definition": "resolved_on_first_reply"}"#),
    ],
    growth: "fixed",
    trusts: super::TRUSTS,
    revision: 1,
    sources: &[
        "https://help.zoho.com/portal/en/kb/desk/reports-and-dashboards/articles/understanding-the-agent-performance-report",
        "https://support.freshservice.com/en/support/solutions/articles/50000004904",
        "https://www.intercom.com/help/en/articles/7022438-reporting-metrics-attributes",
        "https://developer.helpscout.com/mailbox-api/endpoints/reports/email/",
        "https://wiki.wfmlabs.org/wiki/First_Contact_Resolution",
        "https://www.aicxstack.com/glossary/first-contact-resolution",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = Fcr;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let within = choices.within_days;
        Ok(match choices.definition {
            FcrDefinition::SingleReply => rate(ShareByTouches { counts: |touches| touches == 1 }),
            FcrDefinition::ResolvedOnFirstReply => rate(OnFirstReply),
            FcrDefinition::NoCustomerFollowup => rate(NoFollowup),
            FcrDefinition::SingleOwner => rate(SingleOwner),
            FcrDefinition::NoReopen => rate(FirstResolution { within, counts_if_reopened: false }),
            FcrDefinition::NoRepeatContact => {
                rate(NoRepeatContact { within, same_issue: choices.issue == RepeatedIssue::Same })
            }
            FcrDefinition::Survey => {
                let view = answers(Some("resolved"), None);
                let percent = Percent { interval: ProportionInterval::Wilson };
                Planned::new(Pipeline::<_, _, Counts<2>>::rows(view, Confirmed, percent)).ratio()
            }
        })
    }
}

/// Whether what was resolved with replies took one.
struct OnFirstReply;

impl ConversationMeasure for OnFirstReply {
    type Value = Trial;
    type Side = ();

    fn parts(&self) -> Parts {
        touches::PARTS
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        _: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let Some(resolution) = resolved(conversation, why) else { return Ok(()) };
        last_responder(conversation, resolution, out);
        let fate = match touches(conversation, resolution, why) {
            Ok(0) => Fate::Excluded(NO_REPLY),
            Ok(touches) => Fate::Observed((touches == 1).into()),
            Err(fate) => fate,
        };
        out.put(conversation.number, Some(resolution.at), fate, Vec::new())
    }
}

/// Whether the customer of what was resolved wrote only once.
struct NoFollowup;

impl ConversationMeasure for NoFollowup {
    type Value = Trial;
    type Side = ();

    fn parts(&self) -> Parts {
        Parts { messages: Need::Table, history: Need::Required, surveys: false, people: false }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        _: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let Some(resolution) = resolved(conversation, why) else { return Ok(()) };
        // What the company opened was described by the company: every word of the customer answers it.
        let is_description_theirs = conversation.opening().is_none();
        let written = conversation.messages.iter().filter(|message| message.is_question());
        let followup = written.skip(usize::from(is_description_theirs)).find(|message| !message.auto);
        why.note("follow-up", || match followup {
            Some(message) => format!("row {} of messages", message.row),
            None => "none".to_owned(),
        });
        last_responder(conversation, resolution, out);
        let fate = Fate::Observed(followup.is_none().into());
        out.put(conversation.number, Some(resolution.at), fate, Vec::new())
    }
}

/// Whether a conversation was closed once, and one teammate wrote in it.
struct SingleOwner;

impl ConversationMeasure for SingleOwner {
    type Value = Trial;
    type Side = ();

    fn parts(&self) -> Parts {
        Parts { messages: Need::Table, people: true, ..reopening::PARTS }
    }

    fn attributes(&self) -> &'static [&'static str] {
        CARD.attributes
    }

    fn side(&self, context: &Context<'_>) -> Result<()> {
        // Without it two teammates could not be told from one.
        context.book.require("messages")?.require("author_id").map(|_| ())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let closed_once = resolved(conversation, why).filter(|_| conversation.resolutions().nth(1).is_none());
        why.note("closed once", || closed_once.is_some().to_string());
        let Writers { named, is_any_unnamed } = Writers::of(conversation, why);
        why.note("teammates", || {
            format!("{named}{}", if is_any_unnamed { " and some not named" } else { "" })
        });
        let fate = match named {
            _ if closed_once.is_none() => Fate::Observed(Trial::Failure),
            0 | 1 if is_any_unnamed => Fate::Missing,
            _ => Fate::Observed((named == 1).into()),
        };
        if out.asks("responder")
            && let Some(reply) = conversation.human_replies().last()
        {
            let gated = out.gated;
            out.attribute("responder", || author_of(gated, reply));
        }
        out.put(conversation.number, Some(created), fate, Vec::new())
    }
}

/// Whether the customer said that the problem was resolved: yes or no, or 1 or 0.
struct Confirmed;

impl RowMeasure for Confirmed {
    type Value = Trial;

    fn inputs(&self) -> &[Input] {
        &LABEL_OR_SCORE
    }

    fn row(&self, row: &Row<'_>) -> Fate<Trial> {
        let scale = Scale::new(0, 1);
        let of_label = |label: &str| match label {
            "yes" => Some(Fate::Observed(Trial::Success)),
            "no" => Some(Fate::Observed(Trial::Failure)),
            _ => None,
        };
        label_or_score(row, scale, of_label, |reading| match score(reading, scale) {
            Ok(score) => Fate::Observed((score == 1).into()),
            Err(fate) => fate,
        })
    }
}
