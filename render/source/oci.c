/* A manifest is asked for once: by its tag or digest, with HEAD where only its digest is wanted.
 * What Docker-Content-Digest says is a claim; the bytes are compared with it in registry.c.
 *
 * Who has no list of referrers answers 404, 400, 406 or with something else: then the index under
 * the tag "sha256-…" is it, if there is one. */
#include "render/source/oci.h"

#include "render/base/digest.h"
#include "render/doc/json_read.h"
#include "render/doc/scalar.h"
#include "render/source/blob_cache.h"
#include "render/source/oci_talk.h"

enum { PAGES_MOST = 1000, TAGS_MOST = 200000, CHILDREN_EXPECTED = 32 };
#define BLOB_MOST ((uint64_t)256 << 20)

struct oci {
    struct registry registry;
    const struct oci_options *options;
    struct oci_talk *talk;
    struct map manifests; /* struct known, by "HOST/PATH REFERENCE" */
    struct map unlisted;  /* hosts without lists of referrers */
};

/* What was answered about a manifest. */
struct known {
    struct oci_question question;
    struct descriptor descriptor; /* a claim; no digest when the manifest is not there */
    struct text *text;            /* NULL after a HEAD */
};

static str what_of(struct context *cx, const char *kind, str name)
{
    return str_format(cx->arena, "%s/%.*s", kind, STR(name));
}

static str reference_of(struct image_ref ref)
{
    return ref.digest.len ? ref.digest : image_ref_tag(ref);
}

static str key_of(struct context *cx, struct image_ref ref, str reference)
{
    return str_format(cx->arena, "%.*s/%.*s %.*s", STR(ref.host), STR(ref.path), STR(reference));
}

static str text_name(struct context *cx, struct image_ref ref, str reference)
{
    return str_format(cx->arena, "%.*s/%.*s%c%.*s", STR(ref.host), STR(ref.path),
                      str_has_char(reference, ':') ? '@' : ':', STR(reference));
}

/* --- manifests --- */

static struct oci_question about_manifest(struct context *cx, struct image_ref ref, str reference,
                                          str method, struct pos from)
{
    return (struct oci_question){ .ref = ref,
                                  .what = what_of(cx, "manifests", reference),
                                  .method = method,
                                  .by_digest = str_has_char(reference, ':'),
                                  .most = MANIFEST_MOST,
                                  .pos = from };
}

static str media_type_of(const struct http_answer *answer)
{
    str type, parameters;
    str_cut(http_header(answer, S("Content-Type")), ';', &type, &parameters);
    return str_trim(type);
}

static bool length_of(const struct http_answer *answer, uint64_t *out)
{
    str length = http_header(answer, S("Content-Length"));
    bool negative = false;
    return length.len && scalar_int(length, &negative, out) && !negative;
}

/* Of a HEAD that says all we need, or of a GET. */
static bool read_descriptor(struct context *cx, struct known *k, str reference)
{
    const struct http_answer *answer = &k->question.answer;
    struct descriptor d = { .media_type = media_type_of(answer) };
    d.digest =
        str_has_char(reference, ':') ? reference : http_header(answer, S("Docker-Content-Digest"));
    if (k->text) {
        d.size = k->text->bytes.len;
        if (!d.digest.len)
            d.digest =
                str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, k->text->bytes));
    } else if (!length_of(answer, &d.size)) {
        return false;
    }
    k->descriptor = d;
    return d.digest.len && d.media_type.len;
}

/* Keeps an answer; bytes can be had by their digest too. */
static struct known *keep(struct context *cx, struct oci *o, struct oci_question *q, str reference)
{
    struct known *k = NEW(cx->arena, struct known);
    k->question = *q;
    if (q->answer.status == 200) {
        if (!str_eq(q->method, S("HEAD")))
            k->text = text_add(cx, text_name(cx, q->ref, reference), q->answer.body);
        if (!read_descriptor(cx, k, reference) && !k->text)
            return NULL;
    }
    map_put(&o->manifests, key_of(cx, q->ref, reference), k);
    if (k->text && !str_eq(k->descriptor.digest, reference))
        map_put(&o->manifests, key_of(cx, q->ref, k->descriptor.digest), k);
    return k;
}

static struct known *known_of(struct context *cx, struct oci *o, struct image_ref ref,
                              str reference, bool bytes)
{
    struct known *k = map_get(&o->manifests, key_of(cx, ref, reference));
    return k && (k->text || !bytes || k->question.answer.status != 200) ? k : NULL;
}

/* What a GET says. NULL only after a report. */
static struct known *get_manifest(struct context *cx, struct oci *o, struct image_ref ref,
                                  str reference, struct pos from)
{
    struct known *k = known_of(cx, o, ref, reference, true);
    if (k)
        return k;
    struct oci_question q = about_manifest(cx, ref, reference, S(""), from);
    return oci_ask(cx, o->talk, &q, 1) ? keep(cx, o, &q, reference) : NULL;
}

/* What is known, or a HEAD says; where that is not enough, a GET. */
static struct known *look_up(struct context *cx, struct oci *o, struct image_ref ref, str reference,
                             struct pos from)
{
    struct known *k = known_of(cx, o, ref, reference, false);
    if (k)
        return k;
    struct oci_question q = about_manifest(cx, ref, reference, S("HEAD"), from);
    if (!oci_ask(cx, o->talk, &q, 1))
        return NULL;
    int status = q.answer.status;
    bool settled = status == 0 || status == 401 || status == 403 || status == 404 || status == 429;
    if (status == 200 || settled)
        k = keep(cx, o, &q, reference);
    return k ? k : get_manifest(cx, o, ref, reference, from);
}

static bool report_unknown(struct context *cx, struct image_ref ref, struct pos from)
{
    return report(cx, from, "the registry '%.*s' has no image '%.*s'", STR(ref.host),
                  STR(image_ref_print(cx->arena, ref)));
}

static bool oci_resolve(struct context *cx, struct registry *r, struct image_ref ref,
                        struct pos from, struct descriptor *out, bool *found)
{
    struct known *k = look_up(cx, (struct oci *)r, ref, reference_of(ref), from);
    if (!k)
        return false;
    k->question.pos = from;
    int status = k->question.answer.status;
    if (status == 404)
        return found || report_unknown(cx, ref, from);
    if (status != 200)
        return oci_report(cx, &k->question);
    if (!image_digest_check(cx, k->descriptor.digest, from))
        return false;
    *out = k->descriptor;
    if (found)
        *found = true;
    return true;
}

static void report_lack(struct context *cx, struct image_ref ref, str digest, struct pos from)
{
    report_refused(cx, from, "the registry '%.*s' lacks '%.*s'", STR(ref.host), STR(digest));
    if (ref.name.len)
        note(cx, NOWHERE, "the image '%.*s' needs it", STR(image_ref_print(cx->arena, ref)));
}

static struct text *oci_manifest(struct context *cx, struct registry *r, struct image_ref ref,
                                 struct descriptor d, struct pos from)
{
    struct known *k = get_manifest(cx, (struct oci *)r, ref, d.digest, from);
    if (!k || k->text)
        return k ? k->text : NULL;
    k->question.pos = from;
    if (k->question.answer.status == 404)
        report_lack(cx, ref, d.digest, from);
    else
        oci_report(cx, &k->question);
    return NULL;
}

/* --- blobs --- */

static struct text *oci_blob(struct context *cx, struct registry *r, struct image_ref ref,
                             struct descriptor d, struct pos from)
{
    struct oci *o = (struct oci *)r;
    str bytes;
    if (d.size > BLOB_MOST) {
        report_refused(cx, from, "'%.*s' has %llu bytes; 256 MiB is the limit", STR(d.digest),
                       (unsigned long long)d.size);
        return NULL;
    }
    bool cached = !(o->options && o->options->no_cache);
    if (cached && !cx->switches.offline && blob_cache_find(cx, d.digest, d.size, &bytes))
        return text_add(cx, text_name(cx, ref, d.digest), bytes);
    struct oci_question q = { .ref = ref,
                              .what = what_of(cx, "blobs", d.digest),
                              .by_digest = true,
                              .most = d.size ? d.size : 1,
                              .pos = from };
    if (!oci_ask(cx, o->talk, &q, 1))
        return NULL;
    if (q.answer.status == 200) {
        if (cached)
            blob_cache_add(cx, d.digest, q.answer.body);
        return text_add(cx, text_name(cx, ref, d.digest), q.answer.body);
    }
    if (q.answer.status == 404)
        report_lack(cx, ref, d.digest, from);
    else
        oci_report(cx, &q);
    return NULL;
}

/* --- lists --- */

/* The page behind this one, as a path of the same host; "" when it is the last, or leads away. */
static str next_page(struct context *cx, const struct http_answer *answer)
{
    str link = http_header(answer, S("Link")), address, rest, here, there;
    if (!str_cut(str_trim_prefix(link, S("<")), '>', &address, &rest) || !str_has(rest, S("next")))
        return S("");
    if (str_starts(address, S("/")))
        return address;
    if (!http_origin(cx, address, &there) || !http_origin(cx, answer->url, &here)
        || !str_eq(there, here))
        return S("");
    address = str_skip(address, (size_t)str_find(address, S("://")) + 3);
    ptrdiff_t slash = str_find_char(address, '/');
    return slash < 0 ? S("") : str_skip(address, (size_t)slash);
}

static void add_tags(struct context *cx, const struct node *page, struct tags *out)
{
    const struct node *tags = node_get_text(cx, page, S("tags"));
    for (uint32_t i = 0; node_is(tags, NODE_LIST) && i < tags->len; i++) {
        if (node_is(tags->items[i], NODE_STRING))
            tags_add(cx, out, tags->items[i]->text);
    }
}

static bool oci_tags(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                     struct tags *out)
{
    struct oci *o = (struct oci *)r;
    str what = S("tags/list?n=1000");
    for (int page = 0; page < PAGES_MOST && out->len < TAGS_MOST; page++) {
        struct oci_question q = { .ref = ref, .what = what, .most = MANIFEST_MOST, .pos = from };
        if (!oci_ask(cx, o->talk, &q, 1))
            return false;
        if (q.answer.status == 404)
            return true;
        if (q.answer.status != 200)
            return oci_report(cx, &q);
        str name = str_format(cx->arena, "the tags of %.*s/%.*s", STR(ref.host), STR(ref.path));
        const struct node *list = json_read(cx, text_add(cx, name, q.answer.body));
        if (!list)
            return false;
        add_tags(cx, list, out);
        what = next_page(cx, &q.answer);
        if (!what.len)
            return true;
    }
    return report_refused(cx, from, "the registry '%.*s' lists tags without end", STR(ref.host));
}

static bool is_index_answer(const struct http_answer *answer)
{
    return answer->status == 200 && media_type_is_index(media_type_of(answer));
}

/* *listed: the host has such lists, and `out` is filled. */
static bool read_list(struct context *cx, struct oci *o, struct image_ref ref, str digest,
                      struct pos from, struct referrers *out, bool *listed)
{
    str what = what_of(cx, "referrers", digest);
    *listed = !map_find(&o->unlisted, ref.host);
    for (int page = 0; *listed && page < PAGES_MOST; page++) {
        struct oci_question q = { .ref = ref, .what = what, .most = MANIFEST_MOST, .pos = from };
        if (!oci_ask(cx, o->talk, &q, 1))
            return false;
        int status = q.answer.status;
        if (!is_index_answer(&q.answer)) {
            if (page || (status != 200 && status != 404 && status != 400 && status != 406))
                return oci_report(cx, &q);
            map_put(&o->unlisted, ref.host, o);
            *listed = false;
            return true;
        }
        str name = str_format(cx->arena, "the referrers of %.*s", STR(digest));
        const struct node *index = json_read(cx, text_add(cx, name, q.answer.body));
        if (!index || !referrers_read(cx, index, out))
            return false;
        what = next_page(cx, &q.answer);
        if (!what.len)
            return true;
    }
    return !*listed
           || report_refused(cx, from, "the registry '%.*s' lists referrers without end",
                             STR(ref.host));
}

static bool oci_referrers(struct context *cx, struct registry *r, struct image_ref ref, str digest,
                          struct pos from, struct referrers *out)
{
    struct descriptor d;
    bool listed, found;
    if (!read_list(cx, (struct oci *)r, ref, digest, from, out, &listed) || listed)
        return listed;
    ref.digest = S("");
    ref.tag = str_replace_all(cx->arena, digest, S(":"), S("-"));
    if (!registry_find(cx, r, ref, from, &d, &found))
        return false;
    if (!found || !media_type_is_index(d.media_type))
        return true;
    struct text *text = registry_manifest(cx, r, ref, d, from);
    struct node *index = text ? json_read(cx, text) : NULL;
    return index && referrers_read(cx, index, out);
}

/* --- what will be asked for --- */

struct wave {
    struct oci_question *at;
    uint32_t len;
    uint32_t cap;
    struct map known; /* no question twice */
};

static void add_question(struct context *cx, struct oci *o, struct wave *w, struct image_ref ref,
                         str reference, struct pos from)
{
    if (known_of(cx, o, ref, reference, true))
        return;
    struct map_entry *e = map_entry(&w->known, key_of(cx, ref, reference));
    if (e->value)
        return;
    e->value = w;
    ARENA_PUSH(cx->arena, w->at, w->len, w->cap);
    w->at[w->len++] = about_manifest(cx, ref, reference, S(""), from);
}

static bool ask_wave(struct context *cx, struct oci *o, struct wave *w)
{
    if (!oci_ask(cx, o->talk, w->at, w->len))
        return false;
    for (uint32_t i = 0; i < w->len; i++)
        keep(cx, o, &w->at[i], str_skip(w->at[i].what, S("manifests/").len));
    return true;
}

static void add_children(struct context *cx, struct oci *o, struct wave *next,
                         const struct image_ref *ref, struct pos from)
{
    const struct known *k = known_of(cx, o, *ref, reference_of(*ref), true);
    if (!k || !k->text || !media_type_is_index(k->descriptor.media_type))
        return;
    const struct node *index = json_try(cx, k->text);
    const struct node *list = node_get_text(cx, index, S("manifests"));
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len && i < CHILDREN_EXPECTED; i++) {
        const struct node *digest = node_get_text(cx, list->items[i], S("digest"));
        const struct node *platform = node_get_text(cx, list->items[i], S("platform"));
        const struct node *os = node_get_text(cx, platform, S("os"));
        bool image = node_is(os, NODE_STRING) && !str_eq(os->text, S("unknown"));
        struct diags before = cx->diags;
        if (image && node_is(digest, NODE_STRING) && image_digest_check(cx, digest->text, from))
            add_question(cx, o, next, *ref, digest->text, from);
        diag_take_back(cx, before);
    }
}

static bool oci_expect(struct context *cx, struct registry *r, const struct image_ref *refs,
                       uint32_t n, struct pos from)
{
    struct oci *o = (struct oci *)r;
    struct wave first = { .known.arena = cx->arena }, second = { .known.arena = cx->arena };
    for (uint32_t i = 0; i < n; i++)
        add_question(cx, o, &first, refs[i], reference_of(refs[i]), from);
    if (!ask_wave(cx, o, &first))
        return false;
    for (uint32_t i = 0; i < n; i++)
        add_children(cx, o, &second, &refs[i], from);
    return ask_wave(cx, o, &second);
}

static const struct registry_ops oci_ops = { oci_resolve,   oci_manifest, oci_blob,
                                             oci_referrers, oci_tags,     oci_expect };

struct registry *oci_registry(struct context *cx, const struct oci_options *options)
{
    struct oci *o = NEW(cx->arena, struct oci);
    o->registry.ops = &oci_ops;
    o->registry.name = S("");
    o->options = options;
    o->talk = oci_talk_begin(cx, options);
    o->manifests.arena = o->unlisted.arena = cx->arena;
    return &o->registry;
}

bool oci_ping(struct context *cx, struct registry *r, str host, struct pos from)
{
    return oci_talk_ping(cx, ((struct oci *)r)->talk, host, from);
}
