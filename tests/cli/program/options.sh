# Options: GNU's habits and Go's, mistakes with a way out.

run "$hoist"
is "no command: status" $status 2
silent out
says err "error: which command?"
says err "hint: 'hoist help'"

run "$hoist" vresion
is "unknown command: status" $status 2
silent out
says err "error: unknown command 'vresion'"
says err "hint: did you mean 'version'?"

run "$hoist" zzzzzzzz
is "unknown, nothing near: no hint" "$(wc -l <err)" 1

run "$hoist" version --jsn
is "unknown option: status" $status 2
says err "error: unknown option '--jsn'"
says err "hint: did you mean '--json'?"

run "$hoist" version -x
says err "error: unknown option '-x'\$"
run "$hoist" version -qx
says err "error: unknown option '-x' in '-qx'"

run "$hoist" version more
is "operand too many: status" $status 2
says err "error: 'more' is one operand too many"
says err "usage: hoist version"

run "$hoist" completion
is "operand missing: status" $status 2
says err "error: hoist completion needs bash|zsh|fish"

for words in "--color" "-C" "--timeout"; do
    run "$hoist" version $words
    is "$words without a value: status" $status 2
    says err "needs a value"
done

for words in "--timeout=90s" "--timeout 90s" "--timeout=1h30m" "--timeout=1.5h" "--timeout=0" \
    "--color=never" "--color never" "-q" "-qv" "-vq" "--quiet=true" "--quiet=false" "-q=false" \
    "-C ." "-C." "-C=." "-C / -C $work" "--color=never --color=always" "--"; do
    run "$hoist" version $words
    is "version $words: status" $status 0
    silent err
    run "$hoist" $words version
    is "$words version: status" $status 0
done

for words in "--timeout=5" "--timeout=" "--timeout=s" "--timeout=1.2.3s" "--timeout=5x" \
    "--quiet=maybe" "--color=nevr" "--color=" "--timeout=99999999999999h"; do
    run "$hoist" version $words
    is "version $words: status" $status 2
    silent out
done

run "$hoist" version -C /nonexistent
is "-C to nowhere: status" $status 2
says err "can't enter the folder '/nonexistent'"

run "$hoist" version --jsn --json
silent out
says err "unknown option"

run "$hoist" version more --json
says err '^{"kind":"error","class":"input","message":"'
