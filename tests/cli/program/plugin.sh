# hoist cmp, as Argo CD's plugin server runs it: an empty environment plus its variables, in a
# copy without .git.

mkdir -p copy/base copy/apps/web copy/apps/plain copy/apps/none
printf 'resources: [map.yaml]\n' >copy/base/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n' >copy/base/map.yaml
printf 'resources: [../../base]\n' >copy/apps/web/kustomization.yaml
printf 'resources: []\n' >copy/apps/none/kustomization.yaml
cp copy/base/map.yaml copy/apps/plain/m.yaml

# cmp FOLDER COMMAND [VARIABLE=VALUE...]
cmp_run() {
    folder=$1
    command=$2
    shift 2
    (cd "copy/$folder" && run env -i PATH=/usr/bin:/bin ARGOCD_APP_NAME=web ARGOCD_APP_NAMESPACE= \
        ARGOCD_APP_SOURCE_PATH="$folder" KUBE_VERSION=1.31.0 KUBE_API_VERSIONS=v1,apps/v1 \
        ARGOCD_APP_PARAMETERS=null "$@" "$hoist" cmp "$command"
        mv out err "$work"
        exit $status)
    status=$?
}

cmp_run apps/web init
is "init: status" $status 0
silent out
cmp_run apps/web generate
is "generate: status" $status 0
silent err
says out "^  name: m"
cmp_run apps/plain generate
is "generate of plain manifests: status" $status 0
says out "^  name: m"
cmp_run . generate ARGOCD_APP_PARAMETERS='[{"name": "path", "string": "apps/web"}]'
is "the parameter path: status" $status 0
says out "^  name: m"

cmp_run apps/web discover
is "discover: status" $status 0
is "discover says what it is" "$(cat out)" "kustomization"
for folder in apps apps/plain; do
    cmp_run $folder discover
    is "discover in $folder: status" $status 0
    silent out
done

cmp_run apps/web parameters
is "parameters: status" $status 0
says out '^\[{"name":"path"'
if command -v python3 >/dev/null 2>&1; then
    is "parameters are JSON" "$(python3 -c 'import json, sys; print(*[p["name"] for p in json.load(sys.stdin)])' <out)" \
        "path environment release values set images allow-empty"
fi

# Nothing at all would be pruned to nothing.
cmp_run apps/none generate
is "an empty render: status" $status 2
silent out
says err "renders to nothing"
cmp_run apps/none generate \
    ARGOCD_APP_PARAMETERS='[{"name": "allow-empty", "string": "true"}]'
is "an empty render that is meant: status" $status 0
silent out
cmp_run apps generate
is "nothing to render: status" $status 2

# Whoever may write an Application may write its parameters.
for parameters in '[{"name": "../../etc/passwd", "string": "x"}]' \
    '[{"name": "path", "string": "../../../../etc"}]' '[{"name": "path", "string": "/etc"}]' \
    '[{"name": "path", "string": "../../base"}]' '[{"name": "path"}]' \
    '[{"name": "path", "array": ["apps"]}]' '[{"name": "allow-empty", "string": "yes"}]' \
    '{"name": "path"}' '[1]' '[' 'x'; do
    cmp_run apps/web generate ARGOCD_APP_PARAMETERS="$parameters"
    is "$parameters: status" $status 2
    silent out
done
cmp_run apps/web generate ARGOCD_APP_PARAMETERS='[{"name": "pth", "string": "."}]'
says err "did you mean 'path'?"

# The copy's top is a fence, for bases and for links.
mkdir -p outside
cp copy/base/map.yaml outside
printf 'resources: [map.yaml]\n' >outside/kustomization.yaml
printf 'resources: [../../../outside]\n' >copy/apps/web/kustomization.yaml
cmp_run apps/web generate
is "a base outside the copy: status" $status 2
silent out
ln -s ../../outside copy/apps/linked
printf 'resources: [../linked]\n' >copy/apps/web/kustomization.yaml
cmp_run apps/web generate
is "a link out of the copy: status" $status 2
printf 'resources: [../../base]\n' >copy/apps/web/kustomization.yaml

# Hundreds of API versions.
many=$(awk 'BEGIN { for (i = 0; i < 4000; i++) printf "%sgroup%d/v1", i ? "," : "", i }')
cmp_run apps/web generate KUBE_API_VERSIONS="$many"
is "60 KB of API versions: status" $status 0

# By hand, without any of it.
run "$hoist" -C copy/apps/web cmp generate
is "by hand: status" $status 0
