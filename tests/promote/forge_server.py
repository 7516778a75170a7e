"""Forges in small: a Git repository over HTTP, and the part of each forge's interface that a
pull request needs, with its state, its refusals and its habits. Whatever a request holds that
the forge does not document is refused, so that a misspelt field is noticed."""

import base64
import json
import os
import re
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "s3cr3t-T0ken-of-the-forge"


class Refused(Exception):
    def __init__(self, status, body):
        self.status, self.body = status, body


def fields(body, required, optional=()):
    """Every field must be known and of its type."""
    allowed = dict(required) | dict(optional)
    for name in required:
        if name not in body:
            raise Refused(422, {"message": "missing field " + name})
    for name, value in body.items():
        if name not in allowed:
            raise Refused(422, {"message": "unknown field " + name})
        if not isinstance(value, allowed[name]):
            raise Refused(422, {"message": "wrong type of " + name})


class Forge:
    """The state that all have, and the routes of one."""

    path = "/acme/inventory.git"
    limit = 65536
    routes = []

    def __init__(self, server):
        self.server = server
        self.requests = []  # pull requests, the newest last
        self.people = {"alice": 7, "bob": 8, "carol": 9}
        self.calls = []

    def check(self, headers):
        raise NotImplementedError

    def page(self, p):
        return "%s/page/%d" % (self.server.address, p["number"])

    def open(self, head, base):
        return [p for p in self.requests if p["state"] == "open"
                and p["head"] == head and p["base"] == base]

    def get(self, number):
        for p in self.requests:
            if p["number"] == int(number):
                return p
        raise Refused(404, {"message": "Not Found"})

    def add(self, head, base, title, body, draft=False):
        if len(body) > self.limit:
            raise Refused(422 if self.limit != 4000 else 400, {"message": "body is too long"})
        p = dict(number=len(self.requests) + 11, head=head, base=base, title=title, body=body,
                 draft=draft, state="open", labels=[], reviewers=[], comments=[], version=0)
        for branch in (head, base):
            if not self.server.tip(branch):
                raise Refused(422, {"message": "no branch " + branch})
        self.requests.append(p)
        return p

    def change(self, p, title=None, body=None):
        if body is not None and len(body) > self.limit:
            raise Refused(422, {"message": "body is too long"})
        p["title"] = p["title"] if title is None else title
        p["body"] = p["body"] if body is None else body
        p["version"] += 1

    def answer(self, method, path, query, headers, body):
        self.check(headers)
        for verb, pattern, work in self.routes:
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                return work(self, query, body, *map(urllib.parse.unquote, found.groups()))
        raise Refused(404, {"message": "no such route: %s %s" % (method, path)})


class GitHub(Forge):
    name = "github"
    token = "GITHUB_TOKEN"
    git_user = "x-access-token"

    def check(self, headers):
        if headers["Authorization"] != "Bearer " + TOKEN:
            raise Refused(401, {"message": "Bad credentials"})
        if not headers["User-Agent"]:
            raise Refused(403, {"message": "Request forbidden by administrative rules."})
        assert headers["Accept"] == "application/vnd.github+json"
        assert headers["X-GitHub-Api-Version"] == "2022-11-28"

    def show(self, p):
        return {"number": p["number"], "html_url": self.page(p), "title": p["title"],
                "body": p["body"], "draft": p["draft"], "state": p["state"],
                "head": {"ref": p["head"]}, "base": {"ref": p["base"]},
                "labels": [{"id": 1, "name": n} for n in p["labels"]],
                "requested_reviewers": [{"login": n} for n in p["reviewers"] if "/" not in n],
                "requested_teams": [{"slug": n[5:]} for n in p["reviewers"] if "/" in n]}

    def list(self, query, body):
        owner, _, head = query.get("head", "").partition(":")
        # Without its owner the filter is not looked at.
        if not head or owner != "acme":
            return 200, [self.show(p) for p in self.requests if p["state"] == "open"]
        return 200, [self.show(p) for p in self.open(head, query["base"])]

    def create(self, query, body):
        fields(body, {"title": str, "head": str, "base": str}, {"body": str, "draft": bool})
        if self.open(body["head"], body["base"]):
            raise Refused(422, {"message": "Validation Failed", "errors": [
                {"resource": "PullRequest", "code": "custom",
                 "message": "A pull request already exists for acme:%s." % body["head"]}]})
        return 201, self.show(self.add(body["head"], body["base"], body["title"],
                                       body.get("body", ""), body.get("draft", False)))

    def update(self, query, body, number):
        fields(body, {}, {"title": str, "body": str, "state": str})
        p = self.get(number)
        self.change(p, body.get("title"), body.get("body"))
        p["state"] = body.get("state", p["state"])
        return 200, self.show(p)

    def label(self, query, body, number):
        fields(body, {"labels": list})
        p = self.get(number)
        p["labels"] += [n for n in body["labels"] if n not in p["labels"]]
        return 200, [{"name": n} for n in p["labels"]]

    def reviews(self, query, body, number):
        return 200, [{"user": {"login": n}} for n in self.get(number).get("reviewed", [])]

    def review(self, query, body, number):
        fields(body, {}, {"reviewers": list, "team_reviewers": list})
        p = self.get(number)
        for who in body.get("reviewers", []):
            if who not in self.people:
                raise Refused(422, {"message": "Reviews may only be requested from collaborators."})
            p["reviewers"].append(who)
        p["reviewers"] += ["team/" + n for n in body.get("team_reviewers", [])]
        return 201, self.show(p)

    def comment(self, query, body, number):
        fields(body, {"body": str})
        self.get(number)["comments"].append(body["body"])
        return 201, {"id": 1}

    r = "/api/v3/repos/acme/inventory"
    routes = [("GET", r + "/pulls", list), ("POST", r + "/pulls", create),
              ("PATCH", r + r"/pulls/(\d+)", update),
              ("POST", r + r"/issues/(\d+)/labels", label),
              ("GET", r + r"/pulls/(\d+)/reviews", reviews),
              ("POST", r + r"/pulls/(\d+)/requested_reviewers", review),
              ("POST", r + r"/issues/(\d+)/comments", comment)]


class Gitea(GitHub):
    """Much like GitHub, but for its labels, its drafts and how a pull request is found."""
    name = "gitea"
    token = "GITEA_TOKEN"
    git_user = "oauth2"
    known = ["bug", "promotion", "release"]

    def check(self, headers):
        if headers["Authorization"] != "token " + TOKEN:
            raise Refused(401, {"message": "invalid username, password or token"})

    def show(self, p):
        shown = super().show(p)
        shown["requested_reviewers_teams"] = [{"name": t["slug"]}
                                              for t in shown.pop("requested_teams")]
        return shown | {"head": {"ref": p["head"], "repo_id": 1},
                        "base": {"ref": p["base"], "repo_id": 1}}

    def update(self, query, body, number):
        return 201, super().update(query, body, number)[1]

    def review(self, query, body, number):
        super().review(query, body, number)
        return 201, []

    def by_branches(self, query, body, base, head):
        for p in self.requests:  # the first, which may be a closed one
            if p["head"] == head and p["base"] == base:
                return 200, self.show(p)
        raise Refused(404, {"message": "The target couldn't be found."})

    def list(self, query, body):
        page, limit = int(query["page"]), int(query["limit"])
        all = [self.show(p) for p in self.requests if p["state"] == "open"]
        more = len(all) > page * limit
        self.server.link = '<https://x/?page=%d>; rel="next"' % (page + 1) if more else None
        return 200, all[(page - 1) * limit:page * limit]

    def create(self, query, body):
        fields(body, {"title": str, "head": str, "base": str}, {"body": str})
        if self.open(body["head"], body["base"]):
            raise Refused(409, {"message": "pull request already exists for these targets"})
        return 201, self.show(self.add(body["head"], body["base"], body["title"], body["body"]))

    def labels(self, query, body):
        return 200, [{"id": 100 + i, "name": n} for i, n in enumerate(self.known)]

    def label(self, query, body, number):
        fields(body, {"labels": list})
        p = self.get(number)
        for i in body["labels"]:
            if not isinstance(i, int):
                raise Refused(422, {"message": "labels are numbers"})
            p["labels"].append(self.known[i - 100])
        return 200, []

    def nobody(self, query, body):
        raise Refused(404, {"message": "org"})

    r = "/api/v1/repos/acme/inventory"
    routes = [("GET", r + "/pulls", list), ("POST", r + "/pulls", create),
              ("GET", r + r"/pulls/(\d+)/reviews", GitHub.reviews),
              ("GET", r + "/pulls/([^/]+)/([^/]+)", by_branches),
              ("PATCH", r + r"/pulls/(\d+)", update),
              ("GET", r + "/labels", labels), ("GET", "/api/v1/orgs/acme/labels", nobody),
              ("POST", r + r"/issues/(\d+)/labels", label),
              ("POST", r + r"/pulls/(\d+)/requested_reviewers", review),
              ("POST", r + r"/issues/(\d+)/comments", GitHub.comment)]


class GitLab(Forge):
    name = "gitlab"
    token = "GITLAB_TOKEN"
    git_user = "oauth2"
    path = "/acme/platform/inventory.git"
    limit = 1048576

    def check(self, headers):
        if headers["PRIVATE-TOKEN"] != TOKEN:
            raise Refused(401, {"message": "401 Unauthorized"})

    def show(self, p):
        return {"id": 9000 + p["number"], "iid": p["number"], "web_url": self.page(p),
                "title": p["title"], "description": p["body"],
                "source_branch": p["head"], "target_branch": p["base"],
                "source_project_id": 5, "target_project_id": 5, "labels": p["labels"],
                "reviewers": [{"id": self.people[n], "username": n} for n in p["reviewers"]]}

    def list(self, query, body):
        assert query["state"] == "opened"
        return 200, [self.show(p) for p in
                     self.open(query["source_branch"], query["target_branch"])]

    def create(self, query, body):
        fields(body, {"title": str, "source_branch": str, "target_branch": str},
               {"description": str})
        same = self.open(body["source_branch"], body["target_branch"])
        if same:
            raise Refused(409, {"message": ["Another open merge request already exists for "
                                            "this source branch: !%d" % same[0]["number"]]})
        return 201, self.show(self.add(body["source_branch"], body["target_branch"],
                                       body["title"], body["description"]))

    def update(self, query, body, number):
        fields(body, {}, {"title": str, "description": str, "add_labels": str,
                          "reviewer_ids": list, "state_event": str})
        p = self.get(number)
        self.change(p, body.get("title"), body.get("description"))
        if "add_labels" in body:
            p["labels"] += body["add_labels"].split(",")
        if "reviewer_ids" in body:
            p["reviewers"] = [n for n, i in self.people.items() if i in body["reviewer_ids"]]
        if body.get("state_event") == "close":
            p["state"] = "closed"
        return 200, self.show(p)

    def users(self, query, body):
        return 200, [{"id": i, "username": n} for n, i in self.people.items()
                     if n == query["username"]]

    def comment(self, query, body, number):
        fields(body, {"body": str})
        self.get(number)["comments"].append(body["body"])
        return 201, {"id": 1}

    r = "/api/v4/projects/acme%2Fplatform%2Finventory/merge_requests"
    routes = [("GET", r, list), ("POST", r, create), ("PUT", r + r"/(\d+)", update),
              ("GET", "/api/v4/users", users), ("POST", r + r"/(\d+)/notes", comment)]


class Bitbucket(Forge):
    name = "bitbucket"
    token = "BITBUCKET_TOKEN"
    git_user = "x-token-auth"
    limit = 262144

    def check(self, headers):
        if headers["Authorization"] != "Bearer " + TOKEN:
            raise Refused(401, {"type": "error", "error": {"message": "Token is invalid"}})

    def show(self, p, whole=True):
        shown = {"id": p["number"], "links": {"html": {"href": self.page(p)}},
                 "title": p["title"], "summary": {"raw": p["body"]}, "state": p["state"].upper(),
                 "source": {"branch": {"name": p["head"]}},
                 "destination": {"branch": {"name": p["base"]}}}
        return shown | ({"reviewers": [{"uuid": "{%s}" % n} for n in p["reviewers"]]}
                        if whole else {})

    def list(self, query, body):
        found = re.fullmatch(r'state="OPEN" AND source.branch.name="([^"]*)" AND '
                             r'destination.branch.name="([^"]*)" AND '
                             r'source.repository.full_name="acme/inventory"', query["q"])
        return 200, {"values": [self.show(p, False) for p in self.open(*found.groups())]}

    def one(self, query, body, number):
        return 200, self.show(self.get(number))

    def create(self, query, body):
        fields(body, {"title": str, "source": dict, "destination": dict},
               {"description": str, "draft": bool})
        return 201, self.show(self.add(body["source"]["branch"]["name"],
                                       body["destination"]["branch"]["name"], body["title"],
                                       body["description"], body.get("draft", False)))

    def update(self, query, body, number):
        fields(body, {"title": str}, {"description": str, "reviewers": list})
        p = self.get(number)
        self.change(p, body["title"], body.get("description"))
        p["reviewers"] = [r["uuid"].strip("{}") for r in body.get("reviewers", [])]
        return 200, self.show(p)

    def comment(self, query, body, number):
        fields(body, {"content": dict})
        self.get(number)["comments"].append(body["content"]["raw"])
        return 201, {"id": 1}

    def decline(self, query, body, number):
        self.get(number)["state"] = "declined"
        return 200, self.show(self.get(number))

    r = "/2.0/repositories/acme/inventory/pullrequests"
    routes = [("GET", r, list), ("POST", r, create), ("GET", r + r"/(\d+)", one),
              ("PUT", r + r"/(\d+)", update), ("POST", r + r"/(\d+)/comments", comment),
              ("POST", r + r"/(\d+)/decline", decline)]


class BitbucketServer(Forge):
    name = "bitbucket-server"
    token = "BITBUCKET_TOKEN"
    git_user = "x-token-auth"
    path = "/scm/ACME/inventory.git"
    limit = 32768

    def check(self, headers):
        if headers["Authorization"] != "Bearer " + TOKEN:
            raise Refused(401, {"errors": [{"message": "Authentication failed."}]})

    def show(self, p):
        return {"id": p["number"], "version": p["version"], "title": p["title"],
                "description": p["body"], "state": p["state"].upper(), "draft": p["draft"],
                "links": {"self": [{"href": self.page(p)}]},
                "fromRef": {"id": "refs/heads/" + p["head"]},
                "toRef": {"id": "refs/heads/" + p["base"]},
                "reviewers": [{"user": {"name": n}} for n in p["reviewers"]]}

    def list(self, query, body):
        assert query["direction"] == "OUTGOING" and query["at"].startswith("refs/heads/")
        all = [self.show(p) for p in self.requests if p["state"] == "open"
               and "refs/heads/" + p["head"] == query["at"]]
        at = int(query["start"])
        page = {"values": all[at:at + 1], "isLastPage": at + 1 >= len(all)}  # pages of one
        return 200, page | ({} if page["isLastPage"] else {"nextPageStart": at + 1})

    def one(self, query, body, number):
        return 200, self.show(self.get(number))

    def create(self, query, body):
        fields(body, {"title": str, "fromRef": dict, "toRef": dict},
               {"description": str, "draft": bool})
        for side in ("fromRef", "toRef"):
            assert body[side]["repository"] == {"slug": "inventory", "project": {"key": "ACME"}}
        head, base = (body[s]["id"].removeprefix("refs/heads/") for s in ("fromRef", "toRef"))
        same = self.open(head, base)
        if same:
            name = "com.atlassian.bitbucket.pull.DuplicatePullRequestException"
            raise Refused(409, {"errors": [{"message": "Only one pull request may be open",
                                            "exceptionName": name,
                                            "existingPullRequest": self.show(same[0])}]})
        return 201, self.show(self.add(head, base, body["title"], body["description"],
                                       body.get("draft", False)))

    def update(self, query, body, number):
        fields(body, {"version": int}, {"title": str, "description": str, "reviewers": list})
        p = self.get(number)
        if body["version"] != p["version"]:
            raise Refused(409, {"errors": [{"message": "you are attempting to modify a pull "
                                            "request based on out-of-date information"}]})
        self.change(p, body.get("title"), body.get("description"))
        p["reviewers"] = [r["user"]["name"] for r in body.get("reviewers", [])]
        return 200, self.show(p)

    def comment(self, query, body, number):
        fields(body, {"text": str})
        self.get(number)["comments"].append(body["text"])
        return 201, {"id": 1}

    def decline(self, query, body, number):
        p = self.get(number)
        if int(query["version"]) != p["version"]:
            raise Refused(409, {"errors": [{"message": "out-of-date"}]})
        p["state"] = "declined"
        return 200, self.show(p)

    r = "/rest/api/1.0/projects/ACME/repos/inventory/pull-requests"
    routes = [("GET", r, list), ("POST", r, create), ("GET", r + r"/(\d+)", one),
              ("PUT", r + r"/(\d+)", update), ("POST", r + r"/(\d+)/comments", comment),
              ("POST", r + r"/(\d+)/decline", decline)]


class Azure(Forge):
    name = "azure"
    token = "AZURE_DEVOPS_EXT_PAT"
    git_user = "hoist"
    path = "/acme/shop/_git/inventory"
    limit = 4000

    def check(self, headers):
        basic = base64.b64encode((":" + TOKEN).encode()).decode()
        if headers["Authorization"] != "Basic " + basic:
            raise Refused(401, {"message": "TF400813"})

    def answer(self, method, path, query, headers, body):
        if query.get("api-version") != "7.1":
            raise Refused(400, {"message": "no api-version"})
        return super().answer(method, path, query, headers, body)

    def page(self, p):
        return "%s/acme/shop/_git/inventory/pullrequest/%d" % (self.server.address, p["number"])

    def show(self, p, listed=False):
        shown = {"pullRequestId": p["number"], "title": p["title"], "isDraft": p["draft"],
                 "description": p["body"][:400] if listed else p["body"],
                 "status": {"open": "active"}.get(p["state"], p["state"]),
                 "sourceRefName": "refs/heads/" + p["head"],
                 "targetRefName": "refs/heads/" + p["base"],
                 "reviewers": [{"id": n} for n in p["reviewers"]]}
        return shown

    def list(self, query, body):
        assert query["searchCriteria.status"] == "active"
        # Names that are not whole match nothing.
        return 200, {"value": [self.show(p, True) for p in self.requests if p["state"] == "open"
                               and "refs/heads/" + p["head"] == query[
                                   "searchCriteria.sourceRefName"]
                               and "refs/heads/" + p["base"] == query[
                                   "searchCriteria.targetRefName"]]}

    def one(self, query, body, number):
        return 200, self.show(self.get(number))

    def create(self, query, body):
        fields(body, {"sourceRefName": str, "targetRefName": str, "title": str},
               {"description": str, "isDraft": bool})
        head, base = (body[s].removeprefix("refs/heads/")
                      for s in ("sourceRefName", "targetRefName"))
        if self.open(head, base):
            raise Refused(409, {"typeKey": "GitPullRequestExistsException",
                                "message": "TF401179: An active pull request exists already."})
        return 200, self.show(self.add(head, base, body["title"], body["description"],
                                       body.get("isDraft", False)))

    def update(self, query, body, number):
        fields(body, {}, {"title": str, "description": str, "status": str})
        p = self.get(number)
        self.change(p, body.get("title"), body.get("description"))
        p["state"] = body.get("status", p["state"])
        return 200, self.show(p)

    def labels(self, query, body, number):
        return 200, {"value": [{"name": n} for n in self.get(number)["labels"]]}

    def label(self, query, body, number):
        fields(body, {"name": str})
        self.get(number)["labels"].append(body["name"])
        return 200, {"name": body["name"]}

    def review(self, query, body, number, who):
        fields(body, {"id": str, "vote": int})
        self.get(number)["reviewers"].append(who)
        return 200, {"id": who}

    def comment(self, query, body, number):
        fields(body, {"comments": list}, {"status": str})
        self.get(number)["comments"].append(body["comments"][0]["content"])
        return 200, {"id": 1}

    r = "/acme/shop/_apis/git/repositories/inventory/pullrequests"
    of = r.replace("pullrequests", "pullRequests")
    routes = [("GET", r, list), ("POST", r, create), ("GET", r + r"/(\d+)", one),
              ("PATCH", r + r"/(\d+)", update), ("GET", of + r"/(\d+)/labels", labels),
              ("POST", of + r"/(\d+)/labels", label),
              ("PUT", of + r"/(\d+)/reviewers/([^/]+)", review),
              ("POST", of + r"/(\d+)/threads", comment)]


FORGES = {f.name: f for f in (GitHub, GitLab, Gitea, Bitbucket, BitbucketServer, Azure)}


def read_body(h):
    """Large requests come in pieces."""
    if h.headers["Transfer-Encoding"] != "chunked":
        return h.rfile.read(int(h.headers["Content-Length"] or 0))
    body = b""
    while size := int(h.rfile.readline(), 16):
        body += h.rfile.read(size)
        h.rfile.readline()
    h.rfile.readline()
    return body


class Server:
    """One forge on a free port of the loopback interface."""

    def __init__(self, kind, bare):
        self.bare = bare
        self.faults = []  # dicts: method, path (a pattern), status, headers, after, times
        self.log = []     # "METHOD path status"
        self.exchanges = []  # method, path, query, body, status, answer
        self.git_auth = True
        self.git_users = []
        self.before_push = None  # called once, when a push has arrived and is not yet done
        self.git_lost = 0  # answers to pushes that do not arrive
        self.link = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do(self):
                outer.serve(self)
            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do

            def log_message(self, *args):
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "http://127.0.0.1:%d" % self.httpd.server_address[1]
        self.forge = FORGES[kind](self)
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    @property
    def url(self):
        return self.address + self.forge.path

    def close(self):
        self.httpd.shutdown()
        self.httpd.server_close()

    def tip(self, branch):
        r = subprocess.run(["git", "-C", self.bare, "rev-parse", "-q", "--verify",
                            "refs/heads/" + branch], capture_output=True, text=True)
        return r.stdout.strip()

    def fault(self, h, path):
        for f in self.faults:
            if f["method"] == h.command and re.search(f["path"], path) and f["times"] > 0:
                f["times"] -= 1
                return f
        return None

    def serve(self, h):
        path, _, query = h.path.partition("?")
        if path.startswith(self.forge.path + "/") and not path.startswith("/api"):
            return self.git(h, path[len(self.forge.path):], query)
        text = read_body(h)
        fault = self.fault(h, path)
        if fault and not fault.get("after"):
            return self.send(h, path, fault["status"], fault.get("body", {"message": "busy"}),
                             fault.get("headers", {}))
        self.link = None
        try:
            if text:
                assert h.headers["Content-Type"] == "application/json"
            status, answer = self.forge.answer(
                h.command, path, dict(urllib.parse.parse_qsl(query)), h.headers,
                json.loads(text) if text else {})
        except Refused as r:
            status, answer = r.status, r.body
        except Exception as e:  # a request that no forge would understand
            status, answer = 418, {"message": "%s: %s" % (type(e).__name__, e)}
        self.exchanges.append((h.command, path, urllib.parse.parse_qsl(query),
                               json.loads(text) if text else None, status, answer))
        if fault:
            status = fault["status"]
        self.send(h, path, status, answer, {"Link": self.link} if self.link else {})

    def send(self, h, path, status, answer, headers):
        self.log.append("%s %s %s" % (h.command, path, status))
        if status == 0:  # no answer at all
            h.close_connection = True
            h.connection.close()
            return
        body = json.dumps(answer).encode()
        h.send_response(status)
        for name, value in headers.items():
            h.send_header(name, value)
        h.send_header("Content-Length", str(len(body)))
        h.end_headers()
        h.wfile.write(body)

    def git(self, h, rest, query):
        basic = h.headers["Authorization"] or ""
        if self.git_auth:
            user, _, password = base64.b64decode(basic[6:]).decode().partition(":")
            if not basic.startswith("Basic ") or password != TOKEN:
                h.send_response(401)
                h.send_header("WWW-Authenticate", 'Basic realm="git"')
                h.send_header("Content-Length", "0")
                h.end_headers()
                return
            self.git_users.append(user)
        body = read_body(h)
        if self.before_push and rest == "/git-receive-pack":
            work, self.before_push = self.before_push, None
            work()
        env = dict(os.environ, GIT_PROJECT_ROOT=os.path.dirname(self.bare),
                   GIT_HTTP_EXPORT_ALL="1", PATH_INFO="/" + os.path.basename(self.bare) + rest,
                   QUERY_STRING=query, REQUEST_METHOD=h.command, REMOTE_USER="tester",
                   CONTENT_TYPE=h.headers["Content-Type"] or "", CONTENT_LENGTH=str(len(body)),
                   GIT_PROTOCOL=h.headers["Git-Protocol"] or "",
                   HTTP_CONTENT_ENCODING=h.headers["Content-Encoding"] or "")
        out = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=env)
        if self.git_lost and rest == "/git-receive-pack":
            self.git_lost -= 1
            h.close_connection = True
            h.connection.close()
            return
        head, _, body = out.stdout.partition(b"\r\n\r\n")
        lines = [l.partition(": ") for l in head.decode().split("\r\n") if l]
        status = [v for k, _, v in lines if k.lower() == "status"]
        h.send_response(int(status[0].split()[0]) if status else 200)
        for name, _, value in lines:
            if name.lower() != "status":
                h.send_header(name, value)
        h.send_header("Content-Length", str(len(body)))
        h.end_headers()
        h.wfile.write(body)
