"""How results look: plain text for the prompt, HTML for notebooks. Nothing here computes a KPI."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tenure._tenure import Outcome, Rows, Trace
    from tenure.cards import Card

ROWS_SHOWN = 20
"""Longer tables are cut in the middle."""

WIDTH = 60
"""Longer texts are cut."""

LEFT_OUT = ("n_missing", "n_invalid", "n_immature", "n_excluded")

UNITS = {
    "percent": "%",
    "points": "points",
    "score": "",
    "ratio": "",
    "count": "",
    "seconds": "s",
    "milliseconds": "ms",
    "days": "days",
    "per_100_customers": "per 100",
}

DURATIONS = ((2 * 86_400, 86_400, "days"), (5_400, 3_600, "h"), (90, 60, "min"))
"""From how many seconds on a duration is told in which unit."""


class Scale(NamedTuple):
    """How the numbers of a unit are shown: divided by something, with a symbol and so many digits."""

    symbol: str
    divisor: float = 1.0
    digits: int = 1
    ends: int = 1
    """The digits of an interval's ends."""
    narrow: int = 0
    """The same, in the narrow cells of a table."""

    def show(self, value: float | None, digits: int | None = None) -> str:
        """Show a number of the unit, without its symbol."""
        return number(None if value is None else value / self.divisor, self.digits if digits is None else digits)

    def quantity(self, value: float | None, digits: int | None = None) -> str:
        """Show a number with its unit."""
        text = self.show(value, digits)
        return text if value is None or not self.symbol else f"{text} {self.symbol}"


def scale(unit: str, *values: float | None) -> Scale:
    """Choose how values that stand together are shown: seconds as people tell them, whole counts without decimals."""
    present = [abs(value) for value in values if value is not None]
    symbol = UNITS.get(unit, unit)
    if unit == "seconds":
        usual = median(present) if present else 0.0
        for least, divisor, name in DURATIONS:
            if usual >= least:
                digits = 0 if name == "min" and usual >= 600 else 1
                return Scale(name, divisor, digits, digits, digits)
        return Scale(symbol, 1.0, 0, 0, 0)
    if unit == "count":
        return Scale(symbol, 1.0, 0, 1, 0) if all(value % 1 == 0 for value in present) else Scale(symbol, 1.0, 2, 2, 2)
    return Scale(symbol, 1.0, 2, 1, 1) if unit in ("score", "ratio") else Scale(symbol)


def window_days(card: Card, outcomes: Iterable[Outcome]) -> int | None:
    """Say in how many days up to its time a KPI counts, if that may be the period and is not."""
    if defaults(card).get("window") != "period":
        return None
    window = next((outcome.policy["window"] for outcome in outcomes), "period")
    days = str(window).removesuffix("d")
    return int(days) if days.isdigit() else None


def scale_of(outcomes: Iterable[Outcome]) -> Scale:
    """Choose how the values of outcomes of one KPI are shown."""
    found = list(outcomes)
    return scale(found[0].unit if found else "", *(outcome.value for outcome in found))


def number(value: float | None, digits: int = 2) -> str:
    """Show a number with a fixed number of digits; a dash where there is none."""
    if value is None:
        return "-"
    text = f"{value:,.{digits}f}"
    # A value that rounds to nothing has no sign.
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def quantity(value: float | None, unit: str) -> str:
    """Show a number by itself with its unit: with two digits where it is no duration and no count."""
    return scale(unit, value).quantity(value, None if unit in ("seconds", "count") else 2)


def moment(value: datetime) -> str:
    """Show a time as briefly as it allows."""
    if value.year == 9999:
        return "the end of time"
    if (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m-%d %H:%M:%S}" if value.second or value.microsecond else f"{value:%Y-%m-%d %H:%M}"


def cell(value: Any) -> str:
    """Show any value of a table."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    text = ", ".join(map(item, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}\N{HORIZONTAL ELLIPSIS}"


def item(value: Any) -> str:
    """Show one of a list: of a piece of evidence the words."""
    return str(value["value"] if isinstance(value, dict) and "value" in value else value)


def policy(choices: dict[str, Any]) -> str:
    """Show a policy as `name=value` pairs."""
    shown = {name: value for name, value in choices.items() if value not in (None, False)}
    return ", ".join(f"{name}={plain(value)}" for name, value in shown.items())


SAID = ("definition", "denominator", "direction", "base", "against", "window", "statistic", "scale")
"""Choices that are part of what a number means, and are shown even where they are the default."""


def short_policy(choices: dict[str, Any], card: Card) -> str:
    """Show what tells one definition from another; `Outcome.policy` has all of it."""
    default = defaults(card)
    parts = [choices["preset"]] if "preset" in choices else []
    for name in SAID:
        value = choices.get(name)
        if name == "scale" and value:
            parts.append(f"scale {value[0]} to {value[1]}")
        elif name == "statistic" and card.unit not in ("seconds", "milliseconds", "days"):
            # Of anything but a duration it has a table of its own.
            continue
        elif value not in (None, "all"):
            parts.append(f"of {value}" if name == "denominator" else plain(value).replace("_", " "))
    for name, value in choices.items():
        if name not in (*SAID, "preset", "revision") and value != default.get(name):
            # A lifecycle of one's own is a page of text, and has a name.
            shown = value["name"] if isinstance(value, dict) and "name" in value else plain(value)
            parts.append(f"{name.replace('_', ' ')} {shown}")
    return ", ".join(parts)


def defaults(card: Card) -> dict[str, Any]:
    """Give what holds where nothing is chosen, also where one thing has to be."""
    whole: dict[str, Any] = card.default_policy
    return whole or {field["name"]: field["default"] for field in card.policy["fields"]}


def plain(value: Any) -> str:
    """Show a policy's value without quotes."""
    return json.dumps(value) if isinstance(value, bool | list | dict) else str(value)


def text_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Lay out a table; numbers to the right, everything else to the left."""
    cells = [[cell(value) for value in row] for row in rows]
    right = [
        any(isinstance(row[at], int | float) for row in rows)
        and all(row[at] is None or isinstance(row[at], int | float) for row in rows)
        for at in range(len(header))
    ]
    widths = [max(len(row[at]) for row in [list(header), *cells]) for at in range(len(header))]

    def line(values: Sequence[str]) -> str:
        aligned = (
            value.rjust(width) if to_right else value.ljust(width)
            for value, width, to_right in zip(values, widths, right, strict=True)
        )
        return "  ".join(aligned).rstrip()

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, cells)])


def html_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Lay out a table in HTML."""
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell(v))}</td>" for v in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def columns_shown(rows: Rows) -> list[str]:
    """Choose the columns that say something in this table."""
    from tenure._tenure import Result

    if not isinstance(rows, Result):
        # Of what a model says the essence; which one it is stands below.
        fine = {"p_service_any", "abstained", "ignored", "model"} if "model" in rows.columns else set()
        return [name for name in rows.columns if name not in fine and not name.startswith("axis_")]
    hidden = {"kpi", "period_end", "numerator", "denominator", "level", "method", "unit", "policy"}
    hidden |= {name for name in (*LEFT_OUT, "n_censored") if not any(rows[name])}
    if all(low is None for low in rows["low"]):
        hidden |= {"low", "high"}
    return [name for name in rows.columns if name not in hidden]


def cut(rows: list[Any]) -> tuple[list[Any], int]:
    """Keep the first and the last rows of a long table."""
    if len(rows) <= ROWS_SHOWN:
        return rows, 0
    return rows[: ROWS_SHOWN // 2] + rows[-ROWS_SHOWN // 2 :], len(rows) - ROWS_SHOWN


def heading(rows: Rows) -> str:
    """Say in one line what a table is."""
    from tenure._tenure import Result

    count = f"{len(rows)} row" + ("" if len(rows) == 1 else "s")
    if not isinstance(rows, Result):
        return count
    units = sorted({unit for unit in rows["unit"] if unit})
    of_unit = f" in {', '.join(units)}" if units else ""
    return f"{rows.kpi}{of_unit}, as of {moment(rows.as_of)} {rows.zone}: {count}"


def footing(rows: Rows) -> str:
    """Say which definition or model made the numbers."""
    from tenure._tenure import Result

    if "model" in rows.columns and len(rows):
        return f"model: {rows['model'][0]}"
    return f"policy: {policy(json.loads(rows['policy'][0]))}" if isinstance(rows, Result) and len(rows) else ""


def rows_text(rows: Rows) -> str:
    """Show a table at the prompt."""
    header = columns_shown(rows)
    shown, left = cut([[row[name] for name in header] for row in rows.to_dicts()])
    table = text_table(header, shown) if header else ""
    more = f"... {left} rows in the middle are not shown" if left else ""
    return "\n".join(part for part in (heading(rows), table, more, footing(rows)) if part)


def rows_html(rows: Rows) -> str:
    """Show a table in a notebook."""
    header = columns_shown(rows)
    shown, left = cut([[row[name] for name in header] for row in rows.to_dicts()])
    more = f"; {left} rows in the middle are not shown" if left else ""
    foot = f"<p><small>{escape(footing(rows))}</small></p>" if footing(rows) else ""
    return f"<p>{escape(heading(rows))}{more}</p>{html_table(header, shown)}{foot}"


def outcome_text(outcome: Outcome) -> str:
    """Say an outcome as a sentence."""
    group = {**outcome.by, **outcome.dimensions}
    where = f" for {', '.join(f'{name} {cell(value)}' for name, value in group.items())}" if group else ""
    when = f" from {moment(outcome.period_start)}" if outcome.period_start else ""
    shown = scale(outcome.unit, outcome.value)
    answer = quantity(outcome.value, outcome.unit) if outcome.value is not None else "no value"
    if outcome.label is not None:
        answer = outcome.label
    interval = outcome.interval
    digits = shown.ends if outcome.unit == "seconds" else 2
    sure = (
        f" ({shown.show(interval.low, digits)} to {shown.show(interval.high, digits)}"
        f" at {interval.level * 100:g} %, {interval.method})"
        if interval
        else ""
    )
    status = "" if outcome.status == "ok" else f" [{outcome.status}]"
    left = ", ".join(f"{getattr(outcome, name)} {name[2:]}" for name in LEFT_OUT if getattr(outcome, name))
    left_out = f"; left out: {left}" if left else ""
    units = f"{outcome.n} unit" + ("" if outcome.n == 1 else "s")
    return f"{outcome.kpi}{where}{when} is {answer}{sure}{status} from {units}{left_out}"


def outcome_html(outcome: Outcome) -> str:
    """Show an outcome in a notebook."""
    return f"<p>{escape(outcome_text(outcome))}<br><small>policy: {escape(policy(outcome.policy))}</small></p>"


def trace_text(trace: Trace) -> str:
    """Tell the story of one unit."""
    width = max((len(what) for what, _ in trace.notes), default=0)
    steps = [f"  {what.ljust(width)}  {found}" for what, found in trace.notes]
    return "\n".join([f"{trace.kpi}, row {trace.row}:", *steps])


def choices(field: dict[str, Any]) -> str:
    """Say what a policy field may hold."""
    kind = field["type"]
    if isinstance(kind, str):
        return {
            "flag": "true or false",
            "whole": "a whole number",
            "scale": "[low, high]",
            "window": "all or 90d",
            "within": "a number of days, or ever",
            "number": "a number",
            "text": "any text",
            "span": "a time such as 30m, 24h or 7d",
            "rolling": "period, or a number of days such as 28d",
            "names": "a name, or a list",
            "ages": "a whole number, or a list",
            "brackets": "a list of [first, last]",
            "lifecycle": "the name of a built-in lifecycle, or one of your own",
            "statistics": "mean, median or a percentile such as p90, or a list",
        }[kind]
    [(name, options)] = kind.items()
    listed = " | ".join(option[0] for option in options)
    return {
        "choice": listed,
        "choices": f"{listed}, or a list",
        "list": f"a list of {listed}",
        "span_or": f"{listed}, or a time such as 24h",
    }[name]


def card_text(card: Card) -> str:
    """Show a KPI's card."""
    import textwrap

    def paragraph(name: str, text: str) -> str:
        return textwrap.fill(text, 100, initial_indent=f"{name:<11} ", subsequent_indent=" " * 12)

    lines = [
        f"{card.name} ({card.id})",
        "",
        paragraph("question", card.question),
        paragraph("formula", card.formula),
        paragraph("unit", card.unit + (f", {card.range[0]:g} to {card.range[1]:g}" if card.range else "")),
        paragraph("reads", f"{card.table}: {', '.join(card.inputs)}"),
    ]
    if card.aliases:
        lines.append(paragraph("aliases", ", ".join(alias[0] for alias in card.aliases)))
    lines += ["", "policy"]
    for field in card.policy["fields"]:
        default = plain(field["default"]) if field["default"] is not None else "none"
        lines.append(f"  {field['name']} = {default}    ({choices(field)})")
        lines.append(textwrap.fill(field["doc"], 100, initial_indent="      ", subsequent_indent="      "))
    if card.policy["presets"]:
        lines += ["", "presets"]
        for preset in card.policy["presets"]:
            doc = textwrap.wrap(preset["doc"], 100, break_long_words=False, break_on_hyphens=False)
            lines += [f"  {preset['name']}", *(f"      {line}" for line in doc)]
    lines += ["", "sources", *(f"  {source}" for source in card.sources)]
    return "\n".join(lines)
