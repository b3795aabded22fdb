"""Asks tenure, DuckDB and Polars the same questions about the same answers, and writes RESULTS.md.

Each engine is asked twice: as its users usually write it, and forced, as somebody would who knows how it works inside.
An engine whose numbers are not tenure's, cell by cell, is an error: no time is written down for a wrong answer.

    python -m pip install -r benches/compare/requirements.txt
    python benches/compare/compare.py            # 50 million rows; --rows and --repeats change that
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import peers

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
RUNNER = ["cargo", "run", "--quiet", "--release", "--package", "tenure-benches", "--bin", "tenure-compare", "--"]
COMPARED = {
    "whole": "NPS of everything",
    "segment_month_sorted": "NPS by segment and month in Stockholm, rows in order of time",
    "segment_month_shuffled": "the same, rows in no order",
}
#: What only tenure is asked, about a fifth of the rows.
LAYOUTS = {
    "whole_with_times": "everything, with times that are compared with as_of",
    "segment_int32_keys": "segment and month, dictionary with 32-bit keys",
    "segment_text": "segment and month, segments as text",
    "score_int64_nulls": "segment and month, scores as int64, a fifth null",
    "score_float64_nan": "segment and month, scores as float64, a fifth NaN",
    "kind_excluded_whole": "everything, of one kind of survey and not excluded",
    "kind_excluded_sorted": "segment and month, of one kind and not excluded",
    "kind_excluded_shuffled": "the same, rows in no order",
    "account_month": "100,000 accounts and month, rows in no order",
}


def lines(command: list[str], **environment: str) -> list[dict]:
    """Runs a command that prints one JSON object a line."""
    run = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=os.environ | environment
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def cells_of(answer: dict) -> dict[str, list[int]]:
    """Numerator and denominator by segment and month."""
    named = {}
    for by, start, numerator, denominator in answer["cells"]:
        named["/".join([*by, peers.month(start)] if by else ["all"])] = [numerator, denominator]
    return named


def check(ours: dict, theirs: dict) -> None:
    expected, found = cells_of(ours), theirs["cells"]
    wrong = [cell for cell in expected.keys() | found.keys() if expected.get(cell) != found.get(cell)]
    if wrong:
        cell = min(wrong)
        found = f"{expected.get(cell)} (tenure), {found.get(cell)} ({theirs['engine']}, {theirs['style']})"
        sys.exit(f"{theirs['case']}: {len(wrong)} cells differ; {cell}: {found}")


def milliseconds(answer: dict) -> float:
    return 1000 * min(answer["seconds"])


def cpu() -> str:
    try:
        info = Path("/proc/cpuinfo").read_text()
        name = next(line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def report(rows: int, repeats: int, load: str, ours: dict[str, dict], theirs: list[dict]) -> str:
    versions = ", ".join(f"{engine} {version}" for engine, version in peers.versions().items())
    out = [
        "# Results",
        "",
        "<!-- Written by benches/compare/compare.py. -->",
        "",
        f"- {rows:,} answers in memory; best of at least {repeats} runs and three seconds",
        f"- {versions}; tenure on one thread",
        f"- {cpu()}; load before the run {load}: anything above zero makes all times longer",
        "",
        "All engines gave the same numerator and denominator in every cell before their times were written down.",
        "A ratio is the engine's time over tenure's.",
    ]
    for case, title in COMPARED.items():
        best = milliseconds(ours[case])
        out += ["", f"## {title}", "", "| engine | written | threads | ms | ratio |", "|---|---|--:|--:|--:|"]
        out.append(f"| **tenure** | | 1 | **{best:.1f}** | 1 |")
        for answer in (answer for answer in theirs if answer["case"] == case):
            ms = milliseconds(answer)
            out.append(f"| {answer['engine']} | {answer['style']} | {answer['threads']} | {ms:.1f} | {ms / best:.1f} |")
    out += ["", "## tenure on other layouts", "", f"{rows // 5:,} answers.", ""]
    out += ["| question and layout | ms | ns a row |", "|---|--:|--:|"]
    for case, title in LAYOUTS.items():
        ms = milliseconds(ours[case])
        out.append(f"| {title} | {ms:.1f} | {1e6 * ms / ours[case]['rows']:.2f} |")
    return "\n".join(out) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    arguments = parser.parse_args()
    rows, repeats = arguments.rows, arguments.repeats
    load = f"{os.getloadavg()[0]:.1f}"
    answers = lines([*RUNNER, "answer", str(rows), str(repeats), *COMPARED])
    answers += lines([*RUNNER, "answer", str(rows // 5), str(repeats), *LAYOUTS])
    ours = {answer["case"]: answer for answer in answers}
    theirs = []
    with tempfile.TemporaryDirectory() as directory:
        data = str(Path(directory) / "answers.arrow")
        lines([*RUNNER, "data", data, str(rows)])
        for engine in peers.ENGINES:
            for threads in arguments.threads:
                command = [sys.executable, str(HERE / "peers.py"), engine, str(threads), data, str(repeats)]
                answers = lines(command, POLARS_MAX_THREADS=str(threads))
                for answer in answers:
                    check(ours[answer["case"]], answer)
                    said = f"{answer['engine']} {answer['style']} {threads}: {answer['case']}"
                    print(f"{said} {milliseconds(answer):.1f} ms", flush=True)
                theirs += answers
    (HERE / "RESULTS.md").write_text(report(rows, repeats, load, ours, theirs))


if __name__ == "__main__":
    main()
