"""What the functions take, as types: tables, columns, times, and the keywords of a request."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeAlias, TypedDict

from tenure._tenure import Lifecycle
from tenure.policies import Policy

When: TypeAlias = str | date | datetime
"""A time of a request: ISO 8601 text, a date, or a datetime (a pandas Timestamp is one)."""

# Two literals, because stubtest expects a union where there are several choices.
Every: TypeAlias = Literal["hour", "day", "week"] | Literal["month", "quarter", "year"]
"""The grain of periods."""


class ArrowStream(Protocol):
    """A table or column of any library that speaks Arrow: pandas, polars, pyarrow, DuckDB, ..."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand out a stream of Arrow arrays."""


class ArrowArray(Protocol):
    """A record batch or column in one piece."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Hand out an Arrow array."""
        ...


class Array(Protocol):
    """An array of numpy, which has the buffer protocol."""

    def __len__(self) -> int:
        """Count the values."""
        ...

    def tolist(self) -> Any:
        """Give the values as a list."""


Values: TypeAlias = Sequence[Any] | ArrowStream | ArrowArray | Array
"""A column."""

Table: TypeAlias = ArrowStream | ArrowArray | Mapping[str, Values] | Sequence[Mapping[str, Any]]
"""A table: Arrow, a dict of columns, or a list of rows."""


Lifecycles: TypeAlias = Lifecycle | Mapping[str, Any] | str
"""A lifecycle: one's own, its definition, or the name of a built-in one."""

Texts: TypeAlias = Table | Mapping[str, Any] | Values | str
"""Texts to look at: a table of them, one row as a dict, or texts alone."""

Path: TypeAlias = str | os.PathLike[str]
"""A file."""


class Strip(TypedDict, total=False):
    """What to leave out of texts."""

    markup: bool
    quotes: bool
    signature: bool


class ClassifyOptions(TypedDict, total=False):
    """The keywords of `tenure.classify`, which describes them."""

    threshold: float
    evidence: int
    strip: bool | Strip
    max_characters: int


class FeedbackOptions(TypedDict, total=False):
    """The keywords of `tenure.feedback`, which describes them."""

    threshold: float
    evidence: int
    strip: bool | Strip
    max_characters: int
    themes: Mapping[str, Sequence[str]]
    built_in_themes: bool


class FitOptions(TypedDict, total=False):
    """The keywords of `tenure.Classifier.fit`, which describes them."""

    adapt: bool
    folds: int
    regularisation: float
    name: str


class Options(TypedDict, total=False):
    """The keywords of a request; `Book.compute` describes them."""

    policy: Policy
    start: When | None
    end: When | None
    as_of: When | None
    zone: str
    every: Every | None
    week_start: int
    year_start: int
    by: str | Sequence[str]
    where: Mapping[str, Any]
    level: float
    min_n: int
    strict: bool
    column_zones: Mapping[str, str]
    max_rows: int
    max_groups: int


class StoryOptions(TypedDict, total=False):
    """The keywords of `Book.journey`, which describes them."""

    policy: Mapping[str, Any]
    as_of: When | None
    zone: str
    column_zones: Mapping[str, str]


class JourneyOptions(StoryOptions, total=False):
    """The keywords of `Book.journeys`, which describes them."""

    where: Mapping[str, Any]


__all__ = [
    "Array",
    "ArrowArray",
    "ArrowStream",
    "ClassifyOptions",
    "Every",
    "FeedbackOptions",
    "FitOptions",
    "JourneyOptions",
    "Lifecycles",
    "Options",
    "Path",
    "StoryOptions",
    "Strip",
    "Table",
    "Texts",
    "Values",
    "When",
]
