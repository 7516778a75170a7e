#!/bin/sh
# A promotion that is killed at any system call of its write path, or gets an error from it,
# leaves the repository as it was or done: git fsck is clean, no other reference, no file and
# no index entry has changed. An error leaves no lock, and the next run completes.
# usage: kill_points.sh HOIST SAMPLE [FAULT...]
# Without a FAULT, each call suffers one of the four in turn; with some (signal=KILL error=EIO
# error=ENOSPC error=EINTR), each call suffers each: a matter of minutes.
set -eu
hoist=$1
sample=$2
shift 2
[ $# -gt 0 ] || set -- in-turn
command -v strace >/dev/null || { echo "strace is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='@1700000000 +0000'
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a
export GIT_COMMITTER_EMAIL=a@x.example GIT_COMMITTER_DATE='@1700000000 +0000'

cp -r "$sample" "$work/first"
cd "$work/first"
git init -q -b main .
git add . && git commit -qm first
echo '# not committed' >>hoist.yaml
cp -r "$work/first" "$work/done"
"$hoist" -C "$work/done" promote staging production >/dev/null
git -C "$work/done" for-each-ref >"$work/refs.done"
git for-each-ref >"$work/refs.before"
git status --porcelain >"$work/status"
branch=refs/heads/hoist/promote/staging-to-production

# Nothing may be lost: what the branch had, or all that it was to get.
look() {
    git fsck --strict --no-dangling --no-progress >"$work/fsck" 2>&1 || { cat "$work/fsck"; return 1; }
    git status --porcelain | cmp - "$work/status" || return 1
    if git rev-parse -q --verify $branch >/dev/null; then
        git for-each-ref | cmp - "$work/refs.done"
    else
        git for-each-ref | cmp - "$work/refs.before"
    fi
}

# A lock whose owner was killed is taken away when it is some seconds old: it is made so.
again() {
    locks=$(find .git -name '*.lock')
    case "$locks:$1" in
    :* | *:signal=KILL* | *' unlink') ;; # or it is the lock that could not be removed
    *) echo "a lock is left: $locks"; return 1 ;;
    esac
    [ -z "$locks" ] || touch -d '1 minute ago' $locks
    "$hoist" promote staging production >"$work/out" 2>&1 || { cat "$work/out"; return 1; }
    git for-each-ref | cmp - "$work/refs.done"
}

# The write path begins with the first thing that is made in .git. Each of its calls is named by
# its number among the calls of that name.
cp -r "$work/first" "$work/base"
cd "$work/base"
strace -f -qq -o "$work/calls" "$hoist" promote staging production >/dev/null 2>&1
sed 's/^[0-9]* *//' "$work/calls" | awk '
    /\/\.git\/.*O_CREAT/ || /^mkdir.*\/\.git\// { writing = 1 }
    match($0, /^[a-z0-9_]+\(/) {
        name = substr($0, 1, RLENGTH - 1)
        count[name]++
        if (writing && name != "exit_group")
            print name, count[name]
    }' >"$work/points"
test "$(wc -l <"$work/points")" -gt 100 || { echo "there is no write path"; exit 1; }

points=0
in_turn() {
    case $(($1 % 4)) in
    0) echo signal=KILL ;;
    1) echo error=EIO ;;
    2) echo error=ENOSPC ;;
    3) echo error=EINTR ;;
    esac
}

for wanted; do
    turn=0
    while read -r name at; do
        fault=$wanted
        [ "$wanted" != in-turn ] || fault=$(in_turn $turn)
        turn=$((turn + 1))
        # No disk answers these, and a look at what is there never runs out of space.
        case $fault:$name in
        error=*:futex | error=*:brk | error=*:m*map | error=*:mprotect | error=*:getrandom) continue ;;
        error=ENOSPC:*stat* | error=ENOSPC:access | error=ENOSPC:getdents64) continue ;;
        error=EINTR:*stat* | error=EINTR:access | error=EINTR:getdents64) continue ;;
        esac
        rm -rf "$work/repo"
        cp -r "$work/first" "$work/repo"
        cd "$work/repo"
        strace -f -qq --seccomp-bpf -o "$work/trace" -e "trace=$name" -e "inject=$name:$fault:when=$at" \
            "$hoist" promote staging production >"$work/out" 2>&1 || true
        look && again "$fault $name" || { echo "$fault at $name $at:"; tail -3 "$work/trace"; exit 1; }
        points=$((points + 1))
    done <"$work/points"
done
echo "$points faults, the repository was whole after each, and the next run completed"
