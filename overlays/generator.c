/* configMapGenerator and secretGenerator. Text goes under `data`, other bytes, and all of a
 * Secret, are base64. */
#include "overlays/env_file.h"
#include "overlays/steps.h"

#include <stdlib.h>

#include "render/base/encode.h"
#include "render/doc/origin.h"
#include "render/doc/scalar.h"

struct generator {
    const char *kind;
    bool secret;
    bool file; /* a configuration file of its own, and not a kustomization's field */
};

static bool is_true(const struct node *map, const struct key *key)
{
    const struct node *n = node_get(map, key);
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

/* Base64 in lines of 70 characters, each with its end, when there is more than one. */
static str base64_lines(struct context *cx, str bytes)
{
    enum { LINE = 70 };
    struct buf whole, lines;
    buf_init(&whole, cx->arena, bytes.len * 4 / 3 + 4);
    encode_base64(&whole, BASE64_STD, bytes);
    str text = buf_take(&whole);
    if (text.len < LINE)
        return text;
    buf_init(&lines, cx->arena, text.len + text.len / LINE + 1);
    for (size_t at = 0; at < text.len; at += LINE) {
        buf_str(&lines, str_slice(text, at, at + LINE));
        buf_char(&lines, '\n');
    }
    return buf_take(&lines);
}

static struct node *string_at(struct context *cx, str text, struct pos pos)
{
    struct node *n = node_string(cx, text);
    n->pos = pos;
    return n;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;
    return str_cmp(x->key, y->key);
}

/* kustomize writes text of several lines as a block, and cannot read a block again that
 * begins with a tab. extra.configmap-file-leading-tab */
static bool check_text(struct context *cx, const struct pair *p)
{
    if (!str_starts(p->value, S("\t")) || !str_has_char(p->value, '\n'))
        return true;
    report(cx, p->pos, "the text of '%.*s' begins with a tab and has several lines", STR(p->key));
    hint(cx, NOWHERE, "begin it with a line without a tab");
    return false;
}

static bool add_data(struct context *cx, struct node *document, const struct pairs *pairs,
                     bool secret)
{
    if (secret)
        node_get_map(cx, document, KEY(DATA));
    for (uint32_t i = 0; i < pairs->len; i++) {
        const struct pair *p = &pairs->at[i];
        bool text = !secret && utf8_valid(p->value);
        const struct key *field = secret || text ? KEY(DATA) : KEY(BINARY_DATA);
        struct node *data = node_get_map(cx, document, field);
        if (!data->len)
            node_reserve(cx, data, pairs->len - i);
        str value = text ? p->value : base64_lines(cx, p->value);
        if (text && !check_text(cx, p))
            return false;
        node_add(cx, data, intern(cx->keys, p->key), string_at(cx, value, p->value_at));
    }
    return true;
}

/* Local pairs win over those of generatorOptions. */
static void add_texts(struct context *cx, struct node *metadata, const struct key *field,
                      const struct node *options)
{
    const struct node *from = node_get(options, field);
    if (!node_is(from, NODE_MAP) || from->len == 0)
        return;
    struct node *to = node_get_map(cx, metadata, field);
    for (uint32_t i = 0; to && i < from->len; i++) {
        const struct entry *e = &from->entries[i];
        if (!node_get(to, e->key))
            node_add(
                cx, to, e->key,
                string_at(cx, e->value->kind == NODE_NULL ? S("") : e->value->text, e->value->pos));
    }
}

static uint8_t behavior_of(const struct node *config)
{
    str name = node_get_str(config, KEY(BEHAVIOR));
    if (str_eq(name, S("replace")))
        return BEHAVIOR_REPLACE;
    if (str_eq(name, S("merge")))
        return BEHAVIOR_MERGE;
    return str_eq(name, S("create")) || name.len == 0 ? BEHAVIOR_CREATE : BEHAVIOR_UNKNOWN;
}

static struct node *new_document(struct context *cx, const struct node *config,
                                 const struct generator *g)
{
    struct node *document = node_map(cx);
    struct node *metadata = node_map(cx);
    const struct node *name = node_get(config, KEY_NAME);
    const struct node *meta = node_get(config, KEY_METADATA);
    if (!name && g->file)
        name = node_get(meta, KEY_NAME);
    if (!name || !node_is_scalar(name) || name->text.len == 0) {
        report(cx, config->pos, "a generated %s must have a name", g->kind);
        return NULL;
    }
    const struct node *namespace_ = node_get(config, KEY_NAMESPACE);
    if (node_get_str(config, KEY_NAMESPACE).len == 0)
        namespace_ = g->file ? node_get(meta, KEY_NAMESPACE) : NULL;
    document->pos = config->pos;
    node_reserve(cx, document, g->secret ? 5 : 4);
    node_reserve(cx, metadata, 2);
    node_add(cx, document, KEY_API_VERSION, string_at(cx, S("v1"), config->pos));
    node_add(cx, document, KEY_KIND, string_at(cx, str_from(g->kind), config->pos));
    node_add(cx, document, KEY_METADATA, metadata);
    node_add(cx, metadata, KEY_NAME, string_at(cx, name->text, name->pos));
    if (namespace_ && node_is_scalar(namespace_) && namespace_->text.len)
        node_add(cx, metadata, KEY_NAMESPACE, string_at(cx, namespace_->text, namespace_->pos));
    return document;
}

static void add_type(struct context *cx, struct node *document, const struct node *config)
{
    str type = node_get_str(config, KEY(TYPE));
    struct node *n = type.len ? string_at(cx, type, node_get(config, KEY(TYPE))->pos)
                              : string_at(cx, S("Opaque"), config->pos);
    node_add(cx, document, KEY(TYPE), n);
}

static struct resource *generate(struct context *cx, struct overlay *o, const struct node *config,
                                 const struct generator *g)
{
    struct pairs pairs = { 0 };
    const struct node *local = node_get(config, KEY(OPTIONS));
    const struct node *global = g->file ? NULL : node_get(o->file, KEY(GENERATOR_OPTIONS));
    struct node *document = new_document(cx, config, g);
    if (!document || !pairs_read(cx, o, config, &pairs))
        return NULL;
    if (pairs.len)
        qsort(pairs.at, pairs.len, sizeof *pairs.at, compare_pairs);
    if (g->secret)
        add_type(cx, document, config);
    if (!add_data(cx, document, &pairs, g->secret))
        return NULL;
    struct node *metadata = node_get(document, KEY_METADATA);
    add_texts(cx, metadata, KEY_LABELS, local);
    add_texts(cx, metadata, KEY_LABELS, global);
    add_texts(cx, metadata, KEY_ANNOTATIONS, local);
    add_texts(cx, metadata, KEY_ANNOTATIONS, global);
    if (is_true(local, KEY(IMMUTABLE)) || is_true(global, KEY(IMMUTABLE)))
        node_add(cx, document, KEY(IMMUTABLE), node_bool(cx, true));
    struct resource *r = resource_new(cx, document);
    r->hash_suffix = !is_true(local, KEY(DISABLE_NAME_SUFFIX_HASH))
                     && !is_true(global, KEY(DISABLE_NAME_SUFFIX_HASH));
    r->behavior = behavior_of(config);
    r->tracked = true;
    return r;
}

static bool run(struct context *cx, struct overlay *o, const struct node *config,
                const struct generator *g)
{
    struct resources made = { 0 };
    step_enter_entry(cx, config->pos);
    struct resource *r = generate(cx, o, config, g);
    bool ok =
        r && resources_append(cx, &made, r) && resources_absorb(cx, &o->sum->resources, &made);
    step_leave(cx);
    return ok;
}

static bool run_all(struct context *cx, struct overlay *o, const struct node *config,
                    const struct generator *g)
{
    for (uint32_t i = 0; i < config->len; i++) {
        if (config->items[i]->kind == NODE_MAP && !run(cx, o, config->items[i], g))
            return false;
    }
    return true;
}

bool config_maps_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return run_all(cx, o, config, &(struct generator){ "ConfigMap", false, false });
}

bool config_maps_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return run(cx, o, config, &(struct generator){ "ConfigMap", false, true });
}

bool secrets_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return run_all(cx, o, config, &(struct generator){ "Secret", true, false });
}

bool secrets_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return run(cx, o, config, &(struct generator){ "Secret", true, true });
}
