#!/usr/bin/env bash
# Nonsense for every parser, FUZZ_SECONDS each. What was found interesting is kept in fuzz/corpus, what failed in
# fuzz/artifacts.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

PATH="$PWD/target/tools/bin:$PATH"
if ! command -v cargo-fuzz >/dev/null; then
    say "Installing cargo-fuzz into target/tools (once)"
    cargo install --quiet --locked --root target/tools cargo-fuzz
fi
# The requests of the vectors are where nonsense starts from.
mkdir -p fuzz/corpus/request
"$PYTHON" - <<'END'
import json
import pathlib

requests = [
    json.dumps(check["request"])
    for folder in ("vectors", "systems")
    for file in pathlib.Path("tests", folder).glob("*.json")
    for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]
    for check in vector["checks"]
]
assert len(requests) > 100, "the vectors hold no requests"
for number, request in enumerate(requests):
    pathlib.Path("fuzz/corpus/request", f"vector-{number}").write_text(request, encoding="utf-8")
END
for target in request state columns values support texts lifecycle; do
    say "$target"
    # Sanitizers need a nightly toolchain, and there is no unsafe code here for them to look at.
    cargo fuzz run --target-dir target/fuzz --sanitizer none "$target" -- -max_total_time="${FUZZ_SECONDS:-60}" -rss_limit_mb=4096
done
