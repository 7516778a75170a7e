#!/usr/bin/env python3
"""argocd_calls.py HOIST | --record KUSTOMIZE HELM: what Argo CD's repo-server runs.

Each case is a checkout and the command lines that versions 2.8 to 3.2 of the repo-server run in it, in
their order, words and working directories, with links named `kustomize` and `helm` on the PATH. After
each of them stand its status, what it printed on standard output, the sentences of standard error that
Argo CD looks for, and which files are there that were not. The answers in testdata/argocd_calls.txt are
those of kustomize v5.7.1 and helm v4.1.4, recorded with --record."""
import functools
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "../../testdata/argocd_calls.txt")

WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: nginx}
      - {name: side, image: "quay.io/acme/side:1"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
"""
OVERLAY = {
    "apps/web/kustomization.yaml": "# by hand\nresources:\n- ../base   # shared\nimages:\n"
                                   "- name: nginx\n  newTag: v1\nlabels:\n- pairs: {team: a}\n",
    "apps/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/base/web.yaml": WEB,
    "apps/web/parts/a/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                                           "kind: Component\ncommonAnnotations: {part: a}\n",
    "apps/web/parts/b/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
                                           "kind: Component\nnamePrefix: b-\n",
}
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: '4'\n"
                        "# kept\ndescription: a chart\n",
    "chart/values.yaml": "# defaults\nimage: {tag: v0}\nlist: []\n",
    "chart/prod.yaml": "image: {tag: v1}\nwho: prod\n",
    "chart/more.txt": "from a file\n",
    "chart/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
                           "metadata: {name: a.b.c}\n",
    "chart/values.schema.json": '{"properties": {"image": {"properties": {"tag": '
                                '{"type": "string"}}}}}\n',
    "chart/templates/web.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}', "
        "namespace: '{{ .Release.Namespace }}'}\ndata:\n"
        "  kube: '{{ .Capabilities.KubeVersion }}/{{ .Capabilities.KubeVersion.Minor }}'\n"
        "  api: '{{ .Capabilities.APIVersions.Has \"monitoring.coreos.com/v1/ServiceMonitor\" }}'\n"
        "  values: |\n{{ toYaml .Values | indent 4 }}\n",
    "chart/templates/hook.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hook\n"
                                 "  annotations: {helm.sh/hook: pre-install}\n",
    "chart/templates/tests/t.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n"
                                    "  annotations: {helm.sh/hook: test}\n",
    "chart/templates/NOTES.txt": "thanks\n",
    "tmp/0d1c": "who: object\nmore: {a: 1}\n",
}
PARENT = {
    "parent/Chart.yaml": "apiVersion: v2\nname: parent\nversion: 0.1.0\ndependencies:\n"
                         "- {name: web, version: 1.x, repository: 'URL'}\n"
                         "- {name: near, version: 1.0.0, repository: 'file://../near'}\n",
    "near/Chart.yaml": "{apiVersion: v2, name: near, version: 1.0.0}\n",
    "near/templates/a.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: near}}\n",
}
BAD = dict(CHART, **{"chart/templates/bad.yaml": "a: {{ .Values.no.such }}\n"})
HELM_IN_KUSTOMIZE = dict(CHART, **{
    "k/kustomization.yaml": "helmCharts:\n- {name: chart, releaseName: r, namespace: ns, "
                            "includeCRDs: true}\nhelmGlobals: {chartHome: ..}\n"})

# (tool, working directory, words); ROOT is the checkout, URL the chart repository.
EDITS = [
    ("kustomize", "apps/web", "edit set nameprefix -- -pre-"),
    ("kustomize", "apps/web", "edit set namesuffix -- -v1"),
    ("kustomize", "apps/web", "edit set image nginx=registry.example/nginx:1.27 "
                              "quay.io/acme/side@sha256:" + "ab" * 32),
    ("kustomize", "apps/web", "edit set replicas web=3"),
    ("kustomize", "apps/web", "edit add label --force team:b tier:web"),
    ("kustomize", "apps/web", "edit add annotation --force owner:a url:https://a.example/x"),
    ("kustomize", "apps/web", "edit set namespace -- shop"),
    ("kustomize", "apps/web", "edit add component parts/a parts/b"),
]
CASES = [
    ("a kustomization as it is", OVERLAY, [
        ("kustomize", ".", "version --short"),
        ("kustomize", ".", "build ROOT/apps/web"),
        ("kustomize", ".", "build ROOT/apps/web --load-restrictor LoadRestrictionsNone "
                           "--enable-alpha-plugins --enable-exec"),
        ("kustomize", ".", "build ROOT/apps/web --enable-helm --helm-kube-version 1.31.2 "
                           "--helm-api-versions v1 --helm-api-versions apps/v1/Deployment"),
        ("kustomize", ".", "build ROOT/nowhere"),
    ]),
] + [
    ("kustomize edit: " + words, OVERLAY,
     [(tool, folder, words), ("kustomize", ".", "build ROOT/apps/web")])
    for tool, folder, words in EDITS
] + [
    ("every override at once", OVERLAY,
     EDITS[:4] + [("kustomize", "apps/web", "edit add label --force --without-selector "
                                            "--include-templates tier:web team:b")] + EDITS[5:]
     + [("kustomize", ".", "build ROOT/apps/web")]),
    ("the same twice", OVERLAY, EDITS + EDITS + [("kustomize", ".", "build ROOT/apps/web")]),
    ("labels that are there", OVERLAY, [
        ("kustomize", "apps/web", "edit add label --without-selector team:b"),
        ("kustomize", "apps/web", "edit add label --include-templates team:b"),
        ("kustomize", "apps/web", "edit add label a:b:c"),
        ("kustomize", "apps/web", "edit add annotation a:"),
        ("kustomize", ".", "build ROOT/apps/web"),
    ]),
    ("images with a star and variables that were empty", OVERLAY, [
        ("kustomize", "apps/web", "edit set image nginx=*:v9 quay.io/acme/side=other/side@*"),
        ("kustomize", "apps/web", "edit set image nginx:"),
        ("kustomize", "apps/web", "edit set image"),
        ("kustomize", "apps/web", "edit set replicas web"),
        ("kustomize", "apps/web", "edit set namespace -- Not_A_Name"),
        ("kustomize", "apps/web", "edit add component nowhere"),
        ("kustomize", ".", "build ROOT/apps/web"),
    ]),
    ("no kustomization to edit", OVERLAY, [("kustomize", "apps", "edit set nameprefix -- a-")]),
    ("a chart in a kustomization, without leave", HELM_IN_KUSTOMIZE, [
        ("kustomize", ".", "build ROOT/k"),
    ]),
    ("a chart", CHART, [
        ("helm", "chart", "template . --name-template web --namespace shop "
                          "--kube-version 1.31.2 --include-crds"),
        ("helm", "chart", "template . --name-template web --namespace shop --kube-version 1.30.11+IKS "
                          "--set image.tag=v2 --set a.b=1 --set list={x,y} --set text=a\\,b "
                          "--set-string n=1 --set-file file=ROOT/chart/more.txt "
                          "--values ROOT/chart/prod.yaml --values ROOT/tmp/0d1c "
                          "--api-versions v1 --api-versions monitoring.coreos.com/v1/ServiceMonitor "
                          "--include-crds --skip-schema-validation --skip-tests"),
        ("helm", "chart", "template . --name-template web --kube-version v1.31 --skip-tests"),
        ("helm", "chart", "template . --name-template EMPTY --include-crds"),
        ("helm", "chart", "template . --name-template web --set image.tag=1"),
        ("helm", "chart", "template . --name-template web --values ROOT/chart/none.yaml"),
        ("helm", "chart", "template . --name-template Not_A_Name"),
        ("helm", "chart", "template ROOT/chart --name-template web --values URL/values.yaml"),
        ("helm", ".", "version --short"),
        ("helm", ".", "version --client --short"),
        ("helm", "chart", "show values ."),
        ("helm", "chart", "show chart ."),
        ("helm", "chart", "dependency build"),
    ]),
    ("a chart that fails", BAD, [("helm", "chart", "template . --name-template web --include-crds")]),
    ("dependencies that are missing, then built", dict(CHART, **PARENT), [
        ("helm", "parent", "template . --name-template web --include-crds"),
        ("helm", "parent", "repo add --username u --password p --pass-credentials some URL"),
        ("helm", "parent", "repo add --username u --password p --insecure-skip-tls-verify other URL"),
        ("helm", "parent", "dependency build --insecure-skip-tls-verify"),
        ("helm", "parent", "template . --name-template web --include-crds"),
        ("helm", "parent", "dependency build"),
    ]),
    ("charts that are pulled", CHART, [
        ("helm", ".", "pull --destination ROOT/out --version 1.2.3 --username u --password p "
                      "--insecure-skip-tls-verify --repo URL web --pass-credentials"),
        ("helm", ".", "pull --destination ROOT/out2 --version 1.x --repo URL web"),
        ("helm", ".", "pull --destination ROOT/out --version 9 --repo URL web"),
        ("helm", ".", "pull --destination ROOT/out --repo URL gone"),
        ("helm", ".", "registry logout 127.0.0.1:1"),
    ]),
]

LOOKED_FOR = ["found in requirements.yaml, but missing in charts",
              "found in Chart.yaml, but missing in charts/ directory",
              "is not a valid chart repository or cannot be reached", "could not download",
              "values don't meet the specifications of the schema(s)"]


class Server(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Server, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def write(folder, files, url):
    for path, text in files.items():
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text.replace("URL", url))


def files_below(folder):
    return {os.path.relpath(os.path.join(at, f), folder)
            for at, _, names in os.walk(folder) for f in names}


def chart_archive(folder):
    """A repository with the chart, the same bytes each time."""
    import gzip
    import io
    import tarfile
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as t:
        for path, text in sorted(CHART.items()):
            if path.startswith("chart/"):
                info = tarfile.TarInfo("web" + path[5:])
                info.size = len(text)
                t.addfile(info, io.BytesIO(text.encode()))
    data = gzip.compress(tar.getvalue(), mtime=0)
    with open(os.path.join(folder, "web-1.2.3.tgz"), "wb") as f:
        f.write(data)
    with open(os.path.join(folder, "index.yaml"), "w") as f:
        f.write("apiVersion: v1\nentries:\n  web:\n  - apiVersion: v2\n    name: web\n"
                "    version: 1.2.3\n    digest: %s\n    urls: [web-1.2.3.tgz]\n"
                % hashlib.sha256(data).hexdigest())
    with open(os.path.join(folder, "values.yaml"), "w") as f:
        f.write("who: remote\n")


def run_case(programs, calls, files, url, out):
    top = os.path.realpath(tempfile.mkdtemp())
    root = os.path.join(top, "root")
    home = os.path.join(top, "home")
    os.makedirs(home)
    write(root, files, url)
    os.makedirs(root + "/out", exist_ok=True)
    os.makedirs(root + "/out2", exist_ok=True)
    environment = {"PATH": programs + ":/usr/bin:/bin", "HOME": home, "LC_ALL": "C"}
    for name in ("CACHE", "CONFIG", "DATA"):
        environment["XDG_%s_HOME" % name] = home + "/" + name.lower()
    environment["HELM_CONFIG_HOME"] = home + "/config"
    for name in ("LSAN_OPTIONS", "ASAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    for tool, folder, words in calls:
        before = files_below(root)
        args = [w.replace("ROOT", root).replace("URL", url).replace("EMPTY", "")
                for w in words.split(" ")]
        r = subprocess.run([tool] + args, executable=os.path.join(programs, tool),
                           cwd=os.path.join(root, folder), env=environment, capture_output=True,
                           text=True, timeout=60, stdin=subprocess.DEVNULL)
        out.append("$ %s %s\n" % (tool, words))
        said = r.stdout if r.returncode == 0 else ""
        if words.startswith("version"):
            said = re.sub(r"\+g.*", "+g…", re.sub(r"  .*", "  …", said)).replace("kustomize/", "")
        out.append(said.replace(root, "ROOT").replace(url, "URL"))
        if said and not said.endswith("\n"):
            out.append("\n")
        out.extend("stderr: %s\n" % s for s in LOOKED_FOR if r.returncode and s in r.stderr)
        out.extend("new file %s\n" % f for f in sorted(files_below(root) - before))
        out.append("status %d\n" % r.returncode)
    shutil.rmtree(top)


def run_all(programs):
    charts = tempfile.mkdtemp()
    chart_archive(charts)
    server = serve(charts)
    out = []
    for title, files, calls in CASES:
        out.append("== %s\n" % title)
        run_case(programs, calls, files, "http://127.0.0.1:%d" % server.server_port, out)
    server.shutdown()
    shutil.rmtree(charts)
    return "".join(out)


def main():
    programs = tempfile.mkdtemp()
    recording = sys.argv[1] == "--record"
    names = sys.argv[2:4] if recording else [sys.argv[1]] * 2
    for name, path in zip(("kustomize", "helm"), names):
        os.symlink(os.path.abspath(path), os.path.join(programs, name))
    got = run_all(programs)
    shutil.rmtree(programs)
    if recording:
        with open(GOLDEN, "w") as f:
            f.write(got)
        return 0
    with open(GOLDEN) as f:
        want = f.read()
    if got == want:
        print("%d command lines of Argo CD's" % got.count("\n$ "))
        return 0
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as f:
        f.write(got)
        f.flush()
        subprocess.run(["diff", "-u", GOLDEN, f.name])
    return 1


sys.exit(main())
