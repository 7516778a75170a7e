#!/usr/bin/env python3
"""diff_apply.py HOIST [ROUNDS]: what `hoist diff` prints, applied to one side, gives the other.

Random documents are edited at random, from a fixed seed. The JSON is applied to the old
side's trees as docs/diff.md says; the unified diff to its files, by `patch` and by `git apply`.
"""
import copy
import filecmp
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

HOIST = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
rng = random.Random(20)
ANY = object()
KEYS = ["a", "b/c", "d~e", "f.g", "name", "list", "labels", "x y", "", "00", "spec", "kind2"]
WORDS = ["one", "two", "three", "yes", "1", "", "a: b", "line\nline2\nline3\n", "tail\nno end",
         " lead", "1e3", "null", "- x", "#c", "trail ", "\ttab\n", "é→", "{\"a\": [1, 2]}",
         "k: 1\nl:\n- 2\n- 3\n", "k: 1\nl:\n- 3\n", "{\"a\": [1, 2, 3], \"b\": 0}"]


def scalar():
    return rng.choice([rng.choice(WORDS), rng.randint(-3, 12), rng.random() < .5, None, 1.5,
                       rng.choice(WORDS)])


def tree(depth):
    kind = rng.random()
    if depth == 0 or kind < .3:
        return scalar()
    if kind < .65:
        return {k: tree(depth - 1) for k in rng.sample(KEYS, rng.randint(0, 5))}
    if kind < .85:
        names = rng.sample("pqrstuvw", rng.randint(0, 6))
        return [dict(name=n, v=tree(depth - 1)) for n in names]
    return [tree(depth - 1) for _ in range(rng.randint(0, 7))]


def edit(node, depth=0):
    """A tree with a few things of it changed."""
    if rng.random() < .04:
        return tree(2)
    if isinstance(node, dict):
        out = {k: edit(v, depth + 1) for k, v in node.items()
               if depth < 2 or rng.random() > .08}
        if depth > 1 and rng.random() < .15:
            out[rng.choice(KEYS)] = tree(2)
        if depth and rng.random() < .2:
            out = dict(sorted(out.items(), key=lambda _: rng.random()))
        return out
    if isinstance(node, list):
        out = [edit(v, depth + 1) for v in node if rng.random() > .1]
        if rng.random() < .2:
            rng.shuffle(out)
        for _ in range(rng.choice([0, 0, 0, 1, 2])):
            out.insert(rng.randint(0, len(out)), tree(2))
        return out
    return scalar() if rng.random() < .12 else node


KINDS = [("apps/v1", "Deployment"), ("v1", "ConfigMap"), ("v1", "Service"), ("x.io/v1", "Thing")]


def document(i):
    version, kind = rng.choice(KINDS)
    doc = {"apiVersion": version, "kind": kind, "metadata": {"name": "n%d" % i}}
    if rng.random() < .5:
        doc["metadata"]["namespace"] = rng.choice(["default", "m"])
    if kind == "ConfigMap" and rng.random() < .5:
        doc["metadata"]["name"] += "-5hm9bd2k42"
    if rng.random() < .5:
        doc["metadata"]["labels"] = {"helm.sh/chart": "c-1", "l": "v"}
    for key in rng.sample(["spec", "data", "rules", "status", "webhooks"], rng.randint(1, 3)):
        doc[key] = tree(4)
    return doc


def edit_document(doc):
    out = {k: v if k in ("apiVersion", "kind") else edit(v, 1) for k, v in doc.items()}
    meta = copy.deepcopy(doc["metadata"])
    meta["name"] = meta["name"].replace("5hm9bd2k42", rng.choice(["5hm9bd2k42", "77gtkd9m6c"]))
    if "labels" in meta and rng.random() < .3:
        meta["labels"]["helm.sh/chart"] = "c-2"
    if rng.random() < .05:
        meta["name"] += "x"
    if rng.random() < .05:
        meta.pop("namespace", None)
    out["metadata"] = meta
    return out


def steps_of(pointer):
    return [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]


def apply(doc, change):
    """One change of the list, as docs/diff.md describes it."""
    holder, steps = {"root": doc}, ["root"] + steps_of(change["pointer"])
    for step in steps[:-1]:
        holder = holder[int(step) if isinstance(holder, list) else step]
    last = int(steps[-1]) if isinstance(holder, list) else steps[-1]
    kind = change["change"]
    if kind == "order":
        items = holder[last]
        assert sorted(change["order"]) == list(range(len(items))), change
        holder[last] = [items[i] for i in change["order"]]
    elif kind == "removed":
        assert change["from"] is ANY or same(holder[last], change["from"]), change
        del holder[last]
    elif kind == "added" and isinstance(holder, list):
        holder.insert(last, change["to"])
    else:
        assert kind == "added" or change["from"] is ANY or same(holder[last], change["from"]), change
        assert (kind == "added") != (last in holder if isinstance(holder, dict) else True), change
        holder[last] = change["to"]


def same(a, b):
    """Equal, and of the same kinds: 1 is neither true nor 1.0."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def names(doc, flat=None):
    flat = flat or doc
    version = doc["apiVersion"].rpartition("/")
    return (version[0], doc["kind"], flat.get("namespace", ""), flat["name"])


def run(*words, **more):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, **more).stdout


def check_json(old, new, *flags):
    diff = json.loads(run(HOIST, "diff", "-o", "json", *flags, "a.yaml", "b.yaml"))
    have = {names(d, d["metadata"]): copy.deepcopy(d) for d in old}
    want = {names(d, d["metadata"]): d for d in new}
    for d in diff["documents"]:
        who = d.get("old", d)
        key = (who["group"], who["kind"], who["namespace"], who["name"])
        if d["change"] == "added":
            have[(d["group"], d["kind"], d["namespace"], d["name"])] = d["document"]
            continue
        doc = have.pop(key)
        if d["change"] == "changed":
            for change in d["changes"]:
                apply(doc, change)
            have[names(doc, doc["metadata"])] = doc
    assert have.keys() == want.keys(), (have.keys() ^ want.keys())
    for key, doc in want.items():
        assert same(have[key], doc), (key, have[key], doc)


def documented_jq():
    """The program that docs/diff.md gives for a JSON patch."""
    docs = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/diff.md")
    with open(docs) as f:
        return f.read().split("hoist diff A B --json | jq '")[1].split("'")[0]


def check_jq(old, new):
    """Of the documents that only change, with nothing put in another order."""
    diff = run(HOIST, "diff", "--json", "a.yaml", "b.yaml")
    patches = [json.loads(line) for line in run("jq", "-c", JQ, input=diff).splitlines()]
    for d, patch in zip(json.loads(diff)["documents"], patches):
        if d["change"] != "changed" or any(c["change"] == "order" for c in d["changes"]):
            continue
        who = d.get("old", d)
        key = (who["group"], who["kind"], who["namespace"], who["name"])
        doc = copy.deepcopy(next(x for x in old if names(x, x["metadata"]) == key))
        for step in patch:
            said = {"replace": "changed", "remove": "removed", "add": "added"}[step["op"]]
            apply(doc, {"change": said, "pointer": step["path"], "to": step.get("value"),
                        "from": ANY})
        assert any(same(doc, x) for x in new), (key, doc)


def check_files(tool):
    shutil.rmtree("work", ignore_errors=True)
    shutil.copytree("a", "work")
    patch = run(HOIST, "diff", "-o", "unified", "a.yaml", "b.yaml")
    if patch:
        run(*tool, input=patch, cwd="work")
    compared = filecmp.dircmp("work", "b")
    assert not (compared.left_only or compared.right_only or compared.diff_files), \
        (tool, compared.left_only, compared.right_only, compared.diff_files)


def main():
    for n in range(ROUNDS):
        old = [document(i) for i in range(rng.randint(1, 6))]
        new = [edit_document(d) for d in old if rng.random() > .1]
        # A side without any document is refused.
        new += [document(i) for i in range(20, 20 + rng.choice([0, 0, 1]) + (not new))]
        for name, docs in (("a.yaml", old), ("b.yaml", new)):
            with open(name, "w") as f:
                f.write("\n---\n".join(json.dumps(d) for d in docs))
        for folder in "ab":
            shutil.rmtree(folder, ignore_errors=True)
            run(HOIST, "render", folder + ".yaml", "--output-dir", folder)
        try:
            check_json(old, new)
            check_json(old, new, "--all")
            if JQ and n % 4 == 0:
                check_jq(old, new)
            check_files(("patch", "-s", "-p1"))
            check_files(("git", "apply"))
        except BaseException:
            print("round %d, in %s" % (n, os.getcwd()))
            raise
    print("%d rounds" % ROUNDS)


JQ = documented_jq() if shutil.which("jq") else None
os.chdir(tempfile.mkdtemp(prefix="diff-apply-"))
subprocess.run(["git", "init", "-q", "work-tree"], check=True)
main()
shutil.rmtree(os.getcwd())
