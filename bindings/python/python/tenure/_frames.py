"""Results in the data frames of other libraries, which are imported only here and only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from tenure._tenure import Rows


def library(name: str, install: str) -> ModuleType:
    """Import an optional library, or say how to install it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}, which is not installed: {install}") from error


def to_pandas(rows: Rows) -> Any:
    """Make a pandas frame column by column: this way pyarrow is not needed and counts stay integers."""
    pandas = library("pandas", "pip install pandas")
    columns = {}
    for name in rows.columns:
        values = rows[name]
        present = [value for value in values if value is not None]
        if present and all(type(value) is int for value in present) and len(present) < len(values):
            # Without this, one missing value would turn exact integers into floats.
            columns[name] = pandas.array(values, dtype="Int64" if fits(present) else object)
        elif present and all(isinstance(value, float) for value in present):
            columns[name] = pandas.Series(values, dtype="float64")
        else:
            columns[name] = pandas.Series(values, dtype=None if present else object)
    return pandas.DataFrame(columns, columns=rows.columns)


def fits(values: list[int]) -> bool:
    """Whether all numbers have at most 64 bits."""
    return all(-(2**63) <= value < 2**63 for value in values)


def to_polars(rows: Rows) -> Any:
    """Make a polars frame through the Arrow capsule."""
    polars = library("polars", "pip install polars")
    return polars.DataFrame(rows)


def to_arrow(rows: Rows) -> Any:
    """Make a pyarrow table through the Arrow capsule."""
    pyarrow = library("pyarrow", "pip install pyarrow")
    return pyarrow.table(rows)


__all__ = ["library", "to_arrow", "to_pandas", "to_polars"]
