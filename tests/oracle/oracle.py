"""The oracle: the real kustomize and helm, as the scripts here call them.

They run with a clean environment and an empty home, so that nobody's settings
reach a golden. `kubectl kustomize` is kustomize: kubectl 1.35.2 holds v5.7.1.
"""
import os
import subprocess
import sys
import tempfile
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


class Run:
    """How one run ended: exit status, both outputs, seconds of wall and CPU time."""

    def __init__(self, status, out, err, wall, cpu):
        self.status, self.out, self.err, self.wall, self.cpu = status, out, err, wall, cpu

    @property
    def ok(self):
        return self.status == 0

    @property
    def reason(self):
        """The first line that says why it failed."""
        lines = [line for line in self.err.decode("utf-8", "replace").splitlines() if line.strip()]
        return lines[0] if lines else "exit status %d" % self.status


def run(argv, folder=None):
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": home, "TZ": "UTC",
                       "LC_ALL": "C"}
        begin = time.monotonic()
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   cwd=folder, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Run(process.returncode, out.read(), err.read(), wall,
                   used.ru_utime + used.ru_stime)


def tool(name):
    """Where a tool of the oracle is; ends the program when it is not installed."""
    folder = os.environ.get("HOIST_ORACLE") or os.path.expanduser("~/.cache/hoist-oracle")
    path = os.path.join(folder, name, name)
    if not os.access(path, os.X_OK):
        sys.exit("no %s in %s: run tests/oracle/install, or set HOIST_ORACLE" % (name, folder))
    return path


def kustomize_command(release=""):
    """Builds; `release` is that of hoist's --compat."""
    if release in ("", "kustomize-5.7"):
        return [tool("kubectl"), "kustomize"]
    return [tool(release), "build", "--enable-helm", "--helm-command", tool("helm")]


def helm_command(release=""):
    """Templates; `release` is that of hoist's --compat."""
    return [tool("helm" if release in ("", "helm-4") else release), "template"]


def kustomization_in(folder):
    """The path of a folder's kustomization, or None."""
    for name in KUSTOMIZATIONS:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    return None
