#!/usr/bin/env python3
"""Pull requests at every forge: opened, found again, renewed, closed, with what people added
to them; refusals, lost answers and limits. The forges are forge_server.py's.

usage: forge.py HOIST SAMPLE [FORGE]..."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import forge_server
from forge_server import TOKEN

BRANCH = "hoist/promote/staging-to-production"


class Failed(Exception):
    pass


def expect(truth, what):
    if not truth:
        raise Failed(what)


class Walk:
    """One forge, one clone of the sample, and everything that hoist said in it."""

    def __init__(self, hoist, sample, kind):
        self.hoist, self.kind = hoist, kind
        self.work = tempfile.mkdtemp()
        self.said = []
        self.env = dict(PATH=os.environ["PATH"], HOME=self.work, GIT_CONFIG_NOSYSTEM="1",
                        GIT_TERMINAL_PROMPT="0", LC_ALL="C.UTF-8")
        for who in ("AUTHOR", "COMMITTER"):
            self.env["GIT_%s_NAME" % who] = "a"
            self.env["GIT_%s_EMAIL" % who] = "a@x.example"
        # The leak sanitizer knows what to forgive by whole stacks.
        self.env["ASAN_OPTIONS"] = "fast_unwind_on_malloc=0"
        for name in ("LSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        bare = self.work + "/bare.git"
        self.clone = self.work + "/clone"
        self.git("init", "-q", "--bare", "-b", "main", bare, at=self.work)
        self.git("config", "http.receivepack", "true", at=bare)
        self.server = forge_server.Server(kind, bare)
        self.forge = self.server.forge
        shutil.copytree(sample, self.clone)
        self.git("init", "-q", "-b", "main", ".")
        # Bitbucket knows people by numbers in braces.
        self.people = '["{alice}", "{bob}"]' if kind == "bitbucket" else "[alice, bob]"
        self.edit("hoist.yaml", "  branch: hoist/", "  pullRequest: {forge: %s, labels: "
                  "[promotion], reviewers: %s}\n  branch: hoist/" % (kind, self.people))
        self.commit("first")
        self.git("remote", "add", "origin", self.server.url)
        self.git("push", "-q", bare, "main")
        self.env[self.forge.token] = TOKEN

    def close(self):
        self.server.close()
        shutil.rmtree(self.work)

    def git(self, *args, at=None):
        r = subprocess.run(["git", *args], cwd=at or self.clone, env=self.env,
                           capture_output=True, text=True)
        expect(r.returncode == 0, "git %s: %s" % (" ".join(args), r.stderr))
        return r.stdout.strip()

    def edit(self, path, old, new):
        with open(os.path.join(self.clone, path)) as f:
            text = f.read()
        expect(old in text, "%s has no '%s'" % (path, old))
        with open(os.path.join(self.clone, path), "w") as f:
            f.write(text.replace(old, new, 1))

    def commit(self, message):
        self.git("add", ".")
        self.git("commit", "-qm", message)

    def run(self, *args, status=0, env=None):
        r = subprocess.run([self.hoist, *args], cwd=self.clone, env=self.env | (env or {}),
                           capture_output=True, text=True, timeout=120)
        self.said += [r.stdout, r.stderr]
        expect(r.returncode == status, "hoist %s: status %d\n%s%s" % (
            " ".join(args), r.returncode, r.stdout[-3000:], r.stderr))
        return r.stdout + r.stderr

    def promote(self, *args, status=0, env=None):
        return self.run("promote", "staging", "production", "--pr", *args, status=status, env=env)

    def only(self):
        expect(len(self.forge.requests) == 1, "there are %d pull requests"
               % len(self.forge.requests))
        return self.forge.requests[0]

    def changes(self):
        return [l for l in self.server.log if not l.startswith("GET ")]

    def secrets(self):
        """The token is in nothing that was said, written or sent as text."""
        texts = self.said + [json.dumps(self.forge.requests)]
        texts.append(self.git("log", "--all", "--format=%B%an%ae%cn%ce", "-p"))
        texts.append(self.git("log", "--all", "--format=%B", "-p", at=self.server.bare))
        texts.append(self.git("log", "-g", "--all", "--format=%gs"))
        texts.append("\n".join(self.server.log))  # with the addresses that were asked
        texts.append(self.git("config", "--list"))
        for t in texts:
            expect(TOKEN not in t, "the token is in: " + t[:500])


def opened(w):
    said = w.promote("--dry-run")
    expect(not w.forge.requests and not w.server.tip(BRANCH), "a dry run has written")
    expect("hoist promote staging production --dry-run" in said, "no preview")
    said = w.promote()
    p = w.only()
    expect(w.forge.page(p) in said, "no address is printed: " + said[-500:])
    expect(p["title"] == "Promote 10 images from staging to production", p["title"])
    expect((p["head"], p["base"], p["draft"]) == (BRANCH, "main", False), "branches")
    expect(w.server.tip(BRANCH) == w.git("rev-parse", BRANCH), "it is not pushed")
    for words in ("ghcr.io/acme/user-service", "index of 2 platforms" if w.kind != "azure"
                  else "production", "hoist diff ", "sha256:"):
        expect(words in p["body"], "the body lacks '%s':\n%s" % (words, p["body"]))
    expect(len(p["body"].encode()) <= w.forge.limit, "too long")
    if "bitbucket" not in w.kind:
        expect(p["labels"] == ["promotion"], "labels: %s" % p["labels"])
    expect(p["reviewers"] == ["alice", "bob"], "reviewers: %s" % p["reviewers"])


def the_same_again(w):
    before, changes, tip = json.dumps(w.forge.requests), w.changes(), w.server.tip(BRANCH)
    said = w.promote()
    expect("is as it should be" in said, "it was not the same: " + said[-500:])
    expect(json.dumps(w.forge.requests) == before, "the pull request has changed")
    expect(w.changes() == changes, "it was written to: %s" % w.changes()[len(changes):])
    expect(w.server.tip(BRANCH) == tip, "the branch has moved")


def renewed(w):
    """Another set: the same branch and pull request; what people wrote, set and chose stays."""
    p = w.only()
    p["body"] = "Please look at this.\r\n" + p["body"].replace("\n", "\r\n") + "\r\n- [x] I did\r\n"
    p["labels"].append("urgent")
    p["reviewers"].append("carol")
    tip = w.server.tip(BRANCH)
    said = w.promote("--only", "user-service")
    expect("updated" in said, said[-500:])
    expect(w.only() is p and w.server.tip(BRANCH) != tip, "another branch")
    expect(p["title"] == "Promote 1 image from staging to production", p["title"])
    expect(p["body"].startswith("Please look at this.\n"), "the text before is lost")
    expect(p["body"].rstrip().endswith("- [x] I did"), "the text behind is lost")
    expect(p["body"].count("| `ghcr.io/acme/") in (1, 2), "the old images are there")
    expect("urgent" in p["labels"] and "carol" in p["reviewers"], "labels or reviewers are lost")
    p["title"] = "A title by a person"
    w.promote()
    expect(p["title"] == "A title by a person", "the title is lost")
    p["title"] = "Promote 10 images from staging to production"
    the_same_again(w)


def not_ours(w):
    """Commits of people are never overwritten."""
    other = w.work + "/other"
    w.git("clone", "-q", w.server.bare, other, at=w.work)
    w.git("checkout", "-q", BRANCH, at=other)
    w.git("commit", "-q", "--allow-empty", "-m", "a person's", at=other)
    w.git("push", "-q", at=other)
    tip = w.server.tip(BRANCH)
    said = w.promote("--only", "api-gateway", status=1)
    expect("not hoist's" in said, said)
    expect(w.server.tip(BRANCH) == tip, "it was overwritten")
    w.git("reset", "-q", "--hard", "HEAD~1", at=other)
    w.git("push", "-qf", at=other)
    w.promote()


def closed(w):
    p = w.only()
    w.git("merge", "-q", "--squash", BRANCH)
    w.commit("by other means")
    w.git("push", "-q", w.server.bare, "main")
    said = w.promote()
    expect("already runs it" in said and "pull request closed" in said, said[-500:])
    expect(p["state"] in ("closed", "declined", "abandoned"), p["state"])
    expect(len(p["comments"]) == 1 and "production" in p["comments"][0], "comments")
    said = w.promote()
    expect("already runs it" in said and "closed" not in said, said[-500:])


def refused(w):
    """Nothing is written without a token, and it is said which variable holds it."""
    env = {w.forge.token: ""}
    said = w.promote(status=3, env=env)
    expect("no token for" in said and w.forge.token in said, said)
    expect(not w.server.tip(BRANCH), "it was pushed")
    said = w.promote(status=3, env={w.forge.token: "wrong-" + TOKEN[::-1]})
    expect("status 401" in said or "authentication" in said or "who asks" in said, said)
    expect("wrong-" not in said, "the wrong token is printed")


def troubled(w):
    """Limits are waited for; a lost answer makes no second pull request."""
    fault = lambda method, status, **more: w.server.faults.append(
        dict(method=method, path="pull|merge", status=status, times=1) | more)
    fault("GET", 429, headers={"Retry-After": "1"})
    fault("POST", 429, headers={"Retry-After": "1"})
    fault("GET", 503)
    fault("POST", 502, after=True)
    said = w.promote()
    w.only()
    expect(w.forge.page(w.only()) in said, said[-500:])
    expect(not any(f["times"] for f in w.server.faults), "%s" % w.server.faults)
    w.forge.requests.clear()
    fault("POST", 0)
    fault("POST", 0, after=True)
    w.promote()
    w.only()


def lost_push(w):
    """A push whose answer is lost is not made twice; an address may hold who we are."""
    w.server.git_lost = 1
    w.promote(status=3)
    tip = w.server.tip(BRANCH)
    expect(tip and not w.forge.requests, "not pushed, or opened all the same")
    expect("has it already" in w.promote() and w.server.tip(BRANCH) == tip, "pushed again")
    url = w.server.url.replace("http://", "http://me:%s@" % TOKEN)
    w.git("remote", "set-url", "origin", url)
    said = w.promote("--only", "user-service")
    expect("updated" in said and w.server.git_users[-1] == "me", said[-500:])
    w.promote("--dry-run")
    w.edit("hoist.yaml", "forge: github, ", "")
    w.commit("no forge")
    expect("no forge is known" in w.promote(), "no text")
    w.git("remote", "set-url", "origin", w.server.url)


def raced(w):
    """The remote's branch moves while we push."""
    w.promote()
    other = w.work + "/other"
    w.git("clone", "-q", w.server.bare, other, at=w.work)
    w.git("checkout", "-q", BRANCH, at=other)
    w.git("commit", "-q", "--allow-empty", "-m", "a person's", at=other)
    w.server.before_push = lambda: w.git("push", "-q", at=other)
    said = w.promote("--only", "user-service", status=1)
    expect("not hoist's" in said, said)
    expect(w.server.tip(BRANCH) == w.git("rev-parse", "HEAD", at=other), "it was overwritten")
    w.git("push", "-qf", w.server.bare, "HEAD~1:refs/heads/" + BRANCH, at=other)
    # Another promotion of ours: the later one is made again, and replaces it.
    ours = w.git("rev-parse", "HEAD~1", at=other)
    w.promote("--only", "user-service")
    w.server.before_push = lambda: w.git("push", "-qf", w.server.bare,
                                         "%s:refs/heads/%s" % (ours, BRANCH), at=other)
    w.promote("--only", "api-gateway")
    expect(w.server.tip(BRANCH) == w.git("rev-parse", BRANCH), "not ours in the end")
    w.only()
    w.git("fsck", "--strict", at=w.server.bare)


def limited(w):
    """GitHub's other way to say it, and a wait that is too long."""
    w.server.faults.append(dict(method="GET", path="pulls", status=403, times=1,
                                headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5"}))
    w.promote()
    w.server.faults.append(dict(method="PATCH", path="pulls", status=403, times=1, body={
        "message": "secondary limit, " + TOKEN}, headers={"Retry-After": "3600"}))
    said = w.promote("--only", "user-service", status=3)
    expect("takes no more requests" in said and "3600 s" in said, said)
    w.server.faults.append(dict(method="PATCH", path="pulls", status=403, times=1, body={
        "message": "You have exceeded a secondary rate limit."}))
    said = w.promote("--only", "user-service", status=3)
    expect("takes no more requests" in said and "61 s" in said, said)
    w.server.faults.append(dict(method="PATCH", path="pulls", status=422, times=1, body={
        "message": "Validation Failed: " + TOKEN}))
    said = w.promote("--only", "user-service", status=3)
    expect("Validation Failed: ***" in said, said)


def warned(w):
    """Labels and reviewers that cannot be set are a warning."""
    w.edit("hoist.yaml", "reviewers: " + w.people, "draft: true, reviewers: [nobody]")
    w.edit("hoist.yaml", "labels: [promotion]", "labels: [promotion, none-such]")
    w.commit("ask for more")
    w.git("push", "-q", w.server.bare, "main")
    said = w.promote()
    p = w.only()
    if w.kind in ("github", "gitlab", "gitea"):
        expect("warning: the pull request is there, but not its reviewers" in said, said)
    if w.kind == "gitea":
        expect("not its labels: the repository has no label 'none-such'" in said, said)
        expect(p["title"].startswith("WIP: "), p["title"])
    elif w.kind == "gitlab":
        expect(p["title"].startswith("Draft: "), p["title"])
        w.promote("--only", "user-service")
        expect(p["title"] == "Draft: Promote 1 image from staging to production", p["title"])
    else:
        expect(p["draft"], "no draft")
    if "bitbucket" in w.kind:
        expect("has no labels" in said, said)


LAYOUTS = {
    "overlays": """
- {name: staging, path: k8s/overlays/staging}
- {name: production, path: k8s/overlays/production}""",
    "values": """
- {name: staging, path: charts/inventory, release: inventory, values: [staging-values.yaml]}
- {name: production, path: charts/inventory, release: inventory, values: [production-values.yaml]}""",
    "branches": """
- {name: staging, path: charts/inventory, values: [env.yaml]}
- {name: production, path: charts/inventory, values: [env.yaml], branch: production}""",
}


def lay_out(w, layout):
    """The sample in one layout, pushed; the branch that its promotions are for."""
    with open(w.clone + "/hoist.yaml", "w") as f:
        f.write("apiVersion: hoist/v1\nenvironments:%s\npromotions:\n- from: staging\n"
                "  to: production\n  images: [ghcr.io/acme/*]\n"
                "  require: {digest: true, registry: {layout: registry}}\n"
                "  pullRequest: {forge: %s, labels: [promotion], reviewers: [alice, bob]}\n"
                % (LAYOUTS[layout], w.kind))
    values = w.clone + "/charts/inventory/"
    if layout == "branches":
        shutil.copy(values + "production-values.yaml", values + "env.yaml")
        w.commit("production")
        w.git("branch", "production")
        w.git("push", "-q", w.server.bare, "production")
        shutil.copy(values + "staging-values.yaml", values + "env.yaml")
    w.commit(layout)
    w.git("push", "-q", w.server.bare, "main")
    return "production" if layout == "branches" else "main"


def in_every_layout(w):
    """One command each: opened; the same again; a new set, the same request; merged, done."""
    main = w.git("rev-parse", "main")
    for layout in LAYOUTS:
        w.git("reset", "-q", "--hard", main)
        w.git("push", "-qf", w.server.bare, "main")
        base = lay_out(w, layout)
        w.forge.requests.clear()
        w.promote()
        p = w.only()
        expect((p["head"], p["base"]) == (BRANCH, base), layout + ": branches")
        expect(p["labels"] == ["promotion"] and p["reviewers"] == ["alice", "bob"], layout)
        tip = w.server.tip(BRANCH)
        the_same_again(w)
        w.run("pin", "staging", "ghcr.io/acme/user-service:sha-8c4e0f7", "--commit")
        w.git("push", "-q", w.server.bare, "main")
        expect("pull request updated" in w.promote(), layout + ": not renewed")
        expect(w.only() is p and w.server.tip(BRANCH) != tip, layout + ": another one")
        # That is what production runs of it, so one image less is promoted.
        expect(p["title"] == "Promote 9 images from staging to production", p["title"])
        w.git("push", "-q", w.server.bare, "%s:%s" % (BRANCH, base))  # merged
        p["state"] = "merged"
        w.git("fetch", "-q", w.server.bare, base)
        w.git("update-ref", "refs/heads/" + base, "FETCH_HEAD")
        w.git("reset", "-q", "--hard")
        said = w.promote()
        expect("already runs it" in said and "closed" not in said, layout + ": " + said[-500:])
        expect(w.only()["comments"] == [], layout + ": a merged one is commented on")
        w.git("branch", "-D", BRANCH)
        w.git("update-ref", "-d", "refs/heads/" + BRANCH, at=w.server.bare)


def detached(w):
    """CI checks out a commit, and says the branch in variables."""
    w.git("checkout", "-q", "--detach")
    said = w.promote(status=2)
    expect("not known which branch the pull request is for" in said, said)
    said = w.promote(status=2, env={"GITHUB_REF": "refs/pull/7/merge"})
    expect("not known which branch" in said and not w.forge.requests, said)
    for name, value in (("GITHUB_REF", "refs/heads/main"), ("CI_COMMIT_BRANCH", "main"),
                        ("BITBUCKET_BRANCH", "main"), ("BUILD_SOURCEBRANCH", "refs/heads/main"),
                        ("GIT_BRANCH", "origin/main"), ("BRANCH_NAME", "main")):
        w.promote(env={name: value})
        expect(w.only()["base"] == "main", name)


def shallow(w):
    """Clones as CI makes them: without history, with who they are in a header of their own."""
    first = w.clone
    header = "Authorization: Basic " + base64.b64encode(("x:" + TOKEN).encode()).decode()
    more = lambda: (w.git("commit", "-q", "--allow-empty", "-m", "more", at=first),
                    w.git("push", "-q", w.server.bare, "main", at=first))

    def again(name):
        more()
        w.clone = "%s/%s" % (w.work, name)
        w.git("-c", "http.extraheader=" + header, "clone", "-q", "--depth", "1", w.server.url,
              w.clone, at=w.work)

    again("one")
    w.promote()
    w.promote("--only", "user-service")
    again("two")  # does not have the branch, and it stands on a commit that is not here
    expect("updated" in w.promote(), "not renewed")
    w.only()
    w.env[w.forge.token] = ""
    said = w.run("pin", "staging", "ghcr.io/acme/user-service:sha-9f8e7d6", "--push", status=3)
    expect("wants to know who asks" in said, said)
    w.git("config", "http.%s/.extraheader" % w.server.address, header)
    w.run("pin", "staging", "ghcr.io/acme/user-service:sha-9f8e7d6", "--push")
    more_at = w.git("rev-parse", "main", at=w.server.bare)
    w.git("pull", "-q", w.server.bare, "main", at=first)
    more()  # the next pin is behind
    w.run("pin", "staging", "ghcr.io/acme/user-service:sha-0000000", "--push")
    expect(w.git("log", "-1", "--format=%s", "main~1", at=w.server.bare) == "more", "order")
    expect(w.git("merge-base", "main", more_at, at=w.server.bare) == more_at, "a pin is lost")
    for at in (w.server.bare, w.clone):
        w.git("fsck", "--strict", at=at)
    w.git("config", "--unset", "http.%s/.extraheader" % w.server.address)


def helped(w):
    """Git's own credential helper knows the password; the user's SSH program its keys."""
    helper = "!f() { echo username=me; echo password=%s; }; f" % TOKEN
    w.edit("hoist.yaml", "forge: github, ", "")
    w.commit("no forge")
    w.git("push", "-q", w.server.bare, "main")
    w.git("config", "credential.helper", helper)
    said = w.promote()
    expect("no forge is known" in said and "to be merged into main" in said, said[-3000:])
    expect(w.server.git_users[-1] == "me" and w.server.tip(BRANCH), "not by the helper")
    w.git("config", "--unset", "credential.helper")
    ssh = w.work + "/ssh"
    with open(ssh, "w") as f:
        f.write('#!/bin/sh\necho "$@" >>%s.log\nfor last; do :; done\neval "$last"\n' % ssh)
    os.chmod(ssh, 0o755)
    w.git("remote", "set-url", "origin", "git@forge.example:" + w.server.bare)
    w.env["GIT_SSH"] = ssh
    tip = w.server.tip(BRANCH)
    w.run("promote", "staging", "production", "--push", "--only", "user-service")
    expect(w.server.tip(BRANCH) not in ("", tip), "not by ssh")
    w.git("commit", "-q", "--allow-empty", "-m", "moved", at=w.clone)
    w.git("push", "-q", w.server.bare, "main")
    w.run("promote", "staging", "production", "--push", env={"GIT_SSH_COMMAND": ssh + " -v"})
    with open(ssh + ".log") as f:
        log = f.read()
    expect("git@forge.example git-receive-pack '" in log and "-v git@forge.example" in log, log)
    hook = w.server.bare + "/hooks/pre-receive"
    with open(hook, "w") as f:
        f.write("#!/bin/sh\nexit 1\n")
    os.chmod(hook, 0o755)
    said = w.run("promote", "staging", "production", "--push", "--only", "api-gateway", status=3)
    expect("refused the push: pre-receive hook declined" in said, said)
    w.git("fsck", "--strict", at=w.server.bare)


def by_daemon(w):
    """git://, which asks nobody."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    daemon = subprocess.Popen(["git", "daemon", "--base-path=" + w.work, "--export-all",
                               "--enable=receive-pack", "--listen=127.0.0.1", "--port=%d" % port],
                              env=w.env, stderr=subprocess.DEVNULL)
    try:
        w.git("remote", "set-url", "origin", "git://127.0.0.1:%d/bare.git" % port)
        for i in range(50):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        w.run("promote", "staging", "production", "--push")
        tip = w.server.tip(BRANCH)
        expect(tip, "not pushed")
        w.run("promote", "staging", "production", "--push", "--only", "user-service")
        expect(w.server.tip(BRANCH) != tip, "not renewed")
    finally:
        daemon.terminate()
        daemon.wait()


def main():
    hoist, sample = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    walks = [[opened, the_same_again, renewed, not_ours, closed], [refused, troubled], [warned]]
    for kind in sys.argv[3:] or forge_server.FORGES:
        own = [[limited], [lost_push], [raced], [detached], [in_every_layout], [shallow], [helped], [by_daemon]] if kind == "github" else []
        for walk in walks + own:
            w = Walk(hoist, sample, kind)
            try:
                for step in walk:
                    step(w)
                    w.secrets()
            except Failed as e:
                print("FAILED: %s, %s: %s" % (kind, step.__name__, e))
                print("\n".join(w.server.log[-12:]))
                return 1
            finally:
                w.close()
        print("%s holds" % kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
