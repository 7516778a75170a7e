# Mistakes in the command lines of other programs end as those programs end them, and so do the
# templates of a release's name: testdata/cli/command_lines.tsv, printed by tests/oracle/command_lines.
. "$here/said.sh"
chart_here
while IFS='	' read -r tool arguments wanted; do
    is "$tool $arguments" "$(ends "$arguments" "$hoist" "$tool")" "$wanted"
done <"$sample/../cli/command_lines.tsv"
