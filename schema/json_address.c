/* What stands where in the documents of a schema.
 *
 * A schema is known by its document and the JSON pointer to it. An $id makes what it stands in a
 * resource: references below are relative to it, and anchors are its own. */
#include "render/base/encode.h"
#include "render/base/quote.h"
#include "render/base/url.h"
#include "schema/json_parts.h"

bool reader_fail(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!r->error.words.len) {
        r->error.words = r->error.brief = str_vformat(r->cx->arena, format, args);
        r->error.at = r->at;
    }
    va_end(args);
    return false;
}

str pointer_step(struct arena *a, str pointer, str token)
{
    if (str_has_char(token, '~') || str_has_char(token, '/')) {
        token = str_replace_all(a, token, S("~"), S("~0"));
        token = str_replace_all(a, token, S("/"), S("~1"));
    }
    char *at = arena_alloc(a, pointer.len + 1 + token.len);
    memcpy(at, pointer.at, pointer.len);
    at[pointer.len] = '/';
    memcpy(at + pointer.len + 1, token.at, token.len);
    return (str){ at, pointer.len + 1 + token.len };
}

str schema_location(struct arena *a, const struct document *doc, str pointer)
{
    struct buf b;
    str rest = pointer, token;
    buf_init(&b, a, doc->url.len + pointer.len + 16);
    buf_format(&b, "%.*s#", STR(doc->url));
    for (bool first = true; str_next_field(&rest, '/', &token); first = false) {
        if (!first)
            buf_char(&b, '/');
        encode_path(&b, token);
    }
    return buf_take(&b);
}

static str quoted_location(struct reader *r, const struct document *doc, str pointer)
{
    return quoted(r->cx->arena, schema_location(r->cx->arena, doc, pointer));
}

/* Documents. */

static const struct node *load(struct reader *r, str url)
{
    str why = S("");
    const struct node *root = map_get(&r->loaded, url);
    if (root)
        return root;
    if (!limit_count(r->cx, LIMIT_FILES, 1, r->at))
        return NULL;
    root = meta_document(r->cx, url);
    if (!root && r->source)
        root = r->source->load(r->cx, r->source->who, url, &why);
    else if (!root)
        why = str_format(r->cx->arena, "no URLLoader registered for %.*s",
                         STR(quoted(r->cx->arena, url)));
    if (root)
        map_put(&r->loaded, url, (void *)root);
    else
        reader_fail(r, "failing loading %.*s: %.*s", STR(quoted(r->cx->arena, url)), STR(why));
    return root;
}

/* Follows $schema through metaschemas of one's own to a draft. */
static bool find_draft(struct reader *r, const struct document *doc, str pointer, str url,
                       enum draft *out)
{
    struct arena *a = r->cx->arena;
    struct map met = { .arena = a };
    struct url parsed;
    str why, fragment;
    while (!meta_draft(url, out)) {
        str_cut(url, '#', &url, &fragment);
        if (!url_parse(a, url, &parsed, &why))
            return reader_fail(r, "invalid $schema in %.*s: %.*s",
                               STR(quoted_location(r, doc, pointer)), STR(why));
        if (!met.len && !pointer.len && str_eq(url, doc->url))
            return reader_fail(r, "draft %.*s is not supported", STR(quoted(a, url)));
        if (map_find(&met, url))
            return reader_fail(r, "cycle in resolving $schema in %.*s", STR(quoted(a, url)));
        map_put(&met, url, NULL);
        const struct node *meta = load(r, url);
        if (!meta)
            return false;
        const struct node *next = node_get(meta, r->words[WORD_SCHEMA]);
        if (!node_is(next, NODE_STRING))
            return true;
        url = next->text;
    }
    return true;
}

static bool find_vocabularies(struct reader *r, str url, struct dialect *d)
{
    enum draft known;
    str fragment;
    if (d->draft < DRAFT_2019 || meta_draft(url, &known))
        return true;
    str_cut(url, '#', &url, &fragment);
    const struct node *meta = load(r, url);
    const struct node *all = meta ? node_get(meta, r->words[WORD_VOCABULARY]) : NULL;
    if (!meta || !node_is(all, NODE_MAP))
        return meta != NULL;
    for (uint32_t i = 0; i < all->len; i++) {
        const struct entry *e = &all->entries[i];
        unsigned bit = meta_vocabulary(d->draft, e->key->text);
        if (!node_is(e->value, NODE_BOOL) || !str_eq(e->value->text, S("true")))
            continue;
        if (!bit)
            return reader_fail(r, "unsupported vocabulary %.*s in %.*s",
                               STR(quoted(r->cx->arena, e->key->text)),
                               STR(quoted(r->cx->arena, url)));
        d->vocabularies |= bit;
    }
    d->vocabularies |= VOCABULARY_CORE;
    return true;
}

/* Looking for resources and anchors. */

struct site {
    struct document *doc;
    const struct node *node;
    str pointer;
    struct resource *resource; /* that it stands in; NULL for the document's root */
    struct dialect dialect;
};

static bool look_through(struct reader *r, struct site site);

static str said_of(struct reader *r, const struct node *map, enum word word)
{
    const struct node *n = node_get(map, r->words[word]);
    return node_is(n, NODE_STRING) ? n->text : S("");
}

static str id_of(struct reader *r, const struct node *map, enum draft draft)
{
    if (draft < DRAFT_2019 && node_get(map, r->words[WORD_REF]))
        return S("");
    return said_of(r, map, draft == DRAFT_4 ? WORD_ID : WORD_ADDRESS);
}

static struct resource *resource_new(struct reader *r, const struct site *site, str id)
{
    struct resource *res = NEW(r->cx->arena, struct resource);
    *res = (struct resource){ .pointer = site->pointer, .id = id, .node = site->node };
    res->dialect = site->dialect;
    res->anchors.arena = r->cx->arena;
    map_put(&site->doc->resources, res->pointer, res);
    map_put(&site->doc->by_node, (str){ (const char *)&res->node, sizeof res->node }, res);
    return res;
}

/* The absolute address that an $id says. */
static bool resolve_id(struct reader *r, const struct site *site, str id, str *out)
{
    struct arena *a = r->cx->arena;
    struct url base, reference;
    str why;
    if (!url_parse(a, site->resource ? site->resource->id : site->doc->url, &base, &why)
        || !url_parse(a, id, &reference, &why))
        return reader_fail(r, "error in parsing id at %.*s",
                           STR(quoted_location(r, site->doc, site->pointer)));
    struct url resolved = url_resolve(a, &base, reference);
    *out = url_print(a, &resolved);
    return true;
}

static bool id_is_new(struct reader *r, const struct document *doc, str id, str pointer)
{
    struct arena *a = r->cx->arena;
    for (uint32_t i = 0; i < doc->resources.len; i++) {
        const struct resource *other = doc->resources.entries[i].value;
        if (str_eq(other->id, id))
            return reader_fail(r, "duplicate id %.*s in %.*s at %.*s and %.*s", STR(quoted(a, id)),
                               STR(quoted(a, doc->url)), STR(quoted(a, pointer)),
                               STR(quoted(a, other->pointer)));
    }
    return true;
}

/* Enters the resource that this place begins, if it does. *draft says how to read it. */
static bool enter_resource(struct reader *r, struct site *site, enum draft *draft)
{
    struct dialect d = site->dialect;
    const struct node *schema = node_get(site->node, r->words[WORD_SCHEMA]);
    str fragment, id;
    *draft = d.draft;
    if (node_is(schema, NODE_STRING)) {
        d.vocabularies = 0;
        if (!find_draft(r, site->doc, site->pointer, schema->text, &d.draft))
            return false;
    }
    str_cut(id_of(r, site->node, d.draft), '#', &id, &fragment);
    if (!id.len && site->pointer.len) {
        d = site->dialect; /* $schema counts only where a resource begins */
        str_cut(id_of(r, site->node, d.draft), '#', &id, &fragment);
    } else if (node_is(schema, NODE_STRING) && !find_vocabularies(r, schema->text, &d)) {
        return false;
    }
    *draft = d.draft;
    if (!id.len && site->pointer.len)
        return true;
    str address = site->doc->url;
    if (id.len && !resolve_id(r, site, id, &address))
        return false;
    if (!id_is_new(r, site->doc, address, site->pointer))
        return false;
    site->dialect = d;
    site->resource = resource_new(r, site, address);
    site->resource->recursive =
        str_eq(node_get_str(site->node, intern(r->cx->keys, S("$recursiveAnchor"))), S("true"));
    return true;
}

static bool add_anchor(struct reader *r, const struct site *site, str name, bool dynamic)
{
    struct arena *a = r->cx->arena;
    struct map_entry *e = map_entry(&site->resource->anchors, name);
    struct anchor *anchor = e->value;
    if (anchor && !str_eq(anchor->pointer, site->pointer))
        return reader_fail(r, "duplicate anchor %.*s in %.*s at %.*s and %.*s",
                           STR(quoted(a, name)), STR(quoted(a, site->doc->url)),
                           STR(quoted(a, anchor->pointer)), STR(quoted(a, site->pointer)));
    if (!anchor)
        e->value = anchor = NEW(a, struct anchor);
    anchor->pointer = site->pointer;
    anchor->dynamic |= dynamic;
    return true;
}

static bool add_anchors(struct reader *r, const struct site *site, enum draft draft)
{
    str id, name;
    if (draft < DRAFT_2019) {
        if (node_get(site->node, r->words[WORD_REF]))
            return true;
        if (!str_cut(id_of(r, site->node, draft), '#', &id, &name) || !name.len
            || str_starts(name, S("/")))
            return true;
        if (!decode_path(r->cx->arena, name, &name))
            return reader_fail(r, "error in parsing anchor at %.*s",
                               STR(quoted_location(r, site->doc, site->pointer)));
        return add_anchor(r, site, name, false);
    }
    name = said_of(r, site->node, WORD_ANCHOR);
    if (name.len && !add_anchor(r, site, name, false))
        return false;
    name = said_of(r, site->node, WORD_DYNAMIC_ANCHOR);
    return draft < DRAFT_2020 || !name.len || add_anchor(r, site, name, true);
}

/* Where a keyword has schemas. */
enum holds { HOLDS_ONE = 1, HOLDS_LIST = 2, HOLDS_MAP = 4 };

static const struct holder {
    enum word word;
    unsigned holds;
    enum draft since;
} holders[] = {
    { WORD_DEFINITIONS, HOLDS_MAP, DRAFT_4 },
    { WORD_NOT, HOLDS_ONE, DRAFT_4 },
    { WORD_ALL_OF, HOLDS_LIST, DRAFT_4 },
    { WORD_ANY_OF, HOLDS_LIST, DRAFT_4 },
    { WORD_ONE_OF, HOLDS_LIST, DRAFT_4 },
    { WORD_PROPERTIES, HOLDS_MAP, DRAFT_4 },
    { WORD_ADDITIONAL_PROPERTIES, HOLDS_ONE, DRAFT_4 },
    { WORD_PATTERN_PROPERTIES, HOLDS_MAP, DRAFT_4 },
    { WORD_ITEMS, HOLDS_ONE | HOLDS_LIST, DRAFT_4 },
    { WORD_ADDITIONAL_ITEMS, HOLDS_ONE, DRAFT_4 },
    { WORD_DEPENDENCIES, HOLDS_MAP, DRAFT_4 },
    { WORD_PROPERTY_NAMES, HOLDS_ONE, DRAFT_6 },
    { WORD_CONTAINS, HOLDS_ONE, DRAFT_6 },
    { WORD_IF, HOLDS_ONE, DRAFT_7 },
    { WORD_THEN, HOLDS_ONE, DRAFT_7 },
    { WORD_ELSE, HOLDS_ONE, DRAFT_7 },
    { WORD_DEFS, HOLDS_MAP, DRAFT_2019 },
    { WORD_DEPENDENT_SCHEMAS, HOLDS_MAP, DRAFT_2019 },
    { WORD_UNEVALUATED_PROPERTIES, HOLDS_ONE, DRAFT_2019 },
    { WORD_UNEVALUATED_ITEMS, HOLDS_ONE, DRAFT_2019 },
    { WORD_CONTENT_SCHEMA, HOLDS_ONE, DRAFT_2019 },
    { WORD_PREFIX_ITEMS, HOLDS_LIST, DRAFT_2020 },
};

static bool look_below(struct reader *r, struct site site, const struct node *n, unsigned holds,
                       str pointer)
{
    struct arena *a = r->cx->arena;
    site.node = n;
    site.pointer = pointer;
    if ((holds & HOLDS_ONE) && n->kind != NODE_LIST)
        return look_through(r, site);
    bool list = (holds & HOLDS_LIST) && n->kind == NODE_LIST;
    bool map = (holds & HOLDS_MAP) && n->kind == NODE_MAP;
    for (uint32_t i = 0; (list || map) && i < n->len; i++) {
        site.node = list ? n->items[i] : n->entries[i].value;
        site.pointer =
            pointer_step(a, pointer, list ? str_format(a, "%u", i) : n->entries[i].key->text);
        if (!look_through(r, site))
            return false;
    }
    return true;
}

static bool look_through(struct reader *r, struct site site)
{
    struct arena *a = r->cx->arena;
    enum draft draft = site.dialect.draft;
    if (map_put(&site.doc->seen, site.pointer, site.doc))
        return true;
    r->at = site.node->pos;
    if (site.node->kind != NODE_MAP) {
        if (!site.pointer.len)
            resource_new(r, &site, site.doc->url);
        return true;
    }
    if (!enter_resource(r, &site, &draft) || !add_anchors(r, &site, draft))
        return false;
    for (size_t i = 0; i < countof(holders); i++) {
        const struct key *keyword = r->words[holders[i].word];
        const struct node *n = node_get(site.node, keyword);
        if (n && holders[i].since <= draft
            && !look_below(r, site, n, holders[i].holds,
                           pointer_step(a, site.pointer, keyword->text)))
            return false;
    }
    return true;
}

struct document *document_add(struct reader *r, str url, const struct node *root)
{
    struct arena *a = r->cx->arena;
    struct document *doc = NEW(a, struct document);
    *doc = (struct document){ .url = url, .root = root };
    doc->resources.arena = doc->by_node.arena = doc->seen.arena = doc->schemas.arena = a;
    struct site site = { doc, root, S(""), NULL, { DRAFT_2020, 0 } };
    if (!look_through(r, site))
        return NULL;
    if (!meta_is_its_own(url) && !meta_check(r, doc, root, S("")))
        return NULL;
    map_put(&r->documents, url, doc);
    return doc;
}

struct document *document_at(struct reader *r, str url)
{
    struct document *doc = map_get(&r->documents, url);
    if (doc)
        return doc;
    const struct node *root = load(r, url);
    return root ? document_add(r, url, root) : NULL;
}

struct resource *resource_around(const struct document *doc, str pointer)
{
    struct resource *res = map_get(&doc->resources, S(""));
    if (doc->resources.len == 1)
        return res;
    while (!(res = map_get(&doc->resources, pointer)) && pointer.len)
        pointer = str_slice(pointer, 0, (size_t)str_find_last(pointer, '/'));
    return res;
}

/* Schemas. */

struct json_schema *schema_at(struct reader *r, struct document *doc, str pointer)
{
    struct map_entry *e = map_entry(&doc->schemas, pointer);
    if (e->value)
        return e->value;
    struct json_schema *s = NEW(r->cx->arena, struct json_schema);
    s->document = doc;
    s->pointer = pointer;
    e->value = s;
    ARENA_PUSH(r->cx->arena, r->queue, r->queue_len, r->queue_cap);
    r->queue[r->queue_len++] = s;
    return s;
}

static const struct node *node_step(struct reader *r, const struct node *n, str token)
{
    uint32_t at = 0;
    if (n->kind == NODE_MAP)
        return node_get_text(r->cx, n, token);
    if (n->kind != NODE_LIST || !token.len || token.len > 9)
        return NULL;
    for (size_t i = 0; i < token.len; i++) {
        if (token.at[i] < '0' || token.at[i] > '9')
            return NULL;
        at = at * 10 + (uint32_t)(token.at[i] - '0');
    }
    return at < n->len ? n->items[at] : NULL;
}

struct json_schema *schema_below(struct reader *r, const struct json_schema *s, enum word word,
                                 str name)
{
    const struct node *n = node_get(s->node, r->words[word]);
    str pointer = pointer_step(r->cx->arena, s->pointer, r->words[word]->text);
    if (name.at) {
        n = node_step(r, n, name);
        pointer = pointer_step(r->cx->arena, pointer, name);
    }
    struct json_schema *below = schema_at(r, s->document, pointer);
    below->node = n;
    return below;
}

static struct json_schema *schema_in(struct reader *r, struct document *doc,
                                     const struct resource *res, str fragment)
{
    struct arena *a = r->cx->arena;
    if (!fragment.len || fragment.at[0] == '/')
        return schema_at(r, doc, str_concat(a, res->pointer, fragment));
    const struct anchor *anchor = map_get(&res->anchors, fragment);
    if (anchor)
        return schema_at(r, doc, anchor->pointer);
    str at = str_format(a, "%.*s#%.*s", STR(res->id), STR(fragment));
    reader_fail(r, "anchor in %.*s not found in schema %.*s", STR(quoted(a, at)),
                STR(quoted(a, doc->url)));
    return NULL;
}

struct json_schema *schema_referred(struct reader *r, const struct json_schema *s, str reference)
{
    struct arena *a = r->cx->arena;
    struct document *doc = s->document;
    struct url base, parsed;
    str why, fragment, address;
    str_cut(reference, '#', &address, &fragment);
    if (!decode_path(a, fragment, &fragment) || !url_parse(a, address, &parsed, &why)
        || !url_parse(a, s->resource->id, &base, &why)) {
        reader_fail(r, "error in parsing %.*s: %.*s", STR(quoted(a, reference)), STR(why));
        return NULL;
    }
    struct url resolved = url_resolve(a, &base, parsed);
    address = url_print(a, &resolved);
    if (str_eq(address, doc->url))
        return schema_in(r, doc, resource_around(doc, S("")), fragment);
    for (uint32_t i = 0; i < doc->resources.len; i++) {
        const struct resource *res = doc->resources.entries[i].value;
        if (str_eq(res->id, address))
            return schema_in(r, doc, res, fragment);
    }
    doc = document_at(r, address);
    return doc ? schema_in(r, doc, resource_around(doc, S("")), fragment) : NULL;
}

static bool unescape_step(struct arena *a, str *token)
{
    for (size_t i = 0; i < token->len; i++) {
        bool tilde = token->at[i] == '~';
        if (tilde && (i + 1 == token->len || !str_has_char(S("01"), token->at[i + 1])))
            return false;
    }
    *token = str_replace_all(a, *token, S("~1"), S("/"));
    *token = str_replace_all(a, *token, S("~0"), S("~"));
    return true;
}

static const struct node *node_at(struct reader *r, const struct document *doc, str pointer)
{
    const struct node *n = doc->root;
    str rest = str_skip(pointer, 1), token;
    if (!pointer.len)
        return n;
    for (bool more = true; more;) {
        more = str_cut(rest, '/', &token, &rest);
        if (!unescape_step(r->cx->arena, &token)) {
            reader_fail(r, "invalid json-pointer %.*s", STR(quoted_location(r, doc, pointer)));
            return NULL;
        }
        n = node_step(r, n, token);
        if (!n) {
            reader_fail(r, "json-pointer in %.*s not found", STR(quoted_location(r, doc, pointer)));
            return NULL;
        }
    }
    return n;
}

/* What only a reference led to has not been looked through yet. */
static bool look_at_last(struct reader *r, const struct json_schema *s)
{
    struct document *doc = s->document;
    if (map_find(&doc->seen, s->pointer))
        return true;
    struct resource *res = resource_around(doc, s->pointer);
    struct site site = { doc, s->node, s->pointer, res, res->dialect };
    return look_through(r, site) && meta_check(r, doc, s->node, s->pointer);
}

/* Dynamic anchors are found by who asks, so they have to be there before. */
static void enter_anchors(struct reader *r, const struct json_schema *s)
{
    struct resource *res = s->resource;
    if (res->entered)
        return;
    res->entered = true;
    for (uint32_t i = 0; i < res->anchors.len; i++) {
        struct anchor *anchor = res->anchors.entries[i].value;
        if (anchor->dynamic)
            anchor->schema = schema_at(r, s->document, anchor->pointer);
    }
}

bool reader_drain(struct reader *r)
{
    while (r->done < r->queue_len) {
        struct json_schema *s = r->queue[r->done++];
        if (!s->node)
            s->node = node_at(r, s->document, s->pointer);
        if (!s->node || !look_at_last(r, s))
            return false;
        s->resource = resource_around(s->document, s->pointer);
        s->draft = s->resource->dialect.draft;
        enter_anchors(r, s);
        if (!rules_read(r, s))
            return false;
    }
    return true;
}

static const struct key **words_of(struct context *cx)
{
    static const str texts[] = {
#define X(identifier, text) S(text),
        WORD_LIST(X)
#undef X
    };
    const struct key **words = NEW_ARRAY(cx->arena, const struct key *, WORD_COUNT);
    for (size_t i = 0; i < WORD_COUNT; i++)
        words[i] = intern(cx->keys, texts[i]);
    return words;
}

const struct json_schema *json_schema_read(struct context *cx, str url, const struct node *root,
                                           const struct json_schema_source *source,
                                           struct json_schema_error *error)
{
    struct reader meta = { .cx = cx, .documents.arena = cx->arena, .loaded.arena = cx->arena };
    meta.words = words_of(cx);
    struct reader r = meta;
    r.source = source;
    r.meta = &meta;
    r.at = root->pos;
    map_put(&r.loaded, url, (void *)root);
    struct document *doc = document_at(&r, url);
    const struct json_schema *s = doc ? schema_at(&r, doc, S("")) : NULL;
    *error = (struct json_schema_error){ 0 };
    if (s && reader_drain(&r))
        return s;
    *error = r.error;
    return NULL;
}
