#!/bin/sh
# Remote bases and files: what is fetched from file://, HTTP and SSH is built as the same tree on
# disk is; who asks is told when asked; nothing leads out of a repository or to a program.
# usage: remote.sh HOIST SERVER
set -eu
hoist=$1
server=$2
command -v python3 >/dev/null && git http-backend >/dev/null 2>&1 </dev/null || [ $? != 127 ] || exit 77
work=$(mktemp -d)
started=
trap 'exec 3>&- || true; [ -z "$started" ] || kill "$started" 2>/dev/null || true; rm -rf "$work"' EXIT
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY GIT_ASKPASS GIT_SSH GIT_SSH_COMMAND
unset XDG_CACHE_HOME GIT_CONFIG_COUNT
export HOME="$work/home" TMPDIR="$work/tmp" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x.example
mkdir "$work/home" "$work/tmp" "$work/www" "$work/tree"
cd "$work"

fail() { echo "FAILED: $*"; exit 1; }

# A repository with two versions, a submodule, and traps.
git init -q -b main part
mkdir part/inner
printf 'resources: [cm.yaml]\n' >part/inner/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inner}\n' >part/inner/cm.yaml
git -C part add . && git -C part commit -qm part
git clone -q --bare part www/part.git
git init -q -b main tree
cd tree
mkdir -p base over/a out link
printf 'resources: [cm.yaml]\nnamePrefix: b-\n' >base/kustomization.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {v: "1"}\n' >base/cm.yaml
printf 'resources: [../../base]\nnameSuffix: -a\n' >over/a/kustomization.yaml
printf 'resources: [../../secret]\n' >out/kustomization.yaml
printf 'resources: [cm.yaml]\n' >link/kustomization.yaml
ln -s "$work/tree/base/cm.yaml" link/cm.yaml
ln -s ../.. up
git add . && git commit -qm one && git tag v1
sed -i 's/"1"/"2"/' base/cm.yaml
git commit -qam two && git tag -am two v2
git update-index --add --cacheinfo "160000,$(git -C ../part rev-parse HEAD),vendor/part"
git update-index --add --cacheinfo "160000,$(git -C ../part rev-parse HEAD),vendor/trap"
git update-index --add --cacheinfo "160000,$(git -C ../part rev-parse HEAD),vendor/local"
cat >.gitmodules <<'END'
[submodule "part"]
	path = vendor/part
	url = ../part.git ; beside this one
[submodule "trap"]
	path = vendor/trap
	url = "ext::sh -c touch% trapped"
END
printf '[submodule "local"]\n\tpath = vendor/local\n\turl = file://%s/part\n' "$work" >>.gitmodules
git add .gitmodules && git commit -qm submodule && git branch modules && git reset -q --hard v2
first=$(git rev-parse v1)
cd ..
git clone -q --bare tree www/app.git
cp tree/base/cm.yaml www/cm.yaml
printf '<html>\n<p>: [hello\n' >www/page.html
mkdir secret && printf 'resources: []\n' >secret/kustomization.yaml

mkfifo feed
python3 "$server" www <feed >port &
started=$!
exec 3>feed
tries=0
until [ -s port ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "no server"
    sleep 0.1
done
at=http://127.0.0.1:$(cat port)

# want NAME ENTRY: the entry is built as the folder NAME of the working tree at that version.
entry() {
    mkdir -p k && printf '%s:\n- %s\n' "${field:-resources}" "$1" >k/kustomization.yaml
    "$hoist" ${global:-} kustomize build k >got 2>said
}
want() {
    git -C tree checkout -q "$1"
    "$hoist" kustomize build "tree/$2" >wanted
    entry "$3" || fail "$3: $(cat said)"
    cmp -s wanted got || fail "$3: $(diff wanted got)"
}
refused() {
    ! entry "$1" || fail "'$1' was built"
    grep -qF -- "$2" said || fail "$1 says: $(cat said)"
    ! grep -q 'Sanitizer\|runtime error' said || fail "$(cat said)"
    ! grep -q 'sesame\|den@' said || fail "$1 says a secret: $(cat said)"
}

for where in "file://$work/tree" "$at/git/app.git" "$at/old/app.git" "$at/moved/app.git"; do
    want v1 base "$where//base?ref=v1"
    want v2 over/a "$where//over/a?ref=v2"
    want v2 over/a "$where//over/a"
    want v2 base "$where//base?version=main&timeout=20s&submodules=false"
    want v1 base "$where//base?ref=$first"
    refused "$where//base?ref=v9" "v9"
    refused "$where//out" "leads out of its tree"
    refused "$where//link" "leads out of its tree"
    refused "$where//up/tree/base" "leads out of its tree"
    refused "$where//none" "no file or folder"
    rm -rf home/.cache
done
want v2 base "$at/git/app.git/base"
want v2 base "file://$work/www/app"//base

# A commit is fetched once; 40 digits then need no network, a branch does.
want v1 base "$at/git/app.git//base?ref=$first"
: >www/requests
want v1 base "$at/git/app.git//base?ref=$first"
! grep -q POST www/requests || fail "fetched twice"
global=--offline
want v1 base "$at/git/app.git//base?ref=$first"
refused "$at/git/app.git//base?ref=v2" "--offline forbids it"
refused "$at/file/cm.yaml" "--offline forbids it"
global=
mkdir -p k2 && printf 'resources: [a, b]\n' >k2/kustomization.yaml
for each in a b; do
    mkdir -p k2/$each
    printf 'namePrefix: %s-\nresources: ["%s/git/app.git//base?ref=v2"]\n' $each "$at" >k2/$each/kustomization.yaml
done
rm -rf home/.cache
: >www/requests
"$hoist" kustomize build k2 >got 2>said || fail "$(cat said)"
[ "$(grep -c 'POST /git/app.git/git-upload-pack' www/requests)" = 2 ] || fail "one repository, two fetches"

# Runs side by side share what they fetch; what cannot be kept leaves nothing behind.
rm -rf home/.cache
for each in 1 2 3 4 5; do
    "$hoist" kustomize build k2 >side.$each 2>&1 &
    eval "side$each=\$!"
done
for each in 1 2 3 4 5; do
    eval "wait \$side$each" || fail "side by side: $(cat side.$each)"
    cmp -s got side.$each || fail "side by side, another answer"
done
[ "$(ls home/.cache/hoist/git | wc -l)" = 1 ] || fail "the cache holds $(ls home/.cache/hoist/git)"
(unset HOME && "$hoist" kustomize build k2 >homeless) || fail "without a home"
cmp -s got homeless && [ -z "$(ls tmp)" ] || fail "without a home: $(ls tmp)"

# Submodules, entered or not.
want v2 base "$at/git/app.git//base?ref=modules"
cp -r part/inner tree/inner
"$hoist" kustomize build tree/inner >wanted && rm -r tree/inner
entry "$at/git/app.git//vendor/part/inner?ref=modules" && cmp -s wanted got || fail "submodule: $(cat said)"
refused "$at/git/app.git//vendor/part/inner?ref=modules&submodules=false" "submodule"
refused "$at/git/app.git//vendor/trap/inner?ref=modules" "submodule"
refused "$at/git/app.git//vendor/local/inner?ref=modules" "submodule"
[ ! -e trapped ] || fail "a program ran"

# Who asks: in the address, by GIT_ASKPASS, by a helper, by a header; never in a message.
host=${at#http://}
refused "$at/private/app.git//base" "wants to know who asks"
want v2 base "http://fox:den@$host/private/app.git//base" 2>/dev/null || fail "user in the address"
refused "http://fox:sesame@$host/private/app.git//base" "wants to know who asks"
cat >ask <<'END'
#!/bin/sh
case $1 in Username*) echo fox ;; *) echo den ;; esac
END
chmod +x ask
GIT_ASKPASS=$work/ask && export GIT_ASKPASS
want v2 base "$at/private/app.git//base"
unset GIT_ASKPASS
git config --global credential.helper "!f() { echo username=fox; echo password=den; }; f"
want v2 base "$at/private/app.git//base?ref=main"
git config --global --unset credential.helper
refused "$at/token/app.git//base" "wants to know who asks"
git config --global "http.$at/.extraHeader" "Authorization: Bearer honey"
want v2 base "$at/token/app.git//base"
git config --global --unset "http.$at/.extraHeader"
GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.extraheader" GIT_CONFIG_VALUE_0="Authorization: Bearer honey"
export GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
want v2 base "$at/token/app.git//base"
unset GIT_CONFIG_COUNT
git config --global "url.$at/git/.insteadOf" https://github.com/acme/
want v2 base "https://github.com/acme/app.git//base?ref=v2"
want v2 base "github.com/acme/app.git//base?ref=v2"
git config --global --unset "url.$at/git/.insteadOf"

# SSH, by the program that Git would use.
cat >ssh <<'END'
#!/bin/sh
for last; do :; done
echo "$@" >>"$0.log"
exec sh -c "$last"
END
chmod +x ssh
export GIT_SSH_COMMAND="$work/ssh -i key"
rm -rf home/.cache
want v1 base "ssh://git@example.test:2222$work/www/app.git//base?ref=v1"
want v2 base "git@example.test:$work/www/app.git//base"
want v1 base "git@example.test:$work/www/app.git//base?ref=$first"
grep -qF -- "-i key -p 2222 git@example.test git-upload-pack '$work/www/app.git'" ssh.log || fail "$(cat ssh.log)"
refused "git@-oProxyCommand=x:acme/app.git//base" "no address"
refused "ssh://-oProxyCommand=x/acme/app.git//base" "no address"
unset GIT_SSH_COMMAND

# Files at addresses, and servers that refuse.
field=resources
cp www/cm.yaml k/cm.yaml
printf 'resources: [cm.yaml]\n' >k/kustomization.yaml && "$hoist" kustomize build k >wanted
entry "$at/file/cm.yaml" && cmp -s wanted got || fail "a file: $(cat said)"
entry "$at/busy/2/cm.yaml" && cmp -s wanted got || fail "a busy server: $(cat said)"
entry "$at/elsewhere?$at/file/cm.yaml" && cmp -s wanted got || fail "a redirect: $(cat said)"
refused "$at/file/none.yaml" "status 404"
refused "$at/status/403" "status 403"
refused "$at/file/page.html" "no manifests"
refused "$at/loop" "redirects"
refused "$at/elsewhere?file:///etc/passwd" "no http address"
refused "$at/large" "larger than"
refused "$at/git/app.git//base?ref=%00" "no branch or tag"
for each in "ext::sh -c touch% trapped" "--upload-pack=touch trapped" "git::ext::touch% trapped//x?ref=v1"; do
    refused "'$each'" "error:"
done
[ ! -e trapped ] || fail "a program ran"

# What comes from another machine does not read this one's repositories.
printf 'resources: ["file://%s/tree//base"]\n' "$work" >tree/base/kustomization.yaml
git -C tree commit -qam trap && git -C tree push -q ../www/app.git HEAD:refs/heads/trap
refused "$at/git/app.git//base?ref=trap" "may not read the local repository"
"$hoist" kustomize build "$at/git/app.git//base?ref=trap" >got 2>said && fail "a root read a repository"
grep -q "may not read the local repository" said || fail "root: $(cat said)"

# A root of its own, and a component.
"$hoist" kustomize build "$at/git/app.git//base?ref=v2" >got 2>said || fail "root: $(cat said)"
git -C tree checkout -q v2 && "$hoist" kustomize build tree/base >wanted && cmp -s wanted got || fail "root"
echo passed
