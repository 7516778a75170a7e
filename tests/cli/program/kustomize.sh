# hoist kustomize, also through a link: kustomize's options, statuses and versions.

mkdir -p k links
printf 'resources: [map.yaml]\n' >k/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n' >k/map.yaml
ln -s "$hoist" links/kustomize
ln -s "$hoist" links/kustomize_5_7_1
ln -s "$hoist" links/kustomizer

run "$hoist" kustomize build k
is "build: status" $status 0
says out "^  name: m"
for command in links/kustomize links/kustomize_5_7_1; do
    run "$command" build k
    is "$command build: status" $status 0
    says out "^  name: m"
done
run links/kustomizer build k
is "another word's link is hoist itself: status" $status 2
run "$hoist" kustomize k
is "as kubectl takes it: status" $status 0
says out "^  name: m"
run "$hoist" -C k kustomize build
is "the working directory: status" $status 0
run "$hoist" kustomize build k --load-restrictor LoadRestrictionsNone --enable-helm \
    --helm-command helm3 --helm-kube-version 1.31 --helm-api-versions a/v1 --helm-api-versions b/v1 \
    --helm-debug --enable-alpha-plugins --enable-exec --network --network-name none \
    --mount type=bind --env A=b -e C --as-current-user --reorder none --stack-trace
is "every option: status" $status 0
run links/kustomize --enable-helm build k
is "an option before the command: status" $status 0

run "$hoist" kustomize build k -o file.yaml
is "-o FILE: status" $status 0
silent out
says file.yaml "^  name: m"
run "$hoist" kustomize build k -o k-out
mkdir -p k-folder
run "$hoist" kustomize build k -o k-folder
is "-o FOLDER" "$(ls k-folder)" "v1_configmap_m.yaml"
chmod 600 file.yaml
ln -sf file.yaml file-link
run "$hoist" kustomize build k -o file-link
is "a link stays one" "$(readlink file-link)" "file.yaml"
is "and the file's mode stays" "$(stat -c %a file.yaml)" 600
run "$hoist" kustomize build k -o /dev/stdout
says out "^  name: m"
run "$hoist" kustomize build k -o none/file.yaml
is "no folder for the file: status" $status 1
is "nothing is left beside" "$(ls -A | grep -c 'hoist-')" 0
run "$hoist" kustomize build k -o /dev/full
is "a full disk: status" $status 1
says err "can't write '/dev/full'"

for words in "build nowhere" "build k k" "build --bogus k" "build k --load-restrictor x" "biuld k" \
    "build k/map.yaml" "build k --reorder x" "build k --enable-helm=x" "version --short -o json"; do
    run links/kustomize $words
    is "kustomize $words: status" $status 1
    silent out
    says err "^error: "
done

run links/kustomize
is "no command: status" $status 0
says out "^Usage: kustomize COMMAND"
run links/kustomize version
is "version" "$(cat out)" "v5.7.1"
run links/kustomize version --short
is "version --short" "$(cat out)" "{kustomize/v5.7.1  unknown   }"
run links/kustomize version -o json
says out '^  "version": "kustomize/v5.7.1"'
run links/kustomize version -o yaml
says out '^version: kustomize/v5.7.1'
run links/kustomize build -h
says out "^Usage: kustomize build \[OPTIONS\] \[DIR\]"
run "$hoist" kustomize build --help
says out "^Usage: hoist kustomize build "

# A chart is never left out in silence.
mkdir -p charted
printf 'helmCharts:\n- {name: web, repo: "http://127.0.0.1:1"}\n' >charted/kustomization.yaml
for words in "" --enable-helm; do
    run "$hoist" kustomize build $words charted
    is "a chart, $words: status" $status 1
    silent out
    says err "^charted/kustomization.yaml:2:[0-9]*: error: \(must specify\|[Cc]ould.*connect\) "
done
run "$hoist" render charted
is "render of a chart: status" $status 3
