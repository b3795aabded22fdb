"""What can be chosen for the KPIs of the family success, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from tenure._tenure import Lifecycle


class InteractionMix(TypedDict, total=False):
    """The choices of interaction_mix. What are our contacts with customers for: support, service or success?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of each share is computed."""


class FirefightingRate(TypedDict, total=False):
    """The choices of firefighting_rate. Which share of the accounts that we were in touch with got nothing but firefighting?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""


class OutcomeAttainment(TypedDict, total=False):
    """The choices of outcome_attainment. Which share of our customers' goals do they reach, and in the way that suits them?"""

    preset: Literal["custify", "gainsight"]
    """A named set of choices, which the other fields override. `tenure.explain("outcome_attainment")`
    has the sources.
    """

    part: Literal["required", "experience", "both"] | list[Literal["required", "experience", "both"]]
    """What of a desired outcome is asked for; a list gives one row each. By default both: a goal
    reached the hard way is one that the customer will not want to reach again.
    """

    experience_from: float
    """The least rating of 0 to 10 that is an appropriate experience. By default 7: who would detract
    from a recommendation is not content.
    """

    evidence: Literal["any", "measured", "verified"]
    """What shows that a goal was reached. By default what was said at the closing, and of goals that
    nobody closed what was measured.
    """

    settles: Literal["due", "reached"]
    """When a goal settles. By default when it is closed or due: those reached early do not count
    before those that are late.
    """

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""


class GoalProgress(TypedDict, total=False):
    """The choices of goal_progress. How far have customers come towards their goals?"""

    at: Literal["as_of", "due"]
    """Of which instant the progress is told. By default of now, which needs no forecast."""

    beyond: Literal["cap", "keep"]
    """What progress beyond the target or behind the baseline counts as. By default as 100 and 0: one
    goal far beyond its target would hide others that are not reached.
    """

    weights: Literal["use", "ignore"]
    """What weights are for. By default the mean is by weight: who gives weights means them."""


class DaysSinceVerifiedOutcome(TypedDict, total=False):
    """The choices of days_since_verified_outcome. How long ago did customers last confirm that they had reached something?"""

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median: a few who confirmed long ago
    make any mean.
    """

    green_within: str | None
    """Up to how long ago is green. By default 90 days, a quarter: as often as business reviews are
    held.
    """

    yellow_within: str | None
    """Up to how long ago is yellow. By default 180 days, two quarters."""


class TouchCount(TypedDict, total=False):
    """The choices of touch_count. How often were we in touch with customers?"""

    preset: Literal["totango"]
    """A named set of choices, which the other fields override. `tenure.explain("touch_count")` has the
    sources.
    """

    notes: Literal["leave_out", "count"]
    """What an internal note is, an interaction of channel `crm_note`. By default none: no customer
    noticed it.
    """

    bots: Literal["leave_out", "count"]
    """What a bot's message is. By default no touch: nobody of the company was there."""

    initiated_by: Literal["any", "company", "customer"]
    """Whose touches count, by who began them. By default anybody's: a customer who writes is in touch
    too.
    """

    lifecycle: str | Lifecycle | Mapping[str, Any]
    """Which lifecycle holds: the name of a built-in one, or one of one's own. By default that of
    subscription software.
    """

    stages_from: Literal["rows", "rules"]
    """What tells in which stage an account is; null: the rows of `stages` if there is such a table,
    else, for KPIs of the lifecycle, the rules.
    """

    impossible: Literal["believe", "refuse"]
    """What a move is that the lifecycle does not have. By default it is believed: else accounts stay
    where they no longer are.
    """


class DaysSinceLastTouch(TypedDict, total=False):
    """The choices of days_since_last_touch. How long have customers not heard of us?"""

    preset: Literal["totango"]
    """A named set of choices, which the other fields override.
    `tenure.explain("days_since_last_touch")` has the sources.
    """

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median: a few forgotten accounts make
    any mean.
    """

    accounts: Literal["current", "all"]
    """Which accounts are looked at. By default those that are customers: nobody is expected to call
    the others.
    """

    notes: Literal["leave_out", "count"]
    """What an internal note is, an interaction of channel `crm_note`. By default none: no customer
    noticed it.
    """

    bots: Literal["leave_out", "count"]
    """What a bot's message is. By default no touch: nobody of the company was there."""

    initiated_by: Literal["any", "company", "customer"]
    """Whose touches count, by who began them. By default anybody's: a customer who writes is in touch
    too.
    """

    lifecycle: str | Lifecycle | Mapping[str, Any]
    """Which lifecycle holds: the name of a built-in one, or one of one's own. By default that of
    subscription software.
    """

    stages_from: Literal["rows", "rules"]
    """What tells in which stage an account is; null: the rows of `stages` if there is such a table,
    else, for KPIs of the lifecycle, the rules.
    """

    impossible: Literal["believe", "refuse"]
    """What a move is that the lifecycle does not have. By default it is believed: else accounts stay
    where they no longer are.
    """


class TouchCoverage(TypedDict, total=False):
    """The choices of touch_coverage. Which share of our customers did we get in touch with lately?"""

    preset: Literal["totango"]
    """A named set of choices, which the other fields override. `tenure.explain("touch_coverage")` has
    the sources.
    """

    window: str
    """How far back a touch may lie. By default a quarter, in which a business review is due."""

    accounts: Literal["current", "all"]
    """Which accounts are looked at. By default those that are customers: nobody is expected to call
    the others.
    """

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed. By default Wilson's, which holds for few accounts too."""

    notes: Literal["leave_out", "count"]
    """What an internal note is, an interaction of channel `crm_note`. By default none: no customer
    noticed it.
    """

    bots: Literal["leave_out", "count"]
    """What a bot's message is. By default no touch: nobody of the company was there."""

    initiated_by: Literal["any", "company", "customer"]
    """Whose touches count, by who began them. By default anybody's: a customer who writes is in touch
    too.
    """

    lifecycle: str | Lifecycle | Mapping[str, Any]
    """Which lifecycle holds: the name of a built-in one, or one of one's own. By default that of
    subscription software.
    """

    stages_from: Literal["rows", "rules"]
    """What tells in which stage an account is; null: the rows of `stages` if there is such a table,
    else, for KPIs of the lifecycle, the rules.
    """

    impossible: Literal["believe", "refuse"]
    """What a move is that the lifecycle does not have. By default it is believed: else accounts stay
    where they no longer are.
    """


class AccountsPerManager(TypedDict, total=False):
    """The choices of accounts_per_manager. How many customers does each manager look after?"""

    accounts: Literal["current", "all"]
    """Which accounts are looked at. By default those that are customers: the others are nobody's work."""

    lifecycle: str | Lifecycle | Mapping[str, Any]
    """Which lifecycle holds: the name of a built-in one, or one of one's own. By default that of
    subscription software.
    """

    stages_from: Literal["rows", "rules"]
    """What tells in which stage an account is; null: the rows of `stages` if there is such a table,
    else, for KPIs of the lifecycle, the rules.
    """

    impossible: Literal["believe", "refuse"]
    """What a move is that the lifecycle does not have. By default it is believed: else accounts stay
    where they no longer are.
    """


class EffortShare(TypedDict, total=False):
    """The choices of effort_share. What do we spend our touches on?"""

    of: Literal["class", "stage"]
    """What touches are told apart by. By default what they are for, which needs no stages."""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of each share is computed. By default Wilson's, which holds for few touches
    too.
    """

    notes: Literal["leave_out", "count"]
    """What an internal note is, an interaction of channel `crm_note`. By default none: no customer
    noticed it.
    """

    bots: Literal["leave_out", "count"]
    """What a bot's message is. By default no touch: nobody of the company was there."""

    initiated_by: Literal["any", "company", "customer"]
    """Whose touches count, by who began them. By default anybody's: a customer who writes is in touch
    too.
    """

    lifecycle: str | Lifecycle | Mapping[str, Any]
    """Which lifecycle holds: the name of a built-in one, or one of one's own. By default that of
    subscription software.
    """

    stages_from: Literal["rows", "rules"]
    """What tells in which stage an account is; null: the rows of `stages` if there is such a table,
    else, for KPIs of the lifecycle, the rules.
    """

    impossible: Literal["believe", "refuse"]
    """What a move is that the lifecycle does not have. By default it is believed: else accounts stay
    where they no longer are.
    """
