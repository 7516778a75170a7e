#!/bin/sh
# The program as a shell sees it: exit statuses, what goes where, odd ways to call it.
# usage: program.sh HOIST
hoist=$(realpath "$1") || exit 2
here=$(cd "$(dirname "$0")" && pwd)
sample=$here/../../testdata/inventory-system
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
unset NO_COLOR
TERM=xterm
export TERM
asked=0
wrong=0

# run COMMAND...: leaves its status, and what it said in the files out and err.
run() {
    "$@" >out 2>err </dev/null
    status=$?
}

# is WHAT GOT WANTED
is() {
    asked=$((asked + 1))
    [ "$2" = "$3" ] && return
    wrong=$((wrong + 1))
    printf '%s\n  got:    %s\n  wanted: %s\n' "$1" "$2" "$3"
}

# says FILE PATTERN: a line of it matches.
says() {
    asked=$((asked + 1))
    grep -q -- "$2" "$1" && return
    wrong=$((wrong + 1))
    printf '%s does not say: %s\n' "$1" "$2"
    sed 's/^/  | /' "$1"
}

silent() {
    is "$1 is empty" "$(head -c 300 "$1")" ""
}

for part in "$here"/program/*.sh; do
    . "$part"
done

echo "$asked questions, $wrong wrong answers"
[ "$wrong" = 0 ]
