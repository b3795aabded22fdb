#!/usr/bin/env bash
# Builds the C library and installs libraries, headers, pkg-config and CMake files.
#
# usage: install.sh PREFIX [PROFILE]        PROFILE is release or dev
set -euo pipefail

if [ $# -lt 1 ]; then
    sed -n 's/^# usage: /usage: /p' "$0" >&2
    exit 2
fi
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
profile=${2:-release}
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"

output=$(case $profile in dev) echo debug ;; *) echo "$profile" ;; esac)
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')

# One build; rustc says on the way what a program has to link beside the static library.
log=$(cargo rustc --quiet -p tenure-c --lib --profile "$profile" -- --print native-static-libs 2>&1) || {
    echo "$log" >&2
    exit 1
}
native=$(sed -n 's/^note: native-static-libs: //p' <<<"$log" | tail -1)
if [ -z "$native" ]; then
    echo "rustc did not say what to link" >&2
    exit 1
fi

version=$(sed -n 's/^#define TENURE_VERSION "\(.*\)"/\1/p' include/tenure.h)
case $version in
0.*) abi=$(cut -d. -f1,2 <<<"$version") ;;
*) abi=$(cut -d. -f1 <<<"$version") ;;
esac

fill() {
    sed -e "s|@PREFIX@|$prefix|" -e "s|@LIBDIR@|\${prefix}/lib|" -e "s|@INCLUDEDIR@|\${prefix}/include|" \
        -e "s|@VERSION@|$version|" -e "s|@ABI@|$abi|" -e "s|@NATIVE_STATIC_LIBS@|$2|" "$1"
}

install -d "$prefix/include" "$prefix/lib/pkgconfig" "$prefix/lib/cmake/tenure"
install -m 644 include/tenure.h include/tenure.hpp include/tenure_classifier.hpp include/tenure_lifecycle.hpp include/tenure_open_hours.hpp \
    "$prefix/include"
install -m 644 "$target/$output/libtenure.a" "$prefix/lib"
install -m 755 "$target/$output/libtenure.so" "$prefix/lib/libtenure.so.$version"
ln -sf "libtenure.so.$version" "$prefix/lib/libtenure.so.$abi"
ln -sf "libtenure.so.$abi" "$prefix/lib/libtenure.so"
fill tenure.pc.in "$native" >"$prefix/lib/pkgconfig/tenure.pc"
for file in tenure-config.cmake tenure-config-version.cmake; do
    fill "cmake/$file" "${native// /;}" >"$prefix/lib/cmake/tenure/$file"
done
