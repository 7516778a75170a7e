/* OpenPGP packets, as far as names and fingerprints of keys need them (RFC 4880).
 *
 * A key is a packet and all that follow until the next key. A secret key begins with the public
 * one; how long that is follows from its algorithm. */
#include "render/source/keyring.h"

#include "render/base/buf.h"
#include "render/base/digest.h"
#include "render/base/encode.h"

enum {
    TAG_SIGNATURE = 2,
    TAG_SECRET = 5,
    TAG_PUBLIC = 6,
    TAG_SECRET_SUBKEY = 7,
    TAG_NAME = 13,
    TAG_PUBLIC_SUBKEY = 14
};

/* What a public key consists of, behind version, time and algorithm. */
struct algorithm {
    int number;
    bool curve;   /* the name of one, its length before it */
    int integers; /* each with its length in bits before it */
    bool rule;    /* how a key is derived, its length before it */
    size_t fixed; /* bytes of no length */
};

static const struct algorithm algorithms[] = {
    { 1, false, 2, false, 0 },   { 2, false, 2, false, 0 },   { 3, false, 2, false, 0 },
    { 16, false, 3, false, 0 },  { 17, false, 4, false, 0 },  { 18, true, 1, true, 0 },
    { 19, true, 1, false, 0 },   { 22, true, 1, false, 0 },   { 25, false, 0, false, 32 },
    { 26, false, 0, false, 56 }, { 27, false, 0, false, 32 }, { 28, false, 0, false, 57 },
};

static unsigned byte_at(str s, size_t i)
{
    return i < s.len ? (unsigned char)s.at[i] : 0;
}

static size_t number_at(str s, size_t from, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | byte_at(s, from + i);
    return n;
}

/* Of the newer form: one octet, two, or five; parts of a body are for data alone. */
static bool newer_length(str s, size_t *header, size_t *length)
{
    unsigned first = byte_at(s, 1);
    if (first < 192) {
        *header = 2;
        *length = first;
    } else if (first < 224) {
        *header = 3;
        *length = ((size_t)first - 192) * 256 + byte_at(s, 2) + 192;
    } else if (first == 255) {
        *header = 6;
        *length = number_at(s, 2, 4);
    } else {
        return false;
    }
    return true;
}

bool openpgp_packet(str *rest, int *tag, str *body, str *why)
{
    unsigned first = byte_at(*rest, 0);
    size_t header, length;
    if (!(first & 0x80)) {
        *why = S("openpgp: invalid data: tag byte does not have MSB set");
        return false;
    }
    if (first & 0x40) {
        *tag = first & 0x3f;
        if (!newer_length(*rest, &header, &length)) {
            *why = S("openpgp: invalid data: a key in parts");
            return false;
        }
    } else {
        *tag = (first & 0x3c) >> 2;
        size_t size = (first & 3) == 3 ? 0 : (size_t)1 << (first & 3);
        header = 1 + size;
        length = size ? number_at(*rest, 1, size) : rest->len - 1;
    }
    if (header > rest->len || length > rest->len - header) {
        *why = S("unexpected EOF");
        return false;
    }
    *body = str_slice(*rest, header, header + length);
    *rest = str_skip(*rest, header + length);
    return true;
}

/* How much of a key's body is public; 0 when that is not known. */
static size_t public_length(str body)
{
    enum { BEFORE = 6 };
    const struct algorithm *a = NULL;
    size_t at = BEFORE;
    if (byte_at(body, 0) != 4 || body.len < BEFORE)
        return 0;
    for (size_t i = 0; i < countof(algorithms) && !a; i++) {
        if (algorithms[i].number == (int)byte_at(body, BEFORE - 1))
            a = &algorithms[i];
    }
    if (!a)
        return 0;
    if (a->curve)
        at += 1 + byte_at(body, at);
    for (int i = 0; i < a->integers; i++)
        at += 2 + (number_at(body, at, 2) + 7) / 8;
    if (a->rule)
        at += 1 + byte_at(body, at);
    at += a->fixed;
    return at <= body.len ? at : 0;
}

static bool fingerprint_of(struct context *cx, str body, str *out)
{
    unsigned char hash[DIGEST_LARGEST];
    size_t size;
    struct buf b;
    buf_init(&b, cx->arena, body.len + 3);
    buf_char(&b, (char)0x99);
    buf_char(&b, (char)(body.len >> 8));
    buf_char(&b, (char)body.len);
    buf_str(&b, body);
    if (!digest_named(cx, "sha1", buf_view(&b), hash, &size))
        return false;
    struct buf hex;
    buf_init(&hex, cx->arena, 2 * size);
    encode_hex(&hex, (str){ (const char *)hash, size });
    for (size_t i = 0; i < hex.len; i++)
        hex.at[i] = (char)(hex.at[i] >= 'a' ? hex.at[i] - 32 : hex.at[i]);
    *out = buf_take(&hex);
    return true;
}

static void put_packet(struct buf *out, int tag, str body)
{
    buf_char(out, (char)(0xc0 | tag));
    buf_char(out, (char)255);
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_char(out, (char)(body.len >> shift));
    buf_str(out, body);
}

static void put_public(struct buf *out, int tag, str body)
{
    if (tag != TAG_SECRET && tag != TAG_SECRET_SUBKEY) {
        put_packet(out, tag, body);
        return;
    }
    size_t length = public_length(body);
    if (length)
        put_packet(out, tag == TAG_SECRET ? TAG_PUBLIC : TAG_PUBLIC_SUBKEY,
                   str_slice(body, 0, length));
}

static bool add_key(struct context *cx, struct keyring *ring, int tag, str body)
{
    size_t length = tag == TAG_PUBLIC ? body.len : public_length(body);
    ARENA_PUSH(cx->arena, ring->at, ring->len, ring->cap);
    struct openpgp_key *key = &ring->at[ring->len++];
    *key = (struct openpgp_key){ .secret = tag == TAG_SECRET,
                                 .locked = tag == TAG_SECRET && byte_at(body, length) != 0 };
    return !length || byte_at(body, 0) != 4
           || fingerprint_of(cx, str_slice(body, 0, length), &key->fingerprint);
}

bool keyring_read(struct context *cx, str bytes, struct keyring *out, str *why)
{
    struct buf public_;
    str rest = bytes, body;
    int tag;
    *out = (struct keyring){ 0 };
    *why = S("");
    buf_init(&public_, cx->arena, bytes.len + 64);
    while (rest.len) {
        const char *from = rest.at;
        if (!openpgp_packet(&rest, &tag, &body, why))
            return false;
        if ((tag == TAG_PUBLIC || tag == TAG_SECRET) && !add_key(cx, out, tag, body))
            return false;
        put_public(&public_, tag, body);
        if (!out->len)
            continue;
        struct openpgp_key *key = &out->at[out->len - 1];
        if (!key->packets.at)
            key->packets.at = from;
        key->packets.len = (size_t)(rest.at - key->packets.at);
        if (tag != TAG_NAME)
            continue;
        ARENA_PUSH(cx->arena, key->names, key->name_count, key->name_cap);
        key->names[key->name_count++] = body;
    }
    out->public_packets = buf_take(&public_);
    return true;
}

const struct openpgp_key *keyring_find(const struct keyring *ring, str fingerprint)
{
    for (uint32_t i = 0; i < ring->len; i++) {
        if (ring->at[i].fingerprint.len && str_eq(ring->at[i].fingerprint, fingerprint))
            return &ring->at[i];
    }
    return NULL;
}
