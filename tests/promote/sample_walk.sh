#!/bin/sh
# The sample's promotion on real clones: what must hold of the branch, the working tree, the
# index and every other reference.
# usage: sample_walk.sh HOIST SAMPLE
set -eu
hoist=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
branch=hoist/promote/staging-to-production

say() { echo "$*"; }
fail() { say "FAILED: $*"; exit 1; }

cp -r "$2" "$work/first"
cd "$work/first"
git init -q -b main .
git add . && git commit -qm first
git clone -q --bare . "$work/bare.git"
git remote add origin "file://$work/bare.git"

# Uncommitted changes of every sort, which must stay as they are.
echo '# not committed' >>k8s/overlays/production/kustomization.yaml
echo '# staged' >>k8s/overlays/staging/kustomization.yaml
git add k8s/overlays/staging/kustomization.yaml
echo new >untracked
snapshot() {
    git status --porcelain=v2
    git ls-files --stage
    git for-each-ref | grep -v "$branch" || true
    find . -path ./.git -prune -o -type f -exec sha256sum {} + | sort
    git stash list
}
snapshot >"$work/before"

"$hoist" promote staging production --dry-run >"$work/dry"
git rev-parse -q --verify $branch >/dev/null && fail "a dry run made the branch"
"$hoist" promote staging production >"$work/out" || { cat "$work/out"; fail "no promotion"; }
snapshot | diff "$work/before" - || fail "something else has changed"
git fsck --strict --no-progress

# Only digests of entries differ, in one file.
test "$(git diff --name-only main $branch)" = k8s/overlays/production/kustomization.yaml ||
    fail "other files differ"
test "$(git diff --numstat main $branch | cut -f1,2)" = "10	10" || fail "not ten lines for ten"
git diff -U0 main $branch | grep '^[-+] ' | grep -v '^[-+]  digest: sha256:[0-9a-f]\{64\}$' &&
    fail "more than digests differ"
git log -1 --format=%B $branch | grep -q '^Hoist-Promotion: staging -> production$' ||
    fail "no trailer"
git interpret-trailers --parse <<EOF2 | grep -q Hoist-Source || fail "git sees no trailers"
$(git log -1 --format=%B $branch)
EOF2

# The same again is the same commit.
tip=$(git rev-parse $branch)
"$hoist" promote staging production | grep -q 'nothing has changed' || fail "it was not the same"
test "$(git rev-parse $branch)" = "$tip" || fail "the branch has moved"

# A bare clone gives the same tree, and takes a push of ours.
"$hoist" -C "$work/bare.git" promote staging production >/dev/null
test "$(git -C "$work/bare.git" rev-parse $branch^{tree})" = "$(git rev-parse $branch^{tree})" ||
    fail "the bare clone has another tree"
"$hoist" promote staging production --push >/dev/null
test "$(git -C "$work/bare.git" rev-parse $branch)" = "$tip" || fail "it was not pushed"

# One image, then a new tag of it: the same branch, one commit on its base.
"$hoist" promote staging production --only user-service >/dev/null
test "$(git diff --numstat main $branch | cut -f1,2)" = "1	1" || fail "not one line for one"
test "$(git rev-list --count main..$branch)" = 1 || fail "not one commit"

# Merged, there is nothing left to do.
git stash -q -u
"$hoist" promote staging production >/dev/null
git merge -q $branch
"$hoist" promote staging production | grep -q 'already runs it' || fail "production runs it"

# The registry may be an archive; a folder that is not there lets nothing through.
tar czf registry.tgz -C registry . && rm -rf registry
sed -i 's/layout: registry/layout: registry.tgz/' hoist.yaml
"$hoist" verify staging | grep -q 'ok: index of 2 platforms, hashed' || fail "an archive of a registry"
rm registry.tgz
if "$hoist" verify staging >/dev/null 2>&1; then fail "no registry, and verified"; fi
say "the sample's promotion holds"
