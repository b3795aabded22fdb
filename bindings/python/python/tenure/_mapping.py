"""A mapping whose keys are attributes too: how what the core tells as JSON reads in Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Named(Mapping[str, Any]):
    """Fields by name: `card["formula"]` and `card.formula`."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_fields"][name]
        except KeyError:
            what = f"a {type(self).__name__.lower()}"
            known = ", ".join(self.__dict__.get("_fields", ()))
            raise AttributeError(f"{what} has no {name!r}; it has {known}") from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._fields})


__all__ = ["Named"]
