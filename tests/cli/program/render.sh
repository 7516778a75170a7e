# hoist render: kustomizations, folders and files of manifests, revisions, standard input.

mkdir -p plain app
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n' >plain/b.yml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n# nothing\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\n' >plain/a.yaml
printf '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "Web"}}' >plain/c.json
printf 'not a manifest' >plain/notes.txt
printf 'namePrefix: dev-\nresources: [map.yaml]\n' >app/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {k: v}\n' >app/map.yaml
expected='apiVersion: v1
data:
  k: v
kind: ConfigMap
metadata:
  name: dev-m'

names() {
    sed -n 's/^  name: //p' "$1" | tr '\n' ' '
}

run "$hoist" render app
is "a kustomization: status" $status 0
is "a kustomization" "$(cat out)" "$expected"
silent err

run "$hoist" render plain
is "a folder of manifests: status" $status 0
is "files in order of their names" "$(names out)" "a a b Web "
run "$hoist" render plain/b.yml
is "a file" "$(names out)" "b "
"$hoist" render - <plain/a.yaml >out 2>err
is "standard input" "$(names out)" "a a "
run "$hoist" -C plain render .
is "-C" "$(names out)" "a a b Web "

run "$hoist" render app -o json
is "JSON, a document a line" "$(cat out)" \
    '{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"dev-m"}}'
run "$hoist" render app -o jsn
is "an unknown format: status" $status 2
says err "did you mean 'json'?"

run "$hoist" render plain --output-dir files
is "a file for each document: status" $status 0
silent out
is "their names" "$(ls files | tr '\n' ' ')" \
    "default_apps_v1_deployment_web.yaml default_v1_configmap_a.yaml default_v1_configmap_b.yaml shop_v1_service_a.yaml "

run "$hoist" render nowhere
is "no such path: status" $status 2
silent out
says err "nowhere"
mkdir -p empty
run "$hoist" render empty
is "nothing renders: status" $status 2
says err "'empty' holds no kustomization, no chart and no manifest"

# A failure leaves nothing on standard output, and no half of a file.
printf 'resources: [map.yaml, gone.yaml]\n' >app/kustomization.yaml
run "$hoist" render app
is "a failure: status" $status 2
silent out
says err "^app/kustomization.yaml:1:23: error: "
run "$hoist" render app --output-dir files2
is "no folder for a failure" "$(ls -d files2 2>/dev/null)" ""
printf 'namePrefix: dev-\nresources: [map.yaml]\n' >app/kustomization.yaml

if command -v git >/dev/null 2>&1; then
    git init -q -b main repo
    cp -R app plain repo
    (cd repo && git add -A && git -c user.name=t -c user.email=t@example.invalid commit -qm one &&
        printf 'namePrefix: new-\nresources: [map.yaml]\n' >app/kustomization.yaml)
    run "$hoist" -C repo render main:app
    is "at a revision: status" $status 0
    is "at a revision" "$(cat out)" "$expected"
    run "$hoist" -C repo render app
    is "the working tree" "$(names out)" "new-m "
    run "$hoist" -C repo/app render HEAD:.
    is "the same path from a folder" "$(names out)" "dev-m "
    run "$hoist" -C repo render HEAD:plain/b.yml
    is "a file at a revision" "$(names out)" "b "
    run "$hoist" -C repo render nosuch:app
    is "no such revision: status" $status 2
    says err "nosuch"
    run "$hoist" -C repo render main:nosuch
    is "no such path there: status" $status 2
    says err "nosuch"
    run "$hoist" render main:app
    is "no repository: status" $status 2
fi

# What a chart makes up at random, or reads from the clock, is no difference.
mkdir -p chance/templates
printf 'apiVersion: v2\nname: chance\nversion: 1.0.0\n' >chance/Chart.yaml
cat >chance/templates/a.yaml <<'END'
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {word: {{ randAlphaNum 8 | quote }}, time: {{ now | quote }}}
END
run "$hoist" render chance
cp out first
run "$hoist" render chance
is "a render is random: the same twice" "$(cmp -s first out && echo yes)" ""
run "$hoist" diff --exit-code chance chance
is "a diff is not: status" $status 0
says err "'randAlphaNum' would give another value in every run"
