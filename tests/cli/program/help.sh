# Help, the manual and completion, all from the same rows.

run "$hoist" help
is "help: status" $status 0
silent err
says out "^Usage: hoist COMMAND"
says out "^  version  "
asked=$((asked + 1))
if grep -q "^  complete " out; then
    wrong=$((wrong + 1))
    echo "help lists what is not for people"
fi

for words in "help version" "version --help" "version -h" "-h version" "version -qh"; do
    run "$hoist" $words
    is "$words: status" $status 0
    says out "^Usage: hoist version"
    says out "^      --color auto|always|never"
done

run "$hoist" help nothing
is "help of an unknown command: status" $status 2
silent out

run "$hoist" --version
says out "^hoist v"
run "$hoist" version --json
says out '^{"version":"v'

run "$hoist" help --man
is "man: status" $status 0
says out '^\.TH HOIST 1'
says out '^\.SS "hoist version"'
if command -v mandoc >/dev/null 2>&1; then
    mandoc -T lint -W error out >lint 2>&1
    is "mandoc finds no error" "$(cat lint)" ""
fi

# complete WORD...: the candidates on one line.
complete() {
    "$hoist" complete -- "$@" | cut -f1 | tr '\n' ' '
}

is "complete a command" "$(complete vers)" "version "
is "complete an option" "$(complete version --js)" "--json "
is "complete one with a value" "$(complete version --col)" "--color= "
is "complete a choice" "$(complete version --color a)" "auto always "
is "complete a choice after =" "$(complete version --color=a)" "--color=auto --color=always "
is "complete a choice in mixed case" \
    "$(complete kustomize build --load-restrictor Load | wc -w)" 2
is "complete a folder" "$(complete -C '')" ":folders "
is "complete an operand" "$(complete completion '')" "bash zsh fish "
is "complete a command as operand" "$(complete help compl)" "completion "
is "complete each of many operands" "$(complete help version help vers)" "version "
is "no option after --" "$(complete version -- --js)" ""
is "nothing after the last operand" "$(complete completion bash '')" ""
is "mistakes before do not matter" "$(complete version --nonsense --js)" "--json "

for shell in bash zsh fish; do
    run "$hoist" completion $shell
    is "completion $shell: status" $status 0
    says out "complete -- "
done
run "$hoist" completion tcsh
is "unknown shell: status" $status 2
says err "known are bash, zsh, fish"

# The scripts in the shells themselves, where these are installed.
if command -v bash >/dev/null 2>&1; then
    cat >ask.bash <<'END'
PATH=$1:$PATH
eval "$(hoist completion bash)"
compopt() { :; }
shift
COMP_WORDS=(hoist "$@")
COMP_CWORD=$#
_hoist
printf '%s ' "${COMPREPLY[@]}"
END
    folder=$(dirname "$hoist")
    is "bash: a command" "$(bash ask.bash "$folder" vers)" "version "
    is "bash: a choice, words apart" "$(bash ask.bash "$folder" version --color = a)" "auto always "
    is "bash: a choice, =" "$(bash ask.bash "$folder" version --color =)" "auto always never "
fi
if command -v zsh >/dev/null 2>&1; then
    run zsh -fc "$("$hoist" completion zsh | sed 's/compdef/: compdef/')"
    silent err
fi
if command -v fish >/dev/null 2>&1; then
    run env PATH="$(dirname "$hoist"):$PATH" fish --no-config -c "hoist completion fish | source
        complete -C 'hoist version --color a'"
    is "fish: a choice" "$(tr '\n' ' ' <out)" "always auto "
fi
