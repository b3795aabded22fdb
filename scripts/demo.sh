#!/usr/bin/env bash
# From nothing to the scorecard of a made-up company.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
started=$SECONDS

say "Python environment in .venv"
virtual_environment .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check 'maturin>=1.16,<2'

say "Building the wheel"
wheel=$(build_wheel .venv)
.venv/bin/python -m pip install --quiet --disable-pip-version-check "$wheel[files,plot]"
# The same version may be there from an earlier run with other code.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheel"

say "Making up a company in out/company"
mkdir -p out
.venv/bin/tenure sample out/company

say "Its scorecard"
.venv/bin/tenure scorecard out/company --report out/report.html

say "Done in $((SECONDS - started)) seconds"
echo "The report:     $PWD/out/report.html (open it in a browser)"
echo "Your own files: .venv/bin/tenure scorecard FOLDER (see docs/src/scorecard.md)"
