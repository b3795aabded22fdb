"""The scorecard in the terminal, readable at 100 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import _show
from tenure._frames import library
from tenure.overview import Scorecard, interval, left_out, line_name, period_name, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenure._tenure import Outcome

WIDTH = 100
PERIODS_SHOWN = 12


def print_scorecard(board: Scorecard, title: str, file: Any = None) -> None:
    """Print a scorecard."""
    library("rich", "pip install 'tenure[files]'")
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, highlight=False)
    if console.width < WIDTH and not console.is_terminal:
        # Piped output has no width of its own.
        console = Console(file=file, highlight=False, width=WIDTH)
    console.print(Text.assemble("\n", (title, "bold"), f", as of {board.known()}" if board.known() else ""))
    counts = (f"{name} {len(board.book[name]):,}" for name in board.book.tables)
    console.print(f"rows: {', '.join(counts)}", style="dim")
    for part in (headline(board), *breakdowns(board), trend(board), groups(board), faults(board)):
        if part is not None:
            console.print()
            console.print(part)
    if board.skipped:
        console.print("\nNot computed:")
        for why, kpis in board.skipped_by_reason().items():
            console.print(f"  {why}: {', '.join(kpis)}", style="dim", markup=False)
    console.print()


def table(title: str, *columns: str) -> Any:
    """Begin a table; columns that begin with `>` are aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    made.caption_justify = "left"
    for column in columns:
        right = column.startswith(">")
        made.add_column(column.removeprefix(">"), justify="right" if right else "left", no_wrap=right)
    made.columns[0].no_wrap = columns[0] != "KPI"
    return made


def per_kpi(title: str, first: str, units: dict[str, str]) -> Any:
    """Begin a table with a column per KPI, which says its unit."""
    made = table(title, first, *(f">{kpi}" for kpi in units))
    for column, (kpi, unit) in zip(made.columns[1:], units.items(), strict=True):
        symbol = _show.UNITS.get(unit, unit)
        column.header = f"{kpi} ({symbol})" if symbol else kpi
    made.caption = r"value \[interval] n"
    return made


def unit_of(outcomes: Iterable[Outcome]) -> str:
    """Say what the values of outcomes count."""
    return next((outcome.unit for outcome in outcomes), "")


def headline(board: Scorecard) -> Any:
    """One line per KPI."""
    made = table("Scorecard", "KPI", ">value", ">95 % interval", ">n", "left out", "policy")
    made.columns[0].min_width = 20
    levels = {line.outcome.interval.level for line in board.lines if line.outcome.interval}
    if len(levels) == 1:
        made.columns[2].header = f"{levels.pop() * 100:g} % interval"
    for line in board.lines:
        outcome = line.outcome
        shown = value(outcome) if outcome.status == "ok" else f"{value(outcome)} ({outcome.status})"
        policy = _show.short_policy(outcome.policy, line.card)
        made.add_row(line_name(line), shown, interval(outcome), f"{outcome.n:,}", left_out(outcome) or "-", policy)
    return made


def breakdowns(board: Scorecard) -> list[Any]:
    """One table per dimension, a column per KPI."""
    made = []
    for dimension, kpis in board.breakdowns.items():
        one = per_kpi(f"By {dimension}", dimension, {kpi: unit_of(found) for kpi, found in kpis.items()})
        keys: list[Any] = []
        for outcomes in kpis.values():
            keys += [o.dimensions[dimension] for o in outcomes if o.dimensions[dimension] not in keys]
        for key in keys:
            found = (next((o for o in outcomes if o.dimensions[dimension] == key), None) for outcomes in kpis.values())
            one.add_row(str(key), *(with_interval(outcome) for outcome in found))
        made.append(one)
    return made


def trend(board: Scorecard) -> Any:
    """One line per period, a column per main KPI."""
    if not board.trends:
        return None
    every = (outcome for result in board.trends.values() for outcome in result)
    starts = sorted({outcome.period_start for outcome in every if outcome.period_start})
    made = per_kpi(f"By {board.every}", board.every, {kpi: unit_of(found) for kpi, found in board.trends.items()})
    found = {kpi: {outcome.period_start: outcome for outcome in result} for kpi, result in board.trends.items()}
    if len(starts) > PERIODS_SHOWN:
        made.caption += f"; the last {PERIODS_SHOWN} of {len(starts)}; * the period is not whole"
    for start in starts[-PERIODS_SHOWN:]:
        cells = (with_interval(outcomes.get(start)) for outcomes in found.values())
        made.add_row(period_name(start, board.every), *cells)
    return made


def groups(board: Scorecard) -> Any:
    """One line per group, a column per main KPI."""
    if not board.groups or board.by is None:
        return None
    by = board.by
    made = per_kpi(f"By {by}", by, {kpi: unit_of(found) for kpi, found in board.groups.items()})
    found = {kpi: {outcome.by[by]: outcome for outcome in result} for kpi, result in board.groups.items()}
    keys: list[Any] = []
    for outcomes in found.values():
        keys += [key for key in outcomes if key not in keys]
    for key in keys:
        made.add_row("(none)" if key is None else str(key), *(with_interval(o.get(key)) for o in found.values()))
    return made


def faults(board: Scorecard) -> Any:
    """Count the rows that could not be used."""
    counts = board.fault_counts()
    if not counts:
        return None
    made = table("Rows that could not be used", "table", "column", "reason", ">rows")
    for name, column, reason, count in counts:
        made.add_row(name, column, reason, f"{count:,}")
    return made


def with_interval(outcome: Outcome | None) -> str:
    """Show a value, its interval and n in one narrow cell."""
    if outcome is None or outcome.value is None:
        return f"- {outcome.n:,}" if outcome and outcome.n else "-"
    digits = 2 if outcome.unit in ("score", "ratio") else 1
    mark = "*" if outcome.status == "partial_period" else ""
    ends = outcome.interval
    shown = rf" \[{_show.number(ends.low, digits - 1)}, {_show.number(ends.high, digits - 1)}]" if ends else ""
    return f"{_show.number(outcome.value, digits)}{mark}{shown} {outcome.n:,}"
