#!/bin/sh
# cosign.sh HOIST COSIGN: signatures and attestations that cosign itself makes, in both of its
# layouts, in docker-registry.
set -eu
hoist=$1
cosign=$2
tests=$(cd "$(dirname "$0")" && pwd)
command -v docker-registry >/dev/null || { echo "docker-registry is not installed"; exit 77; }
work=$(mktemp -d)
started=
trap 'kill $started 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"
export HOME="$work" COSIGN_PASSWORD=
fail() { echo "FAILED: $*"; exit 1; }

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:$port"}
END
docker-registry serve registry.yml >registry.log 2>&1 &
started=$!
python3 - "$port" "$tests" <<'END'
import hashlib, sys, time, urllib.request
sys.path.insert(0, sys.argv[2])
from signer import EMPTY, MANIFEST, compact
base = "http://127.0.0.1:%s/v2/acme/web" % sys.argv[1]
ask = lambda url, **more: urllib.request.urlopen(urllib.request.Request(url, **more))
for _ in range(100):
    try:
        ask("http://127.0.0.1:%s/v2/" % sys.argv[1])
        break
    except OSError:
        time.sleep(0.1)
digest = lambda data: "sha256:" + hashlib.sha256(data).hexdigest()
place = ask(base + "/blobs/uploads/", method="POST").headers["Location"]
ask(place + ("&" if "?" in place else "?") + "digest=" + digest(EMPTY), data=EMPTY, method="PUT",
    headers={"Content-Type": "application/octet-stream"})
for tag in ("classic", "bundle", "neither"):
    manifest = compact({
        "schemaVersion": 2, "mediaType": MANIFEST, "layers": [], "annotations": {"tag": tag},
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                   "digest": digest(EMPTY), "size": len(EMPTY)}})
    ask(base + "/manifests/" + tag, data=manifest, method="PUT",
        headers={"Content-Type": MANIFEST})
    open(tag, "w").write(digest(manifest))
END

"$cosign" generate-key-pair >made 2>&1 || fail "$(cat made)"
"$cosign" generate-key-pair --output-key-prefix other >made 2>&1 || fail "$(cat made)"
echo '{"buildDefinition":{"buildType":"https://example.com/build"}}' >predicate.json
make() { # COMMAND LAYOUT MORE
    what=$1 layout=$2
    shift 2
    new=false
    [ "$layout" = classic ] || new=true
    "$cosign" "$what" --yes --key cosign.key --allow-http-registry --use-signing-config=false \
        --tlog-upload=false --new-bundle-format=$new "$@" \
        "127.0.0.1:$port/acme/web@$(cat "$layout")" >made 2>&1 || fail "$(cat made)"
}
for layout in classic bundle; do
    make sign "$layout" -a env=production
    make attest "$layout" --type slsaprovenance1 --predicate predicate.json
done
make attest neither --type slsaprovenance1 --predicate predicate.json

verify() { # STATUS WORDS TAG KEY
    mkdir -p env
    cat >env/pod.yaml <<END
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: "127.0.0.1:$port/acme/web:$3"}]}
END
    cat >hoist.yaml <<END
apiVersion: hoist/v1
environments: [{name: staging, path: env}, {name: next, path: env}]
promotions:
- from: staging
  to: next
  require:
    registry: true
    signatures: {keys: [$4], annotations: {env: production}}
    attestations: {keys: [$4], predicateType: https://slsa.dev/provenance/v1}
END
    status=0
    "$hoist" verify staging >said 2>&1 || status=$?
    [ "$status" = "$1" ] && grep -q "$2" said && return
    cat said
    fail "$3 with $4: status $status"
}
verify 0 "ok: cosign.pub *ok: cosign.pub" classic cosign.pub
verify 0 "ok: cosign.pub *ok: cosign.pub" bundle cosign.pub
verify 1 "which is no signature" neither cosign.pub
verify 1 "it is not signed with 'other.pub'" classic other.pub
verify 1 "it is not signed with 'other.pub'" bundle other.pub
echo "what $("$cosign" version 2>&1 | awk '/GitVersion/ { print "cosign", $2 }') makes is understood"
