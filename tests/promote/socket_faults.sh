#!/bin/sh
# A push whose connection fails at any system call, or that is killed there: the server has the
# branch whole or not at all, both repositories are whole and without a lock, and the next run
# completes.
# usage: socket_faults.sh HOIST SERVER [FAULT...]
# Without a FAULT, each call suffers one of the four in turn, with some (error=ECONNRESET
# error=EPIPE error=ETIMEDOUT signal=KILL) each.
set -eu
hoist=$1
server=$2
shift 2
[ $# -gt 0 ] || set -- in-turn
here=$(cd "$(dirname "$0")/.." && pwd)
for program in openssl strace python3; do
    command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
work=$(mktemp -d)
. "$here/source/git_servers.sh"
trap 'stop_servers; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY GIT_ASKPASS XDG_CACHE_HOME
unset GIT_CONFIG_COUNT SSL_CERT_FILE GIT_SSL_CAINFO
export HOME="$work/home" TMPDIR="$work/tmp" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE='@1700000000 +0000'
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
export GIT_COMMITTER_DATE='@1700000000 +0000' no_proxy=127.0.0.1
mkdir "$work/home" "$work/tmp" "$work/www"
cd "$work"
branch=refs/heads/hoist/promote/staging-to-production
bare=$work/www/app.git

fail() { echo "FAILED: $*"; cat "$work/out"; tail -3 "$work/trace"; exit 1; }

git init -q -b main first
for env in staging production; do
    mkdir -p first/overlays/$env
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: "acme/web:%s"}\n' \
        $env >first/overlays/$env/pod.yaml
done
git -C first add . && git -C first commit -qm first
git clone -q --bare first "$bare"
start_https
start_daemon
git config --global http.sslCAInfo "$work/ca.pem"

fresh() {
    rm -rf clone
    cp -r first clone
    git -C "$bare" update-ref -d $branch
}
promote() { "$@" "$hoist" -C clone promote staging production --push >out 2>&1; }
whole() { # whole FOLDER
    git -C "$1" fsck --strict --no-dangling --no-progress >fsck 2>&1 || { cat fsck; return 1; }
}
# A server that loses who speaks to it may still be at work: it is waited for.
unlocked() { [ -z "$(find "$bare" clone/.git -name '*.lock')" ]; }
in_turn() {
    case $(($1 % 4)) in
    0) echo error=ECONNRESET ;;
    1) echo signal=KILL ;;
    2) echo error=EPIPE ;;
    3) echo error=ETIMEDOUT ;;
    esac
}

points=0
for url in "$daemon/app.git" "https://fox:den@${https#https://}/private/app.git"; do
    git -C first remote remove origin 2>/dev/null || true
    git -C first remote add origin "$url"
    # The first one only fills the caches.
    for each in 1 2; do
        fresh
        promote strace -f -qq -yy -o calls || fail "no push to $url"
    done
    made=$(git -C "$bare" rev-parse $branch)
    sed 's/^[0-9]* *//' calls | awk '
        match($0, /^[a-z0-9_]+\(/) {
            name = substr($0, 1, RLENGTH - 1)
            count[name]++
            if ($0 ~ /^[a-z0-9_]+\([0-9]+<(TCP|socket)/ && name ~ /^(connect|send|recv|read|write|getsockopt)/)
                print name, count[name]
        }' >points
    [ "$(wc -l <points)" -gt 8 ] || fail "no points in $url"
    for wanted; do
        turn=0
        while read -r name when; do
            fault=$wanted
            [ "$wanted" != in-turn ] || fault=$(in_turn $turn)
            turn=$((turn + 1))
            fresh
            promote strace -f -qq --seccomp-bpf -o trace -e "trace=$name" -e "inject=$name:$fault:when=$when" || true
            at="$fault at $name $when of $url"
            until_there "end of locks" unlocked
            whole clone && whole "$bare" || fail "$at: not whole"
            there=$(git -C "$bare" rev-parse -q --verify $branch || true)
            [ -z "$there" ] || [ "$there" = "$made" ] || fail "$at: $there"
            promote || fail "$at: the next run"
            [ "$(git -C "$bare" rev-parse $branch)" = "$made" ] || fail "$at: not completed"
            points=$((points + 1))
        done <points
    done
done
echo "$points faults, both repositories were whole after each, and the next run completed"
