#!/bin/sh
# Promotions and pins pushed to real servers: sshd, HTTPS with a password, git daemon. What hooks
# refuse is said in their own words; a branch that moved is met again on its new tip; commits of
# people stay; clones may be shallow, bare, linked, and sign what they push.
# usage: push_servers.sh HOIST SERVER
set -eu
hoist=$1
server=$2
here=$(cd "$(dirname "$0")/.." && pwd)
for program in openssl ssh-keygen /usr/sbin/sshd python3; do
    command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
work=$(mktemp -d)
. "$here/source/git_servers.sh"
trap 'stop_servers; gpgconf --kill all 2>/dev/null || true; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY GIT_ASKPASS GIT_SSH GIT_SSH_COMMAND
unset XDG_CACHE_HOME GIT_CONFIG_COUNT SSH_AUTH_SOCK SSL_CERT_FILE GIT_SSL_CAINFO GITLAB_CI GITHUB_ACTOR
export HOME="$work/home" TMPDIR="$work/tmp" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
export no_proxy=127.0.0.1,localhost
# What tests/leaks forgives is told by frames that only the slow way finds.
export ASAN_OPTIONS=fast_unwind_on_malloc=0
mkdir "$work/home" "$work/tmp" "$work/www"
cd "$work"
branch=hoist/promote/staging-to-production

fail() { echo "FAILED: $*"; cat "$work/out"; exit 1; }
bare=$work/www/app.git
at() { git -C "$bare" rev-parse "refs/heads/${1:-$branch}"; }
whole() {
    git fsck --strict --no-dangling --no-progress >out 2>&1 || fail "$1: not whole"
    [ -z "$(find "$(git rev-parse --git-common-dir)" -name '*.lock')" ] || fail "$1: a lock is left"
}
run() { # run STATUS ARGUMENT...
    want=$1
    shift
    got=0
    "$hoist" "$@" >"$work/out" 2>&1 || got=$?
    ! grep -q 'Sanitizer\|runtime error' "$work/out" || fail "$*"
    ! grep -q sesame "$work/out" || fail "$* says a secret"
    [ $got = "$want" ] || fail "status $got for $*"
}
says() { grep -qF -- "$1" "$work/out" || fail "'$1' is not said"; }

# As a server holds it: staging is ahead of production.
git init -q -b main first
for env in staging production; do
    mkdir -p first/overlays/$env
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: "acme/web:%s"}\n' \
        $env >first/overlays/$env/pod.yaml
done
git -C first add . && git -C first commit -qm first
echo a >first/README && git -C first add . && git -C first commit -qm second
git clone -q --bare first "$bare"
git -C "$bare" config receive.fsckObjects true
again() { # the server as it was, and no clone
    git -C "$bare" for-each-ref --format='%(refname)' refs/heads/hoist/ |
        while read -r ref; do git -C "$bare" update-ref -d "$ref"; done
    git -C "$bare" update-ref refs/heads/main "$(git -C first rev-parse main)"
    cd "$work"; rm -f "$bare"/hooks/* && rm -rf "$work"/clone* home/.cache
}

start_https
start_ssh
start_daemon
git config --global http.sslCAInfo "$work/ca.pem"
git config --global credential.helper "!f() { echo username=fox; echo password=den; }; f"
git config --global core.sshCommand "$(ssh_with -i "$work/key")"

commit_at() { # commit_at BRANCH MESSAGE: a person's commit at the server
    made=$(git -C "$bare" commit-tree -p "$(at "$1")" -m "$2" "$(at "$1")^{tree}")
    git -C "$bare" update-ref "refs/heads/$1" "$made"
}
hook() { # hook NAME: the script is read from the standard input
    cat >"$bare/hooks/$1" && chmod +x "$bare/hooks/$1"
}

for url in "$https/private/app.git" "ssh://$(id -un)@127.0.0.1:$ssh_port$bare" "$daemon/app.git"; do
    for depth in "" "--depth=1"; do
        again
        echo "$url $depth"
        git clone -q $depth "$url" clone && cd clone
        run 0 promote staging production --push
        says "origin: pushed"
        first=$(at)
        [ "$(git -C "$bare" rev-list --count main..$branch)" = 1 ] || fail "not one commit"
        run 0 promote staging production --push
        says "origin: has it already"

        # The base has moved: the same branch, on what is there now.
        commit_at main "a person's"
        run 0 promote staging production --push
        git -C "$bare" fsck --strict --no-dangling --no-progress >../out 2>&1 || fail "the server's is not whole"
        git fetch -q && git reset -q --hard origin/main
        run 0 promote staging production --push
        [ "$(git -C "$bare" rev-parse $branch^)" = "$(at main)" ] || fail "it does not stand on main"
        [ "$(at)" != "$first" ] || fail "it is where it was"

        # What a server refuses, in its own words; nothing has moved there.
        before=$(at)
        commit_at main "another's" && git fetch -q && git reset -q --hard origin/main
        printf '#!/bin/sh\necho "only on Tuesdays"\necho "ask the team" >&2\nexit 1\n' | hook pre-receive
        run 3 promote staging production --push
        says "'origin' refused the push: pre-receive hook declined"
        says "only on Tuesdays"
        says "ask the team"
        [ "$(at)" = "$before" ] || fail "it has moved"
        rm "$bare/hooks/pre-receive"
        run 0 promote staging production --push

        # A person's commit is not taken away, whoever of us has seen it.
        commit_at $branch mine
        mine=$(at)
        commit_at main "a third" && git fetch -q origin main && git reset -q --hard origin/main
        run 1 promote staging production --push
        says "holds a commit that is not hoist's"
        [ "$(at)" = "$mine" ] || fail "a person's commit is gone"

        # A pin goes on top of what is there, also when that moved while it was being pushed.
        commit_at main "a fourth"
        run 0 pin overlays/staging acme/web:next --push
        [ "$(git -C "$bare" log -1 --format=%s main^)" = "a fourth" ] || fail "it is not on top"
        [ "$(git rev-parse HEAD)" = "$(at main)" ] && [ -z "$(git status --porcelain)" ] || fail "not here"
        whole "$url"
        cd ..
    done
done

# Linked worktrees and bare repositories, signed by ssh-keygen and by gpgsm.
again
url=ssh://$(id -un)@127.0.0.1:$ssh_port$bare
git clone -q "$url" clone
git -C clone worktree add -q --detach ../clone.linked main
git clone -q --bare "$url" clone.bare
git config --global commit.gpgsign true
git config --global gpg.format ssh
git config --global user.signingkey "$work/key"
echo "a@x.example $(cat key.pub)" >allowed
git config --global gpg.ssh.allowedSignersFile "$work/allowed"
for place in clone.linked clone.bare; do
    cd $place
    run 0 promote staging production --push
    git -C "$bare" verify-commit $branch 2>../out || fail "$place: not signed"
    whole $place
    cd ..
    git -C "$bare" update-ref -d refs/heads/$branch
done
if command -v gpgsm >/dev/null; then
    export GNUPGHOME="$work/gnupg"
    mkdir -m 700 gnupg
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout x.key -out x.pem -subj "/CN=a/emailAddress=a@x.example" \
        -addext keyUsage=digitalSignature 2>/dev/null
    openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -inkey x.key -in x.pem \
        -passout pass: -out x.p12
    echo "disable-crl-checks" >gnupg/gpgsm.conf
    gpgsm --batch --quiet --pinentry-mode loopback --passphrase-fd 0 --import x.p12 </dev/null 2>out || fail "no X.509 key"
    print=$(openssl x509 -in x.pem -noout -fingerprint -sha1 | sed 's/.*=//')
    echo "$print S relax" >gnupg/trustlist.txt
    git config --global gpg.format x509
    git config --global --unset user.signingkey
    cd clone.linked
    run 0 promote staging production --push
    git -C "$bare" verify-commit $branch 2>../out || fail "not signed with X.509"
    cd ..
    gpgconf --kill all
fi
echo passed
