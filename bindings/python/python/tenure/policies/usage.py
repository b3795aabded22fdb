"""What can be chosen for the KPIs of the family usage, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from tenure.policies.people import People
from tenure.policies.funnel import Funnel
from tenure.policies.session_cut import SessionCut


class ActiveUsers(People, total=False):
    """The choices of active_users. How many people use the product?"""

    preset: Literal["user_guiding"]
    """A named set of choices, which the other fields override. `tenure.explain("active_users")` has
    the sources.
    """

    window: str
    """In which time somebody has to be active: the period, or as many local days up to its end as
    `28d` says.
    """


class StickinessRatio(People, total=False):
    """The choices of stickiness_ratio. How much of the time are users there?"""

    definition: Literal["mean", "last"]
    """What is set against those active in the window. By default the mean over its days: a single day
    is chance.
    """

    window: str
    """Which window: the period, or as many local days up to its end as `30d` says."""

    interval: Literal["day", "week"]
    """What is counted of the window. By default days."""

    days: Literal["all", "weekdays"]
    """Which days count. By default all; for a product of work, weekdays say more."""


class StickinessDistribution(People, total=False):
    """The choices of stickiness_distribution. How many people are there every day, how many now and then?"""

    window: str
    """Which window: the period, or as many local days up to its end. By default four weeks, so that
    every weekday counts alike.
    """

    interval: Literal["day", "week"]
    """What is counted of the window. By default days."""


class UsageFrequency(People, total=False):
    """The choices of usage_frequency. On how many days do people use the product?"""

    window: str
    """Which window: the period, or as many local days up to its end as `28d` says."""


class LifecycleUsers(People, total=False):
    """The choices of lifecycle_users. Who came, stayed, came back and went?"""

    preset: Literal["amplitude", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("lifecycle_users")` has
    the sources.
    """

    new: Literal["first_seen", "profile_created", "first_selected"]
    """Who is new. By default whoever was never seen before, in any way."""


class PulseRatio(People, total=False):
    """The choices of pulse_ratio. Do more people come than go?"""

    preset: Literal["amplitude", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("pulse_ratio")` has the
    sources.
    """

    new: Literal["first_seen", "profile_created", "first_selected"]
    """Who is new; who is not is resurrecting, and counts as much."""


class TimeToAdopt(TypedDict, total=False):
    """The choices of time_to_adopt. How long does it take until people use a feature?"""

    features: str | Sequence[str] | None
    """The names of the events of which any is a use of the feature. There is no default."""

    start: Literal["signed_up", "eligible", "first_seen"]
    """From when on a person could adopt it."""

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median, which those who never will do
    not move.
    """

    open: Literal["completed_only", "kaplan_meier"]
    """What is done with those who have not used it yet. By default they count as long as they were
    watched.
    """


class ElementState(TypedDict, total=False):
    """The choices of element_state. How many projects, boards or integrations do customers have?"""

    create: str | Sequence[str] | None
    """The names of the events that make an object. There is no default."""

    remove: str | Sequence[str] | None
    """The names of the events that remove one. There is no default."""


class FunnelConversion(Funnel, total=False):
    """The choices of funnel_conversion. How many of those who begin take each next step?"""

    preset: Literal["mixpanel", "mixpanel_reentry", "userpilot"]
    """A named set of choices, which the other fields override. `tenure.explain("funnel_conversion")`
    has the sources.
    """

    against: Literal["first", "previous"]
    """What those who took a step are set against. By default all who entered."""


class TimeToConvert(Funnel, total=False):
    """The choices of time_to_convert. How long do those who begin take to the last step?"""

    preset: Literal["mixpanel", "mixpanel_reentry", "userpilot"]
    """A named set of choices, which the other fields override. `tenure.explain("time_to_convert")` has
    the sources.
    """

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median: a few who come back late move a
    mean.
    """

    open: Literal["completed_only", "kaplan_meier"]
    """What is done with entries that have not converted. By default they are left out, as vendors do."""


class ActivationRate(TypedDict, total=False):
    """The choices of activation_rate. How many of those who sign up get to where the product is of use to them?"""

    moment: str | Sequence[str] | None
    """The names of the events of which any is the activation moment. There is no default."""

    times: int | None
    """How often they have to happen. By default once."""

    start_event: str | Sequence[str] | None
    """The names of the events of which the first is the start; null: the sign-up, `users.created_at`."""

    within: str | None
    """How soon after the start the moment counts, end included. By default a week, in which most
    decide.
    """


class EventCount(TypedDict, total=False):
    """The choices of event_count. How often did something happen, and how much was it?"""

    definition: Literal["count", "sum", "average", "last", "unique_users"]
    """What is told."""

    events: str | Sequence[str] | None
    """The names of the events that count; null: all."""

    window: str
    """In which time events count: the period, or as many local days up to its end as `30d` says."""


class EventRatio(TypedDict, total=False):
    """The choices of event_ratio. How much of one thing is there for each of another?"""

    numerator: str | Sequence[str] | None
    """The names of the events above the line. There is no default."""

    denominator: str | Sequence[str] | None
    """The names of the events below the line. There is no default."""

    of: Literal["count", "users", "sum"]
    """What is divided."""

    window: str
    """In which time events count: the period, or as many local days up to its end as `30d` says."""


class UserRetention(People, total=False):
    """The choices of user_retention. How many of those who start come back, and after how long?"""

    preset: Literal["amplitude", "mixpanel", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("user_retention")` has
    the sources.
    """

    definition: Literal["n_day", "unbounded", "bracket", "cumulative"]
    """When somebody has to come back. By default in the very interval, as the words "on day seven"
    say.
    """

    intervals: Literal["calendar", "rolling_24h", "rolling_hours"]
    """What an interval is. By default one of the calendar, which people live by; hours hide who comes
    every evening a bit earlier.
    """

    interval: Literal["day", "week", "month"]
    """How long an interval is."""

    at: int | Sequence[int]
    """After how many intervals; a list gives the result a dimension."""

    brackets: Sequence[Sequence[int]] | None
    """The brackets of the definition `bracket`, first and last interval of each."""

    start_event: str | Sequence[str] | None
    """The names of the events with which somebody starts; null: all that count."""

    return_event: str | Sequence[str] | None
    """The names of the events that are a return; null: all that count."""

    start: Literal["first", "recurring"]
    """Whether only the first start that is known counts, or each interval with one. By default the
    first: who starts again has come back.
    """


class CohortMatrix(People, total=False):
    """The choices of cohort_matrix. Of those who came first in one period, how many are there in each later one?"""

    definition: Literal["n_day", "unbounded", "cumulative"]
    """When somebody has to be there. By default in the very period, as the words "in week two" say."""

    cohort_by: Literal["first_seen", "profile_created"]
    """What makes somebody a member of a cohort. By default the first start: profiles may be made long
    before.
    """

    start_event: str | Sequence[str] | None
    """The names of the events with which somebody starts; null: all that count."""

    return_event: str | Sequence[str] | None
    """The names of the events that are a return; null: all that count."""

    ages: int | None
    """The greatest age; null: as far as anything is known."""


class DaysSinceLastSeen(People, total=False):
    """The choices of days_since_last_seen. How long ago were users here?"""

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median: a few who left long ago make any
    mean.
    """

    per: Literal["user", "account"]
    """Whose last visit is asked for."""


class UsageTrend(People, total=False):
    """The choices of usage_trend. Is the product used more than before?"""

    of: Literal["events", "active_users"]
    """What is counted. By default events: who still comes but does less is on the way out."""

    window: str
    """How long each of the two windows is. By default thirty days: a period of weeks and months alike."""


class UsageDrop(People, total=False):
    """The choices of usage_drop. Did usage fall far below what is usual?"""

    of: Literal["events", "active_users"]
    """What is counted. By default active users: one of them may make any number of events."""

    baseline: int | None
    """How many periods before are what is usual; at least five."""

    least_percent: float
    """How many percent below what is usual is a drop at least, from 0 to 100. By default 30: smaller
    dips are holidays and chance.
    """

    season: Literal["year_before", "ignore"]
    """Whether what is usual follows the season. By default as the year before did."""


class Sessions(SessionCut, total=False):
    """The choices of sessions. How often is the product used?"""

    preset: Literal["amplitude", "amplitude_mobile", "mixpanel", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("sessions")` has the
    sources.
    """


class SessionDuration(SessionCut, total=False):
    """The choices of session_duration. How long do people stay?"""

    preset: Literal["amplitude", "amplitude_mobile", "mixpanel", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("session_duration")`
    has the sources.
    """

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median: a forgotten window lasts for
    hours.
    """

    single_event: Literal["include", "exclude", "bonus"]
    """How long a session of a single event is. By default 0."""

    bonus_seconds: int | None
    """With `single_event: bonus`: so many seconds."""


class TimeInApp(SessionCut, total=False):
    """The choices of time_in_app. How much time do people spend in the product?"""

    preset: Literal["amplitude", "amplitude_mobile", "mixpanel", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("time_in_app")` has the
    sources.
    """

    statistic: Literal["mean", "median", "total"] | list[Literal["mean", "median", "total"]]
    """What is told; a list gives one row each. By default the mean, which times the number of people
    is all of the time.
    """

    measured_by: Literal["sessions", "heartbeats"]
    """What time in the product is. By default that of sessions, which needs no column of durations."""

    single_event: Literal["include", "exclude", "bonus"]
    """How long a session of a single event is. By default 0."""

    bonus_seconds: int | None
    """With `single_event: bonus`: so many seconds."""


class UsageDepth(SessionCut, total=False):
    """The choices of usage_depth. How much do people do when they are there?"""

    preset: Literal["amplitude", "amplitude_mobile", "mixpanel", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("usage_depth")` has the
    sources.
    """

    definition: Literal["actions_per_session", "session_duration", "events_per_user_day"]
    """What depth is. By default the actions in a session, which do not grow while nobody looks at the
    screen.
    """


class ShortSessionRate(SessionCut, total=False):
    """The choices of short_session_rate. How often are people gone as soon as they came?"""

    preset: Literal["amplitude", "amplitude_mobile", "mixpanel", "posthog"]
    """A named set of choices, which the other fields override. `tenure.explain("short_session_rate")`
    has the sources.
    """

    limit: Literal["auto"] | str | None
    """Which sessions are short: those shorter than a span, or by default those much shorter than the
    others.
    """


class FeatureAdoptionRate(People, total=False):
    """The choices of feature_adoption_rate. How many of those who could use a feature do?"""

    features: str | Sequence[str] | None
    """The names of the events that are uses of the feature; several are one feature, unless they have
    rows of their own. Null: each name is a feature, for rows by name.
    """

    denominator: Literal["active", "eligible", "signed_up"]
    """Who could have used it. By default who is active: others cannot be expected to."""

    times: int | None
    """How often makes an adopter. By default once."""

    definition: Literal["share", "daily_average"]
    """What adoption is. By default the share of the window's people."""

    window: str
    """In which time: the period, or as many local days up to its end as `28d` says; for the mean of
    days, up to each day.
    """


class UsageBreadth(People, total=False):
    """The choices of usage_breadth. How widely is the product used?"""

    definition: Literal["users", "users_share", "licensed_share", "features", "features_share"]
    """What breadth is. By default people, which needs no other table."""

    window: str
    """In which time it counts: the period, or as many local days up to its end."""


class LicenseUtilization(People, total=False):
    """The choices of license_utilization. How many of the licences that were bought are used?"""

    preset: Literal["churn_zero", "totango", "vitally"]
    """A named set of choices, which the other fields override. `tenure.explain("license_utilization")`
    has the sources.
    """

    denominator: Literal["seats", "tracked_users"]
    """What active people are set against. By default seats: who was never invited is a licence unused,
    too.
    """

    window: str
    """In which time somebody has to be active: the period, or as many local days up to its end."""


class PercentUsersDoing(TypedDict, total=False):
    """The choices of percent_users_doing. How many of all users did this?"""

    events: str | Sequence[str] | None
    """The names of the events. Required: which event it is about has no default."""

    window: str
    """In which time: the period, or as many local days up to its end."""


class UsageFrequencyClass(People, total=False):
    """The choices of usage_frequency_class. How many accounts use the product daily, weekly, now and then, or not at all?"""

    preset: Literal["churn_zero"]
    """A named set of choices, which the other fields override.
    `tenure.explain("usage_frequency_class")` has the sources.
    """

    window: str
    """In which time days are counted: as many local days up to the end of the period, or the period."""

    daily_from: int | None
    """From how many days on an account is daily."""

    weekly_from: int | None
    """From how many days on it is weekly."""

    occasionally_from: int | None
    """From how many days on it is there occasionally."""

    new_accounts: Literal["leave_out", "prorate"]
    """What becomes of accounts younger than the window. By default they wait: few days say little."""


class EngagementPercentile(People, total=False):
    """The choices of engagement_percentile. How engaged is an account, compared with others like it?"""

    preset: Literal["totango"]
    """A named set of choices, which the other fields override.
    `tenure.explain("engagement_percentile")` has the sources.
    """

    window: str
    """Over how many full local days actions are counted; or over the period as far as it is over."""

    peers: str | None
    """The column of `accounts` whose value peers share. By default null: all accounts are peers."""


class UnusedFeatures(People, total=False):
    """The choices of unused_features. Which features does nobody use?"""

    window: str
    """In which time nobody used it: as many local days up to the end of the period, or the period."""
