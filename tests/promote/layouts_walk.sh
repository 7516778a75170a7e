#!/bin/sh
# The sample's promotion in each layout: overlays, values files of one chart, Argo CD
# Applications, branches. One command each; again it changes nothing; a new staging set updates
# the same branch; merged, production runs it already; nobody else changes.
# usage: layouts_walk.sh HOIST SAMPLE
set -eu
hoist=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
branch=hoist/promote/staging-to-production

fail() { echo "FAILED, $layout: $*"; exit 1; }

# The environments of a layout, and another one that must stay as it is.
environments() {
    apps=k8s/argocd/applications/inventory-system
    case $1 in
    overlays) cat <<Y
- {name: staging, path: k8s/overlays/staging}
- {name: production, path: k8s/overlays/production}
- {name: other, path: charts/inventory, release: other, values: [production-values.yaml]}
Y
        ;;
    values) cat <<Y
- {name: staging, path: charts/inventory, release: inventory, values: [staging-values.yaml]}
- {name: production, path: charts/inventory, release: inventory, values: [production-values.yaml]}
- {name: other, path: k8s/overlays/production}
Y
        ;;
    applications) cat <<Y
- {name: staging, application: $apps-staging.yaml}
- {name: production, application: $apps-production.yaml}
- {name: other, path: charts/inventory, values: [production-values.yaml]}
Y
        ;;
    branches) cat <<Y
- {name: staging, path: charts/inventory, values: [env.yaml]}
- {name: production, path: charts/inventory, values: [env.yaml], branch: production}
- {name: other, path: k8s/overlays/production, branch: production}
Y
        ;;
    esac
}

for layout in overlays values applications branches; do
    cp -r "$2" "$work/$layout"
    cd "$work/$layout"
    {
        echo 'apiVersion: hoist/v1'
        echo 'environments:'
        environments $layout
        cat <<Y
promotions:
- from: staging
  to: production
  images: ["ghcr.io/acme/*"]
  require: {digest: true, registry: {layout: registry}}
Y
    } >hoist.yaml
    git init -q -b main .
    base=main
    if test $layout = branches; then
        base=production
        cp charts/inventory/production-values.yaml charts/inventory/env.yaml
        git add . && git commit -qm production && git branch production
        cp charts/inventory/staging-values.yaml charts/inventory/env.yaml
    fi
    git add . && git commit -qm first
    "$hoist" images other | sort >"$work/other"

    "$hoist" promote staging production >"$work/out" 2>&1 || { cat "$work/out"; fail "no promotion"; }
    git fsck --strict --no-progress
    test "$(git diff --name-only $base $branch | wc -l)" = 1 || fail "other files differ"
    test "$(git diff --numstat $base $branch | cut -f1,2)" = "10	10" || fail "not ten lines for ten"
    git diff -U0 $base $branch | grep '^[-+] ' |
        grep -v '^[-+] *digest: sha256:[0-9a-f]\{64\}$' && fail "more than digests differ"
    tip=$(git rev-parse $branch)
    "$hoist" promote staging production | grep -q 'nothing has changed' || fail "not the same"
    test "$(git rev-parse $branch)" = "$tip" || fail "the branch has moved"

    # A new set: what CI writes, then the same branch anew.
    "$hoist" pin staging ghcr.io/acme/user-service:sha-8c4e0f7 --commit >/dev/null
    "$hoist" promote staging production >/dev/null || fail "no second promotion"
    test "$(git rev-parse $branch)" != "$tip" || fail "the branch has not moved"
    test "$(git rev-list --count $base..$branch)" = 1 || fail "not one commit"
    test "$(git status --porcelain)" = "" || fail "the working tree has changed"

    git update-ref refs/heads/$base $branch
    test $base = main && git reset -q --hard
    "$hoist" promote staging production | grep -q 'already runs it' || fail "production runs it"
    "$hoist" images other | sort | diff "$work/other" - || fail "another has changed"
done
echo "the sample's promotion holds in four layouts"
