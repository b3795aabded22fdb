"""A help desk's numbers: response, resolution, reopening, backlog and targets, all of them asked at once.

One time is taken for the whole suite: an engine may keep and share between its questions whatever it likes, from the
tables on. `support.json` has the questions as tenure is asked them.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

import support_duckdb
import support_polars
import tables
from months import NAMES, month
from suite import Cells, Suite, engine

TABLES = ["conversations", "messages", "status_history"]
SMALL_TABLES = ["schedules", "holidays", "sla_policies"]
CASES = {
    "sorted": "nine questions, rows in order of time",
    "shuffled": "the same, rows in no order",
}
#: What is compared of each question.
FIELDS = {
    "first_response": ["value", "n", "n_missing"],
    "first_response_business": ["value", "n", "n_missing"],
    "first_response_monthly": ["value", "n"],
    "next_response": ["value", "n", "n_missing"],
    "full_resolution": ["value", "n", "n_missing"],
    "one_touch": ["numerator", "denominator"],
    "reopened": ["numerator", "denominator", "n_immature"],
    "backlog": ["value"],
    "sla_first_response": ["numerator", "denominator", "n_immature"],
}
#: Questions with several statistics: the others have one number a period.
STATISTICS = {
    "first_response": ["mean", "median", "p90"],
    "first_response_business": ["mean", "median", "p90"],
    "full_resolution": ["mean", "median"],
}


def cells_of(rows: list[dict]) -> Cells:
    cells = {}
    for row in rows:
        question = row["question"]
        statistic = row["dimensions"] if question in STATISTICS else []
        period = [] if row["start"] is None else [month(row["start"])]
        cells["/".join([question, *statistic, *period])] = [row[field] for field in FIELDS[question]]
    return cells


def assembled(answer: tuple[Mapping[str, float], Iterable[tuple[int, float, int]], list[int]]) -> Cells:
    """Cells from numbers named `question_statistic` or `question_field`, and from numbers by month, counted from 0."""
    whole, responses, backlog = answer
    cells: Cells = {}
    for question, statistics in STATISTICS.items():
        counts = [whole[f"{question}_{field}"] for field in FIELDS[question][1:]]
        for statistic in statistics:
            cells[f"{question}/{statistic}"] = [whole[f"{question}_{statistic}"], *counts]
    for question in ["next_response", "one_touch", "reopened", "sla_first_response"]:
        cells[question] = [whole[f"{question}_{field}"] for field in FIELDS[question]]
    for at, mean, n in responses:
        cells[f"first_response_monthly/{NAMES[at]}"] = [mean, n]
    for at, count in enumerate(backlog):
        cells[f"backlog/{NAMES[at]}"] = [count]
    return cells


def tables_of(folder: Path, case: str) -> dict[str, pa.Table]:
    return tables.read(folder, {name: f"{name}_{case}" for name in TABLES} | {name: name for name in SMALL_TABLES})


SUITE = Suite(
    title="Support",
    size=2_000_000,
    things="conversations",
    cases=CASES,
    cells_of=cells_of,
    engines={
        "DuckDB": engine(support_duckdb.questions, CASES, tables_of, assembled),
        "Polars": engine(support_polars.questions, CASES, tables_of, assembled),
    },
    agreement="All engines gave the same counts, and the same seconds to nine digits, in every cell before their times"
    " were written down.",
    about=[
        "about five messages and three statuses each; opening hours from Monday to Friday, nine to five, in Stockholm,"
        " with holidays; targets by priority",
        "the questions: first response by the calendar and in open hours (mean, median, p90), and its mean by month;"
        " next response; full resolution (mean, median); one-touch rate; reopened within seven days; backlog at the"
        " ends of 36 months; first responses within their targets",
        "the time is that of all questions together, from the tables on",
    ],
)
