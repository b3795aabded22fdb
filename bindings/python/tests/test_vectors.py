"""The conformance vectors, through Python: tables come in through a library chosen at random per vector."""

from __future__ import annotations

import datetime as dt
import json
import random
from importlib.util import find_spec
from typing import Any

import pytest
import tenure
from conftest import ROOT, in_the_repository

KNOWN_CHECKS = 3578
"""How many checks there are at least; fewer were not looked at, which is a failure of its own."""

FILES = [file for part in ("vectors", "systems", "classify") for file in sorted((ROOT / "tests" / part).glob("*.json"))]
TIMES = {
    "period_start", "period_end", "occurred_at", "instant", "at", "entered_at", "left_at", "differs_since",
}  # fmt: skip
RAN: list[str] = []


def written(column: Any) -> tuple[str | None, list[Any]]:
    """Read a column: plain values, runs of them, or either with a type."""
    if isinstance(column, list):
        return None, column
    values = column["values"] if "values" in column else [v for v, times in column["runs"] for _ in range(times)]
    return column.get("type"), values


def python_column(kind: str | None, values: list[Any]) -> list[Any]:
    """Give a column as plain Python values; what has no plain form keeps the form nearest to it."""
    if kind is None:
        return values
    if kind.startswith("timestamp"):
        return [None if v is None else dt.datetime.fromisoformat(v) for v in values]
    if kind == "date":
        return [None if v is None else dt.date.fromisoformat(v) for v in values]
    if kind in ("f32", "f64"):
        return [None if v is None else float(v) for v in values]
    return values


def arrow_column(kind: str | None, values: list[Any]) -> Any:
    """Give a column as an Arrow array of exactly its type."""
    import pyarrow as pa

    if kind is None:
        if any(isinstance(value, float) for value in values):
            values = [float(value) if isinstance(value, int) else value for value in values]
        return pa.array(values)
    if kind == "dictionary":
        return pa.array(values, pa.string()).dictionary_encode()
    if kind.startswith("timestamp"):
        unit, _, zone = kind.removeprefix("timestamp[").removesuffix("]").partition(", ")
        return pa.array(python_column(kind, values), pa.timestamp(unit, zone or None))
    types = {
        "text": pa.string(), "bool": pa.bool_(), "date": pa.date32(),
        "i8": pa.int8(), "i16": pa.int16(), "i32": pa.int32(), "i64": pa.int64(),
        "u8": pa.uint8(), "u16": pa.uint16(), "u32": pa.uint32(), "u64": pa.uint64(),
        "f32": pa.float32(), "f64": pa.float64(),
    }  # fmt: skip
    return pa.array(python_column(kind, values), types[kind])


def arrow_table(columns: dict[str, Any], chance: random.Random) -> Any:
    """Give a table as Arrow, in chunks that begin somewhere in larger arrays."""
    import pyarrow as pa

    table = pa.table({name: arrow_column(*written(column)) for name, column in columns.items()})
    if table.num_rows < 2 or chance.random() < 0.3:
        return table
    cut = chance.randrange(table.num_rows + 1)
    return pa.concat_tables([table.slice(0, cut), table.slice(cut)])


def as_lists(columns: dict[str, Any], _: random.Random) -> Any:
    return {name: python_column(*written(column)) for name, column in columns.items()}


def as_rows(columns: dict[str, Any], chance: random.Random) -> Any:
    lists = as_lists(columns, chance)
    if not lists or not all(lists.values()):
        return lists
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def as_polars(columns: dict[str, Any], chance: random.Random) -> Any:
    import polars

    return polars.from_arrow(arrow_table(columns, chance), rechunk=False)


def as_pandas(columns: dict[str, Any], chance: random.Random) -> Any:
    import pandas

    return arrow_table(columns, chance).to_pandas(types_mapper=pandas.ArrowDtype)


def as_duckdb(columns: dict[str, Any], chance: random.Random) -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    return connection.from_arrow(arrow_table(columns, chance))


NEEDS = {
    as_rows: (),
    arrow_table: ("pyarrow",),
    as_polars: ("pyarrow", "polars"),
    as_pandas: ("pyarrow", "pandas"),
    as_duckdb: ("pyarrow", "duckdb"),
}
FORMS = [form for form, libraries in NEEDS.items() if all(find_spec(library) for library in libraries)]


def books(tables: dict[str, Any], chance: random.Random) -> dict[str, tenure.Book]:
    """Make the book of plain lists, and one of a form chosen at random."""
    made = {"as_lists": tenure.Book(**{name: as_lists(columns, chance) for name, columns in tables.items()})}
    form = chance.choice(FORMS)
    if form is as_duckdb and not all(columns for columns in tables.values()):
        form = arrow_table
    made[form.__name__] = tenure.Book(**{name: form(columns, chance) for name, columns in tables.items()})
    return made


def instant(text: str) -> dt.datetime:
    time = dt.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)


def differs(name: str, expected: Any, found: Any, tolerance: float) -> bool:
    if name in TIMES and isinstance(expected, str):
        # A time that the clock strikes twice is unequal to any time of another zone (PEP 495); as UTC it is not.
        return found is None or found.astimezone(dt.UTC) != instant(expected)
    if isinstance(found, dt.datetime) and isinstance(expected, int):
        return (found - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) != expected
    both = isinstance(expected, int | float) and isinstance(found, int | float)
    if both and not isinstance(expected, bool) and (isinstance(expected, float) or isinstance(found, float)):
        return abs(expected - found) > tolerance
    return bool(expected != found)


def check(book: tenure.Book, vector: dict[str, Any], one: dict[str, Any]) -> str | None:
    """Say what is wrong with an answer; nothing if it is as expected."""
    expect = one["expect"]
    verb = one.get("verb", "compute")
    try:
        if verb == "classify":
            rows = tenure.classify(book["interactions"], **one["request"]).to_dicts()
        elif verb == "feedback":
            rows = tenure.feedback(book["surveys"], **one["request"]).to_dicts()
        elif verb == "journeys":
            rows = book.journeys(**one["request"]).to_dicts()
        elif verb == "journey":
            options = {name: value for name, value in one["request"].items() if name != "account_id"}
            rows = book.journey(one["request"]["account_id"], **options).to_dicts()
        else:
            rows = getattr(book, verb)(one["request"]).to_dicts()
    except tenure.TenureError as error:
        if "error" not in expect:
            return f"{type(error).__name__}: {error}"
        if error.kind != expect["error"]["kind"]:
            return f"expected {expect['error']['kind']}, found {error.kind}: {error}"
        missing = [part for part in expect["error"].get("contains", []) if part not in str(error)]
        return f"{error} does not contain {missing}" if missing else None
    if "error" in expect:
        return f"expected {expect['error']['kind']}, found {rows}"
    if len(rows) != len(expect["rows"]):
        return f"expected {len(expect['rows'])} rows, found {len(rows)}: {rows}"
    for at, (wanted, row) in enumerate(zip(expect["rows"], rows, strict=True)):
        for name, value in wanted.items():
            if name == "row" and name not in row:
                continue
            if name not in row or differs(name, value, row[name], vector.get("tolerance", 1e-9)):
                return f"row {at}, {name}: expected {value!r}, found {row.get(name)!r}"
    return None


@in_the_repository
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_vectors(file: Any) -> None:
    wrong = []
    for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]:
        chance = random.Random(vector["name"])
        for form, book in books(vector["tables"], chance).items():
            for at, one in enumerate(vector["checks"]):
                found = check(book, vector, one)
                if form == "as_lists":
                    RAN.append(vector["name"])
                if found:
                    wrong.append(f"{vector['name']}, check {at}, {form}, {one['request']}: {found}")
    assert not wrong, f"{len(wrong)} of the checks failed:\n" + "\n".join(wrong)


@in_the_repository
def test_all_vectors_were_looked_at(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = [item for item in request.session.items if item.originalname == "test_vectors"]  # type: ignore[attr-defined]
    if len(chosen) < len(FILES):
        pytest.skip("only some of the files were asked for")
    with capsys.disabled():
        print(f"\nPython: {len(RAN)} checks of the conformance vectors")
    assert len(RAN) >= KNOWN_CHECKS
