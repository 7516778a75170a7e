#!/bin/sh
# README.md holds what the program prints: each "$ hoist …" is run in a copy of the sample, and
# the lines below it must come in this order. "…" alone stands for any lines.
# usage: readme.sh HOIST
hoist=$(realpath "$1") || exit 2
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cp -R "$top/testdata/inventory-system" "$work/sample" && cd "$work/sample" || exit 2
git init -q -b main && git config user.name you && git config user.email you@example.invalid &&
    git add -A && git commit -qm "The inventory system" || exit 2
ln -s "$hoist" "$work/hoist"
PATH=$work:$PATH
wrong=0
blocks=0

# Lines of the file `wanted` in the file `out`, in order.
compare() {
    awk '
    NR == FNR { want[++n] = $0; next }
    BEGIN { at = 1 }
    { while (want[at] == "…" && at < n && $0 == want[at + 1]) at++
      if (at <= n && $0 == want[at]) { at++; next }
      if (want[at] != "…") { print "  got:    " $0; print "  wanted: " want[at]; exit bad = 1 }
    }
    END { while (want[at] == "…") at++
          if (!bad && at <= n) { print "  not there: " want[at]; bad = 1 }
          exit bad }' "$work/wanted" "$work/out"
}

check() {
    [ -n "$command" ] || return 0
    blocks=$((blocks + 1))
    sh -c "$command" >"$work/out" 2>&1
    compare && return 0
    wrong=$((wrong + 1))
    echo "README.md: $command"
}

command=
while IFS= read -r line; do
    case $line in
    '$ hoist '*)
        check
        command=${line#??}
        : >"$work/wanted"
        ;;
    '```') check; command= ;;
    *) [ -z "$command" ] || printf '%s\n' "$line" >>"$work/wanted" ;;
    esac
done <"$top/README.md"
echo "$blocks commands, $wrong that print something else"
[ "$blocks" -gt 0 ] && [ "$wrong" = 0 ]
