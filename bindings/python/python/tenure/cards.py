"""What there is to ask: the cards of all KPIs."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import overload

from tenure import _show, _tenure
from tenure._mapping import Named


class Card(Named):
    """Everything about a KPI that can be told without data: its question, formula, inputs, policies, sources.

    A mapping: `card["formula"]`; its keys are attributes too: `card.formula`.

    Examples
    --------
    >>> card = tenure.explain("nps")
    >>> card.unit, card["table"]
    ('points', 'surveys')
    >>> sorted(preset["name"] for preset in card.policy["presets"])[:2]
    ['customer_gauge', 'service_rocket_5']
    """

    def __repr__(self) -> str:
        return _show.card_text(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


class Catalog(Sequence[Card]):
    """The cards of all KPIs, in the order of their families.

    Examples
    --------
    >>> [card.id for card in tenure.catalog()][:2]
    ['nps', 'nps_distribution']
    >>> tenure.catalog()["nps"].name
    'Net Promoter Score'
    """

    def __init__(self) -> None:
        self._cards = [Card(_tenure.explain(kpi)) for kpi in _tenure.catalog()]

    @overload
    def __getitem__(self, index: int | str) -> Card: ...
    @overload
    def __getitem__(self, index: slice) -> list[Card]: ...
    def __getitem__(self, index: int | str | slice) -> Card | list[Card]:
        if isinstance(index, str):
            return explain(index)
        return self._cards[index]

    def __len__(self) -> int:
        return len(self._cards)

    def __repr__(self) -> str:
        rows = [[card.id, card.name, card.unit, card.table] for card in self]
        return _show.text_table(["id", "name", "unit", "table"], rows)

    def _repr_html_(self) -> str:
        rows = [[card.id, card.name, card.unit, card.table] for card in self]
        return _show.html_table(["id", "name", "unit", "table"], rows)


def catalog() -> Catalog:
    """List the cards of all KPIs.

    Examples
    --------
    >>> "csat" in [card.id for card in tenure.catalog()]
    True
    """
    return Catalog()


def explain(kpi: str) -> Card:
    """Explain a KPI: what it asks, how it is computed, what can be chosen, and where that comes from.

    Parameters
    ----------
    kpi : str
        Its id or one of its aliases.

    Examples
    --------
    >>> tenure.explain("nps").question
    'How many more customers would recommend us than would not?'
    """
    return Card(_tenure.explain(kpi))
