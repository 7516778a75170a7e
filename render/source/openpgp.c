/* gpgv is given the message anew, in the one form that all versions read alike: only the headers
 * that count, no empty lines, and a checksum, without which GnuPG 2.2 takes the last line of some
 * signatures for a part of them. Its answers are the status lines, on a channel of their own.
 *
 * gpg has no way to sign with the keys of a file: it gets a home of its own, which takes the one
 * key, and whose agent is ended afterwards. */
#include "render/source/openpgp.h"

#include "render/base/buf.h"
#include "render/base/encode.h"
#include "render/base/private_folder.h"
#include "render/base/process.h"
#include "render/source/source.h"

#define TIMEOUT_NS 60000000000u

static const str begin_message = S("-----BEGIN PGP SIGNED MESSAGE-----");
static const str begin_signature = S("-----BEGIN PGP SIGNATURE-----");
static const str end_signature = S("-----END PGP SIGNATURE-----");

/* A message in its parts. */
struct clear_signed {
    struct buf headers; /* its "Hash: …" lines */
    struct buf body;    /* as it stands there, "- " before a hyphen */
    str signature;      /* its bytes */
};

static bool is_line(str line, str wanted)
{
    while (line.len && str_has_char(S(" \t\r"), line.at[line.len - 1]))
        line.len--;
    return str_eq(line, wanted);
}

static bool skip_to(str *rest, str wanted)
{
    str line;
    while (str_next_line(rest, &line)) {
        if (is_line(line, wanted))
            return true;
    }
    return false;
}

static bool read_headers(str *rest, struct buf *out)
{
    str line;
    while (str_next_line(rest, &line)) {
        if (is_line(line, S("")))
            return true;
        if (out && str_starts(line, S("Hash: ")))
            buf_format(out, "%.*s\n", STR(str_trim(line)));
    }
    return false;
}

static bool read_body(str *rest, struct buf *out)
{
    str line;
    while (str_next_line(rest, &line)) {
        if (is_line(line, begin_signature))
            return true;
        if (str_starts(line, S("-")) && !str_starts(line, S("- ")))
            return false;
        buf_format(out, "%.*s\n", STR(line));
    }
    return false;
}

static bool read_signature(struct context *cx, str *rest, str *out)
{
    struct buf digits;
    str line;
    buf_init(&digits, cx->scratch, 1024);
    while (str_next_line(rest, &line)) {
        if (is_line(line, end_signature))
            return decode_base64(cx->scratch, BASE64_STD, buf_take(&digits), out) && out->len;
        if (!str_starts(line, S("=")))
            buf_str(&digits, str_trim(line));
    }
    return false;
}

static bool cut(struct context *cx, str message, struct clear_signed *out)
{
    buf_init(&out->headers, cx->scratch, 32);
    buf_init(&out->body, cx->scratch, message.len + 1);
    return (skip_to(&message, begin_message) && read_headers(&message, &out->headers)
            && read_body(&message, &out->body) && read_headers(&message, NULL)
            && read_signature(cx, &message, &out->signature))
           || report_refused(cx, NOWHERE, "signature block not found");
}

/* The checksum of armour, RFC 4880, 6.1. */
static str checksum(struct context *cx, str bytes)
{
    struct buf b;
    uint32_t sum = 0xb704ce;
    for (size_t i = 0; i < bytes.len; i++) {
        sum ^= (uint32_t)(unsigned char)bytes.at[i] << 16;
        for (int bit = 0; bit < 8; bit++)
            sum = sum << 1 ^ (sum & 0x800000 ? 0x1864cfb : 0);
    }
    char three[3] = { (char)(sum >> 16), (char)(sum >> 8), (char)sum };
    buf_init(&b, cx->scratch, 8);
    encode_base64(&b, BASE64_STD, (str){ three, sizeof three });
    return buf_take(&b);
}

static str print(struct context *cx, const struct clear_signed *m)
{
    enum { WIDTH = 64 };
    struct buf b, digits;
    buf_init(&digits, cx->scratch, m->signature.len * 2);
    encode_base64(&digits, BASE64_STD, m->signature);
    buf_init(&b, cx->scratch, m->body.len + digits.len * 2 + 256);
    buf_format(&b, "%.*s\n%.*s\n%.*s%.*s\n\n", STR(begin_message), STR(buf_view(&m->headers)),
               STR(buf_view(&m->body)), STR(begin_signature));
    for (size_t at = 0; at < digits.len; at += WIDTH)
        buf_format(&b, "%.*s\n", STR(str_slice(buf_view(&digits), at, at + WIDTH)));
    buf_format(&b, "=%.*s\n%.*s\n", STR(checksum(cx, m->signature)), STR(end_signature));
    return buf_take(&b);
}

static bool run(struct context *cx, const char *const *argv, str input, struct process_result *done)
{
    struct process p = { .argv = argv,
                         .env = process_environment(cx, NULL, 0),
                         .input = input,
                         .timeout_ns = TIMEOUT_NS };
    if (process_run(cx, &p, done))
        return true;
    hint(cx, NOWHERE, "signatures need GnuPG: on Debian and Ubuntu the package '%s'", argv[0]);
    return false;
}

/* "[GNUPG:] WORD rest"; false for other lines. */
static bool status_line(str line, str *word, str *rest)
{
    if (!str_starts(line, S("[GNUPG:] ")))
        return false;
    str_cut(str_skip(line, 9), ' ', word, rest);
    return true;
}

static str field(str rest, int number)
{
    str f = S("");
    for (int i = 0; i <= number; i++) {
        if (!str_next_field(&rest, ' ', &f))
            return S("");
    }
    return f;
}

/* --- checking --- */

/* What a signature's own packet says it was made by. */
static const char *algorithm_of(str signature)
{
    static const struct {
        int number;
        const char *name;
    } rows[] = {
        { 17, "DSA" }, { 19, "ECDSA" }, { 22, "EdDSA" }, { 27, "Ed25519" }, { 28, "Ed448" }
    };
    str body, why;
    int tag;
    if (!openpgp_packet(&signature, &tag, &body, &why) || body.len < 3)
        return "RSA";
    for (size_t i = 0; i < countof(rows); i++) {
        if (rows[i].number == body.at[2])
            return rows[i].name;
    }
    return "RSA";
}

struct verdict {
    str good;    /* the fingerprint of the key */
    str unknown; /* a key that the ring does not have */
    bool bad;
};

static void judge(struct context *cx, const struct clear_signed *m, str word, str rest,
                  struct verdict *v)
{
    enum { NO_KEY = 9, VALID_KEY = 9 };
    if (str_eq(word, S("VALIDSIG"))) {
        v->good = v->good.len ? v->good : field(rest, VALID_KEY);
    } else if (str_eq(word, S("BADSIG"))) {
        v->bad = !report_refused(cx, NOWHERE, "openpgp: invalid signature: %s verification failure",
                                 algorithm_of(m->signature));
    } else if (str_eq(word, S("EXPKEYSIG"))) {
        v->bad = !report_refused(cx, NOWHERE, "openpgp: key expired");
    } else if (str_eq(word, S("REVKEYSIG"))) {
        v->bad = !report_refused(cx, NOWHERE, "openpgp: signature made by revoked key");
    } else if (str_eq(word, S("EXPSIG"))) {
        v->bad = !report_refused(cx, NOWHERE, "openpgp: signature expired");
    } else if (str_eq(word, S("ERRSIG"))) {
        if (str_eq(field(rest, 5), S("9")))
            v->unknown = field(rest, 6).len ? field(rest, 6) : field(rest, 0);
        else
            v->bad = !report_refused(cx, NOWHERE, "gpgv can't check signatures of this kind");
    }
}

static const struct openpgp_key *conclude(struct context *cx, const struct clear_signed *m,
                                          const struct keyring *ring, str status)
{
    struct verdict v = { .bad = false };
    str line, word, rest;
    while (!v.bad && str_next_line(&status, &line)) {
        if (status_line(line, &word, &rest))
            judge(cx, m, word, rest, &v);
    }
    if (v.bad)
        return NULL;
    const struct openpgp_key *key = keyring_find(ring, v.good);
    if (key)
        return key;
    report_refused(cx, NOWHERE, "openpgp: signature made by unknown entity");
    if (v.unknown.len)
        hint(cx, NOWHERE, "the keyring has no key '%.*s'", STR(v.unknown));
    return NULL;
}

static bool check(struct context *cx, const struct clear_signed *m, const struct keyring *ring,
                  struct openpgp_checked *out)
{
    struct process_result done;
    const char *folder = private_folder(cx, cx->scratch);
    const char *keys =
        folder ? private_file(cx, cx->scratch, folder, "keys", ring->public_packets) : NULL;
    if (!keys)
        return false;
    str text = str_format(cx->scratch, "%s/text", folder);
    const char *argv[] = { "gpgv", "--status-fd=1", "--keyring",
                           keys,   "--output",      str_cstr(cx->scratch, text),
                           NULL };
    if (!run(cx, argv, print(cx, m), &done))
        return false;
    out->key = conclude(cx, m, ring, done.output);
    struct source *disk = out->key ? source_disk(cx, S("")) : NULL;
    struct text *read = disk ? source_read(cx, disk, text, NOWHERE) : NULL;
    if (read)
        out->text = str_dup(cx->arena, read->bytes);
    return read;
}

bool openpgp_check(struct context *cx, str message, const struct keyring *ring,
                   struct openpgp_checked *out)
{
    struct clear_signed m = { .signature = S("") };
    struct mark before = arena_mark(cx->scratch);
    *out = (struct openpgp_checked){ 0 };
    bool ok = cut(cx, message, &m) && check(cx, &m, ring, out);
    arena_rewind(cx->scratch, before);
    return ok;
}

/* --- signing --- */

static bool has_status(str status, str wanted)
{
    str line, word, rest;
    while (str_next_line(&status, &line)) {
        if (status_line(line, &word, &rest) && str_eq(word, wanted))
            return true;
    }
    return false;
}

static bool report_unsigned(struct context *cx, const struct process_result *done)
{
    str line, last = S(""), errors = done->errors;
    while (str_next_line(&errors, &line)) {
        if (str_trim(line).len && !str_starts(line, S("[GNUPG:]")))
            last = str_trim(line);
    }
    return report_surroundings(cx, NOWHERE, "gpg did not sign: %.*s",
                               STR(last.len ? last : S("it said nothing")));
}

static bool sign(struct context *cx, const char *home, str text, const struct openpgp_key *key,
                 str passphrase, str *message)
{
    struct process_result done;
    const char *keys = private_file(cx, cx->scratch, home, "keys", key->packets);
    const char *file = keys ? private_file(cx, cx->scratch, home, "text", text) : NULL;
    /* Else the agent first measures for seconds how slow a passphrase can be made. */
    if (!file || !private_file(cx, cx->scratch, home, "gpg-agent.conf", S("s2k-count 1048576\n")))
        return false;
    const char *import[] = { "gpg",           "--homedir", home, "--batch", "--no-tty",
                             "--status-fd=2", "--import",  keys, NULL };
    const char *make[] = { "gpg",
                           "--homedir",
                           home,
                           "--batch",
                           "--no-tty",
                           "--status-fd=2",
                           "--pinentry-mode=loopback",
                           "--passphrase-fd=0",
                           "--trust-model=always",
                           "--digest-algo=SHA512",
                           "--local-user",
                           str_cstr(cx->scratch, key->fingerprint),
                           "--output=-",
                           "--clearsign",
                           file,
                           NULL };
    if (!run(cx, import, S(""), &done))
        return false;
    if (done.status != 0 && !has_status(done.errors, S("IMPORT_OK")))
        return report_unsigned(cx, &done);
    if (!run(cx, make, str_concat(cx->scratch, passphrase, S("\n")), &done))
        return false;
    if (key->locked && done.status != 0 && !has_status(done.errors, S("SIG_CREATED"))
        && str_has(done.errors, S("assphrase")))
        return report(cx, NOWHERE, "openpgp: invalid data: private key checksum failure");
    if (done.status != 0 || !has_status(done.errors, S("SIG_CREATED")))
        return report_unsigned(cx, &done);
    *message = str_dup(cx->arena, done.output);
    return true;
}

bool openpgp_sign(struct context *cx, str text, const struct openpgp_key *key, str passphrase,
                  str *message)
{
    struct mark before = arena_mark(cx->scratch);
    struct process_result done;
    const char *home = private_folder(cx, cx->scratch);
    bool ok = home && sign(cx, home, text, key, passphrase, message);
    const char *end[] = { "gpgconf", "--homedir", home, "--kill", "gpg-agent", NULL };
    diag_mute(cx);
    if (home)
        run(cx, end, S(""), &done);
    diag_unmute(cx);
    arena_rewind(cx->scratch, before);
    return ok;
}
