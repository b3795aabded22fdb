"""Columns of files: from text to the type that a canonical name asks for. Nothing that cannot be read is lost."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tenure._frames import library
from tenure._tenure import FALSE_WORDS, TRUE_WORDS
from tenure.errors import TenureError, of_kind

# Its functions are made when it is loaded, so that no type checker knows them.
pyarrow: Any = library("pyarrow", "pip install 'tenure[files]'")
pc: Any = library("pyarrow.compute", "pip install 'tenure[files]'")
types: Any = library("pyarrow.types", "pip install 'tenure[files]'")

NUMBERS = frozenset({
    "score", "scale_min", "scale_max", "seats", "weekday", "target_seconds", "duration_seconds", "value",
    "interval_count", "quantity", "amount_minor", "discount_minor", "weight", "baseline", "target", "actual",
    "experience", "benefit_minor", "horizon_days", "rating", "length_seconds", "steps", "results", "latency_ms",
    "seq", "replies", "run",
})  # fmt: skip
"""Canonical columns of numbers."""

FLAGS = frozenset({
    "internal", "bot", "spam", "deleted", "merged", "public", "auto", "declined", "excluded", "metered",
    "transactional", "required", "converted", "engaged", "ok", "maintenance", "planned",
})  # fmt: skip
"""Canonical columns of true and false."""

LISTS = frozenset({"tags", "departments", "pauses", "recipients"})
"""Canonical columns of lists of text."""

TIMES = frozenset({"valid_from", "valid_to", "since", "date", "service_start", "service_end", "start", "end"})
"""Canonical columns of times whose names do not end in `_at`."""


@dataclass(frozen=True)
class Source:
    """Where a canonical column comes from, and how it is written there."""

    column: str | None = None
    constant: Any = None
    format: str | None = None
    scale: float | None = None
    zone: str | None = None
    separator: str = "|"


@dataclass(frozen=True)
class Place:
    """What an error is about."""

    file: Path
    table: str
    column: str | None = None

    def error(self, kind: str, text: str) -> TenureError:
        """Make the error."""
        column = f', column "{self.column}"' if self.column else ""
        return of_kind(kind, f"{self.file}{column}: {text}", self.table, self.column)


def converted(column: Any, name: str, source: Source, place: Place) -> Any:
    """Give a column the type that its canonical name asks for."""
    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    is_time = name.endswith("_at") or name in TIMES or source.format is not None or source.zone is not None
    if is_time:
        return times(column, source, place) if is_text(column) else in_zone(column, source, place)
    if name in NUMBERS or source.scale is not None:
        return scaled(numbers(column, place) if is_text(column) else column, source)
    if not is_text(column):
        return column
    if name in FLAGS:
        return flags(column)
    if name in LISTS:
        return lists(column, source.separator)
    return column if is_canonical_text(name) else guessed(column)


def is_canonical_text(name: str) -> bool:
    """Whether a column holds ids or names, which stay text so that they are the same in all tables."""
    return name.endswith("_id") or name in {
        "segment", "plan", "region", "manager", "name", "kind", "label", "comment", "channel", "priority", "status",
        "team", "assignee", "subject", "text", "author", "currency", "reason", "zone",
    }  # fmt: skip


def guessed(column: Any) -> Any:
    """Read a column of no canonical name as integers if all its values are."""
    plain = pc.match_substring_regex(column, r"^(0|-?[1-9][0-9]{0,17})$")
    return column.cast(pyarrow.int64()) if pc.all(plain).as_py() else column


def numbers(column: Any, place: Place) -> Any:
    """Read numbers. What is none becomes infinite: it is no answer on any scale and is counted as invalid."""
    text = pc.utf8_trim_whitespace(column)
    good = pc.match_substring_regex(text, r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$")
    bad = pc.invert(good)
    unreadable = pc.sum(bad).as_py() or 0
    if unreadable:
        first = pc.index(bad, True).as_py()
        warnings.warn(
            f'{place.file}, column "{place.column}": {unreadable} values are no numbers and count as invalid, the '
            f"first in row {first}: {column[first].as_py()!r}",
            stacklevel=2,
        )
        text = pc.if_else(bad, "inf", text)
    text = pc.replace_substring_regex(text, r"^\+", "")
    whole = pc.all(pc.match_substring_regex(text, "^-?[0-9]{1,18}$")).as_py()
    return text.cast(pyarrow.int64() if whole else pyarrow.float64())


def scaled(column: Any, source: Source) -> Any:
    """Multiply by the scale of the mapping."""
    return column if source.scale is None else pc.multiply(column.cast("float64"), float(source.scale))


def flags(column: Any) -> Any:
    """Read true and false as the core does; a column with other words stays as it is, and the core names the first."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    text = pc.if_else(pc.equal(text, ""), None, text)
    known = pc.is_in(text, pyarrow.array([*TRUE_WORDS, *FALSE_WORDS], text.type))
    if not pc.all(pc.or_(known, pc.is_null(text))).as_py():
        return column
    return pc.if_else(pc.is_null(text), None, pc.is_in(text, pyarrow.array(TRUE_WORDS, text.type)))


def lists(column: Any, separator: str) -> Any:
    """Split lists."""
    chunks = column.chunks if isinstance(column, pyarrow.ChunkedArray) else [column]
    split = []
    for chunk in chunks:
        parts = pc.split_pattern(chunk, separator)
        items = pc.utf8_trim_whitespace(parts.values)
        split.append(pyarrow.ListArray.from_arrays(parts.offsets, items, mask=parts.is_null()))
    return pyarrow.chunked_array(split, type=pyarrow.list_(pyarrow.string()))


def times(column: Any, source: Source, place: Place) -> Any:
    """Read times of text: ISO 8601, or the format of the mapping."""
    if source.format is None:
        try:
            # The whole column at once: with an offset in every row, or in none.
            return in_zone(column.cast(pyarrow.timestamp("us", "UTC")), source, place)
        except pyarrow.ArrowInvalid:
            pass
        try:
            return in_zone(column.cast(pyarrow.timestamp("us")), source, place)
        except pyarrow.ArrowInvalid:
            # The core reads ISO 8601 row by row, and counts what is none.
            return column if source.zone is None else one_by_one(column, source.zone, place)
    parsed = formatted(column, source.format, place)
    instants = in_zone(parsed, source, place)
    unread = pc.and_(pc.is_null(instants), pc.is_valid(column))
    if not pc.any(unread).as_py():
        return instants
    if is_text(instants):
        return pc.if_else(unread, column, instants)
    suffix = "Z" if instants.type.tz else ""
    iso = pc.strftime(pc.cast(instants, pyarrow.timestamp("us")), format=f"%Y-%m-%dT%H:%M:%S{suffix}")
    return pc.if_else(unread, column, iso)


def formatted(column: Any, form: str, place: Place) -> Any:
    """Read times of a format; what does not fit is missing."""
    try:
        # The fast way takes February 31 for March 3 and knows no offsets: what does not come out as it went in is
        # read once more, the slow way.
        fast = pc.strptime(column, format=form, unit="s", error_is_null=True)
        doubtful = pc.invert(pc.fill_null(pc.equal(bare(pc.strftime(fast, format=form)), bare(column)), False))
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        fast, doubtful = None, pc.is_valid(column)
    doubtful = pc.and_(doubtful, pc.is_valid(column))
    if fast is not None and "%z" not in form and not pc.any(doubtful).as_py():
        return fast.cast(pyarrow.timestamp("us"))
    known: dict[str | None, datetime | None] = {}
    for text in pc.unique(column).to_pylist():
        try:
            known[text] = None if text is None else datetime.strptime(text.strip(), form)
        except ValueError:
            known[text] = None
    first = next((text for text in known if text is not None), None)
    if first is not None and not any(known.values()):
        raise place.error("invalid_request", f'no value fits the format "{form}"; the first is {first!r}')
    zone = "UTC" if any(time is not None and time.tzinfo for time in known.values()) else None
    return pyarrow.array([known[text] for text in column.to_pylist()], pyarrow.timestamp("us", zone))


def bare(column: Any) -> Any:
    """Write times without what a format leaves open: leading zeros, case, blanks at the ends."""
    return pc.replace_substring_regex(pc.utf8_lower(pc.utf8_trim_whitespace(column)), r"\b0+(\d)", r"\1")


def one_by_one(column: Any, name: str, place: Place) -> Any:
    """Read wall-clock times of a zone where some cannot be read; those stay as they are."""
    try:
        zone = ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise place.error("unknown_zone", f'the zone "{name}" is unknown') from error

    def instant(text: str | None) -> str | None:
        try:
            time = datetime.fromisoformat(text or "")
        except ValueError:
            return text
        if time.tzinfo is None:
            wall_clock, time = time, time.replace(tzinfo=zone)
            if time.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall_clock:
                return f"{text}, skipped in {name}"
        return time.astimezone(UTC).isoformat()

    return pyarrow.array([instant(text) for text in column.to_pylist()], pyarrow.string())


def is_text(column: Any) -> bool:
    """Whether a column holds text."""
    return bool(types.is_string(column.type) or types.is_large_string(column.type))


def in_zone(column: Any, source: Source, place: Place) -> Any:
    """Turn wall-clock times of a named zone into instants. A time that the zone's clock skipped is none."""
    if source.zone is None or not types.is_temporal(column.type) or getattr(column.type, "tz", None):
        return column
    column = column.cast(pyarrow.timestamp("us"))
    try:
        early = pc.assume_timezone(column, source.zone, ambiguous="earliest", nonexistent="earliest")
        late = pc.assume_timezone(column, source.zone, ambiguous="earliest", nonexistent="latest")
    except pyarrow.ArrowInvalid as error:
        raise place.error("unknown_zone", f'the zone "{source.zone}" is unknown: {error}') from error
    skipped = pc.not_equal(early, late)
    utc = late.cast(pyarrow.timestamp("us", "UTC"))
    if not pc.any(skipped).as_py():
        return utc
    iso = pc.strftime(utc.cast(pyarrow.timestamp("us")), format="%Y-%m-%dT%H:%M:%SZ")
    wall_clock = pc.strftime(column, format=f"%Y-%m-%dT%H:%M:%S, skipped in {source.zone}")
    return pc.if_else(skipped, wall_clock, iso)


__all__ = ["Place", "Source", "converted"]
