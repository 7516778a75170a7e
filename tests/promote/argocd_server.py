"""A server that answers as Argo CD does: one Application, to who brings the token.

usage: argocd_server.py APPLICATION.json PORT_FILE
The Application's name says how: "web" is answered, "broken" is no JSON, "down" is 503,
"moved" leads to another host, "slow" never ends. Whoever may not see one gets 403.
"""
import http.server
import json
import os
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def reply(self, status, body=b"{}", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if self.headers.get("Authorization") != "Bearer not-to-be-seen":
            return self.reply(401, b'{"error":"no session information","code":16}')
        name = path.rsplit("/", 1)[1]
        if not path.startswith("/argo/api/v1/applications/"):
            return self.reply(404)
        if name == "web" and query == "project=shop&appNamespace=argo-shop":
            with open(sys.argv[1], "rb") as file:
                return self.reply(200, file.read())
        if name == "broken":
            return self.reply(200, b"<html>sign in</html>")
        if name == "down":
            return self.reply(503)
        if name == "moved":
            return self.reply(302, headers=[("Location", "http://localhost:1/" + name)])
        if name == "slow":
            time.sleep(20)
        self.reply(403, json.dumps({"error": "permission denied", "code": 7}).encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[2] + ".new", "w") as out:
    out.write(str(server.server_address[1]))

os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
