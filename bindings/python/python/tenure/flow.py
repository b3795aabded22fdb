"""The flow between the stages of a lifecycle: stages in their order, moves as bands as wide as they are frequent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import pow
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from tenure._tenure import Outcome
from tenure.style import FAINT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path


class Way(StrEnum):
    """Where a move leads."""

    FORWARD = "forward"
    BACK = "back"
    LOST = "lost"


COLORS = {Way.FORWARD: "#2557a7", Way.BACK: "#d69e2e", Way.LOST: "#c53030"}

LOST = "churned"
"""The kind of stage in which customers are lost; that of the built-in lifecycle has the same name."""
END = "end"
"""The kind of stage that customers are meant to reach at last."""

SEEN = 0.62
"""How much of a band covers what is behind it."""
LEGEND = 0.35
"""The height of the legend, in inches as everything here."""
BOX = 0.29
"""Half the height of a stage."""
HEAD = 0.09
"""The length of a band's point."""
POINTED = 0.035
"""Half the width of the smallest point, so that thin bands show where they lead."""
THINNEST, WIDEST = 0.014, 0.8
"""The width of a band of one move, and of all bands at one side of a stage where there is room."""
LETTER, LINE_HEIGHT = 0.073, 0.15
"""The size of a letter of the largest names, about."""
SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
"""The sizes of names, in points."""
BENT = 0.6
"""Long bands rise less than in proportion: a band over ten stages is not ten times as high."""
ROUND = 0.5523
"""How far the handles of a cubic curve reach that draws a quarter of an ellipse."""


@dataclass(frozen=True)
class Move:
    """How often accounts went from one stage to another."""

    origin: str
    target: str
    count: int
    way: Way


@dataclass
class Band:
    """A move as it is drawn: the middles of its feet, and its width."""

    move: Move
    width: float
    start: float = 0.0
    end: float = 0.0

    @property
    def radius(self) -> float:
        """Half the distance between the feet."""
        return abs(self.end - self.start) / 2

    @property
    def middle(self) -> float:
        """Where the band is highest."""
        return (self.start + self.end) / 2


def stages_of(outcomes: Sequence[Outcome]) -> list[str]:
    """List the stages of a matrix of moves in the order of its lifecycle."""
    froms = [outcome.dimensions["stage_from"] for outcome in outcomes]
    found = list(dict.fromkeys([*froms, *(outcome.dimensions["stage_to"] for outcome in outcomes)]))
    # The moves of a stage that nothing leaves cannot tell its place: a lifecycle of one's own can.
    written = [stage["name"] for stage in own_stages(outcomes)]
    return [name for name in written if name in found] + [name for name in found if name not in written]


def lost_stages(outcomes: Sequence[Outcome]) -> set[str]:
    """Tell the stages in which customers are lost."""
    own = own_stages(outcomes)
    return {stage["name"] for stage in own if stage.get("kind") == LOST} if own else {LOST}


def own_stages(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Give the stages of a lifecycle of one's own; of a built-in one there is only the name."""
    lifecycle = outcomes[0].policy.get("lifecycle") if outcomes else None
    return lifecycle.get("stages", []) if isinstance(lifecycle, dict) else []


def moves_of(outcomes: Sequence[Outcome]) -> list[Move]:
    """Count the moves of all periods together, the most frequent first; those that nobody made are left out."""
    order = {stage: at for at, stage in enumerate(stages_of(outcomes))}
    lost = lost_stages(outcomes)
    reached = {stage["name"] for stage in own_stages(outcomes) if stage.get("kind") == END}
    counts: dict[tuple[str, str], int] = {}
    for outcome in outcomes:
        ends = outcome.dimensions["stage_from"], outcome.dimensions["stage_to"]
        counts[ends] = counts.get(ends, 0) + int(outcome.numerator or 0)

    def way(origin: str, target: str) -> Way:
        if target in lost:
            return Way.LOST
        # What is reached lies ahead, wherever it was written.
        return Way.FORWARD if target in reached or order[target] > order[origin] else Way.BACK

    found = [Move(*ends, count, way(*ends)) for ends, count in counts.items() if count]
    return sorted(found, key=lambda move: -move.count)


def stocks_of(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count who is in each stage, from `lifecycle_status` by stage: of several periods, in the last."""
    counts: dict[str, int] = {}
    found = list(outcomes)
    last = max((outcome.period_start for outcome in found if outcome.period_start), default=None)
    for outcome in found:
        if outcome.period_start == last and outcome.by.get("stage") is not None:
            stage = str(outcome.by["stage"])
            counts[stage] = counts.get(stage, 0) + int(outcome.value or 0)
    return counts


def told(outcomes: Sequence[Outcome], most: int = 6) -> str:
    """Say in words what the picture shows, for those who cannot see it."""
    moves = moves_of(outcomes)
    named = ", ".join(f"{plain(move.origin)} to {plain(move.target)} {move.count:,}" for move in moves[:most])
    more = f" and {len(moves) - most} rarer ones" if len(moves) > most else ""
    return f"Moves between stages: {named}{more}" if moves else "Nobody has moved between stages"


def plain(stage: str) -> str:
    """Write a stage as people do."""
    return stage.replace("_", " ")


def flow(axes: Axes, outcomes: Sequence[Outcome], stocks: Mapping[str, int] | None = None) -> None:
    """Draw moves forward above the stages, moves back and losses below them; `stocks` says who is in each stage."""
    from matplotlib.patches import Patch, PathPatch

    stages, moves = stages_of(outcomes), moves_of(outcomes)
    wide, high = inches(axes)
    pitch = wide / max(len(stages), 1)
    places = {stage: (at + 0.5) * pitch for at, stage in enumerate(stages)}
    sides = {
        -1: [move for move in moves if move.way is not Way.FORWARD],
        1: [move for move in moves if move.way is Way.FORWARD],
    }
    scale = scale_of(list(sides.values()), min(0.86 * pitch, WIDEST))
    drawn = {side: bands(found, places, scale) for side, found in sides.items()}
    rise = rise_of(list(drawn.values()), high - LEGEND - 2 * (BOX + HEAD) - LINE_HEIGHT)
    for side, found in drawn.items():
        for band in found:
            path = outline(band, side, height(band, rise))
            color = COLORS[band.move.way]
            axes.add_patch(PathPatch(path, facecolor=color, edgecolor="white", linewidth=0.3, alpha=SEEN))
    boxes(axes, places, pitch, stocks)
    count_labels(axes, [(band, side) for side, found in drawn.items() for band in found], rise)
    bottom, top = (side * (BOX + HEAD + LINE_HEIGHT / 2 + highest(found, rise)) for side, found in drawn.items())
    # An inch stays an inch, also where there is little to draw.
    spare = max(high - LEGEND - (top - bottom), 0.0) / 2
    axes.set_ylim(bottom - spare, top + spare)
    axes.set_xlim(0, wide)
    axes.set_axis_off()
    if not moves:
        axes.text(places[stages[0]] - pitch / 2, -BOX - LINE_HEIGHT, "nobody has moved yet", va="center", color=FAINT)
        return
    lost = plain(" or ".join(sorted(lost_stages(outcomes))))
    names = {Way.FORWARD: "forward", Way.BACK: "back", Way.LOST: f"to {lost}"}
    used = [way for way in Way if any(move.way is way for move in moves)]
    handles = [Patch(facecolor=COLORS[way], alpha=SEEN, label=names[way]) for way in used]
    axes.legend(handles=handles, frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))


def inches(axes: Axes) -> tuple[float, float]:
    """Measure the picture, which has nothing else in it."""
    figure = axes.figure
    return float(figure.bbox.width / figure.dpi), float(figure.bbox.height / figure.dpi)


def bands(moves: Sequence[Move], places: Mapping[str, float], scale: float) -> list[Band]:
    """Place the feet of the bands at one side of the stages, so that those of one stage do not cross."""
    made = [Band(move, max(move.count * scale, THINNEST)) for move in moves]
    for stage, x in places.items():

        def other(band: Band, stage: str = stage) -> tuple[float, bool]:
            far = places[band.move.target if band.move.origin == stage else band.move.origin]
            return far, band.move.way is Way.LOST

        own = [band for band in made if stage in (band.move.origin, band.move.target)]
        # The nearest to the left comes first, the nearest to the right last: its band is inside of the others.
        left = sorted((band for band in own if other(band)[0] < x), key=lambda band: (-other(band)[0], other(band)[1]))
        right = sorted(
            (band for band in own if other(band)[0] > x), key=lambda band: (-other(band)[0], not other(band)[1])
        )
        foot = x - sum(band.width for band in own) / 2
        for band in (*left, *right):
            middle = foot + band.width / 2
            if band.move.origin == stage:
                band.start = middle
            else:
                band.end = middle
            foot += band.width
    return made


def scale_of(sides: Sequence[Sequence[Move]], room: float) -> float:
    """Choose the width of one move, so that the busiest stage has room for its bands."""
    busiest = 0
    for moves in sides:
        counts: Counter[str] = Counter()
        for move in moves:
            counts.update({move.origin: move.count})
            counts.update({move.target: move.count})
        busiest = max([busiest, *counts.values()])
    return room / busiest if busiest else 0.0


def rise_of(sides: Sequence[Sequence[Band]], room: float) -> float:
    """Choose how steeply bands rise, so that every pair of one above and one below has room."""
    above, below = ([(pow(band.radius, BENT), band.width / 2) for band in side] or [(0.0, 0.0)] for side in sides)
    longest = max((band.radius for side in sides for band in side), default=0.0)
    # Short bands are no higher than a circle.
    steepest = pow(longest, 1 - BENT)
    reached = ((room - high - low) / (up + down) for up, high in above for down, low in below if up + down)
    return max(min([steepest, *reached]), 0.0)


def height(band: Band, rise: float) -> float:
    """Say how high the middle of a band is above its feet."""
    return rise * pow(band.radius, BENT)


def highest(found: Sequence[Band], rise: float) -> float:
    """Say how far the bands at one side reach."""
    return max((height(band, rise) + band.width / 2 for band in found), default=0.0)


def outline(band: Band, side: int, rise: float) -> Path:
    """Draw around a band: an arch as wide as the move is frequent, with a point where it leads."""
    from matplotlib.path import Path

    half, point = band.width / 2, max(band.width / 2, POINTED)
    onward = 1 if band.end > band.start else -1
    foot, shoulder = side * BOX, side * (BOX + HEAD)
    outer = (band.start - onward * half, band.end + onward * half)
    inner = (band.end - onward * half, band.start + onward * half)
    points = [
        (outer[0], foot),
        (outer[0], shoulder),
        *arch(*outer, shoulder, side * (rise + half)),
        (band.end + onward * point, shoulder),
        (band.end, foot),
        (band.end - onward * point, shoulder),
        (inner[0], shoulder),
        *arch(*inner, shoulder, side * max(rise - half, 0.01)),
        (inner[1], foot),
        (outer[0], foot),
    ]
    line, curve = Path.LINETO, [Path.CURVE4] * 6
    return Path(points, [Path.MOVETO, line, *curve, line, line, line, line, *curve, line, Path.CLOSEPOLY])


def arch(start: float, end: float, base: float, rise: float) -> list[tuple[float, float]]:
    """Draw half an ellipse as two cubic curves, without its first point."""
    middle, top = (start + end) / 2, base + rise
    handle, reach = base + ROUND * rise, ROUND * (end - start) / 2
    return [
        (start, handle),
        (middle - reach, top),
        (middle, top),
        (middle + reach, top),
        (end, handle),
        (end, base),
    ]


def boxes(axes: Axes, places: Mapping[str, float], pitch: float, stocks: Mapping[str, int] | None) -> None:
    """Write the stages between the bands above and below, and who is there."""
    from matplotlib.patches import FancyBboxPatch

    wide = min(0.94 * pitch, 1.6)
    size, letters = fitting([plain(stage) for stage in places], wide - 0.04)
    for stage, x in places.items():
        corner, extent = (x - wide / 2 + 0.04, -BOX + 0.06), (wide - 0.08, 2 * BOX - 0.12)
        ground = FancyBboxPatch(corner, *extent, boxstyle="round,pad=0.04", facecolor="#eef1f5", linewidth=0)
        axes.add_patch(ground)
        lines = wrap(plain(stage), letters, max_lines=2, placeholder="\N{HORIZONTAL ELLIPSIS}")
        high = LINE_HEIGHT * (len(lines) - 1) / 2
        lift = 0.0 if stocks is None else 0.09
        axes.text(x, lift, "\n".join(lines), ha="center", va="center", color=INK, fontsize=size, linespacing=1.0)
        if stocks is not None:
            text = f"{stocks.get(stage, 0):,} now"
            axes.text(x, -0.1 - high, text, ha="center", va="center", color=FAINT, fontsize=min(8, size))


def fitting(names: Sequence[str], wide: float) -> tuple[float, int]:
    """Choose the one size in which all names have room in two lines, or the smallest, and how long a line may be."""
    letters = 1
    for size in SIZES:
        letters = max(int(wide / (LETTER * size / SIZES[0])), 4)
        lines = [wrap(name, letters, break_long_words=False) for name in names]
        if all(len(found) <= 2 and max(map(len, found), default=0) <= letters for found in lines):
            return size, letters
    return SIZES[-1], letters


def count_labels(axes: Axes, found: Sequence[tuple[Band, int]], rise: float) -> None:
    """Write the counts of the larger moves where they have room, the largest first."""
    taken: list[tuple[float, float, float]] = []
    largest = max((band.move.count for band, _ in found), default=0)
    for band, side in sorted(found, key=lambda one: -one[0].move.count):
        text = f"{band.move.count:,}"
        half = LETTER * (len(text) + 1) / 2
        place = (band.middle, side * (BOX + HEAD + height(band, rise)))
        is_free = all(abs(x - place[0]) > half + other or abs(y - place[1]) > LINE_HEIGHT for x, y, other in taken)
        if not is_free or band.move.count * 50 < largest:
            continue
        taken.append((*place, half))
        ground = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.8}
        axes.text(*place, text, ha="center", va="center", fontsize=8, color=INK, bbox=ground)


__all__ = ["flow", "stages_of", "stocks_of", "told"]
