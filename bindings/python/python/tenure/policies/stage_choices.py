"""What the policies of stage choices have in common. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from tenure._tenure import Lifecycle


class StageChoices(TypedDict, total=False):
    """What the policies of stage choices have in common."""

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

    pauses: Literal["stop", "run"]
    """What a pause does to the clock of a stage. By default it stops it."""
