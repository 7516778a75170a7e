"""A registry on the loopback interface that does what registries do, and what they must not.

Usage: registry.py FOLDER MODE [ARGUMENT]. Prints its port, then serves until its standard input
ends. What it is asked stands in FOLDER/asked, a line each: METHOD PATH AUTHORIZATION.
  open            wants to know nothing
  basic           the user 'fox' with the password 'den-of-the-fox'
  bearer          a token of its own /token, which gives 'honey-from-the-hive' to the fox, or for the
                  identity 'nectar-of-the-rose', and lives as long as ARGUMENT says
  foreign URL     a token of the server at URL
  echo            like basic, but what it was told comes back in its answers
  tls FOLDER      like open, with FOLDER/cert.pem and FOLDER/key.pem
What is sent to it stands in FOLDER/sent: METHOD NAME DIGEST, the last of what was really sent.
Repositories, each with a tag v1, say what is odd; 'good' is not.
"""

import base64
import collections
import hashlib
import http.server
import json
import os
import ssl
import sys
import threading
import urllib.parse

FOLDER, MODE = sys.argv[1:3]
ARGUMENT = sys.argv[3] if len(sys.argv) > 3 else ""
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
PASSWORD = "den-of-the-fox"
TOKEN = "honey-from-the-hive"
tokens = []
scopes = []
seen = collections.Counter()


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(data, kind=MANIFEST, **more):
    return {"mediaType": kind, "digest": digest_of(data), "size": len(data), **more}


def manifest(text, **more):
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "text": text, **more}).encode()


def index(entries):
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()


AMD, ARM = manifest("amd64"), manifest("arm64")
GOOD = index([
    descriptor(one, platform={"os": "linux", "architecture": arch})
    for one, arch in ((AMD, "amd64"), (ARM, "arm64"))
])
LIAR = index([descriptor(AMD, platform={"os": "linux", "architecture": "amd64"})])
MD5 = index([{**descriptor(AMD), "digest": "md5:" + "0" * 32,
              "platform": {"os": "linux", "architecture": "amd64"}}])
SIGNATURES = [
    manifest(f"signature {i}", subject=descriptor(GOOD, INDEX), artifactType=f"test/{i}")
    for i in range(3)
]
LISTED = [descriptor(s, artifactType=f"test/{i}") for i, s in enumerate(SIGNATURES)]
BLOB = b"a blob of bytes"
STORED = {digest_of(b): b for b in [GOOD, LIAR, MD5, AMD, ARM, BLOB, index(LISTED),
                                        *SIGNATURES]}
TAGGED = {"liar": LIAR, "md5": MD5}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", MANIFEST)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while self.command != "HEAD":
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def here(self):
        scheme = "https" if MODE == "tls" else "http"
        return f"{scheme}://127.0.0.1:{self.server.server_port}"

    # --- who asks ---

    def is_known(self):
        said = self.headers.get("Authorization", "")
        if MODE in ("basic", "echo"):
            return said == "Basic " + base64.b64encode(b"fox:" + PASSWORD.encode()).decode()
        if MODE in ("bearer", "foreign"):
            right = "push" if self.command in ("POST", "PUT") else "pull"
            return bool(tokens) and said == "Bearer " + tokens[-1] and right in scopes[-1]
        return True

    def challenge(self):
        if MODE in ("basic", "echo"):
            return 'Basic realm="a registry, of foxes"'
        realm = ARGUMENT if MODE == "foreign" else self.here() + "/token"
        return f'Bearer realm="{realm}",service="foxes, and others"'

    def give_token(self, query):
        said = self.headers.get("Authorization", "")
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        fox = base64.b64encode(b"fox:" + PASSWORD.encode()).decode()
        known = said == "Basic " + fox or "refresh_token=nectar-of-the-rose" in form
        if not known or not (query + form).startswith(("service=foxes%2C+and+others&scope=",
                                                       "grant_type=refresh_token&client_id=hoist")):
            self.answer(401, b"{}")
            return
        tokens.append(f"{TOKEN}-{len(tokens)}")
        scopes.append(query + form)
        life = {"expires_in": int(ARGUMENT)} if ARGUMENT else {}
        self.answer(200, json.dumps({"token": tokens[-1], **life}).encode())

    # --- what is asked ---

    def give_manifest(self, name, reference):
        body = STORED.get(reference) if ":" in reference else TAGGED.get(name, GOOD)
        headers = {"Content-Type": MANIFEST if body in (AMD, ARM, *SIGNATURES) else INDEX}
        headers["Docker-Content-Digest"] = reference if ":" in reference else digest_of(body or b"")
        times = seen[self.command, self.path]
        if name == "missing" or body is None or (reference.startswith("sha256-")
                                                 and name != "tagged"):
            self.answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
            return
        if reference.startswith("sha256-"):
            body = index(LISTED)
            headers["Docker-Content-Digest"] = digest_of(body)
        if name == "moving" and self.command == "HEAD":
            headers["Docker-Content-Digest"] = digest_of(LIAR)
        if name == "lies" or (name == "liar" and ":" in reference):
            body = body.replace(b'"schemaVersion": 2', b'"schemaVersion": 3')
        elif name == "longer":
            body += b" "
        elif name == "endless":
            self.endless()
            return
        elif name == "huge" and self.command == "HEAD":
            self.send_response(200)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(5 << 20))
            self.end_headers()
            return
        elif name == "algorithm":
            headers["Docker-Content-Digest"] = "md5:" + "0" * 32
        elif name == "silent":
            del headers["Docker-Content-Digest"]
        elif name == "headless" and self.command == "HEAD":
            self.answer(405)
            return
        elif name == "old":
            headers["Content-Type"] = "application/vnd.docker.distribution.manifest.v1+prettyjws"
        elif name == "mixed":
            headers["Content-Type"] = MANIFEST
        elif name == "busy" and times <= 2:
            self.answer(429, Retry_After="0")
            return
        elif name == "broken":
            self.answer(503)
            return
        elif name == "denied":
            self.answer(403, b'{"errors":[{"code":"DENIED"}]}')
            return
        elif name == "moved":
            self.answer(307, Location=ARGUMENT + self.path.replace("moved", "good"))
            return
        elif name == "plain":
            self.answer(307, Location="http://192.0.2.1/" + self.path)
            return
        elif name == "echo":
            said = self.headers.get("Authorization", "")
            told = base64.b64decode(said.partition(" ")[2] or "").decode()
            body = (said + " " + told).encode()
        self.answer(200, body, **headers)

    def give_page(self, items, field, query, **headers):
        at = int(dict(urllib.parse.parse_qsl(query)).get("last", 0))
        if at + 1 < len(items):
            path = self.path.partition("?")[0]
            start = self.here() if at else ""
            headers["Link"] = f'<{start}{path}?last={at + 1}>; rel="next"'
        self.answer(200, json.dumps({field: items[at:at + 1]}).encode(), **headers)

    def open_upload(self, name):
        place = f"/upload/{name}?state=a%2Fb"
        if name == "far":
            place = "http://192.0.2.1" + place
        elif name != "near":
            place = self.here() + place
        self.answer(507 if name == "full" else 202, Location=place)

    def take(self, name, reference):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        digest = digest_of(body)
        with open(os.path.join(FOLDER, "sent"), "a") as f:
            f.write(f"{self.command} {name} {digest}\n")
        if ":" in reference and reference != digest:
            self.answer(400, b'{"errors":[{"code":"DIGEST_INVALID"}]}')
            return
        STORED[digest] = body
        self.answer(201, Docker_Content_Digest=digest)

    def do_GET(self):
        seen[self.command, self.path] += 1
        said = self.headers.get("Authorization", "-")
        with open(os.path.join(FOLDER, "asked"), "a") as f:
            f.write(f"{self.command} {self.path} {said}\n")
        path, _, query = self.path.partition("?")
        if path == "/token":
            self.give_token(query)
            return
        if not self.is_known():
            self.answer(401, b'{"errors":[{"code":"UNAUTHORIZED"}]}',
                        WWW_Authenticate=self.challenge())
            return
        parts = path.strip("/").split("/")
        if parts == ["v2"]:
            self.answer(200, b"{}")
        elif parts[0] == "upload":
            self.take(parts[1], dict(urllib.parse.parse_qsl(query)).get("digest", ":"))
        elif self.command == "POST":
            self.open_upload(parts[1])
        elif self.command == "PUT":
            self.take(parts[1], parts[3])
        elif parts[2] == "manifests":
            self.give_manifest(parts[1], parts[3])
        elif parts[2] == "tags":
            self.give_page(["v1", "v2", "v3"], "tags", query)
        elif parts[2] == "referrers" and parts[1] != "tagged":
            self.give_page(LISTED if parts[3] == digest_of(GOOD) else [], "manifests", query,
                           Content_Type=INDEX)
        elif parts[2] == "blobs" and parts[1] == "endless":
            self.endless()
        elif parts[2] == "blobs" and parts[1] == "moved":
            self.answer(307, Location=ARGUMENT + self.path.replace("moved", "good"))
        elif parts[2] == "blobs" and parts[3] in STORED:
            self.answer(200, BLOB[::-1] if parts[1] == "lies" else STORED[parts[3]])
        else:
            self.answer(404, b"404 page not found")

    do_POST = do_PUT = do_HEAD = do_GET


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if MODE == "tls":
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(os.path.join(ARGUMENT, "cert.pem"), os.path.join(ARGUMENT, "key.pem"))
    server.socket = tls.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
# In one piece: who reads the number may close its end at once.
os.write(1, b"%d\n" % server.server_port)
sys.stdin.read()
