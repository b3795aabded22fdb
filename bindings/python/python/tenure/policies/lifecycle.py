"""What can be chosen for the KPIs of the family lifecycle, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tenure.policies.stage_choices import StageChoices


class LifecycleStatus(StageChoices, total=False):
    """The choices of lifecycle_status. How many customers are on track, behind or stuck in their stage?"""

    preset: Literal["custify"]
    """A named set of choices, which the other fields override. `tenure.explain("lifecycle_status")`
    has the sources.
    """

    edges: Literal["inclusive", "exclusive"]
    """What an account is that is in a stage exactly as long as a threshold says. By default still what
    it was.
    """

    goals: Literal["ignore", "stop"]
    """What reached goals do to the clock. By default nothing, so that the answer needs no goals."""


class TimeInStage(StageChoices, total=False):
    """The choices of time_in_stage. How long do customers stay in a stage?"""

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the median, which a few who never move do
    not carry away.
    """

    open: Literal["completed_only", "kaplan_meier"]
    """What is done with stays that are open. By default they count for as long as they have lasted:
    left out, only the quick would be seen.
    """

    ends: Literal["leave_out", "include"]
    """What stays in stages are that are ends. By default left out."""

    attribution: Literal["entered", "left"]
    """In which period a stay counts. By default in that in which it began, where open ones are too."""


class StageTransitionRate(StageChoices, total=False):
    """The choices of stage_transition_rate. Where do customers go from each stage?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of each share is computed. By default Wilson's, which holds for few moves too."""


class StageFunnel(StageChoices, total=False):
    """The choices of stage_funnel. How far do customers come through a row of stages?"""

    stages: str | Sequence[str] | None
    """The stages in order, two or more. There is no default: which way is meant has to be said."""

    against: Literal["first", "previous"]
    """What the share is of. By default of those who entered the first stage."""

    within: str | None
    """The time that everybody has; null: until `as_of`. With a span young cohorts are comparable with
    old ones.
    """

    skipped: Literal["reached", "missed"]
    """Whether a stage that was skipped was reached. By default yes: whoever is further was not lost
    before.
    """

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of each share is computed."""


class EndProbability(StageChoices, total=False):
    """The choices of end_probability. How likely does a customer end in each way, from the stage that it is in?"""

    ends: str | Sequence[str] | None
    """The stages that are ends; null: those that the lifecycle says are."""


class TimeToEnd(StageChoices, total=False):
    """The choices of time_to_end. How long will it take until a customer reaches an end, from the stage that it is in?"""

    ends: str | Sequence[str] | None
    """The stages that are ends; null: those that the lifecycle says are."""
