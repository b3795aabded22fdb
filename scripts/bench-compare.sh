#!/usr/bin/env bash
# tenure against DuckDB and Polars: the same answers, from the same data, in the same run. Arguments go to compare.py.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

virtual_environment .venv-bench
.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benches/compare/requirements.txt
cargo build --release --package tenure-benches --bin tenure-compare
.venv-bench/bin/python benches/compare/compare.py "$@"
