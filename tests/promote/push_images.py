"""Fills a registry: push_images.py URL NAME TAG [WORD=VALUE ...]; prints the digest of the index.

Each image is an index of two platforms, with a layer of its own. Words:
  revision=HEX   the label org.opencontainers.image.revision
  user=U:P       who pushes
  ca=FILE        the authority of its TLS
  text=T         what tells one image from another (NAME:TAG)
  count=N        N images, NAME-1 to NAME-N
  key=FILE       a private key, with which the openssl program signs each as cosign does
"""

import base64
import hashlib
import json
import ssl
import subprocess
import sys
import urllib.request

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Registry:
    def __init__(self, url, words):
        self.url = url
        self.headers = {}
        if "user" in words:
            secret = base64.b64encode(words["user"].encode()).decode()
            self.headers["Authorization"] = "Basic " + secret
        self.tls = ssl.create_default_context(cafile=words["ca"]) if "ca" in words else None

    def ask(self, method, path, body=None, **headers):
        url = path if "://" in path else self.url + path
        request = urllib.request.Request(url, body, {**self.headers, **headers}, method=method)
        return urllib.request.urlopen(request, context=self.tls)

    def blob(self, name, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        place = self.ask("POST", f"/v2/{name}/blobs/uploads/", b"").headers["Location"]
        place += ("&" if "?" in place else "?") + "digest=" + digest
        self.ask("PUT", place, data, **{"Content-Type": "application/octet-stream"})
        return {"mediaType": "application/octet-stream", "digest": digest, "size": len(data)}

    def manifest(self, name, reference, value):
        data = json.dumps(value).encode()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.ask("PUT", f"/v2/{name}/manifests/{reference or digest}", data,
                 **{"Content-Type": value["mediaType"]})
        return {"mediaType": value["mediaType"], "digest": digest, "size": len(data)}

    def image(self, name, tag, text, revision):
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        for arch in "amd64", "arm64":
            labels = {"org.opencontainers.image.revision": revision} if revision else {}
            config = {"architecture": arch, "os": "linux", "config": {"Labels": labels}}
            one = {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {
                    **self.blob(name, json.dumps(config).encode()),
                    "mediaType": "application/vnd.oci.image.config.v1+json",
                },
                "layers": [self.blob(name, f"{text} {arch}".encode())],
            }
            place = self.manifest(name, None, one)
            index["manifests"].append({**place, "platform": {"os": "linux", "architecture": arch}})
        return self.manifest(name, tag, index)["digest"]

    def sign(self, name, digest, key):
        payload = json.dumps({
            "critical": {
                "identity": {"docker-reference": self.url.partition("://")[2] + "/" + name},
                "image": {"docker-manifest-digest": digest},
                "type": "cosign container image signature",
            },
            "optional": None,
        }).encode()
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=payload,
                                stdout=subprocess.PIPE, check=True).stdout
        layer = self.blob(name, payload)
        layer["mediaType"] = "application/vnd.dev.cosign.simplesigning.v1+json"
        layer["annotations"] = {
            "dev.cosignproject.cosign/signature": base64.b64encode(signed).decode()
        }
        config = self.blob(name, b"{}")
        config["mediaType"] = "application/vnd.oci.image.config.v1+json"
        self.manifest(name, digest.replace(":", "-") + ".sig", {
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]
        })


def main():
    url, name, tag = sys.argv[1:4]
    words = dict(word.split("=", 1) for word in sys.argv[4:])
    registry = Registry(url, words)
    count = int(words.get("count", 0))
    for one in [f"{name}-{i + 1}" for i in range(count)] or [name]:
        text = words.get("text", f"{one}:{tag}")
        digest = registry.image(one, tag, text, words.get("revision"))
        if "key" in words:
            registry.sign(one, digest, words["key"])
        print(digest)


main()
