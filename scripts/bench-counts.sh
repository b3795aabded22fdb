#!/usr/bin/env bash
# How many instructions: the same on every machine, and so a gate. Needs valgrind.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

version=0.20.0 # that of the crate gungraun in benches/Cargo.toml
system_command valgrind valgrind || { echo "valgrind is not there and cannot be installed" >&2 && exit 1; }
export GUNGRAUN_RUNNER="$PWD/target/tools/bin/gungraun-runner"
if [ ! -x "$GUNGRAUN_RUNNER" ]; then
    say "Installing gungraun-runner into target/tools (once)"
    cargo install --quiet --locked --root target/tools gungraun-runner --version "$version"
fi
cargo bench --package tenure-benches --bench counts
