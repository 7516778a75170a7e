#!/bin/sh
# Charts in a real registry, Debian's docker-registry, as helm itself printed it into WANT; "-" for
# WANT prints the transcript.
# usage: oci_walk.sh WANT PROGRAM [ARGUMENT...]
set -u
want=$1
[ "$want" = - ] || want=$(realpath "$want")
shift
command -v docker-registry >/dev/null && command -v python3 >/dev/null || {
    echo "docker-registry is not installed"
    exit 77
}
work=$(mktemp -d) || exit 2
trap '[ -z "${started-}" ] || kill "$started" 2>/dev/null; rm -rf "$work"' EXIT
for name in $(env | sed -n 's/^\(HELM_[A-Z_]*\|XDG_[A-Z_]*\|[a-zA-Z_]*_proxy\|[A-Z_]*_PROXY\)=.*/\1/p'); do
    unset "$name"
done
export HOME="$work/home" TZ=UTC LC_ALL=C DOCKER_CONFIG="$work/none"
cd "$work" && mkdir home charts || exit 2
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $work/data}}
http: {addr: 127.0.0.1:$port}
END
docker-registry serve registry.yml >registry.log 2>&1 &
started=$!
host=127.0.0.1:$port

cat >push.py <<'END'
import hashlib, json, sys, time, urllib.request
host, repository, tag, archive, media = sys.argv[1:]
base = "http://%s/v2/%s" % (host, repository)
def ask(method, url, body=b"", **headers):
    request = urllib.request.Request(url, body if method != "GET" else None, method=method,
        headers={name.replace("_", "-"): value for name, value in headers.items()})
    return urllib.request.urlopen(request)
for _ in range(100):
    try:
        ask("GET", "http://%s/v2/" % host)
        break
    except OSError:
        time.sleep(0.1)
def blob(data, media):
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    place = ask("POST", base + "/blobs/uploads/").headers["Location"]
    ask("PUT", place + ("&" if "?" in place else "?") + "digest=" + digest, data,
        Content_Type="application/octet-stream")
    return {"mediaType": media, "digest": digest, "size": len(data)}
manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob(b"{}", "application/vnd.cncf.helm.config.v1+json"),
            "layers": [blob(open(archive, "rb").read(), media)]}
ask("PUT", base + "/manifests/" + tag, json.dumps(manifest).encode(),
    Content_Type=manifest["mediaType"])
END

# chart NAME VERSION [MORE]: a folder, an archive, a tag
chart() {
    mkdir -p "charts/$1/templates"
    printf 'apiVersion: v2\nname: %s\nversion: %s\n%s' "$1" "$2" "${3-}" >"charts/$1/Chart.yaml"
    printf 'chart: {{ .Chart.Name }}-{{ .Chart.Version }}\n' >"charts/$1/templates/it.yaml"
    tar -C charts --mtime=@0 --owner=0 --group=0 --sort=name -c "$1" | gzip -n >"$1-$2.tgz"
    python3 push.py "$host" "charts/$1" "$(echo "$2" | tr + _)" "$1-$2.tgz" \
        application/vnd.cncf.helm.chart.content.v1.tar+gzip || exit 2
}
chart web 1.0.0
chart web 1.2.0
chart web 1.3.0+b1
chart web 2.0.0-rc.1
python3 push.py "$host" charts/other latest web-1.0.0.tgz application/vnd.oci.image.layer.v1.tar+gzip

plain() {
    sed -e "s|$host|HOST|g; s|$work|WORK|g" -e 's/^level=.*//' -e '/^$/d' \
        -e 's/^generated: .*/generated: TIME/' -e 's/^digest: .*/digest: DIGEST/' \
        -e 's/^Digest: .*/Digest: DIGEST/'
}
do_() {
    printf '$ helm %s\n' "$*" | plain
    "$program" "$@" >out 2>err </dev/null
    status=$?
    plain <out
    grep -v '^hint:\|^error:\|^note:\|^level' err | plain
    [ "$status" = 0 ] || echo "status $status"
}
[ "$want" = - ] || exec 4>&1 >"$work/home/got"
program=$work/helm
printf '#!/bin/sh\nexec %s "$@"\n' "$*" >helm && chmod +x helm
rm ./*.tgz

do_ pull --plain-http "oci://$host/charts/web"
do_ pull --plain-http "oci://$host/charts/web" --version 1.2.0 --untar
do_ pull --plain-http "oci://$host/charts/web" --version '<1.1'
do_ pull --plain-http "oci://$host/charts/web:1.2.0"
ls
cat web/Chart.yaml
do_ show chart --plain-http "oci://$host/charts/web:1.2.0" --version 1.0.0
do_ show chart --plain-http "oci://$host/charts/web" --devel
do_ show chart --plain-http "oci://$host/charts/web" --version 7
do_ show chart --plain-http "oci://$host/charts/web" --version '>7'
do_ show chart --plain-http "oci://$host/charts/other" --version latest
do_ show chart --plain-http "oci://$host/charts/other:latest"
do_ template --plain-http "oci://$host/charts/web" --version 1.3.0+b1
do_ registry login "$host" --username fox --password den --plain-http
plain <home/.config/helm/registry/config.json
stat -c ' %a' home/.config/helm/registry/config.json
do_ registry logout "$host"
plain <home/.config/helm/registry/config.json
echo
do_ registry logout "$host"
mkdir site
cat >site/Chart.yaml <<END
apiVersion: v2
name: site
version: 0.1.0
dependencies:
- {name: web, version: ~1.3, repository: "oci://$host/charts"}
- {name: web, version: 1.0.0, repository: "oci://$host/charts", alias: two}
END
do_ dependency update site --plain-http
plain <site/Chart.lock
ls site/charts
rm -r site/charts
do_ dependency build site --plain-http
ls site/charts
do_ template site

[ "$want" = - ] && exit
exec 1>&4
diff "$want" home/got && echo "as helm says it"
