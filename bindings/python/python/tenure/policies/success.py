"""What can be chosen for the KPIs of the family success, as typed dicts. Written by `python -m tenure._generate`."""

from __future__ import annotations

from typing import Literal, TypedDict


class InteractionMix(TypedDict, total=False):
    """The choices of interaction_mix. What are our contacts with customers for: support, service or success?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval of each share is computed."""


class FirefightingRate(TypedDict, total=False):
    """The choices of firefighting_rate. Which share of the accounts that we were in touch with got nothing but firefighting?"""

    interval: Literal["wilson", "clopper_pearson"]
    """How the interval is computed."""
