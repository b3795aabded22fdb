"""The other engines: `peers.py ENGINE THREADS FILE REPEATS` answers all questions and prints a line of JSON each."""

import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pyarrow as pa

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST_YEAR = 2023
MONTHS = [(FIRST_YEAR + month // 12, month % 12 + 1) for month in range(37)]
#: The months' bounds in microseconds: 36 and the end of the last.
BOUNDS = [int(datetime(year, month, 1, tzinfo=STOCKHOLM).timestamp()) * 1_000_000 for year, month in MONTHS]
#: Summer time in Stockholm: the last Sundays of March and October, at 01:00 UTC.
SUMMERS = [("2023-03-26", "2023-10-29"), ("2024-03-31", "2024-10-27"), ("2025-03-30", "2025-10-26")]
SUMMERS = [
    tuple(int(datetime.fromisoformat(f"{day}T01:00:00+00:00").timestamp()) * 1_000_000 for day in summer)
    for summer in SUMMERS
]
TIMES = {"segment_month_sorted": "sorted_at", "segment_month_shuffled": "shuffled_at"}
#: Short questions are repeated for so many seconds, because other programs run too. So does `tenure.rs`.
LONG_ENOUGH = 3.0

Cells = dict[str, list[int]]


def versions() -> dict[str, str]:
    return {"DuckDB": version("duckdb"), "Polars": version("polars")}


def month(start: int | datetime | None) -> str:
    """A month's name from its start: microseconds since 1970, or the local time."""
    if isinstance(start, int):
        start = datetime.fromtimestamp(start / 1_000_000, UTC).astimezone(STOCKHOLM)
    return "all" if start is None else f"{start:%Y-%m}"


def grouped(rows: Iterable[tuple]) -> Cells:
    """Cells from rows of segment, month, numerator and denominator."""
    return {f"{segment}/{month(start)}": [int(numerator), int(n)] for segment, start, numerator, n in rows}


def points(score: int) -> int:
    return (score >= 9) - (score <= 6)


def unpacked(counts: Iterable[tuple], segments: list[str]) -> Cells:
    """Cells from how often each packed key occurs: `64 * month + 16 * segment + score`."""
    cells: Cells = {}
    for key, count in counts:
        year, of_year = MONTHS[key // 64]
        cell = cells.setdefault(f"{segments[key // 16 % 4]}/{year}-{of_year:02}", [0, 0])
        cell[0] += points(key % 16) * count
        cell[1] += count
    return cells


def duckdb_questions(table: pa.Table, threads: int) -> Iterable[tuple[str, str, Callable[[], Cells]]]:
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    connection.register("arrow", table)
    segments = table.column("segment").chunk(0).dictionary.to_pylist()
    # Its own storage, compressed and with the least and greatest value of every row group, is what it reads fastest.
    connection.execute(f"CREATE TYPE segment AS ENUM ({', '.join(map(repr, segments))})")
    connection.execute("CREATE TABLE answers AS SELECT * REPLACE (segment::segment AS segment) FROM arrow")
    connection.unregister("arrow")

    def ask(sql: str) -> list[tuple]:
        return connection.execute(sql).fetchall()

    nps = "count(*) FILTER (score >= 9) - count(*) FILTER (score <= 6), count(score)"
    # Adding truth values up needs neither a branch nor a selection.
    sums = "sum(score >= 9) - sum(score <= 6), count(score)"
    yield "whole", "usual", lambda: {"all": list(ask(f"SELECT {nps} FROM answers")[0])}
    yield "whole", "forced", lambda: {"all": list(ask(f"SELECT {sums} FROM answers")[0])}
    for case, time_column in TIMES.items():
        usual = f"""
            SELECT segment, date_trunc('month', {time_column} AT TIME ZONE 'Europe/Stockholm') AS month, {nps}
            FROM answers GROUP BY segment, month"""
        yield case, "usual", lambda usual=usual: grouped(ask(usual))
        if case.endswith("sorted"):
            # The least and greatest times of row groups tell which of them a month needs.
            ranges = [
                f"SELECT segment, {first} AS month, {sums} FROM answers"
                f" WHERE {time_column} >= make_timestamptz({first}) AND {time_column} < make_timestamptz({last})"
                " GROUP BY segment"
                for first, last in zip(BOUNDS, BOUNDS[1:])
            ]
            forced = " UNION ALL ".join(ranges)
        else:
            # Two offsets instead of a time zone, and a small number instead of a date.
            summer = " OR ".join(f"micros BETWEEN {first} AND {last - 1}" for first, last in SUMMERS)
            offset = f"CASE WHEN {summer} THEN 7200000000 ELSE 3600000000 END"
            forced = f"""
                SELECT segment, list_value({", ".join(map(str, BOUNDS))})[month], {sums}
                FROM (SELECT *, (12 * (year(local) - {FIRST_YEAR}) + month(local))::UTINYINT AS month
                      FROM (SELECT *, make_timestamp(micros + {offset}) AS local
                            FROM (SELECT score, segment, epoch_us({time_column}) AS micros FROM answers)))
                GROUP BY segment, month"""
        yield case, "forced", lambda forced=forced: grouped(ask(forced))


def polars_questions(table: pa.Table, threads: int) -> Iterable[tuple[str, str, Callable[[], Cells]]]:
    import polars as pl

    assert pl.thread_pool_size() == threads, "POLARS_MAX_THREADS was not set in time"
    answers = pl.from_arrow(table, rechunk=True)
    segments = table.column("segment").chunk(0).dictionary.to_pylist()
    score = pl.col("score")
    nps = [(score >= 9).sum().cast(pl.Int64) - (score <= 6).sum().cast(pl.Int64), score.count().alias("n")]
    yield "whole", "usual", lambda: {"all": list(answers.select(nps).row(0))}
    names = pl.col("segment").cast(pl.String)
    positions = answers.select(names.replace_strict(segments, range(len(segments)), return_dtype=pl.Int16))
    # What its users could have stored in the first place is not part of its time.
    packed = answers.with_columns(key=16 * positions.to_series() + score)

    def by_ranges(time_column: str) -> Iterable[tuple]:
        """Counts of packed keys in rows that come in order of time: a slice a month."""
        places = packed[time_column].to_physical().search_sorted(pl.Series(BOUNDS))
        for at, (first, last) in enumerate(zip(places, places[1:])):
            for key, count in packed["key"][first:last].value_counts().iter_rows():
                yield 64 * at + key, count

    for case, time_column in TIMES.items():
        local = pl.col(time_column).dt.convert_time_zone("Europe/Stockholm")
        usual = answers.lazy().group_by("segment", local.dt.truncate("1mo").alias("month")).agg(nps)
        yield case, "usual", lambda usual=usual: grouped(usual.collect().iter_rows())
        if case.endswith("sorted"):
            yield case, "forced", lambda time_column=time_column: unpacked(by_ranges(time_column), segments)
        else:
            micros = pl.col(time_column).to_physical()
            summer = pl.any_horizontal([micros.is_between(first, last, closed="left") for first, last in SUMMERS])
            offset = pl.when(summer).then(7_200_000_000).otherwise(3_600_000_000)
            naive = (micros + offset).cast(pl.Datetime("us"))
            months = 12 * (naive.dt.year().cast(pl.Int16) - FIRST_YEAR) + naive.dt.month().cast(pl.Int16) - 1
            forced = packed.lazy().group_by(64 * months + pl.col("key")).len()
            yield case, "forced", lambda forced=forced: unpacked(forced.collect().iter_rows(), segments)


ENGINES = {"DuckDB": duckdb_questions, "Polars": polars_questions}


def main(engine: str, threads: int, path: str, repeats: int) -> None:
    with pa.memory_map(path) as file:
        table = pa.ipc.open_file(file).read_all()
        for case, style, ask in ENGINES[engine](table, threads):
            seconds = []
            while len(seconds) < repeats or sum(seconds) < LONG_ENOUGH:
                begin = time.perf_counter()
                cells = ask()
                seconds.append(time.perf_counter() - begin)
            answer = {"engine": engine, "threads": threads, "case": case, "style": style, "seconds": seconds}
            print(json.dumps(answer | {"cells": cells}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
