#!/bin/sh
# A walk through signed charts: what helm says of each, as it printed it into WANT. The archives in
# SIGNED, their provenance files and the keyring keys.gpg are of helm's own making; other
# signatures are made here, by keys of the moment. "-" for WANT prints the transcript.
# usage: signed_walk.sh SIGNED WANT PROGRAM [ARGUMENT...]
set -u
signed=$(realpath "$1")
want=$2
[ "$want" = - ] || want=$(realpath "$want")
shift 2
for needed in gpg gpgv; do
    command -v $needed >/dev/null && continue
    echo "$needed is not installed"
    exit 77
done
work=$(mktemp -d) || exit 2
export HOME="$work/home" GNUPGHOME="$work/gnupg" TZ=UTC LC_ALL=C
trap 'gpgconf --kill gpg-agent 2>/dev/null; rm -rf "$work"' EXIT
for name in $(env | sed -n 's/^\(HELM_[A-Z_]*\|XDG_[A-Z_]*\|[a-zA-Z_]*_proxy\|[A-Z_]*_PROXY\)=.*/\1/p'); do
    unset "$name"
done
cd "$work" && mkdir -m 700 home gnupg && mkdir src src/web src/job || exit 2
cp "$signed"/* .
printf 'apiVersion: v2\nname: web\nversion: 1.0.0\n' >src/web/Chart.yaml
printf 'apiVersion: v1\nname: job\nversion: 2.0.0\nkeywords: ["- <a>", b]\n' >src/job/Chart.yaml

echo 's2k-count 65536' >gnupg/gpg-agent.conf
make_key() {
    gpg --batch -q --passphrase "$1" --pinentry-mode loopback --quick-gen-key "$2" "$3" sign "$4"
}
make_key '' 'Carl First <carl@example.com>' rsa2048 never
make_key '' 'Cora Second <cora@example.com>' ed25519 never
make_key opensesame 'Lock Smith <lock@example.com>' ed25519 never
past=20240101T000000
gpg --batch -q --passphrase '' --faked-system-time $past \
    --quick-gen-key 'Old Timer <old@example.com>' ed25519 sign 1y 2>/dev/null
gpg --batch --pinentry-mode loopback --passphrase opensesame --export-secret-keys >secret.gpg
gpg --batch --export >public.gpg
gpg --batch --armor --export >armoured.asc
gpg --batch --export 'Cora Second' >cora.gpg
head -c 300 public.gpg >cut.gpg
: >empty.gpg
echo opensesame >passphrase
echo wrong >not-passphrase

plain() {
    sed -e "s|$work|WORK|g" -e 's/[0-9A-F]\{40\}/FINGERPRINT/' -e 's/sha256:[0-9a-f]\{64\}/DIGEST/g' \
        -e '/^level=/d' -e '/^$/d'
}
do_() {
    printf '$ helm %s\n' "$*" | plain
    "$program" "$@" >out 2>err </dev/null
    status=$?
    plain <out
    grep '^Error' err | plain
    [ "$status" = 0 ] || echo "status $status"
}
[ "$want" = - ] || exec 4>&1 >"$work/got"
program=$work/helm
printf '#!/bin/sh\nexec %s "$@"\n' "$*" >helm && chmod +x helm

do_ verify web-1.0.0.tgz --keyring keys.gpg
do_ verify ./db-1.0.0.tgz --keyring "$work/keys.gpg"
cp keys.gpg gnupg/pubring.gpg && do_ verify web-1.0.0.tgz && rm gnupg/pubring.gpg
for keyring in public.gpg armoured.asc cut.gpg empty.gpg none.gpg src; do
    do_ verify web-1.0.0.tgz --keyring $keyring
done
do_ verify
do_ verify web-1.0.0.tgz
do_ verify none.tgz --keyring keys.gpg
do_ verify src/web --keyring keys.gpg
do_ verify keys.gpg --keyring keys.gpg

# What has been changed, and a provenance that is none.
echo '# the archive is another one'
cp web-1.0.0.tgz.prov good.prov
cp web-1.0.0.tgz good.tgz
cp good.tgz lone.tgz
do_ verify lone.tgz --keyring keys.gpg
cp good.prov lone.tgz.prov
do_ verify lone.tgz --keyring keys.gpg
echo >>web-1.0.0.tgz
do_ verify web-1.0.0.tgz --keyring keys.gpg
cp good.tgz web-1.0.0.tgz
# broken WHAT COMMAND...: the good provenance through a filter
broken() {
    printf '# %s\n' "$1"
    shift
    "$@" <good.prov >web-1.0.0.tgz.prov
    do_ verify web-1.0.0.tgz --keyring keys.gpg
}
broken 'a word is another' sed 's/signed by helm/signed by hell/'
broken 'a line more' sed '3a\
more: text'
broken 'with carriage returns' sed 's/$/\r/'
broken 'no signature' sed '/BEGIN PGP SIGNATURE/,$d'
broken 'cut' head -c 500
broken 'another text' echo hello
broken 'text around it' sed '1i\
before
$a\
\
after'
sed 's/signed by/written by/' db-1.0.0.tgz.prov >other.prov
cp db-1.0.0.tgz other.tgz
cp other.prov db-1.0.0.tgz.prov
do_ verify db-1.0.0.tgz --keyring keys.gpg

# signed WHAT TEXT OPTION...: a message by keys of the moment
signed() {
    printf '# %s\n' "$1"
    text=$2
    shift 2
    printf %b "$text" | gpg --batch -q --pinentry-mode loopback --passphrase opensesame "$@" \
        --clearsign >web-1.0.0.tgz.prov 2>/dev/null
    do_ verify web-1.0.0.tgz --keyring public.gpg
}
sum=sha256:$(sha256sum <web-1.0.0.tgz | cut -d' ' -f1)
good="name: web\n\n...\nfiles:\n  web-1.0.0.tgz: $sum\n"
signed 'by gpg' "$good" -u 'Carl First'
signed 'a hyphen, spaces at ends of lines' "- a  \n\n- b\t\n$good" -u 'Cora Second'
signed 'by two' "$good" -u 'Cora Second' -u 'Lock Smith'
do_ verify web-1.0.0.tgz --keyring cora.gpg
signed 'three parts' "$good...\na: [\n" -u 'Carl First'
signed 'one part' 'files: {}\n' -u 'Carl First'
signed 'no files' 'a: b\n\n...\nb: c\n' -u 'Carl First'
signed 'another file' "a: b\n\n...\nfiles:\n  web.tgz: $sum\n" -u 'Carl First'
signed 'another sum' "a: b\n\n...\nfiles:\n  web-1.0.0.tgz: sha256:ff\n" -u 'Carl First'
signed 'a list' 'a: b\n\n...\n- a\n' -u 'Carl First'
signed 'files are a list' 'a: b\n\n...\nfiles: []\n' -u 'Carl First'
signed 'by a key that has expired' "$good" -u 'Old Timer' --faked-system-time $past

echo '# commands that take charts'
cp good.prov web-1.0.0.tgz.prov
for keyring in keys.gpg public.gpg none.gpg; do
    do_ template web-1.0.0.tgz --verify --keyring $keyring
    do_ show chart web-1.0.0.tgz --verify --keyring $keyring
done
do_ template src/web --verify --keyring keys.gpg

echo '# signing'
do_ package src/web --sign --keyring secret.gpg
do_ package src/web --sign --key c --keyring secret.gpg
do_ package src/web --sign --key nobody --keyring secret.gpg
do_ package src/web --sign --key Carl --keyring public.gpg
do_ package src/web --sign --key Carl --keyring none.gpg
do_ package src/web --sign --key Carl --keyring armoured.asc
do_ package src/web --sign --key Lock --keyring secret.gpg --passphrase-file none
do_ package src/web --sign --key Lock --keyring secret.gpg --passphrase-file not-passphrase
do_ package src/web --key Carl --keyring secret.gpg -d plain.d
ls plain.d
for key in Carl 'Cora Second <cora@example.com>' Lock; do
    do_ package src/web src/job --sign --key "$key" --keyring secret.gpg \
        --passphrase-file passphrase -d signed.d
    ls signed.d
    sed -n '4,/^files/p' signed.d/job-2.0.0.tgz.prov
    do_ verify signed.d/web-1.0.0.tgz --keyring public.gpg
    do_ verify signed.d/job-2.0.0.tgz --keyring secret.gpg
    rm -r signed.d
done

[ "$want" = - ] && exit
exec 1>&4
diff "$want" got && echo "as helm says it"
