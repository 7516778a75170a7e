#!/bin/sh
# A promotion that is killed at any system call of its write path, or gets an error from it,
# leaves the repository as it was or done: git fsck is clean, no other reference, no file and
# no index entry has changed.
# usage: kill_points.sh HOIST SAMPLE
set -eu
hoist=$1
sample=$2
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

calls=write,pwrite64,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,fsync,fchmod,chmod
points=0
for fault in signal=KILL error=EIO error=ENOSPC; do
    set="trace=$calls"
    [ $fault = signal=KILL ] || set="trace=write,pwrite64,rename,link,mkdir,fsync"
    at=0
    missed=0
    while [ $missed = 0 ]; do
        at=$((at + 1))
        rm -rf "$work/repo"
        cp -r "$work/first" "$work/repo"
        cd "$work/repo"
        strace -f -qq -o "$work/trace" -e "$set" -e "inject=${set#trace=}:$fault:when=$at" \
            "$hoist" promote staging production >"$work/out" 2>&1 || true
        grep -q -e INJECTED -e 'killed by SIGKILL' "$work/trace" || missed=1
        look || { echo "$fault at call $at:"; tail -3 "$work/trace"; exit 1; }
        points=$((points + 1))
        [ $at -lt 400 ] || { echo "no end in sight"; exit 1; }
    done
done
echo "$points faults, the repository was whole after each"
