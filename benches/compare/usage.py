"""A product's numbers: who is active, stays and comes back, sessions, features and accounts, all of them asked at once.

One time is taken for the whole suite: an engine may keep and share between its questions whatever it likes, from the
tables on. `usage.json` has the questions as tenure is asked them; what it leaves out is not compared.
"""

import json
from pathlib import Path

import pyarrow as pa

import tables
import usage_duckdb
import usage_polars
from days import DAYS, DAYS_OF_MONTHS, MONTHS, WEEKS, local_date
from suite import Cells, Suite, engine

QUESTIONS = json.loads(Path(__file__).with_suffix(".json").read_text())
CASES = {
    "sorted": "thirteen questions, rows in order of time",
    "shuffled": "the same, rows in no order",
    "text": "the same, rows in order of time, users and names as plain texts",
}
#: What is compared of each question.
FIELDS = {
    "daily": ["value"],
    "weekly": ["value"],
    "monthly": ["value"],
    "rolling": ["value"],
    "stickiness": ["numerator", "denominator"],
    "active_days": ["value", "n", "n_missing"],
    "cohorts": ["numerator", "denominator", "n_immature"],
    "lifecycle": ["value"],
    "sessions": ["value"],
    "adoption": ["numerator", "denominator"],
    "breadth": ["value"],
    "depth": ["numerator", "denominator"],
    "frequency": ["value", "n"],
}
DATES = {"daily": DAYS, "weekly": WEEKS, "monthly": MONTHS, "rolling": DAYS, "sessions": MONTHS}
STATES = ["new", "returning", "resurrecting", "dormant"]


def cells_of(rows: list[dict]) -> Cells:
    cells = {}
    for row in rows:
        question, numbers = row["question"], [row[field] for field in FIELDS[row["question"]]]
        if question == "cohorts":
            # Its cohort says when the row's period begins. Those of nobody are nobody's to compare.
            numbers = [number or 0 for number in numbers]
            if any(numbers):
                cells["/".join([question, *map(str, row["dimensions"])])] = numbers
        else:
            period = [] if row["start"] is None else [str(local_date(row["start"]))]
            cells["/".join([question, *map(str, row["by"] + row["dimensions"]), *period])] = numbers
    return cells


def cohort_cells(retained: list[tuple[int, int, int]]) -> Cells:
    """Of cohorts, ages and people, with a zero for every age at which nobody of a cohort was there."""
    people = {(cohort, age): count for cohort, age, count in retained}
    cells: Cells = {}
    for cohort, week in enumerate(WEEKS):
        size = people.get((cohort, 0), 0)
        for age in range(len(WEEKS) - cohort if size else 0):
            # The last week has not ended.
            immature = cohort + age == len(WEEKS) - 1
            cells[f"cohorts/{week}/{age}"] = [0, 0, size] if immature else [people.get((cohort, age), 0), size, 0]
    return cells


def assembled(rows: dict[str, list[tuple]]) -> Cells:
    """Cells from rows by question: of a day, a week or a month by its number, a name or an account, and numbers."""
    cells: Cells = {}
    for question, dates in DATES.items():
        counts = dict(rows[question])
        cells |= {f"{question}/{date}": [counts.get(at, 0)] for at, date in enumerate(dates)}
    for month, user_days, users in rows["stickiness"]:
        cells[f"stickiness/{MONTHS[month]}"] = [user_days, users * DAYS_OF_MONTHS[month]]
    ((known,),) = rows["known"]
    active = sum(users for _, users in rows["active_days"])
    for number, users in rows["active_days"]:
        cells[f"active_days/{number}"] = [users, active, known - active]
    cells |= cohort_cells(rows["cohorts"])
    for week, *states in rows["lifecycle"]:
        cells |= {f"lifecycle/{state}/{WEEKS[week]}": [count] for state, count in zip(STATES, states)}
    everybody = sum(users for _, users, *_ in rows["accounts"])
    cells |= {f"adoption/{name}": [users, everybody] for name, users in rows["adoption"]}
    for account, users, days, events, sessions in rows["accounts"]:
        cells[f"breadth/{account}"] = [users]
        cells[f"depth/{account}"] = [events, sessions]
        cells[f"frequency/{account}"] = [days / users, users]
    return {cell: numbers for cell, numbers in cells.items() if cell.split("/")[0] in QUESTIONS}


def tables_of(folder: Path, case: str) -> dict[str, pa.Table]:
    return tables.read(folder, {"events": f"events_{case}", "users": "users_text" if case == "text" else "users"})


SUITE = Suite(
    title="Product usage",
    size=20_000_000,
    things="events",
    cases=CASES,
    cells_of=cells_of,
    engines={
        "DuckDB": engine(usage_duckdb.questions, CASES, tables_of, assembled),
        "Polars": engine(usage_polars.questions, CASES, tables_of, assembled),
    },
    agreement="All engines gave the same counts, and the same mean days to nine digits, in every cell before their"
    " times were written down.",
    about=[
        "two hundred events to a user over the 365 days of 2025 in Stockholm, in sessions of a few minutes, heavy users"
        " and light ones; twenty users to an account; fifty names, the first fifty times as frequent as the last",
        "the questions: active users of every day, week and month, and of thirty days up to every day; stickiness of"
        " every month; users by active days of the last 28; weekly cohorts; weekly lifecycle; sessions of every month"
        " after gaps of thirty minutes; adoption of every feature; breadth, depth and frequency of every account",
        "the time is that of all questions together, from the tables on; of texts, it is also that of turning them into"
        " numbers",
    ],
)
