/* The message is two documents with "..." between: the chart's definition, which nobody reads
 * again, and the map `files` of names to digests. */
#include "render/chart/provenance.h"

#include <strings.h>

#include "render/base/buf.h"
#include "render/base/digest.h"
#include "render/doc/yaml_read.h"

static const str between = S("\n...\n");

static str base_name(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

static bool read_keyring(struct context *cx, struct source *disk, str path, struct keyring *out)
{
    str why;
    switch (source_kind(cx, disk, path)) {
    case FILE_NONE:
        report(cx, NOWHERE, "open %.*s: no such file or directory", STR(path));
        hint(cx, NOWHERE, "gpg --export >%.*s writes the public keys that GnuPG knows there",
             STR(path));
        return false;
    case FILE_FOLDER:
        return report(cx, NOWHERE, "read %.*s: is a directory", STR(path));
    default:
        break;
    }
    struct text *text = source_read(cx, disk, path, NOWHERE);
    if (!text || keyring_read(cx, text->bytes, out, &why))
        return text;
    if (!why.len)
        return false;
    report(cx, NOWHERE, "%.*s", STR(why));
    if (str_has(text->bytes, S("-----BEGIN PGP")))
        hint(cx, NOWHERE, "'%.*s' is armoured: gpg --dearmor makes a keyring of it", STR(path));
    else if (str_has(str_slice(text->bytes, 0, 16), S("KBXf")))
        hint(cx, NOWHERE, "'%.*s' is GnuPG's keybox: gpg --export makes a keyring of it",
             STR(path));
    return false;
}

static bool is_map(struct context *cx, const struct node *n, const char *wanted)
{
    if (node_is(n, NODE_MAP) || node_is(n, NODE_NULL))
        return true;
    return report_refused(cx, NOWHERE,
                          "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                          "%s into Go %s",
                          node_is(n, NODE_LIST)     ? "array"
                          : node_is(n, NODE_STRING) ? "string"
                                                    : "number",
                          wanted);
}

/* What the message says of a file: "sha256:…". */
static bool read_sum(struct context *cx, str message, str file, str *out)
{
    message = str_trim_suffix(message, S("\n")); /* which is not signed */
    ptrdiff_t at = str_find(message, between);
    if (at < 0)
        return report_refused(cx, NOWHERE, "message block must have at least two parts");
    str second = str_skip(message, (size_t)at + between.len);
    ptrdiff_t end = str_find(second, between);
    struct text *text =
        text_add(cx, S("the provenance"), end < 0 ? second : str_slice(second, 0, (size_t)end));
    struct node *sums = yaml_read(cx, text, YAML_GO2);
    if (!sums)
        return false;
    const struct node *files = node_get_text(cx, sums, S("files"));
    if (!is_map(cx, sums, "value of type provenance.SumCollection")
        || (files
            && !is_map(cx, files, "struct field SumCollection.files of type map[string]string")))
        return false;
    const struct node *sum = node_get_text(cx, files, file);
    if (!sum || !node_is_scalar(sum))
        return report_refused(
            cx, NOWHERE, "provenance does not contain a SHA for a file named \"%.*s\"", STR(file));
    *out = sum->text;
    return true;
}

bool provenance_check(struct context *cx, struct source *disk, str keyring, str file, str archive,
                      str message, struct provenance *out)
{
    struct keyring *ring = NEW(cx->arena, struct keyring);
    struct openpgp_checked checked;
    str sum = S("");
    diag_enter(cx, NOWHERE, "failed to load keyring");
    bool ok = read_keyring(cx, disk, keyring, ring);
    diag_leave(cx);
    if (!ok || !openpgp_check(cx, message, ring, &checked)
        || !read_sum(cx, checked.text, file, &sum))
        return false;
    out->key = checked.key;
    out->digest = str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, archive));
    return str_eq(sum, out->digest)
           || report_refused(cx, NOWHERE,
                             "sha256 sum does not match for %.*s: \"%.*s\" != \"%.*s\"", STR(file),
                             STR(sum), STR(out->digest));
}

static bool ends_in_tgz(str path)
{
    return path.len >= 4 && strncasecmp(path.at + path.len - 4, ".tgz", 4) == 0;
}

bool provenance_check_file(struct context *cx, struct source *disk, str keyring, str path,
                           struct provenance *out)
{
    str beside = str_concat(cx->arena, path, S(".prov"));
    enum file_kind kind = source_kind(cx, disk, path);
    if (kind == FILE_NONE)
        return report(cx, NOWHERE, "stat %.*s: no such file or directory", STR(path));
    if (kind == FILE_FOLDER)
        return report(cx, NOWHERE, "unpacked charts cannot be verified");
    if (!ends_in_tgz(path))
        return report(cx, NOWHERE, "chart must be a tgz file");
    if (source_kind(cx, disk, beside) == FILE_NONE)
        return report_refused(cx, NOWHERE,
                              "could not load provenance file %.*s: stat %.*s: no such file or "
                              "directory",
                              STR(beside), STR(beside));
    struct text *archive = source_read(cx, disk, path, NOWHERE);
    struct text *message = archive ? source_read(cx, disk, beside, NOWHERE) : NULL;
    return message
           && provenance_check(cx, disk, keyring, base_name(path), archive->bytes, message->bytes,
                               out);
}

void provenance_print(struct buf *out, const struct provenance *p)
{
    for (uint32_t i = 0; i < p->key->name_count; i++)
        buf_format(out, "Signed by: %.*s\n", STR(p->key->names[i]));
    buf_format(out, "Using Key With Fingerprint: %.*s\nChart Hash Verified: %.*s\n",
               STR(p->key->fingerprint), STR(p->digest));
}

/* A whole name wins; a part of one must be in one alone, even of the same key. */
static const struct openpgp_key *named(struct context *cx, const struct keyring *ring, str name)
{
    const struct openpgp_key *found = NULL;
    for (uint32_t i = 0; i < ring->len; i++) {
        const struct openpgp_key *key = &ring->at[i];
        for (uint32_t k = 0; k < key->name_count; k++) {
            if (str_eq(key->names[k], name))
                return key;
            if (!str_has(key->names[k], name))
                continue;
            if (found) {
                report(cx, NOWHERE, "more than one key contain the id \"%.*s\"", STR(name));
                return NULL;
            }
            found = key;
        }
    }
    if (!found)
        report(cx, NOWHERE, "private key not found");
    return found;
}

const struct openpgp_key *provenance_key(struct context *cx, struct source *disk, str keyring,
                                         str name)
{
    struct keyring *ring = NEW(cx->arena, struct keyring);
    if (!read_keyring(cx, disk, keyring, ring))
        return NULL;
    const struct openpgp_key *key = named(cx, ring, name);
    if (!key || key->secret)
        return key;
    report(cx, NOWHERE,
           "provided key is not a private key. Try providing a keyring with secret keys");
    hint(cx, NOWHERE, "gpg --export-secret-keys writes one");
    return NULL;
}

bool provenance_make(struct context *cx, const struct openpgp_key *key, str passphrase, str file,
                     str archive, str definition, str *message)
{
    str text = str_format(cx->arena, "%.*s%.*sfiles:\n  %.*s: sha256:%.*s\n", STR(definition),
                          STR(between), STR(file), STR(digest_sha256_hex(cx->arena, archive)));
    if (key->locked && !passphrase.len) {
        report(cx, NOWHERE, "the key '%.*s' has a passphrase", STR(key->names[0]));
        hint(cx, NOWHERE, "--passphrase-file names a file with it; '-' is standard input");
        return false;
    }
    return openpgp_sign(cx, text, key, passphrase, message);
}
