"""What can be chosen for the KPIs of the family support, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from tenure.policies.durations import Durations
from tenure.policies.service_levels import ServiceLevels


class FirstResponseTime(Durations, total=False):
    """The choices of first_response_time. How long does a customer wait for the first answer of a person?"""

    preset: Literal["chatwoot", "email_analytics", "help_scout", "intercom", "plain", "zendesk", "zoho"]
    """A named set of choices, which the other fields override. `tenure.explain("first_response_time")`
    has the sources.
    """

    start: Literal["creation", "first_customer_message", "assignment"]
    """When the clock starts. By default at creation, which every help desk records."""

    outbound: Literal["next_public_reply", "exclude"]
    """What a conversation is that the company started."""

    bot_replies_stop_clock: bool
    """Whether a bot's reply is an answer. By default it is not: the question is when a person
    answered.
    """

    restart_after_bot_resolution: bool
    """Whether the clock starts anew when what was resolved without a person's reply is opened again."""

    subtract: list[Literal["new", "open", "pending", "on_hold", "solved", "closed", "snoozed"]]
    """Time in these statuses does not count."""

    attribution: Literal["created", "replied"]
    """In which period a response counts. By default that of the conversation, so that a late answer
    does not move.
    """


class NextResponseTime(Durations, total=False):
    """The choices of next_response_time. How long does a customer wait for an answer, every time they write?"""

    preset: Literal["help_scout", "zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("next_response_time")`
    has the sources.
    """

    anchor: Literal["first", "last"]
    """Which message of several in a row starts the clock. By default the first: the customer waits
    since then.
    """

    bot_replies_stop_clock: bool
    """Whether a bot's reply is an answer. By default it is not: the question is when a person
    answered.
    """

    solved_closes: bool
    """Whether a resolution without a reply ends a block, without a value. By default it does not:
    nobody answered.
    """

    attribution: Literal["asked", "replied"]
    """In which period an answer counts. By default that in which it came."""


class UnansweredRate(TypedDict, total=False):
    """The choices of unanswered_rate. Which share of customers got no answer from a person in time?"""

    grace_hours: int | None
    """How many hours a person has to answer. By default a day."""

    outbound: Literal["next_public_reply", "exclude"]
    """What a conversation is that the company started. By default a unit, as in the first response
    time.
    """


class FirstResolutionTime(Durations, total=False):
    """The choices of first_resolution_time. How long does it take until a conversation is solved for the first time?"""

    preset: Literal["zendesk"]
    """A named set of choices, which the other fields override.
    `tenure.explain("first_resolution_time")` has the sources.
    """

    attribution: Literal["created", "resolved"]
    """In which period a resolution counts. By default that in which it came."""


class FullResolutionTime(Durations, total=False):
    """The choices of full_resolution_time. How long does it take until a conversation is solved for good?"""

    preset: Literal["chatwoot", "help_scout", "plain", "zendesk"]
    """A named set of choices, which the other fields override.
    `tenure.explain("full_resolution_time")` has the sources.
    """

    resolution: Literal["last", "once", "every_event", "last_outbound_message"]
    """What the end is. By default the last resolution, so that what comes back is not yet done."""

    attribution: Literal["created", "resolved"]
    """In which period a resolution counts. By default that in which it came."""


class RequesterWaitTime(Durations, total=False):
    """The choices of requester_wait_time. How long do customers wait for the company until their problem is solved?"""

    preset: Literal["zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("requester_wait_time")`
    has the sources.
    """

    attribution: Literal["created", "resolved"]
    """In which period the time counts. By default that in which the conversation was resolved, when
    all of it is known.
    """


class AgentWaitTime(Durations, total=False):
    """The choices of agent_wait_time. How long does the company wait for customers until their problem is solved?"""

    preset: Literal["zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("agent_wait_time")` has
    the sources.
    """

    attribution: Literal["created", "resolved"]
    """In which period the time counts. By default that in which the conversation was resolved, when
    all of it is known.
    """


class OnHoldTime(Durations, total=False):
    """The choices of on_hold_time. How long do problems wait for somebody else until they are solved?"""

    preset: Literal["zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("on_hold_time")` has
    the sources.
    """

    attribution: Literal["created", "resolved"]
    """In which period the time counts. By default that in which the conversation was resolved, when
    all of it is known.
    """


class HandleTime(Durations, total=False):
    """The choices of handle_time. How long is somebody busy with a conversation?"""

    preset: Literal["intercom"]
    """A named set of choices, which the other fields override. `tenure.explain("handle_time")` has the
    sources.
    """

    counted_statuses: list[Literal["new", "open", "pending", "on_hold", "solved", "closed", "snoozed"]]
    """Time in these statuses counts. By default in all unresolved ones but snoozed."""

    attribution: Literal["created", "resolved"]
    """In which period the time counts. By default that in which the conversation was resolved, when
    all of it is known.
    """


class RepliesToResolution(TypedDict, total=False):
    """The choices of replies_to_resolution. How many replies does it take to solve a conversation?"""

    preset: Literal["help_scout"]
    """A named set of choices, which the other fields override.
    `tenure.explain("replies_to_resolution")` has the sources.
    """

    with_zero_replies: Literal["exclude", "include"]
    """What a conversation is that was solved without any reply. By default left out: nobody wrote to
    solve it.
    """


class Handoffs(TypedDict, total=False):
    """The choices of handoffs. How often does a conversation pass from one person to another?"""

    preset: Literal["intercom", "zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("handoffs")` has the
    sources.
    """

    definition: Literal["internal_authors", "reassignments"]
    """What a handoff is. By default another person who wrote, which needs no history."""

    attribution: Literal["created", "resolved"]
    """In which period a conversation counts. By default that in which it was created, resolved or not."""


class OneTouchRate(TypedDict, total=False):
    """The choices of one_touch_rate. Which share of solved conversations took no more than one reply?"""

    preset: Literal["zendesk"]
    """A named set of choices, which the other fields override. `tenure.explain("one_touch_rate")` has
    the sources.
    """

    one_touch: Literal["fewer_than_two", "exactly_one"]
    """How many replies make one touch. By default none counts too, as in Zendesk's definition in
    English.
    """


class TwoTouchRate(TypedDict, total=False):
    """The choices of two_touch_rate. Which share of solved conversations took exactly two replies?"""


class MultiTouchRate(TypedDict, total=False):
    """The choices of multi_touch_rate. Which share of solved conversations took more than two replies?"""


class Fcr(TypedDict, total=False):
    """The choices of fcr. Which share of customers was helped at the first contact?"""

    preset: Literal["freshdesk", "freshservice", "help_scout", "intercom", "zoho"]
    """A named set of choices, which the other fields override. `tenure.explain("fcr")` has the
    sources.
    """

    definition: Literal["single_reply", "no_customer_followup", "single_owner", "no_reopen", "no_repeat_contact", "survey", "resolved_on_first_reply"]
    """What a resolution at the first contact is. By default one that took a single reply, which every
    help desk records.
    """

    within_days: int | Literal["ever"] | None
    """With `no_reopen` and `no_repeat_contact`: for how long the resolution has to hold. By default 7
    days.
    """

    issue: Literal["any", "same"]
    """With `no_repeat_contact`: which other contact is a repetition. By default any, as issues are
    seldom recorded.
    """


class ReopenRate(TypedDict, total=False):
    """The choices of reopen_rate. Which share of what was resolved had to be opened again?"""

    within_days: int | Literal["ever"] | None
    """How soon after its first resolution a conversation has to be reopened to count. By default
    within 7 days, so that a period does not change for ever.
    """

    counting: Literal["conversations", "events"]
    """What is counted. By default conversations: one that is reopened five times is one that was not
    solved.
    """


class SlaAttainmentTarget(ServiceLevels, total=False):
    """The choices of sla_attainment_target. Which share of the promised times was kept?"""

    attribution: Literal["ended", "created"]
    """In which period a target counts. By default that in which it was fulfilled or breached."""


class SlaAttainmentTicket(ServiceLevels, total=False):
    """The choices of sla_attainment_ticket. Which share of conversations kept all that was promised?"""

    attribution: Literal["ended", "created"]
    """In which period a conversation counts. By default that in which it was created; else that of its
    last completed target.
    """


class SlaBreachAt(ServiceLevels, total=False):
    """The choices of sla_breach_at. How many promised times ran out, and when?"""


class Backlog(TypedDict, total=False):
    """The choices of backlog. How many conversations are open?"""

    preset: Literal["redo"]
    """A named set of choices, which the other fields override. `tenure.explain("backlog")` has the
    sources.
    """

    snoozed_counts: bool
    """Whether snoozed conversations are open. By default they are: the customer still waits."""


class BacklogAge(TypedDict, total=False):
    """The choices of backlog_age. How long have the conversations that are open waited?"""

    preset: Literal["redo"]
    """A named set of choices, which the other fields override. `tenure.explain("backlog_age")` has the
    sources.
    """

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median: a few forgotten conversations
    make any mean.
    """

    snoozed_counts: bool
    """Whether snoozed conversations are open. By default they are: the customer still waits."""


class NetFlow(TypedDict, total=False):
    """The choices of net_flow. Does the pile of work grow or shrink?"""

    reopened_inflow: bool
    """Whether conversations that are opened again come in again. By default not: creations less
    resolutions.
    """


class Workload(TypedDict, total=False):
    """The choices of workload. How many open conversations does each agent have?"""

    snoozed_counts: bool
    """Whether snoozed conversations are open. By default they are: they come back."""


class TicketVolume(TypedDict, total=False):
    """The choices of ticket_volume. How much comes in?"""

    preset: Literal["help_scout", "intercom"]
    """A named set of choices, which the other fields override. `tenure.explain("ticket_volume")` has
    the sources.
    """

    counted: Literal["conversations", "messages_received", "replies_sent", "customers", "customers_helped", "conversations_touched"]
    """What is counted."""

    count_outbound: bool
    """Whether conversations that the company started count. By default they do: they are work too."""


class BusiestPeriod(TypedDict, total=False):
    """The choices of busiest_period. When does most come in?"""

    preset: Literal["help_scout"]
    """A named set of choices, which the other fields override. `tenure.explain("busiest_period")` has
    the sources.
    """

    grain: Literal["weekday", "hour"]
    """Which stretches of time are compared. By default weekdays, as Help Scout does."""


class ContactRate(TypedDict, total=False):
    """The choices of contact_rate. How often do customers need to contact us?"""

    base: Literal["accounts", "active_accounts", "active_users"]
    """Who the customers are. By default all accounts, which needs no record of use."""

    count_outbound: bool
    """Whether conversations that the company started count. By default not: nobody needed help."""


class SelfServiceScore(TypedDict, total=False):
    """The choices of self_service_score. How many people help themselves for each one who asks?"""

    definition: Literal["users", "sessions"]
    """What is compared. By default people, so that nobody who reads or writes a lot counts more."""


class DeflectionRateUsers(TypedDict, total=False):
    """The choices of deflection_rate_users. Which share of those who look for help finds it without writing?"""

    definition: Literal["both", "without_ticket"]
    """Which share it is. By default that of both sides together, as vendors count."""


class DeflectionRateSessions(TypedDict, total=False):
    """The choices of deflection_rate_sessions. How often does the help centre answer before anyone has to?"""

    preset: Literal["helpshift"]
    """A named set of choices, which the other fields override.
    `tenure.explain("deflection_rate_sessions")` has the sources.
    """

    definition: Literal["sessions", "views"]
    """What is deflected. By default sessions: several views are one try."""

    hours: int | None
    """Within how many hours a conversation is taken to be about the same problem. By default a day."""


class BotResolutionRate(TypedDict, total=False):
    """The choices of bot_resolution_rate. Which share of the conversations that a bot took part in did it resolve?"""

    preset: Literal["intercom"]
    """A named set of choices, which the other fields override. `tenure.explain("bot_resolution_rate")`
    has the sources.
    """

    assumed: Literal["count", "exclude"]
    """What a conversation is whose customer left without a word. By default resolved, as Intercom
    counts.
    """

    split: bool
    """Whether the share of each outcome is told, one row each."""


class SearchZeroResultRate(TypedDict, total=False):
    """The choices of search_zero_result_rate. Which share of the searches in the help centre found nothing?"""


class EmailsSentReceived(TypedDict, total=False):
    """The choices of emails_sent_received. How much mail comes in and goes out?"""

    direction: Literal["both", "sent", "received"]
    """Which way the e-mails went. By default either; `by` direction tells them apart."""

    side: Literal["all", "internal", "external"]
    """Who is on the other side. By default anyone; `by` side tells inside and outside apart."""


class EmailResponseTime(Durations, total=False):
    """The choices of email_response_time. How long does an e-mail wait for its answer?"""

    preset: Literal["email_analytics"]
    """A named set of choices, which the other fields override. `tenure.explain("email_response_time")`
    has the sources.
    """

    side: Literal["all", "internal", "external"]
    """Whose messages count. By default anyone's."""

    attribution: Literal["received", "replied"]
    """In which period a response counts. By default that of the answer: what was answered in a month
    is that month's work.
    """


class RepliedWithin(TypedDict, total=False):
    """The choices of replied_within. Which share of e-mails is answered in good time?"""

    hours: int | None
    """How many hours an answer may take. By default one."""

    side: Literal["all", "internal", "external"]
    """Whose messages count. By default anyone's."""

    clock: Literal["calendar", "business"]
    """Which time counts. By default all of it, which needs no schedule."""

    schedule: str | None
    """With the business clock: the schedule of mailboxes that name none; by default the only one that
    there is. `ignored`: no schedule holds, and all of the time counts.
    """
