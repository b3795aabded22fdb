#!/usr/bin/env bash
# The guides and the catalog as a website, and the Rust documentation.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

cargo xtask generate
cargo doc --workspace --no-deps
mdbook=$(command -v mdbook || echo target/tools/bin/mdbook)
if [ ! -x "$mdbook" ]; then
    say "Installing mdbook into target/tools (a few minutes, once)"
    cargo install --quiet --locked --root target/tools mdbook --version '^0.5'
    mdbook=target/tools/bin/mdbook
fi
"$mdbook" build docs
echo "The guides: $PWD/docs/book/index.html"
