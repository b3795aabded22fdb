"""What the policies of service levels have in common. Written by `python -m tenure._generate`."""

from __future__ import annotations

from typing import Literal, TypedDict


class ServiceLevels(TypedDict, total=False):
    """What the policies of service levels have in common."""

    metric: Literal["first_response", "next_response", "resolution"]
    """Only targets of this metric; by default all of them."""

    priority_at: Literal["event", "first", "current"]
    """Which priority chooses the target. By default the one in force when the target is fulfilled, as
    in `dbt_zendesk`.
    """

    on_target: Literal["achieved", "breached"]
    """What it is to take exactly as long as the target. By default in time: the target is what was
    promised.
    """

    solved_closes: bool
    """Whether solving without a reply ends the wait for one. By default it does: nobody waits any
    more.
    """
