#!/bin/sh
# Commits as people and CI make them: signed by the user's own programs, by whom the
# environment says, in clones that are shallow, and beside submodules, links, modes and line
# endings that stay.
# usage: commits.sh HOIST
set -eu
hoist=$1
for program in ssh-keygen ssh-agent gpg; do
    command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
work=$(mktemp -d)
cleanup() {
    test -z "${SSH_AGENT_PID-}" || kill "$SSH_AGENT_PID"
    GNUPGHOME="$work/gnupg" gpgconf --kill all 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
export HOME="$work" GIT_CONFIG_NOSYSTEM=1 GNUPGHOME="$work/gnupg"
unset XDG_CONFIG_HOME GITHUB_ACTOR GITLAB_CI TF_BUILD JENKINS_URL || true
# What tests/leaks forgives is told by frames that only the slow way finds.
export ASAN_OPTIONS=fast_unwind_on_malloc=0
branch=hoist/promote/staging-to-production

fail() { echo "FAILED: $*"; cat "$work/out"; exit 1; }
who() { git config user.name A; git config user.email a@x.example; }
promote() { git branch -qD $branch 2>/dev/null || true; "$hoist" promote staging production "$@" >"$work/out" 2>&1; }

mkdir -p "$work/first/overlays/staging" "$work/first/overlays/production"
cd "$work/first"
git init -q -b main . && who
for env in staging production; do
    printf 'apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: web}\r\nspec:\r\n  containers:\r\n  - name: web\r\n    image: acme/web:%s # ours\r\n' \
        $env >overlays/$env/pod.yaml
    chmod +x overlays/$env/pod.yaml
done
ln -s overlays link
git init -q -b main "$work/module" && cd "$work/module" && who && git commit -q --allow-empty -m module
cd "$work/first"
git -c protocol.file.allow=always submodule --quiet add "$work/module" module
printf '#!/bin/sh\ntouch "%s/hook"\n' "$work" >"$work/hook.sh"
for hook in pre-commit commit-msg post-commit pre-push reference-transaction; do
    cp "$work/hook.sh" .git/hooks/$hook && chmod +x .git/hooks/$hook
done
git add . && git -c core.hooksPath=/dev/null commit -qm first
rm -f "$work/hook"

# Modes, links, submodules, line endings; a configuration that converts them is not asked.
git config core.autocrlf true
promote || fail "no promotion"
git config core.autocrlf false
test "$(git diff --numstat main $branch)" = "1	1	overlays/production/pod.yaml" || fail "more than a line"
git ls-tree -r main | grep -v production/ >"$work/before"
git ls-tree -r $branch | grep -v production/ | cmp - "$work/before" || fail "something else has changed"
git ls-tree -r $branch overlays/production | grep -q ^100755 || fail "the mode has changed"
test "$(git show $branch:overlays/production/pod.yaml | grep -c "$(printf '\r')$")" = 7 || fail "a line end is gone"
test ! -e "$work/hook" || fail "a hook has run"
git fsck --strict --no-progress >/dev/null || fail "not whole"

# SSH: a key in a file, a key in an agent, a program of one's own.
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
echo "a@x.example $(cat "$work/key.pub")" >"$work/allowed"
git config gpg.ssh.allowedSignersFile "$work/allowed"
git config commit.gpgsign true
git config gpg.format ssh
git config user.signingkey '~/key'
promote || fail "not signed"
git verify-commit $branch 2>"$work/out" || fail "the signature is not good"
"$hoist" promote staging production | grep -q 'nothing has changed' || fail "it was made again"
"$hoist" pin overlays/staging acme/web:next --commit >"$work/out" 2>&1 || fail "not pinned"
git verify-commit HEAD 2>"$work/out" || fail "the pin is not signed"
eval "$(ssh-agent -s)" >/dev/null
ssh-add -q "$work/key" 2>/dev/null
mv "$work/key" "$work/elsewhere"
git config user.signingkey "key::$(cat "$work/key.pub")"
promote || fail "not signed by the agent"
git verify-commit $branch 2>"$work/out" || fail "the agent's signature is not good"
git config --unset user.signingkey
git config gpg.ssh.defaultKeyCommand "cat '$work/key.pub'"
promote || fail "not signed by the default key"
git verify-commit $branch 2>"$work/out" || fail "the default key's signature is not good"
printf '#!/bin/sh\necho "$*" >"%s/asked"\nexec ssh-keygen "$@"\n' "$work" >"$work/wrapper"
chmod +x "$work/wrapper"
git config gpg.ssh.program "$work/wrapper"
promote || fail "not signed by the wrapper"
grep -q '^-Y sign -n git -f .* -U ' "$work/asked" || fail "asked otherwise: $(cat "$work/asked")"

# What cannot be signed is not committed.
for setting in "gpg.ssh.program false" "gpg.ssh.program none-such" "gpg.format rot13"; do
    git config ${setting% *} "${setting#* }"
    status=0
    promote || status=$?
    case $setting in *rot13) want=2 ;; *) want=3 ;; esac
    test $status = $want || fail "status $status with $setting"
    ! git rev-parse -q --verify $branch >/dev/null || fail "an unsigned commit"
done
test -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'hoist-sign-*')" || fail "files were left"

# OpenPGP, by the committer's address and by a key's name.
git config gpg.format openpgp
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'A <a@x.example>' ed25519 sign never 2>"$work/out"
promote || fail "not signed with OpenPGP"
git verify-commit $branch 2>"$work/out" || fail "the OpenPGP signature is not good"
git config user.signingkey nobody@x.example
status=0
promote || status=$?
test $status = 3 || fail "status $status for a key that is not there"
git config --unset user.signingkey
git config commit.gpgsign false

# Who: the variables, then the configuration, then the CI.
GIT_AUTHOR_NAME=V GIT_AUTHOR_EMAIL=v@x.example promote || fail "no promotion"
test "$(git log -1 --format=%an/%ae/%cn $branch)" = V/v@x.example/A || fail "not by V"
git config --unset user.name; git config --unset user.email
for ci in "GITHUB_ACTOR=jo GITHUB_ACTOR_ID=7 GITHUB_SERVER_URL=https://github.com jo 7+jo@users.noreply.github.com" \
    "GITHUB_ACTOR=jo GITHUB_ACTOR_ID=7 GITHUB_SERVER_URL=https://git.x.example jo jo@noreply.git.x.example" \
    "GITLAB_CI=true GITLAB_USER_NAME=jo GITLAB_USER_EMAIL=jo@x.example jo jo@x.example" \
    "TF_BUILD=True BUILD_REQUESTEDFOR=jo BUILD_REQUESTEDFOREMAIL=jo@x.example jo jo@x.example" \
    "JENKINS_URL=https://ci.x.example/ BUILD_USER=jo BUILD_USER_EMAIL=jo@x.example jo jo@x.example"; do
    set -- $ci
    (export "$1" "$2" "$3"; promote) || fail "nobody in $ci"
    test "$(git log -1 --format='%an %ae' $branch)" = "$4 $5" || fail "somebody else in $ci"
done
status=0
promote || status=$?
test $status = 3 || fail "status $status when nobody is named"
who

# A shallow clone: the same promotion, and a person's commits stay.
git commit -q --allow-empty -m second
promote || fail "no promotion"
tree=$(git rev-parse $branch^{tree})
git branch -qD $branch
git clone -q --bare . "$work/bare.git"
git clone -q --depth 1 "file://$work/bare.git" "$work/shallow"
cd "$work/shallow" && who
promote --push || fail "no promotion in a shallow clone"
test "$(git -C "$work/bare.git" rev-parse $branch^{tree})" = "$tree" || fail "another tree"
"$hoist" history production >"$work/out" 2>&1 || fail "no history in a shallow clone"
mine=$(git commit-tree -p $branch -m mine "$branch^{tree}")
git update-ref refs/heads/$branch "$mine"
status=0
"$hoist" promote staging production --only web >"$work/out" 2>&1 || status=$?
git commit -q --allow-empty -m moved
"$hoist" promote staging production >"$work/out" 2>&1 || status=$?
test $status = 1 || fail "status $status over a person's commit"
test "$(git rev-parse $branch)" = "$mine" || fail "a person's commit is gone"
git fsck --no-progress >/dev/null 2>&1 || fail "not whole"

# A pin from there, on top of what somebody else pushed meanwhile.
git reset -q --hard origin/main
git -C "$work/first" remote add origin "file://$work/bare.git"
git -C "$work/first" commit -q --allow-empty -m meanwhile
git -C "$work/first" -c core.hooksPath=/dev/null push -q origin main
"$hoist" pin overlays/staging acme/web:later --push >"$work/out" 2>&1 || fail "no pin from a shallow clone"
test "$(git -C "$work/bare.git" log -2 --format=%s main | tail -1)" = meanwhile || fail "not on top"
echo "commits are as they should be"
