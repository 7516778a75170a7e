#!/bin/sh
# Charts that would do harm: each is refused in words, in seconds and in little memory.
# usage: hostile.sh HOIST
set -eu
hoist=$(realpath "$1")
command -v python3 >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 - <<'END'
import gzip, io, os, tarfile
DEFINITION = b"apiVersion: v2\nname: x\nversion: 1.0.0\n"
def archive(name, *members):
    with tarfile.open(name, "w:gz") as t:
        for path, content in (("x/Chart.yaml", DEFINITION),) + members:
            info = tarfile.TarInfo(path)
            if isinstance(content, bytes):
                info.size = len(content)
                t.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                t.addfile(info)
archive("link.tgz", ("x/values.yaml", (tarfile.SYMTYPE, "/etc/passwd")))
archive("hard.tgz", ("x/a", (tarfile.LNKTYPE, "../../etc/passwd")))
archive("dots.tgz", ("x/../../evil", b"x"))
archive("absolute.tgz", ("/tmp/evil", b"x"))
archive("device.tgz", ("x/device", (tarfile.CHRTYPE, "")))
archive("deep.tgz", ("x/" + "d/" * 200 + "f", b"x"))
archive("many.tgz", *[("x/%d" % i, b"") for i in range(66000)])
archive("large.tgz", ("x/values.yaml", b"a: b\n" + b"#" * (6 << 20)))
with gzip.open("bomb.tgz", "wb") as g:
    info = tarfile.TarInfo("x/bomb")
    info.size = 4 << 30
    g.write(info.tobuf())
    for _ in range(150):
        g.write(bytes(1 << 20))
inner = None
for _ in range(60):
    archive("nest.tgz", *([("x/charts/x.tgz", inner)] if inner else []))
    inner = open("nest.tgz", "rb").read()
def chart(name, template, values=""):
    os.makedirs(name + "/templates")
    for path, text in ("Chart.yaml", DEFINITION.decode()), ("values.yaml", values), \
            ("templates/a.yaml", template):
        open(os.path.join(name, path), "w").write(text)
chart("loop", '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}')
chart("tpl", "{{ tpl .Values.a . }}", 'a: "{{ tpl .Values.a . }}"\n')
chart("holds", '{{ $_ := set .Values "a" .Values }}{{ .Values }}')
chart("values", "x: 1", "a: " + "[" * 100000 + "]" * 100000)
chart("branches", "{{ if 1 }}" * 100000 + "{{ end }}" * 100000)
chart("outside", 'x: {{ .Files.Get "../../etc/passwd" | len }}')
chart("loops", "a:\n  {{ range 100000000000 }}{{ end }}")
chart("fans", '{{ define "a" }}{{ if . }}{{ include "a" (sub . 1) }}{{ include "a" (sub . 1) }}{{ end }}'
      '{{ end }}{{ include "a" 60 }}')
chart("doubles", '{{ $s := "x" }}{{ range until 60 }}{{ $s = cat $s $s }}{{ end }}')
chart("fills", '\n{{ define "b" }}{{ repeat 100000000 "x" }}{{ end }}'
      '{{ range until 10000 }}{{ $x := include "b" . }}{{ end }}')
chart("matches", '{{ regexReplaceAll "(a|aa)+b" (repeat 100000000 "a") "x" | len }}')
chart("searches", '{{ $l := until 1000000 }}{{ range $l }}{{ $x := has -1 $l }}{{ end }}')
os.symlink("..", "outside/up")
END
# The sanitizers' own address space is beyond any such limit.
(ulimit -v 1500000; "$hoist" version >out 2>&1) && memory=1500000 || memory=unlimited

# refuses CHART WORDS
refuses() {
    if (ulimit -v $memory; timeout 60 "$hoist" helm template "$1") >out 2>err; then
        echo "FAILED: $1 is rendered"
        exit 1
    fi
    grep -q "$2" err || { echo "FAILED: $1:"; head -c 600 err; exit 1; }
}
refuses link.tgz "is a link"
refuses hard.tgz "is a link"
refuses dots.tgz "has '..' in its name"
refuses absolute.tgz "has an absolute name"
refuses device.tgz "neither a file nor a folder"
refuses deep.tgz "is in too many folders"
refuses many.tgz "beyond the limit of 65536 members"
refuses large.tgz "larger than the maximum file size 5242880"
refuses bomb.tgz "beyond the limit of 100 MiB"
refuses loop "nested reference name: a"
refuses tpl "call each other too deeply"
refuses holds "does not end"
refuses values "more than 1000 levels"
refuses branches "more than 1000 levels"
refuses outside "not in or below"
refuses loops "^loops/templates/a.yaml:2:12: error: more than 1000000000 steps"
refuses fans "^fans/templates/a.yaml:1:[0-9]*: error: more than 1000000000 steps"
refuses doubles "^doubles/templates/a.yaml:1:[0-9]*: error: more than 1024 MiB of memory"
refuses fills "^fills/templates/a.yaml:2:[0-9]*: error: more than 1024 MiB of memory"
refuses matches "^matches/templates/a.yaml:1:[0-9]*: error: more than 1000000000 steps"
refuses searches "^searches/templates/a.yaml:1:[0-9]*: error: more than 1000000000 steps"
timeout 20 "$hoist" helm template nest.tgz >out || { echo "FAILED: nest.tgz"; exit 1; }
timeout 20 "$hoist" helm pull --untar file:///nowhere 2>err && exit 1
mkdir self
printf 'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies: [{name: x, version: 1.0.0, repository: "file://."}]\n' \
    >self/Chart.yaml
for _ in 1 2 3; do
    timeout 20 "$hoist" helm dependency update self >out
done
[ "$(du -k self/charts/x-1.0.0.tgz | cut -f1)" -lt 100 ] || { echo "FAILED: self"; exit 1; }
echo "nothing did harm"
