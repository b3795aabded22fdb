"""What the policies of funnel have in common. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict


class Funnel(TypedDict, total=False):
    """What the policies of funnel have in common."""

    steps: str | Sequence[str] | None
    """The names of the steps, two or more, in order. There is no default."""

    window: str | None
    """How soon after the entry the last step counts, end included. A day has 24 hours."""

    order: Literal["ordered", "any", "strict"]
    """In which order steps have to be taken."""

    entry: Literal["first", "recent"]
    """Which first step is the entry. By default the first, so that whoever tries longer is not faster."""

    counting: Literal["uniques", "totals"]
    """What is counted. By default people."""

    grace: str | None
    """How much earlier than the step before it a step may come, for clocks that disagree. By default
    not at all.
    """
