"""Pictures of results: a line with its interval over time, dots with intervals between groups, stacked shares.

Cohorts are a triangle of colours, and who is gone stands below those who came.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any

from tenure import _show
from tenure._frames import library
from tenure._tenure import Outcome, Result
from tenure.cards import explain
from tenure.errors import of_kind
from tenure.flow import flow, stocks_of
from tenure.style import FAINT, GRID, INK, LINE, LINES, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHARES = {"promoter": "#2f855a", "passive": "#cbd2d9", "detractor": "#c53030"}
STATES = {
    "new": "#2557a7",
    "returning": "#9db9e3",
    "resurrecting": "#2f855a",
    "dormant": "#d7a08c",
    "on_track": "#2f855a",
    "behind": "#e0b040",
    "stuck": "#c2571a",
    "paused": "#9aa5b1",
    "completed": "#2557a7",
    "churned": "#c53030",
}
NONE = "(none)"
"""The name of a group that has none."""
NUMBERS_FIT = 26
"""So many cells beside each other have their numbers in them."""
GONE = ("dormant", "churned")
"""The states of those who are not there any more, which are drawn below zero."""


def plot(
    result: Result,
    *,
    title: str | None = None,
    size: tuple[float, float] | None = None,
    stocks: Result | None = None,
) -> Figure:
    """Draw a result. Needs `tenure[plot]`.

    With periods it is a line and its interval, a line per group, or stacked shares; without periods, a dot and its
    interval per group. Cohorts are rows of coloured cells, the states of accounts stacked bars. The moves of
    `stage_transition_rate` are bands between the stages, as wide as they are frequent.

    Parameters
    ----------
    result : Result
        What `Book.compute` returned.
    title : str, optional
        The title; none by default.
    size : tuple of float, optional
        Width and height in inches.
    stocks : Result, optional
        For the moves between stages, who is in each of them: `lifecycle_status` by stage.

    Returns
    -------
    matplotlib.figure.Figure
        To be shown by a notebook, or saved: `figure.savefig("nps.png")`.

    Examples
    --------
    >>> book = tenure.Book(surveys={"score": [10, 9, 7, 3], "segment": ["smb", "smb", "smb", "enterprise"]})
    >>> figure = tenure.plot(book.compute("nps", by="segment"), title="NPS by segment")
    >>> figure.axes[0].get_title(loc="left")
    'NPS by segment'
    """
    matplotlib = library("matplotlib", "pip install 'tenure[plot]'")
    from matplotlib.figure import Figure

    outcomes = list(result)
    if not outcomes:
        raise of_kind("invalid_request", f"the result of {result.kpi} has no rows to draw")
    over_time = outcomes[0].period_start is not None
    is_flow = result.dimensions == ["stage_from", "stage_to"] and not result.by
    is_matrix = len(result.dimensions) == 2 and not result.by
    if is_matrix and not over_time:
        # A column alone is a list.
        is_matrix = len({outcome.dimensions[result.dimensions[1]] for outcome in outcomes}) > 1
    are_states = result.kpi == "lifecycle_status" and not over_time
    with matplotlib.rc_context(STYLE):
        if is_flow:
            height = 4.6 if any(outcome.numerator for outcome in outcomes) else 1.4
        elif are_states:
            height = 0.8 + 0.34 * len(by_group(outcomes))
        elif is_matrix:
            height = 0.8 + 0.27 * len({outcome.dimensions[result.dimensions[0]] for outcome in outcomes})
        else:
            height = 3.0 if over_time else 0.7 + 0.34 * len(outcomes)
        figure = Figure(figsize=size or (8.0, height), layout="constrained")
        axes = figure.add_subplot()
        if is_flow:
            flow(axes, outcomes, None if stocks is None else stocks_of(stocks))
        elif are_states:
            states(axes, outcomes)
        elif is_matrix:
            heat(axes, outcomes)
        elif over_time and result.dimensions == ["state"] and not result.by and outcomes[0].unit == "count":
            balance(axes, outcomes)
        elif over_time and result.dimensions and not result.by and outcomes[0].unit == "percent":
            stack(axes, result)
        elif over_time:
            lines(axes, result)
        else:
            dots(axes, outcomes)
        if title:
            # A legend stands right above the axes.
            axes.set_title(title, loc="left", fontweight="bold", pad=27 if axes.get_legend() else None)
    return figure


def name_of(outcome: Outcome) -> str:
    """Name the group of an outcome."""
    group = [*outcome.by.values(), *outcome.dimensions.values()]
    return ", ".join(NONE if part is None else _show.cell(part) for part in group) or "all"


def grouped(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Put outcomes of one group together."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(name_of(outcome), []).append(outcome)
    return groups


def y_axis(axes: Axes, scale: _show.Scale) -> None:
    """Label the values and draw faint lines behind them."""
    if scale.symbol:
        axes.set_ylabel(scale.symbol)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)


def time_axis(axes: Axes) -> None:
    """Name months and years as briefly as possible."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def local(time: datetime | None) -> Any:
    """Give the wall-clock time of a period, so that months begin where their label is."""
    return None if time is None else time.replace(tzinfo=None)


def lines(axes: Axes, result: Result) -> None:
    """Draw values over time; the interval as a band where there is only one line."""
    groups = grouped(result)
    series(axes, groups, is_dotted=True)
    bounds = explain(result.kpi).range
    bottom, top = axes.get_ylim()
    if bounds:
        axes.set_ylim(max(bottom, bounds[0]), min(top, bounds[1]))
    if bottom < 0 < top:
        axes.axhline(0, color=FAINT, linewidth=0.8)


def series(axes: Axes, groups: Mapping[str, Sequence[Outcome]], *, is_dotted: bool = False) -> None:
    """Draw a line per name, with a dot per period where there are few."""
    scale = _show.scale_of(outcome for outcomes in groups.values() for outcome in outcomes)
    for at, (name, outcomes) in enumerate(groups.items()):
        color = LINES[at % len(LINES)]
        x = [local(outcome.period_start) for outcome in outcomes]
        y = [float("nan") if outcome.value is None else outcome.value / scale.divisor for outcome in outcomes]
        marker = "o" if is_dotted else None
        axes.plot(x, y, color=color, linewidth=1.8, marker=marker, markersize=3.5, label=name, clip_on=False)
        if len(groups) == 1:
            ends = [outcome.interval for outcome in outcomes]
            low = [end.low / scale.divisor if end else float("nan") for end in ends]
            high = [end.high / scale.divisor if end else float("nan") for end in ends]
            axes.fill_between(x, low, high, color=color, alpha=0.15, linewidth=0)
            partial = [at for at, outcome in enumerate(outcomes) if outcome.status == "partial_period"]
            points = [x[at] for at in partial], [y[at] for at in partial]
            axes.plot(*points, "o", markersize=5, markerfacecolor="white", color=color)
    y_axis(axes, scale)
    time_axis(axes)
    if len(groups) > 1:
        axes.legend(frameon=False, ncols=min(len(groups), 5), loc="lower left", bbox_to_anchor=(0, 1))


def stack(axes: Axes, result: Result) -> None:
    """Draw shares of each period on top of each other."""
    groups = grouped(result)
    starts = sorted({outcome.period_start for outcome in result if outcome.period_start})
    width = 0.8 * min(((b - a).days for a, b in pairwise(starts)), default=30)
    bottom = dict.fromkeys(starts, 0.0)
    colors = {name: SHARES.get(name, LINES[at % len(LINES)]) for at, name in enumerate(groups)}
    for name, outcomes in reversed(groups.items()):
        found = [(o.period_start, o.value) for o in outcomes if o.period_start and o.value is not None]
        x = [local(start) for start, _ in found]
        y = [value for _, value in found]
        axes.bar(x, y, width=max(width, 1), bottom=[bottom[s] for s, _ in found], color=colors[name], label=name)
        for start, value in found:
            bottom[start] += value
    y_axis(axes, _show.scale_of(result))
    time_axis(axes)
    handles, names = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], names[::-1], frameon=False, ncols=5, loc="lower left", bbox_to_anchor=(0, 1))


def balance(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    """Draw who is there in each period above the line, by state, and who is gone below it."""
    known = list(STATES)
    # A period in which nobody is in any state has a row without one.
    groups = {name: members for name, members in grouped(outcomes).items() if name != NONE}
    groups = dict(sorted(groups.items(), key=lambda one: known.index(one[0]) if one[0] in known else len(known)))
    starts = sorted({outcome.period_start for outcome in outcomes if outcome.period_start})
    width = 0.8 * min(((b - a).days for a, b in pairwise(starts)), default=30)
    bottom = dict.fromkeys(starts, 0.0)
    for at, (name, members) in enumerate(groups.items()):
        found = [(o.period_start, o.value) for o in members if o.period_start and o.value is not None]
        x = [local(start) for start, _ in found]
        color, shown = STATES.get(name, LINES[at % len(LINES)]), name.replace("_", " ")
        if name in GONE:
            axes.bar(x, [-value for _, value in found], width=max(width, 0.8), color=color, label=shown)
            continue
        base = [bottom[start] for start, _ in found]
        axes.bar(x, [value for _, value in found], width=max(width, 0.8), bottom=base, color=color, label=shown)
        for start, value in found:
            bottom[start] += value
    axes.axhline(0, color=FAINT, linewidth=0.8)
    y_axis(axes, _show.scale_of(outcomes))
    axes.yaxis.set_major_formatter(lambda number, _: f"{abs(number):,.0f}")
    time_axis(axes)
    if groups:
        axes.legend(frameon=False, ncols=6, loc="lower left", bbox_to_anchor=(0, 1))


def by_group(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Put outcomes of one group together, whatever their dimensions."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        name = ", ".join(NONE if part is None else _show.cell(part) for part in outcome.by.values()) or "all"
        groups.setdefault(name, []).append(outcome)
    return groups


def states(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    """Draw a bar per group of the accounts in it, by state, the first group on top."""
    groups = by_group(outcomes)
    # Nobody may be without the thing that tells groups apart.
    groups = {name: members for name, members in groups.items() if any(o.value for o in members)} or groups
    found = {outcome.dimensions["state"] for outcome in outcomes if outcome.value}
    longest = max((sum(outcome.value or 0 for outcome in members) for members in groups.values()), default=0)
    left = dict.fromkeys(groups, 0.0)
    for state in (name for name in STATES if name in found):
        color = STATES[state]
        for place, (group, members) in enumerate(groups.items()):
            count = sum(outcome.value or 0 for outcome in members if outcome.dimensions["state"] == state)
            if not count:
                continue
            axes.barh(-place, count, left=left[group], height=0.66, color=color, edgecolor="white", linewidth=0.6)
            if count > 0.035 * longest:
                ink = INK if state in ("behind", "paused") else "white"
                axes.text(
                    left[group] + count / 2, -place, f"{count:,.0f}", ha="center", va="center", color=ink, fontsize=8
                )
            left[group] += count
        axes.barh(0, 0, color=color, label=state.replace("_", " "))
    for place, total in enumerate(left.values()):
        axes.annotate(f"{total:,.0f}", (1.01, -place), xycoords=("axes fraction", "data"), va="center", color=FAINT)
    axes.set_yticks([-place for place in range(len(groups))], [name.replace("_", " ") for name in groups], color=INK)
    axes.set_ylim(-len(groups) + 0.5, 0.5)
    axes.set_xlim(0, max(longest, 1))
    axes.locator_params(axis="x", integer=True)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines["bottom"].set_visible(False)
    if found:
        axes.legend(frameon=False, ncols=6, loc="lower left", bbox_to_anchor=(0, 1))


def heat(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    """Draw a coloured cell per value: rows are what the first dimension tells apart, columns the second."""
    rows, columns = outcomes[0].dimensions
    down = list(dict.fromkeys(outcome.dimensions[rows] for outcome in outcomes))
    across = list(dict.fromkeys(outcome.dimensions[columns] for outcome in outcomes if outcome.value is not None))
    values = [[float("nan")] * len(across) for _ in down]
    scale = _show.scale_of(outcomes)
    for outcome in outcomes:
        if outcome.value is None:
            continue
        y, x = down.index(outcome.dimensions[rows]), across.index(outcome.dimensions[columns])
        values[y][x] = outcome.value / scale.divisor
    full = 100.0 if outcomes[0].unit == "percent" else None
    edges = ([place - 0.5 for place in range(count + 1)] for count in (len(across), len(down)))
    axes.pcolormesh(*edges, values, cmap="Blues", vmin=0.0, vmax=full, edgecolors="white", linewidth=0.5)
    axes.invert_yaxis()
    # Numbers where they can be read.
    cells = [(x, y, value) for y, row in enumerate(values) for x, value in enumerate(row) if not isnan(value)]
    for x, y, value in cells if len(across) <= NUMBERS_FIT else ():
        color = "white" if full and value > 0.6 * full else INK
        axes.text(x, y, f"{value:.0f}", ha="center", va="center", color=color, fontsize=8)
    axes.set_xticks(range(len(across)), [str(name) for name in across])
    axes.set_yticks(range(len(down)), [_show.cell(name) for name in down])
    axes.set_xlabel(f"{columns}, {scale.symbol}" if scale.symbol else columns)
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    for side in axes.spines.values():
        side.set_visible(False)


def dots(axes: Axes, outcomes: list[Outcome]) -> None:
    """Draw a dot and its interval per group, the first on top."""
    shown = [outcome for outcome in outcomes if outcome.value is not None]
    places = list(range(len(shown)))[::-1]
    scale = _show.scale_of(shown)
    for place, outcome in zip(places, shown, strict=True):
        if outcome.interval:
            ends = outcome.interval.low / scale.divisor, outcome.interval.high / scale.divisor
            axes.plot(ends, (place, place), color=LINE, alpha=0.35, linewidth=5, solid_capstyle="round")
        axes.plot([(outcome.value or 0.0) / scale.divisor], [place], "o", color=LINE, markersize=6)
        text = f"{scale.show(outcome.value)}  (n {outcome.n:,})"
        axes.annotate(text, (1.01, place), xycoords=("axes fraction", "data"), va="center", color=FAINT)
    axes.set_yticks(places, [name_of(outcome) for outcome in shown], color=INK)
    axes.set_ylim(-0.6, max(len(shown) - 0.4, 0.6))
    axes.tick_params(length=0)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(False)
    low, high = axes.get_xlim()
    if low < 0 < high:
        axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.set_xlabel(scale.symbol)


def svg(figure: Figure, name: str, description: str) -> str:
    """Give a picture as an SVG element to stand in a page: no header, no date, ids of its own."""
    matplotlib = library("matplotlib", "pip install 'tenure[plot]'")
    file = io.StringIO()
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    # Several pictures stand in one page: their ids must differ, and their size follows the page.
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    return text.replace("<svg", f'<svg role="img" aria-label="{description}"', 1)


__all__ = ["plot"]
