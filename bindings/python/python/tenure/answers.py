"""One function per KPI that needs a single column: `tenure.nps([10, 9, 7, 3])`.

The functions are made from the catalog, so that a KPI that is added to it exists here at once. The stub beside
this file, which `python -m tenure._generate` writes, gives them their types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenure import _tenure
from tenure.cards import Card, catalog


def _function(card: Card) -> Callable[..., _tenure.Outcome]:
    def answer(values: Any, /, **policy: Any) -> _tenure.Outcome:
        return _tenure.answer(card.id, values, policy)

    answer.__name__ = answer.__qualname__ = card.id
    answer.__module__ = __name__
    choices = "\n".join(f"{field['name']}\n    {field['doc']}" for field in card.policy["fields"])
    answer.__doc__ = (
        f"{card.question}\n\n{card.formula}\n\n"
        f"Parameters\n----------\nvalues\n    The `{card['values']}` of each row of `{card.table}`.\n"
        f"preset\n    A named set of choices; the others override it.\n{choices}\n"
    )
    return answer


_FUNCTIONS = {card.id: _function(card) for card in catalog() if card["values"]}
globals().update(_FUNCTIONS)

__all__ = sorted(_FUNCTIONS)  # pyright: ignore[reportUnsupportedDunderAll]
