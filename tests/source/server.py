"""A server on the loopback interface: what servers do to those who ask, and Git over HTTP.

Usage: server.py FOLDER [CERTIFICATE KEY]. Prints its port, then serves, with those two by TLS,
until its standard input ends.
  /file/NAME        FOLDER/NAME
  /git/…            the repositories in FOLDER, by git http-backend; /old/… the same, without
                    protocol version 2
  /cut/…            the same, with half of every answer to a POST
  /private/…        the same for the user 'fox' with the password 'den', else status 401
  /token/…          the same with the header 'Authorization: Bearer honey'
  /moved/…          a redirect to /git/…
  /busy/N/…         status 429 N times for each path, then FOLDER/…
  /status/CODE      that status
  /loop             a redirect to itself
  /elsewhere?URL    a redirect to URL
  /headers          what was sent, as JSON
  /large            endless bytes
  /slow…            nothing, for five seconds
  /trickle…         a byte a second
  /zip/NAME         FOLDER/NAME, compressed whether that was asked for or not
"""

import base64
import collections
import gzip
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

FOLDER = os.path.abspath(sys.argv[1])
busy = collections.Counter()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        with open(os.path.join(FOLDER, "requests"), "a") as f:
            f.write(f"{self.command} {self.path}\n")

    def answer(self, status, body=b"", length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def file(self, path):
        try:
            with open(os.path.join(FOLDER, path.lstrip("/")), "rb") as f:
                self.answer(200, f.read())
        except OSError:
            self.answer(404, b"no such file")

    def git(self, path, version, cut=False, user=""):
        path, _, query = path.partition("?")
        env = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": FOLDER,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        if user:
            env["REMOTE_USER"] = user
        if version:
            env["GIT_PROTOCOL"] = self.headers.get("Git-Protocol", "")
        length = int(self.headers.get("Content-Length") or 0)
        done = subprocess.run(["git", "http-backend"], input=self.rfile.read(length),
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        # A path that is no repository's is an error of its own to http-backend.
        status = int(dict(fields).get("Status", "200").split()[0])
        status = 404 if status == 500 else status
        whole, kept = len(body), len(body) // 2 if cut and self.command == "POST" else len(body)
        self.answer(status, body[:kept], whole, **{n: v for n, v in fields if n != "Status"})
        self.close_connection = kept < whole

    def do_GET(self):
        first, _, rest = self.path.lstrip("/").partition("/")
        rest = "/" + rest
        said = self.headers.get("Authorization", "")
        if first == "file":
            self.file(urllib.parse.urlparse(rest).path)
        elif first in ("git", "old"):
            self.git(rest, first == "git")
        elif first == "cut":
            self.git(rest, True, cut=True)
        elif first == "private":
            if said == "Basic " + base64.b64encode(b"fox:den").decode():
                self.git(rest, True, user="fox")
            else:
                self.answer(401, WWW_Authenticate='Basic realm="den"')
        elif first == "token":
            self.git(rest, True) if said == "Bearer honey" else self.answer(403)
        elif first == "moved":
            self.answer(301, Location="/git" + rest)
        elif first == "busy":
            times, _, name = rest[1:].partition("/")
            busy[self.path] += 1
            if busy[self.path] <= int(times):
                self.answer(429, Retry_After="0")
            else:
                self.file(name)
        elif first == "status":
            self.answer(int(rest[1:4]))
        elif first == "loop":
            self.answer(302, Location="/loop")
        elif first.startswith("elsewhere?"):
            self.answer(307, Location=self.path.partition("?")[2])
        elif first.partition("?")[0] == "headers":
            self.answer(200, json.dumps(sorted(self.headers.items())).encode())
        elif first == "large":
            self.large()
        elif first.startswith("slow"):
            time.sleep(5)
        elif first.startswith("trickle"):
            self.trickle()
        elif first == "zip":
            with open(os.path.join(FOLDER, rest.lstrip("/")), "rb") as f:
                self.answer(200, gzip.compress(f.read()), Content_Encoding="gzip")
        else:
            self.answer(404)

    do_POST = do_HEAD = do_GET

    def large(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def trickle(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"#")
                self.wfile.flush()
                time.sleep(1)
        except OSError:
            pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *_: None
if len(sys.argv) > 3:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])
    # Shaken hands in the connection's own thread.
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
# In one piece: who reads the number may close its end at once.
os.write(1, b"%d\n" % server.server_port)
sys.stdin.read()
