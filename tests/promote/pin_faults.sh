#!/bin/sh
# A pin that is killed at any system call of its writing, or gets an error from it: the file has the
# old bytes or the new ones, and after an error nothing stands beside it; history has the old tip or
# the new one; and the next run completes.
# usage: pin_faults.sh HOIST [FAULT...]
# Without a FAULT, each call suffers one of the four in turn, with some (signal=KILL error=EIO
# error=ENOSPC error=EINTR) each.
set -eu
hoist=$1
shift
[ $# -gt 0 ] || set -- in-turn
command -v strace >/dev/null || { echo "strace is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='@1700000000 +0000'
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a
export GIT_COMMITTER_EMAIL=a@x.example GIT_COMMITTER_DATE='@1700000000 +0000'
cd "$work"
fail() { echo "FAILED: $*"; cat "$work/out"; tail -3 "$work/trace"; exit 1; }

git init -q -b main first
mkdir -p first/overlays/staging
file=overlays/staging/pod.yaml
printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: "acme/web:v1"}\n' >first/$file
git -C first add . && git -C first commit -qm first
old=$(git -C first rev-parse HEAD)
sed 's/v1"/v2"/' first/$file >wanted

pin() { "$@" "$hoist" -C repo pin overlays/staging acme/web:v2 $commit >out 2>&1; }
fresh() { rm -rf repo && cp -rp first repo; }
in_turn() {
    case $(($1 % 4)) in
    0) echo signal=KILL ;;
    1) echo error=EIO ;;
    2) echo error=ENOSPC ;;
    3) echo error=EINTR ;;
    esac
}

points=0
for commit in "" --commit; do
    fresh
    pin strace -f -qq -o calls || fail "no pin"
    cmp -s wanted repo/$file || fail "another pin"
    made=$(git -C repo rev-parse HEAD)
    sed 's/^[0-9]* *//' calls | awk '
        /O_CREAT/ || /^mkdir/ { writing = 1 }
        match($0, /^[a-z0-9_]+\(/) {
            name = substr($0, 1, RLENGTH - 1)
            count[name]++
            if (writing && name ~ /^(open|openat|write|fsync|fdatasync|rename|renameat2?|unlink|link|close|fchmod|ftruncate|mkdir)$/)
                print name, count[name]
        }' >points
    [ "$(wc -l <points)" -gt 3 ] || fail "there is no write path"
    for wanted; do
        turn=0
        while read -r name when; do
            fault=$wanted
            [ "$wanted" != in-turn ] || fault=$(in_turn $turn)
            turn=$((turn + 1))
            fresh
            pin strace -f -qq --seccomp-bpf -o trace -e "trace=$name" -e "inject=$name:$fault:when=$when" || true
            at="$fault at $name $when${commit:+ with $commit}"
            cmp -s repo/$file first/$file || cmp -s repo/$file wanted || fail "$at: half a file"
            git -C repo fsck --strict --no-dangling --no-progress >fsck 2>&1 || fail "$at: $(cat fsck)"
            tip=$(git -C repo rev-parse HEAD)
            [ "$tip" = "$old" ] || [ "$tip" = "$made" ] || fail "$at: HEAD is $tip"
            locks=$(find repo -name '*.lock')
            case "$locks:$at" in
            :* | *:signal=KILL* | *' unlink '*) ;;
            *) fail "$at: $locks is left" ;;
            esac
            case "$(ls repo/overlays/staging):$at" in
            pod.yaml:* | *:signal=KILL* | *' unlink '*) ;;
            *) fail "$at: $(ls repo/overlays/staging)" ;;
            esac
            [ -z "$locks" ] || touch -d '1 minute ago' $locks
            pin || fail "$at: the next run"
            cmp -s repo/$file wanted || fail "$at: not completed"
            [ "$(git -C repo rev-parse HEAD)" = "$made" ] || fail "$at: not committed"
            points=$((points + 1))
        done <points
    done
done
echo "$points faults, the file and its history were whole after each, and the next run completed"
