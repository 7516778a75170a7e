"""What signs images: keys, a certificate authority, logs and a clock, all by the openssl program;
and the OCI layouts and bundles that Cosign would write. Nothing of it knows hoist."""
import base64
import hashlib
import json
import os
import struct
import subprocess
import time

EMPTY = b"{}"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD = "application/vnd.dev.cosign.simplesigning.v1+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"
SIGNED = "https://sigstore.dev/cosign/sign/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"


def b64(data):
    return base64.b64encode(data).decode()


def sha256(data):
    return hashlib.sha256(data).digest()


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def openssl(*args, data=None):
    done = subprocess.run(["openssl", *args], input=data, capture_output=True)
    if done.returncode:
        raise SystemExit("openssl %s: %s" % (" ".join(args), done.stderr.decode()))
    return done.stdout


def der_length(n):
    if n < 128:
        return bytes([n])
    size = (n.bit_length() + 7) // 8
    return bytes([128 | size]) + n.to_bytes(size, "big")


def der_inside(data):
    """What an element holds, and what follows it."""
    n, at = data[1], 2
    if n & 128:
        at += n & 127
        n = int.from_bytes(data[2:at], "big")
    return data[at:at + n], data[at + n:]


class Key:
    """A key pair in files of a folder."""

    def __init__(self, folder, name, *how):
        self.private = os.path.join(folder, name + ".key")
        self.public = os.path.join(folder, name + ".pub")
        openssl("genpkey", *how, "-out", self.private)
        openssl("pkey", "-in", self.private, "-pubout", "-out", self.public)
        self.pem = open(self.public, "rb").read()
        self.der = openssl("pkey", "-pubin", "-in", self.public, "-outform", "DER")
        self.id = sha256(self.der)
        self.edwards = "ed25519" in how
        self.digest = "sha256"

    def sign(self, data, *options):
        if not self.edwards:
            return openssl("dgst", "-" + self.digest, *options, "-sign", self.private, data=data)
        with open(self.private + ".data", "wb") as f:
            f.write(data)
        return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.private, "-in", f.name)


def curve(folder, name, group="P-256"):
    return Key(folder, name, "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + group)


CONFIG = """
[ca]
default_ca = own
[own]
dir = .
database = %(folder)s/index.txt
serial = %(folder)s/serial
new_certs_dir = %(folder)s
default_md = sha256
policy = any
unique_subject = no
email_in_dn = no
[any]
commonName = optional
organizationName = optional
"""


def moment(seconds):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(seconds))


class Authority:
    """Issues certificates of any time, with any extensions."""

    def __init__(self, folder, name, start, days=3650):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder, exist_ok=True)
        self.key = curve(self.folder, "root")
        self.config = os.path.join(self.folder, "ca.cnf")
        with open(self.config, "w") as f:
            f.write(CONFIG % {"folder": self.folder})
        self.pem = self.make(self.key, "/O=example/CN=" + name, start, start + days * 86400,
                             "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n"
                             "subjectKeyIdentifier=hash\n", own=True)
        self.cert = os.path.join(self.folder, "root.pem")
        with open(self.cert, "wb") as f:
            f.write(self.pem)
        self.der = der(self.pem)

    def make(self, key, subject, start, end, extensions, own=False):
        at = lambda name: os.path.join(self.folder, name)
        with open(at("index.txt"), "w"), open(at("serial"), "w") as serial, \
                open(at("ext"), "w") as ext:
            serial.write("0A1B2C3D4E\n")
            ext.write(extensions)
        openssl("req", "-new", "-key", key.private, "-subj", subject, "-out", at("csr"))
        issuer = ["-selfsign", "-keyfile", key.private] if own else \
            ["-cert", self.cert, "-keyfile", self.key.private]
        openssl("ca", "-batch", "-notext", "-config", self.config, *issuer, "-in", at("csr"),
                "-startdate", moment(start), "-enddate", moment(end), "-extfile", at("ext"),
                "-out", at("made.pem"))
        return open(at("made.pem"), "rb").read()


def der(pem):
    return openssl("x509", "-outform", "DER", data=pem)


class CertificateLog:
    """Signs what it sees of a certificate, for the certificate itself (RFC 6962)."""

    def __init__(self, folder, name):
        self.key = curve(folder, name)

    def timestamps(self, precertificate, issuer, when):
        inner = der_inside(precertificate)[0]
        inner = inner[:len(inner) - len(der_inside(inner)[1])]
        public = openssl("x509", "-pubkey", "-noout", "-in", issuer)
        issuer_id = sha256(openssl("pkey", "-pubin", "-outform", "DER", data=public))
        stamp = struct.pack(">Q", when * 1000)
        signed = b"\0\0" + stamp + b"\0\1" + issuer_id + len(inner).to_bytes(3, "big") + inner \
            + b"\0\0"
        signature = self.key.sign(signed)
        one = b"\0" + self.key.id + stamp + b"\0\0\4\3" + struct.pack(">H", len(signature)) \
            + signature
        one = struct.pack(">H", len(one)) + one
        return struct.pack(">H", len(one)) + one


def certificate(authority, key, subject, issuer, when, log=None, usage="codeSigning", more="",
                before=60, after=540, may="digitalSignature"):
    """As Fulcio issues it: for ten minutes, seen by a log."""
    extensions = "keyUsage=critical,%s\nsubjectAltName=critical,%s\n%s" % (
        may, subject, more)
    if usage:
        extensions += "extendedKeyUsage=%s\n" % usage
    if issuer:
        extensions += "1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:%s\n" % issuer
    make = lambda ext: authority.make(key, "/", when - before, when + after, ext)
    pem = make(extensions) if not log else None
    if log:
        stamps = log.timestamps(der(make(extensions)), authority.cert, when)
        octets = b"\4" + der_length(len(stamps)) + stamps
        pem = make(extensions + "1.3.6.1.4.1.11129.2.4.2=DER:" + octets.hex(":") + "\n")
    return pem


class Log:
    """A transparency log: promises, and a tree with proofs."""

    def __init__(self, folder, name, key=None):
        self.key = key or curve(folder, name)
        self.name = "log.example"
        self.leaves = [b"first", b"second", b"third"]

    def promise(self, body, when, index, key=None):
        said = b'{"body":"%s","integratedTime":%d,"logID":"%s","logIndex":%d}' % (
            b64(body).encode(), when, self.key.id.hex().encode(), index)
        return (key or self.key).sign(said)

    def root(self, leaves):
        if len(leaves) == 1:
            return sha256(b"\0" + leaves[0])
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        return sha256(b"\1" + self.root(leaves[:k]) + self.root(leaves[k:]))

    def path(self, at, leaves):
        if len(leaves) == 1:
            return []
        k = 1
        while k * 2 < len(leaves):
            k *= 2
        if at < k:
            return self.path(at, leaves[:k]) + [self.root(leaves[k:])]
        return self.path(at - k, leaves[k:]) + [self.root(leaves[:k])]

    def proof(self, body, key=None):
        leaves = self.leaves + [body, b"last"]
        at, root = len(self.leaves), self.root(leaves)
        note = "%s\n%d\n%s\n" % (self.name, len(leaves), b64(root))
        signature = self.key.id[:4] + (key or self.key).sign(note.encode())
        return {
            "logIndex": str(at), "treeSize": str(len(leaves)), "rootHash": b64(root),
            "hashes": [b64(h) for h in self.path(at, leaves)],
            "checkpoint": {"envelope": "%s\n\u2014 %s %s\n" % (note, self.name, b64(signature))},
        }

    def entry(self, body, when, promise=True, proof=False, index=1234):
        kind = json.loads(body)
        out = {"logIndex": str(index), "logId": {"keyId": b64(self.key.id)},
               "kindVersion": {"kind": kind["kind"], "version": kind["apiVersion"]},
               "integratedTime": str(when) if promise else "0", "canonicalizedBody": b64(body)}
        if promise:
            out["inclusionPromise"] = {"signedEntryTimestamp": b64(self.promise(body, when, index))}
        if proof:
            out["inclusionProof"] = self.proof(body)
        return out


class Clock:
    """An authority of timestamps (RFC 3161); it has no other time than now."""

    def __init__(self, folder, name, start):
        self.authority = Authority(folder, name, start)
        self.key = curve(self.authority.folder, "clock")
        self.pem = self.authority.make(
            self.key, "/O=example/CN=clock", start, start + 86400 * 365,
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"
            "basicConstraints=critical,CA:false\n")
        self.cert = os.path.join(self.authority.folder, "clock.pem")
        with open(self.cert, "wb") as f:
            f.write(self.pem)
        self.config = os.path.join(self.authority.folder, "ts.cnf")
        with open(self.config, "w") as f:
            f.write("[tsa]\ndefault_tsa=t\n[t]\nserial=%s/tsserial\nsigner_digest=sha256\n"
                    "default_policy=1.2.3.4\ndigests=sha256\ness_cert_id_alg=sha256\n"
                    % self.authority.folder)

    def stamp(self, data):
        base = os.path.join(self.authority.folder, "query")
        with open(base + ".data", "wb") as f:
            f.write(data)
        openssl("ts", "-query", "-data", base + ".data", "-sha256", "-no_nonce", "-cert", "-out",
                base)
        openssl("ts", "-reply", "-config", self.config, "-queryfile", base, "-signer", self.cert,
                "-inkey", self.key.private, "-out", base + ".reply")
        return open(base + ".reply", "rb").read()


def hashedrekord(signed, signature, verifier):
    return compact({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {
        "data": {"hash": {"algorithm": "sha256", "value": sha256(signed).hex()}},
        "signature": {"content": b64(signature), "publicKey": {"content": b64(verifier)}}}})


def dsse_record(payload, signature, verifier):
    return compact({"apiVersion": "0.0.1", "kind": "dsse", "spec": {
        "envelopeHash": {"algorithm": "sha256", "value": sha256(b"?").hex()},
        "payloadHash": {"algorithm": "sha256", "value": sha256(payload).hex()},
        "signatures": [{"signature": b64(signature), "verifier": b64(verifier)}]}})


def hashedrekord_2(signed, signature, certificate_der):
    return compact({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
        "data": {"algorithm": "SHA2_256", "digest": b64(sha256(signed))},
        "signature": {"content": b64(signature), "verifier": {
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "x509Certificate": {"rawBytes": b64(certificate_der)}}}}}})


def payload_of(digest, name, optional=None):
    return compact({"critical": {"identity": {"docker-reference": name},
                                 "image": {"docker-manifest-digest": digest},
                                 "type": "cosign container image signature"},
                    "optional": optional})


def statement_of(digest, predicate_type=SIGNED, annotations=None, predicate=None):
    subject = {"digest": {digest.split(":")[0]: digest.split(":")[1]}}
    if annotations:
        subject["annotations"] = annotations
    return compact({"_type": "https://in-toto.io/Statement/v1", "subject": [subject],
                    "predicateType": predicate_type, "predicate": predicate or {}})


def encoded(payload, kind="application/vnd.in-toto+json"):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def envelope_of(payload, signature):
    return {"payload": b64(payload), "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"sig": b64(signature)}]}


def bundle_of(payload, signature, material):
    return {"mediaType": BUNDLE, "verificationMaterial": material,
            "dsseEnvelope": envelope_of(payload, signature)}


class Layout:
    """An OCI image layout with the image NAME:v1 in it."""

    def __init__(self, folder, name):
        self.folder, self.name, self.tags, self.referrers = folder, name, {}, {}
        self.others = {}  # by whole reference
        os.makedirs(os.path.join(folder, "blobs/sha256"))
        with open(os.path.join(folder, "oci-layout"), "w") as f:
            f.write('{"imageLayoutVersion":"1.0.0"}')

    def blob(self, data):
        digest = sha256(data).hex()
        with open(os.path.join(self.folder, "blobs/sha256", digest), "wb") as f:
            f.write(data)
        return {"digest": "sha256:" + digest, "size": len(data)}

    def spoil(self, digest, data):
        with open(os.path.join(self.folder, "blobs", digest.replace(":", "/")), "wb") as f:
            f.write(data)

    def manifest(self, layers, tag=None, subject=None, artifact=None, annotations=None):
        config = dict(self.blob(EMPTY), mediaType="application/vnd.oci.empty.v1+json")
        m = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
        if artifact:
            m["artifactType"] = artifact
        if subject:
            m["subject"] = subject
        if annotations:
            m["annotations"] = annotations
        d = dict(self.blob(compact(m)), mediaType=MANIFEST)
        if tag:
            self.tags[tag] = d
        if subject:
            self.referrers.setdefault(subject["digest"], []).append(dict(d, artifactType=artifact))
        return d

    def image(self, tag, mark):
        return self.manifest([], tag, annotations={"mark": mark})

    def classic(self, digest, layers, suffix="sig"):
        return self.manifest(layers, "sha256-%s.%s" % (digest.split(":")[1], suffix))

    def layer(self, payload, signature=b"", media_type=PAYLOAD, **annotations):
        all_of = {"dev.cosignproject.cosign/signature": b64(signature)}
        all_of.update({"dev.sigstore.cosign/" + k: v for k, v in annotations.items()})
        return dict(self.blob(payload), mediaType=media_type, annotations=all_of)

    def bundle(self, image, bundle):
        layer = dict(self.blob(compact(bundle)), mediaType=BUNDLE)
        return self.manifest([layer], None, image, BUNDLE)

    def close(self):
        for digest, list_ in self.referrers.items():
            index = compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": list_})
            self.tags[digest.replace(":", "-")] = dict(self.blob(index), mediaType=INDEX)
        names = {"%s:%s" % (self.name, tag): d for tag, d in self.tags.items()}
        names.update(self.others)
        entries = [dict(d, annotations={"org.opencontainers.image.ref.name": name})
                   for name, d in names.items()]
        with open(os.path.join(self.folder, "index.json"), "wb") as f:
            f.write(compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}))


def trusted_root(logs=(), authorities=(), certificate_logs=(), clocks=(), start=0, end=None):
    period = {"start": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start))}
    if end:
        period["end"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end))
    log = lambda l: {"baseUrl": "https://log.example", "hashAlgorithm": "SHA2_256",
                     "publicKey": {"rawBytes": b64(l.key.der), "validFor": period},
                     "logId": {"keyId": b64(l.key.id)}}
    chain = lambda name, *ders: {"uri": "https://%s.example" % name, "validFor": period,
                                 "certChain": {"certificates": [{"rawBytes": b64(d)}
                                                                for d in ders]}}
    return compact({
        "mediaType": "application/vnd.dev.sigstore.trustedroot.v0.2+json",
        "tlogs": [log(l) for l in logs], "ctlogs": [log(l) for l in certificate_logs],
        "certificateAuthorities": [chain("issuer", a.der) for a in authorities],
        "timestampAuthorities": [chain("clock", der(c.pem), c.authority.der) for c in clocks]})
