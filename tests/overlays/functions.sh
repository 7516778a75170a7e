#!/bin/sh
# Functions: programs, containers and older plugins are called as kustomize calls them, only when
# flags allow it, and what they print is taken as kustomize takes it. docker is a script here.
# usage: functions.sh HOIST
set -eu
hoist=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset KUSTOMIZE_PLUGIN_HOME XDG_CONFIG_HOME
mkdir "$work/bin" "$work/home" "$work/tmp"
export HOME="$work/home" TMPDIR="$work/tmp" PATH="$work/bin:$PATH"
cd "$work"

fail() { echo "FAILED: $*"; exit 1; }
build() {
    "$hoist" kustomize build k --enable-alpha-plugins "$@" >got 2>said && return 0
    ! grep -q 'Sanitizer\|runtime error' said || fail "$(cat said)"
    return 1
}
has() { grep -qF -- "$1" "${2:-got}" || fail "no '$1' in: $(cat "${2:-got}")"; }

# program BODY: what the function does. spec SPEC, field: where it stands.
program() { printf '#!/bin/sh\n%s\n' "$1" >k/fn.sh && chmod +x k/fn.sh; }
spec() {
    cat >k/kustomization.yaml <<END
resources: [r.yaml]
namePrefix: p-
configMapGenerator: [{name: gen, literals: [a=b]}]
${field:-transformers}: [t.yaml]
END
    printf 'apiVersion: x.example/v1\nkind: T\nmetadata:\n  name: t\n  annotations:\n    config.kubernetes.io/function: |\n      %s\n' "$1" >k/t.yaml
}
mkdir k
cat >k/r.yaml <<'END'
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {volumes: [{name: v, configMap: {name: gen}}, {name: w, configMap: {name: web}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, labels: {x: "1"}}
data: {k: "#!/bin/sh\n\n  long   lines\n"}
END

# Not without the flags; kustomize passes over a program that --enable-exec does not allow.
program 'touch ran; cat'
spec 'exec: {path: ./fn.sh}'
! "$hoist" kustomize build k >got 2>said || fail "plugins were not refused"
has "external plugins disabled" said
build || fail "$(cat said)"
has "does not run" said
[ ! -e k/ran ] || fail "a program ran without --enable-exec"
cp got plain
build --enable-exec || fail "$(cat said)"
cmp -s got plain || fail "an echo changes: $(diff plain got)"
[ -e k/ran ] || fail "the program did not run in the kustomization's folder"

# Arguments, variables, the list it reads, the lines it logs.
spec 'exec: {path: ./fn.sh, args: [one, "two words"], envs: [COLOUR=red]}'
program 'echo "$# $2 $COLOUR $SHAPE" >&2; tee seen'
build --enable-exec -e SHAPE=round || fail "$(cat said)"
has "2 two words red round" said
has "kind: ResourceList" k/seen
has "functionConfig:" k/seen
has "name: p-web" k/seen

# Renamed, and what refers to it follows; dropped; added; printed twice; not YAML; failed.
program 'sed "s/^    name: p-web/    name: q-web/"'
build --enable-exec || fail "$(cat said)"
[ "$(grep -c 'name: q-web' got)" = 2 ] || fail "renamed: $(cat got)"
program 'cat >/dev/null; printf "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n"'
build --enable-exec || fail "$(cat said)"
[ "$(grep -c kind: got)" = 1 ] || fail "replaced: $(cat got)"
program 'printf "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"'
! build --enable-exec || fail "twice"
has "generated duplicate resource" said
program 'echo "a: [b"'
! build --enable-exec || fail "not YAML"
program 'printf "kind: ResourceList\nitems: []\nresults: [{message: three is too many}]\n"; exit 3'
! build --enable-exec || fail "failed"
has "exit status 3" said
has "three is too many" said
program 'kill -SEGV $$'
! build --enable-exec || fail "died"
program 'yes'
! build --enable-exec || fail "endless"
has "more than" said

# Generators and validators.
field=generators
program 'cat >/dev/null; printf "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s, annotations: {kustomize.config.k8s.io/needs-hash: \"true\"}}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: web, annotations: {kustomize.config.k8s.io/behavior: merge}}, data: {z: y}}\n"'
spec 'exec: {path: ./fn.sh}'
build --enable-exec || fail "$(cat said)"
has "  name: p-s-"
has "  z: "
! grep -q 'config.k8s.io' got || fail "$(cat got)"
field=validators
spec 'exec: {path: ./fn.sh}'
program 'cat'
build --enable-exec || fail "$(cat said)"
program 'sed "s/x: .1./x: \"2\"/"'
! build --enable-exec || fail "a validator that changes"
has "validator" said
field=transformers

# Containers.
cat >bin/docker <<'END'
#!/bin/sh
echo "$*" >"$DOCKER_LOG"
exec cat
END
chmod +x bin/docker
export DOCKER_LOG="$work/docker.log"
spec 'container: {image: fn, network: true, envs: [A=1, B], mounts: [{type: bind, src: sub, dst: /m}]}'
! build || fail "a network that is not allowed"
has "--network" said
build --network -e C=2 --mount type=bind,src=/tmp,dst=/o,rw=true || fail "$(cat said)"
cmp -s got plain || fail "a container's echo changes: $(diff plain got)"
want="run --rm -i -a STDIN -a STDOUT -a STDERR --network host --user nobody --security-opt=no-new-privileges"
want="$want --mount type=bind,source=$(pwd -P)/k/sub,target=/m,readonly --mount type=bind,source=/tmp,target=/o"
want="$want -e A=1 -e C=2 -e LOG_TO_STDERR=true -e STRUCTURED_RESULTS=true -e B fn"
[ "$(cat docker.log)" = "$want" ] || fail "docker $(cat docker.log)"
build --network --mount type=tmpfs,dst=/t && has "type=tmpfs,source=$(pwd -P)/k,target=/t,readonly" docker.log
build --network --as-current-user && has "--user $(id -u):$(id -g)" docker.log
for each in "container: {image: fn, mounts: [{type: bind, src: /etc, dst: /m}]}" \
    "container: {image: fn, mounts: [{type: bind, src: a/../../b, dst: /m}]}" \
    "container: {image: --privileged}" "container: {image: fn, bogus: 1}" "container: [fn]"; do
    rm -f docker.log
    spec "$each"
    ! build || fail "$each was run"
    [ ! -e docker.log ] || fail "$each reached docker"
done

# Older plugins.
mkdir -p plugins/x.example/v1/t
export KUSTOMIZE_PLUGIN_HOME="$work/plugins"
cat >plugins/x.example/v1/t/T <<'END'
#!/bin/sh
grep -q 'kind: T' "$1" && [ "$2 $3 $4" = "a b c d" ] && [ "$KUSTOMIZE_PLUGIN_CONFIG_ROOT" = "$(pwd)" ] || exit 9
sed 's/x: "1"/x: "2"/'
END
spec 'none'
printf 'apiVersion: x.example/v1\nkind: T\nmetadata: {name: t}\nargsOneLiner: "a \\"b c\\" d # e"\n' >k/t.yaml
! build || fail "a plugin that may not run"
has "unexecutable plugin" said
chmod +x plugins/x.example/v1/t/T
build || fail "$(cat said)"
has 'x: "2"'
sed -i 's/d # e/d "/' k/t.yaml
! build || fail "a quote that is not closed"
printf 'apiVersion: x.example/..\nkind: T\nmetadata: {name: t}\n' >k/t.yaml
! build || fail "a version that leads elsewhere"
[ -z "$(ls tmp)" ] || fail "left behind: $(ls tmp)"

# A repository's own functions do not run.
spec 'exec: {path: ./fn.sh}'
program 'touch ran; cat'
rm -f k/ran
git init -q r && cp -r k r/k && git -C r add . && git -C r -c user.name=a -c user.email=a@x.example commit -qm k
! "$hoist" kustomize build "file://$work/r//k" --enable-alpha-plugins --enable-exec >got 2>said || fail "ran"
has "no disk" said
echo passed
