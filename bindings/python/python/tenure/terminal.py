"""The scorecard in the terminal, readable at 120 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import _show
from tenure._frames import library
from tenure.cards import explain
from tenure.overview import Part, Scorecard, interval, left_out, line_name, period_name, value, when

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tenure._tenure import Outcome

WIDTH = 120
PERIODS_SHOWN = 12
COLUMNS_SHOWN = 13
"""Of a table with rows and columns, as cohorts and ages: a year."""
NAME_WIDTH, LEFT_OUT_WIDTH = 27, 37
"""What stays on one line where there is room."""
NAMES_SHOWN = 5
"""Of the KPIs that lack the same thing."""


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
    made = [
        one
        for part in board.parts()
        for one in (
            headline(part, console.width >= WIDTH),
            *breakdowns(board, part),
            *matrices(part),
            trend(board, part),
            groups(board, part),
        )
    ]
    for one in (*made, faults(board)):
        if one is not None:
            console.print()
            console.print(one)
    if board.skipped:
        console.print("\nNot computed:")
        for why, kpis in board.skipped_by_reason().items():
            console.print(f"  {why}: {few(kpis)}", style="dim", markup=False)
    console.print()


def few(names: list[str]) -> str:
    """List the first of many names."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:NAMES_SHOWN])} and {more} more"


def table(title: str, *columns: str) -> Any:
    """Begin a table; columns that begin with `>` are aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    made.pad_edge, made.collapse_padding = False, True
    made.caption_justify = "left"
    for column in columns:
        right = column.startswith(">")
        made.add_column(column.removeprefix(">"), justify="right" if right else "left", no_wrap=right)
    made.columns[0].no_wrap = columns[0] != "KPI"
    return made


def per_kpi(title: str, first: str, scales: Mapping[str, _show.Scale], windows: Mapping[str, int | None]) -> Any:
    """Begin a table with a column per KPI, which says its unit, and of how many days it is if not of the row's time."""
    made = table(title, first, *(f">{kpi}" for kpi in scales))
    for column, (kpi, scale) in zip(made.columns[1:], scales.items(), strict=True):
        column.header = f"{kpi} ({scale.symbol})" if scale.symbol else kpi
        if days := windows[kpi]:
            column.header += f", last {days} days"
    made.caption = r"value \[interval] n"
    return made


def windows(found: Mapping[str, Iterable[Outcome]]) -> dict[str, int | None]:
    """Say of each KPI in how many days up to its time its units count."""
    return {kpi: _show.window_days(explain(kpi), outcomes) for kpi, outcomes in found.items()}


def headline(part: Part, wide: bool) -> Any:
    """One line per KPI of a family."""
    if not part.lines:
        return None
    made = table(part.title, "KPI", ">value", ">95 % interval", ">n", "left out", "policy")
    made.columns[0].min_width = 20
    made.caption = part.note
    if wide:
        # Policies are folded before names and before what was left out.
        made.columns[0].no_wrap = all(len(line_name(line)) <= NAME_WIDTH for line in part.lines)
        made.columns[4].no_wrap = all(len(left_out(line.outcome)) <= LEFT_OUT_WIDTH for line in part.lines)
    levels = {line.outcome.interval.level for line in part.lines if line.outcome.interval}
    if len(levels) == 1:
        made.columns[2].header = f"{levels.pop() * 100:g} % interval"
    for line in part.lines:
        outcome = line.outcome
        shown = value(outcome) if outcome.status == "ok" else f"{value(outcome)} ({outcome.status})"
        policy = _show.short_policy(outcome.policy, line.card)
        made.add_row(line_name(line), shown, interval(outcome), f"{outcome.n:,}", left_out(outcome) or "-", policy)
    return made


def breakdowns(board: Scorecard, part: Part) -> list[Any]:
    """One table per dimension, a column per KPI."""
    made = []
    found: dict[str, dict[str, list[Outcome]]] = {name: dict(kpis) for name, kpis in part.breakdowns.items()}
    for kpi, outcomes in part.matrices.items():
        if is_list(outcomes):
            found.setdefault(next(iter(outcomes[0].dimensions)), {})[kpi] = outcomes
    for dimension, kpis in found.items():
        scales = {kpi: _show.scale_of(found) for kpi, found in kpis.items()}
        one = per_kpi(f"By {dimension.replace('_', ' ')}", dimension, scales, windows(kpis))
        for kpi, outcomes in kpis.items():
            if period := when(outcomes, board.every):
                one.caption += f"; {kpi}: {period}"
            if kpi in part.matrices:
                one.caption += f"; {kpi}: {list(outcomes[0].dimensions.values())[1]}"
        keys: list[Any] = []
        for outcomes in kpis.values():
            keys += [o.dimensions[dimension] for o in outcomes if o.dimensions[dimension] not in keys]
        for key in keys:
            cells = {
                kpi: next((o for o in outcomes if o.dimensions[dimension] == key), None)
                for kpi, outcomes in kpis.items()
            }
            one.add_row(str(key), *(with_interval(outcome, scales[kpi]) for kpi, outcome in cells.items()))
        made.append(one)
    return made


def is_list(outcomes: Sequence[Outcome]) -> bool:
    """Whether a table has one column only, such as the one end of a lifecycle."""
    _, columns = outcomes[0].dimensions
    return len({outcome.dimensions[columns] for outcome in outcomes}) == 1


def matrices(part: Part) -> list[Any]:
    """One table per KPI with rows and columns: the last rows, as far as the columns fit."""
    made = []
    for kpi, outcomes in part.matrices.items():
        if is_list(outcomes):
            continue
        rows, columns = outcomes[0].dimensions
        scale = _show.scale_of(outcomes)
        found = {(o.dimensions[rows], o.dimensions[columns]): o for o in outcomes}
        # Rows and columns without any value, such as a stage that nobody was ever in, say nothing.
        told = [o for o in outcomes if o.value is not None]
        order = list(dict.fromkeys(o.dimensions[rows] for o in outcomes))
        down = [row for row in order if any(o.dimensions[rows] == row for o in told)]
        across = list(dict.fromkeys(o.dimensions[columns] for o in told))
        if set(across) & set(order):
            # Both are stages: their order is one.
            across.sort(key=lambda name: order.index(name) if name in order else len(order))
        across = across[:COLUMNS_SHOWN]
        one = table(f"{explain(kpi).name}, {scale.symbol}", rows, *(f">{name}" for name in across))
        one.caption = f"by {columns}"
        if len(down) > PERIODS_SHOWN:
            one.caption += f"; the last {PERIODS_SHOWN} of {len(down)}"
        for row in down[-PERIODS_SHOWN:]:
            values = (found.get((row, column)) for column in across)
            one.add_row(str(row), *("" if o is None or o.value is None else scale.show(o.value) for o in values))
        made.append(one)
    return made


def trend(board: Scorecard, part: Part) -> Any:
    """One line per period, a column per main KPI."""
    if not part.trends:
        return None
    every = (outcome for result in part.trends.values() for outcome in result)
    starts = sorted({outcome.period_start for outcome in every if outcome.period_start})
    found = {kpi: {outcome.period_start: outcome for outcome in result} for kpi, result in part.trends.items()}
    last = starts[-PERIODS_SHOWN:]
    scales = {kpi: _show.scale_of(o for at, o in outcomes.items() if at in last) for kpi, outcomes in found.items()}
    made = per_kpi(f"By {board.every}", board.every, scales, windows(part.trends))
    if len(starts) > PERIODS_SHOWN:
        made.caption += f"; the last {PERIODS_SHOWN} of {len(starts)}; * the period is not whole"
    for start in last:
        cells = (with_interval(outcomes.get(start), scales[kpi]) for kpi, outcomes in found.items())
        made.add_row(period_name(start, board.every), *cells)
    return made


def groups(board: Scorecard, part: Part) -> Any:
    """One line per group, a column per main KPI."""
    if not part.groups or board.by is None:
        return None
    by = board.by
    scales = {kpi: _show.scale_of(result) for kpi, result in part.groups.items()}
    made = per_kpi(f"By {by}", by, scales, windows(part.groups))
    found = {kpi: {outcome.by[by]: outcome for outcome in result} for kpi, result in part.groups.items()}
    keys: list[Any] = []
    for outcomes in found.values():
        keys += [key for key in outcomes if key not in keys]
    for key in keys:
        cells = (with_interval(outcomes.get(key), scales[kpi]) for kpi, outcomes in found.items())
        made.add_row("(none)" if key is None else str(key), *cells)
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


def with_interval(outcome: Outcome | None, scale: _show.Scale) -> str:
    """Show a value, its interval and n in one narrow cell."""
    if outcome is None or outcome.value is None:
        return f"- {outcome.n:,}" if outcome and outcome.n else "-"
    mark = "*" if outcome.status == "partial_period" else ""
    ends = outcome.interval
    shown = rf" \[{scale.show(ends.low, scale.narrow)}, {scale.show(ends.high, scale.narrow)}]" if ends else ""
    # A count of units is its own n.
    n = "" if outcome.unit == "count" and outcome.value == outcome.n else f" {outcome.n:,}"
    return f"{scale.show(outcome.value)}{mark}{shown}{n}"
