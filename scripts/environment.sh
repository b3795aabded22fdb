# What every script here needs: the root of the checkout as the current folder, cargo, and a few words.
# Sourced, not run.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset CARGO_TARGET_DIR

if ! command -v cargo >/dev/null && [ -x "${HOME:-}/.cargo/bin/cargo" ]; then
    PATH="$HOME/.cargo/bin:$PATH"
fi
PYTHON="${PYTHON:-$(command -v python3.11 || command -v python3)}"

say() { printf '\n== %s\n' "$*"; }

# install_system_package PACKAGE: with apt, if that is possible without asking anybody.
install_system_package() {
    command -v apt-get >/dev/null || return 1
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
    if [ "$(id -u)" != 0 ]; then
        # Never ask for a password in the middle of a build.
        sudo -n true 2>/dev/null || return 1
        apt=(sudo -n "${apt[@]}")
    fi
    echo "installing the system package $1"
    local install=("${apt[@]}" install -y --no-install-recommends "$1")
    "${install[@]}" >/dev/null 2>&1 && return 0
    # The lists of packages may be absent or old.
    "${apt[@]}" update >/dev/null 2>&1 && "${install[@]}" >/dev/null 2>&1
}

# system_command COMMAND PACKAGE: is the command there, or can it be installed?
system_command() {
    command -v "$1" >/dev/null || { install_system_package "$2" && command -v "$1" >/dev/null; }
}

# virtual_environment FOLDER: makes one, unless it is there and works.
virtual_environment() {
    if [ -x "$1/bin/python" ] && "$1/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    rm -rf "$1"
    if ! "$PYTHON" -m venv "$1" >/dev/null 2>&1; then
        # Debian's Python comes without what fills a new environment.
        rm -rf "$1"
        local version
        version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install_system_package "python$version-venv" && "$PYTHON" -m venv "$1" || {
            echo "cannot make a virtual environment: install python$version-venv" >&2
            return 1
        }
    fi
}

# build_wheel ENVIRONMENT: builds the wheel into target/wheels and tells its path. No link-time optimisation: it would
# take longer than everything else.
build_wheel() {
    rm -f target/wheels/tenure-*.whl
    "$1/bin/maturin" build --release --quiet --manifest-path bindings/python/Cargo.toml --out target/wheels >&2
    ls target/wheels/tenure-*.whl
}
