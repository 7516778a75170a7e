/* Only the entries that are asked for are looked at closely. */
#include "render/chart/index.h"

#include "render/chart/definition.h"
#include "render/chart/field_types.h"
#include "render/doc/json_read.h"
#include "render/doc/yaml_read.h"

static str field(struct context *cx, const struct node *map, str name)
{
    const struct node *n = node_get_text(cx, map, name);
    return n && node_is_scalar(n) && n->kind != NODE_NULL ? n->text : S("");
}

static struct node *parse(struct context *cx, struct text *text)
{
    struct node *n = json_try(cx, text);
    bool json = n;
    if (!json)
        n = yaml_read(cx, text, YAML_GO2);
    return n && index_types_check(cx, n, json) ? n : NULL;
}

struct chart_index *index_read(struct context *cx, struct text *text, str source)
{
    struct pos pos = { text->id, 0 };
    (void)source;
    if (text->bytes.len == 0) {
        report(cx, pos, "empty index.yaml file");
        return NULL;
    }
    struct node *n = parse(cx, text);
    if (!n)
        return NULL;
    if (!field(cx, n, S("apiVersion")).len) {
        report(cx, pos, "no API version specified");
        return NULL;
    }
    const struct node *entries = node_get_text(cx, n, S("entries"));
    struct chart_index *index = NEW(cx->arena, struct chart_index);
    index->text = text;
    index->entries = node_is(entries, NODE_MAP) ? entries : NULL;
    return index;
}

static bool is_sound(struct context *cx, const struct node *n)
{
    struct diags before = cx->diags;
    struct node *definition = definition_read(cx, n);
    if (definition && definition_check(cx, definition, false))
        return true;
    const struct diag *why = diag_take_back(cx, before);
    warn(cx, n->pos, "this entry of the index is left out: %.*s", STR(why ? why->message : S("")));
    return false;
}

static struct index_entry read_entry(struct context *cx, const struct node *n)
{
    struct index_entry e = { .node = n };
    str error;
    e.name = field(cx, n, S("name"));
    e.version = field(cx, n, S("version"));
    e.digest = field(cx, n, S("digest"));
    e.urls = node_get_text(cx, n, S("urls"));
    if (!node_is(e.urls, NODE_LIST))
        e.urls = NULL;
    e.is_version = semver_parse(cx->arena, e.version, &e.parsed, &error);
    return e;
}

static int compare(const struct index_entry *x, const struct index_entry *y)
{
    if (!x->is_version || !y->is_version)
        return (int)y->is_version - (int)x->is_version;
    return -semver_compare(&x->parsed, &y->parsed);
}

/* A merge sort, as equal ones keep their order. */
static void sort_range(struct index_entry *at, struct index_entry *spare, uint32_t n)
{
    if (n < 2)
        return;
    uint32_t half = n / 2;
    sort_range(at, spare, half);
    sort_range(at + half, spare, n - half);
    memcpy(spare, at, half * sizeof *at);
    for (uint32_t i = 0, j = half, k = 0; i < half; k++)
        at[k] = j < n && compare(&at[j], &spare[i]) < 0 ? at[j++] : spare[i++];
}

void index_sort(struct context *cx, struct index_entry *at, uint32_t len)
{
    sort_range(at, NEW_ARRAY(cx->arena, struct index_entry, len / 2 + 1), len);
}

bool index_entries(struct context *cx, const struct chart_index *index, str name,
                   struct index_entries *out)
{
    const struct node *list = node_get_text(cx, index->entries, name);
    *out = (struct index_entries){ 0 };
    if (!list)
        return false;
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        if (list->items[i]->kind != NODE_MAP || !is_sound(cx, list->items[i]))
            continue;
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = read_entry(cx, list->items[i]);
    }
    index_sort(cx, out->at, out->len);
    return true;
}

static bool find_exact(const struct index_entries *all, str version, struct index_entry *out)
{
    for (uint32_t i = 0; version.len && i < all->len; i++) {
        if (str_eq(all->at[i].version, version)) {
            *out = all->at[i];
            return true;
        }
    }
    return false;
}

bool index_find(struct context *cx, const struct chart_index *index, str name, str version,
                struct index_entry *out, str *why)
{
    struct index_entries all;
    *why = S("no chart name found");
    if (!index_entries(cx, index, name, &all))
        return false;
    *why = S("no chart version found");
    if (all.len == 0)
        return false;
    struct semver_range *range = semver_range_parse(cx->arena, version.len ? version : S("*"), why);
    if (!range)
        return false;
    if (find_exact(&all, version, out))
        return true;
    for (uint32_t i = 0; i < all.len; i++) {
        if (!all.at[i].is_version || !semver_range_has(range, &all.at[i].parsed))
            continue;
        *out = all.at[i];
        return true;
    }
    *why = str_format(cx->arena, "no chart version found for %.*s-%.*s", STR(name), STR(version));
    return false;
}

str index_address(const struct index_entry *entry)
{
    const struct node *first = entry->urls && entry->urls->len ? entry->urls->items[0] : NULL;
    return first && node_is_scalar(first) ? first->text : S("");
}
