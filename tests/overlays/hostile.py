#!/usr/bin/env python3
"""Kustomizations that would do harm: each is refused in words that name the place, or renders as
kustomize renders it; in seconds, in little memory, and never by half.

usage: hostile.py HOIST [WORDS]       runs the rows, or those whose title has the words
       hostile.py --record KUSTOMIZE  prints the digests of what kustomize v5.7.1 prints

A row is a title, the files of a kustomization, and what is expected: a part of the error's words,
the first 16 digits of the sha256 of the output, or its lines where kustomize takes minutes.
"""
import hashlib
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile

SECONDS, MEMORY = 60, 1500 << 20
LINK, FIFO, SOCKET, SPARSE, GIT = "link", "fifo", "socket", "sparse", "git"

COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {a: b}\n"
DEPLOYMENT = ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s, labels: {app: web}}\n"
              "spec: {template: {spec: {containers: [{name: c, image: %s}]}}}\n")
ONE_MAP = MAP % "x"
WEB = DEPLOYMENT % ("web", "i")

ROWS = []


def row(title, expected, kustomization, **files):
    """Files are named by keyword: `r` is r.yaml; a dict `more` holds those with other names."""
    tree = dict(files.pop("more", {}))
    tree.update({name + ".yaml": text for name, text in files.items()})
    tree["kustomization.yaml"] = kustomization
    ROWS.append((title, expected, tree))


def maps(n, name="x%d"):
    return "---\n".join(MAP % (name % i) for i in range(n))


def laugh(levels, width, indent=""):
    lines = ["a0: &a0 [%s]" % ",".join("x" * width)]
    lines += ["a%d: &a%d [%s]" % (i, i, ",".join(["*a%d" % (i - 1)] * width))
              for i in range(1, levels)]
    return "".join(indent + line + "\n" for line in lines)


# Trees of kustomizations

def chain(n):
    tree = {"d%d/kustomization.yaml" % i: "resources: [../d%d]\nnamePrefix: a\n" % (i + 1)
            for i in range(n)}
    tree["d%d/kustomization.yaml" % n] = "resources: [r.yaml]\n"
    tree["d%d/r.yaml" % n] = ONE_MAP
    return tree


def doubling(levels, head, below):
    tree = {"c%d/kustomization.yaml" % i: head + "%s: [../c%d, ../c%d]\n" % (below, i + 1, i + 1)
            for i in range(levels)}
    tree["c%d/kustomization.yaml" % levels] = head + "nameSuffix: a\n"
    return tree


row("two thousand components", "bb0e81e563bdfa5e",
    "resources: [r.yaml]\ncomponents:\n" + "".join("- c/%d\n" % i for i in range(2000)), r=WEB,
    more={"c/%d/kustomization.yaml" % i: COMPONENT + "commonAnnotations: {a%d: b}\n" % i
          for i in range(2000)})
row("nine hundred bases below each other", "310321df4144de32", "resources: [d0]\n", more=chain(900))
row("too many bases below each other", "more than 1000 levels of nesting",
    "resources: [d0]\n", more=chain(1100))
row("bases that double forty times", "more than 50000 kustomizations",
    "resources: [c0]\n", more=doubling(40, "", "resources"))
row("components that double forty times", "more than 50000 kustomizations",
    "components: [c0]\n", more=doubling(40, COMPONENT, "components"))
row("itself", "cycle detected", "resources: [.]\n")
row("itself as a file", "missing Resource metadata", "resources: [kustomization.yaml]\n")
row("itself as a component", "cycle detected", COMPONENT + "components: [.]\n")
for field in "generators", "transformers", "validators":
    row("itself among its " + field, "cycle detected", field + ": [.]\n")
row("a circle", "cycle detected", "resources: [a]\n",
    more={"a/kustomization.yaml": "resources: [../b/../b]\n",
          "b/kustomization.yaml": "resources: [.././b/../a]\n"})
row("the folder above", "cycle detected", "resources: [a]\n",
    more={"a/kustomization.yaml": "resources: [..]\n"})
row("a link to the folder above", "cycle detected", "resources: [a/b]\n",
    more={"a/b": (LINK, "..")})
row("links to each other", "goes through too many links", "resources: [a]\n",
    more={"a": (LINK, "b"), "b": (LINK, "a")})
row("links that double", "goes through too many links", "resources: [l0]\n",
    more={"l%d" % i: (LINK, "l%d/../l%d" % (i + 1, i + 1)) for i in range(60)})
row("a circle of repositories", "cycle detected", "resources: ['file://HERE/repo//x']\n",
    more={"repo": (GIT,), "repo/x/kustomization.yaml": "resources: ['file://HERE/repo//y']\n",
          "repo/y/kustomization.yaml": "resources: ['file://HERE/repo//x?ref=main']\n"})

# Aliases

BOMB = laugh(9, 10)
row("aliases in a resource", "excessive aliasing", "resources: [r.yaml]\n",
    r=ONE_MAP + "x:\n" + laugh(9, 10, "  "))
row("aliases in merge keys", "excessive aliasing", "resources: [r.yaml]\n",
    r=ONE_MAP + "x:\n  a0: &a0 {a: 1}\n" + "".join(
        "  a%d: &a%d {<<: [%s], k%d: *a%d}\n" % (i, i, ",".join(["*a%d" % (i - 1)] * 9), i, i - 1)
        for i in range(1, 60)))
row("aliases of a long text", "more than 5000000 copied document nodes", "resources: [r.yaml]\n",
    r=ONE_MAP + "x: {a: &a %s, b: [%s]}\n" % ("y" * 100000, ",".join(["*a"] * 100000)))
row("an alias of itself", "unknown anchor", "resources: [r.yaml]\n", r=ONE_MAP + "x: &a [*a]\n")
row("aliases in a patch", "excessive aliasing", "resources: [r.yaml]\npatches: [{path: p.yaml}]\n",
    r=ONE_MAP, p=ONE_MAP + BOMB)
row("aliases in an inline patch", "excessive aliasing", "resources: [r.yaml]\npatches:\n- patch: |\n"
    + "".join("    %s\n" % line for line in (ONE_MAP + BOMB).splitlines()), r=ONE_MAP)
row("aliases in a JSON patch", "excessive aliasing",
    "resources: [r.yaml]\npatches: [{path: p.yaml, target: {kind: ConfigMap}}]\n", r=ONE_MAP,
    p="- op: add\n  path: /x\n  value:\n" + laugh(9, 10, "    "))
row("aliases in the kustomization", "excessive aliasing", "resources: [r.yaml]\n" + BOMB, r=ONE_MAP)
row("aliases in a chart's values", "excessive aliasing",
    "helmCharts:\n- name: x\n  valuesInline:\n" + laugh(9, 10, "    "))
for field, value in (("replacements", "[{path: p.yaml}]"), ("configurations", "[p.yaml]"),
                     ("crds", "[p.yaml]"), ("openapi", "{path: p.yaml}"),
                     ("transformers", "[p.yaml]")):
    row("aliases in a file of " + field, "excessive aliasing",
        "resources: [r.yaml]\n%s: %s\n" % (field, value), r=ONE_MAP, p=BOMB)

# Sizes

row("a block of twenty megabytes", "e0d8d115b5b02f45", "resources: [r.yaml]\n",
    r="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: |\n"
    + ("    " + "y" * 75 + "\n") * 250000)
row("a literal of twenty megabytes", "7a2287bfbe563924",
    "configMapGenerator:\n- name: x\n  literals:\n  - a=" + "y" * 20000000 + "\n")
row("twenty megabytes that are no text", "279668fb704f4f4a", "secretGenerator: [{name: x, files: [f]}]\n",
    more={"f": b"\xff\x00" * 10000000})
row("a file of five gigabytes", "is larger than 4 GiB", "resources: [f]\n",
    more={"f": (SPARSE, 5 << 30)})
row("names of a megabyte", "72eac56a07f5725f", "resources: [r.yaml]\nnamePrefix: %s\n" % ("p" * 1000000),
    r="---\n".join(MAP % ("x" * 1000000 + str(i)) for i in range(3)))
row("a name of a megabyte that is not there", "no resource matches",
    "resources: [r.yaml]\npatches: [{path: p.yaml}]\n", r=MAP % ("x" * 1000000 + "y"),
    p=MAP % ("x" * 1000000))
row("a field of a megabyte", "unknown field", "x" * 1000000 + ": a\n")
row("fifty thousand keys", "08bf3389aac7425c", "resources: [r.yaml]\nlabels: [{pairs: {a: b}}]\n",
    r="apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n"
    + "".join("  k%d: v\n" % i for i in range(50000)))
row("a name at home in five thousand namespaces", 84999, "resources: [r.yaml]\nnamePrefix: a\n",
    r="---\n".join("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: n%d}\n---\n"
                   "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: n%d}\n"
                   "spec: {volumes: [{name: v, configMap: {name: x}}]}\n" % (i, i)
                   for i in range(5000)))
row("ten thousand generators that merge", 79999,
    "resources: [b]\nconfigMapGenerator:\n" + "".join(
        "- {name: x%d, behavior: merge, literals: [c=d]}\n" % i for i in range(10000)),
    more={"b/kustomization.yaml": "configMapGenerator:\n" + "".join(
        "- {name: x%d, literals: [a=b]}\n" % i for i in range(10000))})
row("ten thousand images for a thousand documents", 12999,
    "resources: [r.yaml]\nimages:\n" + "".join(
        "- {name: img%d, newTag: v2}\n" % i for i in range(10000)),
    r="---\n".join(DEPLOYMENT % ("web%d" % i, "img%d" % i) for i in range(1000)))
row("a hundred thousand literals of one key", "is here twice",
    "configMapGenerator: [{name: x, literals: [%s]}]\n" % ",".join(["a=b"] * 100000))

# What doubles

row("JSON patches that double", "more than 5000000 copied document nodes",
    "resources: [r.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |\n" + "".join(
        "    - {op: copy, from: /data, path: /data/k%d}\n" % i for i in range(60)), r=ONE_MAP)
row("replacements that double", "more than 5000000 copied document nodes",
    "resources: [r.yaml]\nreplacements:\n" + "".join(
        "- source: {kind: ConfigMap, name: x, fieldPath: data}\n  targets:\n"
        "  - {select: {kind: ConfigMap}, fieldPaths: [data.k%d], options: {create: true}}\n" % i
        for i in range(60)), r=ONE_MAP)
row("replacements that double a text", "this limit stops what would not end",
    "resources: [r.yaml]\nreplacements:\n" +
    "- source: {kind: ConfigMap, name: x, fieldPath: data.a}\n  targets:\n"
    "  - {select: {kind: ConfigMap}, fieldPaths: [data.a], options: {delimiter: '|', index: -1}}\n"
    * 60, r=ONE_MAP)
row("vars that double", "c203eb3de53c3c5b", "resources: [r.yaml]\nvars:\n" + "".join(
    "- {name: V%d, objref: {kind: Pod, name: x, apiVersion: v1}, "
    "fieldref: {fieldPath: 'spec.containers[0].env[%d].value'}}\n" % (i, i) for i in range(40)),
    r="apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: c\n    env:\n"
    + "".join("    - {name: a, value: '$(V%d)$(V%d)'}\n" % (i + 1, i + 1) for i in range(39))
    + "    - {name: z, value: hello}\n")
row("custom resources that lead to each other", "more than 5000000 copied document nodes",
    "resources: [r.yaml]\ncrds: [o.yaml]\n", r=ONE_MAP, o="".join(
        "a.B%d: {Schema: {properties: {apiVersion: {}, kind: {}, metadata: {}, "
        "x: {$ref: a.B%d}, y: {$ref: a.B%d}}}}\n" % (i, i + 1, i + 1) for i in range(60))
    + "a.B60: {Schema: {properties: {}}}\n")

# JSON patches

def json_patch(title, expected, text):
    row("JSON patch: " + title, expected,
        "resources: [r.yaml]\npatches: [{path: p.yaml, target: {kind: Deployment}}]\n",
        r=WEB, p=text)


LIST = "/spec/template/spec/containers"
json_patch("a path of a million parts", "leads through",
           "- {op: add, path: \"%s\", value: 1}\n" % ("/a" * 1000000))
json_patch("a path of a million slashes", "leads through",
           "- {op: test, path: \"%s\", value: 1}\n" % ("/" * 1000000))
json_patch("maps below each other", "more than 1000 levels of nesting",
           "".join("- {op: add, path: \"%s\", value: {}}\n" % ("/x" * i) for i in range(1, 1100)))
for index in "1" + "0" * 30, "2147483648", "-9223372036854775808", "-5":
    json_patch("the index " + index, "the list has no item",
               "- {op: add, path: %s/%s, value: 1}\n" % (LIST, index))
json_patch("an end in the middle", "leads through '-'",
           "- {op: add, path: %s/-/image, value: 1}\n" % LIST)
json_patch("an end to remove", "the list has no item", "- {op: remove, path: %s/-}\n" % LIST)
json_patch("no path at all", "names no field", "- {op: add, path: '', value: {}}\n")
json_patch("into itself", "leads through", "- {op: move, from: /spec, path: /spec/a}\n")
json_patch("a copy into itself", "f5cf334d2852c849", "- {op: copy, from: /spec, path: /spec/a}\n")
json_patch("half an escape", "3ab8b0ea7beed7e0", "- {op: add, path: /metadata/labels/a~, value: b}\n")
json_patch("no escape", "8adb275f90e63987", "- {op: add, path: /metadata/labels/a~2, value: b}\n")
json_patch("nothing left", "leaves no kind", "- {op: remove, path: /kind}\n")
json_patch("twenty thousand operations", "22a5df312bc83a41", "- {op: add, path: /x, value: {%s}}\n" % ",".join(
    "k%d: 1" % i for i in range(20000)) + "".join(
        "- {op: remove, path: /x/k%d}\n" % i for i in range(19999)))

# Strategic merge

def merge_patch(title, expected, document, patch):
    row("merge: " + title, expected, "resources: [r.yaml]\npatches: [{path: p.yaml}]\n",
        r=document, p=patch)


def pod(items):
    return ("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [%s]}\n"
            % ",".join(items))


merge_patch("nine hundred maps below each other", "4d146238dcf212a7", WEB,
            WEB + "x: " + "{a: " * 900 + "1" + "}" * 900 + "\n")
merge_patch("too many maps below each other", "more than 1000 levels of nesting", WEB,
            WEB + "x: " + "{a: " * 2000 + "1" + "}" * 2000 + "\n")
merge_patch("lists of ten thousand", 20006, pod("{name: c%d, image: i}" % i for i in range(10000)),
            pod("{name: c%d, image: j}" % i for i in range(9999, -1, -1)))
merge_patch("what is no directive", "unknown patch strategy",
            WEB, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
            "spec: {$patch: [1], template: {spec: {$retainKeys: [a, 1, {}], containers: 1}}}\n")

# Patterns

def pattern(title, expected, text, name="a" * 30000 + "b"):
    row("pattern: " + title, expected, "resources: [r.yaml]\npatches:\n- target: {name: '%s'}\n"
        "  patch: '[{\"op\": \"add\", \"path\": \"/data/x\", \"value\": \"y\"}]'\n" % text,
        r=MAP % name)


for text in "(a+)+$", "(a|aa)+$", "(.*)*(.*)*(.*)*c", "([a-zA-Z]+)*\\d", "(x+x+)+y":
    pattern(text, "447c4bbbc5fe6f3d", text)
pattern("many alternatives", "447c4bbbc5fe6f3d", "|".join("a%d" % i for i in range(20000)))
pattern("a repetition of repetitions", "invalid repeat count", "(a{1000}){1000}")
pattern("a thousand and one", "invalid repeat count", "a{1001}")
pattern("too deep", "nests too deeply", "(" * 100000 + ")" * 100000)
pattern("a megabyte", "447c4bbbc5fe6f3d", "a" * 1000000)
pattern("looking ahead", "invalid or unsupported Perl syntax", "(?=a)")
pattern("looking back", "invalid escape sequence", "(a)\\1")

# Selectors

def labels(title, expected, text, have="a: b"):
    row("labels: " + title, expected, "resources: [r.yaml]\npatches:\n- target:\n"
        "    labelSelector: '%s'\n"
        "  patch: '[{\"op\": \"add\", \"path\": \"/data/x\", \"value\": \"y\"}]'\n" % text,
        r=MAP % ("x, labels: {%s}" % have))


labels("fifty thousand", "3e8ce3cdb750a519", ",".join("a%d!=b" % i for i in range(50000)))
labels("one of a hundred thousand", "6b35333eb816cb3d", "a in (%s)" % ",".join("v%d" % i for i in range(100000)),
       "a: v99999")
labels("a name of a megabyte", "unable to parse the selector", "a" * 1000000 + "=b")
labels("commas", "unable to parse the selector", "," * 100000)
labels("brackets", "unable to parse the selector", "a in " + "(" * 100000)
labels("a bracket", "unable to parse the selector", "a in (b")

# Field paths

def path(title, expected, target, source="data.a", options="{create: true}"):
    row("path: " + title, expected, "resources: [r.yaml, d.yaml]\nreplacements:\n"
        "- source: {kind: ConfigMap, name: x, fieldPath: '%s'}\n  targets:\n"
        "  - select: {kind: Deployment}\n    fieldPaths: ['%s']\n    options: %s\n"
        % (source, target, options), r=ONE_MAP, d=WEB)


path("a hundred thousand parts", "more than 1000 levels of nesting", "a" + ".a" * 100000)
path("nine hundred parts", "6c8295c12ab82ddc", "a" + ".a" * 900)
path("a thousand stars", "looks into a map", "*" + ".*" * 1000)
path("dots", "has an empty part", "." * 10000)
path("a source of a hundred thousand parts", "is missing", "spec.x", "a" + ".a" * 100000)
path("an item of a long name", "a1ab474e8ff0a982", "spec.template.spec.containers.[name=%s].image" % ("c" * 100000))
path("an index of thirty digits", "looks into a list",
     "spec.template.spec.containers.1%s.image" % ("0" * 30))
path("an index of nine digits", "is too large for a list",
     "spec.template.spec.containers.999999999.image")
path("an option's index", "is out of range", "spec.x", options="{create: true, delimiter: a, "
     "index: 9223372036854775808}")


def spec(title, expected, text):
    row("field spec: " + title, expected,
        "resources: [d.yaml]\nlabels: [{pairs: {a: b}, fields: [%s]}]\n" % text, d=WEB)


spec("a hundred thousand parts", "more than 1000 levels of nesting",
     "{path: a%s, create: true}" % ("/a" * 100000))
spec("nine hundred parts", "5ee605cb1a9df6a1", "{path: a%s, create: true}" % ("/a" * 900))
spec("slashes", "has an empty field name", "{path: '%s', create: true}" % ("/" * 10000))
spec("five thousand", "22d3b31a0838d546", ",".join("{path: a%d/b, create: true}" % i for i in range(5000)))

# Bytes

def generated(title, expected, kind, content):
    row("generator: " + title, expected, "configMapGenerator: [{name: x, %s: [f]}]\n" % kind,
        more={"f": content})


generated("zero bytes in an env file", "f067e21267ab8941", "envs", b"A=b\0c\nB=\0\n")
generated("marks of byte order in an env file", "7d3bcf253ad46fd0", "envs", "\ufeffA=b\n\ufeffC=d\n".encode())
generated("an env file in UTF-16", "is not UTF-8", "envs", "A=b\n".encode("utf-16"))
generated("an env file with a line of a megabyte", "04e036873b84d7ae", "envs", b"A=" + b"b" * 1000000 + b"\n")
generated("a zero byte in a file", "7a55d6d08ce6dc9c", "files", b"a\0b\n")
row("a kustomization with a mark of byte order", "6133ccbf7d4a82eb", "\ufeffresources: [r.yaml]\n", r=ONE_MAP)
row("a kustomization in UTF-16", "not YAML", "resources: []\n".encode("utf-16"))
row("a kustomization of all bytes", "not YAML", bytes(range(256)) * 100)
row("a resource with a zero byte", "not YAML", "resources: [r.yaml]\n", r=ONE_MAP + "\0")
row("a resource in Latin-1", "not YAML", "resources: [r.yaml]\n",
    r=ONE_MAP.encode() + b"x: \xe9\n")
for title, text in (("brackets", "[" * 100000 + "]" * 100000), ("braces", "{a: " * 100000),
                    ("items", "\n" + "- " * 100000), ("questions", "\n" + "? " * 100000),
                    ("maps", "\n" + "".join(" " * i + "a:\n" for i in range(1, 3000)))):
    row("deep YAML: " + title, "more than 1000 levels of nesting", "resources: [r.yaml]\n",
        r=ONE_MAP + "x: " + text)
row("deep YAML: the kustomization", "more than 1000 levels of nesting",
    "resources: " + "[" * 100000 + "]" * 100000)
row("fifty thousand equal keys", "is here twice", "resources: [r.yaml]\n",
    r=ONE_MAP + "x: {" + "a: 1, " * 50000 + "}\n")
row("documents of nothing", "e3b0c44298fc1c14", "resources: [r.yaml]\n", r="---\n" * 300000)

# What is no file

for device in "zero", "urandom", "tty":
    row("device " + device, "neither a file nor a folder", "resources: [/dev/%s]\n" % device)
    row("a link to device " + device, "neither a file nor a folder", "patches: [{path: f}]\n",
        more={"f": (LINK, "/dev/" + device)})
row("a pipe", "neither a file nor a folder", "resources: [f]\n", more={"f": (FIFO,)})
row("a pipe to generate from", "neither a file nor a folder",
    "configMapGenerator: [{name: x, files: [f]}]\n", more={"f": (FIFO,)})
row("a socket", "neither a file nor a folder", "resources: [f]\n", more={"f": (SOCKET,)})
row("a pipe for a kustomization", "unable to find one of", (FIFO,))
row("a folder to patch with", "is a folder", "patches: [{path: d}]\n", more={"d/x": ""})
row("memory", "is not in or below", "resources: [f]\n", more={"f": (LINK, "/proc/self/mem")})
row("a path of a megabyte", "too long", "resources: [%s]\n" % ("a/" * 500000))
row("a path with a zero byte", "zero byte", "resources: [\"r.yaml\\0.yaml\"]\n", r=ONE_MAP)


def place(at, content):
    os.makedirs(os.path.dirname(at), exist_ok=True)
    kind = content[0] if isinstance(content, tuple) else None
    if kind == LINK:
        os.symlink(content[1], at)
    elif kind == FIFO:
        os.mkfifo(at)
    elif kind == SOCKET:
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(at)
    elif kind == SPARSE:
        with open(at, "wb") as f:
            f.truncate(content[1])
    elif kind != GIT:
        with open(at, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())


def write(tree, root):
    shutil.rmtree(root, ignore_errors=True)
    for name, content in tree.items():
        if isinstance(content, str) and len(content) < 1000:
            content = content.replace("HERE", root)
        place(os.path.join(root, name), content)
    for name in (name for name, content in tree.items() if content == (GIT,)):
        subprocess.run("git init -q -b main && git add -A && git -c user.name=x -c user.email=x@y "
                       "commit -q -m x", shell=True, check=True, cwd=os.path.join(root, name))


def run(command, memory):
    def confine():
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS,
                              stdin=subprocess.DEVNULL, preexec_fn=confine if memory else None)
    except subprocess.TimeoutExpired:
        return None


def judge(expected, done):
    """What is wrong with a run, or nothing."""
    if done is None:
        return "runs for more than %d seconds" % SECONDS
    said = done.stderr.decode(errors="replace")
    if isinstance(expected, int):
        lines = done.stdout.count(b"\n")
        return "" if done.returncode == 0 and lines == expected else "prints %d lines: %s" % (
            lines, said)
    if re.fullmatch("[0-9a-f]{16}", expected):
        got = hashlib.sha256(done.stdout).hexdigest()[:16]
        return "" if done.returncode == 0 and got == expected else "prints %s: %s" % (got, said)
    if done.returncode != 1:
        return "ends with %d: %s" % (done.returncode, said)
    if done.stdout:
        return "is refused, and prints something"
    if expected not in said:
        return "says: " + said
    if len(said) > 32768:
        return "says more than anybody reads"
    if not re.match(r"(\S+:\d+:\d+: )?error: ", said) or "Sanitizer" in said:
        return "says: " + said
    return ""


def record(kustomize, root):
    for title, expected, tree in ROWS:
        if isinstance(expected, str) and re.fullmatch("[0-9a-f]{16}|", expected):
            write(tree, root)
            done = run([kustomize, "build", root], 0)
            print(hashlib.sha256(done.stdout).hexdigest()[:16] if done and done.returncode == 0
                  else "refused " + done.stderr.decode()[-300:] if done else "slow", title, flush=True)


def main():
    work = tempfile.mkdtemp()
    root = os.path.join(work, "tree")
    os.environ["HOME"] = os.environ["XDG_CACHE_HOME"] = work
    try:
        if sys.argv[1] == "--record":
            return record(sys.argv[2], root)
        hoist, failed = os.path.realpath(sys.argv[1]), 0
        words = sys.argv[2] if len(sys.argv) > 2 else ""
        # The sanitizers' own address space is beyond any such limit.
        memory = MEMORY if run([hoist, "version"], MEMORY).returncode == 0 else 0
        for title, expected, tree in ROWS:
            if words in title:
                write(tree, root)
                wrong = judge(expected, run([hoist, "kustomize", "build", root], memory))
                if wrong:
                    failed += 1
                    print("FAILED: %s: %s" % (title, wrong[:600]))
        print("%d kustomizations, %d did harm" % (len(ROWS), failed))
        return failed > 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


sys.exit(main())
