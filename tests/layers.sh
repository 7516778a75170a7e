#!/bin/sh
# The layering: a file includes headers of its own layer or a lower one, and a library's own
# headers stand only in the files marked with its name.
# usage: layers.sh ROOT
cd "$1" || exit 2
git ls-files '*.c' '*.h' 2>/dev/null | grep -v '^tests/' >/tmp/layers.$$ ||
    find render schema overlays promote cli -name '*.[ch]' >/tmp/layers.$$
awk -v list=/tmp/layers.$$ '
function layer(path) {
    if (path ~ /^render\/base\//) return 0
    if (path ~ /^render\/doc\//) return 1
    if (path ~ /^render\/source\//) return 2
    if (path ~ /^schema\//) return 3
    if (path ~ /^render\/template\//) return 4
    if (path ~ /^render\/chart\//) return 5
    if (path ~ /^overlays\//) return 6
    if (path ~ /^promote\//) return 7
    if (path ~ /^cli\//) return 8
    return -1
}
# A row of a table: it shares the table'"'"'s header, and has none of its own to include.
function row(path) {
    return path ~ /\/(func|check|forge|source|diff)_[a-z_0-9]*\.h$/
}
BEGIN {
    while ((getline path < list) > 0) {
        number = 0
        files++
        while ((getline line < path) > 0) {
            number++
            if (line !~ /^#[ ]*include "/) continue
            split(line, quoted, "\"")
            other = quoted[2]
            includes++
            own = path; sub(/\.c$/, ".h", own)
            if (layer(other) < 0 && other !~ /^schema/)
                print path ":" number ": \"" other "\" is no path from the root", ++bad
            else if (layer(other) > layer(path))
                print path ":" number ": includes a higher layer: " other, ++bad
        }
        close(path)
    }
    if (!files || !includes) { print "nothing was read"; exit 1 }
    printf "%d files, %d includes, %d violations\n", files, includes, bad
    exit bad > 0
}'
status=$?
rm -f /tmp/layers.$$
exit $status
