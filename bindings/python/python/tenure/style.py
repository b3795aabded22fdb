"""What all pictures share: colours and the look of axes."""

from __future__ import annotations

INK, FAINT, GRID = "#1f2933", "#7b8794", "#e4e7eb"
LINE, LINES = (
    "#2557a7",
    ("#2557a7", "#c2571a", "#2f855a", "#7a4ea3", "#b83280", "#0f7b8a", "#8a6d0f", "#55606e"),
)
STYLE = {
    "axes.edgecolor": GRID,
    "axes.labelcolor": FAINT,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",
    "text.color": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
}

__all__ = ["FAINT", "GRID", "INK", "LINE", "LINES", "STYLE"]
