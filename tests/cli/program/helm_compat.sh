# --compat helm-3, where a command line and not a chart tells it from Helm 4.
mkdir -p like/templates
printf 'apiVersion: v2\nname: like\nversion: 1.0.0\n' >like/Chart.yaml
cat >like/templates/a.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  v: a={{ .Values.a }} {{ .Capabilities.KubeVersion.Version }}
END
run "$hoist" helm template like --set-json '{"a":1}' --kube-version v1.33.4-gke.1
says out "v: a=1 v1.33.4-gke.1$"
run "$hoist" helm template like --set-json 'a=1' --kube-version v1.33.4-gke.1 --compat helm-3
says out "v: a=1 v1.33.4$"
run "$hoist" helm template like --set-json '{"a":1}' --compat helm-3
is "helm 3 and an object: status" $status 1
says err 'failed parsing --set-json data {"a":1}'
run "$hoist" helm template like --compat helm-2
is "a helm that is unknown: status" $status 1
says err "known are helm-4, helm-3"
run "$hoist" render like --set a=1 --kube-version v1.33.4-gke.1 --compat helm-3
says out "v: a=1 v1.33.4$"
run "$hoist" render like --set a=1 --kube-version v1.33.4-gke.1 --compat kustomize-5.8
says out "v: a=1 v1.33.4-gke.1$"
mkdir -p likes/charts
cp -r like likes/charts/
: >likes/charts/like/values.yaml
printf 'helmCharts: [{name: like}]\n' >likes/kustomization.yaml
run "$hoist" render likes --set a=1 --kube-version v1.33.4-gke.1 --compat helm-3
says out "v: a=1 v1.33.4$"

# What is for a cluster is taken by both and changes nothing.
run "$hoist" helm template like
cp out first
for flag in --atomic --force --force-conflicts --force-replace --rollback-on-failure --take-ownership \
    --server-side=false --wait=watcher --wait-for-jobs; do
    run "$hoist" helm template like $flag
    is "$flag: the same" "$(cmp first out)" ""
    run "$hoist" helm template like $flag --compat helm-3
    is "$flag: the same as helm 3" "$(cmp first out)" ""
done
