#!/bin/sh
# Remote bases on real servers: HTTPS with an authority of its own, sshd, git daemon. What is
# fetched is built as the same tree on disk is; what must not be trusted, or does not answer, is
# refused, soon, with a word about it and without a secret.
# usage: remote_servers.sh HOIST SERVER [KUSTOMIZE...]   (as in: kustomize build)
# With KUSTOMIZE each address is given to it too: it must build the same, or refuse what is refused
# here.
set -eu
hoist=$1
server=$2
shift 2
oracle="$*"
here=$(cd "$(dirname "$0")/.." && pwd)
for program in openssl ssh-keygen /usr/sbin/sshd python3; do
    command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
work=$(mktemp -d)
. "$here/source/git_servers.sh"
trap 'stop_servers; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY GIT_ASKPASS GIT_SSH GIT_SSH_COMMAND
unset XDG_CACHE_HOME GIT_CONFIG_COUNT SSH_AUTH_SOCK SSL_CERT_FILE GIT_SSL_CAINFO
export HOME="$work/home" TMPDIR="$work/tmp" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
# No proxy of this machine's settings is asked for what is on it.
export no_proxy=127.0.0.1,localhost
mkdir "$work/home" "$work/tmp" "$work/www" "$work/k"
cd "$work"

fail() { echo "FAILED: $*"; exit 1; }

git init -q -b main tree
cd tree
mkdir base
printf 'resources: [cm.yaml]\nnamePrefix: b-\n' >base/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {v: "1"}\n' >base/cm.yaml
git add . && git commit -qm one && git tag v1
sed -i 's/"1"/"2"/' base/cm.yaml && git commit -qam two && git tag -am two v2
git branch topic/one v1
# Something that a half of is missed: bytes that do not compress.
head -c 200000 /dev/urandom >base/noise && git add . && git commit -qm noise
cd ..
git clone -q --bare tree www/app.git
first=$(git -C tree rev-parse v1)
start_https
start_ssh
start_daemon
user=$(id -un)
ssh="ssh://$user@127.0.0.1:$ssh_port$work/www"

entry() {
    printf '%s:\n- %s\n' resources "$1" >k/kustomization.yaml
    since=$(date +%s)
    status=0
    "$hoist" ${global:-} kustomize build k >got 2>said || status=$?
    [ $(($(date +%s) - since)) -le "${most:-30}" ] || fail "$1 took more than ${most:-30}s"
    return $status
}
same() { # same VERSION: what was built is the tree on disk at that version
    git -C tree checkout -q "$1"
    "$hoist" kustomize build tree/base >wanted
    cmp -s wanted got
}
theirs() { [ -z "$oracle" ] || $oracle k >theirs 2>theirs.said; }
want() {
    entry "$2" || fail "$2: $(cat said)"
    same "$1" || fail "$2: $(diff wanted got)"
    theirs || fail "kustomize refuses $2: $(cat theirs.said)"
    [ -z "$oracle" ] || cmp -s theirs got || fail "kustomize builds $2 otherwise"
}
refused() {
    ! entry "$1" || fail "'$1' was built"
    grep -qF -- "$2" said || fail "$1 says: $(cat said)"
    ! grep -q 'Sanitizer\|runtime error' said || fail "$(cat said)"
    ! grep -q 'sesame\|den@' said || fail "$1 says a secret: $(cat said)"
    [ -z "$oracle" ] || [ "${3:-}" = ours ] || ! theirs || fail "kustomize builds $1"
}
within() { # within SECONDS COMMAND...
    most=$1
    shift
    "$@"
    most=
}

# TLS: whom to believe is said by Git's variables and settings; nobody else is believed.
refused "$https/git/app.git//base" "certificate"
export GIT_SSL_CAINFO="$work/ca.pem"
want v1 "$https/git/app.git//base?ref=v1"
unset GIT_SSL_CAINFO
git config --global http.sslCAInfo "$work/none.pem"
git config --global "http.$https/.sslCAInfo" '~/../ca.pem'
want v2 "$https/git/app.git//base?ref=v2"
git config --global --remove-section "http.$https/"
git config --global http.sslCAInfo "$work/ca.pem"

# What a revision may be.
for at in "$https/git" "$ssh"; do
    [ "$at" = "$https/git" ] || { GIT_SSH_COMMAND=$(ssh_with -i "$work/key") && export GIT_SSH_COMMAND; }
    rm -rf home/.cache
    want main "$at/app.git//base"
    want v2 "$at/app.git//base?ref=v2"
    want v1 "$at/app.git//base?ref=topic/one"
    want v1 "$at/app.git//base?ref=refs/heads/topic/one"
    want v1 "$at/app.git//base?ref=$first"
    want main "$at/app.git//base?ref=HEAD"
    refused "$at/app.git//base?ref=$(echo "$first" | cut -c 1-9)" "no branch or tag"
    refused "$at/app.git//base?ref=v2~1" "no branch or tag"
    refused "$at/app.git//base?ref=none" "no branch or tag 'none'"
    global=--offline
    want v1 "$at/app.git//base?ref=$first"
    refused "$at/app.git//base?ref=v1" "--offline forbids it" ours
    global=
done
unset GIT_SSH_COMMAND
rm -rf home/.cache

# Who asks by HTTPS: in the address, by a helper, by ~/.netrc; wrong ones are told so, at once.
host=${https#https://}
refused "$https/private/app.git//base" "wants to know who asks"
want v2 "https://fox:den@$host/private/app.git//base?ref=v2"
within 5 refused "https://fox:sesame@$host/private/app.git//base" "wants to know who asks"
git config --global credential.helper "!f() { echo username=fox; echo password=den; }; f"
want v2 "$https/private/app.git//base?ref=v2"
git config --global credential.helper "!f() { echo username=fox; echo password=sesame; }; f"
within 5 refused "$https/private/app.git//base" "wants to know who asks"
git config --global --unset credential.helper
echo 'machine 127.0.0.1 login fox password den' >home/.netrc
want v2 "$https/private/app.git//base?ref=v2"
echo 'machine 127.0.0.1 login fox password sesame' >home/.netrc
within 5 refused "$https/private/app.git//base" "wants to know who asks"
rm home/.netrc
want v2 "$https/moved/app.git//base?ref=v2"
refused "$https/loop/app.git//base" "redirects"
refused "$https/git/none.git//base" "no Git repository"

# sshd: a stranger's key, a host that nobody knows, one that has changed; no agent is needed.
rm -rf home/.cache
GIT_SSH_COMMAND=$(ssh_with -i "$work/stranger") && export GIT_SSH_COMMAND
within 5 refused "$ssh/app.git//base" "Permission denied"
export GIT_SSH_COMMAND="ssh -F /dev/null -i $work/key -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/null"
within 5 refused "$ssh/app.git//base" "host key is known"
cp known_hosts known
sed "s|ssh-ed25519 .*|$(cut -d' ' -f1,2 stranger.pub)|" known >known_hosts
GIT_SSH_COMMAND=$(ssh_with -i "$work/key")
within 5 refused "$ssh/app.git//base" "HAS CHANGED"
cp known known_hosts
refused "$ssh/none.git//base" "does not appear to be a git repository"
refused "ssh://$user@127.0.0.1:$(free_port)$work/www/app.git//base" "Connection refused"
unset GIT_SSH_COMMAND
git config --global core.sshCommand "$(ssh_with -i "$work/key")"
want v2 "$ssh/app.git//base?ref=v2"
# The scp-like form has no port; ssh's own settings give it one.
mkdir home/.ssh
printf 'Host forge\n HostName 127.0.0.1\n Port %s\n IdentityFile %s/key\n UserKnownHostsFile %s/known_hosts\n' \
    "$ssh_port" "$work" "$work" >home/.ssh/config
git config --global core.sshCommand "ssh -F $work/home/.ssh/config"
want v1 "$user@forge:$work/www/app.git//base?ref=v1"
git config --global --unset core.sshCommand

# git://: kustomize takes no such address, but a setting may lead to it.
rm -rf home/.cache
git config --global "url.$daemon/.insteadOf" https://example.test/
want v1 "https://example.test/app.git//base?ref=v1"
want main "https://example.test/app.git//base"
want v1 "https://example.test/app.git//base?ref=$first"
refused "https://example.test/none.git//base" "access denied or repository not exported"
git config --global --remove-section "url.$daemon/"
git config --global "url.git://127.0.0.1:$(free_port)/.insteadOf" https://example.test/
refused "https://example.test/app.git//base" "Connection refused"
git config --global --unset-all "$(git config --global --name-only --get-regexp insteadOf)"

# Servers that do not answer, or only begin to.
python3 - silent.port <<'END' &
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").write(str(s.getsockname()[1]))
kept = []
s.settimeout(60)
while True:
    kept.append(s.accept())
END
pids="$pids $!"
until_there "silent server" test -s silent.port
silent=127.0.0.1:$(cat silent.port)
within 4 refused "https://$silent/x/app.git//base?timeout=1s" "within 1s"
export GIT_SSH_COMMAND="$(ssh_with -i "$work/key")"
within 4 refused "ssh://git@$silent/x/app.git//base?timeout=1" "longer than 1s"
unset GIT_SSH_COMMAND
git config --global "url.git://$silent/.insteadOf" https://example.test/
within 4 refused "https://example.test/app.git//base?timeout=1s" "longer than 1s"
git config --global --unset-all "$(git config --global --name-only --get-regexp insteadOf)"
within 15 refused "$https/cut/app.git//base" "partial file"
[ -z "$(ls home/.cache/hoist/git 2>/dev/null | grep '^new-')" ] || fail "a part is kept"
cat >half <<END
#!/bin/sh
for last; do :; done
ssh -F "$work/home/.ssh/config" forge "\$last" | head -c 20000
END
chmod +x half
export GIT_SSH_COMMAND="$work/half"
rm -rf home/.cache
refused "$ssh/app.git//base" "pack"
[ -z "$(ls home/.cache/hoist/git 2>/dev/null)" ] || fail "a part is kept"
unset GIT_SSH_COMMAND

# Files: an authority, status, size, time, compression, a page in place of a manifest.
cp tree/base/cm.yaml www/cm.yaml
printf '<!DOCTYPE html>\n<html><body><p>sign in</p></body></html>\n' >www/page.html
cp www/cm.yaml k/cm.yaml
printf 'resources: [cm.yaml]\n' >k/kustomization.yaml && "$hoist" kustomize build k >wanted
refused "$https/file/cm.yaml" "certificate"
export SSL_CERT_FILE="$work/ca.pem"
for at in file zip "elsewhere?$https/file"; do
    entry "$https/$at/cm.yaml" || fail "$at: $(cat said)"
    cmp -s wanted got || fail "$at: $(diff wanted got)"
    theirs || fail "kustomize refuses $at: $(cat theirs.said)"
    [ -z "$oracle" ] || cmp -s theirs got || fail "kustomize builds $at otherwise"
done
refused "$https/file/none.yaml" "status 404"
refused "$https/file/page.html" "no manifests"
refused "$https/loop" "redirects"
refused "$https/large" "larger than" ours
refused "$https/elsewhere?http://127.0.0.1:1/cm.yaml" "from https to http" ours
echo passed
