"""What the policies of session cut have in common. Written by `python -m tenure._generate`."""

from __future__ import annotations

from typing import Literal, TypedDict


class SessionCut(TypedDict, total=False):
    """What the policies of session cut have in common."""

    timeout: str | None
    """How long a pause a session outlasts. By default half an hour, as almost everywhere."""

    boundary: Literal["longer", "at_least"]
    """What a pause of exactly that length does. By default the session goes on."""

    cap: Literal["midnight"] | str | None
    """When a session ends that never pauses: so long after its first event, `midnight`, or null, which
    is never. It cuts sessions that have an id as well.
    """

    per: Literal["user", "device"]
    """Whose events make a session. By default a user's, on whatever device."""

    session_ids: Literal["use", "ignore"]
    """Whether the column `session_id` decides, where it is there. By default it does: who wrote it
    knew more.
    """
