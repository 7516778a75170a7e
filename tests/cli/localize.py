#!/usr/bin/env python3
"""localize.py HOIST | localize.py --record KUSTOMIZE

Copies made by `kustomize localize`: testdata/localize/*.cases. Each case is a folder of
files with a command line; `-- want` is what kustomize v5.7.1 makes of it, printed by
--record: the exit status, then every file of the new folder. `-- said` is what hoist says,
renewed with UPDATE=1.

  -- remote/PATH   stands in the bare repository @WORK@/remote.git, as its tag v1 and
                   its branch rel/one
  -- www/PATH      is served at @HTTP@/PATH
  -- link PATH     a link to what the part says
  -- arguments     the words of the command line

Python 3, standard library only.
"""
import functools
import glob
import http.server
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "oracle"))
import cases                                                                        # noqa: E402

ABOUT = ("want", "said", "arguments")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def environment(work):
    names = {"NAME": "a", "EMAIL": "a@x.example", "DATE": "2026-01-01T00:00:00Z"}
    who = {"GIT_%s_%s" % (role, name): value for role in ("AUTHOR", "COMMITTER")
           for name, value in names.items()}
    home = os.path.join(work, "home")
    who.update((name, value) for name, value in os.environ.items()
               if name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"))
    return dict(who, PATH=os.environ["PATH"], HOME=home, TMPDIR=home, TZ="UTC",
                GIT_CONFIG_NOSYSTEM="1", GIT_TERMINAL_PROMPT="0")


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def make_remote(work, env):
    tree = os.path.join(work, "remote")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "one"],
                    ["tag", "v1"], ["branch", "rel/one"]):
        subprocess.run(["git", "-C", tree] + command, env=env, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", tree, tree + ".git"], env=env, check=True)
    shutil.rmtree(tree)


def lay_out(case, work, at, env):
    os.makedirs(os.path.join(work, "home"))
    os.makedirs(os.path.join(work, "www"))
    for part in case.parts:
        if part.name in ABOUT:
            continue
        text = part.text.replace("@WORK@", work).replace("@HTTP@", at)
        if part.name.startswith("link "):
            path = os.path.join(work, part.name[5:])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(text.strip(), path)
        elif part.name.endswith("/"):
            os.makedirs(os.path.join(work, part.name))
        else:
            put(os.path.join(work, part.name), text)
    if os.path.isdir(os.path.join(work, "remote")):
        make_remote(work, env)


def paths_below(top):
    found = set()
    for folder, folders, files in os.walk(top):
        if folder.startswith(os.path.join(top, "home")):
            continue
        found.update(os.path.relpath(os.path.join(folder, name), top) for name in files)
        if not folders and not files:
            found.add(os.path.relpath(folder, top) + "/")
    return found


def listing(work, before):
    """What is new in the folder, as text."""
    lines = []
    for path in sorted(paths_below(work) - before):
        lines.append("# " + path)
        if not path.endswith("/"):
            with open(os.path.join(work, path), encoding="utf-8", newline="") as f:
                lines += f.read().split("\n")
            if not lines[-1]:
                lines.pop()
            else:
                lines.append("(no newline)")
    return lines


def run(case, program, at, serve):
    """(want, said) as lists of lines."""
    with tempfile.TemporaryDirectory() as work:
        work = os.path.realpath(work)
        env = environment(work)
        lay_out(case, work, at, env)
        serve(os.path.join(work, "www"))
        before = paths_below(work)
        words = [w.replace("@WORK@", work).replace("@HTTP@", at)
                 for w in shlex.split(case.part("arguments").text)]
        ran = subprocess.run(program + words, cwd=work, env=env, capture_output=True, text=True,
                             timeout=60)
        clean = functools.partial(hide, work, at)
        want = ["status %d" % ran.returncode] + listing(work, before)
        return [clean(line) for line in want], [clean(line) for line in
                                                (ran.stdout + ran.stderr).splitlines()]


def hide(work, at, line):
    line = line.replace(work, "@WORK@").replace(at, "@HTTP@")
    return re.sub(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", "TIME ", line)


def compare(path, case, name, got):
    part = case.part(name)
    wanted = part.lines if part else []
    if got == wanted:
        return True
    print("%s:%d: %s: %s differs" % (path, case.line, case.title, name))
    for line in wanted:
        if line not in got:
            print("  - " + line)
    for line in got:
        if line not in wanted:
            print("  + " + line)
    return False


def set_part(case, name, lines):
    part = case.part(name)
    if not part:
        part = cases.Part(name, 0)
        case.parts.append(part)
    part.lines = lines


def main():
    words = sys.argv[1:]
    record = words[:1] == ["--record"]
    if len(words) != 1 + record:
        sys.exit(__doc__)
    program = [os.path.abspath(words[-1]), "localize"]
    if not record:
        program.insert(1, "kustomize")
    folder = [None]

    class Handler(Quiet):
        def __init__(self, *a, **k):
            super().__init__(*a, directory=folder[0], **k)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = "http://127.0.0.1:%d" % server.server_port
    failed = passed = 0
    for path in sorted(glob.glob(os.path.join(HERE, "../../testdata/localize/*.cases"))):
        path = os.path.relpath(path)
        comment, all_cases = cases.read(path)
        for case in all_cases:
            want, said = run(case, program, at, lambda www: folder.__setitem__(0, www))
            if record:
                set_part(case, "want", want)
            elif os.environ.get("UPDATE"):
                set_part(case, "said", said)
            ok = record or compare(path, case, "want", want)
            ok = (record or compare(path, case, "said", said)) and ok
            passed += ok
            failed += not ok
        if record or os.environ.get("UPDATE"):
            cases.write(path, comment, all_cases)
    server.shutdown()
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)


main()
