#!/bin/sh
# test.sh: installs what the tests need, builds with gcc and clang, and runs every test.
# On a bare Debian 12 or a developer's machine, as often as you like.
set -eu
cd "$(dirname "$0")"
: "${PATH:=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
export PATH
began=$(date +%s)
passed=0
failed=0

say() {
    printf '==> [%3ds] %s\n' $(($(date +%s) - began)) "$1"
}

# check NAME COMMAND...: counts what it says; a failure shows its output.
check() {
    name=$1
    shift
    say "$name"
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat "$log"
        echo "FAILED: $name"
    fi
}

# suite NAME FOLDER [CTEST OPTIONS]: ctest's tests, each counted. Many wait for servers, so there are
# more at once than cores.
suite() {
    say "$1"
    folder=$2
    shift 2
    ctest --test-dir "$folder" --output-on-failure -j 3 "$@" >"$log" 2>&1 || true
    line=$(grep -E 'tests passed, .* failed out of' "$log" || true)
    if [ -z "$line" ]; then
        cat "$log"
        failed=$((failed + 1))
        return
    fi
    total=${line##* }
    bad=$(printf '%s\n' "$line" | sed 's/.*passed, \([0-9]*\) tests* failed.*/\1/')
    passed=$((passed + total - bad))
    failed=$((failed + bad))
    [ "$bad" = 0 ] || cat "$log"
}

build() {
    scripts/configure "$@" -DBUILD_TESTING=ON && ninja -C "$1"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

say "packages"
scripts/install-packages test

check "build with gcc" build build -DCMAKE_C_COMPILER=gcc
suite "tests" build

check "build with the sanitizers" build build-sanitize -DCMAKE_C_COMPILER=gcc -DHOIST_SANITIZE=ON
# What a killed run leaves behind, and what forges describe, is the same with sanitizers, and takes them
# many minutes.
suite "tests under the sanitizers" build-sanitize -E 'kill_points|_faults|contract_'

check "build with clang" build build-clang -DCMAKE_C_COMPILER=clang
suite "tests of the clang build, but for those with servers" build-clang -L quick \
    -E 'forge_|registry|signatures|_servers'

check "formatting" scripts/check-format
check "cppcheck" scripts/check-static

say "done"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
