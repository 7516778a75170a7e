#!/bin/sh
# What was fetched is kept, within bounds: what is damaged is fetched again, what nobody uses goes,
# and runs that read while others take away still build the same.
# usage: cache.sh HOIST SERVER
set -eu
hoist=$1
server=$2
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
work=$(mktemp -d)
started=
trap 'exec 3>&- || true; [ -z "$started" ] || kill "$started" 2>/dev/null || true; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY XDG_CACHE_HOME GIT_CONFIG_COUNT
export HOME="$work/home" TMPDIR="$work/tmp" GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
mkdir "$work/home" "$work/tmp" "$work/www" "$work/k"
cd "$work"
cache=home/.cache/hoist/git

fail() { echo "FAILED: $*"; exit 1; }

git init -q -b main tree
printf 'resources: [cm.yaml]\n' >tree/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n' >tree/cm.yaml
git -C tree add . && git -C tree commit -qm one
first=$(git -C tree rev-parse HEAD)
for n in 1 2 3 4 5 6 7 8 9; do git -C tree commit -q --allow-empty -m "$n" && git -C tree tag "t$n"; done
git clone -q --bare tree www/app.git
git -C www/app.git config uploadpack.allowAnySHA1InWant true
"$hoist" kustomize build tree >wanted
mkfifo feed
python3 "$server" www <feed >port &
started=$!
exec 3>feed
tries=0
until [ -s port ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "no server"
    sleep 0.1
done
at=http://127.0.0.1:$(cat port)/git/app.git
build() { # build REVISION [FLAG]
    mkdir -p "k/$1" && printf 'resources: ["%s?ref=%s"]\n' "$at" "$1" >"k/$1/kustomization.yaml"
    "$hoist" ${2-} kustomize build "k/$1" >"got.$1" 2>"said.$1"
}
same() { build "$@" && cmp -s wanted "got.$1" || fail "$*: $(cat "said.$1")"; }

# Damaged in any way, it is fetched again; offline it is no answer.
for damage in "truncate -s -3" "truncate -s 0" "dd bs=1 seek=40 count=4 conv=notrunc if=/dev/urandom status=none of=" "rm"; do
    for kind in pack idx; do
        same "$first"
        file=$(echo $cache/$first/pack/*.$kind)
        chmod u+w "$file"
        case $damage in *of=) $damage"$file" ;; *) $damage "$file" ;; esac
        ! build "$first" --offline || fail "$damage of the $kind was not noticed"
        grep -q -- '--offline forbids it' "said.$first" || fail "$(cat "said.$first")"
        same "$first"
        same "$first" --offline
    done
done
[ -z "$(ls $cache | grep '^new-')" ] || fail "something is left: $(ls $cache)"

# Unused for 30 days, or the longest unused of too many bytes; never what was used just now.
entry() { # entry NAME SIZE AGE
    mkdir -p "$cache/$1/pack" && truncate -s "$2" "$cache/$1/pack/x" && touch -d "$3" "$cache/$1"
}
entry aa 1K '31 days ago'
entry bb 1K '29 days ago'
entry cc 3G '2 hours ago'
entry dd 3G '3 hours ago'
entry ee 3G '1 minute ago'
touch -d '31 days ago' $cache/$first
same "$first"
rm -f $cache/.swept
same t1
for gone in aa bb cc dd; do [ ! -e $cache/$gone ] || fail "$gone is still there"; done
for kept in ee "$first"; do [ -e $cache/$kept ] || fail "$kept is gone"; done
rm -r $cache/ee
entry bb 1K '29 days ago'
rm $cache/.swept
same t2
[ -e $cache/bb ] || fail "what was used 29 days ago is gone"
entry aa 1K '31 days ago'
same t3
[ -e $cache/aa ] || fail "it was looked at again at once"

# Readers and those who take away, at once.
for n in 4 5 6 7 8 9; do
    touch -d '31 days ago' $cache/* && rm -f $cache/.swept
    same "$first" &
    one=$!
    same "t$n" &
    two=$!
    same t1 &
    three=$!
    wait $one && wait $two && wait $three || fail "at once"
done
echo passed
