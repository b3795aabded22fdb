"""The lifecycle `subscription`, as far as the questions need it."""

#: The stages in order: seconds after which an account is behind, and after which it is stuck.
STAGES = {
    name: [None if days is None else days * 24 * 3600 for days in limits]
    for name, limits in {
        "aware": (30, 90),
        "evaluating": (30, 90),
        "prospect": (84, 168),
        "trial": (14, 30),
        "onboarding": (30, 90),
        "adoption": (90, 180),
        "growth": (None, None),
        "renewal": (90, 120),
        "at_risk": (30, 60),
        "churned": (None, None),
        "won_back": (30, 90),
    }.items()
}
NAMES = list(STAGES)
END = "churned"
FUNNEL = ["trial", "onboarding", "adoption", "growth"]
STATES = ["on_track", "behind", "stuck", "paused", "churned"]


def end_probabilities(moves: dict[tuple[str, str], int]) -> dict[str, float]:
    """How likely each stage is to lead to the end at last, in percent: x = Px + r, by elimination (Gauss)."""
    stages = [stage for stage in NAMES if stage != END]
    exits = {stage: sum(count for (source, _), count in moves.items() if source == stage) for stage in stages}

    def share(source: str, target: str) -> float:
        return moves.get((source, target), 0) / exits[source]

    rows = [[float(one == other) - share(one, other) for other in stages] + [share(one, END)] for one in stages]
    for at in range(len(rows)):
        largest = max(range(at, len(rows)), key=lambda other: abs(rows[other][at]))
        rows[at], rows[largest] = rows[largest], rows[at]
        rows[at] = [number / rows[at][at] for number in rows[at]]
        for other, row in enumerate(rows):
            if other != at:
                rows[other] = [number - row[at] * pivot for number, pivot in zip(row, rows[at])]
    return {stage: 100 * row[-1] for stage, row in zip(stages, rows)}
