"""What became of a company's accounts: stages, moves, states and funnel, all of them asked at once, and every stay.

One time is taken for all questions: an engine may keep and share between them whatever it likes, from the tables on.
`lifecycle.json` has the questions as tenure is asked them. The table of journeys, one row a stay, is a case of its own.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from types import ModuleType

import polars as pl
import pyarrow as pa

import lifecycle_duckdb
import lifecycle_polars
import tables
from months import NAMES, month
from stages import END, FUNNEL, STATES, end_probabilities
from suite import Cells, Question, Suite, engine

CASES = {
    "sorted": "seven questions, rows in order of time",
    "shuffled": "the same, rows in no order",
    "journeys": "every stay with its status, in order of accounts, from rows in order of time",
}
QUESTIONS = ["sorted", "shuffled"]
#: What is compared of each question.
FIELDS = {
    "time_in_stage": ["value", "n", "n_missing"],
    "time_in_stage_quarterly": ["value", "n", "n_missing"],
    "transitions": ["numerator", "denominator"],
    "status": ["value"],
    "status_monthly": ["value"],
    "end": ["value", "n"],
    "funnel": ["numerator", "denominator"],
}
STATISTICS = ["median", "mean", "p90"]
#: Places in the table are counted up to here: their sums tell whether two tables are in the same order.
PLACES = 1009


def cells_of(rows: list[dict]) -> Cells:
    if rows and "sums" in rows[0]:
        return {f"{row['stage']}/{row['status']}": row["sums"] for row in rows}
    cells = {}
    for row in rows:
        question, numbers = row["question"], [row[field] for field in FIELDS[row["question"]]]
        period = [] if row["start"] is None else [month(row["start"])]
        # Where nobody was and what nobody did has no rows elsewhere.
        if any(numbers) and not (question == "transitions" and numbers[0] == 0):
            cells["/".join([question, *map(str, row["by"] + row["dimensions"]), *period])] = numbers
    return cells


def stocks(changes: list[tuple[int, str, int]]) -> Iterable[tuple[int, str, int]]:
    """How many accounts are in a state at the end of each month, from what comes and goes in each."""
    for state in STATES:
        come = {}
        for at, of, count in changes:
            come[at] = come.get(at, 0) + count * (of == state)
        count = 0
        for at in range(len(NAMES) - 1):
            count += come.get(at, 0)
            if count:
                yield at, state, count


def assembled(rows: dict[str, list[tuple]]) -> Cells:
    """Cells from rows by question: words, a month or quarter by its number, and counts or seconds."""
    cells: Cells = {}
    for stage, *seconds, n, n_missing in rows["time_in_stage"]:
        for statistic, value in zip(STATISTICS, seconds):
            cells[f"time_in_stage/{stage}/{statistic}"] = [value, n, n_missing]
    for quarter, stage, *seconds, n, n_missing in rows["time_in_stage_quarterly"]:
        for statistic, value in zip(STATISTICS, seconds):
            cells[f"time_in_stage_quarterly/{stage}/{statistic}/{NAMES[3 * quarter]}"] = [value, n, n_missing]
    exits, moves = {}, {}
    for quarter, source, target, count in rows["transitions"]:
        exits[quarter, source] = exits.get((quarter, source), 0) + count
        moves[source, target] = moves.get((source, target), 0) + count
    for quarter, source, target, count in rows["transitions"]:
        cells[f"transitions/{source}/{target}/{NAMES[3 * quarter]}"] = [count, exits[quarter, source]]
    n = sum(count for (source, _), count in moves.items() if source != END)
    cells |= {f"end/{stage}/{END}": [percent, n] for stage, percent in end_probabilities(moves).items()}
    cells |= {f"status/{segment}/{state}": [count] for segment, state, count in rows["status"]}
    monthly = rows["status_monthly"] if "status_monthly" in rows else stocks(rows["changes"])
    cells |= {f"status_monthly/{state}/{NAMES[at]}": [count] for at, state, count in monthly}
    (reached,) = rows["funnel"]
    return cells | {f"funnel/{stage}": [count, reached[0]] for stage, count in zip(FUNNEL, reached)}


def added_up(journeys: pl.DataFrame) -> Cells:
    """How many stays of each stage and status, their seconds, times and accounts, and where they are in the table."""
    times = pl.col("entered_at", "left_at").to_physical().fill_null(0)
    numbers = [
        pl.len(),
        *(column.cast(pl.Float64).sum() for column in [pl.col("seconds"), times, pl.col("account_id")]),
    ]
    place = pl.col("place") % PLACES
    sums = journeys.with_row_index("place").group_by("stage", "status").agg(*numbers, place.cast(pl.Int64).sum())
    return {f"{stage}/{status}": numbers for stage, status, *numbers in sums.iter_rows()}


def tables_of(folder: Path, case: str) -> dict[str, pa.Table]:
    order = "sorted" if case == "journeys" else case
    return tables.read(folder, {"stages": f"stages_{order}", "accounts": "accounts"})


def engine_of(asked: ModuleType) -> Callable[[Path, int], Iterable[Question]]:
    questions = engine(asked.questions, QUESTIONS, tables_of, assembled)
    # Adding up is no part of the question.
    journeys = engine(asked.journeys, ["journeys"], tables_of, lambda read: lambda: added_up(read()))
    return lambda folder, threads: chain(questions(folder, threads), journeys(folder, threads))


SUITE = Suite(
    title="Customer lifecycle",
    size=10_000_000,
    things="rows of stages",
    cases=CASES,
    cells_of=cells_of,
    engines={"DuckDB": engine_of(lifecycle_duckdb), "Polars": engine_of(lifecycle_polars)},
    agreement="All engines gave the same counts, and the same seconds and shares to nine digits, in every cell before"
    " their times were written down; of the journeys, the same number, seconds, times, accounts and places in the"
    " table of each stage's stays of each status.",
    about=[
        "about ten rows to an account over 36 months in Stockholm; eleven stages, most moves as the lifecycle"
        " `subscription` has them; a fifth of the rows says again what is known, one in twenty pauses or goes on",
        "the questions: time in each stage (median, mean, p90), of all stays and of those begun in each quarter; moves"
        " of every quarter; states by segment, and at the ends of 36 months; how likely each stage is to end in"
        " churn; a funnel of four stages",
        "the time is that of all questions together, from the tables on; that of journeys until they are a table",
    ],
)
