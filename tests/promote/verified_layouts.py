#!/usr/bin/env python3
"""verified_layouts.py HOIST: checks of what is no overlay.

The same two images, one signed and one not, as a chart with values, as Argo CD Applications with
words and with parameters, and as what an ApplicationSet makes: `verify`, `images`, `validate`,
`pin --resolve` and `promote` must find, refuse and write the same in each."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from signer import Layout, curve, payload_of  # noqa: E402

HOIST = os.path.abspath(sys.argv[1])
NAME = "registry.example/acme/web"

POD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "%s"}]}
"""
CHART = {
    "chart/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n",
    "chart/values.yaml": "image: {repository: %s, tag: v0, digest: ''}\n" % NAME,
    "chart/templates/web.yaml": POD % (
        "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        "{{ with .Values.image.digest }}@{{ . }}{{ end }}").replace('"', "'"),
}
OVERLAY = {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": POD % NAME}


def application(env, source):
    return ("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web-%s}\n"
            "spec:\n  destination: {namespace: web}\n  source:\n%s" % (env, source))


def applications(source):
    return {"apps/%s.yaml" % env: application(env, source % version)
            for env, version in (("staging", "v2"), ("production", "v1"))}


SET = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web}
spec:
  generators:
  - list:
      elements:
      - {env: staging, tag: v2}
      - {env: production, tag: v1}
  template:
    metadata: {name: 'web-{{env}}'}
    spec:
      source:
%s
"""
NAMED = [{"name": "staging", "application": "apps/staging.yaml"},
         {"name": "production", "application": "apps/production.yaml"}]
MADE = [{"name": "staging", "application": "apps/set.yaml"},
        {"name": "production", "application": "apps/set.yaml"}]
LAYOUTS = {
    "a chart with values": (
        dict(CHART, **{"chart/staging.yaml": "image: {tag: v2}\n",
                       "chart/production.yaml": "image: {tag: v1}\n"}),
        [{"name": e, "path": "chart", "values": [e + ".yaml"]} for e in ("staging", "production")],
        "chart/production.yaml"),
    "Applications with words": (
        dict(OVERLAY, **applications("    path: base\n    kustomize:\n      images:\n"
                                     "      - " + NAME + ":%s\n")),
        NAMED, "apps/production.yaml"),
    "Applications with parameters": (
        dict(CHART, **applications("    path: chart\n    helm:\n      parameters:\n"
                                   "      - {name: image.tag, value: %s}\n")),
        NAMED, "apps/production.yaml"),
    "an ApplicationSet with words": (
        dict(OVERLAY, **{"apps/set.yaml": SET % ("        path: base\n        kustomize: {images: ['"
                                                 + NAME + ":{{tag}}']}")}),
        MADE, "apps/set.yaml"),
}

folder = tempfile.mkdtemp()
key = curve(folder, "key")
failed = 0


class Project:
    def __init__(self, name, files, environments, signed):
        self.name = name
        self.folder = tempfile.mkdtemp(dir=folder)
        layout = Layout(self.folder + "/registry", NAME)
        self.digest = layout.image("v2", "second")["digest"]
        layout.image("v1", "first")
        if signed:
            payload = payload_of(self.digest, NAME, None)
            layout.classic(self.digest, [layout.layer(payload, key.sign(payload))])
        layout.close()
        require = {"digest": True, "registry": {"layout": "registry"},
                   "signatures": {"keys": ["key.pub"]}}
        project = {"apiVersion": "hoist/v1", "environments": environments,
                   "promotions": [{"from": "staging", "to": "production", "require": require}]}
        files = dict(files, **{"hoist.yaml": json.dumps(project, indent=1) + "\n",
                               "key.pub": key.pem.decode()})
        for path, text in files.items():
            path = os.path.join(self.folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-qm", "first")

    def run(self, *words):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C",
                       "GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("AUTHOR", "COMMITTER"):
            environment["GIT_%s_NAME" % who] = "a"
            environment["GIT_%s_EMAIL" % who] = "a@x.example"
        for name in ("LSAN_OPTIONS", "ASAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        return subprocess.run(words, cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=60)

    def git(self, *words):
        return self.run("git", *words).stdout

    def expect(self, status, says, *words):
        global failed
        r = self.run(HOIST, *words)
        if r.returncode == status and says in r.stdout + r.stderr:
            return
        failed += 1
        print("FAILED: %s: hoist %s: status %d, and says\n%s%s(expected: status %d and '%s')"
              % (self.name, " ".join(words), r.returncode, r.stdout, r.stderr, status, says))

    def same(self, what, got, want):
        global failed
        if got != want:
            failed += 1
            print("FAILED: %s: %s: %r, not %r" % (self.name, what, got, want))


for title, (contents, named, pinned) in LAYOUTS.items():
    branch = "hoist/promote/staging-to-production"
    p = Project(title, contents, named, True)
    p.expect(0, "ok: key.pub", "verify", "staging")
    p.expect(1, "no signature", "verify", "production")
    p.expect(0, p.digest, "images", "--resolve", "staging")
    p.expect(0, "", "validate", "staging")
    p.expect(0, branch, "promote", "staging", "production")
    p.same("files", p.git("diff", "--name-only", "main", branch), pinned + "\n")
    p.same("the digest", p.digest in p.git("diff", "main", branch), True)
    p.same("a check", p.run(HOIST, "images", branch + ":production").stdout.split("\n")[0]
           .endswith("@" + p.digest), True)
    p.expect(0, "nothing has changed", "promote", "staging", "production")
    p.expect(0, "edited", "pin", "--resolve", "production", NAME + ":v2")
    p.same("pinned files", p.git("diff", "--name-only"), pinned + "\n")
    p.expect(0, "ok: key.pub", "verify", "production")

    p = Project(title + ", unsigned", contents, named, False)
    p.expect(1, "no signature", "verify", "staging")
    p.expect(1, "no signature", "promote", "staging", "production")
    p.same("branches", p.git("branch", "--list", branch), "")

subprocess.run(["rm", "-rf", folder])
print("%d layouts hold what is verified" % len(LAYOUTS) if not failed else "%d failures" % failed)
sys.exit(failed > 0)
