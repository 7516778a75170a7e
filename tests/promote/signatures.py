#!/usr/bin/env python3
"""signatures.py HOIST: images signed in every way that counts and in many that do not.

Each case is an OCI layout, made here with the openssl program, and a project whose one promotion
requires a signature of it: `hoist verify` must accept it, or refuse it with the reason."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from signer import *  # noqa: E402,F403

HOIST = os.path.abspath(sys.argv[1])
ONLY = sys.argv[2] if len(sys.argv) > 2 else ""
NOW = int(time.time()) - 30
NAME = "registry.example/acme/web"
WHO = "https://github.example/acme/web/.github/workflows/release.yaml@refs/heads/main"
ISSUER = "https://token.example"
POD = """apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: "%s"}]}
"""

folder = tempfile.mkdtemp()
cases = []


def case(title, status, says):
    def add(make):
        cases.append((title, status, says, make))
        return make
    return add


class Case:
    """A project with one image, NAME:v1, in its layout."""

    def __init__(self, number):
        self.folder = os.path.join(folder, "case%d" % number)
        os.makedirs(self.folder + "/env")
        self.layout = Layout(self.folder + "/registry", NAME)
        self.image = self.layout.image("v1", "first")
        self.digest = self.image["digest"]
        self.require = {}
        self.extra = {}
        self.reference = NAME + ":v1"
        self.registry = {"layout": "registry"}
        self.arguments = []

    def file(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as f:
            f.write(data)
        return name

    def keys(self, *keys, **more):
        names = [self.file("key%d.pub" % i, k.pem) for i, k in enumerate(keys)]
        self.require["signatures"] = dict({"keys": names}, **more)

    def root(self, **what):
        return self.file("trusted_root.json", trusted_root(**what))

    def identities(self, root, subject=WHO, issuer=ISSUER, field="signatures", **more):
        self.require[field] = dict({
            "identities": [{"subject": subject, "issuer": issuer}], "trustedRoot": root}, **more)

    def sign(self, key, digest=None, name=NAME, optional=None, *options):
        payload = payload_of(digest or self.digest, name, optional)
        layer = self.layout.layer(payload, key.sign(payload, *options))
        self.layout.classic(self.digest, [layer])

    def bundle(self, payload, signature, material):
        return self.layout.bundle(self.image, bundle_of(payload, signature, material))

    def run(self):
        self.layout.close()
        project = dict({
            "apiVersion": "hoist/v1",
            "environments": [{"name": "staging", "path": "env"}, {"name": "next", "path": "env"}],
            "promotions": [{"from": "staging", "to": "next",
                            "require": dict({"registry": self.registry}, **self.require)}],
        }, **self.extra)
        self.file("hoist.yaml", json.dumps(project, indent=1).encode())
        self.file("env/pod.yaml", (POD % self.reference).encode())
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C"}
        for name in ("LSAN_OPTIONS", "ASAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        return subprocess.run([HOIST, "verify", "staging", *self.arguments], cwd=self.folder,
                              env=environment, capture_output=True, text=True, timeout=60)


os.makedirs(folder + "/keys")
ec = curve(folder + "/keys", "ec")
other = curve(folder + "/keys", "other")
third = curve(folder + "/keys", "third")
authority = Authority(folder, "authority", NOW - 86400)
foreign = Authority(folder, "foreign", NOW - 86400)
ct = CertificateLog(folder + "/keys", "ct")
foreign_ct = CertificateLog(folder + "/keys", "foreign-ct")
log = Log(folder + "/keys", "log")
foreign_log = Log(folder + "/keys", "foreign-log")
clock = Clock(folder, "clock", NOW - 86400)
foreign_clock = Clock(folder, "foreign-clock", NOW - 86400)
leaf = curve(folder + "/keys", "leaf")
ROOT = {"logs": [log], "authorities": [authority], "certificate_logs": [ct], "clocks": [clock]}


# With a key, in the classic layout.

@case("ECDSA on P-256", 0, "ok: key0.pub")
def _(c):
    c.keys(ec)
    c.sign(ec)


def other_kinds(title, *how, options=()):
    @case(title, 0, "ok: key0.pub")
    def _(c):
        key = Key(folder + "/keys", title.replace(" ", ""), *how)
        c.keys(key)
        c.sign(key, None, NAME, None, *options)


other_kinds("ECDSA on P-384", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")
other_kinds("ECDSA on P-521", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521")
other_kinds("Ed25519", "-algorithm", "ed25519")
other_kinds("RSA", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
other_kinds("RSA with PSS", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
            options=("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"))


@case("the key of a certificate", 0, "ok: key0.pub")
def _(c):
    c.keys(ec)
    c.file("key0.pub", certificate(authority, ec, "URI:" + WHO, ISSUER, NOW))
    c.sign(ec)


@case("a key that stands in hoist.yaml", 0, "ok: the key of hoist.yaml")
def _(c):
    c.require["signatures"] = {"keys": [ec.pem.decode()]}
    c.sign(ec)


@case("the digest of an index, by its digest alone", 0, "ok: key0.pub")
def _(c):
    c.keys(ec)
    c.image = dict(c.layout.blob(compact({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [dict(c.image, platform={"os": "linux", "architecture": "arm64"})]})),
        mediaType=INDEX)
    c.layout.tags["v1"] = c.image
    c.digest = c.image["digest"]
    c.reference = NAME + "@" + c.digest
    c.sign(ec)


@case("a platform's signature is not its index's", 1, "'%s:v1' has no signature of sha256:" % NAME)
def _(c):
    c.keys(ec)
    c.sign(ec)
    c.layout.tags["v1"] = dict(c.layout.blob(compact({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [dict(c.image, platform={"os": "linux", "architecture": "arm64"})]})),
        mediaType=INDEX)


@case("no signature", 1, "has no signature of sha256:")
def _(c):
    c.keys(ec)


@case("signed with another key", 1, "it is not signed with 'key0.pub'")
def _(c):
    c.keys(ec)
    c.sign(other)


@case("one of several keys", 0, "ok: key1.pub")
def _(c):
    c.keys(ec, other)
    c.sign(other)


@case("none of several keys", 1, "it is signed with none of the 2 keys")
def _(c):
    c.keys(ec, other)
    c.sign(third)


@case("two of three keys", 0, "ok: key0.pub, key2.pub")
def _(c):
    c.keys(ec, other, third, threshold=2)
    payload = payload_of(c.digest, NAME)
    c.layout.classic(c.digest, [c.layout.layer(payload, k.sign(payload)) for k in (ec, third)])


@case("one key twice is not two keys", 1, "is signed with 1 of 3 keys, not with 2")
def _(c):
    c.keys(ec, other, third, threshold=2)
    payload = payload_of(c.digest, NAME)
    c.layout.classic(c.digest, [c.layout.layer(payload, ec.sign(payload)) for _ in range(2)])


@case("more keys than there are", 2, "'threshold' must be 1 to the number of keys, 1")
def _(c):
    c.keys(ec, threshold=2)
    c.sign(ec)


@case("one good signature among bad ones", 0, "ok: key0.pub")
def _(c):
    c.keys(ec)
    payload = payload_of(c.digest, NAME)
    c.layout.classic(c.digest, [c.layout.layer(payload, other.sign(payload)),
                                c.layout.layer(b"{", ec.sign(b"{")),
                                c.layout.layer(payload, b"?"),
                                c.layout.layer(payload, ec.sign(payload))])


@case("a signature of another digest, under this one's tag", 1, "it signs another digest, 'sha256:")
def _(c):
    c.keys(ec)
    c.sign(ec, c.layout.image("v2", "second")["digest"])


@case("a payload with another identity", 1,
      "it signs another image, 'registry.example/acme/other'")
def _(c):
    c.keys(ec)
    c.sign(ec, name="registry.example/acme/other")


@case("a payload without an identity", 1, "it signs another image, ''")
def _(c):
    c.keys(ec)
    c.sign(ec, name="")


@case("signed under another name that is allowed", 0, "ok: key0.pub")
def _(c):
    c.keys(ec, signedAs=["old.example/acme/*"])
    c.sign(ec, name="old.example/acme/web")


@case("its own name, which is not among those allowed", 1, "it signs another image, '%s'" % NAME)
def _(c):
    c.keys(ec, signedAs=["old.example/acme/*"])
    c.sign(ec)


@case("annotations", 0, "ok: key0.pub")
def _(c):
    c.keys(ec, annotations={"env": "production", "run": 7})
    c.sign(ec, optional={"env": "production", "run": "7", "more": "x"})


@case("another annotation", 1, "its annotation 'env' is 'staging', not 'production'")
def _(c):
    c.keys(ec, annotations={"env": "production"})
    c.sign(ec, optional={"env": "staging"})


@case("no annotations", 1, "its annotation 'env' is '', not 'production'")
def _(c):
    c.keys(ec, annotations={"env": "production"})
    c.sign(ec)


@case("an attestation signed as if it were a payload", 1,
      "its payload is not the signature of an image")
def _(c):
    c.keys(ec)
    payload = statement_of(c.digest)
    c.layout.classic(c.digest, [c.layout.layer(payload, ec.sign(payload))])


@case("a payload of another type", 1, "its payload is not the signature of an image")
def _(c):
    c.keys(ec)
    payload = payload_of(c.digest, NAME).replace(b"cosign container", b"atomic container")
    c.layout.classic(c.digest, [c.layout.layer(payload, ec.sign(payload))])


@case("a payload whose bytes do not match", 1, "have another digest")
def _(c):
    c.keys(ec)
    payload = payload_of(c.digest, NAME)
    layer = c.layout.layer(payload, ec.sign(payload))
    c.layout.spoil(layer["digest"], payload.replace(b"web", b"bew"))
    c.layout.classic(c.digest, [layer])


@case("a manifest of signatures whose bytes do not match", 1, "bytes, not ")
def _(c):
    c.keys(ec)
    c.sign(ec)
    c.layout.spoil(c.layout.tags["sha256-%s.sig" % c.digest[7:]]["digest"], b"{}")


@case("an image whose bytes do not match", 1, "have another digest")
def _(c):
    c.keys(ec)
    c.sign(ec)
    c.layout.spoil(c.digest, b"x" * c.image["size"])


@case("a payload that the registry lacks", 1, "lacks 'sha256:")
def _(c):
    c.keys(ec)
    payload = payload_of(c.digest, NAME)
    layer = c.layout.layer(payload, ec.sign(payload))
    os.remove(c.layout.folder + "/blobs/" + layer["digest"].replace(":", "/"))
    c.layout.classic(c.digest, [layer])


@case("a huge payload", 1, "it has 2000000 bytes; 1048576 is the limit")
def _(c):
    c.keys(ec)
    c.layout.classic(c.digest, [c.layout.layer(b" " * 2000000, b"?")])


@case("a payload that is deep", 1, "no signature of '%s:v1' is accepted" % NAME)
def _(c):
    c.keys(ec)
    deep = b"[" * 500000
    c.layout.classic(c.digest, [c.layout.layer(deep, ec.sign(deep))])


@case("more signatures than anybody makes", 1, "more than 128 signatures")
def _(c):
    c.keys(ec)
    c.layout.classic(c.digest, [c.layout.layer(b"{}", b"?")] * 200)


@case("a signature that is not in base64", 1, "is not in base64")
def _(c):
    c.keys(ec)
    layer = c.layout.layer(payload_of(c.digest, NAME))
    layer["annotations"]["dev.cosignproject.cosign/signature"] = "!"
    c.layout.classic(c.digest, [layer])


@case("signatures in a repository of their own", 0, "ok: key0.pub")
def _(c):
    c.keys(ec, repository="registry.example/signed")
    c.sign(ec)
    tag = "sha256-%s.sig" % c.digest[7:]
    c.layout.others["registry.example/signed:" + tag] = c.layout.tags.pop(tag)


@case("signatures in a repository of their own, not beside the image", 1, "has no signature of")
def _(c):
    c.keys(ec, repository="registry.example/signed")
    c.sign(ec)


@case("a repository with a tag", 2, "a repository has neither tag nor digest")
def _(c):
    c.keys(ec, repository="registry.example/signed:v1")


# Keys that are none.

def refused_key(title, says, pem):
    @case(title, 2, says)
    def _(c):
        c.keys(ec)
        c.file("key0.pub", pem())
        c.sign(ec)


def public(title, *how):
    return lambda: Key(folder + "/keys", title, *how).pem


refused_key("a key for agreeing on secrets", "'key0.pub' is a key of the kind X25519",
            public("x25519", "-algorithm", "X25519"))
refused_key("a curve of another kind", "'key0.pub' is a key of the kind EC with 256 bits",
            public("koblitz", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"))
refused_key("a short RSA key", "is an RSA key of 1024 bits, not of 2048",
            public("short", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"))
refused_key("a private key", "is no public key but 'PRIVATE KEY'",
            lambda: open(ec.private, "rb").read())
refused_key("no key at all", "it has no PEM block", lambda: b"ssh-ed25519 AAAA\n")


@case("a key that is not there", 2, "missing.pub")
def _(c):
    c.require["signatures"] = {"keys": ["missing.pub"]}


@case("a misspelt field", 2, "did you mean 'keys'?")
def _(c):
    c.require["signatures"] = {"kyes": ["x"]}


@case("nobody is named", 2, "'signatures' must say whose: 'keys' or 'identities'")
def _(c):
    c.require["signatures"] = {"annotations": {"a": "b"}}


@case("an image that no rule is about", 1, "no rule says who signs '%s'" % NAME)
def _(c):
    c.keys(ec, images=["other.example/*"])
    c.sign(ec)


@case("a rule for each image", 0, "ok: key0.pub")
def _(c):
    c.keys(ec, images=["registry.example/acme/*"])
    c.require["signatures"] = [dict(c.require["signatures"], images=["other.example/*"],
                                    annotations={"not": "there"}), c.require["signatures"]]
    c.sign(ec)


# Bundles.

def key_bundle(c, payload, key=ec, signed=None, material=None):
    signature = key.sign(encoded(signed or payload))
    return c.bundle(payload, signature, material or {"publicKey": {"hint": b64(key.id)}})


@case("a bundle with a key", 0, "ok: key0.pub")
def _(c):
    c.keys(ec, annotations={"env": "production"})
    key_bundle(c, statement_of(c.digest, annotations={"env": "production"}))


@case("a bundle with a key on P-384, hashed as the curve does", 0, "ok: key0.pub")
def _(c):
    key = curve(folder + "/keys", "p384", "P-384")
    key.digest = "sha384"
    c.keys(key)
    key_bundle(c, statement_of(c.digest), key)


@case("a bundle of another digest", 1, "it signs another digest")
def _(c):
    c.keys(ec)
    key_bundle(c, statement_of("sha256:" + "0" * 64))


@case("a bundle about another image's manifest", 1, "its manifest is about another digest")
def _(c):
    c.keys(ec)
    second = c.layout.image("v2", "second")
    statement = statement_of(c.digest)
    bundle = bundle_of(statement, ec.sign(encoded(statement)), {})
    c.layout.bundle(second, bundle)
    c.layout.referrers[c.digest] = c.layout.referrers.pop(second["digest"])


@case("an attestation posing as a signature", 1,
      "it is an attestation of '%s', which is no signature" % PROVENANCE)
def _(c):
    c.keys(ec)
    key_bundle(c, statement_of(c.digest, PROVENANCE))


@case("a tampered payload in a valid envelope", 1, "it is not signed with 'key0.pub'")
def _(c):
    c.keys(ec)
    key_bundle(c, statement_of(c.digest), signed=statement_of("sha256:" + "0" * 64))


@case("an envelope whose payload is signed, not the envelope", 1,
      "it is not signed with 'key0.pub'")
def _(c):
    c.keys(ec)
    statement = statement_of(c.digest)
    c.bundle(statement, ec.sign(statement), {})


@case("an envelope with two signatures", 1, "its envelope has 2 signatures, not one")
def _(c):
    c.keys(ec)
    statement = statement_of(c.digest)
    bundle = bundle_of(statement, ec.sign(encoded(statement)), {})
    bundle["dsseEnvelope"]["signatures"] *= 2
    c.layout.bundle(c.image, bundle)


@case("an envelope of another type", 1, "its envelope holds 'text/plain', not an in-toto statement")
def _(c):
    c.keys(ec)
    statement = statement_of(c.digest)
    bundle = bundle_of(statement, ec.sign(encoded(statement, "text/plain")), {})
    bundle["dsseEnvelope"]["payloadType"] = "text/plain"
    c.layout.bundle(c.image, bundle)


@case("a signature of bytes", 1, "it signs bytes and makes no statement of an image")
def _(c):
    c.keys(ec)
    c.layout.bundle(c.image, {"mediaType": BUNDLE, "verificationMaterial": {}, "messageSignature": {
        "messageDigest": {"algorithm": "SHA2_256", "digest": b64(bytes.fromhex(c.digest[7:]))},
        "signature": b64(ec.sign(b"x"))}})


@case("a huge bundle", 1, "bytes; 33554432 is the limit")
def _(c):
    c.keys(ec)
    layer = dict(c.layout.blob(b"{}"), mediaType=BUNDLE, size=1 << 40)
    c.layout.manifest([layer], None, c.image, BUNDLE)


# Attestations.

def attestations(c, **more):
    c.file("key0.pub", ec.pem)
    c.require["attestations"] = dict({"keys": ["key0.pub"], "predicateType": PROVENANCE}, **more)


@case("an attestation in a bundle", 0, "ok: key0.pub")
def _(c):
    attestations(c)
    key_bundle(c, statement_of(c.digest))
    key_bundle(c, statement_of(c.digest, PROVENANCE))


@case("an attestation in the classic layout", 0, "ok: key0.pub")
def _(c):
    attestations(c)
    statement = statement_of(c.digest, PROVENANCE)
    envelope = compact(envelope_of(statement, ec.sign(encoded(statement))))
    c.layout.classic(c.digest, [c.layout.layer(envelope, b"", ENVELOPE)], "att")


@case("an attestation of another sort", 1, "it attests to 'https://spdx.dev/Document'")
def _(c):
    attestations(c)
    key_bundle(c, statement_of(c.digest, "https://spdx.dev/Document"))


@case("a signature is no attestation", 1, "it attests to '%s'" % SIGNED)
def _(c):
    attestations(c)
    key_bundle(c, statement_of(c.digest))


@case("an attestation about another digest", 1, "it attests to another digest")
def _(c):
    attestations(c)
    key_bundle(c, statement_of("sha256:" + "0" * 64, PROVENANCE))


@case("an attestation of which nobody says what", 2, "an attestation needs its 'predicateType'")
def _(c):
    c.file("key0.pub", ec.pem)
    c.require["attestations"] = {"keys": ["key0.pub"]}


# By identity.

def keyless(c, subject="URI:" + WHO, issuer=ISSUER, when=NOW, by=authority, ct_log=ct, root=None,
            wanted=None, logged=True, entry=None, change=None, usage="codeSigning", more="",
            may="digitalSignature", stamp=None, key=leaf, signing_key=None, payload=None, after=540):
    """A bundle with a certificate: everything holds but what is asked for otherwise."""
    pem = certificate(by, key, subject, issuer, NOW, ct_log, usage, more, after=after, may=may)
    statement = payload or statement_of(c.digest)
    signature = (signing_key or key).sign(encoded(statement))
    material = {"certificate": {"rawBytes": b64(der(pem))}}
    if logged:
        body = dsse_record(statement, signature, pem)
        if entry:
            body = entry(statement, signature, pem)
        material["tlogEntries"] = [log.entry(body, when, proof=True)]
    if stamp:
        material["timestampVerificationData"] = {
            "rfc3161Timestamps": [{"signedTimestamp": b64(stamp(signature))}]}
    if change:
        change(material)
    c.bundle(statement, signature, material)
    c.identities(c.root(**(root or ROOT)), **(wanted or {}))


@case("an identity that a log and an authority vouch for", 0, "ok: " + WHO)
def _(c):
    keyless(c)


@case("an identity as evidence for machines", 0,
      '"subject":"%s","issuer":"%s","time":"20' % (WHO, ISSUER))
def _(c):
    keyless(c)
    c.arguments = ["--json"]


@case("an e-mail address, and a pattern of issuers", 0, "ok: a@x.example")
def _(c):
    keyless(c, "email:a@x.example")
    c.require["signatures"]["identities"] = [
        {"subject": "a@x.example", "issuerPattern": "https://token[.](example|test)"}]


@case("a pattern matches the whole", 1, "it is signed by '%s'" % WHO)
def _(c):
    keyless(c)
    c.require["signatures"]["identities"] = [
        {"subjectPattern": "https://github.example/acme/", "issuer": ISSUER}]


@case("a user's name", 0, "ok: ann")
def _(c):
    keyless(c, "otherName:1.3.6.1.4.1.57264.1.7;UTF8:ann", wanted={"subject": "ann"})


@case("another subject", 1, "it is signed by 'https://github.example/evil', whom")
def _(c):
    keyless(c, "URI:https://github.example/evil")


@case("another issuer", 1, "whom 'https://evil.example' knows")
def _(c):
    keyless(c, issuer="https://evil.example")


@case("no issuer", 1, "its certificate does not say who issued")
def _(c):
    keyless(c, issuer=None)


@case("two subjects", 1, "its certificate names 2 identities, not one")
def _(c):
    keyless(c, "URI:%s,URI:https://github.example/evil" % WHO)


@case("both an identity's key and a key that is trusted", 0, "ok: " + WHO)
def _(c):
    keyless(c)
    c.file("key0.pub", other.pem)
    c.require["signatures"]["keys"] = ["key0.pub"]


@case("an expired certificate", 1, "certificate has expired")
def _(c):
    keyless(c, when=NOW + 3600)


@case("a certificate of later", 1, "certificate is not yet valid")
def _(c):
    keyless(c, when=NOW - 3600)


@case("a certificate from a foreign authority", 1, "unable to get local issuer certificate")
def _(c):
    keyless(c, by=foreign)


@case("a foreign authority that comes along", 1, "does not hold under")
def _(c):
    def change(material):
        leaf_der = material.pop("certificate")
        material["x509CertificateChain"] = {
            "certificates": [leaf_der, {"rawBytes": b64(foreign.der)}]}
    keyless(c, by=foreign, change=change)


@case("an authority that was not trusted then", 1, "was not trusted when it took its entry")
def _(c):
    keyless(c, root=dict(ROOT, start=NOW + 86400))


@case("a certificate for something else", 1, "its certificate is not for signing code")
def _(c):
    keyless(c, usage="serverAuth")


@case("a certificate for nothing said", 1, "its certificate is not for signing code")
def _(c):
    keyless(c, usage="")


@case("an authority's certificate signs nothing", 1, "its certificate is an authority's")
def _(c):
    keyless(c, more="basicConstraints=critical,CA:true\n", may="digitalSignature,keyCertSign")


@case("a certificate that no log has seen", 1, "no log of certificates vouches for its certificate")
def _(c):
    keyless(c, ct_log=None)


@case("a certificate that a foreign log has seen", 1,
      "no log of certificates vouches for its certificate")
def _(c):
    keyless(c, ct_log=foreign_ct)


@case("where no logs of certificates are trusted, none is asked for", 0, "ok: " + WHO)
def _(c):
    keyless(c, ct_log=None, root=dict(ROOT, certificate_logs=[]))


@case("signed with another key than the certificate's", 1,
      "it is not signed with the key of its certificate")
def _(c):
    keyless(c, signing_key=other)


@case("a key signed where an identity is wanted", 1, "it comes with no certificate")
def _(c):
    c.identities(c.root(**ROOT))
    key_bundle(c, statement_of(c.digest))


@case("no log entry", 1, "no entry of a log vouches for it")
def _(c):
    keyless(c, logged=False)


@case("an entry of a foreign log", 1, "its log entry is of a log that is not trusted")
def _(c):
    keyless(c, root=dict(ROOT, logs=[foreign_log]))


def tampered(title, says, change):
    @case("a tampered log entry: " + title, 1, says)
    def _(c):
        keyless(c, change=lambda material: change(material["tlogEntries"][0]))


tampered("its time", "has not signed its entry", lambda e: e.update(integratedTime=str(NOW + 1)))
tampered("its place", "has not signed its entry", lambda e: e.update(logIndex="7"))
tampered("its body", "has not signed its entry", lambda e: e.update(
    canonicalizedBody=b64(b" " + base64.b64decode(e["canonicalizedBody"]))))
tampered("its promise", "has not signed its entry", lambda e: e.update(
    inclusionPromise={"signedEntryTimestamp": b64(b"0" * 70)}))
tampered("its proof", "its log entry is not in the tree of",
         lambda e: e["inclusionProof"]["hashes"].reverse())
tampered("a shorter proof", "its log entry is not in the tree of",
         lambda e: e["inclusionProof"]["hashes"].pop())
tampered("a longer proof", "its log entry is not in the tree of",
         lambda e: e["inclusionProof"]["hashes"].append(b64(b"0" * 32)))
tampered("another leaf's place", "its log entry is not in the tree of",
         lambda e: e["inclusionProof"].update(logIndex="2"))
tampered("a place outside the tree", "the proof of its log is malformed",
         lambda e: e["inclusionProof"].update(logIndex="9"))
tampered("another root", "is for another tree head",
         lambda e: e["inclusionProof"].update(rootHash=b64(b"0" * 32)))
tampered("another size", "is for another tree head",
         lambda e: e["inclusionProof"].update(treeSize="6"))
tampered("another head", "has not signed the tree head",
         lambda e: e["inclusionProof"]["checkpoint"].update(
             envelope=e["inclusionProof"]["checkpoint"]["envelope"].replace("example", "other", 1)))
tampered("no head", "the tree head in its log's proof is malformed",
         lambda e: e["inclusionProof"]["checkpoint"].update(envelope=""))
tampered("neither promise nor proof", "is neither promised nor proven",
         lambda e: (e.pop("inclusionPromise"), e.pop("inclusionProof")))


@case("a head that another log signed", 1, "has not signed the tree head")
def _(c):
    def change(material):
        e = material["tlogEntries"][0]
        body = base64.b64decode(e["canonicalizedBody"])
        e["inclusionProof"] = log.proof(body, foreign_log.key)
    keyless(c, change=change)


@case("an entry about another signature", 1, "its log entry speaks of another signature")
def _(c):
    keyless(c, entry=lambda statement, signature, pem: dsse_record(
        statement, leaf.sign(encoded(statement)), pem))


@case("an entry about another payload", 1, "its log entry speaks of another signature")
def _(c):
    keyless(c, entry=lambda statement, signature, pem: dsse_record(b"{}", signature, pem))


@case("an entry about another key", 1, "its log entry speaks of another signature")
def _(c):
    keyless(c, entry=lambda statement, signature, pem: dsse_record(statement, signature, ec.pem))


@case("an entry of a kind that nobody knows", 1, "its log entry is of the unknown kind 'jar' 0.0.1")
def _(c):
    keyless(c, entry=lambda *_: compact({"kind": "jar", "apiVersion": "0.0.1", "spec": {}}))


@case("a time that only a proof comes with is nobody's", 1,
      "no trusted log or clock says when it was signed")
def _(c):
    keyless(c, change=lambda m: m["tlogEntries"][0].pop("inclusionPromise"))


def second_log(c, stamp=clock.stamp, entry=hashedrekord_2):
    """As the second version of the log has it: a proof alone, and a clock's time."""
    def change(material):
        material["tlogEntries"][0].pop("inclusionPromise")
    keyless(c, change=change, stamp=stamp, after=7200,
            entry=lambda statement, signature, pem: entry(encoded(statement), signature, der(pem)))


@case("a proof, and a clock's timestamp", 0, "ok: " + WHO)
def _(c):
    second_log(c)


@case("a timestamp of other bytes", 1, "its timestamp is not from an authority that is trusted")
def _(c):
    second_log(c, lambda signature: clock.stamp(b"other"))


@case("a timestamp of a foreign clock", 1,
      "its timestamp is not from an authority that is trusted")
def _(c):
    second_log(c, foreign_clock.stamp)


@case("a timestamp that is none", 1, "its timestamp is malformed")
def _(c):
    second_log(c, lambda signature: b"0\0")


@case("a proof about another signature", 1, "its log entry speaks of another signature")
def _(c):
    second_log(c, entry=lambda signed, signature, cert: hashedrekord_2(signed, b"?", cert))


def classic_keyless(c, digest=None, name=NAME, change=None):
    pem = certificate(authority, leaf, "URI:" + WHO, ISSUER, NOW, ct)
    payload = payload_of(digest or c.digest, name)
    signature = leaf.sign(payload)
    body = hashedrekord(payload, signature, pem)
    annotation = {"SignedEntryTimestamp": b64(log.promise(body, NOW, 99)),
                  "Payload": {"body": b64(body), "integratedTime": NOW, "logIndex": 99,
                              "logID": log.key.id.hex()}}
    if change:
        change(annotation)
    layer = c.layout.layer(payload, signature, certificate=pem.decode(),
                           chain=authority.pem.decode(), bundle=compact(annotation).decode())
    c.layout.classic(c.digest, [layer])
    c.identities(c.root(**ROOT))


@case("an identity in the classic layout", 0, "ok: " + WHO)
def _(c):
    classic_keyless(c)


@case("an identity in the classic layout, of another digest", 1, "it signs another digest")
def _(c):
    classic_keyless(c, "sha256:" + "0" * 64)


@case("an identity in the classic layout, its entry tampered with", 1, "has not signed its entry")
def _(c):
    classic_keyless(c, change=lambda a: a["Payload"].update(integratedTime=NOW + 1))


@case("an identity's attestation", 0, "ok: " + WHO)
def _(c):
    keyless(c, payload=statement_of(c.digest, PROVENANCE))
    c.require["attestations"] = dict(c.require.pop("signatures"), predicateType=PROVENANCE)


@case("an identity's attestation is no signature", 1, "which is no signature")
def _(c):
    keyless(c, payload=statement_of(c.digest, PROVENANCE))


@case("identities without a trusted root", 2, "'identities' needs 'trustedRoot'")
def _(c):
    c.require["signatures"] = {"identities": [{"subject": WHO, "issuer": ISSUER}]}


@case("an identity without its issuer", 2, "an identity needs one of 'issuer' and 'issuerPattern'")
def _(c):
    c.require["signatures"] = {"identities": [{"subject": WHO}], "trustedRoot": "x"}


@case("a trusted root that is none", 2, "is no trusted root of Sigstore")
def _(c):
    c.identities(c.file("trusted_root.json", b"{}"))


@case("a key, and a log that vouches for it", 0, "ok: key0.pub")
def _(c):
    c.keys(ec, log=True, trustedRoot=c.root(**ROOT))
    statement = statement_of(c.digest)
    signature = ec.sign(encoded(statement))
    c.bundle(statement, signature, {"publicKey": {"hint": ""}, "tlogEntries": [
        log.entry(dsse_record(statement, signature, ec.pem), NOW, proof=True)]})


@case("a key, and no log that vouches for it", 1, "no entry of a log vouches for it")
def _(c):
    c.keys(ec, log=True, trustedRoot=c.root(**ROOT))
    key_bundle(c, statement_of(c.digest))


BUILD = "".join("1.3.6.1.4.1.57264.1.%d=ASN1:UTF8String:%s\n" % pair for pair in (
    (12, "https://github.example/acme/web"), (14, "refs/tags/v1"), (20, "push")))


@case("what a certificate says of a build", 0,
      '"sourceRepository":"https://github.example/acme/web","sourceRef":"refs/tags/v1"')
def _(c):
    keyless(c, more=BUILD)
    c.require["signatures"]["identities"][0].update(
        sourceRepository="https://github.example/acme/web", sourceRefPattern="refs/tags/v.*")
    c.arguments = ["--json"]


@case("a build from another branch", 1, "but its 'sourceRef' is 'refs/tags/v1'")
def _(c):
    keyless(c, more=BUILD)
    c.require["signatures"]["identities"][0].update(sourceRef="refs/heads/main")


@case("a certificate that says nothing of a build", 1, "but its 'sourceRef' is ''")
def _(c):
    keyless(c)
    c.require["signatures"]["identities"][0].update(sourceRefPattern="refs/tags/.*")


@case("a log whose key is of Ed25519", 0, "ok: " + WHO)
def _(c):
    other_log = Log(folder + "/keys", "ed", Key(folder + "/keys", "ed-log", "-algorithm",
                                                "ed25519"))
    def change(material):
        body = base64.b64decode(material["tlogEntries"][0]["canonicalizedBody"])
        material["tlogEntries"] = [other_log.entry(body, NOW, proof=True)]
    keyless(c, change=change, root=dict(ROOT, logs=[other_log]))


@case("a timestamp is nothing to who trusts no clock", 0, "ok: " + WHO)
def _(c):
    keyless(c, stamp=foreign_clock.stamp, root=dict(ROOT, clocks=[]))


# What could not be checked is neither good nor bad.

@case("a registry that does not answer", 3, "NOT CHECKED")
def _(c):
    c.keys(ec)
    c.registry = True
    c.reference = "127.0.0.1:1/acme/web:v1"


@case("a failure counts more than what could not be checked", 1, "is not pinned by its digest")
def _(c):
    c.keys(ec)
    c.registry = True
    c.reference = "127.0.0.1:1/acme/web:v1"
    c.extra["policies"] = [{"rule": "images-pinned-by-digest"}]


def main():
    failed = done = 0
    for number, (title, status, says, make) in enumerate(cases):
        if ONLY not in title:
            continue
        c = Case(number)
        make(c)
        got = c.run()
        done += 1
        ok = got.returncode == status and says in got.stdout + got.stderr
        if ok and status == 0:
            ok = not got.stderr
        if not ok:
            failed += 1
            print("FAILED: %s\n  wanted status %d and: %s\n  got status %d and:\n%s%s" % (
                title, status, says, got.returncode, got.stdout, got.stderr))
        if ONLY:
            print(got.stdout + got.stderr, end="")
    print("%d passed, %d failed" % (done - failed, failed))
    return failed or not done


try:
    sys.exit(main() != 0)
finally:
    if not os.environ.get("KEEP"):
        shutil.rmtree(folder)
