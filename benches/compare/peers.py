"""The other engines: `peers.py SUITE ENGINE THREADS FOLDER REPEATS` answers all questions, a line of JSON each."""

import json
import sys
import time
from pathlib import Path

from suites import SUITES

#: Short questions are repeated for so many seconds, because other programs run too. So does `tenure.rs`.
LONG_ENOUGH = 3.0


def main(suite: str, engine: str, threads: int, folder: Path, repeats: int) -> None:
    for case, style, ask in SUITES[suite].engines[engine](folder, threads):
        seconds = []
        while len(seconds) < repeats or sum(seconds) < LONG_ENOUGH:
            begin = time.perf_counter()
            cells = ask()
            seconds.append(time.perf_counter() - begin)
        if callable(cells):
            cells = cells()
        answer = {"engine": engine, "threads": threads, "case": case, "style": style, "seconds": seconds}
        print(json.dumps(answer | {"cells": cells}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
