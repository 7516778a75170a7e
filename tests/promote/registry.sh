#!/bin/sh
# A real registry, Debian's docker-registry: with nothing, with passwords, with TLS, and down;
# verify, images, pin and promote ask it. A hundred images take less than two seconds. No secret
# is ever said.
# usage: registry.sh HOIST PUSHER SERVER
set -eu
hoist=$1
pusher=$2
server=$3
command -v docker-registry >/dev/null || { echo "docker-registry is not installed"; exit 77; }
work=$(mktemp -d)
started=
trap 'exec 3>&- || true; for p in $started; do kill "$p" 2>/dev/null || true; done; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
unset DOCKER_CONFIG REGISTRY_AUTH_FILE XDG_RUNTIME_DIR XDG_CACHE_HOME SSL_CERT_FILE
export HOME="$work/home" TMPDIR="$work" GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
mkdir "$HOME" "$work/project"
cd "$work"
secret=den-of-the-fox

fail() { echo "FAILED: $*"; tail -n 20 "$work/said" 2>/dev/null; exit 1; }
push() { python3 "$pusher" "$@"; }
# What hoist says is kept, for the last test.
asked() {
    status=0
    (cd "$work/project" && "$hoist" "$@") >"$work/said" 2>&1 || status=$?
    cat "$work/said" >>"$work/all"
}
expect() { # expect STATUS TEXT: of what was asked
    [ "$status" = "$1" ] || fail "$3: status $status"
    grep -qF -- "$2" "$work/said" || fail "$3: '$2' is not said"
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# serve NAME [LINES]: sets `port`, and waits until it listens.
serve() {
    port=$(free_port)
    {
        echo "version: 0.1"
        echo "log: {level: error, accesslog: {disabled: true}}"
        echo "storage: {inmemory: {}}"
        echo "http:"
        echo "  addr: 127.0.0.1:$port"
        printf '%s\n' "${2-}"
    } >"$1.yml"
    docker-registry serve "$1.yml" >"$1.log" 2>&1 &
    started="$started $!"
    python3 - "$port" <<'END' || fail "docker-registry does not listen"
import socket, sys, time
for _ in range(100):
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(1)
END
}

# project TAG IMAGE...: staging runs them, production an older tag of theirs.
project() {
    tag=$1
    shift
    rm -rf project/overlays
    for env in staging production; do
        mkdir -p project/overlays/$env
        echo 'resources: [all.yaml]' >project/overlays/$env/kustomization.yaml
        echo 'images:' >>project/overlays/$env/kustomization.yaml
        for image; do
            [ $env = staging ] && now=$tag || now=v0
            name=$(basename "$image")
            printf -- '- name: %s\n  newTag: %s\n' "$image" "$now" >>project/overlays/$env/kustomization.yaml
            printf -- '---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: "%s"}]}\n' \
                "$name" "$image" >>project/overlays/$env/all.yaml
        done
    done
}
# requires REQUIRE [REGISTRIES]
requires() {
    cat >project/hoist.yaml <<END
apiVersion: hoist/v1
kind: Project
environments:
- {name: staging, path: overlays/staging}
- {name: production, path: overlays/production}
promotions:
- {from: staging, to: production, require: $1}
registries: ${2:-[]}
END
}
# Staging has run what production runs: else that would be somebody's own, and stay.
commit() {
    cp project/overlays/staging/kustomization.yaml now
    sed -i 's/newTag: .*/newTag: v0/' project/overlays/staging/kustomization.yaml
    git -C project add -A && git -C project commit -qm "before $1" --allow-empty
    cp now project/overlays/staging/kustomization.yaml
    git -C project add -A && git -C project commit -qm "$1"
}
git init -q -b main project

# Nothing is asked of who asks.
serve open
open=127.0.0.1:$port
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sign.pem 2>/dev/null
openssl pkey -in sign.pem -pubout -out project/cosign.pub
push "http://$open" acme/app v1 count=100 key=sign.pem >digests
project v1 $(seq -f "$open/acme/app-%g" 100)
requires '{digest: true, registry: true, signatures: {keys: [cosign.pub]}}'
best=100000
for _ in 1 2 3; do
    rm -rf "$HOME/.cache"
    begin=$(date +%s%N)
    asked verify staging
    took=$((($(date +%s%N) - begin) / 1000000))
    [ $took -lt $best ] && best=$took
    expect 0 "$open/acme/app-100" "verify a hundred"
done
[ "$(grep -c 'ok: index of 2 platforms, hashed *ok: ' said)" = 100 ] || fail "not all of a hundred passed"
echo "a hundred signed images are verified within $best ms"
[ $best -lt 2000 ] || fail "a hundred images took $best ms"
asked --offline verify staging
expect 3 "--offline forbids it" "offline"
asked images --offline --resolve staging
expect 3 "--offline forbids it" "images offline"

# Tags to digests.
commit one
digest=$(head -n 1 digests)
asked pin --resolve production "$open/acme/app-1:v1"
expect 0 "edited" "pin --resolve"
grep -q "digest: $digest" project/overlays/production/kustomization.yaml || fail "the digest is not pinned"
asked images --resolve production
expect 2 "has no image '$open/acme/app-2:v0'" "images --resolve of what is not there"
asked pin --resolve production "$open/acme/app-1:none"
expect 2 "has no image '$open/acme/app-1:none'" "pin --resolve of what is not there"
asked pin --resolve production "$open/acme/app-1:v1@$(sed -n 2p digests)"
expect 1 "stands for '$digest'" "pin --resolve of another digest"
push "http://$open" acme/app-1 v1 text=newer >/dev/null
asked images --resolve production
grep -q "the tag 'v1' has moved since the digest was pinned" said || fail "the tag that moved is not said"
git -C project checkout -q .
asked promote staging production
expect 1 "'$open/acme/app-1:v1' has no signature of" "what nobody signed"
requires '{digest: true, registry: true}'
commit unsigned
asked promote --dry-run staging production
expect 0 "would commit" "promote"
asked promote staging production
expect 0 "commit" "promote"
git -C project show hoist/promote/staging-to-production:overlays/production/kustomization.yaml >now
grep -q "digest: $(sed -n 2p digests)" now || fail "what is promoted is not pinned by digest"

# A tag moves between its verification and the write: what is pinned, and what the receipt says,
# is what was looked at; the next run sees the other. A program of the project's own moves it.
pinned() {
    git -C project show hoist/promote/staging-to-production:overlays/production/kustomization.yaml |
        grep -A1 "name: $open/acme/app-2\$" | grep -o 'sha256:[0-9a-f]*'
}
looked_at=$(pinned)
printf '#!/bin/sh\n[ ! -e "%s/now" ] || { rm "%s/now"; python3 "%s" "http://%s" acme/app-2 v1 text=moved >"%s/moved"; }\n' \
    "$work" "$work" "$pusher" "$open" "$work" >meanwhile
chmod +x meanwhile
requires "{digest: true, registry: true, command: [$work/meanwhile]}"
commit moving
touch now
asked promote staging production
expect 0 "commit" "promote while a tag moves"
[ -s moved ] || fail "no tag has moved meanwhile"
[ "$(cat moved)" != "$looked_at" ] && [ "$(pinned)" = "$looked_at" ] || fail "pinned is what was not looked at"
git -C project log -1 --format=%B hoist/promote/staging-to-production | grep -q "\"after\":{\"digest\":\"$looked_at\"" ||
    fail "the receipt says something else"
asked promote staging production
expect 0 "commit" "promote when a tag has moved"
[ "$(pinned)" = "$(cat moved)" ] || fail "the tag's new digest is not seen"

# Commits and labels.
push "http://$open" acme/built sha-1a2b3c4 revision=1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d >/dev/null
push "http://$open" acme/other sha-1a2b3c4 revision=9a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d >/dev/null
push "http://$open" acme/bare sha-1a2b3c4 >/dev/null
requires '{registry: {revision: true}}'
project sha-1a2b3c4 "$open/acme/built"
asked verify staging
expect 0 "built from 1a2b3c4" "a label that agrees"
project sha-1a2b3c4 "$open/acme/built" "$open/acme/other" "$open/acme/bare"
asked verify staging
expect 1 "was built from '9a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d', not from '1a2b3c4'" "another label"
expect 1 "was built from 'what nobody says'" "no label"

# A password.
mkdir auth
echo 'fox:$2b$05$abcdefghijklmnopqrstuuQlSG2mq.5/k1fAVComZQvsgTHMjgDSC' >auth/htpasswd
serve basic "auth: {htpasswd: {realm: den, path: $work/auth/htpasswd}}"
basic=127.0.0.1:$port
push "http://$basic" acme/app v1 user=fox:$secret >/dev/null
requires '{registry: true}'
project v1 "$basic/acme/app"
log_in() {
    mkdir -p "$HOME/.docker"
    printf '{"auths":{"%s":{"auth":"%s"}}}' "$basic" "$(printf %s "fox:$1" | base64)" >"$HOME/.docker/config.json"
}
asked -v verify staging
expect 3 "does not let us in (status 401" "no password"
log_in "$secret-not"
asked -v verify staging
expect 3 "does not let us in (status 401" "a wrong password"
asked --json verify staging
expect 3 "unchecked" "a wrong password, for machines"
log_in $secret
asked -v verify staging
expect 0 "index of 2 platforms, hashed" "a password"
asked -v --json images --resolve staging
expect 0 '"moved":false' "a password, for images"
asked pin --resolve staging "$basic/acme/app:none"
expect 2 "has no image" "a password, for a pin"

# TLS.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=fox \
    -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
serve tls "  tls: {certificate: $work/cert.pem, key: $work/key.pem}"
tls=127.0.0.1:$port
push "https://$tls" acme/app v1 ca=cert.pem >/dev/null
project v1 "$tls/acme/app"
asked verify staging
expect 3 "(GET https://$tls/v2/)" "an authority that nobody knows"
cp cert.pem project
requires '{registry: true}' "[{host: '*', authorities: cert.pem}]"
asked verify staging
expect 0 "index of 2 platforms, hashed" "TLS"
requires '{registry: true}' "[{host: ghcr.io, location: '$tls', authorities: cert.pem}]"
project v1 ghcr.io/acme/app
asked verify staging
expect 0 "index of 2 platforms, hashed" "a location"
requires '{registry: true}' "[{host: ghcr.io, mirror: x}]"
asked verify staging
expect 2 "did you mean 'mirrors'?" "a misspelt field"

# Nobody there: not passed, not failed.
requires '{registry: true}'
project v1 127.0.0.1:1/acme/app 127.0.0.1:1/acme/two
asked --timeout 2s verify staging
expect 3 "NOT CHECKED" "nobody there"
[ "$(grep -c 'error:' said)" = 1 ] || fail "that nobody is there is said more than once"
commit two
asked --timeout 2s promote staging production
expect 3 "NOT CHECKED" "promote when nobody is there"

# A tag that moves while the promotion is planned.
mkfifo feed
python3 "$server" "$work" open <feed >served 2>/dev/null &
started="$started $!"
exec 3>feed
while ! [ -s served ]; do sleep 0.1; done
project v1 "127.0.0.1:$(cat served)/moving"
commit three
asked promote staging production
expect 1 "has moved since it was checked" "a tag that moves"
[ "$(git -C project log -1 --format=%s hoist/promote/staging-to-production)" != three ] || fail "promoted"

# On a terminal one sees how far it is, and nothing is left of that line; elsewhere one does not.
cat >on_terminal.py <<'END'
import os, pty, sys
os.chdir("project")
pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536))
END
project v1 "127.0.0.1:$(cat served)/good" "127.0.0.1:$(cat served)/broken"
TERM=xterm python3 on_terminal.py "$hoist" verify staging >shown </dev/null
tr '\r' '\n' <shown | grep -q '^[01] of 2 requests' || fail "no progress on a terminal"
asked verify staging
expect 3 "answers with status 503" "a server that is broken"
! grep -q 'of 2 requests' said || fail "progress, and no terminal"

# No secret in anything that was said.
encoded=$(printf %s "fox:$secret" | base64)
for word in "$secret" "$encoded" "$(printf %s "fox:$secret-not" | base64)"; do
    ! grep -qF -- "$word" all || fail "a secret is said"
done
echo "registries: all as it should be"
