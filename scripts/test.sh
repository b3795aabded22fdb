#!/usr/bin/env bash
# Everything: Rust, the tree itself, C, Python, documentation. Stops at the first failure.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
started=$SECONDS
skipped=()

# step WHAT COMMAND...: runs it and says how long it took.
step() {
    local what=$1 began=$SECONDS
    shift
    say "$what"
    "$@"
    echo "-- $what: $((SECONDS - began)) s"
}

# skip WHAT: what cannot be checked here is said here and again at the end.
skip() {
    say "SKIPPED: $1"
    skipped+=("$1")
}

rustdoc_without_warnings() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet; }

c_libraries() { cargo build --release --quiet -p tenure-c; }

python_environment() {
    virtual_environment .venv-test
    .venv-test/bin/python -m pip install --quiet --disable-pip-version-check 'maturin>=1.16,<2'
    wheel=$(build_wheel .venv-test)
    case "$wheel" in
    *-cp311-abi3-*) ;;
    *) echo "the wheel $wheel is not for every Python from 3.11 on" && return 1 ;;
    esac
    .venv-test/bin/python -m pip install --quiet --disable-pip-version-check "$wheel[files,plot,test]"
    .venv-test/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheel"
}

python_tests() (
    cd bindings/python
    ../../.venv-test/bin/python -m pytest tests
)

python_style() (
    cd bindings/python
    ../../.venv-test/bin/ruff check .
    ../../.venv-test/bin/ruff format --check .
)

# The source distribution is what builds where there is no wheel. Its dependencies are those built before.
python_package() {
    local target=$PWD/target
    (cd bindings/python && CARGO_TARGET_DIR="$target" ../../.venv-test/bin/python -m pytest -m package tests/test_package.py)
}

step "Rust: format" cargo fmt --all --check
step "Rust: lints" cargo clippy --workspace --all-targets --quiet -- -D warnings
step "Rust: tests and doc tests" cargo test --workspace --quiet
# Everything above had every feature; the core is also used without any.
step "Rust: the core alone, lints" cargo clippy -p tenure -p tenure-arrow --all-targets --quiet -- -D warnings
step "Rust: the core alone, tests" cargo test -p tenure -p tenure-arrow --quiet
step "Rust: documentation" rustdoc_without_warnings
step "The tree: guards and generated pages" cargo xtask check

step "C: libraries" c_libraries
for need in g++:g++ pkg-config:pkg-config valgrind:valgrind cmake:cmake; do
    system_command "${need%%:*}" "${need##*:}" || skip "${need%%:*} is not there and cannot be installed"
done
if pkg-config --exists json-c || { install_system_package libjson-c-dev && pkg-config --exists json-c; }; then
    step "C: programs, sanitizers, vectors" bindings/c/check.sh
else
    skip "C: programs, sanitizers, vectors: libjson-c-dev is not there and cannot be installed"
fi
step "C: snippets of the documentation" cargo xtask snippets target/release/libtenure.a

step "Python: wheel" python_environment
step "Python: tests, types, vectors, snippets" python_tests
step "Python: style" python_style
step "Python: wheel and source distribution" python_package

say "All passed in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
for what in "${skipped[@]}"; do
    echo "SKIPPED: $what"
done
