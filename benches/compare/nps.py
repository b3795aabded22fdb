"""The Net Promoter Score of survey answers: everything, and by segment and month in Stockholm."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from months import BOUNDS, FIRST_YEAR, MONTHS, month
from suite import Cells, Question, Suite

#: Summer time in Stockholm: the last Sundays of March and October, at 01:00 UTC.
SUMMERS = [("2023-03-26", "2023-10-29"), ("2024-03-31", "2024-10-27"), ("2025-03-30", "2025-10-26")]
SUMMERS = [
    tuple(int(datetime.fromisoformat(f"{day}T01:00:00+00:00").timestamp()) * 1_000_000 for day in summer)
    for summer in SUMMERS
]
TIMES = {"segment_month_sorted": "sorted_at", "segment_month_shuffled": "shuffled_at"}


def answers_of(folder: Path) -> pa.Table:
    with pa.memory_map(str(folder / "answers.arrow")) as file:
        return pa.ipc.open_file(file).read_all()


def cells_of(rows: list[dict]) -> Cells:
    """Numerator and denominator by segment and month."""
    named = {}
    for row in rows:
        name = "/".join([*row["by"], month(row["start"])]) if row["by"] else "all"
        named[name] = [row["numerator"], row["denominator"]]
    return named


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


def duckdb_questions(folder: Path, threads: int) -> Iterable[Question]:
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    table = answers_of(folder)
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


def polars_questions(folder: Path, threads: int) -> Iterable[Question]:
    import polars as pl

    assert pl.thread_pool_size() == threads, "POLARS_MAX_THREADS was not set in time"
    table = answers_of(folder)
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


SUITE = Suite(
    title="Net Promoter Score",
    size=50_000_000,
    things="answers",
    cases={
        "whole": "NPS of everything",
        "segment_month_sorted": "NPS by segment and month in Stockholm, rows in order of time",
        "segment_month_shuffled": "the same, rows in no order",
    },
    cells_of=cells_of,
    engines={"DuckDB": duckdb_questions, "Polars": polars_questions},
    agreement="All engines gave the same numerator and denominator in every cell before their times were written down.",
    layouts={
        "whole_with_times": "everything, with times that are compared with as_of",
        "segment_int32_keys": "segment and month, dictionary with 32-bit keys",
        "segment_text": "segment and month, segments as text",
        "score_int64_nulls": "segment and month, scores as int64, a fifth null",
        "score_float64_nan": "segment and month, scores as float64, a fifth NaN",
        "kind_excluded_whole": "everything, of one kind of survey and not excluded",
        "kind_excluded_sorted": "segment and month, of one kind and not excluded",
        "kind_excluded_shuffled": "the same, rows in no order",
        "account_month": "100,000 accounts and month, rows in no order",
    },
)
