/* Log entries: promises, proofs (RFC 6962, signed tree heads as notes), and what they speak of. */
#include "promote/log_entry.h"

#include "promote/proto_json.h"
#include "render/base/buf.h"
#include "render/base/digest.h"
#include "render/base/encode.h"
#include "render/doc/json_read.h"
#include "render/template/pem.h"

enum { HASHES_MOST = 64, SIGNATURES_MOST = 32 };

static const struct trusted_log *find_log(const struct trusted_root *root, str id)
{
    for (uint32_t i = 0; i < root->logs.len; i++) {
        if (str_eq(root->logs.at[i].id, id))
            return &root->logs.at[i];
    }
    return NULL;
}

/* Promises. */

/* What the log signs: JSON with its keys in order and no spaces. */
static bool promise_holds(struct context *cx, const struct log_entry *e,
                          const struct trusted_log *log)
{
    struct buf b;
    buf_init(&b, cx->arena, 2 * e->body.len + 256);
    buf_str(&b, S("{\"body\":\""));
    encode_base64(&b, BASE64_STD, e->body);
    buf_format(&b, "\",\"integratedTime\":%llu,\"logID\":\"", (unsigned long long)e->time);
    encode_hex(&b, e->log);
    buf_format(&b, "\",\"logIndex\":%llu}", (unsigned long long)e->index);
    if (!public_key_verifies(log->key, buf_take(&b), e->promise))
        return report_refused(cx, NOWHERE, "the log '%.*s' has not signed its entry",
                              STR(log->name));
    return true;
}

/* Proofs. */

struct hash {
    unsigned char at[SHA256_SIZE];
};

static struct hash hash_leaf(str body)
{
    struct sha256 h;
    struct hash out;
    sha256_begin(&h);
    sha256_add(&h, "\0", 1);
    sha256_add(&h, body.at, body.len);
    sha256_end(&h, out.at);
    return out;
}

static struct hash hash_pair(struct hash left, struct hash right)
{
    struct sha256 h;
    struct hash out;
    sha256_begin(&h);
    sha256_add(&h, "\1", 1);
    sha256_add(&h, left.at, sizeof left.at);
    sha256_add(&h, right.at, sizeof right.at);
    sha256_end(&h, out.at);
    return out;
}

/* From a leaf up to the root; `index` and `last` are its place and the last place on each level. */
static bool climb(struct hash *node, const struct hash *path, uint32_t len, uint64_t index,
                  uint64_t last)
{
    for (uint32_t i = 0; i < len; i++) {
        if (last == 0)
            return false;
        if (index & 1 || index == last) {
            *node = hash_pair(path[i], *node);
            while (!(index & 1) && index) {
                index >>= 1;
                last >>= 1;
            }
        } else {
            *node = hash_pair(*node, path[i]);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0;
}

static bool read_hash(struct context *cx, const struct node *n, struct hash *out)
{
    str bytes;
    if (!proto_bytes_of(cx, n, S("hashes"), &bytes))
        return false;
    if (bytes.len != SHA256_SIZE)
        return report_refused(cx, NOWHERE, "a hash of its log's proof has %zu bytes", bytes.len);
    memcpy(out->at, bytes.at, SHA256_SIZE);
    return true;
}

struct tree_head {
    uint64_t size;
    str root;
};

/* A signed note: lines, a blank line, lines "— NAME BASE64" whose first four bytes only hint at the
 * key. Others may have signed it too. */
static bool note_is_signed(struct context *cx, str note, str signatures,
                           const struct trusted_log *log)
{
    static const str dash = { "\xE2\x80\x94 ", 4 };
    str line, name, base64, raw;
    for (int i = 0; i < SIGNATURES_MOST && str_next_line(&signatures, &line); i++) {
        if (str_starts(line, dash) && str_cut_last(str_skip(line, dash.len), ' ', &name, &base64)
            && decode_base64(cx->arena, BASE64_STD, base64, &raw) && raw.len > 4
            && public_key_verifies(log->key, note, str_skip(raw, 4)))
            return true;
    }
    return false;
}

static bool read_decimal(str s, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9' || *out > (INT64_MAX - 9) / 10)
            return false;
        *out = *out * 10 + (uint64_t)(s.at[i] - '0');
    }
    return s.len > 0;
}

static bool read_head(struct context *cx, const struct node *proof, const struct trusted_log *log,
                      struct tree_head *out)
{
    str envelope = proto_text(cx, node_get_text(cx, proof, S("checkpoint")), S("envelope"));
    ptrdiff_t blank = str_find(envelope, S("\n\n"));
    str note = str_slice(envelope, 0, blank < 0 ? 0 : (size_t)blank + 1);
    str rest = note, origin, size, root;
    if (!str_next_line(&rest, &origin) || !str_next_line(&rest, &size)
        || !str_next_line(&rest, &root) || !read_decimal(size, &out->size)
        || !decode_base64(cx->arena, BASE64_STD, root, &out->root))
        return report_refused(cx, NOWHERE, "the tree head in its log's proof is malformed");
    if (!note_is_signed(cx, note, str_skip(envelope, note.len + 1), log))
        return report_refused(cx, NOWHERE,
                              "the log '%.*s' has not signed the tree head in its proof",
                              STR(log->name));
    return true;
}

static bool proof_holds(struct context *cx, const struct log_entry *e,
                        const struct trusted_log *log)
{
    struct tree_head head;
    struct hash path[HASHES_MOST], node = hash_leaf(e->body);
    struct node *const *items;
    uint64_t index, size;
    str root;
    uint32_t len = proto_list(cx, e->proof, S("hashes"), &items);
    if (!read_head(cx, e->proof, log, &head) || !proto_count(cx, e->proof, S("logIndex"), &index)
        || !proto_count(cx, e->proof, S("treeSize"), &size)
        || !proto_bytes(cx, e->proof, S("rootHash"), &root))
        return false;
    if (size != head.size || !str_eq(root, head.root))
        return report_refused(cx, NOWHERE, "the proof of its log is for another tree head");
    if (len > HASHES_MOST || index >= size)
        return report_refused(cx, NOWHERE, "the proof of its log is malformed");
    for (uint32_t i = 0; i < len; i++) {
        if (!read_hash(cx, items[i], &path[i]))
            return false;
    }
    if (climb(&node, path, len, index, size - 1)
        && str_eq((str){ (char *)node.at, sizeof node.at }, head.root))
        return true;
    return report_refused(cx, NOWHERE, "its log entry is not in the tree of '%.*s'",
                          STR(log->name));
}

/* What an entry speaks of. */

struct subject {
    const struct bundle *bundle;
    const struct public_key *key;
};

/* A key, or a certificate: of the bundle. */
static bool is_key(const struct subject *s, str der)
{
    return str_eq(der, s->key->der)
           || (s->bundle->chain.len && str_eq(der, s->bundle->chain.at[0]->der));
}

static bool is_key_in_pem(struct context *cx, const struct subject *s, const struct node *map,
                          str name)
{
    struct pem pem;
    str text;
    return proto_bytes(cx, map, name, &text) && pem_decode(cx->arena, text, &pem)
           && is_key(s, pem.der);
}

static bool is_verifier(struct context *cx, const struct subject *s, const struct node *verifier)
{
    str der;
    const struct node *one = node_get_text(cx, verifier, S("x509Certificate"));
    if (!one)
        one = node_get_text(cx, verifier, S("publicKey"));
    return proto_bytes(cx, one, S("rawBytes"), &der) && is_key(s, der);
}

static bool is_signature(struct context *cx, const struct subject *s, const struct node *map,
                         str name)
{
    str raw;
    return proto_bytes(cx, map, name, &raw) && str_eq(raw, s->bundle->signature);
}

static bool is_hash(struct context *cx, str algorithm, str wanted, str bytes)
{
    static const struct {
        str names[2];
        const char *digest;
    } rows[] = {
        { { S("sha256"), S("SHA2_256") }, NULL },
        { { S("sha384"), S("SHA2_384") }, "sha384" },
        { { S("sha512"), S("SHA2_512") }, "sha512" },
    };
    unsigned char out[DIGEST_LARGEST];
    size_t size = SHA256_SIZE;
    for (size_t i = 0; i < countof(rows); i++) {
        if (!str_eq(algorithm, rows[i].names[0]) && !str_eq(algorithm, rows[i].names[1]))
            continue;
        if (!rows[i].digest)
            digest_sha256(bytes, out);
        else if (!digest_named(cx, rows[i].digest, bytes, out, &size))
            return false;
        return str_eq(wanted, (str){ (char *)out, size });
    }
    return false;
}

/* {"algorithm": "sha256", "value": "…"} in hexadecimal digits, and later in base64. */
static bool is_hash_of(struct context *cx, const struct node *hash, str bytes)
{
    str raw;
    return decode_hex(cx->arena, proto_text(cx, hash, S("value")), &raw)
           && is_hash(cx, proto_text(cx, hash, S("algorithm")), raw, bytes);
}

static bool is_digest_of(struct context *cx, const struct node *hash, str bytes)
{
    str raw;
    return proto_bytes(cx, hash, S("digest"), &raw)
           && is_hash(cx, proto_text(cx, hash, S("algorithm")), raw, bytes);
}

static bool speaks_hashedrekord(struct context *cx, const struct node *spec,
                                const struct subject *s)
{
    const struct node *signature = node_get_text(cx, spec, S("signature"));
    const struct node *hash = node_get_text(cx, node_get_text(cx, spec, S("data")), S("hash"));
    return is_signature(cx, s, signature, S("content"))
           && is_key_in_pem(cx, s, node_get_text(cx, signature, S("publicKey")), S("content"))
           && is_hash_of(cx, hash, s->bundle->bytes);
}

static bool speaks_hashedrekord_2(struct context *cx, const struct node *spec,
                                  const struct subject *s)
{
    const struct node *n = node_get_text(cx, spec, S("hashedRekordV002"));
    const struct node *signature = node_get_text(cx, n, S("signature"));
    return is_signature(cx, s, signature, S("content"))
           && is_verifier(cx, s, node_get_text(cx, signature, S("verifier")))
           && is_digest_of(cx, node_get_text(cx, n, S("data")), s->bundle->bytes);
}

static bool speaks_dsse(struct context *cx, const struct node *spec, const struct subject *s)
{
    struct node *const *items;
    uint32_t len = proto_list(cx, spec, S("signatures"), &items);
    if (!s->bundle->statement
        || !is_hash_of(cx, node_get_text(cx, spec, S("payloadHash")), s->bundle->payload))
        return false;
    for (uint32_t i = 0; i < len; i++) {
        if (is_signature(cx, s, items[i], S("signature"))
            && is_key_in_pem(cx, s, items[i], S("verifier")))
            return true;
    }
    return false;
}

static bool speaks_dsse_2(struct context *cx, const struct node *spec, const struct subject *s)
{
    struct node *const *items;
    const struct node *n = node_get_text(cx, spec, S("dsseV002"));
    uint32_t len = proto_list(cx, n, S("signatures"), &items);
    if (!s->bundle->statement
        || !is_digest_of(cx, node_get_text(cx, n, S("payloadHash")), s->bundle->payload))
        return false;
    for (uint32_t i = 0; i < len; i++) {
        if (is_signature(cx, s, items[i], S("content"))
            && is_verifier(cx, s, node_get_text(cx, items[i], S("verifier"))))
            return true;
    }
    return false;
}

/* The first version keeps the key and the payload's hash alone; the second the signature too, twice
 * in base64. */
static bool speaks_intoto(struct context *cx, const struct node *spec, const struct subject *s)
{
    const struct node *content = node_get_text(cx, spec, S("content"));
    const struct node *envelope = node_get_text(cx, content, S("envelope"));
    struct node *const *items;
    str once, raw;
    uint32_t len = proto_list(cx, envelope, S("signatures"), &items);
    if (!s->bundle->statement
        || !is_hash_of(cx, node_get_text(cx, content, S("payloadHash")), s->bundle->payload))
        return false;
    if (node_get_text(cx, spec, S("publicKey")))
        return is_key_in_pem(cx, s, spec, S("publicKey"));
    for (uint32_t i = 0; i < len; i++) {
        if (is_key_in_pem(cx, s, items[i], S("publicKey"))
            && proto_bytes(cx, items[i], S("sig"), &once)
            && decode_base64(cx->arena, BASE64_STD, once, &raw)
            && str_eq(raw, s->bundle->signature))
            return true;
    }
    return false;
}

static const struct entry_kind {
    str kind;
    str version;
    bool (*speaks)(struct context *cx, const struct node *spec, const struct subject *s);
} entry_kinds[] = {
    { S("hashedrekord"), S("0.0.1"), speaks_hashedrekord },
    { S("hashedrekord"), S("0.0.2"), speaks_hashedrekord_2 },
    { S("dsse"), S("0.0.1"), speaks_dsse },
    { S("dsse"), S("0.0.2"), speaks_dsse_2 },
    { S("intoto"), S("0.0.1"), speaks_intoto },
    { S("intoto"), S("0.0.2"), speaks_intoto },
};

static bool speaks_of(struct context *cx, const struct log_entry *e, const struct subject *s)
{
    const struct node *body = json_read(cx, text_add(cx, S("the log entry"), e->body));
    if (!body)
        return false;
    str kind = proto_text(cx, body, S("kind")), version = proto_text(cx, body, S("apiVersion"));
    for (size_t i = 0; i < countof(entry_kinds); i++) {
        const struct entry_kind *row = &entry_kinds[i];
        if (!str_eq(kind, row->kind) || !str_eq(version, row->version))
            continue;
        return row->speaks(cx, node_get_text(cx, body, S("spec")), s)
               || report_refused(cx, NOWHERE, "its log entry speaks of another signature");
    }
    return report_refused(cx, NOWHERE, "its log entry is of the unknown kind '%.*s' %.*s",
                          STR(kind), STR(version));
}

bool log_entry_verify(struct context *cx, const struct log_entry *e, const struct bundle *b,
                      const struct public_key *key, const struct trusted_root *root, int64_t *time)
{
    struct subject subject = { b, key };
    const struct trusted_log *log = find_log(root, e->log);
    if (!log)
        return report_refused(cx, NOWHERE, "its log entry is of a log that is not trusted");
    if (!e->promise.len && !e->proof)
        return report_refused(cx, NOWHERE, "its log entry is neither promised nor proven");
    /* The first bundles have proofs without a signed tree head, which prove nothing. */
    bool proven = e->proof && (!e->promise.len || node_get_text(cx, e->proof, S("checkpoint")));
    if ((e->promise.len && !promise_holds(cx, e, log)) || (proven && !proof_holds(cx, e, log))
        || !speaks_of(cx, e, &subject))
        return false;
    if (e->promise.len)
        *time = (int64_t)e->time;
    if (*time && !period_holds(log->period, *time))
        return report_refused(cx, NOWHERE, "the log '%.*s' was not trusted when it took its entry",
                              STR(log->name));
    return true;
}
