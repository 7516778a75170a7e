/* Lists. Items that something tells apart are matched by it, wherever they stand: the merge
 * keys of the schema, else fields that name things in custom resources too. Other lists keep
 * the longest common subsequence, and what stands between its members is paired by likeness. */
#include "promote/diff_fields.h"
#include "promote/likeness.h"
#include "promote/sequence.h"

/* Fields that tell items apart, the first that do it in both lists. */
enum { KEYS_MOST = 3 };

struct item_key {
    const struct key *at[KEYS_MOST];
    uint32_t len;
};

static const char *const identities[][KEYS_MOST] = {
    { "name" },
    { "kind", "name" },
    { "kind", "name", "namespace" },
    { "id" },
    { "key" },
    { "type" },
    { "alert" },
    { "record" },
    { "host" },
    { "hostname" },
    { "ip" },
    { "mountPath" },
    { "path" },
    { "topologyKey" },
    { "secretName" },
    { "port" },
    { "port", "protocol" },
};

static str item_value(const struct node *item, const struct key *key)
{
    const struct node *value = node_get(item, key);
    return value && node_is_scalar(value) ? value->text : S("");
}

/* The item as its key tells it; of the old side a renamed document's name counts as the new
 * one. Empty when a field is missing. */
static str identity_text(struct differ *d, const struct node *item, const struct item_key *key,
                         bool old)
{
    str all = S("");
    for (uint32_t i = 0; i < key->len; i++) {
        str value = item_value(item, key->at[i]);
        if (!value.len)
            return S("");
        if (old && !d->options.all)
            value = matches_new_name(d->matches, value);
        if (key->len == 1)
            return value;
        all = str_format(d->cx->scratch, "%.*s%s%.*s", STR(all), i ? "\n" : "", STR(value));
    }
    return all;
}

/* False when an item lacks a field or two have the same. Values are places from 1. */
static bool index_items(struct differ *d, const struct node *list, const struct item_key *key,
                        bool old, struct map *out)
{
    *out = (struct map){ .arena = d->cx->scratch };
    for (uint32_t i = 0; i < list->len; i++) {
        str text = identity_text(d, list->items[i], key, old);
        if (!text.len || map_find(out, text))
            return false;
        map_put(out, text, (void *)(uintptr_t)(i + 1));
    }
    return true;
}

static bool add_key(struct differ *d, struct item_key *key, str name)
{
    const struct key *k = intern_find(d->cx->keys, name);
    if (k && key->len < KEYS_MOST)
        key->at[key->len++] = k;
    return k != NULL;
}

static bool try_key(struct differ *d, const struct node *from, const struct node *to,
                    const struct item_key *key, struct map index[2])
{
    return key->len && index_items(d, from, key, true, &index[0])
           && index_items(d, to, key, false, &index[1]);
}

static bool list_key(struct differ *d, const struct node *from, const struct node *to,
                     struct merge_type type, struct item_key *key, struct map index[2])
{
    struct merge_list merge = merge_type_list(d->schema, type);
    for (size_t i = 0; i < merge.len; i++) {
        *key = (struct item_key){ 0 };
        if (add_key(d, key, merge_list_key(merge, i)) && try_key(d, from, to, key, index))
            return true;
    }
    for (size_t i = 0; i < countof(identities); i++) {
        *key = (struct item_key){ 0 };
        bool known = true;
        for (size_t k = 0; k < KEYS_MOST && identities[i][k]; k++)
            known = known && add_key(d, key, str_from(identities[i][k]));
        if (known && try_key(d, from, to, key, index))
            return true;
    }
    return false;
}

/* Lists with a key. */

/* "[name=app]", "[kind=ServiceAccount,name=web]". */
static void path_item(struct differ *d, const struct item_key *key, str identity)
{
    for (uint32_t i = 0; i < key->len; i++) {
        str value;
        str_cut(identity, '\n', &value, &identity);
        buf_format(&d->path, "%s%.*s=%.*s", i ? "," : "[", STR(key->at[i]->text), STR(value));
    }
    buf_char(&d->path, ']');
}

static void compare_item(struct differ *d, const struct item_key *key, str identity, uint32_t at,
                         const struct node *from, const struct node *to, struct merge_type type)
{
    size_t before = d->path.len;
    path_item(d, key, identity);
    diff_item(d, at, from, to, type);
    d->path.len = before;
}

/* The kept items, as places among them on the old side in the order of the new one; false
 * when that is the order they have. */
static bool new_order(struct differ *d, const struct map index[2], uint32_t **order, uint32_t *len)
{
    uint32_t *rank = NEW_ARRAY(d->cx->scratch, uint32_t, index[0].len);
    *order = NEW_ARRAY(d->cx->arena, uint32_t, index[1].len);
    *len = 0;
    for (uint32_t i = 0, kept = 0; i < index[0].len; i++)
        rank[i] = map_find(&index[1], index[0].entries[i].key) ? kept++ : 0;
    bool moved = false;
    for (uint32_t j = 0; j < index[1].len; j++) {
        const struct map_entry *e = map_find(&index[0], index[1].entries[j].key);
        if (!e)
            continue;
        (*order)[*len] = rank[e - index[0].entries];
        moved |= (*order)[*len] != *len;
        ++*len;
    }
    return moved;
}

static void compare_keyed(struct differ *d, const struct item_key *key, const struct map index[2],
                          const struct node *from, const struct node *to, struct merge_type type)
{
    struct merge_type element = merge_type_element(d->schema, type);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < index[0].len; i++) {
        str identity = index[0].entries[i].key;
        uintptr_t place = (uintptr_t)map_get(&index[1], identity);
        const struct node *other = place ? to->items[place - 1] : NULL;
        compare_item(d, key, identity, kept, from->items[i], other, element);
        kept += other != NULL;
    }
    uint32_t *order, len;
    if (new_order(d, index, &order, &len)) {
        struct diff_change *c = diff_add(d, DIFF_ORDER, from, to);
        c->order = order;
        c->order_len = len;
    }
    for (uint32_t j = 0; j < index[1].len; j++) {
        str identity = index[1].entries[j].key;
        if (!map_find(&index[0], identity))
            compare_item(d, key, identity, j, NULL, to->items[j], element);
    }
}

/* Lists without one. */

/* Old names of renamed documents count as the new ones where `names` is not NULL. */
static uint64_t hash_value(const struct matches *names, const struct node *n)
{
    uint64_t h = n->kind + 1;
    if (n->kind == NODE_LIST) {
        for (uint32_t i = 0; i < n->len; i++)
            h = (h ^ hash_value(names, n->items[i])) * 0x9e3779b97f4a7c15u;
    } else if (n->kind == NODE_MAP) {
        for (uint32_t i = 0; i < n->len; i++) {
            uint64_t e = str_hash(n->entries[i].key->text);
            e = (e ^ hash_value(names, n->entries[i].value)) * 0x9e3779b97f4a7c15u;
            h += e ^ (e >> 32);
        }
    } else if (n->kind != NODE_NULL) {
        h = (h << 32) ^ str_hash(names ? matches_new_name(names, n->text) : n->text);
    }
    return h ^ (h >> 29);
}

uint64_t diff_hash(const struct node *n)
{
    return hash_value(NULL, n);
}

/* Equal items get equal numbers. Items that only share a hash are told apart. */
struct numbered {
    const struct node *item;
    uint32_t number;
    bool old;
};

/* Equal, where a renamed document's old name counts as the new one. */
static bool same_but_names(struct differ *d, const struct node *old, const struct node *new_)
{
    if (old->kind != new_->kind)
        return false;
    if (node_is_scalar(old))
        return node_equal(old, new_)
               || (old->kind == NODE_STRING
                   && str_eq(matches_new_name(d->matches, old->text), new_->text));
    bool same = old->len == new_->len;
    for (uint32_t i = 0; same && i < old->len; i++) {
        const struct node *a = old->kind == NODE_MAP ? old->entries[i].value : old->items[i];
        const struct node *b =
            old->kind == NODE_MAP ? node_get(new_, old->entries[i].key) : new_->items[i];
        same = b && same_but_names(d, a, b);
    }
    return same;
}

static bool same_item(struct differ *d, const struct numbered *known, const struct node *item,
                      bool old)
{
    if (known->old == old || d->options.all || d->inside)
        return node_equal(known->item, item);
    return same_but_names(d, old ? item : known->item, old ? known->item : item);
}

static uint32_t *number_items(struct differ *d, const struct node *list, bool old,
                              struct map *known)
{
    uint32_t *out = NEW_ARRAY(d->cx->scratch, uint32_t, list->len);
    bool follow = old && !d->options.all && !d->inside;
    for (uint32_t i = 0; i < list->len; i++) {
        uint64_t hash = hash_value(follow ? d->matches : NULL, list->items[i]);
        struct map_entry *e =
            map_entry(known, (str){ arena_copy(d->cx->scratch, &hash, sizeof hash), sizeof hash });
        struct numbered *n = e->value;
        if (!n) {
            n = e->value = NEW(d->cx->scratch, struct numbered);
            *n = (struct numbered){ list->items[i], known->len, old };
        }
        bool same = same_item(d, n, list->items[i], old);
        out[i] = same ? n->number : UINT32_MAX - 2 * i - old;
    }
    return out;
}

/* A walk along both lists: `at` is where the next item will stand in the new one. */
struct gap {
    const struct node *from, *to;
    uint32_t i, j;         /* the items not yet dealt with */
    uint32_t i_end, j_end; /* up to here they differ */
    struct merge_type element;
};

static void compare_place(struct differ *d, struct gap *g, bool old, bool new_)
{
    size_t before = d->path.len;
    buf_format(&d->path, "[%u]", new_ ? g->j : g->i);
    diff_item(d, g->j, old ? g->from->items[g->i] : NULL, new_ ? g->to->items[g->j] : NULL,
              g->element);
    d->path.len = before;
    g->i += old;
    g->j += new_;
}

static bool pairs_up(const struct node *a, const struct node *b)
{
    return !node_is_scalar(a) && a->kind == b->kind;
}

/* Which item of the new side each one of the old side became, from 0, or -1: the pairs that
 * have most in common and stand in the same order. */
enum { GAP_MOST = 32 };
static const double pair_least = 0.25;

static void align(struct differ *d, const struct gap *g, int32_t match[GAP_MOST])
{
    uint32_t n = g->i_end - g->i, m = g->j_end - g->j;
    struct sketch a[GAP_MOST], b[GAP_MOST];
    double best[GAP_MOST + 1][GAP_MOST + 1] = { 0 }, alike[GAP_MOST][GAP_MOST];
    for (uint32_t i = 0; i < n; i++)
        a[i] = sketch_of(d->cx, g->from->items[g->i + i]);
    for (uint32_t j = 0; j < m; j++)
        b[j] = sketch_of(d->cx, g->to->items[g->j + j]);
    for (uint32_t i = n; i-- > 0;) {
        for (uint32_t j = m; j-- > 0;) {
            bool can = pairs_up(g->from->items[g->i + i], g->to->items[g->j + j]);
            double likeness = can ? sketch_likeness(&a[i], &b[j]) : 0;
            alike[i][j] = likeness >= pair_least ? likeness : -1;
            double skip = best[i + 1][j] > best[i][j + 1] ? best[i + 1][j] : best[i][j + 1];
            double take = alike[i][j] < 0 ? 0 : alike[i][j] + best[i + 1][j + 1];
            best[i][j] = take > skip ? take : skip;
        }
    }
    for (uint32_t i = 0; i < n; i++)
        match[i] = -1;
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        if (alike[i][j] >= 0 && best[i][j] > best[i + 1][j] && best[i][j] > best[i][j + 1])
            match[i++] = (int32_t)j++;
        else if (best[i + 1][j] >= best[i][j + 1])
            i++;
        else
            j++;
    }
}

static bool all_scalars(const struct gap *g)
{
    for (uint32_t i = g->i; i < g->i_end; i++) {
        if (!node_is_scalar(g->from->items[i]))
            return false;
    }
    for (uint32_t j = g->j; j < g->j_end; j++) {
        if (!node_is_scalar(g->to->items[j]))
            return false;
    }
    return true;
}

/* Items that have nothing in common but the fields they say, as many on either side. */
static bool same_shape(const struct node *a, const struct node *b)
{
    if (!node_is(a, NODE_MAP) || !node_is(b, NODE_MAP) || a->len != b->len)
        return false;
    for (uint32_t i = 0; i < a->len; i++) {
        if (!node_entry(b, a->entries[i].key))
            return false;
    }
    return true;
}

/* Do what goes and what comes stand opposite each other? */
static bool opposite(const struct gap *g, const int32_t match[GAP_MOST])
{
    uint32_t n = g->i_end - g->i;
    if (n != g->j_end - g->j)
        return false;
    if (!match)
        return true;
    for (uint32_t i = 0; i < n; i++) {
        if (match[i] >= 0 || !same_shape(g->from->items[g->i + i], g->to->items[g->j + i]))
            return false;
    }
    return true;
}

static void compare_gap(struct differ *d, struct gap *g)
{
    uint32_t n = g->i_end - g->i, m = g->j_end - g->j;
    int32_t match[GAP_MOST];
    bool aligned = n && m && n <= GAP_MOST && m <= GAP_MOST && !all_scalars(g);
    bool single = n == 1 && m == 1 && pairs_up(g->from->items[g->i], g->to->items[g->j]);
    if (aligned)
        align(d, g, match);
    bool pairs = single || opposite(g, aligned ? match : NULL);
    uint32_t first = g->i, j_first = g->j;
    while (g->i < g->i_end) {
        int32_t other = aligned && !pairs ? match[g->i - first] : -1;
        for (uint32_t end = other < 0 ? 0 : j_first + (uint32_t)other; g->j < end;)
            compare_place(d, g, false, true);
        compare_place(d, g, true, pairs || other >= 0);
    }
    while (g->j < g->j_end)
        compare_place(d, g, false, true);
}

static void compare_sequences(struct differ *d, const struct node *from, const struct node *to,
                              struct merge_type type)
{
    struct arena *scratch = d->cx->scratch;
    struct map known = { .arena = scratch };
    uint32_t *a = number_items(d, from, true, &known);
    uint32_t *b = number_items(d, to, false, &known);
    int32_t *match = NEW_ARRAY(scratch, int32_t, from->len);
    sequence_match(scratch, a, from->len, b, to->len, match);
    struct gap g = { .from = from, .to = to, .element = merge_type_element(d->schema, type) };
    for (uint32_t k = 0; k < from->len; k++) {
        if (match[k] < 0)
            continue;
        g.i_end = k;
        g.j_end = (uint32_t)match[k];
        compare_gap(d, &g);
        /* Equal but for a rename, perhaps. */
        if (node_equal(from->items[k], to->items[g.j])) {
            g.i++;
            g.j++;
        } else {
            compare_place(d, &g, true, true);
        }
    }
    g.i_end = from->len;
    g.j_end = to->len;
    compare_gap(d, &g);
}

void diff_lists(struct differ *d, const struct node *from, const struct node *to,
                struct merge_type type)
{
    struct item_key key;
    struct map index[2];
    if (list_key(d, from, to, type, &key, index))
        compare_keyed(d, &key, index, from, to, type);
    else
        compare_sequences(d, from, to, type);
}
