"""What a suite of questions is. `compare.py` and `peers.py` know nothing else about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

#: What an engine gives, before cells are made of it.
Answer = TypeVar("Answer")
#: Numbers by the name of their cell. Whole numbers must be equal, others equal but for the last digits.
Cells = dict[str, list[float]]
#: A case, how it is written, and what answers it: with cells, or with what makes them when the time has been taken.
Question = tuple[str, str, Callable[[], Cells | Callable[[], Cells]]]


@dataclass(frozen=True)
class Suite:
    title: str
    #: How many of what there are.
    size: int
    things: str
    #: What every engine is asked, by name.
    cases: dict[str, str]
    #: Cells from tenure's rows of a result.
    cells_of: Callable[[list[dict]], Cells]
    #: The other engines: questions from a folder of tables and a number of threads.
    engines: dict[str, Callable[[Path, int], Iterable[Question]]]
    #: What must be equal before a time is written down.
    agreement: str
    #: The packages of the other engines, whose versions are written down.
    packages: dict[str, str] = field(default_factory=lambda: {"DuckDB": "duckdb", "Polars": "polars"})
    #: What a reader should know about the data.
    about: list[str] = field(default_factory=list)
    #: What only tenure is asked, about a fifth of the data.
    layouts: dict[str, str] = field(default_factory=dict)


def engine(
    questions: Callable[[dict[str, pa.Table], int], Iterable[tuple[str, Callable[[], Answer]]]],
    cases: Iterable[str],
    tables_of: Callable[[Path, str], dict[str, pa.Table]],
    assembled: Callable[[Answer], Cells | Callable[[], Cells]],
) -> Callable[[Path, int], Iterable[Question]]:
    """An engine that is asked the same, in one style and the other, about the tables of each case."""

    def asked(folder: Path, threads: int) -> Iterable[Question]:
        for case in cases:
            for style, ask in questions(tables_of(folder, case), threads):
                yield case, style, lambda ask=ask: assembled(ask())

    return asked
