#!/bin/sh
# Argo CD's REST API: what is asked, what each answer leads to, and that the token is nowhere.
# usage: argocd.sh HOIST SERVER.py
set -eu
hoist=$1
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill $server; rm -rf "$work"' EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
unset ARGOCD_SERVER http_proxy HTTP_PROXY all_proxy ALL_PROXY || true

fail() { echo "FAILED: $*"; cat "$work/out"; exit 1; }

python3 "$2" "$work/app.json" "$work/port" &
server=$!
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "the server does not start"; exit 1; }
    sleep 0.1
done
export ARGOCD_AUTH_TOKEN=not-to-be-seen ARGOCD_SERVER="http://127.0.0.1:$(cat "$work/port")/argo/"

mkdir -p "$work/repo/st" "$work/repo/pr"
cd "$work/repo"
git init -q -b main .
for env in st pr; do
    cat >$env/a.yaml <<EOF
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: app, image: "acme/web:$env"}]}}}
EOF
done
# expect STATUS NAME [TEXT]: the promotion asks for this Application.
expect() {
    cat >hoist.yaml <<EOF
apiVersion: hoist/v1
environments: [{name: staging, path: st}, {name: production, path: pr}]
promotions:
- from: staging
  to: production
  require:
    argocd: {application: $2, project: shop, namespace: argo-shop}
EOF
    git add . && git commit -qm "$2" --allow-empty
    printf '{"metadata":{"name":"web"},"spec":{"source":{"path":"st"}},"status":{"sync":{"status":"Synced","revision":"%s"},"health":{"status":"Healthy"}}}' \
        "$(git rev-parse HEAD)" >"$work/app.json"
    status=0
    "$hoist" --timeout 2s promote staging production >"$work/out" 2>&1 || status=$?
    test $status = "$1" || fail "status $status for $2"
    grep -q "${3-.}" "$work/out" || fail "not the words for $2"
    if grep -rq not-to-be-seen "$work/out" .git; then fail "the token is in the open"; fi
    test $status = 0 || test "$(git for-each-ref | wc -l)" = 1 || fail "something was written"
}

expect 3 absent 'may not read it'
expect 3 broken 'is no JSON'
expect 3 down 'status 503\|did not\|503'
expect 3 moved
expect 3 slow
ARGOCD_AUTH_TOKEN=wrong-one expect 3 web 'does not accept the token'
expect 0 web 'ok: synced and healthy'
kill $server
wait $server 2>/dev/null || true
server=
git branch -qD hoist/promote/staging-to-production
expect 3 web
echo "Argo CD's answers are understood"
