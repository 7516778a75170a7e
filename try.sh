#!/bin/sh
# try.sh: installs what hoist needs, builds it, and walks the sample: what production would
# get, how staging differs from it, and the promotion of the one into the other.
# On a bare Debian 12 or your own machine, as often as you like; works in a temporary folder.
set -eu
cd "$(dirname "$0")"
: "${PATH:=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
export PATH
top=$(pwd)

say() {
    printf '\n==> %s\n' "$1"
}

# show COMMAND...: the command as you would type it, and what it prints.
show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

# Documents by kind, of the manifests on standard input.
kinds() {
    awk '/^kind: / { n[$2]++; all++ }
         END { for (k in n) printf "%5d %s\n", n[k], k; printf "%5d documents\n", all }' |
        sort -k 2
}

say "packages"
scripts/install-packages build
say "building"
scripts/configure build-try -DBUILD_TESTING=OFF
ninja -C build-try

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say "the sample, in a repository of its own"
cp -R testdata/inventory-system "$work/inventory-system"
cd "$work/inventory-system"
git init -q -b main
git config user.name you
git config user.email you@example.invalid
git add -A
git commit -q -m "The inventory system"
PATH=$top/build-try:$PATH

say "what production gets"
printf '\n$ %s\n' "hoist render k8s/overlays/production"
hoist render k8s/overlays/production >"$work/production.yaml"
kinds <"$work/production.yaml"

say "how staging and production differ"
show hoist diff staging production

say "the images that staging runs, carried over to production"
show hoist promote staging production

say "the branch to review; nothing else has changed"
show git log --format='%h %an: %s' --all
show git diff --stat main hoist/promote/staging-to-production
show git status --short --branch
