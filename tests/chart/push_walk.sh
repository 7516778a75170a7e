#!/bin/sh
# Charts pushed to a real registry that wants a password, Debian's docker-registry, as helm itself
# printed it into WANT: the digests are those of its own manifests. "-" for WANT prints the transcript.
# usage: push_walk.sh SIGNED WANT PROGRAM [ARGUMENT...]
set -u
signed=$(realpath "$1")
want=$2
[ "$want" = - ] || want=$(realpath "$want")
shift 2
for needed in docker-registry python3 gpgv; do
    command -v $needed >/dev/null && continue
    echo "$needed is not installed"
    exit 77
done
work=$(mktemp -d) || exit 2
trap '[ -z "${started-}" ] || kill "$started" 2>/dev/null; rm -rf "$work"' EXIT
for name in $(env | sed -n 's/^\(HELM_[A-Z_]*\|XDG_[A-Z_]*\|[a-zA-Z_]*_proxy\|[A-Z_]*_PROXY\)=.*/\1/p'); do
    unset "$name"
done
export HOME="$work/home" TZ=UTC LC_ALL=C DOCKER_CONFIG="$work/none"
cd "$work" && mkdir home || exit 2
cp "$signed"/* .
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# The user fox, whose password is den.
echo 'fox:$2b$04$/js3aMJ0LeU1xK28Erbpt.rZDSuDeaEmlbj4CVh/chKhSkuWp/iT2' >users
cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $work/data}}
http: {addr: 127.0.0.1:$port}
auth: {htpasswd: {realm: foxes, path: $work/users}}
END
docker-registry serve registry.yml >registry.log 2>&1 &
started=$!
host=127.0.0.1:$port
for _ in $(seq 100); do
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port))" 2>/dev/null && break
    sleep 0.1
done

# chart FILE: an archive of Chart.yaml alone, always of the same bytes
chart() {
    python3 - "$1" <<'END'
import gzip, io, sys, tarfile
data, out = open("Chart.yaml", "rb").read(), io.BytesIO()
with tarfile.open(fileobj=out, mode="w") as tar:
    member = tarfile.TarInfo("it/Chart.yaml")
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
open(sys.argv[1], "wb").write(gzip.compress(out.getvalue(), mtime=0))
END
}
cat >Chart.yaml <<'END'
apiVersion: v2
name: full
version: 1.0.0-rc.1+x
appVersion: "7"
type: application
home: https://h.example
sources: [https://s.example/a, https://s.example/b]
description: "two\nlines <é> & more"
maintainers: [{name: Ann, email: ann@x.y}, {email: only@x.y}, {name: Bob}, {url: u}]
keywords: [a, "b<"]
kubeVersion: ">=1"
annotations:
  org.opencontainers.image.title: not the title
  org.opencontainers.image.version: nor the version
  org.opencontainers.image.url: but the address
  other: ""
  zed: "x"
dependencies: [{name: a, version: 1, repository: "https://r.example", tags: [t], condition: c}]
END
chart full.tgz
printf 'apiVersion: v1\nname: small\nversion: 0.1.0\nmaintainers: []\n' >Chart.yaml
chart small.tgz
printf '<html>\n' >page.tgz
touch -d '2026-01-02 03:04:05' ./*

plain() {
    sed -e "s|$host|HOST|g; s|$work|WORK|g" -e 's/^level=.*//' -e '/^$/d'
}
do_() {
    printf '$ helm %s\n' "$*" | plain
    "$program" "$@" >out 2>err </dev/null
    status=$?
    plain <out
    grep -v '^hint:\|^error:\|^note:\|^level' err | plain
    [ "$status" = 0 ] || echo "status $status"
}
# Words about the network are each program's own.
fails() {
    printf '$ helm %s\n' "$*" | plain
    "$program" "$@" >out 2>err </dev/null
    echo "status $?"
}
[ "$want" = - ] || exec 4>&1 >"$work/got"
program=$work/helm
printf '#!/bin/sh\nexec %s "$@"\n' "$*" >helm && chmod +x helm

fails push web-1.0.0.tgz "oci://$host/charts" --plain-http
fails push web-1.0.0.tgz "oci://$host/charts" --plain-http --username fox --password hole
do_ push small.tgz "oci://$host/charts" --plain-http --username fox --password den
do_ registry login "$host" --username fox --password den --plain-http
do_ push web-1.0.0.tgz "oci://$host/charts" --plain-http
do_ push web-1.0.0.tgz "oci://$host/charts/" --plain-http
do_ push db-1.0.0.tgz "oci://$host/a__b-c--d/e.f" --plain-http
do_ push full.tgz "oci://$host" --plain-http
TZ=UTC-9 do_ push full.tgz "oci://$host//there" --plain-http
for remote in "$host/charts" localhost/charts "http://$host/charts" "oci://$host/charts:1" \
    "oci://$host/Charts" "oci://$host/_a" "oci://$host/a..b" "oci://$host/a___b"; do
    do_ push small.tgz "$remote" --plain-http
done
do_ push none.tgz "oci://$host/charts" --plain-http
do_ push home "oci://$host/charts" --plain-http
do_ push page.tgz "oci://$host/charts" --plain-http
do_ push keys.gpg "oci://$host/charts" --plain-http
do_ push Chart.yaml "oci://$host/charts" --plain-http
do_ push small.tgz

rm ./*.tgz ./*.prov
do_ pull "oci://$host/charts/web" --plain-http --verify --keyring keys.gpg
do_ pull "oci://$host/full" --version 1.0.0-rc.1+x --plain-http
ls ./*.tgz ./*.prov
do_ show chart "oci://$host/charts/web" --plain-http --verify --keyring keys.gpg
do_ template "oci://$host/a__b-c--d/e.f/db" --plain-http --verify --keyring keys.gpg
do_ registry logout "$host"
fails pull "oci://$host/charts/small" --plain-http

[ "$want" = - ] && exit
exec 1>&4
diff "$want" got && echo "as helm says it"
