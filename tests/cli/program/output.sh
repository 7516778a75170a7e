# Standard output gets everything or nothing, and says when it could not.

run "$hoist" version
says out "^hoist v"
silent err

"$hoist" help --man >/dev/full 2>err
is "a full disk: status" $? 3
says err "can't write to standard output: No space left"

"$hoist" version >&- 2>err
is "closed standard output: status" $? 3
says err "can't write to standard output"

"$hoist" vresion 2>&- >out
is "closed standard error: status" $? 2
silent out

"$hoist" version <&- >out 2>err
is "closed standard input: status" $? 0

# A reader that went away ends us as it ends any filter: by the signal, without a word.
if command -v python3 >/dev/null 2>&1; then
    python3 - "$hoist" >out 2>&1 <<'END'
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
ran = subprocess.run([sys.argv[1], "help", "--man"], stdout=writer, stderr=subprocess.PIPE)
print(ran.returncode, ran.stderr.decode())
END
    is "a reader that went away" "$(head -n 1 out)" "-13 "
fi

# Colour is for terminals; --color and NO_COLOR decide before that.
esc=$(printf '\033')
plain=$(NO_COLOR= "$hoist" vresion 2>&1)
is "no colour into a pipe" "$(printf '%s' "$plain" | grep -c "$esc")" 0
is "colour when asked" "$("$hoist" --color always vresion 2>&1 | grep -c "$esc")" 2
is "asked for beats NO_COLOR" "$(NO_COLOR=1 "$hoist" --color always vresion 2>&1 | grep -c "$esc")" 2
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    on_terminal() {
        script -qec "$*" /dev/null </dev/null 2>/dev/null | grep -c "$esc"
    }
    is "colour on a terminal" "$(on_terminal "$hoist" vresion)" 2
    is "but not with NO_COLOR" "$(NO_COLOR=1 on_terminal "$hoist" vresion)" 0
    is "nor on a dumb one" "$(TERM=dumb on_terminal "$hoist" vresion)" 0
    is "nor with --color never" "$(on_terminal "$hoist" --color never vresion)" 0
fi

run "$hoist" version -v
says err "^note: 0 texts read, 0 steps, [0-9]* KiB of memory, [0-9.]* ms of processor time"
