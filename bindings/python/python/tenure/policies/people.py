"""What the policies of people have in common. Written by `python -m tenure._generate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict


class People(TypedDict, total=False):
    """What the policies of people have in common."""

    events: str | Sequence[str] | None
    """The names of the events that count; null: all. Somebody who only receives mail is not active."""

    identity: Literal["user", "session", "device"]
    """Who is one person. By default a user."""
