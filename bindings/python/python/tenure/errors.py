"""The exceptions: one class per kind of error, all of them under `TenureError`.

Each class is also the built-in that fits, so that `except KeyError` and the like work.

Examples
--------
>>> try:
...     tenure.Book(surveys={"score": [10]}).compute("npss")
... except KeyError as error:
...     print(error.kind)
unknown_kpi
"""

from __future__ import annotations


class TenureError(Exception):
    """What went wrong, and where.

    Attributes
    ----------
    kind : str
        The stable name of the kind, the same in every language.
    table, column : str or None
        The place in the caller's tables.
    row : int or None
        The row, counted from 0 over the whole table.

    Examples
    --------
    >>> try:
    ...     tenure.Book(surveys={"rating": [10]}).compute("nps")
    ... except tenure.TenureError as error:
    ...     print(error.kind, error.table, error.column)
    missing_column surveys score
    """

    kind: str = "internal"
    table: str | None = None
    column: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0]) if self.args else ""


class MissingTableError(TenureError, KeyError):
    """A table that the KPI needs is not in the book."""


class MissingColumnError(TenureError, KeyError):
    """A column that the KPI needs is not in its table."""


class UnknownColumnError(TenureError, KeyError):
    """A column named in `by`, `where` or `trace` is nowhere to be found."""


class UnknownKpiError(TenureError, KeyError):
    """No KPI has this id."""


class UnknownPolicyError(TenureError, ValueError):
    """A policy field, choice or preset that the KPI does not have."""


class UnknownZoneError(TenureError, ValueError):
    """Not an IANA time zone."""


class WrongTypeError(TenureError, TypeError):
    """A table or column holds another type of value than is needed."""


class InvalidRequestError(TenureError, ValueError):
    """The request contradicts itself or lacks something."""


class InvalidRowError(TenureError, ValueError):
    """`strict` was asked for and a row is invalid, or a row is that others are measured by: a schedule, a target."""


class MixedScalesError(TenureError, ValueError):
    """Answers on different scales would have been put together."""


class MixedCurrenciesError(TenureError, ValueError):
    """Amounts in different currencies would have been put together without rates."""


class LimitExceededError(TenureError, ValueError):
    """The answer would be larger than `max_rows` or `max_groups` allows."""


class ExactOverflowError(TenureError, OverflowError):
    """A count or sum does not fit its exact type."""


class CorruptStateError(TenureError, ValueError):
    """Bytes that are not an encoded state, or were damaged."""


class UnsupportedVersionError(TenureError, ValueError):
    """A state, or a policy's revision, of a version that this one does not read."""


class StateMismatchError(TenureError, ValueError):
    """Two states that answer different questions."""


class InternalError(TenureError, RuntimeError):
    """A defect of tenure."""


BY_KIND: dict[str, type[TenureError]] = {
    "missing_table": MissingTableError,
    "missing_column": MissingColumnError,
    "unknown_column": UnknownColumnError,
    "unknown_kpi": UnknownKpiError,
    "unknown_policy": UnknownPolicyError,
    "unknown_zone": UnknownZoneError,
    "wrong_type": WrongTypeError,
    "invalid_request": InvalidRequestError,
    "invalid_row": InvalidRowError,
    "mixed_scales": MixedScalesError,
    "mixed_currencies": MixedCurrenciesError,
    "limit_exceeded": LimitExceededError,
    "overflow": ExactOverflowError,
    "corrupt_state": CorruptStateError,
    "unsupported_version": UnsupportedVersionError,
    "state_mismatch": StateMismatchError,
    "internal": InternalError,
}
"""The class of each kind of error of the core."""


def of_kind(
    kind: str, message: str, table: str | None = None, column: str | None = None, row: int | None = None
) -> TenureError:
    """Make the exception of an error; the compiled part calls this.

    Examples
    --------
    >>> tenure.errors.of_kind("missing_table", "the book has no table", "surveys")
    MissingTableError('the book has no table')
    """
    error = BY_KIND.get(kind, TenureError)(message)
    error.kind, error.table, error.column, error.row = kind, table, column, row
    return error


__all__ = [
    "BY_KIND",
    "CorruptStateError",
    "ExactOverflowError",
    "InternalError",
    "InvalidRequestError",
    "InvalidRowError",
    "LimitExceededError",
    "MissingColumnError",
    "MissingTableError",
    "MixedCurrenciesError",
    "MixedScalesError",
    "StateMismatchError",
    "TenureError",
    "UnknownColumnError",
    "UnknownKpiError",
    "UnknownPolicyError",
    "UnknownZoneError",
    "UnsupportedVersionError",
    "WrongTypeError",
    "of_kind",
]
