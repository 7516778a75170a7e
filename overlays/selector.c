/* Matching resources against the five patterns and the two label expressions. */
#include "overlays/selector.h"

static bool is_plain_name(const struct pattern *p)
{
    return p->literal.len && !p->expression;
}

static bool labels_read(struct context *cx, const struct node *map, const struct key *key,
                        struct label_selector **out)
{
    const struct node *n = node_get(map, key);
    if (!n || !node_is_scalar(n) || n->text.len == 0)
        return true;
    *out = label_selector_read(cx, n->text, n->pos);
    return *out != NULL;
}

bool selector_read(struct context *cx, const struct node *n, struct selector *out)
{
    *out = (struct selector){ 0 };
    return pattern_read(cx, n, KEY(GROUP), &out->group)
           && pattern_read(cx, n, KEY(VERSION), &out->version)
           && pattern_read(cx, n, KEY_KIND, &out->kind) && pattern_read(cx, n, KEY_NAME, &out->name)
           && pattern_read(cx, n, KEY_NAMESPACE, &out->namespace_)
           && labels_read(cx, n, KEY(LABEL_SELECTOR), &out->labels)
           && labels_read(cx, n, KEY(ANNOTATION_SELECTOR), &out->annotations);
}

static bool matches(struct context *cx, struct selector *s, const struct resource *r,
                    struct identity id, struct identity first, str namespace_)
{
    if (!limit_count(cx, LIMIT_STEPS, 1, r->node->pos))
        return false;
    /* The name first: it says most. */
    if (!pattern_matches(cx, &s->name, first.name)
        && (first.name.at == id.name.at || !pattern_matches(cx, &s->name, id.name)))
        return false;
    if (!pattern_matches(cx, &s->kind, id.gvk.kind) || !pattern_matches(cx, &s->group, id.gvk.group)
        || !pattern_matches(cx, &s->version, id.gvk.version))
        return false;
    if (!pattern_matches(cx, &s->namespace_, first.namespace_)
        && !pattern_matches(cx, &s->namespace_, namespace_))
        return false;
    const struct node *metadata = node_get(r->node, KEY_METADATA);
    return (!s->labels || label_selector_matches(s->labels, node_get(metadata, KEY_LABELS)))
           && (!s->annotations
               || label_selector_matches(s->annotations, node_get(metadata, KEY_ANNOTATIONS)));
}

bool selector_matches(struct context *cx, struct selector *s, struct resource *r)
{
    return matches(cx, s, r, resource_id(r), resource_original(r), resource_namespace(r));
}

/* What it is called, read again when it may have changed. */
static const struct called *called(struct context *cx, const struct resources *set,
                                   struct resource *r)
{
    if (!r->called)
        r->called = NEW(cx->arena, struct called);
    struct called *c = r->called;
    if (c->round != set->round)
        *c = (struct called){ resource_id(r), resource_original(r), resource_namespace(r),
                              set->round };
    return c;
}

struct candidates {
    struct context *cx;
    struct selector *selector;
    struct selected *out;
};

static void select_one(struct context *cx, struct selected *out, struct resource *r)
{
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = r;
}

static void select_named(void *who, struct resource *r)
{
    struct candidates *c = who;
    struct selected *out = c->out;
    for (uint32_t i = 0; i < out->len; i++) {
        if (out->at[i] == r)
            return;
    }
    if (!selector_matches(c->cx, c->selector, r))
        return;
    select_one(c->cx, out, r);
    uint32_t i = out->len - 1;
    for (; i > 0 && out->at[i - 1]->serial > r->serial; i--)
        out->at[i] = out->at[i - 1];
    out->at[i] = r;
}

bool selector_select(struct context *cx, struct selector *s, struct resources *set,
                     struct selected *out)
{
    *out = (struct selected){ 0 };
    if (is_plain_name(&s->kind) && is_plain_name(&s->name)) {
        struct candidates c = { cx, s, out };
        resources_named(cx, set, s->kind.literal, s->name.literal, select_named, &c);
        return !diag_failed(cx);
    }
    for (uint32_t i = 0; i < set->len; i++) {
        const struct called *c = called(cx, set, set->at[i]);
        if (matches(cx, s, set->at[i], c->now, c->first, c->namespace_))
            select_one(cx, out, set->at[i]);
    }
    return !diag_failed(cx);
}
