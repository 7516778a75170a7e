#!/usr/bin/env python3
"""Every request that hoist sends to a forge, and every answer that forge_server.py gives in the
forge's place, checked against the description that the forge publishes. With install's FOLDER
Prism, too, stands between hoist and the forge, and tells what it finds wrong.

usage: requests.py HOIST SAMPLE FORGE DESCRIPTION [FOLDER]
DESCRIPTION is a file; without it this is skipped (77)."""

import os
import re
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "promote"))
import forge
from description import Description

# What stands before the paths of a description, and what they begin with instead.
ROOTS = {"github": "/api/v3", "gitea": "/api/v1", "bitbucket": "/2.0",
         "bitbucket-server": "/rest/api/1.0"}
PATHS = {"bitbucket-server": "/api/latest"}
WALKS = ((forge.opened, forge.the_same_again, forge.renewed, forge.closed), (forge.warned,))

# Those whose descriptions Prism reads, and whose paths it knows.
PRISM = ("github", "gitea", "bitbucket")

# What a description leaves out although the forge documents it in words.
LEFT_OUT = {
    # "This endpoint also supports filtering"; "Other fields: description, draft"; its own
    # examples create without a type; and a user is an account with more fields.
    "bitbucket": r"\?q: no such parameter|body\.(description|draft): |body.*\.type: is missing|"
                 r"body\.reviewers\[\d\]\.account_id: |.*must have required property 'type'",
    # A list comes as {"value": [...]}, as every example beside that description shows.
    "azure": r"answer: must be array, not \{'value': ",
}


class Prism:
    def __init__(self, folder, description, upstream, log):
        self.log = log
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.address = "http://127.0.0.1:%d" % port
        self.process = subprocess.Popen(
            [os.path.join(folder, "node_modules/.bin/prism"), "proxy", description, upstream,
             "--port", str(port)], stdout=log, stderr=log)
        for i in range(600):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.process.kill()
        sys.exit("Prism did not start; its words are in " + log.name)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.log.seek(0)
        said = re.sub("\x1b\\[[0-9;]*m", "", self.log.read())
        return re.findall("Violation: request.*|.*NO_PATH.*|.*Route not resolved.*|"
                          ".*no path matched.*", said)


def walk(hoist, sample, kind, steps, prism):
    """What was sent and answered; with Prism also what it says."""
    w = forge.Walk(hoist, sample, kind)
    try:
        if prism:
            prism = Prism(*prism, w.server.address + ROOTS.get(kind, ""),
                          open(w.work + "/prism.log", "w+"))
            w.env["HOIST_FORGE_API"] = prism.address
        for step in steps:
            step(w)
        return w.server.exchanges, prism.close() if prism else []
    finally:
        w.close()


def judged(description, kind, exchanges):
    root, left_out = ROOTS.get(kind, ""), LEFT_OUT.get(kind, "$^")
    for method, path, query, body, status, answer in exchanges:
        path = PATHS.get(kind, "") + path.removeprefix(root)
        for wrong in description.check(method, path, query, body, status, answer):
            if not re.match(left_out, wrong):
                yield "%s %s: %s" % (method, re.sub(r"/\d+(?=/|$)", "/N", path), wrong)


def would_notice(description, kind, exchanges):
    """A misspelt path, field or parameter is told."""
    for method, path, query, body, status, answer in exchanges:
        for change in ([path + "/none-such", query, body], [path, [*query, ("none-such", "1")], body],
                       [path, query, body | {"none-such": 1} if body else None]):
            if change != [path, query, body]:
                changed = (method, change[0], change[1], change[2], status, answer)
                assert list(judged(description, kind, [changed])), changed


def main():
    hoist, sample, kind, at = sys.argv[1:5]
    if not os.path.exists(at):
        print("the description is not there; tests/contract/install says where it is had from")
        return 77
    description = Description(at)
    prism = (sys.argv[5], at) if len(sys.argv) > 5 and kind in PRISM else None
    wrong, asked = set(), 0
    for steps in WALKS:
        exchanges, said = walk(os.path.abspath(hoist), os.path.abspath(sample), kind, steps, prism)
        asked += len(exchanges)
        would_notice(description, kind, exchanges)
        wrong.update(judged(description, kind, exchanges),
                     ("Prism: " + s for s in said if not re.match(LEFT_OUT.get(kind, "$^"), s)))
    print("%s: %d requests, %d of what is described otherwise" % (kind, asked, len(wrong)))
    print("\n".join(sorted(wrong)))
    return 1 if wrong or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
