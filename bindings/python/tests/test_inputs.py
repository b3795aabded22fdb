"""Tables come in from everywhere, and the same answers come out."""

from __future__ import annotations

import array
import datetime as dt
import decimal
import uuid
from typing import Any

import pytest
import tenure

SCORES = [10, 9, 7, 3, 42, None, 8, 0]
SEGMENTS = ["smb", "smb", None, "enterprise", "smb", "smb", "enterprise", "mid"]
TIMES = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=9 * day) for day in range(8)]
TAGS = [["price"], [], None, ["price", "speed"], None, ["speed"], ["ease"], ["price"]]
LISTS: dict[str, list[Any]] = {"score": SCORES, "segment": SEGMENTS, "answered_at": TIMES, "tags": TAGS}


def answers(surveys: Any) -> list[Any]:
    """Ask what all inputs must answer alike."""
    book = tenure.Book(surveys=surveys)
    grouped = book.compute("nps", every="month", by="segment", as_of="2026-07-01")
    themes = book.compute("theme_score", as_of="2026-07-01")
    return [grouped.to_dicts(), themes.to_dicts()]


EXPECTED = answers(LISTS)


def test_the_answer_is_known() -> None:
    # 10, 9 promote; 3, 0 detract; 7, 8 are passive; 42 is invalid, one is missing.
    outcome = tenure.Book(surveys=LISTS).compute("nps").only()
    assert (outcome.value, outcome.n, outcome.n_invalid, outcome.n_missing) == (0.0, 6, 1, 1)


def rows() -> list[dict[str, Any]]:
    return [dict(zip(LISTS, row, strict=True)) for row in zip(*LISTS.values(), strict=True)]


def test_lists_of_dicts() -> None:
    assert answers(rows()) == EXPECTED
    assert answers(tuple(rows())) == EXPECTED
    without_nulls = [{name: value for name, value in row.items() if value is not None} for row in rows()]
    assert answers(without_nulls) == EXPECTED


def test_any_mapping_of_any_iterables() -> None:
    from types import MappingProxyType

    assert answers(MappingProxyType({name: tuple(values) for name, values in LISTS.items()})) == EXPECTED


def test_pyarrow() -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table(LISTS)
    assert answers(table) == EXPECTED
    assert answers(pa.concat_tables([table.slice(0, 3), table.slice(3, 0), table.slice(3, 5)])) == EXPECTED
    padded = pa.concat_tables([table, table, table]).combine_chunks().slice(8, 8)
    assert answers(padded) == EXPECTED
    assert answers(padded.to_batches()[0]) == EXPECTED
    assert answers(pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=2))) == EXPECTED
    for text in (pa.large_string(), pa.string_view()):
        assert answers(table.set_column(1, "segment", table["segment"].cast(text))) == EXPECTED
    for width in (pa.int8(), pa.int16(), pa.int32(), pa.float32(), pa.float64(), pa.uint8(), pa.decimal128(22, 1)):
        assert answers(table.set_column(0, "score", table["score"].cast(width))) == EXPECTED, width
    for unit in ("s", "ms", "ns"):
        cast = table["answered_at"].cast(pa.timestamp(unit, "Asia/Tokyo"))
        assert answers(table.set_column(2, "answered_at", cast)) == EXPECTED, unit


def test_columns_without_any_value() -> None:
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    pd, duckdb = pytest.importorskip("pandas"), pytest.importorskip("duckdb")
    nothing, lists = [None] * 8, [[], None, [], [None], [], [], [], []]
    table = {**LISTS, "score": nothing, "segment": nothing, "tags": lists}
    expected = answers(table)
    assert sum(row["n_missing"] for row in expected[0]) == 8
    assert all(row["value"] is None for row in expected[0])
    frame = pl.DataFrame(table)
    assert frame.schema["score"] == pl.Null
    assert frame.schema["tags"] == pl.List(pl.Null)
    arrow = pa.table(table)
    assert arrow.schema.field("score").type == pa.null()
    objects = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in table.items()})
    relation = duckdb.from_arrow(arrow.drop_columns(["tags"])).select("*, null as tags")
    for form in (frame, frame.to_dict(as_series=True), arrow, arrow.to_batches()[0], objects):
        assert answers(form) == expected, type(form)
    assert answers(relation)[0] == expected[0]
    nested = frame.with_columns(
        pl.struct(pl.lit(None).alias("inner")).alias("struct"),
        pl.Series("array", [[None]] * 8, dtype=pl.Array(pl.Null, 1)),
    )
    assert answers(nested) == expected
    # All of the columns, and none of the rows.
    assert tenure.classify(pl.DataFrame({"text": nothing, "account_id": nothing}))["account_id"] == nothing
    for column in (pl.Series(nothing), pd.Series(nothing), pa.nulls(8), pa.chunked_array([pa.nulls(8)])):
        assert tenure.feedback(column)["sentiment"] == nothing, type(column)
    assert len(tenure.feedback(pl.DataFrame({"comment": []}))) == 0


def test_dictionaries_with_missing_values() -> None:
    pa = pytest.importorskip("pyarrow")
    # The value of the third is missing in two ways: as a key, and as what a key stands for.
    keys = pa.array([0, 0, 2, 1, 0, 0, 1, 3], pa.int8())
    by_value = pa.DictionaryArray.from_arrays(keys, pa.array(["smb", "enterprise", None, "mid"]))
    by_key = pa.array(SEGMENTS).dictionary_encode()
    for segment in (by_value, by_key):
        assert answers(pa.table({**LISTS, "segment": segment})) == EXPECTED


def test_polars() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame(LISTS)
    assert answers(frame) == EXPECTED
    assert answers(frame.with_columns(pl.col("segment").cast(pl.Categorical))) == EXPECTED
    assert answers(pl.concat([frame[:3], frame[3:]], rechunk=False)) == EXPECTED
    assert answers(frame.to_dict(as_series=True)) == EXPECTED
    assert answers({**LISTS, "score": pl.concat([frame["score"][:5], frame["score"][5:]], rechunk=False)}) == EXPECTED


def test_pandas() -> None:
    pd, pa = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    frame = pd.DataFrame(LISTS)
    assert answers(frame) == EXPECTED
    assert answers(frame.astype({"score": "Int8", "segment": "category"})) == EXPECTED
    assert answers(pa.table(LISTS).to_pandas(types_mapper=pd.ArrowDtype)) == EXPECTED
    assert answers({name: frame[name] for name in frame}) == EXPECTED
    shuffled = frame.set_index(pd.Index([7, 3, 1, 0, 2, 4, 6, 5]))
    assert answers(shuffled) == EXPECTED


def test_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    pa = pytest.importorskip("pyarrow")
    source = pa.table(LISTS)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("source", source)
        assert answers(connection.sql("select * from source")) == EXPECTED


def test_a_capsule_is_read_once() -> None:
    pa = pytest.importorskip("pyarrow")

    class Once:
        def __init__(self) -> None:
            self.capsule = pa.table(LISTS).__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.capsule

    once = Once()
    tenure.Book(surveys=once)
    with pytest.raises(tenure.TenureError, match="once"):
        tenure.Book(surveys=once)
    column = pa.chunked_array([[10, 9]])
    capsule = column.__arrow_c_stream__()

    class Column:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return capsule

    assert tenure.nps(Column()).n == 2
    with pytest.raises(tenure.TenureError, match="consumed"):
        tenure.nps(Column())


def test_capsules_that_fail() -> None:
    class Raises:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise RuntimeError("no stream today")

    class Lies:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return "no capsule"

    class Interrupted:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise KeyboardInterrupt

    for broken in (Raises(), Lies()):
        with pytest.raises(tenure.errors.WrongTypeError, match="surveys") as caught:
            tenure.Book(surveys=broken)
        assert caught.value.__cause__ is not None
        with pytest.raises(tenure.errors.WrongTypeError):
            tenure.nps(broken)
    with pytest.raises(KeyboardInterrupt):
        tenure.Book(surveys=Interrupted())


def test_a_stream_that_fails_midway() -> None:
    pa = pytest.importorskip("pyarrow")

    def batches() -> Any:
        yield pa.record_batch({"score": [10]})
        raise ValueError("the source went away")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("score", pa.int64())]), batches())
    with pytest.raises(tenure.TenureError, match="went away"):
        tenure.Book(surveys=reader)


def test_numpy_arrays() -> None:
    np = pytest.importorskip("numpy")
    expected = tenure.nps([10, 9, 7, 3])
    for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", ">i4", ">f8", "O"):
        assert tenure.nps(np.array([10, 9, 7, 3], kind)) == expected, kind
    assert tenure.nps(np.array([10, 0, 9, 0, 7, 0, 3, 0])[::2]) == expected
    assert tenure.nps(np.array([10.0, np.nan])).n_missing == 1
    assert tenure.nps(np.ma.masked_array([10, 9, 7, 3, 1], mask=[0, 0, 0, 0, 1])).n == 4
    read_only = np.array([10, 9, 7, 3])
    read_only.flags.writeable = False
    assert tenure.nps(read_only) == expected
    for wrong in (np.zeros((2, 2)), np.array([1j]), np.array([1], "m8[s]"), np.array(3)):
        with pytest.raises(tenure.errors.WrongTypeError):
            tenure.nps(wrong)


def test_numpy_times_flags_and_text() -> None:
    np = pytest.importorskip("numpy")
    for unit in ("s", "ms", "us", "ns", "D", "h"):
        times = np.array(["2026-01-05", "NaT", "2026-02-05"], f"M8[{unit}]")
        book = tenure.Book(
            surveys={"score": [10, 9, 3], "answered_at": times, "excluded": np.array([False, False, True])}
        )
        outcome = book.compute("nps").only()
        assert (outcome.n, outcome.n_excluded) == (1, 1), unit
    book = tenure.Book(surveys={"score": [10, 3], "segment": np.array(["a", "b"])})
    assert [o.by["segment"] for o in book.compute("nps", by="segment")] == ["a", "b"]


def test_other_buffers() -> None:
    expected = tenure.nps([10, 9, 7, 3])
    assert tenure.nps(array.array("b", [10, 9, 7, 3])) == expected
    assert tenure.nps(memoryview(array.array("d", [10, 9, 7, 3]))) == expected
    assert tenure.nps(range(3, 4)).value == -100.0
    assert tenure.nps(score for score in [10, 9, 7, 3]) == expected  # type: ignore[arg-type]


def test_python_values() -> None:
    np = pytest.importorskip("numpy")
    pd = pytest.importorskip("pandas")
    scores = [10, 9.0, decimal.Decimal("7.0"), None]
    with pytest.raises(tenure.errors.WrongTypeError, match="Decimal"):
        tenure.nps(scores)
    assert tenure.nps([10, decimal.Decimal("9.0"), decimal.Decimal("7.5"), None]).n_invalid == 1
    assert tenure.nps([np.int8(10), np.float32(9), float("nan")]).n == 2
    assert tenure.nps([10, pd.NA, pd.NaT]).n_missing == 2
    assert tenure.nps([10, 2**63, 2**100]).n_invalid == 2
    book = tenure.Book(
        surveys={
            "score": [10, 9, 3],
            "answered_at": [dt.date(2026, 1, 5), dt.datetime(2026, 1, 6, 12), None],
            "survey_id": [uuid.UUID(int=number) for number in range(3)],
        }
    )
    assert book.compute("nps").only().n == 2
    assert book.units("nps")["survey_id"][1] == str(uuid.UUID(int=1))
    zoned = [
        dt.datetime(2026, 1, 5, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30))),
        pd.Timestamp("2026-01-05", tz="UTC"),
    ]
    assert tenure.Book(surveys={"score": [1, 2], "answered_at": zoned}).compute("nps").only().n == 2


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ([10, "nine"], 1),
        ([10, True], 1),
        (["a", 3], 1),
        ([dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)], 1),
        ([object()], 0),
        ([b"10"], 0),
        ([["a"], [3]], 1),
        ([{"a": 1}], 0),
        (["\ud800"], 0),
        ([2**200], 0),
        ([1j], 0),
    ],
)
def test_values_that_make_no_column(values: list[Any], row: int) -> None:
    with pytest.raises(tenure.errors.WrongTypeError) as caught:
        tenure.Book(surveys={"score": values})
    assert (caught.value.table, caught.value.column, caught.value.row) == ("surveys", "score", row)
    assert f'column "score" of table "surveys", row {row}' in str(caught.value)


@pytest.mark.parametrize(
    "table", ["text", b"bytes", 3, None, [1, 2], [[1]], object(), {"score": "text"}, {"score": 3}, {3: [1]}]
)
def test_values_that_are_no_table(table: Any) -> None:
    with pytest.raises(tenure.TenureError) as caught:
        tenure.Book(surveys=table)
    assert caught.value.table == "surveys"


def test_a_lazy_frame_is_collected_by_its_owner() -> None:
    polars = pytest.importorskip("polars")
    with pytest.raises(tenure.errors.WrongTypeError, match=r"LazyFrame.*\.collect\(\)") as caught:
        tenure.Book(surveys=polars.LazyFrame({"score": [10]}))
    assert caught.value.table == "surveys"


def test_a_mixed_column_of_pandas_is_named() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"score": [10, 9], "segment": ["smb", 3]})
    with pytest.raises(tenure.errors.WrongTypeError, match='column "segment" of table "surveys"') as caught:
        tenure.Book(surveys=frame)
    assert (caught.value.table, caught.value.column) == ("surveys", "segment")


def test_tables_of_odd_shapes() -> None:
    with pytest.raises(tenure.errors.InvalidRequestError, match="answered_at"):
        tenure.Book(surveys={"score": [1, 2], "answered_at": ["2026-01-01"]})
    for empty in ({}, [], {"score": []}):
        book = tenure.Book(surveys=empty)
        assert len(book["surveys"]) == 0
    assert tenure.Book(surveys={"score": []}).compute("nps").only().status == "undefined"
    late = tenure.Book(surveys=[{"score": 10}, {"score": 3, "segment": "a"}])
    assert late["surveys"]["segment"] == [None, "a"]


def test_data_lives_as_long_as_the_book() -> None:
    pa = pytest.importorskip("pyarrow")

    def make() -> tenure.Book:
        return tenure.Book(surveys=pa.table({"score": pa.array([10, 9, 7, 3] * 1000, pa.int8())}))

    books = [make() for _ in range(10)]
    junk = [bytes(4000) for _ in range(1000)]
    assert all(book.compute("nps").only().value == 25.0 for book in books)
    assert len(junk) == 1000


def test_a_table_of_one_book_goes_into_another(company_book: tenure.Book) -> None:
    again = tenure.Book(surveys=company_book["surveys"])
    assert again.compute("nps").to_dicts() == company_book.compute("nps").to_dicts()
