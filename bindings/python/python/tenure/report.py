"""The report: one HTML file with everything in it, to be read by people, without scripts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import tenure
from tenure import _show
from tenure._frames import library
from tenure._tenure import Book, Outcome, Result
from tenure.errors import MissingColumnError
from tenure.flow import flow, stages_of, stocks_of, told
from tenure.overview import WINDOW, Line, Part, Scorecard, interval, left_out, period_name, scorecard, value
from tenure.pictures import by_group, dots, plot, series, states, svg
from tenure.style import STYLE

TILES = {
    "voice": ("nps", "csat", "ces", "happiness_score", "survey_response_rate", "comment_rate"),
    "support": ("first_response_time", "full_resolution_time", "backlog", "one_touch_rate", "reopen_rate", "fcr"),
    "usage": ("active_users", "stickiness_ratio", "sessions", "session_duration", "license_utilization", "usage_trend"),
    "performance": ("uptime", "error_rate", "apdex", "latency_percentile", "mtbf", "affected_accounts"),
    "success": ("outcome_attainment", "goal_progress", "firefighting_rate"),
    # Of stages together little can be said: there is a table of each.
    "lifecycle": (),
}
"""The KPIs of a family's first rows; the table below has all."""

FOLLOWED = {
    "voice": ("nps", "csat", "ces"),
    "support": ("first_response_time", "full_resolution_time", "backlog"),
    "usage": ("stickiness_ratio",),
    "performance": ("uptime", "error_rate", "latency_percentile"),
}
"""The KPIs that are drawn over time."""

DAYS_DRAWN = 26 * 7
"""How many days are drawn of what is told day by day: half a year, so that weekends can be seen."""

COMPARED = {
    "voice": ("nps", "csat", "ces"),
    "support": ("first_response_time", "full_resolution_time", "one_touch_rate"),
    "usage": ("active_users", "stickiness_ratio", "session_duration"),
    "performance": ("error_rate", "apdex", "latency_percentile"),
}
"""The KPIs whose groups are drawn beside each other."""


def write_report(
    board: Scorecard | Book, path: str | os.PathLike[str], *, title: str = "Scorecard", **options: Any
) -> Path:
    """Write a report. Needs `tenure[plot]`.

    Parameters
    ----------
    board : Scorecard or Book
        What to show; of a book, its scorecard.
    path : str or path
        The HTML file.
    title : str
        The name of the company.
    **options
        For a book: the keywords of `scorecard`.

    Returns
    -------
    Path
        The file.

    Examples
    --------
    >>> import tempfile
    >>> book = tenure.Book(**tenure.sample.company(accounts=20, months=6))
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     file = tenure.write_report(book, directory + "/report.html", title="Example")
    ...     file.read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """
    if isinstance(board, Book):
        board = scorecard(board, **options)
    file = Path(path)
    file.write_text(render(board, title), encoding="utf-8")
    return file


def render(board: Scorecard, title: str) -> str:
    """Make the page."""
    jinja2 = library("jinja2", "pip install 'tenure[plot]'")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = files("tenure").joinpath("report.html.jinja").read_text(encoding="utf-8")
    page: str = environment.from_string(template).render(
        title=title,
        as_of=board.known(),
        every=board.every,
        tables=[(name.replace("_", " "), len(board.book[name])) for name in board.book.tables],
        parts=[
            {
                "title": part.title,
                "note": part.note,
                "tiles": [tile(board, line) for line in first_lines(part)],
                "pictures": pictures(board, part),
                "tables": tables(board, part),
                "lines": [row(line) for line in part.lines],
            }
            for part in board.parts()
        ],
        faults=board.fault_counts(),
        skipped=board.skipped_by_reason(),
        definitions=definitions(board),
        version=tenure.__version__,
        zone_rules=tenure.ZONE_RULES,
    )
    return page


def first_lines(part: Part) -> list[Line]:
    """Choose the KPIs of the first rows, and fill the last of these rows."""
    chosen = [line for kpi in TILES.get(part.family, ()) for line in part.lines if line.card.id == kpi]
    others = [line for line in part.lines if line not in chosen]
    return chosen + others[: -len(chosen) % 3]


def tile(board: Scorecard, line: Line) -> dict[str, Any]:
    """Collect what a tile shows: value, interval on its range, and how it changed."""
    outcome = line.outcome
    scale = _show.scale_of([outcome])
    statistic = outcome.policy.get("statistic") if outcome.unit == "seconds" else None
    label = outcome.label if outcome.interval else None
    return {
        "name": line.card.name,
        "question": line.card.question,
        "value": scale.show(outcome.value) if outcome.interval else outcome.label or scale.show(outcome.value),
        "unit": ", ".join(part for part in (scale.symbol, statistic, label) if isinstance(part, str) and part),
        "range": range_bar(line),
        "interval": f"{interval(outcome)} ({outcome.interval.level * 100:g} %)" if outcome.interval else "",
        "n": f"{outcome.n:,}",
        "left_out": left_out(outcome),
        "change": change(board, line),
    }


def change(board: Scorecard, line: Line) -> dict[str, str] | None:
    """Compare the last whole period with the one before."""
    whole = [o for o in board.trends.get(line.card.id, []) if o.status == "ok" and o.period_start]
    if len(whole) < 2:
        return None
    before, last = whole[-2:]
    if last.value is None or before.value is None or last.period_start is None or before.period_start is None:
        return None
    difference = last.value - before.value
    scale = _show.scale(last.unit, difference)
    unit = "points" if last.unit == "percent" else scale.symbol
    shown = f"{'+' if difference > 0 else ''}{scale.show(difference)} {unit}".rstrip()
    better = {"higher": 1, "lower": -1}.get(line.card.better, 0)
    # A change is coloured only where the intervals do not overlap: most changes are noise.
    apart = bool(
        last.interval
        and before.interval
        and (last.interval.low > before.interval.high or last.interval.high < before.interval.low)
    )
    direction = "good" if difference * better > 0 else "bad"
    return {
        "text": f"{shown} in {period_name(last.period_start, board.every)}",
        "against": f"against {period_name(before.period_start, board.every)}",
        "class": direction if apart and better else "unclear",
    }


def range_bar(line: Line) -> dict[str, float] | None:
    """Place value and interval on the KPI's range, in percent of its width."""
    bounds, outcome = line.card.range, line.outcome
    if not bounds or outcome.value is None or not outcome.interval:
        return None

    lowest, highest = float(bounds[0]), float(bounds[1])

    def place(number: float) -> float:
        return round(100 * (number - lowest) / (highest - lowest), 2)

    low, high = place(outcome.interval.low), place(outcome.interval.high)
    zero = place(0) if bounds[0] < 0 < bounds[1] else -1
    return {"low": low, "width": max(high - low, 1), "value": place(outcome.value), "zero": zero}


def row(line: Line) -> dict[str, str]:
    """Collect what the table of all KPIs shows."""
    outcome = line.outcome
    return {
        "name": line.card.name,
        "note": line.note,
        "value": value(outcome),
        "interval": interval(outcome),
        "method": outcome.interval.method if outcome.interval else "",
        "n": f"{outcome.n:,}",
        "left_out": left_out(outcome),
        "status": outcome.status,
        "policy": _show.short_policy(outcome.policy, line.card),
    }


def pictures(board: Scorecard, part: Part) -> list[dict[str, str]]:
    """Draw what the data of a family allow."""
    every = {"hour": "hourly", "day": "daily"}.get(board.every, f"{board.every}ly")
    names = {line.card.id: line.card.name for line in part.lines}
    made = of_usage(board) if part.family == "usage" else []
    made += of_lifecycle(board) if part.family == "lifecycle" else []
    for kpi in FOLLOWED.get(part.family, ()):
        if kpi in part.trends:
            band = "The band is the confidence interval; a" if part.trends[kpi][-1].interval else "A"
            text = f"{band} hollow dot is a {board.every} that is not whole yet."
            if days := _show.window_days(tenure.explain(kpi), part.trends[kpi]):
                text = f"Of the {days} days up to each {board.every}'s end. {text}"
            made.append(wide(f"trend-{kpi}", f"{names[kpi]}, {every}", part.trends[kpi], text))
        if kpi == "nps" and (result := distribution(board)):
            text = "Shares of promoters, passives and detractors."
            made.append(wide("shares", f"Who answers what, {every}", result, text))
    compared = {
        (f"by-{kpi}", f"{names[kpi]} by {board.by}"): ranked(list(part.groups[kpi]))
        for kpi in COMPARED.get(part.family, ())
        if len(part.groups.get(kpi, ())) > 1
    }
    text = "Dots are values, bars their confidence intervals: groups whose bars overlap may not differ."
    made += side_by_side(compared, dict.fromkeys(compared, text))
    if "survey_response_rate" in part.trends:
        rates = part.trends["survey_response_rate"]
        text = "Of the surveys sent in the period, how many were answered."
        made.append(wide("trend-rate", f"{names['survey_response_rate']}, {every}", rates, text))
    themes = {
        (kpi, tenure.explain(kpi).name): ranked(outcomes) for kpi, outcomes in part.breakdowns.get("theme", {}).items()
    }
    return made + side_by_side(themes, {place: tenure.explain(place[0]).question for place in themes})


def of_usage(board: Scorecard) -> list[dict[str, str]]:
    """Draw who was active, who came and went, and which cohorts stayed, as far as the scorecard has them."""
    asked = computed(board)
    made = []
    if "active_users" in asked and (days := active_days(board)):
        text = f"People who were active on a day, in the 7 days and in the {WINDOW[:-1]} days up to it."
        made.append(picture(plot_series(days, (10.6, 3.1)), "active", "Active users, daily", text))
    if "lifecycle_users" in asked:
        text = "Who was active: for the first time, again, or again after a pause; below the line who stayed away."
        result = board.compute("lifecycle_users", every=board.every)
        made.append(wide("lifecycle", f"Users who come and go, by {board.every}", result, text))
    if "cohort_matrix" in asked:
        text = "A row is a cohort: everybody whose first time was in that period. How many came again so much later?"
        result = board.compute("cohort_matrix", every=board.every)
        rows = len({outcome.dimensions[result.dimensions[0]] for outcome in result})
        figure = plot(result, size=(10.6, 0.8 + 0.27 * rows))
        made.append(picture(figure, "cohorts", f"Who stays, by {board.every} of the first time, %", text))
    return made


def computed(board: Scorecard) -> set[str]:
    """Collect the KPIs that the scorecard has."""
    return (
        {line.card.id for line in board.lines}
        | {k for found in board.breakdowns.values() for k in found}
        | set(board.matrices)
    )


def of_lifecycle(board: Scorecard) -> list[dict[str, str]]:
    """Draw in which stages accounts are, how they do there, and how they move, as far as the scorecard has it."""
    made = []
    order = stages(board)
    present = []
    if "lifecycle_status" in computed(board):
        present = in_order(list(board.compute("lifecycle_status", by="stage")), order)
        text = (
            "Accounts by stage: on track for as long as the stage is expected to take, then behind, and at last stuck."
        )
        figure = plot_with(lambda axes: states(axes, present), (10.6, 0.8 + 0.3 * len(by_group(present))))
        made.append(picture(figure, "stages", "Where accounts are, and how they do", text))
    if moves := board.matrices.get("stage_transition_rate"):
        text = "Bands are moves from one stage to another, as wide as they are frequent."
        if present:
            text += " Below a stage's name stands how many accounts are in it now."
        stocks = stocks_of(present) if present else None
        figure = plot_with(lambda axes: flow(axes, moves, stocks), (10.6, 5.0))
        made.append(picture(figure, "flow", "How accounts move between stages", text, told(moves)))
    return made


def stages(board: Scorecard) -> list[str]:
    """List the stages in the order of the lifecycle, if the scorecard knows it."""
    return stages_of(board.matrices.get("stage_transition_rate", []))


def in_order(outcomes: list[Outcome], order: list[str]) -> list[Outcome]:
    """Put outcomes by stage in the order of the lifecycle."""
    known = {stage: at for at, stage in enumerate(order)}
    return sorted(outcomes, key=lambda outcome: known.get(str(outcome.by["stage"]), len(known)))


def tables(board: Scorecard, part: Part) -> list[dict[str, Any]]:
    """Lay out what is better read than seen."""
    made = []
    if part.family == "lifecycle" and "time_in_stage" in computed(board):
        made.append(stage_times(board))
    # Goals are where customers want to get to: they stand by the way there, if it is known.
    home = next((p.family for p in reversed(board.parts()) if p.family in ("lifecycle", "success")), "")
    if part.family == home and "outcome_attainment" in computed(board):
        made.append(goals(board))
    return [table for table in made if table["rows"]]


def stage_times(board: Scorecard) -> dict[str, Any]:
    """Tell how long accounts stay in each stage."""
    found = in_order(list(board.compute("time_in_stage", by="stage")), stages(board))
    found = [outcome for outcome in found if outcome.n]
    statistic = found[0].policy["statistic"] if found else ""
    days = _show.Scale("days", 86_400)
    return {
        "title": "Time in stage",
        "text": "How long stays last, without pauses. Those that go on count for as long as they have lasted so far.",
        "header": ["stage", f"{statistic} days", "interval", "stays", "still there"],
        "rows": [
            [
                _show.cell(outcome.by["stage"]).replace("_", " "),
                days.show(outcome.value) if outcome.value is not None else outcome.status.replace("_", " "),
                f"{days.show(ends.low)} to {days.show(ends.high)}" if (ends := outcome.interval) else "-",
                f"{outcome.n:,}",
                f"{outcome.n_censored or 0:,}",
            ]
            for outcome in found
        ],
    }


def goals(board: Scorecard) -> dict[str, Any]:
    """Tell how many goals are reached, and how customers liked the way there."""
    policy = {**board.policies["outcome_attainment"], "part": ["required", "experience", "both"]}
    request = {"kpi": "outcome_attainment", "policy": policy, **board.scope}
    found = list(board.book.compute(request))
    least = f"{found[0].policy['experience_from']:g}" if found else ""
    names = {
        "required": "The goal was reached",
        "experience": f"The customer liked the way there ({least} of 10 or better)",
        "both": "Both: the desired outcome",
    }
    return {
        "title": "Goals of customers",
        "text": "Of the goals that were closed or due, the share that was attained.",
        "header": ["what", "attained", "interval", "goals", "left out"],
        "rows": [
            [names[outcome.dimensions["part"]], value(outcome), interval(outcome), f"{outcome.n:,}", left_out(outcome)]
            for outcome in found
        ],
    }


def active_days(board: Scorecard) -> dict[str, list[Outcome]]:
    """Compute daily, weekly and monthly active users of each of the last days."""
    if board.as_of is None:
        return {}
    given = board.policies.get("active_users", {})
    start = board.scope.get("start") or board.as_of - timedelta(days=DAYS_DRAWN)
    request = {"kpi": "active_users", "every": "day", **board.scope, "start": start}
    windows = {"daily": "1d", "weekly": "7d", "monthly": WINDOW}
    requests = [{**request, "policy": {**given, "window": window}} for window in windows.values()]
    results = board.book.compute(requests)
    return {name: list(result) for name, result in zip(windows, results, strict=True)}


def ranked(outcomes: list[Outcome]) -> list[Outcome]:
    """Order outcomes by value, the highest first."""
    return sorted((o for o in outcomes if o.value is not None), key=lambda o: -(o.value or 0))


def wide(name: str, title: str, result: Result, text: str) -> dict[str, str]:
    """Draw a picture as wide as the page."""
    return picture(plot(result, size=(10.6, 3.1)), name, title, text)


def picture(figure: Any, name: str, title: str, text: str, description: str = "") -> dict[str, str]:
    """Put a picture as wide as the page under its title; who cannot see it hears the description."""
    return {"title": title, "svg": svg(figure, name, escape(description or title)), "text": text, "class": "wide"}


def side_by_side(
    pictures: dict[tuple[str, str], list[Outcome]], texts: dict[tuple[str, str], str]
) -> list[dict[str, str]]:
    """Draw two or three pictures beside each other, of the same height."""
    pictures = {place: outcomes for place, outcomes in pictures.items() if outcomes}
    rows = max((len(outcomes) for outcomes in pictures.values()), default=0)
    per_row = 3 if len(pictures) % 3 == 0 else 2
    size = (10.6 / per_row - 0.3, 0.75 + 0.34 * rows)
    return [
        {
            "title": title,
            "svg": svg(plot_outcomes(outcomes, size), name, escape(title)),
            "text": texts[name, title],
            "class": {2: "half", 3: "third"}[per_row],
        }
        for (name, title), outcomes in pictures.items()
    ]


def plot_outcomes(outcomes: list[Outcome], size: tuple[float, float]) -> Any:
    """Draw outcomes of several groups in the order given."""
    return plot_with(lambda axes: dots(axes, outcomes), size)


def plot_series(named: dict[str, list[Outcome]], size: tuple[float, float]) -> Any:
    """Draw results of several requests as lines over each other."""
    return plot_with(lambda axes: series(axes, named), size)


def plot_with(draw: Callable[[Any], None], size: tuple[float, float]) -> Any:
    """Make a figure and draw into it."""
    matplotlib = library("matplotlib", "pip install 'tenure[plot]'")
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
    return figure


def distribution(board: Scorecard) -> Result | None:
    """Compute promoters, passives and detractors per period, if the scorecard has them."""
    if "nps_distribution" not in board.breakdowns.get("category", {}):
        return None
    try:
        return board.compute("nps_distribution", every=board.every)
    except MissingColumnError:
        # There is no time.
        return None


def definitions(board: Scorecard) -> list[dict[str, Any]]:
    """Collect the definition behind every number of the report."""
    answered: dict[str, Outcome] = {line.card.id: line.outcome for line in board.lines}
    for kpis in board.breakdowns.values():
        answered.update({kpi: outcomes[0] for kpi, outcomes in kpis.items() if outcomes})
    answered.update({kpi: outcomes[0] for kpi, outcomes in board.matrices.items()})
    made = []
    for kpi, outcome in answered.items():
        card = tenure.explain(kpi)
        made.append(
            {
                "name": card.name,
                "id": kpi,
                "question": card.question,
                "formula": card.formula,
                "reads": f"{card.table}: {', '.join(card.inputs)}",
                "policy": json.dumps(outcome.policy, sort_keys=True),
                "sources": card.sources,
            }
        )
    return made


__all__ = ["render", "write_report"]
