/* Generators of generators: a matrix makes each of the first with each of the second, which sees the
 * first one's parameters; a merge lays what has the same keys over the first one's. */
#include "promote/generator.h"

/* matrix. */

static const struct node *joined(struct context *cx, const struct node *generator, const char *what,
                                 bool two)
{
    const struct node *list = params_list(cx, generator, "generators");
    if (list && (two ? list->len == 2 : list->len >= 2))
        return list;
    report(cx, generator->pos, "a %s joins %s generators", what, two ? "two" : "at least two");
    return NULL;
}

static bool is_zero(const struct node *n)
{
    if (!node_is_scalar(n))
        return !n->len;
    return n->kind == NODE_NULL || !n->text.len || str_eq(n->text, S("0"))
           || str_eq(n->text, S("false"));
}

/* Maps are joined all the way down; what says nothing does not win. */
static void lay_tree(struct context *cx, struct node *under, const struct node *over)
{
    for (uint32_t i = 0; i < over->len; i++) {
        const struct entry *e = &over->entries[i];
        struct node *there = node_get(under, e->key);
        if (node_is(there, NODE_MAP) && e->value->kind == NODE_MAP)
            lay_tree(cx, there, e->value);
        else if (!there || !is_zero(e->value))
            node_set(cx, under, e->key, node_copy(cx, e->value));
    }
}

static bool lay_texts(struct context *cx, struct node *under, const struct node *over)
{
    for (uint32_t i = 0; i < over->len; i++) {
        const struct entry *e = &over->entries[i];
        const struct node *there = node_get(under, e->key);
        if (there && !str_eq(fill_print(cx, there), fill_print(cx, e->value)))
            return report(cx, e->value->pos, "both generators say '%.*s', and not the same",
                          STR(e->key->text));
        node_set(cx, under, e->key, node_copy(cx, e->value));
    }
    return true;
}

static const struct node *combined(struct context *cx, const struct application_set *set,
                                   const struct node *first, const struct node *second)
{
    struct node *out = node_copy(cx, set->fill.go ? second : first);
    if (!set->fill.go)
        return lay_texts(cx, out, second) ? out : NULL;
    lay_tree(cx, out, first);
    return out;
}

/* `values` that name a parameter of their own generator are left for that. */
static struct node *fill_values(struct context *cx, const struct fill *f, const struct node *values,
                                struct params *p)
{
    struct fill strictly = *f;
    struct node *out = node_map(cx);
    strictly.set = f->strictly;
    for (uint32_t i = 0; i < values->len; i++) {
        const struct entry *e = &values->entries[i];
        struct diags before = cx->diags;
        struct node *filled = fill_tree(cx, &strictly, e->value, p);
        if (!filled)
            diag_take_back(cx, before);
        node_set(cx, out, e->key, filled ? filled : node_copy(cx, e->value));
    }
    return out;
}

/* The second generator sees what the first has made. */
static const struct node *fill_entry(struct context *cx, const struct application_set *set,
                                     const struct node *entry, const struct node *first)
{
    const struct key *key = intern(cx->keys, S("values"));
    struct params p = { .node = first };
    struct node *bare = node_copy(cx, entry);
    if (!first->len)
        return entry;
    for (uint32_t i = 0; i < bare->len; i++)
        node_remove(bare->entries[i].value, key);
    struct node *filled = fill_tree(cx, &set->fill, bare, &p);
    const struct node *selector = node_get_text(cx, entry, S("selector"));
    if (filled && selector)
        params_put(cx, filled, S("selector"), node_copy(cx, selector));
    for (uint32_t i = 0; filled && i < entry->len; i++) {
        const struct node *values = node_get(entry->entries[i].value, key);
        struct node *there = node_get(filled, entry->entries[i].key);
        if (!node_is(values, NODE_MAP) || !node_is(there, NODE_MAP))
            continue;
        node_set(cx, there, key,
                 set->fill.go ? fill_values(cx, &set->fill, values, &p)
                              : fill_tree(cx, &set->fill, values, &p));
    }
    return filled;
}

/* More Applications than any cluster holds. */
enum { MOST_COMBINED = 100000 };

bool generator_matrix(struct context *cx, const struct application_set *set,
                      const struct node *generator, struct param_sets *out)
{
    struct param_sets first = { 0 };
    const struct node *both = joined(cx, generator, "matrix", true), *row;
    if (!both || !generator_run(cx, set, both->items[0], &first))
        return false;
    for (uint32_t i = 0; i < first.len; i++) {
        struct param_sets second = { 0 };
        const struct node *entry = fill_entry(cx, set, both->items[1], first.at[i]);
        if (!entry || !generator_run(cx, set, entry, &second)
            || !limit_count(cx, LIMIT_STEPS, second.len + 1, generator->pos))
            return false;
        if (out->len + (uint64_t)second.len > MOST_COMBINED)
            return report(cx, generator->pos, "this matrix makes more than %d combinations",
                          MOST_COMBINED);
        for (uint32_t k = 0; k < second.len; k++) {
            if (!(row = combined(cx, set, first.at[i], second.at[k])))
                return false;
            params_keep(cx, out, row);
        }
    }
    return true;
}

/* merge. */

static bool same_keys(struct context *cx, const struct node *keys, const struct node *a,
                      const struct node *b)
{
    for (uint32_t i = 0; i < keys->len; i++) {
        const struct node *x = node_get_text(cx, a, keys->items[i]->text);
        const struct node *y = node_get_text(cx, b, keys->items[i]->text);
        if (!x != !y || (x && !node_equal(x, y)))
            return false;
    }
    return true;
}

static bool check_unique(struct context *cx, const struct node *keys, const struct param_sets *sets)
{
    for (uint32_t i = 0; i < sets->len; i++) {
        if (!limit_count(cx, LIMIT_STEPS, sets->len, keys->pos))
            return false;
        for (uint32_t k = i + 1; k < sets->len; k++) {
            if (same_keys(cx, keys, sets->at[i], sets->at[k]))
                return report(cx, keys->pos,
                              "two parameter sets of one generator have the same "
                              "merge keys");
        }
    }
    return true;
}

static bool lay_all(struct context *cx, const struct application_set *set, const struct node *keys,
                    const struct param_sets *base, const struct param_sets *more)
{
    for (uint32_t i = 0; i < base->len; i++) {
        if (!limit_count(cx, LIMIT_STEPS, more->len, keys->pos))
            return false;
        for (uint32_t k = 0; k < more->len; k++) {
            struct node *under = (struct node *)base->at[i];
            const struct node *over = more->at[k];
            if (!same_keys(cx, keys, under, over))
                continue;
            if (set->fill.go)
                lay_tree(cx, under, over);
            for (uint32_t e = 0; !set->fill.go && e < over->len; e++)
                node_set(cx, under, over->entries[e].key, node_copy(cx, over->entries[e].value));
        }
    }
    return true;
}

bool generator_merge(struct context *cx, const struct application_set *set,
                     const struct node *generator, struct param_sets *out)
{
    const struct node *keys = params_list(cx, generator, "mergeKeys");
    const struct node *all = joined(cx, generator, "merge", false);
    if (!all)
        return false;
    if (!keys || !keys->len)
        return report(cx, generator->pos, "a merge needs 'mergeKeys'");
    for (uint32_t i = 0; i < keys->len; i++) {
        if (!node_is_scalar(keys->items[i]))
            return report(cx, keys->items[i]->pos, "'mergeKeys' holds texts, not %s",
                          node_kind_name(keys->items[i]));
    }
    for (uint32_t i = 0; i < all->len; i++) {
        struct param_sets own = { 0 };
        if (!generator_run(cx, set, all->items[i], &own) || !check_unique(cx, keys, &own))
            return false;
        if (i) {
            if (!lay_all(cx, set, keys, out, &own))
                return false;
            continue;
        }
        for (uint32_t k = 0; k < own.len; k++)
            params_keep(cx, out, node_copy(cx, own.at[k]));
    }
    return true;
}
