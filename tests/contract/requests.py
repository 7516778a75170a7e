#!/usr/bin/env python3
"""Every request that hoist sends to a forge, checked against the description that the forge
publishes: Prism stands between hoist and the forge of forge_server.py, and tells of each
request what the description does not allow.

usage: requests.py HOIST SAMPLE FORGE FOLDER DESCRIPTION
FOLDER is install's; DESCRIPTION a file. Without either it is skipped (77)."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "promote"))
import forge

# The paths of a description begin behind this.
ROOTS = {"github": "/api/v3", "gitea": "/api/v1", "bitbucket": "/2.0"}
# … and the root that hoist is told, behind the proxy's address.
TOLD = {"gitlab": "/api/v4", "bitbucket-server": "/rest/api/1.0", "azure": "/acme/shop"}


def start_prism(folder, description, upstream, log):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    prism = subprocess.Popen(
        [os.path.join(folder, "node_modules/.bin/prism"), "proxy", description, upstream,
         "--port", str(port)], stdout=log, stderr=log)
    for i in range(600):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return prism, "http://127.0.0.1:%d" % port
        if prism.poll() is not None:
            break
        time.sleep(0.1)
    prism.kill()
    sys.exit("Prism did not start; its words are in " + log.name)


# A request that no description allows, to see that Prism would tell.
WRONG = {"github": "/repos/acme/inventory/pulls", "gitea": "/repos/acme/inventory/pulls",
         "bitbucket": "/repositories/acme/inventory/pullrequests"}


def ask_wrongly(address, kind):
    r = urllib.request.Request(address + WRONG.get(kind, "/none-such"), b'["not a map"]',
                               {"Content-Type": "application/json"}, method="POST")
    try:
        urllib.request.urlopen(r)
    except urllib.error.HTTPError:
        pass


def violations(log):
    log.seek(0)
    said = re.sub("\x1b\\[[0-9;]*m", "", log.read())
    return sorted(set(re.findall("Violation: request.*|.*NO_PATH.*|.*Route not resolved.*|"
                                 ".*no path matched.*", said)))


def main():
    hoist, sample, kind, folder, description = sys.argv[1:]
    if not os.path.exists(folder + "/node_modules/.bin/prism") or not os.path.exists(description):
        print("Prism or the description is not there: tests/contract/install fetches them")
        return 77
    w = forge.Walk(os.path.abspath(hoist), os.path.abspath(sample), kind)
    with open(w.work + "/prism.log", "w+") as log:
        prism, address = start_prism(folder, description, w.server.address + ROOTS.get(kind, ""), log)
        try:
            ask_wrongly(address, kind)
            time.sleep(1)
            known = violations(log)
            w.server.log.clear()
            w.env["HOIST_FORGE_API"] = address + TOLD.get(kind, "")
            for step in (forge.opened, forge.the_same_again, forge.renewed, forge.closed):
                step(w)
        finally:
            prism.terminate()
            prism.wait()
        wrong = violations(log)
    wrong = [v for v in wrong if v not in known]
    asked = len(w.server.log)
    w.close()
    print("%s: %d requests, %d kinds of violations" % (kind, asked, len(wrong)))
    print("\n".join(wrong[:20]))
    if not known:
        print("and a wrong request was not noticed")
    return 1 if wrong or not known or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
