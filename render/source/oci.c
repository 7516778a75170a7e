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

enum {
    PAGES_MOST = 1000,
    TAGS_MOST = 200000,
    CHILDREN_EXPECTED = 32, /* of one manifest */
    BLOB_EXPECTED_MOST = 256 * 1024
};
#define BLOB_MOST ((uint64_t)256 << 20)

struct oci {
    struct registry registry;
    const struct oci_options *options;
    struct oci_talk *talk;
    struct map manifests; /* struct known, by "HOST/PATH REFERENCE" */
    struct map blobs;     /* struct text, by the same, of those that were expected */
    struct map lists;     /* struct oci_question: the first page of a list of referrers */
    struct map unlisted;  /* hosts without such lists */
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

static struct oci_question about_blob(struct context *cx, struct image_ref ref,
                                      const struct descriptor *d, struct pos from)
{
    return (struct oci_question){ .ref = ref,
                                  .what = what_of(cx, "blobs", d->digest),
                                  .by_digest = true,
                                  .most = d->size ? d->size : 1,
                                  .pos = from };
}

static bool is_cached(const struct oci *o)
{
    return !(o->options && o->options->no_cache);
}

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
    struct text *known = map_get(&o->blobs, key_of(cx, ref, d.digest));
    if (known)
        return known;
    bool cached = is_cached(o);
    if (cached && !cx->switches.offline && blob_cache_find(cx, d.digest, d.size, &bytes))
        return text_add(cx, text_name(cx, ref, d.digest), bytes);
    struct oci_question q = about_blob(cx, ref, &d, from);
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

static struct oci_question about_list(struct context *cx, struct image_ref ref, str digest,
                                      struct pos from)
{
    return (struct oci_question){
        .ref = ref, .what = what_of(cx, "referrers", digest), .most = MANIFEST_MOST, .pos = from
    };
}

static bool is_unlisted(int status)
{
    return status == 200 || status == 404 || status == 400 || status == 406;
}

/* *listed: the host has such lists, and `out` is filled. */
static bool read_list(struct context *cx, struct oci *o, struct image_ref ref, str digest,
                      struct pos from, struct referrers *out, bool *listed)
{
    struct oci_question q = about_list(cx, ref, digest, from);
    const struct oci_question *known = map_get(&o->lists, key_of(cx, ref, digest));
    *listed = !map_find(&o->unlisted, ref.host);
    if (known)
        q = *known;
    for (int page = 0; *listed && page < PAGES_MOST; page++) {
        if ((page || !known) && !oci_ask(cx, o->talk, &q, 1))
            return false;
        if (!is_index_answer(&q.answer)) {
            q.pos = from;
            if (page || !is_unlisted(q.answer.status))
                return oci_report(cx, &q);
            map_put(&o->unlisted, ref.host, o);
            *listed = false;
            return true;
        }
        str name = str_format(cx->arena, "the referrers of %.*s", STR(digest));
        const struct node *index = json_read(cx, text_add(cx, name, q.answer.body));
        if (!index || !referrers_read(cx, index, out))
            return false;
        str next = next_page(cx, &q.answer);
        if (!next.len)
            return true;
        q = about_list(cx, ref, digest, from);
        q.what = next;
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

/* The list of a manifest's parts, without a report; NULL when it is not known or has none. */
static const struct node *parts_of(struct context *cx, struct oci *o, struct image_ref ref,
                                   str reference, str field)
{
    const struct known *k = known_of(cx, o, ref, reference, true);
    const struct node *n = k && k->text ? json_try(cx, k->text) : NULL;
    const struct node *list = node_get_text(cx, n, field);
    return node_is(list, NODE_LIST) ? list : NULL;
}

static bool digest_of_part(struct context *cx, const struct node *part, struct descriptor *d)
{
    struct diags before = cx->diags;
    bool ok = descriptor_read(cx, part, d);
    diag_take_back(cx, before);
    return ok;
}

static bool is_platform(struct context *cx, const struct node *part)
{
    const struct node *platform = node_get_text(cx, part, S("platform"));
    const struct node *os = node_get_text(cx, platform, S("os"));
    return node_is(os, NODE_STRING) && !str_eq(os->text, S("unknown"));
}

/* Of an index of platforms these, of a list of referrers all. */
static void add_parts(struct context *cx, struct oci *o, struct wave *next, struct image_ref ref,
                      const struct node *list, bool all, struct pos from)
{
    struct descriptor d;
    for (uint32_t i = 0; list && i < list->len && i < CHILDREN_EXPECTED; i++) {
        const struct node *part = list->items[i];
        if ((all || is_platform(cx, part)) && digest_of_part(cx, part, &d))
            add_question(cx, o, next, ref, d.digest, from);
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
        add_parts(cx, o, &second, refs[i],
                  parts_of(cx, o, refs[i], reference_of(refs[i]), S("manifests")), false, from);
    return ask_wave(cx, o, &second);
}

/* What is about one image, on the way. */
struct about {
    struct image_ref ref; /* without tag and digest */
    str digest;
    str tag;       /* "sha256-…" */
    str signature; /* the same with its suffix */
    struct oci_question *list;
};

static bool ask_lists(struct context *cx, struct oci *o, struct about *all, uint32_t n,
                      struct pos from)
{
    struct oci_question *lists = NEW_ARRAY(cx->arena, struct oci_question, n);
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!map_find(&o->unlisted, all[i].ref.host)) {
            lists[count] = about_list(cx, all[i].ref, all[i].digest, from);
            all[i].list = &lists[count++];
        }
    }
    if (!oci_ask(cx, o->talk, lists, count))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        struct oci_question *q = all[i].list;
        if (!q)
            continue;
        map_put(&o->lists, key_of(cx, q->ref, all[i].digest), q);
        if (!is_index_answer(&q->answer) && is_unlisted(q->answer.status))
            map_put(&o->unlisted, q->ref.host, o);
    }
    return true;
}

static const struct node *listed(struct context *cx, const struct about *a)
{
    if (!a->list || !is_index_answer(&a->list->answer))
        return NULL;
    str name = str_format(cx->arena, "the referrers of %.*s", STR(a->digest));
    const struct node *index = json_try(cx, text_add(cx, name, a->list->answer.body));
    const struct node *list = node_get_text(cx, index, S("manifests"));
    return node_is(list, NODE_LIST) ? list : NULL;
}

struct blobs {
    struct oci_question *at;
    uint32_t len;
    uint32_t cap;
    struct map known;
};

static void add_blobs(struct context *cx, struct oci *o, struct blobs *b, struct image_ref ref,
                      str reference, struct pos from)
{
    const struct node *layers = parts_of(cx, o, ref, reference, S("layers"));
    for (uint32_t i = 0; layers && i < layers->len && i < CHILDREN_EXPECTED; i++) {
        struct descriptor d;
        str bytes;
        if (!digest_of_part(cx, layers->items[i], &d) || d.size > BLOB_EXPECTED_MOST)
            continue;
        str key = key_of(cx, ref, d.digest);
        struct map_entry *e = map_entry(&b->known, key);
        if (e->value || map_find(&o->blobs, key)
            || (is_cached(o) && blob_cache_find(cx, d.digest, d.size, &bytes)))
            continue;
        e->value = b;
        ARENA_PUSH(cx->arena, b->at, b->len, b->cap);
        b->at[b->len++] = about_blob(cx, ref, &d, from);
    }
}

static bool ask_blobs(struct context *cx, struct oci *o, struct blobs *b)
{
    if (!oci_ask(cx, o->talk, b->at, b->len))
        return false;
    for (uint32_t i = 0; i < b->len; i++) {
        const struct oci_question *q = &b->at[i];
        str digest = str_skip(q->what, S("blobs/").len);
        if (q->answer.status != 200)
            continue;
        if (is_cached(o))
            blob_cache_add(cx, digest, q->answer.body);
        map_put(&o->blobs, key_of(cx, q->ref, digest),
                text_add(cx, text_name(cx, q->ref, digest), q->answer.body));
    }
    return true;
}

/* Lists and signatures, then what lists name, then the blobs of all that. */
static bool oci_expect_about(struct context *cx, struct registry *r, const struct image_ref *refs,
                             const str *digests, uint32_t n, const char *suffix, struct pos from)
{
    struct oci *o = (struct oci *)r;
    struct wave first = { .known.arena = cx->arena }, second = { .known.arena = cx->arena };
    struct blobs blobs = { .known.arena = cx->arena };
    struct about *all = NEW_ARRAY(cx->arena, struct about, n);
    for (uint32_t i = 0; i < n; i++) {
        struct about *a = &all[i];
        *a = (struct about){ .ref = refs[i], .digest = digests[i] };
        a->ref.tag = a->ref.digest = S("");
        a->tag = str_replace_all(cx->arena, a->digest, S(":"), S("-"));
        a->signature = str_format(cx->arena, "%.*s.%s", STR(a->tag), suffix);
        add_question(cx, o, &first, a->ref, a->signature, from);
    }
    if (!ask_lists(cx, o, all, n, from))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        if (map_find(&o->unlisted, all[i].ref.host))
            add_question(cx, o, &first, all[i].ref, all[i].tag, from);
    }
    if (!ask_wave(cx, o, &first))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        add_parts(cx, o, &second, all[i].ref, listed(cx, &all[i]), true, from);
        add_parts(cx, o, &second, all[i].ref,
                  parts_of(cx, o, all[i].ref, all[i].tag, S("manifests")), true, from);
    }
    if (!ask_wave(cx, o, &second))
        return false;
    for (uint32_t i = 0; i < n; i++)
        add_blobs(cx, o, &blobs, all[i].ref, all[i].signature, from);
    for (uint32_t i = 0; i < second.len; i++)
        add_blobs(cx, o, &blobs, second.at[i].ref, str_skip(second.at[i].what, S("manifests/").len),
                  from);
    return ask_blobs(cx, o, &blobs);
}

static const struct registry_ops oci_ops = { oci_resolve,     oci_manifest, oci_blob,
                                             oci_referrers,   oci_tags,     oci_expect,
                                             oci_expect_about };

struct registry *oci_registry(struct context *cx, const struct oci_options *options)
{
    struct oci *o = NEW(cx->arena, struct oci);
    o->registry.ops = &oci_ops;
    o->registry.name = S("");
    o->options = options;
    o->talk = oci_talk_begin(cx, options);
    o->manifests.arena = o->blobs.arena = o->lists.arena = o->unlisted.arena = cx->arena;
    return &o->registry;
}

bool oci_ping(struct context *cx, struct registry *r, str host, struct pos from)
{
    return oci_talk_ping(cx, ((struct oci *)r)->talk, host, from);
}
