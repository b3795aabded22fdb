"""Asks tenure and other engines the same questions about the same data, and writes the suite's section of RESULTS.md.

Each engine is asked twice: as its users usually write it, and forced, as somebody would who knows how it works inside.
An engine whose numbers are not tenure's, cell by cell, is an error: no time is written down for a wrong answer.

    python -m pip install -r benches/compare/requirements.txt
    python benches/compare/compare.py                         # every suite
    python benches/compare/compare.py support --size 50000    # one, smaller; --repeats and --threads change more
    python benches/compare/compare.py support --peers-only    # whether the others agree; writes nothing
"""

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from suite import Cells, Suite
from suites import SUITES

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
RESULTS = HERE / "RESULTS.md"
RUNNER = ["cargo", "run", "--quiet", "--release", "--package", "tenure-benches", "--bin", "tenure-compare", "--"]
HEAD = """# Results

<!-- Written by benches/compare/compare.py. -->

A ratio is the engine's time over tenure's.
"""


def lines(command: list[str], **environment: str) -> list[dict]:
    """Runs a command that prints one JSON object a line."""
    run = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=os.environ | environment
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def same(one: float | None, other: float | None) -> bool:
    if isinstance(one, float) and other is not None or isinstance(other, float) and one is not None:
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other


def check(case: str, expected: Cells, teller: str, found: Cells, other: str) -> None:
    def differs(cell: str) -> bool:
        pair = expected.get(cell, []), found.get(cell, [])
        return len(pair[0]) != len(pair[1]) or not all(map(same, *pair))

    wrong = sorted(cell for cell in expected.keys() | found.keys() if differs(cell))
    if wrong or not expected:
        numbers = [f"{cell}: {expected.get(cell)} ({teller}), {found.get(cell)} ({other})" for cell in wrong[:5]]
        sys.exit("\n".join([f"{case}: {len(wrong)} of {len(expected)} cells differ", *numbers]))


def milliseconds(answer: dict) -> float:
    return 1000 * min(answer["seconds"])


def cpu() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text()
        name = next(line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def section(suite: Suite, size: int, repeats: int, load: str, ours: dict[str, dict], theirs: list[dict]) -> str:
    versions = ", ".join(f"{name} {version(package)}" for name, package in suite.packages.items())
    out = [
        f"## {suite.title}",
        "",
        f"- {size:,} {suite.things} in memory; best of at least {repeats} runs and three seconds",
        *(f"- {line}" for line in suite.about),
        f"- {versions}; tenure on one thread",
        f"- {cpu()}; load before the run {load}: anything above zero makes all times longer",
        "",
        suite.agreement,
    ]
    for case, title in suite.cases.items():
        best = milliseconds(ours[case])
        out += ["", f"### {title}", "", "| engine | written | threads | ms | ratio |", "|---|---|--:|--:|--:|"]
        out.append(f"| **tenure** | {ours[case].get('said', '')} | 1 | **{best:.1f}** | 1 |")
        for answer in (answer for answer in theirs if answer["case"] == case):
            ms = milliseconds(answer)
            out.append(f"| {answer['engine']} | {answer['style']} | {answer['threads']} | {ms:.1f} | {ms / best:.1f} |")
    if suite.layouts:
        rows = max(ours[case]["rows"] for case in suite.layouts)
        out += ["", "### tenure on other layouts", "", f"{rows:,} {suite.things}.", ""]
        out += ["| question and layout | ms | ns a row |", "|---|--:|--:|"]
    for case, title in suite.layouts.items():
        ms = milliseconds(ours[case])
        out.append(f"| {title} | {ms:.1f} | {1e6 * ms / ours[case]['rows']:.2f} |")
    return "\n".join(out) + "\n"


def with_section(results: str, title: str, text: str) -> str:
    """The page with this section in place of the one of the same title; the others stay, in the order of the suites."""
    sections = {part.split("\n", 1)[0]: f"## {part.strip()}\n" for part in results.split("\n## ")[1:]}
    sections[title] = text
    known = [suite.title for suite in SUITES.values()]
    return "\n".join([HEAD, *(sections[title] for title in known if title in sections)])


def compare(name: str, size: int, repeats: int, all_threads: list[int], peers_only: bool) -> None:
    suite = SUITES[name]
    load = f"{os.getloadavg()[0]:.1f}"
    ours, theirs = {}, []
    with tempfile.TemporaryDirectory() as folder:
        lines([*RUNNER, "data", name, folder, str(size)])
        if not peers_only:
            answers = lines([*RUNNER, "answer", name, folder, str(size), str(repeats), *suite.cases])
            if suite.layouts:
                answers += lines([*RUNNER, "answer", name, folder, str(size // 5), str(repeats), *suite.layouts])
            ours = {answer["case"]: answer for answer in answers}
        expected = {case: ("tenure", suite.cells_of(ours[case]["cells"])) for case in suite.cases if case in ours}
        for engine in suite.engines:
            for threads in all_threads:
                command = [sys.executable, str(HERE / "peers.py"), name, engine, str(threads), folder, str(repeats)]
                answers = lines(command, POLARS_MAX_THREADS=str(threads))
                for answer in answers:
                    said = f"{answer['engine']} {answer['style']} {threads}"
                    teller, cells = expected.setdefault(answer["case"], (said, answer["cells"]))
                    check(answer["case"], cells, teller, answer["cells"], said)
                    print(f"{said}: {answer['case']} {milliseconds(answer):.1f} ms", flush=True)
                theirs += answers
    if not peers_only:
        results = RESULTS.read_text() if RESULTS.exists() else HEAD
        RESULTS.write_text(with_section(results, suite.title, section(suite, size, repeats, load, ours, theirs)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suites", nargs="*", metavar="suite", help=f"of {', '.join(SUITES)}; without any, all of them")
    parser.add_argument("--size", type=int, help="of the data, instead of the suite's own")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--peers-only", action="store_true", help="compare the other engines with each other")
    arguments = parser.parse_args()
    for name in arguments.suites or SUITES:
        if name not in SUITES:
            parser.error(f'there is no suite "{name}"')
        size = arguments.size or SUITES[name].size
        compare(name, size, arguments.repeats, arguments.threads, arguments.peers_only)


if __name__ == "__main__":
    main()
