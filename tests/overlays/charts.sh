#!/bin/sh
# Charts that a kustomization takes from a repository: the same documents as from chartHome, values
# files of the chart and of an address included, and nothing is written.
# usage: charts.sh HOIST SERVER
set -eu
hoist=$(realpath "$1")
server=$(realpath "$2")
command -v python3 >/dev/null || exit 77
work=$(mktemp -d)
started=
trap 'exec 3>&- || true; [ -z "$started" ] || kill "$started" 2>/dev/null || true; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
export HOME="$work/home"
fail() { echo "FAILED: $*"; exit 1; }
cd "$work"
mkdir -p home www chart/web/templates here away
printf 'apiVersion: v2\nname: web\nversion: 1.2.0\n' >chart/web/Chart.yaml
printf 'size: 1\nlist: [a]\n' >chart/web/values.yaml
printf 'size: 3\n' >chart/web/values-big.yaml
cat >chart/web/templates/cm.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: {{ .Release.Namespace }}}
data: {v: {{ toJson .Values | quote }}}
END
tar -C chart -czf www/web-1.2.0.tgz web
printf 'apiVersion: v1\nentries: {web: [{apiVersion: v2, name: web, version: 1.2.0, urls: [web-1.2.0.tgz],
  digest: %s}]}\n' "$(sha256sum <www/web-1.2.0.tgz | cut -d' ' -f1)" >www/index.yaml
printf 'far: true\n' >www/far.yaml
mkfifo hold
python3 "$server" www <hold >port &
started=$!
exec 3>hold
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat port)/file

mkdir -p here/charts/web-1.2.0
cp -r chart/web here/charts/web-1.2.0
# kustomization FOLDER MORE: the chart with more fields
kustomization() {
    printf 'helmCharts:\n- {name: web, version: 1.2.0, repo: "%s", namespace: apart%s}\n' "$url" "$2" \
        >"$1/kustomization.yaml"
}
ask() {
    for where in here away; do
        kustomization $where "$1"
        "$hoist" kustomize build --enable-helm $where >$where.yaml || fail "$where: $1"
    done
    cmp here.yaml away.yaml || fail "$1"
}
ask ''
ask ', valuesFile: charts/web-1.2.0/web/values-big.yaml'
ask ', valuesInline: {size: 7, list: null}'
ask ', additionalValuesFiles: [charts/web-1.2.0/web/values-big.yaml]'
grep -q 'size' away.yaml || fail "no values"
[ "$(ls away)" = kustomization.yaml ] || fail "something was written"

kustomization away ', valuesFile: charts/web-1.2.0/web/none.yaml'
! "$hoist" kustomize build --enable-helm away 2>err || fail "a values file that is not there"
grep -q "the chart 'web' has no file 'none.yaml'" err || fail "$(cat err)"
kustomization away ''
! "$hoist" kustomize build away 2>err || fail "without --enable-helm"
sed -i 's/1.2.0, repo/7.0.0, repo/' away/kustomization.yaml
! "$hoist" kustomize build --enable-helm away 2>err || fail "a version that is not there"
grep -q 'chart "web" version "7.0.0" not found' err || fail "$(cat err)"
kustomization away ''
# The same chart in an Application, its values from a source with a ref: as from a folder.
mkdir -p app/values
printf 'size: 5\nlist: null\n' >app/values/e.yaml
application() {
    printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n'
    printf '  destination: {namespace: apart}\n  sources:\n'
    printf '  - {repoURL: https://git.example/x.git, ref: own}\n'
    printf '  - {repoURL: "%s", %s, helm: {valueFiles: [$own/values/e.yaml]%s}}\n' "$1" "$2" "$3"
}
application "$url" 'chart: web, targetRevision: 1.x' '' >app/far.yaml
application https://git.example/x.git 'path: web' '' >app/near.yaml
cp -r chart/web app/web
cat >app/hoist.yaml <<'END'
apiVersion: hoist/v1
environments:
- {name: far, application: far.yaml}
- {name: near, application: near.yaml}
END
(cd app && git init -q . && "$hoist" render far >../far.out && "$hoist" render near >../near.out) ||
    fail "an Application's chart"
cmp far.out near.out || fail "an Application's chart from a repository"
grep -q 'size.*5' far.out || fail "no values of an Application"
sed -i 's|\$own/values/e.yaml|'"$url"'/far.yaml|' app/far.yaml
"$hoist" -C app render far | grep -q 'far.*true' || fail "values of an Application at an address"
! "$hoist" -C app --offline render far 2>err || fail "an Application offline"

printf 'x' >>www/web-1.2.0.tgz
! "$hoist" kustomize build --enable-helm away 2>err || fail "another archive than the index says"
grep -q 'is not what its index says' err || fail "$(cat err)"
! "$hoist" render --offline away 2>err || fail "offline"
echo "charts are fetched"
