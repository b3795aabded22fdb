#!/usr/bin/env bash
# Proves the C library: builds it, installs it beside the build, and runs the C and C++ programs against it, plain,
# under the sanitizers and under valgrind.
#
# usage: check.sh [PROFILE]                 PROFILE is release or dev
#
# Wants gcc, g++, pkg-config and json-c (Debian: gcc g++ pkg-config libjson-c-dev), and uses valgrind and cmake if
# they are there.
set -uo pipefail

profile=${1:-release}
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" || exit 1
tests=$(cd ../../tests && pwd)
models=$(cd ../../models && pwd)
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
work=$target/c-check
rm -rf "$work"
mkdir -p "$work"

# Fewer steps than this, and something was left out.
least=65
passed=0
failed=0

# Runs a step and counts it; what it says is shown if it fails.
step() {
    local name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$name"
        grep -hE 'checks passed' "$work/log" | sed 's/^/        /'
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$name"
        tail -40 "$work/log" | sed 's/^/        /'
    fi
}

finish() {
    if [ $((passed + failed)) -lt $least ]; then
        echo "only $((passed + failed)) steps ran, expected $least"
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
}

step "build and install ($profile)" ./install.sh "$work/prefix" "$profile"
[ $failed -eq 0 ] || finish
export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig
export LD_LIBRARY_PATH=$work/prefix/lib

step "json-c is there" pkg-config --exists json-c
[ $failed -eq 0 ] || finish

shared=$(pkg-config --cflags --libs tenure)
json=$(pkg-config --cflags --libs json-c)
# The static library by its name, because -ltenure would take the shared one.
static="$(pkg-config --cflags tenure) $work/prefix/lib/libtenure.a $(pkg-config --static --libs-only-l tenure |
    sed 's/-ltenure//')"
warnings="-Wall -Wextra -Wpedantic -Werror"
c="gcc -std=c11 -D_POSIX_C_SOURCE=200809L -g -O1 $warnings -Itests"
cxx="g++ -std=c++17 -g -O1 $warnings -Itests"
sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

# What the header says is what the library exports, no more and no less.
same_symbols() {
    grep -oE '\btenure_[a-z0-9_]+\(' include/tenure.h | tr -d '(' | sort -u >"$work/declared"
    nm -D --defined-only "$work/prefix/lib/libtenure.so" | awk '$2 == "T" { print $3 }' | sort -u >"$work/exported"
    [ "$(wc -l <"$work/declared")" -ge 50 ] && diff "$work/declared" "$work/exported"
}
step "symbols are those of the header" same_symbols

native_libraries() {
    local said
    said=$(cargo rustc --quiet -p tenure-c --lib --profile "$profile" -- --print native-static-libs 2>&1 |
        sed -n 's/^note: native-static-libs: //p' | tail -1)
    [ -n "$said" ] && [ "$(sed -n 's/^Libs.private: //p' "$work/prefix/lib/pkgconfig/tenure.pc")" = "$said" ]
}
step "static libraries are those that rustc names" native_libraries

soname() {
    readelf -d "$work/prefix/lib/libtenure.so" | grep "SONAME.*libtenure.so.0.1"
}
step "the shared library has its name" soname

for standard in c99 c11 c17; do
    step "tenure.h in $standard" gcc -std=$standard $warnings -Iinclude -fsyntax-only -x c include/tenure.h -Wno-pragma-once-outside-header
done
for standard in c++17 c++20; do
    for header in tenure.hpp tenure_classifier.hpp tenure_lifecycle.hpp tenure_open_hours.hpp; do
        step "$header in $standard" g++ -std=$standard $warnings -Iinclude -fsyntax-only -x c++ "include/$header"
    done
done

# Without lines for what a sanitizer is not in, the runs below would prove nothing.
sanitized() {
    # Not grep -q: it would leave before nm is through, which counts as a failure here.
    nm "$1" | grep __asan_init && nm "$1" | grep __ubsan_handle
}

# Nor without leaks being noticed.
leaks_are_noticed() {
    cat >"$work/leak.c" <<'EOF'
#include "tenure.h"
int main(void) {
    tenure_book *book = NULL;
    for (int count = 0; count < 100; count++) {
        tenure_book_new(&book, NULL);
    }
    tenure_book_free(book);
    return 0;
}
EOF
    $c $sanitize -Iinclude "$work/leak.c" $static -o "$work/leak" &&
        ! "$work/leak" >"$work/leaks" 2>&1 && grep "LeakSanitizer: detected memory leaks" "$work/leaks"
}
step "the sanitizers notice a leak" leaks_are_noticed

under_valgrind() {
    valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,possible "$@"
}

# program NAME COMPILER SOURCES LIBRARIES ARGUMENTS...: builds and runs a program in every way.
program() {
    local name=$1 compiler=$2 sources=$3 libraries=$4
    shift 4
    step "$name: compiles" $compiler $sources $shared $libraries -o "$work/$name"
    step "$name: runs" "$work/$name" "$@"
    step "$name: compiles with sanitizers" $compiler $sanitize $sources $static $libraries -o "$work/$name-sanitized"
    step "$name: the sanitizers are in" sanitized "$work/$name-sanitized"
    step "$name: runs with sanitizers" "$work/$name-sanitized" "$@"
    if command -v valgrind >/dev/null; then
        step "$name: runs under valgrind" under_valgrind "$work/$name" "$@"
    fi
}

program api "$c" tests/api.c ""
program lifecycle "$c" tests/lifecycle.c ""
program misuse "$c" tests/misuse.c ""
program arrow "$c" tests/arrow.c ""
program vectors "$c" tests/vectors_runner.c "$json -lm" "$tests/vectors" "$tests/systems" "$tests/classify"
program classifier "$c" tests/classifier.c "$json" "$tests/classify/bits.txt" "$models/interactions/evaluation"
program classes "$cxx" tests/classes.cpp ""
program classes-without-exceptions "$cxx -fno-exceptions -DTENURE_NO_EXCEPTIONS" tests/classes.cpp ""
program scorecard-c "$c" examples/scorecard.c ""
program scorecard-cpp "$cxx" examples/scorecard.cpp ""
step "headers twice: compiles" $cxx tests/include_twice_a.cpp tests/include_twice_b.cpp $shared -o "$work/twice"
step "headers twice: runs" "$work/twice"

# Promoters 10, 9 and 9, one detractor, five answers: 100 * (3 - 1) / 5.
step "scorecard in C says what it should" sh -c "'$work/scorecard-c' | grep -E '^nps +- +- +40\.0 .* points +5  ok'"
step "scorecard in C++ says the same" sh -c "'$work/scorecard-cpp' | grep -E '^nps +- +- +40\.000 points +5  ok'"

if command -v cmake >/dev/null; then
    cat >"$work/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.16)
project(scorecard C)
find_package(tenure $(pkg-config --modversion tenure) REQUIRED)
add_executable(shared $here/examples/scorecard.c)
target_link_libraries(shared tenure::tenure)
add_executable(static $here/examples/scorecard.c)
target_link_libraries(static tenure::static)
EOF
    step "CMake: finds the library" cmake -S "$work" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/prefix"
    step "CMake: builds" cmake --build "$work/cmake"
    step "CMake: runs, shared" "$work/cmake/shared"
    step "CMake: runs, static" "$work/cmake/static"
fi

finish
