"""What the policies of durations have in common. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict


class Durations(TypedDict, total=False):
    """What the policies of durations have in common."""

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the mean, which most vendors show first."""

    open: Literal["completed_only", "kaplan_meier"]
    """What is done with what has not ended. By default it is left out, as vendors do."""

    clock: Literal["calendar", "business"]
    """Which time counts. By default all of it, which needs no schedule."""

    off_hours: Literal["zero", "exclude"]
    """With the business clock: what a duration without any open time is."""

    schedule: str | None
    """With the business clock: the schedule of units that name none; by default the only one that
    there is. `ignored`: no schedule holds, and all of the time counts.
    """
