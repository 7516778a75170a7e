/* Probing. Every value that looks like a part of a running image gets a mark of its own, all at
 * once, and the chart is rendered: a mark that an image then has tells which value decides it.
 *
 * A second render finds what was not there to be changed: a digest beside a tag, a tag behind a
 * digest, a tag where the chart takes its own version. A mark on a tag is build metadata, so
 * that a template may compare versions. */
#include "promote/value_site.h"

#include "promote/overlay_over.h"

enum candidate_kind { CANDIDATE_WHOLE, CANDIDATE_TAG, CANDIDATE_DIGEST, CANDIDATE_BARE };

struct candidate_value {
    enum candidate_kind kind;
    const struct value_path *path;
    str text; /* what stands there now */
};

/* The image scalars of a part, in the order of its documents. */
struct uses {
    const struct node **at;
    uint32_t len;
    uint32_t cap;
};

struct value_sites {
    struct uses uses;
    struct value_site *at; /* of each use */
};

struct prober {
    struct context *cx;
    const struct environment_part *part;
    struct value_sites *sites;
    struct dict *values; /* all that templates see */
    struct map texts;    /* tags, digests and "tag@digest" of the uses */
    struct map names;    /* and their names */
    struct map lasts;    /* those by their last part */
    struct candidate_value *at;
    uint32_t len;
    uint32_t cap;
};

/* Uses. */

struct collector {
    struct context *cx;
    struct uses *uses;
};

static bool take_container(void *who, const struct node *container)
{
    struct collector *c = who;
    const struct node *image = node_get(container, KEY(IMAGE));
    if (!image || !node_is_scalar(image))
        return true;
    ARENA_PUSH(c->cx->arena, c->uses->at, c->uses->len, c->uses->cap);
    c->uses->at[c->uses->len++] = image;
    return true;
}

static struct uses uses_of(struct context *cx, struct node *const *documents, uint32_t n)
{
    struct uses uses = { 0 };
    struct collector c = { cx, &uses };
    for (uint32_t i = 0; i < n; i++)
        containers_each(documents[i], take_container, &c);
    return uses;
}

/* Candidates. */

static void add_candidate(struct prober *p, enum candidate_kind kind, const struct value_path *path,
                          str text)
{
    ARENA_PUSH(p->cx->arena, p->at, p->len, p->cap);
    p->at[p->len++] = (struct candidate_value){ kind, path, text };
}

static void consider(struct prober *p, const struct value_path *path, str text)
{
    struct image_ref ref;
    if (!text.len || text.len > 512)
        return;
    if (map_get(&p->texts, text)) {
        bool is_digest = str_starts(text, S("sha256:"));
        bool is_bare =
            text.len == 64 && map_get(&p->texts, str_concat(p->cx->arena, S("sha256:"), text));
        add_candidate(p,
                      is_digest ? CANDIDATE_DIGEST
                      : is_bare ? CANDIDATE_BARE
                                : CANDIDATE_TAG,
                      path, text);
    } else if ((str_has_char(text, ':') || str_has_char(text, '@'))
               && image_ref_try(p->cx, text, &ref) && (ref.tag.len || ref.digest.len)
               && map_get(&p->names, ref.name)) {
        add_candidate(p, CANDIDATE_WHOLE, path, text);
    }
}

static const struct value_path *inner_path(struct prober *p, const struct value_path *outer,
                                           const struct key *key, uint32_t index)
{
    struct value_path *path = NEW(p->cx->arena, struct value_path);
    *path = (struct value_path){ outer, key, index };
    return path;
}

static str text_of_value(struct context *cx, struct value v)
{
    if (v.kind == VALUE_STRING)
        return value_str(v);
    if (v.kind == VALUE_FLOAT && v.f == (double)(int64_t)v.f)
        return str_format(cx->arena, "%lld", (long long)v.f);
    return S("");
}

static void walk(struct prober *p, const struct value_path *path, struct value v, int depth)
{
    if (depth > VALUE_DEPTH)
        return;
    if (v.kind == VALUE_MAP) {
        for (uint32_t i = 0; v.dict && i < v.dict->len; i++) {
            const struct dict_entry *e = &v.dict->entries[i];
            walk(p, inner_path(p, path, e->key, 0), e->value, depth + 1);
        }
    } else if (v.kind == VALUE_LIST) {
        for (uint32_t i = 0; i < v.len; i++)
            walk(p, inner_path(p, path, NULL, i), v.items[i], depth + 1);
    } else if (path) {
        consider(p, path, text_of_value(p->cx, v));
    }
}

static void add_last(struct prober *p, str name)
{
    str folder, last;
    str *full = NEW(p->cx->arena, str);
    *full = name;
    map_put(&p->lasts, str_cut_last(name, '/', &folder, &last) ? last : name, full);
}

/* What the uses say, to be looked for among the values. */
static void index_uses(struct prober *p)
{
    static char known[1];
    struct context *cx = p->cx;
    p->texts.arena = p->names.arena = p->lasts.arena = cx->arena;
    for (uint32_t i = 0; i < p->sites->uses.len; i++) {
        struct image_ref ref;
        if (!image_ref_try(cx, p->sites->uses.at[i]->text, &ref))
            continue;
        map_put(&p->names, ref.name, known);
        add_last(p, ref.name);
        if (ref.tag.len)
            map_put(&p->texts, ref.tag, known);
        if (!ref.digest.len)
            continue;
        map_put(&p->texts, ref.digest, known);
        map_put(&p->texts, str_trim_prefix(ref.digest, S("sha256:")), known);
        if (ref.tag.len)
            map_put(&p->texts, str_format(cx->arena, "%.*s@%.*s", STR(ref.tag), STR(ref.digest)),
                    known);
    }
}

/* Marks. */

static const char tag_mark[] = "+hoist.";
static const char digest_mark[] = "f0157f0157f0157f0157f0157f0157f0157f0157f0157f0157f01570";

static str mark_of(struct context *cx, enum candidate_kind kind, str text, uint32_t n)
{
    struct image_ref ref;
    if (kind == CANDIDATE_DIGEST || kind == CANDIDATE_BARE)
        return str_format(cx->arena, "%s%s%08x",
                          kind == CANDIDATE_BARE ? "" : "sha256:", digest_mark, n);
    if (kind == CANDIDATE_TAG) {
        str tag, digest;
        if (!str_cut(text, '@', &tag, &digest))
            tag = text;
        return str_format(cx->arena, "%.*s%s%u", STR(tag.len ? tag : S("0.0.0")), tag_mark, n);
    }
    if (!image_ref_try(cx, text, &ref))
        return text;
    return str_format(cx->arena, "%.*s:%.*s%s%u", STR(ref.name), STR(image_ref_tag(ref)), tag_mark,
                      n);
}

/* The number behind a mark; false when the text has none. */
static bool find_mark(str text, const char *mark, int base, uint32_t *n)
{
    ptrdiff_t at = str_find(text, str_from(mark));
    if (at < 0)
        return false;
    str digits = str_skip(text, (size_t)at + strlen(mark));
    *n = 0;
    size_t i = 0;
    for (; i < digits.len && (base != 16 || i < 8); i++) {
        char c = digits.at[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                                                : 99;
        if (digit >= (uint32_t)base)
            break;
        *n = *n * (uint32_t)base + digit;
    }
    return i > 0;
}

/* Values changed. */

static struct value value_at(struct value root, const struct value_path *path)
{
    struct value outer = path->outer ? value_at(root, path->outer) : root;
    if (path->key)
        return outer.kind == VALUE_MAP ? dict_get(outer.dict, path->key) : NIL;
    return outer.kind == VALUE_LIST && path->index < outer.len ? outer.items[path->index] : NIL;
}

/* Where a value stands in what is said; what is on the way is made, lists as the defaults have
 * them. NULL when something else is there. */
static struct value *slot(struct prober *p, struct value *said, const struct value_path *path)
{
    struct context *cx = p->cx;
    struct value *outer = path->outer ? slot(p, said, path->outer) : said;
    if (!outer)
        return NULL;
    if (!path->key) {
        if (outer->kind != VALUE_LIST)
            *outer = value_copy(cx->arena, value_at(value_map(p->values), path->outer));
        bool has = outer->kind == VALUE_LIST && path->index < outer->len;
        return has ? (struct value *)&outer->items[path->index] : NULL;
    }
    if (outer->kind != VALUE_MAP || !outer->dict)
        *outer = value_map(dict_new(cx->arena, 0));
    if (!dict_find(outer->dict, path->key))
        dict_set(cx->arena, outer->dict, path->key, NIL);
    return &dict_find(outer->dict, path->key)->value;
}

static void set_value(struct prober *p, struct value *said, const struct value_path *path, str text)
{
    struct value *at = slot(p, said, path);
    if (at)
        *at = value_string(text);
}

/* Renders for changed values; the uses must be the same ones. */
static bool render(struct prober *p, struct value said, struct uses *out)
{
    struct context *cx = p->cx;
    struct chart_settings s = *p->part->path.chart;
    const struct chart_place place = { p->part->path.folder, p->part->path.archive,
                                       p->part->path.fetched };
    struct documents docs = { 0 };
    s.skip_schema = true;
    struct diags before = cx->diags;
    bool ok =
        chart_documents(cx, &place, &s, said.dict, &docs)
        && (!p->part->overlay || overlay_over(cx, p->part->overlay, &p->part->build, &docs, NULL));
    diag_take_back(cx, before);
    if (!ok)
        return false;
    *out = uses_of(cx, docs.at, docs.len);
    return out->len == p->sites->uses.len;
}

/* First render: every candidate is marked. */

static void note_site(const struct prober *p, struct value_site *site, str text)
{
    uint32_t n;
    if (find_mark(text, digest_mark, 16, &n) && n < p->len) {
        site->digest = p->at[n].path;
        site->bare_digest = p->at[n].kind == CANDIDATE_BARE;
    }
    if (!find_mark(text, tag_mark, 10, &n) || n >= p->len)
        return;
    if (p->at[n].kind == CANDIDATE_WHOLE) {
        struct image_ref ref = { 0 };
        site->whole = p->at[n].path;
        image_ref_try(p->cx, p->at[n].text, &ref);
        site->name = ref.name;
        return;
    }
    site->tag = p->at[n].path;
    site->tag_stays = site->digest != NULL;
}

static struct value said_copy(struct prober *p)
{
    struct dict *said = chart_settings_values(p->cx, p->part->path.chart);
    return value_copy(p->cx->arena, value_map(said));
}

static bool probe_candidates(struct prober *p)
{
    struct value said = said_copy(p);
    struct uses marked;
    for (uint32_t i = 0; i < p->len; i++)
        set_value(p, &said, p->at[i].path, mark_of(p->cx, p->at[i].kind, p->at[i].text, i));
    if (!p->len)
        return true;
    if (!render(p, said, &marked))
        return false;
    for (uint32_t i = 0; i < marked.len; i++)
        note_site(p, &p->sites->at[i], marked.at[i]->text);
    return true;
}

/* Second render: what could stand beside. */

static const struct value_path *beside(struct prober *p, const struct value_path *path,
                                       const char *name)
{
    return path->key ? inner_path(p, path->outer, intern(p->cx->keys, str_from(name)), 0) : NULL;
}

/* A service that is called as its image is, and says nothing of it: `web: {image: {tag: …}}` is
 * what most charts would read. */
static void guess_untagged(struct prober *p, const struct value_path *path,
                           const struct dict_entry *e, struct map *found)
{
    struct context *cx = p->cx;
    const str *full = e->value.kind == VALUE_MAP ? map_get(&p->lasts, e->key->text) : NULL;
    if (!full || map_get(found, *full))
        return;
    path = inner_path(p, path, e->key, 0);
    path = inner_path(p, path, KEY(IMAGE), 0);
    map_put(found, *full, (void *)inner_path(p, path, intern(cx->keys, S("tag")), 0));
}

/* Maps that say a name but no tag: the chart then takes its own version for it. */
static void find_untagged(struct prober *p, const struct value_path *path, struct value v,
                          struct map *found, int depth)
{
    static const char *const namers[] = { "repository", "image", "name" };
    struct context *cx = p->cx;
    if (v.kind != VALUE_MAP || !v.dict || depth > VALUE_DEPTH)
        return;
    for (size_t i = 0; i < countof(namers); i++) {
        str name = text_of_value(cx, dict_get_text(cx, v.dict, str_from(namers[i])));
        for (uint32_t k = 0; name.len && k < p->names.len; k++) {
            str full = p->names.entries[k].key;
            if (str_eq(full, name)
                || (str_ends(full, name) && full.at[full.len - name.len - 1] == '/'))
                map_put(found, full, (void *)inner_path(p, path, intern(cx->keys, S("tag")), 0));
        }
    }
    for (uint32_t i = 0; i < v.dict->len; i++) {
        const struct dict_entry *e = &v.dict->entries[i];
        guess_untagged(p, path, e, found);
        find_untagged(p, inner_path(p, path, e->key, 0), e->value, found, depth + 1);
    }
}

static void add_siblings(struct prober *p, struct value *said, const struct value_site *site,
                         const struct map *untagged, str image)
{
    struct image_ref ref;
    uint32_t n = p->len;
    const struct value_path *path = NULL;
    enum candidate_kind kind = CANDIDATE_TAG;
    if (site->whole || (site->tag && site->digest))
        return;
    if (site->tag) {
        path = beside(p, site->tag, "digest");
        kind = CANDIDATE_DIGEST;
    } else if (site->digest) {
        path = beside(p, site->digest, "tag");
        set_value(p, said, site->digest, S(""));
    } else if (image_ref_try(p->cx, image, &ref)) {
        path = map_get(untagged, ref.name);
    }
    if (!path)
        return;
    str now = text_of_value(p->cx, value_at(value_map(p->values), path));
    add_candidate(p, kind, path, now);
    set_value(p, said, path, mark_of(p->cx, kind, now, n));
}

static void note_sibling(const struct prober *p, struct value_site *site, str text)
{
    uint32_t n;
    bool digest = find_mark(text, digest_mark, 16, &n) && n < p->len;
    if (digest && !site->digest) {
        site->digest = p->at[n].path;
        site->bare_digest = false;
        /* What the tag says now is still there, or it has made room. */
        struct image_ref ref;
        site->tag_stays = image_ref_try(p->cx, text, &ref) && ref.tag.len;
        return;
    }
    if (!site->tag && find_mark(text, tag_mark, 10, &n) && n < p->len)
        site->tag = p->at[n].path;
}

/* A chart that can't be rendered so keeps what the first render has told. */
static void probe_siblings(struct prober *p)
{
    struct value said = said_copy(p);
    struct map untagged = { .arena = p->cx->arena };
    struct uses marked;
    uint32_t before = p->len;
    find_untagged(p, NULL, value_map(p->values), &untagged, 0);
    for (uint32_t i = 0; i < p->sites->uses.len; i++)
        add_siblings(p, &said, &p->sites->at[i], &untagged, p->sites->uses.at[i]->text);
    if (p->len == before || !render(p, said, &marked))
        return;
    for (uint32_t i = 0; i < marked.len; i++) {
        struct value_site *site = &p->sites->at[i];
        if (!site->whole && !(site->tag && site->digest))
            note_sibling(p, site, marked.at[i]->text);
    }
}

static bool probe(struct context *cx, const struct environment *env, struct environment_part *part)
{
    struct value_sites *sites = part->sites = NEW(cx->arena, struct value_sites);
    struct prober p = { .cx = cx, .part = part, .sites = sites };
    *sites = (struct value_sites){ 0 };
    sites->uses = uses_of(cx, env->documents.at + part->first, part->len);
    sites->at = arena_zero(cx->arena, sizeof *sites->at * (sites->uses.len + 1));
    const struct chart_place place = { part->path.folder, part->path.archive, part->path.fetched };
    p.values = chart_values(cx, &place, part->path.chart);
    if (!p.values)
        return false;
    index_uses(&p);
    walk(&p, NULL, value_map(p.values), 0);
    if (!probe_candidates(&p))
        return report(cx, NOWHERE,
                      "the chart of '%.*s' does not render with other tags, so it can't be told "
                      "which values decide its images",
                      STR(env->name));
    probe_siblings(&p);
    return true;
}

bool value_site_find(struct context *cx, struct environment *env, struct environment_part *part,
                     const struct node *image, const struct value_site **out)
{
    *out = NULL;
    if (!part->sites && !probe(cx, env, part))
        return false;
    const struct value_sites *sites = part->sites;
    for (uint32_t i = 0; i < sites->uses.len; i++) {
        const struct value_site *site = &sites->at[i];
        if (sites->uses.at[i] == image && (site->whole || site->tag || site->digest))
            *out = site;
    }
    return true;
}
