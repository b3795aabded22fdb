"""What can be chosen for the KPIs of the family performance, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict


class Uptime(TypedDict, total=False):
    """The choices of uptime. Which share of the time was the product there?"""

    definition: Literal["incidents", "probes"]
    """What tells that the product was there. By default incidents, which know how long it was not."""

    maintenance: Literal["excluded", "counts", "excluded_from_time"]
    """What maintenance is. By default it is not looked at, as most contracts have it. Of probes, those
    made during maintenance are left out or count.
    """

    end: Literal["repaired", "resolved"]
    """When an outage is over. By default when the service was back, which is what customers notice."""


class ErrorRate(TypedDict, total=False):
    """The choices of error_rate. Which share of the requests fails?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""


class Apdex(TypedDict, total=False):
    """The choices of apdex. How content are users with how fast the product answers?"""

    preset: Literal["blueriq", "freshping", "tencent"]
    """A named set of choices, which the other fields override. `tenure.explain("apdex")` has the
    sources.
    """

    threshold_ms: int | None
    """The target `T`, in milliseconds. It is the owner's to choose; by default half a second, as
    servers of applications often have it.
    """

    edges: Literal["inclusive", "exclusive", "only_equal"]
    """What answers are at the edges. By default within their zone, as most vendors have it."""

    interval: Literal["adjusted_wald", "wald", "t"]
    """How the interval is computed, of answers as 1, 1/2 and 0."""


class LatencyPercentile(TypedDict, total=False):
    """The choices of latency_percentile. How long do users wait for the product to answer?"""

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default what 19 of 20 requests do not exceed."""

    failed: Literal["exclude", "include"]
    """What the latency of a failed probe is. By default it is left out: the error rate tells of it."""


class Mttr(TypedDict, total=False):
    """The choices of mttr. How fast are incidents dealt with?"""

    definition: Literal["acknowledge", "repair", "recovery", "resolve"]
    """What is waited for, and from when. There is no default: the four are different numbers under one
    name.
    """

    statistic: str | Sequence[str]
    """What is told; a list gives one row each. By default the mean, which the name promises."""

    open: Literal["completed_only", "kaplan_meier"]
    """What is done with what has not ended. By default it is left out, as vendors do."""


class Mtbf(TypedDict, total=False):
    """The choices of mtbf. How long does the product run between two failures?"""

    maintenance: Literal["excluded", "counts", "excluded_from_time"]
    """What maintenance is. By default it is not looked at: it is no failure, and the service could
    have been there.
    """

    end: Literal["repaired", "resolved"]
    """When an outage is over. By default when the service was back."""


class AffectedAccounts(TypedDict, total=False):
    """The choices of affected_accounts. How many customers notice that something fails?"""

    definition: Literal["count", "share"]
    """What is told of the accounts. By default how many there are: so many customers have to be told."""
