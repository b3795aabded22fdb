//! Support: how fast, how often and how well customers' problems are answered and solved.
//!
//! A unit is a conversation, or a part of one. Its messages and changes of status are assembled by the view; each KPI
//! here says when its own clock starts, stops and pauses.

pub mod agent_wait_time;
pub mod backlog;
pub mod backlog_age;
pub mod bot_resolution_rate;
pub mod busiest_period;
pub mod contact_rate;
pub mod deflection_rate_sessions;
pub mod deflection_rate_users;
pub mod email_response_time;
pub mod emails_sent_received;
pub mod fcr;
pub mod first_resolution_time;
pub mod first_response_time;
pub mod full_resolution_time;
pub mod handle_time;
pub mod handoffs;
pub mod multi_touch_rate;
pub mod net_flow;
pub mod next_response_time;
pub mod on_hold_time;
pub mod one_touch_rate;
pub mod reopen_rate;
pub mod replied_within;
pub mod replies_to_resolution;
pub mod requester_wait_time;
pub mod search_zero_result_rate;
pub mod self_service_score;
pub mod sla_attainment_target;
pub mod sla_attainment_ticket;
pub mod sla_breach_at;
pub mod ticket_volume;
pub mod two_touch_rate;
pub mod unanswered_rate;
pub mod workload;

pub use agent_wait_time::AgentWaitTime;
pub use backlog::Backlog;
pub use backlog_age::BacklogAge;
pub use bot_resolution_rate::{AssumedResolution, BotResolutionRate};
pub use busiest_period::{BusiestPeriod, Grain};
pub use contact_rate::{ContactRate, CustomerBase};
pub use deflection_rate_sessions::{DeflectionOf, DeflectionRateSessions};
pub use deflection_rate_users::{DeflectedUsers, DeflectionRateUsers};
pub use email_response_time::{EmailAttribution, EmailResponseTime};
pub use emails_sent_received::{EmailDirection, EmailsSentReceived};
pub use fcr::{Fcr, FcrDefinition, RepeatedIssue};
pub use first_resolution_time::FirstResolutionTime;
pub use first_response_time::{FirstResponseTime, Outbound, ResponseAttribution, ResponseStart};
pub use full_resolution_time::{FullResolutionTime, ResolutionEnd};
pub use handle_time::HandleTime;
pub use handoffs::{HandoffDefinition, Handoffs};
pub use multi_touch_rate::MultiTouchRate;
pub use net_flow::NetFlow;
pub use next_response_time::{BlockAnchor, NextResponseAttribution, NextResponseTime};
pub use on_hold_time::OnHoldTime;
pub use one_touch_rate::{OneTouch, OneTouchRate};
pub use reopen_rate::{ReopenCounting, ReopenRate};
pub use replied_within::RepliedWithin;
pub use replies_to_resolution::{RepliesToResolution, ZeroReplies};
pub use requester_wait_time::RequesterWaitTime;
pub use search_zero_result_rate::SearchZeroResultRate;
pub use self_service_score::{SelfServiceOf, SelfServiceScore};
pub use sla_attainment_target::SlaAttainmentTarget;
pub use sla_attainment_ticket::SlaAttainmentTicket;
pub use sla_breach_at::SlaBreachAt;
pub use ticket_volume::{TicketVolume, VolumeOf};
pub use two_touch_rate::TwoTouchRate;
pub use unanswered_rate::UnansweredRate;
pub use workload::Workload;

/// The catalog of the family, in the order in which it is shown.
pub(crate) const KPIS: &[&dyn Kpi] = &[
    &first_response_time::Definition,
    &next_response_time::Definition,
    &unanswered_rate::Definition,
    &first_resolution_time::Definition,
    &full_resolution_time::Definition,
    &requester_wait_time::Definition,
    &agent_wait_time::Definition,
    &on_hold_time::Definition,
    &handle_time::Definition,
    &replies_to_resolution::Definition,
    &handoffs::Definition,
    &one_touch_rate::Definition,
    &two_touch_rate::Definition,
    &multi_touch_rate::Definition,
    &fcr::Definition,
    &reopen_rate::Definition,
    &sla_attainment_target::Definition,
    &sla_attainment_ticket::Definition,
    &sla_breach_at::Definition,
    &backlog::Definition,
    &backlog_age::Definition,
    &net_flow::Definition,
    &workload::Definition,
    &ticket_volume::Definition,
    &busiest_period::Definition,
    &contact_rate::Definition,
    &self_service_score::Definition,
    &deflection_rate_users::Definition,
    &deflection_rate_sessions::Definition,
    &bot_resolution_rate::Definition,
    &search_zero_result_rate::Definition,
    &emails_sent_received::Definition,
    &email_response_time::Definition,
    &replied_within::Definition,
];

mod contacts;
mod help_centre;
mod of_conversation;
mod of_email;
mod reopening;
mod resolving;
mod sla;
mod stopwatch;
mod stretches;
mod time_in_status;
mod timing;
mod touches;

pub use crate::view::Status;
pub use of_email::EmailSide;
pub use resolving::ResolutionAttribution;
pub use sla::{OnTarget, PriorityAt, SlaAttribution, SlaMetric};
pub use timing::{Clock, OffHours};

use crate::catalog::Kpi;

/// Columns of conversations that overwrite the past and are trusted as current.
const TRUSTS: &[&str] = &["assignee", "channel", "priority", "team"];

/// What KPIs of changes of status read.
const HISTORY_INPUTS: &[&str] = &[
    "created_at",
    "spam?",
    "deleted?",
    "merged?",
    "solved_at?",
    "closed_at?",
    "status_history.occurred_at?",
    "status_history.status?",
];

/// What KPIs of the time until a resolution read.
const RESOLUTION_INPUTS: &[&str] = &[
    "created_at",
    "initiated_by?",
    "spam?",
    "deleted?",
    "merged?",
    "schedule_id?",
    "replies?",
    "first_replied_at?",
    "solved_at?",
    "closed_at?",
    "messages.occurred_at?",
    "messages.author?",
    "messages.author_id?",
    "messages.public?",
    "messages.auto?",
    "status_history.occurred_at?",
    "status_history.status?",
    "schedules.opens?",
    "holidays.date?",
];

/// What KPIs of messages read.
const MESSAGE_INPUTS: &[&str] = &[
    "created_at",
    "initiated_by?",
    "spam?",
    "deleted?",
    "merged?",
    "first_replied_at?",
    "replies?",
    "messages.occurred_at?",
    "messages.author?",
    "messages.public?",
    "messages.auto?",
];

/// What KPIs of answers to e-mails read.
const EMAIL_INPUTS: &[&str] = &[
    "message_id",
    "mailbox",
    "occurred_at",
    "sender",
    "recipients?",
    "in_reply_to?",
    "references?",
    "auto?",
    "mailboxes.domain?",
    "mailboxes.schedule_id?",
    "schedules.opens?",
    "holidays.date?",
];

/// What KPIs of replies up to a resolution read.
const TOUCH_INPUTS: &[&str] = &[
    "created_at",
    "initiated_by?",
    "spam?",
    "deleted?",
    "merged?",
    "replies?",
    "solved_at?",
    "closed_at?",
    "messages.occurred_at?",
    "messages.author?",
    "messages.public?",
    "messages.auto?",
    "status_history.occurred_at?",
    "status_history.status?",
];
