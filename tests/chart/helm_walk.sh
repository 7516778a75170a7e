#!/bin/sh
# A walk through Helm's commands for repositories, dependencies and archives, on a server of its
# own: each command, what it said and how it ended, as helm itself printed it into WANT. With "-"
# for WANT the transcript is printed: that is how it is recorded, with helm for PROGRAM.
# usage: helm_walk.sh SERVER WANT PROGRAM [ARGUMENT...]
set -u
server=$(realpath "$1")
want=$2
[ "$want" = - ] || want=$(realpath "$want")
shift 2
command -v python3 >/dev/null || exit 77
work=$(mktemp -d) || exit 2
trap 'exec 3>&- || true; [ -z "${started-}" ] || kill "$started" 2>/dev/null; rm -rf "$work"' EXIT
for name in $(env | sed -n 's/^\(HELM_[A-Z_]*\|XDG_[A-Z_]*\|[a-zA-Z_]*_proxy\|[A-Z_]*_PROXY\)=.*/\1/p'); do
    unset "$name"
done
export HOME="$work/home" TZ=UTC LC_ALL=C SSL_CERT_FILE=
cd "$work" && mkdir home www charts || exit 2

# chart NAME VERSION: a folder charts/NAME-VERSION, and its archive in www/
chart() {
    at=charts/$1-$2/$1
    mkdir -p "$at/templates"
    printf 'apiVersion: v2\nname: %s\nversion: %s\n%s' "$1" "$2" "${3-}" >"$at/Chart.yaml"
    printf '# values of %s\nsize: 1\n' "$1" >"$at/values.yaml"
    printf 'chart: {{ .Chart.Name }}-{{ .Chart.Version }}\nsize: {{ .Values.size }}\n' \
        >"$at/templates/it.yaml"
    tar -C "charts/$1-$2" -czf "www/$1-$2.tgz" "$1"
}
# entry NAME VERSION [ADDRESS]: an entry of the index
entry() {
    printf '  - {apiVersion: v2, name: %s, version: %s, urls: ["%s"], digest: %s}\n' "$1" "$2" \
        "${3-$1-$2.tgz}" "$(sha256sum <"www/$1-$2.tgz" | cut -d' ' -f1)"
}
chart web 1.0.0
chart web 1.1.0
chart web 2.0.0-rc.1
chart db 0.3.1
printf 'Read me\n' >charts/db-0.3.1/db/README.md
mkdir charts/db-0.3.1/db/crds
printf 'kind: CustomResourceDefinition\n' >charts/db-0.3.1/db/crds/a.yaml
tar -C charts/db-0.3.1 -czf www/db-0.3.1.tgz db
{
    printf 'apiVersion: v1\nentries:\n  web:\n'
    entry web 1.0.0
    entry web 1.1.0
    entry web 2.0.0-rc.1
    printf '  db:\n'
    entry db 0.3.1
} >www/index.yaml
mkdir www/broken www/old
printf 'a: [\n' >www/broken/index.yaml
printf 'entries: {}\n' >www/old/index.yaml

mkfifo hold
python3 "$server" www <hold >port 2>server.err &
started=$!
exec 3>hold
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat port)

# What changes from run to run is named.
plain() {
    sed -e "s|$url|URL|g; s|$work|WORK|g" -e 's/^level=.*//' -e '/^$/d' \
        -e 's/\.tgz[0-9]*:/.tgz:/' -e 's/^generated: .*/generated: TIME/' -e 's|helm-manager-[0-9a-f]*|helm-manager-DIGEST|g'
}
# do_ WORDS...: runs a command and prints it, its output, its error and its status
do_() {
    printf '$ helm %s\n' "$*" | plain
    "$program" "$@" >out 2>err </dev/null
    status=$?
    plain <out
    grep '^Error' err | plain
    [ "$status" = 0 ] || echo "status $status"
}
look() {
    for file in "$@"; do
        printf '%% %s\n' "$file" | plain
        plain <"$file"
    done
}
[ "$want" = - ] || exec 4>&1 >"$work/got"
program=$work/helm
printf '#!/bin/sh\nexec %s "$@"\n' "$*" >helm && chmod +x helm

do_ repo list
do_ repo update
do_ repo add
do_ repo add shop "$url/file/"
look home/.config/helm/repositories.yaml
stat -c '%a' home/.config/helm/repositories.yaml
sort home/.cache/helm/repository/shop-charts.txt
cmp www/index.yaml home/.cache/helm/repository/shop-index.yaml
do_ repo add shop "$url/file/"
do_ repo add shop "$url/private/"
do_ repo add a/b "$url/file/"
do_ repo add locked "$url/private" --username fox --password wrong
do_ repo add locked "$url/private" --username fox --password den
do_ repo add ftp "ftp://127.0.0.1/"
do_ repo add nothing "$url/file/missing"
do_ repo list
do_ repo list -o json
do_ repo list -o yaml
do_ repo list --no-headers
do_ repo update shop
do_ repo update stranger
do_ show chart shop/web
do_ show chart shop/web --devel
do_ show chart shop/web --version '<1.1'
do_ show values locked/web
do_ show readme shop/db
do_ show crds shop/db
do_ show all shop/db
do_ show chart shop/none
do_ show chart shop/web --version 7
do_ show chart none/web
do_ show chart web --repo "$url/file" --version '~1.0'
do_ show chart web --repo "$url/file/none"
do_ show chart web --repo "$url/private" --username fox --password den
do_ show chart "$url/file/web-1.0.0.tgz"
do_ show chart "$url/file/web-3.tgz"
do_ show chart ./nowhere
do_ show chart nowhere
do_ template shop/web --version 1.0.0 --set size=3
do_ template web --repo "$url/file" -n there
do_ pull shop/web
do_ pull web --repo "$url/file" --version 1.0.0 -d charts
do_ pull shop/db --untar
do_ pull shop/db --untar
do_ pull shop/db --untar --untardir inner -d charts
do_ pull shop/web -d nowhere
ls web-1.1.0.tgz charts/web-1.0.0.tgz db charts/inner
cmp www/web-1.1.0.tgz web-1.1.0.tgz

chart site 0.1.0 'dependencies:
- {name: web, version: ^1, repository: "@shop"}
- {name: db, version: 0.3.x, repository: "'"$url"'/file", alias: store}
- {name: near, version: "*", repository: "file://../../near-0.2.0/near"}
'
chart near 0.2.0
do_ dependency list charts/site-0.1.0/site
do_ template charts/site-0.1.0/site
do_ dependency build charts/site-0.1.0/site
ls charts/site-0.1.0/site/charts
look charts/site-0.1.0/site/Chart.lock | sed 's/^digest: .*/digest: OF THE ADDRESS/'
do_ dependency list charts/site-0.1.0/site
do_ template charts/site-0.1.0/site
rm charts/site-0.1.0/site/charts/web*
cp www/web-1.0.0.tgz charts/site-0.1.0/site/charts
do_ dependency list charts/site-0.1.0/site
do_ dependency build --skip-refresh charts/site-0.1.0/site
ls charts/site-0.1.0/site/charts
sed -i 's/0.3.x/0.3.1/' charts/site-0.1.0/site/Chart.yaml
do_ dependency build charts/site-0.1.0/site
do_ dependency update --skip-refresh charts/site-0.1.0/site
look charts/site-0.1.0/site/Chart.lock | sed 's/^digest: .*/digest: OF THE ADDRESS/'
do_ package charts/site-0.1.0/site -d out.d
tar -tzf out.d/site-0.1.0.tgz | sort
do_ package charts/site-0.1.0/site --version 9.9.9 --app-version seven
tar -xzOf site-9.9.9.tgz site/Chart.yaml | plain
do_ package charts/none
do_ show chart site-9.9.9.tgz
do_ dependency list site-9.9.9.tgz
do_ dependency update site-9.9.9.tgz

mkdir charts/typed
while read -r line; do
    printf 'apiVersion: v2\nname: typed\nversion: 1.0.0\n%s\n' "$line" >charts/typed/Chart.yaml
    printf '# %s\n' "$line"
    do_ show chart charts/typed
    do_ lint charts/typed
done <<'END'
appVersion: 1.10
keywords: a
keywords: [1, {a: b}]
deprecated: "yes"
maintainers: {a: b}
maintainers: [x]
maintainers: [null]
maintainers: [{name: a, foo: b}]
annotations: {a: 1, b: {}}
annotations: [a]
description: [a]
unknown: 1
dependencies: {}
dependencies: [null]
dependencies: [{name: a, version: 1, tags: x}]
dependencies: [{name: a, version: 1, import-values: 5}]
dependencies: [{version: 1}]
END
printf 'just a text\n' >charts/typed/Chart.yaml
do_ show chart charts/typed
printf 'apiVersion: v2\nname: typed\nversion: 1.0.0\n' >charts/typed/Chart.yaml
printf 'generated: yesterday\n' >charts/typed/Chart.lock
do_ show chart charts/typed
printf 'digest: [a]\ndependencies: [{name: [a]}]\n' >charts/typed/Chart.lock
do_ show chart charts/typed
chart packed 0.1.0 'dependencies:
- {name: near, version: ">=0", repository: "file://../../near-0.2.0/near", alias: far, tags: [a, "<b>"],
   condition: "far.on,x", import-values: [data, {child: b, parent: a}]}
- {name: site, version: "*", repository: "file://../../site-0.1.0/site", tags: [], enabled: false}
'
do_ dependency update charts/packed-0.1.0/packed
look charts/packed-0.1.0/packed/Chart.lock
do_ dependency build charts/packed-0.1.0/packed
do_ dependency list charts/packed-0.1.0/packed
tar -tzf charts/packed-0.1.0/packed/charts/site-0.1.0.tgz | sort
mkdir charts/older charts/older/charts
printf 'apiVersion: v1\nname: older\nversion: 1.0.0\n' >charts/older/Chart.yaml
printf 'dependencies:\n- {name: near, version: 0.2.0, repository: "file://../near-0.2.0/near"}\n' \
    >charts/older/requirements.yaml
cp www/web-1.0.0.tgz charts/older/charts
do_ dependency update charts/older
look charts/older/requirements.lock
do_ dependency list charts/older
do_ package charts/older -d out.d
tar -tzf out.d/older-1.0.0.tgz | sort
tar -xzOf out.d/older-1.0.0.tgz older/Chart.yaml

chart loose 0.1.0 'dependencies:
- {name: web, version: ^1, repository: "'"$url"'/file/"}
'
mkdir www/found
cat >www/found/index.yaml <<'END'
apiVersion: v1
entries:
  web:
  - {apiVersion: v2, name: web, version: 1.1.0, appVersion: "7.1", keywords: [http, "Server Side"],
     description: "A web server for the World, with a text beyond fifty columns", urls: [a]}
  - {apiVersion: v2, name: web, version: 1.0.0, appVersion: "7.0", description: old, urls: [a]}
  - {apiVersion: v2, name: web, version: 2.0.0-rc.1, description: next, urls: [a]}
  webby: [{apiVersion: v2, name: webby, version: 0.1.0, urls: [a]}]
  base: [{apiVersion: v2, name: base, version: 3.0.0-beta, description: data for web, urls: [a]}]
  Zed: [{apiVersion: v2, name: Zed, version: 0.1.0, description: "\u00fc <b> \u4e2d\u6587", urls: [a]}]
  none: []
END
do_ repo add finds "$url/file/found"
do_ search repo
do_ search repo WEB -l
do_ search repo web --devel
do_ search repo web --version '<1.1' --versions
do_ search repo server side
do_ search repo side goes
do_ search repo a
do_ search repo b
do_ search repo --regexp '(?i)^WEB'
do_ search repo --regexp '['
do_ search repo --version 'x!'
do_ search repo nothing
do_ search repo nothing -o json
do_ search repo nothing --fail-on-no-result
do_ search repo web -o json
do_ search repo finds -o yaml
for width in 0 1 6 20 x; do
    do_ search repo finds --max-col-width $width
    do_ dependency list charts/site-0.1.0/site --max-col-width $width
done
rm home/.cache/helm/repository/finds-index.yaml
do_ search repo finds
do_ repo remove finds
mkdir www/types
while read -r line; do
    printf 'apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0, apiVersion: v2, %s}\n' \
        "$line" >www/types/index.yaml
    printf '# %s\n' "$line"
    do_ repo add types "$url/file/types"
done <<'END'
appVersion: 1.10
keywords: a, description: 5
keywords: [1]
created: x
created: 5
deprecated: "yes"
maintainers: {a: b}
maintainers: [{name: 1}]
annotations: {a: true}
unknown: 1
dependencies: [{name: a, version: 1}]
dependencies: [{name: a, foo: x}]
dependencies: [{name: a, import-values: 5}]
removed: 1
urls: b
URLS: b
END
for line in 'entries: []' 'entries: {a: {}}' 'entries: {a: [5]}' 'generated: x' 'annotations: [a]' \
    'more: 1'; do
    printf 'apiVersion: v1\n%s\n' "$line" >www/types/index.yaml
    printf '# %s\n' "$line"
    do_ repo add types "$url/file/types"
done
printf '{"apiVersion": "v1", "entries": {"web": [{"digest": 1, "more": 2}]}}' >www/types/index.yaml
do_ repo add types "$url/file/types"
printf 'apiVersion: 1\nentries: {web: [{digest: 1, urls: [2], created: null}]}' >www/types/index.yaml
do_ repo add types "$url/file/types"
do_ repo remove types
do_ repo remove shop locked
do_ repo remove shop
do_ dependency update charts/loose-0.1.0/loose
ls charts/loose-0.1.0/loose/charts
do_ dependency build charts/loose-0.1.0/loose
rm -r charts/loose-0.1.0/loose/charts
do_ template charts/loose-0.1.0/loose
do_ template --dependency-update charts/loose-0.1.0/loose
chart lost 0.1.0 'dependencies:
- {name: web, version: ^7, repository: "'"$url"'/file/"}
- {name: none, version: ^7, repository: stable}
'
do_ dependency update charts/lost-0.1.0/lost
mkdir -p shelf/more
cp www/web*.tgz shelf
cp www/db*.tgz shelf/more
index() { sed 's/"[0-9-]*T[0-9:.]*Z"/TIME/; s/[0-9a-f]\{64\}/DIGEST/' shelf/index.yaml; }
do_ repo index shelf --url http://charts.example.com/all/
index
cp shelf/index.yaml other.yaml
rm shelf/web-1.0.0.tgz
do_ repo index shelf --merge other.yaml --json
index
printf 'size: 9\n' >www/size.yaml
do_ template charts/near-0.2.0/near -f "$url/file/size.yaml"
do_ template charts/near-0.2.0/near --set-file "size=$url/file/size.yaml"
do_ template charts/near-0.2.0/near -f "$url/file/none.yaml"
do_ template charts/near-0.2.0/near --set-file "size=$url/file/none.yaml"
printf 'host: {{ getHostByName "127.0.0.1" | quote }}\n' >charts/near-0.2.0/near/templates/it.yaml
do_ template charts/near-0.2.0/near
do_ template charts/near-0.2.0/near --enable-dns
do_ version --template 'we are {{.Version}}{{"\n"}}'
do_ version --template '{{.None}}'
do_ version --template '{{'
do_ version now
do_ lint charts/near-0.2.0/near --kube-version x
do_ env HELM_KUBECONTEXT --kube-context there
do_ env HELM_QPS --qps 1.5
do_ env HELM_DEBUG --debug
do_ env HELM_CACHE_HOME
do_ env HELM_REPOSITORY_CONFIG
do_ env HELM_REGISTRY_CONFIG

[ "$want" = - ] && exit
exec 1>&4
diff "$want" got && echo "as helm says it"
