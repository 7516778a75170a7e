/* Legacy order: kinds by two lists, first and last, all others between; then group, version
 * and kind as text, where no group counts as "~G"; then namespace and name. */
#include "overlays/sort.h"

#include <stdlib.h>

#include "schema/orders.h"

struct ranked {
    struct resource *resource;
    int rank;
    str gvk;
    str id;
    bool plain_namespace; /* a Namespace without a group */
};

static int list_rank(const struct node *first, const struct node *last, str kind)
{
    int rank = 0;
    for (uint32_t i = 0; node_is(first, NODE_LIST) && i < first->len; i++) {
        if (str_eq(first->items[i]->text, kind))
            rank = (int)i - (int)first->len;
    }
    for (uint32_t i = 0; node_is(last, NODE_LIST) && i < last->len; i++) {
        if (str_eq(last->items[i]->text, kind))
            rank = (int)i + 1;
    }
    return rank;
}

static str or (str s, str instead)
{
    return s.len ? s : instead;
}

static struct ranked rank(struct context *cx, struct resource *r, const struct node *lists)
{
    struct identity id = resource_id(r);
    struct gvk g = id.gvk;
    struct ranked out = { .resource = r };
    out.rank = lists ? list_rank(node_get(lists, KEY(ORDER_FIRST)),
                                 node_get(lists, KEY(ORDER_LAST)), g.kind)
                     : legacy_rank(g.kind);
    out.gvk = str_format(cx->scratch, "%.*s_%.*s_%.*s", STR(or (g.group, S("~G"))),
                         STR(or (g.version, S("~V"))), STR(or (g.kind, S("~K"))));
    out.id = str_format(cx->scratch, "%.*s.%.*s.%.*s|%.*s|%.*s", STR(or (g.kind, S("[noKind]"))),
                        STR(or (g.version, S("[noVer]"))), STR(or (g.group, S("[noGrp]"))),
                        STR(or (id.namespace_, S("~X"))), STR(or (id.name, S("~N"))));
    out.plain_namespace = str_eq(g.kind, S("Namespace")) && g.group.len == 0;
    return out;
}

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (str_eq(x->gvk, y->gvk))
        return str_cmp(x->id, y->id);
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    int order = str_cmp(x->gvk, y->gvk);
    bool namespaces = str_eq(node_get_str(x->resource->node, KEY_KIND), S("Namespace"))
                      && str_eq(node_get_str(y->resource->node, KEY_KIND), S("Namespace"));
    return namespaces && (x->plain_namespace || y->plain_namespace) ? -order : order;
}

static void sort_legacy(struct context *cx, struct resources *all, const struct node *lists)
{
    struct mark before = arena_mark(cx->scratch);
    struct ranked *ranked = NEW_ARRAY(cx->scratch, struct ranked, all->len);
    for (uint32_t i = 0; i < all->len; i++)
        ranked[i] = rank(cx, all->at[i], lists);
    qsort(ranked, all->len, sizeof *ranked, compare);
    for (uint32_t i = 0; i < all->len; i++)
        all->at[i] = ranked[i].resource;
    arena_rewind(cx->scratch, before);
    resources_renamed(all);
}

bool sort_resources(struct context *cx, struct overlay *root)
{
    const struct node *options = node_get(root->file, KEY(SORT_OPTIONS));
    struct resources *all = &root->sum->resources;
    if (root->build->options->keep_order)
        return true;
    if (!node_is(options, NODE_MAP)) {
        if (root->build->options->reorder != REORDER_NONE)
            sort_legacy(cx, all, NULL);
        return true;
    }
    str order = node_get_str(options, KEY(ORDER));
    const struct node *lists = node_get(options, KEY(LEGACY_SORT_OPTIONS));
    bool legacy = str_eq(order, S("legacy"));
    if (!legacy && !str_eq(order, S("fifo")))
        return report(cx, options->pos,
                      "the field 'sortOptions.order' must be one of [fifo, legacy]");
    if (!legacy && node_is(lists, NODE_MAP))
        return report(
            cx, lists->pos,
            "legacySortOptions is set but the selected sort order is 'fifo', not 'legacy'");
    if (legacy)
        sort_legacy(cx, all, node_is(lists, NODE_MAP) ? lists : NULL);
    return true;
}
