#!/bin/sh
# Twenty builds end at the same moment: each pins its own service in a clone of its own and
# pushes to one bare remote. Twenty commits, no pin lost, nobody fails. Then two that pin the
# same: one commit, and both are content.
# usage: pin_race.sh HOIST
set -eu
hoist=$1
services=20
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example

fail() { echo "FAILED: $*"; exit 1; }

mkdir -p "$work/first/overlays/staging"
cd "$work/first/overlays/staging"
echo 'resources: [all.yaml]' >kustomization.yaml
echo 'images:' >>kustomization.yaml
for n in $(seq $services); do
    cat >>all.yaml <<EOF
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: s$n}
spec: {template: {spec: {containers: [{name: s$n, image: registry.example/s$n}]}}}
EOF
    printf -- '- name: registry.example/s%s\n  newTag: old\n' "$n" >>kustomization.yaml
done
cd "$work/first"
git init -q -b main . && git add . && git commit -qm first
git clone -q --bare . "$work/bare.git"
for n in $(seq $services); do git clone -q "file://$work/bare.git" "$work/clone$n"; done

jobs=
for n in $(seq $services); do
    "$hoist" -C "$work/clone$n" pin staging registry.example/s"$n":new --commit --push \
        >"$work/out$n" 2>&1 &
    jobs="$jobs $!"
done
n=0
for job in $jobs; do
    n=$((n + 1))
    wait "$job" || fail "s$n: $(cat "$work/out$n")"
done
git clone -q "file://$work/bare.git" "$work/after"
cd "$work/after"
test "$(git rev-list --count HEAD)" = $((services + 1)) || fail "$(git log --oneline)"
test "$(grep -c 'newTag: new' overlays/staging/kustomization.yaml)" = $services || fail "a pin is lost"
test "$(git log --format=%p HEAD | awk 'NF > 1' | wc -l)" = 0 || fail "there is a merge"
git fsck --strict --no-progress
for n in $(seq $services); do
    test -z "$(git -C "$work/clone$n" status --porcelain)" || fail "clone $n is not clean"
done

# The same pin twice.
for n in 1 2; do git -C "$work/clone$n" reset -q --hard HEAD; git -C "$work/clone$n" pull -q; done
"$hoist" -C "$work/clone1" pin staging registry.example/s3:same --commit --push >"$work/out1" 2>&1 ||
    fail "$(cat "$work/out1")"
"$hoist" -C "$work/clone2" pin staging registry.example/s3:same --commit --push >"$work/out2" 2>&1 ||
    fail "$(cat "$work/out2")"
git -C "$work/clone2" fetch -q
test "$(git -C "$work/clone2" rev-parse HEAD)" = "$(git -C "$work/bare.git" rev-parse main)" ||
    fail "the second clone is elsewhere"
test -z "$(git -C "$work/clone2" status --porcelain)" || fail "the second clone is not clean"
test "$(git -C "$work/bare.git" rev-list --count main)" = $((services + 2)) || fail "not one commit"
echo "all pins arrived"
